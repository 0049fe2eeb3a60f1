package snapchat_test

import (
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/snapchat"
)

func TestConformance(t *testing.T) {
	importertest.Run(t, snapchat.New(), "../../testdata/snapchat")
}

func files(of map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range of {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func TestHint(t *testing.T) {
	_, err := snapchat.New().Recognize(files(map[string]string{"chat_media/a.jpg": "", "memories/b.jpg": ""}))
	var hint *importer.HintError
	if !errors.As(err, &hint) {
		t.Errorf("a part with media only: %v", err)
	}
}

// TestTimes reads the field that is named after microseconds and holds
// milliseconds, and one that holds what its name says.
func TestTimes(t *testing.T) {
	for _, n := range []string{"1709287872340", "1709287872340000", "1709287872"} {
		rec := &importertest.Recorder{}
		fsys := files(map[string]string{"chat_history.json": `{"bo":[{"From":"ana","Media Type":"TEXT","Content":"x","IsSender":true,"Created(microseconds)":` + n + `}]}`})
		if err := snapchat.New().Import(t.Context(), fsys, importer.Options{Messages: true}, rec); err != nil {
			t.Fatal(err)
		}
		want := time.Date(2024, 3, 1, 10, 11, 12, 0, time.UTC)
		if len(rec.Posts) != 1 || !rec.Posts[0].Created.Equal(want) {
			t.Errorf("%s: %v", n, rec.Posts)
		}
	}
}

// TestFormsAgree holds the keys of pages against those of JSON.
func TestFormsAgree(t *testing.T) {
	keys := func(of map[string]string) []string {
		rec := &importertest.Recorder{}
		if err := snapchat.New().Import(t.Context(), files(of), importer.Options{Messages: true, Me: "ana"}, rec); err != nil {
			t.Fatal(err)
		}
		return rec.Keys()
	}
	a := keys(map[string]string{"json/chat_history.json": `{"bo":[{"From":"ana","Media Type":"TEXT","Content":"a &lt; b","IsSender":true,"Created":"2024-03-01 10:11:12 UTC"}]}`})
	b := keys(map[string]string{"html/chat_history/subpage_bo.html": `<html><body>Snapchat<h1>Chat History with bo</h1><h4>ana</h4><span>TEXT</span><p>a &lt; b</p><h6>2024-03-01 10:11:12 UTC</h6></body></html>`})
	if len(a) != 1 || len(b) != 1 || a[0] != b[0] {
		t.Errorf("%v and %v", a, b)
	}
}

func TestMessagesOnlyWhenAsked(t *testing.T) {
	rec := &importertest.Recorder{}
	fsys := files(map[string]string{"json/chat_history.json": `{"bo":[{"From":"ana","Media Type":"TEXT","Content":"x","IsSender":true}]}`})
	if err := snapchat.New().Import(t.Context(), fsys, importer.Options{}, rec); err != nil || len(rec.Posts) != 0 || rec.Facts[0].Note.Code != "messages-not-read" {
		t.Errorf("%v %v %v", err, rec.Posts, rec.Facts)
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(`{"bo":[{"From":"ana","Media Type":"TEXT","Content":"x","IsSender":true,"Created":"2024-03-01 10:11:12 UTC"}]}`), false)
	f.Add([]byte(`<h4>ana</h4><span>TEXT</span><p>x<br>y</p><h6>2024-03-01 10:11:12 UTC</h6>`), true)
	f.Fuzz(func(t *testing.T, data []byte, page bool) {
		fsys := files(map[string]string{"json/account.json": `{"Basic Information":{"Username":"ana"}}`, "json/shared_story.json": string(data)})
		fsys["json/chat_history.json"] = &fstest.MapFile{Data: append([]byte(`{"Media Type":"",`), data...)}
		if page {
			fsys = files(map[string]string{"html/account.html": "Snapchat " + string(data), "html/chat_history.html": string(data)})
		}
		rec := &importertest.Recorder{}
		if err := snapchat.New().Import(t.Context(), fsys, importer.Options{Messages: true, Me: "ana"}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
