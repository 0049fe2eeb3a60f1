package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The environment of a child process that works on a store until it is
// killed, and how often to kill it: LOOKBACK_KILLS=200 for a long test.
const (
	killStore = "LOOKBACK_TEST_KILL"
	killCount = "LOOKBACK_KILLS"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(killStore); path != "" {
		if err := work(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// work imports two archives of an account and scans after each.
func work(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	s.txnPosts, s.indexStep = 300, 500
	for _, year := range []int{2018, 2020} {
		digest := fmt.Sprint("archive of ", year)
		if _, known, err := s.KnownArchive(ctx, digest, false); err != nil {
			return err
		} else if !known {
			if err := workImport(ctx, s, digest, year); err != nil {
				return err
			}
		}
		if err := scanAllErr(ctx, s, "r"); err != nil {
			return err
		}
	}
	return nil
}

func workImport(ctx context.Context, s *Store, digest string, year int) error {
	im, err := s.BeginImport(ctx, Archive{Name: fmt.Sprint(year), Digest: digest, Platform: "x", Generated: at(year), Imported: at(2021)})
	if err != nil {
		return err
	}
	if err := im.Account(Account{NativeID: "1", Handle: fmt.Sprint("anna", year)}); err != nil {
		return err
	}
	for i := range 2500 {
		if year == 2020 && i%7 == 0 {
			continue // gone
		}
		text := fmt.Sprintf("post %d of many", i)
		if i%5 == 0 {
			text += " bad"
		}
		if i%11 == 0 {
			text += fmt.Sprint(" as of ", year)
		}
		p := own(fmt.Sprint("tweet:", i), text)
		if i%13 == 0 {
			p.Media = []Media{{Member: fmt.Sprint(i, ".jpg")}}
			p.Versions = []Version{{Text: fmt.Sprint("first ", i)}}
		}
		if err := im.Post(p); err != nil {
			return err
		}
		if i%100 == 0 {
			if err := im.Skip(Skip{Member: "tweets.js", Record: i, Reason: "not an object"}); err != nil {
				return err
			}
		}
	}
	for i := range 400 {
		if year == 2018 {
			break
		}
		if err := im.Post(own(fmt.Sprint("tweet:new", i), "a new post")); err != nil {
			return err
		}
	}
	im.SetArchive(func(a *Archive) { a.Scopes = append(a.Scopes, "tweet:") })
	_, err = im.Finish(ctx)
	return err
}

// TestKill kills a process that imports and scans at random moments. The store
// must be sound each time, and in the end be what an uninterrupted run makes.
func TestKill(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole.db")
	start := time.Now()
	if err := work(whole); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	want := contents(t, whole)
	kills := 12
	if n, err := strconv.Atoi(os.Getenv(killCount)); err == nil {
		kills = n
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d, %d kills, an uninterrupted run takes %v", seed, kills, took)
	path := filepath.Join(t.TempDir(), "killed.db")
	for killed := 0; killed < kills; {
		if child(t, path, time.Duration(r.Int64N(int64(took/2))+int64(took/20))) {
			killed++
			contents(t, path)
			continue
		}
		// It came to its end: compare, and begin anew.
		if d := cmp.Diff(want, contents(t, path)); d != "" {
			t.Fatal(d)
		}
		path = filepath.Join(t.TempDir(), "killed.db")
	}
	if child(t, path, time.Hour) {
		t.Fatal("the last run was killed too")
	}
	if d := cmp.Diff(want, contents(t, path)); d != "" {
		t.Error(d)
	}
}

// child runs work in another process and says whether it had to be killed.
func child(t *testing.T, path string, after time.Duration) bool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), killStore+"="+path)
	out := &limited{}
	cmd.Stderr = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	err = cmd.Wait()
	if err == nil {
		timer.Stop()
		return false
	}
	if timer.Stop() {
		t.Fatalf("%v: %s", err, out.text)
	}
	return true
}

// limited keeps the first bytes of what is written to it.
type limited struct{ text []byte }

func (l *limited) Write(p []byte) (int, error) {
	l.text = append(l.text, p[:min(len(p), 4096-min(len(l.text), 4096))]...)
	return len(p), nil
}

// contents checks the store and returns everything in it.
func contents(t *testing.T, path string) []string {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The full-text index may lag behind, but then says so.
	compare := 0
	if query(t, s, "SELECT value = (SELECT ifnull(max(id), 0) FROM posts) FROM state WHERE name='indexed'")[0] == "1" {
		compare = 1
	}
	if _, err := s.w.Exec("INSERT INTO posts_fts(posts_fts, rank) VALUES('integrity-check', ?)", compare); err != nil {
		t.Fatal(err)
	}
	return dump(t, s)
}
