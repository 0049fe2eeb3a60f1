// Package snapchat reads what Snapchat hands out as "My Data": JSON where it
// was asked for, else the pages of HTML that are always there.
//
// It reads what the owner wrote under what they published, and the chats that
// the owner sent when messages were asked for. Snapchat keeps little: saved
// chats and recent ones. What others wrote never leaves this package.
package snapchat

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutJSON = "snapchat-json"
	LayoutHTML = "snapchat-html"
)

// Importer reads Snapchat's exports. The zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "snapchat".
func (*Importer) Name() string { return "snapchat" }

// A place is where in an fs.FS the export lies.
type place struct {
	layout string
	sure   int
	json   string   // folder of the JSON files, with a slash; may be empty
	chats  string   // chat_history.json, where it is
	pages  []string // of chats
}

// find looks at the root of fsys, and for the JSON files given by themselves.
func find(fsys fs.FS) (*place, error) {
	p := &place{}
	for _, dir := range []string{"json/", ""} {
		chats := isOurs(fsys, dir+"chat_history.json", "Media Type", "Saved Chat History", "Created(microseconds)")
		if chats || isOurs(fsys, dir+"account.json", `"Basic Information"`) {
			p.json, p.layout, p.sure = dir, LayoutJSON, 95
			if exists(fsys, dir+"chat_history.json") {
				p.chats = dir + "chat_history.json"
			}
			break
		}
	}
	p.pages = pages(fsys)
	switch {
	case p.chats != "":
	case len(p.pages) > 0 && isOurs(fsys, p.pages[0], "Chat History", "Snapchat"), isOurs(fsys, "html/account.html", "Snapchat"):
		p.sure = 95
		if p.layout == "" {
			p.layout = LayoutHTML
		}
	case p.layout == "" && mediaOnly(fsys):
		return nil, &importer.HintError{Err: errors.New("only the media of a Snapchat export are here"),
			Hint: "give all of its zips together; the first one, mydata~….zip without a number at its end, holds the text"}
	}
	if p.layout == "" {
		return nil, nil
	}
	return p, nil
}

// isOurs says whether one of the words is at the beginning of a member.
func isOurs(fsys fs.FS, name string, words ...string) bool {
	head, err := importer.Head(fsys, name, 32<<10)
	return err == nil && slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(head, []byte(w)) })
}

// mediaOnly knows the later zips of an export.
func mediaOnly(fsys fs.FS) bool {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil || len(entries) == 0 {
		return false
	}
	found := false
	for _, e := range entries {
		if !e.IsDir() {
			return false
		}
		switch e.Name() {
		case "chat_media", "shared_story":
			found = true
		case "memories":
		default:
			return false
		}
	}
	return found
}

// pages lists the pages of chats; the first one may hold them all.
func pages(fsys fs.FS) []string {
	var found []string
	if _, err := fs.Stat(fsys, "html/chat_history.html"); err == nil {
		found = append(found, "html/chat_history.html")
	}
	entries, err := fs.ReadDir(fsys, "html/chat_history")
	if err != nil {
		return found
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasPrefix(e.Name(), "subpage_") && path.Ext(e.Name()) == ".html" {
			found = append(found, "html/chat_history/"+e.Name())
		}
	}
	return found
}

// Recognize looks for the account's and the chats' files.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	p, err := find(fsys)
	if p == nil {
		return importer.Match{}, err
	}
	return importer.Match{Sure: p.sure, Layout: p.layout}, nil
}

// captions are the files that can hold words of the owner beside the chats.
// No export with such words was seen; the usual names are tried.
var captions = []struct {
	file     string
	audience store.Audience
}{
	{"shared_story.json", store.AudiencePublic},
	{"story_history.json", store.AudienceUnknown},
	{"public_profiles.json", store.AudiencePublic},
	{"spotlight.json", store.AudiencePublic},
	{"memories_history.json", store.AudienceOnlyMe},
}

// ignored are the files without words of the owner, by their stem.
var ignored = map[string]string{
	"account_history": "names and devices of earlier days", "friends": "friends, not words of yours",
	"snap_history": "snaps without text", "talk_history": "calls", "search_history": "searches",
	"location_history": "places", "purchase_history": "purchases", "in_app_reports": "reports to Snapchat",
	"support_note": "letters to Snapchat", "user_profile": "what Snapchat thinks of you", "ranking": "figures",
	"terms_history": "terms", "connected_apps": "apps", "bitmoji": "an avatar", "snapchat_ai": "an avatar",
	"cameos_metadata": "pictures", "email_campaign_history": "advertising", "login_history": "logins",
	"subscriptions": "subscriptions", "faq": "an explanation", "snap_ads": "advertising", "shop_history": "purchases",
	"snap_games_and_minis": "games", "my_lenses": "lenses", "my_sounds": "sounds", "payments": "purchases",
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	dir, base := path.Split(name)
	stem, ext := strings.TrimSuffix(base, path.Ext(base)), path.Ext(base)
	top, _, _ := strings.Cut(dir, "/")
	switch {
	case top == "chat_media" || top == "memories" || top == "shared_story":
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	case base == "chat_history.json":
		return importer.Use{Kind: importer.UseRead, Messages: true}
	case base == "chat_history.html", dir == "html/chat_history/":
		return importer.Use{Kind: importer.UseRead, Why: "when the export has no JSON", Messages: true}
	case stem == "account" && ext == ".json":
		return importer.Use{Kind: importer.UseRead}
	case stem == "account" && ext == ".html":
		return importer.Use{Kind: importer.UseRead, Why: "when the export has no JSON"}
	case slices.ContainsFunc(captions, func(c struct {
		file     string
		audience store.Audience
	}) bool {
		return c.file == base
	}):
		return importer.Use{Kind: importer.UseRead, Why: "captions"}
	case ignored[stem] != "":
		return importer.Use{Kind: importer.UseIgnored, Why: ignored[stem]}
	case name == "index.html", ext == ".html" && top == "html", ext == ".css", ext == ".js", ext == ".png", ext == ".svg":
		return importer.Use{Kind: importer.UseIgnored, Why: "part of the pages, not data"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// Import reads the export.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := find(fsys)
	if err != nil {
		return err
	}
	if p == nil {
		return errors.New("not an export of Snapchat")
	}
	r := &run{Run: intake.NewRun(ctx, fsys, opts, out), account: store.Account{Platform: "snapchat"}, place: p}
	for _, step := range []func() error{r.owner, r.captions, r.chats} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// run is one import.
type run struct {
	intake.Run
	place   *place
	account store.Account
	keys    identity.Keys
	people  intake.People
	media   map[string]string // files of chat_media by id
	sent    int
}

// owner learns whose export it is.
func (r *run) owner() error {
	name := "html/account.html"
	var err error
	switch {
	case r.place.layout == LayoutJSON && exists(r.FS, r.place.json+"account.json"):
		name = r.place.json + "account.json"
		err = r.Walk(name, intake.Walker{Scalar: func(path, value string) {
			switch path {
			case "Basic Information/Username":
				r.account.Handle = value
			case "Basic Information/Name", "Basic Information/Display Name":
				r.account.Name = value
			case "Basic Information/Creation Date":
				r.account.Created = when(value)
			}
		}})
	case exists(r.FS, name):
		err = r.accountPage(name)
	}
	if err != nil {
		return err
	}
	if r.account.Handle == "" {
		r.account.Handle = intake.Name(r.Opts.Me)
	}
	if err := r.Out.Account(r.account); err != nil || r.account.Name == "" {
		return err
	}
	return r.Out.Post(store.Post{Key: "bio:name", Kind: store.KindBio, Own: true, Text: r.account.Name, Precision: store.PrecisionNone, URL: r.profile()})
}

func (r *run) profile() string {
	if r.account.Handle == "" || strings.Contains(r.account.Handle, " ") {
		return ""
	}
	return "https://www.snapchat.com/add/" + r.account.Handle
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// isMe says whether a sender is the owner.
func (r *run) isMe(sender string) bool {
	s := intake.Name(sender)
	return s != "" && (s == intake.Name(r.account.Handle) || s == intake.Name(r.Opts.Me))
}

// when reads "2024-03-01 10:11:12 UTC".
func when(s string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05 MST", time.DateTime, time.RFC3339} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return intake.Plausible(t)
		}
	}
	return time.Time{}
}

// A chat is one message.
type chat struct {
	from, to, kind, created, micros string
	text, title, mine, media        string
}

// system are the kinds of records that nobody wrote.
func (c *chat) system() bool {
	k := strings.ToUpper(c.kind)
	return strings.HasPrefix(k, "STATUS") || strings.Contains(k, "MISSED") || strings.HasPrefix(k, "ERASED")
}

// send hands over one message of the owner's. Neither the conversation nor
// its name is part of the key, for pages and JSON name it differently.
func (r *run) send(c *chat, place string, group bool) error {
	r.sent++
	text := strings.TrimSpace(html.UnescapeString(c.text))
	if text == "" || c.system() {
		return nil
	}
	p := store.Post{Kind: store.KindDM, Own: true, Text: text, Audience: store.AudienceDirect, Place: place}
	if group {
		p.Audience = store.AudienceGroup
	}
	p.Created = when(c.created)
	if n, err := strconv.ParseInt(c.micros, 10, 64); p.Created.IsZero() && err == nil {
		p.Created = intake.Seconds(n).Truncate(time.Second)
	}
	if p.Created.IsZero() {
		p.Precision = store.PrecisionNone
	}
	for _, id := range strings.Split(c.media, "|") {
		if member := r.mediaFile(strings.TrimSpace(id)); member != "" {
			p.Media = append(p.Media, store.Media{Member: member})
		}
	}
	p.Key, _ = r.keys.Key("dm", identity.Time(p.Created), text)
	return r.Out.Post(p)
}

// mediaFile finds chat_media/2024-03-01_<id>.jpg.
func (r *run) mediaFile(id string) string {
	if id == "" {
		return ""
	}
	if r.media == nil {
		r.media = map[string]string{}
		entries, err := fs.ReadDir(r.FS, "chat_media")
		if err != nil {
			return ""
		}
		for _, e := range entries {
			stem := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
			if _, id, ok := strings.Cut(stem, "_"); ok {
				r.media[id] = "chat_media/" + e.Name()
			}
		}
	}
	return r.media[id]
}

// chats reads the messages.
func (r *run) chats() error {
	if r.place.chats == "" && len(r.place.pages) == 0 {
		text := "The export has no chats: when you ask for it again, tick the chat history and Export JSON files."
		return r.Note("no-chats", "", text)
	}
	if !r.Opts.Messages {
		return r.Note("messages-not-read", "", "The export holds private messages. They are read only when you ask for it with --messages.")
	}
	var err error
	if r.place.chats != "" {
		err = r.jsonChats()
	} else {
		err = r.pageChats()
	}
	if err != nil {
		return err
	}
	if r.sent == 0 && r.people.List(1) != "" {
		if err := r.Owner(&r.people, 1); err != nil {
			return err
		}
	}
	return r.Note("saved-only", "", "Snapchat exports only chats that were saved, and the latest ones: most of what was sent is not in it.")
}
