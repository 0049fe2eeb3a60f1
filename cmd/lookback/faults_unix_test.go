//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"lookback/cmd/lookback-gen/synth"
	"lookback/store"
)

// killCount says how often to kill the program: `make kill` sets 200.
const killCount = "LOOKBACK_KILLS"

// TestKillProgram kills audits at random moments. Each time the store is
// sound, and at last the same command ends with what one go would have found.
func TestKillProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 8000, Seed: 5})
	dir := t.TempDir()
	audit := func(db string) *exec.Cmd {
		return exec.Command(bin, "audit", "--db", db, "--out", filepath.Join(dir, "out"), path)
	}
	whole := filepath.Join(dir, "whole.db")
	start := time.Now()
	if out, err := audit(whole).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	took := time.Since(start)
	want := findings(t, whole)
	kills := 5
	if n, err := strconv.Atoi(os.Getenv(killCount)); err == nil {
		kills = n
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d, %d kills, an uninterrupted run takes %v", seed, kills, took)
	db, begun := filepath.Join(dir, "0.db"), 0
	for killed := 0; killed < kills; {
		if killAfter(t, audit(db), time.Duration(r.Int64N(int64(took)))) {
			killed++
			sound(t, db)
			continue
		}
		if got := findings(t, db); got != want {
			t.Fatalf("after kills, %d bytes of findings and not %d", len(got), len(want))
		}
		begun++
		db = filepath.Join(dir, strconv.Itoa(begun)+".db")
	}
	if out, err := audit(db).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := findings(t, db); got != want {
		t.Errorf("after kills, %d bytes of findings and not %d", len(got), len(want))
	}
	left, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	if err != nil || len(left) != 3 {
		t.Errorf("the folder of reports holds %v, %v", left, err)
	}
}

// killAfter says whether the program had to be killed.
func killAfter(t *testing.T, cmd *exec.Cmd, after time.Duration) bool {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	if err == nil {
		timer.Stop()
		return false
	}
	if timer.Stop() {
		t.Fatalf("%v: %s", err, errs.String())
	}
	return true
}

// sound checks a store, if there is one yet.
func sound(t *testing.T, db string) {
	t.Helper()
	if _, err := os.Stat(db); err != nil {
		return
	}
	s, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestReadersThatGoAway: whatever is written, lookback ... | head ends quietly.
func TestReadersThatGoAway(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 4000, Seed: 5})
	db := filepath.Join(t.TempDir(), "a.db")
	lookback(t, exitOK, "", "audit", "--db", db, "--out", t.TempDir(), path)
	for _, args := range [][]string{
		{"list"}, {"list", "--json"}, {"status"}, {"status", "--json"}, {"import", "--explain", path}, {"rules", "list"}, {"--help"},
		{"report", "--format", "csv"}, {"report", "--format", "jsonl"}, {"report", "--format", "html"}, {"report", "--format", "text"}, {"report", "--format", "record"},
	} {
		if len(args) < 3 && args[0] != "rules" && args[0] != "--help" || args[0] == "report" {
			args = append(args, "--db", db)
		}
		cmd := exec.Command(bin, args...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdout = w
		r.Close() // nobody ever reads
		err = cmd.Run()
		w.Close()
		if err != nil || errs.Len() > 0 {
			t.Errorf("%v: %v, said %q", args, err, errs.String())
		}
	}
}

// TestOutputThatIsFull: an answer that could not be written is a failure.
func TestOutputThatIsFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	var errs bytes.Buffer
	if code := run([]string{"rules", "list"}, strings.NewReader(""), full, &errs); code != exitFailed || !strings.Contains(errs.String(), "no space left") {
		t.Errorf("exit %d, said %q", code, errs.String())
	}
}

// TestWithoutTerminal: with all three streams closed, as a service may start a
// program, an audit is done all the same, and nothing is written into the
// store in their place.
func TestWithoutTerminal(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || testing.Short() {
		t.Skip("needs a shell, and builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 300, Seed: 5})
	dir := t.TempDir()
	db := filepath.Join(dir, "a.db")
	script := `exec "$0" audit --db "$1" --out "$2" "$3" <&- >&- 2>&-`
	if err := exec.Command(sh, "-c", script, bin, db, dir, path).Run(); err != nil {
		t.Fatal(err)
	}
	sound(t, db)
	if st, err := os.Stat(filepath.Join(dir, "report.html")); err != nil || st.Size() == 0 {
		t.Errorf("no report: %v", err)
	}
	// Into pipes goes plain text: no colours and no bars.
	for _, args := range [][]string{{"audit", "--db", db, "--out", dir, path}, {"list", "--db", db}, {"status", "--db", db}} {
		out, err := exec.Command(bin, args...).CombinedOutput()
		if err != nil || bytes.ContainsAny(out, "\x1b\r") || len(out) == 0 {
			t.Errorf("%s: %v, wrote %q", args[0], err, out)
		}
	}
}

// TestStall: one Ctrl-C ends what waits for a drive, a pipe or a keyboard that
// never answers. A named pipe stands in for the drive.
func TestStall(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program, and waits")
	}
	bin, dir := buildProgram(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "rules"), 0o700); err != nil {
		t.Fatal(err)
	}
	lookback(t, exitOK, "", "import", "--db", filepath.Join(dir, "a.db"), genArchive(t, synth.Options{Posts: 10, Seed: 1}))
	if err := syscall.Mkfifo(filepath.Join(dir, "rules", "own.yaml"), 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"check"}, "Stopped."},
		{[]string{"decide", "--from", "-", "--db", filepath.Join(dir, "a.db")}, "Stopped."},
		{[]string{"scan", "--db", filepath.Join(dir, "a.db"), "--rules", filepath.Join(dir, "rules")}, "A disk or a network drive does not answer"},
	} {
		t.Run(c.args[0], func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(bin, c.args...)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			time.Sleep(2 * time.Second)
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			var ee *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &ee) || ee.ExitCode() != exitInterrupted {
				t.Errorf("ended with %v", err)
			}
			if !strings.Contains(errs.String(), c.want) || !strings.Contains(errs.String(), "run the same command again") {
				t.Errorf("said %q", errs.String())
			}
		})
	}
}

// TestArchiveChanges: an archive that somebody writes to while it is read is
// not taken for whole, and is read anew when it is.
func TestArchiveChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 40_000, Seed: 5})
	dir := t.TempDir()
	db := filepath.Join(dir, "a.db")
	cmd := exec.Command(bin, "import", "--db", db, path)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForSize(t, db+"-wal", 1<<20) // it reads by now
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(f, "more")
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	var ee *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &ee) || ee.ExitCode() != exitUnread {
		t.Errorf("ended with %v", err)
	}
	for _, want := range []string{"the archive changed while it was read", "wait until the download or copy is done and import it again"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("said %q", errs.String())
		}
	}
	if err := os.Truncate(path, sizeOf(t, path)-int64(len("more"))); err != nil {
		t.Fatal(err)
	}
	out, _ := lookback(t, exitOK, "", "import", "--db", db, "--json", path)
	if strings.Contains(out, `"incomplete":true`) || !strings.Contains(out, `"known":false`) {
		t.Errorf("the rerun says %s", out)
	}
}

// waitForSize waits until a file has grown to n bytes.
func waitForSize(t *testing.T, name string, n int64) {
	t.Helper()
	for range 30_000 {
		if st, err := os.Stat(name); err == nil && st.Size() >= n {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%s did not grow", filepath.Base(name))
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.Size()
}
