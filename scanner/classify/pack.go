package classify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/klauspost/compress/huff0"
)

// Matrices are packed by Huffman codes alone, in blocks that are unpacked side
// by side: the first post that passes the gates waits for them. A block is its
// packed length, with the way it is packed in the two highest bits, and its
// bytes; its unpacked length follows from its place.
const (
	packBlock = 1 << 17

	packedPlain  = 0 << 30
	packedRepeat = 1 << 30 // one byte, again and again
	packedCodes  = 2 << 30
	packedWays   = 3 << 30
)

func appendPacked(dst, data []byte) ([]byte, error) {
	s := &huff0.Scratch{}
	for part := range slices.Chunk(data, packBlock) {
		out, _, err := huff0.Compress4X(part, s)
		way := uint32(packedCodes)
		switch {
		case errors.Is(err, huff0.ErrUseRLE):
			out, way = part[:1], packedRepeat
		case errors.Is(err, huff0.ErrIncompressible), errors.Is(err, huff0.ErrTooBig):
			out, way = part, packedPlain
		case err != nil:
			return nil, fmt.Errorf("packing the model: %w", err)
		}
		dst = binary.LittleEndian.AppendUint32(dst, way|uint32(len(out)))
		dst = append(dst, out...)
		s.Reuse = huff0.ReusePolicyNone
	}
	return dst, nil
}

// unpackInto fills parts with what was packed of each and returns what follows
// in b.
func unpackInto(b []byte, parts ...[]byte) ([]byte, error) {
	type job struct {
		dst, src []byte
		way      uint32
	}
	var jobs []job
	for _, p := range parts {
		for dst := range slices.Chunk(p, packBlock) {
			if len(b) < 4 {
				return nil, ErrFormat
			}
			u := binary.LittleEndian.Uint32(b)
			n := int(u &^ packedWays)
			if b = b[4:]; n > len(b) {
				return nil, ErrFormat
			}
			jobs = append(jobs, job{dst, b[:n], u & packedWays})
			b = b[n:]
		}
	}
	workers := min(runtime.GOMAXPROCS(0), len(jobs))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			var s *huff0.Scratch
			for i := w; i < len(jobs) && errs[w] == nil; i += workers {
				s, errs[w] = unpackBlock(s, jobs[i].dst, jobs[i].src, jobs[i].way)
			}
		})
	}
	wg.Wait()
	return b, errors.Join(errs...)
}

func unpackBlock(s *huff0.Scratch, dst, src []byte, way uint32) (*huff0.Scratch, error) {
	switch {
	case way == packedPlain && len(src) == len(dst):
		copy(dst, src)
		return s, nil
	case way == packedRepeat && len(src) == 1:
		for i := range dst {
			dst[i] = src[0]
		}
		return s, nil
	case way != packedCodes:
		return s, ErrFormat
	}
	s, rest, err := huff0.ReadTable(src, s)
	if err != nil {
		return s, fmt.Errorf("reading the model: %w", err)
	}
	if _, err := s.Decoder().Decompress4X(dst[:len(dst):len(dst)], rest); err != nil {
		return s, fmt.Errorf("reading the model: %w", err)
	}
	return s, nil
}
