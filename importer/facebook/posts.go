package facebook

import (
	"path"
	"strings"
	"time"

	"lookback/importer/meta"
	"lookback/store"
)

// scopeOf is the prefix of keys. Deleted and archived posts were posts before,
// under the same key.
func scopeOf(sec string) string {
	switch sec {
	case secTrash, secArchive, secWall:
		return secPost
	case secPending, secAnonymous:
		return secGroupPost
	}
	return sec
}

// post gives a post of the timeline, a story, a reel or a note.
func (r *run) post(f file, rec *record) error {
	rec.labelled()
	p := store.Post{Kind: store.KindPost, Own: true, Text: rec.text()}
	switch f.section {
	case secTrash:
		p.Place = "trash"
	case secArchive:
		p.Place = "archive"
	}
	if rec.group != "" {
		p.Place = meta.Words(rec.group)
	}
	return r.written(f, rec, p, scopeOf(f.section))
}

// groupPost gives a post in a group. That it was meant to be anonymous does
// not make it less the owner's.
func (r *run) groupPost(f file, rec *record) error {
	if rec.isComment {
		return r.comment(f, rec)
	}
	rec.labelled()
	p := store.Post{Kind: store.KindPost, Own: true, Text: rec.text(), Place: meta.Words(rec.group), Audience: store.AudienceGroup}
	if f.section == secAnonymous && p.Place == "" {
		p.Place = "anonymous"
	}
	return r.written(f, rec, p, secGroupPost)
}

// written completes and emits a post of the owner's: time, media, links, key.
func (r *run) written(f file, rec *record, p store.Post, scope string) error {
	p.Created, p.Precision = rec.when, rec.precision
	if rec.edited > 0 && p.Precision == store.PrecisionSecond {
		if at, _ := meta.At(rec.edited); at.After(p.Created) {
			p.Edited = at
		}
	}
	media := rec.Media
	for _, n := range rec.notes {
		media = append(media, n.media...)
	}
	own := r.addMedia(f, &p, media)
	extra := ""
	for _, l := range rec.links {
		if l.url != "" {
			p.Media = append(p.Media, store.Media{Type: "link", URL: l.url})
		}
	}
	if p.Text == "" {
		r.shared(rec, &p)
		if extra = identifying(p.Media); extra == "" && p.Text == "" {
			r.textless++
			return nil
		}
	}
	identity := meta.Identity{Scope: scope, Time: p.Created, Text: own, Extra: extra}
	if own == "" {
		identity.Text = p.Text
	}
	if p.Kind == store.KindRepost {
		identity.Text = "" // the headline is not on the page
	}
	key, again := r.keys.Key(identity)
	if again {
		return nil
	}
	p.Key = key
	p.URL = photoURL(p.Media)
	r.revise(&p)
	return r.emit(p)
}

// shared makes a link without a word of the owner's a repost of its headline.
func (r *run) shared(rec *record, p *store.Post) {
	for _, l := range rec.links {
		if l.url == "" && l.name == "" {
			continue
		}
		if len(p.Media) > 0 && p.Media[0].Type != "link" {
			return
		}
		p.Kind, p.Own, p.Text, p.Author = store.KindRepost, false, meta.Words(l.name), meta.Words(l.source)
		p.Quoted = l.url
		return
	}
}

// identifying returns what tells a post without a text from others.
func identifying(media []store.Media) string {
	for _, m := range media {
		if m.Member != "" {
			return meta.MediaID(m.Member)
		}
		if m.URL != "" {
			return m.URL
		}
	}
	return ""
}

// shortestID is the length of the shortest ids of photos; other numbers in
// names of files are shorter.
const shortestID = 12

// photoURL returns the address of a post's first photo, the only address that
// an export lets anybody build. Facebook shows it to those who may see it.
func photoURL(media []store.Media) string {
	for _, m := range media {
		id := meta.MediaID(m.Member)
		if m.Type == "photo" && len(id) >= shortestID && strings.Trim(id, "0123456789") == "" {
			return "https://www.facebook.com/photo/?fbid=" + id
		}
	}
	return ""
}

// addMedia gives p its media with their captions, and returns the words that
// identify it: p's own, or where it has none the only caption, which is its
// text then.
func (r *run) addMedia(f file, p *store.Post, media []meta.Media) string {
	captions := []string{}
	for _, m := range media {
		captions = add(captions, m.Description)
	}
	if p.Text == "" && len(captions) == 1 {
		p.Text = captions[0]
	}
	text := meta.Squash(p.Text)
	for _, m := range media {
		if m.URI == "" && m.Description == "" {
			continue
		}
		out := store.Media{Type: meta.MediaType(m.URI)}
		if meta.IsURL(m.URI) {
			out.URL = m.URI
		} else if m.URI != "" {
			out.Member = r.memberPath(f, m.URI)
		}
		if alt := meta.Words(m.Description); alt != "" {
			r.captions.Add(captionKey(m.URI, alt))
			if meta.Squash(alt) != text {
				out.Alt = alt
			}
		}
		p.Media = append(p.Media, out)
	}
	return p.Text
}

func captionKey(uri, text string) string { return meta.MediaID(uri) + "\x00" + meta.Squash(text) }

// memberPath is where a file lies in the archive: exports name it from their
// own root.
func (r *run) memberPath(f file, uri string) string {
	for strings.HasPrefix(uri, "../") {
		uri = strings.TrimPrefix(uri, "../")
	}
	return f.root + path.Clean(uri)
}

// photo gives the captions of albums and of pictures outside of albums, those
// that no post had.
func (r *run) photo(f file, rec *record) error {
	rec.labelled()
	media := rec.Media
	if len(media) == 1 && media[0].URI != "" && media[0].Description == "" && rec.description != "" && rec.name == "" {
		media[0].Description = rec.description
		rec.description = ""
	}
	if err := r.album(f, rec); err != nil {
		return err
	}
	for _, m := range media {
		text := meta.Words(m.Description)
		if text == "" || !r.captions.Add(captionKey(m.URI, text)) {
			continue
		}
		p := store.Post{Kind: store.KindPost, Own: true, Text: text, Created: rec.when, Precision: rec.precision}
		if m.Created != 0 {
			p.Created, p.Precision = meta.At(m.Created)
		}
		p.Media = []store.Media{{Member: r.memberPath(f, m.URI), Type: meta.MediaType(m.URI)}}
		p.URL = photoURL(p.Media)
		key, again := r.keys.Key(meta.Identity{Scope: secPhoto, Time: p.Created, Text: text})
		if again {
			continue
		}
		p.Key = key
		if err := r.emit(p); err != nil {
			return err
		}
	}
	return nil
}

// album gives what the owner wrote about an album as a whole.
func (r *run) album(f file, rec *record) error {
	text := meta.Words(rec.description)
	if text == "" {
		return nil
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: strings.TrimSpace(meta.Words(rec.name) + "\n\n" + text),
		Created: rec.when, Precision: rec.precision}
	var again bool
	// An album's time is that of its last change.
	if p.Key, again = r.keys.Key(meta.Identity{Scope: "album", Text: p.Text}); again {
		return nil
	}
	return r.emit(p)
}

// comment gives a comment, in a group or elsewhere.
func (r *run) comment(f file, rec *record) error {
	rec.labelled()
	text, group := meta.Words(rec.comment.text), rec.comment.group
	if text == "" && !rec.isComment {
		text = strings.Join(rec.texts, "\n\n")
	}
	if group == "" {
		group = rec.group
	}
	if rec.comment.time != 0 {
		rec.at(meta.At(rec.comment.time))
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, Place: meta.Words(group)}
	scope := secComment
	if p.Place != "" || f.section == secGroupComment || f.section == secGroupPost {
		p.Audience, scope = store.AudienceGroup, secGroupComment
	}
	if text == "" {
		// A sticker, a GIF or a picture: only a caption counts.
		media := rec.Media
		if rec.Media = nil; !hasCaption(media) {
			r.textless++
			return nil
		}
		rec.Media = media
	}
	rec.extra = nil
	return r.written(f, rec, p, scope)
}

func hasCaption(media []meta.Media) bool {
	for _, m := range media {
		if strings.TrimSpace(m.Description) != "" {
			return true
		}
	}
	return false
}

// An edit is an earlier text of a post or comment.
type edit struct {
	section   string
	text      string
	at        time.Time
	precision store.Precision
}
