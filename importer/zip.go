package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/bzip2"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
)

// archive/zip keeps about 350 bytes of memory for each member and reads as
// many as there are, so a forged directory of four million entries takes
// more than a gigabyte. This reader keeps what an importer needs, counts
// before it builds, and works over streams too. It follows APPNOTE 6.3.10.

const (
	sigLocal   = 0x04034b50
	sigCentral = 0x02014b50
	sigEnd     = 0x06054b50
	sigEnd64   = 0x06064b50
	sigLoc64   = 0x07064b50

	lenLocal   = 30
	lenCentral = 46
	lenEnd     = 22
	lenEnd64   = 56
	lenLoc64   = 20
)

var (
	errNoDirectory = errors.New("it has no table of contents, which comes last in a zip")
	errDirectory   = errors.New("its table of contents is damaged")
	errEncrypted   = errors.New("it is protected by a password")
	errChecksum    = errors.New("its data is damaged: the checksum differs")
	errLength      = errors.New("its data is damaged: the length differs")
	errHeader      = errors.New("its data is not where the table of contents says")
)

// zipSource reads members of a zip.
type zipSource struct {
	b    blob
	sum  []byte // of the directory
	file *diskFile
}

// zipEnd is where a zip's directory is.
type zipEnd struct {
	off, size int64
	base      int64 // bytes before the zip, e.g. of a self-extracting program
	records   uint64
}

// readZip adds the members of a zip to x.
func readZip(ctx context.Context, x *index, b blob, file *diskFile) error {
	end, err := findZipEnd(ctx, b)
	if err != nil {
		return err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "lookback zip 1\n%d\n", b.size())
	count, err := countMembers(ctx, b, end, x.lim, sum)
	if err != nil {
		return err
	}
	if len(x.entries)+count > x.lim.members {
		return errTooMany{x.lim.members}
	}
	x.entries = slices.Grow(x.entries, count)
	src := uint16(len(x.sources))
	first := len(x.entries)
	x.sources = append(x.sources, &zipSource{b: b, sum: sum.Sum(nil), file: file})
	locked := 0
	err = eachHeader(ctx, b, end, x.lim, io.Discard, func(h *zipHeader) error {
		e := h.entry(src, end.base)
		if min(e.off, e.packed, e.size) < 0 || max(e.off, e.packed) > b.size() || e.size > x.lim.member {
			e.flags |= flagBroken
		}
		if e.flags&flagEncrypted != 0 && !h.isDir() {
			locked++
		}
		if h.isLink() {
			x.log.links++
			return nil
		}
		return x.add(h.text(), e)
	})
	if err != nil {
		return err
	}
	if locked > 0 && locked*2 >= count {
		return errEncrypted
	}
	markOverlaps(x.entries[first:])
	return nil
}

// findZipEnd looks for the end record, which only a comment may follow.
func findZipEnd(ctx context.Context, b blob) (zipEnd, error) {
	tailLen := min(b.size(), lenEnd+lenLoc64+math.MaxUint16)
	tail, err := readRange(ctx, b, b.size()-tailLen, tailLen)
	if err != nil {
		return zipEnd{}, err
	}
	at := -1
	for i := len(tail) - lenEnd; i >= 0; i-- {
		if binary.LittleEndian.Uint32(tail[i:]) == sigEnd &&
			i+lenEnd+int(binary.LittleEndian.Uint16(tail[i+20:])) <= len(tail) {
			at = i
			break
		}
	}
	if at < 0 {
		return zipEnd{}, errNoDirectory
	}
	rec := tail[at:]
	end := zipEnd{
		records: uint64(binary.LittleEndian.Uint16(rec[10:])),
		size:    int64(binary.LittleEndian.Uint32(rec[12:])),
		off:     int64(binary.LittleEndian.Uint32(rec[16:])),
	}
	endAt := b.size() - tailLen + int64(at)
	if end.records == math.MaxUint16 || end.size == math.MaxUint32 || end.off == math.MaxUint32 {
		if endAt, err = readEnd64(ctx, b, tail[:at], endAt, &end); err != nil {
			return zipEnd{}, err
		}
	}
	return placeDirectory(ctx, b, end, endAt)
}

// readEnd64 reads the zip64 form of the end record where there is one, and
// returns where the first of the end records is.
func readEnd64(ctx context.Context, b blob, before []byte, endAt int64, end *zipEnd) (int64, error) {
	if len(before) < lenLoc64 {
		return endAt, nil
	}
	loc := before[len(before)-lenLoc64:]
	if binary.LittleEndian.Uint32(loc) != sigLoc64 {
		return endAt, nil
	}
	// The offset may be off by the bytes before the zip, so the record is
	// also looked for right before its locator.
	stated := int64(binary.LittleEndian.Uint64(loc[8:]))
	for _, at := range []int64{stated, endAt - lenLoc64 - lenEnd64} {
		if at < 0 || at > b.size()-lenEnd64 {
			continue
		}
		rec, err := readRange(ctx, b, at, lenEnd64)
		if err != nil {
			return 0, err
		}
		if binary.LittleEndian.Uint32(rec) != sigEnd64 {
			continue
		}
		end.records = binary.LittleEndian.Uint64(rec[32:])
		end.size = int64(binary.LittleEndian.Uint64(rec[40:]))
		end.off = int64(binary.LittleEndian.Uint64(rec[48:]))
		return at, nil
	}
	return 0, errDirectory
}

// placeDirectory allows for bytes before the zip: the directory ends where
// the end records begin.
func placeDirectory(ctx context.Context, b blob, end zipEnd, endAt int64) (zipEnd, error) {
	if end.size < 0 || end.off < 0 || end.size > endAt || end.off > endAt {
		return zipEnd{}, errDirectory
	}
	end.base = endAt - end.size - end.off
	if end.base < 0 {
		return zipEnd{}, errDirectory
	}
	if end.base > 0 && end.size >= lenCentral {
		// Some programs write a wrong size; then the offset holds as it is.
		sig, err := readRange(ctx, b, end.off, 4)
		if err == nil && binary.LittleEndian.Uint32(sig) == sigCentral {
			end.base, end.size = 0, endAt-end.off
		}
	}
	return end, nil
}

// countMembers walks the directory once without keeping anything.
func countMembers(ctx context.Context, b blob, end zipEnd, lim limits, sum hash.Hash) (int, error) {
	if end.records > uint64(lim.members) {
		return 0, errTooMany{lim.members}
	}
	n := 0
	err := eachHeader(ctx, b, end, lim, sum, func(*zipHeader) error {
		if n++; n > lim.members {
			return errTooMany{lim.members}
		}
		return nil
	})
	if err == nil && uint16(n) != uint16(end.records) {
		err = errDirectory
	}
	return n, err
}

// zipHeader is one record of the directory. Its slices are only good until
// the next one is read.
type zipHeader struct {
	fixed [lenCentral]byte
	rest  []byte // name, extra fields, comment
}

func (h *zipHeader) u16(at int) uint16 { return binary.LittleEndian.Uint16(h.fixed[at:]) }
func (h *zipHeader) u32(at int) uint32 { return binary.LittleEndian.Uint32(h.fixed[at:]) }
func (h *zipHeader) name() []byte      { return h.rest[:h.u16(28)] }
func (h *zipHeader) extra() []byte     { return h.rest[h.u16(28):][:h.u16(30)] }

func (h *zipHeader) isDir() bool {
	return bytes.HasSuffix(h.name(), []byte("/")) || bytes.HasSuffix(h.name(), []byte(`\`))
}

// isLink says whether a Unix zip program stored a symbolic link.
func (h *zipHeader) isLink() bool {
	const unix, mac, typeMask, link = 3, 19, 0xf000, 0xa000
	host := h.fixed[5]
	return (host == unix || host == mac) && h.u32(38)>>16&typeMask == link
}

// text returns the name. Where it is not UTF-8 it is in the old PC's code.
func (h *zipHeader) text() string {
	const utf8Flag = 0x800
	name := h.name()
	if h.u16(8)&utf8Flag == 0 && !utf8.Valid(name) {
		if out, err := charmap.CodePage437.NewDecoder().Bytes(name); err == nil {
			return string(out)
		}
	}
	return string(name)
}

// entry returns what the index keeps of a header.
func (h *zipHeader) entry(src uint16, base int64) entry {
	const encrypted, strong, methodAES = 1, 1 << 6, 99
	e := entry{
		src:    src,
		method: h.u16(10),
		crc:    h.u32(16),
		packed: int64(h.u32(20)),
		size:   int64(h.u32(24)),
		off:    int64(h.u32(42)),
		flags:  flagHasCRC,
	}
	if h.u16(8)&(encrypted|strong) != 0 || e.method == methodAES {
		e.flags |= flagEncrypted
	}
	h.widen(&e)
	e.off += base
	return e
}

// widen takes the numbers that did not fit into 32 bits from the zip64 field.
func (h *zipHeader) widen(e *entry) {
	for extra := h.extra(); len(extra) >= 4; {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		extra = extra[4:]
		if n > len(extra) {
			return
		}
		field := extra[:n]
		extra = extra[n:]
		if id != 1 {
			continue
		}
		for _, v := range []*int64{&e.size, &e.packed, &e.off} {
			if *v == math.MaxUint32 && len(field) >= 8 {
				*v = int64(binary.LittleEndian.Uint64(field))
				field = field[8:]
			}
		}
	}
}

// eachHeader reads the directory and copies it to sum.
func eachHeader(ctx context.Context, b blob, end zipEnd, lim limits, sum io.Writer, do func(*zipHeader) error) error {
	rc, err := b.at(ctx, end.base+end.off)
	if err != nil {
		return errDirectory
	}
	defer rc.Close()
	r := bufio.NewReaderSize(io.TeeReader(io.LimitReader(rc, end.size), sum), 256<<10)
	h := &zipHeader{rest: make([]byte, 0, 512)}
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := io.ReadFull(r, h.fixed[:4]); err == io.EOF {
			return nil
		} else if err != nil {
			return errDirectory
		}
		if h.u32(0) != sigCentral {
			return nil // a signature or padding follows
		}
		if _, err := io.ReadFull(r, h.fixed[4:]); err != nil {
			return errDirectory
		}
		n := int(h.u16(28)) + int(h.u16(30)) + int(h.u16(32))
		h.rest = slices.Grow(h.rest[:0], n)[:n]
		if _, err := io.ReadFull(r, h.rest); err != nil {
			return errDirectory
		}
		if err := do(h); err != nil {
			return err
		}
	}
}

// markOverlaps flags members that share their data with another one: the
// way to make a small zip unpack to a planet.
func markOverlaps(entries []entry) {
	order := make([]int32, len(entries))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(entries[a].off, entries[b].off) })
	last := int32(-1)
	for _, i := range order {
		e := &entries[i]
		if e.packed == 0 || e.flags&flagBroken != 0 {
			continue
		}
		if last >= 0 {
			if p := &entries[last]; e.off < p.off+lenLocal+p.packed {
				p.flags |= flagOverlaps
				e.flags |= flagOverlaps
			}
		}
		if last < 0 || e.off+e.packed > entries[last].off+entries[last].packed {
			last = i
		}
	}
}

// Methods of packing that can be read.
const (
	methodStored  = 0
	methodDeflate = 8
	methodBzip2   = 12
	methodZstd    = 93
	methodXZ64    = 9 // Deflate64: what Windows Explorer makes of large files
)

func (z *zipSource) open(ctx context.Context, e *entry) (io.ReadCloser, error) {
	rc, err := z.raw(ctx, e)
	if err != nil {
		return nil, err
	}
	packed := io.LimitReader(rc, e.packed)
	m := &zipMember{raw: rc, left: e.size, want: e.crc, packed: e.packed}
	switch e.method {
	case methodStored:
		if e.size != e.packed {
			rc.Close()
			return nil, errLength
		}
		m.r = packed
	case methodDeflate:
		m.r, m.done = inflater(packed)
	case methodBzip2:
		m.r = bzip2.NewReader(packed)
	case methodZstd:
		m.r, m.done, err = zstdReader(packed)
	default:
		err = errMethod(e.method)
	}
	if err != nil {
		rc.Close()
		return nil, err
	}
	return m, nil
}

// raw returns a reader that stands at the packed data of e.
func (z *zipSource) raw(ctx context.Context, e *entry) (io.ReadCloser, error) {
	rc, err := z.b.at(ctx, e.off)
	if err != nil {
		return nil, err
	}
	var local [lenLocal]byte
	if _, err := io.ReadFull(rc, local[:]); err != nil {
		rc.Close()
		return nil, noEOF(err)
	}
	if binary.LittleEndian.Uint32(local[:]) != sigLocal {
		rc.Close()
		return nil, errHeader
	}
	skip := int64(binary.LittleEndian.Uint16(local[26:])) + int64(binary.LittleEndian.Uint16(local[28:]))
	if _, err := io.CopyN(io.Discard, rc, skip); err != nil {
		rc.Close()
		return nil, noEOF(err)
	}
	return rc, nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func errMethod(method uint16) error {
	return &HintError{
		Err:  fmt.Errorf("it is packed in a way (method %d) that lookback does not read", method),
		Hint: "give the zip as the platform made it, or unpack it and give the folder",
	}
}

var inflaters = sync.Pool{}

// inflater returns a reader of deflated data, and what to do with it at last.
func inflater(r io.Reader) (io.Reader, func()) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	fr, ok := inflaters.Get().(io.ReadCloser)
	if !ok {
		fr = flate.NewReader(buffered)
	} else if err := fr.(flate.Resetter).Reset(buffered, nil); err != nil {
		fr = flate.NewReader(buffered)
	}
	return fr, func() { inflaters.Put(fr) }
}

func zstdReader(r io.Reader) (io.Reader, func(), error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return nil, nil, err
	}
	return d, d.Close, nil
}

// zipMember checks length and checksum of what it unpacks.
type zipMember struct {
	raw    io.ReadCloser
	r      io.Reader
	done   func()
	left   int64
	packed int64
	crc    uint32
	want   uint32
}

func (m *zipMember) Read(p []byte) (int, error) {
	if m.r == nil {
		return 0, errors.New("reading a closed member")
	}
	n, err := m.r.Read(p)
	m.crc = crc32.Update(m.crc, crc32.IEEETable, p[:n])
	m.left -= int64(n)
	switch {
	case m.left < 0:
		return n, errLength
	case err == io.EOF && m.left > 0:
		if m.packed == 0 {
			return n, errLength
		}
		return n, io.ErrUnexpectedEOF
	case err == io.EOF && m.crc != m.want:
		return n, errChecksum
	}
	return n, err
}

func (m *zipMember) Close() error {
	if m.r == nil {
		return nil
	}
	if m.done != nil {
		m.done()
	}
	m.r = nil
	return m.raw.Close()
}

func (z *zipSource) digest(context.Context) ([]byte, error) { return z.sum, nil }
func (z *zipSource) changed() bool                          { return z.file.changed() }

func (z *zipSource) close() error {
	if s, ok := z.b.(*streamBlob); ok {
		s.close()
	}
	return z.file.close()
}
