package scanner

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// memory is a Source and a Sink over a slice.
type memory struct {
	posts   []store.Post
	authors []store.Author
	batch   int
	fail    error // what the source ends with
	putFail error
	got     []store.Scanned
	ruleset string
}

func (m *memory) CountUnscanned(context.Context, string) (int, error) { return len(m.posts), nil }

func (m *memory) Authors(context.Context) ([]store.Author, error) { return m.authors, nil }

func (m *memory) Unscanned(_ context.Context, ruleset string) iter.Seq2[[]store.Post, error] {
	m.ruleset = ruleset
	return func(yield func([]store.Post, error) bool) {
		for i := 0; i < len(m.posts); i += m.batch {
			if !yield(m.posts[i:min(i+m.batch, len(m.posts))], nil) {
				return
			}
		}
		if m.fail != nil {
			yield(nil, m.fail)
		}
	}
}

func (m *memory) PutScanned(_ context.Context, _ string, batch []store.Scanned) error {
	if m.putFail != nil {
		return m.putFail
	}
	m.got = append(m.got, batch...)
	return nil
}

type countingMeter struct{ total, done int64 }

func (m *countingMeter) Total(n int64) { m.total = n }
func (m *countingMeter) Add(n int64)   { m.done += n }

func manyPosts(n int) []store.Post {
	texts := []string{"an apple", "a knife and a pear", "nothing here", "not an apple", "fr*b the pears", `"eat more apples now"`}
	posts := make([]store.Post, n)
	for i := range posts {
		posts[i] = store.Post{ID: int64(i + 1), AccountID: int64(i%2 + 1), Kind: store.Kinds[i%len(store.Kinds)], Own: true, Text: fmt.Sprintf("%s %d", texts[i%len(texts)], i)}
	}
	return posts
}

func TestRunWorkers(t *testing.T) {
	e := testEngine(t, condPack("{any: [fruit, slur]}"))
	var first []store.Scanned
	for _, workers := range []int{1, 8, 0} {
		m := &memory{posts: manyPosts(1003), batch: 17}
		var meter countingMeter
		if err := Run(t.Context(), e, m, m, workers, &meter); err != nil {
			t.Fatal(err)
		}
		if meter.total != 1003 || meter.done != 1003 || m.ruleset != e.Rules().Hash() {
			t.Errorf("%d workers: meter %+v, ruleset %q", workers, meter, m.ruleset)
		}
		if first == nil {
			first = m.got
		}
		if d := cmp.Diff(first, m.got); d != "" {
			t.Errorf("%d workers find something else: %s", workers, d)
		}
	}
	if len(first) != 1003 || first[0].PostID != 1 || first[1002].PostID != 1003 {
		t.Error("posts are missing or out of order")
	}
}

func TestRunErrors(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	broken := errors.New("broken")
	m := &memory{posts: manyPosts(100), batch: 10, fail: broken}
	if err := Run(t.Context(), e, m, m, 2, nil); !errors.Is(err, broken) {
		t.Errorf("source: %v", err)
	}
	m = &memory{posts: manyPosts(100), batch: 10, putFail: broken}
	if err := Run(t.Context(), e, m, m, 2, nil); !errors.Is(err, broken) {
		t.Errorf("sink: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m = &memory{posts: manyPosts(100), batch: 10}
	if err := Run(ctx, e, m, m, 2, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	m = &memory{batch: 10}
	if err := Run(t.Context(), e, m, m, 2, nil); err != nil || len(m.got) > 0 {
		t.Errorf("nothing to scan: %v", err)
	}
}

func TestRunAuthors(t *testing.T) {
	e := testEngine(t, condPack("fruit", "author: professional"))
	account := func(id int64, bio ...string) store.Author {
		return store.Author{Account: store.Account{ID: id}, Bios: bio}
	}
	says := func(id, author int64, text string) store.Post {
		return store.Post{ID: id, AccountID: author, Kind: store.KindPost, Own: true, Text: text}
	}
	m := &memory{batch: 2, authors: []store.Author{account(1, "Baker"), account(2, "student nurse"), account(3)}, posts: []store.Post{
		says(1, 1, "an apple"), says(2, 2, "an apple"), says(3, 3, "an apple"), says(4, 3, "my patients today"), says(5, 3, "as a student nurse"), says(6, 1, "my patients"),
	}}
	found := func() (ids []int64) {
		for _, s := range m.got {
			if len(s.Findings) > 0 {
				ids = append(ids, s.PostID)
			}
		}
		m.got = nil
		return ids
	}
	if err := Run(t.Context(), e, m, m, 2, nil); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int64{2}, found()); d != "" {
		t.Errorf("by bio alone: %s", d)
	}
}
