package report

import (
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Besides what JSON demands it
// escapes < > and &, so that the string can stand inside a script element,
// and all control and direction characters, so that a file shown at a
// terminal commands nothing. Bytes that are not UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if plainASCII[c] {
				i++
				continue
			}
			dst = appendEscape(append(dst, s[start:i]...), rune(c))
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			start = i + n
		case r < 0xA0 || isBidi(r) || r == 0x2028 || r == 0x2029:
			dst = appendEscape(append(dst, s[start:i]...), r)
			start = i + n
		}
		i += n
	}
	return append(append(dst, s[start:]...), '"')
}

var plainASCII = func() (t [utf8.RuneSelf]bool) {
	for c := byte(' '); c < 0x7F; c++ {
		t[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return t
}()

func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, '\\', 'n')
	case '\t':
		return append(dst, '\\', 't')
	case '\r':
		return append(dst, '\\', 'r')
	}
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

func appendStrings(dst []byte, ss []string) []byte {
	dst = append(dst, '[')
	for i, s := range ss {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

// object appends members to a JSON object, leaving out what is empty where
// its methods say so.
type object struct {
	buf   []byte
	first bool
}

func (o *object) open()  { o.buf, o.first = append(o.buf, '{'), true }
func (o *object) close() { o.buf, o.first = append(o.buf, '}'), false }

func (o *object) comma() {
	if !o.first {
		o.buf = append(o.buf, ',')
	}
	o.first = false
}

func (o *object) name(n string) {
	o.comma()
	o.buf = append(append(append(o.buf, '"'), n...), '"', ':')
}

// quoted is name for a name that may need escapes.
func (o *object) quoted(n string) {
	o.comma()
	o.buf = append(appendString(o.buf, n), ':')
}

func (o *object) str(n, v string) {
	o.name(n)
	o.buf = appendString(o.buf, v)
}

// opt is str for a member that is left out when empty.
func (o *object) opt(n, v string) {
	if v != "" {
		o.str(n, v)
	}
}

// flag writes true and leaves out false.
func (o *object) flag(n string, v bool) {
	if v {
		o.name(n)
		o.buf = append(o.buf, "true"...)
	}
}

func (o *object) float(n string, v float64) {
	o.name(n)
	o.buf = strconv.AppendFloat(o.buf, v, 'f', -1, 64)
}

func (o *object) int(n string, v int64) {
	o.name(n)
	o.buf = strconv.AppendInt(o.buf, v, 10)
}
