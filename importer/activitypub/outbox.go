package activitypub

import (
	"fmt"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// Scopes of what an outbox holds, as key prefixes.
const (
	ScopePosts  = "status:"
	ScopeBoosts = "boost:"
	ScopeDirect = "dm:"
	ScopeBio    = "bio:"
)

// An Outbox reads outbox.json.
type Outbox struct {
	*Run
	Actor string // address of the owner, learnt from the first item where it is empty
	Media string // folder of the media in the archive, empty where there is none
	// Items counts the records.
	Items int

	named  bool
	others int               // activities that are no posts
	roots  map[string]string // own replies to own posts: the key of the thread's first
}

// Read reads the outbox. It names the account before the first post.
func (o *Outbox) Read(m importer.Member) error {
	o.roots = map[string]string{}
	err := Each(o.Run, ScopePosts, m, jsonstream.Options{Path: []string{"orderedItems"}}, ParseActivity, func(record int, a *Activity) error {
		o.Items++
		return o.item(m, record, a)
	})
	if err != nil {
		return err
	}
	if err := o.name(""); err != nil {
		return err
	}
	if o.others > 0 {
		return o.Note("other-activities", m.Name, fmt.Sprintf("Records that are no posts, such as follows or reactions: %d.", o.others))
	}
	return nil
}

// name tells the sink of the account, once; actor is what an item says.
func (o *Outbox) name(actor string) error {
	if o.named {
		return nil
	}
	o.named = true
	if o.Actor == "" {
		o.Actor = actor
	}
	if o.Account.NativeID == "" {
		o.Account.NativeID = o.Actor
	}
	if o.Account.Handle == "" {
		o.Account.Handle = Handle(o.Actor)
	}
	if o.Account.Handle == "" {
		o.Account.Handle = Me(o.Opts.Me)
	}
	return o.Out.Account(o.Account)
}

func (o *Outbox) item(m importer.Member, record int, a *Activity) error {
	if err := o.name(a.Actor); err != nil {
		return err
	}
	switch {
	case a.Type == "Create" && a.Object != nil:
		return o.create(m, record, a)
	case a.Type == "Announce":
		return o.announce(m, record, a)
	case a.Type == "Create":
		return o.Skip(ScopePosts, m.Name, record, "holds only the address of a post")
	case a.Type == "" && a.ID == "":
		return o.Skip(ScopePosts, m.Name, record, "is no activity")
	}
	o.others++
	return nil
}

// create reads a post of the owner.
func (o *Outbox) create(m importer.Member, record int, a *Activity) error {
	n := a.Object
	if n.ID == "" {
		n.ID = a.ID
	}
	if n.ID == "" {
		return o.Skip(ScopePosts, m.Name, record, "has no id")
	}
	p := o.post(a)
	if p.Audience == store.AudienceDirect {
		p.Kind = store.KindDM
		if !o.Opts.Messages {
			o.Withheld++
			return nil
		}
	}
	return o.Post(p)
}

func (o *Outbox) post(a *Activity) store.Post {
	n := a.Object
	id := ID(n.ID)
	p := store.Post{Kind: store.KindPost, Own: true, URL: n.URL, Audience: o.audience(a), Place: n.Place}
	p.Key = prefix(p.Audience) + id
	if p.URL == "" {
		p.URL = n.ID
	}
	text, quote := n.text()
	p.ContentWarning = n.warning()
	p.Text = Whole(p.ContentWarning, text)
	if quote = first(n.Quote, quote); quote != "" || n.Quotes {
		p.Kind, p.Quoted = store.KindQuote, quote
	}
	if n.InReplyTo != "" {
		p.Kind = store.KindReply
		o.answer(&p, n)
	}
	p.Media = n.media(o.Media, Host(o.Actor))
	t := Time(n.Published)
	if t.IsZero() {
		t = Time(a.Published)
	}
	if t.IsZero() {
		t = snowflake(id)
	}
	SetTime(&p, t)
	if at := Time(n.Updated); at.After(t) {
		p.Edited = at
	}
	return p
}

// prefix returns the scope of a post's key. Messages have their own, because
// they are not always read.
func prefix(a store.Audience) string {
	if a == store.AudienceDirect {
		return ScopeDirect
	}
	return ScopePosts
}

func (o *Outbox) audience(a *Activity) store.Audience {
	n := a.Object
	if a.Direct || n.Direct {
		return store.AudienceDirect
	}
	if got := audience(n.To, n.Cc); got != store.AudienceUnknown {
		return got
	}
	return audience(a.To, a.Cc)
}

// answer says what a reply answers: a post of the owner by its key, any other
// by its address. The outbox is in the order of time, so what the owner
// answers of their own has been seen.
func (o *Outbox) answer(p *store.Post, n *Object) {
	parent := ID(n.InReplyTo)
	own := o.Actor != "" && strings.HasPrefix(n.InReplyTo, strings.TrimSuffix(o.Actor, "/")+"/")
	for _, scope := range []string{ScopePosts, ScopeDirect} {
		if key := scope + parent; o.Seen(key) || own && scope == prefix(p.Audience) {
			p.ReplyTo = key
			if p.Thread = key; o.roots[key] != "" {
				p.Thread = o.roots[key]
			}
			o.roots[p.Key] = p.Thread
			return
		}
	}
	p.ReplyTo = n.InReplyTo
	p.ReplyToAuthor = Handle(n.InReplyTo)
	if p.ReplyToAuthor == "" && len(n.Mentions) > 0 {
		p.ReplyToAuthor = n.Mentions[0].handle()
	}
}

// handle is name@server, as far as the mention tells it.
func (m mention) handle() string {
	name := strings.TrimPrefix(m.name, "@")
	if name != "" && !strings.Contains(name, "@") && Host(m.href) != "" {
		return name + "@" + Host(m.href)
	}
	return first(name, Handle(m.href))
}

// announce reads a boost, of which the archive mostly has the address only.
func (o *Outbox) announce(m importer.Member, record int, a *Activity) error {
	if a.Address == "" {
		return o.Skip(ScopePosts, m.Name, record, "has no address of what was boosted")
	}
	p := store.Post{Key: ScopeBoosts + ID(first(a.ID, a.Address)), Kind: store.KindRepost, URL: a.Address, Audience: audience(a.To, a.Cc)}
	p.Author = Handle(a.Address)
	for _, c := range append(a.Cc, a.To...) {
		if p.Author == "" && !isPublic(c) && !isFollowers(c) {
			p.Author = Handle(c)
		}
	}
	if n := a.Object; n != nil {
		text, quote := n.text()
		p.ContentWarning = n.warning()
		p.Text, p.Quoted = Whole(p.ContentWarning, text), first(n.Quote, quote)
		p.URL = first(n.URL, p.URL)
		if p.Own = n.Author != "" && n.Author == o.Actor; p.Own {
			p.Author = ""
		}
		p.Media = n.media(o.Media, Host(o.Actor))
	}
	if p.Text == "" {
		o.Textless++
	}
	t := Time(a.Published)
	if t.IsZero() {
		t = snowflake(ID(a.ID))
	}
	SetTime(&p, t)
	return o.Post(p)
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// Links reads a collection of addresses, likes.json or bookmarks.json.
func (r *Run) Links(m importer.Member, scope string, a store.Audience) error {
	return Each(r, scope, m, jsonstream.Options{Path: []string{"orderedItems"}}, ref, func(record int, address *string) error {
		if *address == "" {
			return r.Skip(scope, m.Name, record, "is no address")
		}
		r.Textless++
		return r.Post(store.Post{
			Key: scope + *address, Kind: store.KindLike, Author: Handle(*address), URL: *address,
			Audience: a, Precision: store.PrecisionNone,
		})
	})
}
