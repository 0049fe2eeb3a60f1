// Package misskey reads the files that Misskey and what grew out of it
// (Calckey, Firefish, Iceshrimp, Sharkey, CherryPick) write when notes,
// favourites or clips are exported, and the zip that Sharkey makes of
// everything. It reads the owner's notes, the addresses of renotes, and the
// favourites and clips, whose texts are there.
package misskey

import (
	"context"
	"io/fs"
	"strings"

	"lookback/importer"
	"lookback/importer/activitypub"
	"lookback/importer/intake"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutNotes  = "misskey-notes"  // notes-2024-01-02-03-04-05.json and its like
	LayoutBundle = "misskey-bundle" // notes.json and others, with the server's name
)

// Importer reads the files. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "misskey".
func (*Importer) Name() string { return "misskey" }

// Recognize looks for exported notes, favourites and clips.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: 95, Layout: p.layout} })
}

// Scopes, as key prefixes. Messages are notes for named people only.
const (
	scopeNotes     = "note:"
	scopeRenotes   = "renote:"
	scopeDirect    = "dm:"
	scopeFavorites = "favorite:"
	scopeClips     = "clip:"
	scopeClipped   = "clipped:"
	scopeBio       = activitypub.ScopeBio
)

// Import reads the profile, the notes, the favourites and the clips.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Misskey", find)
	if err != nil {
		return err
	}
	r := &run{Run: activitypub.NewRun(ctx, "misskey", fsys, opts, out), place: p, roots: map[string]string{}}
	return intake.Steps(ctx, r.owner, r.profile, r.notes, r.favorites, r.clips, r.finish)
}

// A run is one import.
type run struct {
	*activitypub.Run
	place *place
	host  string // of the owner's server; empty where nothing tells it
	about about  // the owner, in a bundle
	count int    // notes
	roots map[string]string
}

// owner finds out whose the notes are: the bundle says so, the single files
// do not.
func (r *run) owner() error {
	if err := r.readAbout(); err != nil {
		return err
	}
	me := activitypub.Me(r.Opts.Me)
	_, r.host, _ = strings.Cut(me, "@")
	if r.about.host != "" {
		r.host = r.about.host
	}
	r.Account.Handle = me
	if r.about.username != "" {
		r.Account.Handle = r.about.username
		if r.host != "" {
			r.Account.Handle += "@" + r.host
		}
	}
	r.Account.Name = strings.TrimSpace(r.about.name)
	r.Account.Created = idTime(r.about.id)
	if t := r.place.made; !t.IsZero() {
		if err := r.Out.Fact(importer.Fact{Generated: t.Unix()}); err != nil {
			return err
		}
	}
	return r.Out.Account(r.Account)
}

// page is the address of a note, where the server is known.
func (r *run) page(id string) string {
	if r.host == "" || id == "" {
		return ""
	}
	return "https://" + r.host + "/notes/" + id
}

func (r *run) profile() error {
	page := ""
	if r.host != "" && r.about.username != "" {
		page = "https://" + r.host + "/@" + r.about.username
	}
	for _, b := range r.about.bios() {
		err := r.Post(store.Post{Key: scopeBio + b[0], Kind: store.KindBio, Own: true, Text: b[1], URL: page,
			Precision: store.PrecisionNone, Audience: store.AudiencePublic})
		if err != nil {
			return err
		}
	}
	return nil
}

// finish says what the files lack and what they hold completely.
func (r *run) finish() error {
	if r.place.notes.Name != "" && r.count == 0 {
		if err := r.Note("empty", r.place.notes.Name, "The file holds no notes."); err != nil {
			return err
		}
	}
	if r.place.notes.Name == "" {
		if err := r.Note("no-notes", "", "The notes themselves are not here: "+hintAsk+"."); err != nil {
			return err
		}
	}
	if r.host == "" || r.Account.Handle == "" {
		text := "The files do not say whose they are: give --me name@server, so that links can be made and later exports are known as the same account's."
		if err := r.Note("owner-unknown", "", text); err != nil {
			return err
		}
	}
	for _, m := range r.place.older {
		if err := r.Note("older-export", m.Name, "A newer export of the same kind is here too, and was read instead: give the older one by itself."); err != nil {
			return err
		}
	}
	if err := r.MessagesNote(); err != nil {
		return err
	}
	if err := r.TextlessNote(); err != nil {
		return err
	}
	return r.scopes()
}

func (r *run) scopes() error {
	notes := []string{scopeNotes, scopeRenotes}
	if r.Opts.Messages {
		notes = append(notes, scopeDirect)
	}
	for _, s := range []struct {
		scope    string
		prefixes []string
	}{
		{scopeNotes, notes}, {scopeFavorites, []string{scopeFavorites}},
		{scopeClips, []string{scopeClips, scopeClipped}}, {scopeBio, []string{scopeBio}},
	} {
		if err := r.Scopes(s.scope, s.prefixes...); err != nil {
			return err
		}
	}
	return nil
}
