package train

import (
	"bytes"
	"fmt"
	"math"
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
		f.Extract(text, "post", nil, nil)
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
