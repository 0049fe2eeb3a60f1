// Package mastodon reads what Mastodon and its relatives glitch-soc and
// Hometown hand out as "archive" (a tar.gz until 2023, then a zip), the
// backups of Pleroma and Akkoma, and archives of the same form that tools
// make for GoToSocial. It also knows the files of the program
// mastodon-archive.
//
// It reads the owner's words, and the addresses of what the owner boosted,
// liked and bookmarked: their texts are not in these archives.
package mastodon

import (
	"context"
	"io/fs"

	"lookback/importer"
	"lookback/importer/activitypub"
	"lookback/importer/intake"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutArchive = "mastodon"         // outbox.json of Mastodon
	LayoutPleroma = "mastodon-pleroma" // outbox.json of Pleroma or Akkoma
	LayoutPage    = "mastodon-page"    // a page of an outbox, saved from the server
	LayoutTool    = "mastodon-archive" // host.user.name.json of mastodon-archive
)

// Importer reads the archives. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "mastodon".
func (*Importer) Name() string { return "mastodon" }

// Recognize looks for an outbox or a file of mastodon-archive.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: p.sure, Layout: p.layout} })
}

// Import reads the profile, the posts and boosts, and the addresses of likes
// and bookmarks.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Mastodon", find)
	if err != nil {
		return err
	}
	r := &run{Run: activitypub.NewRun(ctx, "mastodon", fsys, opts, out), place: p}
	if p.layout == LayoutTool {
		return r.tool()
	}
	return r.archive()
}

// Further scopes, as key prefixes.
const (
	scopeLikes     = "like:"
	scopeBookmarks = "bookmark:"
)

// A run is one import.
type run struct {
	*activitypub.Run
	place *place
}

func (r *run) archive() error {
	outbox := activitypub.Outbox{Run: r.Run, Media: r.place.media}
	if m := r.place.actor; m.Name != "" {
		p, err := r.ReadActor(m)
		if err != nil {
			return err
		}
		outbox.Actor = p.ID
		r.Owner(&p)
		if r.Account.Handle != "" || r.Account.NativeID != "" {
			if err := r.Out.Account(r.Account); err != nil {
				return err
			}
			if err := r.Bios(&p); err != nil {
				return err
			}
		}
	}
	if err := outbox.Read(r.place.outbox); err != nil {
		return err
	}
	for _, c := range []struct {
		m     importer.Member
		scope string
		who   store.Audience
	}{{r.place.likes, scopeLikes, store.AudienceUnknown}, {r.place.bookmarks, scopeBookmarks, store.AudienceOnlyMe}} {
		if c.m.Name == "" {
			continue
		}
		if err := r.Links(c.m, c.scope, c.who); err != nil {
			return err
		}
	}
	return r.finish(&outbox)
}

// finish says what the archive lacks and what it holds completely.
func (r *run) finish(outbox *activitypub.Outbox) error {
	notes := []func() error{r.MessagesNote, r.TextlessNote, func() error { return r.odd(outbox) }}
	for _, note := range notes {
		if err := note(); err != nil {
			return err
		}
	}
	if r.place.layout == LayoutPage {
		return r.Out.Fact(importer.Fact{Partial: true})
	}
	posts := []string{activitypub.ScopePosts, activitypub.ScopeBoosts}
	if r.Opts.Messages {
		posts = append(posts, activitypub.ScopeDirect)
	}
	for _, s := range []struct {
		scope    string
		prefixes []string
	}{
		{activitypub.ScopePosts, posts}, {scopeLikes, []string{scopeLikes}},
		{scopeBookmarks, []string{scopeBookmarks}}, {activitypub.ScopeBio, []string{activitypub.ScopeBio}},
	} {
		if err := r.Scopes(s.scope, s.prefixes...); err != nil {
			return err
		}
	}
	return nil
}

// odd tells of archives that are not what they should be.
func (r *run) odd(outbox *activitypub.Outbox) error {
	switch {
	case r.place.layout == LayoutPage:
		return r.Note("partial", r.place.outbox.Name, "This is one page of the posts, saved from the server: for all of them "+hintAsk+".")
	case outbox.Items == 0:
		return r.Note("empty", r.place.outbox.Name, "The archive holds no posts: if the account has some, "+hintAsk+".")
	case r.Account.Handle == "" && r.Account.NativeID == "":
		return r.Note("owner-unknown", "", "The archive does not say whose it is: give --me name@server.")
	case r.place.actor.Name == "":
		return r.Note("no-profile", "", "The file actor.json, which holds the profile, is not in the archive.")
	}
	return nil
}
