package youtube

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"lookback/importer/csvstream"
	"lookback/importer/identity"
	"lookback/store"
)

// give hands a post with an id of its own to the sink, once.
func (r *run) give(t table, p store.Post) error {
	r.seen[scopeOf(t)]++
	if !r.keys.Take(p.Key) {
		return nil
	}
	return r.Out.Post(p)
}

// twin is what a comment in a table and the same one in an old page have in
// common.
func twin(video string, at time.Time, text string) string {
	return video + "\x00" + identity.Time(at.Truncate(time.Second)) + "\x00" + strings.Join(strings.Fields(text), " ")
}

func (r *run) comment(f tableFile, row csvstream.Row) error {
	c := f.columns
	if c.guess {
		c = c.ofRow(row)
	}
	id := row.Get(c.id)
	text, ok := cellText(row.Get(c.text))
	if !ok && id == "" {
		return r.skip(comments, f.Path, row.Number, "has neither an id nor a text")
	}
	video, post, parent := row.Get(c.video), row.Get(c.post), row.Get(c.parent)
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, URL: commentURL(id, video, post)}
	p.Created, p.Precision = parseTime(row.Get(c.created))
	switch {
	case parent != "":
		p.ReplyTo = scopeComment + ":" + parent
		p.Thread = p.ReplyTo
		if top := row.Get(c.top); top != "" {
			p.Thread = scopeComment + ":" + top
		}
	default:
		p.ReplyTo = targetURL(video, post)
	}
	if len(r.takeout.pages) > 0 {
		r.twins.Add(twin(video, p.Created, text))
	}
	if id == "" {
		var again bool
		if p.Key, again = r.keys.Key(scopeComment, video, identity.Time(p.Created), text); again {
			return nil
		}
		return r.Out.Post(p)
	}
	p.Key = scopeComment + ":" + id
	return r.give(comments, p)
}

// ofRow finds the ids of one row by their shape: what a column holds cannot
// be told where most rows leave it empty.
func (c columns) ofRow(row csvstream.Row) columns {
	for i := c.id + 1; i < len(row.Fields); i++ {
		field := row.Get(i)
		switch {
		case i == c.text || i == c.channel || i == c.created:
		case i < c.text && i == c.text-1 && videoID.MatchString(field):
			c.video = i
		case i < c.text && strings.HasPrefix(field, "Ugk") && !strings.Contains(field, "."):
			c.post = i
		case i < c.text && commentID.MatchString(field):
			c.parent = i
		case i > c.text && commentID.MatchString(field):
			c.top = i
		}
	}
	return c
}

func commentURL(id, video, post string) string {
	switch {
	case id == "":
		return targetURL(video, post)
	case video != "":
		return "https://www.youtube.com/watch?v=" + url.QueryEscape(video) + "&lc=" + url.QueryEscape(id)
	case post != "":
		return "https://www.youtube.com/post/" + url.PathEscape(post) + "?lc=" + url.QueryEscape(id)
	}
	return ""
}

func targetURL(video, post string) string {
	switch {
	case video != "":
		return "https://www.youtube.com/watch?v=" + url.QueryEscape(video)
	case post != "":
		return "https://www.youtube.com/post/" + url.PathEscape(post)
	}
	return ""
}

func (r *run) chat(f tableFile, row csvstream.Row) error {
	c := f.columns
	if c.guess && videoID.MatchString(row.Get(c.text-1)) {
		c.video = c.text - 1
	}
	text, ok := cellText(row.Get(c.text))
	id, video := row.Get(c.id), row.Get(c.video)
	if !ok && id == "" {
		return r.skip(chats, f.Path, row.Number, "has neither an id nor a text")
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, ReplyTo: targetURL(video, "")}
	p.Created, p.Precision = parseTime(row.Get(c.created))
	if len(r.takeout.pages) > 0 {
		r.twins.Add(twin(video, p.Created, text))
	}
	if id == "" {
		var again bool
		if p.Key, again = r.keys.Key(scopeChat, video, identity.Time(p.Created), text); again {
			return nil
		}
		return r.Out.Post(p)
	}
	p.Key = scopeChat + ":" + id
	return r.give(chats, p)
}

// post is a post of the channel's community page.
func (r *run) post(f tableFile, row csvstream.Row) error {
	c := f.columns
	id := row.Get(c.id)
	text, ok := cellText(row.Get(c.text))
	if id == "" || !ok && c.text < 0 {
		return r.skip(posts, f.Path, row.Number, "has no id")
	}
	p := store.Post{Key: scopePost + ":" + id, Kind: store.KindPost, Own: true, Text: text, URL: targetURL("", id)}
	p.Created, p.Precision = parseTime(row.Get(c.created))
	return r.give(posts, p)
}

func (r *run) playlist(f tableFile, row csvstream.Row) error {
	c := f.columns
	id := row.Get(c.id)
	if id == "" {
		return r.skip(playlists, f.Path, row.Number, "has no id")
	}
	p := store.Post{Key: scopePlaylist + ":" + id, Kind: store.KindPost, Own: true, Place: "playlists",
		Text: lines(row.Get(c.title), row.Get(c.description)), URL: "https://www.youtube.com/playlist?list=" + url.QueryEscape(id)}
	p.Created, p.Precision = parseTime(row.Get(c.created))
	p.Audience = audience(row.Get(c.privacy))
	return r.give(playlists, p)
}

// A videoText is what the table of texts has of a video.
type videoText struct {
	title, description, created string
	used                        bool
}

// maxVideos bounds the videos whose texts wait for the other table.
const maxVideos = 100_000

func (r *run) videoText(f tableFile, row csvstream.Row) {
	id := row.Get(f.columns.id)
	if id == "" || len(r.texts) >= maxVideos {
		return
	}
	r.texts[id] = &videoText{
		title: segments(row, f.columns.titles), description: segments(row, f.columns.descriptions), created: row.Get(f.columns.created),
	}
}

func segments(row csvstream.Row, at []int) string {
	var b strings.Builder
	for _, i := range at {
		text, _ := cellText(row.Get(i))
		b.WriteString(text)
	}
	return b.String()
}

// video is one of the owner's own videos.
func (r *run) video(f tableFile, row csvstream.Row) error {
	c := f.columns
	id := row.Get(c.id)
	if id == "" {
		return r.skip(videos, f.Path, row.Number, "has no id")
	}
	title, description := row.Get(c.title), row.Get(c.description)
	if t := r.texts[id]; t != nil {
		t.used = true
		if title == "" {
			title = t.title
		}
		if description == "" {
			description = t.description
		}
	}
	created := row.Get(c.created)
	if created == "" {
		created = row.Get(c.fallback)
	}
	return r.ownVideo(id, title, description, created, audience(row.Get(c.privacy)))
}

func (r *run) ownVideo(id, title, description, created string, who store.Audience) error {
	p := store.Post{Key: scopeVideo + ":" + id, Kind: store.KindPost, Own: true, Text: lines(title, description),
		URL: targetURL(id, ""), Audience: who}
	p.Created, p.Precision = parseTime(created)
	return r.give(videos, p)
}

// restOfVideos hands over the texts to which no video came.
func (r *run) restOfVideos() error {
	ids := make([]string, 0, len(r.texts))
	for id, t := range r.texts {
		if !t.used {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		t := r.texts[id]
		if err := r.ownVideo(id, t.title, t.description, t.created, store.AudienceUnknown); err != nil {
			return err
		}
	}
	return nil
}

// audience reads the English words; in other languages it stays unknown.
func audience(s string) store.Audience {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "public", "öffentlich", "openbaar", "público", "público(a)":
		return store.AudiencePublic
	case "unlisted", "nicht gelistet", "verborgen", "oculto":
		return store.AudienceUnlisted
	case "private", "privat", "privé", "privado":
		return store.AudienceOnlyMe
	}
	return store.AudienceUnknown
}

// channel is a channel of the owner's: the first one names the account, all
// of them are read.
func (r *run) channel(f tableFile, row csvstream.Row) {
	c := f.columns
	id := row.Get(c.id)
	if !channelID.MatchString(id) {
		return
	}
	title, description := row.Get(c.title), row.Get(c.description)
	suffix := ""
	if r.account.NativeID == "" {
		r.account.NativeID, r.account.Name = id, title
	} else if r.account.NativeID != id {
		suffix = ":" + id
	}
	for _, part := range []struct{ key, text string }{{"name", title}, {"description", description}} {
		key := "bio:" + part.key + suffix
		if strings.TrimSpace(part.text) == "" || !r.keys.Take(key) {
			continue
		}
		r.bios = append(r.bios, store.Post{Key: key, Kind: store.KindBio, Own: true, Text: part.text, Precision: store.PrecisionNone})
	}
}

// lines joins a title and what belongs to it.
func lines(title, rest string) string {
	if strings.TrimSpace(rest) == "" {
		return title
	}
	return strings.TrimSpace(title + "\n\n" + rest)
}

// parseTime reads Takeout's times, which are UTC or say otherwise.
func parseTime(s string) (time.Time, store.Precision) {
	s = strings.TrimSpace(s)
	s = strings.TrimSuffix(s, " UTC")
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 2005 && t.Year() < 2100 {
			return t.UTC(), store.PrecisionSecond
		}
	}
	return time.Time{}, store.PrecisionNone
}
