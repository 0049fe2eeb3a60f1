//go:build !nonetwork

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lookback/importer"
	"lookback/importer/live"
	"lookback/store"
)

// playLive replaces the network by posts.
func playLive(t *testing.T, play func(ctx context.Context, to live.Target, o live.Options, out importer.Sink) error) {
	t.Helper()
	real := readLive
	t.Cleanup(func() { readLive = real })
	readLive = func(ctx context.Context, to live.Target, o live.Options, out importer.Sink) (live.Result, error) {
		err := play(ctx, to, o, out)
		return live.Result{Layout: to.Platform + "-live", Bytes: 1234, Incomplete: err != nil}, err
	}
}

// somePosts hands over an account with two posts, one of them to be flagged.
func somePosts(to live.Target, o live.Options, out importer.Sink) error {
	o.Progress.Total(2)
	errs := []error{out.Account(store.Account{Platform: to.Platform, Handle: to.Name, NativeID: "7"})}
	for key, text := range map[string]string{"tweet:1": "Just had an 84 year old in bay 3 with a broken hip", "tweet:2": "Lovely weather in Leeds"} {
		errs = append(errs, out.Post(store.Post{Key: key, Kind: store.KindPost, Own: true, Text: text, Created: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)}))
		o.Progress.Add(1)
	}
	return errors.Join(errs...)
}

// runLive runs the program with a store of its own.
func runLive(t *testing.T, db string, args ...string) (code int, out, talk string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(append(args, "--db", db), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestLiveImport(t *testing.T) {
	const secret = "AAAA-token"
	t.Setenv("LOOKBACK_X_BEARER", secret)
	playLive(t, func(_ context.Context, to live.Target, o live.Options, out importer.Sink) error {
		if o.Credential != secret || to.Name != "kit_hale" {
			t.Errorf("read %v with the credential %q", to, o.Credential)
		}
		o.Progress.Wait("X", time.Now().Add(time.Minute))
		o.Progress.Wait("X", time.Time{})
		return somePosts(to, o, out)
	})
	db := filepath.Join(t.TempDir(), "lookback.db")
	code, out, talk := runLive(t, db, "import", "--live", "x:@kit_hale")
	if code != exitOK || !strings.Contains(out, "live read of 2") || !strings.Contains(out, "@kit_hale") || !strings.Contains(out, "2 texts read: 2 new") {
		t.Fatalf("exit %d\n%s\n%s", code, out, talk)
	}
	if !strings.Contains(talk, "X allows no more requests until") {
		t.Errorf("nothing was said of the limit: %q", talk)
	}
	code, out, _ = runLive(t, db, "import", "--json", "--live", "x:kit_hale")
	if code != exitOK || !strings.Contains(out, `"layout":"x-live"`) || !strings.Contains(out, `"added":0`) || !strings.Contains(out, `"partial":true`) || !strings.Contains(out, `"gone":0`) {
		t.Errorf("again: exit %d\n%s", code, out)
	}
	dir := t.TempDir()
	code, out, _ = runLive(t, db, "audit", "--out", filepath.Join(dir, "report"), "--live", "x:kit_hale")
	if code != exitOK || !strings.Contains(out, "bay 3") {
		t.Errorf("audit: exit %d\n%s", code, out)
	}
	for _, name := range []string{db, db + "-wal"} {
		if b, err := os.ReadFile(name); err == nil && bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s holds the credential", name)
		}
	}
}

// TestLiveRefused: nothing is left of an account that could not be read.
func TestLiveRefused(t *testing.T) {
	playLive(t, func(context.Context, live.Target, live.Options, importer.Sink) error {
		return &importer.HintError{Err: errors.New("the server is out of order"), Hint: "try again later"}
	})
	db := filepath.Join(t.TempDir(), "lookback.db")
	code, out, talk := runLive(t, db, "import", "--live", "bluesky:mara.example")
	if code != exitFailed || out != "" || !strings.Contains(talk, "What to do: try again later.") {
		t.Errorf("exit %d\n%s\n%s", code, out, talk)
	}
	if _, out, _ = runLive(t, db, "status"); strings.Contains(out, "live read") {
		t.Errorf("an empty read was kept:\n%s", out)
	}
}

// TestLiveBrokenOff: what came before a failure or an interruption is kept.
func TestLiveBrokenOff(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		code int
	}{"failure": {errors.New("the connection failed"), exitUnread}, "interruption": {context.Canceled, exitInterrupted}} {
		t.Run(name, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "lookback.db")
			playLive(t, func(ctx context.Context, to live.Target, o live.Options, out importer.Sink) error {
				if err := somePosts(to, o, out); err != nil {
					return err
				}
				if c.err == context.Canceled {
					p, err := os.FindProcess(os.Getpid())
					if err != nil {
						return err
					}
					if err := p.Signal(os.Interrupt); err != nil {
						return err
					}
					<-ctx.Done()
				}
				return c.err
			})
			code, out, talk := runLive(t, db, "import", "--live", "mastodon:@ann@m.example")
			if code != c.code || !strings.Contains(out, "2 texts read: 2 new") {
				t.Errorf("exit %d\n%s\n%s", code, out, talk)
			}
			if _, out, _ := runLive(t, db, "status"); !strings.Contains(out, "live read of") {
				t.Errorf("nothing was kept:\n%s", out)
			}
		})
	}
}

func TestLiveUsage(t *testing.T) {
	t.Setenv("LOOKBACK_X_BEARER", "")
	t.Setenv("LOOKBACK_MASTODON_TOKEN", "AAAA-token")
	playLive(t, func(context.Context, live.Target, live.Options, importer.Sink) error {
		t.Error("it was read")
		return nil
	})
	db := filepath.Join(t.TempDir(), "lookback.db")
	for _, c := range []struct {
		code int
		talk string
		args []string
	}{
		{exitUsage, "names no platform with live accounts", []string{"import", "--live", "facebook:me"}},
		{exitUsage, "mastodon:@me@mastodon.social", []string{"import", "--live", "mastodon:me@localhost"}},
		{exitUsage, "must not go to both a.example and b.example", []string{"import", "--live", "mastodon:@me@a.example", "--live", "mastodon:@me@b.example"}},
		{exitUsage, "--explain is for archives", []string{"import", "--explain", "--live", "x:me"}},
		{exitUsage, "is no handle of Bluesky", []string{"audit", "--live", "bluesky:me"}},
		{exitFailed, "LOOKBACK_X_BEARER", []string{"import", "--live", "x:@me"}},
	} {
		if code, _, talk := runLive(t, db, c.args...); code != c.code || !strings.Contains(talk, c.talk) {
			t.Errorf("%v: exit %d\n%s", c.args, code, talk)
		}
	}
}
