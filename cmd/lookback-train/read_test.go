package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lookback/scanner"
	"lookback/scanner/classify/train"
)

// TestOwed holds that more is owed for what more authors of rules have read.
func TestOwed(t *testing.T) {
	var read, unread string
	for i := 0; read == "" || unread == ""; i++ {
		if key := "k" + strconv.Itoa(i); scanner.RulesRead(key) {
			read = key
		} else {
			unread = key
		}
	}
	for _, x := range []struct {
		name, key string
		earlier   bool
		want      float64
	}{
		{"read by nobody", unread, false, 0},
		{"by the later authors", read, false, owedLater},
		{"by the earlier ones", unread, true, owedEarlier},
		{"by both", read, true, owedBoth},
	} {
		if got := owedTo(x.key, x.earlier); got != x.want {
			t.Errorf("%s: %v is owed, want %v", x.name, got, x.want)
		}
	}
}

// TestNothingOwed: cases that were written after the rules owe them nothing.
func TestNothingOwed(t *testing.T) {
	dir := t.TempDir()
	var rows strings.Builder
	rows.WriteString("id,kind,text,standards,action,theme,functionality,pair\n")
	for i := range 20 {
		fmt.Fprintf(&rows, "k%d,post,A text,,none,,ordinary-life,\n", i)
	}
	for name, want := range map[string]bool{"care-e.csv": true, "care-j.csv": false, "care-k.csv": false, "care-l.csv": false} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		cases, err := readCases(file, false)
		if err != nil || len(cases) != 20 {
			t.Fatalf("%s: %d cases, %v", name, len(cases), err)
		}
		owed := slices.ContainsFunc(cases, func(e train.Example) bool { return e.Owed > 0 })
		if owed != want {
			t.Errorf("%s: something is owed: %v, want %v", name, owed, want)
		}
	}
}
