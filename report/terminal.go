package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// shown stands for a character that must not reach a terminal or a page.
const shown = '\uFFFD'

// SafeLine returns s as one line that cannot command a terminal: line breaks,
// tabs and runs of blanks become one blank; control characters (with which
// colour, clipboard and title sequences begin), bidirectional overrides,
// embeddings and isolates, and bytes that are not UTF-8 become U+FFFD. What
// remains of such a sequence is shown as the plain text it then is.
func SafeLine(s string) string {
	if plainLine(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		if isBlank(r) {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(safeRune(r))
	}
	return b.String()
}

// SafeText is [SafeLine] for text of more than one line: line feeds and tabs
// stay, a carriage return becomes a line feed.
func SafeText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\t':
			return r
		case '\r', '\u0085', '\u2028', '\u2029':
			return '\n'
		}
		return safeRune(r)
	}, strings.ToValidUTF8(s, string(shown)))
}

// plainLine reports whether s is printable ASCII without a run of blanks, the
// common case in which nothing has to be copied.
func plainLine(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return last != ' ' || s == ""
}

func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

func safeRune(r rune) rune {
	if unicode.IsControl(r) || isBidi(r) || r >= 0xFFF9 && r <= 0xFFFB {
		return shown
	}
	return r
}

// isBidi reports whether r opens or closes a span of forced or nested text
// direction. The plain marks (U+200E, U+200F, U+061C) are harmless and common
// in Arabic and Hebrew.
func isBidi(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// columns is how many columns of a terminal s takes, near enough: joined
// emoji count for more than they take, which only wraps a line early.
func columns(s string) int {
	if plainLine(s) {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrap breaks s at blanks into lines of at most max columns. A word longer
// than that is cut, except a link, which must stay whole to be of use.
func wrap(s string, max int) []string {
	if !plainLine(s) {
		s = strings.Join(strings.Fields(s), " ")
	}
	var lines []string
	from, used := 0, 0 // of the line that is being filled
	for at := 0; at < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], ' '); i >= 0 {
			end = at + i
		}
		n := columns(s[at:end])
		switch {
		case used > 0 && used+1+n <= max:
			used += 1 + n
		default:
			if used > 0 {
				lines = append(lines, s[from:at-1])
			}
			for n > max && !strings.HasPrefix(s[at:end], "http") {
				head, _ := cut(s[at:end], max)
				lines = append(lines, head)
				at += len(head)
				n = columns(s[at:end])
			}
			from, used = at, n
		}
		at = end + 1
	}
	if used > 0 {
		lines = append(lines, s[from:])
	}
	return lines
}

// cut splits s so that the first part takes at most max columns, and at least
// one character.
func cut(s string, max int) (head, rest string) {
	used := 0
	for i, r := range s {
		used += runeColumns(r)
		if used > max && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// shorten cuts s to at most max columns and marks the cut.
func shorten(s string, max int) string {
	if columns(s) <= max {
		return s
	}
	head, _ := cut(s, max-1)
	if utf8.RuneCountInString(head) == 0 {
		return "…"
	}
	return strings.TrimRight(head, " ") + "…"
}
