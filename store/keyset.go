package store

import "hash/maphash"

// keySet tells which keys of posts an import has brought, without an index to
// ask: it keeps 64 bits of each. Two keys with the same bits are taken for one,
// so that has means "look", and never is it false for a key that was added.
type keySet struct {
	seed  maphash.Seed
	slots []uint64 // open addressing; 0 is free
	n     int
}

func newKeySet() *keySet {
	return &keySet{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<12)}
}

// add takes a key of an account in and says whether it was not there before.
func (s *keySet) add(account int64, key string) bool {
	h := maphash.String(s.seed, key) ^ uint64(account)*0x9e3779b97f4a7c15
	if h == 0 {
		h = 1
	}
	if !s.put(h) {
		return false
	}
	if s.n++; s.n > len(s.slots)/4*3 {
		s.grow()
	}
	return true
}

func (s *keySet) put(h uint64) bool {
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case 0:
			s.slots[i] = h
			return true
		case h:
			return false
		}
	}
}

func (s *keySet) grow() {
	old := s.slots
	s.slots = make([]uint64, 2*len(old))
	for _, h := range old {
		if h != 0 {
			s.put(h)
		}
	}
}
