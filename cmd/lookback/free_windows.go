package main

import (
	"fmt"
	"math"
	"syscall"
	"unsafe"
)

var diskFree = syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")

// freeSpace is how many bytes a user may still write where dir lies.
func freeSpace(dir string) (int64, error) {
	name, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return 0, fmt.Errorf("looking at the free space: %w", err)
	}
	var free uint64
	if ok, _, err := diskFree.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&free)), 0, 0); ok == 0 {
		return 0, fmt.Errorf("looking at the free space: %w", err)
	}
	return int64(min(free, math.MaxInt64/2)), nil
}
