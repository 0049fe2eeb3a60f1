package synth

import (
	"strconv"
	"time"
)

const (
	createdAt = "Mon Jan 02 15:04:05 -0700 2006"
	isoMillis = "2006-01-02T15:04:05.000Z"
)

var sources = []string{
	`<a href="http://twitter.com/download/iphone" rel="nofollow">Twitter for iPhone</a>`,
	`<a href="http://twitter.com/download/android" rel="nofollow">Twitter for Android</a>`,
	`<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>`,
}

// tweet writes one entry of tweets.js. An edited post has one entry for each
// of its versions.
func tweet(w *pretty, p post) {
	full := escape(p.text)
	w.object("", func() {
		w.object("tweet", func() {
			editInfo(w, p)
			w.bool("retweeted", false)
			w.str("source", sources[p.index%len(sources)])
			w.object("entities", func() { entities(w, p, full) })
			w.list("display_text_range", func() {
				w.str("", "0")
				w.num("", int64(len([]rune(full))))
			})
			w.num("favorite_count", int64(p.index*31%17))
			if p.replyID != "" {
				w.str("in_reply_to_status_id_str", p.replyID)
			}
			w.num("id_str", p.id)
			if p.replyTo.id != "" {
				w.str("in_reply_to_user_id", p.replyTo.id)
			}
			w.bool("truncated", false)
			w.num("retweet_count", int64(p.index*7%4))
			w.num("id", p.id)
			if p.replyID != "" {
				w.str("in_reply_to_status_id", p.replyID)
			}
			if len(p.urls) > 0 {
				w.bool("possibly_sensitive", false)
			}
			w.str("created_at", p.at.Format(createdAt))
			w.bool("favorited", false)
			w.str("full_text", full)
			w.str("lang", p.lang)
			if p.replyTo.id != "" {
				w.str("in_reply_to_screen_name", p.replyTo.handle)
				w.str("in_reply_to_user_id_str", p.replyTo.id)
			}
			media(w, p, full)
		})
	})
}

// editInfo is on every post, also on those from before posts could be edited.
func editInfo(w *pretty, p post) {
	ids := p.editIDs
	if len(ids) == 0 {
		ids = []int64{p.id}
	}
	control := func() {
		w.list("editTweetIds", func() {
			for _, id := range ids {
				w.num("", id)
			}
		})
		w.str("editableUntil", p.at.Add(time.Hour).Format(isoMillis))
		w.num("editsRemaining", 5)
		w.bool("isEditEligible", p.replyTo.id == "")
	}
	w.object("edit_info", func() {
		if p.id == ids[0] {
			w.object("initial", control)
			return
		}
		w.object("edit", func() {
			w.num("initialTweetId", ids[0])
			w.object("editControlInitial", control)
		})
	})
}

func entities(w *pretty, p post, full string) {
	w.list("hashtags", func() {
		for _, t := range p.tags {
			w.object("", func() {
				w.str("text", t)
				indices(w, full, "#"+t)
			})
		}
	})
	w.strs("symbols")
	w.list("user_mentions", func() {
		for _, m := range p.mentions {
			w.object("", func() {
				w.str("name", m.name)
				w.str("screen_name", m.handle)
				indices(w, full, "@"+m.handle)
				w.str("id_str", m.id)
				w.str("id", m.id)
			})
		}
	})
	w.list("urls", func() {
		for _, u := range p.urls {
			if u.media {
				continue
			}
			w.object("", func() {
				w.str("url", u.short)
				w.str("expanded_url", u.expanded)
				w.str("display_url", u.display)
				indices(w, full, u.short)
			})
		}
	})
}

// media writes extended_entities where the post has a photo.
func media(w *pretty, p post, full string) {
	for _, u := range p.urls {
		if !u.media {
			continue
		}
		w.object("extended_entities", func() {
			w.list("media", func() {
				w.object("", func() {
					w.str("expanded_url", u.expanded)
					indices(w, full, u.short)
					w.str("url", u.short)
					w.str("media_url", "http://pbs.twimg.com/media/"+mediaName(p))
					w.num("id_str", p.id+1)
					w.num("id", p.id+1)
					w.str("media_url_https", "https://pbs.twimg.com/media/"+mediaName(p))
					w.object("sizes", func() {
						for _, size := range []string{"thumb", "small", "medium", "large"} {
							w.object(size, func() {
								w.str("w", "150")
								w.str("h", "150")
								w.str("resize", "fit")
							})
						}
					})
					w.str("type", "photo")
					w.str("display_url", u.display)
				})
			})
		})
	}
}

// mediaName is the photo's base name; in the archive the post's id and a
// hyphen stand before it.
func mediaName(p post) string { return "E" + strconv.FormatInt(p.id%1_000_000_007, 36) + ".jpg" }

func indices(w *pretty, full, sub string) {
	from, to := indexOf(full, sub)
	w.list("indices", func() {
		w.num("", int64(from))
		w.num("", int64(to))
	})
}

// firstVersion is what an edited post said before: a word was missing.
func firstVersion(p post) post {
	p.id = p.editIDs[0]
	p.at = time.UnixMilli(p.id>>22 + twitterEpoch).UTC()
	r := []rune(p.text)
	for i, c := range r {
		if c == ' ' && i > 8 && p.kind != "repost" && len(p.mentions)+len(p.urls) == 0 {
			p.text = string(r[:i]) + "," + string(r[i:])
			break
		}
	}
	return p
}
