package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"lookback/importer/jsonstream"
)

// A Walker says what of a JSON file is wanted. A path is the names of the
// members around a value, joined by slashes; an element of an array is an
// empty name: "chats/list//messages/".
type Walker struct {
	// Capture says whether the object at path is wanted as a whole.
	Capture func(path string) bool
	// Element takes an object that Capture wanted. record counts them over
	// the whole file. raw is valid until it returns; it is nil, and bad says
	// why, where the object is too large.
	Element func(path string, record int, raw []byte, bad error) error
	// Scalar takes a string, number or boolean that lies outside of what is
	// captured.
	Scalar func(path, value string)
	// Enter is told of every object and array outside of what is captured.
	Enter func(path string)
}

const (
	elementMax = 8 << 20
	scalarMax  = 64 << 10
	walkDepth  = 128
)

// Walk reads a JSON file whose arrays of records lie at any depth. It goes by
// brackets and strings, so that a broken record costs that record: a line
// end inside a string ends the string, and where the file is indented as
// Telegram does it, by one blank a level, the indentation puts the depth
// right again. "\xNN", which is not JSON, is read as "\u00NN".
func (r *Run) Walk(member string, w Walker) error {
	text, c, err := r.open(member)
	if err != nil {
		return unlessGone(err)
	}
	defer c.Close()
	s := &walk{br: bufio.NewReaderSize(text, 128<<10), w: w}
	err = s.run(r)
	if ctx := r.Ctx.Err(); ctx != nil {
		return ctx
	}
	var bad *jsonstream.RecordError
	if errors.As(err, &bad) {
		return r.Skip(member, bad.Record, Reason(bad))
	}
	return err
}

type walk struct {
	br     *bufio.Reader
	w      Walker
	stack  []level
	deep   int    // levels beyond walkDepth
	lead   int    // blanks since the last line end; -1 after anything else
	indent bool   // the file is indented by one blank a level
	at     int    // stack depth of the captured object; 0 while none is
	buf    []byte // of the captured object, or of the string or scalar
	large  bool
	record int
	path   string // of the captured object
	root   bool
}

type level struct {
	object bool
	name   string // of the member whose value comes, in an object
	value  bool   // in an object: a value comes, not a name
}

func (s *walk) run(r *Run) error {
	for n := 0; ; n++ {
		if n%65536 == 0 && r.Ctx.Err() != nil {
			return r.Ctx.Err()
		}
		c, err := s.br.ReadByte()
		if err != nil {
			return s.end(err)
		}
		if c == ' ' && s.lead >= 0 {
			s.lead++
		} else if c != ' ' && c != '\n' && c != '\r' {
			if s.lead >= 0 {
				if err := s.resync(c); err != nil {
					return err
				}
			}
			s.lead = -1
		}
		if err := s.take(c); err != nil {
			return err
		}
	}
}

// end judges the end of the file.
func (s *walk) end(err error) error {
	if err != io.EOF || len(s.stack) > 0 || !s.root {
		if !s.root {
			return &jsonstream.RecordError{Err: jsonstream.ErrNoArray}
		}
		return &jsonstream.RecordError{Record: s.record + 1 - min(s.at, 1), Err: jsonstream.ErrCut}
	}
	return nil
}

// resync puts the depth right at the first byte of a line.
func (s *walk) resync(c byte) error {
	if s.deep > 0 || len(s.stack) == 0 {
		return nil
	}
	want := s.lead
	if c == '}' || c == ']' {
		want++
	}
	if len(s.stack) == 1 && c == '"' && s.lead == 1 && !s.indent && s.record == 0 {
		s.indent = true
	}
	if !s.indent || want <= 0 || want > len(s.stack) {
		return nil
	}
	s.stack = s.stack[:want]
	if c == '"' {
		s.stack[want-1].value = false
	}
	if want < s.at { // the end of the captured object was lost
		return s.emit()
	}
	return nil
}

func (s *walk) take(c byte) error {
	switch c {
	case '\n':
		s.lead = 0
		s.keep(c)
	case ' ', '\t', '\r':
		s.keep(c)
	case '{', '[':
		return s.push(c)
	case '}', ']':
		return s.pop(c)
	case '"':
		return s.text()
	case ',':
		s.keep(c)
		if top := s.top(); top != nil {
			top.value = false
		}
	case ':':
		s.keep(c)
		if top := s.top(); top != nil && top.object {
			top.value = true
		}
	default:
		return s.scalar(c)
	}
	return nil
}

func (s *walk) top() *level {
	if len(s.stack) == 0 || s.deep > 0 {
		return nil
	}
	return &s.stack[len(s.stack)-1]
}

// keep adds a byte to the captured object.
func (s *walk) keep(c byte) {
	if s.at == 0 {
		return
	}
	if len(s.buf) >= elementMax {
		s.large = true
		return
	}
	s.buf = append(s.buf, c)
}

// where is the path of the value that comes.
func (s *walk) where() string {
	var b strings.Builder
	for i, l := range s.stack {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(l.name)
	}
	return b.String()
}

func (s *walk) push(c byte) error {
	if len(s.stack) >= walkDepth {
		s.deep++
		s.keep(c)
		return nil
	}
	if s.at == 0 {
		path := s.where()
		if c == '{' && len(s.stack) > 0 && s.w.Capture != nil && s.w.Capture(path) {
			s.record++
			s.path, s.at = path, len(s.stack)+1
			s.buf, s.large = s.buf[:0], false
		} else if s.w.Enter != nil {
			s.w.Enter(path)
		}
	}
	s.root = true
	s.keep(c)
	s.stack = append(s.stack, level{object: c == '{'})
	return nil
}

func (s *walk) pop(c byte) error {
	s.keep(c)
	if s.deep > 0 {
		s.deep--
		return nil
	}
	if len(s.stack) == 0 {
		return nil
	}
	s.stack = s.stack[:len(s.stack)-1]
	if top := s.top(); top != nil {
		top.value = false
	}
	if s.at == 0 || len(s.stack) >= s.at {
		return nil
	}
	return s.emit()
}

// emit hands over what was captured.
func (s *walk) emit() error {
	s.at = 0
	raw, bad := s.buf, error(nil)
	if s.large {
		raw, bad = nil, &jsonstream.RecordError{Record: s.record, Err: jsonstream.ErrTooLarge}
	}
	return s.w.Element(s.path, s.record, raw, bad)
}

// text reads a string.
func (s *walk) text() error {
	if s.at == 0 {
		s.buf = s.buf[:0]
	}
	s.put('"')
	for {
		c, err := s.br.ReadByte()
		if err != nil {
			return s.end(io.ErrUnexpectedEOF)
		}
		switch c {
		case '"':
			s.put(c)
			s.ended(true)
			return nil
		case '\n':
			s.lead = 0
			s.put('"')
			s.ended(true)
			return nil
		case '\\':
			next, err := s.br.ReadByte()
			if err != nil {
				return s.end(io.ErrUnexpectedEOF)
			}
			if next == 'x' {
				for _, c := range []byte(`\u00`) {
					s.put(c)
				}
				continue
			}
			s.put(c)
			s.put(next)
		default:
			s.put(c)
		}
	}
}

// put adds a byte of a string or scalar.
func (s *walk) put(c byte) {
	if s.at > 0 {
		s.keep(c)
	} else if len(s.buf) < scalarMax {
		s.buf = append(s.buf, c)
	}
}

// ended takes a string or scalar that was read.
func (s *walk) ended(quoted bool) {
	top := s.top()
	if s.at > 0 || top == nil {
		return
	}
	value := string(bytes.ToValidUTF8(s.buf, []byte("\uFFFD")))
	if quoted {
		value = jsonstream.Unquote(s.buf)
	}
	if top.object && !top.value {
		if len(value) > 1<<10 {
			value = "?"
		}
		top.name = strings.ReplaceAll(value, "/", "\u2215")
		return
	}
	if s.w.Scalar != nil && len(s.stack) <= 8 && value != "null" {
		s.w.Scalar(s.where(), value)
	}
}

// scalar reads a number, a boolean, null, or rubbish.
func (s *walk) scalar(c byte) error {
	if s.at == 0 {
		s.buf = s.buf[:0]
	}
	s.put(c)
	for {
		c, err := s.br.ReadByte()
		if err != nil {
			return s.end(err)
		}
		if strings.IndexByte(" \t\r\n,:]}[{\"", c) >= 0 {
			s.ended(false)
			if err := s.br.UnreadByte(); err != nil {
				return err
			}
			return nil
		}
		s.put(c)
	}
}

// Decode reads one captured object.
func Decode(raw []byte, read func(d *jsonstream.Decoder) error) error {
	return jsonstream.Value(bytes.NewReader(raw), elementMax+1, read)
}
