// Package reddit reads the export that Reddit makes on request: a flat zip of
// CSV files. It reads the owner's posts, comments, drafts and notes, the
// addresses of what the owner upvoted and saved, and, when asked to, the
// messages that the owner sent. Addresses of networks, devices and payments
// are never read.
package reddit

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/pattern"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutExport  = "reddit"         // with statistics.csv, which names the account
	LayoutTrimmed = "reddit-trimmed" // some of the files
)

// Importer reads the export. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "reddit".
func (*Importer) Name() string { return "reddit" }

// Recognize looks for Reddit's files by their names and columns.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	return intake.Recognize(fsys, find, func(p *place) importer.Match { return importer.Match{Sure: p.sure, Layout: p.layout} })
}

// Import reads the account, then the files one after the other.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Reddit", find)
	if err != nil {
		return err
	}
	r := &run{
		ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out), place: p, account: store.Account{Platform: "reddit"},
		sums: map[string]string{}, read: map[string]bool{},
	}
	return intake.Steps(ctx, r.checkfile, r.statistics, r.ownIDs, r.posts, r.comments, r.drafts, r.notes, r.endorsements, r.messages, r.chats, r.verify, r.finish)
}

// A run is one import.
type run struct {
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log
	place   *place
	account store.Account

	sums map[string]string // SHA-256 by the name of the file
	read map[string]bool   // by kind: read to the end

	own      identity.Set // keys of the owner's posts and comments
	given    identity.Set // keys handed over
	oldest   time.Time
	texts    int // posts and comments
	removed  int // of them without a text
	textless int // upvoted and saved
	withheld bool
	partial  bool
}

func (r *run) skip(kind string, m importer.Member, record int, why string) error {
	return r.Skip(kind, m.Name, record, why)
}

// post hands a post over, once.
func (r *run) post(p store.Post) error {
	if !r.given.Add(p.Key) {
		return nil
	}
	return r.Out.Post(p)
}

// checkfile reads the checksums of the files.
func (r *run) checkfile() error {
	return r.each(kindCheckfile, func(_ importer.Member, _ int, row *row) error {
		if name, sum := strings.ToLower(row.get("filename")), strings.ToLower(row.get("sha256")); name != "" && len(sum) == 64 {
			r.sums[name] = sum
		}
		return nil
	})
}

var userName = pattern.New(`^[A-Za-z0-9_-]{2,24}$`)

// statistics reads whose export it is and when it was made.
func (r *run) statistics() error {
	var made time.Time
	err := r.each(kindStatistics, func(_ importer.Member, _ int, row *row) error {
		value := row.get("value")
		switch strings.ToLower(row.get("statistic")) {
		case "account name":
			r.account.Handle = strings.TrimPrefix(value, "u/")
		case "export time":
			made, _ = parseTime(value)
		case "registration date":
			r.account.Created, _ = parseTime(value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !made.IsZero() {
		if err := r.Out.Fact(importer.Fact{Generated: made.Unix()}); err != nil {
			return err
		}
	}
	if me := strings.TrimPrefix(strings.TrimPrefix(r.opts.Me, "/"), "u/"); r.account.Handle == "" && userName.MatchString(me) {
		r.account.Handle = me
	}
	return r.Out.Account(r.account)
}

// verify says which files of the check list are not here.
func (r *run) verify() error {
	if r.place.layout == LayoutTrimmed {
		r.partial = true
		if err := r.Note("no-statistics", "", "The file statistics.csv, which names the account, is not here, so nobody can tell whether the export is whole."); err != nil {
			return err
		}
	}
	for _, name := range missing(r.sums, r.place) {
		r.partial = true
		if err := r.Note("part-missing", "", name+" is listed in checkfile.csv but is not in the archive."); err != nil {
			return err
		}
	}
	if !r.partial {
		return nil
	}
	return r.Out.Fact(importer.Fact{Partial: true})
}

const hintAsk = "ask at reddit.com/settings/data-request for the full account, not for a range of dates"

// finish tells what a person should know, and what the export holds
// completely.
func (r *run) finish() error {
	notes := []struct {
		when       bool
		code, text string
	}{
		{r.textless > 0, "likes-without-text", fmt.Sprintf("Posts and comments that you upvoted, saved or awarded, of which the export has only the address: %d.", r.textless)},
		{r.removed > 0, "removed", fmt.Sprintf("Posts and comments that were removed or deleted, of which the export has no text: %d.", r.removed)},
		{r.withheld, "messages-not-read", "The archive holds private messages. They are read only when you ask for it."},
		{r.texts == 0, "empty", "The export holds no posts or comments: if the account has some, " + hintAsk + "."},
		{r.late(), "range", fmt.Sprintf("The oldest text is of %s, though the account is of %s: if you chose a range of dates, %s.",
			r.oldest.Format("January 2006"), r.account.Created.Format("January 2006"), hintAsk)},
	}
	for _, n := range notes {
		if !n.when {
			continue
		}
		if err := r.Note(n.code, "", n.text); err != nil {
			return err
		}
	}
	if r.partial || r.late() {
		return nil
	}
	return r.scopes()
}

// late says whether the texts begin so long after the account that the export
// may be of a range of dates; nothing in it would say so.
func (r *run) late() bool {
	const long = 366 * 24 * time.Hour
	return !r.oldest.IsZero() && !r.account.Created.IsZero() && r.oldest.Sub(r.account.Created) > long
}

func (r *run) scopes() error {
	for _, s := range []struct {
		prefix string
		kinds  []string
	}{
		{"post:", []string{kindPosts}}, {"comment:", []string{kindComments}}, {"draft:", []string{kindDrafts}},
		{"scheduled:", []string{kindScheduled}}, {"multireddit:", []string{kindMultis}}, {"friend:", []string{kindFriends}},
		{"poll:", []string{kindPolls}}, {"vote:", []string{kindPostVotes, kindCommentVotes}},
		{"saved:", []string{kindSavedPosts, kindSavedComments}}, {"gilded:", []string{kindGilded}},
		{"message:", []string{kindMessages}}, {"chat:", []string{kindChats}},
	} {
		whole := true
		for _, k := range s.kinds {
			whole = whole && r.read[k] && !r.Lost(k)
		}
		if !whole {
			continue
		}
		if err := r.Out.Fact(importer.Fact{Scope: s.prefix}); err != nil {
			return err
		}
	}
	return nil
}
