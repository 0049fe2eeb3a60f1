package scanner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// wordModel finds a.y in posts with a certain word, and keeps what it saw.
type wordModel struct{ word string }

func (m wordModel) Version() string { return "words of " + m.word }

func (m wordModel) Judge(f *Features) Judgement {
	for w, sp := range f.Words() {
		if w == m.word {
			return Judgement{Verdicts: []Verdict{{Rule: "a.y.model", Theme: "a.y", Action: store.ActionReview, Confidence: 0.7, Spans: []store.Span{sp}}, {Theme: "none"}}}
		}
	}
	return Judgement{}
}

func TestModel(t *testing.T) {
	r, err := loadTest(condPack("fruit"), LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r, WithModel(wordModel{"lemon"}))
	if err != nil {
		t.Fatal(err)
	}
	if e.Hash() == r.Hash() {
		t.Error("the model is not part of the hash")
	}
	if got := rulesOf(e, post("an apple and a Lemon"), nil); got != "a.x.one remove, a.y.model review" {
		t.Errorf("got %q", got)
	}
	got := e.Scan(post("lemon"), nil)
	want := []store.Finding{{Rule: "a.y.model", Theme: "a.y", Standards: []string{"2"}, Action: store.ActionReview, Confidence: 0.7,
		Spans: []store.Span{{Start: 0, End: 5}}, Why: "Because of y.", Advice: "Do y.", Ruleset: e.Hash()}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if e.Scan(post("stone"), nil) != nil {
		t.Error("a finding in a stone")
	}
}

// listModel writes down all features.
type listModel struct{ seen *[]string }

func (listModel) Version() string { return "list" }

func (m listModel) Judge(f *Features) Judgement {
	for w := range f.Words() {
		*m.seen = append(*m.seen, w)
	}
	for h := range f.Concepts() {
		if !strings.HasPrefix(h.Concept, "is.") {
			*m.seen = append(*m.seen, h.Concept)
			if h.Negated {
				*m.seen = append(*m.seen, "negated")
			}
		}
	}
	for id := range f.Rules() {
		*m.seen = append(*m.seen, id)
	}
	return Judgement{}
}

func TestFeatures(t *testing.T) {
	r, err := loadTest(condPack("{any: [fruit], negated: keep}"), LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	e, err := New(r, WithModel(listModel{&seen}))
	if err != nil {
		t.Fatal(err)
	}
	e.Scan(post("@Anna never APPLES https://x.org/a b@c.org"), nil)
	want := []string{"@user", "never", "apples", "url", "email", "fruit", "negated", "a.x.one"}
	if d := cmp.Diff(want, seen); d != "" {
		t.Error(d)
	}
}
