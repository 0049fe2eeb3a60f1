// Package serve is the page to review on: a small web server on this computer
// only, which shows the flagged posts one at a time and keeps what the person
// decides about them.
//
// It listens on the loopback address and answers only who brings the secret
// that it printed. It never opens a connection itself, never changes an
// archive or a post, and puts no text of a post into an address or a log.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"lookback/store"
)

// Reader is what the page shows. *store.Store is one.
type Reader interface {
	// Findings returns flagged posts, the most serious first.
	Findings(ctx context.Context, flt store.Filter) iter.Seq2[store.Row, error]
	// Thread returns at most most posts of a conversation on either side.
	Thread(ctx context.Context, post int64, most int) (store.Thread, error)
	// Decisions returns every decision.
	Decisions(ctx context.Context) iter.Seq2[store.DecisionState, error]
	// Stamp differs after any change by anybody. What stands before its first
	// slash differs only with the decisions.
	Stamp(ctx context.Context) (string, error)
}

// Decider keeps decisions. *store.Store is one.
type Decider interface {
	// Decide stores decisions, all or none; an empty choice takes one back.
	Decide(ctx context.Context, list []store.Decision) (store.Change, error)
	// Undo takes the last change back that was not undone yet.
	Undo(ctx context.Context) (store.Change, error)
}

// Desk is the rest of lookback, wired in by the command.
type Desk interface {
	// Summary is what reports say first.
	Summary(ctx context.Context) (store.Summary, error)
	// Import reads the files in a folder, which are gone when it returns,
	// looks at their posts, and says what became of each. Its error is for
	// what ended all of it.
	Import(ctx context.Context, dir string, files []string, how Reading, p Progress) ([]Outcome, error)
}

// Reading is how archives are to be read.
type Reading struct {
	Messages bool     // also the private messages that the person sent
	Me       string   // the person's name in exports that do not say whose they are
	Accounts []string // whose archives are to be read
}

// Progress hears how far an import is. Stage names what is being done;
// Total and Add count it.
type Progress interface {
	Stage(what string)
	Total(n int64)
	Add(n int64)
}

// Outcome is what became of one archive, in sentences without a post's text.
type Outcome struct {
	Archive string
	Facts   []string
	Failed  bool
	Hint    string // what to do about a failure
}

// Options are what a Server needs.
type Options struct {
	Reader  Reader
	Decider Decider
	Desk    Desk
	// Free says how many bytes are free where a folder lies; nil where that
	// cannot be known.
	Free func(dir string) (int64, error)
	// TempDir is where uploads are kept while they are read; empty for the
	// system's own place.
	TempDir string
	// MaxUpload limits one upload in bytes; 0 is half of what is free.
	MaxUpload int64
}

// Server is the page. Make one with New.
type Server struct {
	opt     Options
	guard   *guard
	book    *book
	intake  intake
	finds   searches
	handler http.Handler

	stop     context.Context // done when the server ends
	shut     context.CancelFunc
	working  sync.WaitGroup // imports
	listener net.Listener
}

// New makes a server that listens on a port of the loopback address, or on
// any free one for 0. It answers from Run on.
func New(opt Options, port int) (*Server, error) {
	// An address in digits: a name could be made to mean another computer.
	ln, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("listening on port %d of this computer: %w", port, errors.Unwrap(err))
	}
	s := &Server{opt: opt, listener: ln, book: newBook(opt.Reader)}
	s.guard = newGuard(ln.Addr().(*net.TCPAddr).Port)
	s.stop, s.shut = context.WithCancel(context.Background())
	s.handler = s.guard.wrap(s.routes())
	return s, nil
}

// URL is the address to open, with the secret in it. It is good for as long
// as the server runs.
func (s *Server) URL() string { return s.guard.origin() + "/open/" + s.guard.secret }

// Ticket is an address that opens the page once, within a minute: for the
// command line of a browser, which others on this computer can see.
func (s *Server) Ticket() string { return s.guard.origin() + "/open/" + s.guard.ticket() }

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Run answers until ctx is done. It then ends what is being read, waits for
// it, and removes what was uploaded.
func (s *Server) Run(ctx context.Context) error {
	web := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // it could name what a request held
		BaseContext:       func(net.Listener) context.Context { return s.stop },
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(s.listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.shut()
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if web.Shutdown(last) != nil {
		_ = web.Close() // a browser that holds on to a connection is left alone
	}
	s.working.Wait()
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the page: %w", err)
	}
	return nil
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, page := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /{$}":             s.overview,
		"GET /":                s.nowhere,
		"GET /posts":           s.list,
		"POST /posts":          s.search,
		"GET /review":          s.review,
		"GET /post/{id}":       s.post,
		"POST /post/{id}":      s.decide,
		"POST /undo":           s.undo,
		"GET /import":          s.importing,
		"POST /import":         s.upload,
		"GET /events":          s.events,
		"GET /export/{format}": s.export,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := page(w, r); err != nil {
				s.fail(w, r, err)
			}
		})
	}
	return mux
}
