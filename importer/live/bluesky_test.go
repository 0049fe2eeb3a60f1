//go:build !nonetwork

package live

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/importer/bluesky"
	"lookback/importer/importertest"

	"github.com/google/go-cmp/cmp"
)

const (
	maraDID    = "did:plc:mara2example3aaaaaaaaaaa"
	maraHandle = "mara.example"
	maraDoc    = `{"@context":["https://www.w3.org/ns/did/v1"],"id":"` + maraDID + `","alsoKnownAs":["at://mara.example"],"verificationMethod":[],` +
		`"service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example"}]}`
)

func readFixture(t testing.TB) []byte {
	t.Helper()
	car, err := os.ReadFile(filepath.Join("..", "..", "testdata", "bluesky", "full", "repo.car"))
	if err != nil {
		t.Fatal(err)
	}
	return car
}

// network serves mara's handle, her identity and her repository; what is in
// other replaces an answer, by path.
func network(t testing.TB, other map[string]http.HandlerFunc) http.HandlerFunc {
	car := readFixture(t)
	return func(w http.ResponseWriter, req *http.Request) {
		if h := other[req.URL.Path]; h != nil {
			h(w, req)
			return
		}
		q := req.URL.Query()
		switch {
		case req.URL.Path == "/public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle" && q.Get("handle") == maraHandle:
			reply(w, 200, `{"did":"`+maraDID+`"}`)
		case req.URL.Path == "/plc.directory/"+maraDID:
			reply(w, 200, maraDoc)
		case req.URL.Path == "/pds.example/xrpc/com.atproto.sync.getRepo" && q.Get("did") == maraDID:
			w.Header().Set("Content-Type", "application/vnd.ipld.car")
			_, _ = w.Write(car)
		default:
			reply(w, 400, `{"error":"InvalidRequest","message":"Unable to resolve handle"}`)
		}
	}
}

// TestBlueskyAgreesWithFile: the repository read live gives what the file of
// the same repository gives.
func TestBlueskyAgreesWithFile(t *testing.T) {
	for _, target := range []string{"bluesky:@Mara.Example", "bluesky:" + maraDID} {
		s := newStage(t, network(t, nil))
		r, res, err := s.read(t.Context(), target, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var file importertest.Recorder
		if err := bluesky.New().Import(t.Context(), memory{"repo.car": readFixture(t)}, importer.Options{Me: maraHandle}, &file); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(file.Posts, r.Posts); diff != "" {
			t.Errorf("(-file +live)\n%s", diff)
		}
		last := r.Accounts[len(r.Accounts)-1]
		if !cmp.Equal(last, file.Accounts[len(file.Accounts)-1]) || last.NativeID != maraDID || last.Handle != maraHandle {
			t.Errorf("account %+v", last)
		}
		if len(r.Posts) < 10 || res.Incomplete || res.Layout != "bluesky-live" || s.added != int64(len(r.Posts)) || !r.Facts[0].Partial || !r.hasNote("links-without-text") {
			t.Errorf("%d posts, %+v, facts %+v", len(r.Posts), res, r.Facts)
		}
	}
}

func TestBlueskyWebIdentity(t *testing.T) {
	doc := strings.ReplaceAll(maraDoc, maraDID, "did:web:mara.example")
	s := newStage(t, network(t, map[string]http.HandlerFunc{
		"/mara.example/.well-known/did.json":                 func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, doc) },
		"/pds.example/xrpc/com.atproto.sync.getRepo":         func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(readFixture(t)) },
		"/public.api.bsky.app/xrpc/com.atproto.sync.getRepo": func(http.ResponseWriter, *http.Request) { t.Error("the wrong server was asked") },
	}))
	if r, _, err := s.read(t.Context(), "bluesky:did:web:mara.example", Options{}); err != nil || len(r.Posts) < 10 {
		t.Errorf("got %d posts, %v", len(r.Posts), err)
	}
}

func TestBlueskyRefusals(t *testing.T) {
	const (
		resolve = "/public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle"
		plc     = "/plc.directory/" + maraDID
		repo    = "/pds.example/xrpc/com.atproto.sync.getRepo"
	)
	endpoint := func(address string) string { return strings.Replace(maraDoc, `"https://pds.example"`, address, 1) }
	for _, c := range []struct {
		path   string
		status int
		body   string
		words  string
	}{
		{resolve, 400, `{"error":"InvalidRequest"}`, "no account mara.example on Bluesky"},
		{resolve, 401, `{}`, "status 401"},
		{resolve, 200, `{"did":"did:plc:../../x"}`, "not what the service describes"},
		{resolve, 200, `<html>`, "a page for people"},
		{resolve, 502, `bad gateway`, "out of order"},
		{plc, 404, `{"message":"DID not registered"}`, "no such account any more"},
		{plc, 410, `{}`, "no such account any more"},
		{plc, 403, `{}`, "status 403"},
		{plc, 200, `{"id":"did:plc:somebodyelse"}`, "not what the service describes"},
		{plc, 200, strings.Replace(maraDoc, "at://mara.example", "at://other.example", 1), "has another handle"},
		{plc, 200, strings.Replace(maraDoc, "#atproto_pds", "#something", 1), "does not say which server"},
		{plc, 200, endpoint(`"http://pds.example"`), "no public server"},
		{plc, 200, endpoint(`"https://10.0.0.1"`), "no public server"},
		{plc, 200, endpoint(`"https://localhost:8080"`), "no public server"},
		{plc, 200, endpoint(`{"uri":"https://pds.example"}`), "no public server"},
		{repo, 400, `{"error":"RepoNotFound"}`, "does not have it"},
		{repo, 400, `{"error":"RepoTakendown","message":"x"}`, "taken this account down"},
		{repo, 400, `{"error":"RepoSuspended"}`, "suspended this account"},
		{repo, 400, `{"error":"RepoDeactivated"}`, "deactivated"},
		{repo, 400, `{"error":"SomethingNew"}`, "status 400"},
		{repo, 200, `<html>`, "a page for people"},
		{repo, 200, `{"error":"no repository"}`, "no repository"},
		{repo, 200, ``, "repository is empty"},
		{repo, 429, `{"error":"RateLimitExceeded"}`, "allows no more requests"},
	} {
		s := newStage(t, network(t, map[string]http.HandlerFunc{c.path: func(w http.ResponseWriter, _ *http.Request) {
			if strings.HasPrefix(c.body, "<") {
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprint(w, c.body)
				return
			}
			reply(w, c.status, c.body)
		}}))
		r, _, err := s.read(t.Context(), "bluesky:mara.example", Options{})
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s %d %s: got %v, want %q", c.path, c.status, c.body, err, c.words)
		}
		if len(r.Accounts)+len(r.Posts)+len(r.Facts) > 0 {
			t.Errorf("%s %s: something was handed over", c.path, c.body)
		}
	}
}

// TestBlueskyDamage: a repository that was changed or cut on the way is told,
// and what is whole in it is read.
func TestBlueskyDamage(t *testing.T) {
	whole := readFixture(t)
	damaged := slices.Clone(whole)
	damaged[len(damaged)/3] ^= 1
	for name, car := range map[string][]byte{"changed": damaged, "cut": whole[:len(whole)-len(whole)/10]} {
		s := newStage(t, network(t, map[string]http.HandlerFunc{
			"/pds.example/xrpc/com.atproto.sync.getRepo": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(car) },
		}))
		r, res, err := s.read(t.Context(), "bluesky:mara.example", Options{})
		if !res.Incomplete || err == nil && (!r.hasNote("repository-incomplete") || len(r.Skips) == 0) {
			t.Errorf("%s: %d posts, %+v, %v", name, len(r.Posts), res, err)
		}
	}
}

func TestBlueskyHugeRepository(t *testing.T) {
	s := newStage(t, network(t, map[string]http.HandlerFunc{
		"/pds.example/xrpc/com.atproto.sync.getRepo": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(maxRepo+1))
			w.WriteHeader(200)
		},
	}))
	_, _, err := s.read(t.Context(), "bluesky:mara.example", Options{})
	wantError(t, err, "larger than lookback fetches")
}

func FuzzIdentity(f *testing.F) {
	f.Add([]byte(`{"did":"`+maraDID+`"}`), []byte(maraDoc))
	f.Add([]byte(`{"did":7}`), []byte(`{"id":"`+maraDID+`","alsoKnownAs":["at://"],"service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example:1"}]}`))
	f.Fuzz(func(t *testing.T, resolved, doc []byte) {
		s := quickStage(t, network(t, map[string]http.HandlerFunc{
			"/public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(resolved) },
			"/plc.directory/" + maraDID:                                    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(doc) },
		}))
		r, res, err := s.read(t.Context(), "bluesky:mara.example", Options{})
		if err == nil && len(r.Accounts) == 0 || res.Posts != len(r.Posts) {
			t.Errorf("%d accounts, %d posts, %v", len(r.Accounts), len(r.Posts), err)
		}
	})
}
