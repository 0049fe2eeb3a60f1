package reddit

import (
	"net/url"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"
)

const site = "https://www.reddit.com"

// ownIDs notes which posts and comments are the owner's: the rows are in no
// order, and an answer to oneself can come before what it answers.
func (r *run) ownIDs() error {
	for kind, prefix := range map[string]string{kindPosts: "post:", kindComments: "comment:"} {
		for _, m := range r.place.members[kind] {
			err := r.sheet(kind, m, false, func(_ importer.Member, _ int, w *row) error {
				if id := w.id("id"); id != "" {
					r.own.Add(prefix + id)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) isOwn(key string) bool { return r.own.Has(key) }

// gone are what stands in place of a text that is not there any more.
func gone(body string) bool {
	switch strings.ToLower(body) {
	case "[removed]", "[deleted]", "[deleted by user]", "[removed by reddit]", "[ removed by reddit ]":
		return true
	}
	return false
}

// body returns the text of a row, and counts those without one.
func (r *run) body(w *row, column string) string {
	text := w.get(column)
	if gone(text) {
		r.removed++
		return ""
	}
	return text
}

func (r *run) date(p *store.Post, s string) {
	p.Created, p.Precision = parseTime(s)
	if !p.Created.IsZero() && (r.oldest.IsZero() || p.Created.Before(r.oldest)) {
		r.oldest = p.Created
	}
}

// place names a community; u_name is somebody's own page.
func placeOf(subreddit string) string {
	subreddit = strings.TrimPrefix(strings.TrimPrefix(subreddit, "/"), "r/")
	if name, own := strings.CutPrefix(subreddit, "u_"); own {
		return "u/" + name
	}
	if subreddit == "" || strings.HasPrefix(subreddit, "u/") {
		return subreddit
	}
	return "r/" + subreddit
}

// address makes a whole address of a permalink.
func address(permalink string) string {
	if strings.HasPrefix(permalink, "/") {
		return site + permalink
	}
	return permalink
}

var inAddress = pattern.New(`^https?://[^/]*reddit\.com/(r|u|user)/([^/]+)/`)

func placeIn(permalink string) string {
	m := inAddress.FindStringSubmatch(permalink)
	switch {
	case m == nil:
		return ""
	case m[1] == "r":
		return placeOf(m[2])
	}
	return "u/" + m[2]
}

var postInAddress = pattern.New(`/comments/([0-9a-z]+)`)

// postIn returns the id of the post in an address.
func postIn(link string) string {
	if m := postInAddress.FindStringSubmatch(link); m != nil {
		return m[1]
	}
	return ""
}

func join(parts ...string) string {
	var some []string
	for _, s := range parts {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, "\n\n")
}

func (r *run) posts() error {
	err := r.each(kindPosts, func(m importer.Member, record int, w *row) error {
		id := w.id("id")
		if id == "" {
			id = postIn(w.get("permalink"))
		}
		if id == "" {
			return r.skip(kindPosts, m, record, "has no id")
		}
		r.texts++
		p := store.Post{Key: "post:" + id, Kind: store.KindPost, Own: true, Audience: store.AudiencePublic,
			URL: address(w.get("permalink")), Place: placeOf(w.get("subreddit"))}
		if p.URL == "" {
			p.URL = site + "/comments/" + id + "/"
		}
		r.date(&p, w.get("date"))
		link := w.get("url")
		if postIn(link) == id {
			link = ""
		}
		p.Text = join(w.get("title"), r.body(w, "body"), shared(&p, link))
		return r.post(p)
	})
	if err != nil {
		return err
	}
	return r.live()
}

// shared adds what a post links to, and returns the address where it is not
// merely the post's own picture.
func shared(p *store.Post, link string) string {
	u, err := url.Parse(link)
	if link == "" || err != nil || u.Host == "" {
		return link
	}
	switch u.Host {
	case "i.redd.it":
		p.Media = []store.Media{{Type: "photo", URL: link}}
		return ""
	case "v.redd.it":
		p.Media = []store.Media{{Type: "video", URL: link}}
		return ""
	}
	if strings.HasSuffix(u.Host, "reddit.com") && strings.HasPrefix(u.Path, "/gallery/") {
		return ""
	}
	p.Media = []store.Media{{Type: "link", URL: link}}
	return link
}

// live reads the titles of broadcasts, whose columns nobody has described.
func (r *run) live() error {
	return r.each(kindLive, func(_ importer.Member, _ int, w *row) error {
		link := address(first(w.get("permalink"), w.get("link"), w.get("url")))
		id := first(w.id("id"), w.id("post_id"), postIn(link), link)
		text := join(w.get("title"), w.get("body"))
		if id == "" || text == "" {
			return nil
		}
		p := store.Post{Key: "live:" + id, Kind: store.KindPost, Own: true, Text: text, URL: link, Audience: store.AudiencePublic, Place: placeOf(w.get("subreddit"))}
		r.date(&p, first(w.get("date"), w.get("created"), w.get("created_at")))
		return r.post(p)
	})
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func (r *run) comments() error {
	return r.each(kindComments, func(m importer.Member, record int, w *row) error {
		id := w.id("id")
		if id == "" {
			return r.skip(kindComments, m, record, "has no id")
		}
		r.texts++
		p := store.Post{Key: "comment:" + id, Kind: store.KindComment, Own: true, Audience: store.AudiencePublic,
			URL: address(w.get("permalink")), Place: placeOf(w.get("subreddit")), Text: r.body(w, "body")}
		r.date(&p, w.get("date"))
		link := address(w.get("link"))
		post := first(postIn(link), postIn(p.URL))
		if p.URL == "" && post != "" {
			p.URL = site + "/comments/" + post + "/_/" + id + "/"
		}
		r.answer(&p, link, post, w.id("parent"))
		for _, media := range strings.Fields(w.get("media")) {
			if strings.HasPrefix(media, "https://") || strings.HasPrefix(media, "http://") {
				p.Media = append(p.Media, store.Media{URL: media})
			}
		}
		return r.post(p)
	})
}

// answer says what a comment answers: another comment, or the post.
func (r *run) answer(p *store.Post, link, post, parent string) {
	if post != "" && r.isOwn("post:"+post) {
		p.Thread = "post:" + post
	}
	switch {
	case parent != "" && r.isOwn("comment:"+parent):
		p.ReplyTo = "comment:" + parent
	case parent != "" && post != "" && parent != post:
		p.ReplyTo = site + "/comments/" + post + "/_/" + parent + "/"
	case p.Thread != "":
		p.ReplyTo = p.Thread
	default:
		p.ReplyTo = link
	}
}

// drafts reads what was written and not posted, and what waits to be.
func (r *run) drafts() error {
	err := r.each(kindDrafts, func(m importer.Member, record int, w *row) error {
		id := w.id("id")
		if id == "" {
			return r.skip(kindDrafts, m, record, "has no id")
		}
		p := store.Post{Key: "draft:" + id, Kind: store.KindPost, Own: true, Audience: store.AudienceOnlyMe,
			Place: placeOf(w.get("subreddit")), Text: join(w.get("title"), plain(w.get("body")))}
		if isTrue(w.get("is_public_link")) {
			p.Audience = store.AudienceUnlisted
		}
		r.date(&p, w.get("created"))
		if t, _ := parseTime(w.get("modified")); t.After(p.Created) {
			p.Edited = t
		}
		return r.post(p)
	})
	if err != nil {
		return err
	}
	return r.each(kindScheduled, func(m importer.Member, record int, w *row) error {
		id := w.id("scheduled_post_id")
		if id == "" {
			return r.skip(kindScheduled, m, record, "has no id")
		}
		p := store.Post{Key: "scheduled:" + id, Kind: store.KindPost, Own: true, Audience: store.AudienceOnlyMe, Place: placeOf(w.get("subreddit"))}
		p.Created, p.Precision = parseTime(w.get("submission_time"))
		p.Text = join(w.get("title"), plain(w.get("body")), shared(&p, w.get("url")))
		return r.post(p)
	})
}

func isTrue(s string) bool {
	switch strings.ToLower(s) {
	case "true", "1", "yes", "t":
		return true
	}
	return false
}

// plain returns the words of a text that the editor kept as a tree of JSON;
// any other text as it is.
func plain(body string) string {
	if !strings.HasPrefix(body, `{"document"`) {
		return body
	}
	var lines []string
	var line string
	d := jsonstream.NewDecoder(strings.NewReader(body))
	var value func(depth int) error
	value = func(depth int) error {
		switch {
		case depth > 32:
			return jsonstream.Skip(d)
		case d.PeekKind() == '[':
			return jsonstream.List(d, func() error { return value(depth + 1) })
		case d.PeekKind() != '{':
			return jsonstream.Skip(d)
		}
		var kind, text string
		err := jsonstream.Object(d, func(name []byte) error {
			switch string(name) {
			case "e":
				return jsonstream.Text(d, &kind)
			case "t":
				return jsonstream.Text(d, &text)
			}
			return value(depth + 1)
		})
		line += text
		if kind == "par" || kind == "h" || kind == "li" || kind == "code" {
			lines, line = append(lines, line), ""
		}
		return err
	}
	if err := value(0); err != nil {
		return body
	}
	return join(append(lines, line)...)
}

// notes reads what else the owner wrote: descriptions of collections, and
// notes about friends.
func (r *run) notes() error {
	err := r.each(kindMultis, func(m importer.Member, record int, w *row) error {
		id := w.id("id")
		if id == "" {
			return r.skip(kindMultis, m, record, "has no id")
		}
		text := join(w.get("display_name"), w.get("description"))
		if owner := w.get("is_owner"); text == "" || owner != "" && !isTrue(owner) {
			return nil
		}
		p := store.Post{Key: "multireddit:" + id, Kind: store.KindPost, Own: true, Text: text, Audience: store.AudienceOnlyMe}
		if strings.EqualFold(w.get("privacy"), "public") {
			p.Audience = store.AudiencePublic
		}
		p.Created, p.Precision = parseTime(w.get("date"))
		return r.post(p)
	})
	if err != nil {
		return err
	}
	return r.each(kindFriends, func(_ importer.Member, _ int, w *row) error {
		name, text := w.get("username"), w.get("note")
		if name == "" || text == "" {
			return nil
		}
		return r.post(store.Post{Key: "friend:" + name, Kind: store.KindPost, Own: true, Text: text, Audience: store.AudienceOnlyMe,
			Place: "note on u/" + strings.TrimPrefix(name, "u/"), Precision: store.PrecisionNone})
	})
}
