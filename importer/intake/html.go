package intake

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// ErrPageCut says that a page of HTML has no end.
var ErrPageCut = errors.New("the page ends in the middle")

const (
	tokenMax  = 8 << 20
	recordMax = 4 << 20
	pageDepth = 256
)

// A Node is an element, or with an empty Tag a piece of text.
type Node struct {
	Tag  string
	Text string
	Attr map[string]string
	Kids []*Node
}

// Class says whether the element has all of these classes.
func (n *Node) Class(names ...string) bool {
	have := strings.Fields(n.Attr["class"])
	for _, name := range names {
		found := false
		for _, h := range have {
			found = found || h == name
		}
		if !found {
			return false
		}
	}
	return true
}

// Find returns the first element below n, in the order of the page, for
// which is says yes; it does not look into elements for which skip does.
func (n *Node) Find(is func(*Node) bool, skip func(*Node) bool) *Node {
	for _, k := range n.Kids {
		if k.Tag == "" || skip != nil && skip(k) {
			continue
		}
		if is(k) {
			return k
		}
		if f := k.Find(is, skip); f != nil {
			return f
		}
	}
	return nil
}

// All calls fn with every element below n, in the order of the page.
func (n *Node) All(fn func(*Node)) {
	for _, k := range n.Kids {
		if k.Tag != "" {
			fn(k)
			k.All(fn)
		}
	}
}

// String is the text in n as a reader sees it: line breaks where the page
// has them.
func (n *Node) String() string {
	var b strings.Builder
	n.write(&b)
	lines := strings.Split(b.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.ToValidUTF8(strings.TrimSpace(strings.Join(lines, "\n")), "\uFFFD")
}

func (n *Node) write(b *strings.Builder) {
	switch n.Tag {
	case "":
		b.WriteString(flat(n.Text))
	case "br":
		b.WriteByte('\n')
	}
	for i, k := range n.Kids {
		if i > 0 && (k.Tag == "p" || k.Tag == "div" || k.Tag == "blockquote" || k.Tag == "pre") {
			b.WriteByte('\n')
		}
		if n.Tag == "pre" && k.Tag == "" {
			b.WriteString(k.Text)
			continue
		}
		k.write(b)
	}
}

// flat replaces every run of white space, as a browser does.
func flat(s string) string {
	if !strings.ContainsAny(s, "\n\r\t") && !strings.Contains(s, "  ") {
		return s
	}
	out := strings.Join(strings.Fields(s), " ")
	if out == "" {
		return " "
	}
	if strings.IndexByte(" \n\r\t", s[0]) >= 0 {
		out = " " + out
	}
	if strings.IndexByte(" \n\r\t", s[len(s)-1]) >= 0 {
		out += " "
	}
	return out
}

var void = map[string]bool{"br": true, "img": true, "hr": true, "input": true, "meta": true, "link": true, "base": true,
	"source": true, "area": true, "col": true, "embed": true, "track": true, "wbr": true}

// Page reads a page and hands every element that pick wants to fn, with all
// that is in it; record counts them from 1. An element inside a picked one is
// part of it. A record that is too large is skipped.
func (r *Run) Page(member string, pick func(n *Node) bool, fn func(record int, n *Node) error) error {
	text, c, err := r.open(member)
	if err != nil {
		return unlessGone(err)
	}
	defer c.Close()
	p := &page{z: html.NewTokenizer(text), pick: pick, open: map[string]int{}}
	p.z.SetMaxBuf(tokenMax)
	p.fn = func(n *Node, large bool) error {
		if err := r.Ctx.Err(); err != nil {
			return err
		}
		if large {
			return r.Skip(member, p.records, "is too large")
		}
		return fn(p.records, n)
	}
	err = p.run(r)
	if ctx := r.Ctx.Err(); ctx != nil {
		return ctx
	}
	if errors.Is(err, ErrPageCut) {
		return r.Skip(member, p.records+1, Reason(err))
	}
	return err
}

type page struct {
	z       *html.Tokenizer
	pick    func(*Node) bool
	fn      func(*Node, bool) error
	open    map[string]int // elements that are open, by tag
	begun   bool           // the page has a html or body element
	stack   []*Node        // the picked element and those open in it
	deep    int
	size    int
	large   bool
	hidden  string
	records int
	tags    int
	tokens  int // of any kind
	token   func(Token) error
}

func (p *page) run(r *Run) error {
	for n := 0; ; n++ {
		if n%4096 == 0 && r.Ctx.Err() != nil {
			return r.Ctx.Err()
		}
		kind := p.z.Next()
		var err error
		if kind != html.ErrorToken {
			p.tokens++
		}
		switch kind {
		case html.ErrorToken:
			p.tokens += len(strings.TrimSpace(string(p.z.Raw())))
			return p.end(p.z.Err())
		case html.TextToken:
			err = p.text(string(p.z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			err = p.start()
		case html.EndTagToken:
			name, _ := p.z.TagName()
			err = p.close(string(name))
		}
		if err != nil {
			return err
		}
	}
}

// end judges the end of the page. One without a body may lack anything but
// its last divs.
func (p *page) end(err error) error {
	whole := p.open["html"] <= 0 && p.open["body"] <= 0
	if !p.begun {
		whole = p.open["div"] <= 0 && (p.tags > 0 || p.tokens == 0)
	}
	if !errors.Is(err, io.EOF) || !whole || len(p.stack) > 0 {
		return ErrPageCut
	}
	return nil
}

func (p *page) add(n *Node) {
	p.size += len(n.Text) + 128
	if p.size > recordMax {
		p.large = true
		return
	}
	top := p.stack[len(p.stack)-1]
	top.Kids = append(top.Kids, n)
}

func (p *page) text(s string) error {
	switch {
	case p.hidden != "":
	case p.token != nil:
		return p.token(Token{Text: strings.ToValidUTF8(s, "\uFFFD")})
	case len(p.stack) > 0:
		p.add(&Node{Text: s})
	}
	return nil
}

func (p *page) start() error {
	p.tags++
	raw, more := p.z.TagName()
	n := &Node{Tag: string(raw), Attr: map[string]string{}}
	for more {
		var k, v []byte
		k, v, more = p.z.TagAttr()
		if len(n.Attr) < 16 && len(v) < 64<<10 {
			n.Attr[string(k)] = strings.ToValidUTF8(string(v), "\uFFFD")
		}
	}
	if n.Tag == "script" || n.Tag == "style" || n.Tag == "title" {
		p.hidden = n.Tag
	}
	if n.Tag == "html" || n.Tag == "body" {
		p.begun = true
	}
	if p.token != nil && p.hidden == "" {
		if err := p.token(Token{Tag: n.Tag, Attr: n.Attr}); err != nil {
			return err
		}
	}
	if len(p.stack) == 0 {
		if !void[n.Tag] {
			p.open[n.Tag]++
		}
		if p.hidden == "" && !void[n.Tag] && p.pick(n) {
			p.records++
			p.stack, p.size, p.large, p.deep = append(p.stack, n), 0, false, 0
		}
		return nil
	}
	if len(p.stack) >= pageDepth {
		if !void[n.Tag] {
			p.deep++
		}
		return nil
	}
	p.add(n)
	if !void[n.Tag] {
		p.stack = append(p.stack, n)
	}
	return nil
}

func (p *page) close(tag string) error {
	if tag == p.hidden {
		p.hidden = ""
	}
	if len(p.stack) == 0 {
		p.open[tag]--
		if p.token != nil {
			return p.token(Token{Tag: tag, End: true})
		}
		return nil
	}
	if p.deep > 0 {
		p.deep--
		return nil
	}
	if tag == "body" || tag == "html" { // the record was never closed
		p.open[tag]--
		return p.flush(1)
	}
	for i := len(p.stack) - 1; i >= 0; i-- {
		if p.stack[i].Tag == tag {
			if i == 0 {
				return p.flush(0)
			}
			p.stack = p.stack[:i]
			return nil
		}
	}
	return nil
}

// flush hands over the record. unclosed elements stay counted as open.
func (p *page) flush(unclosed int) error {
	n := p.stack[0]
	p.stack = p.stack[:0]
	if unclosed == 0 {
		p.open[n.Tag]--
	}
	return p.fn(n, p.large)
}

// A Token is a tag or a text of a page.
type Token struct {
	Tag  string // empty for text
	End  bool   // an end tag
	Text string
	Attr map[string]string
}

// Tokens reads a page whose records are no elements of their own, tag by
// tag. Text inside scripts and styles is left out.
func (r *Run) Tokens(member string, fn func(t Token) error) error {
	text, c, err := r.open(member)
	if err != nil {
		return unlessGone(err)
	}
	defer c.Close()
	p := &page{z: html.NewTokenizer(text), open: map[string]int{}, token: fn, pick: func(*Node) bool { return false }}
	p.z.SetMaxBuf(tokenMax)
	err = p.run(r)
	if ctx := r.Ctx.Err(); ctx != nil {
		return ctx
	}
	if errors.Is(err, ErrPageCut) {
		return r.Skip(member, 0, Reason(err))
	}
	return err
}
