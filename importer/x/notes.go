package x

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// A note is the whole text of a long post. Its id is not the post's: the two
// are joined by their second and by how the texts begin.
type note struct {
	id, created, updated, text string
	links                      []link
	used                       bool
	deleted                    bool
}

// A waiting post was made in the second of a note, but begins differently.
type waiting struct {
	t tweet
	p store.Post
}

func parseNote(d *jsonstream.Decoder, n *note) error {
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "noteTweet", "deletedNoteTweet", "core":
			return jsonstream.Object(d, member)
		case "noteTweetId":
			return jsonstream.Text(d, &n.id)
		case "createdAt":
			return jsonstream.Text(d, &n.created)
		case "updatedAt":
			return jsonstream.Text(d, &n.updated)
		case "text":
			return jsonstream.Text(d, &n.text)
		case "urls":
			return jsonstream.List(d, func() error {
				var l link
				err := jsonstream.Object(d, func(name []byte) error { return l.member(d, name) })
				if l.short != "" && l.long != "" {
					n.links = append(n.links, l)
				}
				return err
			})
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

// loadNotes reads the long texts before the posts. They are few: they are the
// only texts that are kept.
func (r *run) loadNotes() error {
	for _, key := range []string{keyNotes, keyDeletedNotes} {
		for _, m := range r.place.members[key] {
			err := each(r, m, parseNote, func(record int, n *note) error {
				if n.id == "" || n.text == "" {
					return r.skip(m, record, "has no id or no text")
				}
				kept := *n
				kept.deleted = key == keyDeletedNotes
				second := parseTime(n.created).Unix()
				r.notes[second] = append(r.notes[second], &kept)
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// match finds the note of a tweet. some says that there are notes of the same
// second, so that one may still turn out to be its own.
func (r *run) match(t *tweet) (found *note, some bool) {
	best := 0
	for _, n := range r.notes[parseTime(t.created).Unix()] {
		if n.used {
			continue
		}
		some = true
		if fit := t.fits(n.text); fit > best {
			found, best = n, fit
		}
	}
	return found, some
}

// fits measures how much of the tweet's text begins the note: 0 when too
// little does. The tweet may end with an ellipsis and a link, and either may
// begin with the people it answers.
func (t *tweet) fits(text string) int {
	stub := strings.TrimRight(strings.TrimSuffix(withoutLastLink(t.plain), "…"), " \n")
	best := max(commonPrefix(stub, text), 1)
	if bare := withoutMentions(stub); bare != "" && bare != stub {
		stub = bare
		best = max(best, commonPrefix(bare, withoutMentions(text)))
	}
	if 4*best < 3*len(stub) && best < 100 {
		return 0
	}
	return best
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func withoutMentions(text string) string {
	for strings.HasPrefix(text, "@") {
		n := handleLen(text[1:])
		if n == 0 {
			return text
		}
		text = strings.TrimLeft(text[1+n:], " ")
	}
	return text
}

// lengthen puts the note's text in the place of the tweet's.
func (r *run) lengthen(p *store.Post, t *tweet, n *note) {
	n.used = true
	p.Text = expand(n.text, append(slices.Clip(t.links), n.links...))
	p.Truncated = false
	if p.Kind == store.KindPost && quotesByHand(n.text) {
		p.Kind = store.KindQuote
	}
	if n.deleted && p.Deleted.IsZero() {
		p.Deleted = parseTime(n.updated)
	}
}

// finishNotes settles what is left: one post and one note of the same second
// belong together whatever their texts; a note without a post is words of the
// owner all the same.
func (r *run) finishNotes() error {
	alone := map[int64]int{}
	for _, w := range r.waiting {
		alone[parseTime(w.t.created).Unix()]++
	}
	for _, w := range r.waiting {
		second := parseTime(w.t.created).Unix()
		left := unused(r.notes[second])
		if len(left) == 1 && alone[second] == 1 && (noteStub(w.t.plain) || utf8.RuneCountInString(left[0].text) > 280) {
			r.lengthen(&w.p, &w.t, left[0])
		}
		if err := r.emit(&w.t, w.p); err != nil {
			return err
		}
	}
	r.waiting = nil
	return r.looseNotes()
}

func unused(notes []*note) []*note {
	return slices.DeleteFunc(slices.Clone(notes), func(n *note) bool { return n.used })
}

func (r *run) looseNotes() error {
	var left []*note
	for _, notes := range r.notes {
		left = append(left, unused(notes)...)
	}
	slices.SortFunc(left, func(a, b *note) int { return cmp.Or(compareIDs(a.id, b.id), cmp.Compare(a.text, b.text)) })
	for _, n := range left {
		p := store.Post{
			Key: "note:" + n.id, Kind: store.KindPost, Own: true, Text: expand(n.text, n.links),
		}
		if p.Created = parseTime(n.created); p.Created.IsZero() {
			p.Precision = store.PrecisionNone
		}
		if n.deleted {
			p.Deleted = parseTime(n.updated)
		}
		if err := r.Out.Post(p); err != nil {
			return err
		}
	}
	if len(left) == 0 {
		return nil
	}
	return r.Note("notes-alone", "", "Long texts without a matching post, kept as posts of their own: "+strconv.Itoa(len(left))+".")
}
