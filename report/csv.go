package report

import (
	"bufio"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lookback/store"
)

// CSVColumns are the columns of the csv format, in order. There is one record
// for each finding; the columns of its post repeat. A post that only a judge
// flags has one record with the action none, and nothing in the other columns
// of a finding.
//
//	finding_id  letters and digits by which `lookback decide` names the finding
//	action      remove or review: what this finding recommends
//	confidence  0.00 to 1.00
//	standards   numbers, separated by "; "
//	theme       for example privacy.case
//	rule        for example privacy.case.just-now-age
//	date        RFC 3339 in UTC; only the day, or no zone, where the archive knows no more; empty for none
//	platform    for example x
//	account     handle without @, else the name or number
//	kind        post, reply, repost, quote, like, comment, dm, bio or alt
//	audience    public, unlisted, followers, friends, group, circle, direct, only-me; empty for unknown
//	author      who wrote it, where that is somebody else
//	words       the flagged words, separated by " | "
//	text        the whole text
//	answers     the text it replies to, where the archive has it
//	why         why it was flagged
//	advice      what to do
//	link        the post's address; empty unless http or https
//	post_key    the post's key within the account
//	gone        yes when a newer archive no longer has the post
//	decision    remove, keep, not-an-issue or done; empty until somebody decided.
//	            `lookback decide --from` reads this column and the next two back.
//	reason      why the post is kept
//	note        whatever else the person noted
//	judge_...   a judge's second opinion on the post, the same for all its
//	            findings: its model, action (remove, review or none), theme,
//	            confidence, quoted words and reason
//	answers_author  whose words it replies to: "your own post", a handle or "somebody else"
//	target      whom or what the post is directed against: @handle, a name or a group
//	series      how many posts there are in the series against the same target
//	earlier_version  the earlier text of an edited post, where the finding is about that
//
// Records end in CRLF and cells are quoted as RFC 4180 says. Control
// characters other than tab and line breaks, and characters that force a text
// direction, are U+FFFD (JSON Lines has them as they were). A cell that a
// spreadsheet could take for a formula is guarded: see [Guard].
var CSVColumns = []string{
	"finding_id", "action", "confidence", "standards", "theme", "rule", "date", "platform", "account", "kind", "audience",
	"author", "words", "text", "answers", "why", "advice", "link", "post_key", "gone", "decision", "reason", "note",
	"judge_model", "judge_action", "judge_theme", "judge_confidence", "judge_words", "judge_why",
	"answers_author", "target", "series", "earlier_version",
}

type csvWriter struct{ bom bool }

// Write implements [Writer].
func (c csvWriter) Write(w io.Writer, _ store.Summary, rows iter.Seq2[store.Row, error]) error {
	out := beginCSV(w, c.bom, CSVColumns)
	var rec csvRecord
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		for i := range row.Findings {
			if _, err := out.Write(rec.encode(&row, &row.Findings[i])); err != nil {
				return err
			}
		}
		if len(row.Findings) == 0 && row.Opinion != nil {
			if _, err := out.Write(rec.encode(&row, &store.Finding{Action: store.ActionNone})); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// beginCSV writes the header, whose error is told by the next write or flush.
func beginCSV(w io.Writer, bom bool, columns []string) *bufio.Writer {
	out := bufio.NewWriterSize(w, bufferSize)
	if bom {
		_, _ = out.WriteString("\uFEFF")
	}
	_, _ = out.WriteString(strings.Join(columns, ",") + "\r\n")
	return out
}

// csvRecord builds one record in a buffer that it keeps.
type csvRecord struct{ buf []byte }

func (r *csvRecord) encode(row *store.Row, f *store.Finding) []byte {
	p := &row.Post
	r.buf = r.buf[:0]
	if f.Rule == "" && f.Action == store.ActionNone { // only a judge flags the post
		r.cell(string(f.Action))
		r.cell("")
	} else {
		r.buf = append(r.buf, findingName(f)...)
		r.cell(string(f.Action))
		r.confidence(f.Confidence)
	}
	r.cell(strings.Join(f.Standards, "; "))
	r.cell(f.Theme)
	r.cell(f.Rule)
	r.cell(isoTime(p))
	r.cell(row.Account.Platform)
	r.cell(accountCell(&row.Account))
	r.cell(string(p.Kind))
	r.cell(string(p.Audience))
	r.cell(p.Author)
	r.cell(strings.Join(wordsOf(p.Text, f), " | "))
	r.cell(p.Text)
	r.cell(row.Answers)
	r.cell(f.Why)
	r.cell(f.Advice)
	r.cell(safeLink(p.URL))
	r.cell(p.Key)
	if p.GoneArchive != 0 {
		r.cell("yes")
	} else {
		r.cell("")
	}
	r.decision(f.Decision)
	r.opinion(p.Text, row.Opinion)
	r.around(row, f)
	r.buf = append(r.buf, '\r', '\n')
	return r.buf
}

// around fills the last columns: what other posts and earlier texts say.
func (r *csvRecord) around(row *store.Row, f *store.Finding) {
	author := ""
	if row.Answers != "" {
		author = whose(row)
	}
	series, earlier := "", ""
	if row.Series > 0 {
		series = strconv.Itoa(row.Series)
	}
	if f.Earlier != nil {
		earlier = f.Earlier.Text
	}
	for _, s := range []string{author, row.Target, series, earlier} {
		r.cell(s)
	}
}

func (r *csvRecord) confidence(c float64) {
	r.buf = strconv.AppendFloat(append(r.buf, ','), c, 'f', 2, 64)
}

// decision fills the columns that `lookback decide --from` reads back.
func (r *csvRecord) decision(d *store.Decision) {
	if d == nil {
		r.buf = append(r.buf, ",,,"...)
		return
	}
	r.cell(string(d.Choice))
	r.cell(d.Reason)
	r.cell(d.Note)
}

func accountCell(a *store.Account) string {
	switch {
	case a.Handle != "":
		return a.Handle
	case a.Name != "":
		return a.Name
	}
	return a.NativeID
}

// cell appends a comma and s, guarded and quoted as needed.
func (r *csvRecord) cell(s string) {
	r.buf = append(r.buf, ',')
	if s == "" {
		return
	}
	plain, quotes := looks(s)
	if !plain {
		s = csvText(s)
	}
	s = Guard(s)
	if !quotes {
		r.buf = append(r.buf, s...)
		return
	}
	r.buf = append(r.buf, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		r.buf = append(append(r.buf, s[:i]...), '"', '"')
		s = s[i+1:]
	}
	r.buf = append(append(r.buf, s...), '"')
}

// cellBytes says of each byte whether it makes a cell need quotes, or a closer
// look because it is a control character or not ASCII.
var cellBytes = func() (t [256]struct{ quote, look bool }) {
	for c := range t {
		t[c].look = c < ' ' && c != '\n' && c != '\t' && c != '\r' || c >= 0x7F
	}
	for _, c := range []byte(",\"\r\n\t") {
		t[c].quote = true
	}
	return t
}()

// looks goes over a cell once: plain when it is ASCII without controls, quotes
// when RFC 4180 or a reader that trims blanks needs them.
func looks(s string) (plain, quotes bool) {
	plain, quotes = true, s[0] == ' ' || s[len(s)-1] == ' '
	for i := range len(s) {
		c := &cellBytes[s[i]]
		if c.look {
			plain = false
		}
		if c.quote {
			quotes = true
		}
	}
	return plain, quotes
}

// csvText replaces what a spreadsheet cannot hold or show safely.
func csvText(s string) string {
	if !strings.ContainsFunc(s, badInCSV) && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if badInCSV(r) {
			return shown
		}
		return r
	}, strings.ToValidUTF8(s, string(shown)))
}

func badInCSV(r rune) bool {
	return r != '\n' && r != '\t' && r != '\r' && safeRune(r) == shown && r != shown
}

// formula are the characters at the start of a cell that make a spreadsheet
// compute it, with their full-width forms, and those that it may skip to find
// one of them.
var formula = []rune{'=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'}

// Guard puts an apostrophe in front of a cell that a spreadsheet could take
// for a formula: one whose first character, after any apostrophes and blanks,
// is = + - @ or their full-width forms, a tab or a line break. Cells that only
// look guarded get one too, so that [Unguard] always restores what was.
func Guard(cell string) string {
	if risky(cell) {
		return "'" + cell
	}
	return cell
}

// Unguard undoes [Guard].
func Unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && risky(rest) {
		return rest
	}
	return cell
}

func risky(cell string) bool {
	for _, r := range cell {
		switch r {
		case '\'', ' ', '\u00A0', '\u3000', '\uFEFF', '\u200B':
			continue
		}
		return slices.Contains(formula, r)
	}
	return false
}
