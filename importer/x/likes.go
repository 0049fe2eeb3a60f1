package x

import (
	"strconv"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// A like names a post of somebody else, mostly with its text, never with its
// author and never with the date of the like.
type like struct {
	id, text, url string
}

func parseLike(d *jsonstream.Decoder, l *like) error {
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "like":
			return jsonstream.Object(d, member)
		case "tweetId":
			return jsonstream.Text(d, &l.id)
		case "fullText":
			return jsonstream.Text(d, &l.text)
		case "expandedUrl":
			return jsonstream.Text(d, &l.url)
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

func (r *run) readLikes() error {
	for _, m := range r.place.members[keyLikes] {
		err := each(r, m, parseLike, func(record int, l *like) error { return r.like(m, record, l) })
		if err != nil {
			return err
		}
	}
	if r.textless == 0 {
		return nil
	}
	return r.Note("likes-without-text", "", "Liked posts whose text the archive does not have: "+strconv.Itoa(r.textless)+".")
}

func (r *run) like(m member, record int, l *like) error {
	if l.id == "" {
		return r.skip(m, record, "has no id")
	}
	text := unescape(l.text, false)
	if text == "" {
		r.textless++
	}
	p := store.Post{
		Key: "like:" + l.id, Kind: store.KindLike, Text: text, Truncated: cutOff(text),
		URL: "https://x.com/i/web/status/" + l.id, Created: idTime(l.id),
	}
	if handle, rest, ok := repost(text); ok {
		p.Author, p.Text = handle, rest
	}
	if p.Created.IsZero() {
		p.Precision = store.PrecisionNone
	}
	return r.Out.Post(p)
}
