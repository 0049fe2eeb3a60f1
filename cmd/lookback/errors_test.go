package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"lookback/importer"
	"lookback/store"
)

func TestSplitHint(t *testing.T) {
	base := errors.New("it is broken")
	for _, c := range []struct {
		err        error
		what, hint string
	}{
		{base, "it is broken", ""},
		{&hintError{base, "mend it"}, "it is broken", "mend it"},
		{fmt.Errorf("opening: %w", &importer.HintError{Err: base, Hint: "ask again"}), "opening: it is broken", "ask again"},
		{errors.Join(&store.HintError{Err: store.ErrFull, Hint: "free some space"}), store.ErrFull.Error(), "free some space"},
		{&importer.HintError{Err: base}, "it is broken", ""},
	} {
		if what, hint := splitHint(c.err); what != c.what || hint != c.hint {
			t.Errorf("%v: got %q and %q", c.err, what, hint)
		}
	}
}

func TestFail(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{nil, exitOK, ""},
		{fmt.Errorf("writing: %w", syscall.EPIPE), exitOK, ""},
		{&exitError{code: exitUnread}, exitUnread, ""},
		{&hintError{&exitError{exitUsage, errors.New("no such word")}, "see --help"}, exitUsage, "What to do: see --help."},
		{fmt.Errorf("reading: %w", context.Canceled), exitInterrupted, "run the same command again to go on"},
		{errors.New("it broke"), exitFailed, "lookback: it broke"},
	} {
		var out, errs bytes.Buffer
		code := newTerminal(nil, &out, &errs).fail(c.err)
		if code != c.code || !strings.Contains(errs.String(), c.says) || c.says == "" && errs.Len() > 0 {
			t.Errorf("%v: exit %d, said %q", c.err, code, errs.String())
		}
		if out.Len() > 0 {
			t.Errorf("%v: talk went to standard output", c.err)
		}
	}
}

// TestErrorsAreSafeToShow: a file's name may try to command the terminal.
func TestErrorsAreSafeToShow(t *testing.T) {
	var errs bytes.Buffer
	newTerminal(nil, &bytes.Buffer{}, &errs).sayError(errors.New("cannot open \x1b]0;owned\x07\u202etxt.piz"))
	if strings.ContainsAny(errs.String(), "\x1b\x07\u202e") {
		t.Errorf("%q reached the terminal", errs.String())
	}
}

func TestExitCodeHelpNamesEveryCode(t *testing.T) {
	for _, code := range []int{exitOK, exitFailed, exitUsage, exitFindings, exitUnread, exitInterrupted} {
		if !strings.Contains(exitCodeHelp, fmt.Sprintf("\n  %-4d ", code)) {
			t.Errorf("the help does not explain exit code %d", code)
		}
	}
}
