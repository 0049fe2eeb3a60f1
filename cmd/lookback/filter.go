package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"lookback/report"
	"lookback/store"

	"github.com/spf13/cobra"
)

// filterOptions choose findings; list and report have them.
type filterOptions struct {
	standards, themes, rules, actions, platforms, kinds []string
	accounts, decisions                                 []string
	since, until, text                                  string
	gone, decided, silenced, fresh                      bool
	limit                                               int
}

func (o *filterOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&o.standards, "standard", nil, "only this `standard`: 5.1, or 5 for all of 5")
	f.StringSliceVar(&o.themes, "theme", nil, "only this `theme`: privacy.case, or privacy for all of them")
	f.StringSliceVar(&o.rules, "rule", nil, "only what this rule (an `id`) found")
	f.StringSliceVar(&o.actions, "action", nil, "only what to `remove`, or to review")
	f.StringSliceVar(&o.platforms, "platform", nil, "only posts on this `platform`, for example x")
	f.StringSliceVar(&o.kinds, "kind", nil, "only this `kind`: "+kindList())
	f.StringVar(&o.since, "since", "", "only posts from this `date` on: 2019, 2019-05 or 2019-05-31")
	f.StringVar(&o.until, "until", "", "only posts up to and including this `date`")
	f.StringVar(&o.text, "text", "", "only posts with all these `words`; \"in quotes\" as they stand, ending in * for a beginning")
	f.StringSliceVar(&o.accounts, "account", nil, "only posts of this `account`, by handle, name or number; x:handle where two platforms share it")
	f.StringSliceVar(&o.decisions, "decision", nil, "only what was decided so: remove, keep, not-an-issue or done; or `undecided`")
	f.BoolVar(&o.decided, "decided", false, "also what you decided to keep, is not an issue or was done")
	f.BoolVar(&o.silenced, "silenced", false, "also what your allow list silences")
	f.BoolVar(&o.fresh, "new", false, "only what the audit before the last did not find")
	f.BoolVar(&o.gone, "gone", false, "also posts that a newer archive no longer has")
	f.IntVar(&o.limit, "limit", 0, "at most so many posts")
}

func kindList() string {
	var names []string
	for _, k := range store.Kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// filter checks the flags: a misspelt value finds nothing, which would look
// like a clean record.
func (o *filterOptions) filter(cmd *cobra.Command) (store.Filter, error) {
	f := store.Filter{
		Standards: o.standards, Themes: o.themes, Rules: o.rules, Platforms: o.platforms,
		Text: o.text, IncludeGone: o.gone, Limit: o.limit, New: o.fresh, IncludeSilenced: o.silenced,
		Open: !o.decided && len(o.decisions) == 0,
	}
	for _, d := range o.decisions {
		c := store.Choice(d)
		if d == report.Undecided {
			c = ""
		} else if !slices.Contains(store.Choices, c) {
			return f, usagef(cmd, "--decision %q is none of remove, keep, not-an-issue, done and undecided", d)
		}
		f.Choices = append(f.Choices, c)
	}
	for _, a := range o.actions {
		if act := store.Action(a); act != store.ActionRemove && act != store.ActionReview {
			return f, usagef(cmd, "--action %q is neither remove nor review", a)
		}
		f.Actions = append(f.Actions, store.Action(a))
	}
	for _, k := range o.kinds {
		if !slices.Contains(store.Kinds, store.Kind(k)) {
			return f, usagef(cmd, "--kind %q is none of %s", k, kindList())
		}
		f.Kinds = append(f.Kinds, store.Kind(k))
	}
	var err error
	if f.Since, _, err = parseDay(o.since); err != nil {
		return f, usagef(cmd, "--since %w", err)
	}
	if _, f.Until, err = parseDay(o.until); err != nil {
		return f, usagef(cmd, "--until %w", err)
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return f, usagef(cmd, "--since %s comes after --until %s", o.since, o.until)
	}
	f.Judged = true // what only a judge flags comes last, and says so
	return f, nil
}

// any says whether something is filtered by.
func (o *filterOptions) any() bool {
	return len(o.standards)+len(o.themes)+len(o.rules)+len(o.actions)+len(o.platforms)+len(o.kinds)+len(o.accounts)+len(o.decisions) > 0 ||
		o.since+o.until+o.text != "" || o.gone || o.decided || o.silenced || o.fresh || o.limit > 0
}

// inStore completes a filter with what only the store knows.
func (o *filterOptions) inStore(ctx context.Context, s *store.Store, f store.Filter) (store.Filter, error) {
	for _, name := range o.accounts {
		a, err := findAccount(ctx, s, name)
		if err != nil {
			return f, err
		}
		f.Accounts = append(f.Accounts, a.ID)
	}
	return f, nil
}

// leaveOut takes out of a summary what its rows show after all.
func (o *filterOptions) leaveOut(sum *store.Summary) {
	if o.decided || len(o.decisions) > 0 {
		sum.Settled = nil
	}
	if o.silenced {
		sum.Silenced = 0
	}
}

// parseDay reads a year, a month or a day as the span from its beginning to
// the beginning of the next. The empty string is the zero span.
func parseDay(s string) (from, to time.Time, err error) {
	if s == "" {
		return from, to, nil
	}
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {"2006-01-02", 0, 0, 1}} {
		if from, err = time.Parse(form.layout, s); err == nil {
			return from, from.AddDate(form.years, form.months, form.days), nil
		}
	}
	return time.Time{}, time.Time{}, fmt.Errorf("%q is not a date such as 2019, 2019-05 or 2019-05-31", s)
}

// checkNames refuses standards, themes, rules and platforms that nobody knows.
func (o *filterOptions) checkNames(cmd *cobra.Command, known knownNames) error {
	for _, s := range o.standards {
		if !known.standard(s) {
			return usagef(cmd, "--standard %q is not one of %s", s, strings.Join(known.standards, ", "))
		}
	}
	for _, th := range o.themes {
		if !known.theme(th) {
			return usageHint("lookback rules list names the themes", "--theme %q is not a theme", th)
		}
	}
	for _, id := range o.rules {
		if !slices.Contains(known.rules, id) {
			return usageHint("lookback rules list names the rules", "--rule %q is not a rule in force", id)
		}
	}
	for _, p := range o.platforms {
		if !slices.Contains(known.platforms, p) {
			return usagef(cmd, "--platform %q is not one of %s", p, strings.Join(known.platforms, ", "))
		}
	}
	return nil
}

// knownNames are the names that filters can use.
type knownNames struct{ standards, themes, rules, platforms []string }

func (k knownNames) standard(s string) bool {
	return hasPrefixOf(k.standards, s) || hasPrefixOf(k.standards, strings.ToLower(s))
}

func (k knownNames) theme(s string) bool { return hasPrefixOf(k.themes, s) }

// hasPrefixOf says whether s is in the list, or is what comes before a dot in
// one of it.
func hasPrefixOf(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return x == s || strings.HasPrefix(x, s+".") })
}

// readingOptions are those of the commands that show, or go through, a part of
// a store.
type readingOptions struct {
	storeOptions
	ruleOptions
	filterOptions
	regulatorOptions
}

func (o *readingOptions) AddFlags(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	o.ruleOptions.AddFlags(cmd)
	o.filterOptions.AddFlags(cmd)
	o.regulatorOptions.AddFlags(cmd)
}

// begin opens the store, brings f into its terms and returns what it holds in
// sum. The store is the caller's to close where there is no error.
func (o *readingOptions) begin(ctx context.Context, t *terminal, cmd *cobra.Command, f *store.Filter) (_ *store.Store, sum store.Summary, err error) {
	rules, s, err := loadForReading(ctx, &o.storeOptions, &o.ruleOptions)
	if err != nil {
		return nil, sum, err
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if rules, err = o.choose(rules, f); err != nil {
		return nil, sum, err
	}
	if sum, err = summaryOf(ctx, s, rules, *f); err != nil {
		return nil, sum, err
	}
	o.leaveOut(&sum)
	if err = o.checkNames(cmd, namesOf(rules, sum)); err != nil {
		return nil, sum, err
	}
	if *f, err = o.inStore(ctx, s, *f); err != nil {
		return nil, sum, err
	}
	t.warnUnscanned(sum)
	return s, sum, nil
}
