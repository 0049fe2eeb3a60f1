package importer_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
)

// TestFolderLinks holds that nothing outside a folder is read.
func TestFolderLinks(t *testing.T) {
	secret := importertest.Write(t, "secret.json", []byte("secret"))
	dir := importertest.WriteFolder(t, text("data/a.json", "a"))
	for link, to := range map[string]string{
		"data/file.json": secret, "data/dir": filepath.Dir(secret), "data/inside.json": "a.json", "loop": ".",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("this system has no symbolic links:", err)
		}
	}
	a, err := importer.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got := content(t, a.FS()); len(got) != 1 || got["data/a.json"] != "a" {
		t.Errorf("got %v", got)
	}
	if codes(a) != "link-ignored" {
		t.Errorf("notes: %s", codes(a))
	}
	// A member that turns into a link after the folder was listed.
	if err := errors.Join(os.Remove(filepath.Join(dir, "data/a.json")), os.Symlink(secret, filepath.Join(dir, "data/a.json"))); err != nil {
		t.Fatal(err)
	}
	if data, err := fs.ReadFile(a.FS(), "data/a.json"); err == nil {
		t.Errorf("read %q through a link", data)
	}
}

func TestFolderNames(t *testing.T) {
	dir := importertest.WriteFolder(t, text("Cafe\u0301/a.json", "1"), text(".DS_Store", "x"), text("b\nc.json", "x"), text("d.json", "2"))
	a, err := importer.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	got := content(t, a.FS())
	if len(got) != 2 || got["Café/a.json"] != "1" {
		t.Errorf("got %v", got)
	}
	if a.Name() != filepath.Base(dir) || a.Size() != 2 {
		t.Errorf("name %s, size %d", a.Name(), a.Size())
	}
}

func TestFolderUnreadable(t *testing.T) {
	fsys := failing{importertest.MapFS([]file{text("a.json", "a"), text("closed/b.json", "b")})}
	a, err := importer.OpenFS(t.Context(), "folder", fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if codes(a) != "unreadable" {
		t.Errorf("notes: %s", codes(a))
	}
	if got := content(t, a.FS()); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

// failing is a folder with a part that may not be read.
type failing struct{ fstest.MapFS }

func (f failing) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "closed" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadDir(name)
}

func TestFolderDigest(t *testing.T) {
	dir := importertest.WriteFolder(t, text("a.json", "one"), text("b/c.json", strings.Repeat("x", 300<<10)))
	at := time.Unix(1_700_000_000, 0)
	sum := func() string {
		t.Helper()
		for _, name := range []string{"a.json", "b/c.json"} {
			if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
				t.Fatal(err)
			}
		}
		a, err := importer.Open(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		sum, err := a.Digest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	first := sum()
	if again := sum(); again != first {
		t.Error("the same folder has two digests")
	}
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte("two"), 0o600); err != nil {
		t.Fatal(err)
	}
	if sum() == first {
		t.Error("other content of the same size and time has the same digest")
	}
	at = at.Add(time.Second)
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if sum() == first {
		t.Error("other times have the same digest")
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	_, err := importer.Open(t.Context(), filepath.Join(dir, "none.zip"), nil)
	wantHint(t, err, "none.zip", "no such file", "spelling")
	_, err = importer.Open(t.Context(), dir, nil)
	wantHint(t, err, "it is empty")
	if _, err := importer.OpenParts(t.Context(), nil, nil); err == nil {
		t.Error("no archive was opened")
	}
	if _, err := importer.Open(t.Context(), os.DevNull, nil); err == nil {
		t.Error("a device was opened")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, path := range map[string]string{
		"zip":    importertest.WriteZip(t, "a.zip", sample()...),
		"folder": importertest.WriteFolder(t, sample()...),
		"tar.gz": importertest.Write(t, "a.tar.gz", importertest.TarGz(sample()...)),
	} {
		if _, err := importer.Open(ctx, path, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled, but %v", name, err)
		}
	}
}

func TestDigests(t *testing.T) {
	one, two := sample(), sample()
	two[3].Data = []byte("hellO")
	for name, pack := range map[string]func(...file) []byte{
		"a.zip": importertest.Zip, "a.tar": importertest.Tar, "a.tar.gz": importertest.TarGz,
		"a.csv": func(f ...file) []byte { return f[3].Data },
	} {
		sum := func(files []file) string {
			t.Helper()
			sum, err := open(t, name, pack(files...)).Digest(t.Context())
			if err != nil || len(sum) != 64 {
				t.Fatalf("%s: %q, %v", name, sum, err)
			}
			return sum
		}
		if first, again := sum(one), sum(one); first != again {
			t.Errorf("%s: two digests of one archive", name)
		}
		if sum(one) == sum(two) {
			t.Errorf("%s: one digest of two archives", name)
		}
	}
}

func TestPartsAreOneArchive(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, files ...file) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, importertest.Zip(files...), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	p1 := write("fb-1.zip", text("posts/1.json", "1"), text("m.json", "first"), text("same.json", "s"))
	p2 := write("fb-2.zip", text("posts/2.json", "2"), text("m.json", "second"), text("same.json", "s"))
	a, err := importer.OpenParts(t.Context(), []string{p1, p2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	got := content(t, a.FS())
	if len(got) != 5 || got["m.json"] != "second" || got["m~2.json"] != "first" {
		t.Errorf("got %v", got)
	}
	b, err := importer.OpenParts(t.Context(), []string{p2, p1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	x, _ := a.Digest(t.Context())
	y, _ := b.Digest(t.Context())
	if x == "" || x != y {
		t.Errorf("digests %s and %s", x, y)
	}
	if len(a.Parts()) != 2 || a.Name() != "fb-1.zip" {
		t.Errorf("parts %v", a.Parts())
	}
	write("fb-2.zip", text("cut", "x"))
	if err := os.Truncate(p2, 20); err != nil {
		t.Fatal(err)
	}
	_, err = importer.OpenParts(t.Context(), []string{p1, p2}, nil)
	wantHint(t, err, "fb-2.zip", "incomplete")
}
