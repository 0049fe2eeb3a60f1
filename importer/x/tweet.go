package x

import (
	"path"
	"strings"
	"time"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// A tweet is one row of tweets.js and its kin, of any year.
type tweet struct {
	id, created, text             string
	replyTo, replyUser, replyName string
	links                         []link
	quoted                        string
	media                         []attachment
	deleted, community            string
	versions                      []string // ids of the edit chain, oldest first
	user                          user     // classic only
	original                      *tweet   // classic only: the reposted post
	classic                       bool

	// set by settle
	plain     string // the text unescaped, its links as they were
	time      time.Time
	precision store.Precision
	repaired  bool
}

type user struct {
	id, handle, name string
}

// An attachment is one picture or video of a post.
type attachment struct {
	kind, url, file string
}

// parseTweet reads a row, with the {"tweet": ...} around it or, as in 2018,
// without, and prepares what needs nothing but the row.
func parseTweet(d *jsonstream.Decoder, t *tweet) error {
	err := jsonstream.Object(d, func(name []byte) error {
		if string(name) == "tweet" {
			return jsonstream.Object(d, func(name []byte) error { return t.member(d, name) })
		}
		return t.member(d, name)
	})
	if err == nil {
		t.settle()
	}
	return err
}

func parseClassic(d *jsonstream.Decoder, t *tweet) error {
	t.classic = true
	return parseTweet(d, t)
}

func (t *tweet) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "id_str":
		return jsonstream.Text(d, &t.id)
	case "id":
		if t.id != "" {
			return jsonstream.Skip(d)
		}
		return jsonstream.Text(d, &t.id)
	case "created_at":
		return jsonstream.Text(d, &t.created)
	case "full_text", "text":
		return jsonstream.Text(d, &t.text)
	case "in_reply_to_status_id_str", "in_reply_to_status_id":
		return jsonstream.Text(d, &t.replyTo)
	case "in_reply_to_user_id_str", "in_reply_to_user_id":
		return jsonstream.Text(d, &t.replyUser)
	case "in_reply_to_screen_name":
		return jsonstream.Text(d, &t.replyName)
	case "entities", "extended_entities":
		return jsonstream.Object(d, func(name []byte) error { return t.entity(d, name) })
	case "edit_info":
		return t.edits(d)
	case "deleted_at":
		return jsonstream.Text(d, &t.deleted)
	case "community_id", "community_id_str":
		return jsonstream.Text(d, &t.community)
	case "user":
		return jsonstream.Object(d, func(name []byte) error { return t.user.member(d, name) })
	case "retweeted_status":
		return t.nested(d)
	}
	return jsonstream.Skip(d)
}

// nested reads the reposted post; one inside it is not looked at.
func (t *tweet) nested(d *jsonstream.Decoder) error {
	if d.PeekKind() != '{' {
		return jsonstream.Skip(d)
	}
	t.original = &tweet{classic: t.classic}
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) == "retweeted_status" {
			return jsonstream.Skip(d)
		}
		return t.original.member(d, name)
	})
}

func (u *user) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "id_str", "id":
		return jsonstream.Text(d, &u.id)
	case "screen_name":
		return jsonstream.Text(d, &u.handle)
	case "name":
		return jsonstream.Text(d, &u.name)
	}
	return jsonstream.Skip(d)
}

func (t *tweet) entity(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "urls":
		return jsonstream.List(d, func() error {
			var l link
			err := jsonstream.Object(d, func(name []byte) error { return l.member(d, name) })
			if err == nil && l.short != "" && l.long != "" {
				t.links = append(t.links, l)
				if statusURL(l.long) {
					t.quoted = l.long // X shows the last one
				}
			}
			return err
		})
	case "media":
		return jsonstream.List(d, func() error { return t.attachment(d) })
	}
	return jsonstream.Skip(d)
}

func (l *link) member(d *jsonstream.Decoder, name []byte) error {
	switch string(name) {
	case "url", "shortUrl":
		return jsonstream.Text(d, &l.short)
	case "expanded_url", "expandedUrl", "expanded":
		return jsonstream.Text(d, &l.long)
	}
	return jsonstream.Skip(d)
}

// attachment reads one picture. entities and extended_entities both list the
// first one, which the address tells.
func (t *tweet) attachment(d *jsonstream.Decoder) error {
	var a attachment
	var short, insecure, best string
	top := int64(-1)
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "url":
			return jsonstream.Text(d, &short)
		case "type":
			return jsonstream.Text(d, &a.kind)
		case "media_url_https":
			return jsonstream.Text(d, &a.url)
		case "media_url":
			return jsonstream.Text(d, &insecure)
		case "video_info":
			return jsonstream.Object(d, func(name []byte) error {
				if string(name) != "variants" {
					return jsonstream.Skip(d)
				}
				return jsonstream.List(d, func() error { return variant(d, &best, &top) })
			})
		}
		return jsonstream.Skip(d)
	})
	if err != nil {
		return err
	}
	if a.url == "" {
		a.url = insecure
	}
	a.file = a.url
	if best != "" {
		a.file = best
	}
	if short != "" {
		t.links = append(t.links, link{short: short})
	}
	for i, b := range t.media {
		if b.url == a.url {
			t.media[i] = a // extended_entities know the video
			return nil
		}
	}
	if a.url != "" {
		t.media = append(t.media, a)
	}
	return nil
}

// variant keeps the address of the best MP4: the archive's file is named
// after it.
func variant(d *jsonstream.Decoder, best *string, top *int64) error {
	var rate, kind, address string
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "bitrate":
			return jsonstream.Text(d, &rate)
		case "content_type":
			return jsonstream.Text(d, &kind)
		case "url":
			return jsonstream.Text(d, &address)
		}
		return jsonstream.Skip(d)
	})
	if n := number(rate); err == nil && kind == "video/mp4" && n > *top {
		*best, *top = address, n
	}
	return err
}

// edits collects the ids of the versions: under "initial" in the first row of
// a chain, under "edit" in the later ones.
func (t *tweet) edits(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "initial", "edit", "editControlInitial":
			return t.edits(d)
		case "initialTweetId":
			var id string
			err := jsonstream.Text(d, &id)
			t.version(id)
			return err
		case "editTweetIds":
			return jsonstream.List(d, func() error {
				var id string
				err := jsonstream.Text(d, &id)
				t.version(id)
				return err
			})
		}
		return jsonstream.Skip(d)
	})
}

func (t *tweet) version(id string) {
	for _, known := range t.versions {
		if known == id {
			return
		}
	}
	if id != "" {
		t.versions = append(t.versions, id)
	}
}

// settle prepares the row; it runs on the decoding goroutines.
func (t *tweet) settle() {
	if strings.HasSuffix(t.quoted, "/"+t.id) {
		t.quoted = "" // the rest of a long post, not a quotation
	}
	t.plain = unescape(t.text, t.classic)
	t.time, t.precision, t.repaired = postTime(t.id, t.created, t.classic)
	if t.original != nil {
		t.original.settle()
	}
}

// mediaTypes are X's names for the kinds of media.
var mediaTypes = map[string]string{"photo": "photo", "video": "video", "animated_gif": "gif"}

// attachments lists a post's media. dir is their folder in the archive, empty
// where the archive has none.
func (t *tweet) attachments(dir string) []store.Media {
	if len(t.media) == 0 {
		return nil
	}
	list := make([]store.Media, 0, len(t.media))
	for _, a := range t.media {
		m := store.Media{Type: mediaTypes[a.kind], URL: a.url}
		if file, _, _ := strings.Cut(path.Base(a.file), "?"); dir != "" && file != "" {
			m.Member = path.Join(dir, t.id+"-"+file)
		}
		list = append(list, m)
	}
	return list
}
