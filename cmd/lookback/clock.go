package main

import "time"

// clock tells the time; a test sets another.
var clock = time.Now

// firstYear is before any time at which this program can run: a clock that
// tells an earlier one has lost it, as those without a battery do.
const firstYear = 2025

// warnClock says so where the clock cannot be right. Nothing ends for that: the
// posts' own dates are in the archive.
func (t *terminal) warnClock() {
	if now := clock(); now.Year() < firstYear {
		t.say("Note: this computer's clock says %s. The dates of your posts are right all the same, but not the day of this audit, from which lookback due counts: set the clock and audit again.",
			now.Format("2 January 2006"))
	}
}
