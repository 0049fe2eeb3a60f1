package telegram

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A message is one element of a chat's list.
type message struct {
	id, kind, date, unix, edited, editedUnix string
	from, fromID, author                     string
	forwarded, forwardedID                   string
	forward                                  bool // forwarded_from is there, maybe without a name
	replyTo, replyPeer                       string
	text                                     string // of "text"
	entities                                 string // of "text_entities"
	file, mediaType                          string
	poll                                     []string
	reactions                                []string // ids of those who reacted
}

func parse(d *jsonstream.Decoder, m *message) error {
	fields := map[string]*string{
		"id": &m.id, "type": &m.kind, "date": &m.date, "date_unixtime": &m.unix,
		"edited": &m.edited, "edited_unixtime": &m.editedUnix,
		"from": &m.from, "from_id": &m.fromID, "author": &m.author,
		"forwarded_from_id": &m.forwardedID, "reply_to_message_id": &m.replyTo, "reply_to_peer_id": &m.replyPeer,
		"media_type": &m.mediaType,
	}
	return jsonstream.Object(d, func(name []byte) error {
		if f := fields[string(name)]; f != nil {
			return jsonstream.Text(d, f)
		}
		switch string(name) {
		case "forwarded_from", "saved_from":
			m.forward = m.forward || string(name) == "forwarded_from"
			return jsonstream.Text(d, &m.forwarded)
		case "text", "caption":
			return parts(d, &m.text)
		case "text_entities":
			return parts(d, &m.entities)
		case "photo", "file":
			if m.mediaType == "" && string(name) == "photo" {
				m.mediaType = "photo"
			}
			return jsonstream.Text(d, &m.file)
		case "poll":
			return jsonstream.Object(d, func(name []byte) error { return m.inPoll(d, name) })
		case "reactions":
			return jsonstream.List(d, func() error { return m.reaction(d) })
		}
		return jsonstream.Skip(d)
	})
}

// parts joins a text: a string, or a list of strings and of {type, text}.
func parts(d *jsonstream.Decoder, to *string) error {
	var piece string
	if d.PeekKind() != '[' {
		err := jsonstream.Text(d, &piece)
		*to += piece
		return err
	}
	var b strings.Builder
	err := jsonstream.List(d, func() error {
		var piece, href string
		if d.PeekKind() == '"' {
			err := jsonstream.Text(d, &piece)
			b.WriteString(piece)
			return err
		}
		err := jsonstream.Object(d, func(name []byte) error {
			switch string(name) {
			case "text":
				return jsonstream.Text(d, &piece)
			case "href":
				return jsonstream.Text(d, &href)
			}
			return jsonstream.Skip(d)
		})
		b.WriteString(piece)
		if href != "" && href != piece {
			b.WriteString(" (" + href + ")")
		}
		return err
	})
	*to += b.String()
	return err
}

func (m *message) inPoll(d *jsonstream.Decoder, name []byte) error {
	var text string
	switch string(name) {
	case "question":
		err := parts(d, &text)
		m.poll = append([]string{text}, m.poll...)
		return err
	case "answers":
		return jsonstream.List(d, func() error {
			var answer string
			err := jsonstream.Object(d, func(name []byte) error {
				if string(name) == "text" {
					return parts(d, &answer)
				}
				return jsonstream.Skip(d)
			})
			m.poll = append(m.poll, "- "+answer)
			return err
		})
	}
	return jsonstream.Skip(d)
}

func (m *message) reaction(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) != "recent" {
			return jsonstream.Skip(d)
		}
		return jsonstream.List(d, func() error {
			return jsonstream.Object(d, func(name []byte) error {
				if string(name) != "from_id" {
					return jsonstream.Skip(d)
				}
				var id string
				err := jsonstream.Text(d, &id)
				m.reactions = append(m.reactions, id)
				return err
			})
		})
	})
}

// whole is all that the sender wrote.
func (m *message) whole() string {
	text := m.entities
	if text == "" || len(m.text) > len(text) {
		text = m.text
	}
	if len(m.poll) > 0 {
		text = strings.TrimSpace(text + "\n" + strings.Join(m.poll, "\n"))
	}
	return text
}

// json reads the JSON form.
func (r *run) json(p *place) error {
	var c chat
	err := r.Walk(p.json, intake.Walker{
		Capture: func(path string) bool {
			return path == "messages/" || path == "stories/" || strings.HasSuffix(path, "chats/list//messages/")
		},
		Enter: func(path string) {
			if strings.HasSuffix(path, "chats/list/") {
				c = chat{}
			}
		},
		Scalar: func(path, value string) {
			r.learn(path, value)
			c.learn(path, value)
		},
		Element: func(path string, record int, raw []byte, bad error) error {
			if bad != nil {
				return r.Skip(p.json, record, intake.Reason(bad))
			}
			if err := r.begin(); err != nil {
				return err
			}
			if path == "stories/" {
				return r.story(p.json, record, raw)
			}
			return r.element(p.json, record, raw, &c)
		},
	})
	if err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	return r.ended()
}

// learn takes what stands before a chat's messages.
func (c *chat) learn(path, value string) {
	_, field, inList := strings.Cut(path, "chats/list//")
	if !inList {
		field = path
	}
	switch field {
	case "name":
		c.name = value
	case "type":
		c.kind = value
	case "id":
		c.id = value
	}
}

// learn takes what the file says of its owner, which stands before the chats.
func (r *run) learn(path, value string) {
	field, ok := strings.CutPrefix(path, "personal_information/")
	if !ok {
		return
	}
	switch field {
	case "user_id":
		r.account.NativeID = value
	case "username":
		r.account.Handle = strings.TrimPrefix(value, "@")
	case "first_name":
		r.account.Name = strings.TrimSpace(value + " " + r.account.Name)
	case "last_name":
		r.account.Name = strings.TrimSpace(r.account.Name + " " + value)
	case "bio":
		r.bio = value
	}
}

// begin hands over the owner and the profile before the first message.
func (r *run) begin() error {
	if r.named || r.account.NativeID == "" {
		return nil
	}
	if err := r.name(); err != nil {
		return err
	}
	return r.bios()
}

// bios hands over the texts of the profile.
func (r *run) bios() error {
	for _, b := range []struct{ key, text string }{{"bio:name", r.account.Name}, {"bio:description", r.bio}} {
		if b.text == "" {
			continue
		}
		p := store.Post{Key: b.key, Kind: store.KindBio, Own: true, Text: b.text, Precision: store.PrecisionNone}
		if r.account.Handle != "" {
			p.URL = "https://t.me/" + r.account.Handle
		}
		if err := r.post(p); err != nil {
			return err
		}
	}
	return nil
}

// decode reads one element, mended where it has one of the known faults.
func decode(raw []byte, m *message) error {
	read := func(d *jsonstream.Decoder) error { return parse(d, m) }
	err := intake.Decode(raw, read)
	if err == nil {
		return nil
	}
	*m = message{}
	return intake.Decode(mend(raw), read)
}

// mend repairs, line by line, quotes that were not escaped and ids of custom
// emoji that were written without quotes, as versions of 2022 did.
func mend(raw []byte) []byte {
	lines := bytes.Split(raw, []byte("\n"))
	for i, line := range lines {
		trimmed := bytes.TrimRight(line, " \r")
		body, comma := bytes.CutSuffix(trimmed, []byte(","))
		start := 0
		if at := bytes.Index(body, []byte(`": `)); at > 0 {
			if name, quoted := bytes.CutPrefix(bytes.TrimLeft(body[:at], " "), []byte(`"`)); quoted && isName(name) {
				start = at + 3
			}
		}
		value := body[start:]
		name := bytes.Contains(body[:start], []byte(`"document_id"`))
		var out []byte
		switch {
		case name:
			out = []byte(`""`)
		case len(bytes.TrimLeft(value, " ")) > 1 && bytes.TrimLeft(value, " ")[0] == '"' && value[len(value)-1] == '"':
			pad := len(value) - len(bytes.TrimLeft(value, " "))
			out = append(bytes.Clone(value[:pad]), '"')
			out = append(append(out, escaped(value[pad+1:len(value)-1])...), '"')
		default:
			continue
		}
		fixed := append(bytes.Clone(body[:start]), out...)
		if comma {
			fixed = append(fixed, ',')
		}
		lines[i] = fixed
	}
	return bytes.Join(lines, []byte("\n"))
}

func isName(b []byte) bool {
	for _, c := range b {
		if c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(b) > 0
}

// escaped puts a backslash before each quote that has none.
func escaped(s []byte) []byte {
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			out = append(out, s[i], s[i+1])
			i++
		case s[i] == '"':
			out = append(out, '\\', '"')
		case s[i] == '\\':
			out = append(out, '\\', '\\')
		default:
			out = append(out, s[i])
		}
	}
	return out
}

func (r *run) element(member string, record int, raw []byte, c *chat) error {
	var m message
	if err := decode(raw, &m); err != nil {
		return r.Skip(member, record, intake.Reason(err))
	}
	if m.kind != "message" && m.kind != "" || m.id == "" {
		return nil
	}
	r.people.Add(m.from)
	mine, err := r.mine(&m, c)
	if err != nil {
		return err
	}
	if !mine {
		return r.liked(&m, c)
	}
	r.owned++
	if !c.public() && !r.Opts.Messages {
		r.private++
		return nil
	}
	return r.message(&m, c)
}

// mine says whether the owner sent a message.
func (r *run) mine(m *message, c *chat) (bool, error) {
	id := strings.TrimPrefix(m.fromID, "user")
	if strings.HasPrefix(m.fromID, "channel") && strings.HasSuffix(c.kind, "_channel") {
		signed := m.author != "" && (intake.Name(m.author) == intake.Name(r.account.Name) || r.isMe(m.author, ""))
		own := signed || r.isMe(c.name, m.fromID)
		if !own && m.author == "" {
			r.unsigned++
		}
		return own, nil
	}
	if r.account.NativeID != "" {
		return id == r.account.NativeID, nil
	}
	if !r.isMe(m.from, m.fromID) {
		return false, nil
	}
	r.account.NativeID, r.account.Name, r.account.Handle = id, m.from, strings.TrimPrefix(r.Opts.Me, "@")
	return true, r.name()
}

// message hands over one message of the owner's.
func (r *run) message(m *message, c *chat) error {
	text := m.whole()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	p := r.base(m, c)
	p.Own, p.Text = true, text
	p.Kind = store.KindDM
	if c.public() {
		p.Kind = store.KindPost
	}
	if m.replyTo != "" {
		if c.public() {
			p.Kind = store.KindReply
		}
		if link := c.link(m.replyTo); link != "" && m.replyPeer == "" {
			p.ReplyTo = link
		}
	}
	own := m.forwardedID != "" && strings.TrimPrefix(m.forwardedID, "user") == r.account.NativeID
	if m.forward && !own {
		p.Kind, p.Own, p.Author = store.KindRepost, false, m.forwarded
	}
	return r.post(p)
}

// liked hands over what other people wrote in public and the owner reacted to.
func (r *run) liked(m *message, c *chat) error {
	if !c.public() || r.account.NativeID == "" {
		return nil
	}
	for _, id := range m.reactions {
		if strings.TrimPrefix(id, "user") != r.account.NativeID {
			continue
		}
		p := r.base(m, c)
		p.Key = "like:" + strings.TrimPrefix(p.Key, "msg:")
		p.Kind, p.Author, p.Text = store.KindLike, m.from, m.whole()
		if strings.TrimSpace(p.Text) == "" {
			return nil
		}
		return r.post(p)
	}
	return nil
}

// base fills in what every kind of post has. The key is the number of the
// message and its second: pages of HTML do not say which chat it is, and a
// number with its second does not come twice in one account.
func (r *run) base(m *message, c *chat) store.Post {
	p := store.Post{Audience: c.audience(), Place: c.name, URL: c.link(m.id)}
	p.Created, p.Precision = when(m.unix, m.date)
	p.Edited, _ = when(m.editedUnix, m.edited)
	if p.Edited.Equal(p.Created) {
		p.Edited = time.Time{}
	}
	p.Key = key(m.id, p.Created)
	if m.file != "" && !strings.HasPrefix(m.file, "(") {
		p.Media = []store.Media{{Member: m.file, Type: mediaTypes[m.mediaType]}}
	}
	return p
}

var mediaTypes = map[string]string{"photo": "photo", "video_file": "video", "video_message": "video", "animation": "gif", "voice_message": "audio", "audio_file": "audio"}

func key(id string, at time.Time) string {
	if at.IsZero() {
		return "msg:" + id
	}
	return "msg:" + strconv.FormatInt(at.Unix(), 10) + "/" + id
}

// when reads a time: the seconds since 1970, or without them the local time
// of the computer that made the export.
func when(unix, date string) (time.Time, store.Precision) {
	if n, err := strconv.ParseInt(unix, 10, 64); err == nil {
		if t := intake.Seconds(n); !t.IsZero() {
			return t, store.PrecisionSecond
		}
	}
	if t, err := time.Parse("2006-01-02T15:04:05", date); err == nil {
		if t = intake.Plausible(t); !t.IsZero() {
			return t, store.PrecisionZone
		}
	}
	return time.Time{}, store.PrecisionNone
}

// story hands over the caption of a story.
func (r *run) story(member string, record int, raw []byte) error {
	var m message
	if err := decode(raw, &m); err != nil {
		return r.Skip(member, record, intake.Reason(err))
	}
	text := m.whole()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: text}
	p.Created, p.Precision = when(m.unix, m.date)
	p.Key, _ = r.keys.Key("story", identity.Time(p.Created), text)
	return r.emit(p)
}
