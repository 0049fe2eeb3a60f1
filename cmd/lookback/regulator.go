package main

import (
	"errors"
	"strings"

	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

// regulatorOptions choose whose standards findings are shown under. What is
// found, and what is kept in the store, is the same for all of them.
type regulatorOptions struct {
	regulator string
}

func (o *regulatorOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.regulator, "regulator", "hcpc", "show findings under the standards of this `body`: hcpc, nmc, gmc, gdc, gphc, goc or swe")
}

// under returns the rules under the chosen body's standards. An unknown body
// is answered with those that are known.
func (o *regulatorOptions) under(rules *scanner.Rules) (*scanner.Rules, error) {
	name := o.regulator
	if name == "hcpc" {
		name = "" // the default is the body that the rules are written for
	}
	other, err := rules.Under(name)
	if !errors.Is(err, scanner.ErrNoBody) {
		return other, err
	}
	list, listErr := rules.Bodies()
	if listErr != nil {
		return nil, listErr
	}
	var known []string
	for _, b := range list {
		known = append(known, strings.TrimSpace(b.Key+" "+b.Name))
	}
	return nil, usageHint("choose one of: "+strings.Join(known, "; "), "--regulator %w", err)
}

// choose is under, and has a filter count and choose by these standards.
func (o *regulatorOptions) choose(rules *scanner.Rules, flt *store.Filter) (*scanner.Rules, error) {
	other, err := o.under(rules)
	if err == nil && other != rules {
		flt.ByTheme = other.StandardsByTheme()
	}
	return other, err
}
