//go:build !nonetwork

// Package live reads an account from the platform's own servers: the newest
// posts from X, all public posts from Mastodon and Bluesky.
//
// It is the only package that opens a network connection, and it is used only
// when a person asks for a live account. It asks for what it reads and sends
// nothing else: no post, no finding, no identifier of this computer. It keeps
// no credential, and none gets into an error. The build tag nonetwork leaves
// the package out of the program.
package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"lookback/importer"
	"lookback/store"
)

// Platforms with live accounts.
const (
	platformX        = "x"
	platformMastodon = "mastodon"
	platformBluesky  = "bluesky"
)

// Target is an account to read.
type Target struct {
	Platform string
	Name     string // without @; for Bluesky a handle or a DID
	Server   string // of Mastodon
}

// String writes the target as Parse reads it.
func (t Target) String() string {
	switch t.Platform {
	case platformMastodon:
		return t.Platform + ":@" + t.Name + "@" + t.Server
	case platformX:
		return t.Platform + ":@" + t.Name
	}
	return t.Platform + ":" + t.Name
}

// Credential says in which environment variable the target's credential is
// looked for, empty where there is none, and whether nothing can be read
// without it.
func (t Target) Credential() (env string, must bool) {
	switch t.Platform {
	case platformX:
		return "LOOKBACK_X_BEARER", true
	case platformMastodon:
		return "LOOKBACK_MASTODON_TOKEN", false
	}
	return "", false
}

// Parse reads "x:@handle", "mastodon:@me@server" or "bluesky:handle". What it
// returns is safe to put into an address.
func Parse(s string) (Target, error) {
	platform, name, _ := strings.Cut(strings.TrimSpace(s), ":")
	t := Target{Platform: strings.ToLower(platform), Name: strings.TrimPrefix(name, "@")}
	switch t.Platform {
	case platformX, "twitter":
		t.Platform = platformX
		if !isXHandle(t.Name) {
			return Target{}, wrong("is no handle of X", "write it like x:@handle")
		}
	case platformMastodon:
		var server string
		t.Name, server, _ = strings.Cut(t.Name, "@")
		host, err := hostName(server)
		if !isMastodonName(t.Name) || err != nil {
			return Target{}, wrong("is no account of Mastodon", "write it with its server, like mastodon:@me@mastodon.social")
		}
		t.Server = host
	case platformBluesky:
		if strings.HasPrefix(t.Name, "did:") {
			if !isDID(t.Name) {
				return Target{}, wrong("is no DID that Bluesky uses", "give the handle, like bluesky:me.bsky.social")
			}
			break
		}
		host, err := hostName(t.Name)
		if err != nil {
			return Target{}, wrong("is no handle of Bluesky", "write it in full, like bluesky:me.bsky.social")
		}
		t.Name = host
	default:
		return Target{}, wrong("names no platform with live accounts", "write x:@handle, mastodon:@me@server or bluesky:handle")
	}
	return t, nil
}

func wrong(what, hint string) error {
	return &importer.HintError{Err: errors.New("this " + what), Hint: hint}
}

func isXHandle(s string) bool {
	return len(s) >= 1 && len(s) <= 15 && strings.Trim(s, letters+digits+"_") == ""
}

func isMastodonName(s string) bool {
	return len(s) >= 1 && len(s) <= 100 && strings.Trim(s, letters+digits+"_.-") == "" && strings.Trim(s, ".-") != ""
}

// Progress hears how far the reading is. Calls come from one goroutine.
type Progress interface {
	// Total says how many posts there may be, where the platform tells.
	Total(n int64)
	// Add counts posts that were received.
	Add(n int64)
	// Wait says that the service allows no more requests until then; a zero
	// time that the waiting is over.
	Wait(service string, until time.Time)
}

// Options are what the person chose.
type Options struct {
	// Credential is X's bearer token, or a token of the account's server. It
	// is sent to that service only.
	Credential string
	// Messages also reads direct posts, where the credential shows them.
	Messages bool
	// Progress may be nil.
	Progress Progress
}

// Result says what was read.
type Result struct {
	Layout     string    // "x-live", "mastodon-live", "bluesky-live"
	Started    time.Time // what was read was so at this time or later
	Bytes      int64     // received
	Posts      int
	Skips      int
	Incomplete bool // something could not be read
}

// Read reads the account and hands it to out: first the account, then its
// profile and posts, with the keys that the importer of the platform's archive
// gives them. What is read is always partial and states no scope, so that
// nothing is taken to be gone. When Read returns an error, what was handed
// over before is good; no error holds text of a post or the credential.
func Read(ctx context.Context, t Target, o Options, out importer.Sink) (Result, error) {
	return newReader(t, o, out, newWeb()).read(ctx)
}

// A reader is one Read.
type reader struct {
	t    Target
	o    Options
	web  *web
	sink *sink
	res  Result
}

func newReader(t Target, o Options, out importer.Sink, w *web) *reader {
	if o.Progress == nil {
		o.Progress = silent{}
	}
	w.wait = o.Progress.Wait
	return &reader{t: t, o: o, web: w, sink: &sink{out: out}}
}

type silent struct{}

func (silent) Total(int64)            {}
func (silent) Add(int64)              {}
func (silent) Wait(string, time.Time) {}

func (r *reader) read(ctx context.Context) (Result, error) {
	r.res.Layout, r.res.Started = r.t.Platform+"-live", r.web.now().UTC().Truncate(time.Second)
	if err := checkCredential(r.o.Credential); err != nil {
		return r.res, err
	}
	err := r.platform(ctx)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	r.res.Bytes, r.res.Posts, r.res.Skips = r.web.received, r.sink.posts, r.sink.skips
	r.res.Incomplete = err != nil || r.sink.skips > 0
	if err == nil {
		err = r.sink.note("live", "Read from the platform's servers as it was then: posts that were deleted or hidden before are not in it, and nothing was marked as gone.")
	}
	return r.res, err
}

func (r *reader) platform(ctx context.Context) error {
	switch r.t.Platform {
	case platformX:
		return r.readX(ctx)
	case platformMastodon:
		return r.readMastodon(ctx)
	case platformBluesky:
		return r.readBluesky(ctx)
	}
	return fmt.Errorf("there are no live accounts of %q", r.t.Platform)
}

// checkCredential refuses what cannot be a token, before it is sent.
func checkCredential(s string) error {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return &importer.HintError{Err: errors.New("the token holds a character that no token has"),
				Hint: "copy it again, without blanks or quotation marks"}
		}
	}
	return nil
}

// A sink stands between the importers of archives, which know how to read the
// records, and the person's: an answer of a server is not an archive, so what
// they say of one is dropped.
type sink struct {
	out     importer.Sink
	where   string // of a skip: "answer 3"
	account store.Account
	named   bool
	change  func(*store.Post) (keep bool) // may be nil
	posts   int
	skips   int
	partial bool
	notes   bool // hand the importer's notes on
}

// Account implements importer.Sink.
func (s *sink) Account(a store.Account) error {
	if s.named && a.Handle == s.account.Handle && a.Name == s.account.Name && a.NativeID == s.account.NativeID && a.Created.Equal(s.account.Created) {
		return nil
	}
	s.account, s.named = a, true
	if err := s.out.Account(a); err != nil || s.partial {
		return err
	}
	s.partial = true
	return s.out.Fact(importer.Fact{Partial: true})
}

// Post implements importer.Sink.
func (s *sink) Post(p store.Post) error {
	if s.change != nil && !s.change(&p) {
		return nil
	}
	s.posts++
	return s.out.Post(p)
}

// Skip implements importer.Sink.
func (s *sink) Skip(k store.Skip) error {
	k.Member = s.where
	s.skips++
	return s.out.Skip(k)
}

// Fact implements importer.Sink.
func (s *sink) Fact(f importer.Fact) error {
	if !s.notes || f.Note == (store.Note{}) {
		return nil
	}
	return s.out.Fact(importer.Fact{Note: store.Note{Code: f.Note.Code, Text: f.Note.Text}})
}

// note tells the person something about what was read.
func (s *sink) note(code, text string) error {
	return s.out.Fact(importer.Fact{Note: store.Note{Code: code, Text: text}})
}
