package review

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"lookback/report"
	"lookback/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "report", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got); run with -update if this is meant:\n%s", name, d)
	}
}

func at(year int) time.Time { return time.Date(year, 6, 1, 12, 0, 0, 0, time.UTC) }

// theWords are what the tests' posts are flagged for, by theme.
var theWords = []struct {
	words, theme, why string
	standards         []string
	action            store.Action
}{
	{"bay 4", "privacy.case", "A place and a condition together could let somebody recognise this person.", []string{"5.1", "2.12"}, store.ActionRemove},
	{"hungover on shift", "trust.alcohol", "It says that you worked while unfit through drink.", []string{"9.1"}, store.ActionReview},
}

// aStore holds a few flagged posts, one of them hostile.
func aStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	im, err := s.BeginImport(t.Context(), store.Archive{Digest: "1", Platform: "x", Name: "x.zip", Generated: at(2020)})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Account(store.Account{NativeID: "1", Handle: "anna"}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []store.Post{
		{Key: "tweet:1", Text: "the gentleman in bay 4 told me a joke\nand I was hungover on shift anyway", Created: at(2015), URL: "https://x.com/anna/status/1"},
		{Key: "tweet:2", Text: "hungover on shift", Created: at(2016), URL: "https://x.com/anna/status/2", ReplyTo: "tweet:0", Kind: store.KindReply},
		{Key: "tweet:3", Text: "hungover on shift", Created: at(2017)},
		{Key: "tweet:4", Text: "\x1b]0;gone\x07\x1b[2J\u202e in bay 4 \ue000\ue001 \u009b2J 患者の娘さんが泣いていた " + strings.Repeat("👩‍⚕️", 30) + " https://example.com/" + strings.Repeat("a", 120), Created: at(2018), Place: "\x1b[31mward", Author: "\x1b[1m"},
		{Key: "tweet:0", Text: "How was your day?", Created: at(2016).Add(-time.Hour)},
		{Key: "tweet:9", Text: "Never again, honestly", Created: at(2016).Add(time.Hour), ReplyTo: "tweet:2", Kind: store.KindReply},
	} {
		p.Own = true
		if p.Kind == "" {
			p.Kind = store.KindPost
		}
		if err := im.Post(p); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	scan(t, s)
	return s
}

func scan(t *testing.T, s *store.Store) {
	t.Helper()
	for batch, err := range s.Unscanned(t.Context(), "r") {
		if err != nil {
			t.Fatal(err)
		}
		var done []store.Scanned
		for _, p := range batch {
			sc := store.Scanned{PostID: p.ID}
			for _, w := range theWords {
				if i := strings.Index(p.Text, w.words); i >= 0 {
					sc.Findings = append(sc.Findings, store.Finding{Rule: w.theme + ".x", Theme: w.theme, Standards: w.standards, Action: w.action,
						Confidence: 0.8, Spans: []store.Span{{Start: i, End: i + len(w.words)}}, Why: w.why, Advice: "Remove it."})
				}
			}
			done = append(done, sc)
		}
		if err := s.PutScanned(t.Context(), "r", done); err != nil {
			t.Fatal(err)
		}
	}
}

var theSummary = store.Summary{
	Standards: []store.Standard{
		{Number: "5.1", Title: "Confidentiality", Text: "What you know about a service user stays private."},
		{Number: "2.12", Title: "Privacy online", Text: "Protect the privacy of the people you care for."},
		{Number: "9.1", Title: "Public trust", Text: "Live so that the public can trust you."},
	},
	Themes: []store.Theme{{ID: "privacy.case", Title: "A case that could be recognised"}, {ID: "trust.alcohol", Title: "Alcohol and work"}},
}

func start(t *testing.T, s *store.Store, change func(*Options)) *Model {
	t.Helper()
	opt := Options{Reader: s, Decider: s, Summary: theSummary,
		Names: Names{Standards: []string{"5.1", "2.12", "9.1"}, Themes: []string{"privacy.case", "trust.alcohol"}, Platforms: []string{"x", "facebook"}}}
	if change != nil {
		change(&opt)
	}
	m := New(t.Context(), opt)
	if m.err != nil {
		t.Fatal(m.err)
	}
	return m
}

// press sends keys: names of keys, or 'text' for words that are typed.
func press(t *testing.T, m *Model, keys ...string) (quit bool) {
	t.Helper()
	types := map[string]tea.KeyType{"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace, "ctrl+u": tea.KeyCtrlU, "ctrl+c": tea.KeyCtrlC}
	for _, k := range keys {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Trim(k, "'"))}
		if kind, ok := types[k]; ok {
			msg = tea.KeyMsg{Type: kind}
		}
		_, cmd := m.Update(msg)
		if m.err != nil {
			t.Fatal(m.err)
		}
		quit = cmd != nil
		m.View()
	}
	return quit
}

// size sets the screen.
func size(m *Model, w, h int) *Model {
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return m
}

// decisions are those that the store has, by post and theme.
func decisions(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	got := map[string]string{}
	for d, err := range s.Decisions(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[d.PostKey+" "+d.Theme] = strings.TrimSpace(string(d.Choice) + " " + d.Reason)
	}
	return got
}

func expect(t *testing.T, s *store.Store, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, decisions(t, s)); d != "" {
		t.Error(d)
	}
}

func TestDecideWithKeys(t *testing.T) {
	s := aStore(t)
	m := start(t, s, nil)
	keys := func() string { return m.row.Post.Key }
	if keys() != "tweet:4" || len(m.items) != 4 {
		t.Fatalf("it begins with %s of %d", keys(), len(m.items))
	}
	press(t, m, "n")
	expect(t, s, map[string]string{"tweet:4 privacy.case": "not-an-issue"})
	if keys() != "tweet:1" {
		t.Fatalf("after it comes %s", keys())
	}
	press(t, m, "r") // a post goes as a whole
	if keys() != "tweet:3" {
		t.Fatalf("then comes %s", keys())
	}
	press(t, m, "k", "enter")
	if m.mode != modeReason || !strings.Contains(m.View(), "To keep a post, say why.") {
		t.Error("kept without a reason")
	}
	press(t, m, "'a talk\x1b[2J'", "backspace", "ctrl+u", "'a talk'", "'x'", "backspace", "enter")
	press(t, m, "d")
	expect(t, s, map[string]string{"tweet:4 privacy.case": "not-an-issue", "tweet:1 privacy.case": "remove", "tweet:1 trust.alcohol": "remove",
		"tweet:3 trust.alcohol": "keep a talk", "tweet:2 trust.alcohol": "done"})
	if view := m.View(); !m.ended || !strings.Contains(view, "Nothing is left to decide") || !strings.Contains(view, "4 posts, 4 decided, 0 left") {
		t.Errorf("at the end:\n%s", view)
	}
	if r := m.Result(); r != (Result{4, 0, 4}) {
		t.Errorf("%+v", r)
	}
	press(t, m, "r", "k") // nothing to decide about
	press(t, m, "left")
	if m.ended || m.at != 3 || !strings.Contains(m.View(), "Decided: done") {
		t.Errorf("back from the end: %s", m.View())
	}

	// Undo goes back through what was decided here and no further.
	press(t, m, "u", "u")
	expect(t, s, map[string]string{"tweet:4 privacy.case": "not-an-issue", "tweet:1 privacy.case": "remove", "tweet:1 trust.alcohol": "remove"})
	if keys() != "tweet:3" || m.left() != 2 {
		t.Errorf("undo shows %s, %d left", keys(), m.left())
	}
	press(t, m, "u", "u", "u")
	expect(t, s, map[string]string{})
	if !strings.Contains(m.View(), "nothing to undo in this review") {
		t.Error("undone too much without a word")
	}
	if !press(t, m, "q") || !press(t, m, "ctrl+c") {
		t.Error("q and Ctrl-C do not quit")
	}
}

func TestUndoLeavesOthersAlone(t *testing.T) {
	s := aStore(t)
	m := start(t, s, nil)
	press(t, m, "n")
	list, err := s.Targets(t.Context(), store.Filter{PostKey: "tweet:2"}, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutDecision(t.Context(), list[0].With(store.ChoiceDone, "", "")); err != nil {
		t.Fatal(err)
	}
	press(t, m, "u")
	expect(t, s, map[string]string{"tweet:4 privacy.case": "not-an-issue", "tweet:2 trust.alcohol": "done"})
	if !strings.Contains(m.View(), "decided elsewhere meanwhile") {
		t.Errorf("%s", m.View())
	}
}

func TestOneFindingAndTheSameWords(t *testing.T) {
	s := aStore(t)
	m := start(t, s, nil)
	press(t, m, "s") // tweet:1, with two findings
	press(t, m, "tab", "n")
	expect(t, s, map[string]string{"tweet:1 privacy.case": "not-an-issue"})
	press(t, m, "u", "tab", "tab", "g", "n") // the second one, and others like it
	expect(t, s, map[string]string{"tweet:1 trust.alcohol": "not-an-issue", "tweet:2 trust.alcohol": "not-an-issue", "tweet:3 trust.alcohol": "not-an-issue"})
	if m.left() != 2 {
		t.Errorf("%d left", m.left())
	}
	press(t, m, "u", "g", "r") // the posts with the same words go as wholes
	expect(t, s, map[string]string{"tweet:1 privacy.case": "remove", "tweet:1 trust.alcohol": "remove", "tweet:2 trust.alcohol": "remove",
		"tweet:3 trust.alcohol": "remove", "tweet:4 privacy.case": "remove"})
	press(t, m, "u", "s", "s", "n", "s", "n", "n")
	if m.left() != 1 {
		t.Fatalf("%d left", m.left())
	}
	press(t, m, "g")
	if m.row.Post.Key != "tweet:4" || !strings.Contains(m.View(), "No other post has the same words.") {
		t.Errorf("%s", m.View())
	}
}

func TestBrowseAndScroll(t *testing.T) {
	m := size(start(t, aStore(t), nil), 80, 12)
	first := m.View()
	if !strings.Contains(first, "more lines: the down key") {
		t.Errorf("nothing says that there is more:\n%s", first)
	}
	press(t, m, "down", "pgdown", "down", "down", "pgdown")
	if down := m.View(); down == first || strings.Contains(down, "more lines") {
		t.Errorf("scrolled down:\n%s", down)
	}
	press(t, m, "pgup", "up", "pgup", "pgup")
	if m.View() != first {
		t.Error("scrolled back up it is not the same")
	}
	press(t, m, "left")
	if !strings.Contains(m.View(), "That is the first post.") {
		t.Error("there is something before the first")
	}
	press(t, m, "right", "right", "right", "right")
	if !strings.Contains(m.View(), "That is the last post.") || m.at != 3 {
		t.Error("there is something behind the last")
	}
	press(t, m, "s")
	if m.at != 0 {
		t.Errorf("skip goes from the last to %d", m.at)
	}
	press(t, m, "?")
	if !strings.Contains(size(m, 80, 24).View(), "asks for the reason") {
		t.Error("no help")
	}
	press(t, m, "r")
	if m.mode != modePost || len(m.steps) != 0 {
		t.Error("a key in the help decides")
	}
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("r"), Paste: true})
	if len(m.steps) != 0 {
		t.Error("a paste decides")
	}
}

func TestTypedFilter(t *testing.T) {
	s := aStore(t)
	m := start(t, s, nil)
	for line, want := range map[string]int{"": 4, "remove": 2, "9.1": 3, "5": 2, "trust": 3, "x": 4, "facebook": 0, "2016": 1, "2015 2016": 2, "hungover": 3, "hungover remove": 1, "no such words": 0} {
		press(t, m, "f", "ctrl+u")
		if line != "" {
			press(t, m, "'"+line+"'")
		}
		press(t, m, "enter")
		if len(m.items) != want {
			t.Errorf("%q chooses %d posts, want %d", line, len(m.items), want)
		}
		if line != "" && !strings.Contains(m.View(), "Only: "+line) {
			t.Errorf("%q is not shown", line)
		}
	}
	press(t, m, "f", "ctrl+u", "'facebook'", "enter", "r", "s", "left", "right")
	if !strings.Contains(m.View(), "There is no flagged post to review here.") {
		t.Errorf("%s", m.View())
	}
	press(t, m, "f", "ctrl+u", "'2016'", "enter", "n", "f", "ctrl+u", "'decided'", "enter")
	if m.ended || m.row.Post.Key != "tweet:4" {
		t.Error("the decided ones are not shown from the first on")
	}
	press(t, m, "f", "'xyz'", "esc")
	if m.typed != "decided" {
		t.Error("Esc takes the filter")
	}
	narrow := start(t, s, func(o *Options) { o.Filter = store.Filter{Standards: []string{"9.1"}, Since: at(2016)} })
	for _, line := range []string{"5.1", "2018"} {
		press(t, narrow, "f", "'"+line+"'", "enter")
		if narrow.mode != modeFilter || !strings.Contains(narrow.View(), "start it again") {
			t.Errorf("%s widens what was asked for", line)
		}
		press(t, narrow, "esc")
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Every screen fits, whatever the posts are, and commands nothing.
func TestScreensFit(t *testing.T) {
	for _, color := range []bool{false, true} {
		m := start(t, aStore(t), func(o *Options) { o.Color = color })
		for _, wh := range [][2]int{{80, 24}, {40, 24}, {40, 10}, {200, 60}, {10, 5}} {
			size(m, wh[0], wh[1])
			for _, keys := range [][]string{nil, {"t"}, {"g"}, {"tab"}, {"right"}, {"t"}, {"right"}, {"down"}, {"k", "'a very long reason, which is longer than any of the narrow screens are'"},
				{"esc", "f", "'x'"}, {"enter"}, {"?"}, {"q"}} {
				press(t, m, keys...)
				view := m.View()
				lines := strings.Split(view, "\n")
				if len(lines) > wh[1] {
					t.Errorf("%v %q: %d lines", wh, keys, len(lines))
				}
				for _, l := range lines {
					plain := escapes.ReplaceAllString(l, "")
					if report.Columns(plain) > wh[0] {
						t.Errorf("%v %q: a line of %d columns: %q", wh, keys, report.Columns(plain), l)
					}
					if strings.ContainsAny(plain, "\x1b\x07\u009b\u202e\ue000\ue001") || !color && plain != l {
						t.Errorf("%v %q: %q", wh, keys, l)
					}
				}
			}
			m.mode, m.typed = modePost, ""
		}
	}
}

func TestScreensGolden(t *testing.T) {
	m := start(t, aStore(t), nil)
	press(t, m, "s", "tab")
	golden(t, "review-80.txt", trimmed(size(m, 80, 24).View()))
	golden(t, "review-40.txt", trimmed(size(m, 40, 40).View()))
	press(t, m, "s", "s", "t", "g")
	golden(t, "review-thread.txt", trimmed(size(m, 80, 30).View()))
	press(t, m, "k", "'a talk'")
	golden(t, "review-keep.txt", trimmed(size(m, 80, 24).View()))
	m = start(t, aStore(t), func(o *Options) { o.Color = true })
	press(t, m, "s")
	golden(t, "review-color.txt", trimmed(size(m, 80, 24).View()))
}

func trimmed(view string) string {
	var b strings.Builder
	for line := range strings.Lines(view + "\n") {
		fmt.Fprintln(&b, strings.TrimRight(line, " \n"))
	}
	return b.String()
}

// broken is a store whose disk fails.
type broken struct{ *store.Store }

var errDisk = errors.New("disk I/O error")

func (b broken) Findings(context.Context, store.Filter) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) { yield(store.Row{}, errDisk) }
}

func (b broken) Decide(context.Context, []store.Decision) (store.Change, error) {
	return store.Change{}, errDisk
}

func TestErrorsEndTheReview(t *testing.T) {
	s := aStore(t)
	if m := New(t.Context(), Options{Reader: broken{s}, Decider: s}); !errors.Is(m.err, errDisk) {
		t.Errorf("error %v", m.err)
	}
	if _, err := Run(t.Context(), Options{Reader: broken{s}, Decider: s}, strings.NewReader(""), &strings.Builder{}); !errors.Is(err, errDisk) {
		t.Errorf("error %v", err)
	}
	m := start(t, s, func(o *Options) { o.Decider = broken{s} })
	if _, cmd := m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("r")}); cmd == nil || !errors.Is(m.err, errDisk) {
		t.Errorf("error %v", m.err)
	}
}

// A whole review through the library, from keys to screens.
func TestRun(t *testing.T) {
	s := aStore(t)
	var screen strings.Builder
	end, err := Run(t.Context(), Options{Reader: s, Decider: s, Summary: theSummary}, strings.NewReader("nq"), &screen)
	if err != nil || end != (Result{4, 3, 1}) {
		t.Fatalf("%+v, %v", end, err)
	}
	expect(t, s, map[string]string{"tweet:4 privacy.case": "not-an-issue"})
	if !strings.Contains(screen.String(), "\x1b[?1049l") {
		t.Error("the screen that was there is not put back")
	}
}

// A post that is no longer flagged is passed over.
func TestPostThatIsNotFlaggedAnyMore(t *testing.T) {
	s := aStore(t)
	m := start(t, s, nil)
	if err := s.PutScanned(t.Context(), "r", []store.Scanned{{PostID: m.items[1].post}}); err != nil {
		t.Fatal(err)
	}
	press(t, m, "s")
	if !strings.Contains(m.View(), "not flagged any more") {
		t.Errorf("%s", m.View())
	}
	press(t, m, "r", "s")
	if m.row.Post.Key != "tweet:3" || len(m.steps) != 0 {
		t.Errorf("%s", m.row.Post.Key)
	}
}
