package scanner

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"lookback/store"
)

// Rates says how often each rule speaks on posts in which there should be
// nothing to find.
type Rates struct {
	Ruleset string `json:"ruleset"`
	Posts   int    `json:"posts"`
	Flagged int    `json:"flagged"` // posts with a finding
	Remove  int    `json:"remove"`  // posts recommended for removal
	Rules   []Rate `json:"rules"`   // those that speak at all, the most frequent first
}

// Rate is how often one rule speaks.
type Rate struct {
	Rule  string  `json:"rule"`
	Theme string  `json:"theme"`
	Hits  int     `json:"hits"`  // posts to which the rule applies by itself
	Shown int     `json:"shown"` // posts with a finding that bears its name
	Share float64 `json:"share"` // the larger of both, of all posts
}

// MeasureRates runs every rule by itself over texts, and everything together.
// A rule that applies need not be shown: the learned classifiers may doubt it,
// or another rule may say the same.
func MeasureRates(e *Engine, cases []Case) Rates {
	r := Rates{Ruleset: e.hash, Posts: len(cases)}
	at := map[string]*Rate{}
	of := func(rule, theme string) *Rate {
		x := at[rule]
		if x == nil {
			x = &Rate{Rule: rule, Theme: theme}
			at[rule] = x
		}
		return x
	}
	s := e.pool.Get().(*scan)
	defer e.release(s)
	for i := range cases {
		c := &cases[i]
		p := store.Post{Kind: c.Kind, Own: ownKind(c.Kind), Text: c.Text}
		part := p
		part.Text = p.Text[:partLen(p.Text)]
		s.run(&part, nil)
		for _, f := range s.fired {
			rule := e.progs[f.prog].Rule
			of(rule.ID, rule.Theme).Hits++
		}
		found := e.Scan(&p, nil)
		if len(found) > 0 {
			r.Flagged++
		}
		if slices.ContainsFunc(found, func(f store.Finding) bool { return f.Action == store.ActionRemove }) {
			r.Remove++
		}
		for _, f := range found {
			of(f.Rule, f.Theme).Shown++
		}
	}
	for _, x := range at {
		x.Share = float64(max(x.Hits, x.Shown)) / float64(len(cases))
		r.Rules = append(r.Rules, *x)
	}
	slices.SortFunc(r.Rules, func(a, b Rate) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(b.Shown, a.Shown), cmp.Compare(a.Rule, b.Rule))
	})
	return r
}

// Above returns the rates above a share of all posts.
func (r *Rates) Above(share float64) []Rate {
	i := slices.IndexFunc(r.Rules, func(x Rate) bool { return x.Share <= share })
	if i < 0 {
		return r.Rules
	}
	return r.Rules[:i]
}

// WriteMarkdown writes the rates above a share as a table.
func (r *Rates) WriteMarkdown(w io.Writer, share float64) error {
	if r.Posts == 0 {
		_, err := io.WriteString(w, "No posts were read.\n")
		return err
	}
	_, err := fmt.Fprintf(w, "%d posts: %.2f %% flagged, %.2f %% as remove. Rules above %.2f %%:\n\n| rule | applies | shown |\n| --- | ---: | ---: |\n",
		r.Posts, r.percent(r.Flagged), r.percent(r.Remove), share*100)
	if err != nil {
		return err
	}
	for _, x := range r.Above(share) {
		if _, err := fmt.Fprintf(w, "| `%s` | %.3f %% | %.3f %% |\n", x.Rule, r.percent(x.Hits), r.percent(x.Shown)); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rates) percent(n int) float64 { return 100 * float64(n) / float64(r.Posts) }
