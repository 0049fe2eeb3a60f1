package classify

import "syscall"

// largePages asks for large pages behind memory that was not used yet: faulting
// in small ones takes longer than to fill it. It is only a hint.
func largePages(b []byte) {
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
}
