package store

import (
	"maps"
	"math/bits"
	"slices"
)

// idSet is a set of post ids. Ids of an archive lie close together, so that it
// takes about a bit for each post; a post in every archive costs a range of
// the sightings table nothing.
type idSet map[int64]*[64]uint64

// idRange is all ids from first to last.
type idRange struct{ first, last int64 }

func (s idSet) add(id int64) {
	c := s[id>>12]
	if c == nil {
		c = new([64]uint64)
		s[id>>12] = c
	}
	c[id>>6&63] |= 1 << (id & 63)
}

func (s idSet) has(id int64) bool {
	c := s[id>>12]
	return c != nil && c[id>>6&63]&(1<<(id&63)) != 0
}

func (s idSet) remove(id int64) {
	if c := s[id>>12]; c != nil {
		c[id>>6&63] &^= 1 << (id & 63)
	}
}

func (s idSet) addRange(r idRange) {
	for id := r.first; id <= r.last; {
		if id&63 == 0 && id+63 <= r.last {
			s.add(id)
			s[id>>12][id>>6&63] = ^uint64(0)
			id += 64
			continue
		}
		s.add(id)
		id++
	}
}

// union adds every id of t.
func (s idSet) union(t idSet) {
	for k, c := range t {
		d := s[k]
		if d == nil {
			d = new([64]uint64)
			s[k] = d
		}
		for i := range c {
			d[i] |= c[i]
		}
	}
}

// subtract takes every id of t away.
func (s idSet) subtract(t idSet) {
	for k, c := range s {
		if d := t[k]; d != nil {
			for i := range c {
				c[i] &^= d[i]
			}
		}
	}
}

func (s idSet) clone() idSet {
	t := make(idSet, len(s))
	t.union(s)
	return t
}

func (s idSet) count() int {
	n := 0
	for _, c := range s {
		for _, w := range c {
			n += bits.OnesCount64(w)
		}
	}
	return n
}

// ranges calls yield for each run of ids, ascending.
func (s idSet) ranges(yield func(idRange) bool) {
	open := false
	var cur idRange
	for _, k := range slices.Sorted(maps.Keys(s)) {
		for i, w := range s[k] {
			base := k<<12 + int64(i)<<6
			for w != 0 {
				start := bits.TrailingZeros64(w)
				run := bits.TrailingZeros64(^(w >> start))
				first := base + int64(start)
				last := first + int64(run) - 1
				if open && cur.last+1 == first {
					cur.last = last
				} else {
					if open && !yield(cur) {
						return
					}
					cur, open = idRange{first, last}, true
				}
				if start+run >= 64 {
					break
				}
				w &^= (1<<run - 1) << start
			}
		}
	}
	if open {
		yield(cur)
	}
}
