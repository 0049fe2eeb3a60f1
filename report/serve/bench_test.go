package serve

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lookback/store"
)

// BenchmarkPages opens pages over 20,000 flagged posts, far more than a person
// should have.
func BenchmarkPages(b *testing.B) {
	st, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "store.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	texts := make([]string, 20_000)
	for i := range texts {
		texts[i] = fmt.Sprintf("%d bad words, and %s", i, strings.Repeat("many more ", i%20))
	}
	fill(b, st, "a", texts)
	s, err := New(Options{Reader: st, Decider: st, Desk: &fakeDesk{s: st}}, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer s.listener.Close()
	ask := func(method, path string, body io.Reader) {
		r := httptest.NewRequestWithContext(b.Context(), method, s.guard.origin()+path, body)
		r.AddCookie(&http.Cookie{Name: s.guard.cookieName(), Value: s.guard.cookie})
		r.Header.Set("Origin", s.guard.origin())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code >= 400 {
			b.Fatalf("%s: %d", path, w.Code)
		}
	}
	ask(http.MethodGet, "/", nil) // reads the posts
	for _, path := range []string{"/", "/posts", "/post/77", "/posts?page=200"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				ask(http.MethodGet, path, nil)
			}
		})
	}
	b.Run("decide", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			form := url.Values{"form": {s.guard.form}, "choice": {"done"}, "reason": {strconv.Itoa(i)}}
			ask(http.MethodPost, "/post/"+strconv.Itoa(1+i%20_000), strings.NewReader(form.Encode()))
		}
	})
}
