// Package csvstream reads the CSV files of export archives row by row in
// bounded memory, in the dialects in which platforms write them: quotes
// doubled or escaped with a backslash, commas, semicolons or tabs, UTF-8 or
// UTF-16, lines before the header, the end cut off.
//
// encoding/csv gives up a whole file at the first quote that is not where RFC
// 4180 wants it; here such a quote is a character of its field.
//
// No error of this package holds anything of what was read.
package csvstream

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"

	"lookback/importer/jsonstream"

	"golang.org/x/text/encoding"
	utf "golang.org/x/text/encoding/unicode"
)

// MaxRow bounds the bytes of one row. The longest honest field is an article.
const MaxRow = 4 << 20

// maxFields bounds the fields of one row.
const maxFields = 1024

// Reasons why a row is not whole.
var (
	ErrCut      = errors.New("the file ends in the middle of this row")
	ErrTooLarge = errors.New("the row is too large")
)

// Options choose the dialect. The zero value doubles quotes and finds the
// delimiter in the first line.
type Options struct {
	// Backslash: inside quotes, a backslash makes a quote or a backslash
	// after it plain. Doubled quotes count as well.
	Backslash bool
	// Comma is the delimiter; 0 finds it.
	Comma byte
}

// A Row is one line of the table. Fields are valid UTF-8.
type Row struct {
	Number int // 1-based, lines before the header and blank ones included
	Fields []string
}

// Get returns the field in a column, and nothing where there is none.
func (r Row) Get(column int) string {
	if column < 0 || column >= len(r.Fields) {
		return ""
	}
	return r.Fields[column]
}

// A Reader reads rows.
type Reader struct {
	in     *bufio.Reader
	o      Options
	number int
	size   int // bytes of this row
	field  []byte
	fields []string
}

// NewReader reads from r. It looks at the first bytes at once.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	text, err := plainText(r)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(text, 64<<10)
	if o.Comma == 0 {
		head, err := in.Peek(4 << 10)
		if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
			return nil, err
		}
		o.Comma = delimiter(head)
	}
	return &Reader{in: in, o: o}, nil
}

// plainText decodes UTF-16, with a byte order mark and without.
func plainText(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err == nil && (head[0] == 0) != (head[1] == 0) {
		order := utf.LittleEndian
		if head[0] == 0 {
			order = utf.BigEndian
		}
		var enc encoding.Encoding = utf.UTF16(order, utf.IgnoreBOM)
		return enc.NewDecoder().Reader(in), nil
	}
	text, _, err := jsonstream.NewUTF8Reader(in)
	return text, err
}

// delimiter is the most frequent candidate of the first line with any.
func delimiter(head []byte) byte {
	for line := range bytes.Lines(head) {
		best, most := byte(0), 0
		for _, c := range []byte(",\t;") {
			if n := bytes.Count(line, []byte{c}); n > most {
				best, most = c, n
			}
		}
		if most > 0 {
			return best
		}
	}
	return ','
}

// Read returns the next row that is not blank. At the end it returns io.EOF;
// with ErrCut or ErrTooLarge the row holds what there is of it. Any other
// error is the input's own and ends the reading.
func (r *Reader) Read() (Row, error) {
	for {
		row, err := r.row()
		if err != nil || len(row.Fields) > 1 || strings.TrimSpace(row.Get(0)) != "" {
			return row, err
		}
	}
}

// States inside a row.
const (
	fieldStart = iota
	plain
	quoted
	afterQuote
)

// row reads to the end of a line that is outside quotes.
func (r *Reader) row() (Row, error) {
	r.number++
	r.fields, r.field, r.size = nil, r.field[:0], 0
	state := fieldStart
	for {
		c, err := r.in.ReadByte()
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return Row{}, err
		case err != nil && r.size == 0:
			return Row{Number: r.number}, io.EOF
		case err != nil:
			r.end()
			if state == quoted {
				return r.whole(), ErrCut
			}
			return r.whole(), nil
		}
		if r.size++; r.size > MaxRow || len(r.fields) > maxFields {
			return r.tooLarge()
		}
		if c == '\n' && state != quoted {
			r.trimReturn(state)
			r.end()
			return r.whole(), nil
		}
		state = r.step(state, c)
	}
}

// step takes one byte.
func (r *Reader) step(state int, c byte) int {
	switch state {
	case quoted:
		return r.insideQuotes(c)
	case afterQuote:
		switch {
		case c == '"':
			r.field = append(r.field, '"')
			return quoted
		case c == r.o.Comma:
			r.end()
			return fieldStart
		case (c == '\r' || c == ' ') && r.fieldEnds():
			return afterQuote
		}
		// The quote did not end the field after all.
		r.field = append(r.field, '"', c)
		return quoted
	}
	switch {
	case c == '"' && state == fieldStart:
		return quoted
	case c == r.o.Comma:
		r.end()
		return fieldStart
	case c == ' ' && state == fieldStart && len(r.field) == 0 && r.o.Comma != '\t' && r.quoteFollows():
		return fieldStart
	}
	r.field = append(r.field, c)
	return plain
}

func (r *Reader) quoteFollows() bool {
	next, err := r.in.Peek(1)
	return err == nil && next[0] == '"'
}

func (r *Reader) fieldEnds() bool {
	next, err := r.in.Peek(1)
	return err != nil || next[0] == '\n' || next[0] == '\r' || next[0] == r.o.Comma
}

func (r *Reader) insideQuotes(c byte) int {
	switch {
	case c == '"':
		return afterQuote
	case c == '\\' && r.o.Backslash:
		next, err := r.in.Peek(1)
		if err == nil && (next[0] == '"' || next[0] == '\\') {
			r.field = append(r.field, next[0])
			_, _ = r.in.Discard(1) // it was peeked
			r.size++
			return quoted
		}
	}
	r.field = append(r.field, c)
	return quoted
}

// trimReturn drops the carriage return of a line end.
func (r *Reader) trimReturn(state int) {
	if n := len(r.field); state == plain && n > 0 && r.field[n-1] == '\r' {
		r.field = r.field[:n-1]
	}
}

func (r *Reader) end() {
	text := string(r.field)
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	r.fields = append(r.fields, strings.ToValidUTF8(text, "\uFFFD"))
	r.field = r.field[:0]
}

func (r *Reader) whole() Row { return Row{Number: r.number, Fields: r.fields} }

// tooLarge goes on at the next line: a quote is missing somewhere, and
// nobody can tell where.
func (r *Reader) tooLarge() (Row, error) {
	for {
		_, err := r.in.ReadSlice('\n')
		switch {
		case err == nil || errors.Is(err, io.EOF):
			r.field = nil
			return Row{Number: r.number, Fields: r.fields}, ErrTooLarge
		case !errors.Is(err, bufio.ErrBufferFull):
			return Row{}, err
		}
	}
}

// Header reads rows until is says that one is the header, at most limit of
// them, and returns its columns by their names as Column folds them, the
// first of equal ones. It returns io.EOF where no row is the header.
func (r *Reader) Header(limit int, is func(columns map[string]int) bool) (map[string]int, error) {
	for range limit {
		row, err := r.Read()
		if err != nil && !errors.Is(err, ErrCut) && !errors.Is(err, ErrTooLarge) {
			return nil, err
		}
		columns := make(map[string]int, len(row.Fields))
		for i, name := range row.Fields {
			if _, taken := columns[Column(name)]; !taken {
				columns[Column(name)] = i
			}
		}
		if is(columns) {
			return columns, nil
		}
		if err != nil {
			break
		}
	}
	return nil, io.EOF
}

// Column folds the name of a column: "Creation Date", "creation_date" and
// "CreationDate" are one. What is not a letter or digit does not count.
func Column(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
}
