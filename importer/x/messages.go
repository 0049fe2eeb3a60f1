package x

import (
	"path"
	"strings"
	"time"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// A conversation is one entry of direct-messages.js; a long one has several
// entries with the same id, which overlap. Messages of other people are not
// kept past the decoder.
type conversation struct {
	id, name string
	named    time.Time
	total    int
	sent     []message
}

type message struct {
	id, sender, text, created string
	links                     []link
	media                     []string
	versions                  []store.Version
}

// parseConversation keeps the messages of one sender.
func parseConversation(owner string) func(*jsonstream.Decoder, *conversation) error {
	return func(d *jsonstream.Decoder, c *conversation) error {
		var member func(name []byte) error
		member = func(name []byte) error {
			switch string(name) {
			case "dmConversation":
				return jsonstream.Object(d, member)
			case "conversationId":
				return jsonstream.Text(d, &c.id)
			case "messages":
				return jsonstream.List(d, func() error {
					return jsonstream.Object(d, func(name []byte) error { return c.event(d, owner, name) })
				})
			}
			return jsonstream.Skip(d)
		}
		return jsonstream.Object(d, member)
	}
}

func (c *conversation) event(d *jsonstream.Decoder, owner string, name []byte) error {
	switch string(name) {
	case "messageCreate", "welcomeMessageCreate":
		c.total++
		var m message
		err := jsonstream.Object(d, func(name []byte) error { return m.member(d, name) })
		if m.sender == owner && owner != "" {
			c.sent = append(c.sent, m)
		}
		return err
	case "conversationNameUpdate":
		var name, at string
		err := jsonstream.Object(d, func(member []byte) error {
			switch string(member) {
			case "name":
				return jsonstream.Text(d, &name)
			case "createdAt":
				return jsonstream.Text(d, &at)
			}
			return jsonstream.Skip(d)
		})
		if when := parseTime(at); c.name == "" || when.After(c.named) {
			c.name, c.named = name, when
		}
		return err
	}
	return jsonstream.Skip(d)
}

func (m *message) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "id":
		return jsonstream.Text(d, &m.id)
	case "senderId":
		return jsonstream.Text(d, &m.sender)
	case "text":
		return jsonstream.Text(d, &m.text)
	case "createdAt":
		return jsonstream.Text(d, &m.created)
	case "mediaUrls":
		return jsonstream.List(d, func() error {
			var address string
			err := jsonstream.Text(d, &address)
			if address != "" {
				m.media = append(m.media, address)
			}
			return err
		})
	case "urls":
		return jsonstream.List(d, func() error {
			var l link
			err := jsonstream.Object(d, func(name []byte) error { return l.member(d, name) })
			if strings.Contains(l.long, "/messages/media/") {
				l.long = "" // the message's own picture
			}
			m.links = append(m.links, l)
			return err
		})
	case "editHistory":
		return jsonstream.List(d, func() error { return m.version(d) })
	}
	return jsonstream.Skip(d)
}

func (m *message) version(d *jsonstream.Decoder) error {
	var text, at string
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "text", "editedText":
			return jsonstream.Text(d, &text)
		case "createdAt", "createdAtSec", "createdAtMsec":
			return jsonstream.Text(d, &at)
		}
		return jsonstream.Skip(d)
	})
	if text != "" {
		m.versions = append(m.versions, store.Version{Text: text, Created: parseTime(at)})
	}
	return err
}

// readMessages reads the messages that the owner sent, if they are asked for.
func (r *run) readMessages() error {
	if err := r.countEncrypted(); err != nil {
		return err
	}
	keys := []string{keyMessages, keyGroupMessages}
	if !r.opts.Messages {
		for _, key := range keys {
			if len(r.place.members[key]) > 0 {
				return r.Note("messages-not-read", "", "The archive holds private messages. They are read only when you ask for it.")
			}
		}
		return nil
	}
	for _, key := range keys {
		if len(r.place.members[key]) > 0 && r.account.NativeID == "" {
			r.Lose(keyMessages)
			return r.Note("owner-unknown", "", "The archive does not say whose it is, so your own messages could not be told from other people's.")
		}
		for _, m := range r.place.members[key] {
			err := each(r, m, parseConversation(r.account.NativeID), func(record int, c *conversation) error {
				return r.conversation(m, record, c)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// longConversation is the number of messages from which an entry may be one
// of several of its conversation: X splits at a thousand.
const longConversation = 500

func (r *run) conversation(m member, record int, c *conversation) error {
	group := !strings.Contains(c.id, "-")
	if c.name != "" {
		r.groups[c.id] = unescape(c.name, false)
	}
	dir := r.mediaDir("direct_messages_media")
	if group {
		dir = r.mediaDir("direct_messages_group_media")
	}
	for _, msg := range c.sent {
		if msg.id == "" {
			if err := r.skip(m, record, "holds a message without an id"); err != nil {
				return err
			}
			continue
		}
		if r.sent.Has(msg.id) {
			continue
		}
		if c.total >= longConversation {
			r.sent.Add(msg.id)
		}
		p := msg.post(dir)
		p.Audience = store.AudienceDirect
		if group {
			p.Audience, p.Place = store.AudienceGroup, r.groups[c.id]
		}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	return nil
}

func (m *message) post(dir string) store.Post {
	p := store.Post{
		Key: "dm:" + m.id, Kind: store.KindDM, Own: true,
		Text: expand(unescape(m.text, false), m.links), Versions: m.versions,
	}
	for i, v := range p.Versions {
		p.Versions[i].Text = expand(unescape(v.Text, false), m.links)
	}
	if p.Created = parseTime(m.created); p.Created.IsZero() {
		p.Created, p.Precision, _ = postTime(m.id, "", false)
	}
	for _, address := range m.media {
		file := store.Media{URL: address}
		if dir != "" {
			file.Member = path.Join(dir, m.id+"-"+path.Base(address))
		}
		p.Media = append(p.Media, file)
	}
	return p
}

// countEncrypted tells of messages that nobody but their owner's phone can read.
func (r *run) countEncrypted() error {
	n, name := 0, ""
	for _, m := range r.place.members[keyEncrypted] {
		name = m.path
		err := each(r, m, skipRecord, func(int, *struct{}) error { n++; return nil })
		if err != nil {
			return err
		}
	}
	if n == 0 {
		return nil
	}
	return r.Note("encrypted-messages", name, plural(n, "message event")+" of encrypted conversations cannot be read or scanned.")
}
