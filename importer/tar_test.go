package importer_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"
)

func TestTarKinds(t *testing.T) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, h := range []tar.Header{
		{Typeflag: tar.TypeDir, Name: "dir/"},
		{Typeflag: tar.TypeReg, Name: "./dir/a.json", Size: 1},
		{Typeflag: tar.TypeSymlink, Name: "passwd", Linkname: "/etc/passwd"},
		{Typeflag: tar.TypeLink, Name: "hard", Linkname: "../../etc/passwd"},
		{Typeflag: tar.TypeFifo, Name: "pipe"},
		{Typeflag: tar.TypeChar, Name: "tty"},
		{Typeflag: tar.TypeReg, Name: "../../evil.json", Size: 1},
		{Typeflag: tar.TypeReg, Name: strings.Repeat("long/", 60) + "b.json", Size: 1},
	} {
		h.Mode = 0o600
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "xyz"[:h.Size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"a.tar": buf.Bytes(), "a.tgz": importertest.Gzip(buf.Bytes())} {
		a := open(t, name, data)
		got := content(t, a.FS())
		if len(got) != 2 || got["dir/a.json"] != "x" {
			t.Errorf("%s: %v", name, got)
		}
		if codes(a) != "member-refused link-ignored special-ignored" {
			t.Errorf("%s: notes %s", name, codes(a))
		}
	}
}

// TestTarGzWithoutCache reads members in any order from the stream alone.
func TestTarGzWithoutCache(t *testing.T) {
	var files []file
	for i := range 30 {
		files = append(files, text(fmt.Sprintf("d/%02d.json", i), strings.Repeat(fmt.Sprint(i), 5000)))
	}
	data := importertest.TarGz(files...)
	a, err := importer.OpenLimited(t.Context(), "a.tar.gz", bytes.NewReader(data), int64(len(data)), importer.Limits{Cache: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(files))
	for _, i := range order {
		got, err := fs.ReadFile(a.FS(), files[i].Name)
		if err != nil || !bytes.Equal(got, files[i].Data) {
			t.Errorf("%s: %d bytes, %v", files[i].Name, len(got), err)
		}
	}
	// Two members at a time each have a stream of their own.
	f, g := mustOpen(t, a, files[3].Name), mustOpen(t, a, files[20].Name)
	x, _ := io.ReadAll(io.LimitReader(f, 100))
	y, _ := io.ReadAll(g)
	rest, _ := io.ReadAll(f)
	if !bytes.Equal(append(x, rest...), files[3].Data) || !bytes.Equal(y, files[20].Data) {
		t.Error("streams disturb each other")
	}
	f.Close()
	g.Close()
}

func mustOpen(t *testing.T, a *importer.Archive, name string) fs.File {
	t.Helper()
	f, err := a.FS().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTarCut(t *testing.T) {
	noise := make([]byte, 100_000)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range noise {
		noise[i] = 'a' + byte(rng.Uint32()%26)
	}
	files := []file{text("a.json", "[1]"), {Name: "b.json", Data: noise}, text("c.json", "[3]")}
	for name, data := range map[string][]byte{"a.tar": importertest.Tar(files...), "a.tar.gz": importertest.TarGz(files...)} {
		a := open(t, name, data[:len(data)*2/3])
		if codes(a) != "archive-cut" {
			t.Errorf("%s: notes %q", name, codes(a))
		}
		if got, err := fs.ReadFile(a.FS(), "a.json"); err != nil || string(got) != "[1]" {
			t.Errorf("%s: the member before the cut: %q, %v", name, got, err)
		}
		f := mustOpen(t, a, "b.json")
		got, err := io.ReadAll(f)
		f.Close()
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(got) < 10_000 || !bytes.HasPrefix(noise, got) {
			t.Errorf("%s: the member that is cut: %d bytes, %v", name, len(got), err)
		}
		wantHint(t, openErr(t, name, data[:14]), name)
	}
}

func TestTarGzBomb(t *testing.T) {
	data := importertest.TarGz(file{Name: "a.json", Data: make([]byte, 4<<20)})
	_, err := importer.OpenLimited(t.Context(), "a.tar.gz", bytes.NewReader(data), int64(len(data)), importer.Limits{TotalFree: 1 << 20})
	if !errors.Is(err, importer.ErrLimit) {
		t.Errorf("got %v", err)
	}
	wantHint(t, err, "a.tar.gz")
}

func TestGzippedFile(t *testing.T) {
	a := open(t, "tweets.json.gz", importertest.Gzip([]byte("[1,2]")))
	if got := content(t, a.FS()); got["tweets.json"] != "[1,2]" {
		t.Errorf("got %v", got)
	}
	long := importertest.Gzip(bytes.Repeat([]byte("abc "), 100_000))
	if a := open(t, "b.txt.gz", long[:len(long)-5]); codes(a) != "archive-cut" {
		t.Errorf("notes: %s", codes(a))
	}
	data := importertest.Gzip(make([]byte, 1<<20))
	_, err := importer.OpenLimited(t.Context(), "c.csv.gz", bytes.NewReader(append(data, data...)), int64(2*len(data)), importer.Limits{RatioFree: 1 << 10})
	if err == nil {
		t.Error("a bomb was opened")
	}
}
