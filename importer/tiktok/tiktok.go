// Package tiktok reads the exports that TikTok hands out: one JSON file, or a
// folder of text files, in the spellings of all years and, for text files, in
// the language of the account.
//
// It reads what the owner wrote (captions, comments, live comments, reviews,
// the profile, and private messages when asked for) and, as links, what the
// owner liked, marked as a favourite or reposted. What was watched and
// searched for is never looked at.
package tiktok

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/csvstream"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/pattern"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutJSON2020 = "tiktok-json-2020" // user_data.json, root "Activity"
	LayoutJSON2024 = "tiktok-json-2024" // root "Your Activity"
	LayoutJSON2025 = "tiktok-json-2025" // root "Likes and Favorites"
	LayoutText     = "tiktok-txt"
)

// Importer reads TikTok's exports. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "tiktok".
func (*Importer) Name() string { return "tiktok" }

// fold is the name of a member or a field without case, blanks and marks.
func fold(name string) string { return csvstream.Column(name) }

// deepest is how many folders may lie around the files: more would be
// somebody's whole disk.
const deepest = 3

// An export is what find saw. It is surer the nearer the files lie, so that
// the folders around them do not count as parts of their names.
type export struct {
	layout string
	sure   int
	json   []importer.Member
	text   []importer.Member
}

// Recognize looks for the JSON file by its name and first keys, and for text
// files by their names and first lines.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	e := find(fsys)
	return importer.Match{Sure: e.sure, Layout: e.layout}, nil
}

func find(fsys fs.FS) export {
	var e export
	known, verified, inside, depth := 0, 0, 0, deepest
	for m := range importer.Members(fsys) {
		name := importer.Fold(m.Name)
		if strings.Count(name, "/") > deepest {
			continue
		}
		switch path.Ext(name) {
		case ".json":
			if sure, layout := looksJSON(fsys, m); sure > 0 {
				e.json = append(e.json, m)
				e.layout = max(e.layout, layout)
				e.sure = max(e.sure, sure-strings.Count(name, "/"))
			}
		case ".txt":
			depth = min(depth, strings.Count(name, "/"))
			section, ok := sectionOf(name)
			e.text = append(e.text, m)
			in := strings.Contains("/"+name, "/tiktok/")
			if in {
				inside++
			}
			if ok {
				known++
			}
			if (ok && section != other || in) && verified < 2 && looksText(fsys, m) {
				verified++
			}
		}
	}
	if len(e.json) > 0 {
		if verified == 0 {
			e.text = nil
		}
		return e
	}
	switch {
	case verified > 0 && (known >= 2 || inside >= 2):
		e.layout, e.sure = LayoutText, 90-depth
	case verified > 0 && known == 1, inside >= 2 && known >= 2:
		e.layout, e.sure = LayoutText, 70-depth
	}
	return e
}

// roots are the folded names with which the JSON file can begin.
var roots = []string{
	"activity", "youractivity", "adsanddata", "appsettings", "comment", "directmessage", "directmessages",
	"groupchat", "incomepluswallet", "incomepluswallettransactions", "incomewallettransactions",
	"likesandfavorites", "locationreview", "poireview", "post", "profile", "profileandsettings",
	"tiktoklive", "tiktokshop", "tiktokshopping", "video", "purchases", "tiktokshoppingproductreviewhistory",
}

var (
	dataFile = pattern.New(`^user_data(_tiktok)?([ _(-].*)?\.json$`)
	keyRE    = pattern.New(`"([^"\\]{1,60})"\s*:\s*[{\[]`)
)

// lists are names that occur in no other platform's export.
var lists = []string{`"ItemFavoriteList"`, `"FavoriteVideoList"`, `"CommentsList"`, `"ProfileMap"`, `"FavoriteEffectsList"`, `"ChatHistory"`, `"WatchLiveMap"`}

// looksJSON judges a JSON file by its name and the first 16 KB.
func looksJSON(fsys fs.FS, m importer.Member) (sure int, layout string) {
	base := path.Base(importer.Fold(m.Name))
	head, err := importer.Head(fsys, m.Path, 16<<10)
	if err != nil {
		return 0, ""
	}
	text := plainHead(head)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return 0, ""
	}
	layout = LayoutJSON2020
	named := dataFile.MatchString(base)
	first := false
	for i, k := range keyRE.FindAllStringSubmatch(text, -1) {
		key := fold(k[1])
		first = first || i == 0 && slices.Contains(roots, key)
		switch key {
		case "likesandfavorites", "profileandsettings":
			layout = LayoutJSON2025
		case "youractivity", "directmessage", "posts":
			layout = max(layout, LayoutJSON2024)
		}
	}
	special := slices.ContainsFunc(lists, func(l string) bool { return strings.Contains(text, l) })
	switch {
	case named && (first || special || strings.Contains(base, "tiktok")):
		return 95, layout
	case first && special:
		return 80, layout
	}
	return 0, ""
}

// plainHead drops a byte order mark and the zeros of UTF-16.
func plainHead(head []byte) string {
	text := strings.TrimPrefix(string(head), "\ufeff")
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		text = strings.ReplaceAll(text[2:], "\x00", "")
	}
	return text
}

var recordRE = pattern.New(`(?m)^(>>> Chat History with |[^:\n]{1,60}: *\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( UTC)?\r?$|(Username|Gebruikersnaam): *[\w.]+\r?$)`)

// looksText reports whether a text file begins as TikTok's do.
func looksText(fsys fs.FS, m importer.Member) bool {
	head, err := importer.Head(fsys, m.Path, 4<<10)
	return err == nil && recordRE.MatchString(plainHead(head))
}

var errNotTikTok = errors.New("not an export of TikTok")

// Import reads the profile first, which names the owner, then the rest.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	e := find(fsys)
	if e.sure == 0 {
		return errNotTikTok
	}
	r := &run{
		ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out),
		account: store.Account{Platform: "tiktok"},
		seen:    map[string]int{}, named: map[string]int{},
	}
	if err := r.owner(e); err != nil {
		return err
	}
	for _, m := range e.json {
		if err := r.json(m, contentPlaces); err != nil {
			return err
		}
	}
	for _, m := range e.text {
		if err := r.text(m); err != nil {
			return err
		}
	}
	return r.finish()
}

// A run is one import.
type run struct {
	ctx  context.Context
	fsys fs.FS
	opts importer.Options
	*intake.Log
	account store.Account
	bio     string
	private bool // the account was private when the export was made
	keys    identity.Keys

	seen     map[string]int // by scope: records read
	named    map[string]int // by scope: times that its list was there, empty or not
	messages bool           // the export holds private messages
}

// owner learns whose export it is.
func (r *run) owner(e export) error {
	for _, m := range e.json {
		if err := r.json(m, ownerPlaces); err != nil {
			return err
		}
	}
	for _, m := range e.text {
		switch s, _ := sectionOf(importer.Fold(m.Name)); s {
		case profile, settings:
			if err := r.textOwner(m, s); err != nil {
				return err
			}
		}
	}
	if r.account.Handle == "" {
		r.account.Handle = strings.TrimPrefix(r.opts.Me, "@")
	}
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	for _, t := range []struct{ part, text string }{{"name", r.account.Name}, {"description", r.bio}} {
		if strings.TrimSpace(t.text) == "" {
			continue
		}
		p := store.Post{Key: "bio:" + t.part, Kind: store.KindBio, Own: true, Text: t.text, Precision: store.PrecisionNone}
		if r.account.Handle != "" {
			p.URL = "https://www.tiktok.com/@" + r.account.Handle
		}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	return nil
}

// finish tells what the export holds completely and what it lacks.
func (r *run) finish() error {
	if r.messages && !r.opts.Messages {
		if err := r.Note("messages-not-read", "", "The export holds private messages. They are read only when you ask for it."); err != nil {
			return err
		}
	}
	if r.messages && r.opts.Messages && r.account.Handle == "" {
		r.Lose(scopeMessage)
		err := r.Note("owner-unknown", "", "The export does not say whose it is, so your own messages could not be told from other people's: "+
			"give your TikTok name with --me, or ask for the export again with Profile ticked.")
		if err != nil {
			return err
		}
	}
	if r.named[scopeComment] == 0 && r.named[scopePost] == 0 && !r.Lost() {
		err := r.Note("no-posts", "", "The export has neither comments nor posts: if you have any, ask for it again with all categories ticked.")
		if err != nil {
			return err
		}
	}
	if r.Lost("") {
		return nil
	}
	for _, scope := range []string{scopePost, scopeComment, scopeLike, scopeFavourite, scopeRepost, scopeMessage} {
		if r.seen[scope] > 0 && !r.Lost(scope) {
			if err := r.Out.Fact(importer.Fact{Scope: scope + ":"}); err != nil {
				return err
			}
		}
	}
	return nil
}
