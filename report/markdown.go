package report

import (
	"io"
	"iter"
	"slices"
	"strings"

	"lookback/store"
)

// markdownWriter writes the record of an audit: what was looked at, with
// which rules, what came out and what was done. It holds no text of any post,
// no link to one and no reason that could quote one, so that it can be shown.
type markdownWriter struct{}

// Write implements [Writer]. It reads all rows to count what is gone.
func (markdownWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	gone, err := countGone(rows)
	if err != nil {
		return err
	}
	p := newPrinter(w, 1<<20, false)
	p.line("# Record of a social media audit")
	p.line("")
	p.mdFacts(&sum)
	p.mdCoverage(&sum)
	p.mdCounts(&sum)
	p.mdTogether(&sum)
	p.mdDone(&sum, gone)
	p.mdUnread(&sum)
	p.mdLimits(&sum)
	return p.w.Flush()
}

// goneCount is what the rows say about posts that a newer archive lacks.
type goneCount struct {
	posts      int
	byStandard map[string]*store.Tally
}

func countGone(rows iter.Seq2[store.Row, error]) (goneCount, error) {
	g := goneCount{byStandard: map[string]*store.Tally{}}
	n := 0
	for row, err := range rows {
		if err != nil {
			return g, rowError(n, err)
		}
		n++
		if row.Post.GoneArchive == 0 || worst(row.Findings) == store.ActionNone {
			continue
		}
		g.posts++
		for _, s := range standardsOf(row.Findings) {
			t := g.byStandard[s]
			if t == nil {
				t = &store.Tally{Label: s}
				g.byStandard[s] = t
			}
			if worst(row.Findings) == store.ActionRemove {
				t.Remove++
			} else {
				t.Review++
			}
		}
	}
	return g, nil
}

func (p *printer) mdFacts(sum *store.Summary) {
	p.line("| | |")
	p.line("| --- | --- |")
	fact := func(name, value string) {
		if value != "" {
			p.line("| " + name + " | " + mdText(value) + " |")
		}
	}
	fact("Date of this record", day(sum.Generated))
	if !sum.LastScan.IsZero() {
		fact("Last scanned", day(sum.LastScan))
	}
	fact("Standards", regulator(sum))
	fact("Standards of", sum.Body)
	fact("Rules", sum.RulesetName)
	fact("Rules' SHA-256", sum.Ruleset)
	fact("Made with", strings.TrimSpace("lookback "+sum.Version))
}

func (p *printer) mdHeading(s string) {
	p.line("")
	p.line("## " + s)
	p.line("")
}

func (p *printer) mdCoverage(sum *store.Summary) {
	p.mdHeading("What was looked at")
	if len(sum.Accounts) == 0 {
		p.line("No account has been read.")
		return
	}
	p.line("| Platform | Account | Posts | From | To | Years without a post |")
	p.line("| --- | --- | ---: | --- | --- | --- |")
	for _, a := range sum.Accounts {
		without := years(a.Gaps)
		if without == "" {
			without = "none"
		}
		p.mdRow(platformName(a.Platform), handle(a.Account), number(a.Posts), day(a.First), day(a.Last), without)
	}
	p.line("")
	p.line(number(sum.Posts) + " texts were read, " + number(sum.Scanned) + " of them scanned with the rules above.")
	if len(sum.ByKind) > 0 {
		var kinds []string
		for _, c := range sum.ByKind {
			kinds = append(kinds, mdText(kindCount(c.Label, c.Posts)))
		}
		p.line("They are " + list(kinds) + ".")
	}
	if len(sum.Archives) > 0 {
		p.line("")
		p.line("| Archive | Made on | Read on | Texts | SHA-256 |")
		p.line("| --- | --- | --- | ---: | --- |")
		for _, a := range sum.Archives {
			p.mdRow(a.Name, day(a.Generated), day(a.Imported), number(a.Posts), a.Digest)
		}
	}
}

func (p *printer) mdCounts(sum *store.Summary) {
	p.mdHeading("What was found")
	p.line(mdText(verdict(sum)))
	table := func(title string, ts []store.Tally, label func(string) string) {
		if len(ts) == 0 {
			return
		}
		p.line("")
		p.line("| " + title + " | Recommended for removal | For review |")
		p.line("| --- | ---: | ---: |")
		for _, t := range ts {
			p.mdRow(label(t.Label), number(t.Remove), number(t.Review))
		}
	}
	table("Standard", sum.Standard, func(l string) string { return strings.TrimSpace(l + " " + standardTitle(sum, l)) })
	table("Year", sum.Year, yearLabel)
	if len(sum.Standard)+len(sum.Year) > 0 {
		p.line("")
		p.line("A post counts once in each line that it touches.")
	}
	if note := opinionNote(sum); note != "" {
		p.line("")
		p.line(mdText(note))
	}
}

// mdTogether names no person: the record is there to be shown.
func (p *printer) mdTogether(sum *store.Summary) {
	if lines := seriesLines(sum, true); len(lines) > 0 {
		p.mdHeading("Again and again")
		for _, l := range lines {
			p.line("- " + mdText(l))
		}
	}
	if len(sum.Accounts) == 0 || sum.Scanned == 0 {
		return
	}
	p.mdHeading("Each account as a whole")
	for i := range sum.Accounts {
		a := &sum.Accounts[i]
		p.line("- " + mdText(platformName(a.Platform)+" "+handle(a.Account)+": "+Recommendation(sum, a)))
	}
}

func (p *printer) mdDone(sum *store.Summary, gone goneCount) {
	p.mdHeading("What was done since")
	n := max(sum.Gone, gone.posts)
	if n == 0 {
		p.line("No flagged post is missing from a newer archive so far.")
	} else {
		p.line(plural(n, "flagged post is", "flagged posts are") + " no longer in the newest archive.")
	}
	if len(gone.byStandard) > 0 {
		p.line("")
		p.line("| Standard, of the posts that are gone | Was recommended for removal | Was for review |")
		p.line("| --- | ---: | ---: |")
		keys := make([]string, 0, len(gone.byStandard))
		for k := range gone.byStandard {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, compareStandards)
		for _, k := range keys {
			t := gone.byStandard[k]
			p.mdRow(strings.TrimSpace(k+" "+standardTitle(sum, k)), number(t.Remove), number(t.Review))
		}
	}
	if lines := proved(sum); len(lines) > 0 {
		p.line("")
		for _, l := range lines {
			p.line("- " + mdText(l))
		}
	}
	if len(sum.Decided) == 0 {
		return
	}
	p.line("")
	p.line("| Decision | Findings |")
	p.line("| --- | ---: |")
	for _, c := range []store.Choice{store.ChoiceRemove, store.ChoiceKeep, store.ChoiceNotIssue, store.ChoiceDone} {
		if sum.Decided[c] > 0 {
			p.mdRow(choiceName(c), number(sum.Decided[c]))
		}
	}
}

func (p *printer) mdUnread(sum *store.Summary) {
	p.mdHeading("What could not be read")
	var items []string
	for _, g := range gaps(sum) {
		items = append(items, mdText(g))
	}
	for _, s := range sum.Skips {
		items = append(items, mdText(s.Label)+": "+number(s.Remove))
	}
	for _, a := range sum.Archives {
		for _, n := range a.Notes {
			item := mdText(a.Name)
			if n.Member != "" {
				item += ": " + mdText(n.Member)
			}
			items = append(items, item+": "+mdText(n.Text))
		}
	}
	if len(items) == 0 {
		p.line("Everything that was handed in was read and scanned.")
		return
	}
	for _, i := range items {
		p.line("- " + i)
	}
}

func (p *printer) mdLimits(sum *store.Summary) {
	p.mdHeading("What this record does not say")
	for _, s := range []string{
		"It covers the archives named above and nothing else: not other accounts, not what others kept or quoted.",
		"Rules find words and patterns. Pictures, videos and sound were not looked at, and a person may judge a post differently.",
		"A flag is a reason to look, not a verdict of " + regulator(sum) + " having been broken.",
		"It was made on the person's own computer from files that the person chose; nobody else has checked it.",
	} {
		p.line("- " + mdText(s))
	}
}

func (p *printer) mdRow(cells ...string) {
	for i, c := range cells {
		cells[i] = mdText(c)
	}
	p.line("| " + strings.Join(cells, " | ") + " |")
}

var mdEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "#", `\#`, "~", `\~`,
)

// mdText shows s as one line of plain text in Markdown.
func mdText(s string) string { return mdEscapes.Replace(SafeLine(s)) }
