package jsonstream

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decoder reads one element, token by token.
type Decoder = jsontext.Decoder

// decoding is lenient where a person's own archive may be odd, and where a
// lost post would be worse than a repeated name.
var decoding = []jsontext.Options{
	jsontext.AllowInvalidUTF8(true),
	jsontext.AllowDuplicateNames(true),
}

// Object calls member for every member of the object that comes next; member
// must take exactly one value from d: with Object, List, Text or Skip. The
// name is valid until member reads. Anything else than an object is skipped.
func Object(d *Decoder, member func(name []byte) error) error {
	if d.PeekKind() != '{' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := member(unquoteName(raw)); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// List calls element for every element of the array that comes next; element
// must take exactly one value. Anything else than an array is skipped.
func List(d *Decoder, element func() error) error {
	if d.PeekKind() != '[' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for k := d.PeekKind(); k != ']' && k != 0; k = d.PeekKind() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// Text takes the next value as text into p: a string decoded, a number or a
// boolean as it is written, so that an id never loses a digit. Other values
// leave p as it was.
func Text(d *Decoder, p *string) error {
	switch d.PeekKind() {
	case '"':
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		*p = Unquote(raw)
		return nil
	case '0', 't', 'f':
		raw, err := d.ReadValue()
		if err == nil {
			*p = string(raw)
		}
		return err
	}
	return d.SkipValue()
}

// Skip takes the next value without looking at it.
func Skip(d *Decoder) error { return d.SkipValue() }

// Unquote decodes a JSON string literal; bytes that are not UTF-8, and halves
// of surrogate pairs, become U+FFFD.
func Unquote(raw []byte) string {
	if len(raw) < 2 {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return strings.ToValidUTF8(string(raw[1:len(raw)-1]), "\uFFFD")
	}
	text, _ := jsontext.AppendUnquote(nil, raw) // the error only tells of replaced bytes
	return string(text)
}

func unquoteName(raw []byte) []byte {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	return []byte(Unquote(raw))
}

// Value reads a small file as a whole: an optional JavaScript prefix and one
// value, at most limit bytes long, which read takes from the decoder.
func Value(r io.Reader, limit int64, read func(d *Decoder) error) error {
	text, _, err := NewUTF8Reader(io.LimitReader(r, limit+1))
	if err != nil {
		return &RecordError{Err: ErrCut}
	}
	all, err := io.ReadAll(text)
	switch {
	case err != nil:
		return &RecordError{Err: ErrCut}
	case int64(len(all)) > limit:
		return &RecordError{Err: ErrTooLarge}
	}
	start := bytes.TrimLeft(all, " \t\r\n")
	if len(start) > 0 && start[0] != '[' && start[0] != '{' {
		_, after, found := bytes.Cut(start, []byte("="))
		if !found {
			return &RecordError{Err: ErrNoArray}
		}
		start = after
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(start), decoding...)
	if err := read(d); err != nil {
		return &RecordError{Err: plain(err)}
	}
	return nil
}

// plain replaces an error of the JSON package, which may quote the input.
func plain(err error) error {
	var re *RecordError
	if errors.As(err, &re) {
		return re.Err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrCut
	}
	return ErrSyntax
}

// Unmarshal reads the next value into v, for small records whose shape is
// certain.
func Unmarshal(d *Decoder, v any) error {
	return json.UnmarshalDecode(d, v)
}
