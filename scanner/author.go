package scanner

import (
	"math"
	"slices"

	"lookback/store"
)

// marks says what is to be noted of the post that was judged last, beside what
// was found in it.
func (s *scan) marks(author *Author, found bool) store.Mark {
	var m store.Mark
	says := s.has(s.e.professional)
	if says && s.post.Own {
		m |= store.MarkSays
	}
	if s.skipped || found && !says {
		m |= store.MarkDepends
	}
	if m&store.MarkDepends != 0 && author != nil && author.Professional {
		m |= store.MarkProfessional
	}
	return m
}

// stance says whether the post is an answer, or a comment on shared words, that
// approves or condemns what it is about.
func (s *scan) stance() store.Mark {
	if !s.post.Own || s.post.Kind != store.KindReply && s.post.Kind != store.KindQuote && s.post.Kind != store.KindComment {
		return 0
	}
	condemns := s.has(s.e.counter) || s.has(s.e.condemn)
	if !condemns && !s.has(s.e.approval) && s.speaks() {
		return 0
	}
	if !s.lit {
		s.lights()
	}
	switch {
	case condemns && !s.agrees():
		return store.MarkCondemns
	case !condemns && s.approves():
		return store.MarkApproves
	}
	return 0
}

// speaks says whether there is a word in the post beside handles, links and
// hashtags.
func (s *scan) speaks() bool {
	return slices.ContainsFunc(s.t.toks, func(k token) bool { return k.class&(classUser|classURL|classTag) == 0 })
}

// mostApproval is how many words a short approving answer has at most.
const mostApproval = 10

// approves says whether the post does little else than approve: at least two
// of three words do. To share words on without any of one's own approves too.
func (s *scan) approves() bool {
	words, said := 0, 0
	for i := range s.t.toks {
		if k := &s.t.toks[i]; k.class&(classUser|classURL|classTag) == 0 {
			if words++; words > mostApproval {
				return false
			}
			if s.covered(int32(i)) {
				said++
			}
		}
	}
	if words == 0 {
		return s.post.Kind == store.KindQuote
	}
	return said > 0 && (words-said)*2 <= said
}

// covered says whether a token is part of a word of approval that counts.
func (s *scan) covered(at int32) bool {
	if s.e.approval < 0 {
		return false
	}
	for h := s.lists[s.e.approval].head; h != 0; h = s.hits[h-1].next {
		if x := &s.hits[h-1]; x.from <= at && at < x.to && s.t.toks[x.from].light&lightDoubt == 0 {
			return true
		}
	}
	return false
}

// agrees says whether the author, in their own voice, agrees with what is
// quoted.
func (s *scan) agrees() bool {
	if s.e.agree < 0 {
		return false
	}
	for h := s.lists[s.e.agree].head; h != 0; h = s.hits[h-1].next {
		if s.t.toks[s.hits[h-1].from].light&lightDoubt == 0 {
			return true
		}
	}
	return false
}

// What is known of the author and of who could read a post makes a finding a
// little surer. It never turns a review into a removal.
const (
	publicRaise    = 0.05 // public, by somebody who is known as a professional
	workplaceRaise = 0.05 // beside a named workplace
)

// inContext weighs what was found by who wrote it and who could read it. Words
// that nobody else could read are for review at most.
func (s *scan) inContext(found []store.Finding, author *Author, workplace bool) []store.Finding {
	professional := author != nil && author.Professional
	for i := range found {
		f := &found[i]
		up := 0.0
		if professional && s.post.Audience == store.AudiencePublic {
			up += publicRaise
		}
		if professional && workplace {
			up += workplaceRaise
		}
		if up > 0 {
			f.Confidence = math.Round((f.Confidence+(1-f.Confidence)*up)*1000) / 1000
		}
		if s.post.Audience == store.AudienceOnlyMe {
			f.Action = store.ActionReview
		}
	}
	if s.post.Audience == store.AudienceOnlyMe {
		slices.SortStableFunc(found, func(a, b store.Finding) int { return compareSerious(a.Action, b.Action, a.Confidence, b.Confidence) })
	}
	return found
}
