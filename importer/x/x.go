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
	"io/fs"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
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
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: p.sure, Layout: p.layout} })
}

// Import reads everything in order: the account, the profile, posts, likes,
// and the smaller files.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "X", find)
	if err != nil {
		return err
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
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log
	place   *place
	account store.Account

	manifest *manifest         // nil when there is none
	read     map[string]bool   // by key: every part was opened
	partial  bool              // the archive lacks a part
	records  map[string]int    // by path: records seen
	extra    identity.Set      // ids of tweets that came from the smaller files
	media    map[string]bool   // media folders that are there
	notes    map[int64][]*note // long texts by the second of their tweet
	waiting  []waiting         // tweets of such a second without a match yet
	chains   map[string]*chain // edited tweets by the id of each version
	roots    map[string]string // own replies to own tweets: where the thread began
	repaired int               // dates taken from the id
	textless int               // likes without a text
	groups   map[string]string // names of group conversations
	sent     identity.Set      // ids of messages of long conversations
}

func newRun(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink, p *place) *run {
	return &run{
		ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out), place: p,
		account: store.Account{Platform: "x"},
		read:    map[string]bool{},
		records: map[string]int{},
		media:   map[string]bool{},
		notes:   map[int64][]*note{},
		chains:  map[string]*chain{},
		roots:   map[string]string{},
		groups:  map[string]string{},
	}
}

// modern reads the layouts since 2018.
func (r *run) modern() error {
	return intake.Steps(r.ctx,
		r.readManifest, r.missingParts, r.readAccount, r.readProfile,
		r.loadNotes, r.readTweets, r.finishTweets, r.checkHeaders,
		r.readLikes, r.readMessages, r.readWords, r.finishFacts)
}
