package xapi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A tweet is one post with what go-twitter's types leave out.
type tweet struct {
	status
	alts map[string]string // descriptions of media by their id
}

// decode reads one object. A field of another type than the API's costs that
// field, not the post.
func decode(raw []byte, t *tweet) error {
	if err := lenient(json.Unmarshal(raw, &t.status)); err != nil {
		return jsonstream.ErrSyntax
	}
	if !bytes.Contains(raw, []byte("ext_alt_text")) {
		return nil
	}
	type described struct {
		Media []struct {
			ID  string `json:"id_str"`
			Alt string `json:"ext_alt_text"`
		} `json:"media"`
	}
	var extra struct {
		Entities described `json:"extended_entities"`
		Extended struct {
			Entities described `json:"extended_entities"`
		} `json:"extended_tweet"`
	}
	if err := lenient(json.Unmarshal(raw, &extra)); err != nil {
		return jsonstream.ErrSyntax
	}
	t.alts = map[string]string{}
	for _, m := range append(extra.Entities.Media, extra.Extended.Entities.Media...) {
		t.alts[m.ID] = m.Alt
	}
	return nil
}

// lenient lets a field of an unexpected type pass; the decoder reads on then.
func lenient(err error) error {
	var odd *json.UnmarshalTypeError
	if errors.As(err, &odd) && odd.Field != "" {
		return nil
	}
	return err
}

// each reads every post of a file in order. What is wrong with the file is
// told to the sink.
func each(r *intake.Run, f file, fn func(record int, t *tweet) error) error {
	one := func(record int, raw []byte, err error) error {
		if ctx := r.Ctx.Err(); ctx != nil {
			return ctx
		}
		var t tweet
		if err == nil {
			err = decode(raw, &t)
		}
		if err != nil {
			return r.Skip(f.path, record, intake.Reason(err))
		}
		return fn(record, &t)
	}
	in, err := r.FS.Open(f.path)
	if err != nil {
		return r.Skip(f.path, 0, "cannot be opened")
	}
	defer in.Close()
	switch f.layout {
	case LayoutLines:
		err = lines(in, one)
	case LayoutSearch:
		err = jsonstream.Split(in, jsonstream.Options{Path: []string{"statuses"}}, one)
	default:
		err = jsonstream.Split(in, jsonstream.Options{}, one)
	}
	if ctx := r.Ctx.Err(); ctx != nil {
		return ctx
	}
	var bad *jsonstream.RecordError
	if errors.As(err, &bad) {
		return r.Skip(f.path, bad.Record, intake.Reason(bad))
	}
	return err
}

// lines hands over one object a line. A file whose first line is no whole
// object holds one object, or several after each other, over many lines.
func lines(in io.Reader, fn func(record int, raw []byte, err error) error) error {
	text, _, err := jsonstream.NewUTF8Reader(in)
	if err != nil {
		return &jsonstream.RecordError{Err: jsonstream.ErrCut}
	}
	br := bufio.NewReaderSize(text, 64<<10)
	for record := 1; ; record++ {
		line, large, err := readLine(br)
		line = bytes.TrimSpace(line)
		if record == 1 && err == nil && !large && !bytes.HasSuffix(line, []byte("}")) {
			rest := io.MultiReader(strings.NewReader("["), bytes.NewReader(line), strings.NewReader("\n"), br, strings.NewReader("]"))
			return jsonstream.Split(rest, jsonstream.Options{}, fn)
		}
		var bad error
		if large {
			line, bad = nil, jsonstream.ErrTooLarge
		}
		if large || len(line) > 0 {
			if err := fn(record, line, bad); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &jsonstream.RecordError{Record: record, Err: jsonstream.ErrCut}
		}
	}
}

// readLine reads a line of at most the size that an element may have.
func readLine(br *bufio.Reader) (line []byte, large bool, err error) {
	for {
		part, err := br.ReadSlice('\n')
		if len(line)+len(part) > jsonstream.DefaultMaxElement {
			large = true
		} else {
			line = append(line, part...)
		}
		if err != bufio.ErrBufferFull {
			return line, large, err
		}
	}
}

func number(s string, n int64) string {
	if s != "" || n == 0 {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strconv.FormatInt(n, 10)
}

func userID(u *user) string { return number(u.IDStr, u.ID) }

// plain unescapes exactly what X escapes, once.
var plain = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

func unescape(s string) string { return plain.Replace(s) }

// expand puts the addresses behind short ones; an empty one drops it.
func expand(text string, links []string) string {
	if len(links) == 0 {
		return text
	}
	return strings.TrimRight(strings.NewReplacer(links...).Replace(text), " ")
}

// words is the text of a post with its links expanded, and whether it is only
// the beginning.
func words(t *status) (text string, media []media, cut bool) {
	ents, ext := t.Entities, t.ExtendedEntities
	text = t.FullText
	if text == "" {
		text = t.Text
	}
	cut = t.Truncated && t.FullText == ""
	if x := t.ExtendedTweet; x != nil && x.FullText != "" {
		text, cut = x.FullText, false
		if x.Entities != nil {
			ents = x.Entities
		}
		if x.ExtendedEntities != nil {
			ext = x.ExtendedEntities
		}
	}
	var links []string
	if ents != nil {
		for _, u := range ents.Urls {
			if u.URL != "" && u.ExpandedURL != "" {
				links = append(links, u.URL, u.ExpandedURL)
			}
		}
		media = ents.Media
	}
	if ext != nil && len(ext.Media) > 0 {
		media = ext.Media
	}
	for _, m := range media {
		if m.URL != "" {
			links = append(links, " "+m.URL, "", m.URL, "")
		}
	}
	return expand(unescape(text), links), media, cut
}

// tweet hands over one post.
func (r *run) tweet(record int, t *tweet) error {
	id := number(t.IDStr, t.ID)
	if id == "" {
		return nil
	}
	mine := t.User == nil || r.account.NativeID != "" && userID(t.User) == r.account.NativeID ||
		r.account.NativeID == "" && strings.EqualFold(t.User.ScreenName, r.account.Handle)
	if !mine && !t.Favorited {
		return nil
	}
	p := store.Post{Key: "tweet:" + id, Kind: store.KindPost, Own: true, URL: address(r.account.Handle, id)}
	var repaired bool
	p.Created, p.Precision, repaired = postTime(id, t.CreatedAt)
	source := &t.status
	switch {
	case !mine:
		p.Key, p.Kind, p.Own, p.Author = "like:"+id, store.KindLike, false, t.User.ScreenName
		p.URL = address(t.User.ScreenName, id)
	case t.RetweetedStatus != nil:
		source = t.RetweetedStatus
		p.Kind, p.Own = store.KindRepost, false
		if source.User != nil {
			p.Author = source.User.ScreenName
		}
	default:
		r.answers(&p, t, id)
	}
	text, media, cut := words(source)
	p.Text, p.Truncated = text, cut
	for _, m := range media {
		if m.MediaURLHttps == "" {
			m.MediaURLHttps = m.MediaURL
		}
		p.Media = append(p.Media, store.Media{Type: mediaTypes[m.Type], URL: m.MediaURLHttps, Alt: t.alts[m.IDStr]})
	}
	if mine && t.User != nil && t.User.Protected {
		p.Audience = store.AudienceFollowers
	}
	if !r.keys.Take(p.Key) {
		return nil
	}
	if repaired {
		r.repaired++
	}
	return r.Post(p)
}

var mediaTypes = map[string]string{"photo": "photo", "video": "video", "animated_gif": "gif"}

func address(handle, id string) string {
	if handle == "" {
		return "https://x.com/i/web/status/" + id
	}
	return "https://x.com/" + handle + "/status/" + id
}

// rootsMax bounds what is remembered of threads.
const rootsMax = 1 << 16

// answers fills in what a post replies to and quotes.
func (r *run) answers(p *store.Post, t *tweet, id string) {
	if q := number(t.QuotedStatusIDStr, 0); q != "" || t.QuotedStatus != nil {
		p.Kind = store.KindQuote
		handle := ""
		if s := t.QuotedStatus; s != nil {
			q = number(s.IDStr, s.ID)
			if s.User != nil {
				handle = s.User.ScreenName
			}
		}
		p.Quoted = address(handle, q)
	}
	to, whom := number(t.InReplyToStatusIDStr, t.InReplyToStatusID), number(t.InReplyToUserIDStr, t.InReplyToUserID)
	if to == "" && whom == "" && t.InReplyToScreenName == "" {
		return
	}
	p.Kind, p.ReplyToAuthor = store.KindReply, t.InReplyToScreenName
	own := whom != "" && whom == r.account.NativeID || t.InReplyToScreenName != "" && strings.EqualFold(t.InReplyToScreenName, r.account.Handle)
	switch {
	case to == "":
	case own:
		root := to
		if earlier, ok := r.roots[root]; ok {
			root = earlier
		}
		if len(r.roots) < rootsMax {
			r.roots[id] = root
		}
		p.ReplyTo, p.Thread = "tweet:"+to, "tweet:"+root
	default:
		p.ReplyTo = address(t.InReplyToScreenName, to)
	}
}

const (
	firstSnowflake = 29700859247
	epoch          = 1288834974657 // milliseconds of id 0
)

// postTime settles when a post was made: an id since November 2010 holds the
// time and cannot be wrong.
func postTime(id, created string) (at time.Time, p store.Precision, repaired bool) {
	if t, err := time.Parse(time.RubyDate, created); err == nil {
		at = intake.Plausible(t)
	}
	var byID time.Time
	if n, err := strconv.ParseUint(id, 10, 63); err == nil && n >= firstSnowflake {
		byID = intake.Plausible(time.UnixMilli(int64(n>>22) + epoch))
	}
	if !byID.IsZero() && (at.IsZero() || at.Sub(byID).Abs() > time.Minute) {
		return byID.Truncate(time.Second), store.PrecisionSecond, true
	}
	if at.IsZero() {
		return at, store.PrecisionNone, false
	}
	return at, store.PrecisionSecond, false
}
