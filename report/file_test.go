//go:build unix

package report

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"lookback/store"
)

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func write(t *testing.T, path, format string, n int) error {
	t.Helper()
	wr, err := New(format, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return WriteFile(path, wr, summarise(stream(n), 2013), stream(n))
}

// only fails when the folder holds anything but name.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(names) {
		t.Errorf("the folder holds %v, want %v", entries, names)
	}
}

func TestWriteFileMode(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o277} {
		old := syscall.Umask(mask)
		path := filepath.Join(t.TempDir(), "report.csv")
		err := write(t, path, FormatCSV, 3)
		syscall.Umask(old)
		if err != nil {
			t.Fatal(err)
		}
		if got := mode(t, path); got != fileMode {
			t.Errorf("umask %03o: mode %v, want %v", mask, got, fileMode)
		}
		only(t, filepath.Dir(path), "report.csv")
	}
}

func TestWriteFileEmpty(t *testing.T) {
	for _, format := range Formats {
		path := filepath.Join(t.TempDir(), "report")
		if err := write(t, path, format, 0); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		mode(t, path)
	}
}

// broken writes a little and fails.
type broken struct{}

func (broken) Write(w io.Writer, _ store.Summary, _ iter.Seq2[store.Row, error]) error {
	if _, err := io.WriteString(w, "half a rep"); err != nil {
		return err
	}
	return errFull
}

func TestWriteFileKeepsOldReport(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.txt")
	if err := os.WriteFile(path, []byte("the old report"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(path, broken{}, store.Summary{}, stream(0)); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "the old report" {
		t.Errorf("the old report is %q, %v", got, err)
	}
	only(t, dir, "report.txt")
}

// TestWriteFileSweeps: what a killed process left is removed, what another one
// writes just now is not, and nothing else is.
func TestWriteFileSweeps(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.csv")
	for _, name := range []string{".report.csv.123.tmp", ".report.csv.mine.tmp", ".other.csv.5.tmp", ".report.csv.7", ".report.csv.8.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half a rep"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	busy, err := os.Open(filepath.Join(dir, ".report.csv.8.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	hold(busy)
	if err := write(t, path, FormatCSV, 3); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "report.csv", ".report.csv.mine.tmp", ".other.csv.5.tmp", ".report.csv.7", ".report.csv.8.tmp")
}

func TestWriteFileReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Log("root may write anywhere: a folder that does not exist stands in")
		if err := write(t, filepath.Join(t.TempDir(), "no", "report.txt"), FormatText, 1); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error %v", err)
		}
		return
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if err := write(t, filepath.Join(dir, "report.txt"), FormatText, 1); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v, want a permission error", err)
	}
	only(t, dir)
}

// TestWriteFileDevice shows that a device stays one and that its errors come
// through.
func TestWriteFileDevice(t *testing.T) {
	if err := write(t, os.DevNull, FormatHTML, 3); err != nil {
		t.Error(err)
	}
	if runtime.GOOS == "linux" {
		if err := write(t, "/dev/full", FormatCSV, 500); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("error %v, want no space", err)
		}
	}
	if mode(t, os.DevNull)&fs.ModeDevice == 0 {
		t.Error("the device was replaced by a file")
	}
}

func TestWriteFileFollowsLink(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	target := filepath.Join(other, "real.csv")
	if err := os.WriteFile(target, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "report.csv")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := write(t, link, FormatCSV, 1); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(target); err != nil || info.Size() == 0 || info.Mode() != fileMode {
		t.Errorf("the linked file is %v, %v", info, err)
	}
}

func TestWriteFileFolder(t *testing.T) {
	if err := write(t, t.TempDir(), FormatCSV, 1); err == nil {
		t.Error("a folder was written to as a file")
	}
}
