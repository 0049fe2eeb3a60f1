package tumblr

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"lookback/importer/jsonstream"
	"lookback/importer/pattern"
)

const (
	maxElement = 16 << 20 // bytes of one post
	maxTag     = 64 << 10 // bytes of one tag
)

var (
	errTooLarge = errors.New("is too large")
	errBroken   = errors.New("is not well-formed XML")
	errCut      = errors.New("the file ends in the middle")
)

// An element is a piece of a large XML file: <name …>…</name> where the whole
// was asked for, else a tag, "conversation" or "/conversation".
type element struct {
	name string
	raw  []byte // valid until the next call
	err  error  // it is not whole; the next one may be
}

// elements cuts an XML file into pieces by tags only, so that one broken post
// costs one post. Texts have no bare "<" in them but in CDATA.
type elements struct {
	in    *bufio.Reader
	whole map[string]bool // read to their end
	tags  map[string]bool
	buf   []byte
	again []byte // what was read of the next element already
}

func newElements(r io.Reader, whole, tags string) (*elements, error) {
	text, _, err := jsonstream.NewUTF8Reader(r)
	if err != nil {
		return nil, err
	}
	set := func(names string) map[string]bool {
		all := map[string]bool{}
		for _, n := range strings.Fields(names) {
			all[n] = true
		}
		return all
	}
	return &elements{in: bufio.NewReaderSize(text, 64<<10), whole: set(whole), tags: set(tags)}, nil
}

// next returns the next piece. The error is io.EOF at the end, or the
// reader's own.
func (e *elements) next() (element, error) {
	for {
		name, err := e.tag()
		switch {
		case err != nil:
			return element{}, err
		case e.whole[name]:
			return e.rest(name)
		case e.tags[name]:
			return element{name: name, raw: e.buf}, nil
		}
	}
}

// tag reads up to the end of the next tag, which is in buf then.
func (e *elements) tag() (string, error) {
	if e.again != nil {
		e.buf = append(e.buf[:0], e.again...)
		e.again = nil
		return tagName(e.buf), nil
	}
	for {
		_, err := e.in.ReadSlice('<')
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
	e.buf = append(e.buf[:0], '<')
	for len(e.buf) < maxTag {
		part, err := e.in.ReadSlice('>')
		e.buf = append(e.buf, part...)
		if err == nil {
			return tagName(e.buf), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
	return "", nil
}

func tagName(tag []byte) string {
	name := bytes.TrimPrefix(tag, []byte("<"))
	if end := bytes.IndexAny(name[min(1, len(name)):], " \t\r\n/>"); end >= 0 {
		name = name[:end+1]
	}
	return string(name)
}

// rest reads an element to its end.
func (e *elements) rest(name string) (element, error) {
	start := []byte("<" + name)
	end := []byte("</" + name + ">")
	if bytes.HasSuffix(e.buf, []byte("/>")) {
		return element{name: name, raw: e.buf}, nil
	}
	large := false
	for !bytes.HasSuffix(e.buf, end) || inCDATA(e.buf) {
		part, err := e.in.ReadSlice('>')
		if len(e.buf)+len(part) > maxElement {
			large = true
			e.buf = append(e.buf[:0], e.buf[len(e.buf)-min(len(end), len(e.buf)):]...)
		}
		e.buf = append(e.buf, part...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				return element{name: name, raw: e.buf, err: errCut}, nil
			}
			return element{}, err
		}
		// Another one begins before this one ended.
		if at := bytes.LastIndex(part, start); at >= 0 && err == nil && tagName(part[at:]) == name {
			if at += len(e.buf) - len(part); inCDATA(e.buf[:at]) {
				continue
			}
			e.again = bytes.Clone(e.buf[at:])
			return element{name: name, raw: e.buf[:at], err: errBroken}, nil
		}
	}
	if large {
		return element{name: name, err: errTooLarge}, nil
	}
	return element{name: name, raw: e.buf}, nil
}

func inCDATA(b []byte) bool {
	open := bytes.LastIndex(b, []byte("<![CDATA["))
	return open >= 0 && !bytes.Contains(b[open:], []byte("]]>"))
}

var controlRE = pattern.New(`&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));`)

// decode reads an element into v. Characters that XML forbids, which old
// posts can hold, are left out.
func decode(raw []byte, v any) error {
	text := strings.ToValidUTF8(string(raw), "\uFFFD")
	text = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == '\uFFFE' || c == '\uFFFF' {
			return -1
		}
		return c
	}, text)
	if strings.Contains(text, "&#") {
		text = controlRE.ReplaceAllString(text, "")
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.Entity = false, xml.HTMLEntity
	if d.Decode(v) != nil { // the error can quote the text
		return errBroken
	}
	return nil
}
