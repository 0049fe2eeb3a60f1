package scanner

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"lookback/store"
)

// A scan is the scratch memory of one Scan call. It comes from a pool.
type scan struct {
	e       *Engine
	t       text
	hits    []hit
	lists   []hitList
	touched []int32
	seen    []uint64
	cands   []uint64
	named   []uint64 // scratch of conceptNames
	due     []int32  // scratch of runPatterns and applyExcepts
	lit     bool
	post    *store.Post
	others  bool
	prof    bool
	skipped bool // a rule was left out because the author is not known as a professional
	byHand  bool // the author's words before "RT @handle" condemn what follows
	rule    *program
	plain   int // depth of "not": modifiers of the rule do not apply there
	took    []int32
	fired   []fired
	judged  []store.Finding // by models
	// harmless are parts of texts in which a glance finds nothing.
	harmless []knownPart
}

// fired is one rule that applies to the post.
type fired struct {
	prog       int32
	theme      string
	action     store.Action
	confidence float64
	took, end  int32 // range in scan.kept
}

func (e *Engine) newScan() *scan {
	return &scan{
		e: e, t: text{lex: e.lex},
		lists: make([]hitList, len(e.names)), seen: make([]uint64, (len(e.names)+63)/64),
		cands: make([]uint64, len(e.always)), named: make([]uint64, (4*len(e.names)+63)/64),
	}
}

// find reads a text and records the hits of all concepts in it.
func (s *scan) find(src string) {
	for _, c := range s.touched {
		s.lists[c] = hitList{}
	}
	clear(s.seen)
	s.hits, s.touched, s.lit = s.hits[:0], s.touched[:0], false
	s.t.read(src)
	s.match()
	s.builtins()
	s.runPatterns()
	s.applyExcepts()
}

func (s *scan) has(concept int32) bool { return concept >= 0 && s.lists[concept].head != 0 }

func (s *scan) sawAny(set []int32) bool {
	for _, c := range set {
		if s.seen[c>>6]&(1<<(c&63)) != 0 {
			return true
		}
	}
	return false
}

func (s *scan) runPatterns() {
	var norm, src byteSet
	looked, original := false, false
	s.due = s.e.needed.among(s.seen, s.due[:0])
	for _, i := range s.due {
		p := &s.e.patterns[i]
		var in byteSet
		switch {
		case p.original && !original:
			src, original = bytesIn(s.t.src), true
			fallthrough
		case p.original:
			in = src
		case !looked:
			norm, looked = bytesIn(s.t.norm), true
			fallthrough
		default:
			in = norm
		}
		if !slices.ContainsFunc(p.must, func(set byteSet) bool { return !set.meets(in) }) {
			s.runPattern(p)
		}
	}
}

func bytesIn[T []byte | string](t T) byteSet {
	var lower, upper uint64
	for i := range len(t) {
		c := t[i] // what is shifted too far is 0
		lower |= 1 << c
		upper |= 1 << (c - 64)
	}
	return byteSet{lower, upper}
}

func (s *scan) runPattern(p *compiledPattern) {
	hay := s.t.norm
	if p.original {
		hay = []byte(s.t.src)
	}
	if p.anchored {
		s.anchored(p, hay)
		return
	}
	for _, loc := range p.re.FindAllIndex(hay, maxMatches) {
		s.matched(p, hay, loc[0], loc[1])
	}
}

const (
	maxMatches = 20 // of one expression in one text
	leadWords  = 2  // an anchored match begins at most so many words before the needed one
)

// anchored tries an expression where a needed word, or one just before it,
// begins.
func (s *scan) anchored(p *compiledPattern, hay []byte) {
	next, found := int32(0), 0
	for h := s.lists[p.need].head; h != 0 && found < maxMatches; h = s.hits[h-1].next {
		x := &s.hits[h-1]
		for i := max(x.from-leadWords, next); i <= x.from; i++ {
			next = i + 1
			at := int(s.t.toks[i].from)
			if p.original {
				at, _ = s.t.srcSpan(at, at+1)
			}
			if p.marked {
				at = markBefore(hay, at)
			}
			if c := hay[at]; c < utf8.RuneSelf && !p.first.has(c) {
				continue
			}
			if loc := p.re.FindIndex(hay[at:]); loc != nil {
				s.matched(p, hay, at, at+loc[1])
				found++
			}
		}
	}
}

// markBefore is where the character before a word stands; a space may be
// between the two.
func markBefore(hay []byte, at int) int {
	if at > 1 && hay[at-1] == ' ' {
		at--
	}
	return max(at-1, 0)
}

// matched records a match of an expression.
func (s *scan) matched(p *compiledPattern, hay []byte, a, b int) {
	if p.check != nil && !p.check(hay[a:b]) {
		return
	}
	from, to := s.tokenRange(a, b, p.original)
	if from == to {
		return
	}
	for _, c := range p.accepts {
		s.emit(c, from, to, false)
	}
}

// tokenRange gives the tokens that a range of bytes touches.
func (s *scan) tokenRange(a, b int, original bool) (int32, int32) {
	from, to := int32(-1), int32(-1)
	for i := range s.t.toks {
		k := &s.t.toks[i]
		ka, kb := int(k.from), int(k.to)
		if original {
			ka, kb = s.t.srcSpan(ka, kb)
		}
		if kb > a && ka < b {
			if from < 0 {
				from = int32(i)
			}
			to = int32(i + 1)
		}
	}
	return max(from, 0), max(to, 0)
}

// applyExcepts takes hits out that lie inside a phrase named as an exception.
func (s *scan) applyExcepts() {
	s.due = s.e.excepted.among(s.seen, s.due[:0])
	for _, i := range s.due {
		x := s.e.excepts[i]
		if s.lists[x.concept].head == 0 {
			continue
		}
		l := &s.lists[x.concept]
		h, prev := l.head, int32(0)
		for h != 0 {
			cur := &s.hits[h-1]
			if !s.overlaps(x.phrase, cur) {
				prev, h = h, cur.next
				continue
			}
			if prev == 0 {
				l.head = cur.next
			} else {
				s.hits[prev-1].next = cur.next
			}
			h, cur.to = cur.next, cur.from
		}
		if l.head == 0 {
			s.seen[x.concept>>6] &^= 1 << (x.concept & 63)
		}
	}
}

func (s *scan) overlaps(phrase int32, h *hit) bool {
	for o := s.lists[phrase].head; o != 0; o = s.hits[o-1].next {
		if x := &s.hits[o-1]; x.from < h.to && x.to > h.from {
			return true
		}
	}
	return false
}

// maxText is how many bytes are judged at once. Longer texts are cut where a
// paragraph, a line or a word ends, so that no text takes longer than its
// length asks for.
const maxText = 16 << 10

// Scan returns what the rules find in a post, the most serious first; nil when
// they find nothing. author may be nil.
func (e *Engine) Scan(p *store.Post, author *Author) []store.Finding {
	if e.glance != nil && e.glance.quiet(e, p.Text) {
		return nil
	}
	found, _ := e.judge(p, author)
	return found
}

// look is Scan that also says what is to be noted of the post.
func (e *Engine) look(p *store.Post, author *Author) ([]store.Finding, store.Mark) {
	if e.glance != nil && e.glance.passes(e, p) {
		return nil, 0
	}
	return e.judge(p, author)
}

// judge is look without a glance first.
func (e *Engine) judge(p *store.Post, author *Author) ([]store.Finding, store.Mark) {
	s := e.pool.Get().(*scan)
	defer e.release(s)
	if len(p.Text) <= maxText {
		found := s.judgePost(p, author)
		marks := s.marks(author, found) | s.stance()
		if !found {
			return nil, marks
		}
		return s.inContext(merge(s.collected(nil, 0)), author, s.has(e.workplace)), marks
	}
	var all []store.Finding
	var marks store.Mark
	workplace := false
	part := *p
	for at := 0; at < len(p.Text); {
		n := partLen(p.Text[at:])
		part.Text = p.Text[at : at+n]
		found := s.judgePost(&part, author)
		if found {
			all = s.collected(all, at)
		}
		marks |= s.marks(author, found)
		workplace = workplace || s.has(e.workplace)
		at += n
	}
	return s.inContext(merge(all), author, workplace), marks
}

// partLen says where to cut a long text.
func partLen(s string) int {
	if len(s) <= maxText {
		return len(s)
	}
	for _, sep := range []string{"\n\n", "\n", ". ", " "} {
		if i := strings.LastIndex(s[maxText/2:maxText], sep); i >= 0 {
			return maxText/2 + i + len(sep)
		}
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// judgePost runs rules and models; it returns false where they find nothing.
func (s *scan) judgePost(p *store.Post, author *Author) bool {
	found := s.run(p, author)
	if len(s.e.models) > 0 {
		s.askModels()
		found = len(s.fired) > 0
	}
	return found || len(s.judged) > 0
}

func (e *Engine) release(s *scan) {
	s.post, s.rule = nil, nil
	s.t.src = ""
	e.pool.Put(s)
}

// run fills s.fired.
func (s *scan) run(p *store.Post, author *Author) bool {
	s.post, s.fired, s.took, s.judged = p, s.fired[:0], s.took[:0], s.judged[:0]
	s.find(p.Text)
	s.skipped, s.byHand = false, false
	s.others = !p.Own && (p.Kind == store.KindLike || p.Kind == store.KindRepost)
	s.prof = author != nil && author.Professional || s.has(s.e.professional)
	s.candidates()
	for w, set := range s.cands {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			s.try(int32(i))
		}
	}
	return len(s.fired) > 0
}

func (s *scan) candidates() {
	copy(s.cands, s.e.always)
	for _, c := range s.touched {
		for w, set := range s.e.triggers[c] {
			s.cands[w] |= set
		}
	}
}

// try runs one rule.
func (s *scan) try(i int32) {
	p := &s.e.progs[i]
	for _, set := range p.needs {
		if !s.sawAny(set) {
			return
		}
	}
	if !s.applies(p) || !s.possible(p.when) {
		return
	}
	if !s.lit {
		s.lights()
	}
	s.rule = p
	start := int32(len(s.took))
	all := int32(len(s.t.toks))
	if !s.eval(p.when, 0, all) || s.anyOf(p.unless, all) {
		s.took = s.took[:start]
		return
	}
	f := fired{prog: i, theme: p.Theme, action: p.Action, confidence: p.Confidence, took: start, end: int32(len(s.took))}
	if !s.judge(p, &f) {
		s.took = s.took[:start]
		return
	}
	s.fired = append(s.fired, f)
}

// possible asks of a condition only whether the concepts are there, wherever
// and however they stand.
func (s *scan) possible(c *cond) bool {
	switch c.op {
	case opLeaf:
		return s.seen[c.concept>>6]&(1<<(c.concept&63)) != 0
	case opNone:
		return true
	case opAny, opSome:
		return slices.ContainsFunc(c.kids, s.possible)
	case opNotNear:
		return s.possible(c.kids[0])
	}
	for _, k := range c.kids {
		if !s.possible(k) {
			return false
		}
	}
	return true
}

// applies checks what does not depend on the text.
func (s *scan) applies(p *program) bool {
	switch {
	case p.kinds&kindBit(s.post.Kind) == 0:
		return false
	case p.own > 0 && s.others, p.own < 0 && !s.others:
		return false
	case p.Author == "professional" && !s.prof:
		s.skipped = true
		return false
	case len(p.audience) > 0:
		a := s.post.Audience
		if a == store.AudienceUnknown {
			a = store.AudiencePublic
		}
		return p.audience[a]
	}
	return true
}

// anyOf evaluates conditions over the whole post without keeping their hits.
func (s *scan) anyOf(list []*cond, all int32) bool {
	start := len(s.took)
	s.plain++
	defer func() { s.plain--; s.took = s.took[:start] }()
	for _, c := range list {
		if s.eval(c, 0, all) {
			return true
		}
	}
	return false
}

// judge weighs a rule that applies: quotation, negation, supposition, what
// lowers and raises it. It returns false where the rule is to be dropped.
func (s *scan) judge(p *program, f *fired) bool {
	all := int32(len(s.t.toks))
	quoted, negated, hypo, asked, masked := s.shade(f)
	lower := 0
	if quoted && p.quoted != policyKeep {
		switch agrees, condemns := s.agrees(), s.has(s.e.counter) || s.byHand; {
		case agrees && !condemns: // as good as the author's own words
		case !agrees && (condemns || p.quoted == policyDrop):
			return false
		default:
			lower++
		}
	}
	if negated && p.negated == policyLower {
		lower++
	}
	for _, x := range []struct {
		is  bool
		pol policy
	}{{hypo, p.hypothetical}, {asked, p.question}} {
		if x.is && x.pol == policyDrop {
			return false
		}
		if x.is && x.pol == policyLower {
			lower++
		}
	}
	if len(p.lower) > 0 && s.anyOf(p.lower, all) {
		lower++
	}
	if len(p.raise) > 0 && s.anyOf(p.raise, all) {
		f.action = store.ActionRemove
		f.confidence += (1 - f.confidence) / 2
	}
	if lower > 0 {
		f.action = store.ActionReview
		f.confidence *= 0.7
	}
	if masked {
		f.confidence *= 0.95
	}
	if s.prof && p.Confidence > 0.4 {
		f.confidence += (1 - f.confidence) * 0.1
	}
	return s.ownTheme(f)
}

// ownTheme maps what others said in a like or repost to the theme that it is
// for the person who liked it.
func (s *scan) ownTheme(f *fired) bool {
	if !s.others {
		return true
	}
	th := s.e.themes[f.theme]
	if th == nil || th.Others == "keep" {
		return true
	}
	f.theme = th.Others
	return th.Others != "drop"
}

// shade says how the hits of a rule stand in the text, leaving out those that
// only set the scene.
func (s *scan) shade(f *fired) (quoted, negated, hypo, asked, masked bool) {
	quoted, asked = true, true
	weighing := false
	for pass := range 2 {
		for _, h := range s.took[f.took:f.end] {
			x := &s.hits[h]
			if pass == 0 && s.e.setting[x.concept] {
				continue
			}
			weighing = true
			light := s.t.toks[x.from].light
			quoted = quoted && light&lightQuoted != 0
			asked = asked && light&lightQuestion != 0
			negated = negated || light&lightNegated != 0
			hypo = hypo || light&lightHypothetical != 0
			masked = masked || x.masked
		}
		if weighing {
			break
		}
	}
	return quoted && weighing, negated, hypo, asked && weighing, masked
}

func (s *scan) span(from, to int32) store.Span {
	first := s.t.toks[from]
	if first.flags&tokInTag != 0 && first.from > 0 && s.t.norm[first.from-1] == '#' {
		first.from--
	}
	a, _ := s.t.srcSpan(int(first.from), int(first.to))
	_, b := s.t.srcSpan(int(s.t.toks[to-1].from), int(s.t.toks[to-1].to))
	return store.Span{Start: a, End: b}
}

// collected appends what was found in a part of a text that begins at byte at.
func (s *scan) collected(all []store.Finding, at int) []store.Finding {
	first := len(all)
	for i := range s.fired {
		all = append(all, s.finding(&s.fired[i]))
	}
	all = append(all, s.judged...)
	if at > 0 {
		for _, f := range all[first:] {
			for i := range f.Spans {
				f.Spans[i].Start += at
				f.Spans[i].End += at
			}
		}
	}
	return all
}

// merge makes one finding of all of a theme, and puts the most serious first.
func merge(all []store.Finding) []store.Finding {
	bySeriousness := func(a, b store.Finding) int {
		return compareSerious(a.Action, b.Action, a.Confidence, b.Confidence)
	}
	slices.SortStableFunc(all, bySeriousness)
	list := all[:0]
	for _, f := range all {
		i := slices.IndexFunc(list, func(x store.Finding) bool { return x.Theme == f.Theme })
		if i < 0 {
			list = append(list, f)
			continue
		}
		x := &list[i]
		hi, lo := max(x.Confidence, f.Confidence), min(x.Confidence, f.Confidence)
		x.Confidence = hi + (1-hi)*lo*0.3
		x.Spans = append(x.Spans, f.Spans...)
	}
	list = slices.DeleteFunc(list, func(x store.Finding) bool { return x.Confidence < minConfidence })
	if len(list) == 0 {
		return nil
	}
	for i := range list {
		list[i].Confidence = math.Round(list[i].Confidence*1000) / 1000
		list[i].Spans = mergeSpans(list[i].Spans)
	}
	slices.SortStableFunc(list, bySeriousness)
	return list
}

func compareSerious(a, b store.Action, ca, cb float64) int {
	switch {
	case a != b && a == store.ActionRemove:
		return -1
	case a != b && b == store.ActionRemove:
		return 1
	case ca > cb:
		return -1
	case ca < cb:
		return 1
	}
	return 0
}

func (s *scan) finding(f *fired) store.Finding {
	p := &s.e.progs[f.prog]
	x := store.Finding{
		PostID: s.post.ID, Rule: p.ID, Theme: f.theme, Standards: p.Standards, Action: f.action,
		Confidence: f.confidence, Why: p.Why, Advice: p.Advice, Ruleset: s.e.hash, Spans: s.spansOf(f),
	}
	if f.theme != p.Theme {
		th := s.e.themes[f.theme]
		x.Standards, x.Why, x.Advice = th.Standards, th.Why, th.Advice
	}
	return x
}

// spansOf lists the places that a rule marks.
func (s *scan) spansOf(f *fired) []store.Span {
	set := s.e.progs[f.prog].spanSet
	var list []store.Span
	for _, h := range s.took[f.took:f.end] {
		x := &s.hits[h]
		if x.to > x.from && (set == nil || set[x.concept]) {
			list = append(list, s.span(x.from, x.to))
		}
	}
	return list
}

// mergeSpans orders spans and joins those that overlap or touch.
func mergeSpans(list []store.Span) []store.Span {
	slices.SortFunc(list, func(a, b store.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	out := list[:0]
	for _, x := range list {
		if n := len(out); n > 0 && x.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, x.End)
			continue
		}
		out = append(out, x)
	}
	return out
}
