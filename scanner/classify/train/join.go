package train

import (
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"lookback/scanner/classify"
)

// join fits what stands on the heads: the stack, the call between remove and
// review, and the thresholds.
func (f *fitter) join(meta *classify.Meta, scores [][]float32) {
	rows := f.cases()
	names := meta.SignalNames()
	signals := make([][]float32, len(rows))
	breach, remove := make([]bool, len(rows)), make([]bool, len(rows))
	weight, only := make([]float32, len(rows)), make([]float32, len(rows))
	for k, i := range rows {
		e := &f.examples[i]
		signals[k] = meta.Signals(scores[i], e.honest())
		breach[k], remove[k], weight[k] = e.Breach, e.Remove, e.stackWeight()
		if e.Breach {
			only[k] = e.Weight
		}
	}
	meta.Stack = logistic(signals, names, breach, weight, stackRidge, nil)
	meta.Remove = logistic(signals, names, remove, only, 0.05, []string{"remove", "breach", "rule:remove", "rule:review", "concepts"})
	f.thresholds(meta, rows, signals)
}

// How much a case with a twin and an ordinary post count in the stack, beside
// another case; both are rounded from tables over folds of the training cases.
// Twins count more since they are what is hardest to tell apart, and ordinary
// posts so that no more of them are flagged for that.
const (
	stackTwin     = 3
	stackOrdinary = 16
)

func (e *Example) stackWeight() float32 {
	switch {
	case e.Paired:
		return e.Weight * stackTwin
	case e.Weight < 1:
		return e.Weight * stackOrdinary
	}
	return e.Weight
}

// stackRidge hardly holds the stack back: there are hundreds of cases for each
// of its weights.
const stackRidge = 0.001

// thresholds sets from which score on a text is flagged, flagged for removal
// and looked at all.
func (f *fitter) thresholds(meta *classify.Meta, rows []int, signals [][]float32) {
	stack, clear := placed(meta.Stack, meta), placed(meta.Remove, meta)
	var harmless, unclear []float32
	for k, i := range rows {
		e := &f.examples[i]
		if p := stack.Probability(signals[k]); !e.Breach && e.Weight == 1 {
			harmless, unclear = append(harmless, p), append(unclear, p*clear.Probability(signals[k]))
		}
	}
	for _, share := range []float64{0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12} {
		f.log("%.2f of the harmless cases score above %.3f, and above %.3f as clear breaches", share, quantile(harmless, 1-share), quantile(unclear, 1-share/3))
	}
	meta.Flag = quantile(harmless, 1-f.opts.Harmless)
	meta.RemoveAt = quantile(unclear, 1-f.opts.HarmlessRemove)
	chance := make([]float32, len(rows))
	for k := range rows {
		chance[k] = stack.Probability(signals[k])
	}
	f.gateThresholds(meta, rows, signals, chance)
}

// honest is what the rules say, left out where the example is known too well.
func (e *Example) honest() []classify.Said {
	if e.known() {
		return nil
	}
	return e.Said
}

// known chooses, among the breaches that the rules' authors have read, as many
// as are owed to that.
func (e *Example) known() bool {
	const grain = 1000
	return e.Breach && float64(foldOf("seen "+e.Key+e.Text, grain)) < e.Owed*grain
}

// heard is what the engine heard in the example; in one that is known too well
// every second concept is left out, since its words went into the concepts as
// into the rules.
func (e *Example) heard() classify.Heard {
	if !e.known() {
		return e.Heard
	}
	half := uint64(foldOf(e.Key, 2))
	left := func(name uint64) bool { return (name*0x9e3779b97f4a7c15)>>63 != half }
	return classify.Heard{
		Concepts:  slices.DeleteFunc(slices.Clone(e.Heard.Concepts), left),
		Places:    slices.DeleteFunc(slices.Clone(e.Heard.Places), func(p classify.Place) bool { return left(p.Name) }),
		Sentences: e.Heard.Sentences,
	}
}

// extras are the concepts with what goes with them, and the rules that fired;
// only the concepts where the example is known too well.
func (e *Example) extras() []uint64 {
	if e.known() {
		return e.heard().Concepts
	}
	return slices.Concat(e.Extras, e.Rules)
}

func quantile(x []float32, q float64) float32 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	return x[min(len(x)-1, int(float64(len(x))*q))]
}

// logistic fits an L2-regularised logistic regression by Newton's method over
// the signals called names (all of them where use is nil), and returns it.
func logistic(all [][]float32, names []string, yes []bool, weight []float32, ridge float64, use []string) classify.Logit {
	var at []int
	for i, n := range names {
		if use == nil || slices.Contains(use, n) {
			at = append(at, i)
		}
	}
	n := len(at) + 1
	beta := make([]float64, n)
	x := make([]float64, n)
	for range 25 {
		grad, hess := make([]float64, n), make([][]float64, n)
		total := 0.0
		for a := range hess {
			hess[a] = make([]float64, n)
		}
		for k, s := range all {
			if weight[k] == 0 {
				continue
			}
			z := fill(x, s, at, beta)
			p := 1 / (1 + math.Exp(-z))
			y := 0.0
			if yes[k] {
				y = 1
			}
			w := float64(weight[k])
			total += w
			for a := range n {
				grad[a] += w * (y - p) * x[a]
				for b := range a + 1 {
					hess[a][b] += w * p * (1 - p) * x[a] * x[b]
				}
			}
		}
		for a := range n {
			for b := a + 1; b < n; b++ {
				hess[a][b] = hess[b][a]
			}
			if a > 0 {
				grad[a] -= ridge * total * beta[a]
				hess[a][a] += ridge * total
			}
			hess[a][a] += 1e-9
		}
		step := solve(hess, grad)
		moved := 0.0
		for a := range n {
			beta[a] += step[a]
			moved = max(moved, math.Abs(step[a]))
		}
		if moved < 1e-6 {
			break
		}
	}
	out := classify.Logit{Bias: float32(beta[0]), Weights: map[string]float32{}}
	for a, i := range at {
		out.Weights[names[i]] = float32(beta[a+1])
	}
	return out
}

func fill(x []float64, s []float32, at []int, beta []float64) float64 {
	x[0] = 1
	z := beta[0]
	for a, i := range at {
		x[a+1] = float64(s[i])
		z += x[a+1] * beta[a+1]
	}
	return z
}

// placed is l, ready for signals in the order of meta's.
func placed(l classify.Logit, meta *classify.Meta) classify.Logit {
	l.Place(meta.SignalNames())
	return l
}

// solve returns a^-1 b by Gaussian elimination with pivoting; a is small and
// positive definite.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p], b[c], b[p] = a[p], a[c], b[p], b[c]
		for r := c + 1; r < n; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < n; k++ {
				a[r][k] -= f * a[c][k]
			}
			b[r] -= f * b[c]
		}
	}
	x := make([]float64, n)
	for c := n - 1; c >= 0; c-- {
		s := b[c]
		for k := c + 1; k < n; k++ {
			s -= a[c][k] * x[k]
		}
		x[c] = s / a[c][c]
	}
	return x
}

// themeVectors are what the theme heads see of each breach: words, concepts and
// classes of words, in the space of those heads, and how rare each bucket is.
func (f *fitter) themeVectors() ([]Vector, []float32) {
	var x classify.Features
	vectors := make([]Vector, len(f.examples))
	const shift = classify.Bits - classify.ThemeBits
	for i, e := range f.examples {
		if !e.Breach || !e.isCase() {
			continue
		}
		x.Extract(e.Text, e.Kind, e.heard(), e.extras())
		x.Chars = x.Chars[:0]
		v := Vectorise(&x)
		v.Index, v.Value = v.Index[:len(v.Index)-1], v.Value[:len(v.Value)-1]
		for k, b := range v.Index {
			v.Index[k] = b >> shift
		}
		vectors[i] = v
	}
	rarity := rarities(vectors, 1<<classify.ThemeBits)
	for _, v := range vectors {
		for k, b := range v.Index {
			v.Value[k] *= rarity[b]
		}
	}
	return vectors, rarity
}

// fitThemes fits the small heads that choose among themes, each theme against
// all other breaches, on the examples that use admits. The last weight of a head
// is its bias.
func (f *fitter) fitThemes(vectors []Vector, themes []string, use func(i int) bool) [][]float32 {
	out := make([][]float32, len(themes))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for t, name := range themes {
		g.Go(func() error {
			targets := make([]Target, len(f.examples))
			for i, e := range f.examples {
				if e.Breach && e.isCase() && use(i) {
					targets[i] = Target{Side: side(e.Theme == name), Cost: f.opts.Cost * e.Weight}
				}
			}
			out[t] = FitHinge(vectors, 1<<classify.ThemeBits, targets, f.opts.Passes, uint64(t)+101)
			return nil
		})
	}
	g.Wait() // no head fails
	return out
}

// choice fits what joins the theme heads, the group heads and the rules into
// the choice of a theme, by the scores of breaches that no head saw. It returns
// the theme heads fitted on all, too.
func (f *fitter) choice(meta *classify.Meta, themes []string, scores [][]float32) [][]float32 {
	vectors, rarity := f.themeVectors()
	var rows []choiceRow
	for fold := range f.opts.Folds {
		in := func(i int) bool { return foldOf(f.examples[i].Key, f.opts.Folds) == fold }
		heads := f.fitThemes(vectors, themes, func(i int) bool { return !in(i) })
		for i := range f.examples {
			e := &f.examples[i]
			if !e.Breach || !e.isCase() || !in(i) {
				continue
			}
			own := make([]float32, len(themes))
			for t := range themes {
				own[t] = dot(heads[t], vectors[i])
			}
			rows = append(rows, choiceRow{slices.Index(themes, e.Theme), meta.ChoiceInputs(own, meta.Signals(scores[i], e.honest()), e.honest())})
		}
	}
	meta.Choice = fitChoice(rows, len(themes))
	right, p := 0, make([]float64, len(themes))
	for _, r := range rows {
		meta.Choice.Shares(r.inputs, p)
		if slices.Index(p, slices.Max(p)) == r.theme {
			right++
		}
	}
	f.log("theme right for %d of %d breaches", right, len(rows))
	heads := f.fitThemes(vectors, themes, func(int) bool { return true })
	for _, w := range heads {
		for b := range rarity {
			w[b] *= rarity[b]
		}
	}
	return heads
}

type choiceRow struct {
	theme  int
	inputs [][classify.ChoiceWidth]float32
}

// fitChoice fits a conditional logit by gradient ascent with a fixed number of
// steps, each weight stepping by its own curvature.
func fitChoice(rows []choiceRow, themes int) classify.Choice {
	c := classify.Choice{Bias: make([]float32, themes)}
	const steps, ridge = 300, 2.0
	p := make([]float64, themes)
	for range steps {
		var grad, curve [classify.ChoiceWidth]float64
		gradBias, curveBias := make([]float64, themes), make([]float64, themes)
		for _, r := range rows {
			c.Shares(r.inputs, p)
			var mean, square [classify.ChoiceWidth]float64
			for t, x := range r.inputs {
				for k, v := range x {
					mean[k] += p[t] * float64(v)
					square[k] += p[t] * float64(v) * float64(v)
				}
				gradBias[t] -= p[t]
				curveBias[t] += p[t] * (1 - p[t])
			}
			gradBias[r.theme]++
			for k, v := range r.inputs[r.theme] {
				grad[k] += float64(v) - mean[k]
				curve[k] += square[k] - mean[k]*mean[k]
			}
		}
		const pace = 0.3
		for k := range grad {
			c.Weights[k] += float32(pace * (grad[k] - ridge*float64(c.Weights[k])) / (curve[k] + ridge))
		}
		for t := range gradBias {
			c.Bias[t] += float32(pace * (gradBias[t] - ridge*float64(c.Bias[t])) / (curveBias[t] + ridge))
		}
	}
	return c
}

// rarities is the inverse document frequency of each of n buckets.
func rarities(vectors []Vector, n int) []float32 {
	df, texts := make([]int, n), 0
	for _, v := range vectors {
		if len(v.Index) > 0 {
			texts++
		}
		for _, b := range v.Index {
			df[b]++
		}
	}
	out := make([]float32, n)
	for b := range out {
		out[b] = idf(texts, df[b])
	}
	return out
}
