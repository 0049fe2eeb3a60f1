// Package telegram reads what Telegram Desktop exports: one chat or the whole
// account, as JSON or as pages of HTML.
//
// What the owner wrote in public groups and channels is read always, other
// chats only when messages were asked for. Messages of other people never
// leave this package, but for those in public chats that the owner sent on or
// reacted to.
package telegram

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/pattern"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutJSON     = "telegram-json"
	LayoutJSONChat = "telegram-json-chat" // one chat
	LayoutHTML     = "telegram-html"
	LayoutHTMLChat = "telegram-html-chat"
)

// Importer reads Telegram's exports. The zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "telegram".
func (*Importer) Name() string { return "telegram" }

// A place is where in an fs.FS the export lies.
type place struct {
	layout string
	sure   int
	json   string   // the file of the JSON form
	pages  []string // the pages of messages, in order
}

var (
	chatType  = pattern.New(`"type"\s*:\s*"(personal_chat|bot_chat|saved_messages|replies|verification_codes|private_group|private_supergroup|public_supergroup|private_channel|public_channel)"`)
	messages  = pattern.New(`"messages"\s*:\s*\[`)
	personal  = pattern.New(`"personal_information"\s*:\s*\{\s*"(user_id|first_name)"`)
	chatsList = pattern.New(`"(left_)?chats"\s*:\s*\{\s*("about"\s*:\s*"[^"]*",\s*)?"list"`)
)

const headSize = 64 << 10

func jsonLayout(fsys fs.FS, name string) string {
	head, err := importer.Head(fsys, name, headSize)
	if err != nil {
		return ""
	}
	switch {
	case personal.Match(head), chatsList.Match(head):
		return LayoutJSON
	case chatType.Match(head) && messages.Match(head):
		return LayoutJSONChat
	}
	return ""
}

// find looks at the root of fsys; what wraps an archive has been taken away
// before.
func find(fsys fs.FS) (*place, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, nil
	}
	have := map[string]bool{}
	tried := 0
	for _, e := range entries {
		have[strings.ToLower(e.Name())] = true
		if e.IsDir() || path.Ext(strings.ToLower(e.Name())) != ".json" || tried == 8 {
			continue
		}
		tried++
		if layout := jsonLayout(fsys, e.Name()); layout != "" {
			return &place{layout: layout, sure: 95, json: e.Name()}, nil
		}
	}
	if have["messages.html"] && isPage(fsys, "messages.html") {
		return &place{layout: LayoutHTMLChat, sure: 90, pages: pages(fsys, ".")}, nil
	}
	if have["export_results.html"] || have["chats"] && have["lists"] && have["css"] {
		return findFull(fsys)
	}
	return nil, nil
}

// findFull knows the pages of the whole account.
func findFull(fsys fs.FS) (*place, error) {
	dirs, err := fs.ReadDir(fsys, "chats")
	if err != nil {
		return nil, nil
	}
	p := &place{layout: LayoutHTML, sure: 90}
	for _, d := range dirs {
		if d.IsDir() {
			p.pages = append(p.pages, pages(fsys, path.Join("chats", d.Name()))...)
		}
	}
	if len(p.pages) > 0 && isPage(fsys, p.pages[0]) {
		return p, nil
	}
	return nil, &importer.HintError{Err: errors.New("an export of Telegram without any chat"),
		Hint: "export again in Telegram Desktop and tick the kinds of chats that you wrote in"}
}

// isPage knows Telegram's pages by what they load and hold.
func isPage(fsys fs.FS, name string) bool {
	head, err := importer.Head(fsys, name, headSize)
	return err == nil && bytes.Contains(head, []byte("page_wrap")) && bytes.Contains(head, []byte("css/style.css"))
}

var pageName = pattern.New(`^messages(\d{0,6})\.html$`)

// pages lists the pages of one chat: messages.html, messages2.html, ...
func pages(fsys fs.FS, dir string) []string {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		if pageName.MatchString(e.Name()) {
			found = append(found, path.Join(dir, e.Name()))
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return found
}

// Recognize looks at the first bytes of the JSON file, or at the pages.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	p, err := find(fsys)
	if p == nil {
		return importer.Match{}, err
	}
	return importer.Match{Sure: p.sure, Layout: p.layout}, nil
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	dir, base := path.Split(name)
	read := importer.Use{Kind: importer.UseRead}
	switch {
	case dir == "" && path.Ext(base) == ".json", pageName.MatchString(base), base == "export_results.html", name == "lists/chats.html":
		return read
	case strings.HasPrefix(dir, "css/"), strings.HasPrefix(dir, "js/"), strings.HasPrefix(dir, "images/"):
		return importer.Use{Kind: importer.UseIgnored, Why: "part of the pages, not data"}
	case strings.HasPrefix(dir, "lists/"):
		return importer.Use{Kind: importer.UseIgnored, Why: "contacts, devices and settings, not words of yours"}
	case isMedia(dir, base):
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

func isMedia(dir, base string) bool {
	for _, d := range strings.Split(dir, "/") {
		switch d {
		case "photos", "video_files", "files", "voice_messages", "round_video_messages", "stickers", "profile_pictures", "stories", "contacts":
			return true
		}
	}
	switch path.Ext(base) {
	case ".jpg", ".png", ".webp", ".mp4", ".ogg", ".tgs", ".webm":
		return true
	}
	return false
}

// Import reads the export.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	p, err := find(fsys)
	if err != nil {
		return err
	}
	if p == nil {
		return errors.New("not an export of Telegram")
	}
	r := &run{
		Run:     intake.NewRun(ctx, fsys, opts, out),
		account: store.Account{Platform: "telegram"},
	}
	if p.json != "" {
		return r.json(p)
	}
	return r.html(p)
}

// run is one import.
type run struct {
	intake.Run
	account  store.Account
	named    bool // the sink knows the account
	keys     identity.Keys
	people   intake.People
	private  int // own messages in chats that were not asked for
	unsigned int // posts in the name of a channel
	owned    int // messages of the owner
	bio      string
}

// name tells the sink whose export it is, and again when more is known.
func (r *run) name() error {
	r.named = true
	return r.Out.Account(r.account)
}

func (r *run) post(p store.Post) error {
	if !r.keys.Take(p.Key) {
		return nil
	}
	return r.emit(p)
}

// emit hands over a post whose key is new.
func (r *run) emit(p store.Post) error {
	if !r.named {
		if err := r.name(); err != nil {
			return err
		}
	}
	return r.Out.Post(p)
}

// isMe says whether a sender is whom the person named with --me.
func (r *run) isMe(name, id string) bool {
	me := intake.Name(r.Opts.Me)
	if me == "" {
		return false
	}
	return intake.Name(name) == me || id != "" && (intake.Name(id) == me || strings.TrimPrefix(id, "user") == me)
}

// ended tells what a person should know once all was read.
func (r *run) ended() error {
	if !r.named {
		if err := r.name(); err != nil {
			return err
		}
	}
	if r.private > 0 && !r.Opts.Messages {
		text := "The export holds private chats. They are read only when you ask for it with --messages."
		if err := r.Note("messages-not-read", "", text); err != nil {
			return err
		}
	}
	if r.unsigned > 0 {
		text := "Some posts bear only the name of their channel and were not read: if a channel is yours, give its name with --me."
		if err := r.Note("channel-posts", "", text); err != nil {
			return err
		}
	}
	if r.owned == 0 && r.account.NativeID == "" && r.people.List(1) != "" {
		return r.Owner(&r.people, 1)
	}
	return nil
}

// A chat is what the export says of the chat that a message is in.
type chat struct {
	name, kind, id string
}

func (c *chat) public() bool {
	return strings.HasPrefix(c.kind, "public_")
}

func (c *chat) audience() store.Audience {
	switch {
	case c.public():
		return store.AudiencePublic
	case c.kind == "saved_messages":
		return store.AudienceOnlyMe
	case c.kind == "personal_chat" || c.kind == "bot_chat":
		return store.AudienceDirect
	case c.kind == "":
		return store.AudienceUnknown
	}
	return store.AudienceGroup
}

// link is the address of a message for those who may see it.
func (c *chat) link(id string) string {
	if c.id == "" || !strings.HasSuffix(c.kind, "supergroup") && !strings.HasSuffix(c.kind, "channel") {
		return ""
	}
	return "https://t.me/c/" + c.id + "/" + id
}
