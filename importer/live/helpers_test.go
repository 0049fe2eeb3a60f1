//go:build !nonetwork

package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/store"
)

// recorder is a sink that remembers.
type recorder struct{ importertest.Recorder }

func (r *recorder) post(t *testing.T, key string) store.Post {
	t.Helper()
	for _, p := range r.Posts {
		if p.Key == key {
			return p
		}
	}
	t.Fatalf("there is no post %s", key)
	return store.Post{}
}

func (r *recorder) hasNote(code string) bool {
	for _, f := range r.Facts {
		if f.Note.Code == code {
			return true
		}
	}
	return false
}

// stage is a local server that stands for all hosts, with a clock that only
// sleeping moves.
type stage struct {
	t     *testing.T
	web   *web
	clock time.Time
	slept []time.Duration
	waits []string

	mu       sync.Mutex
	requests []*http.Request
	total    int64
	added    int64
}

var start = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

func newStage(t *testing.T, h http.HandlerFunc) *stage {
	t.Helper()
	s := &stage{t: t, clock: start}
	server := httptest.NewServer(s.listen(h))
	t.Cleanup(server.Close)
	return s.open(server.Client().Transport, server.URL)
}

// quickStage is a stage without a connection, for fuzzing.
func quickStage(t *testing.T, h http.HandlerFunc) *stage {
	t.Helper()
	s := &stage{t: t, clock: start}
	return s.open(direct{s.listen(h)}, "http://stage")
}

// direct answers a request without a connection.
type direct struct{ h http.Handler }

func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, req)
	return w.Result(), nil
}

// listen writes requests down.
func (s *stage) listen(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, req)
		s.mu.Unlock()
		h(w, req)
	}
}

func (s *stage) open(t http.RoundTripper, address string) *stage {
	s.web = &web{
		client: newClient(t),
		base:   func(host string) string { return address + "/" + host },
		now:    func() time.Time { return s.clock },
		sleep: func(ctx context.Context, d time.Duration) error {
			s.slept = append(s.slept, d)
			s.clock = s.clock.Add(d)
			return ctx.Err()
		},
	}
	return s
}

func (s *stage) Total(n int64) { s.total = n }
func (s *stage) Add(n int64)   { s.added += n }

func (s *stage) Wait(service string, until time.Time) {
	if until.IsZero() {
		s.waits = append(s.waits, service+" goes on")
		return
	}
	s.waits = append(s.waits, service+" "+until.UTC().Format("15:04:05"))
}

func (s *stage) seen() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

const secret = "AAAA-very-secret-token"

// read reads a live account from the stage.
func (s *stage) read(ctx context.Context, target string, o Options) (*recorder, Result, error) {
	s.t.Helper()
	t, err := Parse(target)
	if err != nil {
		s.t.Fatal(err)
	}
	o.Progress = s
	var r recorder
	res, err := newReader(t, o, &r, s.web).read(ctx)
	if err != nil && strings.Contains(err.Error(), secret) {
		s.t.Error("the error tells the credential")
	}
	for _, f := range r.Facts {
		if f.Scope != "" || f.Layout != "" || f.Generated != 0 || strings.Contains(fmt.Sprint(f), secret) {
			s.t.Errorf("a fact %+v was stated of what is no archive", f)
		}
	}
	return &r, res, err
}

// wantError checks an error by a part of its words, and that it has a hint.
func wantError(t *testing.T, err error, words string) {
	t.Helper()
	var hint *importer.HintError
	if err == nil || !strings.Contains(err.Error(), words) || !errors.As(err, &hint) || hint.Hint == "" {
		t.Errorf("got the error %v, want one with %q and a hint", err, words)
	}
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}
