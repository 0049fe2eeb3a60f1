package mastodon_test

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
	"lookback/importer/mastodon"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

const fixtures = "../../testdata/mastodon"

func TestConformance(t *testing.T) {
	importertest.Run(t, mastodon.New(), fixtures)
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

func outbox(items ...string) fstest.MapFS {
	return fstest.MapFS{"outbox.json": file(`{"id":"outbox.json","type":"OrderedCollection","totalItems":1,"orderedItems":[` + strings.Join(items, ",") + `]}`)}
}

const (
	actor  = "https://m.example/users/ann"
	public = "https://www.w3.org/ns/activitystreams#Public"
)

// create is an item whose object has further members.
func create(id, more string) string {
	return fmt.Sprintf(`{"id":"%s/statuses/%s/activity","type":"Create","actor":"%s","published":"2023-05-01T02:11:44Z","to":["%s"],"cc":[],"object":{"id":"%[1]s/statuses/%[2]s","type":"Note"%[5]s}}`,
		actor, id, actor, public, more)
}

func read(t *testing.T, fsys fs.FS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := mastodon.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func codes(rec *importertest.Recorder) []string {
	var all []string
	for _, f := range rec.Facts {
		if f.Note.Code != "" && f.Note.Code != "no-profile" {
			all = append(all, f.Note.Code)
		}
	}
	return all
}

func TestOddPosts(t *testing.T) {
	const id = "110291000000000001"
	tests := []struct {
		name, more string
		want       store.Post
	}{
		{"content by language only", `,"contentMap":{"de":"<p>nur hier</p>"}`, store.Post{Text: "nur hier"}},
		{"source only", `,"content":"","source":{"content":"typed","mediaType":"text/plain"}`, store.Post{Text: "typed"}},
		{"a warning with markup", `,"summary":"<p>a &amp; b</p>","content":"<p>c</p>"`, store.Post{Text: "a & b\n\nc", ContentWarning: "a & b"}},
		{"a plain warning stays", `,"summary":"a &amp; b","content":"<p>c</p>"`, store.Post{Text: "a &amp; b\n\nc", ContentWarning: "a &amp; b"}},
		{"one addressee", `,"content":"x","to":"as:Public","cc":"` + actor + `/followers"`, store.Post{Text: "x"}},
		{"followers", `,"content":"x","to":["` + actor + `/followers"]`, store.Post{Text: "x", Audience: store.AudienceFollowers}},
		{"addresses of a link", `,"content":"x","url":[{"type":"Link","href":"https://m.example/x"}]`, store.Post{Text: "x", URL: "https://m.example/x"}},
		{"edited", `,"content":"x","updated":"2023-05-02T00:00:00Z"`, store.Post{Text: "x", Edited: time.Date(2023, 5, 2, 0, 0, 0, 0, time.UTC)}},
		{"not edited", `,"content":"x","updated":"2023-05-01T02:11:44Z"`, store.Post{Text: "x"}},
		{"a reply that quotes", `,"content":"x","inReplyTo":"https://o.example/@bob/1","quoteUri":"https://o.example/2"`,
			store.Post{Kind: store.KindReply, Text: "x", ReplyTo: "https://o.example/@bob/1", ReplyToAuthor: "bob@o.example", Quoted: "https://o.example/2"}},
		{"a reply to an object", `,"content":"x","inReplyTo":{"id":"https://o.example/objects/1"},"tag":{"type":"Mention","href":"https://o.example/users/bob","name":"@bob"}`,
			store.Post{Kind: store.KindReply, Text: "x", ReplyTo: "https://o.example/objects/1", ReplyToAuthor: "bob@o.example"}},
		{"a quotation as a tag", `,"content":"x","tag":[{"type":"Link","href":"https://o.example/2","rel":"https://misskey-hub.net/ns#_misskey_quote"}]`,
			store.Post{Kind: store.KindQuote, Text: "x", Quoted: "https://o.example/2"}},
		{"a poll with one option", `,"type":"Question","content":"x","anyOf":[{"type":"Note","name":"a"},7]`, store.Post{Text: "x\n\n- a"}},
		{"an attachment by itself", `,"content":"x","attachment":{"type":"Image","url":"https://f.example/a.gif","mediaType":"image/gif","name":"a"}`,
			store.Post{Text: "x", Media: []store.Media{{Type: "gif", URL: "https://f.example/a.gif", Alt: "a"}}}},
		{"media without a folder", `,"content":"x","attachment":[{"type":"Document","mediaType":"image/png","url":"/system/media_attachments/files/1/a.png","name":null}]`,
			store.Post{Text: "x", Media: []store.Media{{Type: "photo", URL: "https://m.example/system/media_attachments/files/1/a.png"}}}},
		{"wrong types everywhere", `,"content":7,"summary":[],"tag":{},"attachment":[[],null,"x"],"to":{},"url":{},"oneOf":"x","quote":9`, store.Post{Text: "7"}},
		{"no date", `,"content":"x","published":"never"`, store.Post{Text: "x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, outbox(create(id, tt.more)), importer.Options{})
			if len(rec.Posts) == 0 || len(rec.Skips) > 0 {
				t.Fatalf("%d posts, skips %v", len(rec.Posts), rec.Skips)
			}
			want := tt.want
			want.Key, want.Own, want.Created = "status:"+id, true, time.Date(2023, 5, 1, 2, 11, 44, 0, time.UTC)
			if want.Kind == "" {
				want.Kind = store.KindPost
			}
			if want.Audience == "" {
				want.Audience = store.AudiencePublic
			}
			if want.URL == "" {
				want.URL = actor + "/statuses/" + id
			}
			if diff := cmp.Diff(want, rec.Posts[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimeFromID(t *testing.T) {
	item := `{"id":"` + actor + `/statuses/110291000000000001/activity","type":"Create","object":{"id":"` + actor + `/statuses/110291000000000001","content":"x"}}`
	rec := read(t, outbox(item), importer.Options{})
	if got := rec.Posts[0].Created; got.Year() != 2023 {
		t.Errorf("got %v", got)
	}
}

func TestTwiceAndOthers(t *testing.T) {
	rec := read(t, outbox(
		create("110291000000000001", `,"content":"x"`), create("110291000000000001", `,"content":"x"`),
		`{"id":"f","type":"Follow","actor":"`+actor+`","object":"x"}`, `7`, `{"type":"Announce","id":"b"}`), importer.Options{})
	if len(rec.Posts) != 1 || len(rec.Skips) != 2 || !slices.Equal(codes(rec), []string{"other-activities"}) {
		t.Errorf("%d posts, %v, %v", len(rec.Posts), rec.Skips, codes(rec))
	}
}

func TestMessagesOnlyWhenAsked(t *testing.T) {
	direct := create("110291000000000002", `,"content":"psst","to":["https://o.example/users/bob"]`)
	rec := read(t, outbox(create("110291000000000001", `,"content":"x"`), direct), importer.Options{})
	if len(rec.Posts) != 1 || !slices.Contains(codes(rec), "messages-not-read") {
		t.Errorf("%v, %v", rec.Keys(), codes(rec))
	}
	for _, f := range rec.Facts {
		if f.Scope == "dm:" {
			t.Error("messages that were not read count as complete")
		}
	}
	rec = read(t, outbox(direct), importer.Options{Messages: true})
	if p := rec.Posts[0]; p.Kind != store.KindDM || p.Key != "dm:110291000000000002" || p.Audience != store.AudienceDirect {
		t.Errorf("%+v", p.Key)
	}
}

// TestFormsAgree: mastodon-archive's file and the archive name a post alike.
func TestFormsAgree(t *testing.T) {
	tool := fstest.MapFS{"m.example.user.ann.json": file(`{"account":{"id":"7","username":"ann","acct":"ann","url":"https://m.example/@ann"},"statuses":[
		{"id":"110291000000000001","uri":"` + actor + `/statuses/110291000000000001","url":"https://m.example/@ann/110291000000000001","created_at":"2023-05-01T02:11:44.123Z","content":"<p>x</p>","visibility":"public","account":{"acct":"ann"}},
		{"id":"110291000000000002","uri":"` + actor + `/statuses/110291000000000002/activity","created_at":"2023-05-02T02:11:44.123Z","visibility":"public","reblog":{"uri":"https://o.example/users/bob/statuses/9","content":"<p>his</p>","account":{"acct":"bob@o.example"}}}],
		"favourites":[{"uri":"https://o.example/users/bob/statuses/8","content":"<p>liked</p>"}]}`)}
	archive := outbox(create("110291000000000001", `,"content":"<p>x</p>","url":"https://m.example/@ann/110291000000000001"`),
		`{"id":"`+actor+`/statuses/110291000000000002/activity","type":"Announce","actor":"`+actor+`","published":"2023-05-02T02:11:44Z","to":["`+public+`"],"object":"https://o.example/users/bob/statuses/9"}`)
	archive["likes.json"] = file(`{"orderedItems":["https://o.example/users/bob/statuses/8"]}`)
	got := read(t, tool, importer.Options{})
	want := read(t, archive, importer.Options{})
	keys := func(rec *importertest.Recorder) []string {
		return slices.DeleteFunc(rec.Keys(), func(k string) bool { return strings.HasPrefix(k, "bio:") })
	}
	if diff := cmp.Diff(keys(want), keys(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Posts[0], got.Posts[0]); diff != "" {
		t.Error(diff)
	}
	if a, b := want.Accounts[0].Handle, got.Accounts[0].Handle; a != b {
		t.Errorf("handles %q and %q", a, b)
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
		{"archive", outbox(), mastodon.LayoutArchive, false},
		{"downloaded twice", fstest.MapFS{"outbox (1).json": file(`{"type":"OrderedCollection","orderedItems":[]}`)}, mastodon.LayoutArchive, false},
		{"spaced out", fstest.MapFS{"outbox.json": file("{\n \"id\" : \"outbox.json\",\n \"type\" : \"OrderedCollection\"")}, mastodon.LayoutArchive, false},
		{"something else", fstest.MapFS{"outbox.json": file(`{"mails":[]}`)}, "", false},
		{"a pointer", fstest.MapFS{"outbox.json": file(`{"type":"OrderedCollection","totalItems":9,"first":"https://m.example/users/ann/outbox?page=true"}`)}, "", true},
		{"a page", fstest.MapFS{"outbox.json": file(`{"type":"OrderedCollectionPage","orderedItems":[]}`)}, mastodon.LayoutPage, false},
		{"pixelfed's", fstest.MapFS{"outbox.json": file(`{"id":"https:\/\/pix.example\/users\/ann\/outbox","type":"OrderedCollection","orderedItems":[{"object":{"id":"https:\/\/pix.example\/p\/ann\/1"}}]}`)}, "", false},
		{"a reply to pixelfed", outbox(create("1", `,"inReplyTo":{"id":"https://pix.example/p/bob/1"}`)), mastodon.LayoutArchive, false},
		{"actor alone", fstest.MapFS{"actor.json": file(`{"preferredUsername":"ann"}`)}, "", true},
		{"lists", fstest.MapFS{"following_accounts.csv": file("Account address,Show boosts\n")}, "", true},
		{"bookmarks", fstest.MapFS{"bookmarks.csv": file("https://o.example/users/bob/statuses/1\n")}, "", true},
		{"other lists", fstest.MapFS{"lists.csv": file("a,b\n")}, "", false},
		{"tool", fstest.MapFS{"m.example.user.ann.json": file(`{"account":{"acct":"ann"},"statuses":[]}`)}, mastodon.LayoutTool, false},
		{"not the tool", fstest.MapFS{"a.user.b.json": file(`{"settings":{}}`)}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := mastodon.New().Recognize(tt.fsys)
			var hint *importer.HintError
			if errors.As(err, &hint) != tt.hint || (err != nil) != tt.hint {
				t.Fatalf("error %v", err)
			}
			if m.Layout != tt.layout || (m.Sure >= 50) != (tt.layout != "") {
				t.Errorf("got %+v", m)
			}
		})
	}
	err := mastodon.New().Import(t.Context(), fstest.MapFS{}, importer.Options{}, &importertest.Recorder{})
	if err == nil {
		t.Error("nothing was imported without a complaint")
	}
}

func TestEmpty(t *testing.T) {
	for name, data := range map[string]string{
		"whole":   `{"id":"outbox.json","type":"OrderedCollection","totalItems":0,"orderedItems":[]}`,
		"pleroma": "{\n  \"id\": \"outbox.json\",\n  \"type\": \"OrderedCollection\",\n  \"orderedItems\": \n],\n  \"totalItems\": 0}",
	} {
		rec := read(t, fstest.MapFS{"outbox.json": file(data)}, importer.Options{Me: "ann@m.example"})
		if len(rec.Posts) != 0 || len(rec.Skips) != 0 || !slices.Contains(codes(rec), "empty") || rec.Accounts[0].Handle != "ann@m.example" {
			t.Errorf("%s: %v, %v", name, rec.Skips, codes(rec))
		}
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		"outbox.json": importer.UseRead, "actor.json": importer.UseRead, "likes.json": importer.UseRead, "bookmarks.json": importer.UseRead,
		"m.example.user.ann.json": importer.UseRead, "m.example.user.ann/1.jpg": importer.UseIgnored,
		"avatar.png": importer.UseIgnored, "header.jpg": importer.UseIgnored, "followers.json": importer.UseIgnored, "following_accounts.csv": importer.UseIgnored,
		"media_attachments/files/1/original/a.jpg": importer.UseIgnored, "opt/mastodon/public/system/media_attachments/files/1/a.jpg": importer.UseIgnored,
		"new.json": importer.UseUnknown, "other/outbox.json": importer.UseUnknown,
	} {
		if use := mastodon.New().Explain(name); use.Kind != want || want == importer.UseIgnored && use.Why == "" {
			t.Errorf("%s: got %+v", name, use)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	members := []string{"outbox.json", "actor.json", "likes.json", "bookmarks.json", "m.example.user.ann.json"}
	for _, layout := range []string{"2018", "2026", "pleroma", "damaged", "gotosocial", "page", "tool"} {
		for i, name := range members {
			if data, err := os.ReadFile(path.Join(fixtures, layout, name)); err == nil {
				f.Add(uint8(i), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := members[int(which)%len(members)]
		fsys := outbox()
		if strings.HasSuffix(name, ".user.ann.json") {
			fsys = fstest.MapFS{}
		}
		fsys[name] = &fstest.MapFile{Data: data}
		if m, err := mastodon.New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		rec := &importertest.Recorder{}
		if err := mastodon.New().Import(t.Context(), fsys, importer.Options{Messages: true}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(rec.Facts); err != nil {
			t.Fatal(err)
		}
	})
}
