package tumblr

import (
	"errors"
	"html"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

func archive(members map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func read(t testing.TB, members map[string]string, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := New().Import(t.Context(), archive(members), opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func said(rec *importertest.Recorder) string {
	var all []string
	for _, p := range rec.Posts {
		who := ""
		if !p.Own {
			who = "<" + p.Author + ">"
		}
		all = append(all, p.Key+who+" "+p.Text)
	}
	return strings.Join(all, "|")
}

func hasScope(rec *importertest.Recorder) bool {
	return slices.ContainsFunc(rec.Facts, func(f importer.Fact) bool { return f.Scope != "" })
}

func list(posts ...string) string {
	return `<?xml version="1.0"?> <tumblr version="1.0"><posts>` + strings.Join(posts, "\n") + "</posts></tumblr>"
}

func regular(id, body string) string {
	return `<post id="` + id + `" type="regular" state="published" unix-timestamp="1417509000" tumblelog="ann"><regular-body>` + html.EscapeString(body) + `</regular-body></post>`
}

func TestChains(t *testing.T) {
	bob := `<p><a class="tumblr_blog" href="https://bob.tumblr.com/post/1">bob</a>:</p>`
	tests := []struct{ name, body, want string }{
		{"one link", bob + `<blockquote><p>his</p></blockquote><p>mine</p>`, "reblog:1<bob> his|post:1 mine"},
		{"nothing added", bob + `<blockquote><p>his</p></blockquote>`, "reblog:1<bob> his"},
		{"an empty link", bob + `<blockquote></blockquote><p>mine</p>`, "post:1 mine"},
		{"without a class", `<p><a href="https://bob.tumblr.com/post/1">bob</a>:</p><blockquote>his</blockquote>mine`, "reblog:1<bob> his|post:1 mine"},
		{"the colon in the link", `<p><a href="https://bob.tumblr.com/">bob:</a></p><blockquote>his</blockquote>`, "post:1 bob: (https://bob.tumblr.com/)\n\n> his"},
		{"words before the chain", `<p>first</p>` + bob + `<blockquote>his</blockquote><p>last</p>`, "reblog:1<bob> his|post:1 first\n\nlast"},
		{"a plain quotation", `<p>see:</p><blockquote><p>wise words</p></blockquote><p>mine</p>`, "post:1 see:\n\n> wise words\n\nmine"},
		{"a link that is no blog", `<p>read <a href="https://example.org/">this</a>:</p><blockquote>quoted</blockquote>`, "post:1 read this: (https://example.org/)\n\n> quoted"},
		{"a quotation in the chain", bob + `<blockquote><p>a</p><blockquote>b</blockquote><p>c</p></blockquote><p>mine</p>`, "reblog:1<bob> a\n\n> b\n\nc|post:1 mine"},
		{"never closed", bob + `<blockquote><p>his`, "reblog:1<bob> his"},
		{"closed too often", bob + `<blockquote>his</blockquote></blockquote></blockquote><p>mine</p>`, "reblog:1<bob> his|post:1 mine"},
		{"the owner before", `<p><a href="https://ann.tumblr.com/1">ann</a>:</p><blockquote><p>mine before</p></blockquote><p>mine now</p>`, "earlier:1 mine before|post:1 mine now"},
		{"a line break", `<a href="https://bob.tumblr.com/1">bob</a>:<br><blockquote>his</blockquote>`, "reblog:1<bob> his"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := said(read(t, map[string]string{"posts.xml": list(regular("1", tt.body))}, importer.Options{}))
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestBody(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"decoded once", "a &amp;amp; b &lt;i&gt;", "a &amp; b <i>"},
		{"blocks", "<h2>A</h2><p>b<br>c</p><div>d</div>", "A\n\nb\nc\n\nd"},
		{"a list", "<ul><li>a</li><li>b</li></ul>", "- a\n- b"},
		{"blanks", "<p>a\n   b <b>c</b>d</p>", "a b cd"},
		{"as it stands", "<pre>a\n  b</pre>", "a\n  b"},
		{"a script", "<p>a</p><script>b</script><style>c</style>d", "a\n\nd"},
		{"a link that is shown", `<a href="https://example.org/a">example.org/a</a>`, "example.org/a"},
		{"a hidden link", `<a href="https://href.li/?https://example.org/a">here</a> ok`, "here (https://example.org/a) ok"},
		{"a mention", `<a href="https://bob.tumblr.com">@bob</a> hi`, "@bob hi"},
		{"two links", `<a href="https://a.org/">a b</a><a href="https://c.org/">c d</a>`, "a b (https://a.org/)c d (https://c.org/)"},
		{"nothing", "", ""},
		{"broken", "<p>a <b c", "a"},
	}
	for _, tt := range tests {
		if got := parseBody(tt.src).text; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestFormsAgree wants the same words under the same keys from both forms.
func TestFormsAgree(t *testing.T) {
	const body = `<p><a class="tumblr_blog" href="https://bob.tumblr.com/post/1">bob</a>:</p><blockquote><p>salt &amp; flour</p></blockquote><p>my line</p><p><img src="https://64.example/a.jpg" alt="a loaf"></p>`
	post := `<post id="7" unix-timestamp="1417509000" state="published" is_reblog="true" tumblelog="ann"><regular-body>` + html.EscapeString(body) + `</regular-body><tag>bread</tag></post>`
	page := "<!DOCTYPE HTML><html><body>" + body + `<div id="footer"><span id="timestamp"> December 2nd, 2014 2:30pm </span><span class="tag">bread</span></div></body></html>`
	a := said(read(t, map[string]string{"posts/posts.xml": list(post)}, importer.Options{}))
	b := said(read(t, map[string]string{"posts/html/7.html": page}, importer.Options{Me: "ann"}))
	if diff := cmp.Diff(a, b); diff != "" || !strings.Contains(a, "#alt:1 a loaf") {
		t.Errorf("%q; the forms differ (-xml +html):\n%s", a, diff)
	}
}

func TestBrokenXML(t *testing.T) {
	good := regular("1", "one")
	tests := []struct {
		name, data, want string
		skips            int
		scope            bool
	}{
		{"whole", list(good, regular("2", "two")), "post:1 one|post:2 two", 0, true},
		{"empty", list(), "", 0, true},
		{"cut between posts", `<tumblr><posts>` + good, "post:1 one", 1, false},
		{"cut in a post", `<tumblr><posts>` + good + `<post id="2"><regular-body>two`, "post:1 one", 2, false},
		{"never ends", `<tumblr><posts><post id="3"><regular-body>x` + good + `</posts></tumblr>`, "post:1 one", 1, false},
		{"crossed", list(`<post id="3"><regular-body>x</regular-title></post>`, good), "post:3 x|post:1 one", 0, true},
		{"control characters", list(strings.ReplaceAll(good, "one", "o\x01n&#2;e")), "post:1 one", 0, true},
		{"odd entities", list(strings.ReplaceAll(good, "one", "o&nbsp;n & e")), "post:1 o\u00a0n & e", 0, true},
		{"not UTF-8", list(strings.ReplaceAll(good, "one", "o\xffne")), "post:1 o\ufffdne", 0, true},
		{"CDATA", list(`<post id="4"><regular-body><![CDATA[<p>a</p></post><post id="5">]]></regular-body></post>`), "post:4 a", 0, true},
		{"no id", list(`<post><regular-body>x</regular-body></post>`, good), "post:1 one", 1, false},
		{"closed at once", list(`<post id="6"/>`, good), "post:6 |post:1 one", 0, true},
		{"too large", list(regular("8", strings.Repeat("y", maxElement)), good), "post:1 one", 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, map[string]string{"posts.xml": tt.data}, importer.Options{})
			if said(rec) != tt.want || len(rec.Skips) != tt.skips || hasScope(rec) != tt.scope {
				t.Errorf("got %.200q, %d skips, scope %t", said(rec), len(rec.Skips), hasScope(rec))
			}
		})
	}
}

func TestStates(t *testing.T) {
	for state, want := range map[string]struct {
		audience store.Audience
		url      bool
	}{
		"published": {store.AudiencePublic, true}, "draft": {store.AudienceOnlyMe, false}, "queued": {store.AudienceOnlyMe, false},
		"private": {store.AudienceOnlyMe, false}, "brand-new": {store.AudienceUnknown, false},
	} {
		post := strings.Replace(regular("1", "x"), `"published"`, `"`+state+`" url="https://ann.tumblr.com/post/1"`, 1)
		p := read(t, map[string]string{"posts.xml": list(post)}, importer.Options{}).Posts[0]
		if p.Audience != want.audience || (p.URL != "") != want.url {
			t.Errorf("%s: %q, %q", state, p.Audience, p.URL)
		}
	}
	rec := read(t, map[string]string{"posts.xml": list(strings.Replace(regular("1", "x"), "published", "submission", 1))}, importer.Options{})
	if len(rec.Posts) > 0 {
		t.Error("words of somebody else were read as the owner's")
	}
}

func TestRecognize(t *testing.T) {
	page := "<html><body>x</body></html>"
	inner := string(importertest.Zip(importertest.Text("posts/posts.xml", list())))
	tests := []struct {
		name    string
		members map[string]string
		layout  string
		hint    bool
	}{
		{"as downloaded", map[string]string{"posts.zip": inner, "media/1.jpg": ""}, LayoutZip, false},
		{"another posts.xml", map[string]string{"posts.xml": "<rss>"}, "", false},
		{"another posts.zip", map[string]string{"posts.zip": string(importertest.Zip(importertest.Text("a.txt", "a")))}, "", false},
		{"a damaged posts.zip", map[string]string{"posts.zip": inner[:20], "media/1.jpg": ""}, "", true},
		{"pages", map[string]string{"posts/html/1.html": page, "posts/style.css": ""}, LayoutHTML, false},
		{"pages of something else", map[string]string{"html/1.html": page}, "", false},
		{"messages", map[string]string{"messages.xml": "<tumblr><conversations></conversations></tumblr>"}, LayoutMessages, false},
		{"made by another program", map[string]string{"index.html": page, "posts/123456789.html": page, "media/a.jpg": ""}, "", true},
		{"a blog of something else", map[string]string{"index.html": page, "posts/1.html": page}, "", false},
	}
	for _, tt := range tests {
		m, err := New().Recognize(archive(tt.members))
		var hint *importer.HintError
		if m.Layout != tt.layout || errors.As(err, &hint) != tt.hint {
			t.Errorf("%s: %+v, %v", tt.name, m, err)
		}
	}
}

func TestDamagedZip(t *testing.T) {
	rec := read(t, map[string]string{"posts.zip": "PK\x03\x04no", "messages.xml": "<tumblr></tumblr>"}, importer.Options{})
	if len(rec.Skips) != 1 || hasScope(rec) {
		t.Errorf("%d skips", len(rec.Skips))
	}
}

func conversation(names string, messages ...string) string {
	s := "<conversation><participants>"
	for _, n := range strings.Fields(names) {
		s += "<participant>" + n + "</participant>"
	}
	s += "</participants><messages>"
	for _, m := range messages {
		writer, text, _ := strings.Cut(m, " ")
		s += `<message ts="1480000000" participant="` + writer + `" type="TEXT">` + text + "</message>"
	}
	return s + "</messages></conversation>"
}

func TestMessages(t *testing.T) {
	tests := []struct {
		name, xml, me, want string
	}{
		{"who is in all", conversation("ann bob", "t:a one", "t:b two") + conversation("ann cat", "t:c three", "t:a four"), "", "one four"},
		{"who wrote in most", conversation("ann bob", "t:a one") + conversation("ann cat", "t:a two") + conversation("ann dan", "t:d three"), "", "one two"},
		{"one conversation", conversation("ann bob", "t:a one", "t:b two"), "", ""},
		{"one conversation, named", conversation("ann bob", "t:a one", "t:b two"), "t:b", "two"},
		{"a tie", conversation("ann bob", "t:a one", "t:b two") + conversation("ann bob", "t:a three", "t:b four"), "", ""},
		{"nobody", "", "", ""},
	}
	for _, tt := range tests {
		rec := read(t, map[string]string{"messages.xml": "<tumblr><conversations>" + tt.xml + "</conversations></tumblr>"}, importer.Options{Messages: true, Me: tt.me})
		var got []string
		for _, p := range rec.Posts {
			got = append(got, p.Text)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %q", tt.name, s)
		}
	}
}

func TestElements(t *testing.T) {
	in, err := newElements(strings.NewReader(`<a><b x="1"/><b>one<c></b></b><bb/><b>two</b></a>`), "b", "/a")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		e, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(e.raw))
	}
	want := []string{`<b x="1"/>`, "<b>one<c></b>", "<b>two</b>", "</a>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func seeds(f *testing.F, pattern string, add func(data []byte)) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "tumblr", pattern))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		add(data)
	}
}

func FuzzXML(f *testing.F) {
	seeds(f, "damaged/posts.xml", func(data []byte) { f.Add(string(data), false) })
	seeds(f, "messages/messages.xml", func(data []byte) { f.Add(string(data), true) })
	f.Fuzz(func(t *testing.T, data string, messages bool) {
		name := "posts.xml"
		if messages {
			name = "messages.xml"
		}
		members := map[string]string{name: "<tumblr>" + data, "posts/html/1.html": "<html></html>"}
		if err := read(t, members, importer.Options{Messages: true, Me: "t:AnnAnnAnn"}).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzPage(f *testing.F) {
	seeds(f, "*/posts/html/*.html", func(data []byte) { f.Add(string(data)) })
	f.Fuzz(func(t *testing.T, data string) {
		if err := read(t, map[string]string{"posts/html/1.html": data}, importer.Options{Me: "ann"}).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
