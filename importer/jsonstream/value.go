package jsonstream

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"

	"github.com/go-json-experiment/json/jsontext"
)

// A Decoder reads one element, value by value: with Object, List, Text and
// Skip. It takes JSON as the standard has it, except that a name may come twice
// and that a text may hold bytes that are not UTF-8: an archive of a person's
// own may be odd, and a lost post would be worse.
//
// It checks all that it passes, also what nobody asks for.
type Decoder struct {
	buf   []byte
	pos   int
	depth int // open objects and arrays

	in *jsontext.Decoder // reads instead, where there is one
}

// depthMax bounds the nesting of a value that no splitter has bounded.
const depthMax = 10_000

// Kind is the first byte of a value: one of { [ " 0 t f n, or ] at the end of a
// list; 0 stands for every digit and for the minus sign.
type Kind byte

// PeekKind returns the kind of what comes next, 0 at the end of the input.
func (d *Decoder) PeekKind() Kind {
	if d.in != nil {
		return Kind(d.in.PeekKind())
	}
	d.space()
	if d.pos >= len(d.buf) {
		return 0
	}
	c := d.buf[d.pos]
	if c == '-' || c >= '0' && c <= '9' {
		return '0'
	}
	return Kind(c)
}

// cut is the error of an input that ends too soon. An empty one is no cut one.
func (d *Decoder) cut() error {
	if d.depth == 0 && d.pos >= len(d.buf) {
		return io.EOF
	}
	return io.ErrUnexpectedEOF
}

const (
	ones   = 0x0101010101010101
	tops   = 0x8080808080808080
	blanks = 0x2020202020202020
)

// space passes white space: mostly a line end and a deep indentation.
func (d *Decoder) space() {
	b, i := d.buf, d.pos
	for i < len(b) && isSpace(b[i]) {
		i = pastBlanks(b, i+1)
	}
	d.pos = i
}

// pastBlanks passes the blanks at i, eight at once.
func pastBlanks(b []byte, i int) int {
	for i+8 <= len(b) {
		other := binary.LittleEndian.Uint64(b[i:]) ^ blanks
		if other != 0 {
			return i + bits.TrailingZeros64(other)/8
		}
		i += 8
	}
	return i
}

// pastPlain passes what needs no look in a string: anything but a quote, a
// backslash or a control character.
func pastPlain(b []byte, i int) int {
	for i+8 <= len(b) {
		v := binary.LittleEndian.Uint64(b[i:])
		q, s := v^('"'*ones), v^('\\'*ones)
		if hit := ((q-ones)&^q | (s-ones)&^s | (v-blanks)&^v) & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
		i += 8
	}
	for i < len(b) && !inString[b[i]] {
		i++
	}
	return i
}

// next passes white space and returns the byte behind it.
func (d *Decoder) next() (byte, error) {
	d.space()
	if d.pos >= len(d.buf) {
		return 0, d.cut()
	}
	return d.buf[d.pos], nil
}

// text passes a string and returns it with its quotes.
func (d *Decoder) text() (raw []byte, escaped bool, err error) {
	if d.in != nil {
		raw, err = d.in.ReadValue()
		return raw, bytes.IndexByte(raw, '\\') >= 0, err
	}
	b, i := d.buf, d.pos+1
	for {
		i = pastPlain(b, i)
		if i >= len(b) {
			return nil, false, io.ErrUnexpectedEOF
		}
		switch b[i] {
		case '"':
			raw, d.pos = b[d.pos:i+1], i+1
			return raw, escaped, nil
		case '\\':
			escaped = true
			n, err := escape(b[i:])
			if err != nil {
				return nil, false, err
			}
			i += n
		default:
			return nil, false, ErrSyntax
		}
	}
}

// escape returns how long the escape is that b begins with.
func escape(b []byte) (int, error) {
	if len(b) < 2 {
		return 0, io.ErrUnexpectedEOF
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
		for i := 2; i < 6; i++ {
			if i >= len(b) {
				return 0, io.ErrUnexpectedEOF
			}
			if c := b[i] | 0x20; !(b[i] >= '0' && b[i] <= '9' || c >= 'a' && c <= 'f') {
				return 0, ErrSyntax
			}
		}
		return 6, nil
	}
	return 0, ErrSyntax
}

// word passes one of the words of JSON.
func (d *Decoder) word(word string) error {
	for i := range len(word) {
		if d.pos+i >= len(d.buf) {
			return io.ErrUnexpectedEOF
		}
		if d.buf[d.pos+i] != word[i] {
			return ErrSyntax
		}
	}
	d.pos += len(word)
	return nil
}

// number passes a number.
func (d *Decoder) number() error {
	b, i := d.buf, d.pos
	if b[i] == '-' {
		i++
	}
	digits := func() error {
		from := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		switch {
		case i > from:
			return nil
		case i >= len(b):
			return io.ErrUnexpectedEOF
		}
		return ErrSyntax
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if err := digits(); err != nil {
		return err
	}
	if i < len(b) && b[i] == '.' {
		i++
		if err := digits(); err != nil {
			return err
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if err := digits(); err != nil {
			return err
		}
	}
	d.pos = i
	return nil
}

// value passes the next value, whatever it is.
func (d *Decoder) value() error {
	if d.in != nil {
		return d.in.SkipValue()
	}
	c, err := d.next()
	if err != nil {
		return err
	}
	switch c {
	case '"':
		_, _, err := d.text()
		return err
	case '{':
		return d.object(nil)
	case '[':
		return d.list(nil)
	case 't':
		return d.word("true")
	case 'f':
		return d.word("false")
	case 'n':
		return d.word("null")
	}
	if c == '-' || c >= '0' && c <= '9' {
		return d.number()
	}
	return ErrSyntax
}

// raw passes the next value and returns it.
func (d *Decoder) raw() ([]byte, error) {
	if d.in != nil {
		return d.in.ReadValue()
	}
	d.space()
	from := d.pos
	err := d.value()
	return d.buf[from:d.pos], err
}

func (d *Decoder) enter() error {
	d.pos++
	if d.depth++; d.depth > depthMax {
		return ErrSyntax
	}
	return nil
}

// object reads the object that begins here; without member it passes it.
func (d *Decoder) object(member func(name []byte) error) error {
	if d.in != nil {
		return d.readObject(member)
	}
	if err := d.enter(); err != nil {
		return err
	}
	c, err := d.next()
	if err != nil {
		return err
	}
	for c != '}' {
		if c != '"' {
			return ErrSyntax
		}
		name, escaped, err := d.text()
		if err != nil {
			return err
		}
		if c, err = d.next(); err != nil {
			return err
		}
		if c != ':' {
			return ErrSyntax
		}
		d.pos++
		if err := d.member(name[1:len(name)-1], escaped, member); err != nil {
			return err
		}
		if c, err = d.behind('}'); err != nil {
			return err
		}
	}
	d.pos++
	d.depth--
	return nil
}

func (d *Decoder) member(name []byte, escaped bool, member func(name []byte) error) error {
	if member == nil {
		return d.value()
	}
	if escaped {
		name = []byte(unquote(name))
	}
	return member(name)
}

// list reads the array that begins here; without element it passes it.
func (d *Decoder) list(element func() error) error {
	if d.in != nil {
		return d.readList(element)
	}
	if err := d.enter(); err != nil {
		return err
	}
	c, err := d.next()
	if err != nil {
		return err
	}
	for c != ']' {
		if element == nil {
			err = d.value()
		} else {
			err = element()
		}
		if err != nil {
			return err
		}
		if c, err = d.behind(']'); err != nil {
			return err
		}
	}
	d.pos++
	d.depth--
	return nil
}

// behind passes the comma behind a value, if the end does not come instead, and
// returns what follows.
func (d *Decoder) behind(end byte) (byte, error) {
	c, err := d.next()
	if err != nil || c == end {
		return c, err
	}
	if c != ',' {
		return 0, ErrSyntax
	}
	d.pos++
	if c, err = d.next(); err == nil && c == end {
		return 0, ErrSyntax
	}
	return c, err
}
