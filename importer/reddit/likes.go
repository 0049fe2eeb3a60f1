package reddit

import (
	"strings"

	"lookback/importer"
	"lookback/store"
)

// endorsed are the files that say what the owner upvoted or saved, without a
// text, an author or a time.
var endorsed = []struct {
	kind, prefix string
	comment      bool
	audience     store.Audience
}{
	{kindPostVotes, "vote:t3_", false, store.AudienceUnknown},
	{kindCommentVotes, "vote:t1_", true, store.AudienceUnknown},
	{kindSavedPosts, "saved:t3_", false, store.AudienceOnlyMe},
	{kindSavedComments, "saved:t1_", true, store.AudienceOnlyMe},
}

func (r *run) endorsements() error {
	for _, e := range endorsed {
		err := r.each(e.kind, func(m importer.Member, record int, w *row) error {
			id := w.id("id")
			if id == "" {
				return r.skip(e.kind, m, record, "has no id")
			}
			if _, votes := w.at["direction"]; votes && !strings.EqualFold(w.get("direction"), "up") {
				return nil // a vote against, or one taken back
			}
			r.textless++
			p := store.Post{Key: e.prefix + id, Kind: store.KindLike, URL: address(w.get("permalink")), Audience: e.audience, Precision: store.PrecisionNone}
			if p.URL == "" && !e.comment {
				p.URL = site + "/comments/" + id + "/"
			}
			p.Place = placeIn(p.URL)
			return r.post(p)
		})
		if err != nil {
			return err
		}
	}
	if err := r.gilded(); err != nil {
		return err
	}
	return r.polls()
}

// gilded reads what the owner gave an award to.
func (r *run) gilded() error {
	return r.each(kindGilded, func(m importer.Member, record int, w *row) error {
		link := address(w.get("content_link"))
		if link == "" {
			return r.skip(kindGilded, m, record, "has no address")
		}
		r.textless++
		p := store.Post{Key: "gilded:" + link, Kind: store.KindLike, URL: link, Place: placeIn(link)}
		p.Created, p.Precision = parseTime(w.get("date"))
		return r.post(p)
	})
}

// polls reads the options that the owner chose: words of somebody else.
func (r *run) polls() error {
	return r.each(kindPolls, func(m importer.Member, record int, w *row) error {
		id := w.id("post_id")
		if id == "" {
			return r.skip(kindPolls, m, record, "has no id")
		}
		return r.post(store.Post{Key: "poll:" + id + ":" + w.get("user_selection"), Kind: store.KindLike, Text: w.get("text"),
			URL: site + "/comments/" + id + "/", Precision: store.PrecisionNone})
	})
}
