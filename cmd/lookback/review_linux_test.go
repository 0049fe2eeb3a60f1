package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"lookback/cmd/lookback-gen/synth"
)

// openTerminal opens a terminal of a size: what a person sits at, and what
// the program runs on.
func openTerminal(t *testing.T, columns, rows uint16) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { person.Close() }) // read to its end by then
	var n, unlocked int32
	size := [4]uint16{rows, columns}
	for _, call := range []struct {
		request uintptr
		arg     unsafe.Pointer
	}{
		{syscall.TIOCGPTN, unsafe.Pointer(&n)}, {syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked)}, {syscall.TIOCSWINSZ, unsafe.Pointer(&size)},
	} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, person.Fd(), call.request, uintptr(call.arg)); errno != 0 {
			t.Fatal(errno)
		}
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return person, program
}

// screen collects what a terminal shows.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// A review on a real terminal: keys go in, decisions are in the store.
func TestReviewOnATerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program")
	}
	dir := t.TempDir()
	archive := genArchive(t, synth.Options{Posts: 200, Seed: 1, Demo: true})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(dir, "s.db")
	for _, args := range [][]string{{"import", "--db", db, archive}, {"scan", "--db", db}} {
		if code := run(args, strings.NewReader(""), io.Discard, io.Discard); code != 0 {
			t.Fatalf("%s: exit code %d", args[0], code)
		}
	}
	for _, columns := range []uint16{80, 40} {
		person, program := openTerminal(t, columns, 24)
		cmd := exec.Command(self, "review", "--db", db)
		cmd.Args[0] = "lookback" // the name under which the tests are the program
		cmd.Env = append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=1")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if err := program.Close(); err != nil {
			t.Fatal(err)
		}
		seen := &screen{}
		read := make(chan struct{})
		go func() {
			defer close(read)
			_, _ = io.Copy(seen, person) // ends with an error when the program does
		}()
		for _, step := range []struct{ wait, keys string }{{"Post ", "n"}, {"not an issue. u takes", "k"}, {"Because: ", "a talk\r"}, {"kept. u", "u"}, {"Undone.", "q"}} {
			for until := time.Now().Add(time.Minute); !strings.Contains(seen.String(), step.wait); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(until) {
					_ = cmd.Process.Kill()
					t.Fatalf("%d columns: %q does not come:\n%q", columns, step.wait, seen.String())
				}
			}
			if _, err := io.WriteString(person, step.keys); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%d columns: %v", columns, err)
		}
		<-read
		if text := seen.String(); !strings.Contains(text, "1 decision made in this review") || !strings.Contains(text, "\x1b[?1049l") || strings.Contains(text, "\x1b[31m") {
			t.Errorf("%d columns: it ends with %q", columns, text[max(0, len(text)-300):])
		}
	}
	var out strings.Builder
	if run([]string{"status", "--db", db, "--json"}, strings.NewReader(""), &out, io.Discard) != 0 || !strings.Contains(out.String(), `"decided":{"not-an-issue":`) {
		t.Errorf("what was decided is not kept: %s", out.String())
	}
}
