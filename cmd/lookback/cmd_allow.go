package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lookback/report"
	"lookback/store"

	"github.com/spf13/cobra"
)

type allowOptions struct {
	storeOptions
	why  string
	json bool
}

func newAllowCommand(t *terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "allow",
		Short: "Keep a list of words, people and accounts that are fine",
		Long: `Allow keeps your own list of what is fine. Findings that it silences stay in
the store and are left out of lists and reports, which say how many there are;
--silenced shows them.

  word     a word or a phrase: silences a finding when nothing but allowed
           words is marked in it
  person   a handle or a name: silences what is found in posts to this person,
           by this person, or with the handle or name in them
  account  one of your accounts, as handle or platform:handle: silences all
           that is found in it

` + exitCodeHelp,
		Example: example("lookback allow add word paddy --why \"my brother's name\"", "lookback allow list", "lookback allow remove word paddy"),
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAllowAdd(t), newAllowList(t), newAllowRemove(t))
	return cmd
}

// allowArgs checks KIND VALUE.
func allowArgs(cmd *cobra.Command, args []string) error {
	if len(args) != 2 || !slices.Contains(store.AllowKinds, store.AllowKind(args[0])) {
		return usagef(cmd, "say what it is and which: word, person or account, and then its name")
	}
	return nil
}

func newAllowAdd(t *terminal) *cobra.Command {
	var o allowOptions
	cmd := &cobra.Command{
		Use:     "add word|person|account VALUE",
		Short:   "Put something on the list",
		Long:    "Add puts something on the list, or changes the reason of what is there, and\nsays how many findings it silences.\n\n" + exitCodeHelp,
		Example: example("lookback allow add person @ben_example --why \"my partner, who agreed\"", "lookback allow add account reddit:old_me --why \"all of it is a novel\""),
		Args:    allowArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(o.why) == "" {
				return usageHint("for example --why \"my brother's name\"", "say why it is fine")
			}
			return withStore(cmd.Context(), &o.storeOptions, func(s *store.Store) error {
				return allowAdd(cmd.Context(), t, s, o, store.Allowed{Kind: store.AllowKind(args[0]), Value: args[1], Why: o.why})
			})
		},
	}
	o.storeOptions.AddFlags(cmd)
	cmd.Flags().StringVar(&o.why, "why", "", "the `reason`")
	jsonFlag(cmd, &o.json)
	return cmd
}

func allowAdd(ctx context.Context, t *terminal, s *store.Store, o allowOptions, a store.Allowed) error {
	a, err := s.Allow(ctx, a)
	if err != nil {
		return err
	}
	if o.json {
		return t.json(a)
	}
	return t.read(func(w *bufio.Writer) {
		fmt.Fprintf(w, "Allowed: %s. It silences %s.\n", allowedName(a), count(a.Silences, "finding", "findings"))
	})
}

func allowedName(a store.Allowed) string {
	return "the " + string(a.Kind) + " “" + report.SafeLine(a.Value) + "”"
}

func newAllowList(t *terminal) *cobra.Command {
	var o allowOptions
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "Show the list, and how much each entry silences",
		Long:    "List shows what is allowed, why, and how many findings each entry silences. A\nfinding can be silenced by two entries at once.\n\n" + exitCodeHelp,
		Example: example("lookback allow list", "lookback allow list --json"),
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := o.open(cmd.Context(), store.ReadOnly())
			if err != nil {
				return err
			}
			list, err := s.AllowList(cmd.Context())
			if err = errors.Join(err, s.Close()); err != nil {
				return err
			}
			if o.json {
				return t.json(orEmpty(list))
			}
			return t.read(func(w *bufio.Writer) { printAllowed(w, list) })
		},
	}
	o.storeOptions.AddFlags(cmd)
	jsonFlag(cmd, &o.json)
	return cmd
}

func printAllowed(w *bufio.Writer, list []store.Allowed) {
	if len(list) == 0 {
		fmt.Fprintln(w, "Your allow list is empty. To fill it: lookback allow add word|person|account VALUE --why \"…\"")
		return
	}
	for _, a := range list {
		fmt.Fprintf(w, "%-8s %s: silences %s\n", string(a.Kind), report.SafeLine(a.Value), count(a.Silences, "finding", "findings"))
		fmt.Fprintf(w, "         since %s: %s\n", a.Added.Local().Format("2 January 2006"), report.SafeLine(a.Why))
	}
}

func newAllowRemove(t *terminal) *cobra.Command {
	var o allowOptions
	cmd := &cobra.Command{
		Use:     "remove word|person|account VALUE",
		Short:   "Take something off the list",
		Long:    "Remove takes something off the list, and says how many findings it silenced.\n\n" + exitCodeHelp,
		Example: example("lookback allow remove word paddy"),
		Args:    allowArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd.Context(), &o.storeOptions, func(s *store.Store) error {
				a, err := s.Disallow(cmd.Context(), store.AllowKind(args[0]), args[1])
				if err != nil {
					return err
				}
				if o.json {
					return t.json(a)
				}
				return t.read(func(w *bufio.Writer) {
					fmt.Fprintf(w, "No longer allowed: %s. It silenced %s.\n", allowedName(a), count(a.Silences, "finding", "findings"))
				})
			})
		},
	}
	o.storeOptions.AddFlags(cmd)
	jsonFlag(cmd, &o.json)
	return cmd
}
