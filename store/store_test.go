package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sqlOn runs statements on a database without any of our settings.
func sqlOn(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open(driverName, dsn(path, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
}

// wantHint checks for the kind of error and that it says what to do.
func wantHint(t *testing.T, err, kind error) {
	t.Helper()
	var hint *HintError
	if !errors.Is(err, kind) || !errors.As(err, &hint) || hint.Hint == "" {
		t.Errorf("error is %v; want %v with a hint", err, kind)
	}
}

func TestOpenCreates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "ä b?c#d%20&e", "my store.db")
	for range 2 {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for q, want := range map[string]string{
			"PRAGMA application_id": fmt.Sprint(applicationID), "PRAGMA user_version": fmt.Sprint(len(migrations)), "PRAGMA journal_mode": "wal",
			"PRAGMA secure_delete": "1", "PRAGMA foreign_keys": "1", "PRAGMA temp_store": "2", "PRAGMA synchronous": "1",
		} {
			if got := query(t, s, q); got[0] != want {
				t.Errorf("%s is %s, want %s", q, got[0], want)
			}
		}
		if s.Path() != path {
			t.Errorf("path is %q", s.Path())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if names := files(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("closing left %v", names)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// The views must stay valid SQL: SQLite checks them only when they are used.
func TestViews(t *testing.T) {
	s := openStore(t)
	take(t, s, export{account: anna, posts: []Post{own("tweet:1", "bad"), own("tweet:2", "good")}})
	scanAll(t, s, "r")
	for view, want := range map[string]int{"flagged_posts": 1, "all_posts": 2, "coverage": 1, "all_archives": 1} {
		if got := query(t, s, "SELECT * FROM "+view); len(got) != want {
			t.Errorf("%s: %v", view, got)
		}
	}
	if got := query(t, s, "SELECT created_utc || ' ' || standards || ' ' || handle FROM flagged_posts"); got[0] != "2015-06-01 12:00:00 2.7,9.1 anna" {
		t.Errorf("flagged: %v", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, tc := range []struct {
		name string
		make func(path string)
		kind error
	}{
		{"a text", func(p string) { os.WriteFile(p, []byte("dear diary"), 0o600) }, ErrNotOurs},
		{"a long text", func(p string) { os.WriteFile(p, bytes.Repeat([]byte("dear diary "), 1000), 0o600) }, ErrNotOurs},
		{"somebody's database", func(p string) { sqlOn(t, p, "CREATE TABLE contacts(name)") }, ErrNotOurs},
		{"somebody's marked database", func(p string) { sqlOn(t, p, "PRAGMA application_id=7", "CREATE TABLE contacts(name)") }, ErrNotOurs},
		{"a folder", func(p string) { os.Mkdir(p, 0o700) }, ErrNotOurs},
		{"a newer store", func(p string) {
			sqlOn(t, p, fmt.Sprintf("PRAGMA application_id=%d", applicationID), "PRAGMA user_version=999", "CREATE TABLE posts(other)")
		}, ErrNewer},
		{"cut to its first page", func(p string) { damage(t, p, func(b []byte) []byte { return b[:4096] }) }, ErrCorrupt},
		{"overwritten after the header", func(p string) {
			damage(t, p, func(b []byte) []byte { copy(b[100:], bytes.Repeat([]byte{0xa5}, len(b)-100)); return b })
		}, ErrCorrupt},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(dir, tc.name)
			tc.make(path)
			before, _ := os.ReadFile(path)
			for _, opts := range [][]Option{nil, {ReadOnly()}} {
				s, err := Open(t.Context(), path, opts...)
				if err == nil {
					s.Close()
				}
				wantHint(t, err, tc.kind)
				if err != nil && (strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), "diary")) {
					t.Errorf("says too much: %v", err)
				}
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
			for _, n := range files(t, dir) {
				if strings.HasPrefix(n, tc.name+"-") && tc.kind == ErrNotOurs {
					t.Errorf("left %s", n)
				}
			}
		})
	}
	_, err := Open(t.Context(), filepath.Join(dir, "none.db"), ReadOnly())
	wantHint(t, err, ErrNotFound)
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("opening read-only made a file")
	}
	_, err = Open(t.Context(), filepath.Join(dir, "a text", "x.db"))
	wantHint(t, err, ErrReadOnly)
}

// damage writes a store of some posts to path, changed by fn.
func damage(t *testing.T, path string, fn func([]byte) []byte) {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	take(t, s, export{account: anna, posts: manyPosts(2000)})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, fn(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func manyPosts(n int) []Post {
	posts := make([]Post, n)
	for i := range posts {
		posts[i] = own(fmt.Sprint("tweet:", i), fmt.Sprintf("post %d of a canaryword %s", i, strings.Repeat("x ", i%50)))
	}
	return posts
}

// Damage that opening does not meet shows when it is read.
func TestCorruptInside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	damage(t, path, func(b []byte) []byte {
		for page := 40; (page+1)*4096 <= len(b); page += 2 {
			copy(b[page*4096:(page+1)*4096], bytes.Repeat([]byte{0x5a}, 4096))
		}
		return b
	})
	s, err := Open(t.Context(), path)
	if err != nil {
		wantHint(t, err, ErrCorrupt)
		return
	}
	defer s.Close()
	wantHint(t, s.Check(t.Context()), ErrCorrupt)
	wantHint(t, scanAllErr(t.Context(), s, "r"), ErrCorrupt)
	_, err = takeErr(t.Context(), s, export{account: anna, posts: manyPosts(4000)})
	wantHint(t, err, ErrCorrupt)
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("text of a post in %v", err)
	}
}

func TestDiskFull(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := Open(ctx, path, maxPages(200))
	if err != nil {
		t.Fatal(err)
	}
	s.txnPosts = 1000
	e := export{archive: Archive{Digest: "d"}, account: anna, posts: manyPosts(100_000)}
	im, err := s.BeginImport(ctx, Archive{Name: "a.zip", Digest: "d", Platform: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.posts {
		if err = im.Post(e.posts[i]); err != nil {
			break
		}
	}
	wantHint(t, err, ErrFull)
	if err != nil && strings.Contains(err.Error(), "canary") {
		t.Errorf("text of a post in %v", err)
	}
	_, err = im.Finish(ctx)
	wantHint(t, err, ErrFull)
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	if n := len(allPosts(t, s)); n == 0 || n%batchPosts > 1000 || n >= len(e.posts) {
		t.Errorf("%d posts were kept", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if s, err = Open(ctx, path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if a := take(t, s, e); a.Added != len(e.posts) || a.Unfinished {
		t.Errorf("completed: %+v", a)
	}
}

func TestBusy(t *testing.T) {
	ctx := t.Context()
	s := openStore(t)
	e := export{archive: Archive{Digest: "1"}, account: anna, posts: []Post{own("tweet:1", "bad")}}
	take(t, s, e)
	tx, err := s.begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(ctx, s.Path(), BusyTimeout(20*time.Millisecond))
	if err != nil {
		t.Fatal(err) // looking is no problem
	}
	defer second.Close()
	if got := len(allPosts(t, second)); got != 1 {
		t.Errorf("the second one reads %d posts", got)
	}
	_, err = takeErr(ctx, second, e)
	wantHint(t, err, ErrBusy)
	wantHint(t, second.PutScanned(ctx, "r", nil), ErrBusy)
	wantHint(t, second.PutDecision(ctx, Decision{AccountID: 1, PostKey: "tweet:1", Choice: ChoiceKeep}), ErrBusy)
	_, err = second.Forget(ctx, ForgetWhat{Everything: true})
	wantHint(t, err, ErrBusy)
	if err := tx.rollback(); err != nil {
		t.Fatal(err)
	}
	take(t, second, e) // and when the first is done, it works
}

// Waiting for another writer of this process ends with the context.
func TestBusyCancelled(t *testing.T) {
	s := openStore(t)
	tx, err := s.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.rollback()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := s.PutScanned(ctx, "r", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	ctx := t.Context()
	s := openStore(t)
	take(t, s, export{account: anna, posts: []Post{own("tweet:1", "bad")}})
	scanAll(t, s, "r")
	ro, err := Open(ctx, s.Path(), ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if got := find(t, ro, Filter{Text: "bad"}); len(got) != 1 {
		t.Errorf("found %v", got)
	}
	if _, err := ro.Summary(ctx, "r"); err != nil {
		t.Error(err)
	}
	_, err = ro.BeginImport(ctx, Archive{})
	wantHint(t, err, ErrReadOnly)
	_, err = ro.Forget(ctx, ForgetWhat{Everything: true})
	wantHint(t, err, ErrReadOnly)
	wantHint(t, ro.PutScanned(ctx, "r", nil), ErrReadOnly)
}

func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	errs := make(chan error)
	for range 8 {
		go func() {
			s, err := Open(context.Background(), path)
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestHintError(t *testing.T) {
	err := &HintError{Err: ErrFull, Hint: "make room"}
	if err.Error() != ErrFull.Error()+": make room" || (&HintError{Err: ErrFull}).Error() != ErrFull.Error() || !errors.Is(err, ErrFull) {
		t.Errorf("says %v", err)
	}
	if err := explain("x", nil); err != nil {
		t.Error(err)
	}
	if err := explain("reading", errors.New("odd")); err.Error() != "reading: odd" {
		t.Error(err)
	}
}
