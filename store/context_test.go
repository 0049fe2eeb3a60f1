package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func on(month, day int) time.Time {
	return time.Date(2019, time.Month(month), day, 9, 0, 0, 0, time.UTC)
}

func TestInSeries(t *testing.T) {
	for _, tc := range []struct {
		name  string
		times []time.Time
		want  []bool
	}{
		{"none", nil, []bool{}},
		{"two are no series", []time.Time{on(1, 1), on(1, 2)}, []bool{false, false}},
		{"three on one day", []time.Time{on(1, 1), on(1, 1), on(1, 1)}, []bool{true, true, true}},
		{"in any order", []time.Time{on(3, 1), on(1, 1), on(2, 1)}, []bool{true, true, true}},
		{"the window to the day", []time.Time{on(1, 1), on(2, 1), on(4, 1)}, []bool{true, true, true}},
		{"one day too long", []time.Time{on(1, 1), on(2, 1), on(4, 2)}, []bool{false, false, false}},
		{"a straggler", []time.Time{on(1, 1), on(1, 2), on(1, 3), on(9, 1)}, []bool{true, true, true, false}},
		{"windows that touch", []time.Time{on(1, 1), on(2, 1), on(3, 1), on(4, 25), on(5, 20)}, []bool{true, true, true, true, true}},
		{"no date", []time.Time{{}, on(1, 1), on(1, 2), {}}, []bool{false, false, false, false}},
	} {
		if d := cmp.Diff(tc.want, InSeries(tc.times)); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

// contextStore holds four posts against one person, a like and a reply to it.
func contextStore(t *testing.T) (*Store, map[string]Post) {
	t.Helper()
	s := openStore(t)
	var posts []Post
	for i, day := range []time.Time{on(1, 1), on(1, 20), on(2, 3), on(11, 1)} {
		p := own("tweet:"+string(rune('1'+i)), "@pat bad")
		p.Created = day
		posts = append(posts, p)
	}
	liked := Post{Key: "like:77", Kind: KindLike, Author: "else", Text: "bad words of others", Created: on(1, 1), URL: "https://x.com/i/web/status/77"}
	reply := own("tweet:9", "so true")
	reply.Kind, reply.ReplyTo = KindReply, "https://x.com/else/status/77"
	take(t, s, export{account: anna, posts: append(posts, liked, reply)})
	scanAll(t, s, "r")
	return s, allPosts(t, s)
}

// asRows returns what a report sees, by key.
func asRows(t *testing.T, s *Store) map[string]Row {
	t.Helper()
	rows := map[string]Row{}
	for row, err := range s.Findings(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		rows[row.Post.Key] = row
	}
	return rows
}

func TestPutContext(t *testing.T) {
	s, posts := contextStore(t)
	before := asRows(t, s)
	c := Context{}
	for _, key := range []string{"tweet:1", "tweet:2", "tweet:3", "tweet:4"} {
		c.Targets = append(c.Targets, PostTarget{posts[key].ID, FamilyAbuse, TargetHandle, "pat"})
		f := before[key].Findings[0]
		f.Action, f.Confidence, f.Why = ActionRemove, 0.9, "one of many"
		c.Changed = append(c.Changed, f)
	}
	c.Added = []Finding{{PostID: posts["tweet:9"].ID, Rule: "hate.endorse.answer", Theme: "hate.endorse", Standards: []string{"1.6"}, Action: ActionReview, Confidence: 0.4, Spans: []Span{{0, 7}}, Why: "approves", Advice: "undo it"}}
	put := func(c Context) map[string]Row {
		t.Helper()
		if err := s.PutContext(t.Context(), "r", c); err != nil {
			t.Fatal(err)
		}
		return asRows(t, s)
	}
	rows := put(c)
	for _, key := range []string{"tweet:1", "tweet:4"} {
		if f := rows[key].Findings[0]; f.Action != ActionRemove || f.Why != "one of many" || rows[key].Target != "@pat" {
			t.Errorf("%s: %+v against %q", key, f, rows[key].Target)
		}
	}
	if rows["tweet:1"].Series != 3 || rows["tweet:4"].Series != 0 {
		t.Errorf("in series of %d and %d, want 3 and 0", rows["tweet:1"].Series, rows["tweet:4"].Series)
	}
	answer := rows["tweet:9"]
	if len(answer.Findings) != 1 || answer.Answers != "bad words of others" || answer.AnswersOwn || answer.AnswersAuthor != "else" {
		t.Errorf("the answer: %+v", answer)
	}
	// The same again leaves every row as it is, ids too.
	if d := cmp.Diff(rows, put(c)); d != "" {
		t.Error("putting the same again: ", d)
	}
	// What is read for the next time is as it was without other posts.
	suspects, err := s.Suspects(t.Context(), []string{"respect"})
	if err != nil || len(suspects) != 5 || suspects[0].Findings[0].Action != ActionReview || suspects[0].Handle != "anna" {
		t.Errorf("suspects %+v, %v", suspects, err)
	}
	if d := cmp.Diff(before, put(Context{})); d != "" {
		t.Error("taken back: ", d)
	}
}

func TestSeriesSummary(t *testing.T) {
	s, posts := contextStore(t)
	var c Context
	for _, p := range posts {
		if p.Own && p.Kind == KindPost {
			c.Targets = append(c.Targets, PostTarget{p.ID, FamilyAbuse, TargetHandle, "pat"})
		}
	}
	c.Targets = append(c.Targets, PostTarget{posts["like:77"].ID, FamilyAbuse, TargetGroup, "migrants"})
	if err := s.PutContext(t.Context(), "r", c); err != nil {
		t.Fatal(err)
	}
	sum, err := s.Summary(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	want := []Series{{AccountID: 1, Family: FamilyAbuse, Kind: TargetHandle, Target: "@pat", Posts: 3, All: 4, First: on(1, 1), Last: on(2, 3),
		Months: []Count{{"2019-01", 2}, {"2019-02", 1}, {"2019-11", 1}}, Themes: []Count{{"respect.rude", 4}}}}
	if d := cmp.Diff(want, sum.Series); d != "" {
		t.Error(d)
	}
	if !sum.Series[0].Person() {
		t.Error("a handle is a person's")
	}
}

func TestEchoes(t *testing.T) {
	s, posts := contextStore(t)
	mark := func(key string, m Mark) {
		t.Helper()
		if err := s.PutScanned(t.Context(), "r", []Scanned{{PostID: posts[key].ID, Marks: m}}); err != nil {
			t.Fatal(err)
		}
	}
	mark("tweet:9", MarkApproves)
	list, err := s.Echoes(t.Context(), "r")
	if err != nil || len(list) != 1 || list[0].Post.ID != posts["tweet:9"].ID || list[0].Parent.ID != posts["like:77"].ID ||
		list[0].Parent.Author != "else" || len(list[0].Parent.Findings) != 1 {
		t.Errorf("echoes %+v, %v", list, err)
	}
	mark("tweet:9", MarkSays)
	if list, err := s.Echoes(t.Context(), "r"); err != nil || len(list) != 0 {
		t.Errorf("a mark of another kind: %+v, %v", list, err)
	}
	if list, err := s.Echoes(t.Context(), "other rules"); err != nil || len(list) != 0 {
		t.Errorf("other rules: %+v, %v", list, err)
	}
}

// TestParent: what a post answers or quotes, and where nothing is known.
func TestParent(t *testing.T) {
	for _, tc := range []struct {
		name            string
		replyTo, quoted string
		want            string
	}{
		{"own post by key", "tweet:1", "", "own words"},
		{"liked post by number", "tweet:77", "", "liked words"},
		{"liked post by another address of it", "https://twitter.com/somebody/status/77", "", "liked words"},
		{"quoted liked post", "", "https://x.com/i/web/status/77", "liked words"},
		{"own quoted post", "", "https://x.com/anna/status/1", "own words"},
		{"shared post by address", "https://example.social/@b/5", "", "shared words"},
		{"not in the archive", "https://x.com/i/web/status/78", "", ""},
		{"nothing", "", "", ""},
	} {
		s := openStore(t)
		p := own("tweet:2", "bad")
		p.ReplyTo, p.Quoted = tc.replyTo, tc.quoted
		take(t, s, export{account: anna, posts: []Post{own("tweet:1", "own words"), p,
			{Key: "like:77", Kind: KindLike, Text: "liked words"}, {Key: "boost:5", Kind: KindRepost, Text: "shared words", URL: "https://example.social/@b/5"}}})
		scanAll(t, s, "r")
		row := asRows(t, s)["tweet:2"]
		if row.Answers != tc.want || row.AnswersOwn != (tc.want == "own words") {
			t.Errorf("%s: answers %q, own %v", tc.name, row.Answers, row.AnswersOwn)
		}
	}
}

// TestSecondLook: marks say which posts depend on who the author is.
func TestSecondLook(t *testing.T) {
	s := openStore(t)
	take(t, s, export{account: anna, posts: []Post{own("a", "one"), own("b", "two"), own("c", "three")}})
	posts := allPosts(t, s)
	err := s.PutScanned(t.Context(), "r", []Scanned{{PostID: posts["a"].ID, Marks: MarkDepends}, {PostID: posts["b"].ID, Marks: MarkSays},
		{PostID: posts["c"].ID, Marks: MarkDepends | MarkProfessional}})
	if err != nil {
		t.Fatal(err)
	}
	says, err := s.Says(t.Context(), "r")
	if err != nil || says[posts["a"].AccountID] != 1 {
		t.Errorf("says %v, %v", says, err)
	}
	again := func(ids ...int64) (keys []string) {
		for batch, err := range s.Again(t.Context(), "r", ids) {
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range batch {
				keys = append(keys, p.Text)
			}
		}
		return keys
	}
	if got := again(posts["a"].AccountID); !slices.Equal(got, []string{"one"}) {
		t.Errorf("of a professional: %q", got)
	}
	if got := again(); !slices.Equal(got, []string{"three"}) {
		t.Errorf("of somebody else: %q", got)
	}
}

// TestEarlierText: a finding about an earlier text keeps it, and goes with it.
func TestEarlierText(t *testing.T) {
	s := openStore(t)
	p := own("a", "mild")
	p.Versions = []Version{{Key: "a1", Text: "really bad", Created: at(2012)}, {Key: "a0", Text: "mild"}}
	take(t, s, export{account: anna, posts: []Post{p, own("b", "none")}})
	var batch []Scanned
	for list, err := range s.Unscanned(t.Context(), "r") {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			sc := Scanned{PostID: p.ID}
			for i := range p.Versions {
				f := bad(7)
				f.Earlier, f.EarlierSpans, f.Spans = &p.Versions[i], f.Spans, nil
				sc.Findings = append(sc.Findings, f)
			}
			batch = append(batch, sc)
		}
	}
	if err := s.PutScanned(t.Context(), "r", batch); err != nil {
		t.Fatal(err)
	}
	f := asRows(t, s)["a"].Findings
	if len(f) != 1 || f[0].Earlier == nil || f[0].Earlier.Text != "really bad" || !f[0].Earlier.Created.Equal(at(2012)) || f[0].WordsHash != WordsHash("bad", nil) {
		t.Errorf("findings %+v", f)
	}
}

func TestRecommend(t *testing.T) {
	day := 24 * time.Hour
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	account := func(posts, remove, review int, years float64, quiet time.Duration) AccountSummary {
		last := now.Add(-quiet)
		return AccountSummary{Public: posts, First: last.Add(-time.Duration(years*365.25*24) * time.Hour), Last: last, Flagged: Tally{Remove: remove, Review: review}}
	}
	for _, tc := range []struct {
		name    string
		account AccountSummary
		scanned int
		want    Recommend
	}{
		{"nothing was looked at", account(10, 0, 0, 1, day), 0, RecommendUnknown},
		{"nothing found", account(10, 0, 0, 1, day), 10, RecommendNothing},
		{"only to look at", account(1000, 0, 3, 1, day), 10, RecommendReview},
		{"busy account", account(1000, 600, 0, 1, day), 10, RecommendPosts},
		{"seldom used, few flagged", account(40, 4, 2, 10, day), 10, RecommendPosts},
		{"seldom used, most flagged", account(40, 4, 16, 10, day), 10, RecommendAccount},
		{"just below half", account(40, 4, 15, 10, day), 10, RecommendPosts},
		{"24 a year is not seldom", account(240, 200, 0, 10, day), 10, RecommendPosts},
		{"busy once, dormant now", account(240, 200, 0, 1, 731*day), 10, RecommendAccount},
		{"not yet dormant", account(240, 200, 0, 1, 730*day), 10, RecommendPosts},
		{"two posts are too few", account(2, 2, 0, 5, 900*day), 10, RecommendPosts},
		{"without dates", AccountSummary{Public: 4, Flagged: Tally{Remove: 4}}, 10, RecommendPosts},
	} {
		sum := Summary{Scanned: tc.scanned}
		if got := sum.Recommend(&tc.account, now); got.What != tc.want {
			t.Errorf("%s: %+v, want %s", tc.name, got, tc.want)
		}
	}
	sum := Summary{Scanned: 1}
	a := account(40, 4, 16, 10, 100*day)
	want := Recommendation{What: RecommendAccount, Posts: 40, Remove: 4, Review: 16, Share: 0.5, PerYear: 4, QuietDays: 100, Seldom: true}
	if d := cmp.Diff(want, sum.Recommend(&a, now)); d != "" {
		t.Error(d)
	}
}

// What a reply answers is asked for each reply: nothing in that may go through
// all posts of an account.
func TestParentUsesIndexes(t *testing.T) {
	s := openStore(t)
	plan := ""
	rows, err := s.r.Query("EXPLAIN QUERY PLAN SELECT " + parent + " FROM posts p WHERE p.id = 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, up, unused int
		var detail string
		if err := rows.Scan(&id, &up, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan += detail + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"posts_key (account_id=? AND key=?)", "posts_others (url=?)"} {
		if !strings.Contains(plan, want) {
			t.Errorf("%s is not used:\n%s", want, plan)
		}
	}
	if strings.Contains(plan, "(account_id=?)") || strings.Contains(plan, "SCAN x") {
		t.Errorf("all posts are read:\n%s", plan)
	}
}
