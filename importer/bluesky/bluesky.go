// Package bluesky reads what Bluesky hands out: the repository as a CAR file,
// which holds every record of one account, and the messages as chat.jsonl.
//
// The record tree is walked from its root, and every block is compared with
// its hash, so that damage and missing records are told and never guessed.
// The package reads the owner's words; reposts and likes are links, because a
// repository has no text of other people.
package bluesky

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutCAR  = "bluesky-car"
	LayoutChat = "bluesky-chat" // chat.jsonl alone
)

// Importer reads repositories of Bluesky. It holds nothing; the zero value is
// ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

var _ importer.Importer = (*Importer)(nil)

// Name is "bluesky".
func (*Importer) Name() string { return "bluesky" }

// place is what was found: members at the root of the archive.
type place struct {
	cars, chats []importer.Member
	failed      error // a .car that holds something else
}

// Recognize looks at the first bytes of the files at the root: the name of a
// repository differs from program to program, and it may have no ending.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	p := find(fsys)
	switch {
	case len(p.cars) > 0:
		return importer.Match{Sure: 95, Layout: LayoutCAR}, nil
	case len(p.chats) > 0:
		return importer.Match{Sure: 85, Layout: LayoutChat}, nil
	}
	return importer.Match{}, p.failed
}

const (
	mostLooks = 200 // files at the root whose first bytes are looked at
	headBytes = 2048
)

func find(fsys fs.FS) place {
	var p place
	looks := 0
	for m := range importer.Members(fsys) {
		if strings.Contains(m.Name, "/") || !mayBe(m.Name) {
			continue
		}
		if looks++; looks > mostLooks {
			break
		}
		head, err := importer.Head(fsys, m.Path, headBytes)
		if err != nil {
			continue // listed as what its name says
		}
		switch {
		case isCAR(head):
			p.cars = append(p.cars, m)
		case isChat(m.Name, head):
			p.chats = append(p.chats, m)
		case strings.EqualFold(path.Ext(m.Name), ".car") && p.failed == nil:
			p.failed = notCAR(head)
		}
	}
	return p
}

// mayBe spares files that are something else by their ending.
func mayBe(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".js", ".html", ".htm", ".txt", ".csv", ".xml", ".css", ".md", ".zip", ".pdf",
		".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".webm", ".mp3", ".m4a", ".ogg", ".opus":
		return false
	}
	return true
}

// isCAR looks for the header of a CAR: a length, then a map with the keys
// roots and version.
func isCAR(head []byte) bool {
	n, rest, err := varint(head)
	if err != nil || n < 10 || len(rest) < 10 || rest[0] != 0xa2 {
		return false
	}
	if n < uint64(len(rest)) {
		rest = rest[:n]
	}
	return bytes.Contains(rest, []byte("eroots")) && bytes.Contains(rest, []byte("gversion\x01"))
}

// isChat looks for a line that mentions a conversation.
func isChat(name string, head []byte) bool {
	ext := strings.ToLower(path.Ext(name))
	if ext != ".jsonl" && ext != ".ndjson" || !bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \r\n\t"), []byte("{")) {
		return false
	}
	return bytes.Contains(head, []byte(`"convoId"`)) || bytes.Contains(head, []byte("chat.bsky.")) ||
		strings.EqualFold(name, "chat.jsonl") && bytes.Contains(head, []byte(`"sender"`))
}

const againHint = "in Bluesky open Settings, Account, Export my data, and download the profile data again"

func notCAR(head []byte) error {
	what := "the file is called .car but is no repository of Bluesky"
	switch start := bytes.TrimSpace(head); {
	case bytes.HasPrefix(start, []byte("{")), bytes.HasPrefix(start, []byte("<")):
		what = "the download holds a message about an error and no repository"
	case len(start) == 0:
		what = "the repository is empty"
	}
	return &importer.HintError{Err: errors.New(what), Hint: againHint}
}

// Explain goes by names, as it sees nothing else.
func (*Importer) Explain(name string) importer.Use {
	if strings.Contains(name, "/") {
		return importer.Use{Kind: importer.UseUnknown}
	}
	switch ext := strings.ToLower(path.Ext(name)); {
	case ext == ".jsonl" || ext == ".ndjson":
		return importer.Use{Kind: importer.UseRead, Why: "what you wrote in private, only when messages are asked for", Messages: true}
	case mayBe(name):
		return importer.Use{Kind: importer.UseRead, Why: "where it is a repository"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// Import reads the repositories in the order of their names, then the
// messages.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p := find(fsys)
	if len(p.cars)+len(p.chats) == 0 {
		if p.failed != nil {
			return p.failed
		}
		return errors.New("not an archive of Bluesky")
	}
	r := &run{ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out)}
	for _, m := range p.cars {
		err := r.repo(m)
		var hint *importer.HintError
		if len(p.cars) > 1 && errors.As(err, &hint) {
			err = importer.Lost(out, m.Name, hint.Err) // the others are good
		}
		if err != nil {
			return err
		}
	}
	if err := r.chats(p.chats); err != nil {
		return err
	}
	return r.finish()
}

// A run is one import.
type run struct {
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log

	account  store.Account
	owners   []string // DIDs of all repositories
	textless int      // reposts and likes
	moved    int      // posts dated long before they were put there
}

// scopes are the prefixes of all keys that come from a repository.
var scopes = []string{"post:", "repost:", "like:", "bio:", "list:", "starterpack:", "generator:", "status:", "record:"}

func (r *run) finish() error {
	if r.textless > 0 {
		text := "Reposts and likes are in the repository as links only, without their text: " + count(r.textless, "link") + "."
		if err := r.Note("links-without-text", "", text); err != nil {
			return err
		}
	}
	if r.moved > 0 {
		text := count(r.moved, "post") + " carried a date at least a day older than the day on which it came to Bluesky, as imported posts do; the older date is shown."
		if err := r.Note("dates-from-client", "", text); err != nil {
			return err
		}
	}
	if len(r.owners) > 1 {
		return r.Note("several-repositories", "", "There are "+count(len(r.owners), "repository")+" here, so it was not judged what is gone from each.")
	}
	if r.Lost() || len(r.owners) == 0 {
		return nil
	}
	for _, s := range scopes {
		if err := r.Out.Fact(importer.Fact{Scope: s}); err != nil {
			return err
		}
	}
	return nil
}

// owner makes did the account of what follows.
func (r *run) owner(did string) error {
	r.account = store.Account{Platform: "bluesky", NativeID: did}
	if me := strings.TrimPrefix(r.opts.Me, "@"); strings.Contains(me, ".") && !strings.Contains(me, ":") {
		r.account.Handle = me
	}
	return r.Out.Account(r.account)
}

func (r *run) addOwner(did string) {
	if !slices.Contains(r.owners, did) {
		r.owners = append(r.owners, did)
	}
}
