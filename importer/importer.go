// Package importer opens export archives and turns them into posts. It reads
// only: nothing in an archive is ever changed, unpacked or written, and no
// text of a post goes into an error.
//
// An archive is always an fs.FS. The package opens it (a zip, a folder, a
// tar.gz, several parts of one export, a folder inside a folder), asks every
// importer in the list whether it is theirs, and hands it to those that say
// so. An importer knows one platform and nothing of the store.
package importer

import (
	"context"
	"io/fs"

	"lookback/store"
)

// Importer reads the archives of one platform.
type Importer interface {
	// Name is the stable key of the platform: "x", "facebook". It is also
	// the name of its fixture folder.
	Name() string
	// Recognize says whether fsys is an archive of this platform. It looks
	// at names and first bytes only and never reads whole members. The zero
	// Match means no. A *HintError means that it is this platform's, but
	// cannot be used: the hint says what to ask for instead.
	Recognize(fsys fs.FS) (Match, error)
	// Explain says what Import does with the member called name, a
	// slash-separated path in the same fsys that Recognize saw.
	Explain(name string) Use
	// Import reads fsys and hands everything to out. Members are streamed;
	// memory does not grow with the archive. A record that cannot be read
	// is given to out.Skip and the rest goes on. An error from out is
	// returned as it is. Any other error ends this archive; what was handed
	// over before is kept.
	Import(ctx context.Context, fsys fs.FS, opts Options, out Sink) error
}

// Match is an importer's answer to whether an archive is its own.
type Match struct {
	// Sure is 0 for no, 1 to 100 for how sure. Every importer with 50 or
	// more reads the archive: Instagram's export can hold Threads too.
	Sure int
	// Layout names the era or form, e.g. "x-2022" or "facebook-html-2023".
	Layout string
}

// Options are what the person chose.
type Options struct {
	// Messages also reads the private messages that the owner sent.
	Messages bool
	// Me names the owner in exports that do not say whose they are.
	Me string
}

// Sink takes what an importer reads. Calls come from one goroutine.
type Sink interface {
	// Account names the owner. It is called before the first Post, and again
	// when more is learnt.
	Account(a store.Account) error
	// Post takes one post. AccountID is filled in by the sink. The importer
	// may reuse nothing that it handed over.
	Post(p store.Post) error
	// Skip counts a record that could not be read.
	Skip(s store.Skip) error
	// Fact takes a fact about the archive as a whole.
	Fact(f Fact) error
}

// Fact is something an importer learnt about the archive. Only the fields
// that are set count; facts add up.
type Fact struct {
	// Layout corrects Match.Layout.
	Layout string
	// Generated is set from the archive's own date of making, unix seconds.
	Generated int64
	// Partial: the archive is one part, trimmed, or limited to a range.
	Partial bool
	// Scope is a key prefix, e.g. "tweet:", that the archive holds
	// completely: a stored post with this prefix that it lacks is gone from
	// the account. Stated only after everything of that scope was read
	// without a loss.
	Scope string
	// Note is shown to the person.
	Note store.Note
}

// Use is what an importer does with a member.
type Use struct {
	Kind UseKind
	Why  string // for Ignored: "advertising data", "media, not text"
	// Messages: read only with Options.Messages.
	Messages bool
}

// UseKind is read, ignored or unknown.
type UseKind string

// The uses. Unknown members are listed, never fatal.
const (
	UseRead    UseKind = "read"
	UseIgnored UseKind = "ignored"
	UseUnknown UseKind = "unknown"
)

// HintError is a failure that the person can do something about.
type HintError struct {
	Err  error
	Hint string // one sentence: what to do next
}

func (e *HintError) Error() string {
	if e.Hint == "" {
		return e.Err.Error()
	}
	return e.Err.Error() + ": " + e.Hint
}

func (e *HintError) Unwrap() error { return e.Err }
