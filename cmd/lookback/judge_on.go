//go:build !nonetwork

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"sync"
	"time"

	"lookback/scanner"
	"lookback/scanner/judge"
	"lookback/store"
)

// judgeBackoff is how long to wait before a judge is asked again; 0 for what
// the package thinks right. Tests are in more of a hurry.
var judgeBackoff time.Duration

// judging is a judge with what it is to be asked about.
type judging struct {
	*judgeOptions
	j *judge.Judge
}

// start checks the options and prepares the judge, nil where none is wanted.
// Nothing is asked yet.
func (o *judgeOptions) start(rules *scanner.Rules) (*judging, error) {
	if err := o.checkFlags(); err != nil || !o.wanted() {
		return nil, err
	}
	j, err := judge.New(judge.Options{URL: o.url, Model: o.model, Key: os.Getenv(judge.KeyVariable), AllowRemote: o.remote,
		Timeout: o.timeout, Backoff: judgeBackoff, Themes: rules.Themes(), Regulator: rules.Regulator()})
	if err != nil {
		what, hint := splitHint(err)
		return nil, usageHint(hint, "--judge: %s", what)
	}
	return &judging{o, j}, nil
}

// warn says what leaves this computer, before anything does.
func (g *judging) warn(t *terminal, posts string) {
	if !g.j.Remote() {
		return
	}
	way := "over an encrypted connection"
	if !g.j.Encrypted() {
		way = "over a connection that is not encrypted"
	}
	t.say("Because of --judge-allow-remote the words of %s, and of posts that they answer, leave this computer for %s, %s.", posts, g.j.Host(), way)
}

// storeRun is one round of asking about the posts in a store.
type storeRun struct {
	*judging
	t      *terminal
	s      *store.Store
	counts *opinionCounts
	ask    []int64            // posts to ask about, one for each request
	same   map[string][]int64 // all posts with a request
}

// store asks about the posts in the store that are in the scope. What was
// answered before is not asked again. A judge that fails ends the asking, not
// the command: the counts say so.
func (g *judging) store(ctx context.Context, t *terminal, s *store.Store, e *scanner.Engine) (*opinionCounts, error) {
	if g == nil {
		return nil, nil
	}
	r := &storeRun{judging: g, t: t, s: s, counts: &opinionCounts{Model: g.j.Model(), Scope: g.scope}, same: map[string][]int64{}}
	if err := r.choose(ctx, e); err != nil {
		return r.counts, err
	}
	left := r.counts.Posts - r.counts.Known
	if left == 0 {
		return r.counts, nil
	}
	r.warn(t, count(left, "post", "posts"))
	before := ""
	if r.counts.Known > 0 {
		before = fmt.Sprintf("; %s answered before", count(r.counts.Known, "more was", "more were"))
	}
	t.say("Asking %s at %s about %s (%s)%s.", g.j.Model(), g.j.Host(), count(len(r.ask), "post", "posts"), g.scope, before)
	err := r.run(ctx)
	r.counts.Left = max(0, left-r.counts.Given-r.counts.Unusable-r.counts.Silent)
	if !errors.Is(err, judge.ErrDown) {
		return r.counts, err
	}
	r.counts.failed = err
	t.sayStopped(err, r.counts, "then run the same command again: it goes on where it stopped")
	return r.counts, nil
}

// sayStopped says that a judge failed and how to go on.
func (t *terminal) sayStopped(err error, c *opinionCounts, again string) {
	what, hint := splitHint(err)
	if hint == "" {
		hint = "see that it still runs"
	}
	t.sayError(&hintError{fmt.Errorf("%s, so %s without an opinion; all that was found, and %s, are kept", what,
		count(c.Left, "post is", "posts are"), count(c.Given, "opinion", "opinions")), hint + ", " + again})
}

// choose finds the posts to ask about, and answers those that were answered
// before.
func (r *storeRun) choose(ctx context.Context, e *scanner.Engine) error {
	strong, err := r.s.Strongest(ctx)
	if err != nil {
		return err
	}
	authors, err := e.Authors(ctx, r.s)
	if err != nil {
		return err
	}
	for batch, err := range r.s.Questions(ctx) {
		if err != nil {
			return err
		}
		var asked []store.Asked
		for i := range batch {
			q := &batch[i]
			p, c := &q.Post, strong[q.Post.ID]
			if worthAsking(p) && r.inScope(c, func() bool { return e.Doubtful(p, authors[p.AccountID], c) }) {
				asked = append(asked, store.Asked{PostID: p.ID, Request: r.j.Request(q)})
			}
		}
		if len(asked) == 0 {
			continue
		}
		left, err := r.s.Reuse(ctx, asked)
		if err != nil {
			return err
		}
		r.counts.Posts += len(asked)
		r.counts.Known += len(asked) - len(left)
		for _, a := range left {
			if r.same[a.Request] == nil {
				r.ask = append(r.ask, a.PostID)
			}
			r.same[a.Request] = append(r.same[a.Request], a.PostID)
		}
	}
	return nil
}

// worthAsking leaves out posts without a word.
func worthAsking(p *store.Post) bool {
	for _, c := range p.Text {
		if c > ' ' {
			return true
		}
	}
	return false
}

// firstAsked is how many answers are measured for the estimate.
const firstAsked = 3

// run asks: a few one by one, so that it can be said how long it takes, and
// then the rest.
func (r *storeRun) run(ctx context.Context) (err error) {
	first := min(firstAsked, len(r.ask))
	rest := len(r.ask) - first
	began := time.Now()
	if err := r.part(ctx, r.ask[:first], 1, &bar{}); err != nil || rest == 0 {
		return err
	}
	r.t.say("%s", estimate(time.Since(began), first, rest, r.workers))
	b := r.t.newBar("Asking the judge", false)
	b.Total(int64(rest))
	defer func() { b.finish(err) }()
	return r.part(ctx, r.ask[first:], r.workers, b)
}

func (r *storeRun) part(ctx context.Context, ids []int64, workers int, m judge.Meter) error {
	whole := context.WithoutCancel(ctx) // an answer that came is kept
	put := func(q store.Question, o store.Opinion) error {
		var list []store.Opinion
		for _, id := range r.same[o.Request] {
			o.PostID = id
			list = append(list, o)
		}
		r.counts.Given += len(list)
		return r.s.PutOpinions(whole, list)
	}
	res, err := r.j.Run(ctx, workers, r.questions(ctx, ids), put, m)
	r.counts.Unusable += res.Unusable
	r.counts.Silent += res.Silent
	return err
}

// questions reads the posts with these ids, a few at a time.
func (r *storeRun) questions(ctx context.Context, ids []int64) iter.Seq2[store.Question, error] {
	return func(yield func(store.Question, error) bool) {
		for part := range slices.Chunk(ids, 64) {
			list, err := r.s.QuestionsOf(ctx, part)
			if err != nil {
				yield(store.Question{}, err)
				return
			}
			for _, q := range list {
				if !yield(q, nil) {
					return
				}
			}
		}
	}
}

// checkRun is one round of asking about the posts of a check, which keeps
// nothing: answers are remembered until its end.
type checkRun struct {
	*judging
	t *terminal
	e *scanner.Engine

	mu     sync.Mutex
	known  map[string]*checkAnswer
	counts opinionCounts
	took   time.Duration // by the first answers
	first  int
}

// checkAnswer is an answer that may still be on its way.
type checkAnswer struct {
	ready chan struct{}
	line  []byte
	err   error
}

// maxRemembered bounds the answers that a check remembers.
const maxRemembered = 100_000

// check is scanner.Check with second opinions. outcome is the error to end with
// where the judge left some out.
func (g *judging) check(ctx context.Context, t *terminal, e *scanner.Engine) (bad int, outcome, err error) {
	r := &checkRun{judging: g, t: t, e: e, known: map[string]*checkAnswer{}}
	r.counts.Model, r.counts.Scope = g.j.Model(), g.scope
	r.warn(t, "the posts that are read ("+g.scope+")")
	t.say("Asking %s at %s about the posts that are read (%s); how many that are is not known before.", g.j.Model(), g.j.Host(), g.scope)
	b := t.newBar("Checking", true)
	in := t.in
	if f, ok := t.in.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
			b.Total(st.Size())
			in = &metered{f, b}
		}
	}
	bad, err = scanner.CheckWith(ctx, e, in, t.out, g.workers, r.second)
	b.finish(err)
	if err != nil {
		return bad, nil, err
	}
	if r.counts.failed != nil {
		t.sayStopped(r.counts.failed, &r.counts, "then check these lines again")
	}
	t.sayOpinions(&r.counts)
	return bad, r.counts.outcome(), nil
}

// metered shows on a bar what was read of a file.
type metered struct {
	f *os.File
	b *bar
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.f.Read(p)
	m.b.Add(int64(n))
	if err != nil && errors.Is(err, fs.ErrClosed) {
		err = context.Canceled
	}
	return n, err
}

// second is asked after the layers: see scanner.Second.
func (r *checkRun) second(ctx context.Context, p *store.Post, author *scanner.Author, found []store.Finding) ([]byte, error) {
	c := strongest(found)
	if !worthAsking(p) || !r.inScope(c, func() bool { return r.e.Doubtful(p, author, c) }) {
		return nil, nil
	}
	q := store.Question{Post: *p}
	request := r.j.Request(&q)
	r.mu.Lock()
	r.counts.Posts++
	a := r.known[request]
	if a != nil {
		r.mu.Unlock()
		select {
		case <-a.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.count(a.err, true)
		return a.line, nil
	}
	a = &checkAnswer{ready: make(chan struct{})}
	if len(r.known) < maxRemembered {
		r.known[request] = a
	}
	down := r.counts.failed
	r.mu.Unlock()
	return r.ask(ctx, &q, a, down)
}

// ask gets one answer, unless the judge is known to be down.
func (r *checkRun) ask(ctx context.Context, q *store.Question, a *checkAnswer, down error) ([]byte, error) {
	defer close(a.ready)
	var o store.Opinion
	began := time.Now()
	if a.err = down; down == nil {
		o, a.err = r.j.Ask(ctx, q)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	a.line = opinionLine(&o, a.err)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(a.err, false)
	if a.err == nil && r.first < firstAsked {
		r.took += time.Since(began)
		if r.first++; r.first == firstAsked {
			r.t.say("An answer takes %s.", roughly(r.took/firstAsked))
		}
	}
	return a.line, nil
}

// count takes down what came of one post.
func (r *checkRun) count(err error, before bool) {
	switch {
	case err == nil && before:
		r.counts.Known++
	case err == nil:
		r.counts.Given++
	case errors.Is(err, judge.ErrDown):
		r.counts.Left++
		if r.counts.failed == nil {
			r.counts.failed = err
		}
	case errors.Is(err, judge.ErrUnusable):
		r.counts.Unusable++
	default:
		r.counts.Silent++
	}
}

// opinionLine is what a line of a check says of the judge.
func opinionLine(o *store.Opinion, err error) []byte {
	var v any
	if err != nil {
		what := "the judge did not answer"
		if errors.Is(err, judge.ErrUnusable) {
			what = "the judge's answer cannot be used"
		}
		v = struct {
			Error string `json:"error"`
		}{what}
	} else {
		v = struct {
			Model      string       `json:"model"`
			Action     store.Action `json:"action"`
			Theme      string       `json:"theme,omitempty"`
			Standards  []string     `json:"standards,omitempty"`
			Confidence float64      `json:"confidence"`
			Spans      []store.Span `json:"spans"`
			Why        string       `json:"why"`
		}{o.Model, o.Action, o.Theme, o.Standards, o.Confidence, orEmpty(o.Spans), o.Why}
	}
	b, _ := json.Marshal(v) // plain values can always be encoded
	return b
}
