package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync/atomic"
	"time"
)

// folderSource reads members that lie on the disk as files. Its entries keep
// the modification time in off.
type folderSource struct {
	fsys  fs.FS
	root  io.Closer
	x     *index
	src   uint16
	real  []string // names that the index holds in another form; 1-based
	moved atomic.Bool
}

// readFolder adds all regular files below fsys to x. Links are not followed.
func readFolder(ctx context.Context, x *index, fsys fs.FS, root io.Closer) error {
	f := &folderSource{fsys: fsys, root: root, x: x, src: uint16(len(x.sources))}
	x.sources = append(x.sources, f)
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if name == "." {
				return err
			}
			x.log.unread++
			x.log.incomplete = true
			return nil
		}
		switch {
		case d.IsDir():
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			x.log.links++
			return nil
		case !d.Type().IsRegular():
			x.log.special++
			return nil
		}
		return f.add(name, d)
	})
}

func (f *folderSource) add(name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		f.x.log.unread++
		return nil
	}
	e := entry{src: f.src, size: info.Size(), off: info.ModTime().UnixNano()}
	if clean, _ := cleanName(name, f.x.lim); clean != name {
		f.real = append(f.real, name)
		e.crc = uint32(len(f.real))
	}
	return f.x.add(name, e)
}

func (f *folderSource) path(e *entry) string {
	if e.crc > 0 {
		return f.real[e.crc-1]
	}
	if was, ok := f.x.shared[e.name]; ok {
		return was
	}
	return e.name
}

func (f *folderSource) open(_ context.Context, e *entry) (io.ReadCloser, error) {
	file, err := f.fsys.Open(f.path(e))
	if err != nil {
		return nil, bare(err)
	}
	if info, err := file.Stat(); err != nil || !f.same(e, info) {
		f.moved.Store(true)
	}
	watched := folderFile{File: file, f: f, e: e}
	if r, ok := file.(io.ReaderAt); ok {
		return &randomFile{watched, r}, nil
	}
	return &watched, nil
}

func (f *folderSource) same(e *entry, info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Size() == e.size && info.ModTime().UnixNano() == e.off
}

// folderFile looks at the file again when it is closed.
type folderFile struct {
	fs.File
	f *folderSource
	e *entry
}

func (o *folderFile) Close() error {
	if info, err := o.Stat(); err != nil || !o.f.same(o.e, info) {
		o.f.moved.Store(true)
	}
	return o.File.Close()
}

// randomFile can also be read anywhere.
type randomFile struct {
	folderFile
	io.ReaderAt
}

// smallMember is what a folder's digest takes the content of.
const smallMember = 256 << 10

// digest covers path, size and time of every file, and the content of the
// small ones up to 64 MB: a folder has no checksums of its own.
func (f *folderSource) digest(ctx context.Context) ([]byte, error) {
	sum := sha256.New()
	fmt.Fprint(sum, "lookback folder 1\n")
	left := int64(64 << 20)
	for _, e := range f.sorted() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fmt.Fprintf(sum, "%q %d %d\n", f.path(e), e.size, e.off)
		if e.size > smallMember || e.size > left {
			continue
		}
		left -= e.size
		file, err := f.fsys.Open(f.path(e))
		if err != nil {
			continue // counted when an importer opens it
		}
		_, err = io.Copy(sum, io.LimitReader(file, smallMember))
		file.Close()
		if err != nil {
			return nil, bare(err)
		}
	}
	return sum.Sum(nil), nil
}

func (f *folderSource) sorted() []*entry {
	var own []*entry
	for i := range f.x.entries {
		if e := &f.x.entries[i]; e.src == f.src {
			own = append(own, e)
		}
	}
	slices.SortFunc(own, func(a, b *entry) int { return cmp.Compare(a.name, b.name) })
	return own
}

func (f *folderSource) changed() bool { return f.moved.Load() }

func (f *folderSource) close() error {
	if f.root == nil {
		return nil
	}
	return f.root.Close()
}

// bare strips the path from an error of the system: the caller names the
// member, and nobody needs to know where on the disk it lies.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// diskFile is an archive that is one file. The zero value stands for bytes
// that are not on a disk.
type diskFile struct {
	f    *os.File
	size int64
	time time.Time
}

func newDiskFile(f *os.File) (*diskFile, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return &diskFile{f: f, size: info.Size(), time: info.ModTime()}, nil
}

func (d *diskFile) changed() bool {
	if d == nil || d.f == nil {
		return false
	}
	info, err := d.f.Stat()
	return err == nil && (info.Size() != d.size || !info.ModTime().Equal(d.time))
}

func (d *diskFile) close() error {
	if d == nil || d.f == nil {
		return nil
	}
	return d.f.Close()
}
