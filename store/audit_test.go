package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAudits(t *testing.T) {
	s := openStore(t)
	ctx := t.Context()
	if at, c, err := s.LastAudit(ctx); err != nil || !at.IsZero() || c != nil {
		t.Errorf("before the first: %v %v %v", at, c, err)
	}
	e := export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, scopes: []string{"tweet:"},
		posts: []Post{own("tweet:1", "bad one"), own("tweet:2", "bad two"), own("tweet:3", "a bad three"), own("tweet:4", "fine")}}
	take(t, s, e)
	scanAll(t, s, "r")
	if c, err := s.PutAudit(ctx, Changes{Added: 4, Scanned: 4}); err != nil || c != nil {
		t.Fatalf("the first says %+v, %v", c, err)
	}
	if at, c, err := s.LastAudit(ctx); err != nil || time.Since(at) > time.Hour || c != nil {
		t.Errorf("after the first: %v %v %v", at, c, err)
	}
	if keys := find(t, s, Filter{New: true}); len(keys) != 0 {
		t.Errorf("new at first: %v", keys)
	}
	all := targets(t, s, Filter{}, false)
	if err := s.PutDecisions(ctx, []Decision{all["tweet:1 respect.rude"].With(ChoiceRemove, "", ""), all["tweet:3 respect.rude"].With(ChoiceKeep, "why not", "")}); err != nil {
		t.Fatal(err)
	}

	// A year later: 1 is gone as decided, 2 reads otherwise, 5 is new and so is
	// 6, which is allowed.
	if _, err := s.Allow(ctx, Allowed{Kind: AllowPerson, Value: "ben"}); err != nil {
		t.Fatal(err)
	}
	e.archive, e.posts = Archive{Digest: "2", Generated: at(2019)}, []Post{own("tweet:2", "fine now"), own("tweet:3", "a bad three"),
		own("tweet:4", "fine"), own("tweet:5", "bad five"), own("tweet:6", "bad ben")}
	take(t, s, e)
	scanAll(t, s, "r")
	if keys := find(t, s, Filter{New: true}); len(keys) != 1 || keys[0] != "tweet:5" {
		t.Errorf("new before the second: %v", keys)
	}
	want := &Changes{Added: 2, Updated: 1, Scanned: 3, New: Tally{Review: 1}, Cleared: 1, Gone: 1, Removed: 1,
		Decided: map[Choice]int{ChoiceRemove: 1, ChoiceKeep: 1}}
	opts := cmpopts.IgnoreFields(Changes{}, "Since", "Made")
	c, err := s.PutAudit(ctx, Changes{Added: 2, Updated: 1, Scanned: 3})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, c, opts); d != "" {
		t.Error(d)
	}
	if c.None() || c.Since.IsZero() {
		t.Errorf("%+v", c)
	}
	sum, err := s.Summary(ctx, "r")
	if err != nil || sum.LastAudit.IsZero() {
		t.Fatal(sum.LastAudit, err)
	}
	if d := cmp.Diff(c, sum.Changes); d != "" {
		t.Error(d)
	}
	if keys := find(t, s, Filter{New: true}); len(keys) != 1 || keys[0] != "tweet:5" {
		t.Errorf("new after the second: %v", keys)
	}

	// Nothing changed.
	c, err = s.PutAudit(ctx, Changes{})
	if err != nil || !c.None() {
		t.Errorf("%+v, %v", c, err)
	}
	if keys := find(t, s, Filter{New: true}); len(keys) != 0 {
		t.Errorf("new after the third: %v", keys)
	}

	// The post that was gone is there again.
	e.archive, e.posts = Archive{Digest: "3", Generated: at(2020)}, append(e.posts, own("tweet:1", "bad one"))
	take(t, s, e)
	scanAll(t, s, "r")
	c, err = s.PutAudit(ctx, Changes{NewRules: true})
	if err != nil || c.Back != 1 || c.Gone != 0 || c.None() {
		t.Errorf("%+v, %v", c, err)
	}
}
