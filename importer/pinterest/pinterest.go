// Package pinterest reads the pages that Pinterest hands out: the person's
// pins with their words, what they saved of others, their boards, and
// comments and profile where a page has them.
package pinterest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/pattern"
	"lookback/store"
)

// Layout is the only form that is known.
const Layout = "pinterest-html"

// Importer reads Pinterest's exports. The zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "pinterest".
func (*Importer) Name() string { return "pinterest" }

// find lists the pages at the root of fsys.
func find(fsys fs.FS) []string {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var pages []string
	tried := 0
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.Name()))
		if e.IsDir() || ext != ".html" && ext != ".htm" || tried == 64 {
			continue
		}
		tried++
		head, err := importer.Head(fsys, e.Name(), 128<<10)
		if err == nil && (bytes.Contains(head, []byte(`id="contents"`)) || bytes.Contains(head, []byte(`id='contents'`))) &&
			bytes.Contains(bytes.ToLower(head), []byte("pinterest")) {
			pages = append(pages, e.Name())
		}
	}
	return pages
}

// Recognize looks for a page with Pinterest's contents.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	if len(find(fsys)) == 0 {
		return importer.Match{}, nil
	}
	return importer.Match{Sure: 90, Layout: Layout}, nil
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	switch ext := path.Ext(importer.Fold(name)); {
	case (ext == ".html" || ext == ".htm") && !strings.Contains(name, "/"):
		return importer.Use{Kind: importer.UseRead}
	case ext == ".jpg" || ext == ".jpeg" || ext == ".png" || ext == ".gif" || ext == ".mp4" || ext == ".css" || ext == ".js":
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// Import reads every page.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	pages := find(fsys)
	if len(pages) == 0 {
		return errors.New("not an export of Pinterest")
	}
	r := &run{
		Run:     intake.NewRun(ctx, fsys, opts, out),
		account: store.Account{Platform: "pinterest", Handle: strings.TrimPrefix(opts.Me, "@")},
		boards:  map[string]*board{},
	}
	for _, look := range []func(*record) error{r.owner, r.record} {
		for _, page := range pages {
			if err := r.page(page, look); err != nil {
				return err
			}
		}
		if !r.named {
			r.named = true
			if err := out.Account(r.account); err != nil {
				return err
			}
		}
	}
	return r.finish()
}

// run is one import.
type run struct {
	intake.Run
	account store.Account
	named   bool // the second look, which hands over, has begun
	keys    identity.Keys
	boards  map[string]*board
	order   []string
	unknown []string // sections
	pins    int
}

type board struct {
	name, about string
	secret      bool
}

// A record is what stands between two links to pins, or in a section without
// pins a run of labelled lines in which no label comes twice.
type record struct {
	section string // folded text of the heading before it
	id, url string // of a pin
	fields  map[string]string
}

var pinLink = pattern.New(`^https?://(?:[a-z]{2,3}\.)?(?:www\.)?pinterest\.[a-z.]{2,6}/pin/(\d{1,25})/?$`)

// bounds of a record
const (
	lineMax   = 1 << 20
	fieldsMax = 64
)

// A reader follows the tags of a page.
type reader struct {
	inside  bool // of the contents
	heading bool
	head    strings.Builder
	line    strings.Builder
	rec     record
	take    func(*record) error
}

// page reads one page and hands each record to take.
func (r *run) page(name string, take func(*record) error) error {
	p := &reader{take: take}
	look := r.Run
	if !r.named { // what is wrong is said by the second look
		look = intake.NewRun(r.Ctx, r.FS, r.Opts, intake.Silent{})
	}
	if err := look.Tokens(name, p.token); err != nil {
		return err
	}
	if err := p.endLine(); err != nil {
		return err
	}
	return p.flush()
}

func (p *reader) token(t intake.Token) error {
	if !p.inside {
		p.inside = t.Attr["id"] == "contents"
		return nil
	}
	switch t.Tag {
	case "":
		if p.heading {
			p.head.WriteString(t.Text)
		} else if p.line.Len()+len(t.Text) < lineMax {
			p.line.WriteString(t.Text)
		}
	case "h1", "h2":
		if err := p.endLine(); err != nil {
			return err
		}
		if err := p.flush(); err != nil {
			return err
		}
		p.heading = !t.End
		if t.End {
			p.rec.section = strings.ToLower(strings.TrimSpace(p.head.String()))
			p.head.Reset()
		}
	case "a":
		if m := pinLink.FindStringSubmatch(t.Attr["href"]); m != nil && !t.End && !labelled(p.line.String()) {
			return p.pin(m[1], t.Attr["href"])
		}
	case "br", "div", "p", "li", "hr", "tr":
		return p.endLine()
	}
	return nil
}

// pin begins the record of a pin.
func (p *reader) pin(id, url string) error {
	p.line.Reset()
	if err := p.flush(); err != nil {
		return err
	}
	p.rec.id, p.rec.url = id, url
	return nil
}

// labelled says whether a line has a label already, as that of the canonical
// link has before the link.
func labelled(line string) bool { return strings.Contains(line, ":") }

// endLine takes "Label: value,". Values may hold commas and colons.
func (p *reader) endLine() error {
	line := strings.TrimSpace(p.line.String())
	p.line.Reset()
	label, value, ok := strings.Cut(line, ":")
	if !ok || len(label) > 60 || strings.HasPrefix(value, "//") {
		return nil
	}
	label = strings.ToLower(strings.TrimSpace(label))
	if _, again := p.rec.fields[label]; again && p.rec.id == "" {
		if err := p.flush(); err != nil {
			return err
		}
	}
	if p.rec.fields == nil {
		p.rec.fields = map[string]string{}
	}
	if len(p.rec.fields) < fieldsMax {
		p.rec.fields[label] = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), ","))
	}
	return nil
}

// flush hands over the record and begins the next in the same section.
func (p *reader) flush() error {
	rec := p.rec
	p.rec = record{section: rec.section}
	if rec.id == "" && len(rec.fields) == 0 {
		return nil
	}
	return p.take(&rec)
}

// get returns the first of these fields that says something. None, No data
// and the like stand for nothing.
func (rec *record) get(labels ...string) string {
	for _, l := range labels {
		switch v := rec.fields[l]; v {
		case "", "No data", "None", "null", "N/A", "[]", "{}":
		default:
			return v
		}
	}
	return ""
}

// is reads True and False.
func (rec *record) is(label string) bool { return strings.EqualFold(rec.get(label), "true") }

// when reads "2023/10/01 12:00:00", of an unknown zone.
func (rec *record) when() (time.Time, store.Precision) {
	for _, layout := range []string{"2006/01/02 15:04:05", "2006-01-02 15:04:05", "2006/01/02", time.RFC3339} {
		if t, err := time.Parse(layout, rec.get("created at", "created", "date", "created time")); err == nil {
			if t = intake.Plausible(t); !t.IsZero() {
				return t, store.PrecisionZone
			}
		}
	}
	return time.Time{}, store.PrecisionNone
}

// owner looks for the name of the account: that of the profile, or of the
// first pin that is the person's own.
func (r *run) owner(rec *record) error {
	own := rec.id != "" && strings.EqualFold(rec.get("is a repin"), "false")
	if r.account.Handle == "" && (own || isProfile(rec.section)) {
		r.account.Handle = strings.TrimPrefix(rec.get("username", "user name"), "@")
	}
	if r.account.Name == "" && isProfile(rec.section) {
		r.account.Name = rec.get("full name", "name", "display name")
	}
	return nil
}

func isProfile(section string) bool {
	return strings.Contains(section, "profile") || strings.Contains(section, "account") || strings.Contains(section, "user")
}

func (r *run) record(rec *record) error {
	switch {
	case rec.id != "":
		return r.pin(rec)
	case strings.Contains(rec.section, "board"):
		r.board(rec)
		return nil
	case strings.Contains(rec.section, "comment"):
		return r.comment(rec)
	case isProfile(rec.section):
		return r.bio(rec)
	}
	if name := rec.section; !slices.Contains(r.unknown, name) && len(r.unknown) < 32 {
		r.unknown = append(r.unknown, name)
	}
	return nil
}

var imageHash = pattern.New(`^[0-9a-f]{6,64}$`)

// pin hands over one pin. The words of one that was saved from elsewhere are
// its source's.
func (r *run) pin(rec *record) error {
	r.pins++
	p := store.Post{Key: "pin:" + rec.id, Kind: store.KindPost, Own: true, URL: rec.url, Place: rec.get("board name", "board"), Audience: store.AudiencePublic}
	if rec.is("is a repin") {
		p.Kind, p.Own = store.KindRepost, false
	}
	if rec.is("private") {
		p.Audience = store.AudienceOnlyMe
	}
	p.Created, p.Precision = rec.when()
	p.Text = join(rec.get("title"), rec.get("details", "description"))
	m := store.Media{Type: "photo", Alt: rec.get("alt text")}
	if rec.is("is video") {
		m.Type = "video"
	}
	if hash := rec.get("image"); imageHash.MatchString(hash) {
		m.URL = "https://i.pinimg.com/736x/" + hash[:2] + "/" + hash[2:4] + "/" + hash[4:6] + "/" + hash + ".jpg"
	}
	if m.URL != "" || m.Alt != "" {
		p.Media = []store.Media{m}
	}
	if p.Place != "" {
		r.keepBoard(rec.get("board id"), p.Place, rec.is("private"))
	}
	if !r.keys.Take(p.Key) {
		return nil
	}
	return r.Post(p)
}

// keepBoard remembers the board of a pin.
func (r *run) keepBoard(id, name string, secret bool) {
	b := r.boardOf(id, name)
	if b != nil && b.name == "" {
		b.name, b.secret = name, secret
	}
}

// boardOf finds a board by its number, or without one by its name.
func (r *run) boardOf(id, name string) *board {
	const most = 10_000
	key := id
	if key == "" {
		key = intake.Name(name)
	}
	if key == "" {
		return nil
	}
	b := r.boards[key]
	if b == nil && len(r.boards) < most {
		b = &board{}
		r.boards[key] = b
		r.order = append(r.order, key)
	}
	return b
}

func (r *run) board(rec *record) {
	name := rec.get("board name", "name", "title")
	if b := r.boardOf(rec.get("board id", "id"), name); b != nil {
		b.name = name
		b.about = rec.get("board description", "description", "details")
		b.secret = b.secret || rec.is("private") || rec.is("secret") || rec.is("is secret") || strings.EqualFold(rec.get("privacy"), "secret")
	}
}

func join(title, text string) string {
	if title == "" || text == "" || title == text {
		if title == "" {
			return text
		}
		return title
	}
	return title + "\n\n" + text
}

func (r *run) comment(rec *record) error {
	text := rec.get("text", "comment", "details", "content", "message")
	if text == "" {
		return nil
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, Audience: store.AudiencePublic}
	p.Created, p.Precision = rec.when()
	if on := rec.get("pin id", "pin"); on != "" && strings.Trim(on, "0123456789") == "" {
		p.ReplyTo = "https://www.pinterest.com/pin/" + on + "/"
	} else if pinLink.MatchString(on) {
		p.ReplyTo = on
	}
	var again bool
	if p.Key, again = r.keys.Key("comment", identity.Time(p.Created), text); again {
		return nil
	}
	return r.Out.Post(p)
}

func (r *run) bio(rec *record) error {
	for _, f := range []struct{ key, text string }{
		{"bio:name", rec.get("full name", "name", "display name")},
		{"bio:description", rec.get("about", "bio", "about you", "description")},
	} {
		if f.text == "" || !r.keys.Take(f.key) {
			continue
		}
		p := store.Post{Key: f.key, Kind: store.KindBio, Own: true, Text: f.text, Precision: store.PrecisionNone, URL: r.home()}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) home() string {
	if r.account.Handle == "" || strings.ContainsAny(r.account.Handle, " /") {
		return ""
	}
	return "https://www.pinterest.com/" + r.account.Handle + "/"
}

// finish hands over the boards and says what the export holds.
func (r *run) finish() error {
	for _, key := range r.order {
		b := r.boards[key]
		p := store.Post{Key: "board:" + key, Kind: store.KindPost, Own: true, Text: join(b.name, b.about), Precision: store.PrecisionNone, Place: "board", Audience: store.AudiencePublic}
		if b.secret {
			p.Audience = store.AudienceOnlyMe
		}
		if p.Text == "" {
			continue
		}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	if len(r.unknown) > 0 {
		text := "Some sections of the page are not known and were not read; please report their headings if they hold words of yours."
		if err := r.Note("sections-unknown", "", text); err != nil {
			return err
		}
	}
	if r.pins == 0 {
		return r.Note("no-pins", "", "The export has no pins: if you have some, ask Pinterest for your data again.")
	}
	if r.Lost() {
		return nil
	}
	return r.Out.Fact(importer.Fact{Scope: "pin:"})
}
