package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"lookback/cmd/lookback-gen/synth"
)

var (
	buildOnce sync.Once
	builtDir  string
	buildErr  error
)

// buildProgram builds lookback as the tests are built, once, without the
// stripping that would hide its symbols.
func buildProgram(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not here")
	}
	buildOnce.Do(func() {
		if builtDir, buildErr = os.MkdirTemp("", "lookback-test"); buildErr != nil {
			return
		}
		args := []string{"build", "-o", builtDir + string(filepath.Separator)}
		if cgoDriver {
			args = append(args, "-tags", "sqlite_fts5")
		}
		out, err := exec.Command("go", append(args, ".")...).CombinedOutput()
		if err != nil {
			buildErr = errors.New(string(out))
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	name := "lookback"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(builtDir, name)
}

// genArchive writes a synthetic archive and returns its path.
func genArchive(t *testing.T, o synth.Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "twitter.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = synth.Write(f, o)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// lookback runs the program within the test and returns what it wrote.
func lookback(t *testing.T, wantCode int, stdin string, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, strings.NewReader(stdin), &out, &errs); code != wantCode {
		t.Fatalf("lookback %s: exit %d, want %d\n%s", strings.Join(args, " "), code, wantCode, errs.String())
	}
	if canaryWord.MatchString(errs.String()) {
		t.Errorf("lookback %s told of a post: %s", strings.Join(args, " "), errs.String())
	}
	return out.String(), errs.String()
}

// TestDemoEndToEnd audits the archive of the demonstration and looks for what
// was planted in it.
func TestDemoEndToEnd(t *testing.T) {
	var labels bytes.Buffer
	path := genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true, Labels: &labels})
	dir := t.TempDir()
	lookback(t, exitOK, "", "audit", "--db", filepath.Join(dir, "a.db"), "--out", filepath.Join(dir, "out"), path)
	csv, err := os.ReadFile(filepath.Join(dir, "out", "findings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	planted, found := 0, 0
	for line := range strings.Lines(labels.String()) {
		f := strings.Split(strings.TrimSpace(line), ",")
		if f[0] != "tweets" {
			continue
		}
		planted++
		if bytes.Contains(csv, []byte("tweet:"+f[1])) {
			found++
		}
	}
	if planted < 50 || found*100 < planted*60 {
		t.Errorf("%d of %d planted posts were found", found, planted)
	}
	t.Logf("%d of %d planted posts were found", found, planted)
}

// TestSameFindingsWithAnyNumberOfWorkers compares whole reports.
func TestSameFindingsWithAnyNumberOfWorkers(t *testing.T) {
	path := genArchive(t, synth.Options{Posts: 5000, Seed: 7})
	var first []byte
	for _, workers := range []string{"1", "8"} {
		dir := t.TempDir()
		lookback(t, exitOK, "", "audit", "--workers", workers, "--db", filepath.Join(dir, "a.db"), "--out", dir, path)
		var all []byte
		for _, name := range []string{"findings.csv", "findings.jsonl"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b...)
		}
		if first == nil {
			first = all
		} else if !bytes.Equal(first, all) {
			t.Errorf("%s workers wrote other reports than 1", workers)
		}
	}
}

// TestCheckKeepsOrder feeds many lines to many workers.
func TestCheckKeepsOrder(t *testing.T) {
	var lines bytes.Buffer
	if _, err := synth.Write(io.Discard, synth.Options{Posts: 5000, Seed: 3, Lines: &lines}); err != nil {
		t.Fatal(err)
	}
	one, _ := lookback(t, exitOK, lines.String(), "check", "--workers", "1")
	eight, _ := lookback(t, exitOK, lines.String(), "check", "--workers", "8")
	if one != eight {
		t.Error("8 workers wrote something else than 1")
	}
	ids := regexp.MustCompile(`(?m)^\{"id":"(\d+)"`)
	in, out := ids.FindAllString(lines.String(), -1), ids.FindAllString(one, -1)
	if len(in) != 5000 || strings.Join(in, "") != strings.Join(out, "") {
		t.Errorf("%d lines in, %d out, or in another order", len(in), len(out))
	}
}

// hostile is an archive whose texts and names try to command the terminal.
func hostile(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	const evil = `\u001b]8;;http://evil.example\u0007\u001b]52;c;cm0gLXJm\u0007\u001b[2J\u202e`
	files := map[string]string{
		"account.js": `window.YTD.account.part0 = [ { "account" : { "username" : "evil` + evil + `", "accountId" : "45", "accountDisplayName" : "E` + evil + `" } } ]`,
		"tweets.js": `window.YTD.tweets.part0 = [
  { "tweet" : { "id_str" : "1790000000000000001", "created_at" : "Mon May 13 12:43:51 +0000 2024", "full_text" : "` + evil + ` Polish people are vermin, breeding like rats" } },
  { "tweet" : { "id_str" : "17` + evil + `", "created_at" : [ ], "full_text" : 5 } } ]`,
	}
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, "data", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestNothingCommandsTheTerminal(t *testing.T) {
	dir, work := hostile(t), t.TempDir()
	db := filepath.Join(work, "a.db")
	var seen strings.Builder
	for _, args := range [][]string{
		{"audit", "--db", db, "--out", work, dir}, {"import", "--db", filepath.Join(work, "b.db"), dir}, {"import", "--explain", dir},
		{"list", "--db", db}, {"status", "--db", db}, {"report", "--db", db, "--format", "text"}, {"report", "--db", db, "--format", "md"},
	} {
		var out, errs bytes.Buffer
		run(args, strings.NewReader(""), &out, &errs)
		seen.WriteString(out.String() + errs.String())
	}
	if strings.ContainsAny(seen.String(), "\x1b\x07\u202e") {
		t.Error("a control character reached the terminal")
	}
	if !strings.Contains(seen.String(), "Polish people are vermin") {
		t.Error("the post was not shown at all")
	}
}

// TestInterrupted: Ctrl-C keeps what was done, says how to go on, and the
// same command then ends as it would have without.
func TestInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send Ctrl-C to one process alone")
	}
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 60_000, Seed: 5})
	dir := t.TempDir()
	args := []string{"audit", "--db", filepath.Join(dir, "a.db"), "--out", dir, path}
	cmd := exec.Command(bin, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, filepath.Join(dir, "a.db-wal"))
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	var ee *exec.ExitError
	if !errors.As(err, &ee) || ee.ExitCode() != exitInterrupted {
		t.Fatalf("ended with %v: %s", err, errs.String())
	}
	if !strings.Contains(errs.String(), "run the same command again to go on") {
		t.Errorf("said %q", errs.String())
	}
	lookback(t, exitOK, "", args...)
	whole := t.TempDir()
	lookback(t, exitOK, "", "audit", "--db", filepath.Join(whole, "a.db"), "--out", whole, path)
	a, _ := os.ReadFile(filepath.Join(dir, "findings.csv"))
	b, _ := os.ReadFile(filepath.Join(whole, "findings.csv"))
	if len(a) == 0 || !bytes.Equal(a, b) {
		t.Error("after the interruption the findings differ from those of one go")
	}
}

// waitFor waits until a file has something in it.
func waitFor(t *testing.T, name string) {
	t.Helper()
	for range 5000 {
		if st, err := os.Stat(name); err == nil && st.Size() > 0 {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("%s did not come", filepath.Base(name))
}

// TestReaderGoesAway: lookback list | head ends quietly.
func TestReaderGoesAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipes end differently on Windows")
	}
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin := buildProgram(t)
	var lines bytes.Buffer
	if _, err := synth.Write(io.Discard, synth.Options{Posts: 20_000, Seed: 3, Lines: &lines}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "check")
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = &lines, &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	out.Close()
	if err := cmd.Wait(); err != nil && !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("ended with %v", err)
	}
	if errs.Len() > 0 {
		t.Errorf("said %q", errs.String())
	}
}
