package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// watched is a terminal that the tests can look at.
func watched() (*terminal, *bytes.Buffer) {
	var errs bytes.Buffer
	t := newTerminal(strings.NewReader(""), &bytes.Buffer{}, &errs)
	t.errTTY = true
	return t, &errs
}

func TestBar(t *testing.T) {
	for _, width := range []int{40, 80} {
		testBar(t, width)
	}
}

func testBar(t *testing.T, width int) {
	t.Helper()
	for _, bytes := range []bool{true, false} {
		tt, errs := watched()
		tt.width = width
		b := tt.newBar("Reading", bytes)
		b.Total(2_000_000)
		b.Add(1_000_000)
		b.Add(1_000_000)
		b.finish(nil)
		b.Add(1) // late, and harmless
		got := errs.String()
		if !strings.Contains(got, "Reading") || !strings.Contains(got, "100%") || !strings.HasSuffix(got, "\n") {
			t.Errorf("bytes %v: drew %q", bytes, got)
		}
		for line := range strings.SplitSeq(got, "\r") {
			if n := len([]rune(strings.TrimSpace(line))); n > width {
				t.Errorf("%d columns of %d: %q", n, width, line)
			}
		}
	}
}

func TestBarThatNeverBegan(t *testing.T) {
	tt, errs := watched()
	b := tt.newBar("Reading", true)
	b.Total(0)
	b.finish(errors.New("no such file"))
	if errs.Len() > 0 {
		t.Errorf("drew %q", errs.String())
	}
}

func TestNoBarWithoutATerminal(t *testing.T) {
	var errs bytes.Buffer
	b := newTerminal(strings.NewReader(""), &bytes.Buffer{}, &errs).newBar("Reading", true)
	b.Total(10)
	b.Add(10)
	b.finish(nil)
	if errs.Len() > 0 {
		t.Errorf("drew %q", errs.String())
	}
}
