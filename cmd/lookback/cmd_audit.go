package main

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"

	"lookback/report"
	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

type auditOptions struct {
	importOptions
	scanOptions
	regulatorOptions
	out      string
	bom      bool
	exitCode bool
	second   *judging
}

func (o *auditOptions) AddFlags(cmd *cobra.Command) {
	o.importOptions.addReading(cmd)
	o.scanOptions.addScanning(cmd)
	o.regulatorOptions.AddFlags(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "the `folder` to write the reports to (default \""+reportFolder+"\")")
	cmd.Flags().BoolVar(&o.bom, "bom", false, "begin the CSV with the mark that Excel needs to read accents and emoji")
	jsonFlag(cmd, &o.scanOptions.json)
	exitCodeFlag(cmd, &o.exitCode)
}

func newAuditCommand(t *terminal) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit ARCHIVE...",
		Short: "Read archives, look at every post, and write the reports",
		Long: `Audit does everything: it reads the archives, looks at every post, says what
it found, and writes report.html, findings.csv and findings.jsonl into the
folder ` + reportFolder + `.

An archive is the file that the platform gave you, as it is, or the folder
that it was unpacked to. It is only ever read, nothing is posted or deleted,
and nothing leaves this computer. A flag is a reason to look, not a verdict.

Where posts were audited before, only those are looked at that are new or
that a change of the rules touches, and the reports begin with what changed
since then.

With --live an account is read from the platform's own servers instead, as far
as they show it. Nothing else but a judge opens a network connection.

` + judgeHelp + `

` + exitCodeHelp,
		Example: example(
			"lookback audit twitter-2026-11-01-abc123.zip",
			"lookback audit --messages --out ~/Documents/audit ~/Downloads/*.zip",
			"lookback audit --disable respect.profanity twitter-2026-11-01-abc123.zip"),
		Args: archivesNeeded,
		RunE: func(cmd *cobra.Command, args []string) error { return runAudit(cmd.Context(), t, o, args) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runAudit(ctx context.Context, t *terminal, o auditOptions, paths []string) error {
	if err := o.importOptions.checkLive(); err != nil {
		return err
	}
	rules, e, err := o.engine() // before the long part
	if err != nil {
		return err
	}
	if _, err := o.under(rules); err != nil {
		return err
	}
	if o.second, err = o.scanOptions.judge.start(rules); err != nil {
		return err
	}
	s, err := o.importOptions.open(ctx)
	if err != nil {
		return err
	}
	err = auditInto(ctx, t, s, rules, e, o, paths)
	return errors.Join(err, s.Close())
}

func auditInto(ctx context.Context, t *terminal, s *store.Store, rules *scanner.Rules, e *scanner.Engine, o auditOptions, paths []string) error {
	in := intake{t: t, s: s, o: o.importOptions}
	if err := in.all(ctx, paths); err != nil {
		return err
	}
	outcome := in.outcome(nil)
	var ec *exitError
	if errors.As(outcome, &ec) && ec.code == exitFailed {
		return outcome // not one archive could be read: there is nothing to report
	}
	before, _, err := s.LastRuleset(ctx)
	if err != nil {
		return err
	}
	changes := in.changes()
	changes.NewRules = before != "" && before != rules.Hash()
	if changes.Scanned, err = scanStore(ctx, t, s, rules, e, &o.scanOptions); err != nil {
		return err
	}
	if _, err := s.PutAudit(ctx, changes); err != nil {
		return err
	}
	opinions, err := o.second.store(ctx, t, s, e)
	if err != nil {
		return err
	}
	t.sayOpinions(opinions)
	flt := store.Filter{Judged: true, Open: true}
	if rules, err = o.choose(rules, &flt); err != nil {
		return err
	}
	sum, err := summaryOf(ctx, s, rules, flt)
	if err != nil {
		return err
	}
	saved, err := writeReports(ctx, s, sum, flt, o.out, o.bom)
	if err != nil {
		return err
	}
	if !o.scanOptions.json {
		in.sayKnown()
	}
	if err := o.show(ctx, t, s, sum, flt, in, saved); err != nil {
		return err
	}
	if outcome = cmp.Or(outcome, opinions.outcome()); outcome != nil {
		return outcome
	}
	return foundCode(o.exitCode, sum)
}

// changes adds up what the archives brought.
func (in *intake) changes() store.Changes {
	var c store.Changes
	for _, d := range in.done {
		if d.err == nil && !d.known {
			c.Added, c.Updated = c.Added+d.archive.Added, c.Updated+d.archive.Updated
		}
	}
	return c
}

// sayKnown names the archives in which nothing was new: without that, a second
// audit looks just like the first.
func (in *intake) sayKnown() {
	for _, d := range in.done {
		if d.known || d.err == nil && d.archive.Posts > 0 && d.archive.Added+d.archive.Updated+d.archive.Gone == 0 {
			in.t.say("Nothing is new in %s.", report.SafeLine(d.archive.Name))
		}
	}
}

// show writes the summary, for a person or for a program.
func (o auditOptions) show(ctx context.Context, t *terminal, s *store.Store, sum store.Summary, flt store.Filter, in intake, saved []string) error {
	if o.scanOptions.json {
		records := make([]importRecord, 0, len(in.done))
		for _, d := range in.done {
			records = append(records, d.record())
		}
		files := make([]string, 0, len(saved))
		for _, p := range saved {
			if abs, err := filepath.Abs(p); err == nil {
				p = abs
			}
			files = append(files, p)
		}
		return t.json(struct {
			Archives []importRecord `json:"archives"`
			Posts    int            `json:"posts"`
			Scanned  int            `json:"scanned"`
			Remove   int            `json:"remove"`
			Review   int            `json:"review"`
			Standard []store.Tally  `json:"by_standard"`
			Year     []store.Tally  `json:"by_year"`
			Ruleset  string         `json:"ruleset"`
			Reports  []string       `json:"reports"`
			Changes  *store.Changes `json:"changes,omitempty"`
		}{records, sum.Posts, sum.Scanned, sum.Flagged.Remove, sum.Flagged.Review, orEmpty(sum.Standard), orEmpty(sum.Year), sum.Ruleset, files, sum.Changes})
	}
	w, err := report.New(report.FormatText, report.Options{Color: t.color, Width: t.width, Saved: saved})
	if err != nil {
		return err
	}
	return w.Write(t.out, sum, s.Findings(ctx, flt))
}

// orEmpty makes JSON say [] where there is nothing, not null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
