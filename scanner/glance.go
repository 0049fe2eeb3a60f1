package scanner

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"lookback/store"
)

// A glance tells that a post holds no word with which a phrase of the rules
// begins, so that nothing can be found in it. It may take a post for one that
// holds such a word, but never the other way round: whatever could be read as
// another word (signs and digits among letters, hashtags, hyphens, letters
// outside ASCII) it has taken apart as the engine does.
//
// It is for rules that look for words alone. Where rules can be met without a
// word of their own, there is none.
type glance struct {
	lex    *lexicon
	first  []bool // by class: a phrase begins with it
	words  bitset // by the hash of each word with which a phrase begins
	short  bitset // by the letters of those that have fewer than sixteen
	begins map[uint64]bool
	lens   uint64 // bit n: beginnings of n bytes are looked for
	far    bool   // words outside ASCII are looked for
	digits bool   // words that begin with a digit are looked for
	masked bool   // words are looked for with letters hidden, even in handles
	// answers that say no more than that their author agrees are noted.
	answers bool
}

// A bitset holds a bit for the uppermost bits of each of its numbers.
type bitset struct {
	set   []uint64
	shift uint8
}

// bitsEach keeps the numbers of a bitset few among its bits: nearly all others
// are told apart at the first look.
const bitsEach = 64

func newBitset(numbers []uint64) bitset {
	log := min(max(bits.Len(uint(len(numbers)*bitsEach)), 6), 20)
	b := bitset{set: make([]uint64, 1<<log/64), shift: uint8(64 - log)}
	for _, n := range numbers {
		b.set[n>>b.shift/64] |= 1 << (n >> b.shift % 64)
	}
	return b
}

func (b *bitset) may(n uint64) bool {
	at := n >> b.shift
	return b.set[at/64]&(1<<(at%64)) != 0
}

// newGlance returns nil where a post without any listed word can meet a rule.
func newGlance(e *Engine) *glance {
	for _, set := range e.always {
		if set != 0 {
			return nil
		}
	}
	if len(e.models) > 0 || len(e.lex.entries) == 0 {
		return nil
	}
	matters := e.matters()
	for _, accepts := range e.builtin {
		if anyOf(matters, accepts) {
			return nil
		}
	}
	v := &glance{lex: e.lex, first: e.auto.beginnings(matters), masked: len(e.lex.maskable) > 0, begins: map[uint64]bool{}}
	if slices.Contains(v.first[:numClasses+1], true) {
		return nil
	}
	v.answers = e.approval >= 0 || e.counter >= 0 || e.condemn >= 0
	v.note()
	return v
}

// matters says for each concept whether a post that it is found in may be one
// that something is found in or noted of.
func (e *Engine) matters() []bool {
	matters := make([]bool, len(e.names))
	for c, rules := range e.triggers {
		matters[c] = rules != nil || int32(c) == e.professional
	}
	for _, p := range e.patterns {
		matters[p.need] = matters[p.need] || anyOf(matters, p.accepts)
	}
	return matters
}

func anyOf(set []bool, list []int32) bool {
	return slices.ContainsFunc(list, func(i int32) bool { return set[i] })
}

// beginnings says for each class whether a phrase for one of the concepts
// begins with it.
func (a *automaton) beginnings(concepts []bool) []bool {
	const no, yes = 1, 2
	seen := make([]uint8, len(a.nodes))
	seen[0] = no
	var leads func(int32) bool
	leads = func(at int32) bool {
		if seen[at] == 0 {
			n := &a.nodes[at]
			seen[at] = no
			found := anyOf(concepts, a.accepts[n.accept:n.acceptEnd])
			if n.kids && !found {
				found = slices.ContainsFunc(a.kids(n), leads)
			}
			if found {
				seen[at] = yes
			}
		}
		return seen[at] == yes
	}
	first := make([]bool, len(a.root))
	for id, at := range a.root {
		first[id] = leads(at)
	}
	return first
}

// kids lists the nodes that a node leads on to, and 0 for its empty slots.
func (a *automaton) kids(n *node) (list []int32) {
	narrow, wide := a.slots(n)
	for _, e := range narrow {
		list = append(list, int32(e&(1<<edgeHalf-1)))
	}
	for _, e := range wide {
		list = append(list, e.to)
	}
	return list
}

// note sets the bits of the words that begin a phrase.
func (v *glance) note() {
	var hashes, keys []uint64
	for i := range v.lex.entries {
		w := v.lex.entries[i].word
		h := hashString(w)
		if s := v.lex.find(h); s == nil || !v.leads(v.lex.classes(s)) {
			continue
		}
		hashes = append(hashes, h)
		v.far, v.digits = v.far || !isASCII(w), v.digits || w != "" && seenTable[w[0]] == seenDigit
		switch n := len(w); {
		case n < 8:
			keys = append(keys, letters(w)*spreadKey)
		case n < 16:
			keys = append(keys, longKey(letters(w[:8]), letters(w[8:]))*spreadKey)
		}
	}
	v.words, v.short = newBitset(hashes), newBitset(keys)
	for h, id := range v.lex.pre {
		if v.first[id] {
			v.begins[h] = true
			v.lens = v.lex.preLens
		}
	}
}

// letters are the bytes of a short word as one number.
func letters(w string) (n uint64) {
	for i := range len(w) {
		n |= uint64(w[i]) << (8 * i)
	}
	return n
}

var http, https = letters("http"), letters("https")

// spreadKey spreads what tells words apart to the uppermost bits.
const spreadKey = 0x9E3779B97F4A7C15

// leads says whether a phrase begins with a word of these classes.
func (v *glance) leads(ids []int32) bool { return anyOf(v.first, ids) }

// listed says whether a phrase may begin with the word of that hash.
func (v *glance) listed(h uint64) bool {
	if !v.words.may(h) {
		return false
	}
	s := v.lex.find(h)
	return s != nil && v.leads(v.lex.classes(s))
}

// beginning says whether a phrase may begin with a word that begins as w does.
func (v *glance) beginning(w string) bool {
	h := uint64(hashSeed)
	for i := range min(len(w), 63) {
		h = (h ^ uint64(lowerTable[w[i]])) * hashPrime
		if v.lens&(1<<(i+1)) != 0 && v.begins[h] {
			return true
		}
	}
	return false
}

// passes says that nothing is found in a post, and nothing to be noted of it.
func (v *glance) passes(e *Engine, p *store.Post) bool {
	if p.Kind == store.KindQuote || v.answers && p.Own && (p.Kind == store.KindReply || p.Kind == store.KindComment) {
		return false
	}
	return v.quiet(e, p.Text)
}

// quiet says that nothing is found in a text.
func (v *glance) quiet(e *Engine, text string) bool {
	if len(text) > maxText {
		return false
	}
	r := glimpse{glance: v, src: text}
	found := r.holds(e)
	if r.scratch != nil {
		e.release(r.scratch)
	}
	return !found
}

// What a character means at a glance.
const (
	seenSign uint8 = iota // it may change what the characters around it say
	seenLetter
	seenDigit
	seenSpace  // it ends all that belongs together
	seenBreak  // it separates words and does nothing else
	seenQuote  // ' is part of a word between letters
	seenMark   // ! may stand for a letter between letters
	seenOpen   // ( does so too, unless nothing but such signs is before it
	seenHandle // @
	seenHyphen
	seenAlone // it does nothing unless it touches a letter or a digit
)

var seenTable = func() (tab [256]uint8) {
	for c := range tab {
		switch {
		case c <= ' ':
			tab[c] = seenSpace
		case charTable[c] == charLetter:
			tab[c] = seenLetter
		case charTable[c] == charDigit:
			tab[c] = seenDigit
		}
	}
	for signs, kind := range map[string]uint8{`.,;:?"/\{}[])=<>~`: seenBreak, "'": seenQuote, "!": seenMark, "(": seenOpen, "@": seenHandle, "-": seenHyphen, "&+*%": seenAlone} {
		for i := range len(signs) {
			tab[signs[i]] = kind
		}
	}
	return tab
}()

// glimpse is one text under a glance.
type glimpse struct {
	*glance
	src     string
	scratch *scan
	chunk   int // where the last characters between spaces begin
	singles int // words of one letter in a row: "f u c k" is a word too
	before  int // as many as there were before chunk
}

// spelled is how many letters with spaces between them may be a word.
const spelled = 3

// holds says whether the text may hold a listed word.
func (r *glimpse) holds(e *Engine) bool {
	for i := 0; i < len(r.src); {
		next, found := r.simple(i)
		if next == i && !found {
			next, found = r.other(e, i)
		}
		if found {
			return true
		}
		i = next
	}
	return false
}

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// simple passes over words of fewer than sixteen letters with spaces and other
// breaks between them: most of a text. It looks at eight bytes at once, and
// returns where it found anything else.
func (r *glimpse) simple(i int) (next int, found bool) {
	src, words, chunk, before, singles := r.src, &r.short, r.chunk, r.before, r.singles
	for i < len(src) {
		var x uint64
		if i+8 <= len(src) {
			x = eight(src[i:])
		} else {
			x = tail(src, i)
		}
		low := x | ' '*ones
		n := wordBits(x, low)
		if n == 0 {
			from := i
			for ; i < len(src); i++ {
				if after := seenTable[src[i]]; after == seenSpace {
					chunk, before = i+1, singles
				} else if after != seenBreak {
					break
				}
			}
			if i == from {
				break
			}
			continue
		}
		key, end := low&(1<<n-1), i+int(n/8)
		if n == 64 {
			var high uint64
			if high, x, end = longer(src, i, low); end == 0 {
				break
			}
			key = longKey(low, high)
		} else {
			x >>= n
			if tripled(key, n) || n > 8 && byte(key>>(n-8)) == byte(key>>(n-16)) {
				break
			}
		}
		after := seenTable[byte(x)]
		if after != seenSpace && after != seenBreak {
			if after == seenQuote && r.lens == 0 && n < 64 {
				if next := r.quoted(i, low, x, n); next > 0 {
					i, singles = next, 0
					continue
				}
			}
			break
		}
		if key == http || key == https {
			break // it may begin an address
		}
		if n > 8 {
			singles = 0
		} else if n == 8 {
			singles++
		}
		if words.may(key*spreadKey) || r.lens != 0 || singles == spelled {
			if singles == spelled || r.listed(hashLower(src[i:end])) || r.lens != 0 && r.beginning(src[i:end]) {
				found = true
				break
			}
		}
		i = end + 1
		if after == seenSpace {
			chunk, before = i, singles
		}
	}
	r.chunk, r.before, r.singles = chunk, before, singles
	return i, found
}

// quoted returns the end of a short word with an apostrophe in it, and 0 for
// what may be listed or is anything else. low are eight bytes that begin with
// the word, in small letters, of which n bits come before the apostrophe; x is
// what follows these.
func (r *glimpse) quoted(i int, low, x uint64, n uint) int {
	x >>= 8
	n += 8
	more := wordBits(x, x|' '*ones)
	if more == 0 || n+more >= 64 {
		return 0
	}
	if after := seenTable[byte(x>>more)]; after != seenSpace && after != seenBreak {
		return 0
	}
	key := low & (1<<(n+more) - 1)
	if tripled(key, n+more) || more > 8 && byte(key>>(n+more-8)) == byte(key>>(n+more-16)) || r.short.may(key*spreadKey) || r.short.may(low&(1<<(n-8)-1)*spreadKey) {
		return 0
	}
	return i + int(n+more)/8
}

// tail returns the fewer than eight bytes from i on, and zeros behind them.
func tail(src string, i int) (x uint64) {
	for k := len(src) - 1; k >= i; k-- {
		x = x<<8 | uint64(src[k])
	}
	return x
}

// wordBits is how many bits of eight bytes belong to the letters with which
// they begin. low are those bytes with a bit that makes letters small.
func wordBits(x, low uint64) uint {
	ascii := low &^ highs
	others := ^((ascii + (0x80-'a')*ones) &^ (ascii + (0x7f-'z')*ones) &^ x) & highs // the high bit of each that is no letter
	return uint(bits.TrailingZeros64(others)) &^ 7
}

// longer reads on in a word of which low are the first eight letters. It
// returns the others, the bytes behind it, and where it ends: 0 for one of
// sixteen letters, or one that may be a stretched word.
func longer(src string, i int, low uint64) (high, x uint64, end int) {
	if i += 8; i+8 <= len(src) {
		x = eight(src[i:])
	} else if i <= len(src) {
		x = tail(src, i)
	}
	n := wordBits(x, x|' '*ones)
	if n == 64 {
		return 0, 0, 0
	}
	high = (x | ' '*ones) & (1<<n - 1)
	end = i + int(n/8)
	if tripled(low, 64) || tripled(high, n) || src[end-1]|' ' == src[end-2]|' ' || src[i-2]|' ' == src[i-1]|' ' {
		return 0, 0, 0
	}
	return high, x >> n, end
}

// tripled says whether a word, of so many bits, may have a letter three times
// in a row.
func tripled(w uint64, n uint) bool {
	d := w ^ w>>8
	same := (d - ones) &^ d & highs & (1<<(n-8) - 1)
	return same&(same>>8) != 0
}

// longKey makes one number of the letters of a word of eight to fifteen.
func longKey(low, high uint64) uint64 { return low ^ bits.RotateLeft64(high*spreadKey, 32) }

func hashLower(w string) uint64 {
	h := uint64(hashSeed)
	for i := range len(w) {
		h = (h ^ uint64(lowerTable[w[i]])) * hashPrime
	}
	return h
}

// other reads what is not simple: a word, a number or a sign.
func (r *glimpse) other(e *Engine, i int) (next int, found bool) {
	switch seenTable[r.src[i]] {
	case seenSpace:
		r.chunk, r.before = i+1, r.singles
		return i + 1, false
	case seenLetter:
		if next = r.address(i); next == 0 {
			next, found = r.word(i)
		}
	case seenDigit:
		next, found = r.number(i)
	case seenSign:
		next = r.high(i)
	default:
		next = r.sign(i)
	}
	if next > i || found {
		return next, found
	}
	return r.apart(e)
}

// word reads a word of ASCII letters. It returns 0 where what follows belongs
// to it in another way.
func (r *glimpse) word(from int) (end int, found bool) {
	src, h, before := r.src, uint64(hashSeed), uint64(0)
	stem := uint64(0) // hash of what is before an apostrophe
	same, i := 0, from
	var last byte
	for ; i < len(src); i++ {
		c := lowerTable[src[i]]
		if charTable[c] != charLetter {
			n := apostrophe(src[i:])
			if n == 0 {
				break
			}
			if n > 1 && r.lens != 0 {
				return 0, false // beginnings are looked for as it is normalised
			}
			stem, c, i = h, '\'', i+n-1
		}
		if c != last {
			same, last = 0, c
		} else if same++; same == 2 {
			return 0, false // "sooo"
		}
		before = h
		h = (h ^ uint64(c)) * hashPrime
	}
	if i < len(src) && seenTable[src[i]] == seenDigit {
		return 0, false
	}
	if i-from > 1 {
		r.singles = 0
	} else if r.singles++; r.singles == spelled {
		return i, true
	}
	return i, r.listed(h) ||
		same == 1 && r.listed(before) || // "idiott"
		stem != 0 && last == 's' && r.listed(stem) || // "idiot's"
		r.lens != 0 && r.beginning(src[from:i])
}

// apostrophe returns how long the apostrophe is with which s begins, if a
// letter follows.
func apostrophe(s string) int {
	n := 0
	switch {
	case s[0] == '\'':
		n = 1
	case strings.HasPrefix(s, "’"):
		n = len("’")
	}
	if n == 0 || n == len(s) || charTable[s[n]] != charLetter {
		return 0
	}
	return n
}

// address returns the end of an address with http at i, which is no word, and 0
// for anything else.
func (r *glimpse) address(i int) int {
	s := r.src[i:]
	if len(s) < len("http://x") || s[0] != 'h' || s[1] != 't' || s[2] != 't' || s[3] != 'p' || !strings.HasPrefix(strings.TrimPrefix(s[4:], "s"), ":/") {
		return 0
	}
	for n := range len(s) {
		switch c := s[n]; {
		case c <= ' ' || c == '"':
			r.singles = 0
			return i + n
		case c == '<' || c == '>' || c >= utf8.RuneSelf:
			return 0
		}
	}
	r.singles = 0
	return len(r.src)
}

// number reads digits; it returns 0 where letters follow.
func (r *glimpse) number(from int) (end int, found bool) {
	src, i := r.src, from
	for i < len(src) && seenTable[src[i]] == seenDigit {
		i++
	}
	if i < len(src) && seenTable[src[i]] == seenLetter {
		return 0, false
	}
	r.singles = 0
	return i, r.digits && r.listed(hashLower(src[from:i])) || r.lens != 0 && r.beginning(src[from:i])
}

// sign returns the end of a sign, or of a handle, that does nothing to the
// words around it, and 0 for any other.
func (r *glimpse) sign(i int) int {
	var prev, next byte = ' ', ' '
	if i > r.chunk {
		prev = r.src[i-1]
	}
	if i+1 < len(r.src) {
		next = r.src[i+1]
	}
	plain := false
	switch seenTable[r.src[i]] {
	case seenBreak, seenQuote:
		plain = true
	case seenOpen:
		plain = !r.masked && strings.Trim(r.src[r.chunk:i], `"'[(`) == ""
	case seenMark:
		inside := charTable[prev] == charLetter && charTable[next] == charLetter
		plain = seenTable[next] == seenSpace || seenTable[next] == seenBreak || !inside && !strings.Contains(r.src[r.chunk:i], "(")
	case seenHandle:
		return r.handle(i, prev)
	case seenHyphen:
		plain = !joins(prev) || !joins(next)
	case seenAlone:
		plain = !joins(prev) && !joins(next)
	}
	if plain {
		return i + 1
	}
	return 0
}

// high returns the end of a sign outside ASCII that does nothing to the words
// around it, and 0 for any other character.
func (r *glimpse) high(i int) int {
	if r.far {
		return 0
	}
	c, size := utf8.DecodeRuneInString(r.src[i:])
	switch {
	case c == '…', c == '“', c == '”', c == '—':
		return i + size
	case c == '’' && apostrophe(r.src[i:]) == 0:
		return i + size
	case c == '£', c == '€':
		r.singles = 0
		return i + size
	case picture(c):
		r.singles = 0
		for picture(c) || c == variation {
			i += size
			c, size = utf8.DecodeRuneInString(r.src[i:])
		}
		return i
	}
	return 0
}

// variation asks for the coloured form of the emoji before it.
const variation = '\uFE0F'

// picture says whether a character is an emoji and cannot be read as a letter.
func picture(r rune) bool { return isEmoji(r) && (r < 0x1F100 || r > 0x1F1FF) }

// joins says whether a sign beside a character may belong to a word.
func joins(c byte) bool {
	k := seenTable[c]
	return k == seenLetter || k == seenDigit || k == seenSign
}

// handle returns the end of "@name", which names somebody and is no word.
func (r *glimpse) handle(i int, prev byte) int {
	if k := seenTable[prev]; r.masked || k != seenSpace && k != seenBreak {
		return 0
	}
	j := i + 1
	for j < len(r.src) && (seenTable[r.src[j]] == seenLetter || seenTable[r.src[j]] == seenDigit || r.src[j] == '_') {
		j++
	}
	if j-i < 3 {
		return 0
	}
	if j < len(r.src) && seenTable[r.src[j]] != seenSpace {
		ends := strings.IndexByte(`,:;"?)'.`, r.src[j]) >= 0
		if !ends || r.src[j] == '.' && j+1 < len(r.src) && seenTable[r.src[j+1]] != seenSpace {
			return 0
		}
	}
	r.singles = 0
	return j
}

// apart takes what stands between two spaces apart as the engine does, and
// returns where it ends.
func (r *glimpse) apart(e *Engine) (end int, found bool) {
	for end = r.chunk; end < len(r.src) && r.src[end] > ' '; end++ {
	}
	if r.scratch == nil {
		r.scratch = e.pool.Get().(*scan)
	}
	part := r.src[r.chunk:end]
	known := r.scratch.known(part)
	if known.text == part {
		r.singles = known.singles
		return end, false
	}
	t := &r.scratch.t
	r.singles = r.before
	t.read(part)
	for i := range t.toks {
		if r.leads(t.toks[i].ids) {
			return end, true
		}
		for a := t.toks[i].alt; a != 0; a = t.alts[a-1].more {
			if r.leads(t.alts[a-1].ids) {
				return end, true
			}
		}
		if !t.single(i) {
			r.singles = 0
			continue
		}
		if r.singles++; r.singles == spelled {
			return end, true
		}
	}
	if len(t.toks) > 0 && !t.single(0) && len(part) <= maxKnown {
		*known = knownPart{text: strings.Clone(part), singles: r.singles}
	}
	return end, false
}

// A knownPart is a part of a text that holds no listed word: hashtags, times
// and emoji come again and again.
type knownPart struct {
	text    string
	singles int // words of one letter at its end
}

const (
	knownParts = 512 // how many parts of texts a scan remembers
	maxKnown   = 32  // bytes of one
)

// known returns the place of a part of a text among those that are remembered.
func (s *scan) known(part string) *knownPart {
	if s.harmless == nil {
		s.harmless = make([]knownPart, knownParts)
	}
	h := uint64(hashSeed)
	for i := range min(len(part), maxKnown) {
		h = (h ^ uint64(part[i])) * hashPrime
	}
	return &s.harmless[spread(h)%knownParts]
}
