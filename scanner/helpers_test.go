package scanner

import (
	"strings"
	"testing"
	"testing/fstest"

	"lookback/store"
)

const testStandards = `
regulator: TEST
name: test rules
standards:
  - {number: "1", title: One, text: First.}
  - {number: "2", title: Two, text: Second.}
themes:
  - {id: a.x, title: X, definition: d, standards: ["1", "2"], why: Because of x., advice: Do x.}
  - {id: a.y, title: Y, definition: d, standards: ["2"], why: Because of y., advice: Do y.}
  - {id: hate.slur, title: S, definition: d, standards: ["1"], why: w, advice: a, others: hate.endorse}
  - {id: hate.endorse, title: E, definition: d, standards: ["1"], why: Liked it., advice: Undo.}
`

// loadTest loads one pack beside a small standards file.
func loadTest(pack string, opts LoadOptions) (*Rules, error) {
	fsys := fstest.MapFS{"standards.yaml": {Data: []byte(testStandards)}, "test.yaml": {Data: []byte(pack)}}
	engine, err := embedded.ReadFile("packs/engine.yaml")
	if err != nil {
		return nil, err
	}
	fsys["engine.yaml"] = &fstest.MapFile{Data: engine}
	opts.Packs = fsys
	return Load(opts)
}

func testEngine(t testing.TB, pack string) *Engine {
	t.Helper()
	r, err := loadTest(pack, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// conceptEngine makes an engine with one concept "c" of the given words.
func conceptEngine(t testing.TB, words ...string) *Engine {
	t.Helper()
	var b strings.Builder
	b.WriteString("pack: test\nconcepts:\n  c:\n    masked: true\n    words:\n")
	for _, w := range words {
		b.WriteString("      - '" + strings.ReplaceAll(w, "'", "''") + "'\n")
	}
	return testEngine(t, b.String())
}

// marked returns the texts of the hits of a concept, joined by "|".
func marked(e *Engine, concept, text string) string {
	var list []string
	for _, h := range e.Concepts(text) {
		if h.Concept == concept {
			list = append(list, text[h.Span.Start:h.Span.End])
		}
	}
	return strings.Join(list, "|")
}

func post(text string) *store.Post {
	return &store.Post{Kind: store.KindPost, Own: true, Text: text}
}

// rulesOf lists the rules named by the findings of a post.
func rulesOf(e *Engine, p *store.Post, a *Author) string {
	var list []string
	for _, f := range e.Scan(p, a) {
		list = append(list, f.Rule+" "+string(f.Action))
	}
	return strings.Join(list, ", ")
}
