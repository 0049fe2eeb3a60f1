package scanner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// boards is a Board in memory.
type boards struct {
	suspects []store.Suspect
	echoes   []store.Echo
	got      store.Context
	fail     error
}

func (b *boards) Suspects(_ context.Context, themes []string) ([]store.Suspect, error) {
	if want := []string{"hate", "respect", "boundaries.exploit"}; !cmp.Equal(want, themes) {
		return nil, fmt.Errorf("asked for %q", themes)
	}
	return b.suspects, b.fail
}

func (b *boards) Echoes(context.Context, string) ([]store.Echo, error) { return b.echoes, nil }

func (b *boards) PutContext(_ context.Context, _ string, c store.Context) error {
	b.got = c
	return nil
}

// suspect is a post of the day-th day with one finding over all of its text.
func suspect(id int64, day int, theme, text string) store.Suspect {
	act := store.ActionReview
	if strings.HasPrefix(theme, "hate") {
		act = store.ActionRemove
	}
	return store.Suspect{Handle: "me", Name: "Mo Example",
		Post: store.Post{ID: id, AccountID: 1, Kind: store.KindPost, Own: true, Text: text, Created: time.Date(2019, 1, day, 0, 0, 0, 0, time.UTC)},
		Findings: []store.Finding{{ID: id * 10, PostID: id, Rule: theme + ".x", Theme: theme, Action: act, Confidence: 0.5, Why: "Alone.",
			Spans: []store.Span{{Start: 0, End: len(text)}}}}}
}

func settled(t *testing.T, e *Engine, b *boards) store.Context {
	t.Helper()
	if err := Settle(t.Context(), e, b); err != nil {
		t.Fatal(err)
	}
	return b.got
}

// added lists what was added as "post rule action".
func added(c store.Context) (list []string) {
	for _, f := range c.Added {
		list = append(list, fmt.Sprint(f.PostID, " ", f.Rule, " ", f.Action))
	}
	return list
}

func TestSettleSeries(t *testing.T) {
	e := loadPacks(t)
	handle := []store.Suspect{
		suspect(1, 1, "respect.insult", "@Pat you are useless"), suspect(2, 20, "respect.colleague", "useless again @pat"), suspect(3, 60, "hate.slur", "@pat and your lot"),
		suspect(4, 1, "respect.insult", "@sam you are useless"), suspect(5, 2, "respect.insult", "@sam you are useless"), suspect(6, 200, "respect.insult", "@pat useless"),
		suspect(7, 1, "respect.insult", "@me you are useless"), suspect(8, 2, "respect.insult", "@me useless"), suspect(9, 3, "respect.insult", "@me useless"),
	}
	c := settled(t, e, &boards{suspects: handle})
	want := []string{"1 respect.bully.series remove", "2 respect.bully.series remove", "3 respect.bully.series remove"}
	if d := cmp.Diff(want, added(c)); d != "" {
		t.Errorf("handles: %s", d)
	}
	if f := c.Added[0]; f.Confidence != 0.65 || !strings.Contains(f.Why, "3 such posts") || f.Theme != "respect.bully" || len(f.Standards) == 0 || f.Advice == "" {
		t.Errorf("finding %+v", f)
	}
	if d := cmp.Diff(store.PostTarget{PostID: 1, Family: store.FamilyAbuse, Kind: store.TargetHandle, Name: "pat"}, c.Targets[0]); d != "" {
		t.Error(d)
	}

	named := []store.Suspect{
		suspect(1, 1, "respect.bully", "Nobody likes Karen Whitlow"), suspect(2, 2, "respect.insult", "Karen Whitlow is useless"), suspect(3, 3, "respect.insult", "what a clown Karen Whitlow is"),
	}
	c = settled(t, e, &boards{suspects: named})
	if d := cmp.Diff([]string{"2 respect.bully.series review", "3 respect.bully.series review"}, added(c)); d != "" {
		t.Errorf("names: %s", d)
	}
	if len(c.Changed) != 1 || c.Changed[0].ID != 10 || c.Changed[0].Action != store.ActionReview || c.Changed[0].Confidence != 0.65 {
		t.Errorf("bullying already: %+v", c.Changed)
	}

	pursued := []store.Suspect{
		suspect(1, 1, "boundaries.exploit", "@lee fancy a drink"), suspect(2, 2, "boundaries.exploit", "@lee answer me"), suspect(3, 3, "boundaries.exploit", "@lee please"),
	}
	c = settled(t, e, &boards{suspects: pursued})
	if len(c.Added) != 0 || len(c.Changed) != 3 || c.Changed[0].Action != store.ActionRemove || c.Targets[0].Family != store.FamilyPursuit {
		t.Errorf("pursuit: %+v", c)
	}
}

func TestTargets(t *testing.T) {
	e := loadPacks(t)
	own := suspect(1, 1, "respect.insult", "")
	for _, tc := range []struct {
		name string
		edit func(*store.Suspect)
		want []target
	}{
		{"a handle", func(s *store.Suspect) { s.Text = "@Pat.Lee is useless" }, []target{{store.TargetHandle, "pat.lee"}}},
		{"the first of those that are answered", func(s *store.Suspect) { s.Text = "@a1 @b2 @c3 useless" }, []target{{store.TargetHandle, "a1"}}},
		{"the nearest in the text", func(s *store.Suspect) {
			s.Text = "thanks @a1 for the lift, but my oh my how useless @b2 is"
			s.Findings[0].Spans = []store.Span{{Start: 42, End: 49}}
		}, []target{{store.TargetHandle, "b2"}}},
		{"oneself is nobody else", func(s *store.Suspect) { s.Text = "@me useless" }, []target{{store.TargetTheme, "respect.insult"}}},
		{"whom it answers", func(s *store.Suspect) { s.Text, s.ReplyToAuthor = "useless", "@Zed" }, []target{{store.TargetHandle, "zed"}}},
		{"a name", func(s *store.Suspect) { s.Text = "what a useless lump Karen Whitlow is" }, []target{{store.TargetName, "karen whitlow"}}},
		{"words of others have no person", func(s *store.Suspect) { s.Text, s.Own = "@pat useless", false }, []target{{store.TargetTheme, "respect.insult"}}},
		{"a group", func(s *store.Suspect) {
			s.Text, s.Findings[0].Theme = "those asylum seekers are vermin", "hate.dehumanise"
		}, []target{{store.TargetGroup, "migrants"}}},
		{"no group without hate", func(s *store.Suspect) { s.Text = "asylum seekers rule, useless office" }, []target{{store.TargetTheme, "respect.insult"}}},
	} {
		s := own
		s.Findings = append([]store.Finding(nil), own.Findings...)
		tc.edit(&s)
		if len(s.Findings[0].Spans) == 0 || s.Findings[0].Spans[0].End == 0 {
			s.Findings[0].Spans = []store.Span{{Start: 0, End: len(s.Text)}}
		}
		if d := cmp.Diff(tc.want, e.targets(&s, s.Findings), cmp.AllowUnexported(target{})); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

func TestSettleAnswers(t *testing.T) {
	e := loadPacks(t)
	echo := func(id int64, mark store.Mark, theme string) store.Echo {
		parent := suspect(100+id, 1, theme, "words")
		parent.Own = false
		return store.Echo{Post: store.Post{ID: id, AccountID: 1, Kind: store.KindReply, Text: " so true "}, Marks: mark, Parent: parent}
	}
	own := echo(5, store.MarkApproves, "stigma.service-users")
	own.Parent.Own = true
	quote := echo(6, store.MarkApproves, "hate.slur")
	quote.Post.Kind, quote.Post.Text = store.KindQuote, ""
	b := &boards{echoes: []store.Echo{
		echo(1, store.MarkApproves, "hate.endorse"), echo(2, store.MarkApproves, "misinfo.vaccine"), echo(3, store.MarkApproves, "trust.drugs"),
		echo(4, store.MarkApproves, "respect.profanity"), own, quote, echo(7, store.MarkCondemns, "hate.endorse"),
	}}
	c := settled(t, e, b)
	want := []string{"1 hate.endorse.answer remove", "2 misinfo.vaccine.answer review", "5 stigma.service-users.answer review", "6 hate.endorse.answer remove"}
	if d := cmp.Diff(want, added(c)); d != "" {
		t.Error(d)
	}
	for i, want := range []string{"It approves of somebody else's words that are flagged themselves", "", "your own earlier words", "It shares and approves"} {
		if !strings.Contains(c.Added[i].Why, want) {
			t.Errorf("finding %d: %s", i, c.Added[i].Why)
		}
	}
	if f := c.Added[0]; f.Confidence != 0.425 || !cmp.Equal(f.Spans, []store.Span{{Start: 1, End: 8}}) {
		t.Errorf("confidence and words: %+v", f)
	}
	if len(c.Added[3].Spans) != 0 {
		t.Error("no words are marked where there are none")
	}
	if len(c.Changed) != 1 || c.Changed[0].PostID != 107 || c.Changed[0].Action != store.ActionReview || c.Changed[0].Confidence != 0.35 || !strings.Contains(c.Changed[0].Why, "condemn") {
		t.Errorf("condemned: %+v", c.Changed)
	}
}

// TestSettleOff: a rule about several posts can be switched off as any other.
func TestSettleOff(t *testing.T) {
	r, err := Load(LoadOptions{Disable: []string{"respect.bully.series", "hate.endorse.answer"}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	var list []store.Suspect
	for i := range 4 {
		list = append(list, suspect(int64(i+1), i+1, "respect.insult", "@pat useless"))
	}
	c := settled(t, e, &boards{suspects: list})
	if len(c.Added)+len(c.Changed) != 0 || len(c.Targets) != 4 {
		t.Errorf("got %+v", c)
	}
	if x, ok := r.Rule("respect.bully.series"); ok {
		t.Errorf("the rule is still there: %+v", x)
	}
	broken := errors.New("broken")
	if err := Settle(t.Context(), e, &boards{fail: broken}); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestStance(t *testing.T) {
	e := loadPacks(t)
	for _, tc := range []struct {
		kind store.Kind
		text string
		want store.Mark
	}{
		{store.KindReply, "this 👏", store.MarkApproves},
		{store.KindReply, "@bob so true", store.MarkApproves},
		{store.KindReply, "amen to that", store.MarkApproves},
		{store.KindReply, "Couldn't agree more mate", store.MarkApproves},
		{store.KindReply, "💯💯", store.MarkApproves},
		{store.KindComment, "he's not wrong", store.MarkApproves},
		{store.KindQuote, "spot on", store.MarkApproves},
		{store.KindQuote, "", store.MarkApproves},
		{store.KindQuote, "https://example.com/1", store.MarkApproves},
		{store.KindReply, "", 0},
		{store.KindPost, "so true", 0},
		{store.KindReply, "this is sad", 0},
		{store.KindReply, "not true", 0},
		{store.KindReply, "true?", 0},
		{store.KindReply, "I don't agree", 0},
		{store.KindReply, "this one goes to the shop on Tuesdays and comes back with bread", 0},
		{store.KindReply, "disgusting, please delete this", store.MarkCondemns},
		{store.KindQuote, "This is vile. Do better.", store.MarkCondemns},
		{store.KindReply, "see you at eight", 0},
	} {
		p := &store.Post{Kind: tc.kind, Own: true, Text: tc.text}
		_, m := e.look(p, nil)
		if got := m & (store.MarkApproves | store.MarkCondemns); got != tc.want {
			t.Errorf("%s %q: mark %d, want %d", tc.kind, tc.text, got, tc.want)
		}
		p.Own = false
		if _, m := e.look(p, nil); m&(store.MarkApproves|store.MarkCondemns) != 0 {
			t.Errorf("words of others have a stance: %q", tc.text)
		}
	}
}

// TestAgreement: what the author says of a quotation decides what it counts.
func TestAgreement(t *testing.T) {
	e := loadPacks(t)
	const words = "immigrants are vermin and should be drowned"
	worst := func(p *store.Post) store.Action {
		act := store.ActionNone
		for _, f := range e.Scan(p, nil) {
			if strings.HasPrefix(f.Theme, "hate.") && (act == store.ActionNone || f.Action == store.ActionRemove) {
				act = f.Action
			}
		}
		return act
	}
	for _, tc := range []struct {
		text string
		want store.Action
	}{
		{words, store.ActionRemove},
		{`"` + words + `" - couldn't agree more`, store.ActionRemove},
		{`Disgusting, please report this: "` + words + `"`, store.ActionNone},
		{"Disgusting, do not share this. RT @x: " + words, store.ActionNone},
		{"So true RT @x: " + words, store.ActionRemove},
		{"Morning all RT @x: " + words, store.ActionRemove},
	} {
		if got := worst(post(tc.text)); got != tc.want {
			t.Errorf("%q: %s, want %s", tc.text, got, tc.want)
		}
	}
	small := testEngine(t, condPack("fruit"))
	for text, want := range map[string]store.Action{
		`"eat more apples now" he said`:                      store.ActionReview,
		`"eat more apples now" - couldn't agree more`:        store.ActionRemove,
		`so true: "eat more apples now"`:                     store.ActionRemove,
		`"eat more apples now". I don't agree`:               store.ActionReview,
		`"eat more apples now, couldn't agree more" he said`: store.ActionReview,
		`"eat more apples now" - do you agree?`:              store.ActionReview,
	} {
		if found := small.Scan(post(text), nil); len(found) != 1 || found[0].Action != want {
			t.Errorf("%q: %+v, want %s", text, found, want)
		}
	}
	for _, kind := range []store.Kind{store.KindLike, store.KindRepost} {
		found := e.Scan(&store.Post{Kind: kind, Text: words}, nil)
		if len(found) == 0 || found[0].Theme != "hate.endorse" || found[0].Action != store.ActionRemove {
			t.Errorf("%s: %+v", kind, found)
		}
	}
}

// TestEveryThemeOfOthers: what becomes of each theme in a like or repost is
// chosen: hate is endorsed, everything else stays what it is.
func TestEveryThemeOfOthers(t *testing.T) {
	for _, th := range loadPacks(t).rules.Themes() {
		want := "keep"
		if th.Family() == "hate" && th.ID != "hate.endorse" {
			want = "hate.endorse"
		}
		if th.Others != want {
			t.Errorf("%s of others becomes %q, want %q", th.ID, th.Others, want)
		}
	}
}

func TestInContext(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	known := &Author{Professional: true}
	for _, tc := range []struct {
		audience store.Audience
		author   *Author
		action   store.Action
		up       bool
	}{
		{store.AudienceUnknown, known, store.ActionRemove, false},
		{store.AudiencePublic, known, store.ActionRemove, true},
		{store.AudiencePublic, nil, store.ActionRemove, false},
		{store.AudienceFriends, known, store.ActionRemove, false},
		{store.AudienceOnlyMe, known, store.ActionReview, false},
	} {
		p := post("an apple")
		plain := e.Scan(p, tc.author)
		p.Audience = tc.audience
		got := e.Scan(p, tc.author)
		if len(got) != 1 || got[0].Action != tc.action || (got[0].Confidence > plain[0].Confidence) != tc.up {
			t.Errorf("%s, %v: %+v", tc.audience, tc.author, got)
		}
	}
}

func TestEarlierTexts(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	p := post("nothing now")
	p.Versions = []store.Version{{ID: 1, Text: "an apple"}, {ID: 2, Text: "a pear"}}
	got := e.scanBatch([]store.Post{*p}, nil)[0].Findings
	if len(got) != 1 || got[0].Earlier == nil || got[0].Earlier.ID != 1 || len(got[0].Spans) != 0 || len(got[0].EarlierSpans) != 1 {
		t.Errorf("earlier texts: %+v", got)
	}
	p.Text = "an apple still"
	if got := e.scanBatch([]store.Post{*p}, nil)[0].Findings; len(got) != 1 || got[0].Earlier != nil {
		t.Errorf("the present text comes first: %+v", got)
	}
}
