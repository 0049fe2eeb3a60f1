package store

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// flag stores findings for posts by their keys.
func flag(t *testing.T, s *Store, byKey map[string][]Finding) {
	t.Helper()
	var batch []Scanned
	for key, p := range allPosts(t, s) {
		batch = append(batch, Scanned{PostID: p.ID, Findings: byKey[key]})
	}
	if err := s.PutScanned(t.Context(), "r", batch); err != nil {
		t.Fatal(err)
	}
}

func finding(theme string, a Action, conf float64, standards ...string) Finding {
	return Finding{Rule: theme + ".some", Theme: theme, Standards: standards, Action: a, Confidence: conf, Spans: []Span{{0, 3}}}
}

// filterStore has a post for each thing to filter by.
func filterStore(t *testing.T) *Store {
	s := openStore(t)
	post := func(key, text string, kind Kind, year int) Post {
		p := Post{Key: key, Kind: kind, Own: true, Text: text}
		if year > 0 {
			p.Created = at(year)
		}
		return p
	}
	take(t, s, export{archive: Archive{Digest: "1"}, account: anna, posts: []Post{
		post("a", "my patient's café \"was\" late", KindPost, 2012),
		post("b", "patients, all of them", KindReply, 2014),
		post("c", "a drink 🍺 too many", KindLike, 2016),
		post("d", "undated patient", KindBio, 0),
		post("e", "nothing here", KindPost, 2016),
	}})
	take(t, s, export{archive: Archive{Digest: "2", Platform: "facebook"}, account: Account{Handle: "anna"}, posts: []Post{post("f", "on facebook", KindPost, 2013)}})
	flag(t, s, map[string][]Finding{
		"a": {finding("privacy.case", ActionRemove, 0.7, "5.1", "2.12"), finding("respect.rude", ActionReview, 0.9, "2.7")},
		"b": {finding("privacy.place", ActionReview, 0.8, "5.1")},
		"c": {finding("health.alcohol", ActionReview, 0.4, "6.3"), finding("note.only", ActionNone, 1, "9.9")},
		"d": {finding("privacy.case", ActionRemove, 0.9, "5.1")},
		"e": {finding("note.only", ActionNone, 0.9, "9.9")},
		"f": {finding("respect.rude", ActionRemove, 0.7, "2.7")},
	})
	return s
}

func TestFindingsFilter(t *testing.T) {
	s := filterStore(t)
	if err := s.PutDecision(t.Context(), Decision{AccountID: 1, PostKey: "c", Theme: "health.alcohol", Choice: ChoiceKeep, Reason: "x",
		WordsHash: WordsHash("a drink 🍺 too many", []Span{{0, 3}})}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutDecision(t.Context(), Decision{AccountID: 1, PostKey: "a", Theme: "respect.rude", Choice: ChoiceKeep, Reason: "x",
		WordsHash: WordsHash("my patient's", []Span{{0, 3}})}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		flt  Filter
		want string
	}{
		{"all, most serious first", Filter{}, "d f a b c"},
		{"by date", Filter{OrderByDate: true}, "c b f a d"},
		{"limit", Filter{Limit: 2}, "d f"},
		{"standard", Filter{Standards: []string{"5.1"}}, "d a b"},
		{"part of standard", Filter{Standards: []string{"2"}}, "f a"},
		{"no such standard", Filter{Standards: []string{"2.1"}}, ""},
		{"standards", Filter{Standards: []string{"6.3", "2.12"}}, "a c"},
		{"theme", Filter{Themes: []string{"privacy.case"}}, "d a"},
		{"part of theme", Filter{Themes: []string{"privacy"}}, "d a b"},
		{"no theme", Filter{Themes: []string{"priv"}}, ""},
		{"rule", Filter{Rules: []string{"respect.rude.some"}}, "f a"},
		{"remove", Filter{Actions: []Action{ActionRemove}}, "d f a"},
		{"review", Filter{Actions: []Action{ActionReview}}, "b c"},
		{"none", Filter{Actions: []Action{ActionNone}}, "e"},
		{"every action", Filter{Actions: []Action{ActionNone, ActionReview, ActionRemove}}, "d f a b c e"},
		{"unknown action", Filter{Actions: []Action{"shout"}}, ""},
		{"platform", Filter{Platforms: []string{"facebook", "tumblr"}}, "f"},
		{"kind", Filter{Kinds: []Kind{KindReply, KindBio}}, "d b"},
		{"since", Filter{Since: at(2013)}, "f b c"},
		{"until", Filter{Until: at(2013)}, "a"},
		{"from until", Filter{Since: at(2013), Until: at(2014)}, "f"},
		{"account", Filter{AccountID: 2}, "f"},
		{"post", Filter{AccountID: 1, PostKey: "b"}, "b"},
		{"word", Filter{Text: "patient"}, "d a"},
		{"beginning of a word", Filter{Text: "patient*"}, "d a b"},
		{"words", Filter{Text: "late PATIENT"}, "a"},
		{"accents", Filter{Text: "cafe"}, "a"},
		{"phrase", Filter{Text: `"all of"`}, "b"},
		{"typographic quotes", Filter{Text: "“all of”"}, "b"},
		{"no phrase", Filter{Text: `"of all"`}, ""},
		{"apostrophe", Filter{Text: "patient's"}, "a"},
		{"emoji", Filter{Text: "🍺 drink"}, "c"},
		{"other emoji", Filter{Text: "🍷"}, ""},
		{"syntax is not", Filter{Text: `patient" OR NEAR( text: - ^ {`}, ""},
		{"undecided", Filter{Undecided: true}, "d f a b"},
		{"together", Filter{Themes: []string{"privacy"}, Kinds: []Kind{KindPost}, Text: "late", Actions: []Action{ActionRemove}}, "a"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := strings.Join(find(t, s, tc.flt), " "); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestFindingsRow(t *testing.T) {
	s := openStore(t)
	answered, p := own("tweet:0", "the question"), full()
	take(t, s, export{account: anna, posts: []Post{answered, p}})
	want := []Finding{
		finding("privacy.case", ActionRemove, 0.7, "5.1", "2.12"),
		finding("respect.rude", ActionReview, 0.9, "2.7"),
		finding("respect.lewd", ActionReview, 0.2),
	}
	want[0].Spans, want[0].Why, want[0].Advice = []Span{{0, 2}, {3, 7}}, "why", "advice"
	want[2].Spans = nil
	flag(t, s, map[string][]Finding{"tweet:1": {want[2], want[0], want[1]}})
	n := 0
	for row, err := range s.Findings(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if row.Answers != "the question" || row.Action() != ActionRemove || row.Decision != nil || row.Account.Handle != "anna" {
			t.Errorf("%+v", row)
		}
		p.ID, p.AccountID = row.Post.ID, row.Account.ID
		if d := cmp.Diff(p, row.Post, cmpopts.IgnoreFields(Version{}, "ID")); d != "" {
			t.Error(d)
		}
		for i := range want {
			f := &row.Findings[i]
			want[i].ID, want[i].PostID, want[i].UID, want[i].Ruleset, want[i].WordsHash = f.ID, p.ID, f.UID, "r", WordsHash(p.Text, want[i].Spans)
		}
		if d := cmp.Diff(want, row.Findings); d != "" {
			t.Error(d)
		}
	}
	if n != 1 {
		t.Errorf("%d rows", n)
	}
	for range s.Findings(t.Context(), Filter{}) {
		break // stopping early is allowed
	}
}

// Memory does not grow with the findings: the texts of these are 25 MB.
func TestFindingsStream(t *testing.T) {
	s := openStore(t)
	const n = 2500
	e := export{account: anna}
	for i := range n {
		e.posts = append(e.posts, own(fmt.Sprint("tweet:", i), "bad "+strings.Repeat("x", 10_000)+fmt.Sprint(i)))
	}
	take(t, s, e)
	e.posts = nil
	scanAll(t, s, "r")
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, peak, rows := m.HeapAlloc, uint64(0), 0
	for _, err := range s.Findings(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; rows%500 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	if rows != n {
		t.Errorf("%d rows, want %d", rows, n)
	}
	if peak > before+10<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, peak)
	}
}

func TestDecisions(t *testing.T) {
	s := openStore(t)
	ctx := t.Context()
	e := export{archive: Archive{Digest: "1", Generated: at(2018)}, account: anna, scopes: []string{"tweet:"},
		posts: []Post{own("tweet:1", "so bad"), own("tweet:2", "so bad")}}
	take(t, s, e)
	two := map[string][]Finding{"tweet:1": {bad(3), finding("privacy.case", ActionRemove, 1)}, "tweet:2": {bad(3)}}
	flag(t, s, two)
	var list []Decision
	for row, err := range s.Findings(ctx, Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range row.Findings {
			list = append(list, Decision{AccountID: row.Account.ID, PostKey: row.Post.Key, Theme: f.Theme, WordsHash: f.WordsHash, Choice: ChoiceKeep, Reason: "a reason", Note: "a joke", Decided: at(2021)})
		}
	}
	decided := func() map[string]Choice {
		got := map[string]Choice{}
		for row, err := range s.Findings(ctx, Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			if d := row.Decision; d != nil {
				got[row.Post.Key] = d.Choice
				if d.Note != "a joke" || d.Reason != "a reason" || !d.Decided.Equal(at(2021)) || d.Theme != row.Findings[0].Theme {
					t.Errorf("decision is %+v", d)
				}
			}
		}
		return got
	}
	if err := s.PutDecision(ctx, list[1]); err != nil { // one of two findings of tweet:1
		t.Fatal(err)
	}
	if got := decided(); len(got) != 0 {
		t.Errorf("half decided: %v", got)
	}
	list[0].Choice = ChoiceRemove
	if err := s.PutDecisions(ctx, list); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]Choice{"tweet:1": ChoiceRemove, "tweet:2": ChoiceKeep}, decided()); d != "" {
		t.Error(d)
	}
	if err := s.PutDecisions(ctx, []Decision{{AccountID: 1, PostKey: "tweet:2", Theme: "respect.rude", WordsHash: list[2].WordsHash}, {AccountID: 1, Choice: "perhaps"}}); err == nil {
		t.Error("took a choice that is none")
	}
	if got := decided(); len(got) != 2 {
		t.Errorf("half applied: %v", got)
	}
	// Scanning again keeps them; other words bring the finding back.
	flag(t, s, two)
	e.archive.Digest, e.archive.Generated, e.posts = "2", at(2019), []Post{own("tweet:1", "so bad"), own("tweet:2", "so bad, all")}
	take(t, s, e)
	more := bad(3)
	more.Spans = []Span{{3, 6}, {8, 11}}
	two["tweet:2"] = []Finding{more}
	flag(t, s, two)
	if d := cmp.Diff(map[string]Choice{"tweet:1": ChoiceRemove}, decided()); d != "" {
		t.Error(d)
	}
	matched := map[bool]int{}
	for d, err := range s.Decisions(ctx) {
		if err != nil || d.Gone {
			t.Fatal(d, err)
		}
		matched[d.Matched]++
	}
	if matched[true] != 2 || matched[false] != 1 {
		t.Errorf("matched: %v", matched)
	}
	sum, err := s.Summary(ctx, "r")
	if err != nil || sum.Decided[ChoiceKeep] != 2 || sum.Decided[ChoiceRemove] != 1 {
		t.Errorf("summary: %v, %v", sum.Decided, err)
	}
	list[0].Choice = ""
	if err := s.PutDecision(ctx, list[0]); err != nil {
		t.Fatal(err)
	}
	if got := decided(); len(got) != 0 {
		t.Errorf("taken back: %v", got)
	}
}

func TestSummary(t *testing.T) {
	s := filterStore(t)
	take(t, s, export{archive: Archive{Digest: "3"}, account: anna, posts: []Post{own("late", "x")}})
	sum, err := s.Summary(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	if time.Since(sum.LastScan) > time.Hour || len(sum.Archives) != 3 {
		t.Errorf("last scan %v, %d archives", sum.LastScan, len(sum.Archives))
	}
	if sum.Proof == nil || sum.Proof.All.Now != (Tally{Remove: 3, Review: 2}) {
		t.Errorf("%+v", sum.Proof)
	}
	sum.LastScan, sum.Archives, sum.Proof = time.Time{}, nil, nil
	for i := range sum.Accounts {
		sum.Accounts[i].ID = 0
	}
	want := Summary{
		Ruleset: "r", Posts: 7, Scanned: 6, First: at(2012), Last: at(2016),
		Standards: []Standard{{Number: "2.7"}, {Number: "2.12"}, {Number: "5.1"}, {Number: "6.3"}},
		Accounts: []AccountSummary{
			{Account: Account{Platform: "x", NativeID: "1", Handle: "anna"}, Posts: 6, Public: 5, First: at(2012), Last: at(2016), Gaps: []int{2013},
				ByYear:  []Count{{"", 1}, {"2012", 1}, {"2014", 1}, {"2015", 1}, {"2016", 2}},
				Flagged: Tally{"x", 2, 2}},
			{Account: Account{Platform: "facebook", Handle: "anna"}, Posts: 1, Public: 1, First: at(2013), Last: at(2013),
				ByYear: []Count{{"2013", 1}}, Flagged: Tally{"facebook", 1, 0}},
		},
		ByYear:     []Count{{"", 1}, {"2012", 1}, {"2013", 1}, {"2014", 1}, {"2015", 1}, {"2016", 2}},
		ByKind:     []Count{{"post", 4}, {"reply", 1}, {"like", 1}, {"bio", 1}},
		ByPlatform: []Count{{"facebook", 1}, {"x", 6}},
		Flagged:    Tally{"all", 3, 2},
		Standard:   []Tally{{"2.7", 1, 1}, {"2.12", 1, 0}, {"5.1", 2, 1}, {"6.3", 0, 1}},
		Theme:      []Tally{{"health.alcohol", 0, 1}, {"privacy.case", 2, 0}, {"privacy.place", 0, 1}, {"respect.rude", 1, 1}},
		Year:       []Tally{{"", 1, 0}, {"2012", 1, 0}, {"2013", 1, 0}, {"2014", 0, 1}, {"2016", 0, 1}},
		Heat: []Cell{{0, "5.1", 1, 0}, {2012, "2.7", 0, 1}, {2012, "2.12", 1, 0}, {2012, "5.1", 1, 0}, {2013, "2.7", 1, 0},
			{2014, "5.1", 0, 1}, {2016, "6.3", 0, 1}},
		Decided: map[Choice]int{}, Settled: map[Choice]int{},
	}
	if d := cmp.Diff(want, sum); d != "" {
		t.Error(d)
	}
	empty, err := openStore(t).Summary(t.Context(), "")
	if err != nil || empty.Posts != 0 || empty.Accounts != nil {
		t.Errorf("%+v, %v", empty, err)
	}
}

func TestCompareNumbers(t *testing.T) {
	list := []string{"10.1", "2.12", "b", "2.7", "2", "a.b"}
	slices.SortFunc(list, compareNumbers)
	if got := strings.Join(list, " "); got != "2 2.7 2.12 10.1 a.b b" {
		t.Error(got)
	}
}

// Nothing that a person types can be a syntax error.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"word", `"a phrase" more*`, `"`, `a"b"c`, "*", "AND OR NOT", "NEAR(a b)", "text:x", "a\x00b", "-", "^a", "{a}", "“é”", "🍺*", "'", ";", "\xff"} {
		f.Add(seed)
	}
	s, err := Open(f.Context(), f.TempDir()+"/store.db")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	im, err := s.BeginImport(f.Context(), Archive{Name: "a", Platform: "x"})
	if err != nil {
		f.Fatal(err)
	}
	if err := im.Post(own("tweet:1", "some bad words of a post")); err != nil {
		f.Fatal(err)
	}
	if _, err := im.Finish(f.Context()); err != nil {
		f.Fatal(err)
	}
	if err := scanAllErr(f.Context(), s, "r"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, err := range s.Findings(t.Context(), Filter{Text: text}) {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
