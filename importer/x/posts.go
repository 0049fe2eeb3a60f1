package x

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// tweetFiles are the files of posts. The small ones come first: what they add
// is more than tweets.js says when it holds the same post.
var tweetFiles = []struct {
	key, media string
}{
	{keyCircle, "twitter_circle_tweet_media"},
	{keyCommunity, "community_tweet_media"},
	{keyDeleted, "deleted_tweets_media"},
	{keyTweets, "tweets_media"},
}

func (r *run) readTweets() error {
	for _, f := range tweetFiles {
		dir := r.mediaDir(f.media)
		if f.key == keyTweets && dir == "" {
			dir = r.mediaDir("tweet_media")
		}
		for _, m := range r.place.members[f.key] {
			err := each(r, m, parseTweet, func(record int, t *tweet) error { return r.tweet(m, record, dir, t) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// tweet takes one row: most become a post at once, those of an edit chain and
// those that wait for a long text later.
func (r *run) tweet(m member, record int, dir string, t *tweet) error {
	if t.id == "" {
		return r.skip(m, record, "has no id")
	}
	if m.key != keyTweets {
		r.extra.Add(t.id)
	} else if r.extra.Has(t.id) {
		return nil
	}
	if t.repaired {
		r.repaired++
	}
	p := r.post(m.key, dir, t)
	if p.Own && len(r.notes) > 0 {
		switch n, some := r.match(t); {
		case n != nil:
			r.lengthen(&p, t, n)
		case some:
			r.waiting = append(r.waiting, waiting{t: *t, p: p})
			return nil
		}
	}
	return r.emit(t, p)
}

// emit hands over a post, or keeps it until its edit chain is complete.
func (r *run) emit(t *tweet, p store.Post) error {
	if len(t.versions) > 1 || r.chains[t.id] != nil {
		return r.chained(t, p)
	}
	return r.Out.Post(p)
}

// post builds the post of one row.
func (r *run) post(key, dir string, t *tweet) store.Post {
	p := store.Post{
		Key: "tweet:" + t.id, Kind: store.KindPost, Own: true,
		Created: t.time, Precision: t.precision, URL: r.statusURL(t.id),
		Media: t.attachments(dir), Deleted: parseTime(t.deleted),
	}
	switch key {
	case keyCircle:
		p.Audience = store.AudienceCircle
	case keyCommunity:
		if t.community != "" {
			p.Place = "community " + t.community
		}
	}
	if r.reposted(&p, t) {
		return p
	}
	p.Text = expand(t.plain, t.links)
	p.Truncated = noteStub(t.plain)
	p.Quoted = t.quoted
	r.answers(&p, t)
	if p.Kind == store.KindPost && p.Quoted != "" || quotesByHand(t.plain) {
		p.Kind = store.KindQuote
	}
	return p
}

// reposted fills p in for somebody else's post.
func (r *run) reposted(p *store.Post, t *tweet) bool {
	handle, rest, ok := repost(t.plain)
	links := t.links
	if o := t.original; o != nil && (o.plain != "" || ok) {
		ok = true
		if o.plain != "" {
			rest, links = o.plain, o.links
		}
		if o.user.handle != "" {
			handle = o.user.handle
		}
	}
	if !ok {
		return false
	}
	p.Kind, p.Own, p.Author = store.KindRepost, false, handle
	p.Text = expand(rest, links)
	p.Truncated = cutOff(rest)
	return true
}

// answers fills in what the post replies to. A reply to oneself goes on with
// a thread.
func (r *run) answers(p *store.Post, t *tweet) {
	if t.replyTo == "" && t.replyUser == "" && t.replyName == "" {
		return
	}
	p.Kind = store.KindReply
	p.ReplyToAuthor = t.replyName
	own := t.replyUser != "" && t.replyUser == r.account.NativeID ||
		t.replyName != "" && strings.EqualFold(t.replyName, r.account.Handle)
	switch {
	case t.replyTo == "":
	case own:
		p.ReplyTo = "tweet:" + t.replyTo
		p.Thread = r.root(t)
	case t.replyName != "":
		p.ReplyTo = "https://x.com/" + t.replyName + "/status/" + t.replyTo
	default:
		p.ReplyTo = "https://x.com/i/web/status/" + t.replyTo
	}
}

// rootsMax bounds what is remembered of threads.
const rootsMax = 1 << 16

// root is the key of the earliest post of the thread that is known at this
// point: the first one when the archive is in order of time, as most are not.
func (r *run) root(t *tweet) string {
	root := t.replyTo
	if earlier, ok := r.roots[root]; ok {
		root = earlier
	}
	if len(r.roots) < rootsMax {
		r.roots[t.id] = root
	}
	return "tweet:" + root
}

func (r *run) statusURL(id string) string {
	if r.account.Handle == "" {
		return "https://x.com/i/web/status/" + id
	}
	return "https://x.com/" + r.account.Handle + "/status/" + id
}

// mediaDir returns the path of a media folder, or "" where it was left out.
func (r *run) mediaDir(name string) string {
	dir := path.Join(r.place.dir, name)
	there, known := r.media[dir]
	if !known {
		f, err := r.fsys.Open(dir)
		if there = err == nil; there {
			f.Close()
		}
		r.media[dir] = there
	}
	if !there {
		return ""
	}
	return dir
}

// finishTweets hands over what was kept back.
func (r *run) finishTweets() error {
	for _, step := range []func() error{r.finishNotes, r.finishChains} {
		if err := step(); err != nil {
			return err
		}
	}
	if r.repaired == 0 {
		return nil
	}
	return r.Note("dates-repaired", "", plural(r.repaired, "post")+" had a date that cannot be right; it was taken from the post's number instead.")
}

// checkHeaders compares the number of posts with the list that X adds for it.
func (r *run) checkHeaders() error {
	if err := r.compare(keyHeaders, keyTweets, keyCommunity, keyCircle); err != nil {
		return err
	}
	return r.compare(keyDeletedHeaders, keyDeleted)
}

// compare counts the records of headers and those of the posts that they may
// list; whether community posts are among them has varied.
func (r *run) compare(headers string, posts ...string) error {
	members := r.place.members[headers]
	if len(members) == 0 || len(r.place.members[posts[0]]) == 0 {
		return nil
	}
	listed, held := 0, 0
	for _, m := range members {
		err := each(r, m, skipRecord, func(int, *struct{}) error { listed++; return nil })
		if err != nil {
			return err
		}
	}
	for _, key := range posts {
		for _, m := range r.place.members[key] {
			held += r.records[m.path]
		}
	}
	if listed <= held || r.Lost(headers) {
		return nil
	}
	r.Lose(posts[0])
	text := "The archive lists " + plural(listed, "post") + " in " + headers + ".js and holds " + strconv.Itoa(held) + " of them."
	return r.Note("count-differs", members[0].path, text)
}

func skipRecord(d *jsonstream.Decoder, _ *struct{}) error { return jsonstream.Skip(d) }

// A chain is one post with its edits: every version is a row of its own.
type chain struct {
	ids  []string // oldest first
	rows []store.Post
	done bool
}

// chained adds a version to its chain and hands the post over when all have
// come. Only chains that are not complete yet are held.
func (r *run) chained(t *tweet, p store.Post) error {
	c := r.chainOf(append(t.versions, t.id))
	if c.done || slices.ContainsFunc(c.rows, func(q store.Post) bool { return q.Key == p.Key }) {
		return nil
	}
	c.rows = append(c.rows, p)
	if len(c.rows) < len(c.ids) {
		return nil
	}
	return r.finishChain(c)
}

// chainOf finds the chain of these ids, making or joining chains as needed.
func (r *run) chainOf(ids []string) *chain {
	c := &chain{}
	for _, id := range ids {
		if known := r.chains[id]; known != nil {
			c = known
			break
		}
	}
	for _, id := range ids {
		if other := r.chains[id]; other != nil && other != c {
			c.rows = append(c.rows, other.rows...)
			other.rows, other.done = nil, true
			ids = append(ids, other.ids...)
		}
	}
	for _, id := range ids {
		if !slices.Contains(c.ids, id) {
			c.ids = append(c.ids, id)
		}
		r.chains[id] = c
	}
	return c
}

// finishChain makes the last version the post and the others its history. A
// version that has no row here may have been a post already, as the first one's
// row need not say that it was edited: its key alone tells the sink.
func (r *run) finishChain(c *chain) error {
	slices.SortFunc(c.rows, func(a, b store.Post) int { return compareIDs(a.Key, b.Key) })
	slices.SortFunc(c.ids, compareIDs)
	p := c.rows[len(c.rows)-1]
	rows := c.rows[:len(c.rows)-1]
	if len(rows) > 0 || "tweet:"+c.ids[0] != p.Key {
		p.Edited = p.Created
	}
	if len(rows) > 0 {
		p.Created, p.Precision = rows[0].Created, rows[0].Precision
	}
	for _, id := range c.ids {
		key := "tweet:" + id
		switch {
		case compareIDs(key, p.Key) >= 0:
		case len(rows) > 0 && rows[0].Key == key:
			p.Versions = append(p.Versions, store.Version{Key: key, Text: rows[0].Text, Created: rows[0].Created})
			rows = rows[1:]
		default:
			p.Versions = append(p.Versions, store.Version{Key: key})
		}
	}
	c.rows, c.done = nil, true
	return r.Out.Post(p)
}

// finishChains hands over the chains of which a version is missing.
func (r *run) finishChains() error {
	var open []*chain
	for id, c := range r.chains {
		if !c.done && c.ids[0] == id {
			open = append(open, c)
		}
	}
	slices.SortFunc(open, func(a, b *chain) int { return compareIDs(a.ids[0], b.ids[0]) })
	for _, c := range open {
		if err := r.finishChain(c); err != nil {
			return err
		}
	}
	return nil
}

// compareIDs orders numbers of any length, and keys that end in one.
func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
