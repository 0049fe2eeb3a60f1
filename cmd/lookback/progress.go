package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar is a progress bar on the terminal, or nothing where there is none: an
// importer.Meter of bytes and a scanner.Meter of posts. It
// shows itself when its total is known, so that what fails at once leaves no
// trace of it.
type bar struct {
	mu    sync.Mutex
	w     io.Writer // nil where nobody watches
	opts  []progressbar.Option
	bar   *progressbar.ProgressBar
	total int64
	done  int64
	watch watcher // shows it elsewhere; nil where nobody does
}

// watcher shows progress in another place than the terminal.
type watcher interface {
	Stage(what string)
	Total(n int64)
	Add(n int64)
}

// narrow is a terminal that has no room for more than the share that is done
// and the time that is left.
const narrow = 72

// newBar prepares a bar. Its total comes later, by Total.
func (t *terminal) newBar(what string, bytes bool) *bar {
	if t.watch != nil {
		t.watch.Stage(what)
		return &bar{watch: t.watch}
	}
	if !t.errTTY {
		return &bar{}
	}
	opts := []progressbar.Option{
		progressbar.OptionSetWriter(t.err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "█", SaucerPadding: "░", BarStart: "", BarEnd: ""}),
		progressbar.OptionSetWidth(max(5, min(30, t.width-58))),
	}
	switch {
	case t.width < narrow: // a line that wraps is not drawn over
	case bytes:
		opts = append(opts, progressbar.OptionShowCount(), progressbar.OptionShowBytes(true))
	default:
		opts = append(opts, progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("posts"))
	}
	return &bar{w: t.err, opts: opts}
}

// Total sets the sum of all Adds.
func (b *bar) Total(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.watch != nil {
		b.watch.Total(n)
	}
	if b.w == nil || n <= 0 {
		return
	}
	b.total = n
	whole := max(n, b.done+1) // the end is drawn by finish
	if b.bar == nil {
		b.bar = progressbar.NewOptions64(whole, b.opts...)
	} else {
		b.bar.ChangeMax64(whole)
	}
}

// Add counts what was done.
func (b *bar) Add(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += n
	if b.watch != nil {
		b.watch.Add(n)
	}
	if b.bar != nil && b.done < b.total {
		_ = b.bar.Set64(b.done) // drawing may fail, the work goes on
	}
}

// finish draws the bar's end and leaves the line.
func (b *bar) finish(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar == nil {
		return
	}
	if err == nil {
		_ = b.bar.Finish()
	} else {
		_ = b.bar.Exit()
	}
	fmt.Fprintln(b.w)
	b.bar, b.w = nil, nil
}
