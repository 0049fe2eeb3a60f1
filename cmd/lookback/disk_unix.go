//go:build !windows

package main

import (
	"errors"
	"syscall"
)

// isFull says whether the disk had no space left.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
