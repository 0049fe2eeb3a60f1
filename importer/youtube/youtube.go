// Package youtube reads what Google Takeout hands out of YouTube: comments,
// live chats, community posts, the channel, the owner's videos and playlists,
// as CSV since 2023 and as web pages before, in whatever language the account
// was set to, which names the folders, files and columns.
//
// What was watched and searched for is never looked at.
package youtube

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutCSV  = "youtube-csv"
	LayoutHTML = "youtube-html"
)

// Importer reads Takeouts of YouTube. It holds nothing; the zero value is
// ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "youtube".
func (*Importer) Name() string { return "youtube" }

// A takeout is what find saw.
type takeout struct {
	tables  map[table][]tableFile
	pages   []importer.Member
	reviews []importer.Member
	marked  bool // a folder or a file is YouTube's
	history bool
	videos  bool
	depth   int
}

var (
	errNoComments = errors.New("it is a Takeout of YouTube without comments")
	errMediaOnly  = errors.New("it is a part of a Takeout of YouTube that holds videos only")
)

const (
	askAgain = "in Google Takeout choose YouTube and YouTube Music, press All YouTube data included, keep comments, live chats, posts and channels ticked, and ask again; " +
		"an account that never commented has no comments to hand out"
	allParts = "give all parts of the Takeout in one command"
)

// Recognize looks for tables by their names and first rows, and for the pages
// of older Takeouts.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	t := find(fsys)
	switch {
	case len(t.tables[comments])+len(t.tables[chats])+len(t.tables[posts]) > 0:
		return importer.Match{Sure: 95 - t.depth, Layout: LayoutCSV}, nil
	case len(t.pages) > 0:
		return importer.Match{Sure: 90 - t.depth, Layout: LayoutHTML}, nil
	case len(t.tables[channel])+len(t.tables[videos]) > 0:
		return importer.Match{Sure: 80 - t.depth, Layout: LayoutCSV}, nil
	case t.history || t.marked && !t.videos:
		return importer.Match{}, &importer.HintError{Err: errNoComments, Hint: askAgain}
	case t.marked:
		return importer.Match{}, &importer.HintError{Err: errMediaOnly, Hint: allParts}
	}
	return importer.Match{}, nil
}

// Bounds on looking: playlists can be many, and a folder of somebody's
// documents larger still.
const (
	deepest   = 6
	mostPeeks = 2000
)

func find(fsys fs.FS) takeout {
	t := takeout{tables: map[table][]tableFile{}, depth: deepest}
	peeks := 0
	for m := range importer.Members(fsys) {
		name := importer.Fold(m.Name)
		n := strings.Count(name, "/")
		if n > deepest {
			continue
		}
		inside := inYouTube(name)
		t.marked = t.marked || inside
		switch path.Ext(name) {
		case ".csv":
			if peeks++; peeks > mostPeeks {
				continue
			}
			if f, ok := tableOf(fsys, m, name); ok {
				t.tables[f.table] = append(t.tables[f.table], f)
				t.depth = min(t.depth, n)
			}
		case ".html", ".json":
			if isHistory(name) {
				t.history = t.history || inside || strings.HasPrefix(path.Base(name), "watch-history.")
				continue
			}
			if peeks++; peeks > mostPeeks {
				continue
			}
			switch {
			case path.Ext(name) == ".html" && (pageNames[stem(name)] || inside && isPage(fsys, m)):
				t.pages = append(t.pages, m)
				t.depth = min(t.depth, n)
			case isReviews(name):
				t.reviews = append(t.reviews, m)
			}
		case ".mp4", ".mov", ".avi", ".mkv", ".webm":
			t.videos = t.videos || inside
		}
	}
	return t
}

var errNotYouTube = errors.New("not a Takeout of YouTube")

// Import reads the channel first, which names the owner.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	t := find(fsys)
	if len(t.tables)+len(t.pages) == 0 {
		return errNotYouTube
	}
	r := &run{
		ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out), takeout: t,
		account: store.Account{Platform: "youtube"},
		seen:    map[string]int{}, texts: map[string]*videoText{},
	}
	return intake.Steps(r.ctx, r.readChannel, r.readTables, r.readVideos, r.readPages, r.readReviews, r.finish)
}

// Scopes are the prefixes of keys.
const (
	scopeComment  = "comment"
	scopeChat     = "livechat"
	scopePost     = "post"
	scopeVideo    = "video"
	scopePlaylist = "playlist"
	scopeReview   = "review"
)

// A run is one import.
type run struct {
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log
	takeout takeout
	account store.Account
	keys    identity.Keys

	seen  map[string]int // by scope: records with an id of their own
	twins identity.Set
	texts map[string]*videoText // by the video's id, from the table of texts
	bios  []store.Post
}

// readChannel learns whose Takeout it is. Without the channel's own table the
// comments name it.
func (r *run) readChannel() error {
	for _, t := range []table{channel, channelURL} {
		if err := r.readAll(t); err != nil {
			return err
		}
	}
	if r.account.NativeID == "" {
		r.account.NativeID = r.channelOfComments()
	}
	if r.account.Handle == "" && r.account.NativeID == "" {
		r.account.Name = r.opts.Me
	}
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	for _, p := range r.bios {
		if r.account.NativeID != "" {
			p.URL = "https://www.youtube.com/channel/" + r.account.NativeID
		}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) readTables() error {
	for _, t := range []table{comments, chats, posts, playlists} {
		if err := r.readAll(t); err != nil {
			return err
		}
	}
	return nil
}

// readVideos reads the texts of the owner's videos, which newer Takeouts have
// in a table of their own, and puts the two together.
func (r *run) readVideos() error {
	for _, t := range []table{videoTexts, videos} {
		if err := r.readAll(t); err != nil {
			return err
		}
	}
	return r.restOfVideos()
}

func (r *run) readAll(t table) error {
	for _, f := range r.takeout.tables[t] {
		if err := r.table(f); err != nil {
			return err
		}
	}
	return nil
}

// finish tells what the Takeout holds completely and what it lacks.
func (r *run) finish() error {
	if len(r.takeout.tables[comments])+len(r.takeout.pages) == 0 {
		err := r.Note("no-comments", "", "The Takeout has no comments: if you ever commented, "+askAgain+".")
		if err != nil {
			return err
		}
	}
	for _, s := range []string{scopeComment, scopeChat, scopePost, scopeVideo, scopePlaylist} {
		// Records of the old pages have other keys than those of the tables.
		if r.seen[s] > 0 && !r.Lost(s) && len(r.takeout.pages) == 0 {
			if err := r.Out.Fact(importer.Fact{Scope: s + ":"}); err != nil {
				return err
			}
		}
	}
	return nil
}
