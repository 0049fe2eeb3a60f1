package form

import (
	"strings"
	"time"

	"lookback/importer/meta"
	"lookback/store"
)

// A Box is a record of a page: a heading, what lies between, and the date,
// which is the last text that is not in a table.
type Box struct {
	Heading string
	Headed  bool // certainly: else its first text
	Body    []*meta.Node
	Leaves  []meta.Leaf // of the body without the date
	Date    meta.Date
	Dated   bool // there is something with the form of a date
}

// Split tells the parts of a box apart.
func Split(n *meta.Node) Box {
	var b Box
	kids := n.Elements()
	if len(kids) == 0 {
		kids = []*meta.Node{n}
	}
	if b.Headed = heading(kids[0]); b.Headed || len(kids) > 1 && plain(kids[0]) {
		b.Heading = kids[0].Content()
		kids = kids[1:]
	}
	b.Body = kids
	b.Leaves = meta.Leaves(kids...)
	if last := len(kids) - 1; last > 0 && kids[last].Inline() && meta.LooksDate(kids[last].Content()) {
		b.Body = kids[:last]
	}
	for i := len(b.Leaves) - 1; i >= 0; i-- {
		l := b.Leaves[i]
		if l.Table {
			continue
		}
		if meta.LooksDate(l.Text) {
			b.Date, _ = meta.ParseDate(l.Text)
			b.Dated = true
			b.Leaves = append(b.Leaves[:i:i], b.Leaves[i+1:]...)
		}
		break
	}
	return b
}

func heading(n *meta.Node) bool {
	return len(n.Tag) == 2 && n.Tag[0] == 'h' && n.Tag[1] >= '1' && n.Tag[1] <= '6' || strings.Contains(n.Attr["class"], "_a6-h")
}

// plain says whether n is a block with text and nothing else.
func plain(n *meta.Node) bool {
	return n.Tag != "span" && n.Tag != "a" && n.Inline() && n.Href() == "" && n.Content() != "" && !meta.LooksDate(n.Content())
}

// PostOf reads a box of a page of posts, stories and the like.
func PostOf(n *meta.Node, zone meta.Zone) *Record {
	b := Split(n)
	rec := &Record{Page: true}
	rec.Title = b.Heading
	rec.Media = meta.PageMedia(b.Body...)
	for i := range rec.Media {
		if text := &rec.Media[i].Description; meta.LooksDate(*text) || strings.HasSuffix(*text, ":") || strings.HasSuffix(*text, "：") {
			*text = "" // the page's own, such as "Click for video:"
		}
	}
	rows := meta.Rows(b.Body...)
	if rec.Title == "" {
		rec.Labels = rows
	}
	if rec.Title == "" && len(rec.Media) == 0 {
		// Threads has posts of words only. Beside media other texts are the
		// page's own.
		for _, l := range b.Leaves {
			if !l.Table && len(rec.Title) < len(l.Text) {
				rec.Title = l.Text
			}
		}
	}
	rec.dated(b, rows, zone)
	return rec
}

// dated sets the time: the box's own, else the first in its table.
func (rec *Record) dated(b Box, rows []meta.Label, zone meta.Zone) {
	rec.At(b.Date.In(zone))
	for i := range rows {
		if rec.When.IsZero() && !rows[i].Date.IsZero() && rows[i].Role() != meta.RoleUpdated {
			rec.At(rows[i].Date.In(zone))
		}
		b.Dated = b.Dated || meta.LooksDate(rows[i].Value)
	}
	rec.Undated = rec.When.IsZero() && b.Dated
}

// EntryOf reads a box of a page of comments, likes, answers and the like.
func EntryOf(n *meta.Node, zone meta.Zone) *Record {
	b := Split(n)
	rec := &Record{Page: true}
	rec.Title = b.Heading
	rec.Labels = meta.Rows(b.Body...)
	rec.dated(b, rec.Labels, zone)
	if last := len(rec.Labels) - 1; rec.Undated && last > 0 && meta.LooksDate(rec.Labels[last].Value) {
		rec.Labels = rec.Labels[:last] // a date in a language that is not known
	}
	if len(rec.Labels) > 0 {
		return rec
	}
	// What has no table has values, each before its date.
	var values []meta.Label
	for _, l := range meta.Leaves(b.Body...) {
		d, ok := meta.ParseDate(l.Text)
		if !ok && !(meta.LooksDate(l.Text) && l.Href == "") {
			values = append(values, meta.Label{Value: l.Text, Href: l.Href})
			continue
		}
		for i := range values {
			values[i].Date = d
		}
		rec.Labels = append(rec.Labels, values...)
		values = nil
	}
	rec.Labels = append(rec.Labels, values...)
	if len(rec.Labels) == 0 && !b.Headed {
		rec.Labels, rec.Title = []meta.Label{{Value: b.Heading, Date: b.Date}}, ""
	}
	return rec
}

// A Message is one of a conversation.
type Message struct {
	Sender, Text, Link string
	When               time.Time
	Precision          store.Precision
	Media              []meta.Media
	Dated              bool // else it is the box that lists who takes part
}

// MessageOf reads a box of a page of messages.
func MessageOf(n *meta.Node, zone meta.Zone) Message {
	b := Split(n)
	m := Message{Sender: b.Heading, Media: meta.PageMedia(b.Body...), Dated: b.Dated}
	m.When, m.Precision = b.Date.In(zone)
	for i := range m.Media {
		m.Media[i].Description = "" // what stands behind a picture is the page's own
	}
	if len(b.Body) > 0 {
		m.Text, m.Link = words(b.Body[0])
	}
	return m
}

// words picks the words out of a message's body: of the four blocks in it the
// second, the third being a share.
func words(n *meta.Node) (text, link string) {
	for kids := n.Elements(); len(kids) > 0 && len(kids) < 4 && !n.Inline(); kids = n.Elements() {
		n = kids[0]
	}
	if kids := n.Elements(); len(kids) >= 4 {
		return kids[1].Content(), kids[2].Href()
	}
	if n.Inline() && n.Href() == "" {
		return n.Content(), ""
	}
	for _, l := range meta.Leaves(n) {
		if !l.Table && l.Href == "" {
			return l.Text, n.Href()
		}
	}
	return "", n.Href()
}
