package store

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// judged fills a store with five posts, two of them flagged, and returns the
// posts' ids by key.
func judged(t *testing.T) (*Store, map[string]int64) {
	t.Helper()
	s := openStore(t)
	reply := own("tweet:5", "quite so")
	reply.Kind, reply.ReplyTo = KindReply, "tweet:3"
	take(t, s, export{account: anna, posts: []Post{
		own("tweet:1", "a bad one"), own("tweet:2", "another bad one"), own("tweet:3", "a fine one"), own("tweet:4", "a fine one"), reply,
	}})
	scanAll(t, s, "r1")
	ids := map[string]int64{}
	for key, p := range allPosts(t, s) {
		ids[key] = p.ID
	}
	return s, ids
}

func opinion(post int64, request string, a Action) Opinion {
	o := Opinion{PostID: post, Request: request, Model: "small", Action: a, Confidence: 0.7, Why: "because", Given: at(2026)}
	if a != ActionNone {
		o.Theme, o.Standards, o.Spans = "respect.rude", []string{"2.7", "9.1"}, []Span{{2, 6}}
	}
	return o
}

func put(t *testing.T, s *Store, list ...Opinion) {
	t.Helper()
	if err := s.PutOpinions(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

func opinions(t *testing.T, s *Store, flt Filter) map[string]*Opinion {
	t.Helper()
	got := map[string]*Opinion{}
	for row, err := range s.Findings(t.Context(), flt) {
		if err != nil {
			t.Fatal(err)
		}
		got[row.Post.Key] = row.Opinion
	}
	return got
}

func TestQuestions(t *testing.T) {
	s, ids := judged(t)
	var got []string
	for batch, err := range s.Questions(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range batch {
			got = append(got, string(q.Post.Kind)+" "+q.Post.Text+" < "+q.Answers)
		}
	}
	want := []string{"post a bad one < ", "post another bad one < ", "post a fine one < ", "post a fine one < ", "reply quite so < a fine one"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	some, err := s.QuestionsOf(t.Context(), []int64{ids["tweet:5"], ids["tweet:2"], 999})
	if err != nil || len(some) != 2 || some[0].Post.Text != "another bad one" || !some[1].Post.Own {
		t.Errorf("%v, %v", some, err)
	}
	strong, err := s.Strongest(t.Context())
	if want := map[int64]float64{ids["tweet:1"]: 0.5, ids["tweet:2"]: 0.5}; err != nil || !cmp.Equal(want, strong) {
		t.Errorf("%v, %v", strong, err)
	}
}

// TestOpinionBeside: an opinion changes nothing of what was found.
func TestOpinionBeside(t *testing.T) {
	s, ids := judged(t)
	const findings = "SELECT uid, rule, theme, action, confidence, spans, why FROM findings ORDER BY id"
	before, rows := query(t, s, findings), find(t, s, Filter{})
	put(t, s, opinion(ids["tweet:1"], "q1", ActionNone), opinion(ids["tweet:2"], "q2", ActionRemove), opinion(ids["tweet:3"], "q3", ActionReview),
		opinion(ids["tweet:4"], "q4", ActionNone), opinion(999, "q5", ActionRemove))
	if diff := cmp.Diff(before, query(t, s, findings)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(rows, find(t, s, Filter{})); diff != "" {
		t.Error(diff)
	}
	got := opinions(t, s, Filter{})
	want := opinion(ids["tweet:2"], "q2", ActionRemove)
	if diff := cmp.Diff(&want, got["tweet:2"]); diff != "" {
		t.Error(diff)
	}
	if got["tweet:1"].Flags() || !got["tweet:2"].Flags() || (*Opinion)(nil).Flags() {
		t.Error("it is not told which opinions flag")
	}
	sum, err := s.Summary(t.Context(), "r1")
	if err != nil {
		t.Fatal(err)
	}
	if want := (OpinionSummary{Models: []string{"small"}, Posts: 4, Flagged: 2, Upheld: 1, Only: 1}); !cmp.Equal(want, sum.Opinions) {
		t.Errorf("%+v", sum.Opinions)
	}
	if sum.Flagged.Review != 2 || sum.Flagged.Remove != 0 {
		t.Errorf("the judge moved the counts: %+v", sum.Flagged)
	}
}

// TestOnlyJudged: posts that only the judge flags come last, and only to who
// asks for them.
func TestOnlyJudged(t *testing.T) {
	s, ids := judged(t)
	put(t, s, opinion(ids["tweet:2"], "q2", ActionRemove), opinion(ids["tweet:3"], "q3", ActionReview), opinion(ids["tweet:4"], "q4", ActionRemove))
	for name, c := range map[string]struct {
		flt  Filter
		want []string
	}{
		"all":      {Filter{}, []string{"tweet:4", "tweet:3"}},
		"limit":    {Filter{Limit: 3}, []string{"tweet:4"}},
		"full":     {Filter{Limit: 2}, nil},
		"theme":    {Filter{Themes: []string{"respect"}}, []string{"tweet:4", "tweet:3"}},
		"other":    {Filter{Themes: []string{"hate"}}, nil},
		"standard": {Filter{Standards: []string{"9"}}, []string{"tweet:4", "tweet:3"}},
		"not it":   {Filter{Standards: []string{"5.1"}}, nil},
		"action":   {Filter{Actions: []Action{ActionReview}}, nil},
		"rule":     {Filter{Rules: []string{"respect.rude.bad"}}, nil},
		"text":     {Filter{Text: "fine"}, []string{"tweet:4", "tweet:3"}},
	} {
		plain := find(t, s, c.flt)
		c.flt.Judged = true
		if got := find(t, s, c.flt); !slices.Equal(got, append(plain, c.want...)) {
			t.Errorf("%s: %v after %v, want %v", name, got, plain, c.want)
		}
	}
}

// TestReuse: what was answered once is not asked again, of the same text in
// another post neither.
func TestReuse(t *testing.T) {
	s, ids := judged(t)
	ask := []Asked{{ids["tweet:3"], "fine small"}, {ids["tweet:4"], "fine small"}, {ids["tweet:1"], "bad small"}}
	reuse := func(want int) []Asked {
		t.Helper()
		left, err := s.Reuse(t.Context(), ask)
		if err != nil || len(left) != want {
			t.Fatalf("%v is left, %v, want %d", left, err, want)
		}
		return left
	}
	reuse(3)
	put(t, s, opinion(ids["tweet:3"], "fine small", ActionReview))
	if left := reuse(1); left[0].PostID != ids["tweet:1"] {
		t.Errorf("%v is left", left)
	}
	only := opinions(t, s, Filter{Judged: true})
	if only["tweet:4"] == nil || only["tweet:4"].Why != "because" || !only["tweet:4"].Given.Equal(at(2026)) {
		t.Errorf("the same text elsewhere has %+v", only["tweet:4"])
	}
	// Another model's opinion holds until the first one's is asked for again.
	other := opinion(ids["tweet:3"], "fine large", ActionRemove)
	other.Model = "large"
	put(t, s, other)
	if o := opinions(t, s, Filter{Judged: true})["tweet:3"]; o.Model != "large" {
		t.Errorf("the opinion is %+v", o)
	}
	reuse(1)
	if o := opinions(t, s, Filter{Judged: true})["tweet:3"]; o.Model != "small" {
		t.Errorf("the opinion is %+v", o)
	}
	before := query(t, s, "SELECT id FROM opinions ORDER BY id")
	reuse(1)
	if diff := cmp.Diff(before, query(t, s, "SELECT id FROM opinions ORDER BY id")); diff != "" {
		t.Error("an opinion that holds was written again:", diff)
	}
}

// TestOpinionsGo: an opinion goes with its text.
func TestOpinionsGo(t *testing.T) {
	s, ids := judged(t)
	put(t, s, opinion(ids["tweet:1"], "q1", ActionReview), opinion(ids["tweet:2"], "q2", ActionReview), opinion(ids["tweet:3"], "q3", ActionReview))
	scanAll(t, s, "r2")
	if n := query(t, s, "SELECT count(*) FROM opinions"); n[0] != "3" {
		t.Errorf("%v opinions are left of a scan with other rules", n)
	}
	newer := own("tweet:1", "another wording")
	newer.Edited = at(2020)
	take(t, s, export{archive: Archive{Name: "b.zip", Digest: "b", Generated: at(2025)}, account: anna, posts: []Post{newer}})
	if got := strings.Join(query(t, s, "SELECT request FROM opinions ORDER BY id"), " "); got != "q2 q3" {
		t.Errorf("after an edit there are %s", got)
	}
	if _, err := s.Forget(t.Context(), ForgetWhat{Everything: true}); err != nil {
		t.Fatal(err)
	}
	if n := query(t, s, "SELECT count(*) FROM opinions"); n[0] != "0" {
		t.Errorf("%v opinions are left of everything", n)
	}
}
