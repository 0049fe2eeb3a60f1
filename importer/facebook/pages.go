package facebook

import (
	"strings"

	"lookback/importer/meta"
	"lookback/importer/pattern"
)

// eachBox reads the records of a page in the form of those of JSON.
func (r *run) eachBox(f file, fn func(rec *record) error) error {
	return r.Page(f.meta(), meta.Options{}, func(_ int, node *meta.Node, _ *meta.Frame) error {
		return fn(r.pageRecord(f, node))
	})
}

func (r *run) readPage(f file, s section) error {
	return r.eachBox(f, func(rec *record) error { return s.emit(r, f, rec) })
}

// pageRecord brings a box into the form of a record.
func (r *run) pageRecord(f file, node *meta.Node) *record {
	b := meta.Split(node)
	rec := &record{}
	rec.Title = b.Heading
	rec.at(b.Date.In(r.zone))
	switch f.section {
	case secPost, secTrash, secArchive, secStory, secReel, secGroupPost, secPending, secAnonymous, secNote, secPoll:
		r.pageBlocks(rec, b)
	case secComment, secGroupComment:
		rec.isComment = true
		r.pageBlocks(rec, b)
		if n := len(rec.texts); n > 0 {
			rec.comment.text, rec.texts = rec.texts[n-1], nil
		}
	case secPhoto:
		rec.Media = meta.PageMedia(b.Body...)
	default:
		r.pageLabels(rec, b)
	}
	if rows := meta.Rows(b.Body...); len(rec.texts) == 0 && rec.comment.text == "" && meta.Find(rows, meta.RoleText) != nil {
		r.pageLabels(rec, b) // the generic records, as a table
		rec.isComment = false
	}
	return rec
}

// pageLabels takes tables, and else the texts, as labelled values.
func (r *run) pageLabels(rec *record, b meta.Box) {
	rec.Labels = meta.Rows(b.Body...)
	for i := range rec.Labels {
		l := &rec.Labels[i]
		if l.Date.IsZero() {
			continue
		}
		if rec.when.IsZero() {
			rec.at(l.Date.In(r.zone))
		}
		l.Value = ""
	}
	for _, l := range meta.Leaves(b.Body...) {
		switch d, ok := meta.ParseDate(l.Text); {
		case l.Table:
		case ok:
			if rec.when.IsZero() {
				rec.at(d.In(r.zone))
			}
		case rec.name == "" && b.Heading == "":
			rec.name = l.Text
		case rec.description == "" && l.Text != rec.name:
			rec.description = l.Text
		}
		if rec.url == "" && outside(l.Href) {
			rec.url = l.Href
		}
	}
	if rec.name == "" {
		rec.name = b.Heading
	}
	if rec.url == "" {
		rec.url = meta.Address(rec.Labels)
	}
}

// outside says whether a link leads out of the export, and not only back to
// the item for its owner.
func outside(href string) bool {
	return meta.IsURL(href) && !strings.Contains(href, "facebook.com/dyi/")
}

// pageBlocks takes the blocks of a body: each is a group of attachments, what
// the owner wrote, or when it was changed.
func (r *run) pageBlocks(rec *record, b meta.Box) {
	for _, body := range b.Body {
		r.blocks(rec, blocksOf(body, b.DateText), b.DateText)
	}
}

// blocksOf returns the blocks of a body, which lie in one element in it. That
// there is a further element is possible; then the block that tells of the
// last change shows where they are.
func blocksOf(body *meta.Node, date string) []*meta.Node {
	if body.Inline() {
		return []*meta.Node{body}
	}
	blocks := full(body)
	if len(blocks) == 1 && !blocks[0].Inline() && blocks[0].Tag != "table" {
		blocks = full(blocks[0])
	}
	for inner := blocks; len(inner) == 1 && !inner[0].Inline(); {
		inner = full(inner[0])
		for _, n := range inner {
			if text, ok := blockText(n); ok && changed(text, date) && len(inner) > 1 {
				return inner
			}
		}
	}
	return blocks
}

func (r *run) blocks(rec *record, blocks []*meta.Node, date string) {
	for _, n := range blocks {
		if group, ok := labelledGroup(n); ok {
			rec.group = group
			continue
		}
		text, ok := blockText(n)
		switch {
		case !ok:
			r.attachments(rec, n)
		case changed(text, date) || chrome.MatchString(text):
		default:
			rec.texts = add(rec.texts, text)
		}
	}
}

// full returns the elements in n that are not empty.
func full(n *meta.Node) []*meta.Node {
	var all []*meta.Node
	for _, k := range n.Elements() {
		holds := false
		k.Walk(func(in *meta.Node) bool {
			holds = holds || in.Tag == "" && strings.TrimSpace(in.Text) != "" || in.Attr["src"] != ""
			return !holds
		})
		if holds {
			all = append(all, k)
		}
	}
	return all
}

// blockText returns the text of a block that holds only that: directly, or in
// one element.
func blockText(n *meta.Node) (string, bool) {
	if !n.Inline() {
		kids := full(n)
		if len(kids) != 1 || !kids[0].Inline() || kids[0].Tag == "a" {
			return "", false
		}
		n = kids[0]
	}
	if meta.Labelled(n) {
		return "", false
	}
	return n.Content(), true
}

// changed says whether a block tells when the record was last changed: a word
// or some in any language, and a date at the end, mostly the record's own.
func changed(text, date string) bool {
	if date != "" && strings.HasSuffix(text, date) && len(text)-len(date) < 60 {
		return true
	}
	words := strings.Fields(text)
	for i := 1; i <= 3 && i < len(words); i++ {
		if d, ok := meta.ParseDate(strings.Join(words[i:], " ")); ok && d.Seconds {
			return true
		}
	}
	return false
}

// chrome are lines that Facebook puts around places.
var chrome = pattern.New(`^(?:Place|Address|Ort|Adresse|Lieu|Lugar|Dirección|Luogo|Indirizzo|Plaats|Adres|Sted|Local|Endereço|Miejsce|Yer|Địa điểm|Địa chỉ|Tempat|Alamat): [^\n]*$`)

// labelledGroup finds "<span>Group: </span>Hill Walkers".
func labelledGroup(n *meta.Node) (string, bool) {
	group, found := "", false
	n.Walk(func(k *meta.Node) bool {
		if found || k.Tag == "" || !k.Inline() || !meta.Labelled(k) {
			return !found
		}
		label, value, ok := strings.Cut(strings.ReplaceAll(k.Content(), "：", ":"), ":")
		l := meta.Label{Name: label}
		if role := l.Role(); ok && (role == meta.RoleGroup || role == meta.RoleUnknown && len(full(n)) <= 1) {
			group, found = strings.TrimSpace(value), true
		}
		return false
	})
	return group, found && group != ""
}

// longText is the length from which a text in an attachment is a note of the
// owner's, and not the name of a place.
const longText = 200

// attachments takes media, links and long texts.
func (r *run) attachments(rec *record, n *meta.Node) {
	media := meta.PageMedia(n)
	rec.Media = append(rec.Media, media...)
	for _, l := range meta.Leaves(n) {
		if l.Table {
			continue
		}
		if outside(l.Href) {
			rec.links = append(rec.links, link{url: l.Href})
			continue
		}
		if len(media) == 0 && len(l.Text) >= longText {
			rec.extra = add(rec.extra, l.Text)
		}
	}
}
