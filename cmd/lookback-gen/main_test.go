package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	zip, labels, lines := filepath.Join(dir, "a.zip"), filepath.Join(dir, "l.csv"), filepath.Join(dir, "p.jsonl")
	var out, errs bytes.Buffer
	if code := run([]string{"--posts", "1200", "--labels", labels, "--lines", lines, zip}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	if !strings.Contains(out.String(), "1,200 posts") {
		t.Errorf("said %q", out.String())
	}
	for _, name := range []string{zip, labels, lines} {
		if st, err := os.Stat(name); err != nil || st.Size() == 0 {
			t.Errorf("%s was not written: %v", filepath.Base(name), err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		say  string
	}{
		{nil, 2, "lookback-gen [flags] OUT.zip"},
		{[]string{"--help"}, 0, "lookback-gen [flags] OUT.zip"},
		{[]string{"--colour", "x.zip"}, 2, "flag provided but not defined"},
		{[]string{"--posts", "-1", filepath.Join(t.TempDir(), "x.zip")}, 1, "must be between 0 and"},
		{[]string{filepath.Join(t.TempDir(), "no", "such", "x.zip")}, 1, "x.zip"},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.say) {
			t.Errorf("%v: exit %d, said %q", c.args, code, errs.String())
		}
	}
}

func TestGroup(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := group(n); got != want {
			t.Errorf("group(%d) = %s, want %s", n, got, want)
		}
	}
}
