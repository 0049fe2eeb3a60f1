package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// choices returns what is decided, by post and theme.
func choices(t *testing.T, s *Store) map[string]string {
	t.Helper()
	got := map[string]string{}
	for d, err := range s.Decisions(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[d.PostKey+" "+d.Theme] = strings.Join(strings.Fields(string(d.Choice)+" "+d.Reason+" "+d.Note), " ")
	}
	return got
}

// targets returns the targets that flt chooses, by post and theme.
func targets(t *testing.T, s *Store, flt Filter, whole bool) map[string]Target {
	t.Helper()
	list, err := s.Targets(t.Context(), flt, whole)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Target{}
	for _, x := range list {
		got[x.PostKey+" "+x.Theme] = x
	}
	return got
}

func TestDecideAndUndo(t *testing.T) {
	s := filterStore(t)
	ctx := t.Context()
	all := targets(t, s, Filter{}, false)
	a, b := all["a privacy.case"], all["b privacy.place"]
	put := func(want Change, list ...Decision) {
		t.Helper()
		got, err := s.Decide(ctx, list)
		if err != nil {
			t.Fatal(err)
		}
		if got.Decided != want.Decided || got.Unchanged != want.Unchanged || (got.ID == 0) != (want.Decided == 0) {
			t.Errorf("changed %+v, want %+v", got, want)
		}
	}
	if _, err := s.Undo(ctx); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("undo of nothing: %v", err)
	}
	put(Change{Decided: 2}, a.With(ChoiceRemove, "", "soon"), b.With(ChoiceKeep, "a talk", ""))
	put(Change{Decided: 1, Unchanged: 1}, a.With(ChoiceRemove, "", "soon"), b.With(ChoiceDone, "", ""))
	put(Change{Unchanged: 2}, b.With(ChoiceDone, "", ""), all["f respect.rude"].With("", "", ""))
	put(Change{Decided: 1}, a.With("", "", ""))
	put(Change{Decided: 2}, a.With(ChoiceKeep, "x", ""), a.With(ChoiceNotIssue, "", "")) // twice in one change

	for _, want := range []map[string]string{
		{"b privacy.place": "done"},
		{"a privacy.case": "remove soon", "b privacy.place": "done"},
		{"a privacy.case": "remove soon", "b privacy.place": "keep a talk"},
		{},
	} {
		if _, err := s.Undo(ctx); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, choices(t, s)); d != "" {
			t.Error(d)
		}
	}
	if _, err := s.Undo(ctx); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("undone too much: %v", err)
	}
	list, err := s.History(ctx, 0)
	if err != nil || len(list) != 4 || list[0].Decided != 2 || list[0].Undone.IsZero() {
		t.Errorf("history %+v, %v", list, err)
	}
	if list, err := s.History(ctx, 1); err != nil || len(list) != 1 {
		t.Errorf("history of one: %+v, %v", list, err)
	}
}

func TestDecideAllOrNothing(t *testing.T) {
	s := filterStore(t)
	a := targets(t, s, Filter{}, false)["a privacy.case"]
	for name, bad := range map[string]Decision{
		"keep without a reason": a.With(ChoiceKeep, " \t", "a note is none"),
		"no such choice":        a.With("perhaps", "", ""),
		"no such account":       {AccountID: 99, PostKey: "x", Choice: ChoiceRemove},
	} {
		if _, err := s.Decide(t.Context(), []Decision{a.With(ChoiceRemove, "", ""), bad}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if got := choices(t, s); len(got) != 0 {
		t.Errorf("half applied: %v", got)
	}
	if list, err := s.History(t.Context(), 0); err != nil || len(list) != 0 {
		t.Errorf("history of what failed: %v, %v", list, err)
	}
	if err := a.With(ChoiceKeep, "", "").Check(); !errors.Is(err, ErrNoReason) {
		t.Errorf("check: %v", err)
	}
}

// What is forgotten cannot be brought back by an undo.
func TestUndoAfterForget(t *testing.T) {
	s := filterStore(t)
	ctx := t.Context()
	all := targets(t, s, Filter{}, false)
	if err := s.PutDecision(ctx, all["a privacy.case"].With(ChoiceRemove, "", "")); err != nil {
		t.Fatal(err)
	}
	if err := s.PutDecision(ctx, all["f respect.rude"].With(ChoiceRemove, "", "")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Forget(ctx, ForgetWhat{AccountID: all["f respect.rude"].AccountID}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(ctx); err != nil {
		t.Fatal(err)
	}
	if got := choices(t, s); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func TestTarget(t *testing.T) {
	s := filterStore(t)
	ctx := t.Context()
	list, err := s.Targets(ctx, Filter{}, false)
	if err != nil || len(list) != 6 {
		t.Fatalf("%d targets, %v", len(list), err)
	}
	uid := list[0].UID
	for _, id := range []string{uid, "#" + uid, strings.ToUpper(uid), " " + uid[:8]} {
		got, err := s.Target(ctx, id)
		if err != nil {
			t.Errorf("%q: %v", id, err)
		} else if d := cmp.Diff(list[0], got); d != "" {
			t.Errorf("%q: %s", id, d)
		}
	}
	for id, want := range map[string]error{"": ErrNotFound, "#": ErrNotFound, "12%": ErrNotFound, "zzzzzzzzzz": ErrNotFound, uid + "a": ErrNotFound} {
		if _, err := s.Target(ctx, id); !errors.Is(err, want) {
			t.Errorf("%q: %v", id, err)
		}
	}
	// Two ids that begin alike.
	for _, q := range []string{"UPDATE findings SET uid='aaaabbbbcc' WHERE uid=?", "UPDATE findings SET uid='aaaacccccc' WHERE uid=?"} {
		if _, err := s.w.Exec(q, list[0].UID); err != nil {
			t.Fatal(err)
		}
		list = list[1:]
	}
	_, err = s.Target(ctx, "aaaa")
	if !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), "aaaabbbbcc, aaaacccccc") {
		t.Errorf("ambiguous: %v", err)
	}
	if got, err := s.Target(ctx, "aaaab"); err != nil || got.UID != "aaaabbbbcc" {
		t.Errorf("long enough: %+v, %v", got, err)
	}
	if _, err := s.TargetList(ctx, []string{"aaaab", "aaaa", "zzzz"}); !errors.Is(err, ErrAmbiguous) || !errors.Is(err, ErrNotFound) {
		t.Errorf("list: %v", err)
	}
	if got, err := s.TargetList(ctx, []string{"aaaab", "aaaabbbbcc", "aaaac"}); err != nil || len(got) != 2 {
		t.Errorf("list: %v, %v", got, err)
	}
}

func TestTargets(t *testing.T) {
	s := filterStore(t)
	for _, tc := range []struct {
		name  string
		flt   Filter
		whole bool
		want  string
	}{
		{"all", Filter{}, false, "a privacy.case, a respect.rude, b privacy.place, c health.alcohol, d privacy.case, f respect.rude"},
		{"only the theme's", Filter{Themes: []string{"respect"}}, false, "a respect.rude, f respect.rude"},
		{"the whole posts", Filter{Themes: []string{"respect"}}, true, "a privacy.case, a respect.rude, f respect.rude"},
		{"standard and platform", Filter{Standards: []string{"2.7"}, Platforms: []string{"x"}}, false, "a respect.rude"},
		{"text", Filter{Text: "late"}, false, "a privacy.case, a respect.rude"},
		{"account", Filter{AccountID: 2}, false, "f respect.rude"},
		{"action of the post", Filter{Actions: []Action{ActionReview}}, false, "b privacy.place, c health.alcohol"},
		{"none", Filter{Themes: []string{"no"}}, true, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for k := range targets(t, s, tc.flt, tc.whole) {
				got = append(got, k)
			}
			slices.Sort(got)
			if g := strings.Join(got, ", "); g != tc.want {
				t.Errorf("got %s; want %s", g, tc.want)
			}
		})
	}
	list, err := s.Targets(t.Context(), Filter{Themes: []string{"privacy"}}, true)
	if err != nil {
		t.Fatal(err)
	}
	want := TargetCounts{
		Findings: 4, Posts: 3, Standard: []Count{{"2.7", 1}, {"2.12", 1}, {"5.1", 3}},
		Theme:    []Count{{"privacy.case", 2}, {"privacy.place", 1}, {"respect.rude", 1}},
		Platform: []Count{{"x", 4}}, Choice: []Count{{"", 4}},
	}
	if d := cmp.Diff(want, CountTargets(list)); d != "" {
		t.Error(d)
	}
}

// Two rules that flag the same words for one theme are one target, with the
// more serious action.
func TestTargetOfTwoRules(t *testing.T) {
	s := openStore(t)
	take(t, s, export{account: anna, posts: []Post{own("tweet:1", "so bad"), own("tweet:2", "SO bad too")}})
	one, two := finding("respect.rude", ActionReview, 0.5, "2.7"), finding("respect.rude", ActionRemove, 0.5, "2.7")
	two.Rule = "respect.rude.other"
	flag(t, s, map[string][]Finding{"tweet:1": {one, two}, "tweet:2": {one}})
	got := targets(t, s, Filter{}, false)
	if x := got["tweet:1 respect.rude"]; len(got) != 2 || x.Action != ActionRemove {
		t.Errorf("%+v", got)
	}
	same, err := s.SameWords(t.Context(), got["tweet:1 respect.rude"])
	if err != nil || len(same) != 1 || same[0].PostKey != "tweet:2" {
		t.Errorf("same words: %+v, %v", same, err)
	}
	if err := s.PutDecision(t.Context(), got["tweet:1 respect.rude"].With(ChoiceNotIssue, "", "")); err != nil {
		t.Fatal(err)
	}
	if keys := find(t, s, Filter{Open: true}); len(keys) != 1 || keys[0] != "tweet:2" {
		t.Errorf("open: %v", keys)
	}
}

// A list of what is open leaves out what was kept, cleared or done, finding by
// finding, and judges the post by the rest.
func TestOpen(t *testing.T) {
	s := filterStore(t)
	ctx := t.Context()
	all := targets(t, s, Filter{}, false)
	for _, d := range []Decision{
		all["a privacy.case"].With(ChoiceNotIssue, "", ""), // leaves respect.rude, for review
		all["b privacy.place"].With(ChoiceRemove, "", ""),
		all["c health.alcohol"].With(ChoiceKeep, "a public talk", ""),
		all["f respect.rude"].With(ChoiceDone, "", ""),
	} {
		if err := s.PutDecision(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name string
		flt  Filter
		want string
	}{
		{"open", Filter{Open: true}, "d a b"},
		{"all", Filter{}, "d f a b c"},
		{"open to remove", Filter{Open: true, Actions: []Action{ActionRemove}}, "d"},
		{"open and undecided", Filter{Open: true, Undecided: true}, "d a"},
		{"to be removed", Filter{Choices: []Choice{ChoiceRemove}}, "b"},
		{"decided in any way", Filter{Choices: Choices}, "f a b c"},
		{"open theme", Filter{Open: true, Themes: []string{"privacy"}}, "d b"},
	} {
		if got := strings.Join(find(t, s, tc.flt), " "); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
	for row, err := range s.Findings(ctx, Filter{Open: true}) {
		if err != nil {
			t.Fatal(err)
		}
		switch row.Post.Key {
		case "a":
			if len(row.Findings) != 1 || row.Findings[0].Theme != "respect.rude" || row.Decision != nil {
				t.Errorf("a is %+v", row.Findings)
			}
		case "b":
			if row.Decision == nil || row.Findings[0].Decision == nil || row.Findings[0].Choice != ChoiceRemove {
				t.Errorf("b is %+v", row.Findings)
			}
		}
	}
	sum, err := s.SummaryFor(ctx, "r", Filter{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Tally{"all", 1, 2}, sum.Flagged); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[Choice]int{ChoiceKeep: 1, ChoiceNotIssue: 1, ChoiceDone: 1}, sum.Settled); d != "" {
		t.Error(d)
	}
	if sum.Unmatched != 0 || sum.Decided[ChoiceRemove] != 1 {
		t.Errorf("unmatched %d, decided %v", sum.Unmatched, sum.Decided)
	}
	if all, err := s.Summary(ctx, "r"); err != nil || all.Flagged != (Tally{"all", 3, 2}) {
		t.Errorf("of all: %+v, %v", all.Flagged, err)
	}
}

// A decision says why nothing matches it any more.
func TestUnmatched(t *testing.T) {
	s := filterStore(t)
	ctx := t.Context()
	all := targets(t, s, Filter{}, false)
	for k, x := range all {
		if k != "a respect.rude" {
			if err := s.PutDecision(ctx, x.With(ChoiceRemove, "", "")); err != nil {
				t.Fatal(err)
			}
		}
	}
	other := finding("privacy.place", ActionReview, 0.8)
	other.Spans = []Span{{0, 8}}
	flag(t, s, map[string][]Finding{
		"a": {finding("privacy.case", ActionRemove, 0.7)}, "b": {other}, "d": {finding("privacy.case", ActionRemove, 0.9)}, "f": {finding("respect.rude", ActionRemove, 0.7)},
	})
	if _, err := s.w.Exec("DELETE FROM posts WHERE key='d'"); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for d, err := range s.Decisions(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case d.Matched:
			got[d.PostKey] = "matched"
		case d.Reworded:
			got[d.PostKey] = "reworded"
		case d.Known:
			got[d.PostKey] = "no longer flagged"
		default:
			got[d.PostKey] = "not in the store"
		}
	}
	want := map[string]string{"a": "matched", "b": "reworded", "c": "no longer flagged", "d": "not in the store", "f": "matched"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if sum, err := s.Summary(ctx, "r"); err != nil || sum.Unmatched != 3 {
		t.Errorf("unmatched: %d, %v", sum.Unmatched, err)
	}
}

// An id is never a number to a spreadsheet.
func TestFindingUID(t *testing.T) {
	seen := map[string]bool{}
	for i := range 500 {
		uid := findingUID("x:1", strings.Repeat("k", i), "theme", "words")
		if len(uid) != 10 || uid[0] < 'a' || uid[0] > 'z' || seen[uid] {
			t.Fatalf("%q, for the %dth key", uid, i)
		}
		seen[uid] = true
	}
}
