package scanner

// How a token stands in its sentence.
const (
	lightNegated uint8 = 1 << iota
	lightHypothetical
	lightQuoted
	lightQuestion
	lightBreak // a word like "but" begins a new clause here

	lightDoubt = lightNegated | lightHypothetical | lightQuoted | lightQuestion
)

const negationReach = 7 // words after a negation that it governs at most

// lights marks which tokens are negated, supposed, quoted or asked. It is run
// only for posts in which some rule may apply.
func (s *scan) lights() {
	s.lit = true
	e := s.e
	if e.brk >= 0 {
		for h := s.lists[e.brk].head; h != 0; h = s.hits[h-1].next {
			s.t.toks[s.hits[h-1].from].light |= lightBreak
		}
	}
	s.scope(e.negation, lightNegated, negationReach)
	s.scope(e.hypo, lightHypothetical, 25)
	for _, q := range s.t.quotes {
		s.light(q.from, q.to, lightQuoted)
	}
	s.sharedByHand()
	for _, st := range s.t.sents {
		if st.question {
			s.light(st.from, st.to, lightQuestion)
		}
	}
}

func (s *scan) light(from, to int32, bit uint8) {
	for i := from; i < to; i++ {
		s.t.toks[i].light |= bit
	}
}

// scope marks the words after each cue up to the end of its clause.
func (s *scan) scope(cue int32, bit uint8, reach int32) {
	if cue < 0 {
		return
	}
	for h := s.lists[cue].head; h != 0; h = s.hits[h-1].next {
		from := s.hits[h-1].to
		for i := from; i < from+reach && int(i) < len(s.t.toks); i++ {
			k := &s.t.toks[i]
			if k.gap >= gapClause || k.light&lightBreak != 0 {
				break
			}
			k.light |= bit
		}
	}
}

// subjectOf guesses the grammatical subject to the left of a token: the
// nearest pronoun or person in its clause; none at the beginning of a clause
// stands for the author, who often leaves "I" out.
func (s *scan) subjectOf(at int32) subject {
	begin := at
	for begin > 0 && s.t.toks[begin].gap != gapSentence {
		begin--
	}
	best, who := int32(-1), subjectAny
	look := func(concept int32, w subject) {
		if concept < 0 {
			return
		}
		for h := s.lists[concept].head; h != 0; h = s.hits[h-1].next {
			if x := &s.hits[h-1]; x.from >= begin && x.from < at && x.from > best {
				best, who = x.from, w
			}
		}
	}
	look(s.e.other, subjectOther)
	look(s.e.you, subjectYou)
	look(s.e.me, subjectMe)
	if who != subjectAny {
		return who
	}
	return subjectMe
}
