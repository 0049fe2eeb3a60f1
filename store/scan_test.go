package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestUnscanned(t *testing.T) {
	s := openStore(t)
	odd := full()
	odd.Author, odd.Place, odd.ReplyTo, odd.Own = "an\x1fauthor", "a\x1fplace", "\x1f", false
	odd.Text = "one\x1ftwo\x00three\n🙂"
	undated := Post{Key: "bio", Kind: KindBio, Own: true, Text: ""}
	old := own("tweet:old", "x")
	old.Created = at(1960)
	e := export{account: anna, posts: []Post{odd, undated, old}}
	for i := range 2500 {
		e.posts = append(e.posts, own(fmt.Sprint("tweet:n", i), fmt.Sprint("text ", i)))
	}
	take(t, s, e)
	var got []Post
	for batch, err := range s.Unscanned(t.Context(), "r") {
		if err != nil || len(batch) > scanBatch {
			t.Fatalf("%d posts, %v", len(batch), err)
		}
		got = append(got, batch...)
	}
	if len(got) != len(e.posts) || !slices.IsSortedFunc(got, func(a, b Post) int { return int(a.ID - b.ID) }) {
		t.Fatalf("%d posts, want %d in order", len(got), len(e.posts))
	}
	for i, p := range got[:4] {
		in := e.posts[i]
		want := Post{ID: p.ID, AccountID: 1, Kind: in.Kind, Own: in.Own, Text: in.Text, Created: in.Created, Audience: in.Audience,
			Author: strings.ReplaceAll(in.Author, "\x1f", " "), Place: strings.ReplaceAll(in.Place, "\x1f", " "), ReplyTo: strings.ReplaceAll(in.ReplyTo, "\x1f", " "), Versions: in.Versions}
		if d := cmp.Diff(want, p, cmpopts.IgnoreFields(Version{}, "ID")); d != "" {
			t.Error(d)
		}
	}
	for range s.Unscanned(t.Context(), "r") {
		break // stopping early is allowed
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.Unscanned(ctx, "r") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestPutScanned(t *testing.T) {
	s := openStore(t)
	ctx := t.Context()
	take(t, s, export{account: anna, posts: []Post{own("tweet:1", "bad one"), own("tweet:2", "bad two"), own("tweet:3", "fine")}})
	count := func(ruleset string, want int) {
		t.Helper()
		if n, err := s.CountUnscanned(ctx, ruleset); err != nil || n != want {
			t.Errorf("%d unscanned under %s, %v; want %d", n, ruleset, err, want)
		}
	}
	count("r1", 3)
	scanAll(t, s, "r1")
	count("r1", 0)
	count("r2", 3)
	for batch, err := range s.Unscanned(ctx, "r1") {
		t.Errorf("scanned posts come again: %v %v", batch, err)
	}
	before := query(t, s, "SELECT group_concat(uid) FROM findings ORDER BY id")
	// Another set of rules replaces what was found, post by post.
	if err := s.PutScanned(ctx, "r2", []Scanned{{PostID: 1}, {PostID: 3, Findings: []Finding{bad(0)}}, {PostID: 99, Findings: []Finding{bad(0)}}}); err != nil {
		t.Fatal(err)
	}
	count("r2", 1)
	count("r1", 2)
	if got := find(t, s, Filter{}); !slices.Equal(got, []string{"tweet:2", "tweet:3"}) {
		t.Errorf("flagged: %v", got)
	}
	scanAll(t, s, "r2")
	if got := query(t, s, "SELECT group_concat(uid) FROM findings ORDER BY id"); before[0] == "" || len(got[0]) != len(before[0]) {
		t.Errorf("ids were %v, are %v", before, got)
	}
}

func TestUIDs(t *testing.T) {
	uids := func(s *Store) map[string]string {
		m := map[string]string{}
		for row, err := range s.Findings(t.Context(), Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			m[row.Post.Key] = row.Findings[0].UID
		}
		return m
	}
	a, b := openStore(t), openStore(t)
	posts := []Post{own("tweet:1", "bad"), own("tweet:2", "bad")}
	take(t, a, export{account: anna, posts: posts})
	take(t, b, export{account: Account{NativeID: "2"}, posts: posts})
	take(t, b, export{account: anna, posts: []Post{posts[1], posts[0]}, archive: Archive{Name: "other"}})
	scanAll(t, a, "r1")
	scanAll(t, b, "r2")
	ua := uids(a)
	if ua["tweet:1"] == ua["tweet:2"] || len(ua["tweet:1"]) != 10 {
		t.Errorf("ids are %v", ua)
	}
	row, f, err := b.Finding(t.Context(), ua["tweet:1"])
	if err != nil || row.Post.Key != "tweet:1" || row.Account.NativeID != "1" || f.UID != ua["tweet:1"] {
		t.Errorf("%+v, %v", row, err)
	}
	_, _, err = b.Finding(t.Context(), "nothing")
	wantHint(t, err, ErrNotFound)
}

func TestWordsHash(t *testing.T) {
	text := "The BAD  thing, bad Thing"
	same := [][]Span{{{4, 14}}, {{4, 7}, {9, 14}}, {{16, 25}}, {{-1, 2}, {4, 14}, {20, 99}, {9, 4}}}
	for _, spans := range same {
		if WordsHash(text, spans) != WordsHash("bad thing", nil) {
			t.Errorf("%v is not the same", spans)
		}
	}
	if WordsHash(text, nil) == WordsHash(text, same[0]) || WordsHash("", nil) == WordsHash("a", nil) {
		t.Error("different words have the same hash")
	}
}

func TestCarryOver(t *testing.T) {
	s := openStore(t)
	ctx := t.Context()
	take(t, s, export{account: anna, posts: []Post{own("tweet:1", "bad"), own("tweet:2", "fine"), own("tweet:3", "late")}})
	if err := s.PutScanned(ctx, "r1", []Scanned{{PostID: 1, Findings: []Finding{bad(0)}}, {PostID: 2}}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutRuleset(ctx, "r1", []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	if hash, manifest, err := s.LastRuleset(ctx); hash != "r1" || string(manifest) != `{"a":1}` || err != nil {
		t.Errorf("last ruleset: %q %q %v", hash, manifest, err)
	}
	for range 2 { // the second time there is nothing left to do
		if err := s.CarryOver(ctx, "r1", "r2"); err != nil {
			t.Fatal(err)
		}
		if n, err := s.CountUnscanned(ctx, "r2"); n != 2 || err != nil {
			t.Errorf("%d unscanned, %v; want the flagged post and the one that never was", n, err)
		}
	}
	if err := s.CarryOver(ctx, "none", "r3"); err != nil {
		t.Errorf("carrying over from rules that were never used: %v", err)
	}
}
