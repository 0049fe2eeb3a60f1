package judge

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"lookback/store"
)

// Bounds of one question.
const (
	maxAnswer  = 1 << 20 // bytes
	maxTokens  = 2048    // of an answer, with the thoughts before it
	maxTries   = 6       // where the server is busy or out of order
	maxSlow    = 2       // where it takes too long
	maxRefused = 3       // where nothing listens
	maxWait    = time.Minute
)

// What a request can come to besides an answer.
var (
	errSlow    = errors.New("it took too long")
	errRefused = errors.New("nothing listens there")
	errBroken  = errors.New("the connection broke off")
)

// A question as the endpoint takes it.
type chatRequest struct {
	Model          string          `json:"model"`
	Messages       []chatMessage   `json:"messages"`
	Temperature    float64         `json:"temperature"`
	Seed           int             `json:"seed"`
	MaxTokens      int             `json:"max_tokens"`
	Stream         bool            `json:"stream"`
	ResponseFormat *responseFormat `json:"response_format,omitempty"`
}

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type responseFormat struct {
	Type   string     `json:"type"`
	Schema jsonSchema `json:"json_schema"`
}

type jsonSchema struct {
	Name   string          `json:"name"`
	Strict bool            `json:"strict"`
	Schema json.RawMessage `json:"schema"`
}

// body is the request for one post. The second try is allowed other words.
func (j *Judge) body(q *store.Question, try int, schema bool) []byte {
	r := chatRequest{Model: j.model, Seed: 1 + try, Temperature: 0.4 * float64(try), MaxTokens: maxTokens,
		Messages: []chatMessage{{"system", j.system}, {"user", message(q)}}}
	if schema {
		r.ResponseFormat = &responseFormat{"json_schema", jsonSchema{"opinion", true, j.schema}}
	}
	b, _ := json.Marshal(r) // plain values can always be encoded
	return b
}

// chat asks until there is an answer or no hope of one, and returns what the
// model said.
func (j *Judge) chat(ctx context.Context, q *store.Question, try int) (string, error) {
	schema := !j.plainOnly.Load()
	for n := 1; ; n++ {
		r, err := j.post(ctx, j.body(q, try, schema))
		if err == nil && schema && refusesSchema(r.status) {
			// Older servers do not know response_format.
			if r, err = j.post(ctx, j.body(q, try, false)); err == nil && r.status == http.StatusOK {
				j.plainOnly.Store(true)
			}
		}
		if err == nil && r.status == http.StatusOK {
			return content(r.body)
		}
		tries, reason := j.hope(r, err)
		if n >= tries || ctx.Err() != nil {
			return "", cmp.Or(ctx.Err(), reason)
		}
		if err := j.pause(ctx, wait(j.backoff, n, r.after)); err != nil {
			return "", err
		}
	}
}

func refusesSchema(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	}
	return false
}

// hope says how often it is worth to ask in all, and what to say of it in the
// end.
func (j *Judge) hope(r reply, err error) (tries int, reason error) {
	down := func(hint, format string, args ...any) error {
		return &store.HintError{Err: fmt.Errorf("%w: "+format, append([]any{ErrDown}, args...)...), Hint: hint}
	}
	switch {
	case errors.Is(err, errNotHere):
		return 1, down("give the address 127.0.0.1, or say --judge-allow-remote if your posts may go there", "%w", err)
	case errors.Is(err, ErrUnusable):
		return 1, err
	case errors.Is(err, errSlow):
		return maxSlow, fmt.Errorf("%w: %w", ErrSilent, err)
	case errors.Is(err, errRefused):
		return maxRefused, down("start it, and check --judge", "nothing answers at %s", j.Host())
	case err != nil:
		return maxTries, fmt.Errorf("%w: %w", ErrSilent, err)
	case r.status >= 300 && r.status < 400:
		return 1, down("give the address that it sends to, if that is on this computer", "it sends to another address, which is not followed")
	case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
		return 1, down("put the key into the environment variable "+KeyVariable, "it wants another key (status %d)", r.status)
	case r.status == http.StatusNotFound:
		return 1, down("check --judge and --judge-model; Ollama, for one, fetches a model with: ollama pull NAME", "it knows no such model or address (status 404)")
	case r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout || r.status >= 500:
		return maxTries, fmt.Errorf("%w: status %d", ErrSilent, r.status)
	}
	return 1, fmt.Errorf("%w: status %d", ErrSilent, r.status)
}

// wait is how long to wait before the next try: twice as long each time, and
// as long as the server asks for, within reason.
func wait(first time.Duration, n int, asked time.Duration) time.Duration {
	return min(max(first<<min(n-1, 16), asked), maxWait)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// reply is what the server sent.
type reply struct {
	status int
	after  time.Duration // how long it asks to wait
	body   []byte
}

// post sends one request. Its errors are ours: those of net/http can hold what
// a server sent.
func (j *Judge) post(ctx context.Context, body []byte) (reply, error) {
	within, cancel := context.WithTimeout(ctx, j.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(within, http.MethodPost, j.endpoint.String(), bytes.NewReader(body))
	if err != nil {
		return reply{}, errBroken // the address was checked before
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "lookback")
	if j.key != "" {
		req.Header.Set("Authorization", "Bearer "+j.key)
	}
	resp, err := j.client.Do(req)
	if err != nil {
		return reply{}, failure(within, err)
	}
	defer resp.Body.Close()
	r := reply{status: resp.StatusCode, after: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	if r.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1)); err != nil {
		return reply{}, failure(within, err)
	}
	if len(r.body) > maxAnswer {
		return reply{}, fmt.Errorf("%w: it is larger than any honest one", ErrUnusable)
	}
	return r, nil
}

// failure tells the kinds of failure apart.
func failure(ctx context.Context, err error) error {
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.Is(err, errNotHere):
		return errNotHere
	case ctx.Err() != nil:
		return errSlow // or stopped by the person, which the caller sees
	case errors.As(err, &dns), errors.As(err, &op) && op.Op == "dial":
		return errRefused
	}
	return errBroken
}

// retryAfter reads seconds or a date; zero for neither.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < 1<<20 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
