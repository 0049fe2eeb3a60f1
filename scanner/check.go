package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"lookback/store"
)

const (
	maxLine    = 16 << 20 // bytes of a line; a longer one gets an error line
	blockSize  = 128 << 10
	maxAuthors = 256 // bios that a worker remembers
)

// block is a piece of the input that ends at a line's end, on its way from the
// reader by a worker to the writer.
type block struct {
	data   []byte
	first  int  // number of its first line
	tooBig bool // stands for one line that is too long
	out    []byte
	done   chan int // how many of its lines could not be read; then out is ready
}

// Check reads posts as JSON Lines from r and writes for each line one line to
// w, in the same order: its findings, or what is wrong with it. It holds only a
// few blocks at a time. bad counts the lines that could not be read; err is an
// error of r, w or ctx.
func Check(ctx context.Context, e *Engine, r io.Reader, w io.Writer, workers int) (bad int, err error) {
	workers = max(workers, 1)
	jobs, order := make(chan *block), make(chan *block, 2*workers)
	c := &checker{pool: sync.Pool{New: func() any { return &block{done: make(chan int, 1)} }}}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		return c.read(ctx, r, jobs, order)
	})
	for range workers {
		g.Go(func() error {
			cw := &checkWorker{e: e, authors: map[string]*Author{}}
			for b := range jobs {
				b.done <- cw.block(b)
			}
			return nil
		})
	}
	g.Go(func() error {
		n, err := c.write(ctx, w, order)
		bad = n
		return err
	})
	return bad, g.Wait()
}

type checker struct{ pool sync.Pool }

// read cuts the input into blocks of whole lines. A block is sent as soon as
// the input pauses, so that a slow pipe gets its answers at once.
func (c *checker) read(ctx context.Context, r io.Reader, jobs, order chan<- *block) error {
	b, line, dropping := c.get(), 1, false
	for ctx.Err() == nil {
		n, err := fill(r, b)
		if dropping { // the rest of a line that is too long
			b.data, dropping = dropLine(b.data)
		}
		end := len(b.data)
		if err == nil {
			fresh := end - min(n, end) // what was there before holds no line's end
			end = fresh + bytes.LastIndexByte(b.data[fresh:], '\n') + 1
			if end == fresh {
				end = 0
			}
		}
		if end == 0 && len(b.data) > maxLine {
			big := &block{first: line, tooBig: true, done: make(chan int, 1)}
			if err := send(ctx, big, jobs, order); err != nil {
				return err
			}
			line++
			b.data, dropping = b.data[:0], true
		}
		if end > 0 {
			next := c.get()
			next.data = append(next.data, b.data[end:]...)
			b.data, b.first = b.data[:end], line
			line += countLines(b.data)
			if err := send(ctx, b, jobs, order); err != nil {
				return err
			}
			b = next
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading posts: %w", err)
		}
	}
	return ctx.Err()
}

func (c *checker) get() *block {
	b := c.pool.Get().(*block)
	b.data = b.data[:0]
	return b
}

// dropLine takes the rest of a line off that is too long; it says whether the
// line goes on after data.
func dropLine(data []byte) ([]byte, bool) {
	i := bytes.IndexByte(data, '\n')
	if i < 0 {
		return data[:0], true
	}
	return data[i+1:], false
}

// fill reads once into the free part of a block.
func fill(r io.Reader, b *block) (int, error) {
	old := len(b.data)
	if cap(b.data)-old < blockSize {
		b.data = append(make([]byte, 0, max(2*old, old+blockSize)), b.data...)
	}
	n, err := r.Read(b.data[old:min(cap(b.data), old+blockSize)])
	b.data = b.data[:old+n]
	return n, err
}

func countLines(data []byte) int {
	n := bytes.Count(data, []byte{'\n'})
	if len(data) > 0 && data[len(data)-1] != '\n' {
		n++
	}
	return n
}

func send(ctx context.Context, b *block, jobs, order chan<- *block) error {
	for _, to := range []chan<- *block{order, jobs} {
		select {
		case to <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (c *checker) write(ctx context.Context, w io.Writer, order <-chan *block) (bad int, err error) {
	for b := range order {
		select {
		case n := <-b.done:
			bad += n
			if _, err := w.Write(b.out); err != nil {
				return bad, fmt.Errorf("writing findings: %w", err)
			}
			c.recycle(b)
		case <-ctx.Done():
			return bad, ctx.Err()
		}
	}
	return bad, nil
}

// recycle keeps a block for reuse unless a huge line made it huge.
func (c *checker) recycle(b *block) {
	if cap(b.data) <= 8*blockSize && cap(b.out) <= 16*blockSize {
		c.pool.Put(b)
	}
}

type checkWorker struct {
	e       *Engine
	line    checkLine
	post    store.Post // the one that is being answered
	authors map[string]*Author
}

// block answers the lines of a block and returns how many it could not read.
func (cw *checkWorker) block(b *block) (bad int) {
	b.out = b.out[:0]
	if b.tooBig {
		b.out = appendError(b.out, b.first, errLineTooBig)
		return 1
	}
	data := b.data
	if b.first == 1 {
		data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	}
	for num := b.first; len(data) > 0; num++ {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		var err error
		if b.out, err = cw.answer(b.out, line); err != nil {
			b.out = appendError(b.out, num, err)
			bad++
		}
	}
	return bad
}

func appendError(dst []byte, line int, err error) []byte {
	dst = append(dst, `{"line":`...)
	dst = strconv.AppendInt(dst, int64(line), 10)
	dst = append(dst, `,"error":`...)
	dst = appendString(dst, err.Error())
	return append(dst, '}', '\n')
}

// answer appends the answer to one line.
func (cw *checkWorker) answer(dst, line []byte) ([]byte, error) {
	if len(line) > maxLine {
		return dst, errLineTooBig
	}
	l := &cw.line
	if err := l.parse(line); err != nil {
		return dst, err
	}
	kind, ok := kindsByName[string(l.kind)]
	if !ok {
		return dst, errKind
	}
	// Findings hold nothing of the text, so it needs no memory of its own.
	text := unsafe.String(unsafe.SliceData(l.text), len(l.text))
	cw.post = store.Post{Kind: kind, Own: ownKind(kind), Text: text, Audience: audiences[string(l.audience)]}
	return appendAnswer(dst, l.id, cw.e.Scan(&cw.post, cw.author(l.bio))), nil
}

// author remembers the last bios: a stream is mostly one account after
// another.
func (cw *checkWorker) author(bio []byte) *Author {
	if len(bio) == 0 {
		return nil
	}
	a, ok := cw.authors[string(bio)]
	if !ok {
		if len(cw.authors) >= maxAuthors {
			clear(cw.authors)
		}
		a = cw.e.Author(string(bio))
		cw.authors[string(bio)] = a
	}
	return a
}

func appendAnswer(dst, id []byte, found []store.Finding) []byte {
	dst = append(dst, `{"id":`...)
	if len(id) == 0 {
		dst = append(dst, "null"...)
	}
	dst = append(dst, id...)
	action := store.ActionNone
	if len(found) > 0 {
		action = found[0].Action
	}
	dst = append(dst, `,"action":"`...)
	dst = append(dst, action...)
	dst = append(dst, `","findings":[`...)
	for i := range found {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendFinding(dst, &found[i])
	}
	return append(dst, ']', '}', '\n')
}

func appendFinding(dst []byte, f *store.Finding) []byte {
	dst = append(dst, `{"rule":`...)
	dst = appendString(dst, f.Rule)
	dst = append(dst, `,"theme":`...)
	dst = appendString(dst, f.Theme)
	dst = append(dst, `,"standards":[`...)
	for i, s := range f.Standards {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	dst = append(dst, `],"action":"`...)
	dst = append(dst, f.Action...)
	dst = append(dst, `","confidence":`...)
	dst = strconv.AppendFloat(dst, f.Confidence, 'f', -1, 64)
	dst = append(dst, `,"spans":[`...)
	for i, s := range f.Spans {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"start":`...)
		dst = strconv.AppendInt(dst, int64(s.Start), 10)
		dst = append(dst, `,"end":`...)
		dst = strconv.AppendInt(dst, int64(s.End), 10)
		dst = append(dst, '}')
	}
	dst = append(dst, `],"why":`...)
	dst = appendString(dst, f.Why)
	return append(dst, '}')
}

// appendString quotes our own words: rule ids, themes, explanations. Packs are
// valid UTF-8, so that nothing can go wrong here.
func appendString(dst []byte, s string) []byte {
	out, err := jsontext.AppendQuote(dst, s)
	if err != nil {
		return append(dst, `""`...)
	}
	return out
}
