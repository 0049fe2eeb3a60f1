//go:build unix

package store

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestModes(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077, 0o277} {
		t.Run(fmt.Sprintf("%03o", umask), func(t *testing.T) {
			dir := t.TempDir()
			defer syscall.Umask(syscall.Umask(umask))
			path := filepath.Join(dir, "a", "b", "store.db")
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			take(t, s, export{account: anna, posts: manyPosts(10)})
			for name, want := range map[string]os.FileMode{
				filepath.Join(dir, "a"): 0o700, filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
			} {
				fi, err := os.Stat(name)
				if err != nil {
					t.Fatal(err)
				}
				if got := fi.Mode().Perm(); got != want {
					t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
				}
			}
		})
	}
}

// A copy that became readable by others is made private again.
func TestModeMended(t *testing.T) {
	s := openStore(t)
	if err := os.Chmod(s.Path(), 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), s.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if fi, err := os.Stat(s.Path()); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, %v", fi.Mode(), err)
	}
}

// TestReadOnlyFolder runs itself as nobody where it is run by root, whom no
// permission stops.
func TestReadOnlyFolder(t *testing.T) {
	if dir := os.Getenv("LOOKBACK_TEST_READONLY"); dir != "" {
		readOnlyFolder(t, dir)
		return
	}
	dir := t.TempDir()
	s, err := Open(t.Context(), filepath.Join(dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	take(t, s, export{account: anna, posts: []Post{own("tweet:1", "bad")}})
	scanAll(t, s, "r")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		readOnlyFolder(t, dir)
		return
	}
	for name, mode := range map[string]os.FileMode{dir: 0o555, filepath.Dir(dir): 0o755, filepath.Join(dir, "store.db"): 0o444} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(copyOfTest(t, dir), "-test.run=^TestReadOnlyFolder$", "-test.count=1")
	cmd.Env = []string{"LOOKBACK_TEST_READONLY=" + dir, "TMPDIR=" + os.TempDir()}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// copyOfTest copies the test's program to where nobody may run it.
func copyOfTest(t *testing.T, dir string) string {
	t.Helper()
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Skip("needs /proc to run itself as another user")
	}
	defer self.Close()
	to, err := os.OpenFile(filepath.Join(dir, "store.test"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, self); err != nil {
		t.Fatal(err)
	}
	if err := to.Chmod(0o755); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}

func readOnlyFolder(t *testing.T, dir string) {
	_, err := Open(t.Context(), filepath.Join(dir, "store.db"))
	wantHint(t, err, ErrReadOnly)
	_, err = Open(t.Context(), filepath.Join(dir, "new.db"))
	wantHint(t, err, ErrReadOnly)
	_, err = Open(t.Context(), filepath.Join(dir, "new", "new.db"))
	wantHint(t, err, ErrReadOnly)
	if err != nil && strings.Contains(err.Error(), dir) {
		t.Errorf("names the folder: %v", err)
	}
	ro, err := Open(t.Context(), filepath.Join(dir, "store.db"), ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if got := find(t, ro, Filter{Text: "bad"}); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}
