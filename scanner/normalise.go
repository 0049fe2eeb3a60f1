package scanner

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalise fills t.norm with the text as the engine compares it: compatibility
// forms resolved, marks and invisible characters taken out, look-alike letters
// written as the Latin ones they imitate, lower case. t.pos and t.end map each
// byte of it back to the character in src that it came from; they stay empty
// for an ASCII text, where both have the same length.
func (t *text) normalise(src string) {
	t.src = src
	t.norm, t.pos, t.end = t.norm[:0], t.pos[:0], t.end[:0]
	t.ascii = isASCII(src)
	if t.ascii {
		t.norm = appendLower(t.norm, src)
		return
	}
	for i := 0; i < len(src); {
		if src[i] < utf8.RuneSelf {
			i = t.putASCII(src, i)
			continue
		}
		r, size := utf8.DecodeRuneInString(src[i:])
		t.fold(r, i, i+size)
		i += size
	}
}

func isASCII(s string) bool {
	for len(s) >= 8 {
		if eight(s)&highs != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// eight are the first eight bytes of s as one number.
func eight(s string) uint64 {
	s = s[:8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// appendLower appends a text of ASCII, by eight bytes at once where these are
// letters, digits and common signs.
func appendLower(dst []byte, s string) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(s))[:n+len(s)]
	out := dst[n:]
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := eight(s[i:])
		grave := x ^ '`'*ones
		if ((x-' '*ones)|(grave-ones)&^grave)&highs != 0 {
			lower(out[i:i+8], s[i:])
			continue
		}
		capital := (x + (0x80-'A')*ones) &^ (x + (0x7f-'Z')*ones) & highs
		binary.LittleEndian.PutUint64(out[i:], x|capital>>2)
	}
	lower(out[i:], s[i:])
	return dst
}

// lower fills out with as much of s.
func lower(out []byte, s string) {
	for i := range out {
		out[i] = lowerTable[s[i]]
	}
}

var lowerTable = func() (tab [256]byte) {
	for i := range tab {
		tab[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			tab[i] = byte(i) + 'a' - 'A'
		}
	}
	tab['`'], tab['\r'], tab['\t'], tab['\v'], tab['\f'] = '\'', ' ', ' ', ' ', ' '
	return tab
}()

func (t *text) put(c byte, from, to int) {
	t.norm = append(t.norm, c)
	t.pos = append(t.pos, int32(from))
	t.end = append(t.end, int32(to))
}

// putASCII writes the run of ASCII characters that begins at i and returns its
// end.
func (t *text) putASCII(src string, i int) int {
	end := i + 1
	for end < len(src) && src[end] < utf8.RuneSelf {
		end++
	}
	old, n := len(t.norm), end-i
	t.norm = slices.Grow(t.norm, n)[:old+n]
	t.pos = slices.Grow(t.pos, n)[:old+n]
	t.end = slices.Grow(t.end, n)[:old+n]
	dst, pos, ends := t.norm[old:], t.pos[old:], t.end[old:]
	for k := range dst {
		dst[k] = lowerTable[src[i+k]]
		pos[k], ends[k] = int32(i+k), int32(i+k+1)
	}
	return end
}

func (t *text) putString(s string, from, to int) {
	for i := range len(s) {
		t.put(s[i], from, to)
	}
}

// drop removes a character but lets it belong to the one before it, so that a
// span never ends between a letter and its accent.
func (t *text) drop(r rune, to int) {
	if n := len(t.end); n > 0 && unicode.Is(unicode.M, r) {
		for i := n - 1; i >= 0 && t.pos[i] == t.pos[n-1]; i-- {
			t.end[i] = int32(to)
		}
	}
}

// fold writes what one non-ASCII character stands for.
func (t *text) fold(r rune, from, to int) {
	switch {
	case r >= 0x1F300 && r <= 0x1FAFF && !isSkinTone(r): // the common emoji, of which foldTable has none
		t.putRune(r, from, to)
		return
	case r>>8 == 0x20 && foldSigns[r&0xff] != "":
		t.putString(foldSigns[r&0xff], from, to)
		return
	}
	if s, ok := foldTable[r]; ok {
		t.putString(s, from, to)
		return
	}
	switch {
	case r == utf8.RuneError:
		t.put(' ', from, to)
		return
	case isSkinTone(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || isFiller(r):
		t.drop(r, to)
		return
	case isEmoji(r):
		t.putRune(r, from, to)
		return
	case unicode.IsSpace(r):
		t.put(' ', from, to)
		return
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	dec := norm.NFKD.Properties(buf[:n]).Decomposition()
	if dec == nil {
		t.putRune(unicode.ToLower(r), from, to)
		return
	}
	for len(dec) > 0 {
		d, size := utf8.DecodeRune(dec)
		dec = dec[size:]
		t.foldPart(d, from, to)
	}
}

// foldPart writes one character of a decomposition.
func (t *text) foldPart(d rune, from, to int) {
	if s, ok := foldTable[d]; ok {
		t.putString(s, from, to)
		return
	}
	if unicode.In(d, unicode.Mn, unicode.Me, unicode.Cf) {
		return
	}
	if d < utf8.RuneSelf {
		t.put(lowerTable[d], from, to)
		return
	}
	t.putRune(unicode.ToLower(d), from, to)
}

func (t *text) putRune(r rune, from, to int) {
	var buf [utf8.UTFMax]byte
	for _, c := range buf[:utf8.EncodeRune(buf[:], r)] {
		t.put(c, from, to)
	}
}

// srcSpan gives the bytes of the original text behind a range of t.norm.
func (t *text) srcSpan(from, to int) (int, int) {
	if t.ascii {
		return from, to
	}
	if from >= to {
		return 0, 0
	}
	return int(t.pos[from]), int(t.end[to-1])
}

func isSkinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

// isFiller names letters that are drawn as nothing.
func isFiller(r rune) bool { return r == 0x3164 || r == 0x115F || r == 0x1160 || r == 0xFFA0 }

func isEmoji(r rune) bool {
	switch {
	case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r >= 0x2300 && r <= 0x23FF, r >= 0x2B00 && r <= 0x2BFF:
		return true
	}
	return false
}

// foldTable maps characters whose compatibility form does not do: typographic
// signs, letters of other scripts that are drawn like Latin ones, enclosed and
// small capital letters.
var foldTable = makeFoldTable()

// foldSigns are those of foldTable from U+2000 on, dashes and quotation marks
// among them, where they are found at once.
var foldSigns = func() (tab [256]string) {
	for r, s := range foldTable {
		if r>>8 == 0x20 {
			tab[r&0xff] = s
		}
	}
	return tab
}()

func makeFoldTable() map[rune]string {
	m := map[rune]string{
		'–': "-", '‐': "-", '‑': "-", '‒': "-", '−': "-", '—': "--", '―': "--", '…': "...", '•': "\n", '·': ".",
		'\u2028': "\n", '\u2029': "\n", '\u0085': "\n", '™': " ", '®': " ", '©': " ", '∗': "*", '＊': "*", '⁎': "*",
		'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d",
		'ł': "l", 'Ł': "l", 'þ': "th", 'Þ': "th", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'ŧ': "t", 'Ŧ': "t", '½': " 1/2 ", '¼': " 1/4 ", '¾': " 3/4 ",
	}
	pairs := func(from, to string) {
		latin := []rune(to)
		for i, r := range []rune(from) {
			m[r] = string(latin[i])
		}
	}
	pairs("‘’‛ʼʻ´′‵ˈ＇", strings.Repeat("'", 10))
	pairs("“”„‟«»″＂", strings.Repeat("\"", 8))
	pairs("АВЕКМНОРСТУХІЈЅԌԚԜЁЇ", "abekmhopctyxijsgqwei")
	pairs("авекмнорстухіјѕԍԛԝһԁӏёї", "abekmhopctyxijsgqwhdlei")
	pairs("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx")
	pairs("αεικνορτυχϲϳ", "aeikvoptuxcj")
	pairs("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɡɑɩօոսհցɾ", "abcdefghijklmnoprstuvwyzgaionuhgr")
	for i := range rune(26) {
		letter := string('a' + i)
		m[0x1F130+i], m[0x1F150+i], m[0x1F170+i] = letter, letter, letter
	}
	return m
}
