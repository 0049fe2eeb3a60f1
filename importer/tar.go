package importer

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// tarSource reads members of a tar, plain or gzipped. Members are found by
// their offset in the unpacked stream.
type tarSource struct {
	b      blob
	whole  blob // the file itself, for the digest
	file   *diskFile
	sum    []byte           // digest, where reading the index gave it
	cached map[int64][]byte // small members of a gzipped tar, packed, by offset
}

// readTar indexes a plain tar, passing over the data.
func readTar(ctx context.Context, x *index, b blob, file *diskFile) error {
	rc, err := b.at(ctx, 0)
	if err != nil {
		return err
	}
	defer rc.Close()
	s := &tarSource{b: b, whole: b, file: file}
	src := uint16(len(x.sources))
	x.sources = append(x.sources, s)
	pos := &counter{r: rc}
	if r, ok := b.(flatBlob); ok {
		pos.r = io.NewSectionReader(r.r, 0, r.n)
		pos.seek = pos.r.(io.Seeker)
	}
	return eachTarMember(ctx, x, seekable(pos), func(h *tar.Header) error {
		return x.add(h.Name, entry{src: src, off: pos.n, size: h.Size, flags: tarFlags(h)})
	})
}

// readTarGz indexes a gzipped tar. It must unpack all of it for that, and
// keeps the members that may be text, packed again, as long as there is
// room: most exports are then read in this one pass.
func readTarGz(ctx context.Context, x *index, b blob, file *diskFile, m Meter) error {
	m.Total(b.size())
	sum := sha256.New()
	fmt.Fprintf(sum, "lookback targz 1\n%d\n", b.size())
	rc, err := b.at(ctx, 0)
	if err != nil {
		return err
	}
	defer rc.Close()
	in := &counter{r: io.TeeReader(rc, sum), meter: m}
	gz, err := gzip.NewReader(in)
	if err != nil {
		return noEOF(err)
	}
	out := &counter{r: gz, check: func(n int64) error {
		if n > x.lim.totalFree && n/x.lim.ratio > b.size() {
			return tooLarge(fmt.Sprintf("the archive unpacks to more than %d times its size", x.lim.ratio))
		}
		return ctx.Err()
	}}
	s := &tarSource{whole: b, file: file, cached: map[int64][]byte{}}
	if err := s.indexStream(ctx, x, in, out); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	s.sum = sum.Sum(nil)
	s.b = gunzipped(b, out.n)
	return nil
}

// indexStream adds the members of the tar in out, which unpacks in.
func (s *tarSource) indexStream(ctx context.Context, x *index, in, out *counter) error {
	src := uint16(len(x.sources))
	x.sources = append(x.sources, s)
	room := x.lim.cache
	tr := tar.NewReader(out)
	return walkTar(ctx, x, tr, func(h *tar.Header) error {
		e := entry{src: src, off: out.n, size: h.Size, flags: tarFlags(h)}
		before := in.n
		var cut error
		if e.flags == 0 && mayBeText(h.Name) && room > 0 {
			cut = s.keep(tr, &e, &room)
		} else {
			_, cut = io.Copy(io.Discard, tr)
		}
		// The packed size is known to within the buffers only.
		e.packed = in.n - before + 1<<20
		// A member that is cut stays: its first records are good.
		return cmp.Or(x.add(h.Name, e), cut)
	})
}

// gunzipped is the unpacked form of b, n bytes long.
func gunzipped(b blob, n int64) *streamBlob {
	return &streamBlob{n: n, budget: 32*n + 1<<30, start: func() (io.ReadCloser, error) {
		rc, err := b.at(context.Background(), 0)
		if err != nil {
			return nil, err
		}
		gz, err := gzip.NewReader(rc)
		if err != nil {
			rc.Close()
			return nil, noEOF(err)
		}
		return limitedCloser{gz, rc}, nil
	}}
}

// eachTarMember walks a tar that starts at r.
func eachTarMember(ctx context.Context, x *index, r io.Reader, do func(*tar.Header) error) error {
	return walkTar(ctx, x, tar.NewReader(r), do)
}

// walkTar calls do for each regular file. An archive that ends too early
// keeps what came before.
func walkTar(ctx context.Context, x *index, tr *tar.Reader, do func(*tar.Header) error) error {
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n > 2*x.lim.members {
			return errTooMany{x.lim.members}
		}
		h, err := tr.Next()
		if err == nil || errors.Is(err, tar.ErrInsecurePath) {
			err = tarMember(x, h, do)
		}
		switch {
		case err == io.EOF:
			return nil
		case err == nil:
		case isCut(err) && len(x.entries) > 0:
			x.log.incomplete = true
			x.log.note("archive-cut", "", "The archive ends too early, so what came last is missing: download it again.")
			return nil
		default:
			return err
		}
	}
}

func tarMember(x *index, h *tar.Header, do func(*tar.Header) error) error {
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		return do(h)
	case tar.TypeSymlink, tar.TypeLink:
		x.log.links++
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		x.log.special++
	}
	return nil
}

// isCut says whether a stream ended where more was promised, or is damaged.
func isCut(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader) ||
		errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || isCorrupt(err)
}

func tarFlags(h *tar.Header) uint16 {
	if h.Typeflag == tar.TypeGNUSparse {
		return flagSparse
	}
	for k := range h.PAXRecords {
		if strings.HasPrefix(k, "GNU.sparse.") {
			return flagSparse
		}
	}
	return 0
}

// mayBeText says whether a member's name is one under which exports keep
// what people wrote.
func mayBeText(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".jsonl", ".ndjson", ".js", ".csv", ".tsv", ".txt", ".html", ".htm", ".xml", ".car":
		return true
	}
	return false
}

// keep packs what r has left into memory if there is room for it.
func (s *tarSource) keep(r io.Reader, e *entry, room *int64) error {
	var buf bytes.Buffer
	enc, err := zstd.NewWriter(&buf, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return err
	}
	defer enc.Close()
	for int64(buf.Len()) < *room {
		_, err := io.CopyN(enc, r, 1<<20)
		if err == nil {
			continue
		}
		if err != io.EOF {
			return err
		}
		if err := enc.Close(); err != nil {
			return err
		}
		*room -= int64(buf.Len())
		s.cached[e.off] = bytes.Clone(buf.Bytes())
		return nil
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

func (s *tarSource) open(ctx context.Context, e *entry) (io.ReadCloser, error) {
	if packed, ok := s.cached[e.off]; ok {
		r, done, err := zstdReader(bytes.NewReader(packed))
		if err != nil {
			return nil, err
		}
		return &exact{r: r, left: e.size, close: func() error { done(); return nil }}, nil
	}
	if s.b == nil {
		return nil, io.ErrUnexpectedEOF
	}
	rc, err := s.b.at(ctx, e.off)
	if err != nil {
		return nil, err
	}
	return &exact{r: rc, left: e.size, close: rc.Close}, nil
}

// exact reads left bytes and says when there are fewer.
type exact struct {
	r     io.Reader
	left  int64
	close func() error
}

func (x *exact) Read(p []byte) (int, error) {
	if x.left <= 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > x.left {
		p = p[:x.left]
	}
	n, err := x.r.Read(p)
	x.left -= int64(n)
	if err == io.EOF && x.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (x *exact) Close() error { return x.close() }

// digest hashes the whole file: a tar has no checksums of its content.
func (s *tarSource) digest(ctx context.Context) ([]byte, error) {
	if s.sum != nil {
		return s.sum, nil
	}
	sum, err := hashBlob(ctx, "lookback tar 1", s.whole)
	if err == nil {
		s.sum = sum
	}
	return sum, err
}

func (s *tarSource) changed() bool { return s.file.changed() }

func (s *tarSource) close() error {
	if b, ok := s.b.(*streamBlob); ok {
		b.close()
	}
	return s.file.close()
}

// hashBlob hashes all of b under a label.
func hashBlob(ctx context.Context, label string, b blob) ([]byte, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%d\n", label, b.size())
	rc, err := b.at(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		_, err := io.CopyN(sum, rc, 16<<20)
		if err == io.EOF {
			return sum.Sum(nil), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// counter counts what passes.
type counter struct {
	r     io.Reader
	n     int64
	meter Meter
	seek  io.Seeker
	check func(int64) error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.meter != nil {
		c.meter.Add(int64(n))
	}
	if c.check != nil && err == nil {
		err = c.check(c.n)
	}
	return n, err
}

// seeker is a counter that passes over data without reading it.
type seeker struct{ *counter }

// Seek moves the reader; archive/tar uses it to pass over a member.
func (s seeker) Seek(off int64, whence int) (int64, error) {
	n, err := s.seek.Seek(off, whence)
	if err == nil {
		s.n = n
	}
	return n, err
}

func seekable(c *counter) io.Reader {
	if c.seek == nil {
		return c
	}
	return seeker{c}
}
