package scanner

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateFigures = flag.Bool("update-figures", false, "write testdata/figures.golden anew")

// TestFigures compares what is found in the held-back fifth of this
// repository's own cases with the figures kept in testdata, so that a change
// that helps one theme and hurts another is seen. Counts move with the pieces
// of the judgement: a change that is meant goes in with -update-figures.
func TestFigures(t *testing.T) {
	files, err := filepath.Glob("../testdata/cases/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	all := CaseSet{Name: "cases"}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		set, err := ReadCases(filepath.Base(name), f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		all.Cases = append(all.Cases, set.HeldBack().Cases...)
	}
	rep := Eval(learnedEngine(t), []CaseSet{all})
	var b bytes.Buffer
	fmt.Fprintf(&b, "%-28s %8s %5s %7s %6s %8s %7s\n", "theme", "breaches", "found", "removes", "right", "harmless", "flagged")
	for _, f := range append(rep.Theme, rep.Total) {
		fmt.Fprintf(&b, "%-28s %8d %5d %7d %6d %8d %7d\n", f.Group, f.Breaches, f.Found, f.RemovesFound, f.RightStandard, f.Harmless, f.Flagged)
	}
	golden := filepath.Join("testdata", "figures.golden")
	if *updateFigures {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	compareLines(t, string(want), b.String())
}

func compareLines(t *testing.T, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Errorf("figures changed:\n was %s\n now %s", a, b)
		}
	}
}
