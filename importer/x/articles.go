package x

import (
	"strings"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// An article is known from X's description only: an id, a title, and a
// content in sections whose shape has varied.
type article struct {
	piece
	body []string
}

func parseArticle(d *jsonstream.Decoder, a *article) error {
	fields := map[string]*string{
		"id": &a.id, "articleId": &a.id, "title": &a.title, "tweetId": &a.parent,
		"createdAtMs": &a.created, "createdAt": &a.created, "publishedAtMs": &a.created,
		"visibility": &a.visibility, "lifecycleState": &a.state,
	}
	var member func(name []byte) error
	member = func(name []byte) error {
		if field := fields[string(name)]; field != nil {
			return jsonstream.Text(d, field)
		}
		switch string(name) {
		case "article", "twitterArticle", "articleMetadata", "twitterArticleMetadata", "metadata":
			return jsonstream.Object(d, member)
		case "data", "content", "contentState", "content_state", "text", "body":
			return a.content(d)
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

// content gathers the texts of the sections: a string, or every "text" inside
// lists and objects.
func (a *article) content(d *jsonstream.Decoder) error {
	switch d.PeekKind() {
	case '"':
		var text string
		err := jsonstream.Text(d, &text)
		if text != "" {
			a.body = append(a.body, text)
		}
		return err
	case '[':
		return jsonstream.List(d, func() error { return a.content(d) })
	case '{':
		return jsonstream.Object(d, func(name []byte) error {
			switch string(name) {
			case "text", "blocks", "content", "data", "sections", "children":
				return a.content(d)
			}
			return jsonstream.Skip(d)
		})
	}
	return jsonstream.Skip(d)
}

// readArticles reads the articles with what the second file says of them.
func (r *run) readArticles() error {
	about := map[string]piece{}
	for _, m := range r.place.members[keyArticleMeta] {
		err := each(r, m, parseArticle, func(_ int, a *article) error {
			about[a.id] = a.piece
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, m := range r.place.members[keyArticles] {
		err := each(r, m, parseArticle, func(record int, a *article) error {
			if a.id == "" {
				return r.skip(m, record, "has no id")
			}
			return r.article(a, about[a.id])
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) article(a *article, meta piece) error {
	for _, f := range []struct{ own, other *string }{
		{&a.parent, &meta.parent}, {&a.created, &meta.created}, {&a.visibility, &meta.visibility}, {&a.state, &meta.state},
	} {
		if *f.own == "" {
			*f.own = *f.other
		}
	}
	a.text = strings.Join(a.body, "\n")
	p := store.Post{Key: "article:" + a.id, Kind: store.KindPost, Own: true, Text: a.whole()}
	if p.Created = parseTime(a.created); p.Created.IsZero() {
		p.Precision = store.PrecisionNone
	}
	switch {
	case strings.EqualFold(a.visibility, "draft") || strings.EqualFold(a.state, "draft"):
		p.Audience = store.AudienceOnlyMe
	case a.parent != "":
		p.URL = r.statusURL(a.parent)
	default:
		p.URL = "https://x.com/i/article/" + a.id
	}
	if p.Text == "" {
		return nil
	}
	return r.Out.Post(p)
}
