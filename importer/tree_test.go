package importer_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lookback/importer"
	"lookback/importer/importertest"
)

// TestFormsAreFileSystems holds that an archive is a sound fs.FS in every form.
func TestFormsAreFileSystems(t *testing.T) {
	files := sample()
	names := []string{"data/tweets.js", "data/empty.js", "data/ünïcode.txt", "readme.txt"}
	folder, err := importer.Open(t.Context(), importertest.WriteFolder(t, files...), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for form, a := range map[string]*importer.Archive{
		"zip":    open(t, "a.zip", importertest.Zip(files...)),
		"tar":    open(t, "a.tar", importertest.Tar(files...)),
		"tar.gz": open(t, "a.tar.gz", importertest.TarGz(files...)),
		"folder": folder,
	} {
		t.Run(form, func(t *testing.T) {
			if err := fstest.TestFS(a.FS(), names...); err != nil {
				t.Error(err)
			}
			sub, err := fs.Sub(a.FS(), "data")
			if err != nil {
				t.Fatal(err)
			}
			if err := fstest.TestFS(sub, "tweets.js", "empty.js"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFileSystemErrors(t *testing.T) {
	fsys := open(t, "a.zip", importertest.Zip(sample()...)).FS()
	for _, name := range []string{"../a", "/a", "", "data/"} {
		if _, err := fsys.Open(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := fsys.Open("data/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := fs.ReadDir(fsys, "readme.txt"); err == nil {
		t.Error("a file was listed")
	}
	f, err := fsys.Open("readme.txt")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := f.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("reading a closed member: %v", err)
	}
	if err := f.Close(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closing it again: %v", err)
	}
	if _, err := importer.OpenRandom(fsys, "data"); err == nil {
		t.Error("a folder was opened for reading")
	}
}

func TestReadFileIsBounded(t *testing.T) {
	data := importertest.Zip(text("a.txt", strings.Repeat("a", 100)), text("b.txt", "b"))
	headers(data, func(n int, r []byte) {
		if n == 1 {
			copy(r[24:], "\xff\xff\xff\x7f") // states 2 GB
		}
	})
	a, err := importer.OpenLimited(t.Context(), "a.zip", bytes.NewReader(data), int64(len(data)), importer.Limits{Whole: 50})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(a.FS(), "a.txt"); !errors.Is(err, importer.ErrLimit) {
		t.Errorf("got %v", err)
	}
	if _, err := fs.ReadFile(a.FS(), "b.txt"); err == nil {
		t.Error("a member that is shorter than it says passed")
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("n", 5000)
	data := importertest.Zip(
		text("./data/a.json", "a"), text(`data\b.json`, "b"), text("data//c.json", "c"),
		text("Cafe\u0301.json", "d"), text("data/", ""), text("12:30 talk.html", "e"),
		text("../evil", ""), text("x/../../evil", ""), text("/etc/passwd", ""), text(`C:\evil`, ""), text(`..\evil`, ""),
		text("a\x00b", ""), text("a\nb", ""), text("\x1b]52;c;x\a", ""), text(long, ""), text(strings.Repeat("d/", 70)+"x", ""),
		text("__MACOSX/data/._a.json", ""), text("deep/__MACOSX/x", ""), text(".DS_Store", ""), text("data/Thumbs.db", ""), text("data/._a.json", ""),
	)
	a := open(t, "a.zip", data)
	want := map[string]string{"data/a.json": "a", "data/b.json": "b", "data/c.json": "c", "Café.json": "d", "12:30 talk.html": "e"}
	got := content(t, a.FS())
	for name, c := range want {
		if got[name] != c {
			t.Errorf("%s holds %q", name, got[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	var said strings.Builder
	for _, n := range a.Notes() {
		said.WriteString(n.Text)
	}
	for _, w := range []string{"5 members left out because of a name that leads out", "3 members left out because of a name with control", "2 members left out because of a name that is too long"} {
		if !strings.Contains(said.String(), w) {
			t.Errorf("notes %q lack %q", said.String(), w)
		}
	}
}

func TestOnlyEvilNames(t *testing.T) {
	wantHint(t, openErr(t, "evil.zip", importertest.Zip(text("../../etc/cron.d/x", "x"))), "evil.zip", "nothing whose name can be used")
}

// TestSharedNames holds that no member hides another one that differs.
func TestSharedNames(t *testing.T) {
	a := open(t, "a.zip", importertest.Zip(
		text("data/m.json", "old"), text("data/m.json", "new"), text("data/m.json", "new"), text("data/m.json", "older"),
		text("data/m~2.json", "other"),
		text("x", "a file"), text("x!", "between"), text("x/y", "below it"),
		text("Cafe\u0301", "decomposed"), text("Café", "composed")))
	got := content(t, a.FS())
	want := map[string]string{"data/m.json": "older", "data/m~2.json": "other", "data/m~3.json": "new", "data/m~4.json": "old",
		"x~2": "a file", "x!": "between", "x/y": "below it", "Café": "composed", "Café~2": "decomposed"}
	for name, c := range want {
		if got[name] != c {
			t.Errorf("%s holds %q, want %q", name, got[name], c)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	var names []string
	for m := range importer.Members(a.FS()) {
		if strings.HasPrefix(m.Name, "data/m.") {
			names = append(names, m.Path)
		}
	}
	if !slices.Equal(names, []string{"data/m.json", "data/m~3.json", "data/m~4.json"}) {
		t.Errorf("members of one name: %v", names)
	}
	if err := fstest.TestFS(a.FS(), "data/m~3.json", "x/y"); err != nil {
		t.Error(err)
	}
	if codes(a) != "name-shared" {
		t.Errorf("notes: %s", codes(a))
	}
}

func TestSharedNamesAreBounded(t *testing.T) {
	files := make([]file, 2500)
	for i := range files {
		files[i] = text("same.json", strings.Repeat("x", i))
	}
	a := open(t, "a.zip", importertest.Zip(files...))
	n := 0
	for range importer.Members(a.FS()) {
		n++
	}
	if n != 1001 || codes(a) != "member-refused name-shared" {
		t.Errorf("%d members, notes %s", n, codes(a))
	}
}

func TestMembersOfOtherFileSystems(t *testing.T) {
	fsys := importertest.MapFS([]file{text("a/b.txt", "bb"), text("c.txt", "c")})
	var got []importer.Member
	for m := range importer.Members(fsys) {
		got = append(got, m)
	}
	if len(got) != 2 || got[0] != (importer.Member{Name: "a/b.txt", Path: "a/b.txt", Size: 2}) {
		t.Errorf("got %v", got)
	}
	for range importer.Members(fsys) {
		break
	}
}

func TestMemberDigests(t *testing.T) {
	a := open(t, "a.zip", importertest.Zip(text("1", "same"), text("2", "same"), text("3", "else")))
	var sums []string
	for m := range importer.Members(a.FS()) {
		sums = append(sums, m.Digest())
	}
	if len(sums) != 3 || sums[0] == "" || sums[0] != sums[1] || sums[0] == sums[2] {
		t.Errorf("got %v", sums)
	}
	for m := range importer.Members(open(t, "a.tar", importertest.Tar(text("1", "x"))).FS()) {
		if m.Digest() != "" {
			t.Errorf("a tar has no checksums, got %s", m.Digest())
		}
	}
}

func TestHead(t *testing.T) {
	fsys := open(t, "a.zip", importertest.Zip(text("a.txt", "hello"))).FS()
	for n, want := range map[int]string{2: "he", 5: "hello", 50: "hello"} {
		if got, err := importer.Head(fsys, "a.txt", n); err != nil || string(got) != want {
			t.Errorf("%d: %q, %v", n, got, err)
		}
	}
	if _, err := importer.Head(fsys, "b.txt", 1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Your_Activity/Posts.JSON":    "your_activity/posts.json",
		"You\u2019ve\u00a0liked.json": "you've liked.json",
		"Cafe\u0301\\x":               "café/x",
	} {
		if got := importer.Fold(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestOpenRandom(t *testing.T) {
	body := strings.Repeat("0123456789", 5000)
	files := []file{text("repo.car", body)}
	folder, err := importer.Open(t.Context(), importertest.WriteFolder(t, files...), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	packed := importertest.Zip(files...)
	streamed, err := importer.OpenLimited(t.Context(), "a.zip", bytes.NewReader(packed), int64(len(packed)), importer.Limits{InMemory: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer streamed.Close()
	for form, fsys := range map[string]fs.FS{
		"folder": folder.FS(), "streamed": streamed.FS(), "memory": open(t, "a.zip", packed).FS(),
		"stored": open(t, "a.zip", zipWith(0, files...)).FS(), "single": open(t, "repo.car", []byte(body)).FS(),
		"other": importertest.MapFS(files),
	} {
		t.Run(form, func(t *testing.T) {
			r, err := importer.OpenRandom(fsys, "repo.car")
			if err != nil {
				t.Fatal(err)
			}
			if r.Size() != int64(len(body)) {
				t.Errorf("size %d", r.Size())
			}
			for _, off := range []int64{40_005, 3, 49_998, 0} {
				p := make([]byte, 4)
				n, _ := r.ReadAt(p, off)
				if string(p[:n]) != body[off:min(off+4, 50_000)] {
					t.Errorf("at %d: %q", off, p[:n])
				}
			}
			if _, err := r.ReadAt(make([]byte, 1), 50_000); err == nil {
				t.Error("read behind the end")
			}
		})
	}
}
