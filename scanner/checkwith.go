package scanner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"lookback/store"
)

// Second is asked about each post of a check after the layers: it returns what
// is to stand in the line behind the findings, as a JSON value, or nil.
type Second func(ctx context.Context, p *store.Post, author *Author, found []store.Finding) (json []byte, err error)

// CheckWith is Check with a second opinion: where second returns a value, it is
// the last member of the line, "judge". The findings before it are those of
// Check. Second may be slow; workers lines wait for it at once.
func CheckWith(ctx context.Context, e *Engine, r io.Reader, w io.Writer, workers int, second Second) (bad int, err error) {
	workers = max(workers, 1)
	jobs, order := make(chan *checkJob), make(chan *checkJob, 2*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		return readLines(ctx, r, func(j *checkJob) error {
			for _, to := range []chan<- *checkJob{order, jobs} {
				select {
				case to <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	var mu sync.Mutex // of the profiles that the workers remember together
	cw := &checkWorker{e: e, authors: map[string]*Author{}}
	author := func(bio []byte) *Author {
		mu.Lock()
		defer mu.Unlock()
		return cw.author(bio)
	}
	for range workers {
		g.Go(func() error {
			for j := range jobs {
				if err := j.judge(ctx, e, author, second); err != nil {
					return err
				}
				close(j.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		n, err := writeLines(ctx, w, order)
		bad = n
		return err
	})
	return bad, g.Wait()
}

// checkJob is one line on its way.
type checkJob struct {
	num  int
	line []byte // nil for one that is too long
	out  []byte
	bad  bool
	done chan struct{}
}

// readLines hands over the lines of r; a line is read whole before.
func readLines(ctx context.Context, r io.Reader, each func(*checkJob) error) error {
	br := bufio.NewReaderSize(r, blockSize)
	for num := 1; ctx.Err() == nil; num++ {
		line, err := readLine(br)
		if num == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil
		case errors.Is(err, errLineTooBig):
			line, err = nil, nil
		case err != nil && !errors.Is(err, io.EOF):
			return fmt.Errorf("reading posts: %w", err)
		}
		if err := each(&checkJob{num: num, line: line, done: make(chan struct{})}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// readLine reads one line without its end. Of one that is too long it reads
// everything and keeps nothing.
func readLine(br *bufio.Reader) ([]byte, error) {
	line, tooBig := []byte{}, false
	for {
		part, err := br.ReadSlice('\n')
		if tooBig = tooBig || len(line)+len(part) > maxLine+1; !tooBig {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if tooBig && (err == nil || errors.Is(err, io.EOF)) {
			return nil, errLineTooBig
		}
		return bytes.TrimSuffix(line, []byte("\n")), err
	}
}

// judge answers one line. Its error ends the check.
func (j *checkJob) judge(ctx context.Context, e *Engine, author func([]byte) *Author, second Second) error {
	p, bio, id, err := parseCheck(j.line)
	if err != nil {
		j.out, j.bad = appendError(nil, j.num, err), true
		return nil
	}
	a := author(bio)
	found := e.Scan(&p, a)
	j.out = appendAnswer(nil, id, found)
	opinion, err := second(ctx, &p, a, found)
	if err != nil || opinion == nil {
		return err
	}
	j.out = append(bytes.TrimSuffix(j.out, []byte("}\n")), `,"judge":`...)
	j.out = append(append(j.out, opinion...), '}', '\n')
	return nil
}

// parseCheck reads one line of a check.
func parseCheck(line []byte) (p store.Post, bio, id []byte, err error) {
	if line == nil || len(line) > maxLine {
		return p, nil, nil, errLineTooBig
	}
	var l checkLine
	if err := l.parse(line); err != nil {
		return p, nil, nil, err
	}
	kind, ok := kindsByName[string(l.kind)]
	if !ok {
		return p, nil, nil, errKind
	}
	p = store.Post{Kind: kind, Own: ownKind(kind), Text: string(l.text), Audience: audiences[string(l.audience)]}
	return p, l.bio, l.id, nil
}

func writeLines(ctx context.Context, w io.Writer, order <-chan *checkJob) (bad int, err error) {
	for j := range order {
		select {
		case <-j.done:
			if j.bad {
				bad++
			}
			if _, err := w.Write(j.out); err != nil {
				return bad, fmt.Errorf("writing findings: %w", err)
			}
		case <-ctx.Done():
			return bad, ctx.Err()
		}
	}
	return bad, nil
}
