package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"lookback/cmd/lookback-gen/synth"
)

// TestStoresThatCannotBeUsed: every command says what is wrong with the store
// and what to do, and leaves the file as it is.
func TestStoresThatCannotBeUsed(t *testing.T) {
	archive := genArchive(t, synth.Options{Posts: 50, Seed: 1})
	good := filepath.Join(t.TempDir(), "good.db")
	lookback(t, exitOK, "", "import", "--db", good, archive)
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Clone(whole)
	binary.BigEndian.PutUint32(newer[60:], 99) // SQLite's user_version
	holed := bytes.Clone(whole)
	copy(holed[100:8192], bytes.Repeat([]byte{0xa5}, 8092))
	for _, c := range []struct {
		name       string
		data       []byte
		what, hint string
	}{
		{"of a newer version", newer, "written by a newer version of lookback", "update lookback"},
		{"cut short", whole[:len(whole)/2], "the store is damaged", "import your archives again"},
		{"overwritten", holed, "the store is damaged", "import your archives again"},
		{"a diary", []byte("Dear diary"), "not a lookback store", "this one was left as it is"},
		{"a picture", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 9000)...), "not a lookback store", "this one was left as it is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "store.db")
			if err := os.WriteFile(db, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			out := t.TempDir()
			for _, args := range [][]string{{"audit", "--out", out, archive}, {"list"}, {"forget", "--everything", "--yes"}} {
				_, errs := lookback(t, exitFailed, "", append(args, "--db", db)...)
				if !strings.Contains(errs, c.what) || !strings.Contains(errs, "What to do: ") || !strings.Contains(errs, c.hint) {
					t.Errorf("%s says %q", args[0], errs)
				}
			}
			if after, err := os.ReadFile(db); err != nil || !bytes.Equal(after, c.data) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

// TestTwoAtOnce: a second lookback at the same store waits for the first, and
// both leave there what they read.
func TestTwoAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin := buildProgram(t)
	dir := t.TempDir()
	db := filepath.Join(dir, "a.db")
	path := genArchive(t, synth.Options{Posts: 4000, Seed: 1})
	results := make(chan string)
	for range 2 {
		go func() {
			cmd := exec.Command(bin, "audit", "--db", db, "--out", filepath.Join(dir, "out"), path)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			if err := cmd.Run(); err != nil {
				fmt.Fprint(&errs, err)
			}
			results <- errs.String()
		}()
	}
	for range 2 {
		if said := <-results; said != "" && !strings.Contains(said, "Nothing is new") {
			t.Error(said)
		}
	}
	alone := filepath.Join(dir, "alone.db")
	lookback(t, exitOK, "", "audit", "--db", alone, "--out", filepath.Join(dir, "alone"), path)
	if a, b := findings(t, db), findings(t, alone); a == "" || a != b {
		t.Errorf("two at once found something else than one alone: %d and %d bytes", len(a), len(b))
	}
}

// TestFolderAtOnce: audits that begin together may both find no folder for their
// reports.
func TestFolderAtOnce(t *testing.T) {
	for i := range 200 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i), "out")
		var made errgroup.Group
		for range 4 {
			made.Go(func() error { return makeFolder(dir) })
		}
		if err := made.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

// findings is what list shows of a store, for a program.
func findings(t *testing.T, db string) string {
	t.Helper()
	out, _ := lookback(t, exitOK, "", "report", "--format", "csv", "--db", db)
	return out
}

// at sets the clock for a test.
func at(t *testing.T, now time.Time) {
	t.Helper()
	clock = func() time.Time { return now }
	t.Cleanup(func() { clock = time.Now })
}

// TestClockIn1970: a computer that lost the time audits as ever, says that its
// clock is wrong, and once the clock is right all is as it should be.
func TestClockIn1970(t *testing.T) {
	path := genArchive(t, synth.Options{Posts: 500, Seed: 5})
	dir := t.TempDir()
	db := filepath.Join(dir, "a.db")
	at(t, time.Unix(20, 0))
	const said = "this computer's clock says 1 January 1970"
	if _, errs := lookback(t, exitOK, "", "audit", "--db", db, "--out", dir, path); !strings.Contains(errs, said) || !strings.Contains(errs, "set the clock and audit again") {
		t.Errorf("audit said %q", errs)
	}
	for _, args := range [][]string{{"list"}, {"status"}, {"report", "--out", dir}, {"report", "--format", "record"}, {"scan"}} {
		lookback(t, exitOK, "", append(args, "--db", db)...)
	}
	if out, errs := lookback(t, exitOK, "", "due", "--db", db); !strings.Contains(errs, said) || !strings.Contains(out, "the next is due on") {
		t.Errorf("due said %q %q", out, errs)
	}
	then := findings(t, db)
	at(t, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if out, errs := lookback(t, exitFindings, "", "due", "--db", db); errs != "" || !strings.Contains(out, "An audit is due") {
		t.Errorf("with the clock right, due said %q %q", out, errs)
	}
	lookback(t, exitOK, "", "audit", "--db", db, "--out", dir, path)
	lookback(t, exitOK, "", "due", "--db", db)
	right := filepath.Join(dir, "right.db")
	lookback(t, exitOK, "", "audit", "--db", right, "--out", filepath.Join(dir, "right"), path)
	if now := findings(t, right); now == "" || then != now || findings(t, db) != now {
		t.Error("the clock changes what is found")
	}
}

// TestAwait: a command that hangs is waited for, then left, with a word on each.
func TestAwait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tt, errs := watched()
	done := make(chan int, 1)
	done <- 7
	if code := tt.await(ctx, done, time.Hour); code != 7 || errs.Len() > 0 {
		t.Errorf("exit %d, said %q", code, errs)
	}
	cancel()
	if code := tt.await(ctx, make(chan int), time.Millisecond); code != exitInterrupted {
		t.Errorf("exit %d", code)
	}
	got := strings.Join(strings.Fields(errs.String()), " ")
	for _, want := range []string{"Another Ctrl-C ends it at once", "A disk or a network drive does not answer", "run the same command again to go on"} {
		if !strings.Contains(got, want) {
			t.Errorf("said %q, not %q", got, want)
		}
	}
	late := make(chan int)
	time.AfterFunc(20*time.Millisecond, func() { late <- exitInterrupted })
	tt, errs = watched()
	if code := tt.await(ctx, late, 50*time.Millisecond); code != exitInterrupted || strings.Contains(errs.String(), "drive") {
		t.Errorf("a batch that was finished in time: exit %d, said %q", code, errs)
	}
}

// TestInterruptible: everything comes through in order, and a reader that never
// answers is left.
func TestInterruptible(t *testing.T) {
	text := strings.Repeat("one line\n", 40_000)
	var got bytes.Buffer
	if _, err := got.ReadFrom(newInterruptible(t.Context(), strings.NewReader(text))); err != nil || got.String() != text {
		t.Errorf("%d of %d bytes, %v", got.Len(), len(text), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	in := newInterruptible(ctx, r)
	if _, err := w.WriteString("ab"); err != nil {
		t.Fatal(err)
	}
	if n, err := in.Read(make([]byte, 5)); n != 2 || err != nil {
		t.Errorf("read %d, %v", n, err)
	}
	cancel()
	if _, err := in.Read(make([]byte, 5)); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
