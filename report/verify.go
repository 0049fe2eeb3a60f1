package report

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"lookback/store"
)

// maxRecord bounds a record: honest ones are a few kilobytes.
const maxRecord = 8 << 20

// ErrNotARecord comes where a file is not a record at all; the error around it
// says why.
var ErrNotARecord = errors.New("this is not a record that lookback made")

// Verified is a record that was read back.
type Verified struct {
	Record
	Is string // the hash that the record has now
}

// Intact says whether the record is as it was when its hash was made.
func (v *Verified) Intact() bool { return v.Is == v.SHA256 }

// ReadRecord reads a record back. The error wraps [ErrNotARecord] where it is
// none, and never holds what stands in the file.
func ReadRecord(r io.Reader) (*Verified, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxRecord+1))
	if err != nil {
		return nil, fmt.Errorf("reading the record: %w", err)
	}
	if len(b) > maxRecord {
		return nil, fmt.Errorf("%w: it is larger than any record", ErrNotARecord)
	}
	var v Verified
	var form struct {
		Form string `json:"record"`
	}
	if err := jsonv2.Unmarshal(b, &form); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNotARecord, unsound(err))
	}
	switch {
	case form.Form == "":
		return nil, fmt.Errorf("%w: it does not say that it is one", ErrNotARecord)
	case form.Form != recordForm:
		return nil, fmt.Errorf("%w of a form that this version knows: it knows %s", ErrNotARecord, recordForm)
	}
	if err := jsonv2.Unmarshal(b, &v.Record, jsonv2.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNotARecord, unsound(err))
	}
	is, _, err := hashRecord(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNotARecord, unsound(err))
	}
	v.Is = is
	return &v, nil
}

// unsound says where a file is no record, without its words.
func unsound(err error) string {
	var se *jsonv2.SemanticError
	if errors.As(err, &se) {
		return fmt.Sprintf("what stands at byte %s does not belong there", number(int(se.ByteOffset)))
	}
	if strings.Contains(err.Error(), "duplicate") {
		return "a member stands in it twice"
	}
	return "it is not sound JSON, or the end is missing"
}

// WriteRecord writes a record for a person to read.
func WriteRecord(w io.Writer, v *Verified, opts Options) error {
	p := newPrinter(w, terminalWidth(opts.Width), opts.Color)
	p.verifiedHead(v)
	p.verifiedCoverage(v)
	p.verifiedCounts(v)
	p.verifiedDone(v)
	p.heading("What this record does not say")
	for _, l := range v.Limits {
		p.bullet(0, SafeLine(l))
	}
	return p.w.Flush()
}

func (p *printer) verifiedHead(v *Verified) {
	if v.Intact() {
		p.para(0, p.paint(ansiBold, "Intact.")+" The statement below is as it was when its SHA-256 was made.")
	} else {
		p.para(0, p.paint(ansiRed, "Changed.")+" The statement below is not the one whose SHA-256 it states: do not rely on it.")
	}
	for _, l := range HashLimits {
		p.para(0, l)
	}
	p.heading("Record of a social media audit")
	fact := func(name, value string) {
		if value != "" {
			p.para(2, name+": "+SafeLine(value))
		}
	}
	fact("Made", when(v.Made))
	fact("Made with", v.MadeWith)
	body := v.Regulator.Short
	if v.Regulator.Name != "" {
		body += ", " + v.Regulator.Name
	}
	fact("Standards of", body)
	fact("Rules", v.Rules.Name)
	fact("Rules' SHA-256", v.Rules.SHA256)
	fact("Last scanned", when(v.Rules.LastScan))
	fact("Last audit", when(v.LastAudit))
	fact("SHA-256 stated", v.SHA256)
	if !v.Intact() {
		fact("SHA-256 now", v.Is)
	}
}

// HashLimits says what the hash of a record can show, and what it cannot.
var HashLimits = []string{
	"A SHA-256 shows a later change. It does not show who made a record, when, or that it is true: whoever changes a record can make a new hash.",
	"It is worth most where the 64 characters were also noted elsewhere when the record was made, for example in an e-mail to a tutor. Compare them.",
}

// when writes a time of a record as a person does.
func when(s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC().Format("2 January 2006, 15:04") + " UTC"
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return day(t)
	}
	return SafeLine(s)
}

func (p *printer) verifiedCoverage(v *Verified) {
	p.heading("What was looked at")
	for _, a := range v.Accounts {
		line := platformName(a.Platform) + ", " + SafeLine(a.Account) + ": " + plural(a.Texts, "text", "texts")
		if a.First != "" {
			line += ", " + when(a.First) + " to " + when(a.Last)
		}
		if len(a.YearsWithout) > 0 {
			line += "; none in " + years(a.YearsWithout)
		}
		p.para(2, line)
	}
	p.para(2, plural(v.Coverage.Texts, "text was", "texts were")+" read, "+number(v.Coverage.Scanned)+" of them scanned with these rules. "+
		plural(v.Coverage.Unread, "record", "records")+" could not be read.")
	for _, a := range v.Archives {
		line := "Archive of " + platformName(a.Platform)
		if a.Account != "" {
			line += ", " + SafeLine(a.Account)
		}
		if a.Made != "" {
			line += ", made " + when(a.Made)
		}
		line += ", read " + when(a.Read) + ": " + plural(a.Texts, "text", "texts")
		for _, fact := range []struct {
			yes  bool
			text string
		}{
			{a.Partial, "only part of the account"}, {a.Incomplete, "part of it could not be read"},
			{a.Unread > 0, plural(a.Unread, "record", "records") + " not read"}, {!a.Messages, "without private messages"},
			{len(a.Notes) > 0, "notes: " + list(safeAll(a.Notes))},
		} {
			if fact.yes {
				line += "; " + fact.text
			}
		}
		p.bullet(0, line)
		p.para(4, "SHA-256 "+SafeLine(a.SHA256))
	}
}

func (p *printer) verifiedCounts(v *Verified) {
	p.heading("What was found")
	both := func(c RecordCount) string { return number(c.Remove) + " to remove, " + number(c.Review) + " to review" }
	p.para(2, "Flagged posts in all that was read: "+both(v.Found.All.Before)+".")
	p.para(2, "In the newest archives now: "+both(v.Found.All.Now)+".")
	p.para(2, "Of those, not kept, cleared or done: "+both(v.Found.All.Open)+".")
	if len(v.Found.Standard) > 0 {
		p.para(2, "By standard, a post counting once in each that it touches:")
	}
	for _, s := range v.Found.Standard {
		p.bullet(0, strings.TrimSpace(SafeLine(s.Standard)+" "+SafeLine(s.Title))+": before "+number(s.Before.Remove+s.Before.Review)+
			", now "+number(s.Now.Remove+s.Now.Review)+", open "+number(s.Open.Remove+s.Open.Review))
	}
	p.para(2, plural(v.Found.Findings, "finding", "findings")+"; SHA-256 of the list: "+SafeLine(v.Found.List))
}

func (p *printer) verifiedDone(v *Verified) {
	p.heading("What was decided and done")
	var parts []string
	for _, c := range slices.Sorted(maps.Keys(v.Decisions)) {
		if n := v.Decisions[c]; n > 0 {
			parts = append(parts, number(n)+" "+choiceName(store.Choice(c)))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing yet"}
	}
	p.para(2, "Decided about findings: "+list(parts)+".")
	r := v.Removal
	if r.Posts > 0 {
		p.para(2, plural(r.Posts, "post was", "posts were")+" to be removed: "+number(r.Gone)+" verified gone, "+number(r.There)+" still there, "+
			number(r.Unknown)+" of which nothing can be told.")
	}
	if r.ThereDone > 0 {
		p.para(2, number(r.ThereDone)+" of those still there had been marked as done.")
	}
	for _, d := range slices.Sorted(maps.Keys(r.Why)) {
		p.bullet(0, number(r.Why[d])+": "+doubtName(store.Doubt(d)))
	}
	for _, n := range v.Newer {
		p.para(2, "The newest archive of "+SafeLine(n.Account)+" on "+platformName(n.Platform)+" brought "+plural(n.Texts, "text", "texts")+": "+
			number(n.Flagged.Remove)+" to remove, "+number(n.Flagged.Review)+" to review.")
	}
	if o := v.Other; o.Silenced+o.Unmatched+o.JudgeOnly > 0 {
		p.para(2, "Not counted above: "+plural(o.Silenced, "finding", "findings")+" silenced by an allow list, "+
			plural(o.Unmatched, "decision", "decisions")+" without a finding, "+plural(o.JudgeOnly, "post", "posts")+" that only a judge flags.")
	}
}
