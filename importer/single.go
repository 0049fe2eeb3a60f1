package importer

import (
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// singleSource is one file that is no archive: a CSV, a CAR, a chat.
type singleSource struct {
	b    blob
	file *diskFile
	gzip bool
}

// readSingle adds a file as the only member of an archive.
func readSingle(x *index, name string, b blob, file *diskFile) error {
	src := uint16(len(x.sources))
	x.sources = append(x.sources, &singleSource{b: b, file: file})
	return x.add(name, entry{src: src, size: b.size()})
}

// readGzip adds what a gzip file that is no tar holds. Its length must be
// found by unpacking it once.
func readGzip(ctx context.Context, x *index, name string, b blob, file *diskFile) error {
	rc, err := b.at(ctx, 0)
	if err != nil {
		return err
	}
	defer rc.Close()
	gz, err := gzip.NewReader(rc)
	if err != nil {
		return noEOF(err)
	}
	out := &counter{r: gz, check: func(n int64) error {
		if n > x.lim.ratioFree && n/x.lim.ratio > b.size() {
			return tooLarge("the file unpacks to far more than its size")
		}
		return ctx.Err()
	}}
	if _, err := io.Copy(io.Discard, out); err != nil {
		if !isCut(err) || out.n == 0 {
			return noEOF(err)
		}
		x.log.incomplete = true
		x.log.note("archive-cut", "", "The file ends too early, so what came last is missing: download it again.")
	}
	src := uint16(len(x.sources))
	x.sources = append(x.sources, &singleSource{b: b, file: file, gzip: true})
	return x.add(name, entry{src: src, size: out.n, packed: b.size()})
}

func (s *singleSource) open(ctx context.Context, e *entry) (io.ReadCloser, error) {
	rc, err := s.b.at(ctx, 0)
	if err != nil {
		return nil, err
	}
	if s.gzip {
		gz, err := gzip.NewReader(rc)
		if err != nil {
			rc.Close()
			return nil, noEOF(err)
		}
		return limitedCloser{gz, rc}, nil
	}
	if flat, ok := s.b.(flatBlob); ok {
		return flatMember{io.NewSectionReader(flat.r, 0, flat.n)}, nil
	}
	return rc, nil
}

// flatMember can also be read anywhere.
type flatMember struct{ *io.SectionReader }

func (flatMember) Close() error { return nil }

func (s *singleSource) digest(ctx context.Context) ([]byte, error) {
	return hashBlob(ctx, "lookback file 1", s.b)
}

func (s *singleSource) changed() bool { return s.file.changed() }
func (s *singleSource) close() error  { return s.file.close() }

// isCorrupt says whether err is that of damaged deflate data.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}
