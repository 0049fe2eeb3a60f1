package scanner

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"lookback/store"
)

// Board is where Settle finds what was flagged and puts what posts are
// together. The lists come in the order of the posts' ids.
type Board interface {
	Suspects(ctx context.Context, themes []string) ([]store.Suspect, error)
	Echoes(ctx context.Context, ruleset string) ([]store.Echo, error)
	PutContext(ctx context.Context, ruleset string, c store.Context) error
}

// The rules that look at several posts.
const (
	togetherPack = "together"
	seriesSuffix = ".series"
	answerSuffix = ".answer"
	themeBully   = "respect.bully"
	themeEndorse = "hate.endorse"
	themeExploit = "boundaries.exploit"
	themeSwear   = "respect.profanity"
)

// answerable are the themes of which the approval is one, too.
func answerable(theme string) bool {
	family, _, _ := strings.Cut(theme, ".")
	return theme != themeSwear && slices.Contains([]string{"hate", "misinfo", "respect", "stigma"}, family)
}

// addTogether adds the rules that look at several posts, for the themes that
// there are.
func (r *Rules) addTogether() {
	add := func(th *Theme, suffix, why string, act store.Action) {
		r.together = append(r.together, &Rule{ID: th.ID + suffix, Theme: th.ID, Standards: th.Standards, Action: act, Why: why, Advice: th.Advice, Pack: togetherPack})
	}
	for i := range r.regulator.Themes {
		th := &r.regulator.Themes[i]
		if th.ID == themeBully || th.ID == themeExploit {
			add(th, seriesSuffix, "It is one of several such posts about the same person within three months.", store.ActionRemove)
		}
		switch {
		case th.ID == themeEndorse:
			add(th, answerSuffix, "It approves of words that discriminate.", store.ActionRemove)
		case answerable(th.ID) && (th.Others == "keep" || th.Others == ""):
			add(th, answerSuffix, "It approves of words that are flagged themselves.", store.ActionReview)
		}
	}
}

// Settle looks at what was found in all posts together and replaces what it
// found before: series of posts against one target, short answers that approve
// of flagged words, likes and reposts that the owner condemned in an answer.
// It depends on nothing but what the scans found, and it may be called again
// and again.
func Settle(ctx context.Context, e *Engine, b Board) error {
	suspects, err := b.Suspects(ctx, []string{"hate", "respect", themeExploit})
	if err != nil {
		return fmt.Errorf("looking for series: %w", err)
	}
	echoes, err := b.Echoes(ctx, e.hash)
	if err != nil {
		return fmt.Errorf("looking for answers: %w", err)
	}
	t := &together{e: e, rules: map[string]*Rule{}, raised: map[int64]store.Finding{}}
	for _, r := range e.rules.together {
		t.rules[r.ID] = r
	}
	t.series(suspects)
	t.answers(echoes)
	for _, f := range t.raised {
		t.out.Changed = append(t.out.Changed, f)
	}
	slices.SortFunc(t.out.Changed, func(a, b store.Finding) int { return cmp.Compare(a.ID, b.ID) })
	if err := b.PutContext(ctx, e.hash, t.out); err != nil {
		return fmt.Errorf("storing series: %w", err)
	}
	return nil
}

type together struct {
	e      *Engine
	rules  map[string]*Rule
	raised map[int64]store.Finding // by their id
	out    store.Context
}

// finding is what a rule about several posts adds to one.
func (t *together) finding(rule string, post int64, act store.Action, confidence float64, spans []store.Span, why string) {
	r := t.rules[rule]
	if r == nil {
		return // switched off
	}
	t.out.Added = append(t.out.Added, store.Finding{PostID: post, Rule: r.ID, Theme: r.Theme, Standards: r.Standards, Action: act,
		Confidence: math.Round(confidence*1000) / 1000, Spans: spans, Why: why, Advice: r.Advice, Ruleset: t.e.hash})
}

// directed is a post with its part in a series.
type directed struct {
	post     *store.Suspect
	findings []store.Finding // those of the family
}

type seriesKey struct {
	account            int64
	family, kind, name string
}

func (t *together) series(list []store.Suspect) {
	groups := map[seriesKey][]directed{}
	var keys []seriesKey
	for i := range list {
		p := &list[i]
		for _, family := range []string{store.FamilyAbuse, store.FamilyPursuit} {
			found := ofFamily(p.Findings, family)
			if len(found) == 0 {
				continue
			}
			for _, tg := range t.e.targets(p, found) {
				k := seriesKey{p.AccountID, family, tg.kind, tg.name}
				if groups[k] == nil {
					keys = append(keys, k)
				}
				groups[k] = append(groups[k], directed{p, found})
				t.out.Targets = append(t.out.Targets, store.PostTarget{PostID: p.ID, Family: family, Kind: tg.kind, Name: tg.name})
			}
		}
	}
	seen := map[int64]bool{} // posts that have a finding of bullying from another series
	for _, k := range keys {
		if k.kind == store.TargetHandle || k.kind == store.TargetName {
			t.sustained(k, groups[k], seen)
		}
	}
}

func ofFamily(list []store.Finding, family string) []store.Finding {
	var out []store.Finding
	for _, f := range list {
		pursuit := f.Theme == themeExploit
		if f.Theme != themeSwear && f.Action != store.ActionNone && pursuit == (family == store.FamilyPursuit) {
			out = append(out, f)
		}
	}
	return out
}

// sustained raises the posts of a series against one person: to bullying, or
// to a removal where they pursue somebody. Somebody who is only named might
// be a public figure or two people, so such posts are for review unless they
// were for removal alone.
func (t *together) sustained(k seriesKey, list []directed, seen map[int64]bool) {
	times := make([]time.Time, len(list))
	for i, d := range list {
		if d.post.Precision != store.PrecisionNone {
			times[i] = d.post.Created
		}
	}
	in := store.InSeries(times)
	n := 0
	for _, is := range in {
		if is {
			n++
		}
	}
	act := store.ActionReview
	if k.kind == store.TargetHandle {
		act = store.ActionRemove
	}
	for i, d := range list {
		if !in[i] {
			continue
		}
		if k.family == store.FamilyPursuit {
			t.raise(d.findings[0], themeExploit+seriesSuffix, act, n)
			continue
		}
		if seen[d.post.ID] {
			continue
		}
		seen[d.post.ID] = true
		t.bully(d, act, n)
	}
}

// together is why a post of a series is more than it is alone.
func seriesWhy(n int) string {
	return fmt.Sprintf("It is one of %d such posts about the same person within a short time, which reads as sustained.", n)
}

func (t *together) bully(d directed, act store.Action, n int) {
	worst := d.findings[0]
	for _, f := range d.findings {
		if f.Theme == themeBully {
			t.raise(f, themeBully+seriesSuffix, act, n)
			return
		}
		if compareSerious(f.Action, worst.Action, f.Confidence, worst.Confidence) < 0 {
			worst = f
		}
	}
	t.finding(themeBully+seriesSuffix, d.post.ID, act, surer(worst.Confidence), worst.Spans, seriesWhy(n))
}

// surer is the confidence of what several posts say.
func surer(c float64) float64 { return math.Round((c+(1-c)*0.3)*1000) / 1000 }

// raise makes a finding what it is as one of a series.
func (t *together) raise(f store.Finding, rule string, act store.Action, n int) {
	if t.rules[rule] == nil {
		return
	}
	if f.Action == store.ActionRemove {
		act = f.Action
	}
	f.Action, f.Confidence, f.Why = act, surer(f.Confidence), f.Why+" "+seriesWhy(n)
	t.raised[f.ID] = f
}

// answers finds approval of flagged words, and takes weight from likes and
// reposts whose words the owner condemned.
func (t *together) answers(list []store.Echo) {
	for i := range list {
		x := &list[i]
		switch {
		case x.Marks&store.MarkApproves != 0:
			t.approved(x)
		case x.Marks&store.MarkCondemns != 0 && !x.Parent.Own:
			t.condemned(x)
		}
	}
}

// trustedApproval is how sure an approving answer is of being meant so.
const trustedApproval = 0.85

func (t *together) approved(x *store.Echo) {
	themes := map[string]bool{}
	for _, f := range slices.SortedStableFunc(slices.Values(x.Parent.Findings), func(a, b store.Finding) int {
		return compareSerious(a.Action, b.Action, a.Confidence, b.Confidence)
	}) {
		if f.Action == store.ActionNone || !answerable(f.Theme) {
			continue
		}
		theme, act := f.Theme, store.ActionReview
		if strings.HasPrefix(f.Theme, hateFamily) {
			theme, act = themeEndorse, f.Action
		}
		if themes[theme] {
			continue
		}
		themes[theme] = true
		t.finding(theme+answerSuffix, x.Post.ID, act, f.Confidence*trustedApproval, wholeText(x.Post.Text), t.answerWhy(x, f.Theme))
	}
}

// answerWhy says of what an answer approves.
func (t *together) answerWhy(x *store.Echo, theme string) string {
	what := theme
	if th := t.e.themes[theme]; th != nil {
		what = strings.ToLower(th.Title[:1]) + th.Title[1:]
	}
	whose := "somebody else's words"
	if x.Parent.Own {
		whose = "your own earlier words"
	}
	verb := "It approves of "
	if x.Post.Kind == store.KindQuote {
		verb = "It shares and approves of "
	}
	return verb + whose + " that are flagged themselves (" + what + ")."
}

func (t *together) condemned(x *store.Echo) {
	for _, f := range x.Parent.Findings {
		if f.Action == store.ActionNone {
			continue
		}
		f.Action, f.Confidence = store.ActionReview, math.Round(f.Confidence*0.7*1000)/1000
		f.Why += " You answered it with words that condemn it."
		t.raised[f.ID] = f
	}
}

// wholeText marks all of a text but the blanks around it.
func wholeText(s string) []store.Span {
	text := strings.TrimSpace(s)
	if text == "" {
		return nil
	}
	at := strings.Index(s, text)
	return []store.Span{{Start: at, End: at + len(text)}}
}
