package reddit_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/reddit"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

const fixtures = "../../testdata/reddit"

func TestConformance(t *testing.T) {
	importertest.Run(t, reddit.New(), fixtures)
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

const (
	comments   = "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\r\n"
	posts      = "id,permalink,date,ip,subreddit,gildings,title,url,body\r\n"
	statistics = "statistic,value\naccount name,tea_example\nexport time,2024-06-12 17:25:43 UTC\nregistration date,2023-12-25 08:00:00 UTC\n"
)

func comment(id, body string) string {
	return id + ",https://www.reddit.com/r/bread/comments/1aaaaa/x/" + id + "/,2024-01-07 15:33:11 UTC,,bread,0,https://www.reddit.com/r/bread/comments/1aaaaa/x/,," + body + ",\r\n"
}

func read(t *testing.T, members map[string]string, opts importer.Options) *importertest.Recorder {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = file(data)
	}
	rec := &importertest.Recorder{}
	if err := reddit.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestBodies(t *testing.T) {
	for body, want := range map[string]string{
		`plain`:                       "plain",
		`"a, ""b"" &amp; c"`:          `a, "b" &amp; c`,
		"\"line\n\nand line\"":        "line\n\nand line",
		"\"line\r\nand line\"":        "line\nand line",
		`[removed]`:                   "",
		`[deleted by user]`:           "",
		`[deleted] is what it said`:   "[deleted] is what it said",
		"bytes \xff that are no text": "bytes \uFFFD that are no text",
		`a "quote" in the open`:       `a "quote" in the open`,
		``:                            "",
	} {
		rec := read(t, map[string]string{"comments.csv": comments + comment("kaaaaa1", body), "statistics.csv": statistics}, importer.Options{})
		if len(rec.Posts) != 1 || rec.Posts[0].Text != want || len(rec.Skips) > 0 {
			t.Errorf("%q: got %+v, skips %v", body, rec.Posts, rec.Skips)
		}
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2024, 6, 12, 0, 0, 0, 0, time.UTC)
	at := time.Date(2024, 6, 12, 17, 25, 43, 0, time.UTC)
	for s, want := range map[string]store.Post{
		"2024-06-12 17:25:43 UTC":       {Created: at},
		"2024-06-12 17:25:43.5 UTC":     {Created: at},
		"2024-06-12T19:25:43+02:00":     {Created: at},
		"2024-06-12 17:25:43 +0000 UTC": {Created: at},
		"2024-06-12 17:25:43":           {Created: at, Precision: store.PrecisionZone},
		"2024-06-12":                    {Created: day, Precision: store.PrecisionDay},
		"1970-01-01 00:00:00 UTC":       {Precision: store.PrecisionNone},
		"registration ip":               {Precision: store.PrecisionNone},
		"":                              {Precision: store.PrecisionNone},
	} {
		row := strings.Replace(comment("kaaaaa1", "x"), "2024-01-07 15:33:11 UTC", s, 1)
		rec := read(t, map[string]string{"comments.csv": comments + row}, importer.Options{})
		if got := rec.Posts[0]; !got.Created.Equal(want.Created) || got.Precision != want.Precision {
			t.Errorf("%q: got %v %q", s, got.Created, got.Precision)
		}
	}
}

func TestDamagedRows(t *testing.T) {
	rec := read(t, map[string]string{"statistics.csv": statistics,
		"comments.csv": comments + comment("kaaaaa1", "one") + "kaaaaa2,short\r\n" + comment("", "lost") + comment("kaaaaa4", "four") + comment("kaaaaa4", "again")}, importer.Options{})
	want := []store.Skip{{Member: "comments.csv", Record: 2, Reason: "has too few fields"}, {Member: "comments.csv", Record: 3, Reason: "has no id"}}
	if diff := cmp.Diff(want, rec.Skips); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"comment:kaaaaa1", "comment:kaaaaa4"}, rec.Keys()); diff != "" {
		t.Error(diff)
	}
	if slices.Contains(rec.Scopes(), "comment:") {
		t.Error("a damaged file counts as complete")
	}
}

// TestEndlessQuote: one quotation mark too many must not take all memory, nor
// end the reading of the other files.
func TestEndlessQuote(t *testing.T) {
	long := `kaaaaa1,x,2024-01-07 15:33:11 UTC,,bread,0,x,,"` + strings.Repeat("no end\r\n", 1<<20)
	rec := read(t, map[string]string{"comments.csv": comments + long, "posts.csv": posts, "statistics.csv": statistics}, importer.Options{})
	if len(rec.Posts) != 0 || len(rec.Skips) != 1 || rec.Skips[0].Record != 1 {
		t.Errorf("%d posts, skips %v", len(rec.Posts), rec.Skips)
	}
	if diff := cmp.Diff([]string{"post:"}, rec.Scopes()); diff != "" {
		t.Error(diff)
	}
}

func TestCheckfile(t *testing.T) {
	data := comments + comment("kaaaaa1", "one")
	sum := sha256.Sum256([]byte(data))
	good := hex.EncodeToString(sum[:])
	tests := []struct {
		name, check, data string
		codes, scopes     []string
	}{
		{"right", "comments.csv," + good + "\n", data, nil, []string{"comment:"}},
		{"upper case", "Comments.csv," + strings.ToUpper(good) + "\n", data, nil, []string{"comment:"}},
		{"changed", "comments.csv," + good + "\n", data + comment("kaaaaa2", "two"), []string{"checksum-differs"}, nil},
		{"a file is missing", "comments.csv," + good + "\nposts.csv," + good + "\n", data, []string{"part-missing"}, nil},
		{"an ignored file is missing", "comments.csv," + good + "\nip_logs.csv," + good + "\n", data, nil, []string{"comment:"}},
		{"no sums", "comments.csv,?\n", data, nil, []string{"comment:"}},
		{"cut", "", strings.TrimSuffix(data, ",\r\n"), []string{"file-cut"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, map[string]string{"statistics.csv": statistics, "comments.csv": tt.data, "checkfile.csv": "filename,sha256\n" + tt.check}, importer.Options{})
			if diff := cmp.Diff(tt.codes, rec.Codes()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.scopes, rec.Scopes()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRange: an export of a range of dates would make older comments look
// deleted.
func TestRange(t *testing.T) {
	members := map[string]string{"comments.csv": comments + comment("kaaaaa1", "x"), "statistics.csv": strings.Replace(statistics, "2023-12-25", "2011-12-25", 1)}
	rec := read(t, members, importer.Options{})
	if len(rec.Scopes()) > 0 || !slices.Contains(rec.Codes(), "range") {
		t.Errorf("%v, %v", rec.Scopes(), rec.Codes())
	}
}

func TestMessages(t *testing.T) {
	const head = "id,permalink,thread_id,date,ip,from,to,subject,body\r\n"
	rows := "m1,x,m1,2024-02-01 10:00:00 UTC,,tea_example,bob,hello,my words\r\nm2,x,m1,2024-02-01 11:00:00 UTC,,bob,tea_example,re: hello,words of another person\r\n"
	members := map[string]string{"posts.csv": posts, "statistics.csv": statistics, "messages.csv": head + rows, "messages_archive.csv": head + rows}
	rec := read(t, members, importer.Options{})
	if len(rec.Posts) != 0 || !slices.Contains(rec.Codes(), "messages-not-read") || slices.Contains(rec.Scopes(), "message:") {
		t.Errorf("not asked for: %v, %v, %v", rec.Keys(), rec.Codes(), rec.Scopes())
	}
	rec = read(t, members, importer.Options{Messages: true})
	if diff := cmp.Diff([]string{"message:m1"}, rec.Keys()); diff != "" || !slices.Contains(rec.Scopes(), "message:") {
		t.Errorf("%s, %v", diff, rec.Scopes())
	}
	delete(members, "statistics.csv")
	rec = read(t, members, importer.Options{Messages: true, Me: "Tea Example"})
	if len(rec.Posts) != 0 || !slices.Contains(rec.Codes(), "owner-unknown") {
		t.Errorf("owner unknown: %v, %v", rec.Keys(), rec.Codes())
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
		hint   bool
	}{
		{"nothing", fstest.MapFS{}, "", false},
		{"export", fstest.MapFS{"comments.csv": file(comments), "statistics.csv": file(statistics)}, reddit.LayoutExport, false},
		{"a mark and capitals", fstest.MapFS{"Comments.csv": file("\ufeff\"id\",\"permalink\",\"subreddit\",\"body\"\r\n")}, reddit.LayoutTrimmed, false},
		{"a later part", fstest.MapFS{"posts_2.csv": file(posts)}, reddit.LayoutTrimmed, false},
		{"youtube's comments", fstest.MapFS{"comments.csv": file("Comment ID,Channel ID,Comment Text\n")}, "", false},
		{"linkedin's messages", fstest.MapFS{"messages.csv": file("CONVERSATION ID,FROM,TO,DATE,SUBJECT,CONTENT\n")}, "", false},
		{"discord's messages", fstest.MapFS{"messages.csv": file("ID,Timestamp,Contents,Attachments\n")}, "", false},
		{"messages", fstest.MapFS{"messages.csv": file("id,permalink,thread_id,date,ip,from,to,subject,body\n")}, reddit.LayoutTrimmed, false},
		{"saved", fstest.MapFS{"saved_posts.csv": file("id,permalink\n")}, reddit.LayoutTrimmed, false},
		{"headers only", fstest.MapFS{"comment_headers.csv": file("id,permalink,date,ip,subreddit\n")}, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := reddit.New().Recognize(tt.fsys)
			var hint *importer.HintError
			if errors.As(err, &hint) != tt.hint || (err != nil) != tt.hint {
				t.Fatalf("error %v", err)
			}
			if m.Layout != tt.layout {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		"comments.csv": importer.UseRead, "comments_2.csv": importer.UseRead, "Posts.csv": importer.UseRead, "chat_history.csv": importer.UseRead,
		"comment_headers.csv": importer.UseIgnored, "ip_logs.csv": importer.UseIgnored, "hidden_posts.csv": importer.UseIgnored,
		"new.csv": importer.UseUnknown, "a/comments.csv": importer.UseUnknown, "comments.txt": importer.UseUnknown,
	} {
		use := reddit.New().Explain(name)
		if use.Kind != want || want == importer.UseIgnored && use.Why == "" || use.Messages != (name == "chat_history.csv") {
			t.Errorf("%s: got %+v", name, use)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	entries, err := os.ReadDir(path.Join(fixtures, "export"))
	if err != nil {
		f.Fatal(err)
	}
	var members []string
	for _, e := range entries {
		if reddit.New().Explain(e.Name()).Kind != importer.UseRead {
			continue
		}
		data, err := os.ReadFile(path.Join(fixtures, "export", e.Name()))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(len(members)), data)
		members = append(members, e.Name())
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := members[int(which)%len(members)]
		all := map[string]string{"posts.csv": posts, "statistics.csv": statistics}
		all[name] = string(data)
		fsys := fstest.MapFS{}
		for n, d := range all {
			fsys[n] = file(d)
		}
		if m, err := reddit.New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		if err := read(t, all, importer.Options{Messages: true}).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
