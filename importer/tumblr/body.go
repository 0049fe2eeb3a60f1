package tumblr

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"lookback/importer/pattern"
)

// A body is the text of a post with the words of everybody told apart.
type body struct {
	text   string // the owner's: what stands outside the reblogged chain
	images []image
	chain  []link // of a reblog, the first writer first
}

// A link of the chain is what one blog wrote.
type link struct {
	author, href, text string
	images             []image
}

type image struct{ src, alt string }

const (
	maxLevels = 200 // links of a chain
	maxQuotes = 16  // quotations in each other that are marked as such
)

// parseBody reads the HTML of a post. A chain is nested: a line with nothing
// but a link to a blog and a colon, then a blockquote with what it wrote, and
// behind it the words of the next one.
func parseBody(src string) body {
	w := &writer{levels: []*level{{}}}
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(maxElement)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			if w.skip == 0 {
				w.top().write(z.Token().Data)
			}
		case html.StartTagToken:
			w.start(z.Token(), false)
		case html.SelfClosingTagToken:
			w.start(z.Token(), true)
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

// writer turns tokens into text.
type writer struct {
	levels  []*level // the owner, then the blogs around the current place
	chain   []link
	kinds   []bool // of the open blockquotes: a link of the chain
	skip    int    // open elements whose content is left out
	skipTag string
}

// level is the text of one writer.
type level struct {
	author, href string
	b            strings.Builder
	line         strings.Builder // the line that is being written
	breaks       int             // line breaks that are due
	space        bool
	quotes       int
	pre          int
	images       []image

	inLink   bool
	linkHref string
	linkAt   int       // where its words begin in line
	last     [2]string // words and address of a link that is all of the line so far
	suffix   string    // address that belongs behind a link's words
}

func (w *writer) top() *level { return w.levels[len(w.levels)-1] }

var blocks = map[string]int{
	"p": 2, "blockquote": 2, "pre": 2, "ul": 2, "ol": 2, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "table": 2, "hr": 2,
	"div": 1, "li": 1, "tr": 1, "dt": 1, "dd": 1, "section": 1, "article": 1, "figure": 1, "figcaption": 1, "header": 1, "footer": 1, "body": 1,
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (w *writer) start(t html.Token, closed bool) {
	if w.skip > 0 {
		if t.Data == w.skipTag && !closed {
			w.skip++
		}
		return
	}
	switch {
	case !closed && (t.Data == "script" || t.Data == "style" || t.Data == "title" || t.Data == "template" || t.Data == "noscript"),
		!closed && attr(t, "id") == "footer":
		w.skip, w.skipTag = 1, t.Data
		return
	}
	l := w.top()
	switch t.Data {
	case "br":
		l.endLine()
		l.breaks = min(l.breaks+1, 3)
		return
	case "img":
		l.images = append(l.images, image{attr(t, "src"), attr(t, "alt")})
	case "a":
		l.endLink()
		l.openLink(attr(t, "href"))
	case "blockquote":
		w.quote()
		return
	case "pre":
		l.pre++
	}
	l.block(t.Data)
	if t.Data == "li" {
		l.write("- ")
	}
}

// quote opens a blockquote: the next link of the chain, or a quotation.
func (w *writer) quote() {
	l := w.top()
	author, href, ok := l.attribution()
	if ok = ok && len(w.levels) < maxLevels; ok {
		w.levels = append(w.levels, &level{author: author, href: href})
	} else {
		l.block("blockquote")
		l.quotes++
	}
	if len(w.kinds) < 10_000 {
		w.kinds = append(w.kinds, ok)
	}
}

func (w *writer) end(tag string) {
	if w.skip > 0 {
		if tag == w.skipTag {
			w.skip--
		}
		return
	}
	l := w.top()
	switch tag {
	case "a":
		l.endLink()
	case "pre":
		l.endLine()
		l.pre = max(l.pre-1, 0)
	case "blockquote":
		if n := len(w.kinds); n > 0 {
			chained := w.kinds[n-1]
			w.kinds = w.kinds[:n-1]
			if chained {
				w.close()
				return
			}
		}
		l.block(tag)
		l.quotes = max(l.quotes-1, 0)
		return
	}
	l.block(tag)
}

// close ends the innermost level.
func (w *writer) close() {
	if len(w.levels) == 1 {
		return
	}
	l := w.top()
	w.levels = w.levels[:len(w.levels)-1]
	w.chain = append(w.chain, link{l.author, l.href, l.finish(), l.images})
	w.top().block("blockquote")
}

func (w *writer) finish() body {
	for len(w.levels) > 1 {
		w.close()
	}
	own := w.levels[0]
	return body{text: own.finish(), images: own.images, chain: w.chain}
}

// write adds text; runs of blanks are one, but in pre.
func (l *level) write(text string) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if l.pre > 0 {
		for i, line := range strings.Split(text, "\n") {
			if i > 0 {
				l.endLine()
				l.breaks = max(l.breaks, 1)
			}
			l.word(line)
		}
		return
	}
	for i, word := range strings.FieldsFunc(text, isBlank) {
		if i > 0 || isBlank(rune(text[0])) {
			l.space = true
		}
		l.word(word)
	}
	if n := len(text); n > 0 && isBlank(rune(text[n-1])) {
		l.space = true
	}
}

func isBlank(c rune) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func (l *level) word(word string) {
	if word == "" {
		return
	}
	if l.suffix != "" && !strings.HasPrefix(word, ":") {
		l.line.WriteString(l.suffix)
		l.suffix = ""
	}
	if l.space && l.line.Len() > 0 {
		l.line.WriteByte(' ')
	}
	l.space = false
	l.line.WriteString(word)
}

func (l *level) openLink(href string) {
	l.inLink, l.linkHref = true, target(href)
	if l.suffix != "" {
		l.line.WriteString(l.suffix)
		l.suffix = ""
	}
	l.linkAt = l.line.Len()
}

func (l *level) endLink() {
	if !l.inLink {
		return
	}
	l.inLink = false
	words := strings.TrimSpace(l.line.String()[min(l.linkAt, l.line.Len()):])
	if words == "" {
		return
	}
	if l.linkAt == 0 {
		l.last = [2]string{words, l.linkHref}
	}
	if shows(words, l.linkHref) {
		l.suffix = " (" + l.linkHref + ")"
	}
}

// shows says whether an address adds something to a link's words.
func shows(words, href string) bool {
	if !strings.HasPrefix(href, "http") || strings.HasPrefix(words, "@") || strings.HasPrefix(words, "#") {
		return false
	}
	bare := strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(words, "https://"), "http://"), "/.…")
	return !strings.Contains(href, bare)
}

// target is where a link leads, without Tumblr's detours.
func target(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return strings.ToValidUTF8(href, "\uFFFD")
	}
	switch {
	case u.Host == "href.li" && u.RawQuery != "":
		return u.RawQuery
	case u.Host == "t.umblr.com" && u.Query().Get("z") != "":
		return strings.ToValidUTF8(u.Query().Get("z"), "\uFFFD")
	}
	return strings.ToValidUTF8(href, "\uFFFD")
}

// attribution takes the line "name:" away if it is what stands right before.
func (l *level) attribution() (author, href string, ok bool) {
	l.endLine()
	if l.last[0] == "" {
		return "", "", false
	}
	all := l.b.String()
	at := strings.LastIndexByte(all, '\n') + 1
	if !l.is(all[at:]) {
		return "", "", false
	}
	l.b.Reset()
	l.b.WriteString(strings.TrimRight(all[:at], "\n"))
	author, href = l.last[0], l.last[1]
	l.last = [2]string{}
	return author, href, true
}

// is says whether line is a link and a colon.
func (l *level) is(line string) bool {
	return l.last[0] != "" && len(l.last[0]) < 100 && strings.ReplaceAll(line, " ", "") == strings.ReplaceAll(l.last[0], " ", "")+":"
}

func (l *level) block(tag string) {
	if n := blocks[tag]; n > 0 {
		l.endLine()
		l.breaks = max(l.breaks, n)
	}
}

// endLine moves the line to the text.
func (l *level) endLine() {
	if l.suffix != "" && !l.is(l.line.String()) {
		l.line.WriteString(l.suffix)
	}
	l.suffix = ""
	line := strings.TrimSpace(l.line.String())
	if l.pre > 0 {
		line = strings.TrimRight(l.line.String(), " \t\r")
	}
	l.line.Reset()
	l.space = false
	if l.inLink {
		l.linkAt = 0
	}
	if line == "" {
		return
	}
	mark := ""
	if l.quotes > 0 {
		mark = strings.Repeat("> ", min(l.quotes, maxQuotes))
	}
	if l.b.Len() > 0 {
		between := "\n"
		if l.breaks > 1 {
			between = "\n\n"
		}
		l.b.WriteString(between)
	}
	l.b.WriteString(mark + line)
	l.breaks = 0
	if !l.is(line) {
		l.last = [2]string{}
	}
}

func (l *level) finish() string {
	l.endLine()
	return l.b.String()
}

// A page is one posts/html/<id>.html.
type page struct {
	body  body
	stamp string // local time, as it is written
	tags  []string
	whole bool // it has its end
}

var escapedRE = pattern.New(`</(?:p|a|div|blockquote|strong|em|ul)>`)

// parsePage reads a page: the post, then a footer with the time and the tags.
// A reblog can hold the footer of the post before, so the last one counts.
func parsePage(src []byte) page {
	var p page
	at, footer := 0, -1
	z := html.NewTokenizer(strings.NewReader(string(src)))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			p.whole = p.whole || footer >= 0 && z.Err() == io.EOF && strings.Contains(string(src[footer:]), "</div>")
			break
		}
		size := len(z.Raw())
		t := z.Token()
		switch {
		case kind == html.StartTagToken && attr(t, "id") == "footer":
			footer = at
		case kind == html.EndTagToken && (t.Data == "body" || t.Data == "html"):
			p.whole = true
		}
		at += size
	}
	content := string(src)
	if footer >= 0 {
		content = content[:footer]
		p.footer(string(src[footer:]))
	}
	content = strings.ReplaceAll(content, "</embed>'", "</embed>") // a fault of old exports
	p.body = parseBody(content)
	if escapedRE.MatchString(p.body.text) { // some old pages escaped the post twice
		again := parseBody(p.body.text)
		again.chain = append(p.body.chain, again.chain...)
		again.images = append(p.body.images, again.images...)
		p.body = again
	}
	return p
}

func (p *page) footer(src string) {
	z := html.NewTokenizer(strings.NewReader(src))
	into, text := "", strings.Builder{}
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			t := z.Token()
			switch {
			case attr(t, "id") == "timestamp":
				into = "time"
			case strings.Contains(" "+attr(t, "class")+" ", " tag "):
				into = "tag"
			}
			text.Reset()
		case html.TextToken:
			if into != "" {
				text.WriteString(z.Token().Data)
			}
		case html.EndTagToken:
			words := strings.ToValidUTF8(strings.Join(strings.Fields(text.String()), " "), "\uFFFD")
			switch {
			case into == "time":
				p.stamp = words
			case into == "tag" && words != "":
				p.tags = append(p.tags, words)
			}
			into = ""
		}
	}
}

var ordinalRE = pattern.New(`(\d)(?:st|nd|rd|th)\b`)

// number reads a whole number, 0 where there is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
