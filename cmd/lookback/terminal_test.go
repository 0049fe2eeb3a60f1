package main

import (
	"bufio"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1500: "2 kB", 2_340_000: "2.3 MB", 11_200_000_000: "11.2 GB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"short", "short"},
		{"", ""},
		{"one two three four", "one two\n  three\n  four"},
		{"  indented words here", "  indented\n    words\n    here"},
		{"https://example.org/a-very-long-link", "https://example.org/a-very-long-link"},
	} {
		if got := fold(c.in, 10, "  "); got != c.want {
			t.Errorf("fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestRead: long lines are broken for a person and left whole for a program.
func TestRead(t *testing.T) {
	var out strings.Builder
	tt := newTerminal(strings.NewReader(""), &out, &strings.Builder{})
	tt.width = 10
	text := func(w *bufio.Writer) { fmt.Fprint(w, "é é é é é\n  one two three\n\n") }
	for _, c := range []struct {
		tty  bool
		want string
	}{{true, "é é é é é\n  one two\n    three\n\n"}, {false, "é é é é é\n  one two three\n\n"}} {
		out.Reset()
		tt.outTTY = c.tty
		if err := tt.read(text); err != nil || out.String() != c.want {
			t.Errorf("terminal %v: %q, %v", c.tty, out.String(), err)
		}
	}
}

func TestQuoteArg(t *testing.T) {
	for in, want := range map[string]string{
		"twitter.zip": "twitter.zip", "my archive.zip": "'my archive.zip'", "it's.zip": `'it'\''s.zip'`, "a;rm -rf.zip": "'a;rm -rf.zip'",
	} {
		if got := quoteArg(in); got != want {
			t.Errorf("quoteArg(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	if !unix(0).IsZero() || rfc3339(time.Time{}) != "" {
		t.Error("no time became one")
	}
	if got := rfc3339(unix(1_700_000_000)); got != "2023-11-14T22:13:20Z" {
		t.Errorf("got %s", got)
	}
}

// TestHelp: every command explains itself and the exit codes in 80 columns, with
// an example.
func TestHelp(t *testing.T) {
	root := newRoot(newTerminal(strings.NewReader(""), &strings.Builder{}, &strings.Builder{}))
	for _, cmd := range append(root.Commands(), root) {
		for _, c := range append(cmd.Commands(), cmd) {
			if c.Name() == "help" || c.Name() == "completion" {
				continue
			}
			if c.Example == "" || c.Short == "" || c.Long == "" {
				t.Errorf("%s lacks an example or an explanation", c.CommandPath())
			}
			if !strings.Contains(c.Long, "Exit codes:\n  0 ") {
				t.Errorf("%s does not explain the exit codes", c.CommandPath())
			}
			for line := range strings.SplitSeq(c.Long+"\n"+c.Example, "\n") {
				if len([]rune(line)) > 84 {
					t.Errorf("%s: a line of the help is %d columns wide: %s", c.CommandPath(), len([]rune(line)), line)
				}
			}
		}
	}
}
