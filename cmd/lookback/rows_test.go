package main

import (
	"errors"
	"iter"
	"sync"
	"testing"

	"lookback/store"
)

// numberedRows gives n rows and then err, if there is one.
func numberedRows(n int, err error) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for i := range n {
			if !yield(store.Row{Post: store.Post{ID: int64(i)}}, nil) {
				return
			}
		}
		if err != nil {
			yield(store.Row{}, err)
		}
	}
}

func TestSharedRows(t *testing.T) {
	broken := errors.New("broken")
	for _, n := range []int{0, 1, sharedBatch, sharedBatch + 1, 1000} {
		for _, fail := range []error{nil, broken} {
			shared := shareRows(numberedRows(n, fail), 3)
			var wg sync.WaitGroup
			for i, r := range shared.readers {
				wg.Go(func() {
					defer r.leave()
					got := 0
					var err error
					for row, e := range r.rows() {
						if err = e; err != nil {
							break
						}
						if row.Post.ID != int64(got) {
							t.Errorf("%d rows: row %d comes where %d should", n, row.Post.ID, got)
						}
						if got++; i == 1 && got == 3 {
							return // the others go on without it
						}
					}
					if got != n || !errors.Is(err, fail) {
						t.Errorf("%d rows: a reader got %d and %v", n, got, err)
					}
				})
			}
			wg.Wait()
		}
	}
}

func TestSharedRowsWithoutReaders(t *testing.T) {
	over := false
	shared := shareRows(func(yield func(store.Row, error) bool) {
		for yield(store.Row{}, nil) {
		}
		over = true
	}, 2)
	for _, r := range shared.readers {
		r.leave()
	}
	if shared.wait(); !over {
		t.Error("the wait ends before the reading")
	}
}
