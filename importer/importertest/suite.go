package importertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "rewrite the goldens of importers' fixtures")

// fixture is one archive as plain member files, with its golden.
type fixture struct {
	name   string
	files  []File
	golden string // path
	want   golden
}

func (f *fixture) options() importer.Options {
	return importer.Options{Messages: f.want.Messages, Me: f.want.Me}
}

// Run tests imp against every fixture in dir, usually
// "../../testdata/<importer's name>". A fixture is a folder dir/<layout>
// that holds the archive's members as they are, and dir/<layout>.golden.json
// beside it, which `go test -update` writes; the fields messages, me and also
// at its top are options, set by hand. Where all is given, no other importer
// in it may claim a fixture.
func Run(t *testing.T, imp importer.Importer, dir string, all ...importer.Importer) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("fixtures of %s: %v", imp.Name(), err)
	}
	n := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		n++
		fix, err := load(dir, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		t.Run(e.Name(), func(t *testing.T) { fix.run(t, imp, all) })
	}
	if n == 0 {
		t.Errorf("%s has no fixtures in %s", imp.Name(), dir)
	}
}

func load(dir, name string) (*fixture, error) {
	files, err := Files(os.DirFS(filepath.Join(dir, name)))
	if err != nil {
		return nil, err
	}
	f := &fixture{name: name, files: files, golden: filepath.Join(dir, name+".golden.json")}
	data, err := os.ReadFile(f.golden)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	return f, json.Unmarshal(data, &f.want)
}

func (f *fixture) run(t *testing.T, imp importer.Importer, all []importer.Importer) {
	ctx := t.Context()
	rec, res, err := ReadFiles(ctx, imp, f.options(), f.files...)
	if err != nil {
		t.Fatalf("reading the fixture: %v", err)
	}
	if err := unsound(rec, true); err != nil {
		t.Error(err)
	}
	got := asGolden(rec, res)
	f.compare(t, got)
	secret := newSecrets(rec)
	if err := secret.leak(nil, rec, res); err != nil {
		t.Error(err)
	}
	t.Run("forms", func(t *testing.T) { f.forms(t, imp, got) })
	t.Run("others", func(t *testing.T) { f.others(t, all, imp) })
	t.Run("cancel", func(t *testing.T) { f.cancel(t, imp) })
	t.Run("cut", func(t *testing.T) { f.cut(t.Context(), imp, rec, secret, t.Errorf) })
	t.Run("hostile", func(t *testing.T) { f.hostile(t.Context(), imp, secret, t.Errorf) })
	t.Run("names", func(t *testing.T) { f.names(t, imp, got) })
}

// compare holds the golden against what was read, or rewrites it.
func (f *fixture) compare(t *testing.T, got golden) {
	got.Messages, got.Me, got.Also = f.want.Messages, f.want.Me, f.want.Also
	data, err := got.bytes()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(f.golden, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(f.golden)
	if err != nil {
		t.Fatalf("%v; run the test with -update and look at what it wrote", err)
	}
	if diff := cmp.Diff(string(want), string(data)); diff != "" {
		t.Errorf("the golden differs (-want +got); -update rewrites it:\n%s", diff)
	}
}

// forms reads the fixture in every form that an archive can have.
func (f *fixture) forms(t *testing.T, imp importer.Importer, want golden) {
	deeper := Under("export of 2026", f.files)
	paths := map[string]string{
		"again":        WriteZip(t, "archive.zip", f.files...),
		"folder":       WriteFolder(t, f.files...),
		"zip deeper":   WriteZip(t, "archive.zip", deeper...),
		"two deeper":   WriteZip(t, "archive.zip", Under("Downloads", deeper)...),
		"tar.gz":       Write(t, "archive.tar.gz", TarGz(f.files...)),
		"tar":          Write(t, "archive.tar", Tar(deeper...)),
		"backslashes":  WriteZip(t, "archive.zip", backslashed(f.files)...),
		"with rubbish": WriteZip(t, "archive.zip", append(rubbish(), f.files...)...),
	}
	if apart := decomposed(f.files); !slices.EqualFunc(apart, f.files, sameName) {
		paths["decomposed names"] = WriteZip(t, "archive.zip", apart...) // as a Mac writes them
	}
	if len(f.files) == 1 && !strings.Contains(f.files[0].Name, "/") {
		paths["single"] = Write(t, f.files[0].Name, f.files[0].Data)
	}
	for form, path := range paths {
		t.Run(form, func(t *testing.T) {
			a, err := importer.Open(t.Context(), path, nil)
			if err != nil {
				t.Fatal(err)
			}
			rec, res, err := read(t.Context(), a, imp, f.options())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, asGolden(rec, res)); diff != "" {
				t.Errorf("differs from the fixture as a zip (-zip +%s):\n%s", form, diff)
			}
		})
	}
}

func backslashed(files []File) []File {
	out := make([]File, len(files))
	for i, f := range files {
		out[i] = File{strings.ReplaceAll(f.Name, "/", `\`), f.Data}
	}
	return out
}

// decomposed writes letters and their accents as characters of their own.
func decomposed(files []File) []File {
	out := make([]File, len(files))
	for i, f := range files {
		out[i] = File{norm.NFD.String(f.Name), f.Data}
	}
	return out
}

func sameName(a, b File) bool { return a.Name == b.Name }

// rubbish is what systems add to zips and folders.
func rubbish() []File {
	return []File{Text("__MACOSX/._data", "x"), Text(".DS_Store", "x"), Text("Thumbs.db", "x")}
}

// others asks every other importer whether it claims the fixture.
func (f *fixture) others(t *testing.T, all []importer.Importer, imp importer.Importer) {
	data := Zip(f.files...)
	a, err := importer.OpenReader(t.Context(), "archive.zip", bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	may := map[string]bool{imp.Name(): true}
	for _, name := range f.want.Also {
		may[name] = true
	}
	found, err := importer.Recognize(t.Context(), a, append(all, imp))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found {
		if !may[r.Importer] {
			t.Errorf("%s claims it too, as %s", r.Importer, r.Layout)
		}
	}
}

// cancel ends the import before it begins and after its first post.
func (f *fixture) cancel(t *testing.T, imp importer.Importer) {
	data := Zip(f.files...)
	a, err := importer.OpenReader(t.Context(), "archive.zip", bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithCancel(t.Context())
	rec := &Recorder{OnPost: func(store.Post) error { cancel(); return nil }}
	list := []importer.Importer{imp}
	_, err = importer.Read(ctx, a, list, f.options(), rec)
	if len(rec.Posts) > 0 && !errors.Is(err, context.Canceled) || len(rec.Posts) > 1 {
		t.Errorf("cancelled after one post, it gave %d posts and %v", len(rec.Posts), err)
	}
	cancel()
	rec = &Recorder{}
	_, err = importer.Read(ctx, a, list, f.options(), rec)
	if !errors.Is(err, context.Canceled) || len(rec.Posts) > 0 {
		t.Errorf("cancelled before it began, it gave %d posts and %v", len(rec.Posts), err)
	}
	stop := errors.New("the sink is full")
	rec = &Recorder{OnPost: func(store.Post) error { return stop }}
	_, err = importer.Read(t.Context(), a, list, f.options(), rec)
	if len(rec.Posts) > 0 && !errors.Is(err, stop) || len(rec.Posts) > 1 {
		t.Errorf("stopped by its sink, it gave %d posts and %v", len(rec.Posts), err)
	}
}
