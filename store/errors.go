package store

import (
	"context"
	"errors"
	"fmt"
)

// What can be wrong with a store. Each comes inside a *HintError.
var (
	ErrBusy     = errors.New("the store is in use")
	ErrNewer    = errors.New("the store was written by a newer version of lookback")
	ErrNotOurs  = errors.New("the file is not a lookback store")
	ErrCorrupt  = errors.New("the store is damaged")
	ErrReadOnly = errors.New("the store cannot be written to")
	ErrFull     = errors.New("there is no space left for the store")
	ErrNotFound = errors.New("not in the store")
)

// HintError is a failure that the person can do something about.
type HintError struct {
	Err  error
	Hint string // one sentence: what to do next
}

func (e *HintError) Error() string {
	if e.Hint == "" {
		return e.Err.Error()
	}
	return e.Err.Error() + ": " + e.Hint
}

func (e *HintError) Unwrap() error { return e.Err }

// SQLite's primary result codes that a person can do something about.
// https://www.sqlite.org/rescode.html
const (
	codeReadonly  = 8
	codeInterrupt = 9
	codeIOErr     = 10
	codeBusy      = 5
	codeLocked    = 6
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14
	codeAuth      = 23
	codeNotADB    = 26
)

// failures maps result codes to our errors and what to do about them.
var failures = map[int]HintError{
	codeBusy:     {ErrBusy, "another lookback is working with it; wait until it is done, or give this one its own file with --db"},
	codeLocked:   {ErrBusy, "another lookback is working with it; wait until it is done, or give this one its own file with --db"},
	codeReadonly: {ErrReadOnly, "check the permissions of the file and its folder, or choose another place with --db"},
	codeCantOpen: {ErrReadOnly, "check that the folder is there and that you may write to it, or choose another place with --db"},
	codeFull:     {ErrFull, "free some space, or choose another disk with --db; what was stored before is safe, and the same command goes on from there"},
	codeIOErr:    {ErrReadOnly, "the disk or network drive failed; try again, or choose another disk with --db"},
	codeCorrupt:  {ErrCorrupt, "move the file away and import your archives again; they hold everything but your decisions"},
	codeNotADB:   {ErrCorrupt, "move the file away and import your archives again; they hold everything but your decisions"},
}

// explain adds what was being done to err and, where the cause is known, what
// the person can do. SQLite's own messages name columns, never values.
func explain(op string, err error) error {
	if err == nil {
		return nil
	}
	if hint := (*HintError)(nil); errors.As(err, &hint) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", op, err)
	}
	code := sqliteCode(err)
	if code&0xff == codeInterrupt {
		return fmt.Errorf("%s: %w", op, context.Canceled)
	}
	if f, ok := failures[code&0xff]; ok {
		return &HintError{Err: fmt.Errorf("%s: %w (%w)", op, f.Err, err), Hint: f.Hint}
	}
	return fmt.Errorf("%s: %w", op, err)
}
