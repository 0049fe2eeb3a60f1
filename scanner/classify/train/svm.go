// Package train fits the models of package classify. It is linked into the
// training command only. The same data give the same weights: one thread, a
// fixed order of passes, no clock and no random source but a seeded one.
package train

import (
	"math"
	"math/rand/v2"

	"lookback/scanner/classify"
)

// Vector is one text as the solver sees it: buckets and their values.
type Vector struct {
	Index []uint32
	Value []float32
}

// Vectorise turns features into a vector whose values carry idf, the weight
// of each bucket (nil: all one).
func Vectorise(f *classify.Features, idf []float32) Vector {
	sums := make(map[uint32]float32, len(f.Words)+len(f.Chars))
	order := make([]uint32, 0, len(f.Words)+len(f.Chars)+len(f.Extras)+1)
	add := func(list []classify.Feature, value float32) {
		for _, x := range list {
			if _, ok := sums[x.Bucket]; !ok {
				order = append(order, x.Bucket)
			}
			sums[x.Bucket] += value
		}
	}
	w, c, e := f.Scales()
	add(f.Words, w)
	add(f.Chars, c)
	add(f.Extras, e)
	v := Vector{Index: make([]uint32, 0, len(order)+1), Value: make([]float32, 0, len(order)+1)}
	for _, b := range order {
		x := sums[b]
		if idf != nil {
			x *= idf[b]
		}
		v.Index = append(v.Index, b)
		v.Value = append(v.Value, x)
	}
	v.Index = append(v.Index, uint32(classify.KindBase+f.Kind))
	v.Value = append(v.Value, classify.KindValue)
	return v
}

// IDF returns the smoothed inverse document frequency of every bucket.
func IDF(vectors []Vector) []float32 {
	df := make([]int, classify.Dim)
	for _, v := range vectors {
		for _, b := range v.Index {
			df[b]++
		}
	}
	idf := make([]float32, classify.Dim)
	n := float64(len(vectors))
	for b, d := range df {
		idf[b] = float32(math.Log((1+n)/(1+float64(d))) + 1)
	}
	for k := classify.KindBase; k < classify.Dim; k++ {
		idf[k] = 1
	}
	return idf
}

// Target is what a head learns of one example: the side (+1, -1, or 0 for not
// used) and the cost of being wrong.
type Target struct {
	Side float32
	Cost float32
}

// FitHinge solves the L2-regularised squared hinge loss by coordinate descent in
// the dual (Hsieh et al., ICML 2008, algorithm 1) and returns the weights, the
// last one being the bias.
func FitHinge(vectors []Vector, targets []Target, passes int, seed uint64) []float32 {
	w := make([]float32, classify.Dim+1)
	var use []int
	for i, t := range targets {
		if t.Side != 0 && t.Cost > 0 {
			use = append(use, i)
		}
	}
	alpha := make([]float32, len(targets))
	norm := make([]float32, len(targets))
	for _, i := range use {
		q := float32(1)
		for _, x := range vectors[i].Value {
			q += x * x
		}
		norm[i] = q
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	for range passes {
		rng.Shuffle(len(use), func(a, b int) { use[a], use[b] = use[b], use[a] })
		for _, i := range use {
			v, t := vectors[i], targets[i]
			diag := 1 / (2 * t.Cost)
			g := t.Side*dot(w, v) - 1 + diag*alpha[i]
			next := max(alpha[i]-g/(norm[i]+diag), 0)
			d := (next - alpha[i]) * t.Side
			if d == 0 {
				continue
			}
			alpha[i] = next
			for k, b := range v.Index {
				w[b] += d * v.Value[k]
			}
			w[classify.Dim] += d
		}
	}
	return w
}

func dot(w []float32, v Vector) float32 {
	s := w[classify.Dim]
	for k, b := range v.Index {
		s += w[b] * v.Value[k]
	}
	return s
}
