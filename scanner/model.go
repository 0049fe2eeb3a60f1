package scanner

import (
	"iter"
	"slices"
	"strings"

	"lookback/store"
)

// Model is a learned classifier that judges a post beside the rules. It must
// be safe for concurrent use and give the same verdicts for the same post.
type Model interface {
	// Version changes whenever the verdicts may; it is part of the engine's
	// hash.
	Version() string
	// Judge returns what the model makes of a post. f is valid only during the
	// call.
	Judge(f *Features) Judgement
}

// Judgement is what a model makes of one post: what it finds itself, in any
// order, and what it thinks of the rules' findings. The zero value finds
// nothing and leaves the rules alone.
type Judgement struct {
	Verdicts []Verdict
	// Doubt: findings of rules below this confidence are not shown.
	Doubt float64
	// Mild: the rules' findings are for review at most, but for those that are
	// sure of themselves.
	Mild bool
}

// Verdict is what a model finds of one theme.
type Verdict struct {
	Rule       string // "theme.detail", as reports name it
	Theme      string
	Action     store.Action
	Confidence float64
	Spans      []store.Span // the words that carried the decision
	Why        string       // "" for the theme's
}

// Chances are what a post is given from 0 to 1, whether or not something is
// found in it: for being a breach, for being hate, and by each of the heads
// that were trained on a licensed corpus, as "groups" or "sexism".
type Chances struct {
	Breach, Hate float64
	Heads        map[string]float64
}

// Features is what a model sees of a post: its words and concepts, as the
// rules see them.
type Features struct {
	Post         *store.Post
	Professional bool // the author is known as a health or care professional
	s            *scan
}

// Words yields the words of the post as they are compared, each with its place
// in the original text. Handles are "@user", addresses "url" and "email".
func (f *Features) Words() iter.Seq2[string, store.Span] {
	return func(yield func(string, store.Span) bool) {
		t := &f.s.t
		for i := range t.toks {
			w := ""
			switch k := &t.toks[i]; {
			case k.class&classUser != 0:
				w = "@user"
			case k.class&classURL != 0:
				w = "url"
			case k.class&classEmail != 0:
				w = "email"
			default:
				w = string(t.bytes(i))
			}
			if !yield(w, f.s.span(int32(i), int32(i+1))) {
				return
			}
		}
	}
}

// A ConceptHit is one place of a concept, with how it stands there.
type ConceptHit struct {
	Concept                             string
	First, Last                         int // words, both inclusive
	Negated, Supposed, Quoted, Question bool
	Masked                              bool // the word was respelled or masked
}

// Concepts yields the hits of named concepts.
func (f *Features) Concepts() iter.Seq[ConceptHit] {
	return func(yield func(ConceptHit) bool) {
		s := f.s
		if !s.lit {
			s.lights()
		}
		for _, h := range s.hits {
			name := s.e.names[h.concept]
			if name == "" || h.to == h.from {
				continue
			}
			l := s.t.toks[h.from].light
			if !yield(ConceptHit{Concept: name, First: int(h.from), Last: int(h.to) - 1, Negated: l&lightNegated != 0, Supposed: l&lightHypothetical != 0,
				Quoted: l&lightQuoted != 0, Question: l&lightQuestion != 0, Masked: h.masked}) {
				return
			}
		}
	}
}

// Rules yields the ids of the rules that apply to the post, with the
// confidence of each.
func (f *Features) Rules() iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for _, x := range f.s.fired {
			if !yield(f.s.e.progs[x.prog].ID, x.confidence) {
				return
			}
		}
	}
}

// Option changes how an engine is made.
type Option func(*Engine)

// WithModel adds a learned classifier.
func WithModel(m Model) Option {
	return func(e *Engine) { e.models = append(e.models, m) }
}

// Chances returns what the learned classifiers give a post; without them it is
// the confidence of what the rules find. Measuring reads it: a scan does not.
func (e *Engine) Chances(p *store.Post, author *Author) Chances {
	c := Chances{Heads: map[string]float64{}}
	s := e.pool.Get().(*scan)
	defer e.release(s)
	part := *p
	for at := 0; at < len(p.Text); at += len(part.Text) {
		part.Text = p.Text[at : at+partLen(p.Text[at:])]
		s.run(&part, author)
		c.raise(s.chances())
	}
	return c
}

// chances of the post that was run last.
func (s *scan) chances() (c Chances) {
	f := Features{Post: s.post, Professional: s.prof, s: s}
	for _, m := range s.e.models {
		if l, ok := m.(*Learned); ok {
			return l.Chances(&f)
		}
	}
	for _, x := range s.fired {
		c.Breach = max(c.Breach, x.confidence)
		if strings.HasPrefix(x.theme, hateFamily) {
			c.Hate = max(c.Hate, x.confidence)
		}
	}
	return c
}

// hateFamily begins the names of the themes of hate.
const hateFamily = "hate."

// raise takes over what is higher in o.
func (c *Chances) raise(o Chances) {
	c.Breach, c.Hate = max(c.Breach, o.Breach), max(c.Hate, o.Hate)
	for name, v := range o.Heads {
		c.Heads[name] = max(c.Heads[name], v)
	}
}

// Hash identifies everything that decides what the engine finds: the rules and
// the models.
func (e *Engine) Hash() string {
	parts := []string{e.rules.hash}
	for _, m := range e.models {
		if _, ok := m.(*Learned); ok {
			continue // the rules' hash holds it
		}
		parts = append(parts, m.Version())
	}
	if len(parts) == 1 {
		return e.rules.hash
	}
	return shortSum(strings.Join(parts, " "))[:16]
}

// ConceptNames lists the names of all concepts, sorted.
func (e *Engine) ConceptNames() []string {
	var list []string
	for _, n := range e.names {
		if n != "" {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

// askModels adds the models' verdicts to what the rules found.
func (s *scan) askModels() {
	f := Features{Post: s.post, Professional: s.prof, s: s}
	for _, m := range s.e.models {
		j := m.Judge(&f)
		s.weigh(j)
		for _, v := range j.Verdicts {
			s.judged = append(s.judged, s.verdict(v))
		}
	}
	s.judged = slices.DeleteFunc(s.judged, func(x store.Finding) bool { return x.Theme == "" })
}

// weigh drops and softens what the rules found, as a model judged it.
func (s *scan) weigh(j Judgement) {
	s.fired = slices.DeleteFunc(s.fired, func(x fired) bool { return x.confidence < j.Doubt })
	if !j.Mild {
		return
	}
	for i := range s.fired {
		if x := &s.fired[i]; x.confidence < certain && x.action == store.ActionRemove {
			x.action = store.ActionReview
		}
	}
}

// verdict makes a finding of a verdict; its theme is empty where the packs do
// not know the verdict's.
func (s *scan) verdict(v Verdict) store.Finding {
	th := s.e.themes[v.Theme]
	if th == nil {
		return store.Finding{}
	}
	x := store.Finding{PostID: s.post.ID, Rule: v.Rule, Theme: v.Theme, Standards: th.Standards, Action: v.Action,
		Confidence: v.Confidence, Spans: v.Spans, Why: v.Why, Advice: th.Advice, Ruleset: s.e.hash}
	if x.Why == "" {
		x.Why = th.Why
	}
	return x
}
