package facebook

import (
	"strings"
	"time"

	"lookback/importer/jsonstream"
	"lookback/importer/meta"
	"lookback/store"
)

// A record is one entry of any of the lists: their shapes share names and
// differ in what they leave out. A record of a page is brought into the same
// form.
type record struct {
	meta.Entry
	texts   []string // the owner's words, as a rule one
	edited  int64
	comment comment
	links   []link
	extra   []string // attached texts: life events, for-sale entries
	polls   []poll
	notes   []note
	group   string
	answers []answer

	name, url, description, price string
	start                         int64
	isComment                     bool

	when      time.Time
	precision store.Precision
}

type comment struct {
	text, author, group string
	time                int64
}

type link struct{ url, name, source string }

type note struct {
	title, text    string
	media          []meta.Media
	created, edits int64
}

type poll struct {
	question string
	options  []string
	chosen   []string
}

type answer struct {
	question, text string
	time           int64
}

func (rec *record) at(t time.Time, p store.Precision) { rec.when, rec.precision = t, p }

// list takes every element of a list, or a lone value in place of one.
func list(d *jsonstream.Decoder, one func() error) error {
	if d.PeekKind() == '[' {
		return jsonstream.List(d, one)
	}
	return one()
}

func parseRecord(d *jsonstream.Decoder, rec *record) error {
	return jsonstream.Object(d, func(name []byte) error { return rec.member(d, name) })
}

func (rec *record) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "timestamp", "creation_timestamp", "created_timestamp", "last_modified_timestamp":
		return meta.Number(d, &rec.Time)
	case "title":
		return meta.Text(d, &rec.Title)
	case "fbid":
		return jsonstream.Text(d, &rec.ID)
	case "label_values":
		return meta.ReadLabels(d, &rec.Labels)
	case "data":
		return list(d, func() error { return rec.datum(d) })
	case "attachments":
		return list(d, func() error { return rec.attachment(d) })
	case "media", "photos", "videos":
		return meta.ReadMedia(d, &rec.Media)
	case "uri":
		m := rec.lone()
		return meta.Text(d, &m.URI)
	case "name":
		return meta.Text(d, &rec.name)
	case "url":
		return meta.Text(d, &rec.url)
	case "description":
		return meta.Text(d, &rec.description)
	case "price":
		return meta.Text(d, &rec.price)
	case "start_timestamp":
		return meta.Number(d, &rec.start)
	case "group_name":
		return meta.Text(d, &rec.group)
	case "answers":
		return list(d, func() error { return rec.answer(d) })
	case "text":
		return rec.words(d)
	}
	return jsonstream.Skip(d)
}

// lone is the medium that the record itself is.
func (rec *record) lone() *meta.Media {
	if len(rec.Media) == 0 {
		rec.Media = append(rec.Media, meta.Media{})
	}
	return &rec.Media[0]
}

func (rec *record) words(d *jsonstream.Decoder) error {
	var s string
	err := meta.Text(d, &s)
	rec.texts = add(rec.texts, s)
	return err
}

// add appends text that is not there yet.
func add(list []string, text string) []string {
	text = meta.Words(text)
	if text == "" {
		return list
	}
	for _, s := range list {
		if meta.Squash(s) == meta.Squash(text) {
			return list
		}
	}
	return append(list, text)
}

// datum is one of {post}, {update_timestamp}, {comment}, {reaction}, {text}.
func (rec *record) datum(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "post", "text":
			return rec.words(d)
		case "update_timestamp":
			return meta.Number(d, &rec.edited)
		case "comment":
			rec.isComment = true
			return rec.readComment(d)
		case "name", "title":
			return meta.Text(d, &rec.name)
		}
		return jsonstream.Skip(d)
	})
}

func (rec *record) readComment(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "comment":
			return meta.Text(d, &rec.comment.text)
		case "author":
			return meta.Text(d, &rec.comment.author)
		case "group":
			return meta.Text(d, &rec.comment.group)
		case "timestamp":
			return meta.Number(d, &rec.comment.time)
		}
		return jsonstream.Skip(d)
	})
}

// attachment is {"data":[...]}, each with one kind of attachment.
func (rec *record) attachment(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) != "data" {
			return jsonstream.Skip(d)
		}
		return list(d, func() error {
			return jsonstream.Object(d, func(name []byte) error { return rec.attached(d, name) })
		})
	})
}

func (rec *record) attached(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "media":
		return meta.ReadMedia(d, &rec.Media)
	case "external_context":
		return rec.readLink(d)
	case "text":
		return rec.attachedText(d)
	case "name":
		return meta.Text(d, &rec.group)
	case "life_event":
		return jsonstream.Object(d, func(name []byte) error {
			if string(name) == "title" || string(name) == "description" {
				return rec.attachedText(d)
			}
			return jsonstream.Skip(d)
		})
	case "for_sale_item", "item":
		return jsonstream.Object(d, func(name []byte) error {
			if n := string(name); n == "title" || n == "description" {
				return rec.attachedText(d)
			}
			return jsonstream.Skip(d)
		})
	case "description", "title":
		return rec.attachedText(d)
	case "poll":
		return rec.readPoll(d)
	case "note":
		return rec.readNote(d)
	}
	return jsonstream.Skip(d)
}

func (rec *record) attachedText(d *jsonstream.Decoder) error {
	var s string
	err := meta.Text(d, &s)
	rec.extra = add(rec.extra, s)
	return err
}

func (rec *record) readLink(d *jsonstream.Decoder) error {
	var l link
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "url":
			return meta.Text(d, &l.url)
		case "name":
			return meta.Text(d, &l.name)
		case "source":
			return meta.Text(d, &l.source)
		}
		return jsonstream.Skip(d)
	})
	if l.url != "" || l.name != "" {
		rec.links = append(rec.links, l)
	}
	return err
}

func (rec *record) readPoll(d *jsonstream.Decoder) error {
	var p poll
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "question":
			return meta.Text(d, &p.question)
		case "options":
			return list(d, func() error {
				var option, voted string
				err := jsonstream.Object(d, func(name []byte) error {
					switch string(name) {
					case "option":
						return meta.Text(d, &option)
					case "voted":
						return jsonstream.Text(d, &voted)
					}
					return jsonstream.Skip(d)
				})
				p.options = add(p.options, option)
				if voted == "true" {
					p.chosen = add(p.chosen, option)
				}
				return err
			})
		}
		return jsonstream.Skip(d)
	})
	rec.polls = append(rec.polls, p)
	return err
}

func (rec *record) readNote(d *jsonstream.Decoder) error {
	var n note
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "title":
			return meta.Text(d, &n.title)
		case "text":
			return meta.Text(d, &n.text)
		case "media":
			return meta.ReadMedia(d, &n.media)
		case "created_timestamp":
			return meta.Number(d, &n.created)
		case "updated_timestamp":
			return meta.Number(d, &n.edits)
		}
		return jsonstream.Skip(d)
	})
	rec.notes = append(rec.notes, n)
	return err
}

func (rec *record) answer(d *jsonstream.Decoder) error {
	var a answer
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "question":
			return meta.Text(d, &a.question)
		case "answer":
			return meta.Text(d, &a.text)
		case "timestamp":
			return meta.Number(d, &a.time)
		}
		return jsonstream.Skip(d)
	})
	rec.answers = append(rec.answers, a)
	return err
}

// labelled takes what generic records say in their labels into the fields of
// the others.
func (rec *record) labelled() {
	if len(rec.Labels) == 0 {
		return
	}
	if text := meta.Words(meta.Written(rec.Labels)); text != "" {
		rec.texts = add(rec.texts, text)
	}
	if rec.when.IsZero() {
		rec.at(meta.At(meta.When(rec.Labels)))
	}
	if l := meta.Find(rec.Labels, meta.RoleGroup); l != nil && rec.group == "" {
		rec.group = l.Inside(meta.RoleName)
	}
	if rec.url == "" {
		rec.url = meta.Address(rec.Labels)
	}
	rec.Media = rec.AllMedia()
}

// text returns everything that the owner wrote in the record.
func (rec *record) text() string {
	var parts []string
	for _, s := range rec.texts {
		parts = add(parts, s)
	}
	for _, s := range rec.extra {
		parts = add(parts, s)
	}
	for _, n := range rec.notes {
		parts = add(parts, strings.TrimSpace(meta.Words(n.title)+"\n\n"+meta.Words(n.text)))
	}
	for _, p := range rec.polls {
		parts = add(parts, strings.TrimSpace(meta.Words(p.question)+"\n"+strings.Join(p.options, "\n")))
	}
	return strings.Join(parts, "\n\n")
}
