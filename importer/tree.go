package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// source is where the bytes of some entries come from.
type source interface {
	// open returns the unpacked bytes of a member.
	open(ctx context.Context, e *entry) (io.ReadCloser, error)
	// digest identifies the source's content.
	digest(ctx context.Context) ([]byte, error)
	// changed says whether the source is not what it was when it was opened.
	changed() bool
	close() error
}

// tree is an index as an fs.FS: the form in which importers see an archive.
// A tree may show one folder of the index only.
type tree struct {
	x    *index
	dir  string // shown as the root; empty for all
	s    *session
	deep int // zips around this one
}

var (
	_ fs.ReadDirFS = (*tree)(nil)
	_ fs.StatFS    = (*tree)(nil)
	_ fs.SubFS     = (*tree)(nil)
	// Without ReadFile, fs.ReadFile would allocate whatever size a forged
	// archive states.
	_ fs.ReadFileFS = (*tree)(nil)
)

// full returns the name in the index of a name in the tree.
func (t *tree) full(name string) string {
	switch {
	case t.dir == "":
		return name
	case name == ".":
		return t.dir
	}
	return t.dir + "/" + name
}

// lookup returns the position of a file, or -1 for a folder.
func (t *tree) lookup(op, name string) (int, error) {
	if !fs.ValidPath(name) {
		return 0, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	full := t.full(name)
	if full == "." {
		return -1, nil
	}
	if i, ok := t.x.find(full); ok {
		return i, nil
	}
	if i := t.x.from(full + "/"); i < len(t.x.entries) && strings.HasPrefix(t.x.entries[i].name, full+"/") {
		return -1, nil
	}
	if name == "." {
		return -1, nil
	}
	return 0, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// Open opens a member or a folder.
func (t *tree) Open(name string) (fs.File, error) {
	i, err := t.lookup("open", name)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return &dirFile{t: t, name: name}, nil
	}
	f, err := t.s.open(t.x, i)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f.name = name
	return f, nil
}

// Stat describes a member or a folder without opening it.
func (t *tree) Stat(name string) (fs.FileInfo, error) {
	i, err := t.lookup("stat", name)
	if err != nil {
		return nil, err
	}
	return t.info(i, path.Base(name)), nil
}

func (t *tree) info(i int, base string) fileInfo {
	if i < 0 {
		return fileInfo{name: base, dir: true}
	}
	return fileInfo{name: base, size: t.x.entries[i].size}
}

// ReadFile reads a small member. Larger ones must be streamed.
func (t *tree) ReadFile(name string) ([]byte, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, t.x.lim.whole+1))
	if err == nil && int64(len(data)) > t.x.lim.whole {
		err = &fs.PathError{Op: "read", Path: name, Err: tooLarge("the member is too large to be read at once")}
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Sub returns the tree below dir.
func (t *tree) Sub(dir string) (fs.FS, error) {
	if !fs.ValidPath(dir) {
		return nil, &fs.PathError{Op: "sub", Path: dir, Err: fs.ErrInvalid}
	}
	return t.sub(dir), nil
}

func (t *tree) sub(dir string) *tree {
	if dir == "." {
		return t
	}
	below := *t
	below.dir = t.full(dir)
	return &below
}

// with returns the tree as part of a session.
func (t *tree) with(s *session) *tree {
	bound := *t
	bound.s = s
	return &bound
}

// span returns the positions of everything below dir of the index.
func (x *index) span(dir string) (from, to int) {
	if dir == "" || dir == "." {
		return 0, len(x.entries)
	}
	return x.from(dir + "/"), x.from(dir + "0") // '0' follows '/'
}

// ReadDir lists a folder.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	i, err := t.lookup("readdir", name)
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a folder")}
	}
	var list []fs.DirEntry
	for base, j := range t.children(t.full(name)) {
		list = append(list, fs.FileInfoToDirEntry(t.info(j, base)))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// children calls yield with each name in a folder of the index, and its
// position, -1 for a folder.
func (t *tree) children(dir string) func(func(string, int) bool) {
	return func(yield func(string, int) bool) {
		prefix := 0
		if dir != "." && dir != "" {
			prefix = len(dir) + 1
		}
		from, to := t.x.span(dir)
		for i := from; i < to; {
			rest := t.x.entries[i].name[prefix:]
			base, _, isDir := strings.Cut(rest, "/")
			if !isDir {
				if !yield(base, i) {
					return
				}
				i++
				continue
			}
			if !yield(base, -1) {
				return
			}
			i = t.x.from(t.x.entries[i].name[:prefix+len(base)] + "0")
		}
	}
}

// fileInfo describes a member. Archives' own times and modes mean nothing
// to an importer and are not kept.
type fileInfo struct {
	name string
	size int64
	dir  bool
}

func (i fileInfo) Name() string       { return i.name }
func (i fileInfo) Size() int64        { return i.size }
func (i fileInfo) ModTime() time.Time { return time.Time{} }
func (i fileInfo) IsDir() bool        { return i.dir }
func (i fileInfo) Sys() any           { return nil }
func (i fileInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o500
	}
	return 0o400
}

// dirFile is an open folder.
type dirFile struct {
	t    *tree
	name string
	list []fs.DirEntry
	read bool
}

func (d *dirFile) Stat() (fs.FileInfo, error) { return d.t.info(-1, path.Base(d.name)), nil }
func (d *dirFile) Close() error               { return nil }
func (d *dirFile) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: errors.New("is a folder")}
}

// ReadDir lists the folder as fs.ReadDirFile says.
func (d *dirFile) ReadDir(n int) ([]fs.DirEntry, error) {
	if !d.read {
		list, err := d.t.ReadDir(d.name)
		if err != nil {
			return nil, err
		}
		d.list, d.read = list, true
	}
	if n <= 0 {
		list := d.list
		d.list = nil
		return list, nil
	}
	if len(d.list) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.list))
	list := d.list[:n]
	d.list = d.list[n:]
	return list, nil
}

// session is one use of an archive: its context, its progress and what it
// has read so far.
type session struct {
	ctx context.Context
	lim limits
	// packed is the size of the whole archive as it lies on the disk.
	packed int64

	mu     sync.Mutex
	meter  Meter
	wanted map[*entry]int64 // members that count for the meter, and how far they are
	left   int64            // of the meter's total
	failed error            // what the drive said when it failed first
	last   string           // name of the member opened last
	out    int64            // bytes unpacked
	inner  map[*entry]*tree // nested zips that are open
	ends   []io.Closer
}

// open opens the member at position i.
func (s *session) open(x *index, i int) (*memberFile, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	e := &x.entries[i]
	s.mu.Lock()
	s.last = e.name
	s.mu.Unlock()
	if err := e.refused(); err != nil {
		return nil, err
	}
	rc, err := x.sources[e.src].open(s.ctx, e)
	if err != nil {
		s.notice(err)
		return nil, err
	}
	return &memberFile{s: s, e: e, rc: rc}, nil
}

// notice remembers that the drive failed. To an importer that looks like a
// member that is cut, but the next time it may be whole.
func (s *session) notice(err error) {
	var errno syscall.Errno
	if !errors.As(err, &errno) || errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = &HintError{Err: fmt.Errorf("the drive failed while it was read: %w", errno),
			Hint: "check the drive or the network, or copy the archive to this computer, and import it again"}
	}
}

// trouble is what notice remembers.
func (s *session) trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// refused says why a member must not be opened.
func (e *entry) refused() error {
	switch {
	case e.flags&flagEncrypted != 0:
		return errEncrypted
	case e.flags&flagOverlaps != 0:
		return errOverlaps
	case e.flags&flagBroken != 0:
		return errHeader
	case e.flags&flagSparse != 0:
		return errors.New("it is a sparse file, which no export has")
	}
	return nil
}

var errOverlaps = fmt.Errorf("%w: its data is also that of another member, which only a forged archive has", ErrLimit)

// memberFile is an open member.
type memberFile struct {
	s    *session
	e    *entry
	name string
	rc   io.ReadCloser
	pos  int64
	err  error
}

func (f *memberFile) Stat() (fs.FileInfo, error) {
	return fileInfo{name: path.Base(f.name), size: f.e.size}, nil
}

func (f *memberFile) Close() error {
	if f.rc == nil {
		return &fs.PathError{Op: "close", Path: f.name, Err: fs.ErrClosed}
	}
	err := f.rc.Close()
	f.rc = nil
	return err
}

func (f *memberFile) Read(p []byte) (int, error) {
	if f.rc == nil {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: fs.ErrClosed}
	}
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.rc.Read(p)
	f.pos += int64(n)
	if limit := f.s.passed(f.e, f.pos, int64(n)); limit != nil {
		err = limit
	}
	if err != nil && err != io.EOF {
		f.s.notice(err)
		err = &fs.PathError{Op: "read", Path: f.name, Err: err}
	}
	f.err = err
	return n, err
}

// passed counts n bytes of e, which now stands at pos, and says whether the
// reader must stop.
func (s *session) passed(e *entry, pos, n int64) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out += n
	s.advance(e, pos)
	switch {
	case pos > s.lim.member:
		return tooLarge("the member is larger than any that an export has")
	case e.packed > 0 && pos > s.lim.ratioFree && pos/s.lim.ratio > e.packed:
		return tooLarge(fmt.Sprintf("the member unpacks to more than %d times its size", s.lim.ratio))
	case s.out > s.lim.total:
		return tooLarge("the archive is larger than any export")
	case s.packed > 0 && s.out > s.lim.totalFree && s.out/s.lim.ratio > s.packed:
		return tooLarge(fmt.Sprintf("the archive unpacks to more than %d times its size", s.lim.ratio))
	}
	return nil
}

// ErrLimit is in the chain of every error that stopped an archive which
// would have filled the memory or the day.
var ErrLimit = errors.New("stopped for safety")

func tooLarge(what string) error {
	return &HintError{
		Err:  fmt.Errorf("%w: %s", ErrLimit, what),
		Hint: "it may be forged; download the export again from the platform itself",
	}
}

// watch makes the meter count the members in wanted.
func (s *session) watch(m Meter, wanted map[*entry]int64, total int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meter, s.wanted, s.left = m, wanted, total
}

// advance moves the meter on where e stands further than it ever did: bytes
// that are read twice count once.
func (s *session) advance(e *entry, pos int64) {
	far, ok := s.wanted[e]
	if !ok || pos <= far {
		return
	}
	step := min(pos, e.size) - far
	if step <= 0 {
		return
	}
	s.wanted[e] = far + step
	s.left -= step
	s.meter.Add(step)
}

// fill takes the meter to its end: what an importer did not need to read is
// done too.
func (s *session) fill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.meter != nil && s.left > 0 {
		s.meter.Add(s.left)
		s.left = 0
	}
}
