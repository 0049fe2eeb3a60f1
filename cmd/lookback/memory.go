package main

import (
	"os"
	"runtime/debug"
)

// memoryLimit is how large the garbage collector lets the program grow before
// it works harder. What is in use stays far below, also with an archive of
// many gigabytes; left alone, the collector waits until it has doubled.
const memoryLimit = 200 << 20

// limitMemory sets the limit, unless the person has set another.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
