package x

import (
	"strings"
	"unicode/utf8"
)

// Exactly the entities that X writes, replaced in one pass: html.Unescape
// would also rewrite "&copy=1" inside an address, and a second pass would
// decode what a person typed as "&amp;lt;".
var (
	entities        = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
	classicEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)
)

func unescape(s string, classic bool) string {
	switch {
	case strings.IndexByte(s, '&') < 0:
		return s
	case classic:
		return classicEntities.Replace(s)
	}
	return entities.Replace(s)
}

// A link is an address in a text and what stands for it; an empty long drops
// it, as for the address of the post's own picture.
type link struct {
	short, long string
}

// expand replaces each link where its whole address stands in the text. The
// indices of the entities are not used: they count code points, of the
// escaped or of the plain text depending on the year, may be strings, absent
// or wrong, and an address is unmistakable without them. One pass, so that an
// address inside an expanded one stays.
func expand(text string, links []link) string {
	if len(links) == 0 {
		return text
	}
	var b strings.Builder
	rest, dropped := text, false
	for {
		at, l := nextLink(rest, links)
		if at < 0 {
			break
		}
		b.WriteString(rest[:at])
		b.WriteString(l.long)
		rest = rest[at+len(l.short):]
		if l.long == "" {
			dropped = true
			rest = strings.TrimPrefix(rest, " ")
		}
	}
	b.WriteString(rest)
	if dropped {
		return strings.TrimRight(b.String(), " ")
	}
	return b.String()
}

// nextLink finds the first link of the text, and of several that begin there
// the longest.
func nextLink(text string, links []link) (at int, found link) {
	at = -1
	for _, l := range links {
		i := indexAddress(text, l.short)
		if i >= 0 && (at < 0 || i < at || i == at && len(l.short) > len(found.short)) {
			at, found = i, l
		}
	}
	return at, found
}

// indexAddress finds an address that is not merely the beginning, or a part,
// of a longer one.
func indexAddress(text, address string) int {
	if address == "" {
		return -1
	}
	for from := 0; ; {
		i := strings.Index(text[from:], address)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(address)
		if (i == 0 || !isWord(text[i-1])) && (end == len(text) || !isWord(text[end])) {
			return i
		}
		from = i + 1
	}
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
}

// repost splits "RT @handle: text", the only sign of a repost since 2018.
func repost(text string) (handle, rest string, ok bool) {
	after, ok := strings.CutPrefix(text, "RT @")
	if !ok {
		return "", "", false
	}
	n := handleLen(after)
	if n == 0 {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(after[n:], ":")
	return after[:n], strings.TrimPrefix(rest, " "), ok
}

func handleLen(s string) int {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return n
}

// quotesByHand reports whether the text holds somebody else's words the old
// way: a comment before "RT @handle", "MT @handle", or a quotation that
// begins “@handle:.
func quotesByHand(text string) bool {
	for from := 0; ; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			return false
		}
		at += from
		from = at + 1
		n := handleLen(text[from:])
		if n == 0 {
			continue
		}
		before := text[:at]
		if strings.HasPrefix(text[from+n:], ":") && (strings.HasSuffix(before, "“") || strings.HasSuffix(before, `"`)) {
			return true
		}
		before = strings.TrimRight(before, " ")
		if before != text[:at] && (strings.HasSuffix(before, "RT") || strings.HasSuffix(before, "MT")) {
			if before = before[:len(before)-2]; before == "" || !isWord(before[len(before)-1]) {
				return true
			}
		}
	}
}

// cutOff reports whether X cut the text: an ellipsis at the end.
func cutOff(text string) bool { return strings.HasSuffix(text, "…") }

// noteStub reports whether an own text is the beginning of a long post: it
// ends with an ellipsis, maybe before a link, where a post has to end.
func noteStub(text string) bool {
	return utf8.RuneCountInString(text) >= 270 && cutOff(withoutLastLink(text))
}

func withoutLastLink(text string) string {
	text = strings.TrimRight(text, " \n")
	if i := strings.LastIndexAny(text, " \n"); i >= 0 && strings.HasPrefix(text[i+1:], "https://t.co/") {
		return strings.TrimRight(text[:i], " \n")
	}
	return text
}

// statusURL reports whether an address is a post on X: linking one quotes it.
func statusURL(address string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return false
	}
	host, rest, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(host), "mobile."), "www.")
	if host != "twitter.com" && host != "x.com" {
		return false
	}
	_, rest, ok = strings.Cut(strings.TrimPrefix(rest, "i/web/"), "status")
	rest, slash := strings.CutPrefix(strings.TrimPrefix(rest, "es"), "/")
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	return ok && slash && n > 0 && (n == len(rest) || strings.IndexByte("?#/", rest[n]) >= 0)
}
