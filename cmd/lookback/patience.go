package main

import (
	"context"
	"io"
	"time"
)

// patience is how long a command that was interrupted may take to finish the
// batch under way. A drive that does not answer would hold it for ever: what
// waits for the system cannot be called off from within.
const patience = 10 * time.Second

// await waits for a command's exit code. After an interruption it says why
// nothing happens yet, and in the end leaves the command where it hangs. A
// store that is left so is sound: the next one to open it takes away the
// half-done batch.
func (t *terminal) await(ctx context.Context, done <-chan int, patience time.Duration) int {
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		return code
	case <-time.After(patience / 5):
		t.say("Finishing what is under way. Another Ctrl-C ends it at once; what is stored stays sound.")
	}
	select {
	case code := <-done:
		return code
	case <-time.After(patience):
		t.say("A disk or a network drive does not answer, so lookback ends without it. What was done so far is kept: run the same command again to go on.")
		return exitInterrupted
	}
}

// interruptible reads r until ctx ends, also where r would never answer, as a
// keyboard or the pipe of a program that waits.
type interruptible struct {
	ctx context.Context
	got chan gotten
	cur gotten
}

// gotten is what one read brought.
type gotten struct {
	b   []byte
	err error
}

func newInterruptible(ctx context.Context, r io.Reader) *interruptible {
	i := &interruptible{ctx: ctx, got: make(chan gotten)}
	go i.read(r)
	return i
}

// read reads one piece ahead; two buffers take turns.
func (i *interruptible) read(r io.Reader) {
	var bufs [2][64 << 10]byte
	for n := 0; ; n++ {
		buf := bufs[n%2][:]
		k, err := r.Read(buf)
		select {
		case i.got <- gotten{buf[:k], err}:
		case <-i.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// Read implements io.Reader.
func (i *interruptible) Read(p []byte) (int, error) {
	for len(i.cur.b) == 0 && i.cur.err == nil {
		select {
		case i.cur = <-i.got:
		case <-i.ctx.Done():
			i.cur.err = i.ctx.Err()
		}
	}
	n := copy(p, i.cur.b)
	i.cur.b = i.cur.b[n:]
	if len(i.cur.b) > 0 || n > 0 && i.cur.err == nil {
		return n, nil
	}
	return n, i.cur.err
}
