package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"lookback/store"
)

// FormatRecord is the statement to keep or to show: see [Record].
const FormatRecord = "record"

// recordForm names the form of a record, with its version.
const recordForm = "lookback-record/1"

// Record is a statement of what was looked at, found, decided and verified. It
// holds no text of a post, no address of one, no reason or note, nobody else's
// name or handle, and no name of a file: a chat's file is called after whom it
// is with.
//
// A record is canonical JSON as RFC 8785 has it: members sorted by name, no
// blank between them, numbers and strings in one form only. SHA256 is the hash,
// in hex, of the record's own canonical JSON without the member sha256. Blanks
// that somebody adds change nothing; anything else does.
type Record struct {
	Form      string          `json:"record"`
	Made      string          `json:"made"` // RFC 3339, UTC
	MadeWith  string          `json:"made_with"`
	Regulator RecordRegulator `json:"regulator"`
	Rules     RecordRules     `json:"rules"`
	Accounts  []RecordAccount `json:"accounts"`
	Archives  []RecordArchive `json:"archives"`
	Coverage  RecordCoverage  `json:"coverage"`
	Found     RecordFound     `json:"found"`
	Decisions map[string]int  `json:"decisions"` // findings by what was decided
	Removal   RecordRemoval   `json:"removal"`
	Newer     []RecordNewer   `json:"newer_archives"`
	Limits    []string        `json:"limits"`
	Other     RecordOther     `json:"other"`
	LastAudit string          `json:"last_audit,omitempty"`
	SHA256    string          `json:"sha256"`
}

// RecordRegulator is the body whose standards the counts are under.
type RecordRegulator struct {
	Short string `json:"short"`
	Name  string `json:"name,omitempty"`
}

// RecordRules names the rules in force.
type RecordRules struct {
	Name     string `json:"name"`
	SHA256   string `json:"sha256"`
	LastScan string `json:"last_scan,omitempty"`
}

// RecordAccount is one of the person's accounts and what was read of it.
type RecordAccount struct {
	Platform     string `json:"platform"`
	Account      string `json:"account"`
	Texts        int    `json:"texts"`
	First        string `json:"first,omitempty"` // day
	Last         string `json:"last,omitempty"`
	YearsWithout []int  `json:"years_without_texts"`
}

// RecordArchive is one export that was read.
type RecordArchive struct {
	Platform   string   `json:"platform"`
	Account    string   `json:"account,omitempty"`
	SHA256     string   `json:"sha256"`
	Made       string   `json:"made,omitempty"` // by the platform
	Read       string   `json:"read"`
	Texts      int      `json:"texts"`
	Unread     int      `json:"records_not_read"`
	Messages   bool     `json:"private_messages"`
	Partial    bool     `json:"partial"`
	Incomplete bool     `json:"incomplete"`
	Notes      []string `json:"notes"` // codes
}

// RecordCoverage says how much was looked at, and what was not.
type RecordCoverage struct {
	Texts   int            `json:"texts"`
	Scanned int            `json:"scanned"`
	Unread  int            `json:"records_not_read"`
	First   string         `json:"first,omitempty"`
	Last    string         `json:"last,omitempty"`
	ByKind  map[string]int `json:"by_kind"`
}

// RecordCount counts posts by what the rules recommend.
type RecordCount struct {
	Remove int `json:"remove"`
	Review int `json:"review"`
}

// RecordProgress counts flagged posts: all that were ever in an archive, those
// that the newest archives still have, and of these the ones that are not
// kept, cleared or done.
type RecordProgress struct {
	Standard string      `json:"standard,omitempty"`
	Title    string      `json:"title,omitempty"`
	Before   RecordCount `json:"before"`
	Now      RecordCount `json:"now"`
	Open     RecordCount `json:"open"`
}

// RecordFound is what was found. List is the SHA-256 of the findings' ids,
// sorted, each followed by a line feed: it ties the record to one list.
type RecordFound struct {
	All      RecordProgress   `json:"all"`
	Standard []RecordProgress `json:"by_standard"`
	Findings int              `json:"findings"`
	List     string           `json:"findings_sha256"`
}

// RecordRemoval counts the posts that were to be removed.
type RecordRemoval struct {
	Posts     int            `json:"posts"`
	Gone      int            `json:"gone_verified"`
	There     int            `json:"still_there"`
	ThereDone int            `json:"still_there_marked_done"` // of those
	Unknown   int            `json:"cannot_be_told"`
	Why       map[string]int `json:"cannot_be_told_why"`
}

// RecordNewer is what a newer archive of an account brought.
type RecordNewer struct {
	Platform string      `json:"platform"`
	Account  string      `json:"account"`
	Texts    int         `json:"new_texts"`
	Flagged  RecordCount `json:"flagged"`
}

// RecordOther counts what the tables leave out.
type RecordOther struct {
	Silenced  int `json:"findings_silenced_by_allow_list"`
	Unmatched int `json:"decisions_without_finding"`
	JudgeOnly int `json:"flagged_by_a_judge_only"`
}

// recordLimits is what every record says of itself.
var recordLimits = []string{
	"It covers the archives listed here and nothing else: not other accounts, not what others kept or quoted.",
	"Rules find words and patterns. Pictures, videos and sound were not looked at, and a person may judge a post differently.",
	"A flag is a reason to look, not a verdict that a standard was broken.",
	"It was made on the person's own computer from files that the person chose. Nobody else has checked it.",
	"The SHA-256 shows whether this statement was changed since it was hashed. It does not show who made it, nor when, nor that it is true.",
}

type recordWriter struct{}

// Write implements [Writer]. The rows should be all flagged posts, also those
// that are gone and those that were decided about.
func (recordWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	r := newRecord(&sum)
	if err := r.findings(rows); err != nil {
		return err
	}
	b, err := r.seal()
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

func newRecord(sum *store.Summary) *Record {
	r := &Record{
		Form: recordForm, Made: stamp(sum.Generated), MadeWith: strings.TrimSpace("lookback " + SafeLine(sum.Version)),
		Regulator: RecordRegulator{SafeLine(sum.Regulator), SafeLine(sum.Body)},
		Rules:     RecordRules{SafeLine(sum.RulesetName), SafeLine(sum.Ruleset), stamp(sum.LastScan)},
		Accounts:  []RecordAccount{}, Archives: []RecordArchive{}, Newer: []RecordNewer{},
		Coverage: RecordCoverage{Texts: sum.Posts, Scanned: sum.Scanned, Unread: sum.Skipped, First: dayOnly(sum.First), Last: dayOnly(sum.Last),
			ByKind: map[string]int{}},
		Decisions: map[string]int{}, Limits: recordLimits, LastAudit: stamp(sum.LastAudit),
		Other: RecordOther{sum.Silenced, sum.Unmatched, sum.Opinions.Only},
	}
	for _, c := range sum.ByKind {
		r.Coverage.ByKind[SafeLine(c.Label)] = c.Posts
	}
	for _, c := range store.Choices {
		r.Decisions[string(c)] = sum.Decided[c]
	}
	names := map[int64]RecordAccount{}
	for _, a := range sum.Accounts {
		ra := RecordAccount{Platform: SafeLine(a.Platform), Account: handle(a.Account), Texts: a.Posts, First: dayOnly(a.First), Last: dayOnly(a.Last),
			YearsWithout: append([]int{}, a.Gaps...)}
		r.Accounts, names[a.ID] = append(r.Accounts, ra), ra
	}
	for _, a := range sum.Archives {
		r.Archives = append(r.Archives, recordArchive(&a, names[a.AccountID].Account))
	}
	r.proof(sum, names)
	return r
}

func recordArchive(a *store.Archive, account string) RecordArchive {
	ra := RecordArchive{
		Platform: SafeLine(a.Platform), Account: account, SHA256: SafeLine(a.Digest), Made: stamp(a.Generated), Read: stamp(a.Imported),
		Texts: a.Posts, Unread: a.Skipped, Messages: a.Messages, Partial: a.Partial, Incomplete: a.Incomplete || a.Unfinished, Notes: []string{},
	}
	for _, n := range a.Notes {
		if code := SafeLine(n.Code); code != "" && !slices.Contains(ra.Notes, code) {
			ra.Notes = append(ra.Notes, code)
		}
	}
	return ra
}

// proof fills in what was found before and now, and what was removed.
func (r *Record) proof(sum *store.Summary, names map[int64]RecordAccount) {
	r.Found.Standard, r.Removal.Why = []RecordProgress{}, map[string]int{}
	p := sum.Proof
	if p == nil {
		return
	}
	r.Found.All = recordProgress(sum, p.All)
	r.Found.All.Standard = ""
	for _, one := range p.Standard {
		r.Found.Standard = append(r.Found.Standard, recordProgress(sum, one))
	}
	r.Removal.Posts = len(p.Removals)
	r.Removal.Gone, r.Removal.There, r.Removal.Unknown = p.Count(store.FateGone), p.Count(store.FateThere), p.Count(store.FateUnknown)
	r.Removal.ThereDone = p.Count(store.FateThere, store.ChoiceDone)
	for d, n := range p.Doubtful() {
		r.Removal.Why[string(d)] = n
	}
	for _, n := range p.Newer {
		a := names[n.AccountID]
		r.Newer = append(r.Newer, RecordNewer{a.Platform, a.Account, n.Posts, RecordCount{n.Flagged.Remove, n.Flagged.Review}})
	}
}

func recordProgress(sum *store.Summary, p store.Progress) RecordProgress {
	count := func(t store.Tally) RecordCount { return RecordCount{t.Remove, t.Review} }
	return RecordProgress{SafeLine(p.Label), standardTitle(sum, p.Label), count(p.Before), count(p.Now), count(p.Open)}
}

// findings ties the record to the list of what was found.
func (r *Record) findings(rows iter.Seq2[store.Row, error]) error {
	var ids []string
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		for i := range row.Findings {
			if row.Findings[i].Action != store.ActionNone {
				ids = append(ids, findingName(&row.Findings[i]))
			}
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	sum := sha256.New()
	for _, id := range ids {
		_, _ = io.WriteString(sum, id+"\n") // a hash takes everything
	}
	r.Found.Findings, r.Found.List = len(ids), hex.EncodeToString(sum.Sum(nil))
	return nil
}

// seal puts the hash into the record and returns it as canonical JSON.
func (r *Record) seal() ([]byte, error) {
	r.SHA256 = ""
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("writing the record: %w", err)
	}
	if r.SHA256, _, err = hashRecord(b); err != nil {
		return nil, fmt.Errorf("writing the record: %w", err)
	}
	if b, err = json.Marshal(r); err != nil {
		return nil, fmt.Errorf("writing the record: %w", err)
	}
	v := jsontext.Value(b)
	if err := v.Canonicalize(); err != nil {
		return nil, fmt.Errorf("writing the record: %w", err)
	}
	return v, nil
}

// hashRecord returns the hash that a record should state and the one that it
// states.
func hashRecord(b []byte) (is, stated string, err error) {
	var members map[string]jsontext.Value
	if err := jsonv2.Unmarshal(b, &members); err != nil {
		return "", "", err
	}
	if err := jsonv2.Unmarshal(members["sha256"], &stated); err != nil {
		return "", "", errors.New("it states no SHA-256 of its own")
	}
	delete(members, "sha256")
	rest, err := jsonv2.Marshal(members)
	if err != nil {
		return "", "", err
	}
	v := jsontext.Value(rest)
	if err := v.Canonicalize(); err != nil {
		return "", "", err
	}
	sum := sha256.Sum256(v)
	return hex.EncodeToString(sum[:]), stated, nil
}

// stamp is a time for a record, empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func dayOnly(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
