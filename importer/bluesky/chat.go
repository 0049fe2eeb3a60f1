package bluesky

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// maxLine bounds one line of chat.jsonl.
const maxLine = 4 << 20

// A message is one line of chat.jsonl. Its shape is not documented; the names
// are those of the app's own interface.
type message struct {
	id, text, sender, convo, sent string
	deleted                       bool
	embed                         object
	links                         []piece
}

func parseMessage(o object) (m message, ok bool) {
	convo := o.text("convoId")
	if convo == "" {
		convo = o.object("convo").text("id")
	}
	for _, name := range []string{"message", "record", "value", "view"} {
		if inner := o.object(name); inner != nil {
			m, ok = parseMessage(inner)
			if m.convo == "" {
				m.convo = convo
			}
			return m, ok
		}
	}
	m = message{id: o.text("id"), text: o.text("text"), sent: o.text("sentAt"), convo: convo,
		sender: o.object("sender").text("did"), embed: o.object("embed")}
	for _, f := range []struct {
		field *string
		name  string
	}{{&m.id, "messageId"}, {&m.id, "rev"}, {&m.sent, "createdAt"}, {&m.sender, "senderDid"}, {&m.sender, "sender"}, {&m.sender, "did"}} {
		if *f.field == "" {
			*f.field = o.text(f.name)
		}
	}
	m.deleted = strings.Contains(o.text("$type"), "deletedMessage")
	_, hasText := o["text"].(string)
	m.links = facetLinks(o.list("facets"))
	return m, hasText || m.deleted
}

// chats reads the messages that the owner sent, if they are asked for.
func (r *run) chats(members []importer.Member) error {
	if len(members) == 0 {
		return nil
	}
	if !r.opts.Messages {
		if len(r.owners) == 0 {
			if err := r.owner(r.me()); err != nil {
				return err
			}
		}
		return r.Note("messages-not-read", "", "The archive holds private messages. They are read only when you ask for it.")
	}
	owner, err := r.sender(members)
	if err != nil {
		return err
	}
	if len(r.owners) == 0 || r.account.NativeID != owner {
		if err := r.owner(owner); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, m := range members {
		if err := r.chat(m, owner, seen); err != nil {
			return err
		}
	}
	return nil
}

// me is the owner's DID where the person gave it.
func (r *run) me() string {
	if strings.HasPrefix(r.opts.Me, "did:") {
		return r.opts.Me
	}
	return ""
}

// sender finds out whose messages are the owner's: the repository beside them
// tells, or the person, or that all have one sender.
func (r *run) sender(members []importer.Member) (string, error) {
	if me := r.me(); me != "" {
		return me, nil
	}
	senders := map[string]bool{}
	for _, m := range members {
		err := r.lines(m, func(_ int, line []byte) error {
			if msg, ok := parseLine(line); ok && msg.sender != "" && len(senders) < 1000 {
				senders[msg.sender] = true
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if len(r.owners) == 1 {
		return r.owners[0], nil
	}
	for did := range senders {
		if len(senders) == 1 {
			return did, nil
		}
		for _, owner := range r.owners {
			if senders[owner] {
				return owner, nil
			}
		}
	}
	if len(senders) == 0 {
		return "", nil
	}
	return "", &importer.HintError{Err: errors.New("the messages do not say which of their writers is you"),
		Hint: "name yourself with --me did:plc:…, or give the profile data (repo.car) in the same folder"}
}

func parseLine(line []byte) (message, bool) {
	var v any
	err := jsonstream.Value(bytes.NewReader(line), maxLine, func(d *jsonstream.Decoder) error {
		return jsonstream.Unmarshal(d, &v)
	})
	if err != nil || toObject(v) == nil {
		return message{}, false
	}
	return parseMessage(toObject(v))
}

// chat reads one file. Lines of other kinds are counted: reactions, calls and
// the like have no words.
func (r *run) chat(m importer.Member, owner string, seen map[string]bool) error {
	other, others := 0, 0
	err := r.lines(m, func(n int, line []byte) error {
		if line == nil {
			return r.Out.Skip(store.Skip{Member: m.Name, Record: n, Reason: "the line is too long"})
		}
		msg, ok := parseLine(line)
		switch {
		case !ok:
			other++
			return nil
		case msg.sender != "" && msg.sender != owner:
			others++
			return nil
		}
		return r.message(m, n, msg, seen)
	})
	if err != nil {
		return err
	}
	if other > 0 {
		if err := r.Note("lines-without-text", m.Name, count(other, "line")+" held no message and could not be used."); err != nil {
			return err
		}
	}
	if others > 0 {
		return r.Note("messages-of-others", m.Name, count(others, "message")+" of other people were left alone.")
	}
	return nil
}

func (r *run) message(m importer.Member, n int, msg message, seen map[string]bool) error {
	if msg.deleted {
		return nil
	}
	if msg.id == "" {
		return r.Out.Skip(store.Skip{Member: m.Name, Record: n, Reason: "has no id"})
	}
	if seen[msg.id] {
		return nil
	}
	if len(seen) < 1<<20 {
		seen[msg.id] = true
	}
	p := store.Post{Key: "dm:" + msg.id, Kind: store.KindDM, Own: true, Audience: store.AudienceDirect,
		Text: expand(msg.text, msg.links)}
	if msg.convo != "" {
		p.Place = "conversation " + msg.convo
	}
	var zone bool
	switch p.Created, zone = parseTime(msg.sent); {
	case p.Created.IsZero():
		if p.Created = tidTime(msg.id); p.Created.IsZero() {
			p.Precision = store.PrecisionNone
		}
	case !zone:
		p.Precision = store.PrecisionZone
	}
	embed(&p, msg.embed)
	if strings.TrimSpace(p.Text) == "" && len(p.Media) == 0 && p.Quoted == "" {
		return nil
	}
	return r.Out.Post(p)
}

// lines calls fn with each line that is not blank, nil for one that is too
// long.
func (r *run) lines(m importer.Member, fn func(n int, line []byte) error) error {
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return importer.Lost(r.Out, m.Name, err)
	}
	defer f.Close()
	text, _, err := jsonstream.NewUTF8Reader(f)
	if err != nil {
		return importer.Lost(r.Out, m.Name, err)
	}
	in := bufio.NewReaderSize(text, 64<<10)
	for n := 1; ; n++ {
		if n%256 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		line, long, err := readLine(in)
		if len(bytes.TrimSpace(line)) > 0 || long {
			if long {
				line = nil
			}
			if err := fn(n, line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return importer.Lost(r.Out, m.Name, err)
		}
	}
}

func readLine(in *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}
