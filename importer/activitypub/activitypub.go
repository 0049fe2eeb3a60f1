// Package activitypub holds what the importers of Mastodon, Pixelfed and
// Misskey share: the reading of members record by record, the objects of
// ActivityPub as servers export them, the statuses of Mastodon's API, and
// turning their HTML into text. It recognises nothing by itself and never
// talks to a server.
package activitypub

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"
)

// Run is one import.
type Run struct {
	Ctx  context.Context
	FS   fs.FS
	Opts importer.Options
	*intake.Log
	Account store.Account

	// Withheld counts private messages that were there but not asked for.
	Withheld int
	// Textless counts endorsed posts of which only the address is known.
	Textless int

	read map[string]bool // scopes whose members were read to their end
	seen identity.Set    // keys of posts handed over
}

// NewRun returns a Run for the platform.
func NewRun(ctx context.Context, platform string, fsys fs.FS, opts importer.Options, out importer.Sink) *Run {
	return &Run{
		Ctx: ctx, FS: fsys, Opts: opts, Log: intake.NewLog(out), Account: store.Account{Platform: platform},
		read: map[string]bool{},
	}
}

// Scopes states the prefixes of which everything was read. Prefixes are those
// of the scope that the member was read under; with names what lies in it.
func (r *Run) Scopes(scope string, prefixes ...string) error {
	if !r.read[scope] || r.Lost(scope) {
		return nil
	}
	return r.Whole(prefixes...)
}

// Post hands a post over, and the alternative texts of its media as posts of
// their own. A key that came before is left out: some servers list a post
// twice.
func (r *Run) Post(p store.Post) error {
	if !r.seen.Add(p.Key) {
		return nil
	}
	return r.Log.Post(p)
}

// Seen says whether a post with this key was handed over.
func (r *Run) Seen(key string) bool { return r.seen.Has(key) }

// Each reads every record of a member in order and hands the good ones to fn.
// What is wrong with the member is told to the sink as a loss of the scope,
// so that only the sink's own errors and the context's come back.
func Each[T any](r *Run, scope string, m importer.Member, o jsonstream.Options, parse func(*jsonstream.Decoder, *T) error, fn func(record int, v *T) error) error {
	return each(r, scope, m, o, true, parse, fn)
}

// EachIfThere is Each for a list that a member need not have.
func EachIfThere[T any](r *Run, scope string, m importer.Member, o jsonstream.Options, parse func(*jsonstream.Decoder, *T) error, fn func(record int, v *T) error) error {
	return each(r, scope, m, o, false, parse, fn)
}

func each[T any](r *Run, scope string, m importer.Member, o jsonstream.Options, must bool, parse func(*jsonstream.Decoder, *T) error, fn func(record int, v *T) error) error {
	f, err := r.FS.Open(m.Path)
	if err != nil {
		return r.Skip(scope, m.Name, 0, "cannot be opened")
	}
	defer f.Close()
	stats, err := jsonstream.Decode(f, o, parse, func(record int, v *T, err error) error {
		if err := r.Ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			return r.Skip(scope, m.Name, record, intake.Reason(err))
		}
		return fn(record, v)
	})
	if ctxErr := r.Ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	var bad *jsonstream.RecordError
	switch {
	case errors.Is(err, jsonstream.ErrNoArray) && !must:
		return nil
	case errors.As(err, &bad):
		if stats.Records > 0 || !r.emptyCollection(m) {
			return r.Skip(scope, m.Name, bad.Record, intake.Reason(bad))
		}
	case err != nil:
		return err
	}
	r.read[scope] = true
	return r.Odd(m.Name, stats)
}

var emptyItems = pattern.New(`"orderedItems"\s*:\s*\[?\s*\]`)

// emptyCollection knows the collection without items as Pleroma writes it: it
// takes back the last two bytes before it closes the list, which is the
// list's own bracket when nothing is in it.
func (r *Run) emptyCollection(m importer.Member) bool {
	const most = 4096
	head, err := importer.Head(r.FS, m.Path, most)
	return err == nil && len(head) < most && emptyItems.Match(head)
}

// Value reads a small member that is one value. ok is false where it could
// not be read, which was told to the sink.
func (r *Run) Value(scope string, m importer.Member, read func(*jsonstream.Decoder) error) (ok bool, err error) {
	f, err := r.FS.Open(m.Path)
	if err != nil {
		return false, r.Skip(scope, m.Name, 0, "cannot be opened")
	}
	defer f.Close()
	if err := jsonstream.Value(f, jsonstream.DefaultMaxElement, read); err != nil {
		return false, r.Skip(scope, m.Name, 0, intake.Reason(err))
	}
	r.read[scope] = true
	return true, nil
}

// MessagesNote says how many private messages were left out.
func (r *Run) MessagesNote() error {
	if r.Withheld == 0 {
		return nil
	}
	return r.Note("messages-not-read", "", fmt.Sprintf(
		"Private messages, which are read only when you ask for it: %d.", r.Withheld))
}

// TextlessNote says how many endorsed posts have no text.
func (r *Run) TextlessNote() error {
	if r.Textless == 0 {
		return nil
	}
	return r.Note("likes-without-text", "", fmt.Sprintf(
		"Posts of other people that you boosted, liked or bookmarked, of which the archive has only the address: %d.", r.Textless))
}

// Time reads the forms in which servers write a time; zero for others.
// Fractions of a second are dropped, because exports of one server differ in
// them.
func Time(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t)
		}
	}
	return time.Time{}
}

func plausible(t time.Time) time.Time {
	if t = t.UTC().Truncate(time.Second); t.Year() <= 1990 || t.Year() >= 2100 {
		return time.Time{}
	}
	return t
}

// SetTime fills in when a post was made.
func SetTime(p *store.Post, t time.Time) {
	p.Created, p.Precision = t, store.PrecisionSecond
	if t.IsZero() {
		p.Precision = store.PrecisionNone
	}
}

// Whole puts a content warning, a title and a text together, with blank lines
// between them.
func Whole(parts ...string) string {
	var all []byte
	for _, s := range parts {
		if s == "" {
			continue
		}
		if len(all) > 0 {
			all = append(all, "\n\n"...)
		}
		all = append(all, s...)
	}
	return string(all)
}
