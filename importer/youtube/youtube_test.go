package youtube_test

import (
	"errors"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/youtube"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they
// seed the fuzzing.
const fixtures = "../../testdata/youtube"

const (
	owner = "UCaaaaaaaaaaaaaaaaaaaaaa"
	id    = "UgAAAAAAAAAAAAAAAAAAA4AaAB"
	yt    = "Takeout/YouTube and YouTube Music/"
	head  = "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Video ID,Comment Text\n"
)

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

func read(t *testing.T, fsys fstest.MapFS) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := youtube.New().Import(t.Context(), fsys, importer.Options{}, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func cell(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func TestCommentTexts(t *testing.T) {
	tests := []struct{ name, cell, want string }{
		{"plain", "just words", "just words"},
		{"blanks stay", " a  b ", " a  b "},
		{"segments", `{"takeoutSegments":[{"text":"a"},{"text":"b"}]}`, "ab"},
		{"one object", `{"text":"a"}`, "a"},
		{"objects", `{"text":"a"},{"text":"\n"},{"text":"b"}`, "a\nb"},
		{"raw line break", "{\"text\":\"a\nb\tc\"}", "a\nb\tc"},
		{"escapes", `{"text":"\"a\" \\ \u00e9 \ud83d\ude00"}`, `"a" \ é 😀`},
		{"a mention", `{"text":"@x","mention":{"externalChannelId":"UC"}},{"text":" hi"}`, "@x hi"},
		{"a cut address", `{"text":"https://example.org/a...","link":{"linkUrl":"https://example.org/abc"}}`, "https://example.org/abc"},
		{"a named link", `{"text":"read more...","link":{"linkUrl":"https://example.org/abc"}}`, "read more..."},
		{"a whole address", `{"text":"https://example.org/a","link":{"linkUrl":"https://www.youtube.com/redirect?q=x"}}`, "https://example.org/a"},
		{"broken", `{"text":"a`, `{"text":"a`},
		{"something behind", `{"text":"a"} and more`, `{"text":"a"} and more`},
		{"closes the list", `{"text":"a"}],["b"`, `{"text":"a"}],["b"`},
		{"looks like JSON", `{"a":1}`, `{"a":1}`},
		{"null", `{"text":null},{"text":"b"}`, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, fstest.MapFS{yt + "comments/comments.csv": file(head + id + "," + owner + ",2024-08-01T10:00:00Z,0,,dQaaaaaaaaa," + cell(tt.cell) + "\n")})
			if len(rec.Posts) != 1 || rec.Posts[0].Text != tt.want {
				t.Errorf("got %+v, skips %v", rec.Posts, rec.Skips)
			}
		})
	}
}

func TestRows(t *testing.T) {
	const row = id + "," + owner + ",2024-08-01T10:00:00Z,0,,dQaaaaaaaaa,words\n"
	tests := []struct {
		name, data string
		posts      int
		skips      []string
		scope      bool
	}{
		{"one", head + row, 1, nil, true},
		{"CRLF and blank lines", strings.ReplaceAll(head+row+"\n\n", "\n", "\r\n"), 1, nil, true},
		{"twice", head + row + row, 1, nil, true},
		{"lower case columns", strings.ToLower(head) + row, 1, nil, true},
		{"only a header", head, 0, nil, false},
		{"no time", head + strings.Replace(row, "2024-08-01T10:00:00Z", "yesterday", 1), 1, nil, true},
		{"cut", head + row + id + "," + owner + ",2024-08-01T10:00:00Z,0,,dQaaaaaaaaa,\"half", 1, []string{"the file ends in the middle of it"}, false},
		{"nothing in it", head + row + ",,,,,,\n", 1, []string{"has neither an id nor a text"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, fstest.MapFS{yt + "comments/comments.csv": file(tt.data)})
			var skips []string
			for _, s := range rec.Skips {
				skips = append(skips, s.Reason)
			}
			if diff := cmp.Diff(tt.skips, skips); diff != "" || len(rec.Posts) != tt.posts {
				t.Errorf("%d posts, %s", len(rec.Posts), diff)
			}
			scope := slices.ContainsFunc(rec.Facts, func(f importer.Fact) bool { return f.Scope == "comment:" })
			if scope != tt.scope {
				t.Errorf("scope stated: %v", scope)
			}
		})
	}
}

func TestPages(t *testing.T) {
	item := func(inner string) string { return "<html><body><ul><li>" + inner + "</li></ul></body></html>" }
	const link = `<a href="http://www.youtube.com/watch?v=dQaaaaaaaaa">x</a>`
	tests := []struct {
		name, page, want, created string
		skips                     int
	}{
		{"new", item("Sent at 2020-04-27 23:18:23 UTC while watching " + link + ".<br/>a &lt;b&gt;"), "a <b>", "2020-04-27T23:18:23Z", 0},
		{"old", item("At 2016-06-15T08:50:49Z on " + link + "<br>a"), "a", "2016-06-15T08:50:49Z", 0},
		{"a zone", item("At 2016-06-15T08:50:49+02:00 on " + link + "<br>a"), "a", "2016-06-15T06:50:49Z", 0},
		{"another language", item("Gesendet am 2020-04-27 23:18:23 UTC zu " + link + "<br>a"), "a", "2020-04-27T23:18:23Z", 0},
		{"links in the text", item("At 2016-06-15T08:50:49Z on " + link + `<br>see <a href="https://example.org">that</a>`), "see that", "2016-06-15T08:50:49Z", 0},
		{"no closing marks", "<ul><li>At 2016-06-15T08:50:49Z on " + link + "<br>a</ul>", "", "", 1},
		{"no text", item("At 2016-06-15T08:50:49Z on " + link), "", "", 1},
		{"cut", "<html><body><ul><li>At 2016-06-15T08:50:49Z on " + link + "<br>half", "", "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, fstest.MapFS{yt + "my-comments/my-comments.html": file(tt.page)})
			if len(rec.Skips) != tt.skips {
				t.Errorf("skips %v", rec.Skips)
			}
			if tt.want == "" {
				if len(rec.Posts) != 0 {
					t.Errorf("%d posts", len(rec.Posts))
				}
				return
			}
			if len(rec.Posts) != 1 {
				t.Fatalf("%d posts", len(rec.Posts))
			}
			p := rec.Posts[0]
			if p.Text != tt.want || p.Created.Format("2006-01-02T15:04:05Z") != tt.created || p.ReplyTo != "https://www.youtube.com/watch?v=dQaaaaaaaaa" {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
		hint   string
	}{
		{"nothing", fstest.MapFS{}, "", ""},
		{"comments", fstest.MapFS{yt + "comments/comments.csv": file(head)}, youtube.LayoutCSV, ""},
		{"comments alone", fstest.MapFS{"comments.csv": file(head)}, youtube.LayoutCSV, ""},
		{"another platform's comments", fstest.MapFS{"comments.csv": file("id,permalink,date,body\n1,2,3,4\n"), "posts.csv": file("id,title\n1,2\n")}, "", ""},
		{"pages", fstest.MapFS{yt + "my-comments/my-comments.html": file("<ul><li>x</li></ul>")}, youtube.LayoutHTML, ""},
		{"the channel only", fstest.MapFS{yt + "channels/channel.csv": file("Channel ID,Channel Title (Original),Channel Visibility\n" + owner + ",x,Public\n")}, youtube.LayoutCSV, ""},
		{"history only", fstest.MapFS{yt + "history/watch-history.html": file("<html>")}, "", "keep comments"},
		{"history only, localised", fstest.MapFS{"Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.html": file("<html>")}, "", "keep comments"},
		{"a bare history", fstest.MapFS{"history/watch-history.json": file("[]")}, "", "keep comments"},
		{"videos only", fstest.MapFS{yt + "videos/a.mp4": file("x")}, "", "all parts"},
		{"another service", fstest.MapFS{"Takeout/Chrome/History.json": file("{}"), "Takeout/archive_browser.html": file("<html>")}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := youtube.New().Recognize(tt.fsys)
			var hint *importer.HintError
			if errors.As(err, &hint) != (tt.hint != "") || hint != nil && !strings.Contains(hint.Hint, tt.hint) {
				t.Fatalf("error %v", err)
			}
			if m.Layout != tt.layout || (m.Sure >= 50) != (tt.layout != "") {
				t.Errorf("got %+v", m)
			}
		})
	}
}

// TestNoComments reads a Takeout with a channel and nothing said.
func TestNoComments(t *testing.T) {
	rec := read(t, fstest.MapFS{yt + "channels/channel.csv": file("Channel ID,Channel Title (Original),Channel Visibility\n" + owner + ",Ana,Public\n")})
	if !slices.ContainsFunc(rec.Facts, func(f importer.Fact) bool { return f.Note.Code == "no-comments" }) {
		t.Error("nothing says that there are no comments")
	}
	if len(rec.Posts) != 1 || rec.Posts[0].Kind != store.KindBio || rec.Accounts[0].NativeID != owner {
		t.Errorf("%+v, %+v", rec.Accounts, rec.Posts)
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		yt + "comments/comments.csv":                                       importer.UseRead,
		yt + "my-comments/my-comments.html":                                importer.UseRead,
		yt + "video metadata/videos.csv":                                   importer.UseRead,
		"Takeout/Maps (your places)/Reviews.json":                          importer.UseRead,
		yt + "history/watch-history.html":                                  importer.UseIgnored,
		yt + "history/search-history.json":                                 importer.UseIgnored,
		yt + "subscriptions/subscriptions.csv":                             importer.UseIgnored,
		yt + "playlists/Anatomy-videos.csv":                                importer.UseIgnored,
		yt + "videos/a.mp4":                                                importer.UseIgnored,
		"Takeout/archive_browser.html":                                     importer.UseIgnored,
		"Takeout/Mail/All mail.mbox":                                       importer.UseIgnored,
		"notes.txt":                                                        importer.UseUnknown,
		"Takeout/YouTube y YouTube\u00a0Music/comentarios/comentarios.csv": importer.UseRead,
	} {
		use := youtube.New().Explain(name)
		if use.Kind != want || want == importer.UseIgnored && use.Why == "" {
			t.Errorf("%s: got %+v", name, use)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	members := []string{"comments/comments.csv", "live chats/live chats.csv", "posts/posts.csv", "video metadata/videos.csv", "video metadata/video texts.csv",
		"channels/channel.csv", "playlists/playlists.csv", "my-comments/my-comments.html", "comentarios/comentarios.csv", "x/Reviews.json"}
	seeds, err := importertest.Files(os.DirFS(fixtures))
	if err != nil {
		f.Fatal(err)
	}
	for i, member := range members {
		for _, s := range seeds {
			if path.Base(s.Name) == path.Base(member) {
				f.Add(uint8(i), s.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := yt + members[int(which)%len(members)]
		if strings.HasSuffix(name, ".json") {
			name = "Takeout/Maps (your places)/Reviews.json"
		}
		fsys := fstest.MapFS{yt + "comments/more.csv": file(head)}
		fsys[name] = &fstest.MapFile{Data: data}
		rec := read(t, fsys)
		if err := rec.Sound(true); err != nil {
			t.Fatal(err)
		}
	})
}
