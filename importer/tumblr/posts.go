package tumblr

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/intake"
	"lookback/store"
)

// A run is one import.
type run struct {
	ctx  context.Context
	opts importer.Options
	*intake.Log
	export *export

	account store.Account
	whole   bool         // posts.xml was read without a loss
	seen    identity.Set // posts of posts.xml, while there are pages too
	asks    int          // asks that were received and not answered
	zones   int          // posts with a local time
	keys    identity.Keys
}

// skip counts a record, or with 0 a whole member, that could not be read.
func (r *run) skip(m member, record int, err error) error {
	return r.Skip("", m.shown, record, err.Error())
}

// readBroken tells of the members that are not what they should be.
func (r *run) readBroken() error {
	for _, m := range r.export.odd {
		if err := r.skip(m, 0, errors.New("is not what its name says")); err != nil {
			return err
		}
	}
	for _, z := range r.export.zips {
		if err, ok := r.export.broken[z.Name]; ok {
			if err := r.Fail("", z.Name, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// A post is one <post> of posts.xml.
type post struct {
	ID        string    `xml:"id,attr"`
	URL       string    `xml:"url,attr"`
	URLSlug   string    `xml:"url-with-slug,attr"`
	Type      string    `xml:"type,attr"`
	Unix      string    `xml:"unix-timestamp,attr"`
	GMT       string    `xml:"date-gmt,attr"`
	Date      string    `xml:"date,attr"`
	State     string    `xml:"state,attr"`
	IsReblog  string    `xml:"is_reblog,attr"`
	Blog      string    `xml:"tumblelog,attr"`
	Title     []string  `xml:"regular-title"`
	Body      []string  `xml:"regular-body"`
	Caption   []string  `xml:"photo-caption"`
	PhotoLink []string  `xml:"photo-link-url"`
	Photos    []photo   `xml:"photo-url"`
	Set       []setPart `xml:"photoset>photo"`
	Quote     []string  `xml:"quote-text"`
	Source    []string  `xml:"quote-source"`
	LinkText  []string  `xml:"link-text"`
	LinkURL   []string  `xml:"link-url"`
	LinkAbout []string  `xml:"link-description"`
	ChatTitle []string  `xml:"conversation-title"`
	ChatText  []string  `xml:"conversation-text"`
	ChatLines []line    `xml:"conversation>line"`
	Audio     []string  `xml:"audio-caption"`
	Video     []string  `xml:"video-caption"`
	VideoFrom []string  `xml:"video-source"`
	Question  []string  `xml:"question"`
	Answer    []string  `xml:"answer"`
	Tags      []string  `xml:"tag"`
	Other     []other   `xml:",any"`
	AudioPlay []string  `xml:"audio-player"`
	VideoPlay []string  `xml:"video-player"`
}

type photo struct {
	Width string `xml:"max-width,attr"`
	URL   string `xml:",chardata"`
}

type setPart struct {
	Caption string  `xml:"caption,attr"`
	Photos  []photo `xml:"photo-url"`
}

type line struct {
	Name  string `xml:"name,attr"`
	Label string `xml:"label,attr"`
	Text  string `xml:",chardata"`
}

// other is an element that the reference does not know; exports of 2024 and
// later have not been seen.
type other struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

// readAccount takes the blog's name from the first post, from the person, or
// from the messages.
func (r *run) readAccount() error {
	r.account = store.Account{Platform: "tumblr"}
	for _, m := range r.export.xml {
		if r.account.Handle == "" {
			r.account.Handle = firstBlog(m)
		}
	}
	if me := strings.TrimPrefix(r.opts.Me, "@"); r.account.Handle == "" && !strings.Contains(me, ":") {
		r.account.Handle = strings.TrimSuffix(me, ".tumblr.com")
	}
	if r.account.Handle == "" {
		r.account.Handle = r.commonName()
	}
	if r.account.Handle == "" && len(r.export.pages) > 0 {
		err := r.Note("owner-unknown", "", "The export does not say which blog it is, so no links can be built; name the blog with --me.")
		if err != nil {
			return err
		}
	}
	return r.Out.Account(r.account)
}

func firstBlog(m member) string {
	f, err := m.fsys.Open(m.Path)
	if err != nil {
		return ""
	}
	defer f.Close()
	in, err := newElements(f, "post", "")
	if err != nil {
		return ""
	}
	for range 20 {
		e, err := in.next()
		var p post
		if err != nil {
			return ""
		}
		if e.err == nil && decode(e.raw, &p) == nil && p.blog() != "" {
			return p.blog()
		}
	}
	return ""
}

// blog is the name of the blog: told, or the first part of the address.
func (p *post) blog() string {
	if p.Blog != "" {
		return p.Blog
	}
	address := strings.TrimPrefix(strings.TrimPrefix(p.URL, "https://"), "http://")
	host, _, _ := strings.Cut(address, "/")
	name, of := strings.CutSuffix(host, ".tumblr.com")
	if !of || name == "www" {
		return ""
	}
	return name
}

func (r *run) readXML() error {
	for _, m := range r.export.xml {
		if err := r.posts(m); err != nil {
			return err
		}
	}
	r.whole = len(r.export.xml) > 0 && !r.Lost()
	return nil
}

// posts reads one posts.xml.
func (r *run) posts(m member) error {
	f, err := m.fsys.Open(m.Path)
	if err != nil {
		return r.Fail("", m.shown, err)
	}
	defer f.Close()
	in, err := newElements(f, "post", "/tumblr /posts")
	if err != nil {
		return r.Fail("", m.shown, err)
	}
	ended := false
	for n := 0; ; {
		if n%64 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		e, err := in.next()
		switch {
		case errors.Is(err, io.EOF):
			if !ended {
				return r.skip(m, 0, errCut)
			}
			return r.ctx.Err()
		case err != nil:
			return r.Fail("", m.shown, err)
		case e.name != "post":
			ended = true
			continue
		}
		n++
		if err := r.element(m, n, e); err != nil {
			return err
		}
	}
}

func (r *run) element(m member, n int, e element) error {
	if e.err != nil {
		return r.skip(m, n, e.err)
	}
	var p post
	if err := decode(e.raw, &p); err != nil {
		return r.skip(m, n, err)
	}
	if p.ID = strings.TrimSpace(p.ID); p.ID == "" || strings.Trim(p.ID, "0123456789") != "" {
		return r.skip(m, n, errors.New("has no id"))
	}
	if len(r.export.pages) > 0 {
		r.seen.Add(p.ID)
	}
	return r.post(&p)
}

// first returns the first text that is not empty.
func first(list []string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// when is the time of a post: seconds since 1970, else the date in GMT, else
// the blog's own clock.
func (p *post) when() (time.Time, store.Precision) {
	if n := number(p.Unix); n > 0 {
		if t := time.Unix(n, 0).UTC(); sound(t) {
			return t, store.PrecisionSecond
		}
	}
	if t, err := time.Parse("2006-01-02 15:04:05 GMT", p.GMT); err == nil && sound(t) {
		return t.UTC(), store.PrecisionSecond
	}
	if t, err := time.Parse("Mon, 2 Jan 2006 15:04:05", p.Date); err == nil && sound(t) {
		return t.UTC(), store.PrecisionZone
	}
	return time.Time{}, store.PrecisionNone
}

func sound(t time.Time) bool { return t.Year() >= 1991 && t.Year() <= 2099 }

// A draft is a post in the making: what is the same in both forms of export.
type draft struct {
	base     store.Post // time, audience, address
	id       string
	reblog   bool
	answer   bool
	before   []string // own plain texts before the body
	html     []string // own HTML, with the chain
	after    []string // own plain texts after it
	tags     []string
	media    []store.Media
	question string
	quote    string // words of somebody else, in a quote post
	source   string
}

func (r *run) post(p *post) error {
	if strings.EqualFold(p.State, "submission") {
		r.asks++
		return nil
	}
	d := draft{id: p.ID, reblog: strings.EqualFold(p.IsReblog, "true"), tags: p.Tags}
	d.base.Created, d.base.Precision = p.when()
	switch strings.ToLower(p.State) {
	case "published":
		d.base.Audience = store.AudiencePublic
		d.base.URL = clean(cmp.Or(p.URLSlug, p.URL))
	case "draft", "queued", "private":
		d.base.Audience = store.AudienceOnlyMe
	}
	d.answer = first(p.Answer) != "" || strings.EqualFold(p.Type, "answer")
	d.before = append(d.before, first(p.Title), first(p.LinkText), first(p.LinkURL), first(p.ChatTitle), p.chat())
	for _, part := range [][]string{p.Body, p.Caption, p.LinkAbout, p.Audio, p.Video, p.Answer, p.Source} {
		d.html = append(d.html, first(part))
	}
	for _, o := range p.Other {
		if isText(o.XMLName.Local) {
			d.html = append(d.html, strings.TrimSpace(o.Text))
		}
	}
	for _, s := range p.Set {
		d.after = append(d.after, strings.TrimSpace(s.Caption))
	}
	d.quote, d.question = first(p.Quote), first(p.Question)
	d.source = parseBody(first(p.Source)).text
	d.media = r.media(p)
	return r.emit(d)
}

// isText says whether an unknown element may hold words.
func isText(name string) bool {
	for _, end := range []string{"title", "body", "text", "caption", "description", "comment", "content"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func clean(s string) string { return strings.ToValidUTF8(strings.TrimSpace(s), "\uFFFD") }

// chat is a conversation that the owner wrote down.
func (p *post) chat() string {
	if text := first(p.ChatText); text != "" {
		return text
	}
	var lines []string
	for _, l := range p.ChatLines {
		lines = append(lines, strings.TrimSpace(cmp.Or(l.Label, l.Name)+" "+strings.TrimSpace(l.Text)))
	}
	return strings.Join(lines, "\n")
}

// media are the pictures and files of a post: what lies in the folder, with
// the addresses in the largest size.
func (r *run) media(p *post) []store.Media {
	var all []store.Media
	add := func(photos []photo) {
		if len(photos) > 0 {
			all = append(all, store.Media{Type: "photo", URL: clean(photos[0].URL)})
		}
	}
	if len(p.Set) == 0 {
		add(p.Photos)
	}
	for _, s := range p.Set {
		add(s.Photos)
	}
	if len(p.Audio)+len(p.AudioPlay) > 0 {
		all = append(all, store.Media{Type: "audio"})
	}
	if len(p.Video)+len(p.VideoPlay)+len(p.VideoFrom) > 0 {
		m := store.Media{Type: "video"}
		if from := first(p.VideoFrom); strings.HasPrefix(from, "http") && !strings.ContainsAny(from, " <\n") {
			m.URL = clean(from)
		}
		all = append(all, m)
	}
	if to := first(p.PhotoLink); to != "" {
		all = append(all, store.Media{Type: "link", URL: clean(to)})
	}
	if to := first(p.LinkURL); to != "" {
		all = append(all, store.Media{Type: "link", URL: clean(to)})
	}
	return all
}

// files joins the members of a post's media to what the post says of them.
func (r *run) files(id string, media []store.Media) []store.Media {
	names := slices.Clone(r.export.media[id])
	for i := range media {
		if len(names) > 0 && strings.HasPrefix(media[i].Member, "media/") {
			media[i].Member = "" // old pages name a wrong file
		}
	}
	for i := range media {
		if len(names) > 0 && media[i].Type != "link" && media[i].Member == "" {
			media[i].Member, names = names[0], names[1:]
		}
	}
	for _, name := range names {
		media = append(media, store.Media{Member: name, Type: mediaType(name)})
	}
	return media
}

func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".pnj":
		return "photo"
	case ".gif", ".gifv":
		return "gif"
	case ".mp4", ".mov":
		return "video"
	case ".mp3", ".m4a":
		return "audio"
	}
	return ""
}

// emit hands over the texts of one post: the owner's words, and those of
// everybody else under keys of their own.
func (r *run) emit(d draft) error {
	var own body
	texts := slices.Clone(d.before)
	for _, src := range d.html {
		b := parseBody(src)
		texts = append(texts, b.text)
		own.images = append(own.images, b.images...)
		own.chain = append(own.chain, b.chain...)
	}
	own.text = join(append(texts, d.after...)...)
	return r.spread(d, own)
}

// spread hands over a post whose words are told apart.
func (r *run) spread(d draft, b body) error {
	others, earlier := r.split(b.chain)
	chained := len(b.chain) > 0 || d.reblog
	p := d.base
	p.Key, p.Kind, p.Own = "post:"+d.id, store.KindPost, true
	p.Text = join(b.text, hashtags(d.tags))
	media := r.files(d.id, append(d.media, pictures(b.images)...))
	switch {
	case d.question != "" || d.answer:
		p.Kind = store.KindReply
		if d.question != "" {
			p.ReplyTo = "ask:" + d.id
		}
	case chained:
		p.Kind = store.KindQuote
		if len(others.text) > 0 {
			p.ReplyTo = "reblog:" + d.id
		}
		p.Quoted = others.href
	}
	bare := p.Text == "" && chained // nothing was added
	if !bare {
		p.Media, media = media, nil
	}
	for _, x := range []struct {
		key  string
		own  bool
		text string
		who  string
		pics []store.Media
		need bool
	}{
		{"ask", false, parseBody(d.question).text, "", nil, false},
		{"quote", false, parseBody(d.quote).text, short(d.source), nil, false},
		{"reblog", false, others.text, others.author, append(media, pictures(others.images)...), bare},
		{"earlier", true, earlier.text, "", pictures(earlier.images), false},
	} {
		if strings.TrimSpace(x.text) == "" && !x.need {
			continue
		}
		q := d.base
		q.Key, q.Kind, q.Own, q.Author, q.Text, q.Media = x.key+":"+d.id, store.KindRepost, x.own, x.who, x.text, x.pics
		if x.own {
			q.Kind = store.KindPost
		}
		if err := r.Post(q); err != nil {
			return err
		}
	}
	if bare || p.Text == "" && len(p.Media) == 0 && d.quote != "" {
		return nil
	}
	return r.Post(p)
}

// short is a name taken from a text.
func short(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	s, _, _ = strings.Cut(s, " (http")
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "") + "…"
	}
	return s
}

// split gathers the chain: what other blogs wrote, and what the owner wrote
// in it before.
func (r *run) split(chain []link) (others, earlier link) {
	var names []string
	for _, l := range chain {
		to := &others
		if r.account.Handle != "" && strings.EqualFold(l.author, r.account.Handle) {
			to = &earlier
		} else {
			others.href = clean(l.href)
			if !slices.Contains(names, l.author) {
				names = append(names, l.author)
			}
		}
		to.text = join(to.text, l.text)
		to.images = append(to.images, l.images...)
	}
	others.author = strings.Join(names, ", ")
	return others, earlier
}

func pictures(images []image) []store.Media {
	var all []store.Media
	for _, i := range images {
		m := store.Media{Type: "photo", Alt: clean(i.alt)}
		switch src := clean(i.src); {
		case strings.HasPrefix(src, "http"):
			m.URL = src
		case strings.Contains(src, "media/"):
			m.Member = src[strings.LastIndex(src, "media/"):]
		}
		all = append(all, m)
	}
	return all
}

// join puts an empty line between the texts that are not empty.
func join(texts ...string) string {
	var all []string
	for _, t := range texts {
		if t = clean(t); t != "" {
			all = append(all, t)
		}
	}
	return strings.Join(all, "\n\n")
}

// hashtags are tags, in which many write whole sentences.
func hashtags(tags []string) string {
	var all []string
	for _, t := range tags {
		if t = strings.Join(strings.Fields(t), " "); t != "" {
			all = append(all, "#"+strings.TrimPrefix(t, "#"))
		}
	}
	return clean(strings.Join(all, " "))
}

// scopes are the prefixes of the keys that posts.xml gives.
var scopes = []string{"post:", "reblog:", "quote:", "ask:", "earlier:"}

func (r *run) finish() error {
	if r.asks > 0 {
		text := "Asks and submissions from other people that were not published are left alone: " + strconv.Itoa(r.asks) + "."
		if err := r.Note("submissions-not-read", "", text); err != nil {
			return err
		}
	}
	if r.zones > 0 {
		text := "The pages give the time on the blog's own clock without its zone, so the times of some posts can be hours off: " + strconv.Itoa(r.zones) + "."
		if err := r.Note("zone-unknown", "", text); err != nil {
			return err
		}
	}
	if !r.whole || r.Lost() {
		return nil
	}
	for _, s := range scopes {
		if err := r.Out.Fact(importer.Fact{Scope: s}); err != nil {
			return err
		}
	}
	return nil
}
