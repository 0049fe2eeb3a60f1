package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A Log hands on to the sink what an importer says about an archive: notes
// for the person, and what could not be read. It remembers the scopes of
// which something was lost, for none of them may be stated as whole. A scope
// is whatever the importer counts by: a key prefix, a section, or always "".
type Log struct {
	Out  importer.Sink
	lost map[string]bool
}

// NewLog returns a log in which nothing was lost.
func NewLog(out importer.Sink) *Log { return &Log{Out: out, lost: map[string]bool{}} }

// Note tells the person something about the archive, or about a member.
func (l *Log) Note(code, member, text string) error {
	return l.Out.Fact(importer.Fact{Note: store.Note{Code: code, Member: member, Text: text}})
}

// Skip counts a record, or with 0 a whole member, that could not be read. why
// holds no text of the record.
func (l *Log) Skip(scope, member string, record int, why string) error {
	l.Lose(scope)
	return l.Out.Skip(store.Skip{Member: member, Record: record, Reason: why})
}

// Fail is Skip for a member that err ended; see importer.Lost.
func (l *Log) Fail(scope, member string, err error) error {
	l.Lose(scope)
	return importer.Lost(l.Out, member, err)
}

// Lose marks a scope as not whole, for a loss that was told elsewhere.
func (l *Log) Lose(scope string) { l.lost[scope] = true }

// Lost says whether anything of one of the scopes was lost, or without scopes
// anything at all.
func (l *Log) Lost(scopes ...string) bool {
	for _, s := range scopes {
		if l.lost[s] {
			return true
		}
	}
	return len(scopes) == 0 && len(l.lost) > 0
}

// Whole states key prefixes of which the archive holds everything.
func (l *Log) Whole(prefixes ...string) error {
	for _, p := range prefixes {
		if err := l.Out.Fact(importer.Fact{Scope: p}); err != nil {
			return err
		}
	}
	return nil
}

// Odd tells of a member whose bytes are not what they should be.
func (l *Log) Odd(member string, stats jsonstream.Stats) error {
	if stats.InvalidUTF8 > 0 {
		text := fmt.Sprintf("Records with bytes that are not text, which show as \uFFFD: %d.", stats.InvalidUTF8)
		if err := l.Note("invalid-utf8", member, text); err != nil {
			return err
		}
	}
	if stats.UTF16 {
		return l.Note("utf-16", member, "The file had been saved in another encoding (UTF-16) and was converted.")
	}
	return nil
}

// reasons are what a person reads about a record that was skipped.
var reasons = []struct {
	err  error
	text string
}{
	{importer.ErrLimit, "was not read to its end, for safety: it unpacks to more than an honest export does"},
	{jsonstream.ErrCut, "the file ends in the middle"},
	{jsonstream.ErrSyntax, "is not valid JSON"},
	{jsonstream.ErrTooLarge, "is too large"},
	{jsonstream.ErrTooDeep, "is nested too deeply"},
	{jsonstream.ErrNoArray, "does not hold the list that belongs in it"},
	{jsonstream.ErrTrailing, "something else follows after the end of the list"},
	{ErrPageCut, "the page ends in the middle"},
}

// Reason says in plain words why a record was not read.
func Reason(err error) string {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return r.text
		}
	}
	return "cannot be read"
}

// Alts returns the descriptions of a post's media as posts of their own, so
// that they are looked at too.
func Alts(p *store.Post) []store.Post {
	var alts []store.Post
	for i, m := range p.Media {
		if strings.TrimSpace(m.Alt) == "" {
			continue
		}
		alts = append(alts, store.Post{
			Key: p.Key + "#alt:" + strconv.Itoa(i+1), Kind: store.KindAlt, Own: p.Own, Author: p.Author, Text: m.Alt,
			Created: p.Created, Precision: p.Precision, Audience: p.Audience, URL: p.URL, ReplyTo: p.Key, Place: p.Place,
			Deleted: p.Deleted,
		})
	}
	return alts
}

// Post hands over a post and the descriptions of its media.
func (l *Log) Post(p store.Post) error {
	if err := l.Out.Post(p); err != nil {
		return err
	}
	for _, alt := range Alts(&p) {
		if err := l.Out.Post(alt); err != nil {
			return err
		}
	}
	return nil
}

// Recognize is an importer's Recognize. find looks for the export, and
// returns nil where there is none.
func Recognize[P any](fsys fs.FS, find func(fs.FS) (*P, error), match func(*P) importer.Match) (importer.Match, error) {
	p, err := find(fsys)
	if err != nil || p == nil {
		return importer.Match{}, err
	}
	return match(p), nil
}

// Find is find for an importer's Import: where Recognize would have said no,
// it returns an error that names the platform.
func Find[P any](fsys fs.FS, platform string, find func(fs.FS) (*P, error)) (*P, error) {
	p, err := find(fsys)
	if err == nil && p == nil {
		err = errors.New("not an export of " + platform)
	}
	return p, err
}

// Steps takes one step after the other, until one fails or the context is
// done.
func Steps(ctx context.Context, steps ...func() error) error {
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// Head returns about the first n bytes of a member as UTF-8 text without a
// byte order mark, and nothing where it cannot be read: it is for telling
// files apart, and the reading of the file says what is wrong with it.
func Head(fsys fs.FS, member string, n int64) []byte {
	f, err := fsys.Open(member)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, _, err := jsonstream.NewUTF8Reader(io.LimitReader(f, n))
	if err != nil {
		return nil
	}
	head, err := io.ReadAll(text)
	if err != nil {
		return nil
	}
	return head
}

// Silent is a sink that hears nothing, for a first look at what is read again.
type Silent struct{}

// Account takes an account.
func (Silent) Account(store.Account) error { return nil }

// Post takes a post.
func (Silent) Post(store.Post) error { return nil }

// Skip takes a skip.
func (Silent) Skip(store.Skip) error { return nil }

// Fact takes a fact.
func (Silent) Fact(importer.Fact) error { return nil }
