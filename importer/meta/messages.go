package meta

import (
	"context"
	"errors"
	"io"
	"strings"

	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"
)

// A Message is one of a chat. Other people's are dropped where they are read.
type Message struct {
	Sender, Text string
	Time         int64
	Media        []Media
	Link         string
	kind, unsent string
}

// ParseMessage reads a message of Messenger's, of its encrypted chats, or of
// Instagram's.
func ParseMessage(d *jsonstream.Decoder, m *Message) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "sender_name", "senderName":
			return Text(d, &m.Sender)
		case "content", "text":
			return Text(d, &m.Text)
		case "type":
			return jsonstream.Text(d, &m.kind)
		case "is_unsent", "isUnsent":
			return jsonstream.Text(d, &m.unsent)
		case "timestamp_ms", "timestamp":
			return Number(d, &m.Time)
		case "photos", "videos", "audio_files", "files", "gifs", "media":
			return ReadMedia(d, &m.Media)
		case "share":
			return jsonstream.Object(d, func(name []byte) error {
				if string(name) == "link" {
					return Text(d, &m.Link)
				}
				return jsonstream.Skip(d)
			})
		}
		return jsonstream.Skip(d)
	})
}

// Said says whether a message is one: not unsent, no call and no notice of who
// came and went.
func (m *Message) Said() bool {
	return m.unsent != "true" && m.kind != "Call" && m.kind != "Subscribe" && m.kind != "Unsubscribe"
}

// generated are sentences that the platforms write themselves, in English; in
// other languages they count as words.
var generated = pattern.New(`^(?:Reacted \S{1,16} to your message|Liked a message|(?:You|.{1,60}) sent an attachment\.|You (?:sent|unsent) a (?:photo|video|message|sticker|GIF|voice message|link)\.)\s*$`)

// A Thread is what a chat's file says besides its messages.
type Thread struct {
	Title  string
	People int
}

// Fill makes p a message of the thread, and says whether it has words of the
// owner's.
func (t *Thread) Fill(p *store.Post) bool {
	p.Kind, p.Own, p.Text, p.Audience = store.KindDM, true, Words(p.Text), store.AudienceDirect
	if t.People > 2 {
		p.Audience, p.Place = store.AudienceGroup, Words(t.Title)
	}
	return p.Text != "" && !generated.MatchString(p.Text)
}

var errEnough = errors.New("enough was read")

// Thread reads what stands around the messages, however many these are. What
// is wrong with the file is told when its messages are read. Without named a
// chat of two is left without its name, which stands behind the messages.
func (r *Reader) Thread(f File, named bool) (t Thread, err error) {
	_ = r.Header(f, func(d *jsonstream.Decoder, name string) error {
		switch name {
		case "participants":
			if d.PeekKind() != '[' {
				return jsonstream.Skip(d)
			}
			return jsonstream.List(d, func() error { t.People++; return jsonstream.Skip(d) })
		case "title", "threadName":
			return Text(d, &t.Title)
		case "messages":
			if !named && t.People > 0 && t.People <= 2 {
				return errEnough
			}
		}
		return jsonstream.Skip(d)
	})
	return t, r.Ctx.Err()
}

// Header goes through the members of a file that is one object, without
// holding what it skips in memory.
func (r *Reader) Header(f File, member func(d *jsonstream.Decoder, name string) error) error {
	in, err := r.FS.Open(f.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	text, _, err := jsonstream.NewUTF8Reader(in)
	if err != nil {
		return err
	}
	d := jsonstream.NewDecoder(contextReader{r.Ctx, text})
	return jsonstream.Object(d, func(name []byte) error { return member(d, string(name)) })
}

// A contextReader ends with the context.
type contextReader struct {
	ctx context.Context
	in  io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.in.Read(p)
}

// Participants counts the names in "Participants: Bo Sample and Ana Example",
// roughly: the word between the last two is in the account's language, so
// names that are too many only make a group of a chat.
func Participants(n *Node) int {
	_, names, found := strings.Cut(strings.ReplaceAll(n.Content(), "：", ":"), ":")
	if !found || strings.TrimSpace(names) == "" {
		return 0
	}
	return 2 + strings.Count(names, ",") + strings.Count(names, "、")
}
