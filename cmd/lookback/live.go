//go:build !nonetwork

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/live"
	"lookback/store"

	"golang.org/x/term"
)

// readLive reads a live account; tests put something else in its place.
var readLive = live.Read

// checkLive says what is wrong with the values of --live.
func (o *importOptions) checkLive() error {
	servers := map[string]string{} // by environment variable
	for _, s := range o.live {
		t, err := live.Parse(s)
		if err != nil {
			what, hint := splitHint(err)
			return usageHint(hint, "--live %q: %s", s, what)
		}
		env, _ := t.Credential()
		if other, ok := servers[env]; ok && other != t.Server && os.Getenv(env) != "" {
			return usageHint("give each server a command of its own", "the token in %s belongs to one server, and must not go to both %s and %s", env, other, t.Server)
		}
		servers[env] = t.Server
	}
	return nil
}

// account reads a live account into the store. What was read before an
// interruption or a failure is kept. Its error ends the whole run.
func (in *intake) account(ctx context.Context, s string) (got imported, err error) {
	t, err := live.Parse(s)
	if err != nil {
		return got, err
	}
	started := time.Now().UTC().Truncate(time.Second)
	got.archive = store.Archive{Name: "live read of " + started.Format("2006-01-02 15:04"), Platform: t.Platform,
		Generated: started, Partial: true, Messages: in.o.messages}
	opts := live.Options{Messages: in.o.messages}
	if opts.Credential, err = in.t.credential(ctx, t); err != nil {
		return in.failed(ctx, got, err)
	}
	if in.t.errTTY {
		in.t.say("Asking for %s over the network.", t)
	}
	bar := in.t.newBar("Reading "+t.String(), false)
	opts.Progress = &liveProgress{bar, in.t, "Reading " + t.String()}
	whole := context.WithoutCancel(ctx) // an interruption keeps what was read
	k := &liveSink{begin: func() (*store.Import, error) { return in.s.BeginImport(whole, got.archive) }}
	defer k.abort()
	res, err := readLive(ctx, t, opts, k)
	bar.finish(err)
	switch {
	case k.err != nil:
		return got, k.err
	case k.im == nil:
		return in.failed(ctx, got, err) // nothing came
	}
	k.im.SetArchive(func(a *store.Archive) {
		a.Layout, a.Size, a.Incomplete = res.Layout, res.Bytes, res.Incomplete
	})
	got.account = k.account
	if got.archive, k.err = k.im.Finish(whole); k.err != nil {
		return got, k.err
	}
	if ctx.Err() == nil {
		got.err = err
	}
	return got, ctx.Err()
}

// liveSink begins the import when there is something to take in, so that a
// refused account leaves nothing behind.
type liveSink struct {
	sink
	begin func() (*store.Import, error)
}

// Account implements importer.Sink.
func (k *liveSink) Account(a store.Account) error {
	if k.im == nil {
		im, err := k.begin()
		if err != nil {
			return k.keep(err)
		}
		k.im = im
	}
	return k.sink.Account(a)
}

func (k *liveSink) abort() {
	if k.im != nil {
		_ = k.im.Abort() // after Finish it does nothing
	}
}

var _ importer.Sink = (*liveSink)(nil)

// liveProgress shows posts on a bar, and tells of the service's limits.
type liveProgress struct {
	*bar
	t    *terminal
	what string
}

// Wait implements live.Progress.
func (p *liveProgress) Wait(service string, until time.Time) {
	if until.IsZero() {
		p.bar.describe(p.what)
		return
	}
	at := until.Local().Format("15:04:05")
	if !p.bar.describe("Waiting until " + at) {
		p.t.say("%s allows no more requests until %s: waiting.", service, at)
	}
}

// describe changes the words before the bar, and says whether it is shown.
func (b *bar) describe(what string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar == nil {
		return false
	}
	b.bar.Describe(what)
	return true
}

// credential takes a token from the environment, or asks for one that is
// needed. It is nowhere kept.
func (t *terminal) credential(ctx context.Context, who live.Target) (string, error) {
	env, must := who.Credential()
	if env == "" {
		return "", nil
	}
	if s := strings.TrimSpace(os.Getenv(env)); s != "" || !must {
		return s, nil
	}
	if !t.inTTY() || !t.errTTY {
		return "", &hintError{fmt.Errorf("%s cannot be read without a bearer token, because X now sells access to its API", who),
			"put the token into the environment variable " + env + ", or ask X for your archive, which is free and holds more"}
	}
	fmt.Fprint(t.err, "Bearer token for X (it is not shown, and not kept): ")
	defer fmt.Fprintln(t.err)
	s, err := askSecret(ctx, t.in.(*os.File))
	if err != nil {
		return "", err
	}
	if s == "" {
		return "", &hintError{errors.New("no token was given"), "ask X for your archive, which is free and holds more"}
	}
	return s, nil
}

// askSecret reads a line from a terminal that does not show it. Ctrl-C leaves
// the terminal as it was.
func askSecret(ctx context.Context, f *os.File) (string, error) {
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("preparing the terminal: %w", err)
	}
	type line struct {
		text []byte
		err  error
	}
	got := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		got <- line{text, err}
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(fd, before) // the program ends
		return "", ctx.Err()
	case l := <-got:
		if l.err != nil && !errors.Is(l.err, io.EOF) {
			return "", errors.New("the token could not be read from the terminal")
		}
		return strings.TrimSpace(string(l.text)), nil
	}
}

// accounts reads the live accounts.
func (in *intake) accounts(ctx context.Context) error {
	for _, s := range in.o.live {
		got, err := in.account(ctx, s)
		if err != nil && got.archive.ID == 0 {
			return err
		}
		if got.err != nil {
			in.t.sayError(got.err)
		}
		in.done = append(in.done, got)
		if err != nil {
			return err
		}
	}
	return nil
}
