package report

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

func TestSafeLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"plain words":                "plain words",
		"  two  blanks ":             "two blanks",
		"a\r\nb\tc\u2028d":           "a b c d",
		"\x1b[31mred\x1b[0m":         "\uFFFD[31mred\uFFFD[0m",
		"\x1b]52;c;YQ==\a":           "\uFFFD]52;c;YQ==\uFFFD",
		"csi \u009b31m and del \x7f": "csi \uFFFD31m and del \uFFFD",
		"a\u202egpj.exe":             "a\uFFFDgpj.exe",
		"\u2066isolate\u2069":        "\uFFFDisolate\uFFFD",
		"bad \xff\xc3 bytes":         "bad \uFFFD\uFFFD bytes",
		"עברית \u200f عربي 👩‍⚕️ naïve": "עברית \u200f عربي 👩‍⚕️ naïve",
	} {
		if got := SafeLine(in); got != want {
			t.Errorf("SafeLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSafeText(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\n\td":   "a\nb\nc\n\td",
		"\x1b[2Ja\x00\xff": "\uFFFD[2Ja\uFFFD\uFFFD",
	} {
		if got := SafeText(in); got != want {
			t.Errorf("SafeText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		in   string
		max  int
		want []string
	}{
		{"", 10, nil},
		{"one two three", 7, []string{"one two", "three"}},
		{"日本語日本語", 6, []string{"日本語", "日本語"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"see https://example.com/a/long/address ok", 10, []string{"see", "https://example.com/a/long/address", "ok"}},
	} {
		if diff := cmp.Diff(tt.want, wrap(tt.in, tt.max)); diff != "" {
			t.Errorf("wrap(%q, %d) (-want +got):\n%s", tt.in, tt.max, diff)
		}
	}
}

func TestGuard(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"plain":        "plain",
		"a=b":          "a=b",
		"=1+1":         "'=1+1",
		"+44 7700":     "'+44 7700",
		"-5":           "'-5",
		"@handle":      "'@handle",
		"\t=1":         "'\t=1",
		"\r\n=1":       "'\r\n=1",
		"＝1":           "'＝1",
		"＠SUM":         "'＠SUM",
		"  =1":         "'  =1",
		"\u00a0+1":     "'\u00a0+1",
		"'=1":          "''=1",
		"''@x":         "'''@x",
		"'quoted'":     "'quoted'",
		"'tis nothing": "'tis nothing",
		"don't":        "don't",
	} {
		got := Guard(in)
		if got != want {
			t.Errorf("Guard(%q) = %q, want %q", in, got, want)
		}
		if back := Unguard(got); back != in {
			t.Errorf("Unguard(%q) = %q, want %q", got, back, in)
		}
	}
}

func FuzzGuard(f *testing.F) {
	for _, a := range attacks {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Unguard(Guard(s)); got != s {
			t.Errorf("%q comes back as %q", s, got)
		}
		if first, _ := utf8.DecodeRuneInString(Guard(s)); strings.ContainsRune("=+-@\t\r＝＋－＠", first) && s != "" {
			t.Errorf("%q is not guarded", s)
		}
	})
}

func TestSafeLink(t *testing.T) {
	for _, bad := range append(badLinks, "", "ftp://example.com/", "example.com", "https:///x", "mailto:a@b") {
		if got := safeLink(bad); got != "" {
			t.Errorf("safeLink(%q) = %q, want nothing", bad, got)
		}
	}
	for _, good := range []string{"https://x.com/a/status/1", "http://example.com/?q=a&b=%20#c"} {
		if got := safeLink(good); got != good {
			t.Errorf("safeLink(%q) = %q", good, got)
		}
	}
}

func TestTrustedSpans(t *testing.T) {
	text := "aé日😀z" // at 0, 1, 3, 6, 10; ends at 11
	for _, tt := range []struct{ in, want []store.Span }{
		{nil, nil},
		{[]store.Span{{Start: 0, End: 1}, {Start: 3, End: 6}}, []store.Span{{Start: 0, End: 1}, {Start: 3, End: 6}}},
		{[]store.Span{{Start: 2, End: 4}}, []store.Span{{Start: 1, End: 6}}},
		{[]store.Span{{Start: -5, End: 1}, {Start: 0, End: 3}, {Start: 9, End: 99}}, []store.Span{{Start: 0, End: 1}, {Start: 1, End: 3}, {Start: 6, End: 11}}},
		{[]store.Span{{Start: 5, End: 2}, {Start: 50, End: 60}}, []store.Span{}},
	} {
		if diff := cmp.Diff(tt.want, trusted(text, tt.in)); diff != "" {
			t.Errorf("trusted(%v) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestUTF16Offsets(t *testing.T) {
	got := string(appendUTF16(nil, "aé日😀z", []store.Span{{Start: 0, End: 3}, {Start: 6, End: 10}, {Start: 10, End: 11}}))
	if got != "0,2,3,5,5,6" {
		t.Errorf("offsets %s", got)
	}
}

func TestMoment(t *testing.T) {
	at := time.Date(2014, 3, 2, 23, 4, 5, 0, time.FixedZone("", 3600))
	for _, tt := range []struct {
		precision       store.Precision
		want, iso, list string
	}{
		{store.PrecisionSecond, "2 March 2014, 22:04 UTC", "2014-03-02T22:04:05Z", "2014-03-02"},
		{store.PrecisionMinute, "2 March 2014, 22:04 UTC", "2014-03-02T22:04:05Z", "2014-03-02"},
		{store.PrecisionDay, "2 March 2014", "2014-03-02", "2014-03-02"},
		{store.PrecisionZone, "2 March 2014, 22:04 (time zone unknown)", "2014-03-02T22:04:05", "2014-03-02"},
		{store.PrecisionNone, "no date", "", "no-date"},
	} {
		p := &store.Post{Created: at, Precision: tt.precision}
		if got := [...]string{moment(p), isoTime(p), shortDay(p)}; got != [...]string{tt.want, tt.iso, tt.list} {
			t.Errorf("%q: %q", tt.precision, got)
		}
	}
}

func TestYears(t *testing.T) {
	for want, in := range map[string][]int{
		"":                            nil,
		"2013":                        {2013, 2013},
		"2013 and 2014":               {2014, 2013},
		"2010, 2013 to 2015 and 2019": {2019, 2013, 2014, 2015, 2010},
	} {
		if got := years(in); got != want {
			t.Errorf("years(%v) = %q, want %q", in, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := number(in); got != want {
			t.Errorf("number(%d) = %q, want %q", in, got, want)
		}
	}
}

// TestVerdict tells "nothing found" from "nothing looked at" and from "not
// everything looked at".
func TestVerdict(t *testing.T) {
	for _, tt := range []struct {
		sum     store.Summary
		verdict string
		gaps    int
	}{
		{store.Summary{}, "No posts have been read, so there was nothing to look at.", 0},
		{store.Summary{Posts: 5}, "None of the 5 posts read has been scanned yet, so nothing can be said about them.", 0},
		{store.Summary{Posts: 5, Scanned: 5}, "Nothing was found in the 5 posts that were scanned.", 0},
		{store.Summary{Posts: 5, Scanned: 3, Skipped: 1}, "Nothing was found in the 3 posts that were scanned.", 2},
		{store.Summary{Posts: 5, Scanned: 5, Flagged: store.Tally{Remove: 1}}, "1 of 5 scanned posts deserves a look: 1 recommended for removal, 0 for review.", 0},
		{store.Summary{Posts: 1, Scanned: 1, Archives: []store.Archive{{Partial: true}, {Incomplete: true}}}, "Nothing was found in the 1 post that was scanned.", 2},
	} {
		if got := verdict(&tt.sum); got != tt.verdict {
			t.Errorf("verdict %q, want %q", got, tt.verdict)
		}
		if got := gaps(&tt.sum); len(got) != tt.gaps {
			t.Errorf("gaps %q, want %d", got, tt.gaps)
		}
	}
}

func TestLevel(t *testing.T) {
	for _, tt := range []struct{ n, most, want int }{{1, 1, 1}, {1, 3, 1}, {2, 3, 2}, {16, 16, 5}, {1, 900, 1}, {30, 900, 3}, {900, 900, 5}} {
		if got := level(tt.n, tt.most); got != tt.want {
			t.Errorf("level(%d, %d) = %d, want %d", tt.n, tt.most, got, tt.want)
		}
	}
}

// TestHeatYears fills quiet years in, but not the centuries of a broken clock.
func TestHeatYears(t *testing.T) {
	for _, tt := range []struct{ in, want []int }{
		{nil, nil},
		{[]int{2014, 2011, 0, 2011}, []int{2011, 2012, 2013, 2014, 0}},
		{[]int{1970, 2024}, []int{1970, 2024}},
	} {
		var sum store.Summary
		for _, y := range tt.in {
			sum.Heat = append(sum.Heat, store.Cell{Year: y, Standard: "5.1", Review: 1})
		}
		if diff := cmp.Diff(tt.want, heatYears(&sum)); diff != "" {
			t.Errorf("heatYears(%v) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestHandle(t *testing.T) {
	for want, a := range map[string]store.Account{
		"@ann":            {Handle: "ann", Name: "Ann"},
		"@ann@m.example":  {Handle: "ann@m.example"},
		"Ann Example":     {Handle: "ann example", Name: "Ann Example"},
		"Ann#1234":        {Handle: "Ann#1234"},
		"did:plc:ann":     {NativeID: "did:plc:ann"},
		"unnamed account": {},
	} {
		if got := handle(a); got != want {
			t.Errorf("handle(%+v) = %q, want %q", a, got, want)
		}
	}
}

func TestPostName(t *testing.T) {
	row := store.Row{Account: store.Account{Platform: "linkedin"}, Post: store.Post{Kind: store.KindComment}}
	if got := postName(&row); got != "LinkedIn comment" {
		t.Error(got)
	}
	row.Post.Place = "Ward 7\nfriends"
	if got := postName(&row); got != "LinkedIn comment (Ward 7 friends)" {
		t.Error(got)
	}
}
