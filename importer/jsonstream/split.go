package jsonstream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Split reads the array that o chooses and hands every element to fn in
// order: raw is valid until fn returns. A broken element has a nil raw and a
// *RecordError instead; the next one follows. Split returns fn's error as it
// is, or a *RecordError when the array has no proper end.
func Split(r io.Reader, o Options, fn func(record int, raw []byte, err error) error) error {
	_, err := split(r, o, fn)
	return err
}

func split(r io.Reader, o Options, fn func(int, []byte, error) error) (utf16 bool, err error) {
	text, utf16, err := NewUTF8Reader(r)
	if err != nil {
		return false, &RecordError{Err: fmt.Errorf("%w: %w", ErrCut, err)}
	}
	s := &splitter{r: text, max: o.MaxElement, fn: fn, path: o.Path}
	if s.max <= 0 {
		s.max = DefaultMaxElement
	}
	s.buf = make([]byte, 0, chunk)
	return utf16, s.run()
}

// A splitter holds a window of the input: buf[start:] is what must be kept,
// buf[pos:] what was not looked at.
type splitter struct {
	r       io.Reader
	buf     []byte
	pos     int
	start   int
	readErr error // the reader's end: io.EOF or worse
	max     int
	path    []string
	fn      func(int, []byte, error) error

	record int    // number of the last element that began
	key    []byte // first member name of the elements, quoted: finds the next after a broken one
	found  bool   // the path led to an array
	rescan int    // bytes looked at a second time after broken elements
}

// errNeed is internal: the input ended where more was needed.
var errNeed = errors.New("input ended")

func (s *splitter) run() error {
	if err := s.skipPrefix(); err != nil {
		return s.ended(err)
	}
	if err := s.value(s.path); err != nil {
		return s.ended(err)
	}
	if !s.found {
		return &RecordError{Err: ErrNoArray}
	}
	return s.tail()
}

// ended turns an early end of input into the caller's typed error.
func (s *splitter) ended(err error) error {
	if err != errNeed {
		return err
	}
	cut := ErrCut
	if s.readErr != nil && s.readErr != io.EOF {
		cut = fmt.Errorf("%w: %w", ErrCut, s.readErr)
	}
	return &RecordError{Record: s.record, Err: cut}
}

// fill reads more, dropping what lies before start. It reports false at the
// end of the input.
func (s *splitter) fill() bool {
	if s.readErr != nil {
		return false
	}
	if s.start > 0 {
		n := copy(s.buf, s.buf[s.start:])
		s.buf = s.buf[:n]
		s.pos -= s.start
		s.start = 0
	}
	if cap(s.buf)-len(s.buf) < chunk/4 {
		grown := make([]byte, len(s.buf), 2*cap(s.buf))
		copy(grown, s.buf)
		s.buf = grown
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.readErr = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.readErr = io.ErrNoProgress
	return false
}

// peek skips white space and returns the next byte without taking it.
func (s *splitter) peek() (byte, error) {
	for {
		for s.pos < len(s.buf) {
			c := s.buf[s.pos]
			if !isSpace(c) {
				return c, nil
			}
			s.pos++
		}
		s.start = s.pos
		if !s.fill() {
			return 0, errNeed
		}
	}
}

// skipPrefix moves behind "window.YTD.tweets.part0 =" and its like. The
// variable's name has varied over the years and is not checked.
func (s *splitter) skipPrefix() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c == '[' || c == '{' {
		return nil
	}
	s.start = s.pos
	for n := 0; n < prefixMax; n++ {
		if s.pos == len(s.buf) && !s.fill() {
			return &RecordError{Err: ErrNoArray}
		}
		s.pos++
		if s.buf[s.pos-1] == '=' {
			_, err := s.peek()
			return err
		}
	}
	return &RecordError{Err: ErrNoArray}
}

// value follows the path at the value that comes next.
func (s *splitter) value(path []string) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	switch {
	case c == '[' && len(path) == 0:
		s.pos++
		s.found = true
		return s.array()
	case c == '{' && len(path) > 0:
		s.pos++
		return s.object(path)
	case len(s.path) == len(path): // the file itself is something else
		return &RecordError{Err: ErrNoArray}
	}
	return s.skipValue()
}

func (s *splitter) object(path []string) error {
	for {
		c, err := s.peek()
		if err != nil {
			s.record++
			return err
		}
		switch c {
		case '}':
			s.pos++
			return nil
		case ',':
			s.pos++
			continue
		case '"':
		default:
			return &RecordError{Record: s.record, Err: ErrSyntax}
		}
		name, err := s.name()
		if err != nil {
			return err
		}
		if path[0] == "*" || path[0] == name {
			err = s.value(path[1:])
		} else {
			err = s.skipValue()
		}
		if err != nil {
			return err
		}
	}
}

// name reads a member's name and the colon behind it. Names with escapes or
// of an absurd length match nothing.
func (s *splitter) name() (string, error) {
	s.start = s.pos
	if bad, err := s.scan(nameMax); err != nil || bad != nil {
		return "", cmpErr(err, &RecordError{Record: s.record, Err: ErrSyntax})
	}
	name := ""
	if s.start < s.pos {
		name = string(s.buf[s.start+1 : s.pos-1])
	}
	c, err := s.peek()
	if err != nil {
		return "", err
	}
	if c != ':' {
		return "", &RecordError{Record: s.record, Err: ErrSyntax}
	}
	s.pos++
	return name, nil
}

func (s *splitter) skipValue() error {
	if _, err := s.peek(); err != nil {
		return err
	}
	s.start = s.pos
	bad, err := s.scan(0)
	if err != nil {
		return err
	}
	if bad != nil && bad != ErrTooLarge && bad != ErrTooDeep {
		return &RecordError{Record: s.record, Err: ErrSyntax}
	}
	return nil
}

// array hands over the elements up to the closing bracket.
func (s *splitter) array() error {
	for {
		c, err := s.peek()
		if err != nil {
			s.record++ // what comes next is what was cut away
			return err
		}
		switch c {
		case ']':
			s.pos++
			return nil
		case ',':
			s.pos++
			continue
		}
		s.record++
		done, err := s.element()
		if done || err != nil {
			return err
		}
	}
}

// element reads one element and hands it over. done means that the element
// was broken and that nothing came after it but the array's end.
func (s *splitter) element() (done bool, err error) {
	s.start = s.pos
	bad, err := s.scan(s.max)
	if err == errNeed || bad == ErrSyntax {
		return s.recover(err)
	}
	if err != nil {
		return false, err
	}
	if bad != nil {
		return false, s.fn(s.record, nil, &RecordError{Record: s.record, Err: bad})
	}
	raw := s.buf[s.start:s.pos]
	if s.key == nil {
		s.learn(raw)
	}
	return false, s.fn(s.record, raw, nil)
}

// learn remembers with which name the elements begin, e.g. "tweet".
func (s *splitter) learn(raw []byte) {
	rest := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("{")), " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' || len(rest) == len(raw) {
		return
	}
	if end := bytes.IndexByte(rest[1:], '"'); end > 0 && end < 64 {
		s.key = bytes.Clone(rest[:end+2])
	}
}

// recover looks for the beginning of the element after a broken one. A quote
// too many turns strings inside out, so what was read of the broken element
// is searched too.
func (s *splitter) recover(cause error) (done bool, err error) {
	if s.key == nil {
		s.learn(s.buf[s.start:])
	}
	seen := s.pos
	s.pos = min(s.start+1, len(s.buf))
	for {
		if at := s.boundary(); at >= 0 {
			if s.rescan += max(seen-at, 0); s.rescan > rescanMax {
				return false, &RecordError{Record: s.record, Err: ErrSyntax}
			}
			s.pos = at
			return false, s.fn(s.record, nil, &RecordError{Record: s.record, Err: ErrSyntax})
		}
		s.pos = max(s.pos, len(s.buf)-resyncTail)
		s.start, seen = s.pos, 0
		if s.fill() {
			continue
		}
		rest := bytes.TrimRight(s.buf, "; \t\r\n")
		if cause == nil && bytes.HasSuffix(rest, []byte("]")) {
			s.pos, s.start = len(s.buf), len(s.buf)
			return true, s.fn(s.record, nil, &RecordError{Record: s.record, Err: ErrSyntax})
		}
		return false, errNeed
	}
}

// boundary finds `, { "key" :` at or behind pos and returns where its brace
// is, or -1.
func (s *splitter) boundary() int {
	from := s.pos
	for from < len(s.buf) {
		at := from
		if s.key != nil {
			at = bytes.Index(s.buf[from:], s.key)
		} else {
			at = bytes.Index(s.buf[from:], []byte(`"`))
		}
		if at < 0 {
			return -1
		}
		at += from
		from = at + 1
		brace := lastBefore(s.buf, at)
		if brace <= s.pos || s.buf[brace] != '{' {
			continue
		}
		if comma := lastBefore(s.buf, brace); comma >= s.pos && s.buf[comma] == ',' {
			return brace
		}
	}
	return -1
}

// lastBefore returns the index of the last byte before at that is no space,
// or -1.
func lastBefore(b []byte, at int) int {
	for at--; at >= 0 && isSpace(b[at]); at-- {
	}
	return at
}

// tail reads what comes after the array, so that the checksum of a zip member
// is verified too.
func (s *splitter) tail() error {
	for {
		c, err := s.peek()
		switch {
		case err == nil && c == ';':
			s.pos++
		case err == nil:
			return &RecordError{Record: s.record + 1, Err: ErrTrailing}
		case s.readErr == io.EOF:
			return nil
		default:
			return &RecordError{Err: fmt.Errorf("%w: %w", ErrCut, s.readErr)}
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
