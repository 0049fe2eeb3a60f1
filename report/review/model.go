package review

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"lookback/report"
	"lookback/store"
)

// mode is what keys mean at the moment.
type mode int

const (
	modePost   mode = iota // single keys
	modeReason             // a line: why the post is kept
	modeFilter             // a line: what to review
	modeHelp               // any key goes back
)

// Model is the whole state of a review. It is changed by [Model.Update] alone.
type Model struct {
	ctx  context.Context
	opt  Options
	base store.Filter // without what was typed

	items []item
	index map[place]int
	at    int
	ended bool // nothing is left after the last post
	all   bool // posts that were decided are shown too
	typed string

	row     store.Row
	found   bool // the post is still flagged
	targets []store.Target
	same    []store.Target // the same words in other posts, undecided
	around  store.Thread
	thread  bool // show it
	group   bool // decide about the same words too
	chosen  int  // finding that keep and not an issue are about, from 1; 0 is all

	mode       mode
	line       string // being typed
	lastReason string
	message    string
	scroll     int
	width      int
	height     int
	steps      []step
	err        error
}

// New makes the review and reads the first post.
func New(ctx context.Context, opt Options) *Model {
	m := &Model{ctx: ctx, opt: opt, base: opt.Filter, width: 80, height: 24, all: opt.All}
	m.err = m.load(m.base)
	return m
}

// Result says what the review came to so far.
func (m *Model) Result() Result {
	return Result{Posts: len(m.items), Left: m.left(), Changes: len(m.steps)}
}

// Init implements tea.Model.
func (m *Model) Init() tea.Cmd { return nil }

// Update implements tea.Model. An error of the store ends the review.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = max(msg.Width, 10), max(msg.Height, 5)
	case tea.KeyMsg:
		for _, k := range single(msg) {
			quit, err := m.key(k)
			if m.err = err; quit || err != nil {
				return m, tea.Quit
			}
		}
	}
	return m, nil
}

// single takes keys apart that were typed so quickly that they came as one.
func single(k tea.KeyMsg) []tea.KeyMsg {
	if k.Type != tea.KeyRunes || k.Paste || len(k.Runes) < 2 {
		return []tea.KeyMsg{k}
	}
	var list []tea.KeyMsg
	for _, r := range k.Runes {
		list = append(list, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: k.Alt})
	}
	return list
}

func (m *Model) say(s string) { m.message = s }

// key answers one key.
func (m *Model) key(k tea.KeyMsg) (quit bool, err error) {
	if k.Type == tea.KeyCtrlC {
		return true, nil
	}
	m.message = ""
	switch m.mode {
	case modeHelp:
		m.mode = modePost
		return false, nil
	case modeReason, modeFilter:
		return false, m.typing(k)
	}
	if k.Paste {
		return false, nil // a paste is no row of decisions
	}
	name := k.String()
	switch name {
	case "q":
		return true, nil
	case "u":
		return false, m.undo()
	case "f", "/":
		m.mode, m.line = modeFilter, m.typed
		return false, nil
	case "?", "h":
		m.mode = modeHelp
		return false, nil
	case "left", "p":
		return false, m.browse(-1)
	case "right":
		return false, m.browse(1)
	}
	if m.ended || !m.found {
		if name == "s" || name == " " {
			return false, m.next()
		}
		return false, nil
	}
	return false, m.postKey(name)
}

// postKey answers a key that is about the post on the screen.
func (m *Model) postKey(name string) error {
	switch name {
	case "r":
		return m.decide(store.ChoiceRemove, "")
	case "n":
		return m.decide(store.ChoiceNotIssue, "")
	case "d":
		return m.decide(store.ChoiceDone, "")
	case "k":
		m.mode, m.line = modeReason, ""
	case "s", " ":
		return m.next()
	case "t":
		m.thread = !m.thread
		m.scroll = 0
	case "g":
		if len(m.same) == 0 {
			m.say("No other post has the same words.")
		} else {
			m.group = !m.group
		}
	case "tab":
		if len(m.targets) > 1 {
			m.chosen = (m.chosen + 1) % (len(m.targets) + 1)
		}
	case "down":
		m.scroll++
	case "up":
		m.scroll = max(m.scroll-1, 0)
	case "pgdown":
		m.scroll += max(m.height-8, 1)
	case "pgup":
		m.scroll = max(m.scroll-max(m.height-8, 1), 0)
	}
	return nil
}

// browse goes to a neighbour, whether it is decided or not.
func (m *Model) browse(by int) error {
	if len(m.items) == 0 {
		return nil
	}
	at := m.at + by
	if m.ended {
		at = len(m.items) - 1
	}
	if at < 0 || at >= len(m.items) {
		m.say("That is the " + map[bool]string{true: "first", false: "last"}[at < 0] + " post.")
		return nil
	}
	return m.show(at)
}

// typing answers a key while a line is typed.
func (m *Model) typing(k tea.KeyMsg) error {
	switch k.Type {
	case tea.KeyEsc:
		m.mode = modePost
	case tea.KeyEnter:
		return m.enter()
	case tea.KeyBackspace:
		_, n := utf8.DecodeLastRuneInString(m.line)
		m.line = m.line[:len(m.line)-n]
	case tea.KeyCtrlU:
		m.line = ""
	case tea.KeyUp:
		if m.mode == modeReason {
			m.line = m.lastReason
		}
	case tea.KeySpace, tea.KeyRunes:
		for _, r := range k.Runes {
			if unicode.IsControl(r) {
				r = ' '
			}
			m.line += string(r)
		}
	}
	return nil
}

// enter takes the line that was typed.
func (m *Model) enter() error {
	line := strings.TrimSpace(m.line)
	if m.mode == modeReason {
		if line == "" {
			m.say("To keep a post, say why. Esc goes back.")
			return nil
		}
		m.mode, m.lastReason = modePost, line
		return m.decide(store.ChoiceKeep, line)
	}
	flt, all, err := m.opt.Names.parse(m.base, line)
	if err != nil {
		m.say(err.Error())
		return nil
	}
	m.mode, m.typed, m.all = modePost, line, all || m.opt.All
	return m.load(flt)
}

// decidedText says what a key came to.
func decidedText(c store.Choice, change store.Change, findings int) string {
	if change.Decided == 0 {
		return "That was so already."
	}
	return report.Plural(findings, "finding", "findings") + ": " + report.ChoiceName(c) + ". u takes it back."
}

// sortTargets puts targets into the order in which the post shows its
// findings.
func sortTargets(list []store.Target, row *store.Row) []store.Target {
	var sorted []store.Target
	for i := range row.Findings {
		for _, t := range list {
			if t.UID == row.Findings[i].UID && !slices.ContainsFunc(sorted, func(s store.Target) bool { return s.UID == t.UID }) {
				sorted = append(sorted, t)
			}
		}
	}
	return sorted
}
