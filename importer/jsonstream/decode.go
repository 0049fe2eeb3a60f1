package jsonstream

import (
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

const (
	batchBytes    = 128 << 10
	batchElements = 256
)

// Decode reads the array that o chooses, decodes each element with parse and
// hands it to fn in the order of the file. parse runs on several goroutines,
// fn only on the caller's. v is valid until fn returns and is the zero T
// before parse fills it; nothing in it is used again. A broken element comes
// with a nil v and a *RecordError.
//
// Decode returns fn's error as it is. A *RecordError says that the array has
// no proper end; everything before it was handed over.
func Decode[T any](r io.Reader, o Options, parse func(d *Decoder, v *T) error, fn func(record int, v *T, err error) error) (Stats, error) {
	workers := o.Workers
	if workers <= 0 {
		workers = min(2, runtime.GOMAXPROCS(0))
	}
	if workers == 1 {
		return decodeHere(r, o, parse, fn)
	}
	p := &pipeline[T]{
		work:  make(chan *batch[T], workers),
		order: make(chan *batch[T], 2*workers),
		free:  make(chan *batch[T], 3*workers+2),
		quit:  make(chan struct{}),
	}
	return p.run(r, o, workers, parse, fn)
}

func decodeHere[T any](r io.Reader, o Options, parse func(*Decoder, *T) error, fn func(int, *T, error) error) (Stats, error) {
	var stats Stats
	var err error
	stats.UTF16, err = split(r, o, func(record int, raw []byte, err error) error {
		stats.Records++
		var v T
		if err == nil {
			stats.count(raw)
			err = decodeOne(record, raw, parse, &v)
		}
		if err != nil {
			stats.Bad++
			return fn(record, nil, err)
		}
		return fn(record, &v, nil)
	})
	return stats, err
}

func (s *Stats) count(raw []byte) {
	if !utf8.Valid(raw) {
		s.InvalidUTF8++
	}
}

func decodeOne[T any](record int, raw []byte, parse func(*Decoder, *T) error, v *T) error {
	d := Decoder{buf: raw}
	if err := parse(&d, v); err != nil {
		return &RecordError{Record: record, Err: plain(err)}
	}
	if !d.AtEnd() {
		return &RecordError{Record: record, Err: ErrSyntax}
	}
	return nil
}

// A batch is a run of elements that travels through the pipeline together.
type batch[T any] struct {
	raw     []byte
	ends    []int // of each element in raw
	records []int
	errs    []error
	vals    []T
	stats   Stats
	done    chan struct{}
}

func newBatch[T any]() *batch[T] {
	return &batch[T]{done: make(chan struct{}, 1)}
}

func (b *batch[T]) add(record int, raw []byte, err error) {
	b.raw = append(b.raw, raw...)
	b.ends = append(b.ends, len(b.raw))
	b.records = append(b.records, record)
	b.errs = append(b.errs, err)
}

func (b *batch[T]) full() bool {
	return len(b.raw) >= batchBytes || len(b.records) >= batchElements
}

func (b *batch[T]) decode(parse func(*Decoder, *T) error) {
	b.vals = append(b.vals, make([]T, len(b.records))...)
	from := 0
	for i, end := range b.ends {
		if b.errs[i] == nil {
			raw := b.raw[from:end]
			b.stats.count(raw)
			b.errs[i] = decodeOne(b.records[i], raw, parse, &b.vals[i])
		}
		from = end
	}
}

func (p *pipeline[T]) decode(b *batch[T], parse func(*Decoder, *T) error) {
	defer func() { b.done <- struct{}{} }()
	defer p.guard()
	b.decode(parse)
}

func (b *batch[T]) reset() {
	clear(b.vals)
	clear(b.errs)
	if cap(b.raw) > 8*batchBytes {
		b.raw = nil
	}
	*b = batch[T]{raw: b.raw[:0], ends: b.ends[:0], records: b.records[:0], errs: b.errs[:0], vals: b.vals[:0], done: b.done}
}

// A pipeline is one splitter, several decoders, and the caller in the order of
// the file.
type pipeline[T any] struct {
	work, order, free chan *batch[T]
	quit              chan struct{}
	crash             atomic.Pointer[any] // the first panic of a goroutine
}

// guard keeps a panic for the caller's goroutine, where it can be recovered.
func (p *pipeline[T]) guard() {
	if v := recover(); v != nil {
		p.crash.CompareAndSwap(nil, &v)
	}
}

var errQuit = errors.New("stopped")

func (p *pipeline[T]) run(r io.Reader, o Options, workers int, parse func(*Decoder, *T) error, fn func(int, *T, error) error) (Stats, error) {
	var wg sync.WaitGroup
	var utf16 bool
	var end error
	wg.Go(func() {
		defer close(p.order)
		defer close(p.work)
		defer p.guard()
		utf16, end = p.split(r, o)
	})
	for range workers {
		wg.Go(func() {
			for b := range p.work {
				p.decode(b, parse)
			}
		})
	}
	stop := sync.OnceFunc(func() { close(p.quit); wg.Wait() })
	defer stop() // where fn panics
	stats, err := p.deliver(fn)
	stop()
	stats.UTF16 = utf16
	if v := p.crash.Load(); v != nil {
		panic(*v)
	}
	if err == nil {
		err = end
	}
	return stats, err
}

func (p *pipeline[T]) split(r io.Reader, o Options) (utf16 bool, err error) {
	b := newBatch[T]()
	utf16, err = split(r, o, func(record int, raw []byte, err error) error {
		b.add(record, raw, err)
		if !b.full() {
			return nil
		}
		if !p.send(b) {
			return errQuit
		}
		select {
		case b = <-p.free:
		default:
			b = newBatch[T]()
		}
		return nil
	})
	if err != errQuit {
		p.send(b)
	}
	return utf16, err
}

// send queues a batch for the workers and for the caller; false means stop.
func (p *pipeline[T]) send(b *batch[T]) bool {
	select {
	case p.order <- b:
	case <-p.quit:
		return false
	}
	select {
	case p.work <- b:
		return true
	case <-p.quit:
		return false
	}
}

func (p *pipeline[T]) deliver(fn func(int, *T, error) error) (Stats, error) {
	var stats Stats
	for b := range p.order {
		<-b.done
		if p.crash.Load() != nil {
			return stats, errQuit
		}
		stats.InvalidUTF8 += b.stats.InvalidUTF8
		for i, record := range b.records {
			stats.Records++
			v, err := &b.vals[i], b.errs[i]
			if err != nil {
				stats.Bad++
				v = nil
			}
			if err := fn(record, v, err); err != nil {
				return stats, err
			}
		}
		b.reset()
		select {
		case p.free <- b:
		default:
		}
	}
	return stats, nil
}
