package classify

import (
	"math"
	"testing"
)

func TestChoice(t *testing.T) {
	m := &Meta{
		Heads:  []Head{{Name: "breach", Scale: 1}, {Name: "privacy", Scale: 1}, {Name: "hate", Scale: 1}},
		Themes: []Head{{Name: "hate.slur"}, {Name: "privacy.case"}, {Name: "privacy.image"}},
		Choice: Choice{Weights: [ChoiceWidth]float32{1, 0.5, 0, 0.25, 2}, Bias: []float32{0, 0.5, 0}},
	}
	shares := func(themes []float32, said []Said) []float64 {
		signals := m.Signals([]float32{3, 1, -1}, said)
		p := make([]float64, len(m.Themes))
		m.Choice.Shares(m.ChoiceInputs(themes, signals, said), p)
		return p
	}
	p := shares([]float32{0, 0, 0}, nil)
	// exp of -0.5, 1 and 0.5: half the group's score, and the bias of one
	sum := math.Exp(-0.5) + math.Exp(1) + math.Exp(0.5)
	for i, want := range []float64{math.Exp(-0.5) / sum, math.Exp(1) / sum, math.Exp(0.5) / sum} {
		if math.Abs(p[i]-want) > 1e-6 {
			t.Errorf("%s has the share %.4f, want %.4f", m.Themes[i].Name, p[i], want)
		}
	}
	if q := shares([]float32{0, 0, 3}, nil); q[2] <= p[2] || q[2] < q[1] {
		t.Errorf("shares %.3f; want the theme whose head speaks above the others", q)
	}
	if q := shares([]float32{0, 0, 0}, []Said{{Theme: "privacy.image", Confidence: 0.9}}); q[2] < q[1] {
		t.Errorf("shares %.3f; want the theme that a rule names above the other of its group", q)
	}
}
