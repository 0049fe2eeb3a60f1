package train

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"lookback/scanner/classify"
)

// Example is one labelled text.
type Example struct {
	Key    string // examples with the same key stay in one fold
	Text   string
	Kind   string
	Breach bool
	Remove bool
	Theme  string // empty when harmless
	// Heard is what the engine heard in the text, Extras its concepts and what
	// else goes with them, Rules the rules that fired, and Said what these say.
	Heard  classify.Heard
	Extras []uint64
	Rules  []uint64
	Said   []classify.Said
	// Owed is the chance that rules find such a breach only because their authors
	// have read it; they find fewer of those that they never saw.
	Owed   float64
	Paired bool // it has a twin of the other side
	// Weight is the cost of being wrong about it, 1 for a case.
	Weight float32
	// Only names the heads that learn from this example; empty: all but the
	// corpus heads.
	Only []string
	// Side is what the heads of Only learn: +1 or -1.
	Side float32
}

// Options say how to fit.
type Options struct {
	Cost   float32 // of the heads over cases
	Passes int
	Folds  int
	// Harmless and HarmlessRemove are the shares of harmless cases that may be
	// flagged, and flagged for removal: they set the thresholds.
	Harmless, HarmlessRemove float64
	Log                      func(format string, args ...any)
}

// headSpec is one head to fit: its name, what it learns of an example (0: not
// used) and how.
type headSpec struct {
	name   string
	target func(e *Example) float32
	cost   float32
	only   string // "extras": sees concepts alone; "bayes": scaled by log-count ratios
	corpus bool   // learns from a corpus, and from no case
}

func specs(groups, corpora []string, cost float32) []headSpec {
	cases := func(f func(e *Example) bool) func(e *Example) float32 {
		return func(e *Example) float32 {
			if len(e.Only) > 0 {
				return 0
			}
			return side(f(e))
		}
	}
	breach := cases(func(e *Example) bool { return e.Breach })
	list := []headSpec{
		{name: "breach", target: breach, cost: cost},
		{name: "twins", target: func(e *Example) float32 {
			if !e.Paired {
				return 0
			}
			return breach(e)
		}, cost: cost},
		{name: "bayes", target: breach, cost: cost / 4, only: "bayes"},
		{name: "concepts", target: breach, cost: cost / 8, only: "extras"},
		{name: "remove", target: cases(func(e *Example) bool { return e.Remove }), cost: cost},
	}
	for _, g := range groups {
		list = append(list, headSpec{name: g, target: cases(func(e *Example) bool { return classify.Group(e.Theme) == g }), cost: cost})
	}
	for _, c := range corpora {
		list = append(list, headSpec{name: c, cost: cost / 2, corpus: true, target: func(e *Example) float32 {
			if slices.Contains(e.Only, c) {
				return e.Side
			}
			return 0
		}})
	}
	return list
}

func side(yes bool) float32 {
	if yes {
		return 1
	}
	return -1
}

// Fit trains a model. Everything that joins heads (the stack, the choice of a
// group, the call between remove and review) learns from scores of examples
// that the heads did not see, by folds over the examples' keys.
func Fit(examples []Example, opts Options) (*classify.Model, error) {
	if len(examples) == 0 {
		return nil, errors.New("no examples to learn from")
	}
	groups, corpora, themes := names(examples)
	list := specs(groups, corpora, opts.Cost)
	f := &fitter{opts: opts, examples: examples, specs: list}
	f.vectorise()
	f.log("%d buckets", len(f.space.Buckets))
	f.corpora = f.fitWhere(func(s headSpec) bool { return s.corpus }, func(int) bool { return true })
	out, err := f.outOfFold()
	if err != nil {
		return nil, err
	}
	heads := f.fitCases(func(int) bool { return true })
	meta := classify.Meta{}
	for h, s := range list {
		mean, sd := moments(column(out, h, f.cases()))
		meta.Heads = append(meta.Heads, classify.Head{Name: s.name, Mean: mean, Scale: sd, Bias: heads[h][f.dim()]})
	}
	f.join(&meta, out)
	for _, t := range themes {
		meta.Themes = append(meta.Themes, classify.Head{Name: t})
	}
	themeHeads := f.choice(&meta, themes, out)
	for i := range themes {
		meta.Themes[i].Bias = themeHeads[i][1<<classify.ThemeBits]
	}
	gates := f.fitGates(func(int) bool { return true })
	x := classify.Matrices{Themes: quantise(meta.Themes, themeHeads, 1<<classify.ThemeBits, themeSteps)}
	x.Buckets, x.Weights = spoken(f.space.Buckets, quantise(meta.Heads, heads, f.dim(), headSteps))
	meta.Gate, x.Gate = quantiseOne("gate", gates.gate)
	meta.Sieve.Head, x.Sieve = quantiseOne("sieve", gates.sieve)
	meta.Screen.Head, x.Screen = quantiseOne("screen", gates.screen)
	return classify.New(meta, x)
}

func names(examples []Example) (groups, corpora, themes []string) {
	g, c, t := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range examples {
		for _, o := range e.Only {
			c[o] = true
		}
		if e.Theme != "" {
			g[classify.Group(e.Theme)], t[e.Theme] = true, true
		}
	}
	return sorted(g), sorted(c), sorted(t)
}

func sorted(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

type fitter struct {
	opts     Options
	examples []Example
	specs    []headSpec
	space    *Space
	vectors  []Vector
	extras   []Vector
	gates    []gateVectors
	corpora  [][]float32 // weights of the heads over corpora: no case is in them, so no fold is either
	passing  gates       // the scores of each case, by gates that did not see it
}

func (f *fitter) dim() int { return len(f.space.Buckets) }

func (f *fitter) log(format string, args ...any) {
	if f.opts.Log != nil {
		f.opts.Log(format, args...)
	}
}

func (f *fitter) vectorise() {
	var x classify.Features
	least := map[uint32]int{}
	f.vectors = make([]Vector, len(f.examples))
	f.extras = make([]Vector, len(f.examples))
	f.gates = make([]gateVectors, len(f.examples))
	for i, e := range f.examples {
		x.Extract(e.Text, e.Kind, e.heard(), e.extras())
		if !e.isCase() {
			x.Classes, x.Order = x.Classes[:0], x.Order[:0] // made for cases; the corpora's heads do without
		}
		f.vectors[i] = Vectorise(&x)
		if e.isCase() {
			f.gates[i] = newGateVectors(&x, e.heard().Concepts)
			for k, block := range x.Blocks() {
				for _, y := range block.Features {
					if n, ok := least[y.Bucket]; !ok || n > leastOf[k] {
						least[y.Bucket] = leastOf[k]
					}
				}
			}
		}
		x.Words, x.Chars = x.Words[:0], x.Chars[:0]
		f.extras[i] = Vectorise(&x)
	}
	f.space = NewSpace(f.vectors, func(i int) bool { return f.examples[i].isCase() && f.examples[i].Weight == 1 },
		func(b uint32) int { return least[b] })
	for i := range f.vectors {
		f.vectors[i], f.extras[i] = f.space.Renumber(f.vectors[i]), f.space.Renumber(f.extras[i])
	}
}

// twinWeight is the cost of being wrong about a case that has a twin, beside
// another: what tells the two apart is the meaning, not the words.
const twinWeight = 1.8

func (e *Example) twin() float32 {
	if e.Paired {
		return twinWeight
	}
	return 1
}

// isCase: what the heads over cases and the joined models learn from.
func (e *Example) isCase() bool { return len(e.Only) == 0 }

// cases are the positions of the examples that the stack learns from.
func (f *fitter) cases() []int {
	var out []int
	for i, e := range f.examples {
		if e.isCase() {
			out = append(out, i)
		}
	}
	return out
}

// fitCases fits the heads over cases on the examples that use admits and adds
// those over corpora.
func (f *fitter) fitCases(use func(i int) bool) [][]float32 {
	out := f.fitWhere(func(s headSpec) bool { return !s.corpus }, use)
	for h, w := range f.corpora {
		if w != nil {
			out[h] = w
		}
	}
	return out
}

// fitWhere fits the wanted heads and returns their weights with the
// frequencies folded in, the bias last.
func (f *fitter) fitWhere(want func(headSpec) bool, use func(i int) bool) [][]float32 {
	out := make([][]float32, len(f.specs))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for h, s := range f.specs {
		if want(s) {
			g.Go(func() error {
				out[h] = f.fitHead(h, s, use)
				return nil
			})
		}
	}
	g.Wait() // no head fails
	return out
}

// fitHead fits one head; it reads what the others read and writes nothing.
func (f *fitter) fitHead(h int, s headSpec, use func(i int) bool) []float32 {
	targets := make([]Target, len(f.examples))
	for i := range f.examples {
		if use(i) {
			targets[i] = Target{Side: s.target(&f.examples[i]), Cost: s.cost * f.examples[i].Weight * f.examples[i].twin()}
		}
	}
	vectors, ratio := f.vectors, []float32(nil)
	switch s.only {
	case "extras":
		vectors = f.extras
	case "bayes":
		ratio = logCountRatio(f.vectors, f.dim(), targets)
		vectors = scaled(f.vectors, ratio)
	}
	w := FitHinge(vectors, f.dim(), targets, f.opts.Passes, uint64(h)+1)
	for b, rarity := range f.space.IDF {
		w[b] *= rarity
		if ratio != nil {
			w[b] *= ratio[b]
		}
	}
	return w
}

// logCountRatio is the naive Bayes weight of each bucket (Wang and Manning,
// ACL 2012), smoothed by one; an example counts by its cost.
func logCountRatio(vectors []Vector, dim int, targets []Target) []float32 {
	p, q := make([]float64, dim), make([]float64, dim)
	var sp, sq, top float64
	for i := range p {
		p[i], q[i] = 1, 1
		sp, sq = sp+1, sq+1
	}
	for _, t := range targets {
		top = max(top, float64(t.Cost))
	}
	for i, v := range vectors {
		n := float64(targets[i].Cost) / top
		for _, b := range v.Index {
			switch {
			case targets[i].Side > 0:
				p[b] += n
				sp += n
			case targets[i].Side < 0:
				q[b] += n
				sq += n
			}
		}
	}
	out := make([]float32, dim)
	for b := range out {
		out[b] = float32(math.Log((p[b] / sp) / (q[b] / sq)))
	}
	return out
}

func scaled(vectors []Vector, by []float32) []Vector {
	out := make([]Vector, len(vectors))
	for i, v := range vectors {
		out[i] = Vector{Index: v.Index, Value: slices.Clone(v.Value)}
		for k, b := range v.Index {
			out[i].Value[k] *= by[b]
		}
	}
	return out
}

// outOfFold returns the score of every head for every example, each made by
// heads that did not see the example.
func (f *fitter) outOfFold() ([][]float32, error) {
	if f.opts.Folds < 2 {
		return nil, fmt.Errorf("%d folds: at least 2 are needed", f.opts.Folds)
	}
	out := make([][]float32, len(f.examples))
	n := len(f.examples)
	f.passing = gates{make([]float32, n), make([]float32, n), make([]float32, n)}
	for fold := range f.opts.Folds {
		in := func(i int) bool { return foldOf(f.examples[i].Key, f.opts.Folds) == fold }
		heads := f.fitCases(func(i int) bool { return !in(i) })
		own := f.fitGates(func(i int) bool { return !in(i) })
		for i := range f.examples {
			if !in(i) || !f.examples[i].isCase() {
				continue
			}
			v := &f.gates[i]
			f.passing.gate[i], f.passing.sieve[i], f.passing.screen[i] = dot(own.gate, v.gate), dot(own.sieve, v.sieve), dot(own.screen, v.screen)
			out[i] = make([]float32, len(heads))
			for h, w := range heads {
				out[i][h] = f.rawScore(w, i)
			}
		}
		f.log("fold %d of %d fitted", fold+1, f.opts.Folds)
	}
	return out, nil
}

// rawScore scores with weights that already hold the frequencies, so the
// vector's own are taken out.
func (f *fitter) rawScore(w []float32, i int) float32 {
	v := f.vectors[i]
	s := w[f.dim()]
	for k, b := range v.Index {
		s += w[b] * v.Value[k] / f.space.IDF[b]
	}
	return s
}

func foldOf(key string, folds int) int {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return int(h % uint64(folds))
}

func column(m [][]float32, h int, rows []int) []float32 {
	out := make([]float32, len(rows))
	for k, i := range rows {
		out[k] = m[i][h]
	}
	return out
}

func moments(x []float32) (mean, sd float32) {
	var s, q float64
	for _, v := range x {
		s += float64(v)
	}
	s /= float64(max(1, len(x)))
	for _, v := range x {
		q += (float64(v) - s) * (float64(v) - s)
	}
	q = math.Sqrt(q / float64(max(1, len(x))))
	if q < 1e-6 {
		q = 1
	}
	return float32(s), float32(q)
}

// A weight is rounded to a multiple of its head's step: a share of the standard
// deviation of the head's scores, if that is not finer than the number of steps
// allows. The strongest heads were up to three times as fine before, and no
// better. With a share of 1 the weights take a sixth less and the area under the
// curve is lower by 0.001 to 0.002, with 2 a third less and lower by 0.004. For
// the heads of themes sixteen steps do as well as 63.
const (
	stepShare  = 0.6
	headSteps  = 63
	themeSteps = 16
)

// quantise rounds each head's weights to signed bytes and notes the step; the
// greatest weight has at most so many of them.
func quantise(heads []classify.Head, weights [][]float32, dim int, steps float32) []byte {
	out := make([]byte, dim*len(heads))
	for h := range heads {
		top := float32(0)
		for _, x := range weights[h][:dim] {
			top = max(top, abs(x))
		}
		step := max(top/steps, stepShare*heads[h].Scale)
		if step == 0 {
			step = 1
		}
		heads[h].Step = step
		for b, x := range weights[h][:dim] {
			out[b*len(heads)+h] = byte(int8(math.Round(float64(x / step))))
		}
	}
	return out
}

// spoken leaves out the buckets whose rows came to nothing.
func spoken(buckets []uint32, weights []byte) (kept []uint32, rows []byte) {
	width := len(weights) / max(1, len(buckets))
	for i, b := range buckets {
		row := weights[i*width:][:width]
		if slices.ContainsFunc(row, func(w byte) bool { return w != 0 }) {
			kept, rows = append(kept, b), append(rows, row...)
		}
	}
	return kept, rows
}

// quantiseOne does it for a head that has a row of its own; the bias is the
// last weight.
func quantiseOne(name string, weights []float32) (classify.Head, []byte) {
	dim := len(weights) - 1
	heads := []classify.Head{{Name: name, Bias: weights[dim]}}
	out := quantise(heads, [][]float32{weights}, dim, headSteps)
	return heads[0], out
}

func abs(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}
