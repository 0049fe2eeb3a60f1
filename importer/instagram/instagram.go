// Package instagram reads the exports that Instagram hands out: the JSON of
// 2018 to 2020 with its files at the root, and the JSON and the pages since
// then.
//
// It reads the owner's own words and what the owner endorsed. It never reads
// media, and other people's messages never leave this package. Threads, which
// can lie in the same export, has an importer of its own.
package instagram

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"time"

	"lookback/importer"
	"lookback/importer/instagram/form"
	"lookback/importer/intake"
	"lookback/importer/meta"
	"lookback/importer/pattern"
	"lookback/store"
)

// Importer reads Instagram exports. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "instagram".
func (*Importer) Name() string { return "instagram" }

// Recognize looks at the names of the members, and for the oldest layout at
// their first bytes.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: p.sure, Layout: p.layout} })
}

// Import reads the profile, then everything that is JSON, then the pages: in
// a folder into which somebody unpacked both, the pages add only what the
// JSON lacks.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Instagram", find)
	if err != nil {
		return err
	}
	r := &run{
		Pen: form.NewPen(meta.NewReader(ctx, fsys, out)), opts: opts, place: p,
		account: store.Account{Platform: "instagram"},
		names:   map[string]bool{},
		seen:    map[string]bool{},
	}
	return intake.Steps(ctx, r.missingParts, r.readOwner, r.readBios, r.calibrate, r.readSections, r.readMessages, r.finish)
}

// A run is one import.
type run struct {
	*form.Pen
	opts       importer.Options
	place      *place
	account    store.Account
	names      map[string]bool // the owner's, present and former, squashed
	registered time.Time
	profile    form.Profile
	changes    []change
	seen       map[string]bool // sections of which a file was read
	senders    int             // messages, whoever sent them
	sent       int             // messages of the owner's
}

// readSections reads what is neither profile nor message.
func (r *run) readSections() error {
	for _, page := range []bool{false, true} {
		r.Form(page)
		for _, f := range r.place.files {
			emit := emitter(f.section)
			if f.page != page || emit == nil {
				continue
			}
			r.seen[sections[f.section].scope] = true
			r.File()
			var err error
			switch {
			case f.old:
				err = r.readOld(f)
			case page:
				err = r.readPage(f)
			default:
				err = meta.Each(r.Reader, f.meta(), form.Parse, func(_ int, rec *form.Record) error { return emit(r, f, rec) })
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) readPage(f file) error {
	read, emit := form.EntryOf, emitter(f.section)
	if sections[f.section].posts {
		read = form.PostOf
	}
	return r.Page(f.meta(), meta.Options{}, func(_ int, box *meta.Node, _ *meta.Frame) error {
		return emit(r, f, read(box, r.Zone))
	})
}

// missingParts tells of gaps between the numbers of files: exports are sent in
// several zips.
func (r *run) missingParts() error {
	have, last := map[string]map[int]bool{}, map[string]int{}
	var order []file
	for _, f := range r.place.files {
		base := path.Base(f.name)
		name, n := base, 1
		if m := part.FindStringSubmatch(base); m != nil {
			name = m[1] + m[3]
			n, _ = strconv.Atoi(m[2])
		}
		at := path.Join(path.Dir(f.name), name)
		if have[at] == nil {
			have[at] = map[int]bool{}
			order = append(order, f)
		}
		have[at][n] = true
		last[at] = max(last[at], n)
	}
	for _, f := range order {
		at := path.Join(path.Dir(f.name), part.ReplaceAllString(path.Base(f.name), "$1$3"))
		for n := 1; n < last[at] && n < 1000; n++ {
			if have[at][n] {
				continue
			}
			r.Lose(f.section)
			if err := r.Out.Fact(importer.Fact{Partial: true}); err != nil {
				return err
			}
			text := fmt.Sprintf("Part %d of these files is missing while later ones are there: give all parts of the export together.", n)
			if err := r.Note("part-missing", f.name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

var part = pattern.New(`^(.+?)_(\d{1,3})(\.[A-Za-z]+)$`)

// finish says what is known about the export as a whole.
func (r *run) finish() error {
	whole, err := r.Finish(r.registered)
	if err != nil {
		return err
	}
	switch {
	case r.Posts == 0 && !r.has(secMessage):
		err = r.Note("empty", "", "The export holds nothing that you wrote: when you ask for it again, tick media, comments, likes, and personal information, for all time.")
	case !r.has(secPost) && !r.has(secStory) && !r.has(secReel) && !r.has(secComment):
		err = r.Note("posts-missing", "", "The export has neither your posts nor your comments: when you ask for it again, tick media and comments, for all time.")
	}
	if err != nil || !whole {
		return err
	}
	return r.scopes()
}

func (r *run) has(section string) bool {
	return slices.ContainsFunc(r.place.files, func(f file) bool { return f.section == section })
}

// scopes names what the archive holds all of. Posts count only where their
// own file is there: archived and deleted ones have the same keys.
func (r *run) scopes() error {
	lost := map[string]bool{}
	for name, s := range sections {
		lost[s.scope] = lost[s.scope] || r.Lost(name)
	}
	var names []string
	for name, s := range sections {
		if s.whole && r.has(name) && r.seen[s.scope] && !lost[s.scope] && !slices.Contains(names, s.scope) {
			names = append(names, s.scope)
		}
	}
	if r.seen[secProfile] && !r.Lost(secProfile) {
		names = append(names, "bio")
	}
	slices.Sort(names)
	for i := range names {
		names[i] += ":"
	}
	return r.Whole(names...)
}
