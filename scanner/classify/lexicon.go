package classify

import (
	"embed"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// The lexicon: words of one kind share a class, so that a word that no case
// holds is known by the company it keeps. Each file of words has paragraphs of
//
//	[class] what it means
//	word stem* two_word_phrase
//
// where a star stands for any ending and an underscore for a space.
//
//go:embed words/*.txt
var wordFiles embed.FS

// Classes of one text are features together with each other; this bounds them.
const mostClasses = 64

// lexicon finds the classes of words. Words are known by the hash that
// tokenising gives them.
type lexicon struct {
	firsts   hashes // words, and the first words of phrases
	pairs    hashes // by pairKey: the first two words of phrases
	entries  []entry
	parts    []part   // behind the first two words of phrases
	names    []uint64 // of the classes
	shortest int      // stem, in characters
}

// entry gives a class to a word, a stem or a phrase.
type entry struct {
	class    int32 // in names
	from, to int32 // the rest of a phrase in parts
	next     int32 // 1-based: another entry of the same word or pair
}

// part is a word of a phrase: the hash of all of it or of its beginning.
type part struct {
	hash uint64
	stem bool
}

// hashes is a hash table with open addressing. Most words are not in it, which
// a table of bits in front tells without reaching further.
type hashes struct {
	slots []slot
	bits  [1 << (bitsLog - 6)]uint64
	used  int
}

const bitsLog = 18

// A slot holds what is known of one hash: its first entries, 1-based, and in the
// lower bits of the second which forms of phrases begin with it.
type slot struct {
	key              uint64 // 0: empty
	whole, stemOpens int32
}

const opensBits = 4

func (s *slot) stem() int32  { return s.stemOpens >> opensBits }
func (s *slot) opens() uint8 { return uint8(s.stemOpens & (1<<opensBits - 1)) }

// opensWith is the bit for phrases whose first and second words are, or are
// not, beginnings of words.
func opensWith(firstStem, secondStem bool) uint8 {
	bit := uint8(1)
	if firstStem {
		bit <<= 2
	}
	if secondStem {
		bit <<= 1
	}
	return bit
}

func mix(key uint64) uint64 { return (key ^ key>>29) * 0xd6e8feb86659fd93 }

// pairKey names the first two words of a phrase of one form.
func pairKey(first, second uint64, form uint8) uint64 {
	return (first*prime^second)*prime + uint64(form)
}

func (h *hashes) find(key uint64) *slot {
	if i := h.place(key); i >= 0 {
		return &h.slots[i]
	}
	return nil
}

// place is where the slot of a key is, -1 where there is none.
func (h *hashes) place(key uint64) int {
	m := mix(key)
	if h.bits[m>>(64-bitsLog+6)]&(1<<(m>>(64-bitsLog)&63)) == 0 {
		return -1
	}
	mask := uint64(len(h.slots) - 1)
	for i := m >> 20 & mask; ; i = (i + 1) & mask {
		switch h.slots[i].key {
		case key:
			return int(i)
		case 0:
			return -1
		}
	}
}

// slot returns the slot of a key, a new one where there is none.
func (h *hashes) slot(key uint64) *slot {
	if s := h.find(key); s != nil {
		return s
	}
	if 2*h.used >= len(h.slots) {
		old := h.slots
		h.slots = make([]slot, max(1<<10, 2*len(old)))
		for _, s := range old {
			if s.key != 0 {
				*h.free(s.key) = s
			}
		}
	}
	h.used++
	h.note(key)
	s := h.free(key)
	s.key = key
	return s
}

// note sets the bit that says that a key may be there.
func (h *hashes) note(key uint64) {
	m := mix(key)
	h.bits[m>>(64-bitsLog+6)] |= 1 << (m >> (64 - bitsLog) & 63)
}

// free finds room for a key that is not there.
func (h *hashes) free(key uint64) *slot {
	mask := uint64(len(h.slots) - 1)
	i := mix(key) >> 20 & mask
	for h.slots[i].key != 0 {
		i = (i + 1) & mask
	}
	return &h.slots[i]
}

// words of the program, read at the first use.
var words = sync.OnceValues(func() (*lexicon, error) {
	if x := unpackWords(packedWords); x != nil {
		return x, nil
	}
	return readWords()
})

// readWords reads the classes from the files that people write.
func readWords() (*lexicon, error) {
	x := newLexicon()
	names, err := fs.Glob(wordFiles, "words/*.txt")
	if err != nil {
		return nil, fmt.Errorf("reading the word classes: %w", err)
	}
	for _, name := range names {
		b, err := wordFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the word classes: %w", err)
		}
		if err := x.read(name, string(b)); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func newLexicon() *lexicon { return &lexicon{shortest: 1 << 10} }

func (x *lexicon) read(name, text string) error {
	class := int32(-1)
	var f Features
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line == "#" || strings.HasPrefix(line, "# ") {
			continue
		}
		if strings.HasPrefix(line, "[") {
			end := strings.IndexByte(line, ']')
			if end < 2 {
				return fmt.Errorf("%s:%d: a class has no name", name, n)
			}
			class = x.class(hashString("class " + line[1:end]))
			continue
		}
		if class < 0 {
			return fmt.Errorf("%s:%d: words stand before the first class", name, n)
		}
		for word := range strings.FieldsSeq(line) {
			x.add(word, class, &f)
		}
	}
	return nil
}

// class numbers a class by its name.
func (x *lexicon) class(name uint64) int32 {
	i := slices.Index(x.names, name)
	if i < 0 {
		i = len(x.names)
		x.names = append(x.names, name)
	}
	return int32(i)
}

func (x *lexicon) add(word string, class int32, f *Features) {
	var few [8]part
	parts := few[:0]
	for w := range strings.SplitSeq(word, "_") {
		stem := strings.HasSuffix(w, "*") && len(w) > 1
		w = strings.TrimSuffix(w, "*")
		f.tokens = f.tokens[:0]
		f.tokenise(w)
		for i, t := range f.tokens {
			last := i == len(f.tokens)-1
			parts = append(parts, part{t.hash, stem && last})
			if stem && last && len(parts) == 1 {
				x.shortest = min(x.shortest, utf8.RuneCountInString(w))
			}
		}
	}
	if len(parts) == 0 {
		return
	}
	e := entry{class: class}
	at := x.firsts.slot(parts[0].hash)
	number := int32(len(x.entries) + 1)
	switch {
	case len(parts) > 1:
		form := opensWith(parts[0].stem, parts[1].stem)
		at.stemOpens |= int32(form)
		pair := x.pairs.slot(pairKey(parts[0].hash, parts[1].hash, form))
		e.from = int32(len(x.parts))
		x.parts = append(x.parts, parts[2:]...)
		e.to = int32(len(x.parts))
		e.next, pair.whole = pair.whole, number
	case parts[0].stem:
		e.next, at.stemOpens = at.stem(), number<<opensBits|int32(at.opens())
	default:
		e.next, at.whole = at.whole, number
	}
	x.entries = append(x.entries, e)
}

// classes appends the classes of the text that f has read, sorted, each once. It
// leaves in f.found all that stand in the text, and in f.standing where.
func (x *lexicon) classes(text string, f *Features, out []uint64) []uint64 {
	if f.wordsIn != x {
		f.wordsIn, f.words, f.seen = x, make([]wordMemo, wordMemos), make([]uint64, (len(x.names)+63)/64)
		clear(f.words) // see sumRuns
	}
	clear(f.seen)
	f.found, f.standing = f.found[:0], f.standing[:0]
	f.touchWords()
	for i, t := range f.tokens {
		classes, opens := f.look(x, text, t)
		f.found = append(f.found, classes...)
		for _, o := range opens {
			f.found = x.follow(text, f.tokens[i:], &x.firsts.slots[o>>1], o&1 != 0, f.found)
		}
		for len(f.standing) < len(f.found) {
			f.standing = append(f.standing, int32(i))
		}
	}
	first := len(out)
	for _, c := range f.found {
		if f.seen[c>>6]&(1<<(c&63)) == 0 {
			f.seen[c>>6] |= 1 << (c & 63)
			out = append(out, x.names[c])
		}
	}
	slices.Sort(out[first:])
	return out[:min(len(out), first+mostClasses)]
}

// A wordMemo remembers what the lexicon says of one word: the same words come
// again and again, and what is to be known of a word and its beginnings lies in
// many places.
type wordMemo struct {
	key     uint64 // its hash
	classes [14]int16
	opens   [6]int32
	n, m    uint8 // how many of them there are
}

const wordMemos = 1 << 13

// touchWords asks for what is remembered of all words before the first is looked
// up, as touch does.
//
//go:noinline
func (f *Features) touchWords() (all uint64) {
	for _, t := range f.tokens {
		all |= f.words[t.hash>>20%wordMemos].key
	}
	return all
}

// look returns the classes of a word and of its beginnings, and with which
// slots' phrases the text may go on: twice the slot's place, and one more for
// phrases that begin with the beginning of a word.
func (f *Features) look(x *lexicon, text string, t token) ([]int32, []int32) {
	f.own, f.opens = f.own[:0], f.opens[:0]
	if !plainWord(text[t.start:t.end]) {
		x.look(text, t, f)
		return f.own, f.opens
	}
	m := &f.words[t.hash>>20%wordMemos]
	if m.key == t.hash {
		for _, c := range m.classes[:m.n] {
			f.own = append(f.own, int32(c))
		}
		return f.own, m.opens[:m.m]
	}
	x.look(text, t, f)
	if len(f.own) <= len(m.classes) && len(f.opens) <= len(m.opens) && len(x.names) <= math.MaxInt16 {
		m.key, m.n, m.m = t.hash, uint8(len(f.own)), uint8(copy(m.opens[:], f.opens))
		for i, c := range f.own {
			m.classes[i] = int16(c)
		}
	}
	return f.own, f.opens
}

// plainWord says whether a token is of ASCII letters and apostrophes alone, so
// that its hash tells it from all others. Links and digits have one hash for
// many.
func plainWord(s string) bool {
	for i := range len(s) {
		if byteKinds[s[i]] != byteLetter && s[i] != '\'' {
			return false
		}
	}
	return true
}

// look fills f.own and f.opens.
func (x *lexicon) look(text string, t token, f *Features) {
	if at := x.firsts.place(t.hash); at >= 0 {
		f.own = x.chain(x.firsts.slots[at].whole, f.own)
		f.opens = x.open(at, false, f.opens)
	}
	x.beginnings(text, t, func(h uint64, whole bool) {
		at := x.firsts.place(h)
		if at < 0 {
			return
		}
		s := &x.firsts.slots[at]
		if whole {
			f.own = x.chain(s.whole, f.own)
		}
		f.own = x.chain(s.stem(), f.own)
		f.opens = x.open(at, true, f.opens)
	})
}

// open notes a slot whose phrases the next word may go on with.
func (x *lexicon) open(at int, stem bool, opens []int32) []int32 {
	switch {
	case x.firsts.slots[at].opens()&(opensWith(stem, false)|opensWith(stem, true)) == 0:
		return opens
	case stem:
		return append(opens, int32(2*at+1))
	}
	return append(opens, int32(2*at))
}

// chain appends the classes of a word's entries.
func (x *lexicon) chain(at int32, out []int32) []int32 {
	for at != 0 {
		e := &x.entries[at-1]
		out = append(out, e.class)
		at = e.next
	}
	return out
}

// beginnings calls each with the hashes of the beginnings of a word; whole says
// that all but a possessive ending is read.
func (x *lexicon) beginnings(text string, t token, each func(h uint64, whole bool)) {
	h, n := uint64(seedWord), 0
	for i := int(t.start); i < int(t.end); {
		r, size := lowered(text, i)
		if !isWordRune(r) && r != '\'' {
			return
		}
		if n > 1 && r == '\'' && int(t.end)-i <= size+1 {
			each(h, true)
			return
		}
		h = step(h, r)
		i += size
		if n++; n >= x.shortest {
			each(h, false)
		}
	}
}

// follow appends the classes of the phrases that begin with the word of s, or
// with a word that begins so, and go on with the tokens behind tokens[0].
func (x *lexicon) follow(text string, tokens []token, s *slot, stem bool, out []int32) []int32 {
	plain, begun := opensWith(stem, false), opensWith(stem, true)
	opens := s.opens()
	if opens&(plain|begun) == 0 || len(tokens) < 2 {
		return out
	}
	second := tokens[1]
	if opens&plain != 0 {
		out = x.phrases(text, tokens, pairKey(s.key, second.hash, plain), out)
	}
	if opens&begun == 0 {
		return out
	}
	out = x.phrases(text, tokens, pairKey(s.key, second.hash, begun), out)
	h := uint64(seedWord)
	for i := int(second.start); i < int(second.end); {
		r, size := lowered(text, i)
		h = step(h, r)
		out = x.phrases(text, tokens, pairKey(s.key, h, begun), out)
		i += size
	}
	return out
}

// phrases appends the classes of the phrases that begin with a pair and go on
// with the tokens behind the first two.
func (x *lexicon) phrases(text string, tokens []token, pair uint64, out []int32) []int32 {
	s := x.pairs.find(pair)
	if s == nil {
		return out
	}
	for at := s.whole; at != 0; at = x.entries[at-1].next {
		e := &x.entries[at-1]
		rest := x.parts[e.from:e.to]
		fits := len(rest)+2 <= len(tokens)
		for k := 0; fits && k < len(rest); k++ {
			t, want := tokens[k+2], rest[k]
			fits = t.hash == want.hash || want.stem && x.begins(text, t, want.hash)
		}
		if fits {
			out = append(out, e.class)
		}
	}
	return out
}

func (x *lexicon) begins(text string, t token, want uint64) bool {
	h := uint64(seedWord)
	for i := int(t.start); i < int(t.end); {
		r, size := lowered(text, i)
		if h = step(h, r); h == want {
			return true
		}
		i += size
	}
	return false
}

// readClasses reads the classes of the text's words and puts units in order.
func (f *Features) readClasses(text string, heard *Heard) {
	f.classes = f.classes[:0]
	x, err := words()
	if err != nil {
		return // a test reads the files; they are part of the program
	}
	f.classes = x.classes(text, f, f.classes)
	f.orderFeatures(text, heard, x.names)
}

// classify fills Classes with the classes of the text's words and their pairs.
func (f *Features) classify() {
	if f.classed {
		return
	}
	f.classed = true
	for i, a := range f.classes {
		f.Classes = append(f.Classes, Feature{Bucket: bucket(a ^ seedClass)})
		for _, b := range f.classes[i+1:] {
			f.Classes = append(f.Classes, Feature{Bucket: bucket((a*5 + b) ^ seedClass)})
		}
	}
}
