package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"

	"lookback/report"
	"lookback/store"

	"github.com/spf13/cobra"
)

type forgetOptions struct {
	storeOptions
	account    string
	archive    string
	everything bool
	yes        bool
	json       bool
}

func (o *forgetOptions) AddFlags(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	cmd.Flags().StringVar(&o.account, "account", "", "the `account` to forget, by handle, name or number; x:handle where two platforms share it")
	cmd.Flags().StringVar(&o.archive, "archive", "", "the `archive` to forget, by its name or number as lookback status shows it")
	cmd.Flags().BoolVar(&o.everything, "everything", false, "forget all that is in the store")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "do not ask first")
	jsonFlag(cmd, &o.json)
}

func newForgetCommand(t *terminal) *cobra.Command {
	var o forgetOptions
	cmd := &cobra.Command{
		Use:   "forget",
		Short: "Remove an account, an archive or everything from the store",
		Long: `Forget removes an account, an archive or everything from the store, wipes the
place where it lay and makes the file small again. Archives, reports and what
you posted are not touched: delete reports yourself.

` + exitCodeHelp,
		Example: example("lookback forget --account x:morgan_tiverley", "lookback forget --archive twitter-2026-11-01-abc123.zip", "lookback forget --everything --yes"),
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runForget(cmd.Context(), t, o, cmd) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runForget(ctx context.Context, t *terminal, o forgetOptions, cmd *cobra.Command) error {
	if n := btoi(o.account != "") + btoi(o.archive != "") + btoi(o.everything); n != 1 {
		return usagef(cmd, "say what to forget: one of --account, --archive or --everything")
	}
	// Read-only first: forgetting must not make a store where there is none.
	ro, err := o.open(ctx, store.ReadOnly())
	if err != nil {
		return err
	}
	what, name, err := o.target(ctx, ro)
	if cerr := ro.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if !o.yes {
		if err := t.confirm(ctx, "Forget "+name+"? What was decided about it is forgotten too. Type yes: ", "forgotten", "yes"); err != nil {
			return err
		}
	}
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	res, err := s.Forget(ctx, what)
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	if o.json {
		return t.json(map[string]int{
			"accounts": res.Accounts, "archives": res.Archives, "posts": res.Posts,
			"findings": res.Findings, "decisions": res.Decisions, "kept": res.Kept,
		})
	}
	return t.read(func(w *bufio.Writer) { printForgotten(w, name, res) })
}

func printForgotten(w *bufio.Writer, name string, res store.ForgetResult) {
	fmt.Fprintf(w, "Forgotten: %s (%s, %s).\n", name, count(res.Posts, "post", "posts"), count(res.Findings, "finding", "findings"))
	if res.Decisions > 0 {
		fmt.Fprintf(w, "%s went with it.\n", count(res.Decisions, "decision", "decisions"))
	}
	if res.Kept > 0 {
		fmt.Fprintf(w, "%s kept, because another archive has them too.\n", count(res.Kept, "post was", "posts were"))
	}
	fmt.Fprintln(w, "Reports that were written before are not touched; delete them yourself.")
}

// target finds what the flags name.
func (o forgetOptions) target(ctx context.Context, s *store.Store) (store.ForgetWhat, string, error) {
	switch {
	case o.everything:
		return store.ForgetWhat{Everything: true}, "everything", nil
	case o.account != "":
		a, err := findAccount(ctx, s, o.account)
		return store.ForgetWhat{AccountID: a.ID}, accountName(a), err
	}
	list, err := s.Archives(ctx)
	if err != nil {
		return store.ForgetWhat{}, "", err
	}
	var found []store.Archive
	for _, a := range list {
		if strconv.FormatInt(a.ID, 10) == o.archive {
			found = []store.Archive{a}
			break
		}
		if a.Name == o.archive {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return store.ForgetWhat{ArchiveID: found[0].ID}, report.SafeLine(found[0].Name), nil
	case 0:
		return store.ForgetWhat{}, "", &hintError{fmt.Errorf("no archive is called %q", o.archive), "lookback status lists the archives"}
	}
	return store.ForgetWhat{}, "", &hintError{fmt.Errorf("%d archives are called %q", len(found), o.archive), "give the number that lookback status shows"}
}

// findAccount finds the one account that is called so.
func findAccount(ctx context.Context, s *store.Store, name string) (store.Account, error) {
	list, err := s.Accounts(ctx)
	if err != nil {
		return store.Account{}, err
	}
	var found []store.Account
	for _, a := range list {
		if sameAccount(name, a) && accountName(a) != accountName(store.Account{}) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return store.Account{}, &hintError{fmt.Errorf("no account is called %q", name), "lookback status lists the accounts"}
	}
	return store.Account{}, &hintError{fmt.Errorf("%d accounts are called %q", len(found), name), "put the platform in front, for example x:" + name}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
