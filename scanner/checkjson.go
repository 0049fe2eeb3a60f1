package scanner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"lookback/store"
)

// checkLine is one line of the check stream.
type checkLine struct {
	id       []byte // as it was written: a string with its quotation marks, or a number
	kind     []byte
	text     []byte
	audience []byte
	bio      []byte
	hasText  bool
}

func (l *checkLine) reset() {
	l.id, l.kind, l.text, l.audience, l.bio = l.id[:0], l.kind[:0], l.text[:0], l.audience[:0], l.bio[:0]
	l.hasText = false
}

// Errors of a line. None of them holds anything of the line.
var (
	errNotJSON    = errors.New("not valid JSON")
	errNotObject  = errors.New("not a JSON object")
	errNoText     = errors.New("no \"text\"")
	errTextType   = errors.New("\"text\" is not a string")
	errFieldType  = errors.New("\"kind\", \"audience\", \"created_at\" and \"bio\" must be strings")
	errID         = errors.New("\"id\" must be a string or a number")
	errKind       = errors.New("unknown \"kind\": use post, reply, repost, quote, like, dm, bio, alt or comment")
	errLineTooBig = fmt.Errorf("longer than %d MiB", maxLine>>20)
)

// parse reads a line: quickly where it is a flat object of plain strings, as
// nearly all are, otherwise with the general reader.
func (l *checkLine) parse(line []byte) error {
	l.reset()
	if !l.fast(line) {
		l.reset()
		if err := l.general(line); err != nil {
			return err
		}
	}
	if !l.hasText {
		return errNoText
	}
	return nil
}

// field returns where the value of a field goes; nil for one that is not used.
func (l *checkLine) field(name []byte) *[]byte {
	switch string(name) {
	case "text":
		return &l.text
	case "kind":
		return &l.kind
	case "audience":
		return &l.audience
	case "bio":
		return &l.bio
	}
	return nil
}

// fast reads objects whose members are all strings without unusual escapes. It
// returns false for everything else, wrong or not.
func (l *checkLine) fast(b []byte) bool {
	i := skipSpace(b, 0)
	if i >= len(b) || b[i] != '{' {
		return false
	}
	i = skipSpace(b, i+1)
	for {
		if i >= len(b) || b[i] != '"' {
			return false
		}
		end := plainString(b, i+1)
		if end < 0 {
			return false
		}
		name := b[i+1 : end]
		i = skipSpace(b, end+1)
		if i >= len(b) || b[i] != ':' {
			return false
		}
		i = skipSpace(b, i+1)
		if i >= len(b) || b[i] != '"' {
			return false
		}
		if i = l.fastValue(b, i, name); i < 0 {
			return false
		}
		i = skipSpace(b, i)
		if i >= len(b) {
			return false
		}
		if b[i] == '}' {
			return skipSpace(b, i+1) == len(b)
		}
		if b[i] != ',' {
			return false
		}
		i = skipSpace(b, i+1)
	}
}

// fastValue reads the string at i and returns where it ends, or -1.
func (l *checkLine) fastValue(b []byte, i int, name []byte) int {
	if string(name) == "id" {
		end := plainString(b, i+1)
		if end < 0 {
			return -1
		}
		l.id = append(l.id[:0], b[i:end+1]...)
		return end + 1
	}
	dst := l.field(name)
	if dst == nil {
		end := plainString(b, i+1)
		if end < 0 {
			return -1
		}
		return end + 1
	}
	if string(name) == "text" {
		l.hasText = true
	}
	*dst = (*dst)[:0]
	start := i + 1
	for i = plainEnd(b, start); i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			*dst = append(*dst, b[start:i]...)
			if !utf8.Valid(*dst) {
				return -1
			}
			return i + 1
		case c == '\\':
			*dst = append(*dst, b[start:i]...)
			r := simpleEscape(b, i+1)
			if r == 0 {
				return -1
			}
			*dst = append(*dst, r)
			start = i + 2
			i = plainEnd(b, start) - 1
		case c < ' ':
			return -1
		}
	}
	return -1
}

// plainEnd returns where a run of ASCII without quotation marks, escapes and
// controls ends that begins at i, or a little before.
func plainEnd(b []byte, i int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, escape := x^'"'*ones, x^'\\'*ones
		special := (x-' '*ones)&^x | (quote-ones)&^quote | (escape-ones)&^escape | x
		if special &= high; special != 0 {
			return i + bits.TrailingZeros64(special)>>3
		}
	}
	return i
}

func simpleEscape(b []byte, i int) byte {
	if i < len(b) {
		switch b[i] {
		case '"', '\\', '/':
			return b[i]
		case 'n':
			return '\n'
		case 't':
			return '\t'
		case 'r':
			return '\r'
		}
	}
	return 0
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// plainString returns the end of an ASCII string without escapes, or -1.
func plainString(b []byte, i int) int {
	for i = plainEnd(b, i); i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i
		case c == '\\' || c < ' ' || c >= utf8.RuneSelf:
			return -1
		}
	}
	return -1
}

// general reads any JSON. Wrong UTF-8 and halves of surrogate pairs become
// U+FFFD, as old exports hold them; the last of repeated members counts.
func (l *checkLine) general(line []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(line), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	tok, err := d.ReadToken()
	if err != nil {
		return errNotJSON
	}
	if tok.Kind() != '{' {
		return notObject(d, tok)
	}
	var wrong error
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return errNotJSON
		}
		key := name.String()
		val, err := d.ReadValue()
		if err != nil {
			return errNotJSON
		}
		if err := l.generalField(key, val); err != nil && wrong == nil {
			wrong = err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return errNotJSON
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errNotJSON
	}
	return wrong
}

// notObject tells other JSON from what is none.
func notObject(d *jsontext.Decoder, tok jsontext.Token) error {
	if tok.Kind() == '[' {
		for d.StackDepth() > 0 {
			if _, err := d.ReadToken(); err != nil {
				return errNotJSON
			}
		}
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errNotJSON
	}
	return errNotObject
}

func (l *checkLine) generalField(key string, val jsontext.Value) error {
	if key == "id" {
		return l.setID(val)
	}
	dst := l.field([]byte(key))
	if dst == nil {
		if key == "created_at" && val.Kind() != '"' && val.Kind() != 'n' {
			return errFieldType
		}
		return nil
	}
	*dst = (*dst)[:0]
	if key == "text" {
		l.hasText = false
		if val.Kind() != '"' {
			return errTextType
		}
		l.hasText = true
	}
	switch val.Kind() {
	case '"':
		s, err := jsontext.AppendUnquote(nil, val)
		*dst = bytes.ToValidUTF8(append(*dst, s...), []byte("\uFFFD"))
		if err != nil && len(s) == 0 {
			return errFieldType
		}
		return nil
	case 'n':
		return nil
	}
	return errFieldType
}

func (l *checkLine) setID(val jsontext.Value) error {
	switch val.Kind() {
	case '"':
		s, _ := jsontext.AppendUnquote(nil, val)
		q, err := jsontext.AppendQuote(nil, bytes.ToValidUTF8(s, []byte("\uFFFD")))
		if err != nil {
			return errID
		}
		l.id = append(l.id[:0], q...)
	case '0':
		l.id = append(l.id[:0], val...)
	case 'n':
		l.id = l.id[:0]
	default:
		return errID
	}
	return nil
}

// audiences maps the words that a line may use; others count as unknown.
var audiences = func() map[string]store.Audience {
	m := map[string]store.Audience{}
	for _, a := range audienceNames {
		m[a] = store.Audience(a)
	}
	return m
}()

// kindsByName maps the kinds that a line may name.
var kindsByName = func() map[string]store.Kind {
	m := map[string]store.Kind{"": store.KindPost}
	for _, k := range store.Kinds {
		m[string(k)] = k
	}
	return m
}()
