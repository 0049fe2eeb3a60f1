package x_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/x"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they seed
// the fuzzing.
const fixtures = "../../testdata/x"

// archive builds a small archive of era D from members without their prefix.
func archive(members map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		if strings.HasSuffix(name, ".js") && !strings.Contains(data, "=") {
			data = "window.YTD.x.part0 = " + data
		}
		fsys["data/"+name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

const account = `[ { "account" : { "username" : "noor", "accountId" : "24", "accountDisplayName" : "Noor" } } ]`

func read(t *testing.T, fsys fs.FS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := x.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

// posts are those of the recorder but for the profile's.
func posts(rec *importertest.Recorder) []store.Post {
	return slices.DeleteFunc(slices.Clone(rec.Posts), func(p store.Post) bool { return p.Kind == store.KindBio })
}

func row(id, text, more string) string {
	quoted, _ := json.Marshal(text) // a string cannot fail
	return fmt.Sprintf(`{ "tweet" : { "id_str" : %q, "full_text" : %s %s } }`, id, quoted, more)
}

func list(rows ...string) string { return "[ " + strings.Join(rows, ", ") + " ]" }

func TestEditChains(t *testing.T) {
	const a, b, c = "1763489351070646273", "1763489602728886273", "1763489854387126273"
	ids := fmt.Sprintf(`"editTweetIds" : [ %q, %q, %q ]`, a, b, c)
	first := row(a, "one", `, "edit_info" : { "initial" : { `+ids+` } }`)
	later := func(id, text string) string {
		return row(id, text, `, "edit_info" : { "edit" : { "initialTweetId" : "`+a+`", "editControlInitial" : { `+ids+` } } }`)
	}
	stale := row(a, "one", `, "edit_info" : { "initial" : { "editTweetIds" : [ "`+a+`" ] } }`)
	second, third := later(b, "two"), later(c, "three")
	tests := []struct {
		name string
		rows []string
		want string
	}{
		{"in order", []string{first, second, third}, "three<two<one"},
		{"backwards", []string{third, second, first}, "three<two<one"},
		{"mixed", []string{second, row("5", "between", ""), third, first}, "between three<two<one"},
		{"the first does not know", []string{third, stale, second}, "three<two<one"},
		{"one is missing", []string{third, first}, "three<?<one"},
		{"the first has gone ahead", []string{stale, second, third}, "one three<two<?"},
		{"the first has gone ahead of two that come backwards", []string{stale, third, second}, "one three<two<?"},
		{"the last is missing", []string{first, second}, "two<one"},
		{"twice", []string{first, second, second, third, third}, "three<two<one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, archive(map[string]string{"account.js": account, "tweets.js": list(tt.rows...)}), importer.Options{})
			var got []string
			for _, p := range posts(rec) {
				s := p.Text
				for _, v := range slices.Backward(p.Versions) {
					s += "<" + orUnknown(v.Text)
				}
				got = append(got, s)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func orUnknown(text string) string {
	if text == "" {
		return "?"
	}
	return text
}

func TestNotes(t *testing.T) {
	const at = "Mon Apr 01 07:00:00 +0000 2024"
	date := `, "created_at" : "` + at + `"`
	long := strings.TrimSpace(strings.Repeat("a thought that goes on & on ", 20))
	stub := strings.ReplaceAll(long[:270], "&", "&amp;") + "… https://t.co/more"
	note := func(id, text string) string {
		quoted, _ := json.Marshal(text)
		return fmt.Sprintf(`{ "noteTweet" : { "noteTweetId" : %q, "createdAt" : "2024-04-01T07:00:00.000Z", "core" : { "urls" : [ ], "text" : %s } } }`, id, quoted)
	}
	const one, two = "1774693175915446281", "1774693175915446282"
	tests := []struct {
		name         string
		tweets, note []string
		want         map[string]string
		loose        bool
	}{
		{"a prefix", []string{row(one, stub, date)}, []string{note("9", long)}, map[string]string{"tweet:" + one: long}, false},
		{"behind mentions", []string{row(one, "@ann @ben "+stub, date)}, []string{note("9", long)}, map[string]string{"tweet:" + one: long}, false},
		{"two in one second", []string{row(two, "Second "+stub, date), row(one, stub, date)},
			[]string{note("9", long), note("8", "Second "+long)},
			map[string]string{"tweet:" + one: long, "tweet:" + two: "Second " + long}, false},
		{"another post of that second", []string{row(two, "short", date), row(one, stub, date)}, []string{note("9", long)},
			map[string]string{"tweet:" + one: long, "tweet:" + two: "short"}, false},
		{"no prefix but nothing else", []string{row(one, "Differently begun, "+stub, date)}, []string{note("9", long)},
			map[string]string{"tweet:" + one: long}, false},
		{"a repost", []string{row(one, "RT @bob: "+stub, date)}, []string{note("9", long)},
			map[string]string{"tweet:" + one: strings.ReplaceAll(stub, "&amp;", "&"), "note:9": long}, true},
		{"no post", nil, []string{note("9", long)}, map[string]string{"note:9": long}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, archive(map[string]string{
				"account.js": account, "tweets.js": list(tt.tweets...), "note-tweet.js": list(tt.note...),
			}), importer.Options{})
			got := map[string]string{}
			for _, p := range posts(rec) {
				got[p.Key] = p.Text
				if p.Truncated != strings.Contains(p.Text, "…") && p.Own {
					t.Errorf("%s: truncated %v", p.Key, p.Truncated)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if slices.Contains(rec.Codes(), "notes-alone") != tt.loose {
				t.Errorf("notes: %v", rec.Codes())
			}
		})
	}
}

func TestOddTweets(t *testing.T) {
	tests := []struct {
		name, row string
		want      store.Post
	}{
		{"ids as numbers", `{ "tweet" : { "id" : 1790000000000000001, "full_text" : "x", "in_reply_to_status_id" : 1789999999999999999 } }`,
			store.Post{Key: "tweet:1790000000000000001", Kind: store.KindReply, Text: "x", ReplyTo: "https://x.com/i/web/status/1789999999999999999"}},
		{"entities of another shape", row("1790000000000000001", "x https://t.co/a", `, "entities" : [ 1 ], "edit_info" : "none", "extended_entities" : null`),
			store.Post{Key: "tweet:1790000000000000001", Kind: store.KindPost, Text: "x https://t.co/a"}},
		{"a link without an address", row("1790000000000000001", "x https://t.co/a", `, "entities" : { "urls" : [ { "url" : "https://t.co/a", "expanded_url" : null }, 7 ] }`),
			store.Post{Key: "tweet:1790000000000000001", Kind: store.KindPost, Text: "x https://t.co/a"}},
		{"without a text", `{ "tweet" : { "id_str" : "1790000000000000001" } }`,
			store.Post{Key: "tweet:1790000000000000001", Kind: store.KindPost}},
		{"a reply that quotes", row("1790000000000000001", "@ann https://t.co/q",
			`, "in_reply_to_user_id" : "7", "in_reply_to_screen_name" : "ann", "entities" : { "urls" : [ { "url" : "https://t.co/q", "expanded_url" : "https://x.com/dan/status/5" } ] }`),
			store.Post{Key: "tweet:1790000000000000001", Kind: store.KindReply, Text: "@ann https://x.com/dan/status/5",
				ReplyToAuthor: "ann", Quoted: "https://x.com/dan/status/5"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, archive(map[string]string{"account.js": account, "tweets.js": list(tt.row)}), importer.Options{})
			got := posts(rec)
			if len(got) != 1 {
				t.Fatalf("%d posts, skips %v", len(got), rec.Skips)
			}
			tt.want.Own, tt.want.URL = true, "https://x.com/noor/status/1790000000000000001"
			tt.want.Created = time.Date(2024, 5, 13, 12, 43, 51, 0, time.UTC)
			if diff := cmp.Diff(tt.want, got[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// conversationOf is an entry with messages of both sides.
func conversationOf(id string, sent ...string) string {
	var all []string
	for _, m := range sent {
		all = append(all, fmt.Sprintf(`{ "messageCreate" : { "id" : %q, "senderId" : "24", "text" : "sent %s", "createdAt" : "2022-03-05T08:00:00.000Z" } }`, m, m))
	}
	all = append(all, `{ "messageCreate" : { "id" : "1", "senderId" : "99", "text" : "secret of another person", "createdAt" : "2022-03-05T08:00:00.000Z" } }`)
	return fmt.Sprintf(`{ "dmConversation" : { "conversationId" : %q, "messages" : %s } }`, id, list(all...))
}

func TestMessages(t *testing.T) {
	long := make([]string, 600)
	for i := range long {
		long[i] = fmt.Sprint(1000 + i)
	}
	members := map[string]string{"account.js": account, "direct-messages.js": list(
		conversationOf("99-24", long...), conversationOf("99-24", "1599", "2000"), conversationOf("98-24", "3000"))}
	rec := read(t, archive(members), importer.Options{})
	if len(posts(rec)) != 0 || !slices.Contains(rec.Codes(), "messages-not-read") {
		t.Errorf("not asked for: %d posts, %v", len(posts(rec)), rec.Codes())
	}
	rec = read(t, archive(members), importer.Options{Messages: true})
	if got := posts(rec); len(got) != 602 {
		t.Errorf("%d messages, want 602", len(got))
	}
	for _, p := range rec.Posts {
		if strings.Contains(p.Text, "secret") {
			t.Error("a message of somebody else came through")
		}
	}
	delete(members, "account.js")
	rec = read(t, archive(members), importer.Options{Messages: true})
	if len(rec.Posts) != 0 || !slices.Contains(rec.Codes(), "owner-unknown") {
		t.Errorf("owner unknown: %d posts, %v", len(rec.Posts), rec.Codes())
	}
}

// TestManifest checks what is said about an archive that is not what its
// manifest says.
func TestManifest(t *testing.T) {
	manifest := func(partial string, files ...string) string {
		return `window.__THAR_CONFIG = { "archiveInfo" : { "generationDate" : "2026-03-06T13:00:00.000Z", "isPartialArchive" : ` + partial +
			` }, "dataTypes" : { "tweets" : { "files" : [ ` + strings.Join(files, ", ") + ` ] } } }`
	}
	file := func(name, count string) string {
		return fmt.Sprintf(`{ "fileName" : "data/%s", "globalName" : "YTD.x.part0", "count" : %q }`, name, count)
	}
	const date = `, "created_at" : "Mon May 13 12:43:51 +0000 2024"`
	tweets := list(row("1790000000000000001", "one", date), row("1790000000000000002", "two", date))
	tests := []struct {
		name    string
		members map[string]string
		codes   []string
		scopes  []string
		partial bool
	}{
		{"whole", map[string]string{"manifest.js": manifest("false", file("tweets.js", "2"))}, nil, []string{"tweet:"}, false},
		{"more than there", map[string]string{"manifest.js": manifest("false", file("tweets.js", "3"))}, []string{"count-differs"}, nil, false},
		{"a part missing", map[string]string{"manifest.js": manifest("false", file("tweets.js", "2"), file("tweets-part1.js", "9"))},
			[]string{"part-missing"}, nil, true},
		{"an empty part missing", map[string]string{"manifest.js": manifest("false", file("tweets.js", "2"), file("like.js", "0"))}, nil, []string{"tweet:"}, false},
		{"an ignored file missing", map[string]string{"manifest.js": manifest("false", file("tweets.js", "2"), file("ad-impressions.js", "9"))}, nil, []string{"tweet:"}, false},
		{"partial", map[string]string{"manifest.js": manifest("true", file("tweets.js", "2"))}, []string{"partial"}, nil, true},
		{"broken", map[string]string{"manifest.js": `window.__THAR_CONFIG = { "dataTypes" : `}, nil, nil, false},
		{"none", nil, []string{"no-manifest"}, nil, true},
		{"fewer than the headers", map[string]string{"manifest.js": manifest("false"),
			"tweet-headers.js": list(`{ "tweet" : { } }`, `{ "tweet" : { } }`, `{ "tweet" : { } }`)}, []string{"count-differs"}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			members := map[string]string{"tweets.js": tweets}
			for name, data := range tt.members {
				members[name] = data
			}
			rec := read(t, archive(members), importer.Options{})
			if diff := cmp.Diff(tt.codes, rec.Codes()); diff != "" {
				t.Error(diff)
			}
			var scopes []string
			partial := false
			for _, f := range rec.Facts {
				partial = partial || f.Partial
				if f.Scope != "" {
					scopes = append(scopes, f.Scope)
				}
			}
			if diff := cmp.Diff(tt.scopes, scopes); diff != "" || partial != tt.partial {
				t.Errorf("partial %v, scopes %s", partial, diff)
			}
			if len(posts(rec)) != 2 {
				t.Errorf("%d posts", len(posts(rec)))
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	file := func(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
		hint   bool
	}{
		{"nothing", fstest.MapFS{}, "", false},
		{"other", fstest.MapFS{"data/tweets.js": file("var other = 1"), "account.js": file("export default {}")}, "", false},
		{"manifest", fstest.MapFS{"data/manifest.js": file("window.__THAR_CONFIG = {"), "data/tweet.js": file("")}, x.Layout2020, false},
		{"the data folder itself", fstest.MapFS{"manifest.js": file("window.__THAR_CONFIG = {"), "tweets.js": file("")}, x.Layout2022, false},
		{"root", fstest.MapFS{"account.js": file("window.YTD.account.part0 = ["), "like.js": file("")}, x.Layout2018, false},
		{"trimmed", fstest.MapFS{"data/like.js": file("window.YTD.like.part0 = [")}, x.LayoutTrimmed, false},
		{"a later part alone", fstest.MapFS{"tweets-part3.js": file("window.YTD.tweets.part3 = [")}, x.LayoutTrimmed, false},
		{"classic", fstest.MapFS{"data/js/tweets/2013_02.js": file("Grailbird.data.tweets_2013_02 = [")}, x.LayoutClassic, false},
		{"classic sheet", fstest.MapFS{"tweets.csv": file(`"tweet_id","text"`)}, x.LayoutClassicCSV, false},
		{"another sheet", fstest.MapFS{"tweets.csv": file(`"id","text"`)}, "", false},
		{"viewer only", fstest.MapFS{"Your archive.html": file(""), "assets/js/a.js": file("")}, "", true},
		{"media only", fstest.MapFS{"data/tweets_media/1-a.jpg": file("")}, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := x.New().Recognize(tt.fsys)
			var hint *importer.HintError
			if errors.As(err, &hint) != tt.hint || (err != nil) != tt.hint {
				t.Fatalf("error %v", err)
			}
			if m.Layout != tt.layout || (m.Sure >= 50) != (tt.layout != "") {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		"data/tweets.js":                    importer.UseRead,
		"data/tweets-part2.js":              importer.UseRead,
		"tweet.js":                          importer.UseRead,
		"data/js/tweets/2013_02.js":         importer.UseRead,
		"data/js/user_details.js":           importer.UseRead,
		"data/csv/2013_02.csv":              importer.UseRead,
		"tweets.csv":                        importer.UseRead,
		"data/ad-impressions.js":            importer.UseIgnored,
		"data/ad-of-next-year.js":           importer.UseIgnored,
		"data/ip-audit.js":                  importer.UseIgnored,
		"data/personalization.js":           importer.UseIgnored,
		"data/tweets_media/1-a.jpg":         importer.UseIgnored,
		"data/tweets_media/tweets.js":       importer.UseIgnored,
		"Your archive.html":                 importer.UseIgnored,
		"assets/js/main.js":                 importer.UseIgnored,
		"data/README.txt":                   importer.UseIgnored,
		"data/something-new.js":             importer.UseUnknown,
		"notes.txt":                         importer.UseUnknown,
		"data/direct-messages.js":           importer.UseRead,
		"data/direct-message-headers.js":    importer.UseIgnored,
		"data/direct_messages_media/a.jpeg": importer.UseIgnored,
	} {
		use := x.New().Explain(name)
		if use.Kind != want || want == importer.UseIgnored && use.Why == "" {
			t.Errorf("%s: got %+v", name, use)
		}
		if use.Messages != (name == "data/direct-messages.js") {
			t.Errorf("%s: messages %v", name, use.Messages)
		}
	}
}

func TestUTF16Member(t *testing.T) {
	text := "window.YTD.tweets.part0 = " + list(row("1790000000000000001", "written by an editor", ""))
	wide := []byte{0xFF, 0xFE}
	for _, c := range []byte(text) {
		wide = append(wide, c, 0)
	}
	fsys := archive(map[string]string{"account.js": account})
	fsys["data/tweets.js"] = &fstest.MapFile{Data: wide}
	rec := read(t, fsys, importer.Options{})
	if got := posts(rec); len(got) != 1 || got[0].Text != "written by an editor" || !slices.Contains(rec.Codes(), "utf-16") {
		t.Errorf("%d posts, %v, %v", len(got), rec.Codes(), rec.Skips)
	}
}

// FuzzImport reads any bytes as any of the files that hold words.
func FuzzImport(f *testing.F) {
	members := []string{"data/tweets.js", "data/note-tweet.js", "data/like.js", "data/direct-messages.js", "data/direct-messages-group.js",
		"data/manifest.js", "data/account.js", "data/profile.js", "data/screen-name-change.js", "data/article.js", "data/article-metadata.js",
		"data/periscope-comments-made-by-user.js", "data/grok-chat-item.js", "data/tweet-headers.js", "data/deleted-tweets.js",
		"data/js/tweets/2013_02.js", "data/js/user_details.js", "data/js/tweet_index.js", "data/csv/2013_02.csv", "tweet.js", "direct-message.js"}
	for _, layout := range []string{"2022", "2022-damaged", "2018", "classic", "classic-csv", "trimmed", "single"} {
		for i, name := range members {
			if data, err := os.ReadFile(path.Join(fixtures, layout, name)); err == nil {
				f.Add(uint8(i), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := members[int(which)%len(members)]
		var fsys fstest.MapFS
		switch {
		case strings.HasPrefix(name, "data/js/"):
			fsys = fstest.MapFS{
				"data/js/tweets/2013_01.js": {Data: []byte("Grailbird.data.tweets_2013_01 = []")},
				"data/js/tweet_index.js":    {Data: []byte(`var tweet_index = [ ]`)},
			}
		case name == "data/csv/2013_02.csv":
			fsys = fstest.MapFS{"data/csv/2013_01.csv": {Data: []byte("tweet_id,text\n")}}
		case !strings.Contains(name, "/"):
			fsys = fstest.MapFS{"account.js": {Data: []byte("window.YTD.account.part0 = " + account)}}
		default:
			fsys = archive(map[string]string{"account.js": account, "note-tweet.js": "[ ]"})
		}
		fsys[name] = &fstest.MapFile{Data: data}
		rec := &importertest.Recorder{}
		if err := x.New().Import(t.Context(), fsys, importer.Options{Messages: true}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
