package importertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"lookback/importer"
	"lookback/store"
)

// toy reads notes.json: an array of notes. Its fields break it in ways that
// the suite must notice.
type toy struct {
	silent  bool // says nothing of a cut
	leaks   bool // puts the text of a post into an error
	panics  bool // at bad UTF-8
	garbled bool // lets bad UTF-8 through
	greedy  bool // claims everything
}

func (toy) Name() string { return "toy" }

func (i toy) Recognize(fsys fs.FS) (importer.Match, error) {
	if i.greedy {
		return importer.Match{Sure: 100, Layout: "greedy"}, nil
	}
	for m := range importer.Members(fsys) {
		if isNotes(m.Name) {
			return importer.Match{Sure: 100, Layout: "toy-json"}, nil
		}
	}
	return importer.Match{}, nil
}

func isNotes(name string) bool { return name == "toy/notes.json" || name == "toy-notes.json" }

func (toy) Explain(name string) importer.Use {
	if isNotes(name) {
		return importer.Use{Kind: importer.UseRead}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

func (i toy) Import(_ context.Context, fsys fs.FS, _ importer.Options, out importer.Sink) error {
	if err := out.Account(store.Account{Platform: "toy", Handle: "owner"}); err != nil {
		return err
	}
	for m := range importer.Members(fsys) {
		if !isNotes(m.Name) {
			continue
		}
		if err := i.notes(fsys, m, out); err != nil {
			return err
		}
	}
	return nil
}

type note struct {
	ID   string
	At   int64
	Text string
}

func (i toy) notes(fsys fs.FS, m importer.Member, out importer.Sink) error {
	f, err := fsys.Open(m.Path)
	if err != nil {
		return importer.Lost(out, m.Name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return importer.Lost(out, m.Name, err)
	}
	if i.panics && !utf8.Valid(data) {
		panic(string(data))
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := dec.Token(); err != nil {
		return i.broken(out, m.Name, 0, data)
	}
	for n := 1; dec.More(); n++ {
		var one note
		if err := dec.Decode(&one); err != nil {
			return i.broken(out, m.Name, n, data)
		}
		if err := i.post(out, m.Name, n, one); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return i.broken(out, m.Name, 0, data)
	}
	return nil
}

func (i toy) broken(out importer.Sink, member string, record int, data []byte) error {
	if i.silent {
		return nil
	}
	if i.leaks {
		return fmt.Errorf("bad record in %s", data)
	}
	return out.Skip(store.Skip{Member: member, Record: record, Reason: "it is not valid JSON"})
}

func (i toy) post(out importer.Sink, member string, record int, n note) error {
	if n.ID == "" {
		return out.Skip(store.Skip{Member: member, Record: record, Reason: "it has no id"})
	}
	p := store.Post{Key: "note:" + n.ID, Kind: store.KindPost, Own: true, Text: n.Text, Precision: store.PrecisionNone}
	if i.garbled {
		p.Text = strings.ReplaceAll(n.Text, "\ufffd", "\xff")
	}
	if at := time.Unix(n.At, 0).UTC(); n.At > 0 && at.Year() < 2100 {
		p.Created, p.Precision = at, store.PrecisionSecond
	}
	return out.Post(p)
}

func TestToyPasses(t *testing.T) { Run(t, toy{}, "testdata/toy", toy{}) }

// faults runs cut and hostile over an importer and returns what they say.
func faults(t *testing.T, imp importer.Importer) string {
	t.Helper()
	fix, err := load("testdata/toy", "plain")
	if err != nil {
		t.Fatal(err)
	}
	rec, _, err := ReadFiles(t.Context(), toy{}, importer.Options{}, fix.files...)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	report := func(format string, args ...any) { fmt.Fprintf(&said, format+"\n", args...) }
	fix.cut(t.Context(), imp, rec, newSecrets(rec), report)
	fix.hostile(t.Context(), imp, newSecrets(rec), report)
	return said.String()
}

func TestSuiteNoticesFaults(t *testing.T) {
	for _, c := range []struct {
		name string
		imp  toy
		want string
	}{
		{"none", toy{}, ""},
		{"silent", toy{silent: true}, "nothing says so"},
		{"leaks", toy{leaks: true}, "words of a post"},
		{"panics", toy{panics: true}, "importer failed at member"},
		{"garbled", toy{garbled: true}, "not valid UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := faults(t, c.imp)
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("the suite says %q, want %q", got, c.want)
			}
			if strings.Contains(got, "wet bridge") {
				t.Error("the suite itself repeats the text of a post")
			}
		})
	}
}

func TestUnsound(t *testing.T) {
	good := store.Post{Key: "a:1", Kind: store.KindPost, Text: "x", Created: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)}
	for name, change := range map[string]func(*store.Post){
		"key":       func(p *store.Post) { p.Key = "1" },
		"kind":      func(p *store.Post) { p.Kind = "tweet" },
		"audience":  func(p *store.Post) { p.Audience = "everybody" },
		"utf8":      func(p *store.Post) { p.Text = "\xff" },
		"no time":   func(p *store.Post) { p.Created = time.Time{} },
		"zone":      func(p *store.Post) { p.Created = p.Created.In(time.FixedZone("CET", 3600)) },
		"old":       func(p *store.Post) { p.Created = time.Unix(0, 0).UTC() },
		"precision": func(p *store.Post) { p.Precision = store.PrecisionNone },
		"store":     func(p *store.Post) { p.ID = 7 },
		"alt":       func(p *store.Post) { p.Media = []store.Media{{Alt: "\xff"}} },
	} {
		p := good
		change(&p)
		rec := &Recorder{Accounts: []store.Account{{}}, Posts: []store.Post{p}}
		if unsound(rec, true) == nil {
			t.Errorf("%s: passed", name)
		}
	}
	rec := &Recorder{Accounts: []store.Account{{}}, Posts: []store.Post{good, good}}
	if unsound(rec, true) == nil || unsound(rec, false) != nil {
		t.Error("keys that come twice are a fault in sound archives only")
	}
	rec = &Recorder{}
	if err := rec.Post(good); err != nil {
		t.Fatal(err)
	}
	if unsound(rec, true) == nil {
		t.Error("a post before the account passed")
	}
}

func TestNestedFixtures(t *testing.T) {
	files, err := Files(MapFS([]File{Text("a/posts.zip.d/posts.xml", "<x/>"), Text("b.txt", "b")}))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files[0].Name != "a/posts.zip" {
		t.Fatalf("got %d files, the first %s", len(files), files[0].Name)
	}
	inner, err := importer.Nested(MapFS(files), "a/posts.zip")
	if err != nil {
		t.Fatal(err)
	}
	if data, err := fs.ReadFile(inner, "posts.xml"); err != nil || string(data) != "<x/>" {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestReadFilesReportsNothingKnown(t *testing.T) {
	_, _, err := ReadFiles(t.Context(), toy{}, importer.Options{}, Text("a.txt", "a"))
	var hint *importer.HintError
	if !errors.As(err, &hint) {
		t.Errorf("got %v", err)
	}
}
