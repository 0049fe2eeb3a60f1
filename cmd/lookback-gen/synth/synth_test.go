package synth

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// made is one archive in memory with everything that came beside it.
type result struct {
	zip    []byte
	labels [][]string
	lines  []string
	stats  Stats
	files  map[string][]byte
}

func write(t *testing.T, o Options) result {
	t.Helper()
	var out, labels, lines bytes.Buffer
	o.Labels, o.Lines = &labels, &lines
	st, err := Write(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	r := result{zip: out.Bytes(), stats: st, files: map[string][]byte{}, lines: strings.Split(strings.TrimSpace(lines.String()), "\n")}
	if r.labels, err = csv.NewReader(&labels).ReadAll(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(r.zip), int64(len(r.zip)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if r.files[f.Name], err = io.ReadAll(rc); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// entry is one tweet as the tests read it.
type entry struct {
	Tweet struct {
		ID        string         `json:"id_str"`
		FullText  string         `json:"full_text"`
		CreatedAt string         `json:"created_at"`
		ReplyTo   string         `json:"in_reply_to_user_id"`
		Range     []string       `json:"display_text_range"`
		Edit      map[string]any `json:"edit_info"`
		Entities  struct {
			URLs []struct {
				URL     string   `json:"url"`
				Indices []string `json:"indices"`
			} `json:"urls"`
			Mentions []struct {
				Name    string   `json:"screen_name"`
				Indices []string `json:"indices"`
			} `json:"user_mentions"`
		} `json:"entities"`
		Extended *struct{ Media []map[string]any } `json:"extended_entities"`
	} `json:"tweet"`
}

func tweetsOf(t *testing.T, r result) []entry {
	t.Helper()
	var all []entry
	for name, body := range r.files {
		if !strings.HasPrefix(name, "data/tweets") || !strings.HasSuffix(name, ".js") {
			continue
		}
		var part []entry
		unwrap(t, name, body, &part)
		all = append(all, part...)
	}
	return all
}

func unwrap(t *testing.T, name string, body []byte, v any) {
	t.Helper()
	_, js, ok := bytes.Cut(body, []byte(" = "))
	if !ok || !bytes.HasPrefix(body, []byte("window.")) {
		t.Fatalf("%s does not begin as X's files do", name)
	}
	if err := json.Unmarshal(js, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestSameOptionsSameBytes(t *testing.T) {
	o := Options{Posts: 700, Seed: 5}
	a, b := write(t, o), write(t, o)
	if !bytes.Equal(a.zip, b.zip) {
		t.Error("the same options gave two different archives")
	}
	o.Seed = 6
	if c := write(t, o); bytes.Equal(a.zip, c.zip) {
		t.Error("another seed gave the same archive")
	}
}

func TestSizes(t *testing.T) {
	for _, n := range []int{0, 1, 2, 63, 64, 65, 1000} {
		r := write(t, Options{Posts: n, Seed: 3})
		if r.stats.Posts != n {
			t.Errorf("asked for %d posts, got %d", n, r.stats.Posts)
		}
		ids := map[string]bool{}
		for _, e := range tweetsOf(t, r) {
			ids[e.Tweet.ID] = true
		}
		if len(ids) != r.stats.Rows {
			t.Errorf("%d posts: %d distinct ids in %d rows", n, len(ids), r.stats.Rows)
		}
	}
	if _, err := Write(io.Discard, Options{Posts: MaxPosts + 1}); err == nil {
		t.Error("more posts than ids were accepted")
	}
}

func TestEveryFileParsesAndTheManifestCounts(t *testing.T) {
	r := write(t, Options{Posts: 1500, Seed: 2, PartSize: 400_000})
	if r.stats.Parts < 3 {
		t.Fatalf("%d parts, want several", r.stats.Parts)
	}
	var manifest struct {
		DataTypes map[string]struct {
			Files []struct{ FileName, GlobalName, Count string }
		}
	}
	unwrap(t, "manifest", r.files["data/manifest.js"], &manifest)
	seen := 0
	for kind, d := range manifest.DataTypes {
		for _, f := range d.Files {
			var entries []json.RawMessage
			unwrap(t, f.FileName, r.files[f.FileName], &entries)
			if strconv.Itoa(len(entries)) != f.Count {
				t.Errorf("%s: the manifest says %s of %s, the file has %d", f.FileName, f.Count, kind, len(entries))
			}
			if !bytes.HasPrefix(r.files[f.FileName], []byte("window."+f.GlobalName+" = [")) {
				t.Errorf("%s is not called %s inside", f.FileName, f.GlobalName)
			}
			seen++
		}
	}
	if want := len(r.files) - 3; seen != want { // viewer, README and the manifest itself
		t.Errorf("the manifest names %d files of %d", seen, want)
	}
}

func TestTweetsAreAsXWritesThem(t *testing.T) {
	r := write(t, Options{Posts: 3000, Seed: 4})
	count := map[string]int{}
	for _, e := range tweetsOf(t, r) {
		tw := e.Tweet
		runes := []rune(tw.FullText)
		if tw.Range[1] != strconv.Itoa(len(runes)) {
			t.Fatalf("tweet %s: display_text_range ends at %s of %d", tw.ID, tw.Range[1], len(runes))
		}
		for _, u := range tw.Entities.URLs {
			if got := slice(runes, u.Indices); got != u.URL {
				t.Errorf("tweet %s: indices point at %q, not at %q", tw.ID, got, u.URL)
			}
		}
		for _, m := range tw.Entities.Mentions {
			if got := slice(runes, m.Indices); got != "@"+m.Name {
				t.Errorf("tweet %s: indices point at %q, not at @%s", tw.ID, got, m.Name)
			}
		}
		at, err := time.Parse(createdAt, tw.CreatedAt)
		if err != nil {
			t.Fatal(err)
		}
		id, _ := strconv.ParseInt(tw.ID, 10, 64)
		if d := time.UnixMilli(id>>22 + twitterEpoch).Sub(at); d < 0 || d >= time.Second {
			t.Errorf("tweet %s: the id is %v away from the date", tw.ID, d)
		}
		if strings.ContainsAny(tw.FullText, "<>") {
			t.Errorf("tweet %s is not escaped", tw.ID)
		}
		switch {
		case strings.HasPrefix(tw.FullText, "RT @"):
			count["reposts"]++
			if utf8.RuneCountInString(tw.FullText) > 150 {
				t.Errorf("tweet %s is a repost that was not cut", tw.ID)
			}
		case tw.ReplyTo != "":
			count["replies"]++
		}
		if tw.Extended != nil {
			count["photos"]++
		}
	}
	for what, want := range map[string][2]int{"reposts": {580, 740}, "replies": {950, 1150}, "photos": {140, 260}} {
		if got := count[what]; got < want[0] || got > want[1] {
			t.Errorf("%d %s, want between %d and %d", got, what, want[0], want[1])
		}
	}
}

func slice(r []rune, indices []string) string {
	from, _ := strconv.Atoi(indices[0])
	to, _ := strconv.Atoi(indices[1])
	return string(r[from:to])
}

func TestNotesBelongToATweet(t *testing.T) {
	r := write(t, Options{Posts: 6000, Seed: 9})
	var notes []struct {
		NoteTweet struct {
			CreatedAt string
			Core      struct{ Text string }
		}
	}
	unwrap(t, "note-tweet.js", r.files["data/note-tweet.js"], &notes)
	if len(notes) == 0 || len(notes) != r.stats.Notes {
		t.Fatalf("%d notes, %d counted", len(notes), r.stats.Notes)
	}
	byTime := map[string]string{}
	for _, e := range tweetsOf(t, r) {
		at, _ := time.Parse(createdAt, e.Tweet.CreatedAt)
		byTime[at.UTC().Format(isoMillis)] += e.Tweet.FullText + "\x00"
	}
	for _, n := range notes {
		begin := escape(string([]rune(n.NoteTweet.Core.Text)[:200]))
		if !strings.Contains(byTime[n.NoteTweet.CreatedAt], begin) {
			t.Errorf("no tweet of %s begins like its note", n.NoteTweet.CreatedAt)
		}
	}
}

func TestDemo(t *testing.T) {
	r := write(t, Options{Posts: 2000, Seed: 1, Demo: true})
	years, themes, standards := map[int]int{}, map[string]bool{}, map[string]bool{}
	for _, e := range tweetsOf(t, r) {
		at, _ := time.Parse(createdAt, e.Tweet.CreatedAt)
		years[at.Year()]++
	}
	for y := 2012; y <= 2026; y++ {
		if years[y] == 0 {
			t.Errorf("the demonstration has no post of %d", y)
		}
	}
	for _, l := range r.labels[1:] {
		themes[l[3]] = true
		head, _, _ := strings.Cut(l[3], ".")
		standards[head] = true
	}
	if len(themes) < 30 || len(standards) < 8 {
		t.Errorf("only %d themes of %d families to find", len(themes), len(standards))
	}
	if !bytes.Contains(r.files["data/profile.js"], []byte("paramedic")) {
		t.Error("the bio does not name a profession")
	}
	if len(r.lines) != 2000 {
		t.Errorf("%d lines for check, want 2000", len(r.lines))
	}
}

func TestNewer(t *testing.T) {
	o := Options{Posts: 2000, Seed: 1, Demo: true}
	before := write(t, o)
	o.Newer = true
	after := write(t, o)
	text := map[string]string{}
	for _, e := range tweetsOf(t, before) {
		text[e.Tweet.ID] = e.Tweet.FullText
	}
	kept, added := 0, 0
	for _, e := range tweetsOf(t, after) {
		old, ok := text[e.Tweet.ID]
		switch {
		case !ok:
			added++
		case old != e.Tweet.FullText:
			t.Errorf("tweet %s changed its words", e.Tweet.ID)
		default:
			kept++
		}
	}
	if added < 40 || kept < 1850 || after.stats.Gone < 40 {
		t.Errorf("%d new, %d kept, %d gone", added, kept, after.stats.Gone)
	}
	if got := len(after.labels); got >= len(before.labels)*6/10 {
		t.Errorf("%d of %d labelled posts are still there, want most of them removed", got, len(before.labels))
	}
	if !bytes.Contains(after.files["data/account.js"], []byte(demoPerson().id)) {
		t.Error("the later export is not of the same account")
	}
}

func TestGrammarFillsEverySlot(t *testing.T) {
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	check := func(where string, tpl template) {
		for _, p := range tpl {
			if p.slot && g.slots[p.text] == nil && professions[0][p.text] == "" {
				t.Errorf("%s: no slot is called {%s}", where, p.text)
			}
		}
	}
	for name, list := range g.slots {
		for _, tpl := range list {
			check("$ "+name, tpl)
		}
	}
	for _, list := range [][]section{g.everyday, g.planted, g.traps} {
		for _, s := range list {
			for _, l := range s.lines {
				check(s.name, l.text)
			}
		}
	}
}

func TestGrammarErrorsNameTheLine(t *testing.T) {
	for src, want := range map[string]string{
		"$ name Ann":              `phrases.txt:1: a slot needs " = "`,
		"\nhello":                 "phrases.txt:2: a sentence before the first heading",
		"## one two three":        `phrases.txt:1: heading "## one two three" has the wrong number of words`,
		"?? AB\nfine\n!! theme A": `phrases.txt:3: heading "!! theme A" has the wrong number of words`,
	} {
		_, err := parseGrammar(src)
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}

func TestPretty(t *testing.T) {
	w := pretty{first: true}
	w.object("", func() {
		w.str("a", "x\"\\\n\x01é")
		w.list("empty", func() {})
		w.list("two", func() { w.num("", 1); w.bool("", true) })
	})
	want := "{\n  \"a\" : \"x\\\"\\\\\\n\\u0001é\",\n  \"empty\" : [ ],\n  \"two\" : [\n    \"1\",\n    true\n  ]\n}"
	if d := cmp.Diff(want, string(w.buf)); d != "" {
		t.Error(d)
	}
}
