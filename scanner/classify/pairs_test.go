package classify

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// sorted names, more than there are places for.
func manyNames(n int) []uint64 {
	rnd := rand.New(rand.NewPCG(5, 6))
	names := make([]uint64, n)
	for i := range names {
		names[i] = rnd.Uint64()
	}
	return names
}

// TestPairs compares scores with remembered pairs with those of features that
// were looked up one by one, by several workers at once.
func TestPairs(t *testing.T) {
	m, err := Read(embedded)
	if err != nil {
		t.Fatal(err)
	}
	names, texts := manyNames(pairSpan+200), []string{"", "My patient in bed 4 was drunk again, what a muppet", "Nurse on the ward, doctor at home, and a cup of tea"}
	var wg sync.WaitGroup
	for seed := range uint64(3) {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(seed, 8))
			var lazy, eager Features
			got, want := make([]float32, len(m.Heads)), make([]float32, len(m.Heads))
			for i := range 300 {
				some := make([]uint64, rnd.IntN(60))
				for k := range some {
					some[k] = names[rnd.IntN(1+min(len(names)-1, 4*i))]
				}
				slices.Sort(some)
				some = slices.Compact(some)
				rules, text := names[:rnd.IntN(3)], texts[rnd.IntN(len(texts))]
				lazy.Start(text, "post")
				lazy.WidenPairs(some, rules)
				lazy.Complete(text, &Heard{Concepts: some})
				m.Scores(&lazy, got)
				eager.Start(text, "post")
				eager.Widen(extrasOf(some, rules))
				eager.Complete(text, &Heard{Concepts: some})
				eager.Blocks()
				m.Scores(&eager, want)
				if a, b := lazy.Blocks(), eager.Blocks(); !slices.Equal(got, want) || !slices.Equal(a[2].Features, b[2].Features) || !slices.Equal(a[3].Features, b[3].Features) {
					t.Errorf("%q with %d concepts and %d rules: %v, want %v", text, len(some), len(rules), got, want)
					return
				}
			}
		})
	}
	wg.Wait()
	if x := m.main(); len(x.concepts.numbers.list) <= pairSpan {
		t.Errorf("%d names were met; want more than the %d that have places", len(x.concepts.numbers.list), pairSpan)
	}
}

func extrasOf(names, rules []uint64) []uint64 {
	var list []uint64
	for i, a := range names {
		list = append(list, a)
		for _, b := range names[i+1:] {
			list = append(list, a*3+b)
		}
	}
	return append(list, rules...)
}

// TestManyHeads holds that a model with more heads than a row of pairs has room
// for is scored as well.
func TestManyHeads(t *testing.T) {
	m := tiny(t)
	meta := m.Meta
	meta.Heads = slices.Repeat(meta.Heads[:1], pairHeads+1)
	buckets := []uint32{bucket(7 ^ seedExtra)}
	big, err := New(meta, Matrices{Buckets: buckets, Weights: slices.Repeat([]byte{8}, len(meta.Heads)), Themes: make([]byte, 1<<ThemeBits), Gate: make([]byte, GateDim), Sieve: make([]byte, SieveDim), Screen: make([]byte, SieveDim)})
	if err != nil {
		t.Fatal(err)
	}
	var f Features
	f.Start("", "post")
	f.WidenPairs([]uint64{7}, nil)
	f.Complete("", &Heard{Concepts: []uint64{7}})
	out := make([]float32, len(meta.Heads))
	big.Scores(&f, out)
	if want := float32(extraWeight*blockScale*8*0.5 + 1); out[0] != want || out[pairHeads] != want {
		t.Errorf("%v; want %v", out, want)
	}
}
