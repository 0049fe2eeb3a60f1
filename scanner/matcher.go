package scanner

import "math/bits"

// match runs the automaton over the text.
func (s *scan) match() {
	s.e.auto.touch(s.t.toks)
	for i := range s.t.toks {
		k := &s.t.toks[i]
		s.start(int32(i), int32(i+1), k.ids, k.class, false)
		for a := k.alt; a != 0; {
			r := &s.t.alts[a-1]
			s.start(int32(i), r.next, r.ids, r.class, r.masked)
			a = r.more
		}
	}
}

// touch asks for the nodes that match will begin with, as lexicon.touch does.
//
//go:noinline
func (a *automaton) touch(toks []token) (all uint64) {
	for i := range toks {
		for _, id := range toks[i].ids {
			all |= a.nodes[a.root[id]].ids
		}
	}
	return all
}

func (s *scan) start(from, next int32, ids []int32, class uint8, masked bool) {
	a := s.e.auto
	for _, id := range ids {
		if n := a.root[id]; n != 0 {
			s.step(from, next, n, masked)
		}
	}
	for c := class & a.rootSet; c != 0; c &= c - 1 {
		s.step(from, next, a.root[bits.TrailingZeros8(c)+1], masked)
	}
}

// step reports the phrases that end at a node and goes on to longer ones.
func (s *scan) step(from, next, at int32, masked bool) {
	a := s.e.auto
	n := &a.nodes[at]
	for _, c := range a.accepts[n.accept:n.acceptEnd] {
		s.emit(c, from, next, masked)
	}
	if !n.kids || int(next) >= len(s.t.toks) || s.t.toks[next].gap == gapSentence {
		return
	}
	k := &s.t.toks[next]
	s.follow(from, next+1, n, k.ids, k.class, masked)
	for r := k.alt; r != 0; {
		o := &s.t.alts[r-1]
		s.follow(from, o.next, n, o.ids, o.class, masked || o.masked)
		r = o.more
	}
}

func (s *scan) follow(from, next int32, n *node, ids []int32, class uint8, masked bool) {
	a := s.e.auto
	for _, id := range ids {
		if to := a.child(n, id); to != 0 {
			s.step(from, next, to, masked)
		}
	}
	if n.any != 0 && class&classAny != 0 {
		s.step(from, next, n.any, masked)
	}
	for c := class & n.classes; c != 0; c &= c - 1 {
		if to := a.child(n, int32(bits.TrailingZeros8(c)+1)); to != 0 {
			s.step(from, next, to, masked)
		}
	}
}

// A hit is one place where a concept was found.
type hit struct {
	concept  int32
	from, to int32 // tokens
	next     int32 // 1-based index of the next hit of the concept
	masked   bool
}

// emit records a hit of a concept over the tokens from..to.
func (s *scan) emit(concept, from, to int32, masked bool) {
	l := &s.lists[concept]
	if l.head == 0 {
		s.touched = append(s.touched, concept)
		s.seen[concept>>6] |= 1 << (concept & 63)
	} else if last := &s.hits[l.tail-1]; last.from == from && last.to == to {
		return
	}
	s.hits = append(s.hits, hit{concept: concept, from: from, to: to, masked: masked})
	n := int32(len(s.hits))
	if l.head == 0 {
		l.head = n
	} else {
		s.hits[l.tail-1].next = n
	}
	l.tail = n
}

// hitList is a chain through scan.hits; both are 1-based, 0 means none.
type hitList struct{ head, tail int32 }
