package activitypub

import (
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A Profile is what a person says of themselves: an actor of ActivityPub, or
// an account of Mastodon's API.
type Profile struct {
	ID, Username, Acct, Name   string
	Summary, URL, Created      string
	Pronouns, Location         string
	Fields                     [][2]string
	avatar, header             string // descriptions of the pictures
	summaryPlain, createdOther string
}

// ParseProfile reads actor.json, account.json, or an account of the API.
func ParseProfile(d *jsonstream.Decoder, p *Profile) error {
	fields := map[string]*string{
		"id": &p.ID, "preferredUsername": &p.Username, "username": &p.Username, "acct": &p.Acct,
		"name": &p.Name, "display_name": &p.Name, "summary": &p.Summary, "note": &p.Summary,
		"note_text": &p.summaryPlain, "published": &p.Created, "created_at": &p.createdOther, "location": &p.Location,
		"avatar_description": &p.avatar, "header_description": &p.header,
	}
	err := jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		switch string(name) {
		case "url":
			return ref(d, &p.URL)
		case "attachment", "fields":
			return oneOrMore(d, func() error { return p.field(d) })
		case "icon":
			return picture(d, &p.avatar)
		case "image":
			return picture(d, &p.header)
		case "pronouns":
			return oneOrMore(d, func() error { return words(d, &p.Pronouns) })
		}
		return jsonstream.Skip(d)
	})
	p.Created = first(p.Created, p.createdOther)
	return err
}

// field reads one row of the table on a profile.
func (p *Profile) field(d *jsonstream.Decoder) error {
	var kind, name, value string
	err := jsonstream.Object(d, func(member []byte) error {
		switch string(member) {
		case "type":
			return jsonstream.Text(d, &kind)
		case "name":
			return jsonstream.Text(d, &name)
		case "value":
			return jsonstream.Text(d, &value)
		}
		return jsonstream.Skip(d)
	})
	if kind == "" || kind == "PropertyValue" {
		p.Fields = append(p.Fields, [2]string{name, value})
	}
	return err
}

func picture(d *jsonstream.Decoder, alt *string) error {
	return oneOrMore(d, func() error {
		return jsonstream.Object(d, func(name []byte) error {
			if string(name) == "name" || string(name) == "summary" {
				return jsonstream.Text(d, alt)
			}
			return jsonstream.Skip(d)
		})
	})
}

// words gathers texts with commas between them.
func words(d *jsonstream.Decoder, to *string) error {
	var s string
	err := jsonstream.Text(d, &s)
	if *to != "" && s != "" {
		s = ", " + s
	}
	*to += s
	return err
}

// ReadActor reads actor.json or its like. Nothing is handed over yet.
func (r *Run) ReadActor(m importer.Member) (p Profile, err error) {
	_, err = r.Value(ScopeBio, m, func(d *jsonstream.Decoder) error { return ParseProfile(d, &p) })
	return p, err
}

// Owner takes over whose the archive is.
func (r *Run) Owner(p *Profile) {
	if Host(p.ID) != "" {
		r.Account.NativeID = p.ID
	}
	host := first(Host(p.ID), Host(p.URL))
	switch {
	case p.Username != "" && host != "":
		r.Account.Handle = p.Username + "@" + host
	case strings.Contains(p.Acct, "@"):
		r.Account.Handle = p.Acct
	case p.Username != "":
		r.Account.Handle = p.Username
	}
	r.Account.Name = strings.TrimSpace(p.Name)
	r.Account.Created = Time(p.Created)
}

// Bios hands over the texts of the profile.
func (r *Run) Bios(p *Profile) error {
	page := first(p.URL, p.ID)
	if Host(page) == "" {
		page = ""
	}
	bio := func(part, text string, kind store.Kind) error {
		if text = strings.TrimSpace(text); text == "" {
			return nil
		}
		return r.Post(store.Post{Key: ScopeBio + part, Kind: kind, Own: true, Text: text, URL: page,
			Precision: store.PrecisionNone, Audience: store.AudiencePublic})
	}
	summary := first(Text(p.Summary), p.summaryPlain)
	for _, b := range []struct{ part, text string }{
		{"name", p.Name}, {"description", summary}, {"pronouns", p.Pronouns}, {"location", p.Location},
	} {
		if err := bio(b.part, b.text, store.KindBio); err != nil {
			return err
		}
	}
	for i, f := range p.Fields {
		text := strings.TrimSpace(f[0]) + ": " + Text(f[1])
		if text == ": " {
			continue
		}
		if err := bio("field:"+strconv.Itoa(i+1), text, store.KindBio); err != nil {
			return err
		}
	}
	if err := bio("avatar#alt:1", p.avatar, store.KindAlt); err != nil {
		return err
	}
	return bio("header#alt:1", p.header, store.KindAlt)
}
