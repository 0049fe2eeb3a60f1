package report

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"lookback/store"
)

const (
	minWidth  = 20
	stdWidth  = 80
	stdTop    = 10
	textLines = 3 // of a post's own words in the summary
	maxSkips  = 8 // unreadable records named in the summary; all are counted
)

// ANSI sequences; only written when asked for.
const (
	ansiBold   = "\x1b[1m"
	ansiDim    = "\x1b[2m"
	ansiRed    = "\x1b[31m"
	ansiYellow = "\x1b[33m"
	ansiReset  = "\x1b[0m"
)

// textWriter writes the summary that people read at a terminal.
type textWriter struct {
	width, top int
	color      bool
	saved      []string
}

func newText(o Options) textWriter {
	t := textWriter{width: terminalWidth(o.Width), top: o.Top, color: o.Color, saved: o.Saved}
	if t.top == 0 {
		t.top = stdTop
	}
	return t
}

func terminalWidth(w int) int {
	if w == 0 {
		return stdWidth
	}
	return max(w, minWidth)
}

// Write implements [Writer]. It reads no more rows than it shows.
func (t textWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	p := newPrinter(w, t.width, t.color)
	p.opening(&sum)
	p.changes(&sum)
	p.read(&sum)
	p.found(&sum)
	p.together(&sum)
	if sum.Flagged.Remove+sum.Flagged.Review+sum.Opinions.Only > 0 && t.top > 0 {
		if err := p.serious(&sum, rows, t.top); err != nil {
			return err
		}
	}
	p.heading("Before you act")
	for _, a := range advice {
		p.bullet(0, a)
	}
	if len(t.saved) > 0 {
		p.heading("Reports")
		for _, s := range t.saved {
			p.line("  " + SafeLine(s))
		}
	}
	return p.w.Flush()
}

// printer lays out lines of a given width. Its errors are kept by the
// buffered writer until the flush.
type printer struct {
	w     *bufio.Writer
	width int
	color bool
}

func newPrinter(w io.Writer, width int, color bool) *printer {
	return &printer{w: bufio.NewWriterSize(w, bufferSize), width: width, color: color}
}

func (p *printer) line(s string) {
	_, _ = p.w.WriteString(s)
	_ = p.w.WriteByte('\n')
}

func (p *printer) paint(code, s string) string {
	if !p.color || s == "" {
		return s
	}
	return code + s + ansiReset
}

func (p *printer) heading(s string) {
	p.line("")
	p.line(p.paint(ansiBold, s))
}

// para writes s wrapped, each line indented.
func (p *printer) para(indent int, s string) {
	for _, l := range wrap(s, p.width-indent) {
		p.line(strings.Repeat(" ", indent) + l)
	}
}

// bullet writes s wrapped behind a dash.
func (p *printer) bullet(indent int, s string) {
	pad := strings.Repeat(" ", indent)
	for i, l := range wrap(s, p.width-indent-4) {
		if i == 0 {
			p.line(pad + "  - " + l)
		} else {
			p.line(pad + "    " + l)
		}
	}
}

func (p *printer) action(a store.Action, s string) string {
	switch a {
	case store.ActionRemove:
		return p.paint(ansiRed, s)
	case store.ActionReview:
		return p.paint(ansiYellow, s)
	}
	return s
}

func (p *printer) opening(sum *store.Summary) {
	head := "lookback"
	if sum.Version != "" {
		head += " " + SafeLine(sum.Version)
	}
	for i, l := range wrap(head+": your posts against "+regulator(sum), p.width) {
		if i == 0 {
			l = p.paint(ansiBold, l)
		}
		p.line(l)
	}
	p.para(0, rulesLine(sum)+", "+day(sum.Generated))
}

// changes says what is different from the audit before.
func (p *printer) changes(sum *store.Summary) {
	if sum.Changes == nil {
		return
	}
	p.heading("What changed since " + day(sum.Changes.Since))
	for _, c := range changed(sum.Changes) {
		p.para(2, c)
	}
}

// read says what went in.
func (p *printer) read(sum *store.Summary) {
	p.heading("What was read")
	if len(sum.Accounts) == 0 {
		p.para(2, "No account has been read yet.")
	}
	for i := range sum.Accounts {
		p.account(&sum.Accounts[i])
	}
	if len(sum.ByKind) > 0 {
		var kinds []string
		for _, c := range sum.ByKind {
			kinds = append(kinds, kindCount(c.Label, c.Posts))
		}
		p.para(2, "In all "+list(kinds)+".")
	}
	for i := range sum.Archives {
		p.archive(&sum.Archives[i])
	}
	p.skips(sum)
}

func (p *printer) account(a *store.AccountSummary) {
	who := platformName(a.Platform) + ": " + handle(a.Account)
	if a.Handle != "" && a.Name != "" {
		who += " (" + SafeLine(a.Name) + ")"
	}
	p.para(2, who)
	line := plural(a.Posts, "post", "posts")
	if !a.First.IsZero() {
		line += ", " + span(a.First, a.Last)
	}
	if len(a.Gaps) > 0 {
		line += "; none in " + years(a.Gaps)
	}
	p.para(4, line)
}

func (p *printer) archive(a *store.Archive) {
	line := SafeLine(a.Name) + ": " + plural(a.Posts, "post", "posts")
	if !a.Generated.IsZero() {
		line += ", made on " + day(a.Generated)
	}
	switch {
	case a.Incomplete:
		line += "; part of it could not be read"
	case a.Partial:
		line += "; only part of the account"
	}
	p.para(2, line)
	for _, n := range a.Notes {
		text := SafeLine(n.Text)
		if n.Member != "" {
			text = SafeLine(n.Member) + ": " + text
		}
		p.bullet(2, text)
	}
}

func (p *printer) skips(sum *store.Summary) {
	if sum.Skipped == 0 {
		return
	}
	p.para(2, plural(sum.Skipped, "record", "records")+" could not be read:")
	for i, s := range sum.Skips {
		if i == maxSkips {
			p.bullet(2, "and "+number(len(sum.Skips)-i)+" more reasons: run lookback status.")
			break
		}
		p.bullet(2, SafeLine(s.Label)+" ("+number(s.Remove)+")")
	}
}

// found is the verdict and its two tables.
func (p *printer) found(sum *store.Summary) {
	p.heading("What was found")
	p.para(2, verdict(sum))
	if left := gaps(sum); len(left) > 0 {
		p.para(2, gapsLead(sum))
		for _, g := range left {
			p.bullet(2, g)
		}
	}
	if sum.Gone > 0 {
		p.para(2, plural(sum.Gone, "flagged post is", "flagged posts are")+" no longer in the newest archive.")
	}
	for _, l := range leftOut(sum) {
		p.para(2, l)
	}
	if lines := proved(sum); len(lines) > 0 {
		p.line("")
		p.para(2, provedTitle)
		for _, l := range lines {
			p.bullet(2, l)
		}
	}
	if note := opinionNote(sum); note != "" {
		p.para(2, note)
	}
	if sum.Flagged.Remove+sum.Flagged.Review == 0 {
		return
	}
	p.line("")
	p.table("Standard", sum.Standard, func(label string) string {
		return strings.TrimSpace(fmt.Sprintf("%-5s", SafeLine(label)) + " " + standardTitle(sum, label))
	})
	p.line("")
	p.table("Year", sum.Year, yearLabel)
	p.para(2, "A post counts once in each line that it touches.")
}

// table writes tallies with their numbers at the right edge.
func (p *printer) table(title string, ts []store.Tally, label func(string) string) {
	wide := min(p.width-2, 64) - 16
	row := func(l, a, b string) string {
		l = shorten(l, wide)
		return "  " + l + strings.Repeat(" ", max(0, wide-columns(l))) + fmt.Sprintf("%8s%8s", a, b)
	}
	p.line(p.paint(ansiDim, row(title, "remove", "review")))
	for _, t := range ts {
		p.line(row(label(t.Label), number(t.Remove), number(t.Review)))
	}
}

func (p *printer) serious(sum *store.Summary, rows iter.Seq2[store.Row, error], top int) error {
	flaggedPosts := sum.Flagged.Remove + sum.Flagged.Review + sum.Opinions.Only
	title := "The " + strconv.Itoa(top) + " most serious"
	if flaggedPosts <= top {
		title = "The posts, most serious first"
	}
	p.heading(title)
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		if n++; n > 1 {
			p.line("")
		}
		p.post(sum, &row, n)
		if n == top {
			break
		}
	}
	return nil
}

// post writes one of the most serious posts.
func (p *printer) post(sum *store.Summary, row *store.Row, n int) {
	act := rowAction(row)
	head := fmt.Sprintf("%2d. %s  %s, %s", n, strings.ToUpper(actionName(act)), postDay(&row.Post), postName(row))
	p.line(p.action(act, shorten(head, p.width)))
	if len(row.Findings) > 0 {
		f := &row.Findings[0]
		line := "#" + findingName(f) + ", rule " + SafeLine(f.Rule) + ", standard " + list(safeAll(f.Standards))
		if more := len(row.Findings) - 1; more > 0 {
			line += ", and " + plural(more, "more finding", "more findings")
		}
		p.para(4, line)
		p.para(4, "Words: "+quoted(wordsOf(row.Post.Text, f)))
	}
	p.answers(row)
	lines := wrap(SafeLine(row.Post.Text), p.width-6)
	for i, l := range lines {
		if i == textLines {
			p.line("    | …")
			break
		}
		p.line("    | " + l)
	}
	for _, n := range aroundNotes(row) {
		p.para(4, n)
	}
	if row.Opinion != nil {
		p.judge(row)
	}
	if link := safeLink(row.Post.URL); link != "" {
		p.para(4, link)
	}
}

// answers writes what a post answers, in a line.
func (p *printer) answers(row *store.Row) {
	if row.Answers != "" {
		p.line("    " + shorten("In reply to "+whose(row)+": “"+SafeLine(row.Answers)+"”", p.width-4))
	}
}

// together says what the posts of an account are as a whole.
func (p *printer) together(sum *store.Summary) {
	if lines := seriesLines(sum, false); len(lines) > 0 {
		p.heading("Again and again")
		for _, l := range lines {
			p.bullet(0, l)
		}
	}
	if len(sum.Accounts) == 0 || sum.Scanned == 0 {
		return
	}
	p.heading("Each account as a whole")
	for i := range sum.Accounts {
		a := &sum.Accounts[i]
		p.bullet(0, platformName(a.Platform)+" "+handle(a.Account)+": "+Recommendation(sum, a))
	}
}

func postDay(p *store.Post) string {
	if p.Precision == store.PrecisionNone {
		return "no date"
	}
	return day(p.Created)
}

func safeAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = SafeLine(w)
	}
	return out
}

func quoted(words []string) string {
	if len(words) == 0 {
		return "none marked"
	}
	for i, w := range words {
		words[i] = "“" + SafeLine(w) + "”"
	}
	return strings.Join(words, " ")
}
