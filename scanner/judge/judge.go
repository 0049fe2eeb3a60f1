// Package judge asks a language model for a second opinion on posts: one that
// the person runs themselves behind an OpenAI-compatible endpoint, such as
// Ollama, llama.cpp or LM Studio.
//
// It is asked only when a person says so, speaks to this computer alone unless
// another is allowed by name, and knows nothing of the findings: it neither
// reads nor changes them. A post is data to it. What it says is checked before
// it counts, and no text of a post, nor anything that a server answers, gets
// into an error.
package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"lookback/scanner"
	"lookback/store"
)

// KeyVariable is the environment variable from which the API key is taken,
// for endpoints that want one.
const KeyVariable = "LOOKBACK_JUDGE_KEY"

// What becomes of a question that gets no opinion.
var (
	// ErrUnusable is an answer that is none, or that says what cannot be. The
	// next question may do better.
	ErrUnusable = errors.New("the judge's answer cannot be used")
	// ErrSilent is a question without an answer, after several tries.
	ErrSilent = errors.New("the judge did not answer")
	// ErrDown says that asking on is of no use.
	ErrDown = errors.New("the judge cannot be asked")
)

// Options choose the judge.
type Options struct {
	URL         string // of the endpoint, as http://localhost:11434/v1
	Model       string
	Key         string // sent as a bearer token; empty for none
	AllowRemote bool   // another computer than this one may be asked
	Timeout     time.Duration
	Backoff     time.Duration   // before the second try; doubles with each
	Themes      []scanner.Theme // what an opinion can name
	Regulator   string          // "HCPC"
}

// The defaults.
const (
	DefaultTimeout = 2 * time.Minute
	defaultBackoff = 500 * time.Millisecond
)

// Judge asks one model. It is safe for concurrent use.
type Judge struct {
	model     string
	endpoint  *url.URL
	remote    bool
	key       string
	client    *http.Client
	timeout   time.Duration
	backoff   time.Duration
	pause     func(context.Context, time.Duration) error
	themes    map[string]scanner.Theme
	system    string
	schema    json.RawMessage
	version   string
	plainOnly atomic.Bool // the endpoint refuses a schema

	mu      sync.Mutex
	given   int // opinions so far
	silent  int // questions in a row that were not answered
	useless int // answers in a row that could not be used
}

// New prepares a judge. Nothing is asked yet. Its errors are about the
// options, as *store.HintError.
func New(o Options) (*Judge, error) {
	u, remote, err := endpoint(o.URL, o.AllowRemote)
	if err != nil {
		return nil, err
	}
	if o.Model == "" {
		return nil, &store.HintError{Err: errors.New("no model is named"), Hint: "name the one that is to judge with --judge-model"}
	}
	j := &Judge{model: o.Model, endpoint: u, remote: remote, key: o.Key, client: newClient(remote), timeout: o.Timeout,
		backoff: o.Backoff, pause: pause, themes: map[string]scanner.Theme{}}
	if j.timeout <= 0 {
		j.timeout = DefaultTimeout
	}
	if j.backoff <= 0 {
		j.backoff = defaultBackoff
	}
	for _, th := range o.Themes {
		j.themes[th.ID] = th
	}
	j.system, j.schema = instructions(o.Regulator, o.Themes), answerSchema(o.Themes)
	sum := sha256.Sum256(append([]byte(promptForm+j.system), j.schema...))
	j.version = hex.EncodeToString(sum[:8])
	return j, nil
}

// Model is the model's name.
func (j *Judge) Model() string { return j.model }

// Host is the server that is asked, with its port where one was given.
func (j *Judge) Host() string { return j.endpoint.Host }

// Remote says whether posts leave this computer.
func (j *Judge) Remote() bool { return j.remote }

// Encrypted says whether the connection is.
func (j *Judge) Encrypted() bool { return j.endpoint.Scheme == "https" }

// Request names everything that is asked about a post: its text and kind, what
// it answers, the model and the version of the prompt. The same request is not
// worth asking twice.
func (j *Judge) Request(q *store.Question) string {
	b, _ := json.Marshal([]string{j.version, j.model, message(q)}) // strings can always be encoded
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Ask gets an opinion on one post. Its error is ErrUnusable, ErrSilent or
// ErrDown, or that of ctx.
func (j *Judge) Ask(ctx context.Context, q *store.Question) (store.Opinion, error) {
	var o store.Opinion
	var err error
	for try := range 2 { // a model that answers nonsense once may do better
		var content string
		if content, err = j.chat(ctx, q, try); err != nil {
			break
		}
		if o, err = j.opinion(content, q); err == nil {
			break
		}
	}
	if err = j.note(err); err != nil {
		return store.Opinion{}, err
	}
	o.PostID, o.Request, o.Model = q.Post.ID, j.Request(q), j.model
	return o, nil
}

// So many questions in a row without an answer, or answers that cannot be
// used, are enough to give up.
const (
	maxSilent  = 3
	maxUseless = 10
)

// note counts what came of a question, and says when asking on is of no use.
func (j *Judge) note(err error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case err == nil:
		j.given++
		j.silent, j.useless = 0, 0
	case errors.Is(err, ErrSilent):
		if j.silent++; j.silent >= maxSilent || j.given == 0 {
			return fmt.Errorf("%w: %w", ErrDown, err)
		}
	case errors.Is(err, ErrUnusable):
		if j.useless++; j.useless >= maxUseless {
			return &store.HintError{Err: fmt.Errorf("%w: %d answers in a row could not be used", ErrDown, j.useless),
				Hint: "try a larger model, or one that follows instructions"}
		}
	}
	return err
}
