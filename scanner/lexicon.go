package scanner

import (
	_ "embed"
	"math"
	"slices"
	"strings"
)

//go:embed data/english.txt
var englishText string // ordinary English words, the most frequent first

//go:embed data/names.txt
var namesText string // given names

//go:embed data/notnames.txt
var notNamesText string // words that are written with a capital but name nobody

// Flags of a lexicon entry.
const (
	lexEnglish uint16 = 1 << iota
	lexGivenName
	lexNotName
	lexNumber
	lexAbbrev
	lexTitle
	lexSegment // may be a part of a hashtag
	lexMaskable
	lexKnown // of a slot: it is taken
)

const (
	abbreviations = "mr mrs ms dr prof st etc vs eg ie no approx dept govt rev hon sr jr inc ltd apt ext tel pt pts wk wks hr hrs min mins yr yrs jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thurs fri sat sun"
	titles        = "mr mrs ms miss dr doctor nurse sister professor prof sir lady auntie uncle"
	numberWords   = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
	commonMasks   = "fuck fucking fucked fucker shit cunt bitch bastard wanker twat dick prick arse cock"
)

// A lexEntry is one known word with the classes that it belongs to.
type lexEntry struct {
	word  string
	ids   []int32
	cost  float32 // of using it as a part of a hashtag
	flags uint16
}

// A lexSlot is what is to be known of a word while a text is read, together in
// one place of the hash table.
type lexSlot struct {
	tag    uint32 // upper half of the word's hash
	first  uint32 // of its classes in lexicon.ids
	starts uint32 // how much of lexicon.ids behind them says what begins with the word
	count  uint16 // of the classes
	flags  uint16
}

type maskWord struct {
	word   string
	ids    []int32
	prefix bool
	common bool
}

// A lexicon holds every word that a concept or the engine itself knows. It is
// read-only once it is built.
type lexicon struct {
	entries  []lexEntry
	slots    []lexSlot
	mask     uint64
	ids      []int32          // of all words, one after the other: cost, classes, what begins with it
	pre      map[uint64]int32 // hash of a beginning: its class
	preLens  uint64           // bit n: there are beginnings of n bytes
	preBits  [64]uint64       // the upper 12 bits of their hashes: most are none
	maskable []maskWord
	useNames bool
}

func hashBytes(w []byte) uint64 {
	h := uint64(hashSeed)
	for _, c := range w {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}

func hashString(w string) uint64 {
	h := uint64(hashSeed)
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * hashPrime
	}
	return h
}

func spread(h uint64) uint64 { return h ^ h>>29 }

// find looks a word up by its hash alone: the upper half and the place in the
// table tell some ten thousand words from all others, and the words themselves
// would have to be fetched.
func (l *lexicon) find(h uint64) *lexSlot {
	tag := uint32(h >> 32)
	for i := spread(h) & l.mask; ; i = (i + 1) & l.mask {
		s := &l.slots[i]
		if s.flags == 0 {
			return nil
		}
		if s.tag == tag {
			return s
		}
	}
}

// touch asks for what find will look at.
//
//go:noinline
func (l *lexicon) touch(toks []token) (all uint32) {
	for i := range toks {
		all |= l.slots[spread(toks[i].hash)&l.mask].tag
	}
	return all
}

// classes are those that a word belongs to.
func (l *lexicon) classes(s *lexSlot) []int32 {
	end := s.first + uint32(s.count)
	return l.ids[s.first:end:end]
}

// cost is that of using a word as a part of a hashtag.
func (l *lexicon) cost(s *lexSlot) float32 { return math.Float32frombits(uint32(l.ids[s.first-1])) }

// starts is what begins with a word; see link.
func (l *lexicon) starts(s *lexSlot) []int32 {
	first := s.first + uint32(s.count)
	end := first + uint32(s.starts)
	return l.ids[first:end:end]
}

// link puts behind the classes of each word what the automaton does first where
// a phrase begins with it, in that order: a concept that the word alone is
// found for, or, as four numbers, the complement of a node from which phrases go
// on, the two halves of its set of classes, and where its edges are.
func (l *lexicon) link(a *automaton) {
	old := l.ids
	l.ids = make([]int32, 0, 4*len(old))
	for i := range l.slots {
		s := &l.slots[i]
		if s.flags == 0 {
			continue
		}
		l.ids = append(l.ids, old[s.first-1])
		ids := old[s.first:][:s.count]
		s.first = uint32(len(l.ids))
		l.ids = append(l.ids, ids...)
		first := len(l.ids)
		for _, id := range ids {
			l.ids = a.appendStart(l.ids, a.root[id])
		}
		s.starts = uint32(len(l.ids) - first)
	}
}

func (l *lexicon) known(w []byte) bool { return l.find(hashBytes(w)) != nil }

// prefixes appends the classes of the beginnings of w.
func (l *lexicon) prefixes(dst []int32, w []byte) []int32 {
	h := uint64(hashSeed)
	for i, c := range w {
		h = (h ^ uint64(c)) * hashPrime
		if i >= 63 {
			break
		}
		if l.preLens&(1<<(i+1)) == 0 || l.preBits[h>>58]&(1<<(h>>52&63)) == 0 {
			continue
		}
		if id, ok := l.pre[h]; ok {
			dst = append(dst, id)
		}
	}
	return dst
}

// A lexBuilder collects words and classes while concepts are compiled.
type lexBuilder struct {
	index   map[string]int
	entries []lexEntry
	classes map[string]int32
	numIDs  int32
	pre     map[string]int32
	mask    map[string]bool // words and beginnings ("fuck*") that people mask
}

func newLexBuilder() *lexBuilder {
	b := &lexBuilder{index: map[string]int{}, classes: map[string]int32{}, pre: map[string]int32{}, mask: map[string]bool{}, numIDs: numClasses}
	for i, w := range strings.Fields(englishText) {
		e := b.word(w)
		e.flags |= lexEnglish
		if len(w) > 1 || w == "a" || w == "i" {
			e.flags |= lexSegment
			e.cost = float32(math.Log(float64(i)+8)) + 1
		}
	}
	for _, list := range []struct {
		words string
		flag  uint16
	}{{namesText, lexGivenName | lexSegment}, {notNamesText, lexNotName | lexSegment}, {abbreviations, lexAbbrev}, {titles, lexTitle}, {numberWords, lexNumber}} {
		for _, w := range strings.Fields(list.words) {
			b.word(w).flags |= list.flag
		}
	}
	return b
}

func (b *lexBuilder) word(w string) *lexEntry {
	i, ok := b.index[w]
	if !ok {
		i = len(b.entries)
		b.index[w] = i
		b.entries = append(b.entries, lexEntry{word: w, cost: 11})
	}
	return &b.entries[i]
}

func (b *lexBuilder) class(key string) (int32, bool) {
	if id, ok := b.classes[key]; ok {
		return id, true
	}
	b.numIDs++
	b.classes[key] = b.numIDs
	return b.numIDs, false
}

// unsafeWithout lists contractions that are other words without apostrophe.
var unsafeWithout = map[string]bool{"we're": true, "i'll": true, "he'll": true, "she'll": true, "we'll": true, "it's": true, "i'd": true, "we'd": true, "he'd": true, "she'd": true}

// exact gives the class of one word as it stands.
func (b *lexBuilder) exact(w string) int32 {
	id, old := b.class("=" + w)
	if !old {
		b.attach(w, id)
		if strings.Contains(w, "'") && !unsafeWithout[w] {
			b.attach(strings.ReplaceAll(w, "'", ""), id)
		}
	}
	return id
}

// lemma gives the class of all inflections of a word.
func (b *lexBuilder) lemma(w string) int32 {
	id, old := b.class("~" + w)
	if !old {
		for _, f := range inflections(w) {
			b.attach(f, id)
		}
	}
	return id
}

// prefix gives the class of all words that begin like w.
func (b *lexBuilder) prefix(w string) int32 {
	id, old := b.class("^" + w)
	if !old {
		b.pre[w] = id
		b.word(w)
	}
	return id
}

func (b *lexBuilder) attach(w string, id int32) {
	e := b.word(w)
	if !slices.Contains(e.ids, id) {
		e.ids = append(e.ids, id)
	}
	if len(w) > 2 {
		e.flags |= lexSegment
	}
}

// build makes the lexicon.
func (b *lexBuilder) build() *lexicon {
	l := &lexicon{pre: map[uint64]int32{}}
	for p, id := range b.pre {
		l.pre[hashBytes([]byte(p))] = id
		if len(p) < 64 {
			l.preLens |= 1 << len(p)
		}
	}
	l.notePrefixes()
	l.entries = b.entries
	for i := range l.entries {
		e := &l.entries[i]
		e.ids = l.prefixes(e.ids, []byte(e.word))
		e.ids = b.stemIDs(e.ids, e.word)
		e.ids = slices.Clip(e.ids)
	}
	b.buildMasks(l)
	l.file()
	return l
}

// notePrefixes sets the bits of the beginnings.
func (l *lexicon) notePrefixes() {
	for h := range l.pre {
		l.preBits[h>>58] |= 1 << (h >> 52 & 63)
	}
}

// file puts the entries into the hash table.
func (l *lexicon) file() {
	size := 1024
	for 2*size < 3*len(l.entries) {
		size *= 2
	}
	l.slots, l.mask = make([]lexSlot, size), uint64(size-1)
	clear(l.slots) // see list
	for i := range l.entries {
		e := &l.entries[i]
		h := hashString(e.word)
		at := spread(h) & l.mask
		for l.slots[at].flags != 0 {
			at = (at + 1) & l.mask
		}
		l.slots[at] = lexSlot{tag: uint32(h >> 32), first: uint32(len(l.ids) + 1), count: uint16(len(e.ids)), flags: e.flags | lexKnown}
		l.ids = append(l.ids, int32(math.Float32bits(e.cost)))
		l.ids = append(l.ids, e.ids...)
	}
}

// stemIDs adds the classes of the word before a possessive ending.
func (b *lexBuilder) stemIDs(ids []int32, w string) []int32 {
	stem, ok := strings.CutSuffix(w, "'s")
	if !ok {
		return ids
	}
	if i, ok := b.index[stem]; ok {
		for _, id := range b.entries[i].ids {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func (b *lexBuilder) buildMasks(l *lexicon) {
	common := strings.Fields(commonMasks)
	words := make([]string, 0, len(b.mask))
	for w := range b.mask {
		words = append(words, w)
	}
	slices.Sort(words)
	for _, w := range words {
		word, prefix := strings.CutSuffix(w, "*")
		i, known := b.index[word]
		if !known || len(word) < 3 {
			continue
		}
		e := &l.entries[i]
		e.flags |= lexMaskable
		l.maskable = append(l.maskable, maskWord{word: word, ids: e.ids, prefix: prefix, common: slices.Contains(common, word)})
	}
}
