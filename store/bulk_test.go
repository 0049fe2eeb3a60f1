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
	for name, limit := range map[string]int64{"at the end": 0, "on the way": 700} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			if limit > 0 {
				s.bulkPosts = limit
			}
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

// stored waits until what im was given is committed.
func (im *Import) stored(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	err := im.flush()
	if err == nil {
		err = im.send(func() error { defer close(done); return im.w.commit() })
	}
	if err != nil {
		t.Fatal(err)
	}
	<-done
}

// Until its posts are in, a first import has none of the late indexes, and
// keeps little of the file in memory.
func TestBulk(t *testing.T) {
	s := openStore(t)
	all := indexes(t, s)
	im := begin(t, s)
	if err := im.Post(own("tweet:1", "text")); err != nil {
		t.Fatal(err)
	}
	im.stored(t)
	if n := len(indexes(t, s)); n != len(all)-len(lateIndexes) {
		t.Errorf("%d indexes in the midst of the import, %d without one", n, len(all))
	}
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	var cache int
	if err := s.w.QueryRow("PRAGMA cache_size").Scan(&cache); err != nil || cache != -writeCache {
		t.Errorf("the cache has %d kB afterwards (%v)", -cache, err)
	}
}

// The words of a bulk come into the full-text index while it is being read.
func TestBulkFullText(t *testing.T) {
	s := openStore(t)
	s.txnPosts, s.indexStep = 512, 1000
	im := begin(t, s)
	for _, p := range manyPosts(2600) {
		if err := im.Post(p); err != nil {
			t.Fatal(err)
		}
	}
	im.stored(t)
	if n := query(t, s, "SELECT value FROM state WHERE name='indexed'")[0]; n != "2000" {
		t.Errorf("%s posts are in the index in the midst of the import, want 2000", n)
	}
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := query(t, s, "SELECT count(*) FROM posts_fts('canaryword')")[0]; n != "2600" {
		t.Errorf("%s posts are found, want 2600", n)
	}
	if _, err := s.w.Exec("INSERT INTO posts_fts(posts_fts, rank) VALUES('integrity-check', 1)"); err != nil {
		t.Error(err)
	}
}

// A bulk that meets keys for the second time ends as an import with the
// indexes does, whether they are few or too many to wait.
func TestBulkRepeats(t *testing.T) {
	for _, repeats := range []int{1, 40, bulkRepeats + 600} {
		t.Run(fmt.Sprint(repeats), func(t *testing.T) {
			var want []string
			for _, limit := range []int64{1, bulkPosts} {
				s := openStore(t)
				s.bulkPosts, s.txnPosts = limit, 500
				im := begin(t, s)
				give := func(p Post) {
					if err := im.Post(p); err != nil {
						t.Fatal(err)
					}
				}
				for i := range 2 * repeats {
					give(own(fmt.Sprint("tweet:", i), fmt.Sprint("first ", i)))
				}
				for i := range repeats {
					p := own(fmt.Sprint("tweet:", i*2), "second")
					p.URL = fmt.Sprint("https://x.com/anna/status/", i) // the first does not say
					p.Media = []Media{{Member: fmt.Sprint(i, ".jpg")}}
					give(p)
					give(own(fmt.Sprint("tweet:", i*2), "third"))
				}
				if err := im.Account(Account{Platform: "mastodon", NativeID: "7"}); err != nil {
					t.Fatal(err)
				}
				give(own("tweet:0", "the same key in another account"))
				if _, err := im.Finish(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := s.Check(t.Context()); err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = dump(t, s)
				} else if d := cmp.Diff(want, dump(t, s)); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

// Another lookback that opens the store, and imports into it, while a bulk is
// on its way.
func TestBulkBesideAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lookback.db")
	open := func() *Store {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	s := open()
	want := indexes(t, s)
	im := begin(t, s)
	give := func(from, to int) {
		for i := from; i < to; i++ {
			if err := im.Post(own(fmt.Sprint("tweet:", i), "text")); err != nil {
				t.Fatal(err)
			}
		}
		im.stored(t)
	}
	give(0, 100)
	other := open()
	take(t, other, export{archive: Archive{Digest: "other"}, account: anna, posts: manyPosts(300)})
	give(50, 400)
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, indexes(t, s)); d != "" {
		t.Error(d)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if n := len(allPosts(t, s)); n != 400 {
		t.Errorf("%d posts, want 400", n)
	}
}

// A key of a bulk counts once; the same key of another account is another.
func TestKeySet(t *testing.T) {
	keys := newKeySet()
	const n = 50_000
	for _, account := range []int64{1, 2} {
		for i := range n {
			if !keys.add(account, fmt.Sprint("tweet:", i)) {
				t.Fatalf("key %d of account %d was there before", i, account)
			}
		}
	}
	for i := range n {
		if keys.add(1, fmt.Sprint("tweet:", i)) {
			t.Fatalf("key %d was forgotten", i)
		}
	}
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
	for _, name := range lateNames {
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
