package facebook

import (
	"errors"
	"strings"

	"lookback/importer/intake"
	"lookback/importer/meta"
	"lookback/store"
)

// The pages of 2010 to 2018 name what things are in their classes, unlike the
// later ones, whose classes are made by a machine.
func hasClass(n *meta.Node, class string) bool {
	for c := range strings.FieldsSeq(n.Attr["class"]) {
		if c == class {
			return true
		}
	}
	return false
}

func isContents(n *meta.Node) bool { return hasClass(n, "contents") }
func isThread(n *meta.Node) bool   { return hasClass(n, "thread") }

// titleOwner takes the owner's name from a title: "Ana Example - Timeline".
func (r *run) titleOwner(f file) error {
	quiet := meta.NewReader(r.Ctx, r.FS, intake.Silent{})
	title := ""
	anything := func(n *meta.Node) bool { return n.Tag == "body" }
	err := quiet.Page(f.meta(), meta.Options{Container: anything, Flat: true, Loose: true}, func(_ int, _ *meta.Node, frame *meta.Frame) error {
		title = frame.Title
		return errEnough
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if at := strings.LastIndex(title, " - "); at > 0 {
		r.name(title[:at])
		if r.account.Name == "" {
			r.account.Name = meta.Squash(title[:at])
			return r.Out.Account(r.account)
		}
	}
	return nil
}

// An entry is what stands between two dates on the wall.
type entry struct {
	date   string
	chrome string   // "Ana Example updated her status."
	texts  []string // what was written
}

// readWall reads the wall or timeline: dates, sentences of Facebook's, and
// what was written, one after the other. Other people's entries stand there
// too, and only the sentence tells.
func (r *run) readWall(f file) error {
	if len(r.names) == 0 {
		if err := r.titleOwner(f); err != nil {
			return err
		}
	}
	if len(r.names) == 0 {
		r.Lose(secWall)
		return r.Note("owner-unknown", f.path, "The page does not say whose wall it is, so your own entries could not be told from other people's: give your name with --me.")
	}
	var e entry
	walk := func(n *meta.Node) error {
		var err error
		n.Walk(func(k *meta.Node) bool {
			switch {
			case err != nil:
				return false
			case hasClass(k, "meta"):
				err = r.wallEntry(f, e)
				e = entry{date: k.Content()}
				return false
			case hasClass(k, "comment"):
				e.texts = add(e.texts, k.Content())
				return false
			case k.Tag == "":
				e.chrome += k.Text
			}
			return true
		})
		return err
	}
	err := r.Page(f.meta(), meta.Options{Container: isContents, Flat: true, Loose: true}, func(_ int, n *meta.Node, _ *meta.Frame) error { return walk(n) })
	if err != nil {
		return err
	}
	return r.wallEntry(f, e)
}

func (r *run) wallEntry(f file, e entry) error {
	if len(e.texts) == 0 || !r.ownSentence(e.chrome) {
		return nil
	}
	rec := &record{texts: e.texts}
	d, _ := meta.FindDate(e.date)
	rec.at(d.In(r.zone))
	return r.post(f, rec)
}

// ownSentence says whether a sentence begins with the owner's name.
func (r *run) ownSentence(s string) bool {
	s = strings.ToLower(meta.Squash(s)) + " "
	for name := range r.names {
		if strings.HasPrefix(s, name+" ") || strings.HasPrefix(s, name+"'") || strings.HasPrefix(s, name+"’") {
			return true
		}
	}
	return false
}

// oldChats reads the messages of those years: a header with sender and date,
// and the text in the paragraph behind it.
func (r *run) oldChats(f file) error {
	mf := f.meta()
	mf.Section = secMessage
	at, own := 0, false
	var t meta.Thread
	var p store.Post
	var people string
	return r.Page(mf, meta.Options{Container: isThread, Flat: true, Loose: true}, func(_ int, n *meta.Node, frame *meta.Frame) error {
		if frame.Count != at {
			at, own, people, t = frame.Count, false, "", meta.Thread{}
		}
		switch {
		case n.Tag == "":
			if people == "" {
				people = meta.Squash(n.Text)
				t = meta.Thread{Title: people, People: 1 + strings.Count(people, ",") + strings.Count(people, " and ")}
			}
			return nil
		case hasClass(n, "message"):
			p = store.Post{}
			own = r.oldHeader(n, &p)
			return nil
		case n.Tag == "p" && own:
			own = false
			p.Text = n.Content()
			return r.sent(p, people, t)
		}
		return nil
	})
}

// oldHeader reads who wrote a message and when.
func (r *run) oldHeader(n *meta.Node, p *store.Post) (own bool) {
	n.Walk(func(k *meta.Node) bool {
		switch {
		case hasClass(k, "user"):
			own = r.isOwner(k.Content())
		case hasClass(k, "meta"):
			d, _ := meta.FindDate(k.Content())
			p.Created, p.Precision = d.In(r.zone)
		}
		return true
	})
	return own
}
