// Package xapi reads posts of X in the shape of its API, version 1.1, as
// programs that people used kept them: an array, the answer to a search, or
// one object a line.
//
// Accounts and keys are those of importer/x, so that such a file and X's own
// archive make one account.
package xapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/pattern"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutArray  = "x-api-array"
	LayoutSearch = "x-api-search" // {"statuses": [...]}
	LayoutLines  = "x-api-lines"  // one object a line, or one alone
)

// Importer reads posts in the shape of the API. The zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "xapi"; the accounts are of the platform "x".
func (*Importer) Name() string { return "xapi" }

// A file is one list of posts.
type file struct {
	path, layout string
}

var created = pattern.New(`"created_at"\s*:\s*"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}"`)

// find lists the files at the root of fsys.
func find(fsys fs.FS) []file {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var found []file
	tried := 0
	for _, e := range entries {
		if e.IsDir() || !isJSON(e.Name()) || tried == 256 {
			continue
		}
		tried++
		if layout := layoutOf(fsys, e.Name()); layout != "" {
			found = append(found, file{e.Name(), layout})
		}
	}
	return found
}

func isJSON(name string) bool {
	switch path.Ext(strings.ToLower(name)) {
	case ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}

// layoutOf looks for a post at the beginning of a file: a date as only this
// API writes it, an id and a text.
func layoutOf(fsys fs.FS, name string) string {
	head, err := importer.Head(fsys, name, 64<<10)
	if err != nil {
		return ""
	}
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	if !created.Match(head) || !bytes.Contains(head, []byte(`"id`)) || !bytes.Contains(head, []byte(`text"`)) ||
		!bytes.Contains(head, []byte(`"user"`)) && !bytes.Contains(head, []byte(`"entities"`)) {
		return ""
	}
	at := bytes.Index(head, []byte(`"statuses"`))
	switch {
	case head[0] == '[':
		return LayoutArray
	case head[0] != '{':
		return ""
	case at >= 0 && at < created.FindIndex(head)[0], bytes.HasPrefix(bytes.TrimSpace(head[1:]), []byte(`"search_metadata"`)):
		return LayoutSearch
	}
	return LayoutLines
}

// Recognize looks at the first bytes of the JSON files.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	files := find(fsys)
	if len(files) == 0 {
		return importer.Match{}, nil
	}
	return importer.Match{Sure: 75, Layout: files[0].layout}, nil
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	if isJSON(name) && !strings.Contains(name, "/") {
		return importer.Use{Kind: importer.UseRead}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// Import reads every file twice: to learn whose posts they are, and to hand
// them over.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	files := find(fsys)
	if len(files) == 0 {
		return errors.New("no posts in the shape of the API of X")
	}
	r := &run{Run: intake.NewRun(ctx, fsys, opts, out), account: store.Account{Platform: "x"}, roots: map[string]string{}}
	for _, f := range files {
		quiet := intake.NewRun(ctx, fsys, opts, intake.Silent{})
		if err := each(&quiet, f, func(_ int, t *tweet) error { r.meet(t); return nil }); err != nil {
			return err
		}
	}
	if err := r.owner(); err != nil || r.account.NativeID == "" && r.account.Handle == "" {
		return err
	}
	for _, f := range files {
		if err := each(&r.Run, f, r.tweet); err != nil {
			return err
		}
	}
	if r.repaired > 0 {
		text := fmt.Sprintf("Posts with a date that cannot be right: %d. It was taken from the post's number instead.", r.repaired)
		if err := r.Note("dates-repaired", "", text); err != nil {
			return err
		}
	}
	if err := r.Note("api-limit", "", "X's API gives at most the newest 3,200 posts: X's own archive has them all."); err != nil {
		return err
	}
	return r.Out.Fact(importer.Fact{Partial: true})
}

// run is one import.
type run struct {
	intake.Run
	account  store.Account
	keys     identity.Keys
	people   []person // who wrote the posts, the first few hundred
	roots    map[string]string
	repaired int
}

type person struct {
	u     user
	posts int
}

const peopleMax = 512

// meet counts the posts of each author.
func (r *run) meet(t *tweet) {
	if t.User == nil {
		return
	}
	id := userID(t.User)
	for i := range r.people {
		p := &r.people[i]
		if userID(&p.u) == id {
			p.posts++
			if p.u.ScreenName == "" || t.User.Description != "" && p.u.Description == "" {
				p.u = *t.User
			}
			return
		}
	}
	if len(r.people) < peopleMax {
		r.people = append(r.people, person{*t.User, 1})
	}
}

// owner decides whose posts they are: the only author, or the one whom the
// person named.
func (r *run) owner() error {
	me := intake.Name(r.Opts.Me)
	var found *user
	for i := range r.people {
		u := &r.people[i].u
		if len(r.people) == 1 || me != "" && (intake.Name(u.ScreenName) == me || userID(u) == me) {
			found = u
			break
		}
	}
	if found == nil && len(r.people) == 0 {
		r.account.Handle = strings.TrimPrefix(r.Opts.Me, "@")
	}
	if found == nil {
		if err := r.Out.Account(r.account); err != nil || r.account.Handle != "" {
			return err
		}
		var names intake.People
		for _, p := range r.people {
			names.Add(p.u.ScreenName)
		}
		return r.Owner(&names, 1)
	}
	r.account.NativeID, r.account.Handle, r.account.Name = userID(found), found.ScreenName, found.Name
	r.account.Created, _, _ = postTime("", found.CreatedAt)
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	return r.profile(found)
}

// profile hands over the texts of the profile, under the keys of importer/x.
func (r *run) profile(u *user) error {
	for _, b := range []struct{ key, text string }{
		{"bio:name", u.Name}, {"bio:description", expand(unescape(u.Description), nil)}, {"bio:location", unescape(u.Location)},
	} {
		if strings.TrimSpace(b.text) == "" {
			continue
		}
		p := store.Post{Key: b.key, Kind: store.KindBio, Own: true, Text: b.text, Precision: store.PrecisionNone}
		if u.ScreenName != "" {
			p.URL = "https://x.com/" + u.ScreenName
		}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	return nil
}
