package train

import (
	"math"
	"slices"

	"lookback/scanner/classify"
)

// join fits what stands on the heads: the stack, the groups, the call between
// remove and review, and the threshold.
func (f *fitter) join(meta *classify.Meta, scores [][]float32, groups []string) {
	rows := f.cases()
	signals := make([]map[string]float32, len(rows))
	breach, remove := make([]bool, len(rows)), make([]bool, len(rows))
	weight := make([]float32, len(rows))
	for k, i := range rows {
		e := &f.examples[i]
		signals[k] = meta.Signals(scores[i], e.honestSignals())
		breach[k], remove[k], weight[k] = e.Breach, e.Remove, e.Weight
	}
	meta.Stack = logistic(signals, breach, weight, 0.02, nil)
	for _, g := range groups {
		own := make([]bool, len(rows))
		use := make([]float32, len(rows))
		for k, i := range rows {
			e := &f.examples[i]
			own[k] = classify.Group(e.Theme) == g
			if e.Breach {
				use[k] = e.Weight
			}
		}
		meta.Groups[g] = logistic(signals, own, use, 0.05, []string{g, "rule:" + g, "breach"})
	}
	only := make([]float32, len(rows))
	for k := range rows {
		if breach[k] {
			only[k] = weight[k]
		}
	}
	meta.Remove = logistic(signals, remove, only, 0.05, []string{"remove", "breach", "rule:remove", "rule:review", "concepts"})
	var harmless []float32
	for k := range rows {
		if !breach[k] && weight[k] == 1 {
			harmless = append(harmless, meta.Stack.Probability(signals[k]))
		}
	}
	meta.Flag = quantile(harmless, 1-f.opts.Harmless)
	var gate, unclear []float32
	for k, i := range rows {
		p := meta.Stack.Probability(signals[k])
		if p >= meta.Flag && len(f.examples[i].Signals) == 0 { // where a rule fired, the gate is not asked
			gate = append(gate, scores[i][0])
		}
		if !breach[k] && weight[k] == 1 {
			unclear = append(unclear, p*meta.Remove.Probability(signals[k]))
		}
	}
	meta.GateAt = quantile(gate, gateLoss)
	meta.RemoveAt = quantile(unclear, 1-f.opts.HarmlessRemove)
}

// seenLoss is the share of the breaches that rules find among the cases their
// authors read, and would not find among others: recall was 0.66 on the cases
// read and 0.41 on those held back, so this one number comes from the held-back
// fifth.
const seenLoss = 0.38

// honestSignals are the rules' signals, left out for as many of the seen
// breaches as the rules owe to having been written from them.
func (e *Example) honestSignals() map[string]float32 {
	const grain = 1000
	if e.Seen && e.Breach && float64(foldOf("seen "+e.Key+e.Text, grain)) < seenLoss*grain {
		return nil
	}
	return e.Signals
}

// gateLoss is the share of the texts flagged without a rule that the gate may
// lose.
const gateLoss = 0.01

func quantile(x []float32, q float64) float32 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	return x[min(len(x)-1, int(float64(len(x))*q))]
}

// logistic fits an L2-regularised logistic regression by Newton's method over
// the named signals (nil: all) and returns it.
func logistic(signals []map[string]float32, yes []bool, weight []float32, ridge float64, names []string) classify.Logit {
	if names == nil {
		seen := map[string]bool{}
		for _, s := range signals {
			for k := range s {
				seen[k] = true
			}
		}
		names = sorted(seen)
	}
	n := len(names) + 1
	beta := make([]float64, n)
	x := make([]float64, n)
	for range 25 {
		grad, hess := make([]float64, n), make([][]float64, n)
		total := 0.0
		for a := range hess {
			hess[a] = make([]float64, n)
		}
		for k, s := range signals {
			if weight[k] == 0 {
				continue
			}
			z := fill(x, s, names, beta)
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
	for a, name := range names {
		out.Weights[name] = float32(beta[a+1])
	}
	return out
}

func fill(x []float64, s map[string]float32, names []string, beta []float64) float64 {
	x[0] = 1
	z := beta[0]
	for a, name := range names {
		x[a+1] = float64(s[name])
		z += x[a+1] * beta[a+1]
	}
	return z
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

// fitThemes fits the small heads that choose among themes, on words and
// concepts, each theme against all other breaches.
func (f *fitter) fitThemes(themes []string) [][]float32 {
	var x classify.Features
	vectors := make([]Vector, len(f.examples))
	const shift = classify.Bits - classify.ThemeBits
	for i, e := range f.examples {
		if !e.Breach || len(e.Only) > 0 {
			continue
		}
		x.Extract(e.Text, e.Kind, e.Extras)
		x.Chars = x.Chars[:0]
		v := Vectorise(&x, nil)
		v.Index, v.Value = v.Index[:len(v.Index)-1], v.Value[:len(v.Value)-1]
		for k, b := range v.Index {
			v.Index[k] = b >> shift
		}
		vectors[i] = v
	}
	idf := IDF(vectors)
	for _, v := range vectors {
		reweigh(v, idf)
	}
	out := make([][]float32, len(themes))
	for t, name := range themes {
		targets := make([]Target, len(f.examples))
		for i, e := range f.examples {
			if !e.Breach || len(e.Only) > 0 {
				continue
			}
			targets[i] = Target{Side: -1, Cost: f.opts.Cost * e.Weight}
			if e.Theme == name {
				targets[i].Side = 1
			}
		}
		w := FitHinge(vectors, targets, f.opts.Passes, uint64(t)+101)
		for b := range 1 << classify.ThemeBits {
			w[b] *= idf[b]
		}
		out[t] = append(w[:1<<classify.ThemeBits:1<<classify.ThemeBits], w[classify.Dim])
	}
	return out
}
