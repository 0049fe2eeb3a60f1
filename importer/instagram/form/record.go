// Package form knows how Instagram and Threads write their records, in JSON
// and as pages. It knows none of their files.
package form

import (
	"strings"
	"time"

	"lookback/importer/jsonstream"
	"lookback/importer/meta"
	"lookback/importer/pattern"
	"lookback/store"
)

// A Record is one entry of any list. Shapes share names and differ in what
// they leave out; a record of a page is brought into the same form.
type Record struct {
	meta.Entry        // Title is the caption of a post, and else whose post it was
	Place      string // location of a post, 2018 to 2020
	Reply      bool   // Threads says that it answers somebody
	ReplyTo    string // user name
	Page       bool
	Undated    bool // a page has a date that cannot be read

	When      time.Time
	Precision store.Precision
}

// At sets the time.
func (rec *Record) At(t time.Time, p store.Precision) { rec.When, rec.Precision = t, p }

// Parse takes a record of JSON.
func Parse(d *jsonstream.Decoder, rec *Record) error {
	err := jsonstream.Object(d, func(name []byte) error { return rec.member(d, name) })
	if rec.When.IsZero() {
		rec.At(meta.At(rec.time()))
		if rec.time() == 0 {
			rec.At(time.Time{}, store.PrecisionNone)
		}
	}
	return err
}

// time is the record's own, else the first of a medium, else of a label.
func (rec *Record) time() int64 {
	if rec.Time != 0 {
		return rec.Time
	}
	for _, m := range rec.Media {
		if m.Created != 0 {
			return m.Created
		}
	}
	return meta.When(rec.Labels)
}

func (rec *Record) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "timestamp", "creation_timestamp":
		return meta.Number(d, &rec.Time)
	case "taken_at":
		return rec.iso(d)
	case "title", "caption":
		return meta.Text(d, &rec.Title)
	case "fbid":
		return jsonstream.Text(d, &rec.ID)
	case "location":
		return meta.Text(d, &rec.Place)
	case "uri", "path":
		return meta.Text(d, &rec.lone().URI)
	case "media", "media_list_data":
		return List(d, func() error { return rec.medium(d) })
	case "text_app_post":
		return rec.thread(d)
	case "label_values", "string_list_data":
		return meta.ReadLabels(d, &rec.Labels)
	case "string_map_data":
		return jsonstream.Object(d, func(name []byte) error {
			l := meta.Label{Name: meta.Repair(string(name))}
			err := l.Read(d)
			rec.Labels = append(rec.Labels, l)
			return err
		})
	}
	return jsonstream.Skip(d)
}

// List takes every element of a list, or a lone value in place of one.
func List(d *jsonstream.Decoder, one func() error) error {
	if d.PeekKind() == '[' {
		return jsonstream.List(d, one)
	}
	return one()
}

// lone is the medium that the record itself is.
func (rec *Record) lone() *meta.Media {
	if len(rec.Media) == 0 {
		rec.Media = append(rec.Media, meta.Media{})
	}
	return &rec.Media[0]
}

// medium takes one medium. On Threads what is said about the post lies in it.
func (rec *Record) medium(d *jsonstream.Decoder) error {
	var m meta.Media
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "uri":
			return meta.Text(d, &m.URI)
		case "creation_timestamp":
			return meta.Number(d, &m.Created)
		case "title":
			return meta.Text(d, &m.Title)
		case "description":
			return meta.Text(d, &m.Description)
		case "text_app_post":
			return rec.thread(d)
		}
		return jsonstream.Skip(d)
	})
	if m != (meta.Media{}) {
		rec.Media = append(rec.Media, m)
	}
	return err
}

func (rec *Record) thread(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "is_reply":
			var is string
			err := jsonstream.Text(d, &is)
			rec.Reply = rec.Reply || is == "true"
			return err
		case "in_reply_to_username":
			return meta.Text(d, &rec.ReplyTo)
		}
		return jsonstream.Skip(d)
	})
}

func (rec *Record) iso(d *jsonstream.Decoder) error {
	var s string
	err := jsonstream.Text(d, &s)
	rec.At(ISO(s))
	return err
}

// ISO reads the times of 2018 to 2020; those without a zone are in UTC.
func ISO(s string) (time.Time, store.Precision) {
	s = strings.Replace(strings.TrimSpace(s), " ", "T", 1)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1990 && t.Year() < 2100 {
			return t.UTC(), store.PrecisionSecond
		}
	}
	return time.Time{}, store.PrecisionNone
}

// Caption returns the text of a post, and its media with what is written
// about single ones in Description. A post of one medium has its caption
// there, one of several around them, and some have both.
func (rec *Record) Caption() (text string, media []meta.Media) {
	text = meta.Words(rec.Title)
	if l := meta.Find(rec.Labels, meta.RoleText); text == "" && l != nil && l.Date.IsZero() {
		text = meta.Words(l.Value)
	}
	media = rec.AllMedia()
	for _, m := range media {
		if text == "" {
			text = meta.Words(m.Title)
		}
	}
	for i := range media {
		m := &media[i]
		var alts []string
		for _, s := range []string{m.Title, m.Description} {
			if s = meta.Words(s); s != "" && meta.Squash(s) != meta.Squash(text) && (len(alts) == 0 || alts[0] != s) {
				alts = append(alts, s)
			}
		}
		m.Description = strings.Join(alts, "\n\n")
	}
	return text, media
}

// Comment tells the parts of a comment apart, whose labels are in the
// account's language: by the label where that is known, else by the order,
// which is text, owner of the post, time.
func (rec *Record) Comment() (text, owner string) {
	if rec.strings() {
		// The list of strings of 2021 and 2022: the title says whose post it
		// was.
		for i := range rec.Labels {
			if l := &rec.Labels[i]; text == "" && (l.Href == "" || !meta.IsURL(l.Value)) {
				text = l.Value
			}
		}
		return meta.Words(text), Handle(rec.Title)
	}
	text, owner, known, rest := rec.labelled()
	last := ""
	if len(rest) > 0 {
		last = rest[len(rest)-1]
	}
	switch {
	case known && owner == "" && meta.UserName(last):
		owner = last
	case !known && owner == "" && len(rest) > 1 && (last == "" || meta.UserName(last)):
		owner, rest = last, rest[:len(rest)-1]
	}
	if !known {
		for _, s := range rest {
			if len(s) > len(text) {
				text = s
			}
		}
	}
	if owner == "" {
		owner = rec.Title
	}
	return meta.Words(text), Handle(owner)
}

// labelled returns what the labels name, and the values of those labels that
// are not known. known says that one of them was that of the text.
func (rec *Record) labelled() (text, owner string, known bool, rest []string) {
	for i := range rec.Labels {
		l := &rec.Labels[i]
		switch role := l.Role(); {
		case l.Time != 0 || !l.Date.IsZero() || role == meta.RoleTime:
		case role == meta.RoleText:
			known = true
			if text == "" {
				text = l.Value
			}
		case role == meta.RoleOwner || role == meta.RoleUser:
			owner = deep(l, owner)
		case role == meta.RoleURL || l.Value == "" && len(l.Dict) > 0 || l.Href != "" && meta.IsURL(l.Value):
		default:
			rest = append(rest, l.Value)
		}
	}
	return text, owner, known, rest
}

// deep returns the user name in an owner's label: its value, or in its
// dictionary.
func deep(l *meta.Label, otherwise string) string {
	if u := Deep(l.Dict, meta.RoleUser); u != "" {
		return u
	}
	if n := Deep(l.Dict, meta.RoleName); n != "" {
		return n
	}
	if l.Value != "" {
		return l.Value
	}
	return otherwise
}

// Deep returns the first value of a role, however deep it lies.
func Deep(labels []meta.Label, role meta.Role) string {
	for i := range labels {
		l := &labels[i]
		if l.Role() == role && l.Value != "" {
			return l.Value
		}
		if v := Deep(l.Dict, role); v != "" {
			return v
		}
	}
	return ""
}

// Owner returns whose the thing is that the record is about.
func (rec *Record) Owner() string {
	for i := range rec.Labels {
		if l := &rec.Labels[i]; l.Role() == meta.RoleOwner {
			return Handle(deep(l, rec.Title))
		}
	}
	if rec.Title == "" {
		return Handle(Deep(rec.Labels, meta.RoleUser))
	}
	return Handle(rec.Title)
}

// Handle is a user name without what stands around it.
func Handle(s string) string { return strings.TrimPrefix(meta.Squash(s), "@") }

// strings says whether the labels are a list of strings, each with its own
// time.
func (rec *Record) strings() bool {
	for i := range rec.Labels {
		if l := &rec.Labels[i]; l.Name != "" || l.Field != "" || len(l.Dict) > 0 {
			return false
		}
	}
	return len(rec.Labels) > 0
}

// A Value is one of a list of answers.
type Value struct {
	Text      string
	When      time.Time
	Precision store.Precision
}

// Values returns the values of a list of strings, or of a generic record the
// one that was written.
func (rec *Record) Values(zone meta.Zone) []Value {
	if !rec.strings() {
		text, _ := rec.Comment()
		if choice := Deep(rec.Labels, meta.RoleChoice); choice != "" {
			text = meta.Words(choice)
		}
		return []Value{{text, rec.When, rec.Precision}}
	}
	var all []Value
	for i := range rec.Labels {
		l := &rec.Labels[i]
		v := Value{Text: meta.Words(l.Value)}
		switch {
		case l.Time != 0:
			v.When, v.Precision = meta.At(l.Time)
		case !l.Date.IsZero():
			v.When, v.Precision = l.Date.In(zone)
		default:
			v.When, v.Precision = rec.When, rec.Precision
		}
		all = append(all, v)
	}
	return all
}

var shortcode = pattern.New(`/(?:p|reel|reels|tv|post|t)/([A-Za-z0-9_-]{5,64})`)

// Code returns the part of an address that names a post, else the address.
func Code(url string) string {
	if m := shortcode.FindStringSubmatch(url); m != nil {
		return m[1]
	}
	return url
}
