package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"lookback/cmd/lookback-gen/synth"
)

// TestDiskFull fills a small disk of its own with a store, then with reports.
// What was stored is sound, an old report stays, and with more room the same
// commands end as ever.
func TestDiskFull(t *testing.T) {
	bin, sh := buildProgram(t), ownMounts(t)
	path := genArchive(t, synth.Options{Posts: 3000, Seed: 5})
	script := `set -u; cd "$2"; mkdir disk; mount -t tmpfs -o size=700k none disk || exit 9
"$0" audit --db disk/a.db --out out "$1"; echo "full: $?"
mount -o remount,size=100m disk
"$0" audit --db disk/a.db --out disk/out "$1" >audited; echo "room: $?"
echo old >disk/out/report.html
mount -o remount,size=$(($(du -sk disk | cut -f1) + 64))k disk
"$0" report --db disk/a.db --out disk/out; echo "report: $?"
cat disk/out/report.html; ls -A disk/out
mount -o remount,ro disk
"$0" audit --db disk/a.db --out disk/out "$1"; echo "read-only: $?"
"$0" report --db disk/a.db --out disk/out; echo "read-only report: $?"
"$0" list --db disk/a.db >listed; echo "list: $?"`
	out, err := sh(script, bin, path, t.TempDir())
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rest := out
	for _, want := range []string{
		"there is no space left for the store", "What to do: free some space, or choose another disk with --db; what was stored before is safe, and the same command goes on from there.", "full: 1\n",
		"room: 0\n",
		"writing report.html", "no space left on device", "What to do: free some space or choose another disk with --out; a report that was there is as it was.", "report: 1\n",
		"old\nfindings.csv\nfindings.jsonl\nreport.html\n",
		"the store cannot be written to", "What to do: ", "read-only: 1\n",
		"read-only file system", "choose another place with --out; a report that was there is as it was.", "read-only report: 1\n",
		"list: 0\n",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q does not follow where it should in:\n%s", want, out)
		}
		rest = after
	}
}

// ownMounts returns what runs a script that may mount disks nobody else sees.
func ownMounts(t *testing.T) func(script string, args ...string) (string, error) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("unshare is not here")
	}
	how := []string{"--mount"}
	if os.Geteuid() != 0 {
		how = append(how, "--user", "--map-root-user")
	}
	sh := func(script string, args ...string) (string, error) {
		out, err := exec.Command(unshare, append(append(how, "sh", "-c", script), args...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := sh(`mount -t tmpfs none "$0"`, t.TempDir()); err != nil {
		t.Skipf("no disk can be mounted here: %v: %s", err, out)
	}
	return sh
}

// TestFileTooLarge: where the system bounds the size of files, which anybody
// can try, a store and a report fail with a word and nothing is left broken.
func TestFileTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 3000, Seed: 5})
	dir := t.TempDir()
	db, out := filepath.Join(dir, "a.db"), filepath.Join(dir, "out")
	bounded := func(blocks int, args ...string) (string, int) {
		cmd := exec.Command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, blocks), bin}, args...)...)
		said, err := cmd.CombinedOutput()
		var ee *exec.ExitError
		if err != nil && !errors.As(err, &ee) {
			t.Fatal(err)
		}
		return string(said), cmd.ProcessState.ExitCode()
	}
	said, code := bounded(1000, "audit", "--db", db, "--out", out, path)
	// The driver in pure Go does not say which limit it was.
	named := strings.Contains(said, "file too large") || strings.Contains(said, "the store cannot be written to")
	if code != exitFailed || !named || !strings.Contains(said, "What to do: ") {
		t.Errorf("exit %d: %s", code, said)
	}
	sound(t, db)
	lookback(t, exitOK, "", "audit", "--db", db, "--out", out, path)
	before, err := os.ReadFile(filepath.Join(out, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	said, code = bounded(80, "report", "--db", db, "--out", out)
	if code != exitFailed || !strings.Contains(said, "writing report.html") {
		t.Errorf("exit %d: %s", code, said)
	}
	if after, err := os.ReadFile(filepath.Join(out, "report.html")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the old report is not as it was: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(out, ".*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// TestFortyColumns runs the commands on a terminal of 40 columns: no line is
// longer, but for words that cannot be broken, and nothing but colours and
// bars is sent.
func TestFortyColumns(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 1500, Seed: 5})
	dir := t.TempDir()
	db := filepath.Join(dir, "a.db")
	sequence := regexp.MustCompile("\x1b\\[[0-9;]*[mK]")
	for _, args := range [][]string{
		{"audit", "--db", db, "--out", filepath.Join(dir, "o"), path}, {"status", "--db", db}, {"list", "--db", db, "--limit", "5"}, {"scan", "--db", db},
		{"due", "--db", db}, {"import", "--explain", path}, {"import", "--db", db, filepath.Join(dir, "none.zip")}, {"rules", "list"}, {"list", "--db", filepath.Join(dir, "none.db")},
	} {
		ours, theirs := openTerminal(t, 40, 24)
		cmd := exec.Command(bin, args...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
		cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		theirs.Close()
		var out bytes.Buffer
		_, _ = out.ReadFrom(ours) // ends with an error when the program does
		_ = cmd.Wait()            // some of them are to fail
		text := sequence.ReplaceAllString(out.String(), "")
		if strings.ContainsAny(text, "\x1b\x07") || len(text) == 0 {
			t.Errorf("%v sends more than colours: %.200q", args[:1], text)
		}
		for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
			if n := utf8.RuneCountInString(line); n > 40 && len(strings.Fields(line)) > 1 {
				t.Errorf("%v: %d columns: %q", args[:1], n, line)
			}
		}
	}
}
