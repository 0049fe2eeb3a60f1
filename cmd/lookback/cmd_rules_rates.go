package main

import (
	"bufio"

	"lookback/scanner"

	"github.com/spf13/cobra"
)

type ratesOptions struct {
	rulesOptions
	above float64
}

func newRulesRatesCommand(t *terminal) *cobra.Command {
	o := ratesOptions{above: 0.02}
	cmd := &cobra.Command{
		Use:   "rates POSTS.csv...",
		Short: "Say how often each rule speaks on ordinary posts",
		Long: `Rates runs every rule over posts in which there should be nothing to find, and
says how often each applies by itself and how often a finding bears its name.
POSTS is a CSV file with a column text and one of action and label; - is
standard input. All files are counted together.

` + exitCodeHelp,
		Example: example("lookback rules rates ordinary.csv", "lookback rules rates --above 0.1 --json ordinary.csv"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(cmd, "%s takes at least one CSV file of posts", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runRulesRates(t, o, args) },
	}
	o.AddFlags(cmd)
	cmd.Flags().Float64Var(&o.above, "above", o.above, "list only rules that speak on more than so many `percent` of the posts")
	return cmd
}

func runRulesRates(t *terminal, o ratesOptions, paths []string) error {
	_, e, err := o.engine()
	if err != nil {
		return err
	}
	var cases []scanner.Case
	for _, path := range paths {
		set, err := t.readCases(path)
		if err != nil {
			return err
		}
		cases = append(cases, set.Cases...)
	}
	rates := scanner.MeasureRates(e, cases)
	if o.json {
		rates.Rules = orEmpty(rates.Above(o.above / 100))
		return t.json(rates)
	}
	return t.print(func(w *bufio.Writer) {
		_ = rates.WriteMarkdown(w, o.above/100) // the writer keeps its error
	})
}
