//go:build !nonetwork

package live

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lookback/importer"
)

// Bounds of one request.
const (
	maxPage     = 16 << 20 // bytes of an answer with posts
	maxSmall    = 1 << 20  // bytes of an answer about an account
	pageTimeout = 2 * time.Minute
	maxTries    = 4
	maxHops     = 3
	userAgent   = "lookback (reads a person's own posts; nothing is written)"
)

// Reasons why there is no answer, in place of the system's words: those can
// hold what a server sent.
var (
	errTooLarge   = errors.New("the answer is larger than any honest one")
	errSlow       = errors.New("the server took too long")
	errCut        = errors.New("the connection broke off in the middle of the answer")
	errNoServer   = errors.New("there is no server of this name")
	errIdentity   = errors.New("the server could not prove that it is the one")
	errConnection = errors.New("the connection failed")
)

// redirectError is a redirection that is not followed.
type redirectError struct{ host string }

func (e *redirectError) Error() string {
	if e.host == "" {
		return "the server sends to another address, which is not followed"
	}
	return "the server sends to another one, " + e.host + ", which is not followed"
}

// web asks servers.
type web struct {
	client *http.Client
	base   func(host string) string // what the addresses of a server begin with
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	wait   func(service string, until time.Time)

	until    map[string]time.Time // by host: no request is allowed before
	received int64
}

func newWeb() *web {
	return &web{
		client: newClient(newTransport()),
		base:   func(host string) string { return "https://" + host },
		now:    time.Now,
		sleep:  sleep,
	}
}

// newClient follows redirections on one server only, and keeps no cookies.
func newClient(t http.RoundTripper) *http.Client {
	return &http.Client{Transport: t, CheckRedirect: func(req *http.Request, via []*http.Request) error {
		first := via[0].URL
		if len(via) > maxHops || req.URL.Scheme != first.Scheme || req.URL.Host != first.Host || req.URL.User != nil {
			host, err := hostName(req.URL.Hostname())
			if err != nil || host == first.Hostname() {
				host = ""
			}
			return &redirectError{host}
		}
		return nil
	}}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// A request is one question, always with GET.
type request struct {
	service string // for people: "X", or the server's name
	host    string
	path    string
	query   url.Values
	bearer  string // empty for none
	accept  string // empty for JSON
	max     int64
	timeout time.Duration // 0 for pageTimeout
}

// An answer is what a server said, in full.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks until there is an answer that asking again would not better: it
// waits where the server allows no more requests, and tries again where the
// server or the network fails.
func (w *web) get(ctx context.Context, q request) (answer, error) {
	waits := 0
	for try := 1; ; {
		if err := w.hold(ctx, q); err != nil {
			return answer{}, err
		}
		a, err := w.once(ctx, q)
		switch {
		case ctx.Err() != nil:
			return answer{}, ctx.Err()
		case err == nil && a.status == http.StatusTooManyRequests:
			if waits++; waits > maxWaits {
				return a, &importer.HintError{Err: fmt.Errorf("%s allows no more requests", q.service), Hint: "try again in some hours"}
			}
			if err := w.limited(q, a, waits); err != nil {
				return a, err
			}
			continue
		case err == nil && a.status < 500:
			w.remember(q, a)
			return a, nil
		case err != nil && !q.again(err), try == maxTries:
			return a, w.failed(q, a, err)
		}
		if err := w.sleep(ctx, w.pause(a, try)); err != nil {
			return answer{}, err
		}
		try++
	}
}

// again says whether a failure may pass. What had a long time is not asked for
// again.
func (q request) again(err error) bool {
	return errors.Is(err, errSlow) && q.timeout == 0 || errors.Is(err, errCut) || errors.Is(err, errConnection)
}

// pause is how long to wait before the next try.
func (w *web) pause(a answer, try int) time.Duration {
	d := time.Second << (2 * (try - 1)) // 1, 4, 16 seconds
	if at := retryAfter(a.header, w.now()); !at.IsZero() {
		d = min(max(at.Sub(w.now()), d), 5*time.Minute)
	}
	return d
}

// failed is the error of a question without an answer.
func (w *web) failed(q request, a answer, err error) error {
	hint := "check the connection to the internet and try again"
	var to *redirectError
	switch {
	case err == nil:
		err, hint = fmt.Errorf("the server is out of order (status %d)", a.status), "try again later"
	case errors.As(err, &to):
		hint = "check the name of the server"
	case errors.Is(err, errNoServer):
		hint = "check the name, and the connection to the internet"
	case errors.Is(err, errIdentity):
		hint = "check the date and time of this computer, and whether the network wants you to sign in"
	case errors.Is(err, errTooLarge), errors.Is(err, errPrivate):
		hint = "ask the platform for your archive instead"
	}
	return &importer.HintError{Err: fmt.Errorf("asking %s: %w", q.service, err), Hint: hint}
}

// once asks once.
func (w *web) once(ctx context.Context, q request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(q.timeout, pageTimeout))
	defer cancel()
	address := w.base(q.host) + q.path
	if len(q.query) > 0 {
		address += "?" + q.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, errHost
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", cmp.Or(q.accept, "application/json"))
	if q.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+q.bearer)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return answer{}, plain(err)
	}
	defer resp.Body.Close()
	most := q.max
	if resp.StatusCode >= 300 {
		most = maxSmall
	}
	body, err := w.body(resp, most)
	return answer{resp.StatusCode, resp.Header, body}, err
}

// body reads an answer in full, or not at all.
func (w *web) body(resp *http.Response, most int64) ([]byte, error) {
	if resp.ContentLength > most {
		return nil, errTooLarge
	}
	buf := make([]byte, 0, max(resp.ContentLength+1, 64<<10))
	for {
		if len(buf) == cap(buf) { // a quarter more: answers can be large
			buf = append(make([]byte, 0, cap(buf)+cap(buf)/4), buf...)
		}
		n, err := resp.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		w.received += int64(n)
		switch {
		case int64(len(buf)) > most:
			return nil, errTooLarge
		case err == io.EOF:
			return buf, nil
		case err != nil:
			if err = plain(err); err == errConnection {
				err = errCut
			}
			return nil, err
		}
	}
}

// plain replaces an error of the network by one of ours.
func plain(err error) error {
	var to *redirectError
	var dns *net.DNSError
	var timeout net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &to):
		return to
	case errors.Is(err, errPrivate):
		return errPrivate
	case errors.As(err, &dns) && dns.IsNotFound:
		return errNoServer
	case errors.As(err, &cert):
		return errIdentity
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errSlow
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errCut
	}
	return errConnection
}

// isPage says whether an answer is a page for people and not data.
func (a answer) isPage() bool {
	return strings.Contains(a.header.Get("Content-Type"), "html") || bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<"))
}

// malformed is the error of an answer that is not what the service documents.
func malformed(q request, a answer) error {
	if a.isPage() {
		return &importer.HintError{Err: fmt.Errorf("asking %s: a page for people came instead of data", q.service),
			Hint: "check the name of the server, and whether the network wants you to sign in"}
	}
	return &importer.HintError{Err: fmt.Errorf("asking %s: the answer is not what the service describes", q.service),
		Hint: "try again later, or ask the platform for your archive"}
}

// unexpected is the error of a status that nobody has a better word for.
func unexpected(q request, a answer) error {
	return &importer.HintError{Err: fmt.Errorf("asking %s: the request was refused (status %d)", q.service, a.status),
		Hint: "try again later, or ask the platform for your archive"}
}
