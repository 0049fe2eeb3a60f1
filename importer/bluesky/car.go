package bluesky

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
)

// Bounds of a CAR. The protocol allows records of one megabyte.
const (
	maxBlock  = 2 << 20
	maxBlocks = 3_000_000 // a repository of about 3 GB
	maxHeader = 64 << 10
	maxNodes  = 48 << 20 // bytes of tree nodes kept in memory
)

// Reasons why a CAR, or a part of it, cannot be used.
var (
	errVarint  = errors.New("a length is not a number")
	errCID     = errors.New("an address is malformed")
	errHeader  = errors.New("the header cannot be read")
	errTooMany = errors.New("there are too many blocks")
)

// varint reads an unsigned LEB128 number of at most 63 bits.
func varint(b []byte) (n uint64, rest []byte, err error) {
	for i := 0; i < len(b) && i < 9; i++ {
		n |= uint64(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			return n, b[i+1:], nil
		}
	}
	return 0, nil, errVarint
}

// digest is the SHA-256 that a content address names. Zero is no address.
type digest [sha256.Size]byte

const (
	hashSHA256 = 0x12
	codecCBOR  = 0x71
)

// parseCID splits an address from what follows. d is zero where the address
// is sound, but not of a block that the protocol uses.
func parseCID(b []byte) (d digest, rest []byte, err error) {
	if len(b) >= 34 && b[0] == hashSHA256 && b[1] == sha256.Size { // version 0
		return digest(b[2:34]), b[34:], nil
	}
	var head [4]uint64 // version, codec, hash, length
	rest = b
	for i := range head {
		if head[i], rest, err = varint(rest); err != nil {
			return digest{}, nil, errCID
		}
	}
	if head[0] != 1 || head[3] > 128 || head[3] > uint64(len(rest)) {
		return digest{}, nil, errCID
	}
	sum, rest := rest[:head[3]], rest[head[3]:]
	if head[2] == hashSHA256 && len(sum) == sha256.Size && head[1] == codecCBOR {
		d = digest(sum)
	}
	return d, rest, nil
}

// block says where a block lies. Half of the hash tells blocks apart; what is
// read is compared with all of it.
type block struct {
	key [16]byte
	off int64
	n   uint32
}

// A car is the index of one CAR file.
type car struct {
	root   digest
	blocks []block // in order of their keys, once each
	nodes  map[[16]byte][]byte
	kept   int   // bytes in nodes
	bad    []int // numbers of the first blocks that are not what they should be
	nBad   int
	cut    error // why reading ended before the end
}

// readCAR indexes the blocks of r, which holds size bytes. Only the context
// and a header that cannot be read end in an error.
func readCAR(ctx context.Context, r io.Reader, size int64) (*car, error) {
	s := &sections{r: bufio.NewReaderSize(r, 256<<10), size: size}
	head, _, err := s.next(maxHeader)
	if err != nil || head == nil {
		return nil, cmp.Or(err, errHeader)
	}
	c := &car{nodes: map[[16]byte][]byte{}}
	if c.root, err = parseHeader(head); err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		data, off, err := s.next(maxBlock)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.cut = err
			break
		}
		if err := c.add(n, data, off); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(c.blocks, func(a, b block) int {
		return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.off, b.off))
	})
	c.blocks = slices.CompactFunc(c.blocks, func(a, b block) bool { return a.key == b.key })
	return c, nil
}

// add takes one section: an address and the bytes that it should name. data
// is nil for a section that is too large.
func (c *car) add(n int, data []byte, off int64) error {
	d, body, err := parseCID(data)
	if err != nil || d == (digest{}) || sha256.Sum256(body) != d {
		if c.nBad++; len(c.bad) < mostSkips {
			c.bad = append(c.bad, n)
		}
		return nil
	}
	if len(c.blocks) == maxBlocks {
		return errTooMany
	}
	b := block{off: off + int64(len(data)-len(body)), n: uint32(len(body))}
	copy(b.key[:], d[:])
	c.blocks = append(c.blocks, b)
	if looksNode(body) && c.kept+len(body) <= maxNodes && c.nodes[b.key] == nil {
		c.nodes[b.key] = slices.Clone(body)
		c.kept += len(body)
	}
	return nil
}

// find returns the position of a block.
func (c *car) find(d digest) (int, bool) {
	return slices.BinarySearchFunc(c.blocks, d, func(b block, d digest) int {
		return bytes.Compare(b.key[:], d[:len(b.key)])
	})
}

// load reads block i, from memory where it is a node.
func (c *car) load(r io.ReaderAt, i int, d digest) ([]byte, error) {
	b := c.blocks[i]
	if data, ok := c.nodes[b.key]; ok {
		return data, nil
	}
	data := make([]byte, b.n)
	if _, err := r.ReadAt(data, b.off); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if sha256.Sum256(data) != d {
		return nil, errors.New("a block changed while it was read")
	}
	return data, nil
}

// sections reads the pieces of a CAR: a length, and as many bytes.
type sections struct {
	r    *bufio.Reader
	size int64
	off  int64
	buf  []byte
}

// next returns one section and its offset, valid until the next call; nil
// where it is longer than limit. It ends with io.EOF at the end of the file.
func (s *sections) next(limit uint64) ([]byte, int64, error) {
	n, err := s.length()
	if err != nil {
		return nil, 0, err
	}
	if n > uint64(max(s.size-s.off, 0)) {
		return nil, 0, io.ErrUnexpectedEOF
	}
	off := s.off
	s.off += int64(n)
	if n > limit {
		_, err := io.CopyN(io.Discard, s.r, int64(n))
		return nil, off, noEOF(err)
	}
	if uint64(cap(s.buf)) < n {
		s.buf = make([]byte, n)
	}
	s.buf = s.buf[:n]
	_, err = io.ReadFull(s.r, s.buf)
	return s.buf, off, noEOF(err)
}

func (s *sections) length() (uint64, error) {
	var b [9]byte
	for i := range b {
		c, err := s.r.ReadByte()
		if err != nil {
			if i > 0 {
				err = noEOF(err)
			}
			return 0, err
		}
		s.off++
		if b[i] = c; c < 0x80 {
			n, _, err := varint(b[:i+1])
			return n, err
		}
	}
	return 0, errVarint
}

// noEOF turns the end of the file into an end that comes too early.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
