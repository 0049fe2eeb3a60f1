// Package whatsapp reads chats that WhatsApp exports as text, one chat a
// file, from phones of either kind and in any language.
//
// A chat holds messages only, so nothing is read unless messages were asked
// for, and of them only those whose author the person named as theirs: the
// file does not say whose phone it comes from.
package whatsapp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"
)

// Layouts, as Match and Archive name them.
const (
	LayoutIOS     = "whatsapp-ios"
	LayoutAndroid = "whatsapp-android"
	LayoutOldIOS  = "whatsapp-ios-2012" // ": " closes the header
)

// Importer reads WhatsApp's exports. The zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "whatsapp".
func (*Importer) Name() string { return "whatsapp" }

// A file is one chat.
type file struct {
	path, layout string
	sure         int
}

const triesMax = 64

// find lists the chats at the root of fsys.
func find(fsys fs.FS) []file {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var found []file
	tried := 0
	for _, e := range entries {
		name := importer.Fold(e.Name())
		if e.IsDir() || path.Ext(name) != ".txt" || tried == triesMax {
			continue
		}
		tried++
		layout := looksLikeChat(fsys, e.Name())
		if layout == "" {
			continue
		}
		f := file{path: e.Name(), layout: layout, sure: 70}
		if name == "_chat.txt" || strings.Contains(name, "whatsapp") {
			f.sure = 95
		}
		found = append(found, f)
	}
	return found
}

// looksLikeChat asks whether the first lines follow the grammar, and which
// form it is.
func looksLikeChat(fsys fs.FS, name string) string {
	br := bufio.NewReader(bytes.NewReader(intake.Head(fsys, name, 32<<10)))
	for n := 0; n < 20; n++ {
		line, err := br.ReadString('\n')
		if h, ok := parseHeader(line); ok {
			return h.layout()
		}
		if err != nil {
			break
		}
	}
	return ""
}

// Recognize looks for text files whose lines begin as those of a chat do.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	var best file
	for _, f := range find(fsys) {
		if f.sure > best.sure {
			best = f
		}
	}
	return importer.Match{Sure: best.sure, Layout: best.layout}, nil
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	switch path.Ext(name) {
	case ".txt":
		if !strings.Contains(name, "/") {
			return importer.Use{Kind: importer.UseRead, Why: "the messages that you sent", Messages: true}
		}
	case ".jpg", ".jpeg", ".png", ".webp", ".mp4", ".3gp", ".mov", ".gif", ".opus", ".ogg", ".m4a", ".aac", ".mp3", ".amr", ".pdf", ".vcf",
		".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip":
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// Import reads every chat at the root of fsys.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	files := find(fsys)
	if len(files) == 0 {
		return errors.New("not a chat of WhatsApp")
	}
	r := &run{Run: intake.NewRun(ctx, fsys, opts, out), me: intake.Name(opts.Me)}
	account := store.Account{Platform: "whatsapp", Name: opts.Me, Handle: r.me}
	if err := out.Account(account); err != nil {
		return err
	}
	if !opts.Messages {
		return r.Note("messages-not-read", "", "The export is a chat. What you wrote in it is read only when you ask for it with --messages, and with --me and your name in it.")
	}
	for _, f := range files {
		if err := r.chat(f); err != nil {
			return err
		}
	}
	if !r.people.Has(opts.Me) || r.me == "" {
		return r.Owner(&r.people, 2)
	}
	return nil
}

// run is one import.
type run struct {
	intake.Run
	me     string
	keys   identity.Keys
	people intake.People
}

// chatName takes the name of a chat from "WhatsApp Chat with NAME.txt" in
// any language: what comes after the word that follows on "chat".
var chatName = pattern.New(`(?i)^.*whatsapp.*?(?:[ _]+(?:with|mit|con|com|avec|met|med|dengan|ile|z|s|с|со|cu|kanssa|og|și|a|–|-)[ _]+)(.+)$`)

func nameOf(member string) string {
	base := strings.TrimSuffix(path.Base(member), path.Ext(member))
	if m := chatName.FindStringSubmatch(base); m != nil {
		return strings.ToValidUTF8(strings.TrimSpace(strings.Trim(m[1], "_")), "\uFFFD")
	}
	return ""
}

// messageMax bounds one message.
const messageMax = 1 << 20

// lines calls fn with every line of a member.
func (r *run) lines(member string, fn func(n int, line string) error) error {
	f, err := r.FS.Open(member)
	if err != nil {
		return r.Skip(member, 0, "cannot be opened")
	}
	defer f.Close()
	text, _, err := jsonstream.NewUTF8Reader(f)
	if err != nil {
		return r.Skip(member, 0, "cannot be read")
	}
	br := bufio.NewReaderSize(text, 64<<10)
	for n := 1; ; n++ {
		if n%1024 == 0 && r.Ctx.Err() != nil {
			return r.Ctx.Err()
		}
		line, err := readLine(br)
		if line != "" || err == nil {
			if err := fn(n, strings.ToValidUTF8(line, "\uFFFD")); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return r.Ctx.Err()
		}
		if err != nil {
			if ctx := r.Ctx.Err(); ctx != nil {
				return ctx
			}
			return r.Skip(member, n, "the file ends in the middle")
		}
	}
}

// readLine reads up to the next line end; of a longer line only messageMax
// bytes and one more, so that the caller can tell.
func readLine(br *bufio.Reader) (string, error) {
	var b []byte
	for {
		part, err := br.ReadSlice('\n')
		if room := messageMax + 1 - len(b); room > 0 {
			b = append(b, part[:min(len(part), room)]...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		return strings.TrimRight(string(b), "\r\n"), err
	}
}

// survey is what the first look at a chat found out.
type survey struct {
	order   order
	unsure  bool // day and month could be the other way round
	count   int
	authors []string // those who wrote, the first few
}

// look reads a chat once to learn the order of its dates and who is in it.
func (r *run) look(member string) (survey, error) {
	var s survey
	var o orderer
	err := r.lines(member, func(_ int, line string) error {
		h, ok := parseHeader(line)
		if !ok {
			return nil
		}
		o.add(h)
		if h.author == "" {
			return nil
		}
		s.count++
		r.people.Add(h.author)
		if name := intake.Name(h.author); len(s.authors) < 64 && !slices.Contains(s.authors, name) {
			s.authors = append(s.authors, name)
		}
		return nil
	})
	s.order, s.unsure = o.decide()
	return s, err
}

// windows are how many messages WhatsApp exports at most.
const (
	windowMedia = 9_900
	window      = 39_900
)

// chat reads one chat.
func (r *run) chat(f file) error {
	s, err := r.look(f.path)
	if err != nil {
		return err
	}
	if s.unsure {
		text := "The dates do not show whether the day or the month comes first: " + s.order.words() + " was assumed."
		if err := r.Note("dates-ambiguous", f.path, text); err != nil {
			return err
		}
	}
	if s.count >= window || s.count >= windowMedia && s.count <= 10_100 {
		text := "WhatsApp exports the newest messages of a chat only, and this chat is about as long as that limit: older messages are probably missing."
		if err := r.Note("limit", f.path, text); err != nil {
			return err
		}
		if err := r.Out.Fact(importer.Fact{Partial: true}); err != nil {
			return err
		}
	}
	c := &reading{run: r, file: f.path, order: s.order, place: r.place(f, s), audience: store.AudienceDirect}
	if len(s.authors) > 2 {
		c.audience = store.AudienceGroup
	}
	r.keys.File()
	if err := r.lines(f.path, c.line); err != nil {
		return err
	}
	return c.flush()
}

// place names the chat: as its file does, else after the other person in it.
func (r *run) place(f file, s survey) string {
	if name := nameOf(f.path); name != "" {
		return name
	}
	others := slices.DeleteFunc(slices.Clone(s.authors), func(n string) bool { return n == r.me })
	if len(others) == 1 {
		for _, n := range r.people.Names() {
			if intake.Name(n) == others[0] {
				return n
			}
		}
	}
	return ""
}

// reading is the second look at a chat.
type reading struct {
	*run
	file, place string
	audience    store.Audience
	order       order
	open        bool // a message of the owner's is being read
	head        header
	at          int // its line
	text        strings.Builder
	large       bool
}

func (c *reading) line(n int, line string) error {
	h, ok := parseHeader(line)
	if !ok {
		if c.open {
			c.add("\n" + line)
		}
		return nil
	}
	if err := c.flush(); err != nil {
		return err
	}
	if h.author == "" || c.me == "" || intake.Name(h.author) != c.me {
		return nil
	}
	c.open, c.head, c.at = true, h, n
	c.add(h.text)
	return nil
}

func (c *reading) add(s string) {
	if c.text.Len()+len(s) > messageMax {
		c.large = true
		return
	}
	c.text.WriteString(s)
}

// flush hands over the message that has come to its end.
func (c *reading) flush() error {
	if !c.open {
		return nil
	}
	text, large := c.text.String(), c.large
	c.text.Reset()
	c.open, c.large = false, false
	if large {
		return c.Skip(c.file, c.at, "is too large")
	}
	words, media := clean(text)
	if words == "" {
		return nil
	}
	p := store.Post{Kind: store.KindDM, Own: true, Text: words, Precision: store.PrecisionZone, Audience: c.audience, Place: c.place}
	if p.Created = c.order.time(c.head); p.Created.IsZero() {
		return c.Skip(c.file, c.at, "has a date that cannot be")
	}
	// Phones of one kind write seconds, those of the other do not.
	minute := p.Created.Truncate(time.Minute)
	var again bool
	p.Key, again = c.keys.Key("dm", intake.Name(c.place), identity.Time(minute), words)
	if media != "" {
		p.Media = []store.Media{{Member: media}}
	}
	if again {
		return nil
	}
	return c.Out.Post(p)
}
