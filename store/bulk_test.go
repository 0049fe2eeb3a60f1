package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// indexes returns the indexes of the posts as SQLite has them.
func indexes(t *testing.T, s *Store) []string {
	t.Helper()
	return query(t, s, "SELECT sql FROM sqlite_schema WHERE type='index' AND tbl_name='posts' ORDER BY name")
}

// A first import drops indexes and builds them again: at its end, when it is
// given up, and in the midst of a large archive.
func TestBulkIndexes(t *testing.T) {
	want := indexes(t, openStore(t))
	if len(want) != 4 {
		t.Fatalf("a new store has %d indexes of its posts: %v", len(want), want)
	}
	posts := make([]Post, 3000)
	for i := range posts {
		posts[i] = own(fmt.Sprint("tweet:", i), fmt.Sprint("text ", i))
	}
	for name, limit := range map[string]int64{"at the end": bulkPosts, "on the way": 700} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			s.bulkPosts = limit
			if a := take(t, s, export{account: anna, posts: posts}); a.Added != len(posts) {
				t.Errorf("added %d posts, want %d", a.Added, len(posts))
			}
			if d := cmp.Diff(want, indexes(t, s)); d != "" {
				t.Error(d)
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("given up", func(t *testing.T) {
		s := openStore(t)
		im := begin(t, s)
		for i := range posts {
			if err := im.Post(posts[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := im.Abort(); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, indexes(t, s)); d != "" {
			t.Error(d)
		}
		if n := len(allPosts(t, s)); n != len(posts) {
			t.Errorf("%d posts stayed, want %d", n, len(posts))
		}
	})
}

func begin(t *testing.T, s *Store) *Import {
	t.Helper()
	im, err := s.BeginImport(t.Context(), Archive{Name: "a.zip", Digest: "d", Platform: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Account(anna); err != nil {
		t.Fatal(err)
	}
	return im
}

// What a killed import left out is built when the store is next opened, but
// not while another lookback is writing.
func TestMendIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lookback.db")
	open := func() *Store {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	want := indexes(t, s)
	for name := range lateIndexes {
		if _, err := s.w.Exec("DROP INDEX " + name); err != nil {
			t.Fatal(err)
		}
	}
	busy, err := s.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := open()
	if got := indexes(t, other); len(got) != len(want)-len(lateIndexes) {
		t.Errorf("beside another writer there are %v", got)
	}
	var wait int
	if err := other.w.QueryRow("PRAGMA busy_timeout").Scan(&wait); err != nil || wait != 10_000 {
		t.Errorf("writes wait %d ms (%v), want 10 s", wait, err)
	}
	if err := busy.rollback(); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	third := open()
	defer third.Close()
	if d := cmp.Diff(want, indexes(t, third)); d != "" {
		t.Error(d)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
