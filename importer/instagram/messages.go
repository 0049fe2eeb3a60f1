package instagram

import (
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"lookback/importer/instagram/form"
	"lookback/importer/jsonstream"
	"lookback/importer/meta"
	"lookback/store"

	"github.com/go-json-experiment/json/jsontext"
)

// A message is one of a chat; other people's are dropped where they are read.
type message struct {
	sender, text, kind, unsent string
	time                       int64
	media                      []meta.Media
	link                       string
}

func parseMessage(d *jsonstream.Decoder, m *message) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "sender_name":
			return meta.Text(d, &m.sender)
		case "content":
			return meta.Text(d, &m.text)
		case "type":
			return jsonstream.Text(d, &m.kind)
		case "is_unsent":
			return jsonstream.Text(d, &m.unsent)
		case "timestamp_ms", "timestamp":
			return meta.Number(d, &m.time)
		case "photos", "videos", "audio_files", "files", "gifs":
			return meta.ReadMedia(d, &m.media)
		case "share":
			return jsonstream.Object(d, func(name []byte) error {
				if string(name) == "link" {
					return meta.Text(d, &m.link)
				}
				return jsonstream.Skip(d)
			})
		}
		return jsonstream.Skip(d)
	})
}

// generated are sentences that Instagram writes itself, in English; in other
// languages they count as words.
var generated = regexp.MustCompile(`^(?:Reacted \S{1,16} to your message|Liked a message|(?:You|.{1,60}) sent an attachment\.|You (?:sent|unsent) a (?:photo|video|message|sticker|GIF|voice message|link)\.)\s*$`)

// A thread is what a chat's file says besides its messages.
type thread struct {
	title  string
	people int
}

// readThread reads what stands around the messages, however many these are.
// What is wrong with the file is told when its messages are read.
func (r *run) readThread(f file) (t thread, err error) {
	_ = r.header(f, func(d *jsonstream.Decoder, name string) error {
		switch name {
		case "participants":
			return jsonstream.List(d, func() error { t.people++; return jsonstream.Skip(d) })
		case "title":
			return meta.Text(d, &t.title)
		case "messages":
			if t.people > 0 && t.people <= 2 {
				return errEnough // a chat of two needs no name
			}
		}
		return jsonstream.Skip(d)
	})
	return t, r.Ctx.Err()
}

// header goes through the members of a file that is one object, without
// holding what it skips in memory.
func (r *run) header(f file, member func(d *jsonstream.Decoder, name string) error) error {
	in, err := r.FS.Open(f.path)
	if err != nil {
		return err
	}
	defer in.Close()
	text, _, err := jsonstream.NewUTF8Reader(in)
	if err != nil {
		return err
	}
	d := jsontext.NewDecoder(contextReader{r, text}, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	return jsonstream.Object(d, func(name []byte) error { return member(d, string(name)) })
}

var errEnough = errors.New("enough was read")

// A contextReader ends with the context.
type contextReader struct {
	r  *run
	in io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.r.Ctx.Err(); err != nil {
		return 0, err
	}
	return c.in.Read(p)
}

// readMessages reads the messages that the owner sent, if they are asked for.
func (r *run) readMessages() error {
	switch {
	case !r.has(secMessage):
		return nil
	case !r.opts.Messages:
		return r.Note("messages-not-read", "", "The archive holds private messages. They are read only when you ask for it.")
	case len(r.names) == 0:
		return r.Note("owner-unknown", "", "The archive does not say whose it is, so your own messages could not be told from other people's: "+
			"give your name as Instagram shows it with --me.")
	}
	for _, page := range []bool{false, true} {
		r.Form(page)
		for _, f := range r.place.files {
			if f.section != secMessage || f.page != page {
				continue
			}
			r.File()
			if err := r.chat(f); err != nil {
				return err
			}
		}
	}
	if r.sent == 0 && r.senders > 0 {
		return r.Note("owner-not-found", "", "None of the messages is by the name in the profile: if yours was another when you wrote them, give it with --me.")
	}
	return nil
}

func (r *run) chat(f file) error {
	switch {
	case f.old:
		return r.oldMessages(f)
	case f.page:
		return r.chatPage(f)
	}
	t, err := r.readThread(f)
	if err != nil {
		return err
	}
	return meta.EachIn(r.Reader, f.meta(), []string{"messages"}, parseMessage, func(_ int, m *message) error {
		r.senders++
		if !r.owns(m.sender) || m.unsent == "true" || m.kind == "Call" || m.kind == "Subscribe" || m.kind == "Unsubscribe" {
			return nil
		}
		p := store.Post{Text: m.text}
		p.Created, p.Precision = meta.At(m.time)
		return r.messageWith(f, p, t, m.link, m.media)
	})
}

// chatPage reads a chat as a page. The page's first heading names the chat.
func (r *run) chatPage(f file) error {
	var t thread
	return r.Page(f.meta(), meta.Options{}, func(n int, box *meta.Node, frame *meta.Frame) error {
		if t.title == "" {
			t.title = frame.Title
			if len(frame.Head) > 0 {
				t.title = frame.Head[len(frame.Head)-1]
			}
		}
		m := form.MessageOf(box, r.Zone)
		if !m.Dated {
			t.people = max(t.people, participants(box))
			return nil
		}
		r.senders++
		if !r.owns(m.Sender) {
			return nil
		}
		return r.messageWith(f, store.Post{Text: m.Text, Created: m.When, Precision: m.Precision}, t, m.Link, m.Media)
	})
}

// participants counts the names in "Participants: Bo Sample and Ana Example",
// roughly: the word between the last two is in the account's language.
func participants(n *meta.Node) int {
	_, names, found := strings.Cut(strings.ReplaceAll(n.Content(), "：", ":"), ":")
	if !found || strings.TrimSpace(names) == "" {
		return 0
	}
	return 2 + strings.Count(names, ",") + strings.Count(names, "、")
}

func (r *run) messageWith(f file, p store.Post, t thread, link string, media []meta.Media) error {
	if meta.IsURL(link) {
		p.Media = append(p.Media, store.Media{Type: "link", URL: link})
	}
	for _, m := range media {
		if one, ok := form.Medium(meta.Media{URI: m.URI}, f.root); ok {
			p.Media = append(p.Media, one)
		}
	}
	return r.message(p, chatID(f.name), t)
}

var trailing = regexp.MustCompile(`_(\d{5,})$`)

// chatID tells chats apart: two may have the same words at the same time. The
// number stays when the other person takes another name.
func chatID(name string) string {
	dir := path.Base(path.Dir(name))
	if m := trailing.FindStringSubmatch(dir); m != nil {
		return m[1]
	}
	return dir
}

// message gives one message of the owner's.
func (r *run) message(p store.Post, id string, t thread) error {
	r.sent++
	p.Kind, p.Own, p.Text, p.Audience = store.KindDM, true, meta.Words(p.Text), store.AudienceDirect
	if t.people > 2 {
		p.Audience, p.Place = store.AudienceGroup, meta.Words(t.title)
	}
	if p.Text == "" || generated.MatchString(p.Text) {
		return nil
	}
	if r.Key(&p, meta.Identity{Scope: secMessage, Time: p.Created, Text: p.Text, Extra: id}) {
		return nil
	}
	return r.Emit(p)
}
