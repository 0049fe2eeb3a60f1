package main

import (
	"bufio"
	"context"
	"fmt"
	"runtime"

	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

type scanOptions struct {
	storeOptions
	ruleOptions
	judge   judgeOptions
	workers int
	json    bool
}

func (o *scanOptions) AddFlags(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	o.addScanning(cmd)
	jsonFlag(cmd, &o.json)
}

// addScanning adds the flags that audit has too.
func (o *scanOptions) addScanning(cmd *cobra.Command) {
	o.ruleOptions.AddFlags(cmd)
	workersFlag(cmd, &o.workers)
	o.judge.AddFlags(cmd)
}

func workersFlag(cmd *cobra.Command, p *int) {
	cmd.Flags().IntVar(p, "workers", 0, "how many processors to use (default: all)")
}

func newScanCommand(t *terminal) *cobra.Command {
	var o scanOptions
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "Look at the posts in the store with the rules",
		Long: `Scan looks at every post in the store that was not yet looked at with the
rules in force. Stopped half-way, it goes on where it was. After a change of
the rules it looks again only where the change matters.

` + judgeHelp + `

` + exitCodeHelp,
		Example: example("lookback scan", "lookback scan --rules my-rules --disable respect.profanity",
			"lookback scan --judge http://localhost:11434/v1 --judge-model llama3.2"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runScan(cmd.Context(), t, o) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runScan(ctx context.Context, t *terminal, o scanOptions) error {
	rules, e, err := o.engine()
	if err != nil {
		return err
	}
	second, err := o.judge.start(rules)
	if err != nil {
		return err
	}
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	n, err := scanStore(ctx, t, s, rules, e, &o)
	if err != nil {
		return err
	}
	opinions, err := second.store(ctx, t, s, e)
	if err != nil {
		return err
	}
	sum, err := summary(ctx, s, rules)
	if err != nil {
		return err
	}
	t.sayOpinions(opinions)
	if err := o.show(t, n, sum, opinions); err != nil {
		return err
	}
	return opinions.outcome()
}

// show says what a scan came to, for a person or for a program.
func (o *scanOptions) show(t *terminal, n int, sum store.Summary, opinions *opinionCounts) error {
	if o.json {
		return t.json(struct {
			Scanned int            `json:"scanned"`
			Posts   int            `json:"posts"`
			Remove  int            `json:"remove"`
			Review  int            `json:"review"`
			Ruleset string         `json:"ruleset"`
			Judge   *opinionCounts `json:"judge,omitempty"`
		}{n, sum.Posts, sum.Flagged.Remove, sum.Flagged.Review, sum.Ruleset, opinions})
	}
	return t.read(func(w *bufio.Writer) {
		switch {
		case sum.Posts == 0:
			fmt.Fprintln(w, "There are no posts in the store yet. Begin with: lookback import ARCHIVE")
		case n == 0:
			fmt.Fprintf(w, "All %s were scanned with these rules before.\n", count(sum.Posts, "post", "posts"))
		default:
			fmt.Fprintf(w, "%s scanned.\n", count(n, "post", "posts"))
		}
		if sum.Posts > 0 {
			fmt.Fprintf(w, "Flagged in all: %s to remove, %s to review. See them with: lookback list\n",
				number(sum.Flagged.Remove), number(sum.Flagged.Review))
		}
	})
}

// scanStore scans what was not yet scanned and says how many posts that was.
func scanStore(ctx context.Context, t *terminal, s *store.Store, rules *scanner.Rules, e *scanner.Engine, o *scanOptions) (n int, err error) {
	if err := carryOver(ctx, s, rules); err != nil {
		return 0, err
	}
	if err := keepManifest(ctx, s, rules); err != nil {
		return 0, err
	}
	if n, err = s.CountUnscanned(ctx, rules.Hash()); err != nil {
		return 0, err
	}
	workers := o.workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	if n, err = scanPosts(ctx, t, s, e, workers, n); err != nil {
		return n, err
	}
	return n, scanner.Settle(ctx, e, s)
}

// scanPosts shows how far it is where there are posts to scan.
func scanPosts(ctx context.Context, t *terminal, s *store.Store, e *scanner.Engine, workers, n int) (_ int, err error) {
	if n == 0 {
		return 0, scanner.Run(ctx, e, s, s, workers, nil)
	}
	b := t.newBar("Scanning", false)
	defer func() { b.finish(err) }()
	m := &counting{Meter: b}
	err = scanner.Run(ctx, e, s, s, workers, m)
	return m.n, err
}

// counting is a Meter that knows how many posts were looked at.
type counting struct {
	scanner.Meter
	n int
}

func (c *counting) Add(n int64) {
	c.n += int(n)
	c.Meter.Add(n)
}

// carryOver spares most of a scan where rules were only taken out since the
// last one: posts in which nothing was found need no second look.
func carryOver(ctx context.Context, s *store.Store, rules *scanner.Rules) error {
	hash, manifest, err := s.LastRuleset(ctx)
	if err != nil || hash == "" || len(manifest) == 0 {
		return err
	}
	old, err := scanner.DecodeManifest(manifest)
	if err != nil {
		return nil // written by another version: everything is scanned again
	}
	if rules.Compare(old).All {
		return nil
	}
	return s.CarryOver(ctx, hash, rules.Hash())
}

// keepManifest notes in the store which rules are in force now.
func keepManifest(ctx context.Context, s *store.Store, rules *scanner.Rules) error {
	manifest, err := rules.Manifest().Encode()
	if err != nil {
		return err
	}
	return s.PutRuleset(ctx, rules.Hash(), manifest)
}

// summary is what reports say first: the store's counts, with the names that
// the rules give to standards and themes. Its findings are those of the rules
// that scanned last, whichever those were, and of them those that are open:
// summaryOf counts others.
func summary(ctx context.Context, s *store.Store, rules *scanner.Rules) (store.Summary, error) {
	return summaryOf(ctx, s, rules, store.Filter{Open: true})
}

// summaryOf is summary of what flt asks for with Open and IncludeSilenced.
func summaryOf(ctx context.Context, s *store.Store, rules *scanner.Rules, flt store.Filter) (store.Summary, error) {
	hash, _, err := s.LastRuleset(ctx)
	if err != nil {
		return store.Summary{}, err
	}
	if hash == "" {
		hash = rules.Hash()
	}
	sum, err := s.SummaryFor(ctx, hash, flt)
	if err != nil {
		return sum, err
	}
	sum.Version, sum.Generated = version, clock()
	sum.Regulator, sum.Body = rules.Regulator(), rules.Body()
	sum.RulesetName = rules.Name()
	sum.Standards = rules.Standards()
	for _, th := range rules.Themes() {
		sum.Themes = append(sum.Themes, store.Theme{ID: th.ID, Title: th.Title})
	}
	return sum, nil
}
