// Package intake holds what the importers of chats and of small exports
// share: one pass over an archive with its skips and notes, a walk through
// JSON whose arrays lie at any depth, and pages of HTML as tokens or records.
//
// It knows no platform. No text of a record gets into what it says.
package intake

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"
	"unicode"

	"lookback/importer"
	"lookback/importer/jsonstream"

	"golang.org/x/text/unicode/norm"
)

// Run is one pass of an importer over an archive.
type Run struct {
	Ctx  context.Context
	FS   fs.FS
	Opts importer.Options
	*Log
}

// NewRun returns the pass of one import.
func NewRun(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) Run {
	return Run{Ctx: ctx, FS: fsys, Opts: opts, Log: NewLog(out)}
}

// Skip counts a record, or with 0 a whole member, that could not be read: no
// scope may be stated then.
func (r *Run) Skip(member string, record int, why string) error {
	return r.Log.Skip("", member, record, why)
}

// open opens a member as UTF-8 text without a byte order mark.
func (r *Run) open(member string) (io.Reader, io.Closer, error) {
	if err := r.Ctx.Err(); err != nil {
		return nil, nil, err
	}
	f, err := r.FS.Open(member)
	if err != nil {
		return nil, nil, r.gone(member, "cannot be opened")
	}
	text, wide, err := jsonstream.NewUTF8Reader(f)
	if err == nil && wide {
		err = r.Note("utf-16", member, "The file had been saved in another encoding (UTF-16) and was converted.")
		if err != nil {
			f.Close()
			return nil, nil, err
		}
	}
	if err != nil {
		f.Close()
		return nil, nil, r.gone(member, "cannot be read")
	}
	return text, f, nil
}

// errGone says that a member was skipped as a whole.
var errGone = errors.New("skipped")

func (r *Run) gone(member, why string) error {
	if err := r.Ctx.Err(); err != nil {
		return err
	}
	if err := r.Skip(member, 0, why); err != nil {
		return err
	}
	return errGone
}

// Value reads a small member as a whole. What is wrong with it is told to
// the sink.
func (r *Run) Value(member string, read func(d *jsonstream.Decoder) error) error {
	text, c, err := r.open(member)
	if err != nil {
		return unlessGone(err)
	}
	defer c.Close()
	if err := jsonstream.Value(text, jsonstream.DefaultMaxElement, read); err != nil {
		return unlessGone(r.gone(member, Reason(err)))
	}
	return nil
}

func unlessGone(err error) error {
	if errors.Is(err, errGone) {
		return nil
	}
	return err
}

// Name returns a person's name in the form in which two spellings of it
// compare equal: folded, without marks of direction, blanks joined.
func Name(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case IsMark(c):
			return -1
		case unicode.IsSpace(c):
			return ' '
		}
		return unicode.ToLower(c)
	}, norm.NFKC.String(s))
	s = strings.TrimPrefix(strings.TrimSpace(s), "~")
	return strings.TrimPrefix(strings.Join(strings.Fields(s), " "), "@")
}

// IsMark says whether c only steers the direction of writing, or is a byte
// order mark.
func IsMark(c rune) bool {
	return c == '\u200e' || c == '\u200f' || c == '\ufeff' || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069'
}

// People gathers who wrote in a chat, to ask which of them the owner is.
type People struct {
	names []string
	count map[string]int
}

// Add counts one message of name.
func (p *People) Add(name string) {
	const most = 256
	if p.count == nil {
		p.count = map[string]int{}
	}
	if _, known := p.count[name]; !known {
		if len(p.names) == most {
			return
		}
		p.names = append(p.names, name)
	}
	p.count[name]++
}

// Names returns the names in the order in which they came.
func (p *People) Names() []string { return p.names }

// Has says whether anybody is called name.
func (p *People) Has(name string) bool {
	for _, n := range p.names {
		if Name(n) == Name(name) {
			return true
		}
	}
	return false
}

// List names up to eight of those who wrote at least least messages. A name
// that is too long for one, as damaged files give, is left out.
func (p *People) List(least int) string {
	var list []string
	for _, n := range p.names {
		if n != "" && p.count[n] >= least && len(n) <= 40 && len(strings.Fields(n)) <= 4 && len(list) < 8 {
			list = append(list, strings.ToValidUTF8(n, "\uFFFD"))
		}
	}
	return strings.Join(list, ", ")
}

// Owner asks for the owner's name with a note.
func (r *Run) Owner(p *People, least int) error {
	names := p.List(least)
	if names != "" {
		names = " The names in it: " + names + "."
	}
	if r.Opts.Me != "" {
		return r.Note("owner-unknown", "", "Nobody in it is called what you gave as your name, so no message was read."+names+" Give one of them with --me.")
	}
	return r.Note("owner-unknown", "", "The export does not say whose it is: give your name as it stands in it with --me."+names)
}

// Plausible drops times that stand for "none" or that nobody can mean.
func Plausible(t time.Time) time.Time {
	if t.Year() < 1995 || t.Year() >= 2100 {
		return time.Time{}
	}
	return t.UTC()
}

// Seconds returns the time of a count of seconds, milliseconds or
// microseconds since 1970, told apart by its size.
func Seconds(n int64) time.Time {
	switch {
	case n <= 0:
		return time.Time{}
	case n < 1e11:
		return Plausible(time.Unix(n, 0))
	case n < 1e14:
		return Plausible(time.UnixMilli(n))
	}
	return Plausible(time.UnixMicro(n))
}
