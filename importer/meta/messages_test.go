package meta_test

import (
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/meta"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

func reader(t *testing.T, data string) (*meta.Reader, meta.File) {
	return meta.NewReader(t.Context(), fstest.MapFS{"a.json": {Data: []byte(data)}}, &importertest.Recorder{}), meta.File{Path: "a.json", Section: "s"}
}

func TestThread(t *testing.T) {
	const messages = `"messages":[{"text":"a"},{"text":"b"}]`
	for name, tt := range map[string]struct {
		data  string
		named bool
		want  meta.Thread
	}{
		"two":               {`{"participants":[{"name":"A"},{"name":"B"}],` + messages + `,"title":"B"}`, false, meta.Thread{People: 2}},
		"two, for the name": {`{"participants":[{"name":"A"},{"name":"B"}],` + messages + `,"title":"B"}`, true, meta.Thread{Title: "B", People: 2}},
		"a group":           {`{"participants":[{},{},{}],` + messages + `,"title":"caf\u00c3\u00a9"}`, false, meta.Thread{Title: "café", People: 3}},
		"encrypted":         {`{"participants":["A","B"],"threadName":"B_1",` + messages + `}`, true, meta.Thread{Title: "B_1", People: 2}},
		"odd":               {`{"participants":"A","title":"x"}`, false, meta.Thread{Title: "x"}},
		"cut":               {`{"participants":[{},{},{}],"title":"x","messages":[{"te`, false, meta.Thread{Title: "x", People: 3}},
	} {
		r, f := reader(t, tt.data)
		got, err := r.Thread(f, tt.named)
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestMessages(t *testing.T) {
	r, f := reader(t, `{"messages":[
		{"sender_name":"A","content":"one","timestamp_ms":5},
		{"senderName":"A","text":"two","timestamp":6,"isUnsent":true},
		{"sender_name":"A","content":"three","type":"Call"},
		{"sender_name":"A","content":"four","share":{"link":"https://example.org/"},"photos":[{"uri":"a.jpg"}],"type":"Share"}]}`)
	var said []string
	err := meta.EachIn(r, f, []string{"messages"}, meta.ParseMessage, func(_ int, m *meta.Message) error {
		if m.Said() {
			said = append(said, m.Sender+": "+m.Text+" "+m.Link)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"A: one ", "A: four https://example.org/"}, said); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestThreadFill(t *testing.T) {
	for text, want := range map[string]bool{
		"see you": true, "": false, " \n": false, "Liked a message": false, "Reacted ❤ to your message ": false,
		"You sent a photo.": false, "You sent a photo. Lovely!": true, "Bo Sample sent an attachment.": false,
	} {
		p := store.Post{Text: text}
		if got := (&meta.Thread{People: 2, Title: "x"}).Fill(&p); got != want {
			t.Errorf("%q: %v", text, got)
		}
		if p.Kind != store.KindDM || !p.Own || p.Audience != store.AudienceDirect || p.Place != "" {
			t.Errorf("%q: %+v", text, p)
		}
	}
	var p store.Post
	(&meta.Thread{People: 3, Title: " Choir "}).Fill(&p)
	if p.Audience != store.AudienceGroup || p.Place != "Choir" {
		t.Errorf("a group: %+v", p)
	}
}

func TestIgnored(t *testing.T) {
	files, dirs := map[string]string{"start here": "a page"}, map[string]string{"ads": "advertising", "posts": "posts"}
	for name, want := range map[string]importer.Use{
		"start_here.html":      {Kind: importer.UseIgnored, Why: "a page"},
		"posts/ads/x.json":     {Kind: importer.UseIgnored, Why: "advertising"},
		"posts/new/deep/x.csv": {Kind: importer.UseIgnored, Why: "posts"},
		"new/x.json":           {Kind: importer.UseUnknown},
		"ads/x.xyz":            {Kind: importer.UseUnknown},
	} {
		base := "x"
		if name == "start_here.html" {
			base = "start here"
		}
		if got := meta.Ignored(name, base, files, dirs); got != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestFormOf(t *testing.T) {
	for want, pages := range map[string][]bool{"": nil, "json": {false, false}, "html": {true}, "mixed": {true, false, true}} {
		if got := meta.FormOf(pages, func(page bool) bool { return page }); got != want {
			t.Errorf("%v: %q", pages, got)
		}
	}
}
