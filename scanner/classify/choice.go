package classify

import "math"

// ChoiceWidth is how many inputs Choice weighs for each theme.
const ChoiceWidth = 5

// Choice joins what the theme heads, the group heads and the rules say into a
// chance for each theme of a breach: a conditional logit over the themes, which
// are in the order of Meta.Themes.
type Choice struct {
	Weights [ChoiceWidth]float32 `json:"weights"`
	Bias    []float32            `json:"bias"` // of each theme
}

// ChoiceInputs are the inputs of each theme: its head's score, its group's score,
// that once more where it is above zero, and the confidence of the rules that
// fired for the group and for the theme. signals are those of Signals.
func (m *Meta) ChoiceInputs(themes, signals []float32, said []Said) [][ChoiceWidth]float32 {
	x := newLayout(m)
	return x.choiceInputs(m, themes, signals, said, nil)
}

// ChoiceInputs is Meta's; out is reused.
func (m *Model) ChoiceInputs(themes, signals []float32, said []Said, out [][ChoiceWidth]float32) [][ChoiceWidth]float32 {
	return m.signals.choiceInputs(&m.Meta, themes, signals, said, out)
}

func (x *layout) choiceInputs(m *Meta, themes, signals []float32, said []Said, out [][ChoiceWidth]float32) [][ChoiceWidth]float32 {
	out = out[:0]
	for t, h := range m.Themes {
		in := [ChoiceWidth]float32{0: themes[t]}
		g := Group(h.Name)
		if i, ok := x.head[g]; ok {
			in[1] = signals[i]
			in[2] = max(signals[i], 0)
		}
		if i, ok := x.group[g]; ok {
			in[3] = signals[i]
		}
		for _, s := range said {
			if s.Theme == h.Name {
				in[4] = max(in[4], s.Confidence)
			}
		}
		out = append(out, in)
	}
	return out
}

// Shares fills p with the chance of each theme.
func (c *Choice) Shares(inputs [][ChoiceWidth]float32, p []float64) {
	top := math.Inf(-1)
	for t, x := range inputs {
		p[t] = float64(c.Bias[t])
		for k, w := range c.Weights {
			p[t] += float64(w * x[k])
		}
		top = max(top, p[t])
	}
	sum := 0.0
	for t := range inputs {
		p[t] = math.Exp(p[t] - top)
		sum += p[t]
	}
	for t := range inputs {
		p[t] /= sum
	}
}
