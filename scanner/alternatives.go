package scanner

// addAlt adds another reading of the tokens from i to next.
func (t *text) addAlt(i, next int32, ids []int32, class uint8, masked bool) {
	t.alts = append(t.alts, alt{ids: ids, next: next, more: t.toks[i].alt, class: class, masked: masked})
	t.toks[i].alt = int32(len(t.alts))
}

// alternatives adds what the tokens may also mean: names, words joined by
// hyphens, stretched, spaced, masked and respelled words.
func (t *text) alternatives() {
	if t.lex.useNames {
		t.names()
	}
	if t.hyphens > 0 {
		t.hyphened()
	}
	t.stretched()
	if t.singles > 2 {
		t.spaced()
	}
	if t.leet > 0 {
		t.respelled()
	}
	if t.users > 0 {
		t.handles()
	}
	if len(t.chunks) > 0 {
		t.masked()
	}
}

// names marks capitalised words that are likely names of people.
func (t *text) names() {
	title := false
	for i := range t.toks {
		k := &t.toks[i]
		if k.flags&tokCapital != 0 && k.flags&tokInTag == 0 && k.to-k.from > 1 {
			switch {
			case k.lex&lexTitle != 0:
				title = true
				continue
			case k.flags&tokUpper != 0 && !title:
			case k.lex&lexGivenName != 0 || title && k.flags&tokWord != 0:
				k.class |= className
			case k.lex&(lexEnglish|lexNotName) == 0 && k.gap != gapSentence && i > 0:
				k.class |= className
			}
		}
		title = false
	}
}

// reading returns the word classes of a respelled word.
func (t *text) reading(w []byte) []int32 {
	if e := t.lex.find(hashBytes(w)); e != nil {
		return t.lex.classes(e)
	}
	if len(w) < 5 {
		return nil
	}
	start := len(t.idbuf)
	t.idbuf = t.lex.prefixes(t.idbuf, w)
	return t.idbuf[start:len(t.idbuf):len(t.idbuf)]
}

func (t *text) tryWord(i, next int, w []byte, masked bool) bool {
	ids := t.reading(w)
	if len(ids) == 0 {
		return false
	}
	t.addAlt(int32(i), int32(next), ids, 0, masked)
	return true
}

func (t *text) hyphened() {
	for i := 1; i < len(t.toks); i++ {
		if t.toks[i].gap != gapHyphen {
			continue
		}
		buf := append(t.wordbuf[:0], t.bytes(i-1)...)
		words := t.toks[i-1].flags
		for j := i; j < len(t.toks) && t.toks[j].gap == gapHyphen && j < i+3; j++ {
			buf = append(buf, t.bytes(j)...)
			if words |= t.toks[j].flags; words&tokWord != 0 { // "1-9" is no 19
				t.tryWord(i-1, j+1, buf, false)
			}
		}
		t.wordbuf = buf
	}
}

func (t *text) bytes(i int) []byte { return t.norm[t.toks[i].from:t.toks[i].to] }

// stretched reads "sooo" as "so" and "soo".
func (t *text) stretched() {
	for i := range t.toks {
		k := &t.toks[i]
		if k.lex != 0 || k.flags&tokWord == 0 || k.to-k.from < 3 || k.to-k.from > 40 {
			continue
		}
		w := t.bytes(i)
		if w[len(w)-1] == w[len(w)-2] {
			t.tryWord(i, i+1, w[:len(w)-1], false)
		}
		runs := longRuns(w)
		if runs == 0 {
			continue
		}
		for keep := range 1 << min(runs, 3) {
			t.wordbuf = squeeze(t.wordbuf[:0], w, keep)
			if t.tryWord(i, i+1, t.wordbuf, false) {
				break
			}
		}
	}
}

func longRuns(w []byte) int {
	runs := 0
	for i := 2; i < len(w); i++ {
		if w[i] == w[i-1] && w[i] == w[i-2] && (i == 2 || w[i-3] != w[i]) {
			runs++
		}
	}
	return runs
}

// squeeze writes runs of three and more as one letter, or as two where the
// run's bit is set in double.
func squeeze(dst, w []byte, double int) []byte {
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == w[i] {
			j++
		}
		n := j - i
		if n > 2 {
			n = 1 + double&1
			double >>= 1
		}
		for range n {
			dst = append(dst, w[i])
		}
		i = j
	}
	return dst
}

// spaced reads "f u c k" and "c-u-n-t" as words.
func (t *text) spaced() {
	for i := 0; i < len(t.toks); {
		if !t.single(i) {
			i++
			continue
		}
		j := i + 1
		for j < len(t.toks) && t.single(j) && (j == i+1 || t.toks[j].gap == t.toks[i+1].gap) && t.toks[j].gap >= gapSpace && t.toks[j].gap <= gapDot {
			j++
		}
		if n := j - i; n >= 3 && n <= 40 {
			t.spacedRun(i, j)
		}
		i = max(j, i+1)
	}
}

func (t *text) single(i int) bool {
	k := &t.toks[i]
	return k.to-k.from == 1 && k.flags&tokWord != 0
}

func (t *text) spacedRun(i, j int) {
	for a := i; a < j-2; a++ {
		buf := t.wordbuf[:0]
		for b := a; b < j; b++ {
			buf = append(buf, t.norm[t.toks[b].from])
			whole := a == i && b == j-1
			if n := b - a + 1; n < 3 || n == 3 && !whole {
				continue
			}
			if e := t.lex.find(hashBytes(buf)); e != nil && e.count > 0 {
				t.addAlt(int32(a), int32(b+1), t.lex.classes(e), 0, true)
			}
		}
		t.wordbuf = buf
	}
}

// leetLetter maps a character to the letter that it replaces.
var leetLetter = [256]byte{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '!': 'i', '|': 'l', '+': 't', '(': 'c'}

// respelled reads words with digits in them: "b1tch", "5hit", "n0nce".
func (t *text) respelled() {
	for i := 0; i < len(t.toks); i++ {
		j := i + 1
		for j < len(t.toks) && t.toks[j].gap == gapJoined && t.toks[j].flags&tokInTag == 0 && t.toks[j].class&^classNumber == classAny {
			j++
		}
		from, to := t.toks[i].from, t.toks[j-1].to
		if to-from < 3 || to-from > 20 || t.toks[i].class&^classNumber != classAny {
			continue
		}
		t.tryLeet(i, j, t.norm[from:to], 2)
		i = j - 1
	}
}

// tryLeet looks up a word with its replaced letters put back; need is how many
// letters must have been written as such.
func (t *text) tryLeet(i, next int, w []byte, need int) {
	letters, replaced, ones := 0, 0, false
	buf := t.wordbuf[:0]
	for _, c := range w {
		switch {
		case charTable[c] == charLetter:
			letters++
		case leetLetter[c] != 0:
			replaced++
			ones = ones || c == '1' || c == '!'
			c = leetLetter[c]
		default:
			return
		}
		buf = append(buf, c)
	}
	t.wordbuf = buf
	if letters < need || replaced == 0 || replaced > letters+2 {
		return
	}
	if e := t.lex.find(hashBytes(buf)); e != nil && e.count > 0 {
		t.addAlt(int32(i), int32(next), t.lex.classes(e), 0, true)
		return
	}
	if ones {
		for k, c := range w {
			if c == '1' || c == '!' {
				buf[k] = 'l'
			}
		}
		if e := t.lex.find(hashBytes(buf)); e != nil && e.count > 0 {
			t.addAlt(int32(i), int32(next), t.lex.classes(e), 0, true)
		}
	}
}

// handles reads "@sshole" as the word that it is.
func (t *text) handles() {
	for i := range t.toks {
		k := &t.toks[i]
		if k.class&classUser == 0 || k.to-k.from > 16 {
			continue
		}
		buf := append(t.wordbuf[:0], 'a')
		buf = append(buf, t.norm[k.from+1:k.to]...)
		t.wordbuf = buf
		if e := t.lex.find(hashBytes(buf)); e != nil && e.flags&lexMaskable != 0 {
			t.addAlt(int32(i), int32(i+1), t.lex.classes(e), 0, true)
		}
	}
}

// masked reads "f*ck", "sh!t", "a$$" and "f***".
func (t *text) masked() {
	done := int32(-1)
	for _, at := range t.chunks {
		if at < done {
			continue
		}
		a, b := t.chunkAround(int(at))
		done = int32(b)
		if b-a < 3 || b-a > 24 {
			continue
		}
		i, j := t.tokensIn(a, b)
		if i < 0 {
			continue
		}
		w, before := t.norm[a:b], len(t.alts)
		t.tryLeet(i, j, w, 1)
		t.tryStripped(i, j, w)
		t.tryMask(i, j, w)
		if len(t.alts) > before { // the signs belong to the word
			t.toks[i].from, t.toks[j-1].to = int32(a), int32(b)
		}
	}
}

// chunkAround widens a position to the white space around it and takes
// brackets, quotation marks and end marks off.
func (t *text) chunkAround(at int) (int, int) {
	n := t.norm
	a, b := at, at+1
	for a > 0 && n[a-1] > ' ' && at-a < 30 {
		a--
	}
	for b < len(n) && n[b] > ' ' && b-at < 30 {
		b++
	}
	for a < b && (n[a] == '"' || n[a] == '\'' || n[a] == '(' || n[a] == '#' || n[a] == '[' || n[a] == '~') {
		a++
	}
	for b > a && (n[b-1] == '"' || n[b-1] == '\'' || n[b-1] == ')' || n[b-1] == '.' || n[b-1] == ',' || n[b-1] == '?' || n[b-1] == '!' || n[b-1] == ':' || n[b-1] == ';' || n[b-1] == ']' || n[b-1] == '~') {
		b--
	}
	for b-a > 2 && (n[a] == '*' || n[a] == '_') && n[a] == n[b-1] {
		a, b = a+1, b-1
	}
	return a, b
}

func (t *text) tokensIn(a, b int) (int, int) {
	lo, hi := 0, len(t.toks)
	for lo < hi {
		mid := (lo + hi) / 2
		if int(t.toks[mid].from) < a {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	j := lo
	for j < len(t.toks) && int(t.toks[j].to) <= b {
		j++
	}
	if j == lo {
		return -1, -1
	}
	return lo, j
}

// tryStripped reads "f*u*c*k" without its signs.
func (t *text) tryStripped(i, j int, w []byte) {
	buf := t.wordbuf[:0]
	for _, c := range w {
		if charTable[c] == charLetter {
			buf = append(buf, c)
		}
	}
	t.wordbuf = buf
	if len(buf) < 3 || j-i < 2 {
		return
	}
	if e := t.lex.find(hashBytes(buf)); e != nil && e.flags&lexMaskable != 0 {
		t.addAlt(int32(i), int32(j), t.lex.classes(e), 0, true)
	}
}

// tryMask compares a word with blanks in it with the words that people mask.
func (t *text) tryMask(i, j int, w []byte) {
	letters, blanks := 0, 0
	for _, c := range w {
		switch {
		case charTable[c] == charLetter || leetLetter[c] != 0 && c != '!' && c != '(' && c != '+' && c != '|':
			letters++
		default:
			blanks++
		}
	}
	if blanks == 0 || letters == 0 || letters < 2 && (blanks < 2 || charTable[w[0]] != charLetter) || blanks > letters+3 {
		return
	}
	if blanks == 1 && w[len(w)-1] == '*' && letters > 3 {
		return
	}
	found := 0
	var first []int32
	for k := range t.lex.maskable {
		m := &t.lex.maskable[k]
		if !m.fits(w) {
			continue
		}
		if letters >= 2 {
			t.addAlt(int32(i), int32(j), m.ids, 0, true)
		} else if m.common {
			t.addAlt(int32(i), int32(j), m.ids, 0, true)
			return
		}
		found++
		first = m.ids
	}
	if letters < 2 && found == 1 {
		t.addAlt(int32(i), int32(j), first, 0, true)
	}
}

// fits says whether a masked text can stand for the word.
func (m *maskWord) fits(w []byte) bool {
	if len(w) != len(m.word) && (!m.prefix || len(w) < len(m.word)) {
		return false
	}
	for i := range len(m.word) {
		c := w[i]
		if charTable[c] != charLetter {
			if l := leetLetter[c]; l != 0 && l != m.word[i] && c != '!' && c != '|' && c != '+' && c != '(' {
				return false
			}
			continue
		}
		if c != m.word[i] {
			return false
		}
	}
	for _, c := range w[len(m.word):] {
		if charTable[c] != charLetter {
			return false
		}
	}
	return true
}
