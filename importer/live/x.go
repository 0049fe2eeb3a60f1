//go:build !nonetwork

package live

//lint:file-ignore SA1019 go-twitter is finished, as is the version of the API that it speaks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/x"
	"lookback/store"

	"github.com/dghubble/go-twitter/twitter"
)

const (
	xPage  = 200  // posts in an answer
	xLimit = 3200 // posts that X shows at all
)

const xArchive = "ask X for your archive, which is free and holds everything, and read that"

// readX reads a person's timeline, newest first. The posts go through the
// importer of X's archives, so that both give the same keys and texts.
func (r *reader) readX(ctx context.Context) error {
	if r.o.Credential == "" {
		return &importer.HintError{Err: errors.New("no bearer token was given, and X shows posts only to those who have bought access to its API"), Hint: xArchive}
	}
	c := &courier{ctx: ctx, web: r.web, bearer: r.o.Credential}
	tl := &timeline{r: r, c: c, client: twitter.NewClient(&http.Client{Transport: c})}
	for {
		page, err := tl.next()
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		if err := tl.take(ctx, page); err != nil {
			return err
		}
		if tl.read >= xLimit || !tl.older(page) {
			break
		}
	}
	return tl.finish()
}

// A timeline is where the reading of an account of X stands.
type timeline struct {
	r       *reader
	c       *courier
	client  *twitter.Client
	pages   int
	read    int
	maxID   int64 // of the next page; 0 for the first
	owner   *twitter.User
	trouble bool // X gave an answer of which a part had another shape
}

// next asks for the next page.
func (tl *timeline) next() ([]twitter.Tweet, error) {
	page, _, err := tl.client.Timelines.UserTimeline(&twitter.UserTimelineParams{
		ScreenName: tl.r.t.Name, Count: xPage, MaxID: tl.maxID,
		IncludeRetweets: twitter.Bool(true), TweetMode: "extended",
	})
	tl.pages++
	var shape *json.UnmarshalTypeError
	switch {
	case tl.c.err != nil:
		return nil, tl.c.err
	case tl.c.last.status != http.StatusOK:
		return nil, refusedX(tl.r.t.Name, tl.c.last)
	case errors.As(err, &shape) && len(page) > 0:
		tl.trouble = true // the rest was decoded
	case err != nil:
		return nil, malformed(request{service: "X"}, tl.c.last)
	}
	return page, nil
}

// older moves on to the posts before those of page. It is false where X gives
// the same ones again.
func (tl *timeline) older(page []twitter.Tweet) bool {
	oldest := int64(0)
	for _, t := range page {
		if id := tweetID(&t); id > 0 && (oldest == 0 || id < oldest) {
			oldest = id
		}
	}
	if oldest <= 1 || tl.maxID != 0 && oldest > tl.maxID {
		return false
	}
	tl.maxID = oldest - 1
	return true
}

func tweetID(t *twitter.Tweet) int64 {
	if t.ID != 0 {
		return t.ID
	}
	id, err := strconv.ParseInt(t.IDStr, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// take hands a page over.
func (tl *timeline) take(ctx context.Context, page []twitter.Tweet) error {
	if tl.owner == nil {
		tl.owner = &twitter.User{ScreenName: tl.r.t.Name}
		if u := page[0].User; u != nil && u.ScreenName != "" {
			tl.owner = u
		}
		if n := min(tl.owner.StatusesCount, xLimit); n > 0 {
			tl.r.o.Progress.Total(int64(n))
		}
	}
	files, err := tl.files(page)
	if err != nil {
		return err
	}
	s := tl.r.sink
	s.where = "answer " + strconv.Itoa(tl.pages)
	s.change = quotes(page, tl.pages == 1)
	if err := x.New().Import(ctx, files, importer.Options{Me: tl.r.t.Name}, s); err != nil {
		return err
	}
	tl.read += len(page)
	tl.r.o.Progress.Add(int64(len(page)))
	return nil
}

// files writes a page as the archive of X would hold it.
func (tl *timeline) files(page []twitter.Tweet) (memory, error) {
	u := tl.owner
	tweets := make([]any, 0, len(page))
	for i := range page {
		tweets = append(tweets, record{"tweet": tweetRecord(&page[i], 0)})
	}
	files := memory{}
	put := func(name string, rows ...any) error {
		b, err := json.Marshal(rows)
		files["data/"+name+".js"] = append([]byte("window.YTD."+name+".part0 = "), b...)
		return err
	}
	errs := []error{
		put("account", record{"account": record{"accountId": u.IDStr, "username": u.ScreenName, "accountDisplayName": u.Name, "createdAt": u.CreatedAt}}),
		put("tweets", tweets...),
	}
	if tl.pages == 1 {
		errs = append(errs, put("profile", record{"profile": record{"description": record{"bio": u.Description, "location": u.Location}}}))
	}
	return files, errors.Join(errs...)
}

type record = map[string]any

// tweetRecord writes a post in the shape of an archive's row. Only what the
// importer reads is there.
func tweetRecord(t *twitter.Tweet, depth int) record {
	text, e, ext := cmp.Or(t.FullText, t.Text), t.Entities, t.ExtendedEntities
	if whole := t.ExtendedTweet; whole != nil && whole.FullText != "" {
		text, e, ext = whole.FullText, whole.Entities, whole.ExtendedEntities
	}
	id := t.IDStr
	if id == "" && t.ID != 0 {
		id = strconv.FormatInt(t.ID, 10)
	}
	row := record{"id_str": id, "created_at": t.CreatedAt, "full_text": text,
		"in_reply_to_status_id_str": t.InReplyToStatusIDStr, "in_reply_to_user_id_str": t.InReplyToUserIDStr,
		"in_reply_to_screen_name": t.InReplyToScreenName}
	if e != nil {
		row["entities"] = record{"urls": links(e.Urls), "media": pictures(e.Media)}
	}
	if ext != nil {
		row["extended_entities"] = record{"media": pictures(ext.Media)}
	}
	if t.User != nil {
		row["user"] = record{"id_str": t.User.IDStr, "screen_name": t.User.ScreenName, "name": t.User.Name}
	}
	if t.RetweetedStatus != nil && depth == 0 {
		row["retweeted_status"] = tweetRecord(t.RetweetedStatus, depth+1)
	}
	return row
}

func links(urls []twitter.URLEntity) []record {
	list := make([]record, 0, len(urls))
	for _, u := range urls {
		list = append(list, record{"url": u.URL, "expanded_url": u.ExpandedURL})
	}
	return list
}

func pictures(media []twitter.MediaEntity) []record {
	list := make([]record, 0, len(media))
	for _, m := range media {
		variants := make([]record, 0, len(m.VideoInfo.Variants))
		for _, v := range m.VideoInfo.Variants {
			variants = append(variants, record{"bitrate": strconv.Itoa(v.Bitrate), "content_type": v.ContentType, "url": v.URL})
		}
		list = append(list, record{"url": m.URL, "type": m.Type, "media_url": m.MediaURL, "media_url_https": m.MediaURLHttps,
			"video_info": record{"variants": variants}})
	}
	return list
}

// quotes fills in what a post quotes, which the API tells even where the text
// has no address of it. The profile comes with the first page only.
func quotes(page []twitter.Tweet, first bool) func(*store.Post) bool {
	quoted := map[string]string{}
	for _, t := range page {
		if t.QuotedStatusIDStr != "" && t.RetweetedStatus == nil {
			quoted["tweet:"+t.IDStr] = "https://x.com/i/web/status/" + t.QuotedStatusIDStr
		}
	}
	return func(p *store.Post) bool {
		if q := quoted[p.Key]; q != "" && p.Own && p.Quoted == "" {
			if p.Quoted = q; p.Kind == store.KindPost {
				p.Kind = store.KindQuote
			}
		}
		return first || p.Kind != store.KindBio
	}
}

// finish says what is missing.
func (tl *timeline) finish() error {
	if tl.owner == nil {
		return &importer.HintError{Err: fmt.Errorf("there are no posts of @%s that X shows", tl.r.t.Name),
			Hint: "check the handle; if the account has posts, " + xArchive}
	}
	if tl.trouble {
		if err := tl.r.sink.Skip(store.Skip{Reason: "a part of an answer has another shape than X describes"}); err != nil {
			return err
		}
	}
	has := tl.owner.StatusesCount
	if tl.read < xLimit && has <= tl.read {
		return nil
	}
	text := fmt.Sprintf("X gave %d posts, the newest: it shows no more than %d. For the older ones %s.", tl.read, xLimit, xArchive)
	if has > tl.read {
		text = fmt.Sprintf("X gave %d of the account's %d posts: it shows the newest %d at most. For the older ones %s.", tl.read, has, xLimit, xArchive)
	}
	return tl.r.sink.note("newest-only", text)
}

// A courier carries the requests of go-twitter, whose own way knows neither a
// context nor bounds.
type courier struct {
	ctx    context.Context
	web    *web
	bearer string
	last   answer
	err    error
}

// RoundTrip implements http.RoundTripper.
func (c *courier) RoundTrip(req *http.Request) (*http.Response, error) {
	q := request{service: "X", host: req.URL.Host, path: req.URL.Path, query: req.URL.Query(), bearer: c.bearer, max: maxPage}
	if c.last, c.err = c.web.get(c.ctx, q); c.err != nil {
		return nil, c.err
	}
	return &http.Response{
		Status: http.StatusText(c.last.status), StatusCode: c.last.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: c.last.header, Body: io.NopCloser(bytes.NewReader(c.last.body)), ContentLength: int64(len(c.last.body)), Request: req,
	}, nil
}

// X's numbers of errors that mean more than their status.
const (
	xNoPage      = 34
	xNoUser      = 50
	xSuspended   = 63
	xLocked      = 326
	xAccessLevel = 453
)

// refusedX explains a refusal.
func refusedX(name string, a answer) error {
	var e twitter.APIError
	_ = json.Unmarshal(a.body, &e) // without it the status has to do
	code := 0
	if len(e.Errors) > 0 {
		code = e.Errors[0].Code
	}
	hinted := func(what, hint string) error { return &importer.HintError{Err: errors.New(what), Hint: hint} }
	const sells = "X now sells access to its API, and the token's plan does not include reading posts"
	switch {
	case code == xSuspended:
		return hinted("X has suspended the account @"+name, "sign in to X to see why; your archive can still be asked for")
	case code == xNoUser, code == xNoPage, a.status == http.StatusNotFound:
		return hinted("X knows no account @"+name, "check how the handle is written")
	case code == xLocked:
		return hinted("X has locked the account that the token belongs to", "sign in to X and unlock it")
	case code == xAccessLevel, a.status == http.StatusForbidden, a.status == http.StatusPaymentRequired, a.status == http.StatusGone:
		return hinted(sells, xArchive)
	case a.status == http.StatusUnauthorized && strings.Contains(string(a.body), `"errors"`):
		return hinted("X does not accept the bearer token", "copy it again from X's developer portal; X now sells this access, so without a paid plan "+xArchive)
	case a.status == http.StatusUnauthorized:
		return hinted("X does not show the posts of @"+name+": the account is protected, or the token has no right to read it", xArchive)
	}
	return unexpected(request{service: "X"}, a)
}
