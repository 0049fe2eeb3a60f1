package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lookback/cmd/lookback-gen/synth"
	"lookback/report"

	"github.com/spf13/cobra"
)

// openToOthers lists what in a folder is not for its owner alone: files must
// have mode 0600, folders 0700.
func openToOthers(t *testing.T, dir string) (list []string, files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if files++; d.IsDir() {
			want = 0o700
		}
		if got := st.Mode().Perm(); got != want {
			rel, _ := filepath.Rel(dir, name)
			list = append(list, fmt.Sprintf("%s has mode %04o", rel, got))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, files
}

// umasked is a command line of the shell that runs the program where new files
// would be open to others, or closed to their owner.
func umasked(t *testing.T, mask string) string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil || runtime.GOOS == "windows" {
		t.Skip("there is no umask here")
	}
	if testing.Short() {
		t.Skip("builds the program")
	}
	return `umask ` + mask + ` && exec "$0" "$@"`
}

// TestPrivateFilesUnderAnyUmask writes a store, the reports of an audit and an
// export in every format.
func TestPrivateFilesUnderAnyUmask(t *testing.T) {
	for _, mask := range []string{"000", "077", "277"} {
		line := umasked(t, mask)
		bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 300, Seed: 5})
		dir := filepath.Join(t.TempDir(), "work")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		db := filepath.Join(dir, "deep", "store", "a.db")
		runs := [][]string{{"audit", "--db", db, "--out", filepath.Join(dir, "new", "out"), path}}
		for _, format := range report.Formats {
			args := []string{"report", "--db", db, "--format", format, "--out", filepath.Join(dir, "export-"+format)}
			if slices.Contains([]string{report.FormatChecklist, report.FormatDeleteCSV, report.FormatXIDs}, format) {
				args = append(args, "--action", "remove") // of what nobody decided about
			}
			runs = append(runs, args)
		}
		for _, args := range runs {
			if out, err := exec.Command("sh", append([]string{"-c", line, bin}, args...)...).CombinedOutput(); err != nil {
				t.Fatalf("umask %s: lookback %s: %v: %s", mask, args[0], err, out)
			}
		}
		open, n := openToOthers(t, dir)
		if len(open) > 0 || n < 9+len(report.Formats) {
			t.Errorf("umask %s: of %d: %v", mask, n, open)
		}
	}
}

// TestPrivateFilesAtWork kills an import in the middle: its log and the
// memory that SQLite shares are then there to look at.
func TestPrivateFilesAtWork(t *testing.T) {
	for _, mask := range []string{"000", "077"} {
		line := umasked(t, mask)
		bin, path := buildProgram(t), genArchive(t, synth.Options{Posts: 20_000, Seed: 5})
		dir := filepath.Join(t.TempDir(), "work")
		cmd := exec.Command("sh", "-c", line, bin, "import", "--db", filepath.Join(dir, "a.db"), path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, filepath.Join(dir, "a.db-wal"))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed, or done before it could be
		if open, n := openToOthers(t, dir); len(open) > 0 || n < 2 {
			t.Errorf("umask %s: of %d: %v", mask, n, open)
		}
	}
}

// strace runs the program and returns the system calls of some kinds that it
// made, one a line.
func strace(t *testing.T, kinds, stdin string, code int, args ...string) []string {
	t.Helper()
	tracer, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not here")
	}
	if testing.Short() {
		t.Skip("builds the program")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command(tracer, append([]string{"-f", "-e", "trace=" + kinds, "-e", "signal=none", "-o", trace, buildProgram(t)}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if bytes.Contains(out, []byte("ptrace")) || bytes.Contains(out, []byte("not permitted")) {
		t.Skip("strace may not trace here")
	}
	got := 0
	var ee *exec.ExitError
	if errors.As(err, &ee) {
		got = ee.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != code {
		t.Fatalf("lookback %v: exit %d, want %d: %s", args, got, code, out)
	}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// holders lists the files in a folder, by any depth, that hold a word.
func holders(t *testing.T, dir, word string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if bytes.Contains(bytes.ToLower(b), []byte(word)) {
			list = append(list, filepath.Base(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestForgottenIsGone: after forget no byte of a post is in the store, its log
// or a temporary file, and no file but the store's own was written to on the
// way.
func TestForgottenIsGone(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	const canary = "zqcanaryxj"
	buildProgram(t) // outside of the folder that is searched
	other := genArchive(t, synth.Options{Posts: 300, Seed: 5})
	for _, what := range [][]string{{"--everything"}, {"--account", "quiet_quentin"}, {"--archive", "posts"}} {
		dir := t.TempDir()
		db := filepath.Join(dir, "a.db")
		t.Setenv("TMPDIR", dir)
		t.Setenv("SQLITE_TMPDIR", dir)
		lookback(t, exitOK, "", "import", "--db", db, other)
		lookback(t, exitOK, "", "import", "--db", db, "--account", "quiet_quentin", filepath.Join("testdata", "posts"))
		lookback(t, exitOK, "", "scan", "--db", db)
		if out, _ := lookback(t, exitOK, "", "list", "--json", "--db", db, "--text", canary); !strings.Contains(out, canary) || len(holders(t, dir, canary)) == 0 {
			t.Fatal("the post is not there to begin with")
		}
		calls := strace(t, "open,openat,creat", "", exitOK, append([]string{"forget", "--db", db, "--yes"}, what...)...)
		if got := holders(t, dir, canary); len(got) > 0 {
			t.Errorf("forget %v: the post is still in %v", what, got)
		}
		own := regexp.MustCompile(`"` + regexp.QuoteMeta(db) + `(-wal|-shm|-journal)?"`)
		n := 0
		for _, call := range calls {
			if strings.Contains(call, "O_CREAT") || strings.Contains(call, "creat(") || strings.Contains(call, "O_TMPFILE") {
				if n++; !own.MatchString(call) {
					t.Errorf("forget %v: a file of its own: %s", what, call)
				}
			}
		}
		if n == 0 {
			t.Error("no file was seen to be opened for writing")
		}
	}
}

var networkCall = regexp.MustCompile(`\b(socket|connect|bind|listen|sendto|accept4?)\(`)

// sockets are the calls that a command makes to the network.
func sockets(t *testing.T, stdin string, code int, args ...string) []string {
	t.Helper()
	return slices.DeleteFunc(strace(t, "network", stdin, code, args...), func(call string) bool { return !networkCall.MatchString(call) })
}

// offline is every command with which no socket is opened, in an order in
// which they work. DB is the store, DIR a folder, ARCHIVE an archive.
var offline = []string{
	"audit --db DB --out DIR ARCHIVE", "import --explain ARCHIVE", "import --db DB ARCHIVE", "scan --db DB", "report --db DB --out DIR",
	"report --db DB --format md", "list --db DB", "list --db DB --text night --json", "status --db DB", "due --db DB",
	"decide --db DB --theme privacy --keep --why mine --yes", "allow add --db DB word zebra --why mine", "allow list --db DB", "allow remove --db DB word zebra",
	"rules list", "rules show privacy.case", "rules test", "rules eval testdata/cases.csv", "rules rates testdata/cases.csv", "report --db DB --format record --out DIR/record.json", "verify DIR/record.json", "check", "completion bash", "man", "version", "", "--help",
	"forget --db DB --everything --yes",
}

// TestNoSocket watches the system calls of every command but two.
func TestNoSocket(t *testing.T) {
	path, dir := genArchive(t, synth.Options{Posts: 300, Seed: 5}), t.TempDir()
	place := strings.NewReplacer("DB", filepath.Join(dir, "a.db"), "DIR", dir, "ARCHIVE", path)
	seen := map[string]bool{"serve": true, "review": true} // one asks for it; one needs a person, and does what list and decide do
	for _, line := range offline {
		args := strings.Fields(line)
		for i, a := range args {
			args[i] = place.Replace(a)
		}
		for n := 1; n <= min(2, len(args)); n++ {
			seen[strings.Join(args[:n], " ")] = true
		}
		if calls := sockets(t, `{"id":"1","text":"hello"}`, exitOK, args...); len(calls) > 0 {
			t.Errorf("lookback %s made %d calls to the network, the first: %s", line, len(calls), calls[0])
		}
	}
	everyCommand(t, func(cmd *cobra.Command) {
		if name := strings.TrimPrefix(cmd.CommandPath(), "lookback "); !seen[name] {
			t.Errorf("nobody watches lookback %s", name)
		}
	})
}

// loopbackCall also has the addresses by which Go learns whether there is IPv6.
var loopbackCall = regexp.MustCompile(`inet_addr\("127\.0\.0\.1"\)|inet_pton\(AF_INET6, "(::1|::ffff:127\.0\.0\.1)",`)

// TestSocketsAskedFor: what does open a socket is seen by the watch of
// TestNoSocket, and reaches this computer alone.
func TestSocketsAskedFor(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Skipf("nothing can listen here: %v", err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	db := filepath.Join(t.TempDir(), "a.db")
	lookback(t, exitOK, "", "import", "--db", db, filepath.Join("testdata", "posts"))
	calls := sockets(t, "", exitFailed, "serve", "--db", db, "--no-open", "--port", port)
	if len(calls) == 0 {
		t.Error("a page was not seen to open a socket")
	}
	for _, call := range calls {
		if strings.Contains(call, "_addr") && !loopbackCall.MatchString(call) {
			t.Errorf("serve reaches further: %s", call)
		}
	}
}
