package bluesky

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"lookback/store"
)

// foreign is a record of another program in the same repository. What its
// members mean is unknown, so every text is taken that is no name, address
// or date.
func (r *run) foreign(collection, rkey string, o object) error {
	var words []string
	gather(&words, map[string]any(o), 0)
	words = slices.Compact(words)
	if len(words) == 0 {
		return nil
	}
	p := r.base("record:"+collection+"/"+rkey, rkey, o)
	if strings.HasSuffix(strings.ToLower(collection), "comment") {
		p.Kind = store.KindComment
	}
	p.Place = collection
	p.Text = strings.Join(words, "\n")
	return r.Out.Post(p)
}

// notWords are members that never hold a person's words.
var notWords = map[string]bool{
	"cid": true, "uri": true, "url": true, "did": true, "ref": true, "rev": true, "rkey": true, "via": true, "sig": true,
	"mimetype": true, "createdat": true, "updatedat": true, "publishedat": true, "indexedat": true, "expiresat": true,
	"lang": true, "langs": true, "language": true, "id": true, "type": true, "key": true, "color": true, "format": true,
}

// inOrder puts what reads first first; the encoding has its own order.
var inOrder = []string{"title", "name", "displayName", "subject", "description", "summary"}

func gather(words *[]string, v any, depth int) {
	if depth > 64 {
		return
	}
	switch v := v.(type) {
	case string:
		if text := strings.TrimSpace(toText(v)); isWords(text) {
			*words = append(*words, text)
		}
	case []any:
		for _, e := range v {
			gather(words, e, depth+1)
		}
	case map[string]any:
		for _, name := range order(v) {
			if !strings.HasPrefix(name, "$") && !notWords[strings.ToLower(name)] {
				gather(words, v[name], depth+1)
			}
		}
	}
}

func order(m map[string]any) []string {
	names := slices.Sorted(maps.Keys(m))
	rank := func(name string) int {
		if i := slices.Index(inOrder, name); i >= 0 {
			return i
		}
		return len(inOrder)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// isWords tells words from names, addresses, dates and other codes: those are
// one run of plain characters with more in it than letters.
func isWords(s string) bool {
	if strings.HasPrefix(s, "did:") || strings.HasPrefix(s, "at://") {
		return false
	}
	if t, _ := parseTime(s); !t.IsZero() {
		return false
	}
	letters, codes := false, false
	for _, c := range strings.TrimRight(s, ".:!?") {
		switch {
		case unicode.IsSpace(c), c > unicode.MaxASCII && (unicode.IsLetter(c) || unicode.Is(unicode.So, c)):
			return strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.Is(unicode.So, c) })
		case unicode.IsLetter(c):
			letters = true
		case unicode.IsDigit(c) || strings.ContainsRune(":/._#@+=", c):
			codes = true
		}
	}
	return letters && !codes
}
