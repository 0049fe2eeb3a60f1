package jsonstream

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Object calls member for every member of the object that comes next; member
// must take exactly one value from d: with Object, List, Text or Skip. The
// name is valid until member reads. Anything else than an object is skipped.
func Object(d *Decoder, member func(name []byte) error) error {
	if d.PeekKind() != '{' {
		return d.value()
	}
	return d.object(member)
}

// List calls element for every element of the array that comes next; element
// must take exactly one value. Anything else than an array is skipped.
func List(d *Decoder, element func() error) error {
	if d.PeekKind() != '[' {
		return d.value()
	}
	return d.list(element)
}

// Text takes the next value as text into p: a string decoded, a number or a
// boolean as it is written, so that an id never loses a digit. Other values
// leave p as it was.
func Text(d *Decoder, p *string) error {
	switch d.PeekKind() {
	case '"':
		raw, escaped, err := d.text()
		if err != nil {
			return err
		}
		if raw = raw[1 : len(raw)-1]; escaped {
			*p = unquote(raw)
		} else {
			*p = valid(string(raw))
		}
		return nil
	case '0', 't', 'f':
		raw, err := d.raw()
		if err == nil {
			*p = string(raw)
		}
		return err
	}
	return d.value()
}

// Skip takes the next value without looking at it.
func Skip(d *Decoder) error { return d.value() }

// Unquote decodes a JSON string literal; bytes that are not UTF-8, and halves
// of surrogate pairs, become U+FFFD.
func Unquote(raw []byte) string {
	if len(raw) < 2 {
		return ""
	}
	if raw = raw[1 : len(raw)-1]; bytes.IndexByte(raw, '\\') < 0 {
		return valid(string(raw))
	}
	return unquote(raw)
}

// unquote decodes what stands between the quotes of a string with escapes.
func unquote(inner []byte) string {
	quoted := make([]byte, 0, len(inner)+2)
	quoted = append(append(append(quoted, '"'), inner...), '"')
	text, _ := jsontext.AppendUnquote(quoted[:0:0], quoted) // the error only tells of replaced bytes
	return string(text)
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
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
	if err := read(&Decoder{buf: start}); err != nil {
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
	raw, err := d.raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v, lenient...)
}
