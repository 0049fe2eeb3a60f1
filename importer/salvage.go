package importer

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
)

// A zip whose end was never downloaded has no table of contents, but every
// member begins with a header of its own. salvage walks those, so that what
// did arrive is read. Members written as a stream do not say how long they
// are (APPNOTE 6.3.10, 4.4.4, bit 3); they are unpacked once to find out.

const (
	sigDescriptor = 0x08074b50
	streamedFlag  = 1 << 3

	// cutRatio bounds what is unpacked of a member whose size nobody states.
	cutRatio = 100
)

// salvageZip adds the members of a zip without a table of contents to x. It
// returns errNoDirectory where there is not even one.
func salvageZip(ctx context.Context, x *index, b blob, file *diskFile) error {
	rc, err := b.at(ctx, 0)
	if err != nil {
		return errNoDirectory
	}
	defer rc.Close()
	s := &salvage{x: x, before: len(x.entries), r: &countingReader{r: bufio.NewReaderSize(rc, 256<<10)}, total: b.size(), src: uint16(len(x.sources))}
	for err == nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err = s.next()
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if len(x.entries) == s.before {
		return errNoDirectory
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "lookback cut zip 1\n%d\n", b.size())
	for _, e := range x.entries[s.before:] {
		fmt.Fprintf(sum, "%s %d %d %08x\n", e.name, e.off, e.packed, e.crc)
	}
	x.sources = append(x.sources, &zipSource{b: b, sum: sum.Sum(nil), file: file})
	x.log.incomplete = true
	x.log.note("archive-cut", "", "The download is incomplete: what arrived was read, the rest is missing. Download it again.")
	return nil
}

type salvage struct {
	x      *index
	r      *countingReader
	total  int64
	src    uint16
	before int
}

// next reads one local header, adds its member and passes over its data. It
// returns io.EOF where no further member begins.
func (s *salvage) next() error {
	at := s.r.n
	h := &zipHeader{}
	var local [lenLocal]byte
	if _, err := io.ReadFull(s.r, local[:]); err != nil || binary.LittleEndian.Uint32(local[:]) != sigLocal {
		return io.EOF
	}
	// The local header has the fields of the directory's, two bytes earlier.
	copy(h.fixed[6:], local[4:])
	h.rest = make([]byte, int(h.u16(28))+int(h.u16(30)))
	if _, err := io.ReadFull(s.r, h.rest); err != nil {
		return io.EOF
	}
	e := h.entry(s.src, 0)
	e.off = at
	left := s.total - s.r.n
	streamed := h.u16(8)&streamedFlag != 0 && e.packed == 0
	switch {
	case streamed && e.method == methodDeflate && e.flags&flagEncrypted == 0:
		s.measure(&e, left)
	case streamed || e.packed < 0 || e.size < 0:
		return io.EOF // where the next member begins cannot be known
	case e.packed > left:
		e.packed = left
	}
	if e.size > s.x.lim.member {
		e.flags |= flagBroken
	}
	if !h.isDir() {
		if err := s.x.add(h.text(), e); err != nil {
			return err
		}
	}
	if streamed {
		return nil
	}
	_, err := io.CopyN(io.Discard, s.r, e.packed)
	return noMore(err)
}

// measure unpacks a member whose header does not say its size, and reads the
// record behind it that does.
func (s *salvage) measure(e *entry, left int64) {
	start := s.r.n
	fr := flate.NewReader(s.r)
	size, err := io.Copy(io.Discard, io.LimitReader(fr, min(s.x.lim.member, cutRatio*left+1<<20)))
	e.packed = s.r.n - start
	if err != nil {
		// Cut inside: more is promised than there is, so that reading it ends
		// with the error of a cut file.
		e.packed, e.size = left, size+1
		return
	}
	e.size = size
	s.descriptor(e)
}

// descriptor reads the checksum and sizes behind the data, in any of the four
// forms in use: with a signature or not, with numbers of 32 or 64 bits.
func (s *salvage) descriptor(e *entry) {
	d, err := s.r.r.Peek(24)
	if err != nil && len(d) < 12 {
		return
	}
	skip := 0
	if binary.LittleEndian.Uint32(d) == sigDescriptor {
		skip = 4
	}
	if len(d) < skip+12 {
		return
	}
	e.crc = binary.LittleEndian.Uint32(d[skip:])
	n := skip + 12
	if len(d) >= skip+20 && binary.LittleEndian.Uint32(d[skip+8:]) != uint32(e.size) &&
		binary.LittleEndian.Uint64(d[skip+4:]) == uint64(e.packed) {
		n = skip + 20
	}
	s.r.skip(n)
}

func noMore(err error) error {
	if err != nil {
		return io.EOF
	}
	return nil
}

// countingReader says how many bytes were taken. It hands out single bytes, so
// that inflating takes none beyond its end.
type countingReader struct {
	r *bufio.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *countingReader) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func (c *countingReader) skip(n int) {
	k, _ := c.r.Discard(n)
	c.n += int64(k)
}
