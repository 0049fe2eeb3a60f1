package facebook

import (
	"bytes"
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/meta"
	"lookback/store"
)

// readMessages reads the messages that the owner sent, if they are asked for.
func (r *run) readMessages() error {
	var files []file
	for _, f := range r.place.files {
		if f.section == secMessage || f.section == secEncrypted || f.section == secOldMessage {
			files = append(files, f)
		}
	}
	switch {
	case len(files) == 0:
		return nil
	case !r.opts.Messages:
		return r.Note("messages-not-read", "", "The archive holds private messages. They are read only when you ask for it.")
	}
	for _, page := range []bool{false, true} {
		r.keys.Form()
		for _, f := range files {
			if f.page != page {
				continue
			}
			if f.section == secOldMessage && len(r.names) == 0 {
				if err := r.titleOwner(f); err != nil {
					return err
				}
			}
			if len(r.names) == 0 {
				r.Lose(secMessage)
				return r.Note("owner-unknown", "", "The archive does not say whose it is, so your own messages could not be told from other people's: "+
					"give your name as Messenger shows it with --me.")
			}
			if err := r.chat(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) chat(f file) error {
	r.seen[secMessage] = true
	switch {
	case !f.page && !r.isChat(f):
		return r.Note("unknown-form", f.path, "The file is not in the form of Messenger's chats, so nothing of it was read.")
	case f.section == secOldMessage:
		return r.oldChats(f)
	case f.page:
		return r.chatPage(f)
	}
	return r.chatJSON(f)
}

// isChat says whether the files beside the chats have their form: for those
// with a machine and with Facebook's support it is not known.
func (r *run) isChat(f file) bool {
	base := strings.ToLower(path.Base(f.name))
	if !strings.HasPrefix(base, "ai_conversations") && !strings.HasPrefix(base, "support_messages") {
		return true
	}
	head, err := importer.Head(r.FS, f.path, 64<<10)
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return err == nil && bytes.HasPrefix(start, []byte("{")) && bytes.Contains(head, []byte(`"messages"`))
}

func (r *run) chatJSON(f file) error {
	t, err := r.Thread(f.meta(), f.section == secEncrypted)
	if err != nil {
		return err
	}
	id := threadID(f, t.Title)
	mf := f.meta()
	mf.Section = secMessage
	return meta.EachIn(r.Reader, mf, []string{"messages"}, meta.ParseMessage, func(_ int, m *meta.Message) error {
		if !r.isOwner(m.Sender) || !m.Said() {
			return nil
		}
		p := store.Post{Text: m.Text}
		p.Created, p.Precision = meta.At(m.Time)
		if m.Link != "" {
			p.Media = append(p.Media, store.Media{Type: "link", URL: m.Link})
		}
		for _, one := range m.Media {
			if one.URI != "" && !meta.IsURL(one.URI) {
				p.Media = append(p.Media, store.Media{Member: r.memberPath(f, one.URI), Type: meta.MediaType(one.URI)})
			}
		}
		return r.sent(p, id, t)
	})
}

// threadID tells chats apart: two may have the same words at the same time.
func threadID(f file, title string) string {
	if f.section == secEncrypted {
		return meta.Squash(title)
	}
	return path.Base(path.Dir(f.name))
}

// sent gives one message of the owner's.
func (r *run) sent(p store.Post, id string, t meta.Thread) error {
	if !t.Fill(&p) {
		return nil
	}
	var again bool
	if p.Key, again = r.keys.Key(meta.Identity{Scope: secMessage, Time: p.Created, Text: p.Text, Extra: id}); again {
		return nil
	}
	return r.emit(p)
}

// chatPage reads a chat as a page. A box without a date lists who takes part.
func (r *run) chatPage(f file) error {
	id := threadID(f, "")
	t := meta.Thread{}
	mf := f.meta()
	mf.Section = secMessage
	return r.Page(mf, meta.Options{}, func(_ int, node *meta.Node, frame *meta.Frame) error {
		b := meta.Split(node)
		if t.Title == "" && len(frame.Head) > 0 {
			t.Title = frame.Title
		}
		if b.DateText == "" {
			t.People = max(t.People, meta.Participants(node))
			return nil
		}
		if !r.isOwner(b.Heading) {
			return nil
		}
		p := store.Post{Text: messageText(b.Body)}
		p.Created, p.Precision = b.Date.In(r.zone)
		for _, m := range meta.PageMedia(b.Body...) {
			p.Media = append(p.Media, store.Media{Member: r.memberPath(f, m.URI), Type: meta.MediaType(m.URI)})
		}
		return r.sent(p, id, t)
	})
}

// messageText picks the words out of a message's body: of the four blocks in
// it the second, the others being a share, a call and what was sent with it.
func messageText(body []*meta.Node) string {
	for _, b := range body {
		n := b
		for kids := n.Elements(); len(kids) == 1 && !n.Inline(); kids = n.Elements() {
			n = kids[0]
		}
		if kids := n.Elements(); len(kids) >= 4 {
			return kids[1].Content()
		}
		for _, l := range meta.Leaves(n) {
			if !l.Table && !inList(b, l.Node) {
				return l.Text
			}
		}
	}
	return ""
}

// inList says whether leaf lies in a list: those of reactions.
func inList(n, leaf *meta.Node) bool {
	found := false
	n.Walk(func(k *meta.Node) bool {
		if k.Tag == "ul" {
			k.Walk(func(in *meta.Node) bool {
				found = found || in == leaf
				return !found
			})
			return false
		}
		return !found
	})
	return found
}
