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
	n, remove := 0, 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		if worst(row.Findings) == store.ActionRemove {
			remove++
		}
		p.item(&row)
	}
	if n == 0 {
		p.nothing(&sum)
		p.leftOut(&sum)
		return p.w.Flush()
	}
	end := plural(n, "post", "posts") + ": " + number(remove) + " to remove, " + number(n-remove) + " to review."
	if all := sum.Flagged.Remove + sum.Flagged.Review; all > n {
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
	act := worst(row.Findings)
	facts := strings.Join([]string{
		strings.ToUpper(actionName(act)), shortDay(&row.Post),
		strings.Join(safeAll(standardsOf(row.Findings)), " "),
		strings.Join(themesOf(row.Findings), " "),
		postName(row),
		findingIDs(row.Findings),
	}, "  ")
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
	p.para(4, quoted(words))
	if row.Decision != nil {
		p.para(4, "Decided: "+decisionText(row.Decision))
	}
	if link := safeLink(row.Post.URL); link != "" {
		p.para(4, link)
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
