// Package jsonstream reads the huge JSON arrays of export archives in bounded
// memory: gigabytes on one line, with a JavaScript assignment before the
// array, a byte order mark, a broken element in the middle or the end cut off.
//
// The package splits an array into its elements itself, by strings and
// brackets only, so that one broken element costs one element. What an
// element means is left to the caller, who pulls the members that matter out
// of it with Object, List and Text.
//
// No error of this package holds anything of what was read.
package jsonstream

import (
	"errors"
	"fmt"
)

// Defaults and bounds.
const (
	// DefaultMaxElement bounds one element. The largest honest ones are
	// conversations of a thousand messages, far below it.
	DefaultMaxElement = 16 << 20
	// MaxDepth bounds the nesting of brackets inside one element.
	MaxDepth = 128

	chunk      = 256 << 10 // bytes asked of the reader at once, at least
	prefixMax  = 4 << 10   // how far the "=" of a JavaScript prefix may be
	nameMax    = 1 << 10   // length of a member's name on the path to an array
	resyncTail = 4 << 10   // bytes kept while looking for the next element
	rescanMax  = 1 << 30   // after so many bytes read twice a file is given up
)

// Reasons why a record, or the rest of an array, was not handed over.
var (
	ErrSyntax   = errors.New("not valid JSON")
	ErrTooLarge = errors.New("larger than the limit")
	ErrTooDeep  = errors.New("nested too deeply")
	ErrCut      = errors.New("the file ends in the middle")
	ErrNoArray  = errors.New("no JSON array where one is expected")
	ErrTrailing = errors.New("unexpected data after the end of the array")
)

// RecordError says which element was not read, and why. Err is one of this
// package's errors or wraps one; ErrCut also wraps the reader's own error.
type RecordError struct {
	Record int // 1-based; 0 for the file as a whole
	Err    error
}

func (e *RecordError) Error() string {
	if e.Record == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("record %d: %v", e.Record, e.Err)
}

func (e *RecordError) Unwrap() error { return e.Err }

// Options choose the array and the bounds. The zero value reads an array that
// is the whole file.
type Options struct {
	// Path leads to the array through objects, one member name for each
	// level: {"a":{"b":[...]}} is "a", "b". "*" is any name; every array that
	// the path leads to is read, and records are counted on.
	Path []string
	// MaxElement is the size in bytes over which an element is skipped; 0
	// means DefaultMaxElement.
	MaxElement int
	// Workers decode elements at the same time; 0 chooses. What is handed
	// over, and in which order, never depends on it.
	Workers int
}

// Stats is what was seen.
type Stats struct {
	Records     int  // elements, good and bad
	Bad         int  // elements that were not handed over
	InvalidUTF8 int  // elements with bytes that are not UTF-8, replaced by U+FFFD
	UTF16       bool // the file was UTF-16
}
