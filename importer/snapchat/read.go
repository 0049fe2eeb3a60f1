package snapchat

import (
	"path"
	"strings"

	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/store"
)

func parseChat(d *jsonstream.Decoder, c *chat) error {
	fields := map[string]*string{
		"From": &c.from, "To": &c.to, "Media Type": &c.kind, "Created": &c.created, "Created(microseconds)": &c.micros,
		"Content": &c.text, "Text": &c.text, "Conversation Title": &c.title, "IsSender": &c.mine, "Media IDs": &c.media,
	}
	return jsonstream.Object(d, func(name []byte) error {
		if f := fields[string(name)]; f != nil {
			return jsonstream.Text(d, f)
		}
		return jsonstream.Skip(d)
	})
}

// jsonChats reads chat_history.json: lists by direction until about 2022,
// lists by conversation since.
func (r *run) jsonChats() error {
	return r.Walk(r.place.chats, intake.Walker{
		Capture: func(path string) bool { return strings.Count(path, "/") == 1 && strings.HasSuffix(path, "/") },
		Element: func(path string, record int, raw []byte, bad error) error {
			if bad != nil {
				return r.Skip(r.place.chats, record, intake.Reason(bad))
			}
			var c chat
			if err := intake.Decode(raw, func(d *jsonstream.Decoder) error { return parseChat(d, &c) }); err != nil {
				return r.Skip(r.place.chats, record, intake.Reason(err))
			}
			return r.chat(&c, strings.TrimSuffix(path, "/"))
		},
	})
}

// chat takes one message of the list called list.
func (r *run) chat(c *chat, list string) error {
	received := strings.HasPrefix(list, "Received ")
	bySection := received || strings.HasPrefix(list, "Sent ")
	place := c.title
	switch {
	case bySection && (received || c.to == "" && c.from != ""):
		r.people.Add(c.from)
		return nil
	case bySection:
		return r.send(c, c.to, false)
	case c.mine == "true", c.mine == "" && r.isMe(c.from):
	default:
		r.people.Add(c.from)
		return nil
	}
	if place == "" {
		place = list
	}
	return r.send(c, place, isGroup(list))
}

// isGroup tells the id of a group, a UUID, from a user name.
func isGroup(key string) bool { return len(key) == 36 && strings.Count(key, "-") == 4 }

// pageChats reads the pages: a heading names the conversation, and each
// message is a sender, a type, a text and a time.
func (r *run) pageChats() error {
	for _, page := range r.place.pages {
		place, c, begun := "", chat{}, false
		id := strings.TrimPrefix(strings.TrimSuffix(path.Base(page), ".html"), "subpage_")
		flush := func() error {
			if !begun {
				return nil
			}
			begun = false
			r.people.Add(c.from)
			if !r.isMe(c.from) {
				return nil
			}
			return r.send(&c, place, isGroup(id))
		}
		pick := func(n *intake.Node) bool {
			switch n.Tag {
			case "h1", "h2", "h3", "h4", "h6", "p", "span":
				return true
			}
			return false
		}
		err := r.Page(page, pick, func(_ int, n *intake.Node) error {
			text := n.String()
			switch n.Tag {
			case "h1", "h2", "h3":
				if _, with, ok := strings.Cut(text, "Chat History with "); ok {
					place = strings.TrimSpace(with)
				}
				return flush()
			case "h4":
				err := flush()
				c, begun = chat{from: text}, true
				return err
			case "h6":
				c.created = text
				return flush()
			case "span":
				c.kind = text
			case "p":
				c.text = strings.TrimSpace(c.text + "\n" + htmlText(text))
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// htmlText keeps what a page has decoded from being decoded again.
func htmlText(s string) string { return strings.ReplaceAll(s, "&", "&amp;") }

// accountPage reads the table of the account: a label, then its value.
func (r *run) accountPage(name string) error {
	label := ""
	take := func(text string) {
		switch strings.ToLower(strings.TrimSuffix(label, ":")) {
		case "username":
			r.account.Handle = text
		case "name", "display name":
			r.account.Name = text
		case "creation date":
			r.account.Created = when(text)
		}
		label = text
	}
	pick := func(n *intake.Node) bool { return n.Tag == "th" || n.Tag == "td" || n.Tag == "b" || n.Tag == "p" }
	return r.Page(name, pick, func(_ int, n *intake.Node) error {
		text := n.String()
		take(text)
		return nil
	})
}

// caption is a record of a story, of Spotlight or of a public profile.
type caption struct {
	text, title, bio, created, url string
}

func (r *run) captions() error {
	if r.place.layout != LayoutJSON {
		return nil
	}
	for _, f := range captions {
		name := r.place.json + f.file
		if !exists(r.FS, name) {
			continue
		}
		err := r.Walk(name, intake.Walker{
			Capture: func(path string) bool {
				return strings.Count(path, "/") >= 1 || path != "" && !strings.Contains(path, "/")
			},
			Element: func(path string, record int, raw []byte, bad error) error {
				if bad != nil {
					return r.Skip(name, record, intake.Reason(bad))
				}
				if strings.HasPrefix(path, "Friend") {
					return nil
				}
				return r.caption(name, record, raw, f.audience)
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) caption(member string, record int, raw []byte, audience store.Audience) error {
	var c caption
	fields := map[string]*string{
		"caption": &c.text, "text": &c.text, "description": &c.text, "title": &c.title, "bio": &c.bio,
		"story date": &c.created, "date": &c.created, "created": &c.created, "creation date": &c.created, "story url": &c.url,
	}
	err := intake.Decode(raw, func(d *jsonstream.Decoder) error {
		return jsonstream.Object(d, func(name []byte) error {
			if f := fields[strings.ToLower(string(name))]; f != nil {
				return jsonstream.Text(d, f)
			}
			return jsonstream.Skip(d)
		})
	})
	if err != nil {
		return r.Skip(member, record, intake.Reason(err))
	}
	if c.bio != "" {
		p := store.Post{Kind: store.KindBio, Own: true, Text: c.bio, Precision: store.PrecisionNone, URL: r.profile()}
		p.Key, _ = r.keys.Key("bio", c.bio)
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	text := strings.TrimSpace(c.title + "\n\n" + c.text)
	if text == "" {
		return nil
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: text, Audience: audience, Created: when(c.created)}
	if p.Created.IsZero() {
		p.Precision = store.PrecisionNone
	}
	if strings.HasPrefix(c.url, "https://") {
		p.URL = c.url
	}
	p.Key, _ = r.keys.Key("story", identity.Time(p.Created), text)
	return r.Out.Post(p)
}
