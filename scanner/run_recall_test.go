package scanner

import (
	"context"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// recalling is a memory that keeps marks, as a store does.
type recalling struct {
	*memory
	marks  map[int64]store.Mark
	looked []int64 // posts in the order in which they were scanned
	found  map[int64]int
}

func newRecalling(m *memory) *recalling {
	return &recalling{memory: m, marks: map[int64]store.Mark{}, found: map[int64]int{}}
}

func (r *recalling) CountUnscanned(context.Context, string) (int, error) {
	return len(r.posts) - len(r.marks), nil
}

func (r *recalling) Unscanned(ctx context.Context, ruleset string) iter.Seq2[[]store.Post, error] {
	return r.those(func(p store.Post) bool { _, ok := r.marks[p.ID]; return !ok })
}

func (r *recalling) those(want func(store.Post) bool) iter.Seq2[[]store.Post, error] {
	return func(yield func([]store.Post, error) bool) {
		var list []store.Post
		for _, p := range r.posts {
			if want(p) {
				list = append(list, p)
			}
		}
		for batch := range slices.Chunk(list, r.batch) {
			if !yield(batch, nil) {
				return
			}
		}
	}
}

func (r *recalling) PutScanned(_ context.Context, _ string, batch []store.Scanned) error {
	for _, s := range batch {
		r.marks[s.PostID], r.found[s.PostID] = s.Marks, len(s.Findings)
		r.looked = append(r.looked, s.PostID)
	}
	return nil
}

func (r *recalling) Says(context.Context, string) (map[int64]int, error) {
	says := map[int64]int{}
	for _, p := range r.posts {
		if r.marks[p.ID]&store.MarkSays != 0 {
			says[p.AccountID]++
		}
	}
	return says, nil
}

func (r *recalling) Again(_ context.Context, _ string, professionals []int64) iter.Seq2[[]store.Post, error] {
	return r.those(func(p store.Post) bool {
		m := r.marks[p.ID]
		return m&store.MarkDepends != 0 && (m&store.MarkProfessional != 0) != slices.Contains(professionals, p.AccountID)
	})
}

// TestRunSecondLook: what later posts say of their author holds for the
// earlier ones, and only those for which it matters are looked at again.
func TestRunSecondLook(t *testing.T) {
	e := testEngine(t, condPack("fruit", "author: professional"))
	says := func(id, account int64, text string) store.Post {
		return store.Post{ID: id, AccountID: account, Kind: store.KindPost, Own: true, Text: text}
	}
	authors := []store.Author{{Account: store.Account{ID: 1}, Bios: []string{"student nurse"}}, {Account: store.Account{ID: 2}}, {Account: store.Account{ID: 3}}}
	posts := []store.Post{
		says(1, 1, "an apple"), says(2, 2, "an apple"), says(3, 2, "nothing"), says(4, 2, "my patients today"), says(5, 3, "my patients today"),
		says(6, 3, "an apple"), says(7, 2, "as a student nurse"),
	}
	r := newRecalling(&memory{batch: 2, authors: authors, posts: posts[:6]})
	run := func(workers int) {
		t.Helper()
		r.looked = nil
		if err := Run(t.Context(), e, r, r, workers, nil); err != nil {
			t.Fatal(err)
		}
	}
	flagged := func() (ids []int64) {
		for _, p := range posts {
			if r.found[p.ID] > 0 {
				ids = append(ids, p.ID)
			}
		}
		return ids
	}
	run(2)
	if d := cmp.Diff([]int64{1}, flagged()); d != "" {
		t.Errorf("by the bio and one statement: %s", d)
	}
	// The second statement comes with a later import.
	r.posts = posts
	run(3)
	if d := cmp.Diff([]int64{1, 2}, flagged()); d != "" {
		t.Errorf("by two statements: %s", d)
	}
	if d := cmp.Diff([]int64{7, 2}, r.looked); d != "" {
		t.Errorf("looked at: %s", d)
	}
	run(1)
	if len(r.looked) != 0 {
		t.Errorf("looked again at %v with nothing new", r.looked)
	}
	// All at once comes to the same.
	all := newRecalling(&memory{batch: 3, authors: authors, posts: posts})
	if err := Run(t.Context(), e, all, all, 4, nil); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r.found, all.found); d != "" {
		t.Errorf("at once: %s", d)
	}
	// A profile that no longer says so takes it back.
	r.authors = []store.Author{{Account: store.Account{ID: 1}, Bios: []string{"baker"}}, authors[1], authors[2]}
	run(2)
	if d := cmp.Diff([]int64{2}, flagged()); d != "" {
		t.Errorf("with another bio: %s", d)
	}
}
