package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lookback/store"

	"github.com/spf13/cobra"
)

type dueOptions struct {
	storeOptions
	every string
	json  bool
}

func newDueCommand(t *terminal) *cobra.Command {
	o := dueOptions{}
	cmd := &cobra.Command{
		Use:   "due",
		Short: "Say whether it is time for another audit",
		Long: `Due says when the last audit was and when the next one is due, and ends with
exit code 3 where that time has come, or where there was no audit yet. Let
cron, launchd or the Task Scheduler run it; the README shows how.

` + strings.Replace(exitCodeHelp, "(only with --exit-code)", "(only with --exit-code);\n       for due: an audit is due", 1),
		Example: example("lookback due --every 365d", "lookback due --every 26w || notify-send 'Time to look back'"),
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			every, err := parseEvery(o.every)
			if err != nil {
				return usagef(cmd, "--every %w", err)
			}
			return runDue(cmd.Context(), t, o, every, clock())
		},
	}
	o.storeOptions.AddFlags(cmd)
	cmd.Flags().StringVar(&o.every, "every", "365d", "how often an audit is due: `days` (365d), weeks (26w), months (6m) or years (1y)")
	jsonFlag(cmd, &o.json)
	return cmd
}

// interval is a time between two audits.
type interval struct{ years, months, days int }

func (i interval) after(at time.Time) time.Time { return at.AddDate(i.years, i.months, i.days) }

// parseEvery reads 365d, 26w, 6m or 1y.
func parseEvery(s string) (interval, error) {
	fail := fmt.Errorf("%q is not a time such as 365d, 26w, 6m or 1y", s)
	if len(s) < 2 {
		return interval{}, fail
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || n < 1 || n > 36500 {
		return interval{}, fail
	}
	switch s[len(s)-1] {
	case 'd':
		return interval{days: n}, nil
	case 'w':
		return interval{days: 7 * n}, nil
	case 'm':
		return interval{months: n}, nil
	case 'y':
		return interval{years: n}, nil
	}
	return interval{}, fail
}

// due is what due writes for a program.
type due struct {
	Due  bool   `json:"due"`
	Last string `json:"last,omitempty"`
	Next string `json:"next,omitempty"`
}

func runDue(ctx context.Context, t *terminal, o dueOptions, every interval, now time.Time) error {
	last, err := o.lastAudit(ctx)
	if err != nil {
		return err
	}
	t.warnClock()
	d, text := due{Due: true}, "There was no audit yet. Begin with: lookback audit ARCHIVE"
	if !last.IsZero() {
		next := every.after(last)
		d = due{Due: !now.Before(next), Last: rfc3339(last), Next: rfc3339(next)}
		const day = "2 January 2006"
		text = fmt.Sprintf("The last audit was on %s; the next is due on %s.", last.Local().Format(day), next.Local().Format(day))
		if d.Due {
			text = fmt.Sprintf("An audit is due: the last was on %s, and the next was due on %s. Ask for a fresh archive and say: lookback audit ARCHIVE", last.Local().Format(day), next.Local().Format(day))
		}
	}
	if o.json {
		err = t.json(d)
	} else {
		err = t.read(func(w *bufio.Writer) { fmt.Fprintln(w, text) })
	}
	if err == nil && d.Due {
		err = &exitError{code: exitFindings}
	}
	return err
}

// lastAudit is zero where there is no store either.
func (o *dueOptions) lastAudit(ctx context.Context) (time.Time, error) {
	s, err := o.open(ctx, store.ReadOnly())
	if errors.Is(err, errNoStore) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	at, _, err := s.LastAudit(ctx)
	return at, errors.Join(err, s.Close())
}
