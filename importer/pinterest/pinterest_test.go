package pinterest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/pinterest"
	"lookback/store"
)

func TestConformance(t *testing.T) {
	importertest.Run(t, pinterest.New(), "../../testdata/pinterest")
}

func read(t *testing.T, page string) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	fsys := fstest.MapFS{"data.html": {Data: []byte(page)}}
	if err := pinterest.New().Import(t.Context(), fsys, importer.Options{}, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

const link = `<a href="https://www.pinterest.com/pin/7/">x</a>`

func TestPins(t *testing.T) {
	for _, tt := range []struct {
		name, lines, text string
		kind              store.Kind
	}{
		{"commas and colons", "<br>Title: a, b: c,,<br>Is a repin: False", "a, b: c,", store.KindPost},
		{"placeholders", "<br>Title: No data,<br>Details: None,<br>", "", store.KindPost},
		{"a repin", "<br>Title: T,<br>Details: D,<br>Is a repin: True,<br>", "T\n\nD", store.KindRepost},
		{"a link in a value", `<br>Title: T,<br>Canonical Link: <a href="https://www.pinterest.com/pin/8/">x</a>,<br>`, "T", store.KindPost},
	} {
		rec := read(t, `<html><body>Pinterest<div id="contents"><h1>Pins</h1>`+link+tt.lines+`</div></body></html>`)
		if len(rec.Posts) != 1 || rec.Posts[0].Text != tt.text || rec.Posts[0].Kind != tt.kind || rec.Posts[0].Key != "pin:7" {
			t.Errorf("%s: %+v", tt.name, rec.Posts)
		}
	}
}

func TestScopeOnlyWhenWhole(t *testing.T) {
	page := `<html><body>Pinterest<div id="contents"><h1>Pins</h1>` + link + `<br>Title: T,<br></div></body></html>`
	for _, tt := range []struct {
		page  string
		scope bool
	}{{page, true}, {strings.TrimSuffix(page, "</div></body></html>"), false}} {
		scope := false
		for _, f := range read(t, tt.page).Facts {
			scope = scope || f.Scope == "pin:"
		}
		if scope != tt.scope {
			t.Errorf("scope %v, want %v", scope, tt.scope)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(`<h1>Pins</h1>` + link + `<br>Title: a,<br>Image: aabbcc0011,<br>Alt Text: b,<br>Is a repin: False</div>`))
	f.Add([]byte(`<h1>Boards</h1>Name: a,<br>Name: b,<br><h1>Comments</h1>Text: c,<br><h1>Profile</h1>About: d,<br>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := read(t, `Pinterest<div id="contents">`+string(data)).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
