package importer_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"
)

type file = importertest.File

var text = importertest.Text

// open opens an archive in memory.
func open(t *testing.T, name string, data []byte) *importer.Archive {
	t.Helper()
	a, err := importer.OpenReader(t.Context(), name, bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// openErr returns the error of opening an archive that cannot be used.
func openErr(t *testing.T, name string, data []byte) error {
	t.Helper()
	a, err := importer.OpenReader(t.Context(), name, bytes.NewReader(data), int64(len(data)), nil)
	if err == nil {
		a.Close()
		t.Fatalf("%s was opened", name)
	}
	return err
}

// wantHint holds that err tells the person what to do, and names the archive.
func wantHint(t *testing.T, err error, words ...string) {
	t.Helper()
	var hint *importer.HintError
	if !errors.As(err, &hint) || hint.Hint == "" {
		t.Fatalf("not a hint: %v", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q lacks %q", err, w)
		}
	}
	if strings.Count(err.Error(), hint.Hint) != 1 {
		t.Errorf("the hint is not there once: %q", err)
	}
	if strings.Contains(err.Error(), "/tmp") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error tells a path or has two lines: %q", err)
	}
}

// content returns all members of fsys by their paths.
func content(t *testing.T, fsys fs.FS) map[string]string {
	t.Helper()
	all := map[string]string{}
	for m := range importer.Members(fsys) {
		data, err := fs.ReadFile(fsys, m.Path)
		if err != nil {
			t.Fatal(err)
		}
		all[m.Path] = string(data)
	}
	return all
}

// codes returns the codes of an archive's notes.
func codes(a *importer.Archive) string {
	var all []string
	for _, n := range a.Notes() {
		all = append(all, n.Code)
	}
	return strings.Join(all, " ")
}

// zipWith packs files by one method.
func zipWith(method uint16, files ...file) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range files {
		out, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: method})
		if err == nil {
			_, err = out.Write(f.Data)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// headers calls do with each record of a zip's directory, to forge it.
func headers(data []byte, do func(n int, record []byte)) {
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	at := int(binary.LittleEndian.Uint32(data[end+16:]))
	for n := 0; bytes.HasPrefix(data[at:], []byte("PK\x01\x02")); n++ {
		r := data[at:]
		size := 46 + int(binary.LittleEndian.Uint16(r[28:])) + int(binary.LittleEndian.Uint16(r[30:])) +
			int(binary.LittleEndian.Uint16(r[32:]))
		do(n, r[:size])
		at += size
	}
}

// holes is a sparse file in memory: zeros cost nothing. Its writer takes the
// slice zeros as such.
type holes struct {
	parts []hole
	n     int64
}

type hole struct {
	off  int64
	data []byte
}

var zeros = make([]byte, 1<<20)

func (h *holes) Write(p []byte) (int, error) {
	if &p[0] != &zeros[0] {
		h.parts = append(h.parts, hole{h.n, bytes.Clone(p)})
	}
	h.n += int64(len(p))
	return len(p), nil
}

func (h *holes) ReadAt(p []byte, off int64) (int, error) {
	if off >= h.n {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), h.n-off))
	clear(p[:n])
	for _, part := range h.parts {
		from, to := max(off, part.off), min(off+int64(n), part.off+int64(len(part.data)))
		if from < to {
			copy(p[from-off:to-off], part.data[from-part.off:])
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
