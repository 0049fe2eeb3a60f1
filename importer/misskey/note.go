package misskey

import (
	"strconv"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/activitypub"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A note is a post. The text is Misskey's Markdown as it was typed.
type note struct {
	id, text, warning, created string
	reply, renote              string
	visibility, uri, url       string
	files                      int // attached
	media                      []store.Media
	poll                       []string
	user                       author
}

// An author is whose note it is, in favourites and clips.
type author struct {
	username, host, uri string
}

func parseNote(d *jsonstream.Decoder, n *note) error {
	fields := map[string]*string{
		"id": &n.id, "text": &n.text, "cw": &n.warning, "createdAt": &n.created, "replyId": &n.reply, "renoteId": &n.renote,
		"visibility": &n.visibility, "uri": &n.uri, "url": &n.url,
	}
	return jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		switch string(name) {
		case "fileIds":
			return jsonstream.List(d, func() error { n.files++; return jsonstream.Skip(d) })
		case "files":
			return jsonstream.List(d, func() error { return n.file(d) })
		case "poll":
			return n.options(d)
		case "user":
			return n.user.read(d)
		}
		return jsonstream.Skip(d)
	})
}

func (n *note) file(d *jsonstream.Decoder) error {
	var kind, comment string
	var m store.Media
	fields := map[string]*string{"type": &kind, "url": &m.URL, "comment": &comment}
	err := jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		return jsonstream.Skip(d)
	})
	m.Type, m.Alt = activitypub.MediaType(kind), activitypub.Alt(comment)
	n.media = append(n.media, m)
	return err
}

// options reads the choices: objects in the notes of newer servers, texts in
// those of older ones.
func (n *note) options(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) != "choices" {
			return jsonstream.Skip(d)
		}
		return jsonstream.List(d, func() error {
			var text string
			var err error
			if d.PeekKind() == '"' {
				err = jsonstream.Text(d, &text)
			} else {
				err = jsonstream.Object(d, func(name []byte) error {
					if string(name) == "text" {
						return jsonstream.Text(d, &text)
					}
					return jsonstream.Skip(d)
				})
			}
			n.poll = append(n.poll, text)
			return err
		})
	})
}

func (a *author) read(d *jsonstream.Decoder) error {
	fields := map[string]*string{"username": &a.username, "host": &a.host, "uri": &a.uri}
	return jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		return jsonstream.Skip(d)
	})
}

// words are what the note says, the warning first.
func (n *note) words() string {
	return activitypub.Whole(strings.TrimSpace(n.warning), strings.TrimSpace(n.text), activitypub.Poll(n.poll))
}

// plain says whether a renote has nothing of the owner's own.
func (n *note) plain() bool {
	return n.renote != "" && n.text == "" && n.warning == "" && n.files == 0 && len(n.poll) == 0
}

// idTime is the time in an id of Misskey's usual kind: milliseconds since
// 2000 in base 36, eight characters of them.
func idTime(id string) time.Time {
	if len(id) != 10 && len(id) != 16 {
		return time.Time{}
	}
	ms, err := strconv.ParseInt(id[:8], 36, 64)
	if err != nil {
		return time.Time{}
	}
	t := time.UnixMilli(ms).UTC().Add(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Sub(time.Unix(0, 0))).Truncate(time.Second)
	if t.Year() < 2014 || t.Year() >= 2100 {
		return time.Time{}
	}
	return t
}

func when(created, id string) time.Time {
	if t := activitypub.Time(created); !t.IsZero() {
		return t
	}
	return idTime(id)
}

func (r *run) notes() error {
	m := r.place.notes
	if m.Name == "" {
		return nil
	}
	return activitypub.Each(r.Run, scopeNotes, m, r.options("notes"), parseNote, func(record int, n *note) error {
		r.count++
		if n.id == "" {
			return r.Skip(scopeNotes, m.Name, record, "has no id")
		}
		return r.note(n)
	})
}

// options leads to a list: the file itself, or a member of the bundle's.
func (r *run) options(list string) jsonstream.Options {
	if r.place.layout == LayoutBundle {
		return jsonstream.Options{Path: []string{list}}
	}
	return jsonstream.Options{}
}

func (r *run) note(n *note) error {
	p := store.Post{Kind: store.KindPost, Own: true, URL: r.page(n.id), Audience: activitypub.Visibility(n.visibility)}
	p.Key = scopeNotes + n.id
	activitypub.SetTime(&p, when(n.created, n.id))
	switch {
	case n.plain():
		p.Key, p.Kind, p.Own = scopeRenotes+n.id, store.KindRepost, false
		p.URL = r.page(n.renote)
		r.Textless++
		return r.Post(p)
	case p.Audience == store.AudienceDirect && !r.Opts.Messages:
		r.Withheld++
		return nil
	case p.Audience == store.AudienceDirect:
		p.Key, p.Kind = scopeDirect+n.id, store.KindDM
	case n.renote != "":
		p.Kind = store.KindQuote
	}
	p.Text, p.ContentWarning, p.Media = n.words(), strings.TrimSpace(n.warning), n.media
	if n.renote != "" {
		p.Quoted = r.page(n.renote)
	}
	if n.reply != "" {
		r.answer(&p, n)
	}
	return r.Post(p)
}

// answer says what a reply answers. Notes are in the order of time, so what
// the owner answers of their own has been seen.
func (r *run) answer(p *store.Post, n *note) {
	if p.Kind != store.KindDM {
		p.Kind = store.KindReply
	}
	for _, scope := range []string{scopeNotes, scopeDirect} {
		key := scope + n.reply
		if !r.Seen(key) {
			continue
		}
		p.ReplyTo = key
		if p.Thread = key; r.roots[key] != "" {
			p.Thread = r.roots[key]
		}
		r.roots[p.Key] = p.Thread
		return
	}
	p.ReplyTo = r.page(n.reply)
}

// A favorite is somebody's note that the owner kept; in a clip likewise.
type favorite struct {
	id, created string
	note        note
}

func parseFavorite(d *jsonstream.Decoder, f *favorite) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "id":
			return jsonstream.Text(d, &f.id)
		case "createdAt":
			return jsonstream.Text(d, &f.created)
		case "note":
			return parseNote(d, &f.note)
		}
		return jsonstream.Skip(d)
	})
}

// post is what was kept. Favourites are seen by the owner only; clips may be
// public.
func (r *run) post(f *favorite, scope string) store.Post {
	n := &f.note
	p := store.Post{Key: scope + n.id, Kind: store.KindLike, Text: n.words(), ContentWarning: strings.TrimSpace(n.warning),
		URL: n.url, Author: n.user.username, Media: n.media}
	if host := n.user.host; p.Author != "" && (host != "" || r.host != "") {
		if host == "" {
			host = r.host
		}
		p.Author += "@" + host
	}
	if p.URL == "" {
		p.URL = n.uri
	}
	if p.URL == "" {
		p.URL = r.page(n.id)
	}
	activitypub.SetTime(&p, when(f.created, f.id))
	return p
}

func (r *run) favorites() error {
	m := r.place.favorites
	if m.Name == "" {
		return nil
	}
	return activitypub.Each(r.Run, scopeFavorites, m, r.options("favorites"), parseFavorite, func(record int, f *favorite) error {
		if f.note.id == "" {
			return r.Skip(scopeFavorites, m.Name, record, "has no id")
		}
		p := r.post(f, scopeFavorites)
		p.Audience = store.AudienceOnlyMe
		return r.Post(p)
	})
}

// A clip is a collection of notes with a name and a description of the
// owner's.
type clip struct {
	id, name, description, last string
	kept                        []favorite
}

func parseClip(d *jsonstream.Decoder, c *clip) error {
	fields := map[string]*string{"id": &c.id, "name": &c.name, "description": &c.description, "lastClippedAt": &c.last}
	return jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		if string(name) != "clipNotes" {
			return jsonstream.Skip(d)
		}
		return jsonstream.List(d, func() error {
			var f favorite
			err := parseFavorite(d, &f)
			c.kept = append(c.kept, f)
			return err
		})
	})
}

func (r *run) clips() error {
	m := r.place.clips
	if m.Name == "" {
		return nil
	}
	return activitypub.Each(r.Run, scopeClips, m, r.options("clips"), parseClip, func(record int, c *clip) error {
		if c.id == "" {
			return r.Skip(scopeClips, m.Name, record, "has no id")
		}
		return r.clip(m, record, c)
	})
}

func (r *run) clip(m importer.Member, record int, c *clip) error {
	p := store.Post{Key: scopeClips + c.id, Kind: store.KindPost, Own: true, Text: activitypub.Whole(strings.TrimSpace(c.name), strings.TrimSpace(c.description))}
	activitypub.SetTime(&p, idTime(c.id))
	if r.host != "" {
		p.URL = "https://" + r.host + "/clips/" + c.id
	}
	if err := r.Post(p); err != nil {
		return err
	}
	for i := range c.kept {
		f := &c.kept[i]
		if f.note.id == "" {
			if err := r.Skip(scopeClips, m.Name, record, "holds a note without an id"); err != nil {
				return err
			}
			continue
		}
		kept := r.post(f, scopeClipped+c.id+":")
		kept.Place = strings.TrimSpace(c.name)
		if err := r.Post(kept); err != nil {
			return err
		}
	}
	return nil
}
