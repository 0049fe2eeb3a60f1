package main

import (
	"context"
	"runtime"

	"lookback/scanner"

	"github.com/spf13/cobra"
)

type checkOptions struct {
	ruleOptions
	regulatorOptions
	judge   judgeOptions
	workers int
}

func (o *checkOptions) AddFlags(cmd *cobra.Command) {
	o.ruleOptions.AddFlags(cmd)
	o.regulatorOptions.AddFlags(cmd)
	workersFlag(cmd, &o.workers)
	o.judge.AddFlags(cmd)
}

func newCheckCommand(t *terminal) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Judge posts from standard input, one JSON object a line",
		Long: `Check reads posts as JSON Lines and writes one line for each, in the same
order, as soon as it can. It keeps nothing and needs no store, so it can run
in GNU parallel, in Spark's pipe or in any batch engine.

In:   {"id":"1","kind":"post","text":"..."}
      with, if known, "created_at" (RFC 3339), "audience" and "bio".
      Kinds: post, reply, repost, quote, like, dm, bio, alt, comment.
Out:  {"id":"1","action":"remove|review|none","findings":[{"rule":"...",
      "theme":"privacy.case","standards":["5.1","2.12"],"action":"...",
      "confidence":0.9,"spans":[{"start":0,"end":12}],"why":"..."}]}
      Spans count bytes of the UTF-8 text.

A line that cannot be read gets an error line with its number, the rest goes
on, and the exit code at the end is 4.

` + judgeHelp + `
Here its opinion is the line's last member: "judge":{"model":"...",
"action":"...","theme":"...","confidence":0.9,"spans":[...],"why":"..."}, or
"judge":{"error":"..."} where it gave none.

` + exitCodeHelp,
		Example: example(
			`echo '{"id":"1","kind":"post","text":"What a lovely day"}' | lookback check`,
			"parallel --pipepart --block 50M -k lookback check --workers 1 :::: posts.jsonl"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCheck(cmd.Context(), t, o) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runCheck(ctx context.Context, t *terminal, o checkOptions) error {
	rules, err := o.load()
	if err != nil {
		return err
	}
	if rules, err = o.under(rules); err != nil {
		return err
	}
	e, err := scanner.New(rules)
	if err != nil {
		return err
	}
	second, err := o.judge.start(rules)
	if err != nil {
		return err
	}
	if o.workers < 1 {
		o.workers = runtime.GOMAXPROCS(0)
	}
	if t.inTTY() {
		t.say("Reading posts from the keyboard, one JSON object a line; Ctrl-D ends.")
	}
	var bad int
	var outcome error
	if second != nil {
		bad, outcome, err = second.check(ctx, t, e)
	} else {
		bad, err = scanner.Check(ctx, e, newInterruptible(ctx, t.in), t.out, o.workers)
	}
	if err != nil {
		return err
	}
	if bad > 0 {
		t.say("%s could not be read.", count(bad, "line", "lines"))
		return &exitError{code: exitUnread}
	}
	return outcome
}
