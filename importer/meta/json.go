package meta

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/jsonstream"
)

// A Reader reads members of one export and tells the sink what it cannot read.
type Reader struct {
	Ctx         context.Context
	FS          fs.FS
	*intake.Log // losses are counted by section
}

// NewReader returns a reader.
func NewReader(ctx context.Context, fsys fs.FS, out importer.Sink) *Reader {
	return &Reader{Ctx: ctx, FS: fsys, Log: intake.NewLog(out)}
}

// A File is a member, and the section of the export to which it belongs.
type File struct {
	Path    string // what to open
	Section string
}

// Skip counts a record, or with 0 a whole member, that could not be read.
func (r *Reader) Skip(f File, record int, why string) error {
	return r.Log.Skip(f.Section, f.Path, record, why)
}

// wrapperDepth is how deep a list may lie: "v2" key, then a group of lists.
const wrapperDepth = 2

// Each reads every record of a member and hands the good ones to fn. The
// member is a list, an object with lists in it (one key, or two as in
// {"event_responses_v2":{"events_joined":[...]}}), or a lone record, which is
// what Meta writes for a list of one. What is wrong with the member is told to
// the sink, so that only the sink's own errors and the context's come back.
func Each[T any](r *Reader, f File, parse func(*jsonstream.Decoder, *T) error, fn func(record int, v *T) error) error {
	return EachIn(r, f, nil, parse, fn)
}

// EachIn is Each for a list whose place is known: names as in
// jsonstream.Options.Path. Without names it looks for itself.
func EachIn[T any](r *Reader, f File, names []string, parse func(*jsonstream.Decoder, *T) error, fn func(record int, v *T) error) error {
	if err := r.Ctx.Err(); err != nil {
		return err
	}
	file, err := r.FS.Open(f.Path)
	if err != nil {
		return r.Skip(f, 0, "cannot be opened")
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, headSize)
	lone := false
	if names == nil {
		head, _ := in.Peek(headSize)
		names, lone = wayIn(head)
	}
	if lone {
		return r.lone(f, in, len(names), func(d *jsonstream.Decoder) (func() error, error) {
			v := new(T)
			return func() error { return fn(1, v) }, parse(d, v)
		})
	}
	stats, err := jsonstream.Decode(in, jsonstream.Options{Path: names}, parse, func(record int, v *T, err error) error {
		if record%256 == 0 && r.Ctx.Err() != nil {
			return r.Ctx.Err()
		}
		if err != nil {
			return r.Skip(f, record, intake.Reason(err))
		}
		return fn(record, v)
	})
	return r.ended(f, stats, err)
}

func (r *Reader) lone(f File, in io.Reader, depth int, parse func(*jsonstream.Decoder) (func() error, error)) error {
	var give []func() error
	err := jsonstream.Value(in, jsonstream.DefaultMaxElement, func(d *jsonstream.Decoder) error {
		return descend(d, depth, func() error {
			fn, err := parse(d)
			give = append(give, fn)
			return err
		})
	})
	if ctxErr := r.Ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	if err != nil {
		return r.Skip(f, 1, intake.Reason(err))
	}
	for _, fn := range give {
		if err := fn(); err != nil {
			return err
		}
	}
	return nil
}

// descend goes through wrappers to the record in {"comments_v2":{...}}.
func descend(d *jsonstream.Decoder, depth int, record func() error) error {
	if depth == 0 {
		return record()
	}
	return jsonstream.Object(d, func([]byte) error {
		if d.PeekKind() != '{' {
			return jsonstream.Skip(d)
		}
		return descend(d, depth-1, record)
	})
}

func (r *Reader) ended(f File, stats jsonstream.Stats, err error) error {
	if ctxErr := r.Ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	var bad *jsonstream.RecordError
	switch {
	case errors.As(err, &bad):
		return r.Skip(f, bad.Record, intake.Reason(bad))
	case err != nil:
		return err
	}
	return r.Odd(f.Path, stats)
}

// Value reads a small member as a whole.
func (r *Reader) Value(f File, read func(d *jsonstream.Decoder) error) error {
	if err := r.Ctx.Err(); err != nil {
		return err
	}
	file, err := r.FS.Open(f.Path)
	if err != nil {
		return r.Skip(f, 0, "cannot be opened")
	}
	defer file.Close()
	if err := jsonstream.Value(file, jsonstream.DefaultMaxElement, read); err != nil {
		if ctxErr := r.Ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		return r.Skip(f, 0, intake.Reason(err))
	}
	return nil
}

// headSize is how much of a file is looked at to learn its shape.
const headSize = 64 << 10

// wayIn says how a file's records are reached, by its first bytes: the path
// to its lists, or that a lone record lies there.
func wayIn(head []byte) (names []string, lone bool) {
	s := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n")
	depth := 0
	for depth <= wrapperDepth && strings.HasPrefix(s, "{") {
		name, value, ok := member(s)
		if !ok || recordNames[name] || scalar(value) {
			return stars(depth), true
		}
		s = value
		depth++
	}
	return stars(depth), false
}

// stars is never nil, for nil means that the way is not known.
func stars(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "*"
	}
	return names
}

// scalar says whether a value is neither list nor object.
func scalar(s string) bool {
	return s != "" && s[0] != '{' && s[0] != '['
}

// member reads the first name of an object, and where its value begins.
func member(s string) (name, value string, ok bool) {
	s = strings.TrimLeft(s[1:], " \t\r\n")
	if !strings.HasPrefix(s, `"`) {
		return "", "", false
	}
	name, s, ok = strings.Cut(s[1:], `"`)
	s = strings.TrimLeft(s, " \t\r\n")
	if !ok || !strings.HasPrefix(s, ":") {
		return "", "", false
	}
	return name, strings.TrimLeft(s[1:], " \t\r\n"), true
}

// recordNames begin a record, never a wrapper.
var recordNames = map[string]bool{
	"timestamp": true, "creation_timestamp": true, "label_values": true, "data": true, "media": true,
	"attachments": true, "tags": true, "title": true, "uri": true, "string_map_data": true,
	"string_list_data": true, "media_list_data": true, "media_map_data": true, "fbid": true, "name": true,
	"participants": true, "description": true,
}

// Number takes the next value as a whole number; others leave p as it was.
func Number(d *jsonstream.Decoder, p *int64) error {
	var s string
	if err := jsonstream.Text(d, &s); err != nil {
		return err
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		*p = n
	}
	return nil
}
