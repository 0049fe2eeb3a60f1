package linkedin

import (
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/pattern"
	"lookback/store"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxArticle bounds the text of one article.
const maxArticle = 4 << 20

// A page is one article as its HTML has it: a heading, which links to the
// article, one or two lines with dates, and the text.
type page struct {
	title, link string
	dates       []time.Time
	images      []store.Media // those with a text
	text        strings.Builder
	whole       bool // the page has its end
}

// readArticles reads the pages of articles and newsletters.
func (r *run) readArticles() error {
	for _, m := range r.archive.articles {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := r.article(m); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) article(m importer.Member) error {
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return importer.Lost(r.Out, m.Path, err)
	}
	defer f.Close()
	p, err := readPage(f)
	if err != nil {
		return importer.Lost(r.Out, m.Path, err)
	}
	text := tidy(p.text.String())
	if p.title == "" && text == "" {
		return r.Out.Skip(store.Skip{Member: m.Path, Reason: "holds no article"})
	}
	if !p.whole {
		if err := r.Out.Skip(store.Skip{Member: m.Path, Reason: "the page ends in the middle"}); err != nil {
			return err
		}
	}
	post := store.Post{Kind: store.KindPost, Own: true, URL: p.link, Place: "articles", Truncated: !p.whole, Media: p.images,
		Text: strings.TrimSpace(p.title + "\n\n" + text)}
	post.Created, post.Precision = p.date(m.Name)
	r.keys.File()
	if post.Key = articleKey(p.link); post.Key == "" {
		post.Key, _ = r.keys.Key(scopeArticle, p.title, identity.Time(post.Created))
	} else if !r.keys.Take(post.Key) {
		return nil
	}
	return r.Post(post)
}

// articleKey takes the name of an article from its address.
func articleKey(link string) string {
	u, err := url.Parse(link)
	if err != nil || path.Base(u.Path) == "." || path.Base(u.Path) == "/" {
		return ""
	}
	return scopeArticle + ":" + path.Base(strings.TrimSuffix(u.Path, "/"))
}

var fileTime = pattern.New(`(\d{4}-\d\d-\d\d)[ T_](\d\d)[:_-](\d\d)[:_-](\d\d)`)

// date is when the article was published, else begun, else what the name of
// its file says. None of them names its zone.
func (p *page) date(name string) (time.Time, store.Precision) {
	if n := len(p.dates); n > 0 {
		return p.dates[n-1], store.PrecisionZone
	}
	if m := fileTime.FindStringSubmatch(path.Base(name)); m != nil {
		if t, err := time.Parse(time.DateTime, m[1]+" "+m[2]+":"+m[3]+":"+m[4]); err == nil {
			return dated(plausible(t), store.PrecisionZone)
		}
	}
	return time.Time{}, store.PrecisionNone
}

var dateLine = pattern.New(`\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?`)

// A pageReader goes through a page token by token.
type pageReader struct {
	*page
	z       *html.Tokenizer
	hidden  int             // elements without text for people around this place
	heading bool            // inside the heading
	before  bool            // no text of the article yet
	line    strings.Builder // the paragraph before the text, which may be a date
}

// readPage reads one page. The errors of the tokenizer hold nothing of it.
func readPage(r io.Reader) (*page, error) {
	p := &pageReader{page: &page{}, z: html.NewTokenizer(io.LimitReader(r, 4*maxArticle)), before: true}
	p.z.SetMaxBuf(maxArticle)
	for {
		switch p.z.Next() {
		case html.ErrorToken:
			if err := p.z.Err(); !errors.Is(err, io.EOF) && !errors.Is(err, html.ErrBufferExceeded) {
				return nil, err
			}
			p.text.WriteString(p.line.String())
			return p.page, nil
		case html.TextToken:
			p.words(strings.ToValidUTF8(string(p.z.Text()), "\uFFFD"))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := p.z.TagName()
			p.start(atom.Lookup(name), more)
		case html.EndTagToken:
			name, _ := p.z.TagName()
			p.end(atom.Lookup(name))
		}
	}
}

func (p *pageReader) words(text string) {
	switch {
	case p.hidden > 0 || p.text.Len() > maxArticle:
	case p.heading && len(p.title) < maxArticle:
		p.title += text
	case p.before:
		p.line.WriteString(text)
	default:
		p.text.WriteString(text)
	}
}

func (p *pageReader) start(tag atom.Atom, more bool) {
	switch tag {
	case atom.Style, atom.Script, atom.Title, atom.Head:
		p.hidden++
	case atom.Body:
		p.hidden = 0
	case atom.H1:
		p.heading = p.title == ""
	case atom.A:
		if href := attribute(p.z, more, "href"); p.heading && p.link == "" {
			p.link = address(href)
		}
	case atom.Img:
		p.image(p.z, more)
	}
	if !breaks[tag] {
		return
	}
	if p.before && tag != atom.P && tag != atom.H1 && strings.TrimSpace(p.title) != "" {
		p.begin()
	}
	p.text.WriteString("\n")
}

func (p *pageReader) end(tag atom.Atom) {
	switch {
	case tag == atom.Style || tag == atom.Script || tag == atom.Title || tag == atom.Head:
		p.hidden = max(0, p.hidden-1)
	case tag == atom.H1:
		p.heading = false
		p.title = strings.Join(strings.Fields(p.title), " ")
	case tag == atom.P && p.before:
		p.dateOrText()
	case tag == atom.Html || tag == atom.Body:
		p.whole = true
	case breaks[tag]:
		p.text.WriteString("\n")
	}
}

// begin takes what was held back as text: the article has begun.
func (p *pageReader) begin() {
	p.text.WriteString(p.line.String() + "\n")
	p.line.Reset()
	p.before = false
}

// dateOrText looks at a paragraph that comes before the article.
func (p *pageReader) dateOrText() {
	text := strings.TrimSpace(p.line.String())
	if text == "" {
		return
	}
	if at := dateLine.FindString(text); at != "" && len(text) < 80 && len(p.dates) < 2 {
		if t := parseTime(strings.Replace(at, "T", " ", 1)); !t.IsZero() {
			p.dates = append(p.dates, t)
			p.line.Reset()
			return
		}
	}
	p.begin()
}

// image keeps what is said of a picture.
func (p *page) image(z *html.Tokenizer, more bool) {
	m := store.Media{Type: "photo"}
	for more && len(p.images) < 1000 {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch text := strings.ToValidUTF8(string(value), "\uFFFD"); string(key) {
		case "alt":
			m.Alt = strings.TrimSpace(text)
		case "src":
			m.URL = address(text)
		}
	}
	if m.Alt != "" {
		p.images = append(p.images, m)
	}
}

func attribute(z *html.Tokenizer, more bool, name string) string {
	for more {
		var key, value []byte
		if key, value, more = z.TagAttr(); string(key) == name {
			return strings.ToValidUTF8(string(value), "\uFFFD")
		}
	}
	return ""
}

// breaks are the elements that begin a line.
var breaks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Br: true, atom.Li: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.Blockquote: true, atom.Ul: true, atom.Ol: true, atom.Pre: true, atom.Figure: true, atom.Figcaption: true, atom.Tr: true, atom.Hr: true,
}

var blankLines = pattern.New(`\n[ \t\r\n]*\n`)

// tidy keeps one blank line between paragraphs.
func tidy(text string) string {
	return strings.TrimSpace(blankLines.ReplaceAllString(strings.ReplaceAll(text, "\r", ""), "\n\n"))
}

var tagRE = pattern.New(`(?i)<(p|br|div|span|html|a|ul|li|strong|em|b|i)\b[^<>]*>`)

func looksHTML(text string) bool { return tagRE.MatchString(text) }

// plainHTML is the text of a message with marks.
func plainHTML(text string) string {
	z := html.NewTokenizer(strings.NewReader(text))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return tidy(b.String())
		case html.TextToken:
			b.WriteString(strings.ToValidUTF8(string(z.Text()), "\uFFFD"))
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); breaks[atom.Lookup(name)] {
				b.WriteString("\n")
			}
		}
	}
}
