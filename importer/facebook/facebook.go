// Package facebook reads the exports that Facebook hands out: the web pages of
// 2010 to 2018, the JSON and the pages since then, and the messages of
// encrypted chats that come as a download of their own.
//
// It reads the owner's own words and what the owner endorsed. It never reads
// media, and other people's messages never leave this package.
package facebook

import (
	"context"
	"io/fs"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/meta"
	"lookback/store"
)

// Importer reads Facebook exports. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "facebook".
func (*Importer) Name() string { return "facebook" }

// Recognize looks at the names of the members, and for encrypted chats at
// their first bytes.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: p.sure, Layout: p.layout} })
}

// Import reads the profile, then everything that is JSON, then the pages: in
// a folder into which somebody unpacked both, the pages add only what the
// JSON lacks.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Facebook", find)
	if err != nil {
		return err
	}
	r := &run{
		Reader: meta.NewReader(ctx, fsys, out), opts: opts, place: p,
		account: store.Account{Platform: "facebook"},
		names:   map[string]bool{},
		seen:    map[string]bool{},
	}
	return intake.Steps(ctx, r.readOwner, r.readBios, r.readEdits, r.readSections, r.readMessages, r.finish)
}

// A run is one import.
type run struct {
	*meta.Reader
	opts    importer.Options
	place   *place
	account store.Account
	names   map[string]bool // the owner's, present and former, squashed
	bios    []store.Post

	keys     meta.Keys
	captions identity.Set    // captions of media that were emitted, by media and text
	seen     map[string]bool // sections of which a file was read
	edits    map[string][]edit

	zone       meta.Zone // of pages
	generated  time.Time
	newest     time.Time
	oldest     time.Time
	unsure     bool // a time of an assumed zone was given
	textless   int
	posts      int
	registered time.Time
}

// emit hands over a post with its media's texts.
func (r *run) emit(p store.Post) error {
	r.posts++
	r.unsure = r.unsure || p.Precision == store.PrecisionZone
	if !p.Created.IsZero() && p.Kind != store.KindBio && p.Precision != store.PrecisionDay {
		if r.oldest.IsZero() || p.Created.Before(r.oldest) {
			r.oldest = p.Created
		}
		if p.Created.After(r.newest) {
			r.newest = p.Created
		}
	}
	return r.Post(p)
}

// readSections reads what is neither profile nor message.
func (r *run) readSections() error {
	for _, page := range []bool{false, true} {
		r.keys.Form()
		for _, f := range r.place.files {
			s := sections[f.section]
			if f.page != page || s.emit == nil {
				continue
			}
			r.seen[f.section] = true
			var err error
			switch {
			case f.section == secWall:
				err = r.readWall(f)
			case page:
				err = r.readPage(f, s)
			default:
				err = r.readJSON(f, s)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) readJSON(f file, s section) error {
	return meta.Each(r.Reader, f.meta(), parseRecord, func(_ int, rec *record) error {
		rec.at(meta.At(rec.Time))
		return s.emit(r, f, rec)
	})
}
