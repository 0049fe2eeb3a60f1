// Package train fits the models of package classify. It is linked into the
// training command only. The same data give the same weights, on any number of
// processors: each head is fitted by itself, with a fixed order of passes, no
// clock and no random source but a seeded one.
package train

import (
	"math"
	"math/rand/v2"
	"slices"

	"lookback/scanner/classify"
)

// Vector is one text as the solver sees it: buckets and their values.
type Vector struct {
	Index []uint32
	Value []float32
}

// Vectorise turns features into a vector of buckets, each once.
func Vectorise(f *classify.Features) Vector {
	c := newCollector(len(f.Words) + len(f.Chars) + len(f.Extras) + len(f.Classes) + len(f.Order) + 1)
	for _, block := range f.Blocks() {
		for _, x := range block.Features {
			c.add(x.Bucket, block.Value)
		}
	}
	c.add(uint32(classify.KindBase+f.Kind), classify.KindValue)
	return c.v
}

// collector sums values by bucket, in the order of their first sight.
type collector struct {
	at map[uint32]int
	v  Vector
}

func newCollector(n int) *collector {
	return &collector{at: make(map[uint32]int, n), v: Vector{Index: make([]uint32, 0, n), Value: make([]float32, 0, n)}}
}

func (c *collector) add(bucket uint32, value float32) {
	if i, ok := c.at[bucket]; ok {
		c.v.Value[i] += value
		return
	}
	c.at[bucket] = len(c.v.Index)
	c.v.Index, c.v.Value = append(c.v.Index, bucket), append(c.v.Value, value)
}

// A Space numbers the buckets that are worth a weight and knows how rare each
// is.
type Space struct {
	Buckets []uint32 // sorted
	IDF     []float32
	number  map[uint32]uint32
}

// Buckets that fewer cases share are left out: one that was seen once teaches
// the one text it stands in. Pairs of classes and units in their order are many
// and mostly rare, so that more is asked of them.
const (
	leastCases   = 3
	leastClasses = 12
	leastOrdered = 20
	leastTexts   = 25
)

// leastOf is what is asked of the features of each block.
var leastOf = [...]int{leastCases, leastCases, leastCases, leastClasses, leastOrdered}

// NewSpace keeps the buckets that enough cases share, or enough texts of
// corpora. isCase says which of the vectors are of cases, and least how many
// cases are enough for a bucket.
func NewSpace(vectors []Vector, isCase func(i int) bool, least func(bucket uint32) int) *Space {
	inCases, inTexts := map[uint32]int{}, map[uint32]int{}
	cases, texts := 0, 0
	for i, v := range vectors {
		df := inTexts
		if isCase(i) {
			df = inCases
			cases++
		} else {
			texts++
		}
		for _, b := range v.Index {
			df[b]++
		}
	}
	s := &Space{number: map[uint32]uint32{}}
	enough := func(b uint32) bool {
		return b >= classify.KindBase || inCases[b] > 0 && inCases[b] >= least(b)
	}
	for b := range inCases {
		if enough(b) {
			s.Buckets = append(s.Buckets, b)
		}
	}
	for b, n := range inTexts {
		if n >= leastTexts && !enough(b) && b < classify.KindBase {
			s.Buckets = append(s.Buckets, b)
		}
	}
	slices.Sort(s.Buckets)
	s.IDF = make([]float32, len(s.Buckets))
	for i, b := range s.Buckets {
		s.number[b] = uint32(i)
		s.IDF[i] = idf(cases, inCases[b])
		switch {
		case b >= classify.KindBase:
			s.IDF[i] = 1
		case inCases[b] == 0:
			s.IDF[i] = idf(texts, inTexts[b])
		}
	}
	return s
}

// idf is the smoothed inverse document frequency.
func idf(n, df int) float32 { return float32(math.Log(float64(1+n)/float64(1+df)) + 1) }

// Renumber returns v over the space's numbers and without the buckets that it
// does not keep, each value times its rarity.
func (s *Space) Renumber(v Vector) Vector {
	out := Vector{Index: make([]uint32, 0, len(v.Index)), Value: make([]float32, 0, len(v.Index))}
	for k, b := range v.Index {
		if n, ok := s.number[b]; ok {
			out.Index, out.Value = append(out.Index, n), append(out.Value, v.Value[k]*s.IDF[n])
		}
	}
	return out
}

// Target is what a head learns of one example: the side (+1, -1, or 0 for not
// used) and the cost of being wrong.
type Target struct {
	Side float32
	Cost float32
}

// FitHinge solves the L2-regularised squared hinge loss by coordinate descent in
// the dual (Hsieh et al., ICML 2008, algorithm 1) over vectors of dim numbers
// and returns the weights, the last one being the bias.
func FitHinge(vectors []Vector, dim int, targets []Target, passes int, seed uint64) []float32 {
	w := make([]float32, dim+1)
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
			w[dim] += d
		}
	}
	return w
}

func dot(w []float32, v Vector) float32 {
	s := w[len(w)-1]
	for k, b := range v.Index {
		s += w[b] * v.Value[k]
	}
	return s
}
