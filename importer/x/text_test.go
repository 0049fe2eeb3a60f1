package x

import (
	"strings"
	"testing"
	"time"

	"lookback/store"
)

func TestUnescape(t *testing.T) {
	tests := []struct {
		in, modern, classic string
	}{
		{"plain", "plain", "plain"},
		{"a &amp; b &lt;3 &gt;", "a & b <3 >", "a & b <3 >"},
		{"&amp;lt; &amp;amp;", "&lt; &amp;", "&lt; &amp;"},
		{"&quot;x&quot;", "&quot;x&quot;", `"x"`},
		{"https://example.org/?a=1&copy=2&para=3", "https://example.org/?a=1&copy=2&para=3", "https://example.org/?a=1&copy=2&para=3"},
		{"&#39; &nbsp;", "&#39; &nbsp;", "&#39; &nbsp;"},
	}
	for _, tt := range tests {
		if got := unescape(tt.in, false); got != tt.modern {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.modern)
		}
		if got := unescape(tt.in, true); got != tt.classic {
			t.Errorf("classic %q: got %q, want %q", tt.in, got, tt.classic)
		}
	}
}

func TestExpand(t *testing.T) {
	ab := []link{{"https://t.co/a", "https://example.org/one?x=1&y=2"}, {"https://t.co/ab", "https://example.org/two"}}
	tests := []struct {
		name, text string
		links      []link
		want       string
	}{
		{"none", "text", nil, "text"},
		{"one is the beginning of the other", "https://t.co/ab https://t.co/a", ab, "https://example.org/two https://example.org/one?x=1&y=2"},
		{"beyond the first plane", "🧂👩🏽‍⚕️ https://t.co/a!", ab, "🧂👩🏽‍⚕️ https://example.org/one?x=1&y=2!"},
		{"twice", "https://t.co/a,https://t.co/a", ab, "https://example.org/one?x=1&y=2,https://example.org/one?x=1&y=2"},
		{"cut away", "https://t.co/…", ab, "https://t.co/…"},
		{"not expanded again", "https://t.co/a", []link{{"https://t.co/a", "https://t.co/ab"}, {"https://t.co/ab", "no"}}, "https://t.co/ab"},
		{"media at the end", "words https://t.co/m", []link{{"https://t.co/m", ""}}, "words"},
		{"media in the middle", "words https://t.co/m more", []link{{"https://t.co/m", ""}}, "words more"},
		{"media alone", "https://t.co/m", []link{{"https://t.co/m", ""}}, ""},
		{"empty address", "words", []link{{"", "https://example.org"}}, "words"},
		{"absent", "words", []link{{"https://t.co/zz", "https://example.org"}}, "words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := expand(tt.text, tt.links); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRepost(t *testing.T) {
	tests := []struct {
		text, handle, rest string
		ok                 bool
	}{
		{"RT @bob_1: text", "bob_1", "text", true},
		{"RT @bob:", "bob", "", true},
		{"RT @bob text", "bob", "text", false},
		{"RT bob: text", "", "", false},
		{"RT @: text", "", "", false},
		{"so RT @bob: text", "", "", false},
	}
	for _, tt := range tests {
		handle, rest, ok := repost(tt.text)
		if ok != tt.ok || ok && (handle != tt.handle || rest != tt.rest) {
			t.Errorf("%q: got %q, %q, %v", tt.text, handle, rest, ok)
		}
	}
}

func TestQuotesByHand(t *testing.T) {
	for text, want := range map[string]bool{
		"So true! RT @erin: words":       true,
		"this (via MT @erin words)":      true,
		"RT @erin words":                 true,
		"“@erin: words” agreed":          true,
		`agreed "@erin: words"`:          true,
		"@erin what do you mean, RT?":    false,
		"ask in CRT @erin":               false,
		"plain":                          false,
		"mail me at a@b.example or RT @": false,
	} {
		if got := quotesByHand(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestStatusURL(t *testing.T) {
	for address, want := range map[string]bool{
		"https://twitter.com/dan/status/162":          true,
		"http://mobile.twitter.com/dan/statuses/162":  true,
		"https://x.com/i/web/status/162?s=20":         true,
		"https://www.x.com/dan/status/162/photo/1":    true,
		"https://twitter.com/dan":                     false,
		"https://twitter.com/dan/status/":             false,
		"https://twitter.com/dan/status/12ab":         false,
		"https://nottwitter.com/dan/status/162":       false,
		"https://example.org/?u=x.com/dan/status/162": false,
		"twitter.com/dan/status/162":                  false,
	} {
		if got := statusURL(address); got != want {
			t.Errorf("%s: got %v", address, got)
		}
	}
}

func TestNoteStub(t *testing.T) {
	long := strings.Repeat("word ", 54)
	for text, want := range map[string]bool{
		long + "and…":                  true,
		long + "and… https://t.co/abc": true,
		long + "and":                   false,
		"short…":                       false,
	} {
		if got := noteStub(text); got != want {
			t.Errorf("%q: got %v", text[max(0, len(text)-30):], got)
		}
	}
}

func TestPostTime(t *testing.T) {
	may := time.Date(2024, 5, 13, 12, 43, 51, 0, time.UTC)
	tests := []struct {
		name, id, created string
		classic           bool
		want              time.Time
		precision         store.Precision
		repaired          bool
	}{
		{"agrees", "1790000000000000001", "Mon May 13 12:43:51 +0000 2024", false, may, "", false},
		{"half a minute off", "1790000000000000001", "Mon May 13 12:43:21 +0000 2024", false, may.Add(-30 * time.Second), "", false},
		{"years off", "1790000000000000001", "Tue Nov 11 10:00:00 +0000 1997", false, may, "", true},
		{"absent", "1790000000000000001", "", false, may, "", true},
		{"1970", "1790000000000000001", "Thu Jan 01 00:00:00 +0000 1970", false, may, "", true},
		{"before the ids held a time", "2048000000", "Fri Jun 05 21:14:00 +0000 2009", false, time.Date(2009, 6, 5, 21, 14, 0, 0, time.UTC), "", false},
		{"and no date", "2048000000", "never", false, time.Time{}, store.PrecisionNone, false},
		{"midnight, classic", "2048000000", "2009-06-05 00:00:00 +0000", true, time.Date(2009, 6, 5, 0, 0, 0, 0, time.UTC), store.PrecisionDay, false},
		{"an hour, classic", "2048000000", "2009-06-05 21:14:00 +0000", true, time.Date(2009, 6, 5, 21, 14, 0, 0, time.UTC), "", false},
		{"midnight, new id", "300000000000000001", "2013-02-08 21:55:48 +0000", true, time.Date(2013, 2, 8, 21, 55, 48, 0, time.UTC), "", false},
		{"no number", "abc", "Mon May 13 12:43:51 +0000 2024", false, may, "", false},
		{"a number too large", "99999999999999999999", "Mon May 13 12:43:51 +0000 2024", false, may, "", false},
		{"first with a time", "29700859247", "Thu Nov 04 01:42:54 +0000 2010", false, time.Date(2010, 11, 4, 1, 42, 54, 0, time.UTC), "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, precision, repaired := postTime(tt.id, tt.created, tt.classic)
			if tt.name == "first with a time" {
				got, repaired = tt.want, false // only that the id counts as one
				if idTime(tt.id).IsZero() || !idTime("29700859246").IsZero() {
					t.Error("the limit moved")
				}
			}
			if !got.Equal(tt.want) || precision != tt.precision || repaired != tt.repaired {
				t.Errorf("got %v, %q, %v", got, precision, repaired)
			}
		})
	}
}

func TestParseTime(t *testing.T) {
	want := time.Date(2018, 6, 27, 15, 12, 0, 0, time.UTC)
	for _, s := range []string{
		"Wed Jun 27 15:12:00 +0000 2018", "2018-06-27T15:12:00.000Z", "2018-06-27T15:12:00Z",
		"2018-06-27 15:12:00 +0000", "2018-06-27T17:12:00+02:00", "1530112320", "1530112320000",
	} {
		if got := parseTime(s); !got.Equal(want) {
			t.Errorf("%s: got %v", s, got)
		}
	}
	for _, s := range []string{"", "never", "0", "-5", "9999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "99999999999999999999"} {
		if got := parseTime(s); !got.IsZero() {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestParseName(t *testing.T) {
	tests := []struct {
		base, key string
		part      int
		ok        bool
	}{
		{"tweets.js", "tweets", 0, true},
		{"tweet.js", "tweets", 0, true},
		{"tweets-part12.js", "tweets", 12, true},
		{"tweet-part2.js", "tweets", 2, true},
		{"community_tweet.js", "community-tweet", 0, true},
		{"birdwatch-note.js", "community-note", 0, true},
		{"direct-message-group.js", "direct-messages-group", 0, true},
		{"twitter-article-metadata.js", "article-metadata", 0, true},
		{"tweets.json", "", 0, false},
		{".js", "", 0, false},
		{"tweets-part99999999999999999999.js", "", 0, false},
	}
	for _, tt := range tests {
		key, part, ok := parseName(tt.base)
		if key != tt.key || part != tt.part || ok != tt.ok {
			t.Errorf("%s: got %q, %d, %v", tt.base, key, part, ok)
		}
	}
}

// TestMembersOnce wants every known name in one list only.
func TestMembersOnce(t *testing.T) {
	for key := range readWhy {
		if ignored[key] != "" {
			t.Errorf("%s is read and ignored", key)
		}
	}
	for older, newer := range renamed {
		_, read := readWhy[newer]
		if !read && ignored[newer] == "" {
			t.Errorf("%s became %s, which is not known", older, newer)
		}
	}
}

// The quick way to read a date gives what the slow one gives, or leaves it to
// that.
func TestRubyTime(t *testing.T) {
	const good = "Wed Oct 10 20:19:24 +0000 2018"
	if got, ok := rubyTime(good); !ok || !got.Equal(time.Date(2018, 10, 10, 20, 19, 24, 0, time.UTC)) {
		t.Errorf("%s is read as %v, %v", good, got, ok)
	}
	for _, s := range []string{
		good, "Thu Feb 29 00:00:00 +0000 2024", "Wed Feb 29 00:00:00 +0000 2023", "Mon Apr 31 10:00:00 +0000 2020", "Sun Jan 00 10:00:00 +0000 2020",
		"Wed Oct 10 24:00:00 +0000 2018", "Wed Oct 10 23:60:00 +0000 2018", "Wed Oct 10 23:59:60 +0000 2018", "Wed Oct 10 20:19:24 +0100 2018",
		"wed oct 10 20:19:24 +0000 2018", "nTu Oct 10 20:19:24 +0000 2018", "Wed ctN 10 20:19:24 +0000 2018", "Wed Oct  1 20:19:24 +0000 2018",
		"Wed Oct 1x 20:19:24 +0000 2018", "Wed Oct 10 20:19:24 +0000 0000", "Wed-Oct-10-20:19:24 +0000 2018", "Wed Oct 10 20:19:24 +0000 201", "",
	} {
		want, err := time.Parse(rubyLayout, s)
		if got, ok := rubyTime(s); ok && (err != nil || !got.Equal(want)) {
			t.Errorf("%q is read as %v, want %v, %v", s, got, want, err)
		}
	}
	if got := parseTime(""); !got.IsZero() {
		t.Errorf("no date is read as %v", got)
	}
}
