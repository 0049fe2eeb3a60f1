package main

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing/fstest"

	"lookback/scanner"
	"lookback/store"

	"github.com/klauspost/compress/flate"
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
	var hits atomic.Int64
	var wg sync.WaitGroup
	blocks, free := make(chan []byte, 4), sync.Pool{New: func() any { b := make([]byte, wordBlock); return &b }}
	for range 2 {
		wg.Go(func() {
			p := store.Post{Kind: store.KindPost, Own: true}
			n := 0
			for block := range blocks {
				for p.Text = range strings.Lines(string(block)) {
					if len(e.Scan(&p, nil)) > 0 {
						n++
					}
				}
				free.Put(&block)
			}
			hits.Add(int64(n))
		})
	}
	err = eachBlock(f, func() []byte { return (*free.Get().(*[]byte))[:wordBlock] }, func(b []byte) { blocks <- b })
	close(blocks)
	wg.Wait()
	fmt.Fprintln(w, hits.Load())
	return err
}

// wordBlock is how much of a file is read at once.
const wordBlock = 256 << 10

// eachBlock hands over the lines of r, many at once, in blocks that get gives.
func eachBlock(r io.Reader, get func() []byte, fn func([]byte)) error {
	in := bufio.NewReaderSize(r, 1<<20)
	for {
		block := get()
		n, err := io.ReadFull(in, block)
		block = block[:n]
		if err == nil {
			var rest []byte
			rest, err = in.ReadBytes('\n')
			block = append(block, rest...)
		}
		fn(block)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
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
