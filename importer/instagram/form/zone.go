package form

import (
	"strings"
	"time"
)

// alphabet is that of the codes in Instagram's addresses.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// epoch is where the times in codes begin, in milliseconds.
const epoch = 1314220021721

// Made returns when the post at an address was made, by its code. Codes of
// private posts are longer; their first eleven signs are the code.
func Made(url string) (time.Time, bool) {
	m := shortcode.FindStringSubmatch(url)
	if m == nil || len(m[1]) < 10 {
		return time.Time{}, false
	}
	var n uint64
	for _, c := range m[1][:min(len(m[1]), 11)] {
		n = n<<6 | uint64(strings.IndexRune(alphabet, c))
	}
	t := time.UnixMilli(int64(n>>23) + epoch).UTC()
	return t, t.Year() >= 2011 && t.Year() < 2100
}

// Delays counts, by the hour, how much later than a post a like of it is
// dated. Likes soon after the post are the most frequent, and there are none
// before it: the first hour that has many is the offset of the pages' zone.
type Delays struct{ hours map[int]int }

// Add counts one like.
func (d *Delays) Add(delay time.Duration) {
	if d.hours == nil {
		d.hours = map[int]int{}
	}
	if delay > -14*time.Hour && delay < 20*time.Hour {
		d.hours[int((delay+20*time.Hour+2*time.Minute)/time.Hour)-20]++
	}
}

const (
	likesNeeded = 60 // soon after the post
	firstHour   = 12 // of them in the first hour
)

// Zone returns the offset, where the likes leave no doubt about it.
func (d *Delays) Zone() (time.Duration, bool) {
	all := 0
	for _, n := range d.hours {
		all += n
	}
	if all < likesNeeded {
		return 0, false
	}
	for h := -14; h <= 14; h++ {
		n := d.hours[h]
		if n == 0 {
			continue
		}
		return time.Duration(h) * time.Hour, n >= firstHour && n >= d.hours[h+1]
	}
	return 0, false
}
