//go:build unix

package importer_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"
)

// TestPipes holds that a pipe, which would block for ever, is not opened.
func TestPipes(t *testing.T) {
	dir := importertest.WriteFolder(t, text("a.json", "a"))
	pipe := filepath.Join(dir, "pipe.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := importer.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if codes(a) != "special-ignored" || len(content(t, a.FS())) != 1 {
		t.Errorf("notes: %s", codes(a))
	}
	_, err = importer.Open(t.Context(), pipe, nil)
	wantHint(t, err, "pipe.json", "a device or a pipe")
}
