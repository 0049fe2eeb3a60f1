package scanner

import (
	"slices"
	"strings"

	"lookback/store"
)

// target is whom or what flagged words are directed against.
type target struct{ kind, name string }

// targetGroups are the concepts of protected groups, and what they are called.
var targetGroups = []struct{ concept, name string }{
	{"hate-grt", "Gypsy, Roma and Traveller people"},
	{"hate-religion", "a religion"},
	{"hate-migrant", "migrants"},
	{"hate-race", "race or nationality"},
	{"hate-lgbt", "sexual orientation or gender"},
	{"hate-disability", "disability"},
	{"hate-pregnancy", "pregnancy and parents"},
	{"hate-age", "age"},
	{"hate-class", "class"},
	{"hate-sex", "sex"},
}

// targets says against whom a flagged post is directed: the handle nearest to
// the flagged words, of several at the beginning the one that is answered;
// whom the post answers; the nearest name in the same sentence; the groups
// that hate is about; and where there is nothing of that, the themes. Words of
// others have no person as a target.
func (e *Engine) targets(p *store.Suspect, found []store.Finding) []target {
	s := e.pool.Get().(*scan)
	defer e.release(s)
	text := p.Text[:partLen(p.Text)]
	s.find(text)
	if p.Own {
		if h := s.handle(p, found); h != "" {
			return []target{{store.TargetHandle, h}}
		}
		if h := handleName(p.ReplyToAuthor); h != "" && !ownHandle(p, h) {
			return []target{{store.TargetHandle, h}}
		}
		if n := s.name(p, found); n != "" {
			return []target{{store.TargetName, n}}
		}
	}
	if list := s.groups(found); len(list) > 0 {
		return list
	}
	var list []target
	for _, f := range found {
		if x := (target{store.TargetTheme, f.Theme}); !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

func handleName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "@"))
}

func ownHandle(p *store.Suspect, handle string) bool { return handle == strings.ToLower(p.Handle) }

// handle returns the mentioned handle nearest to the flagged words. Answers
// begin with the handles of all who take part: the first is the one answered.
func (s *scan) handle(p *store.Suspect, found []store.Finding) string {
	best, top := "", -1
	lead := true
	for i := range s.t.toks {
		if s.t.toks[i].class&classUser == 0 {
			lead = false
			continue
		}
		sp := s.span(int32(i), int32(i+1))
		h := handleName(s.t.src[sp.Start:sp.End])
		if h == "" || ownHandle(p, h) {
			continue
		}
		d := distance(sp, found)
		if lead && best != "" {
			continue
		}
		if top < 0 || d < top {
			best, top = h, d
		}
	}
	return best
}

// name returns the person's name nearest to the flagged words, in one of their
// sentences.
func (s *scan) name(p *store.Suspect, found []store.Finding) string {
	if s.e.name < 0 {
		return ""
	}
	best, top := "", -1
	own := strings.ToLower(p.Name)
	for h := s.lists[s.e.name].head; h != 0; h = s.hits[h-1].next {
		x := &s.hits[h-1]
		if x.from == x.to || !s.inFlaggedSentence(x.from, found) || s.inGroup(x) {
			continue
		}
		sp := s.span(x.from, s.nameEnd(x))
		n := strings.ToLower(strings.Join(strings.Fields(s.t.src[sp.Start:sp.End]), " "))
		if n == "" || n == own {
			continue
		}
		if d := distance(sp, found); top < 0 || d < top || d == top && len(n) > len(best) {
			best, top = n, d
		}
	}
	return best
}

// nameEnd joins the names that follow one another: "Karen Smith".
func (s *scan) nameEnd(x *hit) int32 {
	to := x.to
	for int(to) < len(s.t.toks) && s.t.toks[to].class&className != 0 && s.t.toks[to].gap == gapSpace {
		to++
	}
	return to
}

func (s *scan) inFlaggedSentence(at int32, found []store.Finding) bool {
	for _, st := range s.t.sents {
		if at < st.from || at >= st.to || st.from == st.to {
			continue
		}
		sp := s.span(st.from, st.to)
		for _, f := range found {
			if slices.ContainsFunc(f.Spans, func(x store.Span) bool { return x.Start < sp.End && x.End > sp.Start }) {
				return true
			}
		}
	}
	return false
}

// inGroup says whether a hit is a word for a group, not for a person.
func (s *scan) inGroup(x *hit) bool {
	for _, g := range targetGroups {
		if c := s.e.index(g.concept); c >= 0 && s.overlaps(c, x) {
			return true
		}
	}
	return false
}

// groups lists the groups that hate is about, the one nearest to the flagged
// words alone where there are several.
func (s *scan) groups(found []store.Finding) []target {
	hate := found[:0:0]
	for _, f := range found {
		if strings.HasPrefix(f.Theme, hateFamily) {
			hate = append(hate, f)
		}
	}
	if len(hate) == 0 {
		return nil
	}
	best, top := "", -1
	for _, g := range targetGroups {
		c := s.e.index(g.concept)
		if c < 0 {
			continue
		}
		for h := s.lists[c].head; h != 0; h = s.hits[h-1].next {
			x := &s.hits[h-1]
			if x.from == x.to {
				continue
			}
			if d := distance(s.span(x.from, x.to), hate); top < 0 || d < top {
				best, top = g.name, d
			}
		}
	}
	if best == "" {
		return nil
	}
	return []target{{store.TargetGroup, best}}
}

// distance is how many bytes lie between a place and the nearest flagged words.
func distance(sp store.Span, found []store.Finding) int {
	best := 1 << 30
	for _, f := range found {
		for _, x := range f.Spans {
			switch {
			case x.End <= sp.Start:
				best = min(best, sp.Start-x.End)
			case sp.End <= x.Start:
				best = min(best, x.Start-sp.End)
			default:
				return 0
			}
		}
	}
	return best
}
