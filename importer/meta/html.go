package meta

import (
	"errors"
	"io"
	"strings"

	"lookback/importer/jsonstream"

	"golang.org/x/net/html"
)

// Bounds of a page.
const (
	maxToken = 24 << 20 // pictures can stand in a page as text
	maxBox   = 8 << 20  // text and nodes of one record, roughly in bytes
	maxDepth = 400      // elements nested deeper lie flat
	maxFrame = 32 << 10 // text outside the records that is kept
	nodeCost = 128
)

// Errors of a page.
var (
	errNoMain    = errors.New("no element says that it is the main one")
	ErrPageCut   = errors.New("the page ends in the middle")
	ErrPageLarge = errors.New("is too large")
)

// A Node is an element, or with an empty Tag a piece of text.
type Node struct {
	Tag  string
	Text string
	Attr map[string]string // of those that mean something; never a data: URI
	Kids []*Node
}

// A Frame is what a page says around its records.
type Frame struct {
	Title string
	Lang  string
	Head  []string // texts outside the records, one for each element
	Count int      // containers until now: a page may have several
}

// kept are the attributes that a Node has.
var kept = map[string]bool{"href": true, "src": true, "role": true, "class": true, "alt": true, "colspan": true, "id": true}

var void = map[string]bool{"br": true, "img": true, "hr": true, "input": true, "meta": true, "link": true, "base": true,
	"source": true, "area": true, "col": true, "embed": true, "track": true, "wbr": true}

// closes lists what an opening tag ends, as sloppy pages leave it out.
var closes = map[string]string{"p": "p", "li": "li", "tr": "tr|td|th", "td": "td|th", "th": "td|th", "option": "option"}

// Options say where the records of a page lie.
type Options struct {
	// Container says whether an element holds the records, by its tag and
	// attributes. Without it that is the element whose role is main, which
	// every generation since 2018 has, or where there is none the body.
	Container func(n *Node) bool
	// Loose also hands over text that lies in the container itself, as boxes
	// without a tag.
	Loose bool
	// Flat leaves what lies in the container as it is. Else an element that
	// only holds records is taken apart.
	Flat bool
}

// Page reads a page of an export and hands each record to fn: the children of
// the container. A record that is too large comes as a nil box. The frame
// holds by then what stands before the record. What is wrong with the page is
// told to the sink, so that only the sink's own errors and the context's come
// back.
func (r *Reader) Page(f File, o Options, fn func(record int, box *Node, frame *Frame) error) error {
	if o.Container == nil {
		o.Container = isMain
		n, err := r.page(f, o, maxBox, fn)
		if !errors.Is(err, errNoMain) {
			return r.pageEnded(f, n, err)
		}
		o.Container = isBody
	}
	n, err := r.page(f, o, 4*maxBox, fn)
	return r.pageEnded(f, n, err)
}

func isMain(n *Node) bool { return n.Attr["role"] == "main" || n.Tag == "main" }
func isBody(n *Node) bool { return n.Tag == "body" }

func (r *Reader) pageEnded(f File, records int, err error) error {
	switch {
	case r.Ctx.Err() != nil:
		return r.Ctx.Err()
	case errors.Is(err, ErrPageCut):
		return r.Skip(f, records+1, ErrPageCut.Error())
	case errors.Is(err, ErrPageLarge):
		return r.Skip(f, records+1, ErrPageLarge.Error())
	case errors.Is(err, errNoMain), errors.Is(err, errUnreadable):
		return r.Skip(f, records+1, errUnreadable.Error())
	}
	return err
}

var errUnreadable = errors.New("cannot be read")

func (r *Reader) page(f File, o Options, limit int, fn func(int, *Node, *Frame) error) (records int, err error) {
	if err := r.Ctx.Err(); err != nil {
		return 0, err
	}
	file, err := r.FS.Open(f.Path)
	if err != nil {
		return 0, errUnreadable
	}
	defer file.Close()
	text, _, err := jsonstream.NewUTF8Reader(file)
	if err != nil {
		return 0, errUnreadable
	}
	p := &pageReader{z: html.NewTokenizer(text), is: o.Container, limit: limit, loose: o.Loose}
	p.z.SetMaxBuf(maxToken)
	p.fn = func(box *Node) error {
		for _, one := range unfold(box, o.Flat) {
			records++
			if err := r.Ctx.Err(); err != nil {
				return err
			}
			if one == nil {
				if err := r.Skip(f, records, ErrPageLarge.Error()); err != nil {
					return err
				}
				continue
			}
			if err := fn(records, one, &p.frame); err != nil {
				return err
			}
		}
		return nil
	}
	return records, p.run()
}

// unfold returns the records in a box: itself, or those that it merely holds.
func unfold(box *Node, flat bool) []*Node {
	if box == nil || flat {
		return []*Node{box}
	}
	kids := box.Elements()
	dated := 0
	for _, k := range kids {
		if len(k.Elements()) > 1 && k.datedAtEnd() {
			dated++
		}
	}
	switch {
	case len(kids) == 1 && strings.TrimSpace(box.direct()) == "":
		if inner := unfold(kids[0], false); dated == 1 || len(inner) > 1 {
			return inner
		}
	case len(kids) > 1 && dated == len(kids):
		return kids
	}
	return []*Node{box}
}

// A pageReader follows the tags. open[0] is the record that it is in.
type pageReader struct {
	z      *html.Tokenizer
	is     func(*Node) bool
	limit  int
	loose  bool
	fn     func(*Node) error
	frame  Frame
	seen   int // bytes of the frame's text
	hidden string
	title  bool
	open   []*Node
	main   string // tag of the container; empty outside
	flat   int    // elements beyond maxDepth
	size   int    // of the record
	large  bool
	ended  bool
	found  bool
}

func (p *pageReader) run() error {
	for {
		kind := p.z.Next()
		var err error
		switch kind {
		case html.ErrorToken:
			return p.end(p.z.Err())
		case html.TextToken:
			err = p.text(string(p.z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			err = p.start(kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := p.z.TagName()
			err = p.close(string(name))
		}
		if err != nil {
			return err
		}
	}
}

func (p *pageReader) end(err error) error {
	switch {
	case errors.Is(err, html.ErrBufferExceeded):
		return ErrPageLarge
	case !errors.Is(err, io.EOF):
		return ErrPageCut // the archive ends, or its bytes are damaged
	case p.main != "" || !p.ended:
		return ErrPageCut
	case !p.found:
		return errNoMain
	}
	return nil
}

func (p *pageReader) text(s string) error {
	switch {
	case p.hidden != "":
	case p.title:
		p.frame.Title += s
	case p.main == "":
		if s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD")); s != "" && p.seen < maxFrame {
			p.seen += len(s)
			p.frame.Head = append(p.frame.Head, s)
		}
	case len(p.open) > 0:
		p.add(&Node{Text: strings.ToValidUTF8(s, "\uFFFD")}, len(s))
	case p.loose && strings.TrimSpace(s) != "":
		return p.fn(&Node{Text: strings.ToValidUTF8(s, "\uFFFD")})
	}
	return nil
}

// add puts n into the innermost open element, as long as there is room.
func (p *pageReader) add(n *Node, cost int) {
	if p.size += cost + nodeCost; p.size > p.limit {
		p.large = true
		return
	}
	top := p.open[len(p.open)-1]
	top.Kids = append(top.Kids, n)
}

func (p *pageReader) start(selfClosing bool) error {
	raw, more := p.z.TagName()
	n := &Node{Tag: string(raw)}
	for more {
		var key, val []byte
		key, val, more = p.z.TagAttr()
		if k := string(key); kept[k] && len(val) < 8<<10 && !isData(val) {
			if n.Attr == nil {
				n.Attr = map[string]string{}
			}
			n.Attr[k] = strings.ToValidUTF8(string(val), "\uFFFD")
		} else if k == "lang" && n.Tag == "html" {
			p.frame.Lang = string(val)
		}
	}
	switch n.Tag {
	case "script", "style":
		if !selfClosing {
			p.hidden = n.Tag
		}
		return nil
	case "title":
		p.title = p.main == ""
		return nil
	}
	if p.main == "" {
		if p.is(n) {
			p.main, p.found = n.Tag, true
			p.frame.Count++
		}
		return nil
	}
	return p.element(n, selfClosing)
}

func isData(val []byte) bool { return len(val) > 5 && strings.EqualFold(string(val[:5]), "data:") }

// element opens an element inside the container.
func (p *pageReader) element(n *Node, selfClosing bool) error {
	if list := closes[n.Tag]; list != "" {
		if err := p.closeImplied(n.Tag, list); err != nil {
			return err
		}
	}
	leaf := void[n.Tag] || selfClosing && n.Tag != "div" && n.Tag != "span" && n.Tag != "p"
	if len(p.open) == 0 {
		p.size, p.large = 0, false
		p.open = append(p.open, n)
		if leaf {
			return p.pop(0)
		}
		return nil
	}
	if len(p.open) > maxDepth {
		if !leaf {
			p.flat++
		}
		return nil
	}
	p.add(n, 0)
	if !leaf {
		p.open = append(p.open, n)
	}
	return nil
}

// closeImplied ends an element that the next one cannot lie in: a paragraph
// in a paragraph, a cell in a cell of the same row.
func (p *pageReader) closeImplied(tag, list string) error {
	for i := len(p.open) - 1; i >= 0; i-- {
		t := p.open[i].Tag
		if t == "table" || t == "ul" || t == "ol" || tag == "p" && t != "p" {
			return nil
		}
		if t == tag || strings.Contains("|"+list+"|", "|"+t+"|") {
			if err := p.pop(i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *pageReader) close(tag string) error {
	switch {
	case p.hidden != "":
		if tag == p.hidden {
			p.hidden = ""
		}
		return nil
	case tag == "title":
		p.title = false
		return nil
	case tag == "html" || tag == "body":
		p.ended = true
		p.main = ""
		err := p.flush()
		p.flat = 0
		return err
	case p.main == "":
		return nil
	case p.flat > 0 && !void[tag]:
		p.flat--
		return nil
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].Tag == tag {
			return p.pop(i)
		}
	}
	if tag == p.main {
		p.main = ""
		return p.flush()
	}
	return nil
}

func (p *pageReader) flush() error {
	if len(p.open) == 0 {
		return nil
	}
	return p.pop(0)
}

// pop closes open[i] and all in it; closing the outermost hands it over.
func (p *pageReader) pop(i int) error {
	box := p.open[i]
	p.open = p.open[:i]
	if i > 0 {
		return nil
	}
	if p.large {
		return p.fn(nil)
	}
	return p.fn(box)
}
