package instagram

import (
	"lookback/importer/instagram/form"
	"lookback/importer/jsonstream"
	"lookback/importer/meta"
	"lookback/store"
)

// oldLists are the lists in the files of 2018 to 2020 that are read, with the
// sections that later exports have for them.
var oldLists = map[string][][2]string{
	secPost:       {{"photos", secPost}, {"videos", secPost}, {"stories", secStory}},
	secComment:    {{"media_comments", secComment}, {"live_comments", secComment}, {"story_comments", secComment}},
	secLike:       {{"media_likes", secLike}, {"comment_likes", secCommentLike}},
	secOldStories: {{"polls", secChoice}, {"quizzes", secChoice}, {"questions", secAnswer}, {"emoji_sliders", secAnswer}, {"story_likes", secStoryLike}},
}

// readOld reads one file of the exports of 2018 to 2020.
func (r *run) readOld(f file) error {
	there, broken := r.listsOf(f)
	for _, list := range oldLists[f.section] {
		if !there[list[0]] {
			continue
		}
		in := f
		in.section = list[1]
		path := []string{list[0]}
		r.seen[sections[in.section].scope] = true
		var err error
		if f.section == secPost {
			emit := emitter(in.section)
			err = meta.EachIn(r.Reader, f.meta(), path, form.Parse, func(_ int, rec *form.Record) error { return emit(r, in, rec) })
		} else {
			err = meta.EachIn(r.Reader, f.meta(), path, parseRow, func(n int, row *[]string) error { return r.row(in, n, *row) })
		}
		if err != nil {
			return err
		}
	}
	if err := r.Ctx.Err(); err != nil || !broken || r.Lost(f.section) {
		return err
	}
	return r.Skip(f.meta(), 0, "is not valid JSON")
}

// listsOf returns the names of the lists in a file. broken says that it could
// not be read to its end.
func (r *run) listsOf(f file) (there map[string]bool, broken bool) {
	there = map[string]bool{}
	err := r.Header(f.meta(), func(d *jsonstream.Decoder, name string) error {
		there[name] = d.PeekKind() == '['
		return jsonstream.Skip(d)
	})
	return there, err != nil
}

// parseRow takes [time, text, owner] or [time, owner].
func parseRow(d *jsonstream.Decoder, row *[]string) error {
	return jsonstream.List(d, func() error {
		var s string
		err := meta.Text(d, &s)
		*row = append(*row, s)
		return err
	})
}

func (r *run) row(f file, n int, row []string) error {
	if len(row) < 2 {
		return r.Skip(f.meta(), n, "has not the parts that belong to it")
	}
	rec := &form.Record{}
	rec.At(form.ISO(row[0]))
	owner, text := row[len(row)-1], ""
	if len(row) > 2 {
		text = row[1]
		if f.section == secAnswer || f.section == secChoice {
			owner, text = row[1], row[2]
			if !meta.UserName(owner) && meta.UserName(text) {
				owner, text = text, owner
			}
		}
	}
	owner = form.Handle(owner)
	p := store.Post{Text: meta.Words(text), Created: rec.When, Precision: rec.Precision}
	switch f.section {
	case secComment, secAnswer:
		p.Kind, p.ReplyToAuthor = store.KindComment, owner
		if f.section == secAnswer {
			p.Kind = store.KindReply
		}
		return r.Own(rec, sections[f.section].scope, "", p)
	case secChoice:
		if p.Text == "" {
			r.Textless++
			return nil
		}
		p.Kind, p.Author = store.KindLike, owner
		return r.Endorsed("choice", p)
	}
	rec.Title = owner
	return r.Liked(rec, sections[f.section].scope)
}

// An oldConversation is what is read of a conversation.
type oldConversation struct {
	people int
	sent   []oldMessage
}

type oldMessage struct{ sender, text, created, link string }

// parseConversation keeps the messages of the owner's.
func (r *run) parseConversation(d *jsonstream.Decoder, c *oldConversation) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "participants":
			return jsonstream.List(d, func() error { c.people++; return jsonstream.Skip(d) })
		case "conversation":
			return jsonstream.List(d, func() error {
				var m oldMessage
				err := jsonstream.Object(d, func(name []byte) error { return m.member(d, name) })
				if r.owns(m.sender) {
					c.sent = append(c.sent, m)
				}
				return err
			})
		}
		return jsonstream.Skip(d)
	})
}

func (m *oldMessage) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "sender":
		return meta.Text(d, &m.sender)
	case "text":
		return meta.Text(d, &m.text)
	case "created_at":
		return jsonstream.Text(d, &m.created)
	case "media_share_url", "link", "story_share":
		return meta.Text(d, &m.link)
	}
	return jsonstream.Skip(d)
}

func (r *run) oldMessages(f file) error {
	return meta.EachIn(r.Reader, f.meta(), []string{}, r.parseConversation, func(_ int, c *oldConversation) error {
		for _, m := range c.sent {
			p := store.Post{Text: m.text}
			p.Created, p.Precision = form.ISO(m.created)
			if meta.IsURL(m.link) {
				p.Media = append(p.Media, store.Media{Type: "link", URL: m.link})
			}
			if err := r.message(p, "", meta.Thread{People: c.people}); err != nil {
				return err
			}
		}
		return nil
	})
}
