package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lookback/importer/all"
	"lookback/report"
	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

type rulesOptions struct {
	ruleOptions
	json bool
}

func (o *rulesOptions) AddFlags(cmd *cobra.Command) {
	o.ruleOptions.AddFlags(cmd)
	jsonFlag(cmd, &o.json)
}

func newRulesCommand(t *terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, show, test and measure the rules",
		Long: `Rules lists and shows what lookback looks for, runs the examples that every
rule carries, and measures the rules on labelled posts. CONTRIBUTING.md in the
source explains how to write a pack of your own, for --rules.

Rules whose id ends in .learned are not written down: each stands for what the
learned classifiers find of its theme. --disable switches one of them off, as
any other rule.

` + exitCodeHelp,
		Example: example("lookback rules list", "lookback rules show privacy.case.just-now-age"),
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRulesListCommand(t), newRulesShowCommand(t), newRulesTestCommand(t), newRulesEvalCommand(t), newRulesRatesCommand(t))
	return cmd
}

func newRulesListCommand(t *terminal) *cobra.Command {
	var o rulesOptions
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the rules in force",
		Long:    "List names every rule in force, under the theme that it belongs to, with what\nit recommends and its confidence. That of the learned classifiers differs from\npost to post.\n\n" + exitCodeHelp,
		Example: example("lookback rules list", "lookback rules list --rules my-rules --json"),
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return runRulesList(t, o) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runRulesList(t *terminal, o rulesOptions) error {
	rules, err := o.load()
	if err != nil {
		return err
	}
	list := rules.Rules()
	return t.list(o.json, func(w *bufio.Writer) {
		if o.json {
			for i := range list {
				putLine(w, ruleRecord(&list[i]))
			}
			return
		}
		for _, th := range rules.Themes() {
			printTheme(w, th, list)
		}
		learned, together := 0, 0
		for i := range list {
			if list[i].Learned() {
				learned++
			}
			if list[i].Together() {
				together++
			}
		}
		fmt.Fprintf(w, "%s in force: %s %.12s\n", count(len(list)-learned-together, "rule", "rules"), rules.Name(), rules.Hash())
		if learned > 0 {
			fmt.Fprintf(w, "%s beside them have learned classifiers (ids ending in .learned).\n", count(learned, "theme", "themes"))
		}
		if together > 0 {
			fmt.Fprintf(w, "%s look at several posts together (ids ending in .series and .answer).\n", count(together, "rule", "rules"))
		}
	})
}

func printTheme(w *bufio.Writer, th scanner.Theme, list []scanner.Rule) {
	first := true
	for i := range list {
		r := &list[i]
		if r.Theme != th.ID {
			continue
		}
		if first {
			fmt.Fprintf(w, "%s  %s (standard %s)\n", th.ID, th.Title, strings.Join(th.Standards, ", "))
			first = false
		}
		if r.Learned() {
			fmt.Fprintf(w, "  %-11s  %s\n", "as scored", r.ID)
			continue
		}
		if r.Together() {
			fmt.Fprintf(w, "  %-11s  %s\n", r.Action, r.ID)
			continue
		}
		fmt.Fprintf(w, "  %-6s %.2f  %s\n", r.Action, r.Confidence, r.ID)
	}
	if !first {
		fmt.Fprintln(w)
	}
}

// ruleJSON is one rule for programs.
type ruleJSON struct {
	ID         string   `json:"id"`
	Theme      string   `json:"theme"`
	Standards  []string `json:"standards"`
	Action     string   `json:"action"`
	Confidence float64  `json:"confidence"`
	Why        string   `json:"why"`
	Advice     string   `json:"advice"`
	Kinds      []string `json:"kinds,omitempty"`
	NotKinds   []string `json:"not_kinds,omitempty"`
	Audience   []string `json:"audience,omitempty"`
	Author     string   `json:"author,omitempty"`
	WordsOf    string   `json:"words_of,omitempty"`
	Learned    bool     `json:"learned,omitempty"`  // action and confidence are set post by post
	Together   bool     `json:"together,omitempty"` // looks at several posts
	Pack       string   `json:"pack"`
	File       string   `json:"file,omitempty"`
	Line       int      `json:"line,omitempty"`
	Match      []string `json:"match"`
	Not        []string `json:"not"`
}

func ruleRecord(r *scanner.Rule) ruleJSON {
	return ruleJSON{
		ID: r.ID, Theme: r.Theme, Standards: r.Standards, Action: string(r.Action), Confidence: r.Confidence, Why: r.Why, Advice: r.Advice,
		Kinds: asStrings(r.Kinds), NotKinds: asStrings(r.NotKinds), Audience: asStrings(r.Audience), Author: r.Author,
		WordsOf: r.WordsOf, Learned: r.Learned(), Together: r.Together(), Pack: r.Pack, File: r.File, Line: r.Line, Match: texts(r.Match), Not: texts(r.Not),
	}
}

func asStrings[T ~string](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

func texts(list []scanner.Example) []string {
	out := []string{}
	for _, e := range list {
		out = append(out, e.Text)
	}
	return out
}

func newRulesShowCommand(t *terminal) *cobra.Command {
	var o rulesOptions
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show one rule, or all of a theme",
		Long:    "Show explains one rule, or every rule of a theme, with its examples.\n\n" + exitCodeHelp,
		Example: example("lookback rules show privacy.case", "lookback rules show privacy.case.just-now-age --json"),
		Args:    oneArg("the id of a rule or theme"),
		RunE:    func(_ *cobra.Command, args []string) error { return runRulesShow(t, o, args[0]) },
	}
	o.AddFlags(cmd)
	return cmd
}

// oneArg insists on exactly one argument.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef(cmd, "%s takes one argument, %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

func runRulesShow(t *terminal, o rulesOptions, id string) error {
	rules, err := o.load()
	if err != nil {
		return err
	}
	var found []scanner.Rule
	for _, r := range rules.Rules() {
		if r.ID == id || r.Theme == id {
			found = append(found, r)
		}
	}
	th := rules.Theme(id)
	if len(found) == 0 && th == nil {
		return &hintError{fmt.Errorf("there is no rule or theme %q", id), "lookback rules list names them"}
	}
	return t.list(o.json, func(w *bufio.Writer) {
		for i := range found {
			if o.json {
				putLine(w, ruleRecord(&found[i]))
				continue
			}
			t.printRule(w, rules, &found[i])
		}
		if th != nil && len(found) == 0 && !o.json {
			fmt.Fprintf(w, "%s  %s\nNo rule of this theme is in force.\n", th.ID, th.Title)
		}
	})
}

func (t *terminal) printRule(w *bufio.Writer, rules *scanner.Rules, r *scanner.Rule) {
	field := func(name, text string) {
		if text != "" {
			text = fold(report.SafeLine(text), t.width-14, "")
			fmt.Fprintf(w, "  %-12s%s\n", name, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 14)))
		}
	}
	fmt.Fprintln(w, r.ID)
	if th := rules.Theme(r.Theme); th != nil {
		field("Theme", th.ID+", "+th.Title)
		field("Meaning", th.Definition)
	}
	for _, s := range rules.Standards() {
		for _, n := range r.Standards {
			if s.Number == n {
				field("Standard", s.Number+" "+s.Title)
			}
		}
	}
	if !r.Learned() && !r.Together() {
		field("Action", fmt.Sprintf("%s, confidence %.2f", r.Action, r.Confidence))
	}
	field("Why", r.Why)
	field("Advice", r.Advice)
	field("Only in", strings.Join(asStrings(r.Kinds), ", "))
	field("Not in", strings.Join(asStrings(r.NotKinds), ", "))
	field("Audience", strings.Join(asStrings(r.Audience), ", "))
	field("Author", r.Author)
	field("Words of", r.WordsOf)
	if r.Learned() {
		field("Action", "remove or review, with a confidence, as the classifiers score each post")
		field("How", learnedNote)
		field("Switch off", "--disable "+r.ID)
		fmt.Fprintln(w)
		return
	}
	if r.Together() {
		field("Action", string(r.Action)+" at most, with a confidence that rests on what the posts are alone")
		field("How", togetherNote)
		field("Switch off", "--disable "+r.ID)
		fmt.Fprintln(w)
		return
	}
	field("From", fmt.Sprintf("%s:%d", r.File, r.Line))
	for _, e := range r.Match {
		field("Matches", e.Text)
	}
	for _, e := range r.Not {
		field("Does not", e.Text)
	}
	fmt.Fprintln(w)
}

// learnedNote says what stands behind a rule of the learned classifiers.
const learnedNote = "Learned from labelled examples instead of written down: it weighs the words of the whole post, and what the written rules found, and marks " +
	"the words that counted most. The weights are part of this program, ask no network and give the same answer every time. It errs more often than a " +
	"written rule: read the post yourself."

// togetherNote says what stands behind a rule about several posts.
const togetherNote = "Found after the scan by looking at flagged posts together: several against one person within three months, or a short " +
	"approving answer to words that are flagged themselves. Nothing is guessed about posts that the archive does not hold."

func newRulesTestCommand(t *terminal) *cobra.Command {
	var o rulesOptions
	cmd := &cobra.Command{
		Use:     "test",
		Short:   "Run the examples that every rule carries",
		Long:    "Test runs the examples that every rule carries: those that it must match and\nthose that it must not. It ends with exit code 1 where one goes wrong.\n\n" + exitCodeHelp,
		Example: example("lookback rules test", "lookback rules test --rules my-rules"),
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return runRulesTest(t, o) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runRulesTest(t *terminal, o rulesOptions) error {
	rules, err := o.load()
	if err != nil {
		return err
	}
	failures, err := rules.Check()
	if err != nil {
		return err
	}
	examples := 0
	for _, r := range rules.Rules() {
		examples += len(r.Match) + len(r.Not)
	}
	err = t.list(o.json, func(w *bufio.Writer) {
		for _, f := range failures {
			if o.json {
				putLine(w, map[string]any{"rule": f.Rule, "file": f.File, "line": f.Line, "text": f.Text, "matched": f.Matched})
				continue
			}
			fmt.Fprintln(w, report.SafeLine(f.String()))
		}
		if o.json {
			return
		}
		verdict := "all as they should be"
		if len(failures) > 0 {
			verdict = number(len(failures)) + " not as they should be"
		}
		fmt.Fprintf(w, "%s of %s: %s.\n", count(examples, "example", "examples"), count(len(rules.Rules()), "rule", "rules"), verdict)
	})
	if err == nil && len(failures) > 0 {
		err = &exitError{code: exitFailed}
	}
	return err
}

type evalOptions struct {
	rulesOptions
	heldBack bool
	whole    []string
	short    bool
	mistakes int
}

func newRulesEvalCommand(t *terminal) *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval CASES.csv...",
		Short: "Measure the rules on labelled posts",
		Long: `Eval measures the rules on labelled posts: recall, recall with the right
standard, the share of harmless posts flagged, F1 and pairs told apart, by
theme and by functionality. CASES is a CSV file with the columns id, kind,
text, standards, action, theme, functionality and pair; - is standard input.
With --held-back only the fifth of the cases counts that no rule and no model
was made from, chosen by a hash of the pair or the id.

"right" is recall with the right standard, "flagd" the share of harmless posts
flagged and "as rem" that for removal, "pairs" the share of pairs of a breach
and its harmless twin that were told apart. AUC is the area under the ROC curve
of the chance that each post is given, found or not. The last table says how
often findings of each confidence are right: near the confidence, if it can be
trusted. A file with the columns text and label instead is counted by label, and
hate against all the rest.

` + exitCodeHelp,
		Example: example("lookback rules eval cases.csv", "lookback rules eval --disable respect.profanity --json cases.csv"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args)+len(o.whole) == 0 {
				return usagef(cmd, "%s takes at least one CSV file of labelled posts", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runRulesEval(t, o, args) },
	}
	o.AddFlags(cmd)
	cmd.Flags().IntVar(&o.mistakes, "mistakes", 0, "print so many of the worst false alarms and misses, with their texts")
	cmd.Flags().BoolVar(&o.heldBack, "held-back", false, "count only the fifth of the cases that is held back")
	cmd.Flags().StringArrayVar(&o.whole, "whole", nil, "a file, or a pattern of files, to count whole beside those held back; can be repeated")
	cmd.Flags().BoolVar(&o.short, "short", false, "print one line for each file, without themes and kinds")
	return cmd
}

func runRulesEval(t *terminal, o evalOptions, paths []string) error {
	_, e, err := o.engine()
	if err != nil {
		return err
	}
	var sets []scanner.CaseSet
	for _, pattern := range o.whole {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			return &hintError{fmt.Errorf("no labelled posts match %s", pattern), "check the spelling of the file's name"}
		}
		for _, path := range files {
			set, err := t.readCases(path)
			if err != nil {
				return err
			}
			sets = append(sets, set)
		}
	}
	for _, path := range paths {
		set, err := t.readCases(path)
		if err != nil {
			return err
		}
		if o.heldBack {
			set = set.HeldBack()
			set.Name += " (held back)"
		}
		sets = append(sets, set)
	}
	rep := scanner.Eval(e, sets)
	if o.json {
		return t.json(rep)
	}
	write := rep.WriteText
	if o.short {
		write = rep.WriteShort
	}
	if err := write(t.out); err != nil {
		return err
	}
	if o.mistakes > 0 {
		return rep.WriteMistakes(t.out, o.mistakes)
	}
	return nil
}

// readCases reads one file of labelled posts; - is standard input.
func (t *terminal) readCases(path string) (scanner.CaseSet, error) {
	if path == "-" {
		return scanner.ReadCases("standard input", t.in)
	}
	f, err := os.Open(path)
	if err != nil {
		return scanner.CaseSet{}, &hintError{fmt.Errorf("opening the labelled posts: %w", err), "check the spelling of the file's name"}
	}
	defer f.Close()
	return scanner.ReadCases(filepath.Base(path), f)
}

// namesOf lists what filters can be set to: what the rules know, and the
// platforms that can be read or were.
func namesOf(rules *scanner.Rules, sum store.Summary) knownNames {
	var k knownNames
	for _, s := range rules.Standards() {
		k.standards = append(k.standards, s.Number)
	}
	for _, th := range rules.Themes() {
		k.themes = append(k.themes, th.ID)
	}
	for _, r := range rules.Rules() {
		k.rules = append(k.rules, r.ID)
	}
	for _, imp := range all.List {
		k.platforms = append(k.platforms, imp.Name())
	}
	for _, c := range sum.ByPlatform {
		k.platforms = append(k.platforms, c.Label)
	}
	slices.Sort(k.platforms)
	k.platforms = slices.Compact(k.platforms)
	return k
}
