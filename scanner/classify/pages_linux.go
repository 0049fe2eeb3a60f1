package classify

import "syscall"

// largePages asks for large pages behind memory that was not used yet: faulting
// in small ones takes longer than to fill it. It is only a hint.
func largePages(b []byte) {
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
}

// ownPages returns memory beside that of the garbage collector, which would let
// the program grow by twice as much, with large pages. It is never given back.
func ownPages(n int) []byte {
	b, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return make([]byte, n)
	}
	largePages(b)
	return b
}
