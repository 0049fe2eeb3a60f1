package main

import (
	"os"
	"syscall"
)

// peak returns the largest amount of memory that a process had, in bytes.
func peak(p *os.ProcessState) int64 {
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss << 10
	}
	return 0
}
