//go:build !linux

package classify

// largePages does nothing where the system chooses the size of pages itself.
func largePages([]byte) {}

// ownPages returns memory like any other.
func ownPages(n int) []byte { return make([]byte, n) }
