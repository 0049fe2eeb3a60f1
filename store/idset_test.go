package store

import (
	"math/rand/v2"
	"testing"
)

// An idSet does what a map of ids does.
func TestIDSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	model := func(s idSet) map[int64]bool {
		m := map[int64]bool{}
		last := int64(-10)
		for rg := range s.ranges {
			if rg.first <= last+1 || rg.last < rg.first {
				t.Fatalf("range %v after %d", rg, last)
			}
			last = rg.last
			for id := rg.first; id <= rg.last; id++ {
				m[id] = true
			}
		}
		return m
	}
	for range 200 {
		s, u := idSet{}, idSet{}
		want, other := map[int64]bool{}, map[int64]bool{}
		for range r.IntN(60) {
			first := r.Int64N(20_000)
			rg := idRange{first, first + []int64{0, 1, 63, 64, 200, 5000}[r.IntN(6)]}
			set, m := s, want
			if r.IntN(3) == 0 {
				set, m = u, other
			}
			set.addRange(rg)
			for id := rg.first; id <= rg.last; id++ {
				m[id] = true
			}
			gone := r.Int64N(20_000)
			s.remove(gone)
			delete(want, gone)
		}
		both, minus := s.clone(), s.clone()
		both.union(u)
		minus.subtract(u)
		if s.count() != len(want) {
			t.Fatalf("%d ids, want %d", s.count(), len(want))
		}
		got, all, left := model(s), model(both), model(minus)
		for id := range int64(26_000) {
			if got[id] != want[id] || s.has(id) != want[id] || all[id] != (want[id] || other[id]) || left[id] != (want[id] && !other[id]) {
				t.Fatalf("id %d is wrong", id)
			}
		}
	}
	full := idSet{}
	full.addRange(idRange{0, 100})
	for range full.ranges {
		break // stopping early is allowed
	}
}
