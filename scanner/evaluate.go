package scanner

// eval says whether a condition holds among the tokens lo..hi and appends the
// hits that made it hold to s.took.
func (s *scan) eval(c *cond, lo, hi int32) bool {
	start := len(s.took)
	ok := s.evalOp(c, lo, hi)
	if !ok {
		s.took = s.took[:start]
	}
	return ok
}

func (s *scan) evalOp(c *cond, lo, hi int32) bool {
	switch c.op {
	case opLeaf:
		return s.leaf(c, lo, hi)
	case opAny:
		ok := false
		for _, k := range c.kids {
			ok = s.eval(k, lo, hi) || ok
		}
		return ok
	case opAll:
		return s.evalAll(c.kids, lo, hi)
	case opNone:
		return s.evalNone(c.kids, lo, hi)
	case opSome:
		n := 0
		for _, k := range c.kids {
			if s.eval(k, lo, hi) {
				n++
			}
		}
		return n >= c.n
	case opSentence:
		return s.windows(c.kids, 1, lo, hi)
	case opWindow:
		return s.windows(c.kids, c.n, lo, hi)
	case opPost:
		return s.evalAll(c.kids, 0, int32(len(s.t.toks)))
	case opNear:
		return s.near(c, lo, hi)
	case opNotNear:
		return s.notNear(c, lo, hi)
	}
	return false
}

func (s *scan) evalAll(kids []*cond, lo, hi int32) bool {
	for _, k := range kids {
		if !s.eval(k, lo, hi) {
			return false
		}
	}
	return true
}

func (s *scan) evalNone(kids []*cond, lo, hi int32) bool {
	start := len(s.took)
	s.plain++
	found := false
	for _, k := range kids {
		if found = s.eval(k, lo, hi); found {
			break
		}
	}
	s.plain--
	s.took = s.took[:start]
	return !found
}

// windows tries every n neighbouring sentences.
func (s *scan) windows(kids []*cond, n int, lo, hi int32) bool {
	sents := s.t.sents
	ok := false
	for i := range sents {
		last := min(i+n, len(sents)) - 1
		from, to := max(sents[i].from, lo), min(sents[last].to, hi)
		if from >= to {
			continue
		}
		start := len(s.took)
		if s.evalAll(kids, from, to) {
			ok = true
		} else {
			s.took = s.took[:start]
		}
		if last == len(sents)-1 && i > 0 && n > 1 {
			break
		}
	}
	return ok
}

func (s *scan) leaf(c *cond, lo, hi int32) bool {
	ok := false
	for h := s.lists[c.concept].head; h != 0; h = s.hits[h-1].next {
		x := &s.hits[h-1]
		if x.from >= lo && x.to <= hi && s.counts(x, &c.mods) {
			s.took = append(s.took, h-1)
			ok = true
		}
	}
	return ok
}

// counts says whether a hit may count for a leaf with such modifiers.
func (s *scan) counts(x *hit, m *mods) bool {
	light := s.t.toks[x.from].light
	if !s.countsNegated(x, m, light&lightNegated != 0) {
		return false
	}
	switch m.quoted {
	case policyDrop:
		if light&lightQuoted != 0 {
			return false
		}
	case policyOnly:
		if light&lightQuoted == 0 {
			return false
		}
	}
	if m.by != subjectAny && s.subjectOf(x.from) != m.by {
		return false
	}
	return !m.first || s.fromStart(x.from) < 3
}

func (s *scan) countsNegated(x *hit, m *mods, negated bool) bool {
	pol := m.negated
	if pol == policyDefault {
		if s.plain > 0 || s.e.setting[x.concept] {
			return true
		}
		pol = s.rule.negated
	}
	switch pol {
	case policyDefault, policyDrop:
		return !negated
	case policyOnly:
		return negated
	}
	return true
}

// fromStart counts the words of the sentence before a token.
func (s *scan) fromStart(at int32) int32 {
	n := int32(0)
	for at > 0 && s.t.toks[at].gap != gapSentence {
		at--
		n++
	}
	return n
}

// near looks for one hit of each part, neighbours at most c.n words apart.
func (s *scan) near(c *cond, lo, hi int32) bool {
	return s.nearFrom(c, 0, lo, hi, -1, -1)
}

// nearFrom looks for a hit of part k close to the range from..to that the
// parts before it cover.
func (s *scan) nearFrom(c *cond, k int, lo, hi, from, to int32) bool {
	if k == len(c.kids) {
		return true
	}
	start := len(s.took)
	s.eachHit(c.kids[k], lo, hi, func(h int32) bool {
		x := &s.hits[h]
		if k > 0 && !closeEnough(x, from, to, int32(c.n), c.ordered) {
			return false
		}
		a, b := x.from, x.to
		if k > 0 {
			a, b = min(a, from), max(b, to)
			if c.ordered {
				a, b = x.from, x.to
			}
		}
		mark := len(s.took)
		s.took = append(s.took, h)
		if s.nearFrom(c, k+1, lo, hi, a, b) {
			return true
		}
		s.took = s.took[:mark]
		return false
	})
	return len(s.took) > start
}

func closeEnough(x *hit, from, to, within int32, ordered bool) bool {
	if x.from >= to {
		return x.from-to <= within
	}
	if ordered {
		return false
	}
	return x.to <= from && from-x.to <= within
}

// eachHit calls f with the hits of a concept or a choice of concepts until f
// returns true.
func (s *scan) eachHit(c *cond, lo, hi int32, f func(h int32) bool) bool {
	if c.op == opAny {
		for _, k := range c.kids {
			if s.eachHit(k, lo, hi, f) {
				return true
			}
		}
		return false
	}
	for h := s.lists[c.concept].head; h != 0; h = s.hits[h-1].next {
		x := &s.hits[h-1]
		if x.from >= lo && x.to <= hi && s.counts(x, &c.mods) && f(h-1) {
			return true
		}
	}
	return false
}

// notNear looks for a hit of the first part with none of the others around.
func (s *scan) notNear(c *cond, lo, hi int32) bool {
	start := len(s.took)
	s.eachHit(c.kids[0], lo, hi, func(h int32) bool {
		x := s.hits[h]
		for _, k := range c.kids[1:] {
			s.plain++
			found := s.eachHit(k, lo, hi, func(o int32) bool {
				return closeEnough(&s.hits[o], x.from, x.to, int32(c.n), false)
			})
			s.plain--
			if found {
				return false
			}
		}
		s.took = append(s.took, h)
		return false
	})
	return len(s.took) > start
}
