package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

// storeOptions choose the store; every command that needs one has them.
type storeOptions struct {
	db string
}

func (o *storeOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.db, "db", "", "the store's `file` (default: in your user's data folder)")
}

func (o *storeOptions) path() (string, error) {
	if o.db != "" {
		return o.db, nil
	}
	home, _ := os.UserHomeDir() // empty is answered by defaultDB
	return defaultDB(runtime.GOOS, os.Getenv, home)
}

// errNoStore comes where a store is only to be read and there is none.
var errNoStore = errors.New("there is no store yet")

// open opens the store; a missing one is made unless it is only to be read.
func (o *storeOptions) open(ctx context.Context, opts ...store.Option) (*store.Store, error) {
	path, err := o.path()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, path, append(opts, store.ReadBy(version), store.Clock(clock))...)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &hintError{fmt.Errorf("%w at %s", errNoStore, path),
			"begin with lookback audit ARCHIVE, or name the right store with --db"}
	}
	return s, err
}

// ruleOptions choose the rules.
type ruleOptions struct {
	dirs    []string
	disable []string
	only    bool
}

func (o *ruleOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.dirs, "rules", nil, "a `folder` with rule packs of your own; may be given more than once")
	cmd.Flags().BoolVar(&o.only, "only", false, "use the rules of --rules and no others, nor the learned classifiers")
	cmd.Flags().StringArrayVar(&o.disable, "disable", nil, "a rule's `id` that is not to be used; may be given more than once")
}

func (o *ruleOptions) load() (*scanner.Rules, error) {
	if o.only && len(o.dirs) == 0 {
		return nil, usageHint("name the folder with your own rule packs with --rules", "--only leaves no rules where there are none of your own")
	}
	return scanner.Load(scanner.LoadOptions{Dirs: o.dirs, Disable: o.disable, Alone: o.only, Learned: !o.only})
}

// engine loads the rules and makes them ready for a scan.
func (o *ruleOptions) engine() (*scanner.Rules, *scanner.Engine, error) {
	rules, err := o.load()
	if err != nil {
		return nil, nil, err
	}
	e, err := scanner.New(rules)
	return rules, e, err
}

// jsonFlag adds --json.
func jsonFlag(cmd *cobra.Command, p *bool) {
	cmd.Flags().BoolVar(p, "json", false, "write JSON for a program to read")
}

// example indents the lines of a command's example.
func example(lines ...string) string { return "  " + strings.Join(lines, "\n  ") }
