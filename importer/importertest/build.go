// Package importertest holds what the tests of importers share: builders of
// archives and the conformance suite, which every importer must pass over
// every fixture. It is for tests only.
package importertest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// File is a member of an archive to be built.
type File struct {
	Name string
	Data []byte
}

// Text returns a member that holds text.
func Text(name, data string) File { return File{name, []byte(data)} }

// Files reads the members below fsys, in the order of their names. A folder
// whose name ends in ".zip.d" becomes a zip in the archive: posts.zip.d/
// holds the members of posts.zip.
func Files(fsys fs.FS) ([]File, error) {
	var files []File
	inner := map[string][]File{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if before, after, ok := strings.Cut(name, ".zip.d/"); ok {
			inner[before+".zip"] = append(inner[before+".zip"], File{after, data})
			return nil
		}
		files = append(files, File{name, data})
		return nil
	})
	for name, list := range inner {
		files = append(files, File{name, Zip(list...)})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, err
}

// Under moves files into a folder.
func Under(dir string, files []File) []File {
	moved := make([]File, len(files))
	for i, f := range files {
		moved[i] = File{dir + "/" + f.Name, f.Data}
	}
	return moved
}

// Zip packs files. Writing to memory cannot fail, and what else could fail
// is a mistake of the test, so it panics.
func Zip(files ...File) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range files {
		// CreateHeader takes names that Create would tidy up.
		out, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		must(err)
		_, err = out.Write(f.Data)
		must(err)
	}
	must(w.Close())
	return buf.Bytes()
}

// Tar packs files without compression.
func Tar(files ...File) []byte {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, f := range files {
		must(w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.Name, Mode: 0o600, Size: int64(len(f.Data))}))
		_, err := w.Write(f.Data)
		must(err)
	}
	must(w.Close())
	return buf.Bytes()
}

// TarGz packs files.
func TarGz(files ...File) []byte { return Gzip(Tar(files...)) }

// Gzip packs data.
func Gzip(data []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write(data)
	must(err)
	must(w.Close())
	return buf.Bytes()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// MapFS returns files as a file system.
func MapFS(files []File) fstest.MapFS {
	m := make(fstest.MapFS, len(files))
	for _, f := range files {
		m[f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o600}
	}
	return m
}

// Write puts data into a file of its own folder and returns its path.
func Write(t testing.TB, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// WriteZip packs files into a zip on the disk and returns its path.
func WriteZip(t testing.TB, name string, files ...File) string {
	t.Helper()
	return Write(t, name, Zip(files...))
}

// WriteFolder unpacks files into a folder and returns its path.
func WriteFolder(t testing.TB, files ...File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		file := filepath.Join(dir, filepath.FromSlash(path.Clean(f.Name)))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
