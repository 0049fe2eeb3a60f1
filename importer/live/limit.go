//go:build !nonetwork

package live

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lookback/importer"
)

const (
	maxWaits = 5         // for one answer
	maxWait  = time.Hour // at once; the platforms' windows are of 5 and 15 minutes
	minWait  = time.Second
)

// Headers that tell of a limit: of X, Mastodon and Bluesky.
var (
	resetHeaders     = []string{"X-Rate-Limit-Reset", "X-RateLimit-Reset", "RateLimit-Reset"}
	remainingHeaders = []string{"X-Rate-Limit-Remaining", "X-RateLimit-Remaining", "RateLimit-Remaining"}
)

// resetTime is when requests are allowed again: seconds since 1970 on X and
// Bluesky, a date on Mastodon, a number of seconds on some others. Zero where
// the headers do not say.
func resetTime(h http.Header, now time.Time) time.Time {
	for _, name := range resetHeaders {
		s := h.Get(name)
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 {
			if n < 1e9 {
				return now.Add(time.Duration(n) * time.Second)
			}
			return time.Unix(n, 0)
		}
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	}
	return retryAfter(h, now)
}

// retryAfter reads the header Retry-After; zero without one.
func retryAfter(h http.Header, now time.Time) time.Time {
	s := h.Get("Retry-After")
	if n, err := strconv.ParseInt(s, 10, 32); err == nil && n >= 0 {
		return now.Add(time.Duration(n) * time.Second)
	}
	if t, err := http.ParseTime(s); err == nil {
		return t
	}
	return time.Time{}
}

// limited notes when to ask again after a refusal for too many requests.
func (w *web) limited(q request, a answer, waits int) error {
	now := w.now()
	until := resetTime(a.header, now)
	if until.IsZero() {
		until = now.Add(time.Minute << (waits - 1))
	}
	if until.Sub(now) > maxWait {
		return &importer.HintError{Err: fmt.Errorf("%s allows no more requests until %s", q.service, until.Local().Format("2 January 2006 15:04")),
			Hint: "run the same command again after that"}
	}
	if until.Sub(now) < minWait {
		until = now.Add(minWait)
	}
	w.keep(q.host, until)
	return nil
}

// remember notes when the answer was the last one for a while.
func (w *web) remember(q request, a answer) {
	for _, name := range remainingHeaders {
		if a.header.Get(name) != "0" {
			continue
		}
		if until := resetTime(a.header, w.now()); until.Sub(w.now()) <= maxWait {
			w.keep(q.host, until)
		}
	}
}

func (w *web) keep(host string, until time.Time) {
	if w.until == nil {
		w.until = map[string]time.Time{}
	}
	w.until[host] = until
}

// hold waits until the server allows a request.
func (w *web) hold(ctx context.Context, q request) error {
	until, ok := w.until[q.host]
	if !ok {
		return nil
	}
	delete(w.until, q.host)
	d := until.Sub(w.now())
	if d <= 0 {
		return nil
	}
	if w.wait != nil {
		w.wait(q.service, until)
		defer w.wait(q.service, time.Time{})
	}
	return w.sleep(ctx, d)
}
