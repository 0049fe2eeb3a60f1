package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lookback/store"
)

// stand is set where the test's own program stands in for lookback and for
// the inflating.
const stand = "LOOKBACK_BENCH_TEST"

func TestMain(m *testing.M) {
	if code := os.Getenv(stand); code != "" {
		switch {
		case os.Args[1] == csvWord:
			os.Exit(0) // there is no store
		case alone[os.Args[1]] != nil:
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
		`(?m)^Reports of what was found in 80 posts:$`,
		`(?m)^\| encoding/csv +\| +[\d.]+ s \| +[\d.]+ s \| +1.00x \|`, `(?m)^\| checklist +\| +[\d.]+ s \| +[\d.]+ s \| +[\d.]+x \|`,
		`(?m)^\| import +\| inflate tweets.js +\| +[\d.]+x \| +[\d.]+x \|$`, `(?m)^\| audit +\| audit again +\| +[\d.]+x \|`,
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

// The rows that a report in CSV has, by encoding/csv.
func TestCSVAlone(t *testing.T) {
	dir := t.TempDir()
	db, file := filepath.Join(dir, "a.db"), filepath.Join(dir, "rows.csv")
	s, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	im, err := s.BeginImport(t.Context(), store.Archive{Name: "a.zip", Digest: "d", Platform: "x"})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"nothing", "two, bad and worse"}
	for i, text := range texts {
		if err := im.Post(store.Post{Key: fmt.Sprint("tweet:", i), Kind: store.KindPost, Own: true, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := im.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := []store.Finding{}
	for i, word := range []string{"bad", "worse"} {
		at := strings.Index(texts[1], word)
		found = append(found, store.Finding{Rule: "a.b.c", Theme: fmt.Sprint("a.b", i), Standards: []string{"2.10"}, Action: store.ActionReview,
			Confidence: 0.5, Spans: []store.Span{{Start: at, End: at + len(word)}}})
	}
	if err := s.PutScanned(t.Context(), "r", []store.Scanned{{PostID: 1}, {PostID: 2, Findings: found}}); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{csvWord, db, file}, io.Discard, io.Discard); code != 0 {
		t.Fatalf("exit %d", code)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0][12] != "bad" || rows[1][12] != "worse" || rows[1][13] != texts[1] {
		t.Errorf("wrote %q", rows)
	}
}

// Words of a list are found as ripgrep finds them with -i -w -F.
func TestWordsAlone(t *testing.T) {
	dir := t.TempDir()
	list, file := filepath.Join(dir, "words.txt"), filepath.Join(dir, "posts.txt")
	lines := []string{"an idiot", "IDIOT!", "idiotic", "my ward, again", "ward9", "not a patient", "", "\"I hate it\", she said"}
	text := strings.Repeat(strings.Join(lines, "\n")+"\n", 20_000) + "lazy"
	if err := errors.Join(os.WriteFile(list, []byte(words(1000)), 0o600), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	var out, talk bytes.Buffer
	if code := run([]string{wordsWord, list, file}, &out, &talk); code != 0 || out.String() != "100001\n" {
		t.Errorf("exit %d, %q lines, want 100001: %s", code, out.String(), talk.String())
	}
	if n := len(strings.Fields(words(1000))); n != 1000 {
		t.Errorf("the list has %d words", n)
	}
}
