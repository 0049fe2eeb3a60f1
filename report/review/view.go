package review

import (
	"strings"

	"lookback/report"
	"lookback/store"
)

// Marks around flagged words while lines are laid out. They are of the private
// use area, and whatever of it a text holds is replaced before.
const (
	markStart = '\uE000'
	markEnd   = '\uE001'
)

const (
	ansiBold   = "\x1b[1m"
	ansiDim    = "\x1b[2m"
	ansiRed    = "\x1b[31m"
	ansiYellow = "\x1b[33m"
	ansiMark   = "\x1b[7m"
	ansiReset  = "\x1b[0m"
)

// View implements tea.Model: always as many lines as the screen has, none
// longer than it.
func (m *Model) View() string {
	head, foot := m.head(), m.foot()
	room := max(m.height-len(head)-len(foot), 1)
	body := m.body()
	if most := max(len(body)-room, 0); m.scroll > most {
		m.scroll = most
	}
	more := len(body) - m.scroll - room
	body = body[m.scroll:min(m.scroll+room, len(body))]
	if more > 0 {
		body = append(body[:room-1:room-1], m.paint(ansiDim, clip("… "+report.Plural(more+1, "more line", "more lines")+": the down key", m.width)))
	}
	for len(body) < room {
		body = append(body, "")
	}
	lines := append(append(head, body...), foot...)
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

func (m *Model) paint(code, s string) string {
	if !m.opt.Color || s == "" {
		return s
	}
	return code + s + ansiReset
}

// clip cuts a line at the edge of the screen.
func clip(s string, width int) string { return report.Shorten(s, width) }

// head says where in the list the post is, and how much is left.
func (m *Model) head() []string {
	left := m.left()
	where := "Post " + report.Number(m.at+1) + " of " + report.Number(len(m.items))
	if m.ended || len(m.items) == 0 {
		where = report.Plural(len(m.items), "post", "posts")
	}
	where += ", " + report.Number(len(m.items)-left) + " decided, " + report.Number(left) + " left"
	lines := []string{m.paint(ansiBold, clip(where, m.width)), m.bar(left)}
	if m.typed != "" {
		lines = append(lines, clip("Only: "+report.SafeLine(m.typed), m.width))
	}
	return append(lines, "")
}

// bar is the progress as a line.
func (m *Model) bar(left int) string {
	wide := min(m.width, 60) - 2
	full := wide
	if len(m.items) > 0 {
		full = wide * (len(m.items) - left) / len(m.items)
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", wide-full) + "]"
}

// foot is the message, the line that is typed, and the keys.
func (m *Model) foot() []string {
	lines := []string{""}
	say := func(s string) {
		for _, l := range report.Wrap(s, m.width) {
			lines = append(lines, clip(l, m.width))
		}
	}
	say(report.SafeLine(m.message))
	typed := func(label string) {
		// The end of the line is where the person types.
		text := label + report.SafeLine(m.line) + "_"
		for report.Columns(text) > m.width {
			_, rest, _ := cutFirst(text)
			text = rest
		}
		lines = append(lines, text)
	}
	switch m.mode {
	case modeReason:
		say("Why do you keep it? Enter takes it, Esc goes back, up gives the last one.")
		typed("Because: ")
	case modeFilter:
		say(filterHelp)
		typed("Filter: ")
	case modeHelp:
		say("Any key goes back.")
	default:
		lines = append(lines, pack(m.keys(), m.width)...)
	}
	return lines
}

func cutFirst(s string) (first, rest string, ok bool) {
	for i := range s {
		if i > 0 {
			return s[:i], s[i:], true
		}
	}
	return s, "", false
}

// keys names the keys that do something now, the most needed first.
func (m *Model) keys() []string {
	if m.ended || !m.found {
		return []string{"u undo", "f filter", "← back", "? help", "q quit"}
	}
	keys := []string{"r remove", "k keep", "n not an issue", "d done", "s skip", "u undo"}
	if len(m.targets) > 1 {
		keys = append(keys, "tab one finding")
	}
	if len(m.same) > 0 {
		keys = append(keys, "g group")
	}
	if len(m.around.Before)+len(m.around.After) > 0 {
		keys = append(keys, "t thread")
	}
	return append(keys, "f filter", "? help", "q quit")
}

// pack puts as many cells on a line as fit.
func pack(cells []string, width int) []string {
	var lines []string
	for _, c := range cells {
		c = clip(c, width)
		if n := len(lines) - 1; n >= 0 && report.Columns(lines[n])+2+report.Columns(c) <= width {
			lines[n] += "  " + c
		} else {
			lines = append(lines, c)
		}
	}
	return lines
}

// page collects the lines of the body.
type page struct {
	m     *Model
	lines []string
}

func (p *page) blank() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

// para adds a text of one or more lines, wrapped and indented.
func (p *page) para(indent int, code, s string) {
	pad := strings.Repeat(" ", indent)
	wide := max(p.m.width-indent, 8)
	marked := false
	for line := range strings.Lines(s) {
		for _, l := range report.Wrap(line, wide) {
			for l != "" {
				one := l
				if report.Columns(l) > wide { // a link that is longer than the screen
					one = fit(l, wide)
				}
				l = l[len(one):]
				p.lines = append(p.lines, pad+p.m.marks(p.m.paint(code, one), code, &marked))
			}
		}
	}
}

// fit is the beginning of s that takes at most wide columns, and at least one
// character.
func fit(s string, wide int) string {
	end, used := 0, 0
	for i, r := range s {
		if used += report.Columns(string(r)); used > wide && i > 0 {
			break
		}
		end = i + len(string(r))
	}
	return s[:end]
}

// marks shows the marks around flagged words: as brackets, which need no
// colour, and in colour where there is one. A mark may go on from line to line.
func (m *Model) marks(line, code string, on *bool) string {
	if !*on && !strings.ContainsRune(line, markStart) {
		return line
	}
	start, end := "«", "»"
	if m.opt.Color {
		start, end = ansiMark+"«", "»"+ansiReset+code
	}
	var b strings.Builder
	if *on && m.opt.Color {
		b.WriteString(ansiMark)
	}
	for _, r := range line {
		switch r {
		case markStart:
			*on = true
			b.WriteString(start)
		case markEnd:
			*on = false
			b.WriteString(end)
		default:
			b.WriteRune(r)
		}
	}
	if *on && m.opt.Color {
		b.WriteString(ansiReset)
	}
	return b.String()
}

// plain makes a text safe to show and free of marks.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == markStart || r == markEnd {
			return '\uFFFD'
		}
		return r
	}, report.SafeText(s))
}

// body is everything about the post, or what there is instead of one.
func (m *Model) body() []string {
	p := &page{m: m}
	switch {
	case m.mode == modeHelp:
		p.help()
	case len(m.items) == 0:
		p.para(0, "", "There is no flagged post to review here. Another filter may choose some: f. What was found in all is in: lookback list --decided")
	case m.ended:
		p.para(0, ansiBold, "Nothing is left to decide here.")
		p.blank()
		p.para(0, "", "What is to be removed, with links and steps: lookback report --format checklist. When that is done, ask the platform for a new archive and audit it: lookback then says what is gone.")
	case !m.found:
		p.para(0, "", "This post is not flagged any more. s goes on.")
	default:
		p.post()
	}
	return p.lines
}

func (p *page) help() {
	for _, l := range []string{
		"r  remove: you will take the post down", "k  keep: asks for the reason", "n  not an issue: a false alarm",
		"d  done: it is down already, or otherwise seen to", "s  skip to the next that is left (or the space bar)",
		"u  undo the last decision of this review", "tab  keep and not an issue are about one finding, or all",
		"g  decide about posts with the same words too", "t  show the thread before and after", "f  filter by words, standard, theme, platform, year",
		"← →  the post before and after, decided or not", "↑ ↓  scroll", "q  quit; all that was decided is kept",
	} {
		p.para(0, "", l)
	}
	p.blank()
	p.para(0, "", "Nothing is removed from any platform by this: you do that.")
}

func (p *page) post() {
	m := p.m
	row := m.row
	card := report.NewCard(&m.opt.Summary, &row, m.at+1)
	code := ansiYellow
	if row.Action() == store.ActionRemove {
		code = ansiRed
	}
	p.para(0, code, plain(strings.ToUpper(card.Badge)+"  "+card.When+", "+report.PostName(&row)+", "+strings.Join(card.Facts[1:2], "")))
	for _, n := range card.Notes {
		p.para(0, ansiDim, plain(n))
	}
	if m.thread {
		p.thread("Before it", m.around.Before)
	}
	if card.Answers != "" && !(m.thread && len(m.around.Before) > 0) {
		p.blank()
		p.para(2, ansiDim, "In answer to: "+plain(card.Answers))
	}
	p.blank()
	p.para(2, "", marked(card))
	if card.Link != "" {
		p.blank()
		p.para(2, ansiDim, plain(card.Link))
	}
	if m.thread {
		p.thread("After it", m.around.After)
	}
	for i, t := range m.targets {
		p.finding(i, t)
	}
	p.sameWords()
}

// marked is the text with marks around the flagged words.
func marked(card report.Card) string {
	var b strings.Builder
	for _, s := range card.Segments {
		if s.Mark {
			b.WriteRune(markStart)
			b.WriteString(plain(s.Text))
			b.WriteRune(markEnd)
		} else {
			b.WriteString(plain(s.Text))
		}
	}
	return b.String()
}

func (p *page) thread(title string, posts []store.Post) {
	if len(posts) == 0 {
		return
	}
	p.blank()
	p.para(2, ansiDim, title+":")
	for _, q := range posts {
		who := ""
		if !q.Own && q.Author != "" {
			who = ", " + report.SafeLine(q.Author)
		}
		p.para(4, ansiDim, plain(report.Moment(&q)+who+": "+report.SafeLine(q.Text)))
	}
}

// finding says why, by which standard, what to do and what was decided.
func (p *page) finding(i int, t store.Target) {
	m := p.m
	var f *store.Finding
	for j := range m.row.Findings {
		if m.row.Findings[j].UID == t.UID {
			f = &m.row.Findings[j]
			break
		}
	}
	if f == nil {
		return
	}
	p.blank()
	title := report.ThemeTitle(&m.opt.Summary, f.Theme)
	if len(m.targets) > 1 {
		mark := "  "
		if m.chosen == i+1 {
			mark = "> "
		}
		title = mark + report.Number(i+1) + ". " + title
	}
	p.para(0, ansiBold, plain(title))
	p.para(2, "", plain(f.Why))
	for _, num := range f.Standards {
		text := "Standard " + num
		for _, s := range m.opt.Summary.Standards {
			if s.Number == num {
				text += ", " + s.Title + ": " + s.Text
			}
		}
		p.para(2, "", plain(report.SafeLine(text)))
	}
	p.para(2, "", plain("What to do: "+f.Advice))
	if t.Choice != "" {
		text := "Decided: " + report.ChoiceName(t.Choice)
		if t.Reason != "" {
			text += ", because: " + t.Reason
		}
		p.para(2, ansiBold, plain(report.SafeLine(text)))
	}
}

func (p *page) sameWords() {
	n := len(p.m.same)
	if n == 0 {
		return
	}
	p.blank()
	text := "The same words are in " + report.Plural(posts(p.m.same), "other post", "other posts") + "."
	if p.m.group {
		p.para(0, ansiBold, text+" Your decision is about them too; g takes that back.")
		return
	}
	p.para(0, "", text+" g decides about them too.")
}

func posts(list []store.Target) int {
	seen := map[int64]bool{}
	for _, t := range list {
		seen[t.PostID] = true
	}
	return len(seen)
}
