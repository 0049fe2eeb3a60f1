package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// blob is a run of bytes of known length that can be read from any offset:
// a file, a stored member of a zip, or the unpacked stream of a gzip file.
type blob interface {
	size() int64
	// at returns a reader of the bytes from off to the end.
	at(ctx context.Context, off int64) (io.ReadCloser, error)
}

// flatBlob reads where it likes.
type flatBlob struct {
	r io.ReaderAt
	n int64
}

func (b flatBlob) size() int64 { return b.n }

func (b flatBlob) at(_ context.Context, off int64) (io.ReadCloser, error) {
	if off < 0 || off > b.n {
		return nil, errOutside
	}
	return io.NopCloser(io.NewSectionReader(b.r, off, b.n-off)), nil
}

var errOutside = errors.New("an offset points outside the file")

// streamBlob is a stream that can only be started afresh. It goes forward
// where it can, starts again where it must, and keeps nothing of what it
// passed over. The stream that was closed last is kept for the next reader
// further on, so members opened in their order cost one pass in all.
type streamBlob struct {
	n      int64
	start  func() (io.ReadCloser, error)
	budget int64 // bytes that may be passed over before it gives up

	mu   sync.Mutex
	idle *stream
}

// stream is one pass over a streamBlob.
type stream struct {
	rc  io.ReadCloser
	pos int64
}

func (b *streamBlob) size() int64 { return b.n }

func (b *streamBlob) at(ctx context.Context, off int64) (io.ReadCloser, error) {
	if off < 0 || off > b.n {
		return nil, errOutside
	}
	s, err := b.take(off)
	if err != nil {
		return nil, err
	}
	if err := b.forward(ctx, s, off); err != nil {
		s.rc.Close()
		return nil, err
	}
	return &streamReader{b: b, s: s}, nil
}

// take returns the idle stream where it has not passed off yet, else a new one.
func (b *streamBlob) take(off int64) (*stream, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.idle; s != nil && s.pos <= off {
		b.idle = nil
		return s, nil
	}
	rc, err := b.start()
	if err != nil {
		return nil, err
	}
	return &stream{rc: rc}, nil
}

// forward passes over the bytes up to off.
func (b *streamBlob) forward(ctx context.Context, s *stream, off int64) error {
	const step = 8 << 20
	for s.pos < off {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(io.Discard, s.rc, min(step, off-s.pos))
		s.pos += n
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if !b.spend(n) {
			return &HintError{
				Err:  errors.New("its members can only be reached by unpacking it again and again"),
				Hint: "unpack the archive yourself and give the folder",
			}
		}
	}
	return nil
}

func (b *streamBlob) spend(n int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.budget -= n
	return b.budget >= 0
}

// close ends the idle stream.
func (b *streamBlob) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.idle == nil {
		return nil
	}
	err := b.idle.rc.Close()
	b.idle = nil
	return err
}

type streamReader struct {
	b *streamBlob
	s *stream
}

func (r *streamReader) Read(p []byte) (int, error) {
	if r.s == nil {
		return 0, errors.New("reading a closed member")
	}
	n, err := r.s.rc.Read(p)
	r.s.pos += int64(n)
	return n, err
}

// Close leaves the stream for the next reader.
func (r *streamReader) Close() error {
	if r.s == nil {
		return nil
	}
	r.b.mu.Lock()
	old := r.b.idle
	r.b.idle = r.s
	r.b.mu.Unlock()
	r.s = nil
	if old != nil {
		return old.rc.Close()
	}
	return nil
}

// readRange reads n bytes of b from off.
func readRange(ctx context.Context, b blob, off, n int64) ([]byte, error) {
	rc, err := b.at(ctx, off)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	buf := make([]byte, n)
	if _, err := io.ReadFull(rc, buf); err != nil {
		return nil, fmt.Errorf("reading %d bytes: %w", n, err)
	}
	return buf, nil
}

// limitedCloser reads the first n bytes of a blob's reader.
type limitedCloser struct {
	io.Reader
	io.Closer
}
