package instagram_test

import (
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
	"unicode/utf8"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/instagram"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they are
// compared with each other and seed the fuzzing.
const fixtures = "../../testdata/instagram"

const act = "your_instagram_activity/"

// archive builds an export from members.
func archive(members map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func read(t testing.TB, fsys fs.FS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := instagram.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func codes(rec *importertest.Recorder) string {
	var all []string
	for _, f := range rec.Facts {
		if f.Note.Code != "" {
			all = append(all, f.Note.Code)
		}
		if f.Partial {
			all = append(all, "PARTIAL")
		}
		if f.Scope != "" {
			all = append(all, f.Scope)
		}
	}
	return strings.Join(all, " ")
}

func texts(rec *importertest.Recorder, kind store.Kind) string {
	var all []string
	for _, p := range rec.Posts {
		if p.Kind == kind {
			all = append(all, p.Text)
		}
	}
	return strings.Join(all, "|")
}

// keyed lists the posts by key, with what does not depend on the form.
func keyed(rec *importertest.Recorder) []string {
	var all []string
	for _, p := range rec.Posts {
		all = append(all, fmt.Sprint(p.Key, p.Kind, p.Own, p.Text, p.URL, p.ReplyToAuthor, p.Author, p.Audience, p.Place, len(p.Media)))
	}
	slices.Sort(all)
	return all
}

func TestFormsAgree(t *testing.T) {
	opts := importer.Options{Messages: true}
	a := read(t, os.DirFS(fixtures+"/2025-json"), opts)
	b := read(t, os.DirFS(fixtures+"/2025-html"), opts)
	if diff := cmp.Diff(keyed(a), keyed(b)); diff != "" {
		t.Errorf("JSON and pages differ (-JSON +pages):\n%s", diff)
	}
	// Both in one folder bring nothing twice.
	both := fstest.MapFS{}
	for _, dir := range []string{"/2025-html", "/2025-json"} {
		files, err := importertest.Files(os.DirFS(fixtures + dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			both[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	if diff := cmp.Diff(keyed(a), keyed(read(t, both, opts))); diff != "" {
		t.Errorf("both together differ (-JSON +both):\n%s", diff)
	}
}

const profile = `{"profile_user":[{"string_map_data":{"Username":{"value":"ana.example"},"Name":{"value":"Ana Example"}}}]}`

func chat(messages string) string {
	return `{"participants":[{"name":"Bo"},{"name":"Ana Example"}],"messages":[` + messages + `],"title":"Bo"}`
}

func said(who, what string) string {
	return fmt.Sprintf(`{"sender_name":%q,"timestamp_ms":1700000000000,"content":%q}`, who, what)
}

func TestMessages(t *testing.T) {
	const name = act + "messages/inbox/bo_1234567/message_1.json"
	const who = "personal_information/personal_information/personal_information.json"
	const was = "personal_information/personal_information/profile_changes.json"
	const change = `{"profile_profile_change":[{"string_map_data":{"Changed":{"value":"Naam"},"Previous":{"value":"Ana Old"},"New":{"value":"Ana Example"},"Date":{"timestamp":1600000000}}}]}`
	for _, tt := range []struct {
		name    string
		members map[string]string
		opts    importer.Options
		want    string
		note    string
	}{
		{"not asked for", map[string]string{who: profile, name: chat(said("Ana Example", "a"))}, importer.Options{}, "", "messages-not-read"},
		{"own only", map[string]string{who: profile, name: chat(said("Ana Example", "a") + "," + said("Bo", "b"))}, importer.Options{Messages: true}, "a", ""},
		{"other case and blanks", map[string]string{who: profile, name: chat(said("ana  EXAMPLE", "a"))}, importer.Options{Messages: true}, "a", ""},
		{"by the user name", map[string]string{who: profile, name: chat(said("ana.example", "a"))}, importer.Options{Messages: true}, "a", ""},
		{"by a former name", map[string]string{who: profile, was: change, name: chat(said("Ana Old", "a"))}, importer.Options{Messages: true}, "a", ""},
		{"no profile", map[string]string{name: chat(said("Ana Example", "a"))}, importer.Options{Messages: true}, "", "owner-unknown"},
		{"named by the person", map[string]string{name: chat(said("Ana Example", "a"))}, importer.Options{Messages: true, Me: "Ana Example"}, "a", ""},
		{"another name", map[string]string{who: profile, name: chat(said("Bo", "a"))}, importer.Options{Messages: true}, "", "owner-not-found"},
		{"made by Instagram", map[string]string{who: profile, name: chat(said("Ana Example", "Liked a message") + "," + said("Ana Example", "Reacted ❤ to your message "))}, importer.Options{Messages: true}, "", ""},
		{"taken back", map[string]string{who: profile, name: chat(`{"sender_name":"Ana Example","timestamp_ms":1,"content":"a","is_unsent":true}`)}, importer.Options{Messages: true}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.members[act+"content/posts_1.json"] = `[]`
			rec := read(t, archive(tt.members), tt.opts)
			if got := texts(rec, store.KindDM); got != tt.want || !strings.Contains(codes(rec), tt.note) {
				t.Errorf("got %q, notes %s", got, codes(rec))
			}
		})
	}
}

func TestGroupAndLongChats(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"participants":[{"name":"Bo"},{"name":"Cy"},{"name":"Ana Example"}],"messages":[`)
	for i := range 3000 {
		fmt.Fprintf(&b, `{"sender_name":"Ana Example","timestamp_ms":%d,"content":"ok"},`, 1700000000000+int64(i)*60_000)
	}
	b.WriteString(said("Bo", "b") + `],"title":"Walkers"}`)
	rec := read(t, archive(map[string]string{
		"personal_information/personal_information.json":         profile,
		act + "messages/inbox/walkers_1234567/message_1.json":    b.String(),
		act + "messages/inbox/walkers_1234567/photos/1.json.jpg": "",
	}), importer.Options{Messages: true})
	if len(rec.Posts) != 3000 {
		t.Fatalf("%d posts", len(rec.Posts))
	}
	keys := rec.Keys()
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 3000 {
		t.Error("keys came twice")
	}
	if p := rec.Posts[2999]; p.Place != "Walkers" || p.Audience != store.AudienceGroup {
		t.Errorf("got %+v", p)
	}
}

func TestRecognize(t *testing.T) {
	const posts = `[{"media":[{"uri":"a.jpg","creation_timestamp":1700000000,"title":"x"}]}]`
	for _, tt := range []struct {
		name    string
		members map[string]string
		want    string // layout, or the beginning of a hint's error
	}{
		{"2023", map[string]string{act + "content/posts_1.json": posts}, "instagram-json-2023"},
		{"2025", map[string]string{act + "media/posts_1.html": ""}, "instagram-html-2025"},
		{"2021", map[string]string{"content/posts_1.json": posts}, "instagram-json-2021"},
		{"capitals", map[string]string{"Your_Instagram_Activity/Content/Posts_1.json": posts}, "instagram-json-2023"},
		{"both forms", map[string]string{act + "content/posts_1.json": posts, act + "content/posts_1.html": ""}, "instagram-mixed-2023"},
		{"2018", map[string]string{"media.json": `{"photos":[{"caption":"","taken_at":"2019"}]}`}, "instagram-json-2018"},
		{"another media.json", map[string]string{"media.json": `{"photos":[]}`}, ""},
		{"a file alone", map[string]string{"posts_1.json": posts}, "instagram-json-single"},
		{"another posts.json", map[string]string{"posts_1.json": `[{"id":1}]`}, ""},
		{"nothing in it", map[string]string{act + "no-data.txt": "x"}, "instagram-empty-2023"},
		{"media only", map[string]string{act + "other/a.jpg": "x"}, "only pictures"},
		{"likes of ads only", map[string]string{act + "saved/saved_posts.json": "{}"}, "this part of"},
		{"Facebook", map[string]string{"your_facebook_activity/posts/your_posts_1.json": "[]", "your_facebook_activity/messages/inbox/a_1/message_1.json": "{}"}, ""},
		{"old Facebook", map[string]string{"comments/comments.json": "{}", "messages/inbox/a_1/message_1.json": "{}", "stories/archived_stories.json": "{}"}, ""},
		{"chats that nobody can place", map[string]string{"messages/inbox/a_1/message_1.json": "{}"}, ""},
		{"Threads", map[string]string{"threads/threads_and_replies.json": "{}", act + "threads/threads_and_replies.json": "{}"}, ""},
		{"TikTok", map[string]string{"user_data_tiktok.json": `{"Activity":{}}`}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := instagram.New().Recognize(archive(tt.members))
			got := m.Layout
			var hint *importer.HintError
			if errors.As(err, &hint) {
				got = hint.Err.Error()
				if hint.Hint == "" || !strings.HasPrefix(got, tt.want) {
					t.Errorf("got %q", got)
				}
				return
			}
			if err != nil || got != tt.want || (m.Sure >= 50) != (tt.want != "") {
				t.Errorf("got %q, sure %d, %v", got, m.Sure, err)
			}
		})
	}
}

func TestBesideFacebook(t *testing.T) {
	const chats = `{"participants":[{"name":"Ana Example"}],"messages":[{"sender_name":"Ana Example","timestamp_ms":1700000000000,"content":"of Facebook"}]}`
	for name, members := range map[string]map[string]string{
		"in one tree": {act + "content/posts_1.json": `[]`, "your_facebook_activity/messages/inbox/a_1/message_1.json": chats,
			"personal_information/personal_information/personal_information.json": profile},
		"old": {"content/posts_1.json": `[]`, "comments_and_reactions/comments.json": `{}`, "messages/inbox/a_1/message_1.json": chats,
			"personal_information/personal_information.json": profile},
		"in two folders": {"instagram-ana-2025/" + act + "content/posts_1.json": `[]`, "facebook-ana-2025/messages/inbox/a_1/message_1.json": chats,
			"instagram-ana-2025/personal_information/personal_information.json": profile},
	} {
		t.Run(name, func(t *testing.T) {
			if rec := read(t, archive(members), importer.Options{Messages: true}); len(rec.Posts) != 0 {
				t.Errorf("got %q", texts(rec, store.KindDM))
			}
		})
	}
}

func TestReach(t *testing.T) {
	const day = 24 * 3600
	const now = 1750000000
	posts := func(days ...int) string {
		var all []string
		for _, d := range days {
			all = append(all, fmt.Sprintf(`{"media":[{"uri":"a.jpg","title":"day %d","creation_timestamp":%d}]}`, d, now-d*day))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	signup := func(d int) string {
		return fmt.Sprintf(`{"account_history_registration_info":[{"string_map_data":{"Username":{"value":"ana"},"Time":{"timestamp":%d}}}]}`, now-d*day)
	}
	for _, tt := range []struct {
		name, posts, signup, want string
	}{
		{"all years", posts(0, 2000), "", "post:"},
		{"all years since joining", posts(0, 2000), signup(2100), "post:"},
		{"years missing", posts(0, 1500), signup(3000), ""},
		{"one year", posts(0, 364), "", "starts-abruptly"},
		{"one year of many", posts(0, 364), signup(3000), "PARTIAL starts-abruptly"},
		{"a young account", posts(0, 100), signup(110), "post:"},
		{"three years", posts(0, 1094), "", ""},
		{"a broken record", strings.Replace(posts(0, 2000), `"uri"`, `"uri" 1`, 1), signup(2010), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			members := map[string]string{act + "media/posts_1.json": tt.posts}
			if tt.signup != "" {
				members["security_and_login_information/login_and_profile_creation/signup_details.json"] = tt.signup
			}
			if got := codes(read(t, archive(members), importer.Options{})); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNotes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		members map[string]string
		want    string
	}{
		{"empty", map[string]string{act + "content/posts_1.json": `[]`}, "empty"},
		{"no data", map[string]string{act + "no-data.txt": ``}, "empty"},
		{"likes only", map[string]string{act + "likes/liked_posts.json": `{"likes_media_likes":[{"title":"bo","string_list_data":[{"href":"https://www.instagram.com/p/CJ3abcdeFGh/","timestamp":1700000000}]}]}`},
			"starts-abruptly posts-missing"},
		{"a part missing", map[string]string{act + "content/posts_2.json": `[]`}, "PARTIAL part-missing empty"},
		{"unread dates", map[string]string{act + "content/posts_1.html": `<html><body><main><div><h2>a</h2><div>Qqqqq 19, 2025 6:11 pm</div></div></main></body></html>`}, "dates-unread"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := codes(read(t, archive(tt.members), importer.Options{})); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSections(t *testing.T) {
	list := func(key string) string {
		return `{"` + key + `":[{"title":"bo","string_list_data":[{"value":"v","timestamp":1700000000}]}]}`
	}
	for name, want := range map[string]string{
		act + "story_sticker_interactions/questions.json":             "reply v own",
		act + "story_sticker_interactions/emoji_quick_reactions.json": "reply v own",
		act + "story_interactions/quizzes.json":                       "like v",
		act + "story_interactions/polls.json":                         "like v",
		act + "story_interactions/story_likes.json":                   "like ",
		act + "likes/liked_comments.json":                             "like ",
		act + "comments/reels_comments.json":                          "comment v own",
		act + "comments/post_comments_12.json":                        "comment v own",
		"public-media/comments/post_comments.json":                    "comment v own",
	} {
		rec := read(t, archive(map[string]string{name: list("some_key")}), importer.Options{})
		got := ""
		for _, p := range rec.Posts {
			got += string(p.Kind) + " " + p.Text
			if p.Own {
				got += " own"
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestZoneOfPages(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var likes strings.Builder
	for i := range 100 {
		made := int64(1710000000000) + int64(i)*86_400_000
		code := ""
		for n := uint64(made-1314220021721) << 23; n > 0; n >>= 6 {
			code = string(alphabet[n&63]) + code
		}
		// Dated in UTC+2, up to three hours after the post.
		at := made/1000 + 7200 + int64(i*i%180)*60
		fmt.Fprintf(&likes, `<div><h2>bo</h2><div><div><a href="https://www.instagram.com/p/%s/">👍</a></div><div>%s</div></div></div>`, code, time.Unix(at, 0).UTC().Format("Jan 2, 2006 3:04 pm"))
	}
	rec := read(t, archive(map[string]string{
		act + "likes/liked_posts.html": `<html><body><main>` + likes.String() + `</main></body></html>`,
		act + "media/posts_1.html":     `<html><body><main><div><h2>a</h2><div>Oct 19, 2024 6:11 pm</div></div></main></body></html>`,
	}), importer.Options{})
	for _, p := range rec.Posts {
		if p.Text == "a" && p.Created.Hour() != 16 {
			t.Errorf("read as %v", p.Created)
		}
	}
	if !strings.Contains(fmt.Sprint(rec.Facts), "UTC+2") {
		t.Error("the zone is not named")
	}
}

func TestOwnerAndBio(t *testing.T) {
	const dir = "personal_information/personal_information/"
	const change = `{"string_map_data":{"Changed":{"value":%q},"Previous Value":{"value":%q},"New Value":{"value":%q},"Change Date":{"timestamp":%d}}}`
	changes := `{"profile_profile_change":[` + strings.Join([]string{
		fmt.Sprintf(change, "Username", "second", "ana.example", 1600000200), fmt.Sprintf(change, "Username", "first", "second", 1600000100),
		fmt.Sprintf(change, "Name", "Ana", "Ana Example", 1600000300), fmt.Sprintf(change, "Email", "a@example.org", "b@example.org", 1600000400),
		fmt.Sprintf(change, "Profile Bio Text", "", "one", 1600000500), fmt.Sprintf(change, "Profile Bio Text", "one", "two", 1600000600),
	}, ",") + `]}`
	rec := read(t, archive(map[string]string{
		dir + "personal_information.json": strings.Replace(profile, `"Name"`, `"Bio":{"value":"two"},"Name"`, 1),
		dir + "profile_changes.json":      changes,
	}), importer.Options{})
	want := []store.Account{{Platform: "instagram", Handle: "ana.example", Name: "Ana Example", Earlier: []string{"first", "second"}}}
	if diff := cmp.Diff(want, rec.Accounts); diff != "" {
		t.Error(diff)
	}
	if got := texts(rec, store.KindBio); got != "two|one" {
		t.Errorf("got %q", got)
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		act + "media/posts_1.json":                              importer.UseRead,
		act + "comments/post_comments_1.html":                   importer.UseRead,
		act + "messages/inbox/a_1/message_2.html":               importer.UseRead,
		act + "message_requests/a_1/message_1.json":             importer.UseRead,
		act + "saved/saved_posts.json":                          importer.UseIgnored,
		act + "threads/threads_and_replies.json":                importer.UseIgnored,
		act + "no-data.txt":                                     importer.UseIgnored,
		"connections/followers_and_following/following.json":    importer.UseIgnored,
		"media/posts/202501/1.heic":                             importer.UseIgnored,
		"start_here.html":                                       importer.UseIgnored,
		act + "ai/something.json":                               importer.UseUnknown,
		"your_facebook_activity/posts/your_posts_1.json":        importer.UseUnknown,
		"ads_information/ads_and_topics/ads_viewed.json":        importer.UseIgnored,
		"some_new_folder/some_new_file.bin":                     importer.UseUnknown,
		"personal_information/profile_changes.json":             importer.UseRead,
		"Your_Instagram_Activity/Comments/Reels_Comments.json":  importer.UseRead,
		"comments.json":                                         importer.UseRead,
		"logged_information/link_history/link_history.json":     importer.UseIgnored,
		"preferences/your_topics/your_topics.html":              importer.UseIgnored,
		"personal_information/instagram_profile_information.js": importer.UseIgnored,
	} {
		got := instagram.New().Explain(name)
		if got.Kind != want || got.Kind == importer.UseIgnored && got.Why == "" || got.Messages != strings.Contains(name, "message_") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSinkErrors(t *testing.T) {
	stop := errors.New("stop")
	for _, dir := range []string{"2018-json", "2025-json", "2025-html"} {
		n := 0
		rec := &importertest.Recorder{OnPost: func(store.Post) error {
			if n++; n > 4 {
				return stop
			}
			return nil
		}}
		err := instagram.New().Import(t.Context(), os.DirFS(path.Join(fixtures, dir)), importer.Options{Messages: true}, rec)
		if !errors.Is(err, stop) || n != 5 {
			t.Errorf("%s: %v after %d", dir, err, n)
		}
	}
	if err := instagram.New().Import(t.Context(), fstest.MapFS{}, importer.Options{}, &importertest.Recorder{}); err == nil {
		t.Error("an empty folder was read")
	}
}

// seeds are the members of all fixtures with an ending.
func seeds(f *testing.F, ext string) {
	f.Helper()
	err := fs.WalkDir(os.DirFS(fixtures), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ext || strings.HasSuffix(name, ".golden.json") {
			return err
		}
		data, err := os.ReadFile(path.Join(fixtures, name))
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
}

// fuzz reads data in the place of each member.
func fuzz(t *testing.T, data []byte, names ...string) {
	fsys := fstest.MapFS{act + "no-data.txt": {}, "personal_information/personal_information.json": {Data: []byte(profile)}}
	for _, name := range names {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	rec := read(t, fsys, importer.Options{Messages: true, Me: "Mira Vance"})
	for _, p := range rec.Posts {
		if !utf8.ValidString(p.Text) || p.Key == "" || !p.Created.IsZero() && (p.Created.Year() < 1990 || p.Created.Year() > 2100) {
			t.Errorf("unsound: %q %v", p.Key, p.Created)
		}
	}
}

func FuzzJSON(f *testing.F) {
	seeds(f, ".json")
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, data, act+"media/posts_1.json", act+"media/stories.json", act+"comments/post_comments_1.json", act+"likes/liked_posts.json",
			act+"story_interactions/polls.json", act+"messages/inbox/a_1234567/message_1.json", "personal_information/personal_information/reposts.json",
			"personal_information/personal_information/profile_changes.json", act+"notes/notes.json")
	})
}

func FuzzPage(f *testing.F) {
	seeds(f, ".html")
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, data, act+"media/posts_1.html", act+"comments/post_comments_1.html", act+"likes/liked_posts.html",
			act+"story_interactions/polls.html", act+"messages/inbox/a_1234567/message_1.html", "personal_information/personal_information/reposts.html",
			"personal_information/personal_information/profile_changes.html")
	})
}

func FuzzOld(f *testing.F) {
	seeds(f, ".json")
	f.Fuzz(func(t *testing.T, data []byte) {
		rec := &importertest.Recorder{}
		fsys := fstest.MapFS{"media.json": {Data: []byte(`{"photos":[{"taken_at":"2019-01-01T00:00:00"}]}`)}}
		for _, name := range []string{"comments.json", "likes.json", "messages.json", "profile.json", "stories_activities.json"} {
			fsys[name] = &fstest.MapFile{Data: data}
		}
		if err := instagram.New().Import(t.Context(), fsys, importer.Options{Messages: true, Me: "mira_v_2009"}, rec); err != nil {
			t.Error(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
