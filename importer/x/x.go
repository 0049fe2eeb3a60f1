// Package x reads the archives that X, before 2023 Twitter, hands out: the
// classic one of 2012 to 2019 as JavaScript or CSV, the one of 2018 to 2020
// with its files at the root, and the one with a data folder since 2020.
//
// It reads the owner's own words, what the owner reposted, and what the owner
// liked. It never reads media, and other people's messages never leave this
// package.
package x

import (
	"context"
	"errors"
	"io/fs"

	"lookback/importer"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutClassic    = "x-classic"     // 2012-2019, data/js/tweets/YYYY_MM.js
	LayoutClassicCSV = "x-classic-csv" // the same without JavaScript
	Layout2018       = "x-2018"        // files at the root, tweets without a wrapper
	Layout2020       = "x-2020"        // data/tweet.js
	Layout2022       = "x-2022"        // data/tweets.js
	LayoutTrimmed    = "x-trimmed"     // some of the files, no manifest
)

// Importer reads X archives. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "x".
func (*Importer) Name() string { return "x" }

// Recognize looks for X's files at the root and in the data folder.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	p, err := find(fsys)
	if err != nil || p == nil {
		return importer.Match{}, err
	}
	return importer.Match{Sure: p.sure, Layout: p.layout}, nil
}

// errNotX is what Import says about an archive that Recognize does not know.
var errNotX = errors.New("not an archive of X")

// Import reads everything in order: the account, the profile, posts, likes,
// and the smaller files.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := find(fsys)
	if err != nil {
		return err
	}
	if p == nil {
		return errNotX
	}
	r := newRun(ctx, fsys, opts, out, p)
	switch p.layout {
	case LayoutClassic:
		return r.classic()
	case LayoutClassicCSV:
		return r.classicCSV()
	}
	return r.modern()
}

// A run is one import.
type run struct {
	ctx     context.Context
	fsys    fs.FS
	opts    importer.Options
	out     importer.Sink
	place   *place
	account store.Account

	manifest *manifest           // nil when there is none
	lost     map[string]bool     // by key of the member: something of it was not read
	read     map[string]bool     // by key: every part was opened
	partial  bool                // the archive lacks a part
	records  map[string]int      // by path: records seen
	extra    map[string]bool     // ids of tweets that came from the smaller files
	media    map[string]bool     // media folders that are there
	notes    map[int64][]*note   // long texts by the second of their tweet
	waiting  []waiting           // tweets of such a second without a match yet
	chains   map[string]*chain   // edited tweets by the id of each version
	roots    map[string]string   // own replies to own tweets: where the thread began
	repaired int                 // dates taken from the id
	textless int                 // likes without a text
	groups   map[string]string   // names of group conversations
	sent     map[string]struct{} // ids of messages of long conversations
}

func newRun(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink, p *place) *run {
	return &run{
		ctx: ctx, fsys: fsys, opts: opts, out: out, place: p,
		account: store.Account{Platform: "x"},
		lost:    map[string]bool{},
		read:    map[string]bool{},
		records: map[string]int{},
		extra:   map[string]bool{},
		media:   map[string]bool{},
		notes:   map[int64][]*note{},
		chains:  map[string]*chain{},
		roots:   map[string]string{},
		groups:  map[string]string{},
		sent:    map[string]struct{}{},
	}
}

// note tells the person something about the archive.
func (r *run) note(code, member, text string) error {
	return r.out.Fact(importer.Fact{Note: store.Note{Code: code, Member: member, Text: text}})
}

// modern reads the layouts since 2018.
func (r *run) modern() error {
	steps := []func() error{
		r.readManifest, r.missingParts, r.readAccount, r.readProfile,
		r.loadNotes, r.readTweets, r.finishTweets, r.checkHeaders,
		r.readLikes, r.readMessages, r.readWords, r.finishFacts,
	}
	for _, step := range steps {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
