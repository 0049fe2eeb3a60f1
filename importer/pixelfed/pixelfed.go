// Package pixelfed reads the JSON files that Pixelfed offers one by one:
// pixelfed-statuses.json since 2025, outbox.json before, and account.json
// with the profile. It reads the owner's words only; the photos are in none
// of the files.
package pixelfed

import (
	"context"
	"io/fs"
	"strings"

	"lookback/importer"
	"lookback/importer/activitypub"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutStatuses = "pixelfed-statuses"
	LayoutOutbox   = "pixelfed-outbox"
)

// Importer reads the files. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "pixelfed".
func (*Importer) Name() string { return "pixelfed" }

// Recognize looks for the statuses, or for an outbox with Pixelfed's
// addresses.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: 95, Layout: p.layout} })
}

// Import reads the profile and the posts.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Pixelfed", find)
	if err != nil {
		return err
	}
	r := &run{Run: activitypub.NewRun(ctx, "pixelfed", fsys, opts, out), place: p}
	if p.layout == LayoutOutbox {
		return r.outbox()
	}
	return r.statuses()
}

// A run is one import.
type run struct {
	*activitypub.Run
	place *place
	items int
	named bool
	me    activitypub.Profile // as the statuses name the owner
	at    activitypub.Server
}

// profile reads account.json, where it is given.
func (r *run) profile() (p activitypub.Profile, ok bool, err error) {
	m := r.place.account
	if m.Name == "" {
		return p, false, nil
	}
	if p, err = r.ReadActor(m); err != nil {
		return p, false, err
	}
	r.Owner(&p)
	if r.Account.Handle == "" {
		return p, false, nil
	}
	if err := r.Out.Account(r.Account); err != nil {
		return p, false, err
	}
	return p, true, r.Bios(&p)
}

func (r *run) outbox() error {
	p, _, err := r.profile()
	if err != nil {
		return err
	}
	o := activitypub.Outbox{Run: r.Run, Actor: p.ID}
	if err := o.Read(r.place.outbox); err != nil {
		return err
	}
	if err := r.Note("partial", r.place.outbox.Name,
		"This older export holds the newest posts only and not what they answer: download the statuses in Settings, Data Export instead."); err != nil {
		return err
	}
	if err := r.Out.Fact(importer.Fact{Partial: true}); err != nil {
		return err
	}
	return r.finish()
}

func (r *run) statuses() error {
	var err error
	if _, r.named, err = r.profile(); err != nil {
		return err
	}
	m := r.place.statuses
	err = activitypub.Each(r.Run, activitypub.ScopePosts, m, jsonstream.Options{}, activitypub.ParseStatus, func(record int, s *activitypub.Status) error {
		r.items++
		if err := r.name(&s.Account, s.URL); err != nil {
			return err
		}
		return r.status(m, record, s)
	})
	if err != nil {
		return err
	}
	if !r.named {
		r.Account.Handle = activitypub.Me(r.Opts.Me)
		if err := r.Out.Account(r.Account); err != nil {
			return err
		}
	}
	if r.items == 0 {
		if err := r.Note("empty", m.Name, "The file holds no posts."); err != nil {
			return err
		}
	}
	prefixes := []string{activitypub.ScopePosts, activitypub.ScopeBoosts}
	if r.Opts.Messages {
		prefixes = append(prefixes, activitypub.ScopeDirect)
	}
	if err := r.Scopes(activitypub.ScopePosts, prefixes...); err != nil {
		return err
	}
	if err := r.Scopes(activitypub.ScopeBio, activitypub.ScopeBio); err != nil {
		return err
	}
	return r.finish()
}

func (r *run) finish() error {
	if err := r.MessagesNote(); err != nil {
		return err
	}
	return r.TextlessNote()
}

// name takes the owner from the first status, which names its author.
func (r *run) name(author *activitypub.Profile, address string) error {
	first := r.me.ID == ""
	if first {
		r.me = *author
		if r.at.Host = activitypub.Host(author.URL); r.at.Host == "" {
			r.at.Host = activitypub.Host(address)
		}
		if r.at.Host != "" {
			r.at.Posts = "https://" + r.at.Host + "/i/web/post/"
		}
	}
	if r.named {
		if !first {
			return nil
		}
		return r.Bios(author) // account.json lacks pronouns and place
	}
	r.named = true
	r.Owner(author)
	if h := activitypub.Handle(address); h != "" && !strings.Contains(r.Account.Handle, "@") {
		r.Account.Handle = h
	}
	if r.Account.Handle == "" {
		r.Account.Handle = activitypub.Me(r.Opts.Me)
	}
	if err := r.Out.Account(r.Account); err != nil {
		return err
	}
	return r.Bios(author)
}

func (r *run) status(m importer.Member, record int, s *activitypub.Status) error {
	p := s.Post(&r.me, r.at)
	if strings.HasSuffix(p.Key, ":") {
		return r.Skip(activitypub.ScopePosts, m.Name, record, "has no id")
	}
	switch {
	case p.Kind == store.KindDM && !r.Opts.Messages:
		r.Withheld++
		return nil
	case p.Kind == store.KindRepost && p.Text == "":
		r.Textless++
	}
	return r.Post(p)
}
