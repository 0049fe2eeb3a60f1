package reddit

import (
	"strings"

	"lookback/importer"
	"lookback/store"
)

// private says whether the messages of a kind are to be read, and tells the
// person why not.
func (r *run) private(kinds ...string) (bool, error) {
	there := false
	for _, k := range kinds {
		there = there || len(r.place.members[k]) > 0
	}
	switch {
	case !there:
		return false, nil
	case !r.opts.Messages:
		r.withheld = true
		return false, nil
	case r.account.Handle == "":
		return false, r.Note("owner-unknown", r.place.members[firstOf(r.place, kinds)][0].Name,
			"The archive does not say whose it is, so your own messages could not be told from other people's: give --me with your user name.")
	}
	return true, nil
}

func firstOf(p *place, kinds []string) string {
	for _, k := range kinds {
		if len(p.members[k]) > 0 {
			return k
		}
	}
	return ""
}

// messages reads the private messages that the owner sent. Some exports have
// them under another name, some under both.
func (r *run) messages() error {
	if ok, err := r.private(kindMessages, kindArchived); !ok {
		return err
	}
	for _, kind := range []string{kindMessages, kindArchived} {
		err := r.each(kind, func(m importer.Member, record int, w *row) error { return r.message(kind, m, record, w) })
		if err != nil {
			return err
		}
	}
	if r.read[kindArchived] && len(r.place.members[kindMessages]) == 0 {
		r.read[kindMessages] = true
	}
	if r.Lost(kindArchived) {
		r.Lose(kindMessages)
	}
	return nil
}

func (r *run) message(kind string, m importer.Member, record int, w *row) error {
	var p store.Post
	r.date(&p, w.get("date")) // other people's too: they tell when the export begins
	if !strings.EqualFold(strings.TrimPrefix(w.get("from"), "u/"), r.account.Handle) {
		return nil
	}
	id := w.id("id")
	if id == "" {
		return r.skip(kind, m, record, "has no id")
	}
	p.Key, p.Kind, p.Own, p.Audience = "message:"+id, store.KindDM, true, store.AudienceDirect
	p.URL = address(w.get("permalink"))
	subject := w.get("subject")
	if strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "" // of the message that is answered
	}
	p.Text = join(subject, r.body(w, "body"))
	to := strings.TrimPrefix(w.get("to"), "u/")
	if community, ok := strings.CutPrefix(strings.TrimPrefix(to, "/"), "r/"); ok || strings.HasPrefix(to, "#") {
		p.Audience, p.Place = store.AudienceGroup, placeOf(strings.TrimPrefix(community, "#"))
	} else {
		p.ReplyToAuthor = to
	}
	if thread := w.id("thread_id"); thread != "" {
		p.Thread = "message:" + thread
	}
	return r.post(p)
}

// chats reads the chat messages that the owner sent.
func (r *run) chats() error {
	if ok, err := r.private(kindChats); !ok {
		return err
	}
	return r.each(kindChats, func(m importer.Member, record int, w *row) error {
		var p store.Post
		r.date(&p, w.get("created_at"))
		if !strings.EqualFold(strings.TrimPrefix(w.get("username"), "u/"), r.account.Handle) {
			return nil
		}
		id := w.get("message_id")
		if id == "" {
			return r.skip(kindChats, m, record, "has no id")
		}
		p.Key, p.Kind, p.Own, p.Text = "chat:"+id, store.KindDM, true, r.body(w, "message")
		if t, _ := parseTime(w.get("updated_at")); t.After(p.Created) {
			p.Edited = t
		}
		if parent := w.get("thread_parent_message_id"); parent != "" {
			p.Thread, p.ReplyTo = "chat:"+parent, "chat:"+parent
		}
		p.Audience, p.Place = store.AudienceDirect, w.get("channel_name")
		if sub := w.get("subreddit"); sub != "" {
			p.Audience, p.Place = store.AudienceGroup, placeOf(sub)
		} else if strings.Contains(strings.ToLower(w.get("conversation_type")), "group") {
			p.Audience = store.AudienceGroup
		}
		return r.post(p)
	})
}
