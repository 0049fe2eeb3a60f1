package threads_test

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
	"lookback/importer/threads"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they are
// compared with each other and seed the fuzzing.
const fixtures = "../../testdata/threads"

func archive(members map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func read(t testing.TB, fsys fstest.MapFS) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := threads.New().Import(t.Context(), fsys, importer.Options{}, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func fixture(t testing.TB, dirs ...string) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, dir := range dirs {
		files, err := importertest.Files(os.DirFS(path.Join(fixtures, dir)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return fsys
}

// keyed lists the posts without what pages do not say: who is answered.
func keyed(rec *importertest.Recorder) []string {
	var all []string
	for _, p := range rec.Posts {
		all = append(all, fmt.Sprint(p.Key, p.Own, p.Text, p.URL, p.Author, p.Place, len(p.Media)))
	}
	slices.Sort(all)
	return all
}

func TestFormsAgree(t *testing.T) {
	a := read(t, fixture(t, "json"))
	for _, dirs := range [][]string{{"html"}, {"html", "json"}} {
		if diff := cmp.Diff(keyed(a), keyed(read(t, fixture(t, dirs...)))); diff != "" {
			t.Errorf("%v differs from JSON:\n%s", dirs, diff)
		}
	}
}

func TestPosts(t *testing.T) {
	post := func(fields string) string {
		return `{"text_post_app_text_posts":[{"media":[{"uri":"","creation_timestamp":1700000000,` + fields + `}]}]}`
	}
	for name, tt := range map[string]struct{ data, want string }{
		"post":             {post(`"title":"a","text_app_post":{"reply_control":"everyone","is_reply":false}`), "post a"},
		"reply":            {post(`"title":"a","text_app_post":{"is_reply":true}`), "reply a"},
		"reply to":         {post(`"title":"a","text_app_post":{"is_reply":true,"in_reply_to_username":"bo.sample"}`), "reply a bo.sample"},
		"no reply field":   {post(`"title":"a"`), "post a"},
		"mojibake":         {post(`"title":"\u00e2\u0098\u0095"`), "post ☕"},
		"nothing written":  {post(`"title":""`), ""},
		"carousel":         {`[{"media":[{"uri":"a.jpg"},{"uri":"b.jpg"}],"title":"a","creation_timestamp":1700000000}]`, "post a"},
		"bare":             {`{"media":[{"uri":"","creation_timestamp":1700000000,"title":"a","text_app_post":{}}]}`, "post a"},
		"lone in its list": {`{"text_post_app_text_posts":{"media":{"uri":"","creation_timestamp":1700000000,"title":"a"}}}`, "post a"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := read(t, archive(map[string]string{"threads/threads_and_replies.json": tt.data}))
			got := ""
			for _, p := range rec.Posts {
				got = strings.TrimSpace(string(p.Kind) + " " + p.Text + " " + p.ReplyToAuthor)
				if p.Audience != store.AudienceUnknown || p.Created.Unix() != 1700000000 {
					t.Errorf("got %+v", p)
				}
			}
			if got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	const in = "your_instagram_activity/threads/"
	for name, tt := range map[string]struct {
		members map[string]string
		want    string
	}{
		"inside":          {map[string]string{in + "threads_and_replies.json": "{}", "your_instagram_activity/content/posts_1.json": "[]"}, "threads-json"},
		"pages":           {map[string]string{"threads/liked_threads.html": ""}, "threads-html"},
		"both":            {map[string]string{"threads/liked_threads.html": "", "threads/threads_and_replies.json": "{}"}, "threads-mixed"},
		"alone":           {map[string]string{"threads_and_replies.json": `{"text_post_app_text_posts":[]}`}, "threads-json"},
		"another file":    {map[string]string{"threads_and_replies.json": `{"posts":[]}`}, ""},
		"only seen ones":  {map[string]string{"threads/threads_viewed.json": "{}"}, "hint"},
		"Instagram":       {map[string]string{"your_instagram_activity/content/posts_1.json": "[]", "personal_information/personal_information.json": "{}"}, ""},
		"other threads":   {map[string]string{"threads/1.json": "{}"}, ""},
		"a mailbox":       {map[string]string{"Mail/threads/index.html": ""}, ""},
		"Facebook's name": {map[string]string{"your_facebook_activity/messages/archived_threads/a_1/message_1.json": "{}"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := threads.New().Recognize(archive(tt.members))
			got := m.Layout
			var hint *importer.HintError
			if errors.As(err, &hint) {
				got = "hint"
			} else if err != nil {
				t.Fatal(err)
			}
			if got != tt.want || (m.Sure >= 50) != (tt.want != "" && tt.want != "hint") {
				t.Errorf("got %q, sure %d", got, m.Sure)
			}
		})
	}
}

func TestOwner(t *testing.T) {
	const posts = `{"text_post_app_text_posts":[]}`
	const insta = `{"profile_user":[{"string_map_data":{"Username":{"value":"ana"},"Bio":{"value":"of Instagram"}}}]}`
	rec := read(t, archive(map[string]string{"threads/threads_and_replies.json": posts, "personal_information/personal_information.json": insta}))
	if rec.Accounts[0].Handle != "ana" || len(rec.Posts) != 0 {
		t.Errorf("got %+v %+v", rec.Accounts, rec.Posts)
	}
	if len(rec.Facts) != 1 || rec.Facts[0].Note.Code != "empty" {
		t.Errorf("got %+v", rec.Facts)
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		"threads/threads_and_replies.json":                     importer.UseRead,
		"your_instagram_activity/threads/liked_threads_2.html": importer.UseRead,
		"threads/saved_threads.json":                           importer.UseIgnored,
		"threads/threads_viewed.json":                          importer.UseIgnored,
		"threads/followers.json":                               importer.UseIgnored,
		"threads/something_new.json":                           importer.UseUnknown,
		"your_instagram_activity/content/posts_1.json":         importer.UseUnknown,
		"media/posts/1.webp":                                   importer.UseIgnored,
	} {
		if got := threads.New().Explain(name); got.Kind != want || got.Kind == importer.UseIgnored && got.Why == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestScopes(t *testing.T) {
	data := `[{"media":[{"uri":"","creation_timestamp":1700000000,"title":"a"}]},{"media":[{"uri":"","creation_timestamp":1500000000,"title":"b"}]}]`
	for name, tt := range map[string]struct{ data, want string }{
		"whole":  {data, "post:"},
		"broken": {strings.Replace(data, `"uri"`, `"uri" 1`, 1), ""},
		"cut":    {data[:len(data)-2], ""},
	} {
		got := ""
		for _, f := range read(t, archive(map[string]string{"threads/threads_and_replies.json": tt.data})).Facts {
			got += f.Scope
		}
		if got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestRangeIsToldOnce: inside an export of Instagram's it is Instagram's own
// records that show how far back the person asked.
func TestRangeIsToldOnce(t *testing.T) {
	const posts = `{"text_post_app_text_posts":[{"media":[{"uri":"","creation_timestamp":1700000000,"title":"a"}]}]}`
	const at = "your_instagram_activity/"
	for name, tt := range map[string]struct {
		members map[string]string
		want    string
	}{
		"alone":               {map[string]string{"threads/threads_and_replies.json": posts}, "starts-abruptly"},
		"alone in Instagram":  {map[string]string{at + "threads/threads_and_replies.json": posts, "connections/a.json": "{}"}, "starts-abruptly"},
		"beside its posts":    {map[string]string{at + "threads/threads_and_replies.json": posts, at + "media/posts_1.json": "[]"}, ""},
		"in a folder, beside": {map[string]string{"a/" + at + "threads/threads_and_replies.json": posts, "a/" + at + "likes/liked_posts.html": ""}, ""},
	} {
		got := ""
		for _, f := range read(t, archive(tt.members)).Facts {
			got += f.Note.Code
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func FuzzExport(f *testing.F) {
	for _, dir := range []string{"json", "html"} {
		for _, m := range fixture(f, dir) {
			f.Add(m.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{}
		for _, name := range []string{"threads_and_replies", "archived_threads", "liked_threads", "personal_information"} {
			fsys["threads/"+name+".json"] = &fstest.MapFile{Data: data}
			fsys["threads/"+name+".html"] = &fstest.MapFile{Data: data}
		}
		if err := read(t, fsys).Sound(false); err != nil {
			t.Error(err)
		}
	})
}
