//go:build linux || darwin || freebsd

package main

import (
	"fmt"
	"math"
	"syscall"
)

// freeSpace is how many bytes a user may still write where dir lies.
func freeSpace(dir string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("looking at the free space: %w", err)
	}
	free := float64(st.Bavail) * float64(st.Bsize) // their types differ among systems
	return int64(min(max(free, 0), math.MaxInt64/2)), nil
}
