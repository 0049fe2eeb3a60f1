// Package classify holds the learned classifiers: linear models over hashed
// words, word sequences and character sequences, with the engine's concepts as
// further features. It scores; it never decides alone and knows no rule, no
// store and no account.
package classify

import (
	"math"
	"unicode"
	"unicode/utf8"
)

// Bits is the size of the feature space: 2^Bits buckets, shared by words and
// characters. Most of them have no weight and take no room in a model; with
// fewer, sequences that have nothing to do with each other share one.
const Bits = 22

// blockScale keeps the two blocks of features near unit length, so that one
// cost of regularisation fits both.
const blockScale = 1.0 / 7

// extraWeight is how much the block of concepts counts beside the blocks of
// words and characters. It was set by judgement between 0.5 and 1.0, the two
// values tried in a first experiment, and never searched for.
const extraWeight = 0.6

// charWeight does it for the block of characters, and orderWeight for that of
// units in their order; both are rounded from one table over folds of the
// training cases, in which 0.25 to 1 and 0.4 to 1.2 were tried.
const (
	charWeight  = 0.6
	orderWeight = 0.8
)

// classWeight does the same for the block of word classes: 0.3 and 0.6 were
// tried, and 0.4 taken between them.
const classWeight = 0.4

// Feature is one hashed feature with the bytes of the text that it came from.
type Feature struct {
	Bucket uint32
	Start  int32
	End    int32
}

// Features is the sparse vector of one text in five blocks; see Blocks for their
// values, before the inverse document frequency that the weights have taken in.
type Features struct {
	Words   []Feature
	Chars   []Feature
	Extras  []Feature
	Classes []Feature
	Order   []Feature
	Kind    int

	text    string
	spelled bool // Chars are those of text
	paired  bool // Extras are names with their pairs, and rules behind them
	classed bool // Classes are those of classes
	tokens  []token
	names   []uint64 // of which Extras are made
	rules   int
	classes []uint64
	rows    []int32
	runs    runMemo
	said    []float32

	// Scratch of sumPairs.
	numbers   numberMemo
	numbersIn *matrices
	ids       []int32
	missed    []int32

	// Scratch of lexicon.classes.
	words      []wordMemo
	wordsIn    *lexicon
	seen       []uint64 // a bit for each class
	found      []int32
	own, opens []int32 // of one word
	standing   []int32 // the tokens that found stand at

	// Scratch of orderFeatures.
	units  []unit
	sorted []unit
	behind []int32 // by word: how many units there are before it
	spots  []unit  // by token: the unit that it would be
}

type token struct {
	hash       uint64
	start, end int32
}

// A Block is a list of features that have one value.
type Block struct {
	Features []Feature
	Value    float32
}

// Blocks are the words, the characters, the concepts, the classes of words and
// the units in their order, each with the value of one of its features.
func (f *Features) Blocks() [5]Block {
	if !f.spelled {
		f.charFeatures()
	}
	f.classify()
	return f.blocks()
}

// blocks are those of Blocks; characters and classes may be missing.
func (f *Features) blocks() [5]Block {
	return [...]Block{
		{f.Words, scale(len(f.Words))},
		{f.Chars, charWeight * scale(len(f.Chars))},
		{f.Extras, extraWeight * scale(len(f.Extras))},
		{f.Classes, classWeight * scale(len(f.Classes))},
		{f.Order, orderWeight * scale(len(f.Order))},
	}
}

func scale(n int) float32 {
	if n == 0 {
		return 0
	}
	return float32(blockScale / math.Sqrt(float64(n)))
}

// Kinds are the kinds in the order of their weights; an unknown kind counts
// as a post.
var Kinds = []string{"post", "reply", "repost", "quote", "like", "dm", "bio", "alt", "comment"}

func kindIndex(kind string) int {
	for i, k := range Kinds {
		if k == kind {
			return i
		}
	}
	return 0
}

const (
	seedWord  = 0x9e3779b97f4a7c15
	seedChar  = 0xc2b2ae3d27d4eb4f
	seedExtra = 0x165667b19e3779f9
	seedClass = 0x27d4eb2f165667c5
	seedOrder = 0x85ebca77c2b2ae63
	prime     = 0x100000001b3
)

func step(h uint64, r rune) uint64 { return (h ^ uint64(r)) * prime }

func bucket(h uint64) uint32 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return uint32(h >> (64 - Bits))
}

// Extract fills f with the features of text, reusing its memory.
// heard is what the engine found in it, and extras the concepts with what goes
// with them, as their pairs.
func (f *Features) Extract(text, kind string, heard Heard, extras []uint64) {
	f.Start(text, kind)
	f.Widen(extras)
	f.Complete(text, &heard)
	f.Blocks()
}

// Start reads the words of text, which is all that the gate asks for. Handles
// and links are masked, letters lowered and digits made equal, as the texts of
// the training sets are.
func (f *Features) Start(text, kind string) {
	f.Words, f.Chars, f.Extras, f.tokens = f.Words[:0], f.Chars[:0], f.Extras[:0], f.tokens[:0]
	f.Classes, f.Order = f.Classes[:0], f.Order[:0]
	f.Kind = kindIndex(kind)
	f.text, f.spelled, f.paired, f.classed = "", true, false, true
	f.tokenise(text)
}

// Widen adds the sequences of words and the concepts, which is what the sieve
// asks for beside.
func (f *Features) Widen(extras []uint64) {
	f.wordFeatures()
	for _, e := range extras {
		f.Extras = append(f.Extras, Feature{Bucket: bucket(e ^ seedExtra)})
	}
}

// WidenPairs is Widen for the names of concepts, their pairs and the names of
// rules. It keeps names, which are sorted, for Scores.
func (f *Features) WidenPairs(names, rules []uint64) {
	f.wordFeatures()
	for i, a := range names {
		f.Extras = append(f.Extras, Feature{Bucket: bucket(a ^ seedExtra)})
		for _, b := range names[i+1:] {
			f.Extras = append(f.Extras, Feature{Bucket: bucket((a*3 + b) ^ seedExtra)})
		}
	}
	for _, r := range rules {
		f.Extras = append(f.Extras, Feature{Bucket: bucket(r ^ seedExtra)})
	}
	f.names, f.rules, f.paired = names, len(rules), true
}

// Complete adds the features that Start and Widen left out. Characters are
// taken apart, and classes put together, when they are asked for: Scores knows
// most of their sums already.
func (f *Features) Complete(text string, heard *Heard) {
	f.readClasses(text, heard)
	f.classed = false
	f.text, f.spelled = text, false
}

func (f *Features) wordFeatures() {
	t := f.tokens
	for i := range t {
		h := uint64(seedWord)
		for n := 0; n < 3 && i+n < len(t); n++ {
			h = nextWord(h, t[i+n].hash)
			f.Words = append(f.Words, Feature{bucket(h), t[i].start, t[i+n].end})
		}
	}
}

// nextWord is the hash of a sequence of words with one more.
func nextWord(h, word uint64) uint64 {
	h = (h ^ word) * prime
	return h ^ h>>31
}

// What a byte of a text may be.
const (
	byteMark   uint8 = iota
	byteLetter       // a to z
	byteDigit
	byteSkip // a space, or unseen
	byteHigh // part of a character outside ASCII
)

var byteKinds = func() (tab [256]uint8) {
	for c := range tab {
		switch r := rune(c); {
		case c >= utf8.RuneSelf:
			tab[c] = byteHigh
		case unicode.IsSpace(r), unseen(r):
			tab[c] = byteSkip
		case unicode.IsLetter(r):
			tab[c] = byteLetter
		case unicode.IsDigit(r):
			tab[c] = byteDigit
		}
	}
	return tab
}()

var hashUser, hashLink = hashString("@USER"), hashString("URL")

// tokenise splits text as words, runs of digits, masked handles and links, and
// single marks.
func (f *Features) tokenise(text string) {
	for i := 0; i < len(text); {
		switch c := text[i]; byteKinds[c] {
		case byteSkip:
			i++
		case byteLetter:
			if c|0x20 == 'h' {
				if end := linkEnd(text, i); end > i {
					f.addToken(hashLink, i, end)
					i = end
					continue
				}
			}
			i = f.word(text, i)
		case byteDigit:
			i = f.word(text, i)
		case byteHigh:
			i = f.highToken(text, i)
		default:
			end := i + 1
			if c == '@' {
				end = handleEnd(text, end)
			}
			if end > i+1 {
				f.addToken(hashUser, i, end)
			} else {
				f.addToken(step(seedWord, rune(c)), i, end)
			}
			i = end
		}
	}
}

// highToken reads what begins with a character outside ASCII and returns where
// it ends.
func (f *Features) highToken(text string, i int) int {
	r, size := lowered(text, i)
	switch {
	case unicode.IsSpace(r), unseen(r):
		return i + size
	case isWordRune(r):
		return f.word(text, i)
	}
	f.addToken(step(seedWord, r), i, i+size)
	return i + size
}

func (f *Features) addToken(h uint64, start, end int) {
	f.tokens = append(f.tokens, token{h, int32(start), int32(end)})
}

// word reads a word, or a run of digits, that begins at i.
func (f *Features) word(text string, i int) int {
	start, h := i, uint64(seedWord)
	for i < len(text) && byteKinds[text[i]] == byteLetter {
		h = step(h, rune(text[i]|0x20))
		i++
	}
	if i > start && (i == len(text) || text[i] != '\'' && byteKinds[text[i]] != byteHigh) {
		f.addToken(h, start, i)
		return i
	}
	digits := false
	if i == start {
		first, _ := lowered(text, i)
		digits = unicode.IsDigit(first)
	}
	for i < len(text) {
		c := text[i]
		switch kind := byteKinds[c]; {
		case kind == byteLetter && !digits:
			h = step(h, rune(c|0x20))
			i++
			continue
		case kind == byteDigit && digits:
			h = step(h, '0')
			i++
			continue
		case kind == byteHigh, c == '\'':
			if size := highLetter(text, i, i > start, digits, &h); size > 0 {
				i += size
				continue
			}
		}
		break
	}
	f.addToken(h, start, i)
	return i
}

// highLetter adds a character of a word that is an apostrophe or outside ASCII
// to the hash and returns its size; 0 where the word ends before it.
func highLetter(text string, i int, inside, digits bool, h *uint64) int {
	r, size := lowered(text, i)
	switch {
	case r == '\'':
		if !inside || digits {
			return 0
		}
	case !isWordRune(r), unicode.IsDigit(r) != digits:
		return 0
	case digits:
		r = '0'
	}
	*h = step(*h, r)
	return size
}

// unseen are characters that a reader does not see: controls, and those that
// change the direction or join of others.
func unseen(r rune) bool {
	return r < ' ' || r >= 0x7f && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)) || r == '\ufe0f'
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func lowered(text string, i int) (rune, int) {
	c := text[i]
	if c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return rune(c), 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	if r == '’' || r == 'ʼ' || r == '‘' {
		return '\'', size
	}
	return unicode.ToLower(r), size
}

func handleEnd(text string, i int) int {
	for i < len(text) {
		c := text[i]
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			break
		}
		i++
	}
	return i
}

// linkEnd returns the end of the link that starts at i, or i.
func linkEnd(text string, i int) int {
	rest := text[i:]
	if !hasPrefixFold(rest, "http://") && !hasPrefixFold(rest, "https://") {
		return i
	}
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			break
		}
		i += size
	}
	return i
}

func hasPrefixFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := 0; i < len(prefix); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}

// charFeatures fills Chars.
func (f *Features) charFeatures() {
	f.Chars, f.spelled = f.Chars[:0], true
	for start, end := nextRun(f.text, 0); start < end; start, end = nextRun(f.text, end) {
		f.charRun(f.text, start, end)
	}
}

// nextRun returns the next run of characters between spaces from i on, without
// what is unseen at its beginning; it is empty where there is none.
func nextRun(text string, i int) (start, end int) {
	for i < len(text) {
		r, size := lowered(text, i)
		if !unicode.IsSpace(r) && !unseen(r) {
			break
		}
		i += size
	}
	for start = i; i < len(text); {
		r, size := lowered(text, i)
		if unicode.IsSpace(r) {
			break
		}
		i += size
	}
	return start, i
}

// charRun adds the sequences of two to five characters inside one run between
// spaces, the run's ends counting as a character.
func (f *Features) charRun(text string, start, end int) {
	const longest = 5
	var ring [longest]struct {
		h     uint64
		start int32
	}
	live := 0
	push := func(r rune, start, end int) {
		if live == longest {
			copy(ring[:], ring[1:])
			live--
		}
		ring[live].h, ring[live].start = seedChar, int32(start)
		live++
		for k := range live {
			ring[k].h = step(ring[k].h, r)
			if n := live - k; n >= 2 {
				f.Chars = append(f.Chars, Feature{bucket(ring[k].h + uint64(n)), ring[k].start, int32(end)})
			}
		}
	}
	push(' ', start, start)
	for i := start; i < end; {
		r, size := lowered(text, i)
		if unseen(r) {
			i += size
			continue
		}
		if end := maskEnd(text, i, r, size); end > i+size {
			push('\uE000'+rune(r&0xff), i, end)
			i = end
			continue
		}
		if unicode.IsDigit(r) {
			r = '0'
		}
		push(r, i, i+size)
		i += size
	}
	push(' ', end, end)
}

// maskEnd returns the end of a handle or link at i, or i.
func maskEnd(text string, i int, r rune, size int) int {
	switch r {
	case '@':
		return handleEnd(text, i+size)
	case 'h':
		return linkEnd(text, i)
	}
	return i
}

func hashString(s string) uint64 {
	h := uint64(seedWord)
	for _, r := range s {
		h = step(h, r)
	}
	return h
}
