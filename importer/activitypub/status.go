package activitypub

import (
	"strings"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// A Status is a post as Mastodon's API gives it, and Pixelfed's exports.
type Status struct {
	ID, URI, URL               string
	Created, Edited            string
	ReplyTo, ReplyToAccount    string // ids on the server; empty or null without one
	Warning, Content, Plain    string
	Visibility, Type, Place    string
	Quote                      string
	Quotes                     bool
	Options                    []string
	Account                    Profile
	Reblog                     *Status
	attachments                []attachment
	mentions                   map[string]string // acct by id
	depth                      int
	country, source, quoteText string
}

// ParseStatus reads a status of the API.
func ParseStatus(d *jsonstream.Decoder, s *Status) error {
	fields := map[string]*string{
		"id": &s.ID, "uri": &s.URI, "url": &s.URL, "created_at": &s.Created, "edited_at": &s.Edited,
		"in_reply_to_id": &s.ReplyTo, "in_reply_to_account_id": &s.ReplyToAccount,
		"spoiler_text": &s.Warning, "content": &s.Content, "content_text": &s.Plain, "text": &s.source,
		"visibility": &s.Visibility, "pf_type": &s.Type, "quote_id": &s.quoteText,
	}
	err := jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		return s.member(d, string(name))
	})
	s.Quotes = s.Quotes || s.quoteText != ""
	return err
}

func (s *Status) member(d *jsonstream.Decoder, name string) error {
	const mostNested = 2
	switch name {
	case "account":
		return ParseProfile(d, &s.Account)
	case "reblog":
		if d.PeekKind() != '{' || s.depth >= mostNested {
			return jsonstream.Skip(d)
		}
		s.Reblog = &Status{depth: s.depth + 1}
		return ParseStatus(d, s.Reblog)
	case "quote":
		return s.quoted(d)
	case "pleroma", "akkoma":
		return jsonstream.Object(d, func(name []byte) error {
			if string(name) == "quote_url" {
				return jsonstream.Text(d, &s.Quote)
			}
			return jsonstream.Skip(d)
		})
	case "poll":
		return s.poll(d)
	case "media_attachments":
		return jsonstream.List(d, func() error { return s.attached(d) })
	case "mentions":
		return jsonstream.List(d, func() error { return s.mention(d) })
	case "place":
		return s.place(d)
	}
	return jsonstream.Skip(d)
}

// quoted reads the quoted status: bare, or with a state around it.
func (s *Status) quoted(d *jsonstream.Decoder) error {
	if d.PeekKind() != '{' {
		return jsonstream.Skip(d)
	}
	s.Quotes = true
	var uri string
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "quoted_status":
			return jsonstream.Object(d, member)
		case "uri":
			return jsonstream.Text(d, &uri)
		case "url":
			return jsonstream.Text(d, &s.Quote)
		}
		return jsonstream.Skip(d)
	}
	err := jsonstream.Object(d, member)
	s.Quote = first(s.Quote, uri)
	return err
}

func (s *Status) poll(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) != "options" {
			return jsonstream.Skip(d)
		}
		return jsonstream.List(d, func() error {
			var text string
			err := nameOf(d, &text)
			s.Options = append(s.Options, text)
			return err
		})
	})
}

func (s *Status) attached(d *jsonstream.Decoder) error {
	var a attachment
	var remote string
	fields := map[string]*string{"type": &a.kind, "mime": &a.media, "url": &a.address, "remote_url": &remote, "description": &a.alt}
	err := jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		return jsonstream.Skip(d)
	})
	if a.address = first(a.address, remote); a.address != "" || a.alt != "" {
		s.attachments = append(s.attachments, a)
	}
	return err
}

func (s *Status) mention(d *jsonstream.Decoder) error {
	var p Profile
	err := ParseProfile(d, &p)
	if s.mentions == nil {
		s.mentions = map[string]string{}
	}
	s.mentions[p.ID] = p.Acct
	return err
}

func (s *Status) place(d *jsonstream.Decoder) error {
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "name":
			return jsonstream.Text(d, &s.Place)
		case "country":
			return jsonstream.Text(d, &s.country)
		}
		return jsonstream.Skip(d)
	})
	if s.Place != "" && s.country != "" {
		s.Place += ", " + s.country
	}
	return err
}

// text is the post's own text, without its warning.
func (s *Status) text() (text, quote string) {
	text, quote = Content(s.Content)
	// What was typed is better than what was made of it.
	if plain := strings.TrimSpace(first(s.Plain, s.source)); plain != "" {
		text = plain
	}
	return Whole(text, Poll(s.Options)), quote
}

func (s *Status) media() []store.Media {
	var list []store.Media
	for _, a := range s.attachments {
		m := store.Media{URL: a.address, Alt: Alt(a.alt), Type: MediaType(a.media)}
		if m.Type == "" {
			m.Type = MediaType(a.kind)
		}
		list = append(list, m)
	}
	return list
}

// id names the status like the outbox of the same account does.
func (s *Status) id() string {
	if Host(s.URI) != "" {
		return ID(s.URI)
	}
	return first(s.ID, ID(s.URL))
}

// author is the handle of who wrote the status. host is the server that was
// asked: it leaves its own name out.
func (s *Status) author(host string) string {
	acct := first(s.Account.Acct, s.Account.Username)
	if acct != "" && !strings.Contains(acct, "@") {
		if h := first(Host(s.Account.URL), host); h != "" {
			acct += "@" + h
		}
	}
	return first(acct, Handle(first(s.URI, s.URL)))
}

// A Server is where the statuses come from.
type Server struct {
	Host string
	// Posts is the address in front of the id of a post that the archive does
	// not have.
	Posts string
}

// Post is the owner's own status as a post: a post, a reply, a quotation or a
// boost. me is the owner's account.
func (s *Status) Post(me *Profile, at Server) store.Post {
	p := store.Post{Kind: store.KindPost, Own: true, URL: first(s.URL, s.URI), Audience: Visibility(s.Visibility), Place: s.Place}
	if inner := s.Reblog; inner != nil || s.Type == "share" {
		p.Key, p.Kind, p.Own = ScopeBoosts+s.id(), store.KindRepost, false
		if inner != nil {
			s.boost(&p, at.Host)
		}
	} else {
		p.Key = prefix(p.Audience) + s.id()
		s.own(&p, me, at)
	}
	SetTime(&p, Time(s.Created))
	if p.Created.IsZero() {
		SetTime(&p, snowflake(s.id()))
	}
	if t := Time(s.Edited); t.After(p.Created) {
		p.Edited = t
	}
	return p
}

func (s *Status) boost(p *store.Post, host string) {
	inner := s.Reblog
	p.URL, p.Author = first(inner.URL, inner.URI, p.URL), inner.author(host)
	inner.words(p)
}

// words fills in what a status says.
func (s *Status) words(p *store.Post) {
	text, quote := s.text()
	p.ContentWarning = strings.TrimSpace(s.Warning)
	p.Text = Whole(p.ContentWarning, text)
	p.Quoted = first(s.Quote, quote)
	p.Media = s.media()
}

func (s *Status) own(p *store.Post, me *Profile, at Server) {
	s.words(p)
	if p.Quoted != "" || s.Quotes {
		p.Kind = store.KindQuote
	}
	if s.ReplyTo != "" {
		p.Kind = store.KindReply
		switch {
		case me != nil && s.ReplyToAccount == me.ID && me.ID != "":
			p.ReplyTo = prefix(p.Audience) + s.ReplyTo
		case at.Posts != "":
			p.ReplyTo = at.Posts + s.ReplyTo
		}
		p.ReplyToAuthor = s.mentions[s.ReplyToAccount]
		if p.ReplyToAuthor != "" && !strings.Contains(p.ReplyToAuthor, "@") && at.Host != "" {
			p.ReplyToAuthor += "@" + at.Host
		}
	}
	if p.Audience == store.AudienceDirect {
		p.Kind = store.KindDM
	}
}

// Endorsed is somebody else's status that the owner liked or bookmarked.
func (s *Status) Endorsed(scope, host string) store.Post {
	address := first(s.URI, s.URL)
	p := store.Post{Key: scope + first(address, s.ID), Kind: store.KindLike, URL: first(s.URL, s.URI), Author: s.author(host)}
	s.words(&p)
	SetTime(&p, Time(s.Created))
	return p
}
