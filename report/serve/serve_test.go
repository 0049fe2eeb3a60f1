package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// fakeDesk is the rest of lookback for these tests.
type fakeDesk struct {
	s *store.Store

	mu    sync.Mutex
	hold  chan struct{} // Import waits for it, or for its end
	seen  map[string]string
	modes []os.FileMode
	dir   string
	how   Reading
	calls int
}

func (d *fakeDesk) Summary(ctx context.Context) (store.Summary, error) {
	return d.s.Summary(ctx, "rules")
}

func (d *fakeDesk) Import(ctx context.Context, dir string, files []string, how Reading, p Progress) ([]Outcome, error) {
	d.mu.Lock()
	d.calls++
	d.seen, d.dir, d.how, d.modes = map[string]string{}, dir, how, nil
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			d.mu.Unlock()
			return nil, err
		}
		d.seen[filepath.Base(f)] += string(b)
		for _, path := range []string{f, dir, filepath.Dir(dir)} {
			st, err := os.Stat(path)
			if err != nil {
				d.mu.Unlock()
				return nil, err
			}
			d.modes = append(d.modes, st.Mode().Perm())
		}
	}
	hold := d.hold
	d.mu.Unlock()
	p.Stage("Reading")
	p.Total(10)
	p.Add(4)
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return []Outcome{{Archive: "one.zip", Facts: []string{"3 texts read."}}, {Archive: "two.zip", Failed: true, Hint: "try another"}}, nil
}

type person struct {
	t    *testing.T
	s    *Server
	desk *fakeDesk
	st   *store.Store
	temp string
}

// rude are posts of which some say the same.
var rude = []string{"first bad words", "second bad words", "something worse", "bad words and worse", "nothing at all"}

func newPerson(t *testing.T, change ...func(*Options)) *person {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	fill(t, st, "a", rude)
	p := &person{t: t, st: st, desk: &fakeDesk{s: st}, temp: t.TempDir()}
	opt := Options{Reader: st, Decider: st, Desk: p.desk, TempDir: p.temp}
	for _, c := range change {
		c(&opt)
	}
	if p.s, err = New(opt, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.s.shut()
		p.s.working.Wait()
		_ = p.s.listener.Close() // Run may have closed it
	})
	return p
}

// fill imports posts and flags the words "bad words" and "worse" in them.
func fill(t testing.TB, st *store.Store, archive string, texts []string) {
	t.Helper()
	im, err := st.BeginImport(t.Context(), store.Archive{Name: archive + ".zip", Platform: "x", Digest: archive})
	if err != nil {
		t.Fatal(err)
	}
	defer im.Abort() // after Finish it does nothing
	err = im.Account(store.Account{Platform: "x", NativeID: "1", Handle: "ann"})
	for i, text := range texts {
		err = errors.Join(err, im.Post(store.Post{Key: archive + strconv.Itoa(i), Kind: store.KindPost, Own: true, Text: text,
			URL: "https://x.com/ann/status/" + strconv.Itoa(i), Created: time.Date(2015+i%3, 3, 1, 10, i, 0, 0, time.UTC)}))
	}
	if _, ferr := im.Finish(t.Context()); errors.Join(err, ferr) != nil {
		t.Fatal(err, ferr)
	}
	for batch, err := range st.Unscanned(t.Context(), "rules") {
		if err != nil {
			t.Fatal(err)
		}
		var done []store.Scanned
		for _, q := range batch {
			sc := store.Scanned{PostID: q.ID}
			for word, act := range map[string]store.Action{"bad words": store.ActionReview, "worse": store.ActionRemove} {
				if i := strings.Index(q.Text, word); i >= 0 {
					sc.Findings = append(sc.Findings, store.Finding{Rule: "respect." + word[:3] + ".x", Theme: "respect." + word[:3], Standards: []string{"2.10"},
						Action: act, Confidence: 0.5, Spans: []store.Span{{Start: i, End: i + len(word)}}, Why: "why", Advice: "advice"})
				}
			}
			done = append(done, sc)
		}
		if err := st.PutScanned(t.Context(), "rules", done); err != nil {
			t.Fatal(err)
		}
	}
}

// ask sends a request as a browser that has the cookie does.
func (p *person) ask(method, path string, body io.Reader, change ...func(*http.Request)) *http.Response {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, p.s.guard.origin()+path, body)
	r.RemoteAddr = "127.0.0.1:5"
	r.AddCookie(&http.Cookie{Name: p.s.guard.cookieName(), Value: p.s.guard.cookie})
	if method != http.MethodGet {
		r.Header.Set("Origin", p.s.guard.origin())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	p.s.handler.ServeHTTP(w, r)
	return w.Result()
}

func (p *person) post(path string, form url.Values) *http.Response {
	p.t.Helper()
	form.Set("form", p.s.guard.form)
	return p.ask(http.MethodPost, path, strings.NewReader(form.Encode()))
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// posts are the flagged posts by their text.
func (p *person) posts() map[string]store.Row {
	p.t.Helper()
	rows := map[string]store.Row{}
	for row, err := range p.st.Findings(p.t.Context(), store.Filter{}) {
		if err != nil {
			p.t.Fatal(err)
		}
		rows[row.Post.Text] = row
	}
	return rows
}

func (p *person) path(text string) string {
	p.t.Helper()
	row, ok := p.posts()[text]
	if !ok {
		p.t.Fatalf("%q is not flagged", text)
	}
	return "/post/" + strconv.FormatInt(row.Post.ID, 10)
}

// choices are what is decided, by text and theme.
func (p *person) choices() map[string]store.Choice {
	p.t.Helper()
	got := map[string]store.Choice{}
	for text, row := range p.posts() {
		for _, f := range row.Findings {
			if f.Choice != "" {
				got[text+"/"+f.Theme] = f.Choice
			}
		}
	}
	return got
}

func TestListensOnLoopbackOnly(t *testing.T) {
	p := newPerson(t)
	addr, ok := p.s.Addr().(*net.TCPAddr)
	if !ok || !addr.IP.IsLoopback() {
		t.Errorf("it listens on %v", p.s.Addr())
	}
	if _, err := New(p.s.opt, addr.Port); err == nil || !strings.Contains(err.Error(), strconv.Itoa(addr.Port)) {
		t.Errorf("a port that is taken: %v", err)
	}
}

func TestSecret(t *testing.T) {
	p := newPerson(t)
	now := time.Now()
	p.s.guard.now = func() time.Time { return now }
	once, late := p.s.guard.ticket(), p.s.guard.ticket()
	for _, tc := range []struct {
		name, path string
		later      time.Duration
		want       int
	}{
		{"the printed address", strings.TrimPrefix(p.s.URL(), p.s.guard.origin()), 0, 200},
		{"again", strings.TrimPrefix(p.s.URL(), p.s.guard.origin()), 0, 200},
		{"a ticket", "/open/" + once, 0, 200},
		{"a ticket again", "/open/" + once, 0, 403},
		{"a ticket too late", "/open/" + late, 2 * time.Minute, 403},
		{"a guess", "/open/" + strings.Repeat("A", 26), 0, 403},
		{"nothing", "/open/", 0, 403},
		{"part of it", "/open/" + p.s.guard.secret[:10], 0, 403},
		{"the cookie's value", "/open/" + p.s.guard.cookie, 0, 403},
	} {
		now = now.Add(tc.later)
		r := p.ask(http.MethodGet, tc.path, nil, func(r *http.Request) { r.Header.Del("Cookie") })
		if r.StatusCode != tc.want || (len(r.Cookies()) == 1) != (tc.want == 200) {
			t.Errorf("%s: %d with %d cookies, want %d", tc.name, r.StatusCode, len(r.Cookies()), tc.want)
		}
		if tc.want != 200 {
			continue
		}
		c := r.Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.Value != p.s.guard.cookie {
			t.Errorf("%s: the cookie is %+v", tc.name, c)
		}
		if b := bodyOf(t, r); !strings.Contains(b, `content="0; url=/"`) || strings.Contains(b, p.s.guard.secret) {
			t.Errorf("%s: the page does not lead on from the secret", tc.name)
		}
	}
	if r := p.ask(http.MethodPost, "/open/"+p.s.guard.secret, nil); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a secret that is posted: %d", r.StatusCode)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	p := newPerson(t)
	host := p.s.guard.origin()[len("http://"):]
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	at := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	form := "form=" + p.s.guard.form
	for _, tc := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		want                     int
	}{
		{"the person", "GET", "/", "", nil, 200},
		{"by its other name", "GET", "/", "", at("localhost:" + p.s.guard.port), 200},
		{"by a name of another's", "GET", "/", "", at("evil.example:" + p.s.guard.port), 421},
		{"by a name that only begins so", "GET", "/", "", at("127.0.0.1.evil.example:" + p.s.guard.port), 421},
		{"by another port", "GET", "/", "", at("127.0.0.1:1"), 421},
		{"by no port", "GET", "/", "", at("127.0.0.1"), 421},
		{"style by a name of another's", "GET", "/page/style.css", "", at("evil.example"), 421},
		{"no cookie", "GET", "/", "", set("Cookie", ""), 403},
		{"a wrong cookie", "GET", "/", "", set("Cookie", p.s.guard.cookieName()+"=x"), 403},
		{"the cookie of another port", "GET", "/", "", set("Cookie", "lookback-1="+p.s.guard.cookie), 403},
		{"style without a cookie", "GET", "/page/style.css", "", set("Cookie", ""), 200},
		{"events without a cookie", "GET", "/events?version=0", "", set("Cookie", ""), 403},
		{"a download without a cookie", "GET", "/export/csv", "", set("Cookie", ""), 403},
		{"a link from elsewhere", "GET", "/", "", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Sec-Fetch-Mode", "navigate")
		}, 200},
		{"a script from elsewhere", "GET", "/export/jsonl", "", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Sec-Fetch-Mode", "no-cors")
		}, 403},
		{"a server on another port", "GET", "/posts", "", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "same-site")
			r.Header.Set("Sec-Fetch-Mode", "cors")
		}, 403},
		{"a form", "POST", "/undo", form, nil, 303},
		{"a form of another page", "POST", "/undo", form, set("Origin", "https://evil.example"), 403},
		{"a form of another port", "POST", "/undo", form, set("Origin", "http://127.0.0.1:1"), 403},
		{"a form by another scheme", "POST", "/undo", form, set("Origin", "https://"+host), 403},
		{"a form of nobody's", "POST", "/undo", form, set("Origin", "null"), 403},
		{"a form without an origin", "POST", "/undo", form, func(r *http.Request) { r.Header.Del("Origin") }, 403},
		{"a form that says it is from elsewhere", "POST", "/undo", form, set("Sec-Fetch-Site", "cross-site"), 403},
		{"a form without its secret", "POST", "/undo", "", nil, 403},
		{"a form with a wrong secret", "POST", "/undo", "form=x", nil, 403},
		{"its secret in the address", "POST", "/undo?" + form, "", nil, 403},
		{"a form that is too large", "POST", "/undo", form + "&x=" + strings.Repeat("x", mostForm), nil, 400},
		{"deciding by a link", "GET", "/undo", "", nil, 404},
		{"another method", "PUT", "/posts", form, nil, 405},
		{"another method still", "DELETE", "/", "", nil, 405},
		{"style by another method", "POST", "/page/style.css", "", nil, 405},
		{"a page that is not there", "GET", "/etc/passwd", "", nil, 404},
		{"a file beside", "GET", "/page/serve.tmpl", "", nil, 404},
		{"a file above", "GET", "/page/../serve.go", "", nil, 404},
		{"a file above, in code", "GET", "/page/%2e%2e%2fserve.go", "", nil, 404},
		{"a form that is not there", "GET", "/export/exe", "", nil, 404},
		{"a download from above", "GET", "/export/..%2f..%2fetc%2fpasswd", "", nil, 404},
		{"a post that is not there", "GET", "/post/999999", "", nil, 404},
		{"a post that is no number", "GET", "/post/1%27%20OR%201=1", "", nil, 404},
		{"no version", "GET", "/events", "", nil, 400},
		{"a search that is gone", "GET", "/posts?search=abc", "", nil, 410},
	} {
		change := tc.change
		if change == nil {
			change = func(*http.Request) {}
		}
		r := p.ask(tc.method, tc.path, strings.NewReader(tc.body), change)
		if r.StatusCode != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, r.StatusCode, tc.want)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Access-Control-Allow-Origin": "",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", tc.name, name, got, want)
			}
		}
		if b := bodyOf(t, r); tc.want >= 400 && strings.Contains(b, "bad words") {
			t.Errorf("%s: the answer holds the text of a post", tc.name)
		}
	}
}

// TestPolicy: nothing inline, nothing from elsewhere.
func TestPolicy(t *testing.T) {
	if !strings.HasPrefix(policy, "default-src 'none'; ") {
		t.Errorf("the policy is %q", policy)
	}
	for _, bad := range []string{"unsafe", "http", "*", "data:", "blob:"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy allows %s", bad)
		}
	}
	p := newPerson(t)
	for _, path := range []string{"/", "/posts", p.path("something worse"), "/import"} {
		b := bodyOf(t, p.ask(http.MethodGet, path, nil))
		if strings.Count(b, "<script") != 1 || !strings.Contains(b, `<script src="/page/serve.js" defer></script>`) {
			t.Errorf("%s has other scripts than its own", path)
		}
		for _, bad := range []string{"<style", " style=", " onclick=", " onload=", "javascript:"} {
			if strings.Contains(b, bad) {
				t.Errorf("%s holds %s", path, bad)
			}
		}
	}
}

// TestNoTextInAddresses: a search is posted, and what it leads to does not say
// what it was.
func TestNoTextInAddresses(t *testing.T) {
	p := newPerson(t)
	r := p.post("/posts", url.Values{"words": {"bad words"}, "year": {"2015"}})
	to := r.Header.Get("Location")
	if r.StatusCode != http.StatusSeeOther || strings.Contains(to, "bad") || strings.Contains(to, "words") {
		t.Fatalf("the search leads to %d %s", r.StatusCode, to)
	}
	b := bodyOf(t, p.ask(http.MethodGet, to, nil))
	if !strings.Contains(b, "“bad words”, 2015") || strings.Contains(b, "something") {
		t.Error("the list does not show what was searched for")
	}
	for _, part := range strings.Split(b, `href="`)[1:] {
		if href, _, _ := strings.Cut(part, `"`); strings.Contains(href, "bad") {
			t.Errorf("a link holds the words: %s", href)
		}
	}
	if again := p.post("/posts", url.Values{"words": {"bad words"}, "year": {"2015"}}).Header.Get("Location"); again != to {
		t.Errorf("the same search leads to %s, before to %s", again, to)
	}
}

func TestSearchesAreForgotten(t *testing.T) {
	var f searches
	first := f.keep("first")
	for i := range keptSearches {
		f.keep(strconv.Itoa(i))
	}
	if _, ok := f.words(first); ok || len(f.by) != keptSearches {
		t.Errorf("%d searches are kept", len(f.by))
	}
}

func TestDecide(t *testing.T) {
	const one, two, worse, both = "first bad words", "second bad words", "something worse", "bad words and worse"
	for _, tc := range []struct {
		name, text string
		form       url.Values
		code       int
		want       map[string]store.Choice
	}{
		{"one", one, url.Values{"choice": {"remove"}}, 303, map[string]store.Choice{one + "/respect.bad": "remove"}},
		{"all with the same words", one, url.Values{"choice": {"not-an-issue"}, "group": {"1"}}, 303, map[string]store.Choice{one + "/respect.bad": "not-an-issue", two + "/respect.bad": "not-an-issue"}},
		{"keep", one, url.Values{"choice": {"keep"}, "reason": {"mine"}}, 303, map[string]store.Choice{one + "/respect.bad": "keep"}},
		{"keep without a reason", one, url.Values{"choice": {"keep"}, "reason": {"  "}}, 422, nil},
		{"everything in it", both, url.Values{"choice": {"done"}}, 303, map[string]store.Choice{both + "/respect.bad": "done", both + "/respect.wor": "done"}},
		{"one of two findings", both, url.Values{"choice": {"not-an-issue"}, "about": {"1"}}, 303, map[string]store.Choice{both + "/respect.bad": "not-an-issue"}},
		{"a post goes as a whole", both, url.Values{"choice": {"remove"}, "about": {"1"}}, 303, map[string]store.Choice{both + "/respect.bad": "remove", both + "/respect.wor": "remove"}},
		{"no such finding", both, url.Values{"choice": {"not-an-issue"}, "about": {"7"}}, 400, nil},
		{"a finding that is no number", both, url.Values{"choice": {"not-an-issue"}, "about": {"-1"}}, 400, nil},
		{"no choice", worse, url.Values{}, 400, nil},
		{"a choice that is none", worse, url.Values{"choice": {"burn"}}, 400, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPerson(t)
			r := p.post(p.path(tc.text), tc.form)
			if r.StatusCode != tc.code {
				t.Fatalf("%d, want %d", r.StatusCode, tc.code)
			}
			if tc.want == nil {
				tc.want = map[string]store.Choice{}
			}
			if diff := cmp.Diff(tc.want, p.choices()); diff != "" {
				t.Errorf("decided (-want +got):\n%s", diff)
			}
			if tc.code != 303 {
				return
			}
			if b := bodyOf(t, p.ask(http.MethodGet, r.Header.Get("Location"), nil)); !strings.Contains(b, `action="/undo" class="inline"`) {
				t.Error("the next page offers no undo")
			}
			r = p.post("/undo", url.Values{})
			if diff := cmp.Diff(map[string]store.Choice{}, p.choices()); diff != "" || !strings.HasPrefix(r.Header.Get("Location"), "/post/") {
				t.Errorf("after undo (-want +got):\n%s, led to %s", diff, r.Header.Get("Location"))
			}
			r = p.post("/undo", url.Values{})
			if b := bodyOf(t, p.ask(http.MethodGet, r.Header.Get("Location"), nil)); !strings.Contains(b, "There is nothing to undo.") {
				t.Error("a second undo does not say that there is nothing")
			}
		})
	}
}

// TestDecideLeadsOn: from each post to the next that waits, within what was
// chosen, and at the end back to the list.
func TestDecideLeadsOn(t *testing.T) {
	p := newPerson(t)
	at := p.ask(http.MethodGet, "/review?standard=2.10", nil).Header.Get("Location")
	var seen []string
	for range len(p.posts()) {
		path, _, _ := strings.Cut(at, "?")
		seen = append(seen, path)
		if !strings.Contains(at, "standard=2.10") {
			t.Errorf("%s has lost what was chosen", at)
		}
		at = p.post(path, url.Values{"choice": {"done"}, "standard": {"2.10"}}).Header.Get("Location")
	}
	if slices.Sort(seen); len(slices.Compact(seen)) != 4 {
		t.Errorf("it led to %v", seen)
	}
	if !strings.HasPrefix(at, "/posts?") {
		t.Errorf("at the end it leads to %s", at)
	}
	if b := bodyOf(t, p.ask(http.MethodGet, at, nil)); !strings.Contains(b, "Every post here is decided now.") || !strings.Contains(b, "0 left of 4") {
		t.Error("at the end it does not say so")
	}
	if to := p.ask(http.MethodGet, "/review", nil).Header.Get("Location"); to != "/posts" {
		t.Errorf("a review of nothing leads to %s", to)
	}
	// Without a filter the overview is the end.
	for range 2 {
		p.post("/undo", url.Values{})
	}
	for range 2 {
		path := p.ask(http.MethodGet, "/review", nil).Header.Get("Location")
		at = p.post(path, url.Values{"choice": {"done"}}).Header.Get("Location")
	}
	if !strings.HasPrefix(at, "/?") {
		t.Errorf("at the end of all it leads to %s", at)
	}
}

// form is an upload as a browser sends it.
type form struct {
	buf bytes.Buffer
	w   *multipart.Writer
}

func newForm() *form {
	f := &form{}
	f.w = multipart.NewWriter(&f.buf)
	return f
}

func (f *form) field(t *testing.T, name, value string) *form {
	t.Helper()
	if err := f.w.WriteField(name, value); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *form) file(t *testing.T, name, content string) *form {
	t.Helper()
	w, err := f.w.CreateFormFile("files", name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (p *person) upload(f *form, change ...func(*http.Request)) *http.Response {
	p.t.Helper()
	if err := f.w.Close(); err != nil {
		p.t.Fatal(err)
	}
	return p.ask(http.MethodPost, "/import", &f.buf, append(change, func(r *http.Request) { r.Header.Set("Content-Type", f.w.FormDataContentType()) })...)
}

// nothingLeft fails the test when a copy of an upload is still there.
func (p *person) nothingLeft() {
	p.t.Helper()
	p.s.working.Wait()
	left, err := os.ReadDir(p.temp)
	if err != nil || len(left) > 0 {
		p.t.Errorf("copies are left: %v %v", left, err)
	}
}

func TestUpload(t *testing.T) {
	p := newPerson(t)
	r := p.upload(newForm().field(t, "form", p.s.guard.form).field(t, "messages", "1").field(t, "me", " Ann ").field(t, "accounts", "x:@a, b").
		file(t, "../../etc/one.zip", "one").file(t, `C:\x\two.zip`, "two").file(t, "two.zip", "and two").file(t, "", "no name"))
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/import" {
		t.Fatalf("the upload leads to %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	p.nothingLeft()
	if diff := cmp.Diff(map[string]string{"one.zip": "one", "two.zip": "twoand two"}, p.desk.seen); diff != "" {
		t.Errorf("what came in (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Reading{Messages: true, Me: "Ann", Accounts: []string{"x:@a", "b"}}, p.desk.how); diff != "" {
		t.Errorf("how it is read (-want +got):\n%s", diff)
	}
	if runtime.GOOS != "windows" {
		for _, mode := range p.desk.modes {
			if mode&0o077 != 0 {
				t.Errorf("others can look at the copies: modes %v", p.desk.modes)
				break
			}
		}
	}
	b := bodyOf(t, p.ask(http.MethodGet, "/import", nil))
	for _, want := range []string{"one.zip", "3 texts read.", "What to do: try another."} {
		if !strings.Contains(b, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestUploadRefused(t *testing.T) {
	half := func(free int64) func(*Options) {
		return func(o *Options) { o.Free = func(string) (int64, error) { return free, nil } }
	}
	large := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		name   string
		opt    func(*Options)
		form   func(p *person) *form
		change func(*http.Request)
		want   int
	}{
		{"no secret", half(1 << 30), func(p *person) *form { return newForm().file(t, "a.zip", "a") }, nil, 403},
		{"a wrong secret", half(1 << 30), func(p *person) *form { return newForm().field(t, "form", "x").file(t, "a.zip", "a") }, nil, 403},
		{"the secret too late", half(1 << 30), func(p *person) *form {
			return newForm().file(t, "a.zip", "a").field(t, "form", p.s.guard.form)
		}, nil, 403},
		{"no file", half(1 << 30), func(p *person) *form { return newForm().field(t, "form", p.s.guard.form) }, nil, 400},
		{"more than half of what is free", half(8000), func(p *person) *form {
			return newForm().field(t, "form", p.s.guard.form).file(t, "a.zip", large)
		}, nil, 413},
		{"the same without saying so", half(8000), func(p *person) *form {
			return newForm().field(t, "form", p.s.guard.form).file(t, "a.zip", large)
		}, func(r *http.Request) { r.ContentLength = -1 }, 413},
		{"more than the limit in two files", func(o *Options) { o.MaxUpload = 9000 }, func(p *person) *form {
			return newForm().field(t, "form", p.s.guard.form).file(t, "a.zip", large).file(t, "b.zip", large)
		}, func(r *http.Request) { r.ContentLength = -1 }, 413},
		{"too many files", half(1 << 30), func(p *person) *form {
			f := newForm().field(t, "form", p.s.guard.form)
			for i := range mostFiles + 1 {
				f.file(t, strconv.Itoa(i)+".zip", "x")
			}
			return f
		}, nil, 413},
		{"cut off", half(1 << 30), func(p *person) *form {
			return newForm().field(t, "form", p.s.guard.form).file(t, "a.zip", large)
		}, func(r *http.Request) { r.Body = io.NopCloser(io.LimitReader(r.Body, 3000)) }, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPerson(t, tc.opt)
			var change []func(*http.Request)
			if tc.change != nil {
				change = append(change, tc.change)
			}
			r := p.upload(tc.form(p), change...)
			if r.StatusCode != tc.want {
				t.Errorf("%d, want %d", r.StatusCode, tc.want)
			}
			p.nothingLeft()
			if p.desk.calls != 0 {
				t.Error("it was read all the same")
			}
			// What was refused does not stand in the way of the next.
			r = p.upload(newForm().field(t, "form", p.s.guard.form).file(t, "good.zip", "x"))
			if r.StatusCode != http.StatusSeeOther {
				t.Errorf("the next upload: %d", r.StatusCode)
			}
			p.nothingLeft()
		})
	}
}

// TestUploadOfNothing: a form of another kind is no upload.
func TestUploadOfNothing(t *testing.T) {
	p := newPerson(t)
	if r := p.post("/import", url.Values{"files": {"a.zip"}}); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a plain form: %d", r.StatusCode)
	}
	p.nothingLeft()
}

// TestOneUploadAtATime: a second one waits for the first, and the end of the
// program ends it and removes the copy.
func TestOneUploadAtATime(t *testing.T) {
	p := newPerson(t)
	p.desk.hold = make(chan struct{})
	if r := p.upload(newForm().field(t, "form", p.s.guard.form).file(t, "a.zip", "a")); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first: %d", r.StatusCode)
	}
	r := p.upload(newForm().field(t, "form", p.s.guard.form).file(t, "b.zip", "b"), func(r *http.Request) { r.Header.Set("Accept", "text/plain") })
	if b := bodyOf(t, r); r.StatusCode != http.StatusConflict || !strings.HasPrefix(b, "Other archives are being read.") {
		t.Errorf("the second: %d %s", r.StatusCode, b)
	}
	for {
		if b := bodyOf(t, p.ask(http.MethodGet, "/import", nil)); strings.Contains(b, `value="40"`) && strings.Contains(b, `data-running="true"`) {
			break
		}
		time.Sleep(time.Millisecond) // until the reading has begun; the test's own limit ends this
	}
	p.s.shut()
	p.nothingLeft()
	if b := bodyOf(t, p.ask(http.MethodGet, "/import", nil)); !strings.Contains(b, "Reading was broken off.") {
		t.Error("the page does not say that it was broken off")
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"twitter-2026-11-01-abc.zip": "twitter-2026-11-01-abc.zip", "../../etc/passwd": "passwd", `..\..\boot.ini`: "boot.ini", "..": "upload", ".": "upload", "": "upload",
		"/": "upload", "a/": "upload", "CON:": "CON_", "a\x00b\n.zip": "a_b_.zip", "x.zip. .": "x.zip", "mydata~1-2.zip": "mydata~1-2.zip", "📦 Übung.zip": "📦 Übung.zip",
		strings.Repeat("é", 200) + ".zip":      strings.Repeat("é", 58) + ".zip",
		strings.Repeat("a", 200):               strings.Repeat("a", mostName),
		"a." + strings.Repeat("b", 2*mostName): "a." + strings.Repeat("b", mostName-2),
		"\u202egpj.zip":                        "\u202egpj.zip", "-rf.zip": "-rf.zip",
	} {
		if got := safeName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// TestBookFollows: the book sees what others decide, and knows when the posts
// themselves are others.
func TestBookFollows(t *testing.T) {
	p := newPerson(t)
	first, err := p.s.book.now(t.Context())
	if err != nil || first.total != 4 || first.decided != 0 {
		t.Fatalf("%d of %d decided: %v", first.decided, first.total, err)
	}
	row := p.posts()["something worse"]
	f := row.Findings[0]
	d := store.Decision{AccountID: row.Account.ID, PostKey: row.Post.Key, Theme: f.Theme, WordsHash: f.WordsHash, Choice: store.ChoiceRemove}
	if err := p.st.PutDecision(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	n, err := p.s.book.since(t.Context(), first.version, true)
	if err != nil {
		t.Fatal(err)
	}
	want := news{Version: first.version + 1, Decided: 1, Total: 4, Posts: []newsPost{{row.Post.ID, "remove", "to be removed"}}}
	if diff := cmp.Diff(want, n); diff != "" {
		t.Errorf("news (-want +got):\n%s", diff)
	}
	if first.byID[row.Post.ID].decision != "" {
		t.Error("an earlier view has changed")
	}
	if n, err = p.s.book.since(t.Context(), n.Version, true); err != nil || len(n.Posts) != 0 || n.Stale {
		t.Errorf("nothing is new, and it says %+v: %v", n, err)
	}
	fill(t, p.st, "later", []string{"more bad words"})
	if n, err = p.s.book.since(t.Context(), n.Version, true); err != nil || !n.Stale || n.Total != 5 || n.Decided != 1 {
		t.Errorf("new posts: %+v: %v", n, err)
	}
}

// TestBookWaits: while archives are read it is not read anew for every tab.
func TestBookWaits(t *testing.T) {
	p := newPerson(t)
	first, err := p.s.book.since(t.Context(), 0, false)
	if err != nil || first.Total != 4 {
		t.Fatalf("a book that was never read has %d posts: %v", first.Total, err)
	}
	fill(t, p.st, "later", []string{"more bad words"})
	if n, err := p.s.book.since(t.Context(), first.Version, false); err != nil || n.Total != 4 {
		t.Errorf("without a look there are %d posts, want 4: %v", n.Total, err)
	}
	if n, err := p.s.book.since(t.Context(), first.Version, true); err != nil || n.Total != 5 {
		t.Errorf("with a look there are %d posts, want 5: %v", n.Total, err)
	}
}

// TestLargeGroup: of many posts with the same words some are shown, and all
// are decided.
func TestLargeGroup(t *testing.T) {
	p := newPerson(t)
	var texts []string
	for i := range perPage + 20 {
		texts = append(texts, fmt.Sprintf("%d worse", i))
	}
	fill(t, p.st, "many", texts)
	path := p.path("something worse")
	if b := bodyOf(t, p.ask(http.MethodGet, path, nil)); !strings.Contains(b, "And 20 more.") || !strings.Contains(b, "71 posts with the same flagged words") {
		t.Error("the group does not say how large it is")
	}
	to := p.post(path, url.Values{"choice": {"done"}, "group": {"1"}}).Header.Get("Location")
	if len(p.choices()) != 71 || !strings.Contains(to, "n=71") {
		t.Errorf("%d are decided, and it leads to %s", len(p.choices()), to)
	}
}

// TestOverview says what is left out, and what an upload may have.
func TestOverview(t *testing.T) {
	p := newPerson(t, func(o *Options) { o.Free = func(string) (int64, error) { return 5000, nil } })
	p.post(p.path("something worse"), url.Values{"choice": {"keep"}, "reason": {"mine"}})
	if _, err := p.st.Allow(t.Context(), store.Allowed{Kind: store.AllowWord, Value: "bad words"}); err != nil {
		t.Fatal(err)
	}
	b := bodyOf(t, p.ask(http.MethodGet, "/", nil))
	for _, want := range []string{"Your allow list leaves out 3 findings.", `<a href="/posts?decision=keep">1 kept</a>`, "1 left of 2", "Everything that was to be read could be read."} {
		if !strings.Contains(b, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
	if b := bodyOf(t, p.ask(http.MethodGet, "/import", nil)); !strings.Contains(b, `data-room="2500"`) {
		t.Error("the form does not know how much room there is")
	}
}

func TestFlash(t *testing.T) {
	for query, want := range map[string]string{
		"": "", "did=burn&n=1": "", "did=keep&n=-1": "", "did=keep&n=1": "1 post is kept.", "did=remove&n=1200": "1,200 posts are noted for removal.",
		"did=keep&n=0": "That was decided so already.", "did=undone&n=0": "The last decision is undone.", "did=undone&n=2": "2 posts are as they were before.",
		"did=nothing": "There is nothing to undo.", "did=done&n=1&end=1": "1 post is done. Every post here is decided now.", "did=<script>&n=1": "",
	} {
		got := flashOf(&http.Request{URL: &url.URL{RawQuery: query}})
		if (got == nil) != (want == "") || got != nil && got.Text != want {
			t.Errorf("%s: %+v, want %q", query, got, want)
		}
	}
}

func TestBookForgetsOldChanges(t *testing.T) {
	b := newBook(nil)
	choices := [2]store.Choice{store.ChoiceKeep, store.ChoiceDone}
	for i := range keptChanges + 10 {
		b.replace([]*item{{id: 1, subjects: []subject{{choice: choices[i%2], asks: true}}, decision: choices[i%2]}})
	}
	if len(b.changes) != keptChanges || b.shape < 9 {
		t.Errorf("%d changes are kept, the page of version %d is stale", len(b.changes), b.shape)
	}
}

func TestDecisionOf(t *testing.T) {
	for _, tc := range []struct {
		list []subject
		want store.Choice
	}{
		{nil, ""},
		{[]subject{{asks: true}}, ""},
		{[]subject{{asks: true, choice: store.ChoiceKeep}, {asks: true}}, ""},
		{[]subject{{asks: true, choice: store.ChoiceKeep}, {asks: false}}, store.ChoiceKeep},
		{[]subject{{asks: true, choice: store.ChoiceNotIssue}, {asks: true, choice: store.ChoiceKeep}}, store.ChoiceKeep},
		{[]subject{{asks: true, choice: store.ChoiceDone}, {asks: true, choice: store.ChoiceRemove}, {asks: true, choice: store.ChoiceKeep}}, store.ChoiceRemove},
	} {
		if got := decisionOf(tc.list); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.list, got, tc.want)
		}
	}
}

func TestNext(t *testing.T) {
	list := []*item{{place: 2}, {place: 5, decision: store.ChoiceKeep}, {place: 9}, {place: 12, decision: store.ChoiceDone}}
	for from, want := range map[int]int{-1: 2, 1: 2, 2: 9, 3: 9, 5: 9, 9: 2, 12: 2, 99: 2} {
		if got := next(list, from); got == nil || got.place != want {
			t.Errorf("behind %d comes %+v, want %d", from, got, want)
		}
	}
	if got := next(list[1:2], 0); got != nil {
		t.Errorf("behind all that is decided comes %+v", got)
	}
	if got := next(nil, 0); got != nil {
		t.Errorf("of nothing comes %+v", got)
	}
}

// TestExports: each form is a download of its own, filtered when asked for.
func TestExports(t *testing.T) {
	p := newPerson(t)
	for format, name := range map[string]string{"csv": "findings.csv", "html": "report.html", "jsonl": "findings.jsonl", "md": "record.md"} {
		for _, query := range []string{"", "?theme=respect.bad"} {
			r := p.ask(http.MethodGet, "/export/"+format+query, nil)
			b := bodyOf(t, r)
			if r.StatusCode != 200 || r.Header.Get("Content-Disposition") != `attachment; filename="`+name+`"` {
				t.Errorf("%s: %d %s", format, r.StatusCode, r.Header.Get("Content-Disposition"))
			}
			if got, want := strings.Contains(b, "something worse"), format != "md" && query == ""; got != want {
				t.Errorf("%s%s holds what is to be left out, or not what is to be in it", format, query)
			}
		}
	}
}

// TestEvents: a tab hears at once where it stands, and then of every change,
// and the end of the program ends it.
func TestEvents(t *testing.T) {
	p := newPerson(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.s.Run(ctx) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.s.guard.origin()+"/events?version=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: p.s.guard.cookieName(), Value: p.s.guard.cookie})
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("the events come as %q", got)
	}
	lines := bufio.NewScanner(resp.Body)
	hear := func() (n news) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &n); err != nil {
					t.Fatal(err)
				}
				return n
			}
		}
		t.Fatalf("the events ended: %v", lines.Err())
		return n
	}
	if n := hear(); n.Total != 4 || n.Decided != 0 {
		t.Errorf("at first it hears %+v", n)
	}
	row := p.posts()["something worse"]
	if got := p.post("/post/"+strconv.FormatInt(row.Post.ID, 10), url.Values{"choice": {"done"}}); got.StatusCode != 303 {
		t.Fatal(got.Status)
	}
	if n := hear(); n.Decided != 1 || len(n.Posts) != 1 || n.Posts[0] != (newsPost{row.Post.ID, "done", "done"}) {
		t.Errorf("of the decision it hears %+v", n)
	}
	if got := p.upload(newForm().field(t, "form", p.s.guard.form).file(t, "a.zip", "a")); got.StatusCode != 303 {
		t.Fatal(got.Status)
	}
	for n := hear(); n.Import == nil || n.Import.Running; n = hear() {
		if n.Import != nil && n.Import.Percent > 100 {
			t.Errorf("it hears of %d %%", n.Import.Percent)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("at the end: %v", err)
	}
	if lines.Scan() && strings.HasPrefix(lines.Text(), "data") {
		t.Error("events come after the end")
	}
}

// brokenReader is a store that fails.
type brokenReader struct {
	*store.Store
	err error
}

func (b brokenReader) Stamp(context.Context) (string, error) { return "", b.err }

func TestFailures(t *testing.T) {
	for _, tc := range []struct {
		err  error
		code int
		want []string
	}{
		{errors.New("the disk is on fire"), 500, []string{"The disk is on fire."}},
		{fmt.Errorf("reading: %w", &store.HintError{Err: store.ErrCorrupt, Hint: "move the `file` away"}), 500, []string{"The store is damaged.", "Move the file away."}},
	} {
		p := newPerson(t, func(o *Options) { o.Reader = brokenReader{o.Reader.(*store.Store), tc.err} })
		r := p.ask(http.MethodGet, "/", nil)
		b := bodyOf(t, r)
		for _, want := range tc.want {
			if r.StatusCode != tc.code || !strings.Contains(b, want) {
				t.Errorf("%v: %d without %q", tc.err, r.StatusCode, want)
			}
		}
	}
}

// TestFacets: each filter offers what the posts have, and no more.
func TestFacets(t *testing.T) {
	p := newPerson(t)
	v, err := p.s.book.now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, f := range facets(&store.Summary{}, v.items, chosen{Year: "2016"}) {
		for _, o := range f.Options {
			label := o.Label
			if o.Chosen {
				label += "*"
			}
			got[f.Name] = append(got[f.Name], label)
		}
	}
	want := map[string][]string{
		"decision": {"Not decided", "To be removed", "Kept", "Not an issue", "Done"}, "action": {"Remove", "Review"}, "standard": {"2.10"},
		"theme": {"respect.bad", "respect.wor"}, "year": {"2017", "2016*", "2015"}, "platform": {"X"}, "kind": {"Post"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facets (-want +got):\n%s", diff)
	}
	var named []string
	for _, f := range (&chosen{}).fields() {
		named = append(named, f.name)
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if !slices.Contains(named, name) {
			t.Errorf("the filter %s does not stand in addresses", name)
		}
	}
}
