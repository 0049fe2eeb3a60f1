package activitypub

import (
	"path"
	"strings"

	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"
)

// An Activity is one item of an outbox.
type Activity struct {
	ID, Type, Actor, Published string
	To, Cc                     []string
	Direct                     bool
	Object                     *Object // nil where only its address is there
	Address                    string  // of the object
}

// An Object is a note, a question, or one of the longer kinds of post.
type Object struct {
	ID, Type, URL, Author          string
	Published, Updated             string
	Title, Warning, Content, Raw   string
	InReplyTo, Quote               string
	To, Cc                         []string
	Options                        []string // of a poll
	Mentions                       []mention
	Attachments                    []attachment
	Quotes, Direct                 bool
	Place, contentMap, warningText string
}

type mention struct{ href, name string }

type attachment struct {
	kind, media, address, alt string
}

// ParseActivity reads one item of an outbox.
func ParseActivity(d *jsonstream.Decoder, a *Activity) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "id":
			return jsonstream.Text(d, &a.ID)
		case "type":
			return jsonstream.Text(d, &a.Type)
		case "actor":
			return ref(d, &a.Actor)
		case "published":
			return jsonstream.Text(d, &a.Published)
		case "to":
			return refs(d, &a.To)
		case "cc":
			return refs(d, &a.Cc)
		case "directMessage":
			return flag(d, &a.Direct)
		case "object":
			if d.PeekKind() != '{' {
				return ref(d, &a.Address)
			}
			a.Object = new(Object)
			err := parseObject(d, a.Object)
			a.Address = a.Object.ID
			return err
		}
		return jsonstream.Skip(d)
	})
}

func parseObject(d *jsonstream.Decoder, o *Object) error {
	texts := map[string]*string{
		"id": &o.ID, "type": &o.Type, "published": &o.Published, "updated": &o.Updated,
		"name": &o.Title, "summary": &o.Warning, "content": &o.Content,
	}
	links := map[string]*string{"url": &o.URL, "attributedTo": &o.Author, "inReplyTo": &o.InReplyTo}
	lists := map[string]*[]string{"to": &o.To, "cc": &o.Cc}
	err := jsonstream.Object(d, func(name []byte) error {
		if to := texts[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		if to := links[string(name)]; to != nil {
			return ref(d, to)
		}
		if to := lists[string(name)]; to != nil {
			return refs(d, to)
		}
		return o.member(d, string(name))
	})
	if o.Content == "" {
		o.Content = o.contentMap
	}
	if o.Warning == "" {
		o.Warning = o.warningText
	}
	return err
}

func (o *Object) member(d *jsonstream.Decoder, name string) error {
	switch name {
	case "contentMap":
		return firstText(d, &o.contentMap)
	case "summaryMap":
		return firstText(d, &o.warningText)
	case "source":
		return o.source(d)
	case "quote", "quoteUri", "quoteUrl", "quoteURL", "_misskey_quote":
		return o.quoted(d)
	case "oneOf", "anyOf":
		return jsonstream.List(d, func() error { return o.option(d) })
	case "tag":
		return oneOrMore(d, func() error { return o.tag(d) })
	case "attachment":
		return oneOrMore(d, func() error { return o.attached(d) })
	case "directMessage":
		return flag(d, &o.Direct)
	case "location":
		return nameOf(d, &o.Place)
	}
	return jsonstream.Skip(d)
}

// source is what the person typed, where the server keeps it.
func (o *Object) source(d *jsonstream.Decoder) error {
	if d.PeekKind() == '"' {
		return jsonstream.Text(d, &o.Raw)
	}
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) == "content" {
			return jsonstream.Text(d, &o.Raw)
		}
		return jsonstream.Skip(d)
	})
}

// quoted takes an address, or an object for a post that is gone.
func (o *Object) quoted(d *jsonstream.Decoder) error {
	if k := d.PeekKind(); k == '"' || k == '{' {
		o.Quotes = true
	}
	var address string
	err := ref(d, &address)
	if o.Quote == "" {
		o.Quote = address
	}
	return err
}

func (o *Object) option(d *jsonstream.Decoder) error {
	var text string
	err := nameOf(d, &text)
	if text != "" {
		o.Options = append(o.Options, text)
	}
	return err
}

func (o *Object) tag(d *jsonstream.Decoder) error {
	var kind, rel string
	var m mention
	fields := map[string]*string{"type": &kind, "href": &m.href, "name": &m.name, "rel": &rel}
	err := jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		return jsonstream.Skip(d)
	})
	switch {
	case kind == "Mention":
		o.Mentions = append(o.Mentions, m)
	case kind == "Link" && strings.HasSuffix(rel, "_misskey_quote"):
		o.Quotes = true
		if o.Quote == "" {
			o.Quote = m.href
		}
	}
	return err
}

func (o *Object) attached(d *jsonstream.Decoder) error {
	var a attachment
	var href string
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "type":
			return jsonstream.Text(d, &a.kind)
		case "mediaType":
			return jsonstream.Text(d, &a.media)
		case "url":
			return ref(d, &a.address)
		case "href":
			return jsonstream.Text(d, &href)
		case "name":
			return jsonstream.Text(d, &a.alt)
		}
		return jsonstream.Skip(d)
	})
	if a.address == "" {
		a.address = href
	}
	// The card of a link that stands in the text has no file of its own.
	if a.kind != "Link" && (a.address != "" || a.alt != "") {
		o.Attachments = append(o.Attachments, a)
	}
	return err
}

// ref takes an address: a string, an object with one, or the first of a list.
func ref(d *jsonstream.Decoder, to *string) error {
	switch d.PeekKind() {
	case '"':
		return jsonstream.Text(d, to)
	case '{':
		var href, id, address string
		fields := map[string]*string{"href": &href, "id": &id, "url": &address}
		err := jsonstream.Object(d, func(name []byte) error {
			if to := fields[string(name)]; to != nil {
				return jsonstream.Text(d, to)
			}
			return jsonstream.Skip(d)
		})
		for _, s := range []string{href, id, address} {
			if s != "" {
				*to = s
				break
			}
		}
		return err
	case '[':
		return jsonstream.List(d, func() error {
			var s string
			err := ref(d, &s)
			if *to == "" {
				*to = s
			}
			return err
		})
	}
	return jsonstream.Skip(d)
}

func refs(d *jsonstream.Decoder, to *[]string) error {
	return oneOrMore(d, func() error {
		var s string
		err := ref(d, &s)
		if s != "" {
			*to = append(*to, s)
		}
		return err
	})
}

// oneOrMore reads a list, or the one value that stands for a list of one.
func oneOrMore(d *jsonstream.Decoder, element func() error) error {
	if d.PeekKind() == '[' {
		return jsonstream.List(d, element)
	}
	return element()
}

func flag(d *jsonstream.Decoder, to *bool) error {
	var s string
	err := jsonstream.Text(d, &s)
	*to = *to || s == "true"
	return err
}

// firstText takes the first text of a map of languages.
func firstText(d *jsonstream.Decoder, to *string) error {
	return jsonstream.Object(d, func([]byte) error {
		var s string
		err := jsonstream.Text(d, &s)
		if *to == "" {
			*to = s
		}
		return err
	})
}

func nameOf(d *jsonstream.Decoder, to *string) error {
	if d.PeekKind() == '"' {
		return jsonstream.Text(d, to)
	}
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) == "name" || string(name) == "title" {
			return jsonstream.Text(d, to)
		}
		return jsonstream.Skip(d)
	})
}

// text is what the post says, without its warning, and the post that it
// quotes.
func (o *Object) text() (text, quote string) {
	text, quote = Content(o.Content)
	if text == "" && o.Raw != "" {
		text = strings.TrimSpace(o.Raw)
	}
	return Whole(strings.TrimSpace(o.Title), text, Poll(o.Options)), quote
}

// Poll lists the options of a poll, one on each line.
func Poll(options []string) string {
	var all []string
	for _, s := range options {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, "- "+s)
		}
	}
	return strings.Join(all, "\n")
}

var tags = pattern.New(`(?i)</?(p|br|span|a)\b`)

// warning is the content warning: plain text, but for servers that write it
// like a text.
func (o *Object) warning() string {
	if tags.MatchString(o.Warning) {
		return Text(o.Warning)
	}
	return strings.TrimSpace(o.Warning)
}

var fileName = pattern.New(`(?i)^[^/\n]{1,200}\.(jpe?g|png|gif|webp|avif|heic|bmp|svg|mp4|webm|mov|m4v|mkv|mp3|ogg|oga|opus|wav|flac|m4a)$`)

// Alt is a description that somebody wrote; some servers give the name of the
// file where nobody did.
func Alt(s string) string {
	if s = strings.TrimSpace(s); fileName.MatchString(s) {
		return ""
	}
	return s
}

// MediaType reads "image/png" and the like, and the types of the API.
func MediaType(s string) string {
	kind, sub, _ := strings.Cut(strings.ToLower(s), "/")
	switch {
	case sub == "gif", kind == "gifv":
		return "gif"
	case kind == "image":
		return "photo"
	case kind == "video", kind == "audio":
		return kind
	}
	return ""
}

const mediaFolder = "media_attachments/files/"

// media lists the attachments. dir is where in the archive the media are,
// empty where it has none.
func (o *Object) media(dir, host string) []store.Media {
	var list []store.Media
	for _, a := range o.Attachments {
		m := store.Media{Type: MediaType(a.media), Alt: Alt(a.alt), URL: a.address}
		if m.Type == "" {
			m.Type = MediaType(strings.ToLower(a.kind))
		}
		if i := strings.Index(a.address, mediaFolder); i >= 0 && dir != "" {
			m.Member = path.Join(dir, a.address[i:])
		}
		if Host(m.URL) == "" {
			// The archive has cut the server's name off, and with it, where
			// media have a server of their own, whose.
			if m.URL = ""; m.Member == "" && host != "" {
				m.URL = "https://" + host + "/" + strings.TrimPrefix(a.address, "/")
			}
		}
		list = append(list, m)
	}
	return list
}
