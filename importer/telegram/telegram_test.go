package telegram_test

import (
	"os"
	"path"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/telegram"
)

func TestConformance(t *testing.T) {
	importertest.Run(t, telegram.New(), "../../testdata/telegram")
}

func read(t *testing.T, opts importer.Options, of map[string]string) *importertest.Recorder {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range of {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	rec := &importertest.Recorder{}
	if err := telegram.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

const page = `<html><head><link href="css/style.css"></head><body><div class="page_wrap"><div class="message default" id="message7"><div class="pull_right date details" title="01.03.2024 11:11:12 UTC+01:00"></div><div class="from_name">Ana</div><div class="text">a &lt; b</div></div></div></body></html>`

// TestFormsAgree holds the keys and texts of pages against those of JSON.
func TestFormsAgree(t *testing.T) {
	opts := importer.Options{Messages: true, Me: "Ana"}
	a := read(t, opts, map[string]string{"result.json": `{"name":"Bo","type":"personal_chat","id":2,"messages":[{"id":7,"type":"message","date":"2024-03-01T11:11:12","date_unixtime":"1709287872","from":"Ana","from_id":"user1","text":"a < b"}]}`})
	b := read(t, opts, map[string]string{"messages.html": page})
	if len(a.Posts) != 1 || len(b.Posts) != 1 || a.Posts[0].Key != b.Posts[0].Key || a.Posts[0].Text != b.Posts[0].Text {
		t.Errorf("%+v\n%+v", a.Posts, b.Posts)
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	chat := func(kind string) string {
		return `{"name":"Bo","type":"` + kind + `","id":2,"messages":[{"id":7,"type":"message","date_unixtime":"1709287872","from":"Ana","from_id":"user1","text":"x"}]}`
	}
	for _, tt := range []struct {
		name, kind string
		opts       importer.Options
		posts      int
		code       string
	}{
		{"public", "public_supergroup", importer.Options{Me: "ana"}, 1, ""},
		{"private, not asked for", "personal_chat", importer.Options{Me: "ana"}, 0, "messages-not-read"},
		{"private, asked for", "personal_chat", importer.Options{Me: "user1", Messages: true}, 1, ""},
		{"nobody named", "personal_chat", importer.Options{Messages: true}, 0, "owner-unknown"},
		{"somebody else named", "personal_chat", importer.Options{Messages: true, Me: "Cleo"}, 0, "owner-unknown"},
	} {
		rec := read(t, tt.opts, map[string]string{"result.json": chat(tt.kind)})
		code := ""
		for _, f := range rec.Facts {
			code += f.Note.Code
		}
		if len(rec.Posts) != tt.posts || code != tt.code {
			t.Errorf("%s: %d posts, %q", tt.name, len(rec.Posts), code)
		}
	}
}

func FuzzImport(f *testing.F) {
	for _, name := range []string{"json/result.json", "json-chat/result.json", "html/chats/chat_01/messages.html"} {
		data, err := os.ReadFile("../../testdata/telegram/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, path.Ext(name) == ".html")
	}
	f.Fuzz(func(t *testing.T, data []byte, html bool) {
		fsys := fstest.MapFS{"result.json": {Data: data}}
		if html {
			fsys = fstest.MapFS{"messages.html": {Data: append([]byte("page_wrap css/style.css"), data...)}}
		}
		if m, err := telegram.New().Recognize(fsys); err != nil || m.Sure == 0 {
			return
		}
		rec := &importertest.Recorder{}
		if err := telegram.New().Import(t.Context(), fsys, importer.Options{Messages: true, Me: "Ana Example"}, rec); err != nil {
			t.Fatal(err)
		}
		if err := rec.Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
