package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing/fstest"
	"unsafe"

	"lookback/scanner"
	"lookback/store"

	"github.com/klauspost/compress/flate"
	"golang.org/x/sync/errgroup"
)

// alone are the parts of the work that the program does and nothing else, each
// as a process of its own, so that it can be timed as the others are.
var alone = map[string]func(a, b string, w io.Writer) error{
	inflateWord: inflate,
	csvWord:     writeCSV,
	wordsWord:   countWords,
}

const (
	inflateWord = "inflate" // ARCHIVE MEMBER: reads a member of a zip and drops it
	csvWord     = "csv"     // STORE FILE: writes what was found with encoding/csv
	wordsWord   = "words"   // LIST FILE: counts the lines that hold a word of a list
)

func inflate(archive, member string, _ io.Writer) error {
	r, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer r.Close()
	r.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	f, err := r.Open(member)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err
}

// writeCSV writes a line for each finding, as the report in CSV has them.
func writeCSV(db, file string, _ io.Writer) error {
	ctx := context.Background()
	s, err := store.Open(ctx, db, store.ReadOnly())
	if err != nil {
		return err
	}
	defer s.Close()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	w.UseCRLF = true
	for row, err := range s.Findings(ctx, store.Filter{}) {
		if err != nil {
			return errors.Join(err, f.Close())
		}
		for i := range row.Findings {
			if err := w.Write(cells(&row, &row.Findings[i])); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	w.Flush()
	return errors.Join(w.Error(), f.Close())
}

func cells(row *store.Row, f *store.Finding) []string {
	p := &row.Post
	var words []string
	for _, s := range f.Spans {
		words = append(words, p.Text[s.Start:s.End])
	}
	return []string{f.UID, string(f.Action), strconv.FormatFloat(f.Confidence, 'f', 2, 64), strings.Join(f.Standards, "; "), f.Theme, f.Rule,
		p.Created.Format("2006-01-02T15:04:05Z"), row.Account.Platform, row.Account.Handle, string(p.Kind), string(p.Audience), p.Author,
		strings.Join(words, " | "), p.Text, row.Answers, f.Why, f.Advice, p.URL, p.Key}
}

// countWords does what `rg -c -i -w -F -f LIST FILE` does, with the engine that
// scans posts and no rule but that of the list.
func countWords(list, file string, w io.Writer) error {
	e, err := wordEngine(list)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var hits, next atomic.Int64
	var g errgroup.Group
	for range 2 {
		g.Go(func() error {
			p := store.Post{Kind: store.KindPost, Own: true}
			var buf []byte
			for from := next.Add(wordBlock) - wordBlock; from < info.Size(); from = next.Add(wordBlock) - wordBlock {
				var err error
				if buf, err = linesAt(f, from, wordBlock, buf); err != nil {
					return err
				}
				n := 0
				for p.Text = range strings.Lines(unsafe.String(unsafe.SliceData(buf), len(buf))) {
					if len(e.Scan(&p, nil)) > 0 {
						n++
					}
				}
				hits.Add(int64(n))
			}
			return nil
		})
	}
	err = g.Wait()
	fmt.Fprintln(w, hits.Load())
	return err
}

// wordBlock is how much of a file is read at once.
const wordBlock = 256 << 10

// linesAt reads the lines that begin among the n bytes from from on, in buf
// where it has room for them.
func linesAt(r io.ReaderAt, from, n int64, buf []byte) ([]byte, error) {
	before := min(from, 1) // a line begins at from where another ends before it
	buf = slices.Grow(buf[:0], int(before+n))[:before+n]
	read, err := r.ReadAt(buf, from-before)
	buf = buf[:read]
	if before > 0 {
		first := bytes.IndexByte(buf, '\n') + 1
		if first == 0 {
			return buf[:0], notEOF(err)
		}
		buf = buf[first:]
	}
	for err == nil && len(buf) > 0 && buf[len(buf)-1] != '\n' {
		var more [4 << 10]byte
		at := from - before + int64(read)
		k := 0
		k, err = r.ReadAt(more[:], at)
		read += k
		end := bytes.IndexByte(more[:k], '\n') + 1
		if end > 0 {
			return append(buf, more[:end]...), nil
		}
		buf = append(buf, more[:k]...)
	}
	return buf, notEOF(err)
}

func notEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// wordEngine returns an engine with one rule, which any word of a list meets.
func wordEngine(list string) (*scanner.Engine, error) {
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	var pack strings.Builder
	pack.WriteString("pack: words\nconcepts:\n  listed:\n    words:\n")
	for word := range strings.FieldsSeq(string(text)) {
		fmt.Fprintf(&pack, "      - %q\n", word)
	}
	pack.WriteString(wordRule)
	rules, err := scanner.Load(scanner.LoadOptions{Packs: fstest.MapFS{
		"standards.yaml": {Data: []byte(wordStandards)}, "words.yaml": {Data: []byte(pack.String())},
	}})
	if err != nil {
		return nil, err
	}
	return scanner.New(rules)
}

const (
	wordStandards = `regulator: WORDS
name: words
standards:
  - {number: "1", title: Words, text: Words.}
themes:
  - {id: words.any, title: Words, definition: words, standards: ["1"], why: A word of the list., advice: Look at it.}
`
	wordRule = `rules:
  - id: words.any.listed
    theme: words.any
    action: review
    confidence: 0.5
    negated: keep
    quoted: keep
    when: {any: [listed]}
    why: A word of the list.
    advice: Look at it.
    examples: {match: [idiot, "an idiot"], not: [kettle, ward9]}
`
)
