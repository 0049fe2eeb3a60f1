package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Member is one file of an archive.
type Member struct {
	// Name is what to match, e.g. "data/tweets.js".
	Name string
	// Path is what to open. It differs from Name where members share a name
	// with other content, as the parts of one export can: each has a Path of
	// its own then.
	Path string
	Size int64 // unpacked
	crc  uint32
	has  bool
}

// Digest is equal for equal content of equal length: "crc32:…" in zips,
// empty where the archive has no checksums.
func (m Member) Digest() string {
	if !m.has {
		return ""
	}
	return fmt.Sprintf("crc32:%08x", m.crc)
}

// Members lists the files of fsys in the order of their paths. It costs no
// more than the archive's own list, whatever the number of folders.
func Members(fsys fs.FS) iter.Seq[Member] {
	if t, ok := fsys.(*tree); ok {
		return t.members
	}
	return func(yield func(Member) bool) {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			m := Member{Name: name, Path: name}
			if info, err := d.Info(); err == nil {
				m.Size = info.Size()
			}
			if !yield(m) {
				return fs.SkipAll
			}
			return nil
		})
		_ = err // the walk never returns one
	}
}

func (t *tree) members(yield func(Member) bool) {
	from, to := t.x.span(t.dir)
	cut := 0
	if t.dir != "" {
		cut = len(t.dir) + 1
	}
	for i := from; i < to; i++ {
		e := &t.x.entries[i]
		m := e.member()
		m.Name, m.Path = t.x.canonical(e.name)[cut:], e.name[cut:]
		if !yield(m) {
			return
		}
	}
}

func (e *entry) member() Member {
	return Member{Name: e.name, Path: e.name, Size: e.size, crc: e.crc, has: e.flags&flagHasCRC != 0}
}

// canonical returns the name that the archive gave to a member.
func (x *index) canonical(name string) string {
	if was, ok := x.shared[name]; ok {
		return was
	}
	return name
}

// Head returns the first n bytes of a member, fewer where it is shorter.
func Head(fsys fs.FS, name string, n int) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buf := make([]byte, n)
	got, err := io.ReadFull(f, buf)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return buf[:got], err
}

// Fold returns a member's name in the form in which names of different
// exports compare equal: lower case, NFC, one kind of blank and apostrophe.
func Fold(name string) string {
	name = strings.ToLower(norm.NFC.String(name))
	return folds.Replace(name)
}

var folds = strings.NewReplacer(`\`, "/", "\u00a0", " ", "\u202f", " ", "\u2019", "'", "\u2018", "'", "\u02bc", "'", "`", "'")

// Lost hands a member that cannot be read on to out as a skip, so that an
// importer goes on with the next. It returns an error where the import must
// end: when the context is done, or out says so. An importer's own errors
// must hold no text of a post, for the reason that is kept is err's text.
func Lost(out Sink, member string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return out.Skip(skipOf(member, err))
}

// Nested opens a zip that is a member of fsys as a file system of its own,
// without a temporary file: from memory while it is small, in place where
// it is stored unpacked, and else by unpacking it as often as needed.
func Nested(fsys fs.FS, name string) (fs.FS, error) {
	t, ok := fsys.(*tree)
	if !ok {
		return nestedCopy(fsys, name)
	}
	i, err := t.lookup("open", name)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("is a folder")}
	}
	e := &t.x.entries[i]
	if inner, ok := t.s.inner[e]; ok {
		return inner, nil
	}
	if t.deep >= t.x.lim.nested {
		return nil, fmt.Errorf("%s: %w: zips lie in zips too deep", name, ErrLimit)
	}
	b, err := t.blob(name, e)
	if err != nil {
		return nil, err
	}
	inner, err := nestedTree(t.s.ctx, b, t.x.lim)
	if err != nil {
		return nil, explain(name, err)
	}
	inner.s, inner.deep = t.s, t.deep+1
	t.s.keep(e, inner)
	return inner, nil
}

func nestedTree(ctx context.Context, b blob, lim limits) (*tree, error) {
	x := &index{lim: lim}
	if err := readZip(ctx, x, b, nil); err != nil {
		return nil, err
	}
	x.finish()
	return &tree{x: x}, nil
}

// nestedCopy opens a nested zip of a file system that is not an Archive's.
func nestedCopy(fsys fs.FS, name string) (fs.FS, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	t, err := nestedTree(context.Background(), memory(data), defaultLimits)
	if err != nil {
		return nil, explain(name, err)
	}
	t.s = &session{ctx: context.Background(), lim: defaultLimits, packed: int64(len(data))}
	t.deep = 1
	return t, nil
}

func memory(data []byte) flatBlob { return flatBlob{bytes.NewReader(data), int64(len(data))} }

// blob returns the bytes of a member in the form that costs least.
func (t *tree) blob(name string, e *entry) (blob, error) {
	if err := e.refused(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	switch src := t.x.sources[e.src].(type) {
	case *zipSource:
		if flat, ok := src.b.(flatBlob); ok && e.method == methodStored {
			return src.inPlace(t.s.ctx, flat, e)
		}
	case *folderSource, *singleSource:
		rc, err := src.open(t.s.ctx, e)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		if r, ok := rc.(io.ReaderAt); ok {
			t.s.later(rc)
			return flatBlob{r, e.size}, nil
		}
		rc.Close()
	}
	if e.size <= t.x.lim.inMemory {
		data, err := fs.ReadFile(t, name)
		return memory(data), err
	}
	open := func() (io.ReadCloser, error) { return t.Open(name) }
	b := &streamBlob{n: e.size, start: open, budget: 32*e.size + 1<<30}
	t.s.later(closer(b.close))
	return b, nil
}

type closer func() error

func (c closer) Close() error { return c() }

// RandomReader reads a member at any offset. It is for formats that point
// into themselves; where the archive packs the member, going back means
// unpacking it again, so ask for offsets in rising order.
type RandomReader struct {
	t *tree
	e *entry
	b blob
}

// OpenRandom opens a member for reading at any offset. There is nothing to
// close: it is good for as long as Import or Recognize runs.
func OpenRandom(fsys fs.FS, name string) (*RandomReader, error) {
	t, ok := fsys.(*tree)
	if !ok {
		data, err := fs.ReadFile(fsys, name)
		return &RandomReader{b: memory(data)}, err
	}
	i, err := t.lookup("open", name)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("is a folder")}
	}
	e := &t.x.entries[i]
	b, err := t.blob(name, e)
	if err != nil {
		return nil, err
	}
	return &RandomReader{t, e, b}, nil
}

// Size returns the unpacked length of the member.
func (r *RandomReader) Size() int64 { return r.b.size() }

// ReadAt reads as io.ReaderAt says.
func (r *RandomReader) ReadAt(p []byte, off int64) (int, error) {
	ctx := context.Background()
	if r.t != nil {
		ctx = r.t.s.ctx
	}
	if off >= r.b.size() {
		return 0, io.EOF
	}
	rc, err := r.b.at(ctx, off)
	if err != nil {
		return 0, err
	}
	defer rc.Close()
	n, err := io.ReadFull(rc, p)
	if err == io.ErrUnexpectedEOF && off+int64(n) == r.b.size() {
		err = io.EOF
	}
	if r.t != nil {
		if stop := r.t.s.passed(r.e, off+int64(n), int64(n)); stop != nil {
			return n, stop
		}
	}
	return n, err
}

// inPlace returns a stored member as a part of the zip's own bytes.
func (z *zipSource) inPlace(ctx context.Context, flat flatBlob, e *entry) (blob, error) {
	local, err := readRange(ctx, flat, e.off, lenLocal)
	if err != nil {
		return nil, err
	}
	off := e.off + lenLocal + int64(local[26]) + int64(local[27])<<8 + int64(local[28]) + int64(local[29])<<8
	if e.size != e.packed || off > flat.n-e.size {
		return nil, errHeader
	}
	return flatBlob{io.NewSectionReader(flat.r, off, e.size), e.size}, nil
}

// keep remembers a nested tree for as long as the session lasts.
func (s *session) keep(e *entry, inner *tree) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inner == nil {
		s.inner = make(map[*entry]*tree)
	}
	s.inner[e] = inner
}

// later has the session close c at its end.
func (s *session) later(c io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends = append(s.ends, c)
}

// close lets go of nested archives.
func (s *session) close() {
	s.mu.Lock()
	ends := s.ends
	s.ends, s.inner = nil, nil
	s.mu.Unlock()
	for _, c := range ends {
		_ = c.Close() // nothing was written
	}
}
