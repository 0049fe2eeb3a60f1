package scanner

import (
	"slices"
	"strings"
	"sync"

	"lookback/scanner/classify"
	"lookback/store"
)

// Learned puts the learned classifiers behind Model: it hears the letters, the
// concepts and the rules of a post and gives one judgement over all of them.
type Learned struct {
	model *classify.Model
	head  map[string]int  // group -> head, for the words that carried a decision
	rules map[string]bool // the ids in force; nil: all
	// standards numbers the first standard of each theme of the model.
	standards []int
	pool      sync.Pool
}

type learnedScratch struct {
	features  classify.Features
	rules     []uint64 // the names of those that fired
	names     []uint64 // the concepts of the post
	heard     classify.Heard
	said      []classify.Said
	scores    []float32
	signals   []float32
	themes    []float32
	inputs    [][classify.ChoiceWidth]float32
	shares    []float64 // by theme
	standards []float64 // shares of the themes of each standard
}

// NewLearned makes a Model of m that finds the themes of the given rules.
func NewLearned(m *classify.Model, rules []*Rule) *Learned {
	l := &Learned{model: m, head: map[string]int{}, rules: map[string]bool{}}
	for _, x := range rules {
		l.rules[x.ID] = true
	}
	l.standards = firstStandards(m.Themes, rules)
	for i, h := range m.Heads {
		l.head[h.Name] = i
	}
	l.pool.New = func() any {
		return &learnedScratch{scores: make([]float32, len(m.Heads)), themes: make([]float32, len(m.Themes)),
			shares: make([]float64, len(m.Themes)), standards: make([]float64, len(m.Themes))}
	}
	return l
}

// firstStandards numbers the first standard of each theme; a theme that no rule
// names has a number of its own.
func firstStandards(themes []classify.Head, rules []*Rule) []int {
	of := map[string]string{}
	for _, x := range rules {
		if len(x.Standards) > 0 && x.ID == x.Theme+learnedSuffix {
			of[x.Theme] = x.Standards[0]
		}
	}
	numbers, out := map[string]int{}, make([]int, len(themes))
	for t, h := range themes {
		name := of[h.Name]
		if name == "" {
			name = h.Name
		}
		n, ok := numbers[name]
		if !ok {
			n = len(numbers)
			numbers[name] = n
		}
		out[t] = n
	}
	return out
}

// Version names the weights.
func (l *Learned) Version() string { return "learned-" + l.model.Digest() }

// certain is the confidence from which a rule speaks for itself, whatever the
// classifiers make of the rest of the post.
const certain = 0.93

// plain is the confidence that a rule needs near the threshold. Below 0.8 it
// adds nothing to the probability there: of the cases left out of the fit, as
// many were breaches with such a rule as without.
const plain = 0.8

// familiar is the share of a post's words that the classifiers must know to
// judge it: they learned from English, and guess at other languages. Rules stand
// there as near the threshold.
const familiar = 0.7

// leastDoubt is the confidence that a rule needs to be shown beside what the
// classifiers find.
const leastDoubt = 0.45

// Judge scores the post and decides for all layers together. Most posts end at
// the gate, which reads their words one by one, or at the sieve or the screen
// behind it.
func (l *Learned) Judge(f *Features) Judgement {
	s := l.pool.Get().(*learnedScratch)
	defer l.pool.Put(s)
	s.start(f)
	if len(s.said) == 0 && l.model.GateScore(&s.features, s.names) < l.model.GateAt {
		return Judgement{}
	}
	s.widen(f)
	if !l.model.PassesSieve(&s.features, s.said) {
		return Judgement{Doubt: certain}
	}
	s.complete(f)
	if !l.model.PassesScreen(&s.features, s.said) {
		return Judgement{Doubt: certain}
	}
	signals := l.signals(s)
	p := l.model.Stack.Probability(signals)
	clear := p*l.model.Remove.Probability(signals) >= l.model.RemoveAt
	if p < l.model.Flag*nearly {
		return Judgement{Doubt: certain}
	}
	foreign := l.model.Familiar(&s.features, f.Post.Text) < familiar
	switch {
	case foreign && len(s.said) == 0:
		return Judgement{Doubt: certain}
	case foreign, p < l.model.Flag:
		return Judgement{Doubt: plain, Mild: !clear}
	}
	first, second := l.choose(s, signals)
	v, ok := l.verdict(f, s, first)
	if !ok {
		return Judgement{Doubt: leastDoubt, Mild: !clear}
	}
	v.Action, v.Confidence = store.ActionReview, float64(p)
	if clear {
		v.Action = store.ActionRemove
	}
	out := []Verdict{v}
	if w, ok := l.also(f, s, second, float64(p)); ok && w.Theme != v.Theme {
		out = append(out, w)
	}
	return Judgement{Verdicts: out, Doubt: leastDoubt, Mild: !clear}
}

// also is what the post may breach as well, where that is likely enough to be
// shown and no rule says it already.
func (l *Learned) also(f *Features, s *learnedScratch, t int, breach float64) (v Verdict, ok bool) {
	if t < 0 {
		return v, false
	}
	chance := breach * s.standards[l.standards[t]]
	if chance < minConfidence || heard(f, l.name(f, t)) {
		return v, false
	}
	v, ok = l.verdict(f, s, t)
	v.Action, v.Confidence = store.ActionReview, chance
	return v, ok
}

// start takes down what the gate asks of a post, and what the rules say.
func (s *learnedScratch) start(f *Features) {
	s.names = f.s.conceptNames(s.names[:0])
	s.features.Start(f.Post.Text, string(f.Post.Kind))
	s.said = said(f, s.said[:0])
}

// widen takes down what the sieve asks beside: concepts, their pairs and the
// rules that fired.
func (s *learnedScratch) widen(f *Features) {
	slices.Sort(s.names)
	s.rules = ruleNames(f, s.rules[:0])
	s.features.WidenPairs(s.names, s.rules)
}

// complete takes down the rest: classes of words, and units in their order.
func (s *learnedScratch) complete(f *Features) {
	s.heard.Concepts = s.names
	f.s.places(&s.heard)
	s.features.Complete(f.Post.Text, &s.heard)
}

// signals are what the joined models decide by; start, widen and complete have
// been called.
func (l *Learned) signals(s *learnedScratch) []float32 {
	l.model.Scores(&s.features, s.scores)
	s.signals = l.model.Signals(s.scores, s.said, s.signals)
	return s.signals
}

// hateHeads are the classifiers of the licensed corpora that heard hate; each
// corpus has its own idea of it, so that none is enough alone.
var hateHeads = []string{"corpus:hate", "corpus:groups", "corpus:sexism", "corpus:emoji"}

// Chances says how likely the post is a breach and how likely hate, whether or
// not that is enough for a finding.
func (l *Learned) Chances(f *Features) Chances {
	s := l.pool.Get().(*learnedScratch)
	defer l.pool.Put(s)
	s.start(f)
	s.widen(f)
	s.complete(f)
	signals := l.signals(s)
	c := Chances{Breach: float64(l.model.Stack.Probability(signals)), Heads: map[string]float64{}}
	var hate float32
	for i, h := range l.model.Heads {
		if name, ok := strings.CutPrefix(h.Name, classify.CorpusHead); ok {
			c.Heads[name] = float64(classify.Probability(signals[i]))
		}
		if slices.Contains(hateHeads, h.Name) {
			hate += signals[i]
		}
	}
	c.Hate = float64(classify.Probability(hate))
	return c
}

// explain gives a verdict the name, the words and the reason of the strongest
// rule that found the same theme, since a rule says more than a sum of weights.
// It returns false where there is none.
func explain(f *Features, v *Verdict) bool {
	top := 0.0
	for i := range f.s.fired {
		if x := &f.s.fired[i]; x.theme == v.Theme && x.confidence > top {
			found := f.s.finding(x)
			top, v.Rule, v.Why, v.Spans = x.confidence, found.Rule, found.Why, found.Spans
		}
	}
	return top > 0
}

// choose fills s.shares with the chance of each theme of a breach and returns
// the likeliest theme of the likeliest standard, and that of the next standard
// (-1 where there is none).
// Standards come first since a theme that is one of several of its standard is
// more easily taken for its neighbour than one that stands alone.
func (l *Learned) choose(s *learnedScratch, signals []float32) (first, second int) {
	l.model.ThemeScores(&s.features, s.themes)
	s.inputs = l.model.ChoiceInputs(s.themes, signals, s.said, s.inputs)
	l.model.Choice.Shares(s.inputs, s.shares)
	clear(s.standards)
	for t, p := range s.shares {
		s.standards[l.standards[t]] += p
	}
	first = l.likeliest(s, -1)
	return first, l.likeliest(s, l.standards[first])
}

// likeliest is the likeliest theme of the likeliest standard but the one to
// leave out; -1 where there is none.
func (l *Learned) likeliest(s *learnedScratch, without int) int {
	best := -1
	for t, p := range s.shares {
		own := l.standards[t]
		if own == without {
			continue
		}
		if best < 0 {
			best = t
			continue
		}
		top := l.standards[best]
		if own == top && p > s.shares[best] || own != top && s.standards[own] > s.standards[top] {
			best = t
		}
	}
	return best
}

// name is the theme that a post of others' words counts under, if it is one.
func (l *Learned) name(f *Features, t int) string {
	theme := l.model.Themes[t].Name
	others := f.Post.Kind == store.KindLike || f.Post.Kind == store.KindRepost
	if th := f.s.e.themes[theme]; others && !f.Post.Own && th != nil && th.Others != "" && th.Others != "keep" && th.Others != "drop" {
		return th.Others
	}
	return theme
}

// verdict names the theme and the words that carried it; ok is false where no
// rule in force does.
func (l *Learned) verdict(f *Features, s *learnedScratch, t int) (v Verdict, ok bool) {
	v.Theme = l.name(f, t)
	v.Rule = v.Theme + learnedSuffix
	if !l.rules[v.Rule] {
		return v, false
	}
	if !explain(f, &v) {
		v.Spans = l.carriers(s, classify.Group(v.Theme))
	}
	return v, true
}

// heard says whether a rule of the theme fired that is shown by itself.
func heard(f *Features, theme string) bool {
	return slices.ContainsFunc(f.s.fired, func(x fired) bool { return x.theme == theme && x.confidence >= leastDoubt })
}

func (l *Learned) carriers(s *learnedScratch, group string) []store.Span {
	const most = 3
	var spans []store.Span
	for _, c := range l.model.Carriers(&s.features, l.head[group], most) {
		spans = append(spans, store.Span{Start: int(c.Start), End: int(c.End)})
	}
	return spans
}

// mostConcepts bounds the pairs of concepts of one post.
const mostConcepts = 40

// conceptNames lists the concepts of a post as names of features, each once. A
// concept that is denied or stands in a quotation counts as another one. The
// order is that of the hits, but where there are too many to keep.
func (s *scan) conceptNames(names []uint64) []uint64 {
	if !s.lit {
		s.lights()
	}
	clear(s.named)
	for i := range s.hits {
		x := &s.hits[i]
		h, shade := s.spoken(x)
		if h == 0 {
			continue
		}
		at := 4*x.concept + shade
		if s.named[at>>6]&(1<<(at&63)) == 0 {
			s.named[at>>6] |= 1 << (at & 63)
			names = append(names, h)
		}
	}
	if len(names) > mostConcepts {
		slices.Sort(names)
		names = names[:mostConcepts]
	}
	return names
}

// spoken is the name of the feature that a hit stands for, 0 for none, and how
// the words that it stands in colour it.
func (s *scan) spoken(x *hit) (name uint64, shade int32) {
	name = s.e.spoken[x.concept]
	if name == 0 || x.to == x.from {
		return 0, 0
	}
	switch light := s.t.toks[x.from].light; {
	case light&lightNegated != 0:
		return name ^ 0x5bd1e995c3a5c85c, 1
	case light&lightQuoted != 0:
		return name ^ 0x27d4eb2f165667c5, 2
	}
	return name, 0
}

// places fills in where the concepts stand and where sentences begin.
// conceptNames has been called.
func (s *scan) places(out *classify.Heard) {
	out.Places, out.Sentences = out.Places[:0], out.Sentences[:0]
	for i := range s.hits {
		if h, _ := s.spoken(&s.hits[i]); h != 0 {
			out.Places = append(out.Places, classify.Place{Name: h, At: s.begins(s.hits[i].from)})
		}
	}
	for _, st := range s.t.sents {
		if st.to > st.from {
			out.Sentences = append(out.Sentences, s.begins(st.from))
		}
	}
}

// begins is the byte of the text that a token begins at.
func (s *scan) begins(token int32) int32 {
	t := &s.t.toks[token]
	from, _ := s.t.srcSpan(int(t.from), int(t.to))
	return int32(from)
}

// withPairs lists the names and their pairs.
func withPairs(names, extras []uint64) []uint64 {
	for i, a := range names {
		extras = append(extras, a)
		for _, b := range names[i+1:] {
			extras = append(extras, a*3+b)
		}
	}
	return extras
}

// ruleNames lists the rules that fired.
func ruleNames(f *Features, extras []uint64) []uint64 {
	for i := range f.s.fired {
		extras = append(extras, f.s.e.ruleNames[f.s.fired[i].prog])
	}
	return extras
}

// bare concepts say nothing by themselves; the letters hold them already.
func bare(name string) bool {
	switch name {
	case "is.user", "is.url", "is.hashtag", "is.number", "is.emoji":
		return true
	}
	return false
}

func nameHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// said lists what the rules that fired say.
func said(f *Features, out []classify.Said) []classify.Said {
	for _, x := range f.s.fired {
		out = append(out, classify.Said{Theme: x.theme, Remove: x.action == store.ActionRemove, Confidence: float32(x.confidence)})
	}
	return out
}

// Evidence is what the learned classifiers hear beside the letters of a post:
// its concepts and where they stand, these with their pairs, the rules that
// fired and what they say. Training reads it.
type Evidence struct {
	Heard  classify.Heard
	Extras []uint64
	Rules  []uint64
	Said   []classify.Said
}

// Evidence returns the evidence on a post. The engine's own models are not
// asked.
func (e *Engine) Evidence(p *store.Post, author *Author) Evidence {
	s := e.pool.Get().(*scan)
	defer e.release(s)
	part := *p
	part.Text = strings.ToValidUTF8(p.Text[:partLen(p.Text)], "\uFFFD")
	s.run(&part, author)
	f := Features{Post: &part, Professional: s.prof, s: s}
	heard := classify.Heard{Concepts: s.conceptNames(nil)}
	slices.Sort(heard.Concepts)
	s.places(&heard)
	return Evidence{Heard: heard, Extras: withPairs(heard.Concepts, nil), Rules: ruleNames(&f, nil), Said: said(&f, nil)}
}
