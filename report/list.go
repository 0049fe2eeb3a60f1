package report

import (
	"io"
	"iter"
	"slices"
	"strings"

	"lookback/store"
)

// listWriter writes rows compactly: a line of facts, the flagged words and
// the link, with the findings' ids by which other commands name them.
type listWriter struct {
	width int
	color bool
}

func newList(o Options) listWriter {
	return listWriter{width: terminalWidth(o.Width), color: o.Color}
}

// Write implements [Writer]. The summary only serves to say, at the end, how
// many posts there are beside the ones listed.
func (l listWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	p := newPrinter(w, l.width, l.color)
	n, remove, judged := 0, 0, 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		switch rowAction(&row) {
		case store.ActionRemove:
			remove++
		case onlyJudged:
			judged++
		}
		p.item(&row)
	}
	if n == 0 {
		p.nothing(&sum)
		p.leftOut(&sum)
		return p.w.Flush()
	}
	end := plural(n, "post", "posts") + ": " + number(remove) + " to remove, " + number(n-remove-judged) + " to review."
	if judged > 0 {
		end = strings.TrimSuffix(end, ".") + ", " + number(judged) + " flagged by the judge only."
	}
	if all := sum.Flagged.Remove + sum.Flagged.Review; all > n-judged {
		end += " In all " + plural(all, "post is", "posts are") + " flagged."
	}
	p.para(0, end)
	p.leftOut(&sum)
	return p.w.Flush()
}

func (p *printer) leftOut(sum *store.Summary) {
	for _, l := range leftOut(sum) {
		p.para(0, l)
	}
}

// nothing tells an empty filter from an empty store.
func (p *printer) nothing(sum *store.Summary) {
	if n := sum.Flagged.Remove + sum.Flagged.Review; n > 0 {
		p.para(0, "No flagged post matches. In all "+plural(n, "post is", "posts are")+" flagged.")
		return
	}
	p.para(0, verdict(sum))
	if left := gaps(sum); len(left) > 0 {
		p.para(0, gapsLead(sum))
		for _, g := range left {
			p.bullet(0, g)
		}
	}
}

func (p *printer) item(row *store.Row) {
	act := rowAction(row)
	facts := strings.Join(slices.DeleteFunc([]string{
		strings.ToUpper(actionName(act)), shortDay(&row.Post),
		strings.Join(safeAll(standardsOf(row.Findings)), " "),
		strings.Join(themesOf(row.Findings), " "),
		postName(row),
		findingIDs(row.Findings),
	}, func(s string) bool { return s == "" }), "  ")
	lines := []string{facts}
	if columns(facts) > p.width {
		lines = wrap(facts, p.width-2)
	}
	for i, l := range lines {
		if i == 0 {
			p.line(p.action(act, l))
		} else {
			p.line("  " + l)
		}
	}
	var words []string
	for _, s := range union(row.Post.Text, row.Findings) {
		words = append(words, row.Post.Text[s.Start:s.End])
	}
	for i := range row.Findings {
		if f := &row.Findings[i]; f.Earlier != nil {
			words = append(words, wordsOf("", f)...)
		}
	}
	if act != onlyJudged {
		p.para(4, quoted(words))
	}
	p.answers(row)
	for _, n := range aroundNotes(row) {
		p.para(4, n)
	}
	if row.Opinion != nil {
		p.judge(row)
	}
	if row.Decision != nil {
		p.para(4, "Decided: "+decisionText(row.Decision))
	}
	if link := safeLink(row.Post.URL); link != "" {
		p.para(4, link)
	}
}

// judge writes what a judge made of a post, and the words that it quoted.
func (p *printer) judge(row *store.Row) {
	p.para(4, opinionText(row.Opinion))
	if words := flagged(row.Post.Text, row.Opinion.Spans); len(words) > 0 {
		p.para(6, quoted(words))
	}
}

func shortDay(p *store.Post) string {
	if year(p) == 0 {
		return "no-date"
	}
	return p.Created.UTC().Format("2006-01-02")
}

func themesOf(fs []store.Finding) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range fs {
		if !seen[f.Theme] {
			seen[f.Theme] = true
			out = append(out, SafeLine(f.Theme))
		}
	}
	return out
}

func findingIDs(fs []store.Finding) string {
	var ids []string
	for i := range fs {
		if id := "#" + findingName(&fs[i]); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, " ")
}
