// Package linkedin reads the archives that LinkedIn hands out: the basic one,
// the complete one, and those of 2015 and 2018, whose files are in other
// encodings and dialects of CSV.
//
// It reads what the owner wrote (posts, comments, articles, recommendations
// given, votes, the profile, and private messages when asked for) and, as
// links, reactions and reposts. Other people's words never leave this package.
package linkedin

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutBasic    = "linkedin-basic"    // neither posts nor comments
	LayoutComplete = "linkedin-complete" // since 2019
	Layout2018     = "linkedin-2018"     // UTF-16, tabs, other columns
	Layout2015     = "linkedin-2015"     // Likes.csv
)

// Importer reads LinkedIn's archives. It holds nothing; the zero value is
// ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "linkedin".
func (*Importer) Name() string { return "linkedin" }

// deepest is how many folders may lie around a file.
const deepest = 3

// An archive is what find saw.
type archive struct {
	layout   string
	sure     int
	known    int // files with names that only LinkedIn uses
	files    map[table][]importer.Member
	articles []importer.Member
}

// Recognize looks for files with LinkedIn's names and the header of at least
// one of them.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	a := find(fsys)
	if a.sure == 0 && a.known >= 3 {
		return importer.Match{}, &importer.HintError{Err: errNoWords,
			Hint: "ask LinkedIn for the larger data archive, with everything in it, and wait for the second mail"}
	}
	return importer.Match{Sure: a.sure, Layout: a.layout}, nil
}

func find(fsys fs.FS) archive {
	a := archive{files: map[table][]importer.Member{}}
	verified, depth := 0, deepest
	for m := range importer.Members(fsys) {
		name := importer.Fold(m.Name)
		if strings.Count(name, "/") > deepest {
			continue
		}
		if isArticle(name) {
			a.articles = append(a.articles, m)
			continue
		}
		f, ok := fileOf(name)
		if !ok {
			continue
		}
		depth = min(depth, strings.Count(name, "/"))
		if f.special {
			a.known++
		}
		if f.header == nil {
			continue
		}
		if !looksRight(fsys, m, f) {
			continue // a file of that name of somebody else's
		}
		verified++
		if f.table != none {
			a.files[f.table] = append(a.files[f.table], m)
		}
	}
	switch {
	case verified > 0 && a.known+verified >= 2:
		a.sure = 95 - depth
	case verified > 0:
		a.sure = 75 - depth
	default:
		return archive{known: a.known}
	}
	a.layout = a.era(fsys)
	return a
}

// era tells the generations apart.
func (a *archive) era(fsys fs.FS) string {
	for _, m := range append(slices.Clip(a.files[shares]), a.files[messages]...) {
		if columns := headerOf(fsys, m); has(columns, "sharetitle") || has(columns, "from", "direction") {
			return Layout2018
		}
	}
	switch {
	case len(a.files[reactions]) > 0 && slices.ContainsFunc(a.files[reactions], func(m importer.Member) bool {
		return strings.HasPrefix(path.Base(importer.Fold(m.Name)), "likes")
	}):
		return Layout2015
	case len(a.files[shares])+len(a.files[comments]) > 0:
		return LayoutComplete
	}
	return LayoutBasic
}

var (
	errNotLinkedIn = errors.New("not an archive of LinkedIn")
	errNoWords     = errors.New("it looks like an archive of LinkedIn without anything that you wrote")
)

// Import reads the profile first, which names the owner.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	a := find(fsys)
	if a.sure == 0 {
		return errNotLinkedIn
	}
	r := &run{
		ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out), archive: a,
		account: store.Account{Platform: "linkedin", Name: opts.Me},
		seen:    map[string]int{},
	}
	return intake.Steps(r.ctx, r.readOwner, r.readTables, r.readArticles, r.readMessages, r.finish)
}

// A run is one import.
type run struct {
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log
	archive archive
	account store.Account
	keys    identity.Keys

	seen     map[string]int // by scope: records read
	own      identity.Set   // URNs of the owner's posts
	vague    int            // posts whose audience LinkedIn does not explain
	bios     []store.Post   // found before the account was named
	nameless bool           // messages were there, their owner was not
}

// readOwner reads Profile.csv, then what else the profile says.
func (r *run) readOwner() error {
	for _, m := range r.archive.files[profile] {
		if err := r.table(m, profile); err != nil {
			return err
		}
	}
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	for _, p := range r.bios {
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	return nil
}

// readTables reads the other tables but for the private messages.
func (r *run) readTables() error {
	for _, t := range []table{details, shares, comments, reactions, reposts, votes, richMedia, recommendations} {
		for _, m := range r.archive.files[t] {
			if err := r.table(m, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) readMessages() error {
	private := append(slices.Clip(r.archive.files[messages]), r.archive.files[invitations]...)
	if len(private) == 0 {
		return nil
	}
	if !r.opts.Messages {
		return r.Note("messages-not-read", "", "The archive holds private messages. They are read only when you ask for it.")
	}
	for _, t := range []table{messages, invitations} {
		for _, m := range r.archive.files[t] {
			if err := r.table(m, t); err != nil {
				return err
			}
		}
	}
	if r.nameless {
		return r.Note("owner-unknown", "", "The archive does not say whose it is, so your own messages could not be told from other people's: "+
			"give your name as LinkedIn shows it with --me, or ask for the archive again with Profile ticked.")
	}
	return nil
}

// finish tells what the archive holds completely and what it lacks.
func (r *run) finish() error {
	if r.vague > 0 {
		err := r.Note("audience-unclear", "", "Posts that LinkedIn marks MEMBER_NETWORK: "+number(r.vague)+
			". It does not explain the word, so take them to be readable by everybody on LinkedIn.")
		if err != nil {
			return err
		}
	}
	if len(r.archive.files[shares])+len(r.archive.files[comments]) == 0 {
		err := r.Note("no-shares", "", "The archive has neither posts nor comments: LinkedIn sends them, if there are any, in a second archive "+
			"up to three days after the first; ask for the larger archive and wait for the second mail.")
		if err != nil {
			return err
		}
	}
	for _, scope := range []string{scopeShare, scopeComment, scopeReaction, scopeRepost, scopeVote, scopeRecommendation, scopeMessage} {
		if r.seen[scope] > 0 && !r.Lost(scope) && !(scope == scopeMessage && r.nameless) {
			if err := r.Out.Fact(importer.Fact{Scope: scope + ":"}); err != nil {
				return err
			}
		}
	}
	return nil
}

// me is the owner's name as messages have it.
func (r *run) me() string { return cmp.Or(r.account.Name, r.opts.Me) }
