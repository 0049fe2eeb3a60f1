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
	"hash/fnv"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"time"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// Run is one import.
type Run struct {
	Ctx     context.Context
	FS      fs.FS
	Opts    importer.Options
	Out     importer.Sink
	Account store.Account

	// Withheld counts private messages that were there but not asked for.
	Withheld int
	// Textless counts endorsed posts of which only the address is known.
	Textless int

	lost map[string]bool     // scopes of which something was not read
	read map[string]bool     // scopes whose members were read to their end
	seen map[uint64]struct{} // hashes of the keys of posts handed over
}

// NewRun returns a Run for the platform.
func NewRun(ctx context.Context, platform string, fsys fs.FS, opts importer.Options, out importer.Sink) *Run {
	return &Run{
		Ctx: ctx, FS: fsys, Opts: opts, Out: out, Account: store.Account{Platform: platform},
		lost: map[string]bool{}, read: map[string]bool{}, seen: map[uint64]struct{}{},
	}
}

// Note tells the person something about the archive.
func (r *Run) Note(code, member, text string) error {
	return r.Out.Fact(importer.Fact{Note: store.Note{Code: code, Member: member, Text: text}})
}

// Skip counts a record, or with 0 a whole member, that could not be read; the
// scope is not whole any more.
func (r *Run) Skip(scope, member string, record int, why string) error {
	r.lost[scope] = true
	return r.Out.Skip(store.Skip{Member: member, Record: record, Reason: why})
}

// Miss marks a scope as not whole, for a loss that was told elsewhere.
func (r *Run) Miss(scope string) { r.lost[scope] = true }

// Scopes states the prefixes of which everything was read. Prefixes are those
// of the scope that the member was read under; with names what lies in it.
func (r *Run) Scopes(scope string, prefixes ...string) error {
	if !r.read[scope] || r.lost[scope] {
		return nil
	}
	for _, p := range prefixes {
		if err := r.Out.Fact(importer.Fact{Scope: p}); err != nil {
			return err
		}
	}
	return nil
}

// Post hands a post over, and the alternative texts of its media as posts of
// their own. A key that came before is left out: some servers list a post
// twice.
func (r *Run) Post(p store.Post) error {
	if r.Seen(p.Key) {
		return nil
	}
	r.seen[hash(p.Key)] = struct{}{}
	if err := r.Out.Post(p); err != nil {
		return err
	}
	for i, m := range p.Media {
		if m.Alt == "" {
			continue
		}
		alt := store.Post{
			Key: p.Key + "#alt:" + strconv.Itoa(i+1), Kind: store.KindAlt, Own: p.Own, Author: p.Author, Text: m.Alt,
			Created: p.Created, Precision: p.Precision, Audience: p.Audience, URL: p.URL, ReplyTo: p.Key, Place: p.Place,
		}
		if err := r.Out.Post(alt); err != nil {
			return err
		}
	}
	return nil
}

// Seen says whether a post with this key was handed over.
func (r *Run) Seen(key string) bool {
	_, ok := r.seen[hash(key)]
	return ok
}

func hash(key string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, key)
	return h.Sum64()
}

// reasons are what a person reads about a record that was skipped.
var reasons = []struct {
	err  error
	text string
}{
	{jsonstream.ErrSyntax, "is not valid JSON"},
	{jsonstream.ErrTooLarge, "is too large"},
	{jsonstream.ErrTooDeep, "is nested too deeply"},
	{jsonstream.ErrCut, "the file ends in the middle"},
	{jsonstream.ErrNoArray, "does not hold the list that belongs in it"},
	{jsonstream.ErrTrailing, "something else follows after the end of the list"},
}

func reason(err error) string {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return r.text
		}
	}
	return "cannot be read"
}

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
			return r.Skip(scope, m.Name, record, reason(err))
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
			return r.Skip(scope, m.Name, bad.Record, reason(bad))
		}
	case err != nil:
		return err
	}
	r.read[scope] = true
	return r.oddBytes(m, stats)
}

func (r *Run) oddBytes(m importer.Member, stats jsonstream.Stats) error {
	if stats.InvalidUTF8 > 0 {
		text := fmt.Sprintf("Records with bytes that are not text, which show as \uFFFD: %d.", stats.InvalidUTF8)
		if err := r.Note("invalid-utf8", m.Name, text); err != nil {
			return err
		}
	}
	if stats.UTF16 {
		return r.Note("utf-16", m.Name, "The file had been saved in another encoding (UTF-16) and was converted.")
	}
	return nil
}

var emptyItems = regexp.MustCompile(`"orderedItems"\s*:\s*\[?\s*\]`)

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
		return false, r.Skip(scope, m.Name, 0, reason(err))
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
