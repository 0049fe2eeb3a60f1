package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// later is a time after any decision that a test makes, n years from now.
func later(n int) time.Time { return time.Now().UTC().AddDate(n, 0, 0).Truncate(time.Second) }

// fates returns what became of each post, with the doubt or what changed.
func fates(t *testing.T, s *Store) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, r := range proofIn(t, s).Removals {
		what := string(r.Choice) + " " + string(r.Fate)
		if r.Doubt != "" {
			what += " " + string(r.Doubt)
		}
		if r.Changed {
			what += " changed"
		}
		got[r.PostKey] = what
	}
	return got
}

func proofIn(t *testing.T, s *Store) *Proof {
	t.Helper()
	sum, err := s.Summary(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	return sum.Proof
}

// decideAll decides the same about every finding of these posts.
func decideAll(t *testing.T, s *Store, c Choice, keys ...string) {
	t.Helper()
	all := targets(t, s, Filter{IncludeGone: true}, false)
	for _, k := range keys {
		if err := s.PutDecision(t.Context(), all[k+" respect.rude"].With(c, "reason", "")); err != nil {
			t.Fatal(err)
		}
	}
}

func dm(key, text string) Post {
	p := own(key, text)
	p.Kind = KindDM
	return p
}

func dated2(year int, p Post) Post {
	p.Created = at(year)
	return p
}

func TestProof(t *testing.T) {
	posts := []Post{own("tweet:1", "bad 1"), own("tweet:2", "bad 2"), own("tweet:3", "bad 3"), own("tweet:4", "bad 4"),
		dated2(2011, own("tweet:5", "bad 5")), dm("dm:6", "bad 6")}
	first := export{archive: Archive{Digest: "1", Generated: at(2018), Messages: true}, account: anna, scopes: []string{"tweet:"}, posts: posts}
	for name, tc := range map[string]struct {
		second Archive
		scopes []string
		posts  []Post
		want   map[string]string
	}{
		"nothing newer": {want: map[string]string{"tweet:1": "remove unknown not-read", "tweet:2": "done unknown not-read",
			"tweet:5": "remove unknown not-read", "dm:6": "remove unknown not-read"}},
		"made before the decision": {second: Archive{Generated: at(2019)}, scopes: []string{"tweet:"}, posts: posts[:3],
			want: map[string]string{"tweet:1": "remove unknown too-old", "tweet:2": "done unknown too-old", "tweet:5": "remove gone", "dm:6": "remove unknown too-old"}},
		"whole": {second: Archive{Generated: later(1)}, scopes: []string{"tweet:"}, posts: []Post{own("tweet:2", "bad 2"), own("tweet:3", "bad 3")},
			want: map[string]string{"tweet:1": "remove gone", "tweet:2": "done there", "tweet:5": "remove gone", "dm:6": "remove unknown messages"}},
		"other words": {second: Archive{Generated: later(1)}, scopes: []string{"tweet:"}, posts: []Post{own("tweet:1", "better"), own("tweet:2", "bad 2")},
			want: map[string]string{"tweet:1": "remove there changed", "tweet:2": "done there", "tweet:5": "remove gone", "dm:6": "remove unknown messages"}},
		"partial": {second: Archive{Generated: later(1), Partial: true, Messages: true}, posts: []Post{dated2(2010, own("tweet:9", "fine")), own("tweet:2", "bad 2")},
			want: map[string]string{"tweet:1": "remove unknown partial", "tweet:2": "done there", "tweet:5": "remove unknown partial", "dm:6": "remove unknown partial"}},
		"other dates": {second: Archive{Generated: later(1), Partial: true, Messages: true}, posts: []Post{own("tweet:1", "bad 1"), dated2(2016, own("tweet:9", "fine"))},
			want: map[string]string{"tweet:1": "remove there", "tweet:2": "done unknown partial", "tweet:5": "remove unknown range", "dm:6": "remove unknown partial"}},
		"incomplete": {second: Archive{Generated: later(1), Incomplete: true}, posts: []Post{own("tweet:1", "bad 1")},
			want: map[string]string{"tweet:1": "remove there", "tweet:2": "done unknown incomplete", "tweet:5": "remove unknown range", "dm:6": "remove unknown messages"}},
		"says nothing of what it holds": {second: Archive{Generated: later(1), Messages: true}, posts: []Post{dated2(2010, own("tweet:9", "fine")), own("tweet:1", "bad 1")},
			want: map[string]string{"tweet:1": "remove there", "tweet:2": "done unknown scope", "tweet:5": "remove unknown scope", "dm:6": "remove unknown scope"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			take(t, s, first)
			scanAll(t, s, "r")
			decideAll(t, s, ChoiceRemove, "tweet:1", "tweet:5", "dm:6")
			decideAll(t, s, ChoiceDone, "tweet:2")
			decideAll(t, s, ChoiceKeep, "tweet:3")
			if !tc.second.Generated.IsZero() {
				tc.second.Digest = "2"
				take(t, s, export{archive: tc.second, account: anna, scopes: tc.scopes, posts: tc.posts})
				scanAll(t, s, "r")
			}
			if d := cmp.Diff(tc.want, fates(t, s)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestProofTakesADateForItsDay(t *testing.T) {
	s := openStore(t)
	e := export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, posts: []Post{own("tweet:1", "bad")}}
	take(t, s, e)
	scanAll(t, s, "r")
	decideAll(t, s, ChoiceRemove, "tweet:1")
	e.archive = Archive{Digest: "2", Generated: proofIn(t, s).Removals[0].Decided.Truncate(24 * time.Hour)}
	take(t, s, e)
	if d := cmp.Diff(map[string]string{"tweet:1": "remove there"}, fates(t, s)); d != "" {
		t.Error(d)
	}
}

func TestProofCounts(t *testing.T) {
	s := openStore(t)
	ctx := t.Context()
	e := export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, scopes: []string{"tweet:"},
		posts: []Post{own("tweet:1", "bad 1"), own("tweet:2", "bad 2"), own("tweet:3", "bad 3"), own("tweet:4", "fine")}}
	take(t, s, e)
	scanAll(t, s, "r")
	if p := proofIn(t, s); len(p.Newer) != 0 || len(p.Removals) != 0 {
		t.Errorf("after one archive: %+v", p)
	}
	decideAll(t, s, ChoiceRemove, "tweet:1", "tweet:2")
	decideAll(t, s, ChoiceKeep, "tweet:3")
	e.archive = Archive{Digest: "2", Generated: later(1)}
	e.posts = []Post{own("tweet:2", "bad 2"), own("tweet:3", "bad 3"), own("tweet:5", "bad 5"), own("tweet:6", "fine")}
	a := take(t, s, e)
	scanAll(t, s, "r")
	p := proofIn(t, s)
	if p.Count(FateGone) != 1 || p.Count(FateThere, ChoiceRemove) != 1 || p.Count(FateThere, ChoiceDone) != 0 || len(p.Doubtful()) != 0 {
		t.Errorf("%+v", p.Removals)
	}
	if p.Removals[1].UIDs[0] != targets(t, s, Filter{}, false)["tweet:2 respect.rude"].UID || p.Removals[1].Archive != a.ID {
		t.Errorf("%+v", p.Removals[1])
	}
	if d := cmp.Diff([]Newer{{AccountID: 1, Archive: a.ID, Earlier: 1, Posts: 2, Flagged: Tally{Review: 1}}}, p.Newer); d != "" {
		t.Error(d)
	}
	want := Progress{Label: "2.7", Before: Tally{Review: 4}, Now: Tally{Review: 3}, Open: Tally{Review: 2}}
	if d := cmp.Diff(want, p.Standard[0]); d != "" {
		t.Error(d)
	}
	if want.Label = "all"; len(p.Standard) != 2 || p.All != want {
		t.Errorf("%+v", p)
	}

	// Forgotten posts take their decisions along or are named as forgotten.
	if _, err := s.Forget(ctx, ForgetWhat{AccountID: 1}); err != nil {
		t.Fatal(err)
	}
	for _, r := range proofIn(t, s).Removals {
		if r.Doubt != DoubtForgotten {
			t.Errorf("%+v", r)
		}
	}
}

// Another regulator's standards count in place of the stored ones.
func TestByTheme(t *testing.T) {
	s := filterStore(t)
	other := map[string][]string{"privacy.case": {"confidence", "20.10"}, "privacy.place": {"20.10"}, "respect.rude": {"conduct"}}
	for want, standards := range map[string][]string{
		"confidence": {"confidence"}, "any case": {"CONFIDENCE"}, "above": {"20"}, "none": {"5.1"},
	} {
		n := 0
		for row, err := range s.Findings(t.Context(), Filter{Standards: standards, ByTheme: other}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			for _, f := range row.Findings {
				if d := cmp.Diff(other[f.Theme], f.Standards); d != "" {
					t.Errorf("%s: %s", want, d)
				}
			}
		}
		if (n == 0) != (want == "none") {
			t.Errorf("%s: %d posts", want, n)
		}
	}
	for _, x := range targets(t, s, Filter{Standards: []string{"confidence"}, ByTheme: other}, false) {
		if d := cmp.Diff([]string{"confidence", "20.10"}, x.Standards); d != "" {
			t.Error(d)
		}
	}
	sum, err := s.SummaryFor(t.Context(), "r", Filter{ByTheme: other})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, st := range sum.Standard {
		got = append(got, st.Label)
	}
	if d := cmp.Diff([]string{"20.10", "conduct", "confidence"}, got); d != "" {
		t.Error(d)
	}
	if len(sum.Heat) == 0 || len(sum.Proof.Standard) != 3 {
		t.Errorf("%+v", sum.Heat)
	}
}
