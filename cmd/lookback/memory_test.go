package main

import (
	"math"
	"runtime/debug"
	"testing"
	"time"
)

func TestLimitMemory(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	for env, want := range map[string]int64{"": memoryLimit, "1GiB": math.MaxInt64} {
		t.Setenv("GOMEMLIMIT", env)
		debug.SetMemoryLimit(math.MaxInt64)
		limitMemory()
		if got := debug.SetMemoryLimit(-1); got != want {
			t.Errorf("GOMEMLIMIT=%q: a limit of %d, want %d", env, got, want)
		}
	}
}

func TestRestCollector(t *testing.T) {
	defer func(usual time.Duration) { startTime = usual }(startTime)
	startTime = time.Hour
	limit, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	defer func() {
		wakeCollector()
		wakeCollector = func() {}
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	}()
	state := func() (int64, int) {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return debug.SetMemoryLimit(-1), p
	}
	t.Setenv("GOMEMLIMIT", "")
	for env, want := range map[string]int{"": -1, "80": 100} {
		t.Setenv("GOGC", env)
		wakeCollector()
		restCollector()
		if _, p := state(); p != want {
			t.Errorf("GOGC=%q: %d per cent, want %d", env, p, want)
		}
	}
	t.Setenv("GOGC", "")
	restCollector()
	limitMemory()
	if l, p := state(); l != memoryLimit || p != 100 {
		t.Errorf("once the work begins: a limit of %d and %d per cent, want %d and 100", l, p, memoryLimit)
	}
}
