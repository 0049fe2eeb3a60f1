package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lookback/report"
	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

type decideOptions struct {
	storeOptions
	ruleOptions
	filterOptions
	regulatorOptions
	remove, keep, notIssue, done, takeBack bool
	why, note, from                        string
	undo, yes, json                        bool
}

func (o *decideOptions) AddFlags(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	o.ruleOptions.AddFlags(cmd)
	o.filterOptions.AddFlags(cmd)
	o.regulatorOptions.AddFlags(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.remove, "remove", false, "the post is to be removed")
	f.BoolVar(&o.keep, "keep", false, "the post stays, for the reason that --why gives")
	f.BoolVar(&o.notIssue, "not-an-issue", false, "a false alarm")
	f.BoolVar(&o.done, "done", false, "the post was removed, or whatever else was to be done")
	f.BoolVar(&o.takeBack, "take-back", false, "undecided again")
	f.StringVar(&o.why, "why", "", "the `reason`; to keep a post, there must be one")
	f.StringVar(&o.note, "note", "", "a `note` for yourself")
	f.StringVar(&o.from, "from", "", "read decisions from this `file`, findings.csv with its last columns filled in; - is standard input")
	f.BoolVar(&o.undo, "undo", false, "take back what the last decide changed; again for the one before")
	f.BoolVar(&o.yes, "yes", false, "do not ask before deciding by a filter")
	jsonFlag(cmd, &o.json)
}

func newDecideCommand(t *terminal) *cobra.Command {
	var o decideOptions
	cmd := &cobra.Command{
		Use:   "decide [ID...]",
		Short: "Say what becomes of a finding: remove, keep, not an issue, done",
		Long: `Decide keeps what you decided about findings. Nothing is removed from any
platform: you do that, and lookback report --format checklist helps.

Name findings by their ids, as list and the reports show them behind a #; the
first few letters do where they are not short for another. Or choose them by
the filters that list and report have: then it says first what would be
touched, and asks. A filter leaves alone what was decided before, unless
--decided is given. Removing takes a post as a whole, so --remove and --done
also decide about what else was found in it.

Or fill in the columns decision, reason and note of findings.csv in a
spreadsheet, save it, and read it back with --from. An empty decision changes
nothing; the word undecided takes one back. One row that cannot be read, and
nothing at all is changed.

A decision stands for these words in this post: changed words, or a new rule
that finds others, bring the post back.

` + exitCodeHelp,
		Example: example(
			"lookback decide k3v2 --keep --why \"a public talk, nobody named\"",
			"lookback decide k3v2 m7qa --remove",
			"lookback decide --theme respect.profanity --until 2015 --not-an-issue",
			"lookback decide --from lookback-report/findings.csv",
			"lookback decide --undo"),
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runDecide(cmd.Context(), t, o, cmd, args) },
	}
	o.AddFlags(cmd)
	return cmd
}

// choice is the one that the flags name.
func (o *decideOptions) choice(cmd *cobra.Command) (store.Choice, error) {
	var found []store.Choice
	for _, c := range []struct {
		set    bool
		choice store.Choice
	}{{o.remove, store.ChoiceRemove}, {o.keep, store.ChoiceKeep}, {o.notIssue, store.ChoiceNotIssue}, {o.done, store.ChoiceDone}, {o.takeBack, ""}} {
		if c.set {
			found = append(found, c.choice)
		}
	}
	if len(found) != 1 {
		return "", usagef(cmd, "say what you decided: one of --remove, --keep, --not-an-issue, --done or --take-back")
	}
	if found[0] == store.ChoiceKeep && strings.TrimSpace(o.why) == "" {
		return "", usageHint("for example --why \"a public talk, nobody named\"", "to keep a post, say why")
	}
	return found[0], nil
}

func runDecide(ctx context.Context, t *terminal, o decideOptions, cmd *cobra.Command, ids []string) error {
	ways := btoi(len(ids) > 0) + btoi(o.filterOptions.any()) + btoi(o.from != "") + btoi(o.undo)
	if ways != 1 {
		return usagef(cmd, "say what to decide about: ids, or filters, or --from, or --undo")
	}
	if o.undo || o.from != "" {
		if o.remove || o.keep || o.notIssue || o.done || o.takeBack || o.why != "" || o.note != "" {
			return usagef(cmd, "--undo and --from take no decision beside them")
		}
		return withStore(ctx, &o.storeOptions, func(s *store.Store) error {
			if o.undo {
				return undoDecision(ctx, t, s, o.json)
			}
			return decideFrom(ctx, t, s, o)
		})
	}
	choice, err := o.choice(cmd)
	if err != nil {
		return err
	}
	flt, err := o.filter(cmd)
	if err != nil {
		return err
	}
	rules, err := o.load()
	if err != nil {
		return err
	}
	return withStore(ctx, &o.storeOptions, func(s *store.Store) error {
		if len(ids) > 0 {
			return decideIDs(ctx, t, s, o, ids, choice)
		}
		return decideFiltered(ctx, t, s, rules, o, cmd, flt, choice)
	})
}

// withStore opens a store that must be there, to write to it.
func withStore(ctx context.Context, so *storeOptions, f func(s *store.Store) error) error {
	ro, err := so.open(ctx, store.ReadOnly()) // must not make one
	if err != nil {
		return err
	}
	if err := ro.Close(); err != nil {
		return err
	}
	s, err := so.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Close())
}

// goesWhole says that a decision is about a post and not about some words in
// it.
func goesWhole(c store.Choice) bool { return c == store.ChoiceRemove || c == store.ChoiceDone }

func decideIDs(ctx context.Context, t *terminal, s *store.Store, o decideOptions, ids []string, choice store.Choice) error {
	named, err := s.TargetList(ctx, ids)
	if err != nil {
		return err
	}
	list := named
	if goesWhole(choice) {
		if list, err = wholePosts(ctx, s, named, choice); err != nil {
			return err
		}
	}
	return decideAbout(ctx, t, s, o, list, choice, len(list)-len(named))
}

// wholePosts adds what else was found in the posts and is not decided, or, for
// a post that is gone, was to be removed.
func wholePosts(ctx context.Context, s *store.Store, named []store.Target, choice store.Choice) ([]store.Target, error) {
	list := named
	seen := map[string]bool{}
	for _, x := range named {
		seen[x.UID] = true
	}
	for _, x := range named {
		more, err := s.Targets(ctx, store.Filter{AccountID: x.AccountID, PostKey: x.PostKey, IncludeGone: true}, true)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			if !seen[m.UID] && (m.Choice == "" || m.Choice == store.ChoiceRemove && choice == store.ChoiceDone) {
				seen[m.UID] = true
				list = append(list, m)
			}
		}
	}
	return list, nil
}

// decideAbout stores one choice about a list; also is how many of it were not
// named.
func decideAbout(ctx context.Context, t *terminal, s *store.Store, o decideOptions, list []store.Target, choice store.Choice, also int) error {
	var ds []store.Decision
	for _, x := range list {
		ds = append(ds, x.With(choice, o.why, o.note))
	}
	c, err := s.Decide(ctx, ds)
	if err != nil {
		return err
	}
	if o.json {
		return t.json(decided{c.Decided, c.Unchanged, store.CountTargets(list).Posts})
	}
	return t.read(func(w *bufio.Writer) {
		fmt.Fprintf(w, "%s in %s: %s.\n", count(c.Decided+c.Unchanged, "finding", "findings"), count(store.CountTargets(list).Posts, "post", "posts"), choiceWord(choice))
		if also > 0 {
			fmt.Fprintf(w, "%s not named: a post goes as a whole.\n", count(also, "of them was", "of them were"))
		}
		sayUnchanged(w, c)
	})
}

// decided is what decide writes for a program.
type decided struct {
	Decided   int `json:"decided"`
	Unchanged int `json:"unchanged"`
	Posts     int `json:"posts,omitempty"`
}

func choiceWord(c store.Choice) string {
	if c == "" {
		return "undecided again"
	}
	return report.ChoiceName(c)
}

func sayUnchanged(w *bufio.Writer, c store.Change) {
	if c.Unchanged > 0 {
		fmt.Fprintf(w, "%s so already.\n", count(c.Unchanged, "of them was", "of them were"))
	}
	if c.Decided > 0 {
		fmt.Fprintln(w, "To take that back: lookback decide --undo")
	}
}

func decideFiltered(ctx context.Context, t *terminal, s *store.Store, rules *scanner.Rules, o decideOptions, cmd *cobra.Command, flt store.Filter, choice store.Choice) error {
	rules, err := o.choose(rules, &flt)
	if err != nil {
		return err
	}
	sum, err := summary(ctx, s, rules)
	if err != nil {
		return err
	}
	if err := o.checkNames(cmd, namesOf(rules, sum)); err != nil {
		return err
	}
	if flt, err = o.inStore(ctx, s, flt); err != nil {
		return err
	}
	flt.Open = false // what was decided is counted below
	all, err := s.Targets(ctx, flt, goesWhole(choice))
	if err != nil {
		return err
	}
	var list []store.Target
	for _, x := range all {
		if x.Choice == "" || o.decided || len(o.decisions) > 0 || choice == "" {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return &hintError{errors.New("these filters choose nothing that is left to decide"), "see what they choose with lookback list and the same filters, and --decided"}
	}
	if !o.json || !o.yes {
		if err := t.read(func(w *bufio.Writer) { printPreview(w, t.width, sum, list, len(all)-len(list)) }); err != nil {
			return err
		}
	}
	if !o.yes {
		if err := t.confirm(ctx, fmt.Sprintf("%s: %s? [y/N] ", count(len(list), "finding", "findings"), choiceWord(choice)), "decided", "y", "yes"); err != nil {
			return err
		}
	}
	return decideAbout(ctx, t, s, o, list, choice, 0)
}

// printPreview says what a decision by a filter would touch.
func printPreview(w *bufio.Writer, width int, sum store.Summary, list []store.Target, left int) {
	c := store.CountTargets(list)
	fmt.Fprintf(w, "This touches %s in %s.\n", count(c.Findings, "finding", "findings"), count(c.Posts, "post", "posts"))
	label := func(name func(string) string) func(store.Count) string {
		return func(c store.Count) string { return name(c.Label) + ": " + number(c.Posts) }
	}
	printCounts(w, width, "standard", c.Standard, label(func(s string) string { return s }))
	printCounts(w, width, "theme", c.Theme, label(func(s string) string { return s }))
	printCounts(w, width, "platform", c.Platform, label(report.PlatformName))
	if len(c.Choice) > 1 || c.Choice[0].Label != "" {
		printCounts(w, width, "so far", c.Choice, label(func(s string) string {
			if s == "" {
				return "undecided"
			}
			return report.ChoiceName(store.Choice(s))
		}))
	}
	if left > 0 {
		fmt.Fprintf(w, "%s decided before and left as it is; --decided takes it in.\n", count(left, "finding was", "findings were"))
	}
}

func undoDecision(ctx context.Context, t *terminal, s *store.Store, json bool) error {
	c, err := s.Undo(ctx)
	if err != nil {
		return err
	}
	if json {
		return t.json(map[string]int{"undone": c.Decided})
	}
	return t.read(func(w *bufio.Writer) {
		fmt.Fprintf(w, "Undone: %s of %s.\n", count(c.Decided, "decision", "decisions"), c.Made.Local().Format("2 January 2006, 15:04"))
	})
}

// decideFrom reads decisions back from a spreadsheet: all of them, or none.
func decideFrom(ctx context.Context, t *terminal, s *store.Store, o decideOptions) error {
	name := "standard input"
	rows, bad, err := func() ([]report.SheetRow, []*report.RowError, error) {
		if o.from == "-" {
			return report.ReadSheet(newInterruptible(ctx, t.in))
		}
		name = filepath.Base(o.from)
		f, err := os.Open(o.from)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		return report.ReadSheet(f)
	}()
	if errors.Is(err, report.ErrNotAList) {
		return &hintError{fmt.Errorf("reading %s: %w", name, err), "it must be the findings.csv that lookback wrote, or lookback report --format csv, saved as CSV"}
	}
	if errors.Is(err, report.ErrSheetTooLarge) {
		return &hintError{fmt.Errorf("reading %s: %w", name, err), "keep only the columns finding_id, decision, reason and note, and the rows you decided"}
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	sheet, err := newSheet(ctx, s)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := sheet.take(ctx, r); err != nil {
			bad = append(bad, &report.RowError{Row: r.Row, ID: r.ID, Err: err})
		}
	}
	if len(bad) > 0 {
		return t.badRows(name, bad)
	}
	c, err := s.Decide(ctx, sheet.decisions())
	if err != nil {
		return err
	}
	c.Unchanged += sheet.unchanged
	if o.json {
		return t.json(struct {
			decided
			Empty int `json:"empty"`
		}{decided{Decided: c.Decided, Unchanged: c.Unchanged}, sheet.empty})
	}
	return t.read(func(w *bufio.Writer) { sheet.print(w, name, c) })
}

// badRows names every row that cannot be read, in order.
func (t *terminal) badRows(name string, bad []*report.RowError) error {
	slices.SortFunc(bad, func(a, b *report.RowError) int { return cmp.Compare(a.Row, b.Row) })
	for _, b := range bad {
		what, _ := splitHint(b)
		t.say("%s", what)
	}
	return &hintError{fmt.Errorf("%s of %s cannot be read, so nothing was changed", count(len(bad), "row", "rows"), name), "put them right in the spreadsheet and try again"}
}

// sheet turns rows into decisions.
type sheet struct {
	s                *store.Store
	targets          map[string]store.Target
	wanted           map[string]store.Decision // by finding
	rows             map[string]int
	order            []string
	unchanged, empty int
}

func newSheet(ctx context.Context, s *store.Store) (*sheet, error) {
	list, err := s.Targets(ctx, store.Filter{IncludeGone: true, IncludeSilenced: true, Actions: []store.Action{store.ActionRemove, store.ActionReview, store.ActionNone}}, true)
	if err != nil {
		return nil, err
	}
	sh := &sheet{s: s, targets: make(map[string]store.Target, len(list)), wanted: map[string]store.Decision{}, rows: map[string]int{}}
	for _, x := range list {
		sh.targets[x.UID] = x
	}
	return sh, nil
}

func (sh *sheet) take(ctx context.Context, r report.SheetRow) error {
	x, ok := sh.targets[r.ID]
	if !ok {
		var err error
		if x, err = sh.s.Target(ctx, r.ID); err != nil {
			if errors.Is(err, store.ErrAmbiguous) {
				return errors.New("the id is short for more than one finding")
			}
			return errors.New("no finding has this id any more")
		}
	}
	if r.Choice == "" {
		sh.empty++
		return nil
	}
	d := x.With(store.Choice(r.Choice), cellOr(r.Reason, x.Reason), cellOr(r.Note, x.Note))
	if r.Choice == report.Undecided {
		d = x.With("", "", "")
	}
	if err := d.Check(); err != nil {
		return err
	}
	if d.Choice == x.Choice && d.Reason == x.Reason && d.Note == x.Note {
		sh.unchanged++
		return nil
	}
	if old, ok := sh.wanted[x.UID]; ok && old != d {
		return fmt.Errorf("row %d decides otherwise about the same finding", sh.rows[x.UID])
	} else if !ok {
		sh.order = append(sh.order, x.UID)
	}
	sh.wanted[x.UID], sh.rows[x.UID] = d, r.Row
	return nil
}

// cellOr is what stands in a cell, or what is stored where nobody touched it.
func cellOr(cell *string, stored string) string {
	if cell == nil || *cell == report.SheetCell(stored) {
		return stored
	}
	return *cell
}

func (sh *sheet) decisions() []store.Decision {
	list := make([]store.Decision, 0, len(sh.order))
	for _, uid := range sh.order {
		list = append(list, sh.wanted[uid])
	}
	return list
}

func (sh *sheet) print(w *bufio.Writer, name string, c store.Change) {
	n := map[store.Choice]int{}
	for _, d := range sh.wanted {
		n[d.Choice]++
	}
	var parts []string
	for _, ch := range append(store.Choices[:len(store.Choices):len(store.Choices)], "") {
		if n[ch] > 0 {
			parts = append(parts, number(n[ch])+" "+choiceWord(ch))
		}
	}
	fmt.Fprintf(w, "%s from %s: %s.\n", count(c.Decided, "decision", "decisions"), report.SafeLine(name), cmp.Or(strings.Join(parts, ", "), "nothing new"))
	fmt.Fprintf(w, "%s as before, %s without a decision.\n", count(c.Unchanged, "row", "rows"), count(sh.empty, "row", "rows"))
	if c.Decided > 0 {
		fmt.Fprintln(w, "To take that back: lookback decide --undo")
	}
}
