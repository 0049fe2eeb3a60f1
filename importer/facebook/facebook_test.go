package facebook_test

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

	"lookback/importer"
	"lookback/importer/facebook"
	"lookback/importer/importertest"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they are
// compared, and seed the fuzzing.
const fixtures = "../../testdata/facebook"

const (
	activity = "your_facebook_activity/"
	postsOne = activity + "posts/your_posts__check_ins__photos_and_videos_1"
	profile  = "personal_information/profile_information/profile_information.json"
	owner    = `{"profile_v2":{"name":{"full_name":"Ana Example"},"registration_timestamp":1577000000}}`
)

func archive(members map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func read(t *testing.T, fsys fs.FS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := facebook.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

// texts are the kinds and words of the posts.
func texts(rec *importertest.Recorder) []string {
	var all []string
	for _, p := range rec.Posts {
		all = append(all, string(p.Kind)+" "+p.Text)
	}
	return all
}

const pageFrame = `<html><head><title>t</title></head><body><div>%s</div><div role="main">%s</div></body></html>`

func page(header string, boxes ...string) string {
	return fmt.Sprintf(pageFrame, header, strings.Join(boxes, ""))
}

// box is a record of a page with blocks.
func box(heading, date string, blocks ...string) string {
	return `<div class="q"><div>` + heading + `</div><div><div><div>` + strings.Join(blocks, `</div><div>`) +
		`</div></div></div><div><a href="https://www.facebook.com/dyi/l/?l=1"><div>` + date + `</div></a></div></div>`
}

// TestFormsAgree reads one account's JSON and pages, one by one and from one
// folder: the pages bring nothing that the JSON has.
func TestFormsAgree(t *testing.T) {
	opts := importer.Options{Messages: true}
	both := fstest.MapFS{}
	recs := map[string]*importertest.Recorder{}
	for _, layout := range []string{"json-2024", "html-2024"} {
		dir := os.DirFS(path.Join(fixtures, layout))
		recs[layout] = read(t, dir, opts)
		files, err := importertest.Files(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			both[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	byKey := map[string]store.Post{}
	for _, p := range recs["json-2024"].Posts {
		byKey[p.Key] = p
	}
	for _, p := range recs["html-2024"].Posts {
		was, ok := byKey[p.Key]
		if !ok {
			t.Errorf("%s is only in the pages", p.Key)
		}
		if p.Kind != store.KindBio && !p.Created.Equal(was.Created) {
			t.Errorf("%s is from %v, and by the page from %v", p.Key, was.Created, p.Created)
		}
	}
	if rec := read(t, both, opts); len(rec.Posts) != len(recs["json-2024"].Posts) {
		t.Errorf("both in one folder give %d posts, the JSON alone %d", len(rec.Posts), len(recs["json-2024"].Posts))
	}
}

func TestPosts(t *testing.T) {
	const when = `"timestamp":1600000000`
	for name, tt := range map[string]struct {
		records string
		want    []string
	}{
		"nothing in it":       {`[{` + when + `,"data":[{}]},{` + when + `}]`, nil},
		"reshare":             {`[{` + when + `,"attachments":[{"data":[{"external_context":{"url":""}}]}],"data":[{"post":"mine"}]}]`, []string{"post mine"}},
		"link alone":          {`[{` + when + `,"attachments":[{"data":[{"external_context":{"url":"https://a.example","name":"Headline"}}]}]}]`, []string{"repost Headline"}},
		"caption alone":       {`[{` + when + `,"attachments":[{"data":[{"media":{"uri":"a/1.jpg","description":"cap"}}]}]}]`, []string{"post cap"}},
		"caption repeated":    {`[{` + when + `,"attachments":[{"data":[{"media":{"uri":"a/1.jpg","description":"a  b"}}]}],"data":[{"post":"a b"}]}]`, []string{"post a b"}},
		"two captions":        {`[{` + when + `,"attachments":[{"data":[{"media":{"uri":"a/1.jpg","description":"one"}},{"media":{"uri":"a/2.jpg","description":"two"}}]}]}]`, []string{"post ", "alt one", "alt two"}},
		"media alone":         {`[{` + when + `,"attachments":[{"data":[{"media":{"uri":"a/1.jpg"}}]}]}]`, []string{"post "}},
		"twice":               {`[{` + when + `,"data":[{"post":"same"}]},{` + when + `,"data":[{"post":"same"},{},{}]}]`, []string{"post same"}},
		"same words later":    {`[{` + when + `,"data":[{"post":"same"}]},{"timestamp":1600000900,"data":[{"post":"same"}]}]`, []string{"post same", "post same"}},
		"mojibake once":       {`[{` + when + `,"data":[{"post":"Ã\u0083Â© and \u00c3\u00a9"}]}]`, []string{"post Ã© and é"}},
		"already right":       {`[{` + when + `,"data":[{"post":"日本 é"}]}]`, []string{"post 日本 é"}},
		"escaped backslash":   {`[{` + when + `,"data":[{"post":"\\u00c3\\u00a9"}]}]`, []string{`post \u00c3\u00a9`}},
		"broken one between":  {`[{` + when + `,"data":[{"post":"a"}]},{"timestamp":1 2},{"timestamp":1600000001,"data":[{"post":"b"}]}]`, []string{"post a", "post b"}},
		"an address":          {`[{` + when + `,"data":[{"post":"a"}],"attachments":[{"data":[{"media":{"uri":"m/A_1/1251667781858.jpg"}}]}]}]`, []string{"post a"}},
		"no time":             {`[{"data":[{"post":"a"}]}]`, []string{"post a"}},
		"plain tags":          {`[{` + when + `,"tags":["Bo"],"data":[{"post":"a"}],"title":"Ana"}]`, []string{"post a"}},
		"life event":          {`[{` + when + `,"attachments":[{"data":[{"text":"Moved house"}]}]}]`, []string{"post Moved house"}},
		"a null for the data": {`[{` + when + `,"data":null,"attachments":null},{` + when + `,"data":[null,{"post":"a"}]}]`, []string{"post a"}},
	} {
		t.Run(name, func(t *testing.T) {
			rec := read(t, archive(map[string]string{postsOne + ".json": tt.records, profile: owner}), importer.Options{})
			if diff := cmp.Diff(tt.want, texts(rec)); diff != "" {
				t.Error(diff)
			}
			if name == "an address" && rec.Posts[0].URL != "https://www.facebook.com/photo/?fbid=1251667781858" {
				t.Error(rec.Posts[0].URL)
			}
			if broken := strings.Contains(name, "broken"); broken != (len(rec.Skips) == 1) || broken && slices.Contains(rec.Scopes(), "post:") {
				t.Errorf("skips %v, scopes %v", rec.Skips, rec.Scopes())
			}
		})
	}
}

func TestPages(t *testing.T) {
	const date = "Jul 26, 2024 1:35:01pm"
	deep := func(s string) string { return "<div><div><div><div>" + s + "</div></div></div></div>" }
	for name, tt := range map[string]struct {
		member, box string
		want        []string
	}{
		"text":             {"posts/your_posts_1", box("Ana", date, "<div>mine<br />\nand more &#064;home</div>", "<div>Updated "+date+"</div><div></div>"), []string{"post mine\nand more @home"}},
		"updated later":    {"posts/your_posts_1", box("Ana", date, "<div>mine</div>", "<div>Opdateret Jul 27, 2024 1:35:01pm</div>"), []string{"post mine"}},
		"only updated":     {"posts/your_posts_1", box("Ana", date, "", "<div>Updated "+date+"</div><div></div>"), nil},
		"no heading":       {"posts/your_posts_1", `<div><div><div><div><div>mine</div></div></div></div><div>` + date + `</div></div>`, []string{"post mine"}},
		"place lines":      {"posts/your_posts_1", box("Ana", date, "<div>Place: The Pub</div>", "<div>mine</div>"), []string{"post mine"}},
		"link first":       {"posts/your_posts_1", box("Ana", date, deep(`<a href="https://a.example">https://a.example</a>`), "<div>mine</div>"), []string{"post mine"}},
		"link alone":       {"posts/your_posts_1", box("Ana", date, deep(`<a href="https://a.example">https://a.example</a>`)), []string{"repost "}},
		"caption":          {"posts/your_posts_1", box("Ana", date, `<div><div><a href="a/12345678.jpg"><img src="a/12345678.jpg"></a><div>cap</div><div><table><tr><td>Taken</td><td>`+date+`</td></tr></table></div></div></div>`), []string{"post cap"}},
		"inline picture":   {"posts/your_posts_1", box("Ana", date, `<div><div><img src="data:image/png;base64,AAAA"><div>x</div></div></div>`, "<div>mine</div>"), []string{"post mine"}},
		"long note":        {"posts/your_posts_1", box("Ana", date, deep("<div>"+strings.Repeat("word ", 60)+"</div>")), []string{"post " + strings.TrimSpace(strings.Repeat("word ", 60))}},
		"further element":  {"posts/your_posts_1", `<div><div>Ana</div><div><div><div><div><div>mine</div></div><div><div>Updated ` + date + `</div></div></div></div></div><div>` + date + `</div></div>`, []string{"post mine"}},
		"comment":          {"comments_and_reactions/comments", box("Ana commented", date, deep(`<a href="https://a.example">a</a>`), "<div>my comment</div>"), []string{"comment my comment"}},
		"empty comment":    {"comments_and_reactions/comments", box("Ana commented", date, deep(`<img src="a/12345678.gif">`), ""), nil},
		"unknown language": {"comments_and_reactions/comments", box("Ana", "Zzz 26, 2024 1:35:01pm", "", "<div>my comment</div>"), []string{"comment my comment"}},
		"album":            {"posts/album/0", `<div><div>Album</div><div><img src="a/12345678.jpg"><div>cap</div></div><div>` + date + `</div></div>`, []string{"post cap"}},
		"generic":          {"posts/check-ins", `<div><div><table><tr><td colspan="2">Message<div><div>mine</div></div></td></tr><tr><td>Upload IP address</td><td>192.0.2.1</td></tr></table></div><div>` + date + `</div></div>`, []string{"post mine"}},
		"answer":           {"groups/your_answers_to_membership_questions", `<div><div><table><tr><td>Answer</td><td>because</td></tr></table></div><div>` + date + `</div></div>`, []string{"comment because"}},
		"event":            {"events/your_events", `<div><div>Quiz</div><div><div><div>Bring a pen</div></div></div><div>` + date + `</div></div>`, []string{"post Quiz\n\nBring a pen"}},
		"page liked":       {"pages/pages_you_ve_liked", `<div><div>Hill Rescue</div><div>` + date + `</div></div>`, []string{"like Hill Rescue"}},
		"wrapped records":  {"posts/your_posts_1", "<div>" + box("Ana", date, "<div>one</div>") + box("Ana", date, "<div>two</div>") + "</div>", []string{"post one", "post two"}},
	} {
		t.Run(name, func(t *testing.T) {
			rec := read(t, archive(map[string]string{activity + tt.member + ".html": page("", tt.box)}), importer.Options{})
			if diff := cmp.Diff(tt.want, texts(rec)); diff != "" {
				t.Error(diff)
			}
			for _, p := range rec.Posts {
				if want := store.PrecisionZone; p.Precision != want && name != "unknown language" {
					t.Errorf("precision %q", p.Precision)
				}
			}
		})
	}
}

func TestHeader(t *testing.T) {
	for header, want := range map[string]string{
		"Generated by Ana Example on Friday 2 August 2024 at 11:40 UTC+01:00":         "Ana Example 2024-08-02T10:40:00Z 2024-07-26T12:35:01Z",
		"<b>Generated by</b> Ana Example <i>on Friday 2 August 2024 at 11:40 UTC</i>": "Ana Example 2024-08-02T11:40:00Z 2024-07-26T13:35:01Z",
		"Généré par Ana Example le vendredi 2 août 2024 à 11:40 UTC+02:00":            "Ana Example 2024-08-02T09:40:00Z 2024-07-26T11:35:01Z",
		"Something by Ana Example, Friday 2 August 2024 at 11:40 UTC-05":              " 2024-08-02T16:40:00Z 2024-07-26T18:35:01Z",
		"nothing of the kind": " 2024-07-26T13:35:01Z 2024-07-26T13:35:01Z",
	} {
		data := page(header, box("Ana", "Jul 26, 2024 1:35:01pm", "<div>mine</div>"))
		rec := read(t, archive(map[string]string{postsOne + ".html": data}), importer.Options{})
		made := int64(0)
		for _, f := range rec.Facts {
			made = max(made, f.Generated)
		}
		got := fmt.Sprintf("%s %s %s", rec.Accounts[len(rec.Accounts)-1].Name, iso(made), iso(rec.Posts[0].Created.Unix()))
		if got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestSummerTime(t *testing.T) {
	data := page("Generated by Ana Example on Friday 2 August 2024 at 11:40 UTC+01:00", box("Ana", "Jan 26, 2024 1:35:01pm", "<div>mine</div>"))
	members := map[string]string{postsOne + ".html": data}
	if rec := read(t, archive(members), importer.Options{}); rec.Posts[0].Created.Hour() != 12 {
		t.Error(rec.Posts[0].Created)
	}
	members["logged_information/location/timezone.html"] = page("", "<div><table><tr><td>Zone</td><td>Europe/London</td></tr></table></div>")
	if rec := read(t, archive(members), importer.Options{}); rec.Posts[0].Created.Hour() != 13 {
		t.Error(rec.Posts[0].Created)
	}
	members["logged_information/location/timezone.html"] = page("", "<div><table><tr><td>Zone</td><td>Asia/Tokyo</td></tr></table></div>")
	if rec := read(t, archive(members), importer.Options{}); rec.Posts[0].Created.Hour() != 12 {
		t.Error("a zone that contradicts the page was taken", rec.Posts[0].Created)
	}
}

func TestReach(t *testing.T) {
	record := func(at int) string { return fmt.Sprintf(`{"timestamp":%d,"data":[{"post":"p%d"}]}`, at, at) }
	const day = 86400
	for name, tt := range map[string]struct {
		registered int
		times      []int
		codes      []string
		scope      bool
		partial    bool
	}{
		"from the beginning":      {1577000000, []int{1577000000 + day, 1577000000 + 300*day}, nil, true, false},
		"last year of many":       {1277000000, []int{1577000000 + day, 1577000000 + 300*day}, []string{"starts-abruptly"}, false, true},
		"years missing":           {1277000000, []int{1577000000 + day, 1577000000 + 1900*day}, []string{"starts-abruptly"}, false, false},
		"unknown, a year":         {0, []int{1577000000 + day, 1577000000 + 300*day}, []string{"starts-abruptly"}, false, false},
		"unknown, two years":      {0, []int{1577000000 + day, 1577000000 + 700*day}, nil, false, false},
		"unknown, five years":     {0, []int{1577000000 + day, 1577000000 + 1900*day}, nil, true, false},
		"nothing with a time yet": {0, nil, []string{"empty"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			var all []string
			for _, at := range tt.times {
				all = append(all, record(at))
			}
			members := map[string]string{postsOne + ".json": "[" + strings.Join(all, ",") + "]"}
			if tt.registered != 0 {
				members[profile] = fmt.Sprintf(`{"profile_v2":{"registration_timestamp":%d}}`, tt.registered)
			}
			rec := read(t, archive(members), importer.Options{})
			partial := slices.ContainsFunc(rec.Facts, func(f importer.Fact) bool { return f.Partial })
			if diff := cmp.Diff(tt.codes, rec.Codes()); diff != "" || tt.scope != slices.Contains(rec.Scopes(), "post:") || partial != tt.partial {
				t.Errorf("%s, scopes %v, partial %v", diff, rec.Scopes(), partial)
			}
		})
	}
}

func TestMessages(t *testing.T) {
	chat := `{"participants":[{"name":"Bo"},{"name":"Ana Example"}],"messages":[
	 {"sender_name":"Ana Example","timestamp_ms":1600000000123,"content":"mine"},{"sender_name":"Ana Former","timestamp_ms":1600000001123,"content":"mine too"},
	 {"sender_name":"Ana Example","timestamp_ms":1600000002123,"content":"gone","is_unsent":true},{"sender_name":"Ana Example","timestamp_ms":1600000003123,"content":"The call ended","type":"Call"},
	 {"sender_name":"Ana Example","timestamp_ms":1600000004123,"content":"You sent a photo."},{"sender_name":"Bo","timestamp_ms":1600000005123,"content":"secret of another person"}],"title":"Bo"}`
	name := activity + "messages/inbox/bo_1/message_1.json"
	members := map[string]string{name: chat, profile: `{"profile_v2":{"name":{"full_name":"Ana Example"},"previous_names":[{"name":"Ana Former"}]}}`}
	if rec := read(t, archive(members), importer.Options{}); len(rec.Posts) != 0 || !slices.Contains(rec.Codes(), "messages-not-read") {
		t.Errorf("not asked for: %v, %v", texts(rec), rec.Codes())
	}
	want := []string{"dm mine", "dm mine too"}
	if diff := cmp.Diff(want, texts(read(t, archive(members), importer.Options{Messages: true}))); diff != "" {
		t.Error(diff)
	}
	// The same path in two parts of an export is another part of the chat.
	members[activity+"messages/inbox/bo_1/message_1 (2).json"] = "{}"
	members[activity+"messages/inbox/bo_1/message_2.json"] = chat
	if diff := cmp.Diff(want, texts(read(t, archive(members), importer.Options{Messages: true}))); diff != "" {
		t.Error(diff)
	}
	members[activity+"messages/ai_conversations.json"] = `[{"messages":[]}]`
	if rec := read(t, archive(members), importer.Options{Messages: true}); len(rec.Skips) != 0 || !slices.Contains(rec.Codes(), "unknown-form") {
		t.Errorf("a file of unknown form: %v, %v", rec.Skips, rec.Codes())
	}
	delete(members, profile)
	if rec := read(t, archive(members), importer.Options{Messages: true}); len(rec.Posts) != 0 || !slices.Contains(rec.Codes(), "owner-unknown") {
		t.Errorf("owner unknown: %v, %v", texts(rec), rec.Codes())
	}
	if rec := read(t, archive(members), importer.Options{Messages: true, Me: "ana example"}); len(rec.Posts) != 1 {
		t.Errorf("owner named: %v", texts(rec))
	}
}

func TestRecognize(t *testing.T) {
	for name, tt := range map[string]struct {
		members []string
		data    string
		layout  string
		hint    bool
	}{
		"nothing":         {nil, "", "", false},
		"other":           {[]string{"posts/index.html", "comments/comments.csv", "data/tweets.js"}, "", "", false},
		"instagram":       {[]string{"your_instagram_activity/content/posts_1.json", "your_instagram_activity/messages/inbox/a_1/message_1.json", "content/posts_1.json", "comments/post_comments.json"}, "", "", false},
		"messages only":   {[]string{"messages/inbox/a_1/message_1.json"}, "", "", false},
		"2024":            {[]string{postsOne + ".json"}, "", "facebook-json-2024", false},
		"2024 mixed":      {[]string{postsOne + ".json", postsOne + ".html"}, "", "facebook-mixed-2024", false},
		"2023":            {[]string{"your_activity_across_facebook/comments_and_reactions/comments.html"}, "", "facebook-html-2023", false},
		"part of chats":   {[]string{activity + "messages/inbox/a_1/message_1.json"}, "", "facebook-json-2024", false},
		"2021":            {[]string{"comments_and_reactions/comments.json"}, "", "facebook-json-2021", false},
		"2018":            {[]string{"posts/your_posts.json"}, "", "facebook-json-2018", false},
		"2010":            {[]string{"html/wall.htm"}, "", "facebook-html-2010", false},
		"odd nesting":     {[]string{"personal_information/profile_information/your_facebook_activity/posts/your_posts_1.json"}, "", "facebook-json-2024", false},
		"one file":        {[]string{"your_posts_1.json"}, "", "facebook-json-2018", false},
		"upper case":      {[]string{"Your_Facebook_Activity/Posts/Your_Posts_1.JSON"}, "", "facebook-json-2024", false},
		"encrypted chats": {[]string{"Bo Sample_12.json"}, `{"participants":["a"],"threadName":"x"}`, "facebook-e2ee", false},
		"another chat":    {[]string{"result_12.json"}, `{"participants":["a"],"chats":{}}`, "", false},
		"empty":           {[]string{activity + "posts/no-data.txt"}, "", "facebook-empty-2024", false},
		"media only":      {[]string{activity + "posts/media/a/1.jpg"}, "", "", true},
		"no words":        {[]string{activity + "preferences/feed.json"}, "", "", true},
		"data logs":       {[]string{"data_logs/content/1/page_1.json"}, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, m := range tt.members {
				fsys[m] = &fstest.MapFile{Data: []byte(tt.data)}
			}
			m, err := facebook.New().Recognize(fsys)
			var hint *importer.HintError
			if errors.As(err, &hint) != tt.hint || (err != nil) != tt.hint {
				t.Fatalf("error %v", err)
			}
			if m.Layout != tt.layout || (m.Sure >= 50) != (tt.layout != "") {
				t.Errorf("got %+v", m)
			}
			if tt.layout == "facebook-empty-2024" {
				if rec := read(t, fsys, importer.Options{}); !slices.Contains(rec.Codes(), "empty") {
					t.Errorf("notes %v", rec.Codes())
				}
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		postsOne + ".json":                                importer.UseRead,
		activity + "posts/your_posts_12.html":             importer.UseRead,
		activity + "posts/album/17.json":                  importer.UseRead,
		activity + "groups/your_comments_in_groups.json":  importer.UseRead,
		activity + "pages/pages_you've_liked.json":        importer.UseRead,
		activity + "pages/pages_you_ve_liked.json":        importer.UseRead,
		activity + "reviews/your_reviews_1.json":          importer.UseRead,
		activity + "messages/inbox/a_1/message_1.json":    importer.UseRead,
		activity + "groups/your_group_messages/12.json":   importer.UseRead,
		activity + "messages/ai_conversations.json":       importer.UseRead,
		"Bo Sample_12.json":                               importer.UseRead,
		"html/timeline.htm":                               importer.UseRead,
		"html/messages.htm":                               importer.UseRead,
		"messages/12.html":                                importer.UseRead,
		"html/friends.htm":                                importer.UseIgnored,
		activity + "posts/media/a/1.jpg":                  importer.UseIgnored,
		activity + "polls/no-data.txt":                    importer.UseIgnored,
		"ads_information/advertisers.json":                importer.UseIgnored,
		"connections/friends/your_friends.html":           importer.UseIgnored,
		activity + "saved_items_and_collections/a.json":   importer.UseIgnored,
		"start_here.html":                                 importer.UseIgnored,
		activity + "posts/something_new.json":             importer.UseUnknown,
		activity + "something_new/a.json":                 importer.UseUnknown,
		"your_instagram_activity/posts/your_posts_1.json": importer.UseUnknown,
		activity + "posts/a.xyz":                          importer.UseUnknown,
	} {
		use := facebook.New().Explain(name)
		if use.Kind != want || want == importer.UseIgnored && use.Why == "" {
			t.Errorf("%s: got %+v", name, use)
		}
		private := strings.Contains(name, "messages") || name == "Bo Sample_12.json"
		if use.Messages != private {
			t.Errorf("%s: messages %v", name, use.Messages)
		}
	}
}

// TestWallOwner checks that other people's entries stay away, whoever is
// named.
func TestWallOwner(t *testing.T) {
	wall := `<html><head><title>%s</title></head><body><div class="contents"><div class="meta">Friday, October 4, 2013 at 10:05pm PDT</div>Ana Example updated her status.
	<div class="comment">mine</div><div class="meta">Friday, October 4, 2013 at 10:06pm PDT</div>Ana Exampleson wrote:<div class="comment">secret of another person</div></div></body></html>`
	for title, want := range map[string][]string{"Ana Example - Wall": {"post mine"}, "Wall": nil} {
		rec := read(t, archive(map[string]string{"html/wall.htm": fmt.Sprintf(wall, title)}), importer.Options{})
		if diff := cmp.Diff(want, texts(rec)); diff != "" || (want == nil) != slices.Contains(rec.Codes(), "owner-unknown") {
			t.Errorf("%s %v", diff, rec.Codes())
		}
	}
	rec := read(t, archive(map[string]string{"html/wall.htm": fmt.Sprintf(wall, "Wall")}), importer.Options{Me: "Ana Example"})
	if diff := cmp.Diff([]string{"post mine"}, texts(rec)); diff != "" {
		t.Error(diff)
	}
}

// FuzzImport reads any bytes as any of the files that hold words.
func FuzzImport(f *testing.F) {
	var members []string
	for _, layout := range []string{"json-2024", "html-2024", "html-2010", "json-2018", "e2ee"} {
		dir := os.DirFS(path.Join(fixtures, layout))
		files, err := importertest.Files(dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			if facebook.New().Explain(file.Name).Kind == importer.UseRead {
				f.Add(uint8(len(members)), file.Data)
				members = append(members, file.Name)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := members[int(which)%len(members)]
		fsys := archive(map[string]string{postsOne + ".json": "[]"})
		if strings.Contains(name, "Sample_") || strings.Contains(name, "Third_") {
			fsys = fstest.MapFS{"A_1.json": {Data: []byte(`{"participants":[],"threadName":""}`)}}
		}
		fsys[name] = &fstest.MapFile{Data: data}
		rec := &importertest.Recorder{}
		if err := facebook.New().Import(t.Context(), fsys, importer.Options{Messages: true, Me: "Ana Example"}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}

func iso(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }
