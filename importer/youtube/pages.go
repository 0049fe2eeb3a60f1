package youtube

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"lookback/importer"
	"lookback/importer/identity"
	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
	"lookback/store"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isPage reports whether a page is a list of comments: items with a link to a
// video and a line break before the text.
func isPage(fsys fs.FS, m importer.Member) bool {
	head, err := importer.Head(fsys, m.Path, 32<<10)
	return err == nil && bytes.Contains(bytes.ToLower(head), []byte("<li>")) &&
		(bytes.Contains(head, []byte("youtube.com/")) || bytes.Contains(head, []byte("youtu.be/")))
}

// maxItem bounds the text of one item.
const maxItem = 1 << 20

// An item is one comment of a page: a sentence with the time and links to
// what was commented on, a line break, and the text.
type item struct {
	sentence, text strings.Builder
	links          []string
	broken         bool // the line break has come
}

func (i *item) add(text string) {
	b := &i.sentence
	if i.broken {
		b = &i.text
	}
	if b.Len() < maxItem {
		b.WriteString(strings.ToValidUTF8(text, "\uFFFD"))
	}
}

func (r *run) readPages() error {
	for _, m := range r.takeout.pages {
		if err := r.page(m); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) page(m importer.Member) error {
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return importer.Lost(r.Out, m.Path, err)
	}
	defer f.Close()
	r.keys.File()
	live := strings.Contains(importer.Fold(m.Name), "live")
	number := 0
	whole, err := items(f, func(one *item) error {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		number++
		return r.item(m.Path, number, live, one)
	})
	var stop *sinkError
	switch {
	case errors.As(err, &stop):
		return stop.err
	case err != nil:
		return importer.Lost(r.Out, m.Path, err)
	case !whole:
		return r.Out.Skip(store.Skip{Member: m.Path, Reason: "the page ends in the middle"})
	}
	return nil
}

// sinkError tells fn's errors from those of the page.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return e.err.Error() }

// An itemReader goes through a page token by token.
type itemReader struct {
	z    *html.Tokenizer
	fn   func(*item) error
	one  *item
	open int  // lists and pages around this place
	seen bool // a list or a page has begun
}

// items hands every item of a page to fn. whole is false where the page has
// no proper end.
func items(r io.Reader, fn func(*item) error) (whole bool, err error) {
	text, _, err := jsonstream.NewUTF8Reader(r)
	if err != nil {
		return false, err
	}
	i := &itemReader{z: html.NewTokenizer(text), fn: fn}
	i.z.SetMaxBuf(4 * maxItem)
	for {
		switch i.z.Next() {
		case html.ErrorToken:
			if err := i.z.Err(); !errors.Is(err, io.EOF) && !errors.Is(err, html.ErrBufferExceeded) {
				return false, err
			}
			return i.one == nil && i.open == 0 && i.seen && errors.Is(i.z.Err(), io.EOF), nil
		case html.TextToken:
			if i.one != nil {
				i.one.add(string(i.z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			err = i.start()
		case html.EndTagToken:
			err = i.end()
		}
		if err != nil {
			return false, err
		}
	}
}

func (i *itemReader) start() error {
	name, more := i.z.TagName()
	switch tag := atom.Lookup(name); {
	case tag == atom.Html || tag == atom.Ul || tag == atom.Ol:
		i.open, i.seen = i.open+1, true
	case tag == atom.Li:
		i.seen = true
		err := i.done()
		i.one = &item{}
		return err
	case i.one == nil:
	case tag == atom.Br && i.one.broken:
		i.one.add("\n")
	case tag == atom.Br:
		i.one.broken = true
	case tag == atom.A && !i.one.broken && len(i.one.links) < 10:
		i.one.links = append(i.one.links, attribute(i.z, more))
	}
	return nil
}

func (i *itemReader) end() error {
	name, _ := i.z.TagName()
	switch atom.Lookup(name) {
	case atom.Html, atom.Ul, atom.Ol:
		i.open = max(0, i.open-1)
	case atom.Li:
		return i.done()
	}
	return nil
}

// done hands over the item that has ended.
func (i *itemReader) done() error {
	if i.one == nil {
		return nil
	}
	last := i.one
	i.one = nil
	if err := i.fn(last); err != nil {
		return &sinkError{err}
	}
	return nil
}

func attribute(z *html.Tokenizer, more bool) string {
	for more {
		var key, value []byte
		if key, value, more = z.TagAttr(); string(key) == "href" {
			return strings.ToValidUTF8(string(value), "\uFFFD")
		}
	}
	return ""
}

var pageTime = pattern.New(`\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?| \d\d:\d\d:\d\d)`)

// item turns one item into a post.
func (r *run) item(member string, number int, live bool, one *item) error {
	text := strings.TrimSpace(one.text.String())
	if text == "" {
		return r.Out.Skip(store.Skip{Member: member, Record: number, Reason: "has no text"})
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text}
	p.Created, p.Precision = parseTime(pageTime.FindString(one.sentence.String()))
	video, comment := "", ""
	for _, link := range one.links {
		if u, err := url.Parse(link); err == nil {
			q := u.Query()
			if video == "" {
				video = q.Get("v")
			}
			if comment == "" {
				comment = q.Get("lc")
			}
		}
	}
	p.ReplyTo = targetURL(video, "")
	if video == "" && len(one.links) > 0 {
		p.ReplyTo = one.links[0]
	}
	if r.twins.Has(twin(video, p.Created, text)) {
		return nil // a newer part of the Takeout has it, with its id
	}
	scope := scopeComment
	if live {
		scope = scopeChat
	}
	if comment != "" {
		p.Key, p.URL = scope+":"+comment, commentURL(comment, video, "")
		if !r.keys.Take(p.Key) {
			return nil
		}
		return r.Out.Post(p)
	}
	var again bool
	if p.Key, again = r.keys.Key(scope, video, identity.Time(p.Created), text); again {
		return nil
	}
	return r.Out.Post(p)
}
