package xapi_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/x"
	"lookback/importer/xapi"
)

func TestConformance(t *testing.T) {
	importertest.Run(t, xapi.New(), "../../testdata/xapi")
}

const (
	date = `"created_at":"Mon May 13 12:43:51 +0000 2024"`
	anna = `"user":{"id":24,"id_str":"24","screen_name":"noor","name":"Noor"}`
)

func read(t *testing.T, name, data string) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	fsys := fstest.MapFS{name: {Data: []byte(data)}}
	if m, err := xapi.New().Recognize(fsys); err != nil || m.Sure == 0 {
		t.Fatalf("not recognised: %v", err)
	}
	if err := xapi.New().Import(t.Context(), fsys, importer.Options{}, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestShapes(t *testing.T) {
	row := `{` + date + `,"id":1790000000000000001,"text":"a &amp;lt; b",` + anna + `}`
	for name, data := range map[string]string{
		"array":                  `[` + row + `]`,
		"byte order mark":        "\ufeff[" + row + `]`,
		"search":                 `{"statuses":[` + row + `]}`,
		"search, metadata first": `{"search_metadata":{"count":1},"statuses":[` + row + `]}`,
		"alone":                  row,
		"alone, over lines":      strings.ReplaceAll(row, ",", ",\n"),
		"after each other":       strings.ReplaceAll(row+row, ",", ",\n"),
		"lines, one of them cut": row + "\n" + row[:40] + "\n",
		"CRLF":                   row + "\r\n" + row + "\r\n",
	} {
		rec := read(t, "a.json", data)
		var got []string
		for _, p := range rec.Posts {
			if p.Kind != "bio" {
				got = append(got, p.Key+" "+p.Text)
			}
		}
		if len(got) != 1 || got[0] != "tweet:1790000000000000001 a &lt; b" {
			t.Errorf("%s: %v %v", name, got, rec.Skips)
		}
	}
}

// TestAgreesWithArchive holds the keys and texts against those that importer/x
// reads from X's own archive.
func TestAgreesWithArchive(t *testing.T) {
	row := `{` + date + `,"id":1790000000000000001,"id_str":"1790000000000000001","full_text":"salt &amp; https://t.co/a","entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.org/?a=1&b=2"}]}`
	api := read(t, "a.json", `[`+row+`,`+anna+`}]`)
	rec := &importertest.Recorder{}
	fsys := fstest.MapFS{
		"data/account.js": {Data: []byte(`window.YTD.account.part0 = [{"account":{"accountId":"24","username":"noor","accountDisplayName":"Noor"}}]`)},
		"data/tweets.js":  {Data: []byte(`window.YTD.tweets.part0 = [{"tweet":` + row + `}}]`)},
	}
	if err := x.New().Import(t.Context(), fsys, importer.Options{}, rec); err != nil {
		t.Fatal(err)
	}
	a, b := api.Posts[len(api.Posts)-1], rec.Posts[len(rec.Posts)-1]
	if a.Key != b.Key || a.Text != b.Text || a.URL != b.URL || !a.Created.Equal(b.Created) || api.Accounts[0].NativeID != rec.Accounts[0].NativeID || api.Accounts[0].Platform != rec.Accounts[0].Platform {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestNotOurs(t *testing.T) {
	for name, data := range map[string]string{
		"Mastodon's API": `[{"id":"1","created_at":"2024-05-13T12:43:51.000Z","content":"x","account":{},"text":"","user":{}}]`,
		"no posts":       `{"a":[1,2]}`,
		"empty":          ``,
	} {
		m, err := xapi.New().Recognize(fstest.MapFS{"a.json": {Data: []byte(data)}})
		if m.Sure > 0 || err != nil {
			t.Errorf("%s: %v %v", name, m, err)
		}
	}
}

func FuzzImport(f *testing.F) {
	for _, name := range []string{"array/user_timeline.json", "search/search.json", "lines/tweets.jsonl", "one/status.json"} {
		data, err := os.ReadFile("../../testdata/xapi/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{"a.json": {Data: data}}
		if m, err := xapi.New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		rec := &importertest.Recorder{}
		if err := xapi.New().Import(t.Context(), fsys, importer.Options{Me: "ana_ex"}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
