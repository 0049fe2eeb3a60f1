package judge

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"lookback/store"
)

type counter struct{ n atomic.Int64 }

func (c *counter) Add(n int64) { c.n.Add(n) }

// several gives n posts, each with its number in it.
func several(n int) iter.Seq2[store.Question, error] {
	return func(yield func(store.Question, error) bool) {
		for i := range n {
			q := question(canary)
			q.Post.ID = int64(i + 1)
			if !yield(*q, nil) {
				return
			}
		}
	}
}

// collect keeps opinions by post.
func collect(into map[int64]store.Opinion) func(store.Question, store.Opinion) error {
	return func(q store.Question, o store.Opinion) error {
		into[q.Post.ID] = o
		return nil
	}
}

func TestRun(t *testing.T) {
	for _, workers := range []int{1, 8} {
		var n atomic.Int32
		j, _ := testJudge(t, func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			if n.Add(1) <= 2 && strings.Contains(string(b), `"seed":1`) || strings.Contains(string(b), `"seed":2`) {
				says(w, "no") // one or two posts get nothing that can be used
				return
			}
			says(w, good)
		})
		got, m := map[int64]store.Opinion{}, &counter{}
		res, err := j.Run(t.Context(), workers, several(40), collect(got), m)
		if err != nil || res.Given != len(got) || res.Given+res.Unusable != 40 || res.Unusable == 0 || res.Unusable > 2 || m.n.Load() != 40 {
			t.Errorf("%d workers: %+v, %d kept, %d counted, %v", workers, res, len(got), m.n.Load(), err)
		}
		for id, o := range got {
			if o.PostID != id {
				t.Errorf("post %d has the opinion on %d", id, o.PostID)
			}
		}
	}
}

// TestRunDies: a judge that dies half-way loses nothing that was answered.
func TestRunDies(t *testing.T) {
	var n atomic.Int32
	j, _ := testJudge(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) > 10 {
			panic(http.ErrAbortHandler)
		}
		says(w, good)
	})
	got := map[int64]store.Opinion{}
	res, err := j.Run(t.Context(), 1, several(40), collect(got), &counter{})
	if !errors.Is(err, ErrDown) || len(got) != 10 || res.Given != 10 || res.Silent != maxSilent-1 {
		t.Errorf("%d are kept of %+v: %v", len(got), res, err)
	}
	checkQuiet(t, err)
}

// TestRunStops: Ctrl-C keeps what was answered.
func TestRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var n atomic.Int32
	j, _ := testJudge(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) > 5 {
			_, _ = io.Copy(io.Discard, r.Body) // only then the end of the connection is seen
			cancel()
			<-r.Context().Done()
			return
		}
		says(w, good)
	})
	got := map[int64]store.Opinion{}
	if _, err := j.Run(ctx, 1, several(40), collect(got), &counter{}); !errors.Is(err, context.Canceled) || len(got) != 5 {
		t.Errorf("%d are kept: %v", len(got), err)
	}
}

func TestRunFails(t *testing.T) {
	j, _ := testJudge(t, func(w http.ResponseWriter, _ *http.Request) { says(w, good) })
	broken := errors.New("the disk is full")
	put := func(store.Question, store.Opinion) error { return broken }
	if res, err := j.Run(t.Context(), 3, several(40), put, &counter{}); !errors.Is(err, broken) || res.Given != 0 {
		t.Errorf("%+v, %v", res, err)
	}
	qs := func(yield func(store.Question, error) bool) { yield(store.Question{}, broken) }
	if _, err := j.Run(t.Context(), 3, qs, collect(map[int64]store.Opinion{}), &counter{}); !errors.Is(err, broken) {
		t.Error(err)
	}
}
