package main

import (
	"context"

	"lookback/report"

	"github.com/spf13/cobra"
)

type listOptions struct {
	readingOptions
	json     bool
	exitCode bool
}

func (o *listOptions) AddFlags(cmd *cobra.Command) {
	o.readingOptions.AddFlags(cmd)
	jsonFlag(cmd, &o.json)
	exitCodeFlag(cmd, &o.exitCode)
}

func newListCommand(t *terminal) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show flagged posts on the terminal",
		Long: `List shows flagged posts, the most serious first. Values of one filter are
alternatives, different filters add up.

` + exitCodeHelp,
		Example: example(
			"lookback list --action remove",
			"lookback list --standard 5.1 --since 2019 --until 2021-06",
			"lookback list --text 'ward night*' --json"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), t, o, cmd) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runList(ctx context.Context, t *terminal, o listOptions, cmd *cobra.Command) error {
	f, err := o.filter(cmd)
	if err != nil {
		return err
	}
	s, sum, err := o.begin(ctx, t, cmd, &f)
	if err != nil {
		return err
	}
	defer s.Close()
	format := report.FormatText
	if o.json {
		format = report.FormatJSONL
	}
	w, err := report.New(format, report.Options{Color: t.color, Width: t.width, List: true})
	if err != nil {
		return err
	}
	if err := w.Write(t.out, sum, s.Findings(ctx, f)); err != nil {
		return err
	}
	return foundCode(o.exitCode, sum)
}
