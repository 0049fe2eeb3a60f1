package misskey_test

import (
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
	"lookback/importer/misskey"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

const fixtures = "../../testdata/misskey"

func TestConformance(t *testing.T) {
	importertest.Run(t, misskey.New(), fixtures)
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

func read(t *testing.T, fsys fstest.MapFS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := misskey.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestNotes(t *testing.T) {
	at := time.Date(2023, 6, 1, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name, more string
		want       store.Post
	}{
		{"a warning", `"text":"b","cw":"a","visibility":"public"`, store.Post{Key: "note:n1", Kind: store.KindPost, Own: true, Text: "a\n\nb", ContentWarning: "a", Audience: store.AudiencePublic}},
		{"an empty warning", `"text":"b","cw":"","visibility":"home"`, store.Post{Key: "note:n1", Kind: store.KindPost, Own: true, Text: "b", Audience: store.AudienceUnlisted}},
		{"a renote", `"text":null,"renoteId":"r1","visibility":"public"`, store.Post{Key: "renote:n1", Kind: store.KindRepost, URL: "https://mk.example/notes/r1", Audience: store.AudiencePublic}},
		{"a renote with a warning", `"text":null,"cw":"mine","renoteId":"r1"`, store.Post{Key: "note:n1", Kind: store.KindQuote, Own: true, Text: "mine", ContentWarning: "mine", Quoted: "https://mk.example/notes/r1"}},
		{"a quotation", `"text":"yes","renoteId":"r1","visibility":"followers"`, store.Post{Key: "note:n1", Kind: store.KindQuote, Own: true, Text: "yes", Quoted: "https://mk.example/notes/r1", Audience: store.AudienceFollowers}},
		{"a reply with a quotation", `"text":"yes","renoteId":"r1","replyId":"p1"`, store.Post{Key: "note:n1", Kind: store.KindReply, Own: true, Text: "yes", Quoted: "https://mk.example/notes/r1", ReplyTo: "https://mk.example/notes/p1"}},
		{"a message", `"text":"psst","visibility":"specified"`, store.Post{Key: "dm:n1", Kind: store.KindDM, Own: true, Text: "psst", Audience: store.AudienceDirect}},
		{"a poll of texts", `"text":null,"poll":{"choices":["a","b"]}`, store.Post{Key: "note:n1", Kind: store.KindPost, Own: true, Text: "- a\n- b"}},
		{"wrong types", `"text":7,"poll":[],"files":{},"fileIds":"x","cw":[]`, store.Post{Key: "note:n1", Kind: store.KindPost, Own: true, Text: "7"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{"notes-2023-07-01-08-09-10.json": file(`[{"id":"n1","createdAt":"2023-06-01T10:00:00.999Z",` + tt.more + `}]`)}
			rec := read(t, fsys, importer.Options{Messages: true, Me: "ann@mk.example"})
			if len(rec.Posts) != 1 {
				t.Fatalf("%d posts, skips %v", len(rec.Posts), rec.Skips)
			}
			tt.want.Created = at
			if tt.want.URL == "" {
				tt.want.URL = "https://mk.example/notes/n1"
			}
			if diff := cmp.Diff(tt.want, rec.Posts[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOwnerUnknown(t *testing.T) {
	fsys := fstest.MapFS{"notes-2023-07-01-08-09-10.json": file(`[{"id":"n1","createdAt":"2023-06-01T10:00:00Z","text":"x","replyId":"p1"}]`)}
	rec := read(t, fsys, importer.Options{Me: "Ann Example"})
	if p := rec.Posts[0]; p.URL != "" || p.ReplyTo != "" || rec.Accounts[0].Handle != "" || !slices.Contains(rec.Codes(), "owner-unknown") {
		t.Errorf("%q %q %v %v", p.URL, p.ReplyTo, rec.Accounts, rec.Codes())
	}
}

func TestDamaged(t *testing.T) {
	fsys := fstest.MapFS{"notes-2023-07-01-08-09-10.json": file(`[{"id":"n1","createdAt":"2023-06-01T10:00:00Z","text":"one"},{"id":"n2","text":"a "b"},{"id":"","text":"c"},{"id":"n4","text":"four"}]`)}
	rec := read(t, fsys, importer.Options{})
	if diff := cmp.Diff([]string{"note:n1", "note:n4"}, rec.Keys()); diff != "" || len(rec.Skips) != 2 {
		t.Errorf("%s, skips %v", diff, rec.Skips)
	}
	for _, f := range rec.Facts {
		if f.Scope != "" {
			t.Errorf("a damaged file counts as complete: %s", f.Scope)
		}
	}
}

func TestRecognize(t *testing.T) {
	const note = `[{"id":"n1","text":"x","createdAt":"2023-06-01T10:00:00Z"}]`
	const wrapped = `{"metaVersion":1,"host":"mk.example","exportedAt":"x","notes":[]}`
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
		hint   bool
	}{
		{"nothing", fstest.MapFS{}, "", false},
		{"notes", fstest.MapFS{"notes-2023-07-01-08-09-10.json": file(note)}, misskey.LayoutNotes, false},
		{"downloaded twice", fstest.MapFS{"notes-2023-07-01-08-09-10 (1).json": file("[]")}, misskey.LayoutNotes, false},
		{"a long first note", fstest.MapFS{"notes-2023-07-01-08-09-10.json": file(`[{"id":"n1","text":"` + strings.Repeat("x", 9000) + `"}]`)}, misskey.LayoutNotes, false},
		{"another app's notes", fstest.MapFS{"notes-2023-07-01-08-09-10.json": file(`[{"title":"shopping"}]`)}, "", false},
		{"notes without a date", fstest.MapFS{"notes.json": file(note)}, "", false},
		{"bundle", fstest.MapFS{"notes.json": file(wrapped), "user.json": file(wrapped)}, misskey.LayoutBundle, false},
		{"user alone", fstest.MapFS{"user.json": file(wrapped)}, "", true},
		{"lists", fstest.MapFS{"following-2023-07-01-08-09-10.csv": file("a@b\n"), "antennas-2023-07-01-08-09-10.json": file("[]")}, "", true},
		{"lists among others", fstest.MapFS{"following-2023-07-01-08-09-10.csv": file("a@b\n"), "b.txt": file("x")}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := misskey.New().Recognize(tt.fsys)
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
		"notes-2023-07-01-08-09-10.json": importer.UseRead, "favorites-2023-07-01-08-09-10.json": importer.UseRead, "clips.json": importer.UseRead,
		"user.json": importer.UseRead, "ips.json": importer.UseIgnored, "drive.json": importer.UseIgnored, "files/a.webp": importer.UseIgnored,
		"user-lists-2023-07-01-08-09-10.csv": importer.UseIgnored, "new.json": importer.UseUnknown,
	} {
		if use := misskey.New().Explain(name); use.Kind != want || want == importer.UseIgnored && use.Why == "" {
			t.Errorf("%s: got %+v", name, use)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	members := []string{"notes-2023-07-01-08-09-10.json", "favorites-2023-07-01-08-09-11.json", "clips-2023-07-01-08-09-12.json",
		"notes.json", "favorites.json", "user.json", "profile.json", "notes-2022-12-24-18-00-00.json"}
	for _, layout := range []string{"notes", "firefish", "kept", "sharkey"} {
		for i, name := range members {
			if data, err := os.ReadFile(path.Join(fixtures, layout, name)); err == nil {
				f.Add(uint8(i), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := members[int(which)%len(members)]
		fsys := fstest.MapFS{}
		if !strings.Contains(name, "-") {
			fsys["clips.json"] = file(`{"metaVersion":1,"exportedAt":"x","clips":[]}`)
		}
		fsys[name] = &fstest.MapFile{Data: data}
		if m, err := misskey.New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		if err := read(t, fsys, importer.Options{Messages: true, Me: "ann@mk.example"}).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
