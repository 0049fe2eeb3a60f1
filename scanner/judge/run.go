package judge

import (
	"context"
	"errors"
	"iter"
	"sync"

	"golang.org/x/sync/errgroup"

	"lookback/store"
)

// Meter is told how far the asking has come, in posts. It is safe for
// concurrent use.
type Meter interface{ Add(n int64) }

// Result counts what came of a run.
type Result struct {
	Given    int // opinions
	Unusable int // posts whose answers could not be used
	Silent   int // posts without an answer
}

// Run asks about each post that qs gives, workers at once, and hands every
// opinion to put as soon as it is there, one at a time. Opinions that are there
// when it ends early were handed over. Its error is one of qs or put, ErrDown
// where asking on is of no use, or that of ctx.
func (j *Judge) Run(ctx context.Context, workers int, qs iter.Seq2[store.Question, error], put func(store.Question, store.Opinion) error, m Meter) (Result, error) {
	var res Result
	var mu sync.Mutex
	took := func(q store.Question, o store.Opinion, err error) error {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			if err := put(q, o); err != nil {
				return err
			}
			res.Given++
		case errors.Is(err, ErrDown), errors.Is(err, context.Canceled), ctx.Err() != nil:
			return err
		case errors.Is(err, ErrUnusable):
			res.Unusable++
		default:
			res.Silent++
		}
		m.Add(1)
		return nil
	}
	g, within := errgroup.WithContext(ctx)
	jobs := make(chan store.Question)
	g.Go(func() error {
		defer close(jobs)
		return send(within, qs, jobs)
	})
	for range max(workers, 1) {
		g.Go(func() error {
			for q := range jobs {
				o, err := j.Ask(within, &q)
				if err := took(q, o, err); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := g.Wait()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return res, err
}

func send(ctx context.Context, qs iter.Seq2[store.Question, error], jobs chan<- store.Question) error {
	for q, err := range qs {
		if err != nil {
			return err
		}
		select {
		case jobs <- q:
		case <-ctx.Done():
			return nil // whoever ended it says why
		}
	}
	return nil
}
