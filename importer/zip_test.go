package importer_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/importer/importertest"

	"github.com/klauspost/compress/zstd"
)

func sample() []file {
	return []file{
		text("data/tweets.js", "window.YTD = "+strings.Repeat("[1,2,3]", 5000)),
		text("data/empty.js", ""),
		text("data/ünïcode.txt", "x"),
		text("readme.txt", "hello"),
	}
}

func TestZipReadsWhatArchiveZipReads(t *testing.T) {
	plain := importertest.Zip(sample()...)
	many := make([]file, 70_000) // more than 65,535 members make a zip64
	for i := range many {
		many[i] = text(fmt.Sprintf("m/%05d", i), "")
	}
	many[69_999].Data = []byte("last")
	zip.RegisterCompressor(93, zstd.ZipCompressor())
	zip.RegisterDecompressor(93, zstd.ZipDecompressor())
	for name, data := range map[string][]byte{
		"deflated": plain,
		"stored":   zipWith(zip.Store, sample()...),
		"zstd":     zipWith(93, sample()...),
		"zip64":    zipWith(zip.Store, many...),
		"prefixed": append([]byte("PK\x03\x04 not really"), plain...),
		"trailing": append(bytes.Clone(plain), "0123456789"...),
	} {
		t.Run(name, func(t *testing.T) {
			want, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			a := open(t, "a.zip", data)
			n := 0
			for m := range importer.Members(a.FS()) {
				n++
				if m.Size == 0 {
					continue
				}
				got, err := fs.ReadFile(a.FS(), m.Path)
				if err != nil {
					t.Fatal(err)
				}
				if std, err := fs.ReadFile(want, m.Name); err != nil || !bytes.Equal(got, std) {
					t.Errorf("%s differs: %v", m.Name, err)
				}
			}
			if n != len(want.File) {
				t.Errorf("got %d members, want %d", n, len(want.File))
			}
		})
	}
}

func TestZipComment(t *testing.T) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	_, _ = w.Create("a.txt")
	_ = w.SetComment(strings.Repeat("c", 65_535))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, open(t, "a.zip", buf.Bytes()).FS()); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestZipOldNames(t *testing.T) {
	data := importertest.Zip(text("caf?.txt", "x"), text("b.txt", "y"))
	headers(data, func(n int, r []byte) {
		if n == 0 {
			r[46+3] = 0x82 // é in code page 437
		}
	})
	if got := content(t, open(t, "a.zip", data).FS()); got["café.txt"] != "x" {
		t.Errorf("got %v", got)
	}
}

func TestZipEncrypted(t *testing.T) {
	data := importertest.Zip(sample()...)
	headers(data, func(_ int, r []byte) { r[8] |= 1 })
	wantHint(t, openErr(t, "locked.zip", data), "locked.zip", "password")

	data = importertest.Zip(sample()...)
	headers(data, func(n int, r []byte) {
		if n == 0 {
			r[10] = 99 // AES
		}
	})
	a := open(t, "a.zip", data)
	if _, err := a.FS().Open("data/tweets.js"); err == nil || !strings.Contains(err.Error(), "password") {
		t.Errorf("got %v", err)
	}
	if _, err := fs.ReadFile(a.FS(), "readme.txt"); err != nil {
		t.Error(err)
	}
}

func TestZipTruncated(t *testing.T) {
	data := importertest.Zip(sample()...)
	for _, n := range []int{4, 20} {
		wantHint(t, openErr(t, "cut.zip", data[:n]), "cut.zip", "incomplete", "download it again")
	}
	wantHint(t, openErr(t, "empty.zip", nil), "empty.zip", "the file is empty")
	wantHint(t, openErr(t, "none.zip", importertest.Zip()), "none.zip", "it is empty")
	wantHint(t, openErr(t, "cut.zip", append([]byte("PK\x03\x04"), make([]byte, 1<<20)...)), "incomplete")
}

// TestZipSalvaged cuts zips of several makings before their table of
// contents: every member that arrived whole is read, and the archive is known
// to be incomplete.
func TestZipSalvaged(t *testing.T) {
	files := sample()
	long := strings.Repeat("a line of an export\n", 5000)
	for name, data := range map[string][]byte{
		"streamed": importertest.Zip(append(files, text("data/zz-last.js", long))...),
		"sized":    sizedZip(t, append(files, text("data/zz-last.js", long))),
	} {
		t.Run(name, func(t *testing.T) {
			end := bytes.Index(data, []byte("PK\x01\x02"))
			whole := open(t, "a.zip", data)
			for _, n := range []int{end, end - 20, end - 120} {
				cut := open(t, "cut.zip", data[:n])
				if codes(cut) != "archive-cut" {
					t.Fatalf("cut at %d of %d: notes %q", n, len(data), codes(cut))
				}
				for m := range importer.Members(cut.FS()) {
					want, _ := fs.ReadFile(whole.FS(), m.Path)
					got, err := fs.ReadFile(cut.FS(), m.Path)
					last := m.Name == "data/zz-last.js"
					if !last && (err != nil || !bytes.Equal(got, want)) {
						t.Errorf("%s: %d bytes, %v; want all %d", m.Name, len(got), err, len(want))
					}
					if last && n < end-30 && err == nil && len(got) >= len(want) {
						t.Errorf("the cut member was read as if it were whole")
					}
				}
			}
		})
	}
}

// sizedZip stores files with their sizes in front, as most programs but
// browsers' servers do.
func sizedZip(t *testing.T, files []file) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.Name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(f.Data),
			CompressedSize64: uint64(len(f.Data)), UncompressedSize64: uint64(len(f.Data))}
		part, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestZipDamage(t *testing.T) {
	for name, c := range map[string]struct {
		forge func(data []byte)
		want  string
	}{
		"checksum": {func(data []byte) { headers(data, func(_ int, r []byte) { r[16]++ }) }, "checksum"},
		"longer":   {func(data []byte) { headers(data, func(_ int, r []byte) { r[24]++ }) }, "unexpected EOF"},
		"shorter":  {func(data []byte) { headers(data, func(_ int, r []byte) { r[24]-- }) }, "length differs"},
		"method":   {func(data []byte) { headers(data, func(_ int, r []byte) { r[10] = 9 }) }, "method 9"},
		"local":    {func(data []byte) { data[0] = 'X' }, "not where the table of contents says"},
		"offset": {func(data []byte) { headers(data, func(_ int, r []byte) { copy(r[42:], "\xff\xff\xff\x7f") }) },
			"not where the table of contents says"},
	} {
		t.Run(name, func(t *testing.T) {
			data := importertest.Zip(text("a.json", strings.Repeat("abc ", 1000)))
			c.forge(data)
			a := open(t, "a.zip", data)
			_, err := fs.ReadFile(a.FS(), "a.json")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestZipOverlap(t *testing.T) {
	data := importertest.Zip(text("a.json", strings.Repeat("abc ", 1000)), text("b.json", "b"), text("c.json", "c"))
	var first []byte
	headers(data, func(n int, r []byte) {
		if n == 0 {
			first = bytes.Clone(r)
		}
		if n == 1 { // the kernel of the first member once more
			copy(r[16:28], first[16:28])
			copy(r[42:46], first[42:46])
		}
	})
	a := open(t, "a.zip", data)
	for _, name := range []string{"a.json", "b.json"} {
		if _, err := fs.ReadFile(a.FS(), name); err == nil || !strings.Contains(err.Error(), "another member") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := fs.ReadFile(a.FS(), "c.json"); err != nil {
		t.Error(err)
	}
}

// TestZipBomb reads a member that unpacks to a thousand times its size.
func TestZipBomb(t *testing.T) {
	data := importertest.Zip(file{Name: "a.json", Data: make([]byte, 4<<20)}, text("b.json", "{}"))
	a, err := importer.OpenLimited(t.Context(), "bomb.zip", bytes.NewReader(data), int64(len(data)), importer.Limits{RatioFree: 2 << 20})
	if err != nil {
		t.Fatal(err)
	}
	_, err = readAll(a.FS(), "a.json")
	if !errors.Is(err, importer.ErrLimit) {
		t.Errorf("got %v", err)
	}
	if _, err := fs.ReadFile(a.FS(), "b.json"); err != nil {
		t.Errorf("another member: %v", err)
	}
	if _, err := fs.ReadFile(a.FS(), "a.json"); !errors.Is(err, importer.ErrLimit) {
		t.Errorf("at once: %v", err)
	}
}

func TestManySmallBombs(t *testing.T) {
	var files []file
	for i := range 40 {
		files = append(files, file{Name: fmt.Sprint(i, ".json"), Data: make([]byte, 1<<16)})
	}
	data := importertest.Zip(files...)
	a, err := importer.OpenLimited(t.Context(), "a.zip", bytes.NewReader(data), int64(len(data)), importer.Limits{TotalFree: 1 << 19})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for m := range importer.Members(a.FS()) {
		if _, err := readAll(a.FS(), m.Path); err != nil {
			if !errors.Is(err, importer.ErrLimit) {
				t.Fatal(err)
			}
			break
		}
		n++
	}
	if n == len(files) || n < 7 {
		t.Errorf("stopped after %d members", n)
	}
}

func readAll(fsys fs.FS, name string) (int64, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return io.Copy(io.Discard, f)
}

// endless is a zip whose directory has n entries, made up as it is read.
type endless struct {
	block []byte // many times the same record
	dir   int64  // length of the directory
	end   []byte
}

func newEndless(n int64) *endless {
	rec := make([]byte, 46+1)
	copy(rec, "PK\x01\x02")
	rec[28] = 1
	rec[46] = 'a'
	e := &endless{block: bytes.Repeat(rec, 10_000), dir: n * int64(len(rec)), end: make([]byte, 22)}
	copy(e.end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(e.end[10:], uint16(n))
	binary.LittleEndian.PutUint32(e.end[12:], uint32(e.dir))
	binary.LittleEndian.PutUint32(e.end[16:], 4)
	return e
}

func (e *endless) size() int64 { return 4 + e.dir + int64(len(e.end)) }

func (e *endless) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		at := off + int64(n) - 4
		var from []byte
		switch {
		case at < 0:
			from = []byte("PK\x03\x04")[at+4:]
		case at < e.dir:
			from = e.block[at%int64(len(e.block)):]
			from = from[:min(int64(len(from)), e.dir-at)]
		case at-e.dir < int64(len(e.end)):
			from = e.end[at-e.dir:]
		default:
			return n, io.EOF
		}
		n += copy(p[n:], from)
	}
	return n, nil
}

// TestFourMillionMembers holds that a directory nobody needs costs no memory.
func TestFourMillionMembers(t *testing.T) {
	e := newEndless(4_000_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := importer.OpenReader(t.Context(), "many.zip", e, e.size(), nil)
	runtime.ReadMemStats(&after)
	wantHint(t, err, "many.zip", "more than 1048576 members")
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 16<<20 {
		t.Errorf("it took %d MB", spent>>20)
	}
}

// TestMillionMembers holds the memory of the largest archive that is opened.
func TestMillionMembers(t *testing.T) {
	e := newEndless(1_000_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	a, err := importer.OpenReader(t.Context(), "many.zip", e, e.size(), nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 150<<20 {
		t.Errorf("it took %d MB", spent>>20)
	}
	a.Close()
}

// TestLargeExport opens an export with 12 GB of videos: zip64 offsets, and
// no limit is in its way.
func TestLargeExport(t *testing.T) {
	h := &holes{}
	w := zip.NewWriter(h)
	for i := range 2 {
		out, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("media/%d.mp4", i),
			CompressedSize64: 6 << 30, UncompressedSize64: 6 << 30})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		for range 6 << 10 {
			if _, err := out.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := w.Create("data/tweets.js")
	if err == nil {
		_, err = io.WriteString(out, "[]")
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	a, err := importer.OpenReader(t.Context(), "large.zip", h, h.n, nil)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := fs.ReadFile(a.FS(), "data/tweets.js"); err != nil || string(data) != "[]" {
		t.Errorf("got %q, %v", data, err)
	}
	if data, err := importer.Head(a.FS(), "media/1.mp4", 16); err != nil || len(data) != 16 {
		t.Errorf("got %q, %v", data, err)
	}
}
