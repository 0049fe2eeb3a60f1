package jsonstream

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// NewDecoder returns a Decoder of an input that need not be in memory as a
// whole: what is skipped never is.
func NewDecoder(r io.Reader) *Decoder {
	return &Decoder{in: jsontext.NewDecoder(r, lenient...)}
}

// lenient is what Decoder says of itself.
var lenient = []jsontext.Options{
	jsontext.AllowInvalidUTF8(true),
	jsontext.AllowDuplicateNames(true),
}

// AtEnd says whether nothing comes any more.
func (d *Decoder) AtEnd() bool {
	if d.in != nil {
		_, err := d.in.ReadToken()
		return errors.Is(err, io.EOF)
	}
	d.space()
	return d.pos >= len(d.buf)
}

// readObject is object for an input that is read.
func (d *Decoder) readObject(member func(name []byte) error) error {
	if _, err := d.in.ReadToken(); err != nil {
		return err
	}
	for d.in.PeekKind() == '"' {
		raw, escaped, err := d.text()
		if err != nil {
			return err
		}
		if err := d.member(raw[1:len(raw)-1], escaped, member); err != nil {
			return err
		}
	}
	_, err := d.in.ReadToken()
	return err
}

// readList is list for an input that is read.
func (d *Decoder) readList(element func() error) error {
	if _, err := d.in.ReadToken(); err != nil {
		return err
	}
	for k := d.in.PeekKind(); k != ']' && k != 0; k = d.in.PeekKind() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.in.ReadToken()
	return err
}
