package bluesky

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// tidAlphabet sorts as the numbers do.
const tidAlphabet = "234567abcdefghijklmnopqrstuvwxyz"

// tidTime is the time that a record's name tells, zero where it tells none.
func tidTime(tid string) time.Time {
	if len(tid) != 13 || tid[0] > 'j' {
		return time.Time{}
	}
	var v uint64
	for i := range len(tid) {
		at := strings.IndexByte(tidAlphabet, tid[i])
		if at < 0 {
			return time.Time{}
		}
		v = v<<5 | uint64(at)
	}
	t := time.UnixMicro(int64(v >> 10)).UTC()
	if t.Year() < 2022 || t.Year() > 2100 { // the network began in 2022
		return time.Time{}
	}
	return t
}

// parseTime reads a date as any program may have written it. zone is false
// where it names none.
func parseTime(s string) (t time.Time, zone bool) {
	s = strings.TrimSpace(s)
	for i, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"} {
		t, err := time.Parse(form, s)
		if err == nil && t.Year() >= 1991 && t.Year() <= 2099 {
			return t.UTC(), i < 3
		}
	}
	return time.Time{}, false
}

// piece is a range of a text with the address behind it.
type piece struct {
	start, end int
	uri        string
}

// expand writes out the addresses behind the links of a text: where a link's
// words are the shortened address, in their place, and else behind them.
func expand(text string, links []piece) string {
	slices.SortStableFunc(links, func(a, b piece) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	at := 0
	for _, l := range links {
		if l.start < at || l.end <= l.start || l.end > len(text) || l.uri == "" ||
			!boundary(text, l.start) || !boundary(text, l.end) {
			continue
		}
		shown := text[l.start:l.end]
		b.WriteString(text[at:l.start])
		switch {
		case shortened(shown, l.uri):
			b.WriteString(l.uri)
		default:
			b.WriteString(shown + " (" + l.uri + ")")
		}
		at = l.end
	}
	if at == 0 {
		return text
	}
	b.WriteString(text[at:])
	return b.String()
}

func boundary(text string, i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }

// shortened says whether shown is the beginning of an address.
func shortened(shown, uri string) bool {
	shown = strings.TrimRight(strings.TrimSpace(shown), ".…/")
	return strings.HasPrefix(bare(uri), bare(shown))
}

func bare(address string) string {
	address = strings.ToLower(address)
	for _, scheme := range []string{"https://", "http://"} {
		address = strings.TrimPrefix(address, scheme)
	}
	return strings.TrimPrefix(address, "www.")
}

// facetLinks are the links of a post: ranges of bytes.
func facetLinks(facets []any) []piece {
	var links []piece
	for _, f := range facets {
		index := toObject(f).object("index")
		start, ok1 := index.number("byteStart")
		end, ok2 := index.number("byteEnd")
		for _, feature := range toObject(f).list("features") {
			if uri := toObject(feature).text("uri"); ok1 && ok2 && uri != "" {
				links = append(links, piece{start, end, uri})
				break
			}
		}
	}
	return links
}

// entityLinks are the links of posts of 2022 and 2023: ranges of UTF-16 units.
func entityLinks(text string, entities []any) []piece {
	var links []piece
	for _, e := range entities {
		o := toObject(e)
		start, ok1 := o.object("index").number("start")
		end, ok2 := o.object("index").number("end")
		if o.text("type") == "link" && ok1 && ok2 {
			links = append(links, piece{byteAt(text, start), byteAt(text, end), o.text("value")})
		}
	}
	return links
}

// byteAt is the offset of the n-th UTF-16 unit, -1 past the end.
func byteAt(text string, n int) int {
	for i, c := range text {
		if n <= 0 {
			return i
		}
		n -= max(utf16.RuneLen(c), 1)
	}
	if n <= 0 {
		return len(text)
	}
	return -1
}

// splitURI takes at://did/collection/rkey apart.
func splitURI(uri string) (did, collection, rkey string) {
	rest, ok := strings.CutPrefix(uri, "at://")
	if !ok {
		return "", "", ""
	}
	did, rest, _ = strings.Cut(rest, "/")
	collection, rkey, _ = strings.Cut(rest, "/")
	return did, collection, rkey
}

// webURL is the public address of a record, empty where the app shows none.
func webURL(did, collection, rkey string) string {
	if did == "" || rkey == "" {
		return ""
	}
	profile := "https://bsky.app/profile/" + did
	switch collection {
	case colPost:
		return profile + "/post/" + rkey
	case colProfile:
		return profile
	case colList:
		return profile + "/lists/" + rkey
	case colGenerator:
		return profile + "/feed/" + rkey
	case colStarterPack:
		return "https://bsky.app/starter-pack/" + did + "/" + rkey
	}
	return ""
}
