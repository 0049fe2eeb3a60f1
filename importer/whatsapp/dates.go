package whatsapp

import (
	"time"

	"lookback/importer/intake"
)

// order says which number of a date is which.
type order int

const (
	dayFirst order = iota
	monthFirst
	yearFirst
)

func (o order) words() string {
	if o == monthFirst {
		return "month first"
	}
	return "day first"
}

// orderer gathers what a chat shows of the order of its dates. Every line of
// the file counts: a short chat may show nothing.
type orderer struct {
	dates        int
	year         int // dates that begin with the year
	first12      int // dates whose first number is no month
	second12     int
	prev         [3]int
	fell         [2]int // within one year, how often each number went down
	changed      [2]int
	slash, shout int
}

func (o *orderer) add(h header) {
	if h.digits[0] > 2 || h.han || h.num[0] > 31 {
		o.year++
		o.dates++
		return
	}
	a, b, year := h.num[0], h.num[1], h.num[2]
	if a > 12 {
		o.first12++
	}
	if b > 12 {
		o.second12++
	}
	if o.dates > 0 && o.prev[2] == year {
		for i, n := range []int{a, b} {
			if n < o.prev[i] {
				o.fell[i]++
			}
			if n != o.prev[i] {
				o.changed[i]++
			}
		}
	}
	if h.slash {
		o.slash++
	}
	if h.shouted && h.digits[2] == 2 {
		o.shout++
	}
	o.prev = [3]int{a, b, year}
	o.dates++
}

// decide returns the order. unsure means that nothing but habit speaks for
// it.
func (o *orderer) decide() (_ order, unsure bool) {
	switch {
	case o.year > o.dates/2:
		return yearFirst, false
	case o.first12 != o.second12:
		return pick(o.first12, o.second12), false
	case o.fell[0] != o.fell[1]: // the month never goes down within a year
		return pick(o.fell[0], o.fell[1]), false
	case o.changed[0] != o.changed[1]:
		return pick(o.changed[0], o.changed[1]), o.slash > 0
	case o.slash == 0:
		return dayFirst, false
	case o.shout > o.dates/2:
		return monthFirst, true
	}
	return dayFirst, true
}

func pick(first, second int) order {
	if first > second {
		return dayFirst
	}
	return monthFirst
}

// time returns when a message was sent, by the phone's clock read as UTC;
// zero for a date that there is not.
func (o order) time(h header) time.Time {
	var y, m, d int
	switch {
	case h.digits[0] > 2 || h.han || o == yearFirst:
		y, m, d = h.num[0], h.num[1], h.num[2]
	case o == monthFirst:
		m, d, y = h.num[0], h.num[1], h.num[2]
	default:
		d, m, y = h.num[0], h.num[1], h.num[2]
	}
	if m > 12 && d <= 12 {
		m, d = d, m // a line of another order, as a pasted chat has
	}
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return time.Time{}
	}
	hour := h.hour
	switch {
	case h.half == "pm" && hour < 12:
		hour += 12
	case h.half == "am" && hour == 12:
		hour = 0
	}
	switch {
	case y < 100:
		y += 2000
	case y >= 2500 && y < 2600: // Buddhist
		y -= 543
	case y >= 1380 && y < 1480: // Persian
		y, m, d = fromPersian(y, m, d)
	}
	t := time.Date(y, time.Month(m), d, hour, h.minute, h.second, 0, time.UTC)
	if t.Month() != time.Month(m) && hour < 24 {
		return time.Time{}
	}
	return intake.Plausible(t)
}

// fromPersian turns a date of the solar Hijri calendar into one of ours.
func fromPersian(y, m, d int) (int, int, int) {
	t := time.Date(2021, 3, 21, 0, 0, 0, 0, time.UTC).AddDate(0, 0, persianDay(y, m, d)-persianDay(1400, 1, 1))
	return t.Year(), int(t.Month()), t.Day()
}

// persianDay counts the days of that calendar by its cycle of 33 years.
func persianDay(y, m, d int) int {
	y += 1595
	days := 365*y + y/33*8 + (y%33+3)/4 + d
	if m < 7 {
		return days + (m-1)*31
	}
	return days + (m-7)*30 + 186
}
