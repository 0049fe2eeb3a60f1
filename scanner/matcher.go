package scanner

import "math/bits"

// match runs the automaton over the text.
func (s *scan) match() {
	s.masks()
	s.touchEdges()
	for i := range s.t.toks {
		k := &s.t.toks[i]
		at := int32(i)
		if len(k.starts) > 0 {
			s.begin(at, k.starts)
		} else {
			s.start(at, at+1, k.ids, false)
		}
		s.startClasses(at, at+1, k.class, false)
		for a := k.alt; a != 0; {
			r := &s.t.alts[a-1]
			s.start(at, r.next, r.ids, r.masked)
			s.startClasses(at, r.next, r.class, r.masked)
			a = r.more
		}
	}
}

// masks notes of each token which classes it may go on with a phrase by.
func (s *scan) masks() {
	for i := range s.t.toks {
		k := &s.t.toks[i]
		if k.gap == gapSentence {
			continue
		}
		k.mask = maskOf(k.ids, k.class)
		for a := k.alt; a != 0; {
			r := &s.t.alts[a-1]
			k.mask |= maskOf(r.ids, r.class)
			a = r.more
		}
	}
}

// maskOf is the set of classes of one reading, as in node.ids: the token classes
// are the first of all.
func maskOf(ids []int32, class uint8) uint64 {
	m := uint64(class) << 1
	for _, id := range ids {
		m |= 1 << (id & 63)
	}
	return m
}

// next is the mask of a token; 0 behind the last.
func (s *scan) next(i int32) uint64 {
	if int(i) >= len(s.t.toks) {
		return 0
	}
	return s.t.toks[i].mask
}

// begin does what the lexicon wrote down for a token; see lexicon.link.
func (s *scan) begin(from int32, starts []int32) {
	mask := s.next(from + 1)
	for i := 0; i < len(starts); i++ {
		x := starts[i]
		if x >= 0 {
			s.emit(x, from, from+1, false)
			continue
		}
		if (uint64(uint32(starts[i+1]))|uint64(uint32(starts[i+2]))<<32)&mask != 0 {
			s.goOn(from, from+1, &s.e.auto.nodes[^x], false)
		}
		i += 3
	}
}

// touchEdges asks for the nodes and edges that begin looks at, as lexicon.touch
// does.
//
//go:noinline
func (s *scan) touchEdges() (all edge) {
	edges, nodes := s.e.auto.edges, s.e.auto.nodes
	if len(edges) == 0 {
		return 0
	}
	for at := range len(s.t.toks) - 1 {
		next := &s.t.toks[at+1]
		starts := s.t.toks[at].starts
		if next.mask == 0 {
			continue
		}
		for i := 0; i < len(starts); i++ {
			if starts[i] >= 0 {
				continue
			}
			node, where := uint64(uint32(starts[i+1]))|uint64(uint32(starts[i+2]))<<32, uint32(starts[i+3])
			if node&next.mask != 0 {
				first, log := where>>startLog, where&(1<<startLog-1)
				all |= edge(nodes[^starts[i]].edges)
				for _, id := range next.ids {
					if node&(1<<(id&63)) != 0 {
						all |= edges[first+slotOf(id, uint8(log))]
					}
				}
			}
			i += 3
		}
	}
	return all
}

func (s *scan) start(from, next int32, ids []int32, masked bool) {
	a := s.e.auto
	for _, id := range ids {
		if n := a.root[id]; n != 0 {
			s.step(from, next, n, masked)
		}
	}
}

func (s *scan) startClasses(from, next int32, class uint8, masked bool) {
	a := s.e.auto
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
	if n.kids && n.ids&s.next(next) != 0 {
		s.goOn(from, next, n, masked)
	}
}

// goOn follows a node by all readings that begin at a token.
func (s *scan) goOn(from, next int32, n *node, masked bool) {
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
