package main

import (
	"context"
	"errors"
	"os"

	"lookback/report/review"
	"lookback/store"

	"github.com/spf13/cobra"
)

func newReviewCommand(t *terminal) *cobra.Command {
	var o readingOptions
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Decide about one post at a time, in the terminal",
		Long: `Review shows one flagged post at a time, with the words marked, why, the
standard in plain words and what to do, and takes a decision with one key:

  r  remove            k  keep, which asks for the reason
  n  not an issue      d  done
  s  skip              u  undo
  tab  keep and not an issue are about one finding, or all of the post
  g  decide about posts with the same words too
  t  show the thread before and after, as far as the archive has it
  f  filter            ?  help            q  quit

Nothing is removed from any platform: you do that, and
lookback report --format checklist helps. What you decided is kept at once, so
you can stop at any post and go on another day. lookback serve shows the same
on a page in your browser.

` + exitCodeHelp,
		Example: example("lookback review", "lookback review --action remove", "lookback review --standard 5.1 --since 2019"),
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runReview(cmd.Context(), t, o, cmd) },
	}
	o.AddFlags(cmd)
	return cmd
}

// errNoScreen comes where a review has no terminal to be shown on.
var errNoScreen = errors.New("a review needs a terminal, to show posts on and to take keys from")

func runReview(ctx context.Context, t *terminal, o readingOptions, cmd *cobra.Command) error {
	flt, err := o.filter(cmd)
	if err != nil {
		return err
	}
	flt.Judged = false    // a judge's flag alone is nothing to decide about
	flt.Open = false      // what is settled counts as done
	flt.Undecided = false // the review passes over what is decided
	rules, err := o.load()
	if err != nil {
		return err
	}
	if rules, err = o.choose(rules, &flt); err != nil {
		return err
	}
	if !t.inTTY() || !t.outTTY || os.Getenv("TERM") == "dumb" {
		return &hintError{errNoScreen, "run it in a terminal window, or use lookback serve for a page in the browser, or lookback list and lookback decide"}
	}
	return withStore(ctx, &o.storeOptions, func(s *store.Store) error {
		sum, err := summaryOf(ctx, s, rules, flt)
		if err != nil {
			return err
		}
		known := namesOf(rules, sum)
		if err := o.checkNames(cmd, known); err != nil {
			return err
		}
		if flt, err = o.inStore(ctx, s, flt); err != nil {
			return err
		}
		t.warnUnscanned(sum)
		end, err := review.Run(ctx, review.Options{
			Reader: s, Decider: s, Summary: sum, Filter: flt, Color: t.color, All: o.decided || len(o.decisions) > 0,
			Names: review.Names{Standards: known.standards, Themes: known.themes, Platforms: known.platforms},
		}, t.in, t.out)
		if err != nil {
			return err
		}
		t.say("%s made in this review; %s left to decide about.", count(end.Changes, "decision", "decisions"), count(end.Left, "post is", "posts are"))
		return nil
	})
}
