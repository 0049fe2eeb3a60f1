package scanner

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token classes beside the words themselves.
const (
	classAny = 1 << iota
	classNumber
	classUser
	classURL
	classEmoji
	classTag
	className
	classEmail
	numClasses = 8
)

// What stands between a token and the one before it.
const (
	gapJoined   uint8 = iota // nothing: "50|mg"
	gapSpace                 // space, slash, quotation mark
	gapHyphen                // one hyphen between letters
	gapDot                   // one dot between letters
	gapClause                // comma, colon, bracket, dash
	gapSentence              // the end of a sentence
)

// Flags of a token.
const (
	tokCapital  uint8 = 1 << iota // begins with a capital letter
	tokUpper                      // capitals only, two letters or more
	tokInTag                      // part of a hashtag
	tokWord                       // letters, perhaps with digits
	tokCurrency                   // a currency sign before a number
	tokPending                    // not looked up yet
)

// A token is one word, number, emoji, handle or address of the text.
type token struct {
	from, to int32   // in norm
	ids      []int32 // word classes that it belongs to
	starts   []int32 // what begins with it, where the lexicon says so at once
	mask     uint64  // classes of all readings that begin here, as in node.ids; 0 where a sentence begins
	alt      int32   // 1-based index of its first alternative reading
	class    uint8
	gap      uint8
	flags    uint8
	light    uint8 // negated, quoted, ...: see scope.go
	lex      uint16
	hash     uint64
}

// An alt is another reading that begins at a token and may take in several:
// "f u c k", "anti-vaxxer" as one word, a whole hashtag.
type alt struct {
	ids    []int32
	next   int32 // token after it
	more   int32 // 1-based index of the next alternative of the same token
	class  uint8
	masked bool
}

// A sentence holds the tokens from one boundary to the next.
type sentence struct {
	from, to int32
	question bool
}

// text is one text taken apart. It is reused from post to post.
type text struct {
	lex      *lexicon
	src      string
	ascii    bool
	norm     []byte
	pos, end []int32
	toks     []token
	alts     []alt
	sents    []sentence
	quotes   []quotation
	open     [3]int32 // first token of an open quotation by kind of mark, or -1
	chunks   []int32  // norm offsets with a masking character next to a letter
	idbuf    []int32
	wordbuf  []byte
	singles  int // tokens of one letter
	digits   int // tokens of digits
	leet     int // tokens with both letters and digits
	hyphens  int
	users    int // handles
	cost     []float32
	back     []int32
	cuts     []cutTag
}

const (
	hashSeed  = 14695981039346656037
	hashPrime = 1099511628211
)

const (
	charOther uint8 = iota
	charLetter
	charDigit
	charSpace
	charHigh
)

var charTable = func() (tab [256]uint8) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			tab[c] = charLetter
		case c >= '0' && c <= '9':
			tab[c] = charDigit
		case c == ' ':
			tab[c] = charSpace
		case c >= utf8.RuneSelf:
			tab[c] = charHigh
		}
	}
	return tab
}()

// read takes a text apart.
func (t *text) read(src string) {
	t.normalise(src)
	t.toks, t.alts, t.sents, t.quotes, t.chunks = t.toks[:0], t.alts[:0], t.sents[:0], t.quotes[:0], t.chunks[:0]
	t.idbuf = t.idbuf[:0]
	t.singles, t.digits, t.leet, t.hyphens, t.users = 0, 0, 0, 0, 0
	t.sents = append(t.sents, sentence{})
	t.open = [3]int32{-1, -1, -1}
	t.tokenise()
	t.endQuoteLine()
	t.closeSentence(false)
	t.lookUp()
	if t.sents = t.sents[:len(t.sents)-1]; len(t.toks) > 0 {
		t.alternatives()
	}
}

func (t *text) closeSentence(question bool) {
	last := &t.sents[len(t.sents)-1]
	last.to = int32(len(t.toks))
	last.question = last.question || question
	if last.to > last.from {
		t.sents = append(t.sents, sentence{from: last.to})
	}
}

func (t *text) tokenise() {
	n := t.norm
	gap := gapSentence
	for i := 0; i < len(n); {
		c := n[i]
		switch charTable[c] {
		case charLetter, charDigit:
			i = t.word(i, gap)
			gap = gapJoined
			continue
		case charSpace:
			gap = max(gap, gapSpace)
			i++
			continue
		case charHigh:
			i, gap = t.high(i, gap)
			continue
		}
		i, gap = t.punctuation(i, gap)
	}
}

// word reads a word or a number that begins at i.
func (t *text) word(i int, gap uint8) int {
	n, h := t.norm, uint64(hashSeed)
	from := i
	if charTable[n[i]] == charDigit {
		for i < len(n) && charTable[n[i]] == charDigit {
			h = (h ^ uint64(n[i])) * hashPrime
			i++
		}
		t.number(from, i, gap, h)
		return i
	}
	digits := false
	for i < len(n) {
		switch c := n[i]; charTable[c] {
		case charLetter:
		case charDigit:
			digits = true
		case charHigh:
			_, size := t.letterAt(i)
			if size == 0 {
				return t.endWord(from, i, gap, h, digits)
			}
			for range size - 1 {
				h = (h ^ uint64(n[i])) * hashPrime
				i++
			}
		default:
			if c != '\'' || i+1 >= len(n) || charTable[n[i+1]] != charLetter {
				return t.endWord(from, i, gap, h, digits)
			}
		}
		h = (h ^ uint64(n[i])) * hashPrime
		i++
	}
	return t.endWord(from, i, gap, h, digits)
}

// letterAt decodes a letter or digit of any script; size is 0 for anything else.
func (t *text) letterAt(i int) (rune, int) {
	r, size := utf8.DecodeRune(t.norm[i:])
	if isEmoji(r) || !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return r, 0
	}
	return r, size
}

func (t *text) endWord(from, to int, gap uint8, h uint64, digits bool) int {
	if end := t.address(from, to); end > to {
		return t.addAddress(from, end, gap)
	}
	t.add(from, to, gap, h)
	k := &t.toks[len(t.toks)-1]
	k.flags |= tokWord
	if digits {
		t.leet++
	}
	if to-from == 1 {
		t.singles++
	}
	if gap == gapHyphen {
		t.hyphens++
	}
	return to
}

func (t *text) number(from, to int, gap uint8, h uint64) {
	t.add(from, to, gap, h)
	k := &t.toks[len(t.toks)-1]
	k.class |= classNumber
	t.digits++
	if n := len(t.toks); n > 1 && gap == gapJoined && t.toks[n-2].flags&tokCurrency != 0 {
		t.addAlt(int32(n-2), int32(n), nil, classNumber, false)
	}
	if to < len(t.norm) && charTable[t.norm[to]] == charLetter {
		t.leet++
	}
}

// add appends a token. It is looked up later, together with the others.
func (t *text) add(from, to int, gap uint8, h uint64) {
	t.toks = append(t.toks, token{from: int32(from), to: int32(to), class: classAny, gap: gap, hash: h, flags: t.capitals(from, to) | tokPending})
}

// lookUp finds the word classes of all tokens. It asks for all of them before
// the first is used: they lie far apart, and many can be on their way at once
// where nothing else is done between.
func (t *text) lookUp() {
	t.lex.touch(t.toks)
	for i := range t.toks {
		t.lookUpOne(&t.toks[i])
	}
}

func (t *text) lookUpOne(k *token) {
	if k.flags&tokPending == 0 {
		return
	}
	k.flags &^= tokPending
	e := t.lex.find(k.hash)
	if e == nil {
		k.ids = t.unknown(int(k.from), int(k.to))
		return
	}
	k.ids, k.starts, k.lex = t.lex.classes(e), t.lex.starts(e), e.flags&^lexKnown
	if e.flags&lexNumber != 0 {
		k.class |= classNumber
	}
}

// capitals looks at the original letters of a word.
func (t *text) capitals(from, to int) uint8 {
	a, b := t.srcSpan(from, to)
	c := t.src[a]
	if c < 'A' || c > 'Z' {
		return 0
	}
	if b-a > 1 && t.src[b-1] >= 'A' && t.src[b-1] <= 'Z' && t.src[a+1] <= 'Z' {
		return tokCapital | tokUpper
	}
	return tokCapital
}

// unknown finds word classes for a word that the lexicon does not hold: those
// with any ending, and those of the word before a possessive ending.
func (t *text) unknown(from, to int) []int32 {
	w := t.norm[from:to]
	start := len(t.idbuf)
	if len(w) > 3 && w[len(w)-2] == '\'' && w[len(w)-1] == 's' {
		if e := t.lex.find(hashBytes(w[:len(w)-2])); e != nil {
			return t.lex.classes(e)
		}
	}
	t.idbuf = t.lex.prefixes(t.idbuf, w)
	return t.idbuf[start:len(t.idbuf):len(t.idbuf)]
}

// high reads a character outside ASCII: an emoji, a letter, a sign.
func (t *text) high(i int, gap uint8) (int, uint8) {
	r, size := utf8.DecodeRune(t.norm[i:])
	switch {
	case isEmoji(r):
		t.emoji(i, i+size, gap)
		return i + size, gapJoined
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return t.word(i, gap), gapJoined
	case r == '£' || r == '€':
		t.currency(i, i+size, gap)
		return i + size, gapJoined
	case r == '。' || r == '！' || r == '？' || r == '؟':
		t.closeSentence(r == '？' || r == '؟')
		return i + size, gapSentence
	}
	return i + size, max(gap, gapSpace)
}

// currency adds a currency sign; with a number after it both also read as a
// number.
func (t *text) currency(from, to int, gap uint8) {
	t.add(from, to, max(gap, gapSpace), hashBytes(t.norm[from:to]))
	t.toks[len(t.toks)-1].flags = tokCurrency | tokPending
}

// emoji adds one emoji; the same one repeated counts once.
func (t *text) emoji(from, to int, gap uint8) {
	h := hashBytes(t.norm[from:to])
	if n := len(t.toks); n > 0 && gap <= gapSpace {
		if k := &t.toks[n-1]; k.class&classEmoji != 0 && k.hash == h {
			k.to = int32(to)
			return
		}
	}
	k := token{from: int32(from), to: int32(to), class: classAny | classEmoji, gap: max(gap, gapSpace), hash: h}
	if e := t.lex.find(h); e != nil {
		k.ids, k.starts, k.lex = t.lex.classes(e), t.lex.starts(e), e.flags&^lexKnown
	}
	t.toks = append(t.toks, k)
}

// punctuation reads one sign and says what gap it makes.
func (t *text) punctuation(i int, gap uint8) (int, uint8) {
	n := t.norm
	switch c := n[i]; c {
	case '\n':
		t.endQuoteLine()
		t.closeSentence(false)
		return i + 1, gapSentence
	case '.':
		return t.dot(i, gap)
	case '!', '?':
		return t.mark(i, gap)
	case '@':
		if end := handleEnd(n, i); end > 0 {
			t.addSpecial(i, end, gap, classUser)
			t.users++
			return end, gapJoined
		}
	case '#':
		if end := t.hashtagEnd(i); end > 0 {
			t.hashtag(i, end, gap)
			return end, gapJoined
		}
	case '"':
		t.doubleQuote(i)
		return i + 1, max(gap, gapSpace)
	case '\'':
		t.singleQuote(i)
		return i + 1, max(gap, gapSpace)
	case ',', ';', ':', '(', ')', '[', ']', '|':
		t.maskAt(i)
		return i + 1, max(gap, gapClause)
	case '-':
		return t.hyphen(i, gap)
	case '$':
		if i+1 < len(n) && charTable[n[i+1]] == charDigit && gap != gapJoined {
			t.currency(i, i+1, gap)
			return i + 1, gapJoined
		}
	case '>':
		if i == 0 || n[i-1] == '\n' {
			t.open[lineQuote] = int32(len(t.toks))
		}
		return i + 1, max(gap, gapSpace)
	}
	t.maskAt(i)
	return i + 1, max(gap, gapSpace)
}

// maskAt notes a masking character that touches a letter.
func (t *text) maskAt(i int) {
	n := t.norm
	switch n[i] {
	case '*', '@', '$', '!', '_', '|', '+', '%', '^', '#', '&', '(':
		if i > 0 && charTable[n[i-1]] == charLetter || i+1 < len(n) && charTable[n[i+1]] == charLetter {
			t.chunks = append(t.chunks, int32(i))
		}
	}
}

func (t *text) dot(i int, gap uint8) (int, uint8) {
	n := t.norm
	j := i
	for j < len(n) && n[j] == '.' {
		j++
	}
	if j-i > 1 {
		return j, max(gap, gapClause)
	}
	if j < len(n) && (charTable[n[j]] == charLetter || charTable[n[j]] == charDigit) {
		if t.newSentence(i, j) {
			t.closeSentence(false)
			return j, gapSentence
		}
		return j, max(gap, gapDot)
	}
	if k := len(t.toks); k > 0 && gap == gapJoined {
		last := &t.toks[k-1]
		t.lookUpOne(last)
		single := last.to-last.from == 1 && last.class&classNumber == 0 && last.flags&tokCapital != 0
		abbrev := last.lex&lexAbbrev != 0 && (last.lex&lexEnglish == 0 || t.digitAfter(j))
		if abbrev || single && j < len(n) {
			return j, max(gap, gapSpace)
		}
	}
	t.closeSentence(false)
	return j, gapSentence
}

// digitAfter tells "no. 4" from "No. Four of them".
func (t *text) digitAfter(i int) bool {
	for i < len(t.norm) && t.norm[i] == ' ' {
		i++
	}
	return i < len(t.norm) && charTable[t.norm[i]] == charDigit
}

// newSentence says whether a dot without a space after it ends a sentence:
// "placement.Then" does, "e.g" and "4.5" do not.
func (t *text) newSentence(i, j int) bool {
	if i == 0 || charTable[t.norm[i-1]] != charLetter || charTable[t.norm[j]] != charLetter {
		return false
	}
	a, _ := t.srcSpan(i-1, i)
	b, _ := t.srcSpan(j, j+1)
	return t.src[a] >= 'a' && t.src[b] >= 'A' && t.src[b] <= 'Z'
}

func (t *text) mark(i int, gap uint8) (int, uint8) {
	n := t.norm
	if i+1 < len(n) && charTable[n[i+1]] == charLetter && i > 0 && charTable[n[i-1]] == charLetter {
		t.maskAt(i)
		return i + 1, max(gap, gapSpace)
	}
	question := false
	for i < len(n) && (n[i] == '!' || n[i] == '?') {
		question = question || n[i] == '?'
		i++
	}
	t.closeSentence(question)
	return i, gapSentence
}

func (t *text) hyphen(i int, gap uint8) (int, uint8) {
	n := t.norm
	j := i
	for j < len(n) && n[j] == '-' {
		j++
	}
	tight := gap == gapJoined && j < len(n) && (charTable[n[j]] == charLetter || charTable[n[j]] == charDigit || charTable[n[j]] == charHigh)
	if j-i == 1 && tight {
		return j, gapHyphen
	}
	if j-i == 1 && gap == gapJoined {
		return j, gapSpace
	}
	return j, max(gap, gapClause)
}

// handleEnd returns the end of an @handle at i, or 0.
func handleEnd(n []byte, i int) int {
	if i > 0 && (charTable[n[i-1]] == charLetter || charTable[n[i-1]] == charDigit) {
		return 0
	}
	j := i + 1
	for j < len(n) && (charTable[n[j]] == charLetter || charTable[n[j]] == charDigit || n[j] == '_' ||
		(n[j] == '.' || n[j] == '-' || n[j] == '@') && j+1 < len(n) && charTable[n[j+1]] == charLetter) {
		j++
	}
	if j-i < 3 || j < len(n) && (n[j] == '$' || n[j] == '*') {
		return 0
	}
	return j
}

func (t *text) addSpecial(from, to int, gap, class uint8) {
	t.toks = append(t.toks, token{from: int32(from), to: int32(to), class: classAny | class, gap: max(gap, gapSpace)})
}

func (t *text) addAddress(from, to int, gap uint8) int {
	class := uint8(classURL)
	for _, c := range t.norm[from:to] {
		if c == '@' {
			class = classEmail
			break
		}
		if c == '/' || c == ':' {
			break
		}
	}
	t.addSpecial(from, to, gap, class)
	return to
}

// address returns the end of an address of which n[from:to] is the first word:
// a URL with or without scheme, or an e-mail address. It returns to for none.
func (t *text) address(from, to int) int {
	n := t.norm
	if to+1 >= len(n) {
		return to
	}
	switch n[to] {
	case ':':
		w := string(n[from:to])
		if (w == "http" || w == "https") && n[to+1] == '/' {
			return urlEnd(n, to)
		}
	case '.':
		if charTable[n[to+1]] == charLetter || charTable[n[to+1]] == charDigit {
			return t.bareAddress(from, to)
		}
	case '@':
		return mailEnd(n, to)
	case '_', '+':
		if end := mailEnd(n, skipLocal(n, to)); end > 0 && n[skipLocal(n, to)] == '@' {
			return end
		}
	}
	return to
}

// maxAddress bounds how far an address without a scheme is looked for.
const maxAddress = 128

func skipLocal(n []byte, i int) int {
	for end := min(len(n)-1, i+maxAddress); i < end && (charTable[n[i]] == charLetter || charTable[n[i]] == charDigit || strings.IndexByte("._+-", n[i]) >= 0); {
		i++
	}
	return i
}

// mailEnd returns the end of "@host.tld" at i, or i.
func mailEnd(n []byte, i int) int {
	if n[i] != '@' {
		return i
	}
	j, dot := i+1, false
	for j < len(n) && j-i < maxAddress && (charTable[n[j]] == charLetter || charTable[n[j]] == charDigit || n[j] == '-' ||
		n[j] == '.' && j+1 < len(n) && charTable[n[j+1]] == charLetter) {
		dot = dot || n[j] == '.'
		j++
	}
	if !dot {
		return i
	}
	return j
}

func urlEnd(n []byte, i int) int {
	for i < len(n) && n[i] > ' ' && n[i] != '"' && n[i] != '<' && n[i] != '>' {
		i++
	}
	for i > 0 && strings.IndexByte(".,;:!?')]", n[i-1]) >= 0 {
		i--
	}
	return i
}

var topLevel = map[string]bool{
	"com": true, "org": true, "net": true, "uk": true, "co": true, "io": true, "gov": true, "ly": true, "edu": true, "info": true, "eu": true, "ie": true,
}

// bareAddress finds "example.co.uk/page", "www.example.scot", "a.b@example.org".
func (t *text) bareAddress(from, to int) int {
	n := t.norm
	j, label := to, ""
	for j < len(n) && j-from < maxAddress && n[j] == '.' && j+1 < len(n) && (charTable[n[j+1]] == charLetter || charTable[n[j+1]] == charDigit) {
		start := j + 1
		for j = start; j < len(n) && (charTable[n[j]] == charLetter || charTable[n[j]] == charDigit || n[j] == '-'); j++ {
		}
		label = string(n[start:j])
	}
	if j < len(n) && (n[j] == '@' || n[j] == '_' || n[j] == '+') {
		at := skipLocal(n, j)
		if end := mailEnd(n, at); end > at {
			return end
		}
	}
	known := topLevel[label] || string(n[from:to]) == "www"
	slash := j+1 < len(n) && n[j] == '/' && charTable[n[j+1]] != charSpace && len(label) >= 2 && charTable[label[0]] == charLetter
	if !known && !slash {
		return to
	}
	return urlEnd(n, j)
}
