package report

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"lookback/store"
)

// pageRow is a row as the page shows it, its strings harmless. The HTML of
// the first posts and the data of all posts are both made from it.
type pageRow struct {
	action                                   store.Action
	iso, when                                string
	year                                     int
	platform, kind, account, audience, place string
	link, text, answers                      string
	notes                                    []string
	findings                                 []store.Finding
	opinion                                  *store.Opinion
}

func newPageRow(row *store.Row) pageRow {
	mapText(row, pageRune)
	p := &row.Post
	return pageRow{
		action: rowAction(row), iso: isoTime(p), when: moment(p), year: year(p),
		platform: platformName(row.Account.Platform), kind: kindName(p.Kind), account: handle(row.Account),
		audience: audienceName(p.Audience), place: SafeLine(p.Place), link: safeLink(p.URL),
		text: p.Text, answers: pageAnswers(row), notes: notes(row), findings: pageFindings(row.Findings),
		opinion: pageOpinion(row.Opinion),
	}
}

// pageFindings makes the words of rules harmless too: anybody may write a
// pack. They are copied only when something has to be replaced.
func pageFindings(fs []store.Finding) []store.Finding {
	line := func(s string) bool { return SafeLine(s) == s }
	copied := false
	for i, f := range fs {
		if same(f.Why, pageRune) && same(f.Advice, pageRune) && line(f.Theme) && !slices.ContainsFunc(f.Standards, func(s string) bool { return !line(s) }) {
			continue
		}
		if !copied {
			fs, copied = slices.Clone(fs), true
		}
		f.Why, f.Advice, f.Theme, f.Standards = pageText(f.Why), pageText(f.Advice), SafeLine(f.Theme), safeAll(f.Standards)
		fs[i] = f
	}
	return fs
}

// notes are facts about a post that a reader should know before judging it.
func notes(row *store.Row) []string {
	p := &row.Post
	var out []string
	if !p.Own && p.Author != "" {
		out = append(out, "Written by "+SafeLine(p.Author)+", not by you.")
	} else if !p.Own {
		out = append(out, "Written by somebody else.")
	}
	if p.Truncated {
		out = append(out, "The archive holds only the beginning of this text.")
	}
	if p.GoneArchive != 0 {
		out = append(out, "No longer in your newest archive.")
	}
	out = append(out, aroundNotes(row)...)
	if d := row.Decision; d != nil {
		out = append(out, "You decided: "+decisionText(d)+".")
	}
	return out
}

// pageRune keeps line feeds and tabs, and shows every other control character
// and the two overrides of text direction as U+FFFD. Embeddings and isolates
// stay: they end with the element that the text is in.
func pageRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\r':
		return ' '
	case r == 0x202D || r == 0x202E || unicode.IsControl(r):
		return shown
	}
	return r
}

// pageText applies [pageRune] to a text without spans.
func pageText(s string) string {
	row := store.Row{Post: store.Post{Text: s}}
	mapText(&row, pageRune)
	return row.Post.Text
}

// pageAnswers is what a post answers, with whose words they are.
func pageAnswers(row *store.Row) string {
	if row.Answers == "" {
		return ""
	}
	return whose(row) + ": " + pageText(row.Answers)
}

// mapText replaces characters of the row's text, and bytes that are not
// UTF-8, and moves the findings' spans along. The row's findings are copied
// when they change.
func mapText(row *store.Row, to func(rune) rune) {
	old := row.Post.Text
	if same(old, to) {
		return
	}
	moved := make([]int, len(old)+1)
	text := make([]byte, 0, len(old)+8)
	for i := 0; i < len(old); {
		r, n := utf8.DecodeRuneInString(old[i:])
		for j := i; j < i+n; j++ {
			moved[j] = len(text)
		}
		text = utf8.AppendRune(text, to(r))
		i += n
	}
	moved[len(old)] = len(text)
	row.Post.Text = string(text)
	move := func(list []store.Span) []store.Span {
		spans := make([]store.Span, 0, len(list))
		for _, s := range trusted(old, list) {
			spans = append(spans, store.Span{Start: moved[s.Start], End: moved[s.End]})
		}
		return spans
	}
	fs := make([]store.Finding, len(row.Findings))
	for i, f := range row.Findings {
		f.Spans = move(f.Spans)
		fs[i] = f
	}
	row.Findings = fs
	if row.Opinion != nil {
		o := *row.Opinion
		o.Spans = move(o.Spans)
		row.Opinion = &o
	}
}

func same(s string, to func(rune) rune) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7F {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || to(r) != r {
			return false
		}
		i += n
	}
	return true
}

func unchanged(r rune) rune { return r }

// encode returns the row as a JSON array, in a buffer that
// the next call reuses. The order is the one in which the script reads:
//
//	iso, when, year, platform, kind, account, audience, place, link, text, answers, [notes],
//	[[reason, confidence, [start, end, ...], id], ...], opinion
//
// where a reason is [action, [standards], theme, why, advice], offsets count
// UTF-16 units, and short strings that repeat are numbers into the tables.
// The opinion is that of chunks.opinion.
func (c *chunks) encode(r *pageRow) []byte {
	b := append(c.scratch[:0], '[')
	b = append(appendString(b, r.iso), ',')
	b = append(appendString(b, r.when), ',')
	b = append(strconv.AppendInt(b, int64(r.year), 10), ',')
	for _, s := range []string{r.platform, r.kind, r.account, r.audience, r.place} {
		b = append(c.short(b, s), ',')
	}
	b = append(appendString(b, r.link), ',')
	b = append(appendString(b, r.text), ',')
	b = append(appendString(b, r.answers), ',', '[')
	for i, s := range r.notes {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.short(b, s)
	}
	b = append(b, ']', ',', '[')
	for i := range r.findings {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.finding(b, r.text, &r.findings[i])
	}
	c.scratch = append(c.opinion(append(b, ']', ','), r), ']')
	return c.scratch
}

func (c *chunks) short(b []byte, s string) []byte {
	c.value = appendString(c.value[:0], s)
	return c.strings.ref(b, c.value)
}

func (c *chunks) finding(b []byte, text string, f *store.Finding) []byte {
	v := append(appendString(append(c.value[:0], '['), string(f.Action)), ',')
	v = append(appendStrings(v, f.Standards), ',')
	v = append(appendString(v, f.Theme), ',')
	v = append(appendString(v, f.Why), ',')
	c.value = append(appendString(v, f.Advice), ']')
	b = append(c.reasons.ref(append(b, '['), c.value), ',')
	b = append(c.short(b, confidenceName(f.Confidence)), ',', '[')
	b = appendUTF16(b, text, trusted(text, f.Spans))
	return append(appendString(append(b, ']', ','), SafeLine(findingName(f))), ']')
}

// appendUTF16 appends the spans' offsets as a browser counts them.
func appendUTF16(b []byte, text string, spans []store.Span) []byte {
	at, units := 0, 0
	to := func(end int) int {
		for _, r := range text[at:end] {
			if units++; r > 0xFFFF {
				units++
			}
		}
		at = end
		return units
	}
	for i, s := range spans {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendInt(b, int64(to(s.Start)), 10), ',')
		b = strconv.AppendInt(b, int64(to(s.End)), 10)
	}
	return b
}

// card is a post in the page's HTML.
type card struct {
	ID       string
	Action   store.Action
	Badge    string
	ISO      string
	When     string
	Facts    []string
	Answers  string
	Segments []segment
	Notes    []string
	Findings []cardFinding
	Opinion  *cardOpinion
	Link     string
	Platform string
}

type segment struct {
	Text string
	Mark bool
}

type cardFinding struct {
	Badge      string // the finding's own action; empty where it is the post's only one
	Theme      string
	Standards  []store.Standard
	Words      []string
	Why        string
	Advice     string
	Confidence string
	ID         string
}

func newCard(sum *store.Summary, r *pageRow, n int) card {
	c := card{
		ID: "post-" + strconv.Itoa(n), Action: r.action, Badge: actionName(r.action), Opinion: newCardOpinion(sum, r), ISO: r.iso, When: r.when,
		Facts: []string{r.platform + " " + r.kind, r.account}, Answers: r.answers, Notes: r.notes, Link: r.link,
		Segments: segments(r.text, union(r.text, r.findings)), Platform: r.platform,
	}
	for _, s := range []string{r.audience, r.place} {
		if s != "" {
			c.Facts = append(c.Facts, s)
		}
	}
	for _, f := range r.findings {
		cf := cardFinding{
			Theme: themeTitle(sum, f.Theme), Words: flagged(r.text, f.Spans),
			Why: f.Why, Advice: f.Advice, Confidence: confidenceName(f.Confidence), ID: SafeLine(findingName(&f)),
		}
		if len(r.findings) > 1 {
			cf.Badge = actionName(f.Action)
		}
		for _, num := range f.Standards {
			cf.Standards = append(cf.Standards, standard(sum, num))
		}
		c.Findings = append(c.Findings, cf)
	}
	return c
}

func standard(sum *store.Summary, num string) store.Standard {
	for _, s := range sum.Standards {
		if s.Number == num {
			return store.Standard{Number: num, Title: SafeLine(s.Title), Text: SafeLine(s.Text)}
		}
	}
	return store.Standard{Number: num}
}

// segments cuts text at the spans.
func segments(text string, spans []store.Span) []segment {
	var out []segment
	at := 0
	for _, s := range spans {
		if s.Start > at {
			out = append(out, segment{Text: text[at:s.Start]})
		}
		out = append(out, segment{Text: text[s.Start:s.End], Mark: true})
		at = s.End
	}
	if at < len(text) {
		out = append(out, segment{Text: text[at:]})
	}
	return out
}
