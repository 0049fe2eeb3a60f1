package classify

import (
	"math"
	"slices"
	"strings"
)

// Logit is a weighted sum of named signals, squashed to a probability.
type Logit struct {
	Bias    float32            `json:"bias"`
	Weights map[string]float32 `json:"weights"`

	dense []float32 // by the place of the signal
}

// Place brings the weights into the order of the named signals; Score asks for
// it.
func (l *Logit) Place(names []string) {
	l.dense = make([]float32, len(names))
	for i, n := range names {
		l.dense[i] = l.Weights[n]
	}
}

// Score is the weighted sum of signals, which are in the order of
// Meta.SignalNames.
func (l *Logit) Score(signals []float32) float32 {
	s := l.Bias
	for i, w := range l.dense {
		s += w * signals[i]
	}
	return s
}

// Probability is Score squashed to 0..1.
func (l *Logit) Probability(signals []float32) float32 { return Probability(l.Score(signals)) }

// Said is what one rule says of a text.
type Said struct {
	Theme      string
	Remove     bool
	Confidence float32
}

// layout is where each signal stands: the heads' scores first, then the
// evidence of the group heads together, then what the rules say.
type layout struct {
	names  []string
	groups []string       // sorted
	head   map[string]int // place of a group's head
	group  map[string]int // place of "rule:" and the group
	any    int            // place of "rule:any"; "rule:remove" and "rule:review" follow
}

func newLayout(m *Meta) layout {
	x := layout{head: map[string]int{}, group: map[string]int{}}
	for _, h := range m.Heads {
		x.names = append(x.names, h.Name)
		if isGroup(h.Name) {
			x.groups = append(x.groups, h.Name)
			x.head[h.Name] = len(x.names) - 1
		}
	}
	slices.Sort(x.groups)
	x.names = append(x.names, "groups")
	x.any = len(x.names)
	x.names = append(x.names, "rule:any", "rule:remove", "rule:review")
	for _, g := range x.groups {
		x.group[g] = len(x.names)
		x.names = append(x.names, "rule:"+g)
	}
	return x
}

// SignalNames lists the signals in their order.
func (m *Meta) SignalNames() []string { return newLayout(m).names }

// Signals fills out, which is reused, with what the joined models see: the
// heads' scores brought to one scale, the evidence of the group heads together,
// and the confidence of the strongest rule of all, for each action and for each
// group of themes.
func (m *Model) Signals(scores []float32, said []Said, out []float32) []float32 {
	return m.signals.fill(&m.Meta, scores, said, out)
}

// Signals is Model's, before there is a model.
func (m *Meta) Signals(scores []float32, said []Said) []float32 {
	x := newLayout(m)
	return x.fill(m, scores, said, nil)
}

// groupSharpness is how sharply a group's head counts as one that speaks, in the
// evidence of the groups together: 1 to 16 were tried over folds of the training
// cases, which say 4 or more. So high a number all but counts the heads that speak.
const groupSharpness = 16

func (x *layout) fill(m *Meta, scores []float32, said []Said, out []float32) []float32 {
	out = slices.Grow(out[:0], len(x.names))[:len(x.names)]
	clear(out)
	sum := 0.0
	for h, head := range m.Heads {
		out[h] = (scores[h] - head.Mean) / head.Scale
		if isGroup(head.Name) {
			sum += 1 / (1 + math.Exp(-groupSharpness*float64(scores[h])))
		}
	}
	out[len(m.Heads)] = float32(math.Log(sum + 1e-6))
	x.raise(said, out)
	return out
}

// raise sets the signals of the rules.
func (x *layout) raise(said []Said, out []float32) {
	for _, s := range said {
		raise := func(i int) { out[i] = max(out[i], s.Confidence) }
		raise(x.any)
		if s.Remove {
			raise(x.any + 1)
		} else {
			raise(x.any + 2)
		}
		if i, ok := x.group[Group(s.Theme)]; ok {
			raise(i)
		}
	}
}

// CorpusHead begins the names of the heads that learn from a licensed corpus.
const CorpusHead = "corpus:"

// general are the heads that are not a group's.
var general = map[string]bool{"breach": true, "twins": true, "bayes": true, "concepts": true, "remove": true}

func isGroup(head string) bool { return !general[head] && !strings.HasPrefix(head, CorpusHead) }

// prepare brings the joined models' weights into the order of the signals.
func (m *Model) prepare() {
	m.Stack.Place(m.signals.names)
	m.Remove.Place(m.signals.names)
	m.Sieve.Said.Place(m.SiftNames())
	m.Screen.Said.Place(m.SiftNames())
}
