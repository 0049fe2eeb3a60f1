package main

import (
	"math"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// memoryLimit is how large the garbage collector lets the program grow before
// it works harder. What is in use stays far below, also with an archive of
// many gigabytes; left alone, the collector waits until it has doubled.
const memoryLimit = 200 << 20

// limitMemory sets the limit, unless the person has set another.
func limitMemory() {
	wakeCollector()
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// While the program gets ready, nearly all that it allocates stays: to look for
// garbage would take a third of the time that check of one line takes. So the
// collector waits for a moment, or until so much is in use.
var startTime = 300 * time.Millisecond // tests, which may be held up, take longer

const startLimit = 96 << 20

// usualPercent is how the collector works where GOGC does not say otherwise.
const usualPercent = 100

var wakeCollector = func() {}

// restCollector lets the collector wait, unless the person has told it how to
// work.
func restCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	wakeCollector() // that of a run before this one, so that its time cannot end later
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(startLimit)
	wakeCollector = sync.OnceFunc(func() {
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(usualPercent)
	})
	time.AfterFunc(startTime, wakeCollector)
}
