//go:build !nonetwork

package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/mastodon"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

const annAccount = `{"id":"7","username":"ann","acct":"ann","display_name":"Ann Example","uri":"https://m.example/users/ann","url":"https://m.example/@ann",` +
	`"note":"<p>Trainee ODP<br>&amp; baker</p>","created_at":"2017-04-05T00:00:00.000Z","statuses_count":%d,` +
	`"fields":[{"name":"Where","value":"<a href=\"https://hull.example\">Hull</a>","verified_at":null}]%s}`

// instance serves ann's account with statuses, newest first, in pages as a
// server of Mastodon does.
func instance(statuses []json.RawMessage, more string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		q := req.URL.Query()
		switch req.URL.Path {
		case "/m.example/api/v1/accounts/lookup":
			if q.Get("acct") != "ann" {
				reply(w, 404, `{"error":"Record not found"}`)
				return
			}
			reply(w, 200, fmt.Sprintf(annAccount, len(statuses), more))
		case "/m.example/api/v1/accounts/7/statuses":
			limit, _ := strconv.Atoi(q.Get("limit"))
			from := 0
			if id := q.Get("max_id"); id != "" {
				from = slices.IndexFunc(statuses, func(s json.RawMessage) bool { return idOf(s) == id }) + 1
			}
			page := statuses[from:min(len(statuses), from+limit)]
			if len(page) > 0 {
				w.Header().Add("Link", fmt.Sprintf(`<https://m.example/api/v1/accounts/7/statuses?limit=40&max_id=%s>; rel="next", <https://m.example/api/v1/accounts/7/statuses?min_id=%s>; rel="prev"`,
					idOf(page[len(page)-1]), idOf(page[0])))
			}
			b, _ := json.Marshal(append([]json.RawMessage{}, page...))
			reply(w, 200, string(b))
		default:
			reply(w, 404, `{"error":"The page you were looking for doesn't exist"}`)
		}
	}
}

func idOf(s json.RawMessage) string {
	var v struct{ ID string }
	_ = json.Unmarshal(s, &v)
	return v.ID
}

// plainStatuses are n public posts, newest first.
func plainStatuses(n int) (list []json.RawMessage) {
	for i := n; i > 0; i-- {
		id := 109300000000000000 + i
		list = append(list, json.RawMessage(fmt.Sprintf(`{"id":"%d","uri":"https://m.example/users/ann/statuses/%d","url":"https://m.example/@ann/%d",`+
			`"created_at":"2022-11-06T13:00:00.000Z","visibility":"public","content":"<p>post %d</p>","spoiler_text":""}`, id, id, id, i)))
	}
	return list
}

func TestMastodonPages(t *testing.T) {
	s := newStage(t, instance(plainStatuses(95), ""))
	r, res, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(s.seen()); got != 1+4 { // 40, 40, 15, none
		t.Errorf("asked %d times", got)
	}
	if len(r.Posts) != 95+3 || s.total != 95 || s.added != 95 || res.Incomplete || res.Layout != "mastodon-live" {
		t.Errorf("%d posts, progress %d of %d, %+v", len(r.Posts), s.added, s.total, res)
	}
	want := store.Account{Platform: "mastodon", NativeID: "https://m.example/users/ann", Handle: "ann@m.example", Name: "Ann Example"}
	got := r.Accounts[0]
	got.Created = want.Created
	if !cmp.Equal(got, want) {
		t.Errorf("account %+v", got)
	}
	if bio := r.post(t, "bio:description"); bio.Text != "Trainee ODP\n& baker" || bio.Kind != store.KindBio {
		t.Errorf("bio %+v", bio)
	}
	if field := r.post(t, "bio:field:1"); !strings.HasPrefix(field.Text, "Where: ") || !strings.Contains(field.Text, "Hull") {
		t.Errorf("field %q", field.Text)
	}
	if !r.Facts[0].Partial || !r.hasNote("public-only") || s.seen()[0].Header.Get("Authorization") != "" {
		t.Errorf("facts %+v", r.Facts)
	}
}

// TestMastodonKeys: the keys are those of the archive's outbox.
func TestMastodonKeys(t *testing.T) {
	outbox, err := os.ReadFile(filepath.Join("..", "..", "testdata", "mastodon", "page", "outbox.json"))
	if err != nil {
		t.Fatal(err)
	}
	var archive importertest.Recorder
	if err := mastodon.New().Import(t.Context(), memory{"outbox.json": outbox}, importer.Options{Me: "ann@m.example"}, &archive); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, instance(plainStatuses(2), ""))
	r, _, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Posts[0]
	got := r.post(t, want.Key)
	got.Text = want.Text // these two are different posts otherwise
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-archive +live)\n%s", diff)
	}
}

// TestMastodonAgreesWithFiles: the answers of the API give the posts that the
// importer makes of the same answers in a file: boosts, warnings, polls, alt
// texts, quotations and audiences included.
func TestMastodonAgreesWithFiles(t *testing.T) {
	const name = "m.example.user.ann.json"
	file, err := os.ReadFile(filepath.Join("..", "..", "testdata", "mastodon", "tool", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, messages := range []bool{false, true} {
		var want importertest.Recorder
		if err := mastodon.New().Import(t.Context(), memory{name: file}, importer.Options{Messages: messages}, &want); err != nil {
			t.Fatal(err)
		}
		var content struct{ Statuses []json.RawMessage }
		if err := json.Unmarshal(file, &content); err != nil {
			t.Fatal(err)
		}
		s := newStage(t, instance(content.Statuses, ""))
		got, _, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{Credential: secret, Messages: messages})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, p := range want.Posts {
			if p.Kind == store.KindBio || strings.HasPrefix(p.Key, "like:") || strings.HasPrefix(p.Key, "bookmark:") {
				continue
			}
			n++
			if diff := cmp.Diff(p, got.post(t, p.Key)); diff != "" {
				t.Errorf("(-file +live)\n%s", diff)
			}
		}
		if n < 5 {
			t.Errorf("only %d posts to compare", n)
		}
		for _, req := range s.seen() {
			if req.Header.Get("Authorization") != "Bearer "+secret {
				t.Error("the token was not sent")
			}
		}
	}
}

func TestMastodonLinkHeader(t *testing.T) {
	for _, c := range []struct {
		links []string
		want  string
	}{
		{nil, "9"},
		{[]string{`<https://m.example/x?max_id=5>; rel="next"`}, "5"},
		{[]string{`<https://m.example/x?min_id=8>; rel="prev", <https://evil.example/steal?max_id=5&limit=1>; rel="next"`}, "5"},
		{[]string{`<https://m.example/x?min_id=8>; rel="prev"`, `<https://m.example/x?max_id=4>; rel=next`}, "4"},
		{[]string{`<https://m.example/x?min_id=8>; rel="prev"`}, ""},
		{[]string{`nonsense`}, ""},
		{[]string{`<https://m.example/%zz?max_id=4>; rel="next"`}, "9"},
	} {
		if got := nextMaxID(http.Header{"Link": c.links}, "9"); got != c.want {
			t.Errorf("%q leads to %q, want %q", c.links, got, c.want)
		}
	}
}

// TestMastodonGoesNowhereElse: an address in the header names only a number.
func TestMastodonGoesNowhereElse(t *testing.T) {
	pages := instance(plainStatuses(3), "")
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("max_id") != "" {
			reply(w, 200, "[]")
			return
		}
		if strings.HasSuffix(req.URL.Path, "/statuses") {
			b, _ := json.Marshal(plainStatuses(3))
			w.Header().Set("Link", `<http://169.254.169.254/?max_id=77>; rel="next"`)
			reply(w, 200, string(b))
			return
		}
		pages(w, req)
	})
	if _, _, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{}); err != nil {
		t.Fatal(err)
	}
	last := s.seen()[2].URL
	if last.Path != "/m.example/api/v1/accounts/7/statuses" || last.Query().Get("max_id") != "77" {
		t.Errorf("went to %s", last)
	}
	// The same page for ever.
	s = newStage(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Link", `<https://m.example/?max_id=77>; rel="next"`)
		instance(plainStatuses(3), "")(headers{w}, req)
	})
	if _, _, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{}); err != nil || len(s.seen()) > 4 {
		t.Errorf("asked %d times, %v", len(s.seen()), err)
	}
}

// headers keeps what was set first.
type headers struct{ http.ResponseWriter }

func (h headers) Header() http.Header {
	if h.ResponseWriter.Header().Get("Link") != "" {
		return http.Header{}
	}
	return h.ResponseWriter.Header()
}

func TestMastodonRefusals(t *testing.T) {
	for _, c := range []struct {
		status            int
		kind, body, token string
		words             string
	}{
		{401, "", `{"error":"This API requires an authenticated user"}`, "", "shows posts only to those who are signed in"},
		{403, "", `{"error":"forbidden"}`, "", "shows posts only to those who are signed in"},
		{401, "", `{"error":"The access token is invalid"}`, secret, "does not accept the token"},
		{403, "", `{"error":"This action is outside the authorized scopes"}`, secret, "does not allow the token"},
		{404, "", `{"error":"Record not found"}`, "", "knows no account @ann"},
		{404, "text/html", `<h1>Not found</h1>`, "", "does not speak Mastodon's language"},
		{410, "", `{"error":"gone"}`, "", "deleted or suspended"},
		{418, "", `{}`, "", "status 418"},
		{503, "", `{}`, "", "out of order"},
		{200, "text/html", `<html>`, "", "a page for people"},
		{200, "", `{"username":"ann"}`, "", "not what the service describes"},
		{200, "", `{"id":"../../admin","username":"ann"}`, "", "not what the service describes"},
		{200, "", `{"id":"7","username":"an`, "", "not what the service describes"},
	} {
		s := newStage(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if c.kind != "" {
				w.Header().Set("Content-Type", c.kind)
			}
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		r, _, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{Credential: c.token})
		wantError(t, err, c.words)
		if len(r.Accounts)+len(r.Posts)+len(r.Facts) > 0 {
			t.Errorf("%d %s: something was handed over", c.status, c.body)
		}
	}
}

func TestMastodonRedirectNamesServer(t *testing.T) {
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, "https://social.m.example/api/v1/accounts/lookup?acct=ann", http.StatusMovedPermanently)
	})
	_, _, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{})
	wantError(t, err, "mastodon:@ann@social.m.example")
}

// TestMastodonBrokenPosts: a broken post costs itself, a broken page what
// follows it.
func TestMastodonBrokenPosts(t *testing.T) {
	list := plainStatuses(2)
	odd := fmt.Sprintf(`[%s,{"content":"<p>no id</p>"},"nonsense",%s]`, list[0], list[1])
	account := instance(nil, `,"moved":{"acct":"ann@new.example","url":"https://new.example/@ann"}`)
	serve := func(body string) *stage {
		return newStage(t, func(w http.ResponseWriter, req *http.Request) {
			switch {
			case !strings.HasSuffix(req.URL.Path, "/statuses"):
				account(w, req)
			case req.URL.Query().Get("max_id") != "":
				reply(w, 200, "[]")
			default:
				reply(w, 200, body)
			}
		})
	}
	r, res, err := serve(odd).read(t.Context(), "mastodon:@ann@m.example", Options{})
	if err != nil || len(r.Skips) != 2 || len(r.Posts) != 2+3 || !res.Incomplete || !r.hasNote("moved") {
		t.Errorf("%d posts, skips %+v, %+v, %v", len(r.Posts), r.Skips, res, err)
	}
	r, _, err = serve(odd[:len(odd)-40]).read(t.Context(), "mastodon:@ann@m.example", Options{})
	wantError(t, err, "not what the service describes")
	if len(r.Posts) != 1+3 {
		t.Errorf("kept %d posts", len(r.Posts))
	}
	_, _, err = serve(`{"error":"no list"}`).read(t.Context(), "mastodon:@ann@m.example", Options{})
	wantError(t, err, "not what the service describes")
}

func FuzzMastodon(f *testing.F) {
	page, err := json.Marshal(plainStatuses(2))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(fmt.Sprintf(annAccount, 2, "")), page)
	f.Add([]byte(`{"id":"7","username":"a","moved":{"url":"x"}}`), []byte(`[{"id":"1","reblog":{"reblog":{}}}]`))
	f.Fuzz(func(t *testing.T, account, page []byte) {
		s := quickStage(t, func(w http.ResponseWriter, req *http.Request) {
			if strings.HasSuffix(req.URL.Path, "/lookup") {
				_, _ = w.Write(account)
				return
			}
			w.Header().Set("Link", "<>; rel=prev")
			_, _ = w.Write(page)
		})
		r, res, err := s.read(t.Context(), "mastodon:@ann@m.example", Options{})
		if err == nil && len(r.Accounts) == 0 || res.Posts != len(r.Posts) || len(s.seen()) > 2 {
			t.Errorf("%d accounts, %d posts, asked %d times, %v", len(r.Accounts), len(r.Posts), len(s.seen()), err)
		}
	})
}
