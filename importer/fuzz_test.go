package importer_test

import (
	"bytes"
	"io"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"
)

// FuzzOpen opens forged archives and reads all that they hold. Whatever
// comes, it must end, in bounded memory, without a panic.
func FuzzOpen(f *testing.F) {
	files := []file{text("a.list", "one two three"), text("d/b.json", `[{"id":1}]`), text("d/empty", "")}
	f.Add(importertest.Zip(files...))
	f.Add(zipWith(0, files...))
	f.Add(importertest.Zip(file{Name: "n.zip", Data: importertest.Zip(files...)}))
	f.Add(append([]byte("PK\x03\x04prefix"), importertest.Zip(files...)...))
	f.Add(importertest.Tar(files...))
	f.Add(importertest.TarGz(files...))
	f.Add(importertest.Gzip([]byte("[1]")))
	f.Add([]byte("id,permalink\n1,x\n"))
	small := importer.Limits{Members: 1000, RatioFree: 1 << 16, TotalFree: 1 << 20, Total: 8 << 20, Cache: 1 << 10, InMemory: 1 << 10}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := importer.OpenLimited(t.Context(), "fuzz.zip", bytes.NewReader(data), int64(len(data)), small)
		if err != nil {
			return
		}
		defer a.Close()
		if sum, err := a.Digest(t.Context()); err == nil && len(sum) != 64 {
			t.Errorf("digest %q", sum)
		}
		fsys := a.FS()
		for m := range importer.Members(fsys) {
			file, err := fsys.Open(m.Path)
			if err != nil {
				continue
			}
			n, err := io.Copy(io.Discard, file)
			if err == nil && n != m.Size {
				t.Errorf("%d bytes of %d without an error", n, m.Size)
			}
			file.Close()
			if in, err := importer.Nested(fsys, m.Path); err == nil {
				for inner := range importer.Members(in) {
					_, _ = importer.Head(in, inner.Path, 100)
				}
			}
		}
		rec := &importertest.Recorder{}
		_, _ = importer.Read(t.Context(), a, []importer.Importer{fake{name: "a"}}, importer.Options{}, rec)
		_ = a.Notes()
	})
}
