package report

import (
	"bytes"
	"errors"
	"flag"
	"html/template"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t testing.TB, format string, opts Options, sum store.Summary, rows iter.Seq2[store.Row, error]) []byte {
	t.Helper()
	wr, err := New(format, opts)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := wr.Write(&b, sum, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "testdata", "report", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got); run with -update if this is meant:\n%s", name, diff)
	}
}

// withoutAssets leaves out what has a file of its own and the policy with its
// hashes, so that a golden page changes with the markup and the data alone.
func withoutAssets(page []byte) []byte {
	policy := strings.ReplaceAll(template.HTMLEscapeString(pagePolicy), "+", "&#43;")
	for _, s := range []string{pageStyle, pageScript, policy} {
		page = bytes.Replace(page, []byte(s), []byte("..."), 1)
	}
	return page
}

func TestGolden(t *testing.T) {
	rows := makeRows(40)
	full := summarise(seq(rows), 2013)
	partly := emptySummary()
	partly.Archives[0].Partial, partly.Skipped, partly.Scanned = true, 2, 120
	partly.Skips = []store.Tally{{Label: "posts.csv: record 17: too many fields", Remove: 2}}
	again := full
	again.Settled = map[store.Choice]int{store.ChoiceKeep: 3, store.ChoiceNotIssue: 2, store.ChoiceDone: 1}
	again.Silenced, again.Unmatched = 7, 1
	again.Changes = &store.Changes{Since: full.Generated.AddDate(-1, 0, 0), Made: full.Generated, Added: 120, Updated: 1, Scanned: 121, NewRules: true,
		New: store.Tally{Remove: 2, Review: 5}, Cleared: 1, Gone: 12, Removed: 11, Back: 1, Decided: map[store.Choice]int{store.ChoiceRemove: 11, store.ChoiceKeep: 3}}
	settled := emptySummary()
	settled.Settled, settled.Changes = map[store.Choice]int{store.ChoiceKeep: 1}, &store.Changes{Since: full.Generated}
	for _, tt := range []struct {
		name, format string
		opts         Options
		sum          store.Summary
		rows         []store.Row
	}{
		{"full.txt", FormatText, Options{Saved: []string{"lookback-report/report.html", "lookback-report/findings.csv"}}, full, rows},
		{"narrow.txt", FormatText, Options{Width: 40, Top: 3}, full, rows},
		{"color.txt", FormatText, Options{Color: true, Top: 2}, full, rows},
		{"empty.txt", FormatText, Options{}, emptySummary(), nil},
		{"partly.txt", FormatText, Options{}, partly, nil},
		{"nothing.txt", FormatText, Options{}, store.Summary{}, nil},
		{"list.txt", FormatText, Options{List: true}, full, rows[:12]},
		{"list-empty.txt", FormatText, Options{List: true}, full, nil},
		{"again.txt", FormatText, Options{Top: 1}, again, rows},
		{"again.html", FormatHTML, Options{}, again, rows[:1]},
		{"again-list.txt", FormatText, Options{List: true}, again, rows[:2]},
		{"settled.txt", FormatText, Options{}, settled, nil},
		{"full.csv", FormatCSV, Options{}, full, rows},
		{"empty.csv", FormatCSV, Options{BOM: true}, emptySummary(), nil},
		{"full.jsonl", FormatJSONL, Options{}, full, rows},
		{"empty.jsonl", FormatJSONL, Options{}, emptySummary(), nil},
		{"full.html", FormatHTML, Options{}, full, rows[:6]},
		{"empty.html", FormatHTML, Options{}, partly, nil},
		{"full.md", FormatMarkdown, Options{}, full, rows},
		{"empty.md", FormatMarkdown, Options{}, emptySummary(), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := render(t, tt.format, tt.opts, tt.sum, seq(tt.rows))
			if tt.format == FormatHTML {
				got = withoutAssets(got)
			}
			golden(t, tt.name, got)
		})
	}
}

func TestNewUnknown(t *testing.T) {
	_, err := New("pdf", Options{})
	if err == nil || !strings.Contains(err.Error(), "text, csv, jsonl, html, md") {
		t.Errorf("New(pdf) = %v, want an error that lists the formats", err)
	}
}

// errBroken is what a failing store would say.
var errBroken = errors.New("database is locked")

func TestRowErrorEndsReport(t *testing.T) {
	rows := func(yield func(store.Row, error) bool) {
		if yield(makeRow(0), nil) {
			yield(store.Row{}, errBroken)
		}
	}
	sum := summarise(stream(200), 2013)
	for _, format := range Formats {
		wr, err := New(format, Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = wr.Write(io.Discard, sum, rows)
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: error %v, want %v", format, err, errBroken)
		}
		if err != nil && strings.Contains(err.Error(), "ward 7") {
			t.Errorf("%s: the error holds a post's text: %v", format, err)
		}
	}
}

// TestTextReadsOnlyTop shows that the summary does not walk fifty thousand
// rows to show ten.
func TestTextReadsOnlyTop(t *testing.T) {
	read := 0
	rows := func(yield func(store.Row, error) bool) {
		for i := range 100 {
			read++
			if !yield(makeRow(i), nil) {
				return
			}
		}
	}
	render(t, FormatText, Options{}, summarise(stream(100), 2013), rows)
	if read != 10 {
		t.Errorf("read %d rows, want 10", read)
	}
}

// failAfter is a disk that is full after n bytes.
type failAfter struct{ n int }

var errFull = errors.New("no space left on device")

func (f *failAfter) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrorIsSeen(t *testing.T) {
	sum := summarise(stream(1000), 2013)
	for _, format := range Formats {
		size := len(render(t, format, Options{}, sum, stream(1000)))
		for _, n := range []int{0, size / 2, size - 1} {
			wr, err := New(format, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := wr.Write(&failAfter{n}, sum, stream(1000)); !errors.Is(err, errFull) {
				t.Errorf("%s, full after %d of %d bytes: error %v", format, n, size, err)
			}
		}
	}
}
