package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// stand is set where the test's own program stands in for lookback and for
// the inflating.
const stand = "LOOKBACK_BENCH_TEST"

func TestMain(m *testing.M) {
	if code := os.Getenv(stand); code != "" {
		switch {
		case os.Args[1] == inflateWord:
			os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
		case code == "fails":
			os.Stderr.WriteString("the store is full\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestTables(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(stand, "works")
	t.Setenv("PATH", t.TempDir()) // no other programs
	file := filepath.Join(t.TempDir(), "bench.md")
	var out, talk bytes.Buffer
	if code := run([]string{"-lookback", self, "-posts", "40,80", "-rounds", "2", "-out", file}, &out, &talk); code != 0 {
		t.Fatalf("exit %d: %s", code, talk.String())
	}
	text := out.String()
	for _, want := range []string{
		`(?m)^40 posts, median of 2:$`, `(?m)^80 posts, median of 2:$`,
		`(?m)^\| inflate tweets.js +\| +[\d.]+ s \| +[\d.]+ s \| +\d+ \| +1.00x \|`,
		`(?m)^\| audit again +\|`, `(?m)^\| version +\| +[\d.]+ s \| +[\d.]+ s \| +- \|`,
		`(?m)^\| import +\| +[\d.]+ \| +[\d.]+ \|$`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "ripgrep") {
		t.Error("a program that is not installed has a row")
	}
	if saved, err := os.ReadFile(file); err != nil || string(saved) != text {
		t.Errorf("the file differs from what was printed (%v)", err)
	}
}

func TestFailingStep(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(stand, "fails")
	var out, talk bytes.Buffer
	if code := run([]string{"-lookback", self, "-posts", "10", "-rounds", "1"}, &out, &talk); code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	if !strings.Contains(talk.String(), "import: exit status 1: the store is full") {
		t.Errorf("it says %q", talk.String())
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"-posts", "many"}, {"-posts", "0"}, {"-rounds", "0"}, {"more"}, {"-none"}} {
		if code := run(args, &bytes.Buffer{}, &bytes.Buffer{}); code != 2 {
			t.Errorf("%v: exit %d, want 2", args, code)
		}
	}
}

func TestMedian(t *testing.T) {
	r := row{costs: []cost{{wall: 9 * time.Second, peak: 3}, {wall: time.Second, peak: 8}, {wall: 2 * time.Second}}}
	if got := r.median(wall); got != 2*time.Second || r.peak() != 8 {
		t.Errorf("median %v, peak %d", got, r.peak())
	}
}
