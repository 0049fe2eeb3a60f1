package main

import (
	"iter"
	"sync"

	"lookback/store"
)

// sharedRows hands one reading of rows to several readers, which run side by
// side and must not change a row. Reading them is a good part of what a report
// costs.
type sharedRows struct {
	readers []*rowReader
	done    chan struct{} // closed when the reading is over
}

type rowReader struct {
	in   chan rowBatch
	once sync.Once
	left chan struct{} // closed when it reads no more
}

type rowBatch struct {
	rows []store.Row
	err  error // instead of rows; the last
}

// sharedBatch is how many rows go to the readers at once.
const sharedBatch = 64

// shareRows begins to read rows for n readers. Each of them must use its rows
// once at most, and leave.
func shareRows(rows iter.Seq2[store.Row, error], n int) *sharedRows {
	s := &sharedRows{done: make(chan struct{})}
	for range n {
		s.readers = append(s.readers, &rowReader{in: make(chan rowBatch, 2), left: make(chan struct{})})
	}
	go s.read(rows)
	return s
}

func (s *sharedRows) read(rows iter.Seq2[store.Row, error]) {
	defer func() {
		for _, r := range s.readers {
			close(r.in)
		}
		close(s.done)
	}()
	var batch []store.Row
	for row, err := range rows {
		if err != nil {
			s.send(rowBatch{rows: batch})
			s.send(rowBatch{err: err})
			return
		}
		if batch = append(batch, row); len(batch) < sharedBatch {
			continue
		}
		if !s.send(rowBatch{rows: batch}) {
			return
		}
		batch = make([]store.Row, 0, sharedBatch)
	}
	s.send(rowBatch{rows: batch})
}

// wait returns once all have left and nothing is read any more.
func (s *sharedRows) wait() { <-s.done }

// send returns false when nobody reads any more.
func (s *sharedRows) send(b rowBatch) bool {
	reading := false
	for _, r := range s.readers {
		select {
		case r.in <- b:
			reading = true
		case <-r.left:
		}
	}
	return reading
}

// rows are the rows for one reader.
func (r *rowReader) rows() iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for b := range r.in {
			if b.err != nil {
				yield(store.Row{}, b.err)
				return
			}
			for _, row := range b.rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// leave lets the others go on without this reader.
func (r *rowReader) leave() { r.once.Do(func() { close(r.left) }) }
