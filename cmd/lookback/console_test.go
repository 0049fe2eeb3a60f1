package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestClosesAtOnce: only a double click, or a file dropped on the program,
// waits for Enter.
func TestClosesAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "twitter.zip")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		c    console
		args []string
		want bool
	}{
		{"double click", console{1, true}, nil, true},
		{"a file dropped on it", console{1, true}, []string{file}, true},
		{"from a shell", console{2, true}, nil, false},
		{"from a shell with many programs", console{7, true}, []string{file}, false},
		{"another system", console{0, true}, nil, false},
		{"nobody there", console{1, false}, nil, false},
		{"a task with a command", console{1, true}, []string{"audit", file}, false},
		{"a task with a word", console{1, true}, []string{"status"}, false},
		{"a file that is not there", console{1, true}, []string{file + "x"}, false},
	} {
		if got := tc.c.closesAtOnce(tc.args); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

// TestStayOpen: it takes one line, and an input that ends.
func TestStayOpen(t *testing.T) {
	for in, left := range map[string]string{"": "", "\r\nrest": "rest", "some words\n": "", "no end": ""} {
		var out strings.Builder
		r := strings.NewReader(in)
		stayOpen(r, &out)
		if rest := in[len(in)-r.Len():]; rest != left {
			t.Errorf("after %q it left %q, want %q", in, rest, left)
		}
		if !strings.Contains(out.String(), "Press Enter") {
			t.Errorf("it said %q", out.String())
		}
	}
}
