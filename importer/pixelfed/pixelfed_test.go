package pixelfed_test

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
	"lookback/importer/pixelfed"
	"lookback/store"
)

const fixtures = "../../testdata/pixelfed"

func TestConformance(t *testing.T) {
	importertest.Run(t, pixelfed.New(), fixtures)
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

func read(t *testing.T, fsys fstest.MapFS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := pixelfed.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

const status = `{"id":"711111111111111101","uri":"https://pix.example/p/ann/711111111111111101","url":"https://pix.example/p/ann/711111111111111101","created_at":"2024-01-02T03:04:05.000Z","account":{"id":"7","username":"ann","acct":"ann","url":"https://pix.example/ann","note":"hi"},"pf_type":"photo","visibility":"public"`

func TestTexts(t *testing.T) {
	for more, want := range map[string]string{
		`"content":"a &lt; b","content_text":"a < b"`:                        "a < b",
		`"content":"<p>a &lt; b</p>","content_text":null`:                    "a < b",
		`"content":"x","content_text":"","spoiler_text":"cw"`:                "cw\n\nx",
		`"content":"","content_text":"one\ntwo &amp; three"`:                 "one\ntwo &amp; three",
		`"content_text":"q","poll":{"options":[{"title":"a"},{"title":""}]}`: "q\n\n- a",
		`"content":null,"media_attachments":[]`:                              "",
	} {
		rec := read(t, fstest.MapFS{"pixelfed-statuses.json": file("[" + status + "," + more + "}]")}, importer.Options{})
		i := slices.IndexFunc(rec.Posts, func(p store.Post) bool { return p.Key == "status:711111111111111101" })
		if i < 0 || rec.Posts[i].Text != want {
			t.Errorf("%s: got %v", more, rec.Posts)
		}
	}
}

// TestFormsAgree: the older and the newer export name a post alike.
func TestFormsAgree(t *testing.T) {
	newer := read(t, fstest.MapFS{"pixelfed-statuses.json": file("[" + status + `,"content_text":"x"}]`)}, importer.Options{})
	older := read(t, fstest.MapFS{"outbox.json": file(`{"id":"https://pix.example/users/ann/outbox","type":"OrderedCollection","orderedItems":[
		{"id":"https://pix.example/p/ann/711111111111111101/activity","type":"Create","actor":"https://pix.example/users/ann","object":{"id":"https://pix.example/p/ann/711111111111111101","published":"2024-01-02T03:04:05+00:00","content":"x"}}]}`)}, importer.Options{})
	a, b := newer.Posts[len(newer.Posts)-1], older.Posts[0]
	if a.Key != b.Key || a.Text != b.Text || !a.Created.Equal(b.Created) || newer.Accounts[0].Handle != older.Accounts[0].Handle {
		t.Errorf("%s %v by %s, and %s %v by %s", a.Key, a.Created, newer.Accounts[0].Handle, b.Key, b.Created, older.Accounts[0].Handle)
	}
}

func TestEmptyAndDamaged(t *testing.T) {
	rec := read(t, fstest.MapFS{"pixelfed-statuses.json": file("[\n]")}, importer.Options{Me: "ann@pix.example"})
	if !slices.Contains(rec.Codes(), "empty") || rec.Accounts[0].Handle != "ann@pix.example" {
		t.Errorf("%v, %v", rec.Codes(), rec.Accounts)
	}
	rec = read(t, fstest.MapFS{"pixelfed-statuses.json": file(`[` + status + `},{"id":"","pf_type":"photo"},{"id":"a "b","pf_type":"x"},` + strings.Replace(status, "101", "102", 3) + `}]`)}, importer.Options{})
	if len(rec.Skips) != 2 {
		t.Errorf("skips: %v", rec.Skips)
	}
	for _, f := range rec.Facts {
		if f.Scope == "status:" {
			t.Error("a damaged file counts as complete")
		}
	}
}

func TestRecognize(t *testing.T) {
	person := `{"id":"https://pix.example/users/ann","type":"Person","preferredUsername":"ann"}`
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
		hint   bool
	}{
		{"nothing", fstest.MapFS{}, "", false},
		{"statuses", fstest.MapFS{"pixelfed-statuses.json": file("[" + status + "}]")}, pixelfed.LayoutStatuses, false},
		{"downloaded twice", fstest.MapFS{"pixelfed-statuses (1).json": file("[\n]")}, pixelfed.LayoutStatuses, false},
		{"something else", fstest.MapFS{"pixelfed-statuses.json": file(`{"a":1}`)}, "", false},
		{"mastodon's outbox", fstest.MapFS{"outbox.json": file(`{"id":"outbox.json","orderedItems":[{"object":{"id":"https://pix.example/p/ann/1"}}]}`)}, "", false},
		{"account alone", fstest.MapFS{"account.json": file(person)}, "", true},
		{"people alone", fstest.MapFS{"pixelfed-followers.json": file("[]")}, "", true},
		{"another account", fstest.MapFS{"account.json": file(`{"email":"x"}`)}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := pixelfed.New().Recognize(tt.fsys)
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
		"pixelfed-statuses.json": importer.UseRead, "account.json": importer.UseRead, "outbox.json": importer.UseRead,
		"pixelfed-following.json": importer.UseIgnored, "muted-and-blocked-accounts.json": importer.UseIgnored,
		"new.json": importer.UseUnknown, "a/account.json": importer.UseUnknown,
	} {
		if use := pixelfed.New().Explain(name); use.Kind != want || want == importer.UseIgnored && use.Why == "" {
			t.Errorf("%s: got %+v", name, use)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	members := []string{"pixelfed-statuses.json", "outbox.json", "account.json"}
	for _, layout := range []string{"statuses", "alone", "outbox"} {
		for i, name := range members {
			if data, err := os.ReadFile(path.Join(fixtures, layout, name)); err == nil {
				f.Add(uint8(i), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := members[int(which)%len(members)]
		fsys := fstest.MapFS{name: {Data: data}}
		if name == "account.json" {
			fsys["pixelfed-statuses.json"] = file("[" + status + "}]")
		}
		if m, err := pixelfed.New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		if err := read(t, fsys, importer.Options{Messages: true}).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
