package importer

import (
	"strings"
	"time"

	"lookback/importer/pattern"
)

// Names that platforms give their exports often hold the day of making:
// twitter-2026-11-01-abc123.zip, takeout-20261028T101500Z-001.zip,
// archive-20261026101500-7e6f.tar.gz.
var (
	dashedDay = pattern.New(`(?:^|[^0-9])(20[0-9]{2}-[0-9]{2}-[0-9]{2})(?:[^0-9]|$)`)
	plainDay  = pattern.New(`(?:^|[^0-9])(20[0-9]{6})(?:T?[0-9]{6})?(?:[^0-9]|$)`)
)

// namedDay is the day in an archive's name, if there is exactly one that can be
// right: not before the newest post in it and not after now. A clock that is behind the
// newest post has lost the time, and bounds nothing.
func namedDay(name string, newest, now time.Time) (day time.Time, ok bool) {
	if now.Before(newest) {
		now = newest.AddDate(100, 0, 0)
	}
	for _, form := range []struct {
		re     *pattern.Pattern
		layout string
	}{{dashedDay, time.DateOnly}, {plainDay, "20060102"}} {
		for _, m := range form.re.FindAllStringSubmatch(strings.ReplaceAll(name, "_", " "), -1) {
			d, err := time.Parse(form.layout, m[1])
			if err != nil || d.AddDate(0, 0, 2).Before(newest) || d.After(now.AddDate(0, 0, 1)) {
				continue
			}
			if ok && !d.Equal(day) {
				return time.Time{}, false // from one day to another: a range, perhaps
			}
			day, ok = d, true
		}
	}
	return day, ok
}
