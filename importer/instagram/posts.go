package instagram

import (
	"strings"
	"time"

	"lookback/importer/instagram/form"
	"lookback/importer/intake"
	"lookback/importer/meta"
	"lookback/store"
)

// post gives a post, reel or story.
func (r *run) post(f file, rec *form.Record) error {
	p := store.Post{Kind: store.KindPost}
	switch f.section {
	case secArchived:
		p.Place = "archive"
	case secDeleted:
		p.Place = "recently deleted"
	}
	return r.Post(rec, f.root, sections[f.section].scope, p)
}

// comment gives a comment. The export has neither the address nor the text of
// what it is about, only whose that is.
func (r *run) comment(_ file, rec *form.Record) error {
	text, owner := rec.Comment()
	p := store.Post{Kind: store.KindComment, Text: text, ReplyToAuthor: owner, Created: rec.When, Precision: rec.Precision}
	return r.Own(rec, "comment", "", p)
}

func (r *run) like(f file, rec *form.Record) error { return r.Liked(rec, sections[f.section].scope) }

// answer gives what the owner answered to somebody's story: words, or one
// sign.
func (r *run) answer(_ file, rec *form.Record) error {
	for _, v := range rec.Values(r.Zone) {
		p := store.Post{Kind: store.KindReply, Text: v.Text, ReplyToAuthor: rec.Owner(), Created: v.When, Precision: v.Precision}
		if err := r.Own(rec, "answer", "", p); err != nil {
			return err
		}
	}
	return nil
}

// choice gives what the owner chose in a poll or quiz: somebody else's words.
func (r *run) choice(_ file, rec *form.Record) error {
	for _, v := range rec.Values(r.Zone) {
		if v.Text == "" {
			r.Textless++
			continue
		}
		p := store.Post{Kind: store.KindLike, Text: v.Text, Author: rec.Owner(), Created: v.When, Precision: v.Precision}
		if err := r.Endorsed("choice", p); err != nil {
			return err
		}
	}
	return nil
}

// repost gives somebody else's post that the owner reposted.
func (r *run) repost(_ file, rec *form.Record) error {
	p := store.Post{Kind: store.KindRepost, URL: meta.Address(rec.Labels), Created: rec.When, Precision: rec.Precision}
	if l := meta.Find(rec.Labels, meta.RoleOwner); l != nil {
		p.Author = rec.Owner()
	}
	for i := range rec.Labels {
		l := &rec.Labels[i]
		if l.Time != 0 || !l.Date.IsZero() || l.Role() == meta.RoleOwner || l.Role() == meta.RoleUser || meta.IsURL(l.Value) {
			continue
		}
		if s := meta.Words(l.Value); len(s) > len(p.Text) && s != p.Author {
			p.Text = s
		}
	}
	if p.Text == "" && p.URL == "" {
		r.Textless++
		return nil
	}
	p.Quoted = p.URL
	return r.Endorsed("repost", p)
}

// status gives a note: a line that stood beside the owner's picture.
func (r *run) status(_ file, rec *form.Record) error {
	text, _ := rec.Caption()
	if text == "" {
		text = meta.Written(rec.Labels)
	}
	return r.Own(rec, "note", "", store.Post{Kind: store.KindPost, Text: text, Created: rec.When, Precision: rec.Precision})
}

// calibrate checks the zone of the pages, where they hold enough likes: the
// address of a post tells when it was made, to the millisecond and in UTC,
// and nobody can like it before that, but many do so soon after.
func (r *run) calibrate() error {
	quiet := meta.NewReader(r.Ctx, r.FS, intake.Silent{})
	var hours form.Delays
	for _, f := range r.place.files {
		if f.section != secLike || !f.page {
			continue
		}
		err := quiet.Page(f.meta(), meta.Options{}, func(_ int, box *meta.Node, _ *meta.Frame) error {
			b := form.Split(box)
			for _, l := range b.Leaves {
				if made, ok := form.Made(l.Href); ok && !b.Date.IsZero() {
					hours.Add(b.Date.Wall.Sub(made))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if offset, ok := hours.Zone(); ok {
		r.Zone = meta.Fixed(int(offset / time.Second))
	}
	return nil
}

// owns says whether s is a name of the owner's.
func (r *run) owns(s string) bool { return r.names[strings.ToLower(meta.Squash(s))] }

func (r *run) name(s string) {
	if s = strings.ToLower(meta.Squash(form.Handle(s))); s != "" {
		r.names[s] = true
	}
}
