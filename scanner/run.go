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

// Recall is a Source that keeps the marks of what was scanned. Run then learns
// from the posts too who is a health or care professional, and looks a second
// time at the posts for which that makes a difference and at no others; those
// scanned long ago are among them.
type Recall interface {
	// Says counts by account the posts that say their author is a professional.
	Says(ctx context.Context, ruleset string) (map[int64]int, error)
	// Again gives the posts that were judged otherwise than they would be if
	// these accounts, and no others, were those of professionals.
	Again(ctx context.Context, ruleset string, professionals []int64) iter.Seq2[[]store.Post, error]
}

// Sink takes the results. A batch counts as scanned once PutScanned returns
// nil; Run never gives it a batch twice, and gives them in the Source's order.
type Sink interface {
	PutScanned(ctx context.Context, ruleset string, batch []store.Scanned) error
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
	total, err := src.CountUnscanned(ctx, e.hash)
	if err != nil {
		return fmt.Errorf("counting the posts to scan: %w", err)
	}
	m.Total(int64(total))
	recall, remembers := src.(Recall)
	if total == 0 && !remembers {
		return nil
	}
	authors, err := e.authors(ctx, src)
	if err != nil {
		return err
	}
	if remembers {
		if _, err := e.learn(ctx, recall, authors); err != nil {
			return err
		}
	}
	if total > 0 {
		if err := e.scanAll(ctx, src.Unscanned(ctx, e.hash), authors, dst, workers, m); err != nil {
			return err
		}
	}
	if !remembers {
		return nil
	}
	professionals, err := e.learn(ctx, recall, authors)
	if err != nil {
		return err
	}
	return e.scanAll(ctx, recall.Again(ctx, e.hash, professionals), authors, dst, workers, noMeter{})
}

// scanAll scans batches with so many workers.
func (e *Engine) scanAll(ctx context.Context, batches iter.Seq2[[]store.Post, error], authors map[int64]*Author, dst Sink, workers int, m Meter) error {
	workers = max(workers, 1)
	jobs, order := make(chan job), make(chan job, 2*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		return dispatch(ctx, batches, jobs, order)
	})
	for range workers {
		g.Go(func() error {
			for j := range jobs {
				j.done <- e.scanBatch(j.posts, authors)
			}
			return nil
		})
	}
	g.Go(func() error { return collect(ctx, order, dst, e.hash, m) })
	return g.Wait()
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
		found, marks := e.look(p, authors[p.AccountID])
		if len(p.Versions) > 0 {
			found, marks = e.earlier(p, authors[p.AccountID], found, marks)
		}
		out[i] = store.Scanned{PostID: p.ID, Findings: found, Marks: marks}
	}
	return out
}

// earlier adds what is found in the earlier texts of an edited post under
// themes that its present text and texts before do not come under.
func (e *Engine) earlier(p *store.Post, author *Author, found []store.Finding, marks store.Mark) ([]store.Finding, store.Mark) {
	seen := map[string]bool{}
	for _, f := range found {
		seen[f.Theme] = true
	}
	for i := range p.Versions {
		was := *p
		was.Text = p.Versions[i].Text
		list, m := e.look(&was, author)
		marks |= m & (store.MarkDepends | store.MarkProfessional)
		for _, f := range list {
			if !seen[f.Theme] {
				seen[f.Theme] = true
				f.Earlier, f.EarlierSpans, f.Spans = &p.Versions[i], f.Spans, nil
				found = append(found, f)
			}
		}
	}
	return found, marks
}

// minSelfStatements is how many posts must say that the author is a health
// professional where the bio does not.
const minSelfStatements = 2

// authors reads who the account owners are from their profiles.
func (e *Engine) authors(ctx context.Context, src Source) (map[int64]*Author, error) {
	list, err := src.Authors(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the accounts: %w", err)
	}
	authors := map[int64]*Author{}
	for _, a := range list {
		authors[a.Account.ID] = e.Author(append(slices.Clone(a.Bios), a.Account.Name)...)
	}
	return authors, nil
}

// learn adds what the posts say of the authors, and returns the accounts of
// the professionals among them.
func (e *Engine) learn(ctx context.Context, src Recall, authors map[int64]*Author) ([]int64, error) {
	says, err := src.Says(ctx, e.hash)
	if err != nil {
		return nil, fmt.Errorf("reading who the authors are: %w", err)
	}
	var list []int64
	for id, a := range authors {
		if says[id] >= minSelfStatements {
			a.Professional = true
		}
		if a.Professional {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list, nil
}
