package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/store"
)

// fake is an importer of members called <name>.list: one post for each line.
type fake struct {
	name  string
	sure  int
	hint  error
	early func(out importer.Sink) error // runs before the first member
	panic string
	twice bool // reads every member two times
}

func (f fake) Name() string { return f.name }

func (f fake) Recognize(fsys fs.FS) (importer.Match, error) {
	if f.hint != nil {
		return importer.Match{}, f.hint
	}
	if _, err := fs.Stat(fsys, f.name+".list"); err != nil {
		return importer.Match{}, nil
	}
	sure := f.sure
	if sure == 0 {
		sure = 90
	}
	return importer.Match{Sure: sure, Layout: f.name + "-1"}, nil
}

func (f fake) Explain(name string) importer.Use {
	switch {
	case path.Ext(name) == ".list" && strings.HasPrefix(name, f.name):
		return importer.Use{Kind: importer.UseRead, Messages: strings.Contains(name, "-dm")}
	case strings.HasPrefix(name, "media/"):
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

func (f fake) Import(_ context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	if err := out.Account(store.Account{Platform: f.name, Handle: "me"}); err != nil {
		return err
	}
	if f.early != nil {
		if err := f.early(out); err != nil {
			return err
		}
	}
	for m := range importer.Members(fsys) {
		u := f.Explain(m.Name)
		if u.Kind != importer.UseRead || u.Messages && !opts.Messages {
			continue
		}
		if f.twice {
			if _, err := readAll(fsys, m.Path); err != nil {
				return err
			}
		}
		if err := f.member(fsys, m, out); err != nil {
			return err
		}
	}
	return out.Fact(importer.Fact{Scope: "line:"})
}

func (f fake) member(fsys fs.FS, m importer.Member, out importer.Sink) error {
	r, err := fsys.Open(m.Path)
	if err != nil {
		return importer.Lost(out, m.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return importer.Lost(out, m.Name, err)
	}
	for n, line := range strings.Fields(string(data)) {
		if f.panic != "" && line == f.panic {
			panic("post: " + line)
		}
		if err := out.Post(store.Post{Key: fmt.Sprintf("line:%s:%d", m.Name, n), Text: line}); err != nil {
			return err
		}
	}
	return nil
}

// gauge is a meter that remembers.
type gauge struct{ total, sum int64 }

func (g *gauge) Total(n int64) { g.total = n }
func (g *gauge) Add(n int64)   { g.sum += n }

func read(t *testing.T, a *importer.Archive, list ...importer.Importer) (*importertest.Recorder, importer.Result, error) {
	t.Helper()
	rec := &importertest.Recorder{}
	res, err := importer.Read(t.Context(), a, list, importer.Options{}, rec)
	return rec, res, err
}

func TestReadSeveralImporters(t *testing.T) {
	a := open(t, "both.zip", importertest.Zip(text("w/a.list", "one two"), text("w/b.list", "three"),
		text("w/media/x.jpg", "x"), text("w/else.txt", "?")))
	rec, res, err := read(t, a, fake{name: "a"}, fake{name: "b", sure: 50}, fake{name: "c"}, fake{name: "a", sure: 49})
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Posts) != 3 || res.Posts != 3 || res.Layout() != "a-1, b-1" || res.Incomplete {
		t.Errorf("got %+v", res)
	}
	if r := res.Readings; len(r) != 2 || r[1].Account.Platform != "b" || r[1].Posts != 1 || r[0].Root != "w" {
		t.Errorf("readings %+v", res.Readings)
	}
	if res.Read != 2 || res.Ignored != 1 || res.Unknown != 1 || len(res.Members) != 3 {
		t.Errorf("members %+v", res.Members)
	}
	if !slices.Equal(res.Scopes, []string{"line:", "line:"}) {
		t.Errorf("scopes %v", res.Scopes)
	}
	if m := res.Members[0]; m.Name != "w/a.list" || !strings.HasPrefix(m.Digest, "crc32:") || m.Importer != "a" {
		t.Errorf("member %+v", m)
	}
}

// TestDateByName: the day in the name counts where the archive has none.
func TestDateByName(t *testing.T) {
	data := importertest.Zip(text("a.list", "one"))
	day := time.Date(2025, 10, 29, 0, 0, 0, 0, time.UTC)
	_, res, err := read(t, open(t, "export-2025-10-29-x.zip", data), fake{name: "a"})
	if err != nil || !res.Generated.Equal(day) {
		t.Errorf("got %v, %v", res.Generated, err)
	}
	own := fake{name: "a", early: func(out importer.Sink) error { return out.Fact(importer.Fact{Generated: 1_600_000_000}) }}
	if _, res, _ := read(t, open(t, "export-2025-10-29-x.zip", data), own); res.Generated.Unix() != 1_600_000_000 {
		t.Errorf("the archive's own date became %v", res.Generated)
	}
	later := fake{name: "a", early: func(out importer.Sink) error {
		return out.Post(store.Post{Key: "line:0", Text: "x", Created: day.AddDate(1, 0, 0)})
	}}
	if _, res, _ := read(t, open(t, "export-2025-10-29-x.zip", data), later); !res.Generated.IsZero() {
		t.Errorf("an archive made before its posts: %v", res.Generated)
	}
}

func TestWrappingFolders(t *testing.T) {
	for _, dir := range []string{"x", "x/y", "x/y/z"} {
		a := open(t, "a.zip", importertest.Zip(importertest.Under(dir, []file{text("a.list", "one")})...))
		if rec, res, err := read(t, a, fake{name: "a"}); err != nil || len(rec.Posts) != 1 || res.Readings[0].Root != dir {
			t.Errorf("%s: %+v, %v", dir, res.Readings, err)
		}
	}
	// The folder can be the export's own.
	a := open(t, "a.zip", importertest.Zip(text("data/a.list", "one")))
	if _, res, err := read(t, a, fake{name: "data/a"}); err != nil || res.Readings[0].Root != "" {
		t.Errorf("%+v, %v", res.Readings, err)
	}
}

// TestExportsInside reads zips and folders that lie beside each other in one.
func TestExportsInside(t *testing.T) {
	inner := importertest.Zip(text("wrap/a.list", "one"), text("wrap/rest", "?"))
	data := importertest.Zip(text("out/b-export/b.list", "two"), file{Name: "out/a-export.zip", Data: inner},
		text("out/broken.zip", "PK\x03\x04"), text("out/note.txt", "x"))
	for name, a := range map[string]*importer.Archive{
		"deflated": open(t, "all.zip", data),
		"stored": open(t, "all.zip", zipWith(0, text("out/b-export/b.list", "two"), file{Name: "out/a-export.zip", Data: inner},
			text("out/broken.zip", "PK\x03\x04"), text("out/note.txt", "x"))),
	} {
		rec, res, err := read(t, a, fake{name: "a"}, fake{name: "b"})
		if err != nil {
			t.Fatal(err)
		}
		if len(rec.Posts) != 2 || len(res.Readings) != 2 || res.Readings[0].Root != "out/a-export.zip/wrap" {
			t.Errorf("%s: %+v", name, res.Readings)
		}
		uses, err := importer.Explain(a, []importer.Importer{fake{name: "a"}, fake{name: "b"}})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, u := range uses {
			all = append(all, u.Name+" "+string(u.Use.Kind))
		}
		want := "out/a-export.zip read, out/b-export/b.list read, out/broken.zip unknown, out/note.txt unknown, " +
			"out/a-export.zip/wrap/a.list read, out/a-export.zip/wrap/rest unknown"
		if got := strings.Join(all, ", "); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestNestedForms(t *testing.T) {
	inner := importertest.Zip(text("posts.xml", strings.Repeat("<post/>", 100)), text("z.xml", "<z/>"))
	for name, c := range map[string]struct {
		data []byte
		lim  importer.Limits
	}{
		"memory":   {importertest.Zip(file{Name: "posts.zip", Data: inner}), importer.Limits{}},
		"stored":   {zipWith(0, file{Name: "posts.zip", Data: inner}), importer.Limits{}},
		"streamed": {importertest.Zip(file{Name: "posts.zip", Data: inner}), importer.Limits{InMemory: 1}},
		"tar.gz":   {importertest.TarGz(file{Name: "posts.zip", Data: inner}), importer.Limits{InMemory: 1, Cache: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := importer.OpenLimited(t.Context(), "a", bytes.NewReader(c.data), int64(len(c.data)), c.lim)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			fsys := a.FS()
			in, err := importer.Nested(fsys, "posts.zip")
			if err != nil {
				t.Fatal(err)
			}
			if again, err := importer.Nested(fsys, "posts.zip"); err != nil || again != in {
				t.Errorf("opened twice: %v", err)
			}
			for range 2 {
				if got := content(t, in); len(got) != 2 || got["z.xml"] != "<z/>" || len(got["posts.xml"]) != 700 {
					t.Errorf("got %v", got)
				}
			}
			if _, err := importer.Nested(fsys, "none.zip"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestZipsTooDeep(t *testing.T) {
	data := importertest.Zip(text("a.txt", "x"))
	for range 4 {
		data = importertest.Zip(file{Name: "n.zip", Data: data})
	}
	fsys := open(t, "a.zip", data).FS()
	for depth := range 4 {
		in, err := importer.Nested(fsys, "n.zip")
		if err != nil {
			if depth != 2 || !errors.Is(err, importer.ErrLimit) {
				t.Errorf("depth %d: %v", depth, err)
			}
			return
		}
		fsys = in
	}
	t.Error("zips in zips have no end")
}

func TestReadKeepsGoing(t *testing.T) {
	files := []file{text("a.list", "one two CANARYPANIC four"), text("b.list", "five")}
	a := open(t, "a.zip", importertest.Zip(files...))
	rec, res, err := read(t, a, fake{name: "a", panic: "CANARYPANIC"}, fake{name: "b"})
	wantHint(t, err, `a.zip: the a importer failed at member "a.list" (string, read_test.go:`)
	if strings.Contains(err.Error(), "CANARY") || !errors.Is(err, importer.ErrPanic) {
		t.Errorf("got %v", err)
	}
	if len(rec.Posts) != 3 || !res.Incomplete || len(res.Scopes) != 1 || res.Readings[0].Err == nil {
		t.Errorf("got %+v", res)
	}

	broken := errors.New("its manifest is not JSON")
	fail := func(importer.Sink) error { return broken }
	rec, res, err = read(t, a, fake{name: "a", early: fail}, fake{name: "b", early: fail})
	if !errors.Is(err, broken) || len(rec.Posts) != 0 || !res.Incomplete {
		t.Errorf("got %v, %+v", err, res)
	}
	if !strings.HasPrefix(err.Error(), "a.zip: its manifest") {
		t.Errorf("got %v", err)
	}
}

func TestSinkErrorsEndReading(t *testing.T) {
	a := open(t, "a.zip", importertest.Zip(text("a.list", "one two"), text("b.list", "three")))
	full := errors.New("disk full")
	rec := &importertest.Recorder{OnPost: func(store.Post) error { return full }}
	_, err := importer.Read(t.Context(), a, []importer.Importer{fake{name: "a"}, fake{name: "b"}}, importer.Options{}, rec)
	if err != full || len(rec.Posts) != 1 {
		t.Errorf("got %v after %d posts", err, len(rec.Posts))
	}
	ctx, cancel := context.WithCancel(t.Context())
	rec = &importertest.Recorder{OnPost: func(store.Post) error { cancel(); return nil }}
	_, err = importer.Read(ctx, a, []importer.Importer{fake{name: "a"}, fake{name: "b"}}, importer.Options{}, rec)
	if !errors.Is(err, context.Canceled) || len(rec.Posts) != 1 {
		t.Errorf("got %v after %d posts", err, len(rec.Posts))
	}
}

// TestScopesNeedTheWholeArchive holds that what could not be read is never
// taken for gone.
func TestScopesNeedTheWholeArchive(t *testing.T) {
	cut := importertest.TarGz(text("a.list", "one"), text("b.txt", strings.Repeat("abc ", 50_000)))
	a := open(t, "a.tar.gz", cut[:len(cut)-200])
	rec, res, err := read(t, a, fake{name: "a"})
	if err != nil || len(rec.Posts) != 1 || len(res.Scopes) != 0 || !res.Incomplete {
		t.Errorf("got %+v, %v", res, err)
	}
	if len(res.Notes) != 1 || res.Notes[0].Code != "archive-cut" || len(rec.Facts) != 1 {
		t.Errorf("notes %v, facts %v", res.Notes, rec.Facts)
	}
	b := open(t, "takeout-20260102T030405Z-002.zip", importertest.Zip(text("a.list", "one")))
	if _, res, err := read(t, b, fake{name: "a"}); err != nil || len(res.Scopes) != 0 || res.Notes[0].Code != "part-missing" {
		t.Errorf("got %+v, %v", res, err)
	}
}

func TestLostMembers(t *testing.T) {
	data := importertest.Zip(text("a.list", "one"), text("a2.list", "two"))
	headers(data, func(n int, r []byte) {
		if n == 0 {
			r[16]++
		}
	})
	rec, res, err := read(t, open(t, "a.zip", data), fake{name: "a"})
	if err != nil || len(rec.Posts) != 1 || res.Skips != 1 || !res.Incomplete {
		t.Errorf("got %+v, %v", res, err)
	}
	if s := rec.Skips[0]; s.Member != "a.list" || s.Record != 0 || s.Reason != "its data is damaged: the checksum differs" {
		t.Errorf("skip %+v", s)
	}
}

func TestLostEndsWithTheContext(t *testing.T) {
	rec := &importertest.Recorder{}
	wrapped := fmt.Errorf("reading: %w", context.Canceled)
	if err := importer.Lost(rec, "a.json", wrapped); err != wrapped || len(rec.Skips) != 0 {
		t.Errorf("got %v and %v", err, rec.Skips)
	}
}

func TestFactsAddUp(t *testing.T) {
	facts := func(out importer.Sink) error {
		return errors.Join(out.Fact(importer.Fact{Generated: 1_700_000_000, Layout: "a-2"}),
			out.Fact(importer.Fact{Generated: 1_600_000_000, Partial: true}),
			out.Fact(importer.Fact{Note: store.Note{Code: "c", Text: "t"}}),
			out.Skip(store.Skip{Member: "a.list", Record: 1, Reason: "r"}))
	}
	a := open(t, "a.zip", importertest.Zip(text("a.list", "one")))
	_, res, err := read(t, a, fake{name: "a", early: facts})
	if err != nil {
		t.Fatal(err)
	}
	if !res.Generated.Equal(time.Unix(1_700_000_000, 0)) || !res.Partial || res.Layout() != "a-2" || len(res.Notes) != 1 || res.Skips != 1 {
		t.Errorf("got %+v", res)
	}
}

// TestMeterIsHonest holds that the bar ends at its end, in every form, also
// where members are read twice or not at all.
func TestMeterIsHonest(t *testing.T) {
	files := []file{text("a.list", strings.Repeat("word ", 20_000)), text("a-dm.list", strings.Repeat("x ", 1000)),
		text("media/a.jpg", strings.Repeat("x", 9999))}
	inner := []file{{Name: "x/a.zip", Data: importertest.Zip(files...)}, text("x/b", "?")}
	for name, path := range map[string]string{
		"zip": importertest.WriteZip(t, "a.zip", files...), "folder": importertest.WriteFolder(t, files...),
		"tar.gz": importertest.Write(t, "a.tar.gz", importertest.TarGz(files...)),
		"nested": importertest.WriteZip(t, "a.zip", inner...),
	} {
		for _, imp := range []fake{{name: "a"}, {name: "a", twice: true}} {
			g := &gauge{}
			a, err := importer.Open(t.Context(), path, g)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := read(t, a, imp); err != nil {
				t.Fatal(err)
			}
			a.Close()
			if g.sum != g.total || g.total < 50_000 || name == "zip" && g.total != 100_000 {
				t.Errorf("%s: %d of %d bytes", name, g.sum, g.total)
			}
		}
	}
}

func TestChangedWhileRead(t *testing.T) {
	for name, c := range map[string]struct{ path, file string }{
		"zip":    {importertest.WriteZip(t, "a.zip", text("a.list", "one")), ""},
		"folder": {importertest.WriteFolder(t, text("a.list", "one")), "a.list"},
	} {
		a, err := importer.Open(t.Context(), c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path.Join(c.path, c.file), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.WriteString("more")
		f.Close()
		_, res, err := read(t, a, fake{name: "a"})
		wantHint(t, err, "the archive changed while it was read")
		if !res.Incomplete || len(res.Scopes) != 0 {
			t.Errorf("%s: %+v", name, res)
		}
		a.Close()
	}
}

// failingDrive answers until it is pulled out.
type failingDrive struct {
	io.ReaderAt
	out bool
}

func (f *failingDrive) ReadAt(p []byte, off int64) (int, error) {
	if f.out {
		return 0, syscall.EIO
	}
	return f.ReaderAt.ReadAt(p, off)
}

// TestDriveFails: a drive that fails is named as what it is, once, and nothing
// that it kept back looks deleted.
func TestDriveFails(t *testing.T) {
	data := importertest.Zip(text("a.list", "one"), text("b.list", "two"))
	drive := &failingDrive{ReaderAt: bytes.NewReader(data)}
	a, err := importer.OpenReader(t.Context(), "a.zip", drive, int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, res, err := read(t, a, fake{name: "a", early: func(importer.Sink) error { drive.out = true; return nil }}, fake{name: "b"})
	wantHint(t, err, "a.zip", "the drive failed while it was read", "input/output error")
	if !errors.Is(err, syscall.EIO) || strings.Count(err.Error(), "input/output") != 1 || !res.Incomplete || len(res.Scopes) > 0 {
		t.Errorf("%v, %+v", err, res)
	}
}

func TestNobodyKnows(t *testing.T) {
	list := []importer.Importer{fake{name: "a"}}
	for _, c := range []struct{ names, want string }{
		{"Takeout/Google Photos/Photos from 2020/1.jpg.json", "looks like a Takeout of Google Photos"},
		{"Takeout/Mail/All.mbox", "looks like a Takeout of Gmail"},
		{"Takeout/archive_browser.html|Takeout/Keep/x.json", "without anything from YouTube"},
		{"data_logs/content/1/page_1.json", "Meta's data logs"},
		{"MyData/StreamingHistory0.json", "Spotify"},
		{"src/go.mod", "program code"},
		{"x/1.jpg|x/2.mp4", "pictures and videos only"},
		{"x/1.txt|y/2.txt", "not an export that lookback knows (2 members)"},
	} {
		var files []file
		for n := range strings.SplitSeq(c.names, "|") {
			files = append(files, text(n, "x"))
		}
		a := open(t, "some.zip", importertest.Zip(files...))
		_, _, err := read(t, a, list...)
		wantHint(t, err, "some.zip", c.want)
		uses, err := importer.Explain(a, list)
		if err == nil || len(uses) != len(files) || uses[0].Use.Kind != importer.UseUnknown {
			t.Errorf("%s: %v, %v", c.names, uses, err)
		}
	}
}

func TestHintsOfImporters(t *testing.T) {
	hint := fake{name: "h", hint: &importer.HintError{Err: errors.New("it is the viewer only"), Hint: "give the whole zip"}}
	a := open(t, "v.zip", importertest.Zip(text("a.list", "one")))
	_, _, err := read(t, a, hint, fake{name: "none"})
	wantHint(t, err, "v.zip: it is the viewer only: give the whole zip")
	if rec, _, err := read(t, a, hint, fake{name: "a"}); err != nil || len(rec.Posts) != 1 {
		t.Errorf("somebody else can read it, but %v", err)
	}
	if _, _, err := read(t, a, broken{}); err == nil {
		t.Error("an importer that panics knows an archive")
	}
}

// broken panics when it is asked.
type broken struct{ fake }

func (broken) Name() string                            { return "broken" }
func (broken) Recognize(fs.FS) (importer.Match, error) { panic("at once") }

func TestRecognizeOrder(t *testing.T) {
	a := open(t, "a.zip", importertest.Zip(text("a.list", "one"), text("b.list", "two")))
	found, err := importer.Recognize(t.Context(), a, []importer.Importer{fake{name: "a", sure: 60}, fake{name: "b"}})
	if err != nil || len(found) != 2 || found[0].Importer != "b" {
		t.Errorf("got %+v, %v", found, err)
	}
}
