//go:build !nonetwork

package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/x"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

const xOwner = `{"id":42,"id_str":"42","screen_name":"kit_hale","name":"Kit Hale","description":"Student nurse &amp; runner","location":"Leeds","created_at":"Tue Mar 01 10:00:00 +0000 2011","statuses_count":%d}`

// timelineOf serves posts with the ids 10*n, newest first, as X's API does:
// at most count, none newer than max_id, and never more than 3,200.
func timelineOf(posts int) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		q := req.URL.Query()
		if req.URL.Path != "/api.twitter.com/1.1/statuses/user_timeline.json" || req.Header.Get("Authorization") != "Bearer "+secret {
			reply(w, 404, `{"errors":[{"code":34,"message":"Sorry, that page does not exist."}]}`)
			return
		}
		count, _ := strconv.Atoi(q.Get("count"))
		top := posts
		if id, err := strconv.Atoi(q.Get("max_id")); err == nil {
			top = id / 10
		}
		var page []string
		for n := top; n > max(0, posts-xLimit) && len(page) < count; n-- {
			page = append(page, fmt.Sprintf(`{"id":%d,"id_str":"%d","created_at":"Wed Aug 05 10:00:00 +0000 2009","full_text":"post %d","user":`+xOwner+`}`, n*10, n*10, n, posts))
		}
		reply(w, 200, "["+strings.Join(page, ",")+"]")
	}
}

func TestXPages(t *testing.T) {
	s := newStage(t, timelineOf(450))
	r, res, err := s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(s.seen()); got != 4 { // 200, 200, 50, none
		t.Errorf("asked %d times", got)
	}
	q := s.seen()[0].URL.Query()
	if q.Get("tweet_mode") != "extended" || q.Get("include_rts") != "true" || q.Get("screen_name") != "kit_hale" || q.Get("count") != "200" {
		t.Errorf("asked for %v", q)
	}
	keys := r.Keys()
	if n := len(slices.Compact(slices.Sorted(slices.Values(keys)))); n != len(keys) || n != 450+3 {
		t.Errorf("%d posts with %d keys", len(keys), n)
	}
	if s.total != 450 || s.added != 450 || res.Posts != 453 || res.Incomplete || res.Layout != "x-live" || res.Bytes == 0 || !res.Started.Equal(start) {
		t.Errorf("progress %d of %d, result %+v", s.added, s.total, res)
	}
	want := store.Account{Platform: "x", NativeID: "42", Handle: "kit_hale", Name: "Kit Hale", Created: time.Date(2011, 3, 1, 10, 0, 0, 0, time.UTC)}
	if len(r.Accounts) != 1 || !cmp.Equal(r.Accounts[0], want) {
		t.Errorf("accounts %+v", r.Accounts)
	}
	if got := r.post(t, "bio:description").Text; got != "Student nurse & runner" {
		t.Errorf("bio %q", got)
	}
	if !r.Facts[0].Partial || r.hasNote("newest-only") || !r.hasNote("live") {
		t.Errorf("facts %+v", r.Facts)
	}
}

func TestXLimit(t *testing.T) {
	s := newStage(t, timelineOf(5000))
	r, _, err := s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.seen()) != 16 || len(r.Posts) != 3200+3 || s.total != 3200 || !r.hasNote("newest-only") {
		t.Errorf("asked %d times, got %d posts of %d", len(s.seen()), len(r.Posts), s.total)
	}
	r.post(t, "tweet:"+strconv.Itoa(1801*10))
}

func TestXLimitOfRequests(t *testing.T) {
	pages := timelineOf(450)
	calls := 0
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		switch calls++; calls {
		case 1:
			w.Header().Set("x-rate-limit-remaining", "0")
		case 3:
			w.Header().Set("x-rate-limit-reset", strconv.FormatInt(start.Add(30*time.Minute).Unix(), 10))
			reply(w, 429, `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`)
			return
		}
		w.Header().Set("x-rate-limit-reset", strconv.FormatInt(start.Add(15*time.Minute).Unix(), 10))
		pages(w, req)
	})
	r, _, err := s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
	if err != nil || len(r.Posts) != 453 {
		t.Fatalf("got %d posts, %v", len(r.Posts), err)
	}
	want := []string{"X 09:45:00", "X goes on", "X 10:00:00", "X goes on"}
	if !slices.Equal(s.waits, want) {
		t.Errorf("waited %v, want %v", s.waits, want)
	}
}

// TestXAgreesWithArchive: what the API tells of a post and what the archive
// tells of it become the same post.
func TestXAgreesWithArchive(t *testing.T) {
	api, err := os.ReadFile(filepath.Join("testdata", "x-timeline.json"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile(filepath.Join("testdata", "x-archive.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("max_id") != "" {
			reply(w, 200, "[]")
			return
		}
		reply(w, 200, string(api))
	})
	live, res, err := s.read(t.Context(), "x:kit_hale", Options{Credential: secret})
	if err != nil || res.Incomplete {
		t.Fatal(res, err)
	}
	var archive importertest.Recorder
	files := memory{
		"data/account.js": []byte(`window.YTD.account.part0 = [{"account":{"accountId":"42","username":"kit_hale","accountDisplayName":"Kit Hale","createdAt":"2011-03-01T10:00:00.000Z"}}]`),
		"data/profile.js": []byte(`window.YTD.profile.part0 = [{"profile":{"description":{"bio":"Student nurse &amp; runner","location":"Leeds"}}}]`),
		"data/tweets.js":  append([]byte("window.YTD.tweets.part0 = "), rows...),
	}
	if err := x.New().Import(t.Context(), files, importer.Options{}, &archive); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(archive.Accounts[0], live.Accounts[0]); diff != "" {
		t.Errorf("accounts differ (-archive +live):\n%s", diff)
	}
	for _, want := range archive.Posts {
		got := live.post(t, want.Key)
		if want.Kind == store.KindRepost {
			if !want.Truncated || got.Truncated || got.Author != want.Author || !strings.HasPrefix(got.Text, strings.TrimSuffix(want.Text, "…")) {
				t.Errorf("the repost %s is not told in full", want.Key)
			}
			continue
		}
		if want.Key == "tweet:1700000000000000005" { // only the API tells it
			want.Quoted, want.Kind = "https://x.com/i/web/status/1600000000000000009", store.KindQuote
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs (-archive +live):\n%s", want.Key, diff)
		}
	}
	if len(live.Posts) != len(archive.Posts) {
		t.Errorf("got %d posts live and %d from the archive", len(live.Posts), len(archive.Posts))
	}
}

func TestXRefusals(t *testing.T) {
	for _, c := range []struct {
		status      int
		body, words string
	}{
		{401, `{"errors":[{"code":89,"message":"Invalid or expired token."}]}`, "does not accept the bearer token"},
		{401, `{"request":"\/1.1\/statuses\/user_timeline.json","error":"Not authorized."}`, "the account is protected"},
		{403, `{"errors":[{"message":"You currently have access to a subset of X API endpoints","code":453}]}`, "X now sells access"},
		{403, `nothing that is JSON`, "X now sells access"},
		{403, `{"errors":[{"code":326,"message":"locked"}]}`, "has locked the account"},
		{403, `{"errors":[{"code":63,"message":"User has been suspended."}]}`, "has suspended the account @kit_hale"},
		{404, `{"errors":[{"code":34,"message":"Sorry"}]}`, "knows no account @kit_hale"},
		{410, `{}`, "X now sells access"},
		{418, `{}`, "status 418"},
		{200, `<!doctype html><title>Sign in to the Wi-Fi</title>`, "a page for people came"},
		{200, `{"statuses":[]}`, "not what the service describes"},
		{200, `[{"id":1,"full_text":"never show th`, "not what the service describes"},
		{200, ``, "no posts of @kit_hale that X shows"},
		{200, `[]`, "no posts of @kit_hale that X shows"},
		{429, `{}`, "allows no more requests"},
		{500, `{}`, "out of order"},
	} {
		s := newStage(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, c.status, c.body) })
		r, res, err := s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
		wantError(t, err, c.words)
		if len(r.Posts)+len(r.Accounts)+len(r.Facts) > 0 || !res.Incomplete {
			t.Errorf("%d %s: something was handed over: %+v", c.status, c.body, r)
		}
		if err != nil && strings.Contains(err.Error(), "never show") {
			t.Error("the error tells a post's text")
		}
	}
}

func TestXNeedsToken(t *testing.T) {
	s := newStage(t, func(w http.ResponseWriter, _ *http.Request) { t.Error("it was asked") })
	_, _, err := s.read(t.Context(), "x:@kit_hale", Options{})
	wantError(t, err, "no bearer token was given")
	_, _, err = s.read(t.Context(), "x:@kit_hale", Options{Credential: "two\nlines"})
	wantError(t, err, "a character that no token has")
	if strings.Contains(err.Error(), "two") {
		t.Error("the error tells the credential")
	}
}

// TestXKeepsWhatItHas: an interruption, a server that fails later, the
// sink's own error and odd shapes leave what came before.
func TestXKeepsWhatItHas(t *testing.T) {
	pages := timelineOf(450)
	ctx, cancel := context.WithCancel(t.Context())
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("max_id") != "" {
			cancel()
			<-req.Context().Done()
			return
		}
		pages(w, req)
	})
	r, res, err := s.read(ctx, "x:@kit_hale", Options{Credential: secret})
	if !errors.Is(err, context.Canceled) || len(r.Posts) != 203 || !res.Incomplete {
		t.Errorf("after an interruption: %d posts, %+v, %v", len(r.Posts), res, err)
	}
	s = newStage(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("max_id") != "" {
			reply(w, 500, "{}")
			return
		}
		pages(w, req)
	})
	r, res, err = s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
	wantError(t, err, "out of order")
	if len(r.Posts) != 203 || res.Posts != 203 {
		t.Errorf("after a failure: %d posts", len(r.Posts))
	}
	full := errors.New("the disk is full")
	s = newStage(t, pages)
	o := Options{Credential: secret, Progress: s}
	var rec recorder
	rec.OnPost = func(store.Post) error { return full }
	if _, err = newReader(Target{Platform: "x", Name: "kit_hale"}, o, &rec, s.web).read(t.Context()); !errors.Is(err, full) {
		t.Errorf("the sink's error became %v", err)
	}
}

// TestXOddShapes: a field of another kind costs no page, a post without an id
// is counted, and a server that repeats itself is not asked for ever.
func TestXOddShapes(t *testing.T) {
	body := `[{"id":30,"id_str":"30","full_text":"one","favorite_count":"many"},{"full_text":"no id"},{"id_str":"20","text":"old &lt;form&gt;"}]`
	s := newStage(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
	r, res, err := s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
	if err != nil || !res.Incomplete || len(r.Skips) == 0 || len(s.seen()) != 2 {
		t.Fatalf("skips %v, asked %d times, %+v, %v", r.Skips, len(s.seen()), res, err)
	}
	if got := r.post(t, "tweet:20").Text; got != "old <form>" {
		t.Errorf("got %q", got)
	}
	for _, k := range r.Skips {
		if k.Member != "answer 1" && k.Member != "answer 2" {
			t.Errorf("a skip in %q", k.Member)
		}
	}
}

func FuzzX(f *testing.F) {
	api, err := os.ReadFile(filepath.Join("testdata", "x-timeline.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(api)
	f.Add([]byte(`[{"id_str":"1","full_text":null,"retweeted_status":{"retweeted_status":{}}}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := quickStage(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
		r, res, err := s.read(t.Context(), "x:@kit_hale", Options{Credential: secret})
		if err == nil && len(r.Accounts) == 0 || res.Posts != len(r.Posts) || len(s.seen()) > 20 {
			t.Errorf("%d accounts, %d posts, %d counted, asked %d times, %v", len(r.Accounts), len(r.Posts), res.Posts, len(s.seen()), err)
		}
	})
}
