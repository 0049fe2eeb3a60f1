package main

import (
	"errors"
	"fmt"
	"strings"

	"lookback/importer"
	"lookback/store"

	"github.com/spf13/cobra"
)

// The exit codes, also in the help and the README.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitFindings    = 3
	exitUnread      = 4
	exitInterrupted = 130
)

const exitCodeHelp = `Exit codes:
  0    done
  1    failed
  2    the command was not understood
  3    done, and there are findings to act on (only with --exit-code)
  4    done, but something could not be read
  130  interrupted; run the same command again to go on`

// exitError ends the program with a code of its own. Without err it ends
// without a word: whatever there was to say has been said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usagef is a command line that was not understood.
func usagef(cmd *cobra.Command, format string, args ...any) error {
	return usageHint("see "+cmd.CommandPath()+" --help", format, args...)
}

// usageHint is usagef with a better hint.
func usageHint(hint, format string, args ...any) error {
	return &hintError{&exitError{exitUsage, fmt.Errorf(format, args...)}, hint}
}

// hintError is a failure with what to do about it.
type hintError struct {
	err  error
	hint string
}

func (e *hintError) Error() string { return e.err.Error() + ": " + e.hint }
func (e *hintError) Unwrap() error { return e.err }

// splitHint takes the hint off an error's words, wherever in the chain it
// came from.
func splitHint(err error) (what, hint string) {
	var own *hintError
	var imp *importer.HintError
	var sto *store.HintError
	switch {
	case errors.As(err, &own):
		hint = own.hint
	case errors.As(err, &imp):
		hint = imp.Hint
	case errors.As(err, &sto):
		hint = sto.Hint
	}
	what = err.Error()
	if hint != "" {
		what = strings.Replace(what, ": "+hint, "", 1)
	}
	return what, hint
}
