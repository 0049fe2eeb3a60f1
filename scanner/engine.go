package scanner

import (
	"fmt"
	"math/bits"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"lookback/scanner/classify"
	"lookback/store"
)

// Names of concepts that the engine looks up by itself. They may be missing.
const (
	conceptNegation     = "is.negation"
	conceptHypothetical = "is.hypothetical"
	conceptBreak        = "is.clause-break"
	conceptMe           = "is.me"
	conceptYou          = "is.you"
	conceptOther        = "is.other"
	conceptCounter      = "counter-speech"
	conceptCondemn      = "condemn"
	conceptProfessional = "professional"
	conceptAgree        = "is.agree"
	conceptApproval     = "is.approval"
	conceptName         = "is.name"
	conceptWorkplace    = "workplace-named"
)

var engineConcepts = []string{conceptNegation, conceptHypothetical, conceptBreak, conceptMe, conceptYou, conceptOther, conceptCounter, conceptCondemn, conceptProfessional, conceptAgree, conceptApproval,
	conceptWorkplace}

// minConfidence is what a finding must reach to be shown.
const minConfidence = 0.2

// An Engine holds compiled rules. It is safe for concurrent use.
type Engine struct {
	rules     *Rules
	lex       *lexicon
	auto      *automaton
	names     []string // of concepts; "" for unnamed ones
	ruleNames []uint64 // by program: its rule's name's hash for models
	spoken    []uint64 // by concept: its name's hash for models; 0 where they do not hear of it
	setting   []bool
	excepts   []exceptDef
	patterns  []compiledPattern
	excepted  filed // excepts by their phrases
	needed    filed // patterns by the words that must be there
	progs     []program
	triggers  [][]uint64           // by concept: the rules to look at when it is seen
	always    []uint64             // rules without a concept that must be there
	builtin   [numBuiltins][]int32 // the concepts that count where code finds one
	negation, hypo, brk,
	me, you, other, counter, condemn, professional,
	agree, approval, name, workplace int32 // their indexes, or -1
	themes map[string]*Theme
	models []Model
	glance *glance // nil where it would let every post through
	hash   string
	pool   sync.Pool
}

// exceptDef: hits of concept that overlap a hit of phrase do not count.
type exceptDef struct{ concept, phrase int32 }

// filed are things of which each is filed under a concept of its own, to be
// found by those that a text holds.
type filed struct {
	concepts []uint64 // a bit for each concept that something is filed under
	at       []int32  // by concept: what it is
}

func newFiled(concepts int) filed {
	return filed{make([]uint64, (concepts+63)/64), make([]int32, concepts)}
}

func (f *filed) file(concept int32, i int) {
	f.concepts[concept>>6] |= 1 << (concept & 63)
	f.at[concept] = int32(i)
}

// among lists what is filed under the seen concepts, in their order.
func (f *filed) among(seen []uint64, out []int32) []int32 {
	for w, set := range f.concepts {
		for set &= seen[w]; set != 0; set &= set - 1 {
			out = append(out, f.at[w*64+bits.TrailingZeros64(set)])
		}
	}
	return out
}

type compiledPattern struct {
	need     int32 // pseudo concept of the words that must be there
	accepts  []int32
	re       *regexp.Regexp
	original bool
	anchored bool // re is tried at the beginnings of words near the needed ones only
	marked   bool // likewise at the marks before those words
	check    func([]byte) bool
	must     []byteSet // characters without which the expression cannot match
	first    byteSet   // what an anchored match may begin with, besides what is not ASCII
}

// New compiles rules; opts may add learned classifiers.
func New(r *Rules, opts ...Option) (*Engine, error) {
	c := &compiler{rules: r}
	t, err := c.tables()
	if err != nil {
		return nil, err
	}
	e := c.engine(t)
	if len(r.learned) > 0 {
		m, err := classify.Default()
		if err != nil {
			return nil, fmt.Errorf("loading the learned classifiers: %w", err)
		}
		e.models = append(e.models, NewLearned(m, r.learned))
	}
	for _, o := range opts {
		o(e)
	}
	e.glance = newGlance(e)
	e.hash = e.Hash()
	return e, nil
}

// tables compiles the concepts, or reads what was compiled of them.
func (c *compiler) tables() (*tables, error) {
	t, wait := &tables{}, func() {}
	if c.rules.tables != "" {
		wait = (&wire{in: c.rules.tables, reading: true}).readTables(t)
		c.known = t.freqs
	} else {
		c.lex, c.trie = newLexBuilder(), newTrieBuilder()
		c.words = newPhraseBuilder(c.lex, c.trie)
	}
	c.includers()
	for i, def := range c.rules.concepts {
		c.concept(int32(i), def)
	}
	wait()
	if err := joinErrors(c.errs); err != nil {
		return nil, err
	}
	if t.lex == nil {
		t.freqs, t.lex = c.freqs, c.lex.build()
		t.auto = c.trie.build(c.lex.numIDs, c.closure)
	}
	return t, nil
}

type compiler struct {
	rules    *Rules
	lex      *lexBuilder
	trie     *trieBuilder
	words    *phraseBuilder
	up       [][]int32 // by concept: itself and all that include it
	pseudo   int32     // pseudo concepts made so far, numbered after the real ones
	freq     []float64
	freqs    []float64 // what list has returned,
	known    []float64 // and what it will return of lists that are compiled
	excepts  []exceptDef
	patterns []compiledPattern
	errs     []error
}

// includers computes for each concept which others its hits count for.
func (c *compiler) includers() {
	n := len(c.rules.concepts)
	direct := make([][]int32, n)
	for i, def := range c.rules.concepts {
		for _, in := range def.include {
			j := c.rules.byName[in.text]
			direct[j] = append(direct[j], int32(i))
		}
	}
	c.up = make([][]int32, n)
	for i := range n {
		seen := map[int32]bool{}
		var walk func(int32)
		walk = func(k int32) {
			if seen[k] {
				return
			}
			seen[k] = true
			c.up[i] = append(c.up[i], k)
			for _, up := range direct[k] {
				walk(up)
			}
		}
		walk(int32(i))
		slices.Sort(c.up[i])
	}
	c.freq = make([]float64, n)
}

func (c *compiler) closure(i int32) []int32 {
	if int(i) < len(c.up) {
		return c.up[i]
	}
	return []int32{i}
}

func (c *compiler) newPseudo() int32 {
	c.pseudo++
	return int32(len(c.rules.concepts)) + c.pseudo - 1
}

func (c *compiler) concept(i int32, def *conceptDef) {
	f := c.list(def, def.words, i, def.masked)
	for _, up := range c.up[i] {
		c.freq[up] += f
	}
	if len(def.except) > 0 {
		p := c.newPseudo()
		c.list(def, def.except, p, false)
		c.excepts = append(c.excepts, exceptDef{concept: i, phrase: p})
	}
	for _, p := range def.patterns {
		c.pattern(i, def, p)
	}
}

func (c *compiler) list(def *conceptDef, words []wordDef, concept int32, masked bool) float64 {
	if len(c.known) > 0 {
		f := c.known[0]
		c.known = c.known[1:]
		return f
	}
	var total float64
	for _, w := range words {
		f, err := c.words.add(w.text, concept, masked)
		if err != nil {
			c.errs = append(c.errs, def.src.errorAt(w.line, "%v", err))
			continue
		}
		total += f
	}
	c.freqs = append(c.freqs, total)
	return total
}

func (c *compiler) pattern(i int32, def *conceptDef, p patternDef) {
	re, err := regexp.Compile(p.re)
	if err != nil {
		c.errs = append(c.errs, def.src.errorAt(p.line, "%v", err))
		return
	}
	need := c.newPseudo()
	f := c.list(def, p.need, need, def.masked)
	for _, up := range c.up[i] {
		c.freq[up] += f
	}
	marked := !p.original && beginsWithMark(p.re)
	anchored := marked || beginsWithWord(p.re)
	if anchored {
		re = regexp.MustCompile(`\A(?:` + p.re + `)`)
	}
	c.patterns = append(c.patterns, compiledPattern{need: need, accepts: c.up[i], re: re, original: p.original, anchored: anchored, marked: marked, check: checks[def.check], must: mustSets(p.re), first: firstSet(p.re)})
}

// beginsWithWord says whether every match of an expression begins where a word
// begins. Such an expression is tried only there.
func beginsWithWord(expr string) bool {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return false
	}
	for {
		switch re.Op {
		case syntax.OpWordBoundary:
			return true
		case syntax.OpConcat, syntax.OpCapture:
			re = re.Sub[0]
			continue
		case syntax.OpAlternate:
			for _, k := range re.Sub {
				if !beginsWithWord(k.String()) {
					return false
				}
			}
			return true
		}
		return false
	}
}

// beginsWithMark says whether every match of an expression begins with one of a
// set of marks, such as quotation marks. Such an expression is tried only where
// a mark stands before a word.
func beginsWithMark(expr string) bool {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return false
	}
	for re.Op == syntax.OpConcat || re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpCharClass && re.Op != syntax.OpLiteral {
		return false
	}
	if re.Rune[len(re.Rune)-1] >= utf8.RuneSelf {
		return false
	}
	set, _ := firstOf(re)
	return !set.meets(notMarks)
}

// notMarks are the characters of words, and white space.
var notMarks = func() (set byteSet) {
	set.addRunes(0, ' ')
	set.addRunes('0', '9')
	set.addRunes('A', 'Z')
	set.addRunes('_', '_')
	set.addRunes('a', 'z')
	return set
}()

// byteSet is a set of ASCII characters.
type byteSet [2]uint64

func (b *byteSet) add(c byte) { b[c>>6&1] |= 1 << (c & 63) }

// addRunes adds the ASCII characters among a range.
func (b *byteSet) addRunes(from, to rune) {
	for c := from; c <= min(to, utf8.RuneSelf-1); c++ {
		b.add(byte(c))
	}
}

func (b *byteSet) has(c byte) bool { return b[c>>6&1]&(1<<(c&63)) != 0 }

func (b byteSet) meets(o byteSet) bool { return b[0]&o[0] != 0 || b[1]&o[1] != 0 }

// firstSet is the set of ASCII characters that a match of an expression may
// begin with; all of them where that cannot be told.
func firstSet(expr string) byteSet {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return anyByte
	}
	set, empty := firstOf(re)
	if empty {
		return anyByte
	}
	return set
}

var anyByte = byteSet{1<<64 - 1, 1<<64 - 1}

// firstOf is firstSet of a part; empty says that the part may match nothing, so
// that what follows it comes first.
func firstOf(re *syntax.Regexp) (set byteSet, empty bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return set, true
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return anyByte, false
		}
		set.addRunes(re.Rune[0], re.Rune[0])
		return set, false
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			set.addRunes(re.Rune[i], re.Rune[i+1])
		}
		return set, false
	case syntax.OpCapture, syntax.OpPlus:
		return firstOf(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		set, _ = firstOf(re.Sub[0])
		return set, true
	case syntax.OpRepeat:
		set, empty = firstOf(re.Sub[0])
		return set, empty || re.Min == 0
	case syntax.OpConcat:
		empty = true
		for _, k := range re.Sub {
			var more byteSet
			more, empty = firstOf(k)
			set[0], set[1] = set[0]|more[0], set[1]|more[1]
			if !empty {
				break
			}
		}
		return set, empty
	case syntax.OpAlternate:
		for _, k := range re.Sub {
			more, none := firstOf(k)
			set[0], set[1], empty = set[0]|more[0], set[1]|more[1], empty || none
		}
		return set, empty
	}
	return anyByte, false
}

// mustSets lists sets of ASCII characters of which every match of an
// expression holds one each. Looking for them first is far cheaper than running
// the expression.
func mustSets(expr string) []byteSet {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	var must []byteSet
	var walk func(*syntax.Regexp)
	walk = func(r *syntax.Regexp) {
		switch {
		case r.Op == syntax.OpLiteral && r.Flags&syntax.FoldCase == 0:
			for _, c := range r.Rune {
				must = addRange(must, []rune{c, c})
			}
		case r.Op == syntax.OpCharClass:
			must = addRange(must, r.Rune)
		case r.Op == syntax.OpConcat, r.Op == syntax.OpCapture, r.Op == syntax.OpPlus, r.Op == syntax.OpRepeat && r.Min > 0:
			for _, k := range r.Sub {
				walk(k)
			}
		}
	}
	walk(re)
	return must
}

// addRange adds the set of a character class, unless it goes beyond ASCII or is
// there already.
func addRange(must []byteSet, ranges []rune) []byteSet {
	var set byteSet
	for i := 0; i+1 < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if c >= utf8.RuneSelf {
				return must
			}
			set.add(byte(c))
		}
	}
	if slices.Contains(must, set) {
		return must
	}
	return append(must, set)
}

func (c *compiler) engine(t *tables) *Engine {
	r := c.rules
	e := &Engine{rules: r, lex: t.lex, auto: t.auto, excepts: c.excepts, patterns: c.patterns, themes: map[string]*Theme{}}
	total := len(r.concepts) + int(c.pseudo)
	e.excepted, e.needed = newFiled(total), newFiled(total)
	for i, x := range e.excepts {
		e.excepted.file(x.phrase, i)
	}
	for i := range e.patterns {
		e.needed.file(e.patterns[i].need, i)
	}
	e.names, e.setting = make([]string, total), make([]bool, total)
	for i, def := range r.concepts {
		e.names[i], e.setting[i] = def.name, def.setting || isSettingBuiltin(def.name)
	}
	for i := range r.regulator.Themes {
		e.themes[r.regulator.Themes[i].ID] = &r.regulator.Themes[i]
	}
	for i, name := range builtinNames {
		if k := e.index(name); k >= 0 {
			e.builtin[i] = c.up[k]
		}
	}
	e.negation, e.hypo, e.brk = e.index(conceptNegation), e.index(conceptHypothetical), e.index(conceptBreak)
	e.me, e.you, e.other = e.index(conceptMe), e.index(conceptYou), e.index(conceptOther)
	e.counter, e.condemn, e.professional = e.index(conceptCounter), e.index(conceptCondemn), e.index(conceptProfessional)
	e.agree, e.approval, e.name, e.workplace = e.index(conceptAgree), e.index(conceptApproval), e.index(conceptName), e.index(conceptWorkplace)
	for _, i := range []int32{e.agree, e.approval} {
		if i >= 0 {
			e.names[i] = "" // for the engine alone: models were not trained on them
		}
	}
	e.spoken = make([]uint64, total)
	for i, name := range e.names {
		if name != "" && !bare(name) {
			e.spoken[i] = nameHash(name)
		}
	}
	e.lex.useNames = e.auto.rootSet&className != 0 || slices.ContainsFunc(e.auto.nodes, func(n node) bool { return n.classes&className != 0 })
	c.programs(e)
	for i := range e.progs {
		e.ruleNames = append(e.ruleNames, nameHash("rule "+e.progs[i].ID))
	}
	e.lex.link(e.auto)
	e.pool.New = func() any { return e.newScan() }
	return e
}

func (e *Engine) index(name string) int32 {
	if i, ok := e.rules.byName[name]; ok {
		return int32(i)
	}
	return -1
}

// Rules returns what the engine was made from.
func (e *Engine) Rules() *Rules { return e.rules }

// A program is a rule made ready to run.
type program struct {
	*Rule
	needs    [][]int32 // one concept of each must be in the post
	kinds    uint16    // bit by index in store.Kinds
	audience map[store.Audience]bool
	own      int8 // 1 own words only, -1 others' only
	spanSet  map[int32]bool
}

func (c *compiler) programs(e *Engine) {
	words := (len(c.rules.rules) + 63) / 64
	e.triggers = make([][]uint64, len(e.names))
	e.always = make([]uint64, words)
	for i, r := range c.rules.rules {
		p := program{Rule: r, needs: c.needsOf(r.when), kinds: kindMask(r)}
		p.audience = map[store.Audience]bool{}
		for _, a := range r.Audience {
			p.audience[a] = true
		}
		p.own = map[string]int8{"own": 1, "others": -1}[r.WordsOf]
		for _, s := range r.spans {
			if p.spanSet == nil {
				p.spanSet = map[int32]bool{}
			}
			p.spanSet[int32(c.rules.byName[s.text])] = true
		}
		e.progs = append(e.progs, p)
		c.trigger(e, i, words)
	}
}

// trigger files a rule under the rarest set of concepts of which it needs one.
func (c *compiler) trigger(e *Engine, i, words int) {
	best := c.rarest(e.progs[i].needs)
	if best < 0 {
		e.always[i/64] |= 1 << (i % 64)
		return
	}
	for _, concept := range e.progs[i].needs[best] {
		if e.triggers[concept] == nil {
			e.triggers[concept] = make([]uint64, words)
		}
		e.triggers[concept][i/64] |= 1 << (i % 64)
	}
}

// needsOf lists sets of concepts of which a condition needs one each.
func (c *compiler) needsOf(x *cond) [][]int32 {
	switch x.op {
	case opLeaf:
		return [][]int32{{int32(x.concept)}}
	case opAny, opSome:
		var union []int32
		for _, k := range x.kids {
			needs := c.needsOf(k)
			if len(needs) == 0 {
				return nil
			}
			union = append(union, needs[c.rarest(needs)]...)
		}
		return [][]int32{union}
	case opNone:
		return nil
	case opNotNear:
		return c.needsOf(x.kids[0])
	}
	var all [][]int32
	for _, k := range x.kids {
		all = append(all, c.needsOf(k)...)
	}
	return all
}

// rarest is the index of the set of concepts that are seen most seldom; -1 where
// there is none.
func (c *compiler) rarest(sets [][]int32) int {
	best, bestFreq := -1, 0.0
	for k, set := range sets {
		var f float64
		for _, concept := range set {
			f += c.freq[concept]
		}
		if best < 0 || f < bestFreq {
			best, bestFreq = k, f
		}
	}
	return best
}

func kindMask(r *Rule) uint16 {
	var m uint16
	for i, k := range store.Kinds {
		if (len(r.Kinds) == 0 || slices.Contains(r.Kinds, k)) && !slices.Contains(r.NotKinds, k) {
			m |= 1 << i
		}
	}
	return m
}

func kindBit(k store.Kind) uint16 {
	for i, o := range store.Kinds {
		if o == k {
			return 1 << i
		}
	}
	return 1
}

// Author is what is known about the person behind an account.
type Author struct {
	Professional bool // a health or care worker or student, by bio or posts
}

// Author reads what a person says of themselves: bio, name, work setting.
func (e *Engine) Author(bio ...string) *Author {
	a := &Author{}
	for _, b := range bio {
		a.Professional = a.Professional || e.saysProfessional(b)
	}
	return a
}

func (e *Engine) saysProfessional(s string) bool {
	if e.professional < 0 || strings.TrimSpace(s) == "" {
		return false
	}
	sc := e.pool.Get().(*scan)
	defer e.pool.Put(sc)
	sc.find(s)
	return sc.has(e.professional)
}

// Hit is one place where a concept was found.
type Hit struct {
	Concept string
	Span    store.Span
}

// Concepts lists the named concepts in a text, in text order; it is what rules
// see, and what a learned model may use as features.
func (e *Engine) Concepts(s string) []Hit {
	sc := e.pool.Get().(*scan)
	defer e.pool.Put(sc)
	sc.find(s)
	var list []Hit
	for _, h := range sc.hits {
		if e.names[h.concept] == "" || h.to == h.from {
			continue
		}
		list = append(list, Hit{Concept: e.names[h.concept], Span: sc.span(h.from, h.to)})
	}
	slices.SortStableFunc(list, func(a, b Hit) int {
		if d := a.Span.Start - b.Span.Start; d != 0 {
			return d
		}
		if d := a.Span.End - b.Span.End; d != 0 {
			return d
		}
		return strings.Compare(a.Concept, b.Concept)
	})
	return list
}

func (e *Engine) String() string {
	return fmt.Sprintf("%d rules over %d concepts, %d words, %d phrase nodes", len(e.progs), len(e.rules.concepts), len(e.lex.entries), len(e.auto.nodes))
}
