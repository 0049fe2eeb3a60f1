package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lookback/report"
	"lookback/store"

	"github.com/spf13/cobra"
)

type statusOptions struct {
	storeOptions
	ruleOptions
	json bool
}

func (o *statusOptions) AddFlags(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	o.ruleOptions.AddFlags(cmd)
	jsonFlag(cmd, &o.json)
}

func newStatusCommand(t *terminal) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say what is in the store and what could not be read",
		Long: `Status says which archives and accounts are in the store, how many posts of
each platform, year and kind, which years are missing, what was skipped and
why, which rules are in force, and when the posts were last scanned.

` + exitCodeHelp,
		Example: example("lookback status", "lookback status --json | jq .by_year"),
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runStatus(cmd.Context(), t, o) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runStatus(ctx context.Context, t *terminal, o statusOptions) error {
	rules, s, err := loadForReading(ctx, &o.storeOptions, &o.ruleOptions)
	if err != nil {
		return err
	}
	defer s.Close()
	sum, err := summary(ctx, s, rules)
	if err != nil {
		return err
	}
	var skips []store.Skip
	for k, err := range s.Skips(ctx, 0) {
		if err != nil {
			return err
		}
		if skips = append(skips, k); len(skips) >= mostSkips {
			break
		}
	}
	var loose []store.DecisionState
	for d, err := range s.Decisions(ctx) {
		if err != nil {
			return err
		}
		if !d.Matched {
			loose = append(loose, d)
		}
	}
	if o.json {
		st := statusRecord(s, sum, skips)
		st.decisions(sum, loose)
		return t.json(st)
	}
	return t.read(func(w *bufio.Writer) {
		printStatus(w, s, sum, skips, t.width)
		printDecisions(w, sum, loose)
	})
}

// mostSkips is how many unreadable records status names; all are counted.
const mostSkips = 100

// status is what `status --json` writes.
type status struct {
	Store    string          `json:"store"`
	Version  string          `json:"version"`
	Ruleset  string          `json:"ruleset"`
	Rules    string          `json:"rules"`
	LastScan string          `json:"last_scan,omitempty"`
	Posts    int             `json:"posts"`
	Scanned  int             `json:"scanned"`
	Remove   int             `json:"remove"`
	Review   int             `json:"review"`
	Gone     int             `json:"gone"`
	Platform []store.Count   `json:"by_platform"`
	Year     []store.Count   `json:"by_year"`
	Kind     []store.Count   `json:"by_kind"`
	Accounts []statusAccount `json:"accounts"`
	Archives []importRecord  `json:"archives"`
	Skipped  int             `json:"skipped"`
	Skips    []statusSkip    `json:"skips"`

	LastAudit string               `json:"last_audit,omitempty"`
	Decided   map[store.Choice]int `json:"decided"`
	Unmatched []statusDecision     `json:"decisions_without_finding"`
	Allowed   []store.Allowed      `json:"allowed"`
	Silenced  int                  `json:"silenced"`
	Removal   statusRemoval        `json:"removal"`
}

type statusAccount struct {
	Platform string        `json:"platform"`
	Handle   string        `json:"handle,omitempty"`
	Name     string        `json:"name,omitempty"`
	NativeID string        `json:"native_id,omitempty"`
	Posts    int           `json:"posts"`
	First    string        `json:"first,omitempty"`
	Last     string        `json:"last,omitempty"`
	Year     []store.Count `json:"by_year"`
	Gaps     []int         `json:"years_without_posts"`
	// Recommendation is what to do about the account as a whole.
	Recommendation store.Recommendation `json:"recommendation"`
}

type statusSkip struct {
	Archive string `json:"archive"`
	Member  string `json:"member,omitempty"`
	Record  int    `json:"record,omitempty"`
	Reason  string `json:"reason"`
}

func statusRecord(s *store.Store, sum store.Summary, skips []store.Skip) status {
	st := status{
		Store: s.Path(), Version: sum.Version, Ruleset: sum.Ruleset, Rules: sum.RulesetName, LastScan: rfc3339(sum.LastScan),
		Posts: sum.Posts, Scanned: sum.Scanned, Remove: sum.Flagged.Remove, Review: sum.Flagged.Review, Gone: sum.Gone,
		Platform: orEmpty(sum.ByPlatform), Year: orEmpty(sum.ByYear), Kind: orEmpty(sum.ByKind),
		Accounts: []statusAccount{}, Archives: []importRecord{}, Skipped: sum.Skipped, Skips: []statusSkip{},
	}
	for _, a := range sum.Accounts {
		st.Accounts = append(st.Accounts, statusAccount{
			Platform: a.Platform, Handle: a.Handle, Name: a.Name, NativeID: a.NativeID, Posts: a.Posts,
			First: rfc3339(a.First), Last: rfc3339(a.Last), Year: orEmpty(a.ByYear), Gaps: orEmpty(a.Gaps),
			Recommendation: sum.Recommend(&a, sum.Generated),
		})
	}
	for _, a := range sum.Archives {
		st.Archives = append(st.Archives, imported{archive: a, account: accountOf(sum, a.AccountID), known: true}.record())
	}
	for _, k := range skips {
		st.Skips = append(st.Skips, statusSkip{archiveNamed(sum, k.ArchiveID), k.Member, k.Record, k.Reason})
	}
	return st
}

func accountOf(sum store.Summary, id int64) store.Account {
	for _, a := range sum.Accounts {
		if a.ID == id {
			return a.Account
		}
	}
	return store.Account{}
}

func archiveNamed(sum store.Summary, id int64) string {
	for _, a := range sum.Archives {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

func printStatus(w *bufio.Writer, s *store.Store, sum store.Summary, skips []store.Skip, width int) {
	fmt.Fprintf(w, "Store: %s\n", report.SafeLine(s.Path()))
	if len(sum.Archives) == 0 {
		fmt.Fprintln(w, "\nNothing is in it yet. Begin with: lookback audit ARCHIVE")
		return
	}
	fmt.Fprintln(w, "\nArchives")
	for _, a := range sum.Archives {
		printArchive(w, a)
	}
	fmt.Fprintln(w, "\nAccounts")
	for _, a := range sum.Accounts {
		printAccount(w, a)
		if sum.Scanned > 0 {
			fmt.Fprintln(w, indented(report.Recommendation(&sum, &a), width))
		}
	}
	fmt.Fprintf(w, "\nPosts: %s\n", number(sum.Posts))
	printCounts(w, width, "by platform", sum.ByPlatform, func(c store.Count) string {
		return report.PlatformName(c.Label) + " " + number(c.Posts)
	})
	printCounts(w, width, "by kind", sum.ByKind, func(c store.Count) string { return report.KindCount(c.Label, c.Posts) })
	printCounts(w, width, "by year", sum.ByYear, func(c store.Count) string {
		return cmp.Or(report.SafeLine(c.Label), "no date") + " " + number(c.Posts)
	})
	fmt.Fprintf(w, "\nRules: %s %.12s\n", report.SafeLine(sum.RulesetName), sum.Ruleset)
	printScan(w, sum)
	printSkips(w, sum, skips)
}

func printArchive(w *bufio.Writer, a store.Archive) {
	fmt.Fprintf(w, "  %d  %s, %s\n", a.ID, report.SafeLine(a.Name), size(a.Size))
	fmt.Fprintf(w, "     read on %s", a.Imported.Format("2 January 2006"))
	if !a.Generated.IsZero() {
		fmt.Fprintf(w, ", made on %s", a.Generated.Format("2 January 2006"))
	}
	fmt.Fprintf(w, ": %s\n", count(a.Posts, "text", "texts"))
	for _, fact := range []struct {
		yes  bool
		text string
	}{
		{a.Unfinished, "reading it was broken off: import it again to complete it"},
		{a.Incomplete && !a.Unfinished, "part of it could not be read"},
		{a.Partial, "it is only part of the account"},
		{!a.Messages, "private messages were left out"},
		{a.Gone > 0, count(a.Gone, "earlier post", "earlier posts") + " not in it any more"},
	} {
		if fact.yes {
			fmt.Fprintf(w, "     %s\n", fact.text)
		}
	}
	for _, n := range a.Notes {
		fmt.Fprintf(w, "     %s\n", report.SafeLine(n.Text))
	}
}

func printAccount(w *bufio.Writer, a store.AccountSummary) {
	fmt.Fprintf(w, "  %s on %s: %s", accountName(a.Account), report.PlatformName(a.Platform), count(a.Posts, "post", "posts"))
	if !a.First.IsZero() {
		fmt.Fprintf(w, ", %s to %s", a.First.Format("January 2006"), a.Last.Format("January 2006"))
	}
	fmt.Fprintln(w)
	if len(a.Gaps) > 0 {
		var years []string
		for _, y := range a.Gaps {
			years = append(years, strconv.Itoa(y))
		}
		fmt.Fprintf(w, "     no posts at all in %s: is that right?\n", strings.Join(years, ", "))
	}
}

// indented folds a sentence under an account's name.
func indented(s string, width int) string {
	const pad = "     "
	return pad + strings.ReplaceAll(fold(s, width-len(pad), ""), "\n", "\n"+pad)
}

// printCounts writes counts as say puts them, as many as fit on a line.
func printCounts(w *bufio.Writer, width int, title string, counts []store.Count, say func(store.Count) string) {
	if len(counts) == 0 {
		return
	}
	lead := fmt.Sprintf("  %-12s", title)
	used := 0
	for _, c := range counts {
		cell := say(c)
		switch {
		case used == 0:
			fmt.Fprint(w, lead)
			used = len(lead)
		case used+len(cell)+3 > width:
			fmt.Fprintf(w, "\n%14s", "")
			used = 14
		default:
			fmt.Fprint(w, "   ")
			used += 3
		}
		fmt.Fprint(w, cell)
		used += len(cell)
	}
	fmt.Fprintln(w)
}

func printScan(w *bufio.Writer, sum store.Summary) {
	if sum.LastScan.IsZero() {
		fmt.Fprintln(w, "  nothing was scanned with them yet: run lookback scan")
		return
	}
	fmt.Fprintf(w, "  last scanned on %s: %s of %s\n", sum.LastScan.Local().Format("2 January 2006, 15:04"), number(sum.Scanned), count(sum.Posts, "post", "posts"))
	fmt.Fprintf(w, "  flagged: %s to remove, %s to review\n", number(sum.Flagged.Remove), number(sum.Flagged.Review))
	if sum.Gone > 0 {
		fmt.Fprintf(w, "  flagged before, and no longer in the newest archive: %s\n", number(sum.Gone))
	}
}

func printSkips(w *bufio.Writer, sum store.Summary, skips []store.Skip) {
	if sum.Skipped == 0 {
		fmt.Fprintln(w, "\nEverything that was to be read could be read.")
		return
	}
	fmt.Fprintf(w, "\nCould not be read: %s\n", count(sum.Skipped, "record", "records"))
	slices.SortStableFunc(skips, func(a, b store.Skip) int { return strings.Compare(a.Member, b.Member) })
	for _, k := range skips {
		place := report.SafeLine(k.Member)
		if k.Record > 0 {
			place += ", record " + number(k.Record)
		}
		fmt.Fprintf(w, "  %s: %s: %s\n", report.SafeLine(archiveNamed(sum, k.ArchiveID)), place, report.SafeLine(k.Reason))
	}
	if more := sum.Skipped - len(skips); more > 0 {
		fmt.Fprintf(w, "  and %s more\n", number(more))
	}
}
