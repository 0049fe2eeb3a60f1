package x

import (
	"strconv"
	"strings"
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
	if s == "" {
		return time.Time{}
	}
	if t, ok := rubyTime(s); ok {
		return plausible(t)
	}
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

// rubyTime reads the form of nearly every date, "Wed Oct 10 20:19:24 +0000
// 2018", as time.Parse does, which takes ten times as long. What it does not
// know it leaves to that.
func rubyTime(s string) (time.Time, bool) {
	if len(s) != len(rubyLayout) || s[3] != ' ' || s[7] != ' ' || s[10] != ' ' || s[13] != ':' || s[16] != ':' || s[19:26] != " +0000 " {
		return time.Time{}, false
	}
	month, weekday := strings.Index(monthNames, s[4:7]), strings.Index(dayNames, s[:3])
	if month < 0 || month%3 != 0 || weekday < 0 || weekday%3 != 0 {
		return time.Time{}, false
	}
	var n [5]int // day, hour, minute, second, year
	for i, f := range [...]string{s[8:10], s[11:13], s[14:16], s[17:19], s[26:30]} {
		for _, c := range []byte(f) {
			if c < '0' || c > '9' {
				return time.Time{}, false
			}
			n[i] = 10*n[i] + int(c-'0')
		}
	}
	t := time.Date(n[4], time.Month(month/3+1), n[0], n[1], n[2], n[3], 0, time.UTC)
	return t, n[0] > 0 && t.Day() == n[0] && n[1] < 24 && n[2] < 60 && n[3] < 60
}

const (
	monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"
	dayNames   = "SunMonTueWedThuFriSat"
)

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
