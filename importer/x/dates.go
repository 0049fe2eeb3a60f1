package x

import (
	"strconv"
	"time"

	"lookback/store"
)

const (
	// firstSnowflake is the first id that holds the time of its post.
	firstSnowflake = 29700859247
	epoch          = 1288834974657 // milliseconds of id 0
	rubyLayout     = "Mon Jan 02 15:04:05 -0700 2006"
	classicLayout  = "2006-01-02 15:04:05 -0700"
)

// idTime is the time that an id holds: zero for the counted ids before
// November 2010 and for numbers that are no ids.
func idTime(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 63)
	if err != nil || n < firstSnowflake {
		return time.Time{}
	}
	t := time.UnixMilli(int64(n>>22) + epoch).UTC()
	if t.Year() >= 2100 {
		return time.Time{}
	}
	return t
}

// parseTime reads every way in which the archives of all years write a time.
func parseTime(s string) time.Time {
	for _, layout := range []string{rubyLayout, time.RFC3339, classicLayout, time.DateOnly} {
		if len(s) > 10 && (s[0] >= 'A') != (layout == rubyLayout) {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t.UTC())
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case n < 1e11: // seconds
		return plausible(time.Unix(n, 0).UTC())
	}
	return plausible(time.UnixMilli(n).UTC())
}

// plausible drops the dates that stand for "none".
func plausible(t time.Time) time.Time {
	if t.Year() <= 1970 || t.Year() >= 2100 {
		return time.Time{}
	}
	return t
}

// postTime settles when a post was made. Some archives hold dates that are
// years off; an id since November 2010 cannot be.
func postTime(id, created string, classic bool) (t time.Time, p store.Precision, repaired bool) {
	t = parseTime(created)
	byID := idTime(id)
	if !byID.IsZero() && (t.IsZero() || t.Sub(byID).Abs() > time.Minute) {
		return byID.Truncate(time.Second), store.PrecisionSecond, true
	}
	switch {
	case t.IsZero():
		return t, store.PrecisionNone, false
	case classic && byID.IsZero() && t.Equal(t.Truncate(24*time.Hour)):
		return t, store.PrecisionDay, false // late classic archives lost the hour
	}
	return t, store.PrecisionSecond, false
}
