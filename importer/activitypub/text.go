package activitypub

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Text turns the HTML of a post or a profile into text: paragraphs apart by a
// blank line, shortened links whole, entities decoded once.
func Text(src string) string {
	text, _ := Content(src)
	return text
}

// Content is Text for a post. Servers put the address of a quoted post before
// or behind the text, marked as such, for those that know no quotes: it is
// taken out and returned.
func Content(src string) (text, quoted string) {
	if !strings.Contains(src, "<") {
		return strings.TrimSpace(html.UnescapeString(src)), ""
	}
	w := writer{bare: true}
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			w.endLink()
			return strings.TrimSpace(string(w.b)), w.quoted
		case html.TextToken:
			w.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

// A writer gathers the text of an HTML fragment.
type writer struct {
	b     []byte
	lines int  // line breaks that are due before the next word
	space bool // a blank is due
	bare  bool // nothing is on the line yet
	pre   int
	quote int
	lists []int // of the open lists: the last number, -1 without numbers

	href string // of the open link
	from int    // where its text began
	link bool

	skip   string // element whose content is left out
	depth  int    // of elements of that name
	inline bool   // it is the address of the quoted post
	quoted string
}

const mostNesting = 64 // lists and quotations; deeper ones are only text

// blanks says how many line breaks an element stands apart from what is
// around it.
var blanks = map[string]int{
	"p": 2, "blockquote": 2, "pre": 2, "ul": 2, "ol": 2, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "table": 2, "hr": 2,
	"div": 1, "li": 1, "tr": 1, "dt": 1, "dd": 1, "section": 1, "article": 1, "figure": 1, "figcaption": 1,
}

func (w *writer) start(t html.Token) {
	if w.skip != "" {
		if t.Data == w.skip {
			w.depth++
		}
		if w.inline && t.Data == "a" && w.quoted == "" {
			w.quoted = attr(t, "href")
		}
		return
	}
	switch t.Data {
	case "script", "style", "template", "title":
		w.skip, w.depth, w.inline = t.Data, 1, false
		return
	case "p", "span":
		if hasClass(t, "quote-inline") {
			w.skip, w.depth, w.inline = t.Data, 1, true
			return
		}
	case "br":
		w.lines = min(w.lines+1, 3)
		return
	case "img":
		w.text(attr(t, "alt"))
	case "a":
		w.startLink(attr(t, "href"))
	case "td", "th":
		w.space = true
	}
	w.apart(t.Data)
	w.enter(t.Data)
}

func (w *writer) apart(tag string) {
	n := blanks[tag]
	if (tag == "ul" || tag == "ol") && len(w.lists) > 0 {
		n = 1
	}
	w.lines = max(w.lines, n)
}

// enter opens lists, quotations and text as it stands.
func (w *writer) enter(tag string) {
	switch {
	case tag == "pre":
		w.pre++
	case tag == "blockquote" && w.quote < mostNesting:
		w.quote++
	case tag == "ul" && len(w.lists) < mostNesting:
		w.lists = append(w.lists, -1)
	case tag == "ol" && len(w.lists) < mostNesting:
		w.lists = append(w.lists, 0)
	case tag == "li":
		w.item()
	}
}

func (w *writer) item() {
	mark := "- "
	if n := len(w.lists); n > 0 && w.lists[n-1] >= 0 {
		w.lists[n-1]++
		mark = strconv.Itoa(w.lists[n-1]) + ". "
	}
	w.flush()
	w.b = append(w.b, mark...)
}

func (w *writer) end(tag string) {
	if w.skip != "" {
		if tag == w.skip {
			if w.depth--; w.depth == 0 {
				w.skip = ""
			}
		}
		return
	}
	w.apart(tag)
	switch {
	case tag == "a":
		w.endLink()
	case tag == "pre" && w.pre > 0:
		w.pre--
	case tag == "blockquote" && w.quote > 0:
		w.quote--
	case (tag == "ul" || tag == "ol") && len(w.lists) > 0:
		w.lists = w.lists[:len(w.lists)-1]
	}
}

// flush writes the line breaks or the blank that are due, and the mark of a
// quotation at the beginning of a line.
func (w *writer) flush() {
	if w.lines > 0 && len(w.b) > 0 {
		for range w.lines {
			w.b = append(w.b, '\n')
		}
		w.bare = true
	}
	if w.space && !w.bare {
		w.b = append(w.b, ' ')
	}
	w.lines, w.space = 0, false
	if w.bare {
		for range w.quote {
			w.b = append(w.b, "> "...)
		}
		w.bare = false
	}
}

func (w *writer) text(s string) {
	if w.skip != "" || s == "" {
		return
	}
	if w.pre > 0 {
		w.verbatim(s)
		return
	}
	for s != "" {
		at := strings.IndexAny(s, " \t\r\n\f")
		if at != 0 {
			word := s
			if at > 0 {
				word = s[:at]
			}
			w.flush()
			w.b = append(w.b, word...)
			s = s[len(word):]
			continue
		}
		w.space = true
		s = strings.TrimLeft(s, " \t\r\n\f")
	}
}

func (w *writer) verbatim(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			w.lines = min(w.lines+1, 3)
		}
		if line = strings.TrimRight(line, "\r"); line != "" {
			w.flush()
			w.b = append(w.b, line...)
		}
	}
}

func (w *writer) startLink(href string) {
	w.endLink()
	w.href, w.from, w.link = href, len(w.b), true
}

// endLink makes the address behind a link visible, unless its text is a
// mention or a hashtag.
func (w *writer) endLink() {
	if !w.link {
		return
	}
	w.link = false
	label := bytes.TrimSpace(w.b[w.from:])
	if !strings.HasPrefix(w.href, "https://") && !strings.HasPrefix(w.href, "http://") ||
		len(label) > 0 && (label[0] == '@' || label[0] == '#' || label[0] == ':') {
		return
	}
	at := w.from + bytes.Index(w.b[w.from:], label)
	switch {
	case len(label) == 0:
		w.flush()
		w.b = append(w.b, w.href...)
	case shortened(string(label), w.href):
		w.b = append(w.b[:at], w.href...)
	default:
		w.b = append(append(append(w.b, " ("...), w.href...), ')')
	}
}

// shortened says whether a link's text is its own address, or the beginning
// of it.
func shortened(label, href string) bool {
	strip := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
	}
	begin, cut := strings.CutSuffix(strip(label), "…")
	if !cut {
		begin, cut = strings.CutSuffix(begin, "...")
	}
	if cut {
		return begin != "" && strings.HasPrefix(strip(href), begin)
	}
	return strings.EqualFold(begin, strip(href))
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(t html.Token, class string) bool {
	for _, c := range strings.Fields(attr(t, "class")) {
		if c == class {
			return true
		}
	}
	return false
}
