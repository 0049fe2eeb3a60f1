package train

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"

	"lookback/scanner/classify"
)

// invented makes n examples whose label hangs on one word each.
func invented(n int) []Example {
	themes := []struct{ theme, word string }{{"trust.drugs", "spliff"}, {"privacy.case", "bedside"}}
	var out []Example
	for i := range n {
		th := themes[i%2]
		filler := fmt.Sprintf("day %d of rain and tea", i)
		out = append(out,
			Example{Key: fmt.Sprint(i), Text: "a " + th.word + " on " + filler, Kind: "post", Breach: true, Remove: true, Theme: th.theme, Weight: 1,
				Said: []classify.Said{{Theme: th.theme, Remove: true, Confidence: 0.6}}},
			Example{Key: fmt.Sprint(i), Text: "a sandwich on " + filler, Kind: "post", Weight: 1})
	}
	return out
}

func TestFit(t *testing.T) {
	opts := Options{Cost: 1, Passes: 8, Folds: 3, Harmless: 0.1, HarmlessRemove: 0.05}
	m, err := Fit(invented(60), opts)
	if err != nil {
		t.Fatal(err)
	}
	score := func(text string) float32 {
		var f classify.Features
		f.Extract(text, "post", classify.Heard{}, nil)
		out := make([]float32, len(m.Heads))
		m.Scores(&f, out)
		return m.Stack.Probability(m.Signals(out, nil, nil))
	}
	bad, good := score("a spliff at the bus stop"), score("a sandwich at the bus stop")
	if bad <= good {
		t.Errorf("breach %.3f, harmless %.3f; want the breach above", bad, good)
	}
	again, err := Fit(invented(60), opts)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if m.Write(&a) != nil || again.Write(&b) != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same examples gave another model")
	}
}

// TestFitChoice: the choice learns which theme the words stand for.
func TestFitChoice(t *testing.T) {
	m, err := Fit(invented(60), Options{Cost: 1, Passes: 8, Folds: 3, Harmless: 0.1, HarmlessRemove: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"a spliff at the bus stop": "trust.drugs", "a bedside at the bus stop": "privacy.case"} {
		var f classify.Features
		f.Extract(text, "post", classify.Heard{}, nil)
		scores, themes, shares := make([]float32, len(m.Heads)), make([]float32, len(m.Themes)), make([]float64, len(m.Themes))
		m.Scores(&f, scores)
		m.ThemeScores(&f, themes)
		m.Choice.Shares(m.ChoiceInputs(themes, m.Signals(scores, nil, nil), nil, nil), shares)
		for i, h := range m.Themes {
			if (shares[i] > 0.5) != (h.Name == want) {
				t.Errorf("%q: %s has the share %.2f, want %s to have most", text, h.Name, shares[i], want)
			}
		}
	}
}

// TestKnown: of breaches that the rules were written from, some are told to the
// heads without the rules and without all of their concepts; of no other case.
func TestKnown(t *testing.T) {
	const owed = 0.38
	known := 0
	for i := range 400 {
		e := Example{Key: fmt.Sprint(i), Owed: owed, Breach: true, Heard: classify.Heard{Concepts: []uint64{1 << 62, 3 << 61, 5, 6, 7, 8}},
			Extras: []uint64{1, 2, 3, 4, 5}, Rules: []uint64{9}, Said: []classify.Said{{Theme: "trust.drugs"}}}
		for _, c := range e.Heard.Concepts {
			e.Heard.Places = append(e.Heard.Places, classify.Place{Name: c})
		}
		harmless, unseen := e, e
		harmless.Breach, unseen.Owed = false, 0
		for _, x := range []Example{harmless, unseen} {
			if h := x.heard(); len(h.Concepts) != 6 || len(h.Places) != 6 || len(x.extras()) != 6 || len(x.honest()) != 1 {
				t.Fatalf("owed %v, breach %v: %d concepts, %d more and %d said; want all", x.Owed, x.Breach, len(h.Concepts), len(x.extras()), len(x.honest()))
			}
		}
		if !e.known() {
			continue
		}
		known++
		h := e.heard()
		if len(h.Concepts) >= 6 || len(h.Places) != len(h.Concepts) || len(e.extras()) != len(h.Concepts) || len(e.honest()) != 0 {
			t.Errorf("a known case keeps %d concepts, %d more and %d said", len(h.Concepts), len(e.extras()), len(e.honest()))
		}
	}
	if share := float64(known) / 400; math.Abs(share-owed) > 0.08 {
		t.Errorf("%.2f of the seen breaches are known too well, want about %.2f", share, owed)
	}
}

func TestFitErrors(t *testing.T) {
	if _, err := Fit(nil, Options{Folds: 2}); err == nil {
		t.Error("no examples, no error")
	}
	if _, err := Fit(invented(4), Options{Cost: 1, Passes: 1, Folds: 1}); err == nil {
		t.Error("one fold, no error")
	}
}

func TestLogistic(t *testing.T) {
	var signals [][]float32
	var yes []bool
	var weight []float32
	for i := range 400 {
		x := float32(i%20)/10 - 1
		signals = append(signals, []float32{x, 0.3})
		yes = append(yes, i%20 > 9 != (i%40 == 3))
		weight = append(weight, 1)
	}
	l := logistic(signals, []string{"x", "flat"}, yes, weight, 0.001, nil)
	if l.Weights["x"] <= 1 || math.Abs(float64(l.Weights["flat"])) > 0.5 {
		t.Errorf("weights %v; want x to decide", l.Weights)
	}
}

// TestQuantise: a step is a share of the deviation of the scores, or as fine as
// the number of steps allows.
func TestQuantise(t *testing.T) {
	heads := []classify.Head{{Scale: 2 / stepShare}, {Scale: 0.001}}
	weights := [][]float32{{10, 0.9, -1.1}, {6.3, 0.04, -3}}
	got := quantise(heads, weights, 3, 63)
	want := []int8{5, 63, 0, 0, -1, -30}
	for i, b := range got {
		if int8(b) != want[i] {
			t.Errorf("weight %d is %d steps, want %d", i, int8(b), want[i])
		}
	}
	if math.Abs(float64(heads[0].Step)-2) > 1e-6 || math.Abs(float64(heads[1].Step)-0.1) > 1e-6 {
		t.Errorf("steps %v and %v, want 2 and 0.1", heads[0].Step, heads[1].Step)
	}
}

func TestSpoken(t *testing.T) {
	buckets, rows := spoken([]uint32{3, 5, 9}, []byte{0, 0, 0, 255, 1, 0})
	if !slices.Equal(buckets, []uint32{5, 9}) || !slices.Equal(rows, []byte{0, 255, 1, 0}) {
		t.Errorf("kept %v with %v, want the rows of 5 and 9", buckets, rows)
	}
}

// TestNewSpace: how many cases must share a bucket depends on what it stands for.
func TestNewSpace(t *testing.T) {
	var vectors []Vector
	for i := range leastClasses {
		v := Vector{Index: []uint32{1}, Value: []float32{1}}
		if i < 3 {
			v.Index = append(v.Index, 2, 3)
		}
		if i < 2 {
			v.Index = append(v.Index, 4)
		}
		v.Value = make([]float32, len(v.Index))
		vectors = append(vectors, v)
	}
	least := map[uint32]int{1: leastClasses, 2: leastCases, 3: leastClasses, 4: leastCases}
	s := NewSpace(vectors, func(int) bool { return true }, func(b uint32) int { return least[b] })
	if want := []uint32{1, 2}; !slices.Equal(s.Buckets, want) {
		t.Errorf("kept %v, want %v", s.Buckets, want)
	}
}

func TestStackWeight(t *testing.T) {
	for name, x := range map[string]struct {
		e    Example
		want float32
	}{
		"case":          {Example{Weight: 1}, 1},
		"twin":          {Example{Weight: 1, Paired: true}, stackTwin},
		"ordinary post": {Example{Weight: 0.5}, 0.5 * stackOrdinary},
	} {
		if got := x.e.stackWeight(); got != x.want {
			t.Errorf("%s: counts %v in the stack, want %v", name, got, x.want)
		}
	}
}
