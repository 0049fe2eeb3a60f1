package tiktok_test

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/tiktok"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they
// seed the fuzzing.
const fixtures = "../../testdata/tiktok"

func read(t *testing.T, fsys fstest.MapFS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := tiktok.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

// TestFormsAgree reads one account's export as JSON and as text: the same
// posts with the same keys, and nothing twice where both lie together.
func TestFormsAgree(t *testing.T) {
	opts := importer.Options{Messages: true}
	both := fstest.MapFS{}
	keys := func(dir string) []string {
		files, err := importertest.Files(os.DirFS(path.Join(fixtures, dir)))
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range importertest.MapFS(files) {
			both[name] = f
		}
		got := read(t, importertest.MapFS(files), opts).Keys()
		slices.Sort(got)
		return got
	}
	json, text := keys("json-2024"), keys("txt-en")
	if diff := cmp.Diff(json, text); diff != "" {
		t.Errorf("JSON and text differ (-JSON +text):\n%s", diff)
	}
	together := read(t, both, opts).Keys()
	slices.Sort(together)
	if diff := cmp.Diff(json, together); diff != "" {
		t.Errorf("both together (-JSON +together):\n%s", diff)
	}
}

// comment wraps the records of a list of comments.
func comment(records string) fstest.MapFS {
	return fstest.MapFS{"user_data_tiktok.json": file(`{"Comment":{"Comments":{"CommentsList":` + records + `}}}`)}
}

func TestJSONTraps(t *testing.T) {
	const one = `{"date":"2024-03-01 10:11:12","comment":"one"}`
	tests := []struct {
		name string
		fsys fstest.MapFS
		want []string // texts
		skip []string // reasons
	}{
		{"null", comment(`null`), nil, nil},
		{"an empty object", comment(`{}`), nil, nil},
		{"an empty text", comment(`""`), nil, nil},
		{"capitals", comment(`[{"Date":"2024-03-01 10:11:12","Comment":"one"}]`), []string{"one"}, nil},
		{"commas too many", comment(`[` + one + `,,]`), []string{"one"}, nil},
		{"null among records", comment(`[null,` + one + `]`), []string{"one"}, nil},
		{"a text among records", comment(`["x",` + one + `]`), []string{"one"}, []string{"comments: cannot be read"}},
		{"a quote too many", comment("[{\"date\":\"2024-03-01 10:11:12\",\"comment\":\"a \"b\" c\"},\n" + one + "]"), []string{"one"}, []string{"comments: is not valid JSON"}},
		{"a line break", comment("[{\"date\":\"2024-03-01 10:11:12\",\"comment\":\"a\nb\"},\n" + one + "]"), []string{"a\nb", "one"}, nil},
		{"a quote too few", comment("[{\"date\":\"2024-03-01 10:11:12\",\"comment\":\"a\n},\n" + one + "]"), []string{"one"}, []string{"comments: is not valid JSON"}},
		{"escapes", comment(`[{"date":"2024-03-01 10:11:12","comment":"a \"b\" \ud83d\ude00 \u00e9\n{[,]}"}]`), []string{"a \"b\" 😀 é\n{[,]}"}, nil},
		{"twice in one file", fstest.MapFS{"user_data.json": file(`{"Comment":{"Comments":{"CommentsList":[` + one + `]}}} {}`)}, []string{"one"}, []string{"something else follows after the end of the data"}},
		{"cut", fstest.MapFS{"user_data_tiktok.json": file(`{"Comment":{"Comments":{"CommentsList":[` + one + `,{"date":"2024`)}, []string{"one"}, []string{"the file ends in the middle"}},
		{"other spellings", fstest.MapFS{"user_data (1).json": file(`{"comment":{"comments_":{"comments list":[` + one + `]}},"Video":{}}`)}, []string{"one"}, nil},
		{"watched videos", fstest.MapFS{"user_data.json": file(`{"Activity":{"Video Browsing History":{"VideoList":[{"Date":"2024-03-01 10:11:12","Title":"not mine"}]}}}`)}, nil, nil},
		{"a mark and windows lines", fstest.MapFS{"user_data.json": file("\ufeff{\"Comment\":\r\n{\"Comments\":{\"CommentsList\":[" + one + "]}}}\r\n")}, []string{"one"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, tt.fsys, importer.Options{})
			var texts, skips []string
			for _, p := range rec.Posts {
				texts = append(texts, p.Text)
			}
			for _, s := range rec.Skips {
				skips = append(skips, s.Reason)
			}
			if diff := cmp.Diff(tt.want, texts); diff != "" {
				t.Errorf("texts: %s", diff)
			}
			if diff := cmp.Diff(tt.skip, skips); diff != "" {
				t.Errorf("skips: %s", diff)
			}
			if len(skips) > 0 && len(rec.Scopes()) > 0 {
				t.Errorf("with a loss it states the scopes %v", rec.Scopes())
			}
		})
	}
}

func TestTextTraps(t *testing.T) {
	const one = "Date: 2024-03-01 10:11:12 UTC\nComment: one\nPhoto: N/A\nUrl: \n"
	tests := []struct {
		name, data string
		want       []string
		skips      int
	}{
		{"empty", "", nil, 0},
		{"no data", "You have no data in this section\n", nil, 0},
		{"not records", "a\nb\nc\nd\n", nil, 1},
		{"windows lines", strings.ReplaceAll(one+"\n"+one, "\n", "\r\n"), []string{"one", "one"}, 0},
		{"no blank line between", one + one, []string{"one", "one"}, 0},
		{"a line like a field", "Date: 2024-03-01 10:11:12 UTC\nComment: my list\nNote: this\nUrl: \n\n" + one, []string{"my list\nNote: this", "one"}, 0},
		{"a field of the record inside", "Date: 2024-03-01 10:11:12 UTC\nComment: a\nComment: b\nPhoto: N/A\nUrl: \n\n" + one, []string{"a\nComment: b", "one"}, 0},
		{"the first field inside", "Date: 2024-03-01 10:11:12 UTC\nComment: a\n\nDate: tomorrow\nPhoto: N/A\nUrl: \n\n" + one, []string{"a\n\nDate: tomorrow", "one"}, 0},
		{"a sentence first", "Your comments\n\n" + one, []string{"one"}, 0},
		{"not UTF-8", "Date: 2024-03-01 10:11:12 UTC\nComment: caf\xe9\n", []string{"caf\uFFFD"}, 0},
		{"no comment", "Date: 2024-03-01 10:11:12 UTC\nComment: N/A\nPhoto: https://p16-example.invalid/a\nUrl: \n", []string{""}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, fstest.MapFS{
				"TikTok/Comments/Comments.txt":                        file(tt.data),
				"TikTok/Profile and Settings/Profile Information.txt": file("Username: ana_ex\n"),
			}, importer.Options{})
			var texts []string
			for _, p := range rec.Posts {
				texts = append(texts, p.Text)
			}
			if diff := cmp.Diff(tt.want, texts); diff != "" {
				t.Errorf("texts: %s", diff)
			}
			if len(rec.Skips) != tt.skips {
				t.Errorf("skips: %v", rec.Skips)
			}
		})
	}
}

func TestOwnerUnknown(t *testing.T) {
	fsys := fstest.MapFS{"user_data.json": file(`{"Direct Messages":{"Chat History":{"ChatHistory":{"Chat History with ben:":[` +
		`{"Date":"2024-03-01 12:00:00","From":"ana","Content":"mine"},{"Date":"2024-03-01 12:00:01","From":"ben","Content":"not mine"}]}}}}`)}
	for _, c := range []struct {
		opts  importer.Options
		posts int
		code  string
	}{
		{importer.Options{}, 0, "messages-not-read"},
		{importer.Options{Messages: true}, 0, "owner-unknown"},
		{importer.Options{Messages: true, Me: "@Ana"}, 1, "no-posts"},
	} {
		rec := read(t, fsys, c.opts)
		if len(rec.Posts) != c.posts || !slices.Contains(rec.Codes(), c.code) {
			t.Errorf("%+v: %d posts, %v", c.opts, len(rec.Posts), rec.Codes())
		}
	}
}

func TestAudiences(t *testing.T) {
	post := func(who, private string) fstest.MapFS {
		return fstest.MapFS{"user_data.json": file(fmt.Sprintf(`{"Post":{"Posts":{"VideoList":[{"Date":"2024-03-01 10:11:12","Title":"x","WhoCanView":%q}]}},`+
			`"App Settings":{"Settings":{"SettingsMap":{"Private Account":%q}}}}`, who, private))}
	}
	for _, c := range []struct {
		who, private string
		want         store.Audience
	}{
		{"Public to everyone", "Disabled", store.AudiencePublic}, {"Everyone", "", store.AudiencePublic}, {"Public", "Enabled", store.AudienceFollowers},
		{"Friends", "", store.AudienceFriends}, {"Only me", "", store.AudienceOnlyMe}, {"Followers", "", store.AudienceFollowers},
		{"", "Enabled", store.AudienceFollowers}, {"", "Disabled", store.AudienceUnknown}, {"Iedereen", "", store.AudienceUnknown},
	} {
		rec := read(t, post(c.who, c.private), importer.Options{})
		if len(rec.Posts) != 1 || rec.Posts[0].Audience != c.want {
			t.Errorf("%q, private %q: %+v", c.who, c.private, rec.Posts)
		}
	}
}

func TestRecognize(t *testing.T) {
	const record = "Date: 2024-03-01 10:11:12 UTC\nComment: x\n"
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
	}{
		{"nothing", fstest.MapFS{}, ""},
		{"another JSON", fstest.MapFS{"data.json": file(`{"Comment":{}}`), "user_data.json": file(`{"users":[]}`)}, ""},
		{"the old name", fstest.MapFS{"user_data.json": file(`{"Activity":{}}`)}, tiktok.LayoutJSON2020},
		{"a copy", fstest.MapFS{"a/b/user_data_tiktok (1).json": file(`{"Your Activity":{}}`)}, tiktok.LayoutJSON2024},
		{"renamed", fstest.MapFS{"mine.json": file(`{"Comment":{"Comments":{"App":1,"CommentsList":[`)}, tiktok.LayoutJSON2020},
		{"text", fstest.MapFS{"TikTok/Comments/Comments.txt": file(record), "TikTok/Post/Posts.txt": file("")}, tiktok.LayoutText},
		{"text in another language", fstest.MapFS{"TikTok/Kommentit/Kommentit.txt": file("Päivä: 2024-03-01 10:11:12 UTC\n"), "TikTok/A/Asetukset.txt": file("")}, tiktok.LayoutText},
		{"one text file", fstest.MapFS{"Comments.txt": file(record)}, tiktok.LayoutText},
		{"other text files", fstest.MapFS{"Comments.txt": file("words"), "Posts.txt": file("more words")}, ""},
		{"too deep", fstest.MapFS{"a/b/c/d/e/user_data.json": file(`{"Activity":{}}`)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := tiktok.New().Recognize(tt.fsys)
			var hint *importer.HintError
			if err != nil && !errors.As(err, &hint) {
				t.Fatal(err)
			}
			if m.Layout != tt.layout && tt.layout != "" || (m.Sure >= 50) != (tt.layout != "") {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.Use{
		"user_data_tiktok.json":                      {Kind: importer.UseRead},
		"TikTok/Comments/Comments.txt":               {Kind: importer.UseRead},
		"TikTok/Direct Messages/Direct Messages.txt": {Kind: importer.UseRead, Messages: true},
		"TikTok/Your Activity/Watch History.txt":     {Kind: importer.UseIgnored},
		"TikTok/Likes and Favorites/Like List.txt":   {Kind: importer.UseRead},
		"TikTok/Kommentit/Kommentit.txt":             {Kind: importer.UseRead},
		"TikTok/Posts/videos/1.mp4":                  {Kind: importer.UseIgnored},
		"README.md":                                  {Kind: importer.UseUnknown},
	} {
		got := tiktok.New().Explain(name)
		if got.Kind != want.Kind || got.Messages != want.Messages || got.Kind == importer.UseIgnored && got.Why == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	members := []string{"user_data_tiktok.json", "TikTok/Comments/Comments.txt", "TikTok/Post/Posts.txt", "TikTok/Reacties/Reacties.txt",
		"TikTok/Direct Messages/Direct Messages.txt", "TikTok/TikTok Live/Watch Live History.txt", "TikTok/Likes and Favorites/Like List.txt", "TikTok/New/New.txt"}
	seeds, err := importertest.Files(os.DirFS(fixtures))
	if err != nil {
		f.Fatal(err)
	}
	for i := range members {
		for _, s := range seeds {
			if path.Base(s.Name) == path.Base(members[i]) || i == 0 && strings.HasSuffix(s.Name, "/user_data.json") {
				f.Add(uint8(i), s.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		fsys := fstest.MapFS{
			"user_data.json":               file(`{"Profile":{"Profile Info":{"ProfileMap":{"userName":"ana_ex"}}}}`),
			"TikTok/Comments/Comments.txt": file("Date: 2024-03-01 10:11:12 UTC\nComment: x\n"),
		}
		fsys[members[int(which)%len(members)]] = &fstest.MapFile{Data: data}
		rec := read(t, fsys, importer.Options{Messages: true})
		if err := rec.Sound(true); err != nil {
			t.Fatal(err)
		}
	})
}
