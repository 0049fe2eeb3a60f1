package whatsapp

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"lookback/importer/intake"
)

// A header is the beginning of a line that begins a message.
type header struct {
	num                  [3]int // the numbers of the date as they stand
	digits               [3]int // how many digits each has
	slash                bool   // "/" stands between them
	han                  bool   // written with the characters for year, month, day
	hour, minute, second int
	half                 string // "am", "pm" or empty
	shouted              bool   // the half day in capitals, as in the United States
	bracket, old         bool   // the form of a phone by Apple, now and before 2016
	author, text         string
}

func (h *header) layout() string {
	switch {
	case h.bracket:
		return LayoutIOS
	case h.old:
		return LayoutOldIOS
	}
	return LayoutAndroid
}

// scan reads a line from its front.
type scan struct{ s string }

func (c *scan) peek() rune {
	r, _ := utf8.DecodeRuneInString(c.s)
	return r
}

func (c *scan) marks() {
	c.s = strings.TrimLeftFunc(c.s, intake.IsMark)
}

func isBlank(r rune) bool {
	return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\t'
}

// blanks skips spaces of every width, and marks.
func (c *scan) blanks() bool {
	rest := strings.TrimLeftFunc(c.s, func(r rune) bool { return isBlank(r) || intake.IsMark(r) })
	moved := len(rest) != len(c.s)
	c.s = rest
	return moved
}

func (c *scan) take(s string) bool {
	rest, ok := strings.CutPrefix(c.s, s)
	if ok {
		c.s = rest
	}
	return ok
}

// zeros are the digits nought of the scripts that phones write dates in.
var zeros = []rune{'0', '\u0660', '\u06f0', '\u0966', '\u09e6', '\u0e50', '\uff10'}

func digit(r rune) int {
	for _, z := range zeros {
		if r >= z && r <= z+9 {
			return int(r - z)
		}
	}
	return -1
}

// number reads one to four digits.
func (c *scan) number() (n, digits int) {
	for {
		r, size := utf8.DecodeRuneInString(c.s)
		d := digit(r)
		if d < 0 || digits == 5 {
			return n, digits
		}
		n = 10*n + d
		digits++
		c.s = c.s[size:]
	}
}

// parseHeader reads the beginning of a line; ok is false for a line that goes
// on with the message before it.
func parseHeader(line string) (h header, ok bool) {
	c := &scan{line}
	c.marks()
	h.bracket = c.take("[")
	c.marks()
	if !c.date(&h) || !c.between(&h) || !c.clock(&h) || !c.close(&h) {
		return header{}, false
	}
	c.rest(&h)
	return h, true
}

// date reads three numbers.
func (c *scan) date(h *header) bool {
	for i := range 3 {
		if h.num[i], h.digits[i] = c.number(); h.digits[i] == 0 || h.digits[i] > 4 {
			return false
		}
		if i == 2 {
			break
		}
		switch r, size := utf8.DecodeRuneInString(c.s); r {
		case '/':
			h.slash = true
			c.s = c.s[size:]
		case '.', '-', '\u2010', '\u2011', '\u060c', '\u200f':
			c.s = c.s[size:]
		case '年', '月', '년', '월':
			h.han = true
			c.s = c.s[size:]
		default:
			return false
		}
		c.take("/") // after a mark of direction
		c.blanks()
	}
	if h.han && !c.take("日") && !c.take("일") {
		return false
	}
	long := 0
	for _, n := range h.digits {
		if n > 2 {
			long++
		}
	}
	return long <= 1 && h.digits[1] <= 2
}

// joints are the words between date and time.
var joints = []string{"klo", "kl.", "at", "um", "à", "a las", "a la", "às", "alle", "ore", "om", "o", "в", "в", "ve", "lúc", "u"}

// between reads what stands between date and time: a comma, a dot, a word,
// or a half day that comes first, as in Korean.
func (c *scan) between(h *header) bool {
	moved := false
	for range 3 {
		moved = c.blanks() || moved
		if !c.take(",") && !c.take(".") && !c.take("،") && !c.take("、") {
			break
		}
		moved = true
	}
	if !moved && !h.han {
		return false
	}
	if half, n := halfDay(c.s); half != "" {
		h.half = half
		c.s = c.s[n:]
		c.blanks()
		return true
	}
	for _, j := range joints {
		if rest, ok := strings.CutPrefix(c.s, j); ok && rest != "" && isBlank([]rune(rest[:min(len(rest), 8)])[0]) {
			c.s = rest
			c.blanks()
			break
		}
	}
	return true
}

// halves are the ways to write the two halves of the day.
var halves = []struct{ written, half string }{
	{"a.m.", "am"}, {"p.m.", "pm"}, {"a. m.", "am"}, {"p. m.", "pm"}, {"am", "am"}, {"pm", "pm"},
	{"오전", "am"}, {"오후", "pm"}, {"上午", "am"}, {"下午", "pm"}, {"午前", "am"}, {"午後", "pm"},
	{"凌晨", "am"}, {"清晨", "am"}, {"早上", "am"}, {"中午", "pm"}, {"晚上", "pm"},
	{"π.μ.", "am"}, {"μ.μ.", "pm"}, {"ص", "am"}, {"م", "pm"}, {"ق.ظ.", "am"}, {"ب.ظ.", "pm"},
	{"öö", "am"}, {"ös", "pm"}, {"sa", "am"}, {"ch", "pm"}, {"ptg", "pm"}, {"pg", "am"}, {"pd", "am"}, {"md", "pm"},
	{"पूर्वाह्न", "am"}, {"अपराह्न", "pm"}, {"vorm.", "am"}, {"nachm.", "pm"}, {"fm", "am"}, {"em", "pm"}, {"f.m.", "am"}, {"e.m.", "pm"},
}

// halfDay reads "p. m." and its like and returns how long it is.
func halfDay(s string) (half string, n int) {
	const longest = 24
	end := min(len(s), longest)
	for end > 0 && end < len(s) && !utf8.RuneStart(s[end]) {
		end--
	}
	var folded strings.Builder
	ends := make([]int, 0, longest+1)
	for i, r := range s[:end] {
		if isBlank(r) {
			r = ' '
		}
		r = unicode.ToLower(r)
		for range utf8.RuneLen(r) {
			ends = append(ends, i)
		}
		folded.WriteRune(r)
	}
	f := folded.String()
	for _, h := range halves {
		if !strings.HasPrefix(f, h.written) {
			continue
		}
		at := end
		if len(h.written) < len(ends) {
			at = ends[len(h.written)]
		}
		if r, _ := utf8.DecodeRuneInString(s[at:]); at < len(s) && unicode.IsLetter(r) && h.written[0] < utf8.RuneSelf {
			continue
		}
		return h.half, at
	}
	return "", 0
}

// clock reads the time of day.
func (c *scan) clock(h *header) bool {
	var n int
	if h.hour, n = c.number(); n == 0 || n > 2 || h.hour > 24 {
		return false
	}
	if !c.take(":") && !c.take(".") {
		c.blanks()
		if !c.take("h") && !c.take("시") && !c.take("時") {
			return false
		}
		c.blanks()
	}
	if h.minute, n = c.number(); n != 2 || h.minute > 59 {
		return false
	}
	if len(c.s) > 1 && (c.s[0] == ':' || c.s[0] == '.') && digit(c.after(1)) >= 0 {
		c.s = c.s[1:]
		if h.second, n = c.number(); n != 2 || h.second > 60 {
			return false
		}
	}
	before := c.s
	c.blanks()
	if half, n := halfDay(c.s); half != "" && h.half == "" {
		h.half, h.shouted = half, strings.HasPrefix(c.s, "AM") || strings.HasPrefix(c.s, "PM")
		c.s = c.s[n:]
	} else {
		c.s = before
	}
	if h.half != "" && h.hour > 12 {
		h.half = ""
	}
	return true
}

func (c *scan) after(n int) rune {
	r, _ := utf8.DecodeRuneInString(c.s[n:])
	return r
}

// close reads what ends the header.
func (c *scan) close(h *header) bool {
	if h.bracket {
		c.blanks()
		return c.take("]")
	}
	if rest, ok := strings.CutPrefix(c.s, ": "); ok {
		c.s, h.old = rest, true
		return true
	}
	moved := c.blanks()
	for _, end := range []string{"-", "–", "—", ","} {
		if (moved || end == ",") && c.take(end) && (c.s == "" || isBlank(c.peek()) || intake.IsMark(c.peek())) {
			return true
		}
	}
	return false
}

// authorMax is how long a name can be, in bytes.
const authorMax = 200

// rest tells author and text apart. A line without an author is WhatsApp's.
func (c *scan) rest(h *header) {
	c.s = strings.TrimLeftFunc(c.s, func(r rune) bool { return isBlank(r) || intake.IsMark(r) })
	at := strings.Index(c.s, ":")
	for at >= 0 && at+1 < len(c.s) && c.s[at+1] != ' ' && !strings.HasPrefix(c.s[at+1:], "\u200e") && !strings.HasPrefix(c.s[at+1:], "\u00a0") {
		next := strings.Index(c.s[at+1:], ":")
		if next < 0 {
			at = -1
			break
		}
		at += 1 + next
	}
	if at <= 0 || at > authorMax {
		return
	}
	h.author = author(c.s[:at])
	h.text = strings.TrimPrefix(c.s[at+1:], " ")
}

// author strips the marks around a name, and the tilde before the names of
// people who are no contacts.
func author(s string) string {
	s = strings.Map(func(r rune) rune {
		if intake.IsMark(r) {
			return -1
		}
		if isBlank(r) {
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "~"))
}
