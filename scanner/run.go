package scanner

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sync/errgroup"

	"lookback/store"
)

// Source is where Run gets the posts that were not yet scanned.
type Source interface {
	// CountUnscanned says how many posts Unscanned will give.
	CountUnscanned(ctx context.Context, ruleset string) (int, error)
	// Unscanned gives them in batches, always in the same order. Run keeps a
	// batch only until its findings are stored.
	Unscanned(ctx context.Context, ruleset string) iter.Seq2[[]store.Post, error]
	// Authors gives every account with its profile texts.
	Authors(ctx context.Context) ([]store.Author, error)
}

// History is a Source that can also go through every post by the accounts'
// owners, scanned or not. Run then learns from the posts too who is a health
// or care professional, the same whichever posts are still to be scanned.
type History interface {
	Own(ctx context.Context) iter.Seq2[[]store.Post, error]
}

// Sink takes the results. A batch counts as scanned once PutScanned returns
// nil; Run never gives it a batch twice, and gives them in the Source's order.
type Sink interface {
	PutScanned(ctx context.Context, ruleset string, batch []store.Scanned) error
}

// Roster is a Sink that keeps which accounts are a health or care worker's or
// student's, by their ids. Where that is not what it kept before, no post of
// the account counts as scanned any more: rules ask for it.
type Roster interface {
	PutProfessionals(ctx context.Context, accounts map[int64]bool) error
}

// Meter is told how far a scan has come, in posts. It is called from one
// goroutine at a time.
type Meter interface {
	Total(n int64)
	Add(n int64)
}

type noMeter struct{}

func (noMeter) Total(int64) {}
func (noMeter) Add(int64)   {}

// job is one batch on its way from the reader by a worker to the writer.
type job struct {
	posts []store.Post
	done  chan []store.Scanned // holds one result
}

// Run scans what src has not yet scanned under the engine's rules and hands
// the results to dst. What it finds does not depend on the number of workers.
// m may be nil.
func Run(ctx context.Context, e *Engine, src Source, dst Sink, workers int, m Meter) error {
	if m == nil {
		m = noMeter{}
	}
	ruleset := e.hash
	total, err := src.CountUnscanned(ctx, ruleset)
	if err != nil {
		return fmt.Errorf("counting the posts to scan: %w", err)
	}
	if total == 0 {
		m.Total(0)
		return nil
	}
	authors, err := e.authors(ctx, src)
	if err != nil {
		return err
	}
	if r, ok := dst.(Roster); ok {
		if total, err = enrol(ctx, r, authors, src, ruleset); err != nil {
			return err
		}
	}
	m.Total(int64(total))
	workers = max(workers, 1)
	jobs, order := make(chan job), make(chan job, 2*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		return dispatch(ctx, src.Unscanned(ctx, ruleset), jobs, order)
	})
	for range workers {
		g.Go(func() error {
			for j := range jobs {
				j.done <- e.scanBatch(j.posts, authors)
			}
			return nil
		})
	}
	g.Go(func() error { return collect(ctx, order, dst, ruleset, m) })
	return g.Wait()
}

// enrol tells the roster who the owners are and counts anew what is left to
// scan.
func enrol(ctx context.Context, r Roster, authors map[int64]*Author, src Source, ruleset string) (int, error) {
	professional := make(map[int64]bool, len(authors))
	for id, a := range authors {
		professional[id] = a.Professional
	}
	if err := r.PutProfessionals(ctx, professional); err != nil {
		return 0, fmt.Errorf("keeping who the accounts belong to: %w", err)
	}
	total, err := src.CountUnscanned(ctx, ruleset)
	if err != nil {
		return 0, fmt.Errorf("counting the posts to scan: %w", err)
	}
	return total, nil
}

// dispatch hands each batch to the workers and, in the same order, to the
// writer. The bound of order is what keeps the reader from running ahead.
func dispatch(ctx context.Context, batches iter.Seq2[[]store.Post, error], jobs, order chan<- job) error {
	for posts, err := range batches {
		if err != nil {
			return fmt.Errorf("reading posts to scan: %w", err)
		}
		j := job{posts: posts, done: make(chan []store.Scanned, 1)}
		for _, to := range []chan<- job{order, jobs} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return ctx.Err()
}

func collect(ctx context.Context, order <-chan job, dst Sink, ruleset string, m Meter) error {
	for j := range order {
		select {
		case res := <-j.done:
			if err := dst.PutScanned(ctx, ruleset, res); err != nil {
				return fmt.Errorf("storing findings: %w", err)
			}
			m.Add(int64(len(res)))
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (e *Engine) scanBatch(posts []store.Post, authors map[int64]*Author) []store.Scanned {
	out := make([]store.Scanned, len(posts))
	for i := range posts {
		p := &posts[i]
		out[i] = store.Scanned{PostID: p.ID, Findings: e.Scan(p, authors[p.AccountID])}
	}
	return out
}

// minSelfStatements is how many posts must say that the author is a health
// professional where the bio does not.
const minSelfStatements = 2

// authors learns who the account owners are: from their profiles, and from
// their posts where the source can go through them.
func (e *Engine) authors(ctx context.Context, src Source) (map[int64]*Author, error) {
	list, err := src.Authors(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the accounts: %w", err)
	}
	authors := map[int64]*Author{}
	unknown := map[int64]int{}
	for _, a := range list {
		id := a.Account.ID
		authors[id] = e.Author(append(slices.Clone(a.Bios), a.Account.Name)...)
		if !authors[id].Professional {
			unknown[id] = 0
		}
	}
	h, ok := src.(History)
	if !ok || e.professional < 0 {
		return authors, nil
	}
	if len(unknown) == 0 {
		return authors, nil
	}
	for posts, err := range h.Own(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading the accounts' posts: %w", err)
		}
		for i := range posts {
			p := &posts[i]
			if n, ok := unknown[p.AccountID]; ok && p.Own && e.saysProfessional(p.Text) {
				unknown[p.AccountID] = n + 1
				if n+1 >= minSelfStatements {
					authors[p.AccountID].Professional = true
					delete(unknown, p.AccountID)
				}
			}
		}
		if len(unknown) == 0 {
			break
		}
	}
	return authors, nil
}
