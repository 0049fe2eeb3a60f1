package tiktok

import (
	"strconv"
	"strings"
	"time"

	"lookback/importer/identity"
	"lookback/importer/pattern"
	"lookback/store"
)

// A source is where a record stood.
type source struct {
	member string
	record int
}

// scopeOf is the scope to which a section's records belong.
func scopeOf(s section) string {
	switch s {
	case comments:
		return scopeComment
	case posts, deleted:
		return scopePost
	case likes:
		return scopeLike
	case favourites:
		return scopeFavourite
	case reposts:
		return scopeRepost
	case chats, groupChats:
		return scopeMessage
	case live:
		return scopeLive
	case goLive:
		return scopeGoLive
	}
	return scopeReview
}

// skip counts a record that could not be read.
func (r *run) skip(s section, member string, number int, why string) error {
	return r.Skip(scopeOf(s), member, number, why)
}

// emit turns a record into a post. JSON and text files come here alike.
func (r *run) emit(s section, at source, rec record) error {
	switch s {
	case profile, settings:
		r.learn(s, rec)
		return nil
	case comments:
		return r.comment(at, rec)
	case posts, deleted:
		return r.video(s, at, rec)
	case likes, favourites, reposts:
		return r.endorsed(s, at, rec)
	case live:
		return r.said(s, at, rec, rec.get("commentcontent", "questioncontent", "content", "comment", "question"),
			rec.get("rawtime", "commenttime", "questiontime", "date"))
	case goLive:
		return r.said(s, at, rec, rec.get("roomtitle", "livetitle", "title"), rec.get("livestarttime", "date", "dateandtime", "starttime"))
	case reviews, shopReviews:
		return r.review(s, at, rec)
	}
	return nil
}

// learn takes what the profile and the settings say of the owner.
func (r *run) learn(s section, rec record) {
	if s == settings {
		switch strings.ToLower(rec.get("privateaccount", "privéaccount")) {
		case "enabled", "on", "true", "yes", "1", "aan":
			r.private = true
		}
		return
	}
	set := func(p *string, names ...string) {
		if v := rec.get(names...); v != "" {
			*p = v
		}
	}
	set(&r.account.Handle, "username", "gebruikersnaam", "benutzername", "nombredeusuario", "nomdutilisateur", "nomeutente", "nomedeusuário")
	set(&r.account.Name, "displayname", "nickname", "name", "bijnaam", "spitzname", "apodo")
	set(&r.bio, "biodescription", "bio", "biografie", "biografía", "biografia", "biographie", "biobeschreibung", "descripcióndelabiografía")
	r.account.Handle = strings.TrimPrefix(r.account.Handle, "@")
}

// put hands a post with a derived key to the sink.
func (r *run) put(s section, at source, p store.Post, parts ...string) error {
	scope := scopeOf(s)
	key, again := r.keys.Key(scope, append([]string{identity.Time(p.Created)}, parts...)...)
	r.seen[scope]++
	if again {
		return nil
	}
	p.Key = key
	return r.Post(p)
}

func (r *run) comment(at source, rec record) error {
	text := rec.get("comment")
	if text == "" && firstOf(rec, "comment") == "None" {
		text = "None" // people do write that; an empty comment is N/A
	}
	created, precision := parseTime(rec.get("date"))
	photo := address(rec.get("photo"))
	if text == "" && photo == "" && created.IsZero() {
		return r.skip(comments, at.member, at.record, "comments: has neither a date nor a text")
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, Created: created, Precision: precision, ReplyTo: videoURL(address(rec.get("url", "link")))}
	if photo != "" {
		p.Media = []store.Media{{Type: "photo", URL: photo}}
	}
	return r.put(comments, at, p, text)
}

// firstOf returns a value as it is.
func firstOf(rec record, name string) string {
	for _, p := range rec {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// video is a post of the owner's: a video or pictures with a caption. One
// that was deleted has the key that it had before.
func (r *run) video(s section, at source, rec record) error {
	title, prompt := rec.get("title", "caption", "description"), rec.get("addyourstext", "addsyourstext")
	alt := rec.get("alternatetext", "alttext", "alternativetext")
	created, precision := parseTime(rec.get("date"))
	if title == "" && prompt == "" && created.IsZero() {
		return r.skip(s, at.member, at.record, "posts: has neither a date nor a text")
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: title, Created: created, Precision: precision,
		Audience: r.audience(rec.get("whocanview", "whocansee"))}
	if prompt != "" && prompt != title {
		p.Text = strings.TrimSpace(title + "\n\n" + prompt)
	}
	if s == deleted {
		p.Deleted, _ = parseTime(rec.get("datedeleted", "deletedate", "deletiondate"))
	}
	p.Media = media(rec.get("link", "videolink"), alt)
	return r.put(s, at, p, p.Text)
}

// media lists the addresses of a post's own files, which stop working after
// some days. More than one is a series of pictures.
func media(links, alt string) []store.Media {
	var all []store.Media
	for _, link := range strings.Fields(links) {
		if u := address(link); u != "" && len(all) < 100 {
			all = append(all, store.Media{Type: "video", URL: u})
		}
	}
	if len(all) > 1 {
		for i := range all {
			all[i].Type = "photo"
		}
	}
	if alt != "" {
		if len(all) == 0 {
			all = []store.Media{{}}
		}
		all[0].Alt = alt
	}
	return all
}

// audience reads "Public to everyone", "Friends", "Only me".
func (r *run) audience(s string) store.Audience {
	switch s = fold(s); {
	case strings.HasPrefix(s, "public"), s == "everyone":
		if r.private {
			return store.AudienceFollowers
		}
		return store.AudiencePublic
	case strings.Contains(s, "onlyme"), strings.Contains(s, "onlyyou"), s == "private", s == "self":
		return store.AudienceOnlyMe
	case strings.Contains(s, "friend"):
		return store.AudienceFriends
	case strings.Contains(s, "follower"):
		return store.AudienceFollowers
	case s == "" && r.private:
		return store.AudienceFollowers
	}
	return store.AudienceUnknown
}

var videoRE = pattern.New(`(?i)(?:tiktokv?\.com/(?:share/video|@[^/]*/(?:video|photo)|embed(?:/v2)?)|m\.tiktok\.com/v)/(\d{5,25})`)

// videoURL is the public address of a video.
func videoURL(link string) string {
	if m := videoRE.FindStringSubmatch(link); m != nil {
		return "https://www.tiktok.com/@/video/" + m[1]
	}
	return link
}

// endorsed is somebody else's video, of which only the address is known.
func (r *run) endorsed(s section, at source, rec record) error {
	link := address(rec.get("link", "videolink", "url"))
	created, precision := parseTime(rec.get("date"))
	if link == "" {
		return r.skip(s, at.member, at.record, scopeOf(s)+"s: has no link")
	}
	p := store.Post{Kind: store.KindLike, URL: videoURL(link), Created: created, Precision: precision}
	if s == reposts {
		p.Kind = store.KindRepost
	}
	scope := scopeOf(s)
	m := videoRE.FindStringSubmatch(link)
	if m == nil {
		return r.put(s, at, p, link)
	}
	r.seen[scope]++
	if p.Key = scope + ":" + m[1]; !r.keys.Take(p.Key) {
		return nil
	}
	return r.Post(p)
}

// said is a text from a live broadcast.
func (r *run) said(s section, at source, rec record, text, date string) error {
	created, precision := parseTime(date)
	if text == "" {
		return nil // a broadcast without a title, a gift
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, Created: created, Precision: precision, ReplyTo: address(rec.get("link"))}
	if s == goLive {
		p.Kind, p.ReplyTo = store.KindPost, ""
	}
	return r.put(s, at, p, text)
}

func (r *run) review(s section, at source, rec record) error {
	text := rec.get("reviewtext", "reviewcontent", "review", "text", "content", "comment")
	created, precision := parseTime(rec.get("date", "reviewdate", "createtime"))
	if text == "" {
		return nil // stars only
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: text, Created: created, Precision: precision,
		Place: rec.get("placename", "productname", "shopname")}
	return r.put(s, at, p, text, p.Place)
}

// message is one of a private conversation; only the owner's own come
// further than here.
func (r *run) message(s section, at source, chat string, rec record) error {
	from := strings.TrimPrefix(rec.get("from", "sender"), "@")
	if r.account.Handle == "" || !strings.EqualFold(from, r.account.Handle) {
		return nil
	}
	text := rec.get("content", "message", "text")
	created, precision := parseTime(rec.get("date", "time"))
	if text == "" && created.IsZero() {
		return r.skip(s, at.member, at.record, "messages: has neither a date nor a text")
	}
	p := store.Post{Kind: store.KindDM, Own: true, Text: text, Created: created, Precision: precision, Audience: store.AudienceDirect}
	if s == groupChats {
		p.Audience, p.Place = store.AudienceGroup, chat
	} else {
		p.ReplyToAuthor = chat
	}
	return r.put(s, at, p, text) // without the other side's name, which changes
}

// address returns s where it is an address, and nothing else.
func address(s string) string {
	s = strings.TrimSpace(s)
	if (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && !strings.ContainsAny(s, " \n") {
		return s
	}
	return ""
}

// parseTime reads TikTok's times, which are UTC.
func parseTime(s string) (time.Time, store.Precision) {
	s = strings.TrimSpace(s)
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "UTC"), "(UTC)"))
	for _, f := range []struct {
		layout    string
		precision store.Precision
	}{
		{time.DateTime, store.PrecisionSecond},
		{time.RFC3339, store.PrecisionSecond},
		{"2006-01-02T15:04:05", store.PrecisionSecond},
		{"2006-01-02 15:04", store.PrecisionMinute},
		{time.DateOnly, store.PrecisionDay},
	} {
		if t, err := time.Parse(f.layout, s); err == nil {
			return plausible(t.UTC(), f.precision)
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}, store.PrecisionNone
	case n >= 1e11: // milliseconds
		return plausible(time.UnixMilli(n).UTC(), store.PrecisionSecond)
	}
	return plausible(time.Unix(n, 0).UTC(), store.PrecisionSecond)
}

// plausible drops times from before the app and from the far future.
func plausible(t time.Time, p store.Precision) (time.Time, store.Precision) {
	if t.Year() < 2010 || t.Year() >= 2100 {
		return time.Time{}, store.PrecisionNone
	}
	return t, p
}
