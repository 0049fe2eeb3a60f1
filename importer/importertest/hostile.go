package importertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"lookback/importer"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// complaint reports a fault, as (*testing.T).Errorf does.
type complaint func(format string, args ...any)

// secrets are runs of words from posts that may not turn up anywhere else.
type secrets struct{ runs map[string]bool }

// secretWords is how many words in a row count as somebody's text.
const secretWords = 3

func newSecrets(rec *Recorder) secrets {
	s := secrets{runs: make(map[string]bool)}
	for _, p := range rec.Posts {
		for _, text := range append([]string{p.Text}, versionTexts(p.Versions)...) {
			words := strings.Fields(strings.ToLower(text))
			for i := 0; i+secretWords <= len(words); i++ {
				if run := strings.Join(words[i:i+secretWords], " "); len(run) >= 12 {
					s.runs[run] = true
				}
			}
		}
	}
	return s
}

func versionTexts(versions []store.Version) []string {
	var all []string
	for _, v := range versions {
		all = append(all, v.Text)
	}
	return all
}

// leak says where words of a post are in an error, a skip or a note.
func (s secrets) leak(failed error, rec *Recorder, res importer.Result) error {
	said := []string{}
	if failed != nil {
		said = append(said, failed.Error())
	}
	for _, k := range rec.Skips {
		said = append(said, k.Reason)
	}
	for _, f := range rec.Facts {
		said = append(said, f.Note.Text)
	}
	for _, r := range res.Readings {
		if r.Err != nil {
			said = append(said, r.Err.Error())
		}
	}
	for _, text := range said {
		text = strings.ToLower(text)
		words := strings.Fields(text)
		for i := 0; i+secretWords <= len(words); i++ {
			if s.runs[strings.Join(words[i:i+secretWords], " ")] {
				return fmt.Errorf("words of a post are in an error, skip or note that begins %.20q", text)
			}
		}
		for run := range s.runs {
			if strings.Contains(text, run) {
				return fmt.Errorf("words of a post are in an error, skip or note that begins %.20q", text)
			}
		}
	}
	return nil
}

// damaged reads files, which are some damaged form of a fixture, and says
// what must never happen.
func (f *fixture) damaged(ctx context.Context, imp importer.Importer, files []File, secret secrets) (rec *Recorder, err, bad error) {
	a, err := importer.OpenFS(ctx, "archive", MapFS(files), nil)
	if err != nil {
		return &Recorder{}, err, nil
	}
	rec, res, err := read(ctx, a, imp, f.options())
	if errors.Is(err, importer.ErrPanic) {
		bad = err
	}
	return rec, err, errors.Join(bad, unsound(rec, false), secret.leak(err, rec, res))
}

// read returns the positions of the members that imp reads.
func (f *fixture) read(ctx context.Context, imp importer.Importer, report complaint) []int {
	a, err := importer.OpenFS(ctx, "archive", MapFS(f.files), nil)
	if err != nil {
		report("%v", err)
		return nil
	}
	defer a.Close()
	uses, err := importer.Explain(a, []importer.Importer{imp})
	if err != nil {
		report("%v", err)
		return nil
	}
	var at []int
	for _, u := range uses {
		i := slices.IndexFunc(f.files, func(file File) bool { return file.Name == u.Name })
		if i >= 0 && u.Use.Kind == importer.UseRead {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		report("Explain says that no member is read")
	}
	return at
}

// with returns the files with other content for one of them.
func (f *fixture) with(i int, data []byte) []File {
	files := slices.Clone(f.files)
	files[i].Data = data
	return files
}

// cut ends each member that is read too early. What is lost must be said.
func (f *fixture) cut(ctx context.Context, imp importer.Importer, whole *Recorder, secret secrets, report complaint) {
	for _, i := range f.read(ctx, imp, report) {
		data := f.files[i].Data
		for _, n := range cuts(len(data)) {
			rec, err, bad := f.damaged(ctx, imp, f.with(i, data[:n]), secret)
			if bad != nil {
				report("%s cut at %d of %d bytes: %v", f.files[i].Name, n, len(data), bad)
			}
			if err == nil && !saysMore(rec, whole) && lacks(rec, whole) && cutShows(f.files[i].Name, data[:n]) {
				report("%s cut at %d of %d bytes: posts are missing and nothing says so", f.files[i].Name, n, len(data))
			}
		}
	}
}

// cuts are the lengths to cut a member of n bytes to.
func cuts(n int) []int {
	all := []int{0, 1, n / 4, n / 2, n * 3 / 4, n - 2}
	all = slices.DeleteFunc(all, func(at int) bool { return at < 0 || at >= n })
	slices.Sort(all)
	return slices.Compact(all)
}

func lacks(rec, whole *Recorder) bool {
	have := make(map[string]bool, len(rec.Posts))
	for _, p := range rec.Posts {
		have[p.Key] = true
	}
	return slices.ContainsFunc(whole.Posts, func(p store.Post) bool { return !have[p.Key] })
}

// saysMore says whether rec has a skip or a fact that whole has not.
func saysMore(rec, whole *Recorder) bool {
	return slices.ContainsFunc(rec.Skips, func(s store.Skip) bool { return !slices.Contains(whole.Skips, s) }) ||
		slices.ContainsFunc(rec.Facts, func(f importer.Fact) bool { return !slices.Contains(whole.Facts, f) })
}

// cutShows says whether a reader can see that a member was cut. Formats made
// of lines may end after any line, so there it cannot; an empty member is
// taken for an empty one.
func cutShows(name string, data []byte) bool {
	if len(bytes.TrimSpace(data)) == 0 {
		return false
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".txt", ".jsonl", ".ndjson":
		return false
	}
	return true
}

// hostile reads what somebody made to break the importer.
func (f *fixture) hostile(ctx context.Context, imp importer.Importer, secret secrets, report complaint) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, i := range f.read(ctx, imp, report) {
		name, data := f.files[i].Name, f.files[i].Data
		for what, forged := range forgeries(rng, data) {
			if _, _, bad := f.damaged(ctx, imp, f.with(i, forged), secret); bad != nil {
				report("%s, %s: %v", name, what, bad)
			}
		}
	}
}

// forgeries are hostile forms of a member.
func forgeries(rng *rand.Rand, data []byte) map[string][]byte {
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	start := data
	if at := bytes.IndexAny(data, "[{<"); at >= 0 {
		start = data[:at]
	}
	all := map[string][]byte{
		"random bytes":       noise,
		"random bytes after": append(slices.Clone(data[:len(data)/2]), noise...),
		"deep arrays":        append(slices.Clone(start), bytes.Repeat([]byte("["), 100_000)...),
		"deep objects":       append(slices.Clone(start), bytes.Repeat([]byte(`{"a":`), 50_000)...),
		"deep elements":      append(slices.Clone(start), bytes.Repeat([]byte("<div>"), 20_000)...),
		"endless string":     append(append(slices.Clone(start), `[{"a":"`...), bytes.Repeat([]byte("a"), 2<<20)...),
		"zeros":              make([]byte, 1<<20),
		"twice":              append(slices.Clone(data), data...),
		"bad UTF-8":          bytes.ReplaceAll(data, []byte("e"), []byte("\xff")),
		"lone surrogates":    bytes.ReplaceAll(data, []byte("o"), []byte(`\ud800`)),
		"other types":        bytes.ReplaceAll(data, []byte(`"`), []byte("1")),
		"nulls":              bytes.ReplaceAll(data, []byte("[{"), []byte("[null,{")),
		"CRLF":               bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
		"byte order mark":    append([]byte("\xef\xbb\xbf"), data...),
	}
	for n := range 16 {
		flipped := slices.Clone(data)
		for range 1 + len(flipped)/200 {
			if len(flipped) > 0 {
				flipped[rng.IntN(len(flipped))] = byte(rng.Uint32())
			}
		}
		all[fmt.Sprintf("flipped bytes %d", n)] = flipped
	}
	return all
}

// names adds members whose names try to leave the archive. The rest must be
// read as ever.
func (f *fixture) names(t *testing.T, imp importer.Importer, want golden) {
	evil := []File{
		Text("../../evil.json", "{}"), Text("/etc/evil.json", "{}"), Text(`C:\evil.json`, "{}"),
		Text("a\x00b.json", "{}"), Text("a\nb.json", "{}"), Text(strings.Repeat("n", 60_000), "{}"),
		Text(strings.Repeat("d/", 500)+"evil.json", "{}"), Text("data/../../../evil.json", "{}"),
	}
	rec, res, err := ReadFiles(t.Context(), imp, f.options(), append(evil, f.files...)...)
	if err != nil {
		t.Fatal(err)
	}
	got := asGolden(rec, res)
	if len(got.Notes) == len(want.Notes) {
		t.Error("nothing says that members were refused")
	}
	got.Notes = want.Notes
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members with evil names change what is read:\n%s", diff)
	}
}
