package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"lookback/store"
)

// canary is in every hostile text, so that a test can tell that it is shown.
const canary = "zanzibar"

// attacks are texts that try a terminal, a spreadsheet, a page or Markdown.
var attacks = []string{
	canary + `</script><script>window.pwned=1</script>`,
	canary + `<!--<script>`,
	canary + ` ]]></style><style>body{display:none}</style>`,
	canary + `<img src=http://tracker.example/x.png onerror=window.pwned=1>`,
	canary + `<svg onload=window.pwned=1><iframe src=javascript:window.pwned=1>`,
	canary + "\x1b]52;c;cm0gLXJmIC8=\x07 \x1b[2J\x1b[31m \x9b31m \x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
	"=cmd|' /C calc'!A0 " + canary,
	"\t=1+1 " + canary,
	"＝HYPERLINK(\"http://evil.example\") " + canary,
	canary + " \u202egnp.exe \u2066hidden\u2069 \u202d",
	canary + "\x00\x01\x7f\r\nnext\rline\u2028separator",
	canary + " \xff\xfe not UTF-8 \xed\xa0\x80",
	canary + " | # * [x](javascript:alert(1)) `code` {{.}} ${alert(1)}",
	canary + strings.Repeat("\u0301", 200) + strings.Repeat("W", 500),
	canary + " \u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 👩‍⚕️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
	"",
}

var badLinks = []string{
	"javascript:window.pwned=1", "JaVaScRiPt:alert(1)", "data:text/html,<script>window.pwned=1</script>", "file:///etc/passwd",
	"vbscript:x", "//evil.example/x", "https://user:pass@evil.example/", "https://exa\nmple.com/", " https://example.com", "http://\u202emoc.live", "https://",
}

func hostileRows() []store.Row {
	var rows []store.Row
	for i, text := range attacks {
		f := store.Finding{
			ID: int64(i + 1), Rule: "respect.insult." + text, Theme: "respect." + text, Standards: []string{"2.10", text}, Action: store.ActionRemove, Confidence: 0.9,
			Spans: []store.Span{{Start: 0, End: min(8, len(text))}, {Start: 3, End: 5000}, {Start: -4, End: 2}}, Why: text, Advice: text,
		}
		rows = append(rows, store.Row{
			Account:  store.Account{Platform: "x" + text, Handle: text, Name: text, NativeID: text},
			Post:     store.Post{ID: int64(i), Key: text, Kind: store.Kind("post" + text), Author: text, Text: text, URL: badLinks[i%len(badLinks)], Place: text, Audience: store.Audience(text), Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
			Findings: []store.Finding{f, f}, Answers: text, Decision: &store.Decision{Choice: store.Choice(text), Note: text, Theme: f.Theme},
		})
	}
	return rows
}

func hostileSummary() store.Summary {
	all := strings.Join(attacks, " ")
	sum := summarise(seq(hostileRows()), 2013)
	sum.Version, sum.RulesetName, sum.Ruleset, sum.Regulator = all, all, all, all
	sum.Accounts = append(sum.Accounts, store.AccountSummary{Account: store.Account{Platform: all, Handle: all, Name: all}})
	sum.Archives = append(sum.Archives, store.Archive{Name: all, Digest: all, Incomplete: true, Notes: []store.Note{{Member: all, Text: all}}})
	sum.Skips = append(sum.Skips, store.Tally{Label: all, Remove: 1})
	sum.Standards = append(sum.Standards, store.Standard{Number: "2.10" + all, Title: all, Text: all})
	sum.Themes = append(sum.Themes, store.Theme{ID: "respect." + attacks[0], Title: all})
	sum.ByKind = append(sum.ByKind, store.Count{Label: all, Posts: 1})
	return sum
}

func TestHostileTerminal(t *testing.T) {
	for _, opts := range []Options{{}, {List: true}, {Width: 40, Top: 100}, {Width: 20, Top: 100, Saved: attacks}} {
		for _, r := range string(render(t, FormatText, opts, hostileSummary(), seq(hostileRows()))) {
			if r != '\n' && (unicode.IsControl(r) || isBidi(r)) {
				t.Fatalf("%+v: the terminal would see %U", opts, r)
			}
		}
	}
	for _, r := range string(render(t, FormatMarkdown, Options{}, hostileSummary(), seq(hostileRows()))) {
		if r != '\n' && (unicode.IsControl(r) || isBidi(r)) {
			t.Fatalf("the record holds %U", r)
		}
	}
}

func TestHostileMarkdown(t *testing.T) {
	got := string(render(t, FormatMarkdown, Options{}, hostileSummary(), seq(hostileRows())))
	if regexp.MustCompile(`(^|[^\\])(<[a-z/!]|\]\()`).MatchString(got) {
		t.Errorf("the record holds HTML or a link:\n%s", got)
	}
}

// TestMarkdownHoldsNoPost is the record's promise.
func TestMarkdownHoldsNoPost(t *testing.T) {
	rows := hostileRows()
	got := string(render(t, FormatMarkdown, Options{}, summarise(seq(rows[:0]), 2013), seq(rows)))
	if strings.Contains(got, canary) {
		t.Error("the record holds a post's text")
	}
}

func TestHostileCSV(t *testing.T) {
	rows := hostileRows()
	got := render(t, FormatCSV, Options{}, hostileSummary(), seq(rows))
	recs, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + 2*len(rows); len(recs) != want {
		t.Fatalf("%d records, want %d", len(recs), want)
	}
	for i, rec := range recs[1:] {
		for col, cell := range rec {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
				t.Errorf("record %d, %s begins like a formula: %q", i, CSVColumns[col], cell)
			}
			if strings.ContainsFunc(cell, badInCSV) {
				t.Errorf("record %d, %s holds a control character: %q", i, CSVColumns[col], cell)
			}
			if CSVColumns[col] == "link" && cell != "" {
				t.Errorf("record %d links to %q", i, cell)
			}
		}
	}
}

func TestHostileJSONL(t *testing.T) {
	rows := hostileRows()
	lines := bytes.Split(bytes.TrimSuffix(render(t, FormatJSONL, Options{}, hostileSummary(), seq(rows)), []byte("\n")), []byte("\n"))
	if len(lines) != len(rows) {
		t.Fatalf("%d lines, want %d", len(lines), len(rows))
	}
	for i, line := range lines {
		var got struct {
			Text     string
			Link     string
			Findings []struct {
				Spans []store.Span
				Words []string
			}
		}
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		if want := strings.ToValidUTF8(attacks[i], ""); len(want) == len(attacks[i]) && got.Text != want {
			t.Errorf("line %d: text %q, want it as it was", i, got.Text)
		}
		for _, f := range got.Findings {
			for j, s := range f.Spans {
				if got.Text[s.Start:s.End] != f.Words[j] && len(f.Spans) == len(f.Words) {
					t.Errorf("line %d: span %v is %q, words say %q", i, s, got.Text[s.Start:s.End], f.Words[j])
				}
			}
		}
		if got.Link != "" {
			t.Errorf("line %d links to %q", i, got.Link)
		}
	}
}

// TestHostileHTML parses the page as a browser does and looks for anything
// that is not ours. The browser test shows that nothing runs.
func TestHostileHTML(t *testing.T) {
	page := render(t, FormatHTML, Options{}, hostileSummary(), seq(hostileRows()))
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	scripts, styles := 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			scripts++
		case "style":
			styles++
		case "img", "svg", "iframe", "object", "embed", "link", "base":
			t.Errorf("the page has a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" {
				t.Errorf("<%s> has %s", n.Data, a.Key)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("the page links to %q", a.Val)
			}
		}
	}
	if scripts != 3 || styles != 1 {
		t.Errorf("%d scripts and %d styles, want 3 and 1", scripts, styles)
	}
	for _, r := range string(page) {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == 0x202E || r == 0x202D {
			t.Fatalf("the page holds %U", r)
		}
	}
}
