package instagram

import (
	"path"

	"lookback/importer/instagram/form"
	"lookback/importer/meta"
	"lookback/importer/pattern"
	"lookback/store"
)

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
	t, err := r.Thread(f.meta(), false)
	if err != nil {
		return err
	}
	return meta.EachIn(r.Reader, f.meta(), []string{"messages"}, meta.ParseMessage, func(_ int, m *meta.Message) error {
		r.senders++
		if !r.owns(m.Sender) || !m.Said() {
			return nil
		}
		p := store.Post{Text: m.Text}
		p.Created, p.Precision = meta.At(m.Time)
		return r.messageWith(f, p, t, m.Link, m.Media)
	})
}

// chatPage reads a chat as a page. The page's first heading names the chat.
func (r *run) chatPage(f file) error {
	var t meta.Thread
	return r.Page(f.meta(), meta.Options{}, func(n int, box *meta.Node, frame *meta.Frame) error {
		if t.Title == "" {
			t.Title = frame.Title
			if len(frame.Head) > 0 {
				t.Title = frame.Head[len(frame.Head)-1]
			}
		}
		m := form.MessageOf(box, r.Zone)
		if !m.Dated {
			t.People = max(t.People, meta.Participants(box))
			return nil
		}
		r.senders++
		if !r.owns(m.Sender) {
			return nil
		}
		return r.messageWith(f, store.Post{Text: m.Text, Created: m.When, Precision: m.Precision}, t, m.Link, m.Media)
	})
}

func (r *run) messageWith(f file, p store.Post, t meta.Thread, link string, media []meta.Media) error {
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

var trailing = pattern.New(`_(\d{5,})$`)

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
func (r *run) message(p store.Post, id string, t meta.Thread) error {
	r.sent++
	if !t.Fill(&p) {
		return nil
	}
	if r.Key(&p, meta.Identity{Scope: secMessage, Time: p.Created, Text: p.Text, Extra: id}) {
		return nil
	}
	return r.Emit(p)
}
