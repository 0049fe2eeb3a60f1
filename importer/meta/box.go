package meta

import (
	"strings"
	"unicode"
)

// Elements returns the children of n that are elements.
func (n *Node) Elements() []*Node {
	var all []*Node
	for _, k := range n.Kids {
		if k.Tag != "" && k.Tag != "br" {
			all = append(all, k)
		}
	}
	return all
}

// direct is the text that lies in n itself.
func (n *Node) direct() string {
	var b strings.Builder
	for _, k := range n.Kids {
		if k.Tag == "" {
			b.WriteString(k.Text)
		}
	}
	return b.String()
}

// inline are elements that lie in a line of text.
var inline = map[string]bool{"": true, "br": true, "a": true, "span": true, "b": true, "i": true, "em": true, "strong": true,
	"u": true, "wbr": true, "code": true, "small": true, "time": true, "abbr": true}

// Inline says whether n holds text and nothing else.
func (n *Node) Inline() bool {
	for _, k := range n.Kids {
		if !inline[k.Tag] || !k.Inline() {
			return false
		}
	}
	return true
}

// Content returns the text of n as it is seen. Line ends in the page count,
// as Instagram writes captions; one that follows a break belongs to it, as
// Facebook writes them.
func (n *Node) Content() string {
	var c content
	c.walk(n)
	lines := strings.Split(c.b.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

type content struct {
	b     strings.Builder
	broke bool // just after a break
	block bool // a block ended: the next text begins a line
}

func (c *content) walk(n *Node) {
	switch {
	case n.Tag == "":
		c.text(n.Text)
		return
	case n.Tag == "br":
		c.b.WriteByte('\n')
		c.broke, c.block = true, false
		return
	case n.Tag == "video" || n.Tag == "audio":
		return // what it says is for browsers that cannot play it
	}
	block := !inline[n.Tag] && n.Tag != "img"
	c.block = c.block || block
	for _, k := range n.Kids {
		c.walk(k)
	}
	c.block = c.block || block
}

func (c *content) text(s string) {
	if c.broke {
		s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "\r"), "\n"), " ")
	}
	if c.block && strings.TrimSpace(s) == "" || s == "" {
		return
	}
	if c.block && c.b.Len() > 0 && !c.broke {
		c.b.WriteByte('\n')
	}
	c.b.WriteString(s)
	c.broke, c.block = false, false
}

// Walk calls fn with n and everything below it, in order, as long as fn
// returns true; where it returns false, what lies inside is left out.
func (n *Node) Walk(fn func(*Node) bool) {
	if !fn(n) {
		return
	}
	for _, k := range n.Kids {
		k.Walk(fn)
	}
}

// Href returns the first address of a link in n.
func (n *Node) Href() string {
	found := ""
	n.Walk(func(k *Node) bool {
		if k.Tag == "a" && found == "" {
			found = k.Attr["href"]
		}
		return found == ""
	})
	return found
}

func (n *Node) datedAtEnd() bool {
	kids := n.Elements()
	return len(kids) > 0 && kids[len(kids)-1].shortDate()
}

// shortDate says whether the text of n is a date. A long text is not read.
func (n *Node) shortDate() bool {
	size := 0
	n.Walk(func(k *Node) bool {
		size += len(k.Text)
		return size <= 200
	})
	return size > 0 && size <= 200 && LooksDate(n.Content())
}

// A Box is a record of a page: a heading, what lies between, and the date.
type Box struct {
	Heading  string
	Headed   bool
	Body     []*Node
	Date     Date
	DateText string // as the page has it; set also where Date cannot be read
	URL      string // of the link on the date
}

// Split tells the parts of a record apart, by their places: the date is the
// last thing in it, the heading an element of its own before anything else
// that holds only text.
func Split(n *Node) Box {
	var b Box
	kids := n.Elements()
	if len(kids) == 0 {
		b.Body = []*Node{n}
		return b
	}
	if last := kids[len(kids)-1]; last.shortDate() {
		b.DateText = last.Content()
		b.Date, _ = ParseDate(b.DateText)
		b.URL = last.Href()
		kids = kids[:len(kids)-1]
	}
	if len(kids) > 0 && (heading(kids[0]) || kids[0].Inline() && len(kids[0].Kids) > 0 && !inline[kids[0].Tag]) {
		b.Heading, b.Headed = kids[0].Content(), true
		kids = kids[1:]
	}
	b.Body = kids
	return b
}

func heading(n *Node) bool {
	return len(n.Tag) == 2 && n.Tag[0] == 'h' && n.Tag[1] >= '1' && n.Tag[1] <= '6' || n.Tag == "header"
}

// Rows returns the labelled values of the tables in nodes: two cells, or one
// cell with the label before the value.
func Rows(nodes ...*Node) []Label {
	var all []Label
	for _, n := range nodes {
		n.Walk(func(k *Node) bool {
			if k.Tag != "tr" {
				return true
			}
			if l, ok := row(k); ok {
				all = append(all, l)
			}
			return false
		})
	}
	return all
}

func row(tr *Node) (l Label, ok bool) {
	var cells []*Node
	for _, k := range tr.Elements() {
		if k.Tag == "td" || k.Tag == "th" {
			cells = append(cells, k)
		}
	}
	switch {
	case len(cells) >= 2:
		l.Name, l.Value, l.Href = cells[0].Content(), cells[1].Content(), cells[1].Href()
	case len(cells) == 1:
		value := line()
		label := true
		for _, k := range cells[0].Kids {
			if label = label && inline[k.Tag] && k.Tag != "a"; label {
				l.Name += line(k).Content()
				continue
			}
			value.Kids = append(value.Kids, k)
		}
		l.Value, l.Href = value.Content(), value.Href()
	default:
		return l, false
	}
	l.Date, _ = ParseDate(l.Value)
	return l, true
}

// line holds pieces of a text that have no element of their own.
func line(kids ...*Node) *Node { return &Node{Tag: "span", Kids: kids} }

// A Leaf is an element with text and nothing else.
type Leaf struct {
	Text  string
	Href  string
	Table bool // in a table
	Depth int  // below the node that was asked
	Node  *Node
}

// Leaves returns the texts in nodes, in order. An element that holds both
// text and blocks gives its own text first.
func Leaves(nodes ...*Node) []Leaf {
	var all []Leaf
	for _, n := range nodes {
		leaves(n, 0, false, &all)
	}
	return all
}

func leaves(n *Node, depth int, table bool, all *[]Leaf) {
	if n.Tag == "" || n.Tag == "video" || n.Tag == "audio" {
		return
	}
	table = table || n.Tag == "table"
	if n.Inline() {
		if text := n.Content(); text != "" {
			*all = append(*all, Leaf{Text: text, Href: n.Href(), Table: table, Depth: depth, Node: n})
		}
		return
	}
	own := line()
	flush := func() {
		if text := own.Content(); text != "" {
			*all = append(*all, Leaf{Text: text, Href: own.Href(), Table: table, Depth: depth, Node: own})
		}
		own = line()
	}
	for _, k := range n.Kids {
		if inline[k.Tag] && k.Inline() {
			own.Kids = append(own.Kids, k)
			continue
		}
		flush()
		leaves(k, depth+1, table, all)
	}
	flush()
}

// PageMedia returns the pictures, videos and sounds in nodes that are files of
// the export, each with the caption that stands behind it.
func PageMedia(nodes ...*Node) []Media {
	var all []Media
	for _, n := range nodes {
		pageMedia(n, &all)
	}
	return all
}

func pageMedia(n *Node, all *[]Media) {
	switch n.Tag {
	case "table":
		return
	case "img", "video", "audio":
		if uri := mediaSource(n); uri != "" {
			*all = append(*all, Media{URI: uri})
		}
		return
	}
	if text := caption(n); text != "" {
		if len(*all) > 0 && (*all)[len(*all)-1].Description == "" {
			(*all)[len(*all)-1].Description = text
		}
		return
	}
	for _, k := range n.Kids {
		pageMedia(k, all)
	}
}

// caption returns the text of a block that holds only that and is no label.
func caption(n *Node) string {
	if n.Tag == "" || inline[n.Tag] || !n.Inline() || len(n.Kids) == 0 || Labelled(n) {
		return ""
	}
	return n.Content()
}

// Labelled says whether n begins with a label of its own, as in
// "<span>Group: </span>".
func Labelled(n *Node) bool {
	for _, k := range n.Kids {
		if k.Tag == "" && strings.TrimSpace(k.Text) == "" {
			continue
		}
		text := strings.TrimRightFunc(k.Content(), unicode.IsSpace)
		return k.Tag == "span" && (strings.HasSuffix(text, ":") || strings.HasSuffix(text, "："))
	}
	return false
}

func mediaSource(n *Node) string {
	if uri := n.Attr["src"]; uri != "" {
		if IsURL(uri) || strings.HasPrefix(uri, "//") || strings.Contains(uri, "icons/") || strings.HasPrefix(uri, "files/") {
			return ""
		}
		return uri
	}
	for _, k := range n.Elements() {
		if k.Tag == "source" && k.Attr["src"] != "" && !IsURL(k.Attr["src"]) {
			return k.Attr["src"]
		}
	}
	return ""
}
