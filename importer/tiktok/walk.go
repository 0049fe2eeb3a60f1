package tiktok

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"lookback/importer/jsonstream"
)

// What to do with a value.
type choice int

const (
	skip choice = iota
	enter
	take
)

// maxValue bounds one value that is taken: a record, or the comments on one
// live broadcast.
const maxValue = 16 << 20

// A walker goes through one JSON file of objects in objects. It looks at
// quotes and brackets only, so that a comma too many, which people's own
// edits leave, costs nothing, and a broken record costs no other.
type walker struct {
	in   *bufio.Reader
	want func(path []string, kind byte) choice
	// take gets the bytes of a value, valid until it returns, or why there
	// are none.
	take func(path []string, raw []byte, err error) error

	path []string // names; "[]" for an element of a list
	buf  []byte
	bad  bool // something was not where JSON has it
}

// element is the name of a list's elements in a path.
const element = "[]"

// errTrailing: a second value follows.
var errTrailing = jsonstream.ErrTrailing

// walk reads to the end of r. It returns take's error as it is,
// jsonstream.ErrCut where the file ends too early, jsonstream.ErrSyntax or
// ErrTrailing where it was read to its end but is not in order, or the
// reader's own error.
func walk(r io.Reader, want func([]string, byte) choice, takeFn func([]string, []byte, error) error) error {
	text, _, err := jsonstream.NewUTF8Reader(r)
	if err != nil {
		return err
	}
	w := &walker{in: bufio.NewReaderSize(text, 64<<10), want: want, take: takeFn}
	if err := w.value(); err != nil {
		if errors.Is(err, io.EOF) {
			return jsonstream.ErrCut
		}
		return err
	}
	c, err := w.peek()
	switch {
	case err == nil && c != ';':
		return errTrailing
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case w.bad:
		return jsonstream.ErrSyntax
	}
	return nil
}

// peek skips blanks and returns the next byte without taking it.
func (w *walker) peek() (byte, error) {
	for {
		c, err := w.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c, w.in.UnreadByte()
		}
	}
}

func (w *walker) next() { _, _ = w.in.Discard(1) } // what was peeked

func (w *walker) value() error {
	c, err := w.peek()
	if err != nil {
		return err
	}
	if c == ',' || c == '}' || c == ']' {
		w.bad = true // a name without a value
		return nil
	}
	switch w.want(w.path, c) {
	case enter:
		switch c {
		case '{':
			w.next()
			return w.object()
		case '[':
			w.next()
			return w.list()
		}
	case take:
		return w.capture()
	}
	_, err = w.scan(false)
	return err
}

func (w *walker) object() error {
	for {
		c, err := w.peek()
		if err != nil {
			return err
		}
		switch c {
		case '}':
			w.next()
			return nil
		case ',':
			w.next()
			continue
		case '"':
		default:
			w.bad = true
			w.next()
			continue
		}
		if _, err := w.scan(true); err != nil {
			return err
		}
		w.path = append(w.path, jsonstream.Unquote(w.buf))
		if c, err = w.peek(); err != nil {
			return err
		}
		if c == ':' {
			w.next()
			err = w.value()
		} else {
			w.bad = true
		}
		w.path = w.path[:len(w.path)-1]
		if err != nil {
			return err
		}
	}
}

func (w *walker) list() error {
	w.path = append(w.path, element)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	for {
		c, err := w.peek()
		if err != nil {
			return err
		}
		switch c {
		case ']':
			w.next()
			return nil
		case ',':
			w.next()
			continue
		case '}', ':':
			w.bad = true
			w.next()
			continue
		}
		if err := w.value(); err != nil {
			return err
		}
	}
}

func (w *walker) capture() error {
	large, err := w.scan(true)
	if err != nil {
		return err
	}
	if large {
		return w.take(w.path, nil, jsonstream.ErrTooLarge)
	}
	return w.take(w.path, w.buf, nil)
}

// scan moves behind one value, and keeps it in buf, without commas before a
// closing bracket, if keep says so and it is not too large.
func (w *walker) scan(keep bool) (large bool, err error) {
	w.buf = w.buf[:0]
	depth, quote, comma := 0, false, -1
	for n := 0; ; n++ {
		c, err := w.in.ReadByte()
		if err != nil {
			return false, err
		}
		if !quote && depth == 0 && n > 0 && ends(c) {
			return large, w.in.UnreadByte() // behind a number or a word
		}
		switch {
		case quote && c == '\\':
			w.keep(keep, c)
			if c, err = w.in.ReadByte(); err != nil {
				return false, err
			}
		case c == '"':
			quote = !quote
		case quote && c == '\n' && w.structureFollows():
			quote = false // a quote is missing
		case quote && c == '\n':
			w.keep(keep, '\\') // somebody broke the line by hand
			c = 'n'
		case quote:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
			if comma >= 0 && comma < len(w.buf) {
				w.buf = w.buf[:comma]
			}
		}
		switch {
		case quote || c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != ',':
			comma = -1
		case c == ',':
			comma = len(w.buf)
		}
		w.keep(keep, c)
		if large = large || len(w.buf) > maxValue; large {
			w.buf, keep = w.buf[:0], false
		}
		if depth <= 0 && !quote && (c == '"' || c == '}' || c == ']') {
			return large, nil
		}
	}
}

// structureFollows reports whether the next line begins as one of a file in
// order does, and not as the rest of a text.
func (w *walker) structureFollows() bool {
	ahead, _ := w.in.Peek(256) // a shorter file is no fault
	ahead = bytes.TrimLeft(ahead, " \t\r\n")
	return len(ahead) == 0 || bytes.IndexByte([]byte(`"{}[]`), ahead[0]) >= 0
}

func (w *walker) keep(keep bool, c byte) {
	if keep {
		w.buf = append(w.buf, c)
	}
}

// ends reports whether c ends a number or a word.
func ends(c byte) bool {
	switch c {
	case ',', '}', ']', ':', ' ', '\n', '\r', '\t', '"':
		return true
	}
	return false
}
