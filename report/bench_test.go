package report

import (
	"encoding/csv"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"lookback/store"
)

// benchRows is the size that the aims are set for.
const benchRows = 50_000

// BenchmarkEncodingCSV is the yardstick: the same cells by encoding/csv.
func BenchmarkEncodingCSV(b *testing.B) {
	rows := makeRows(benchRows)
	for b.Loop() {
		w := csv.NewWriter(io.Discard)
		w.UseCRLF = true
		for i := range rows {
			row := &rows[i]
			p := &row.Post
			for j := range row.Findings {
				f := &row.Findings[j]
				_ = w.Write([]string{
					strconv.FormatInt(f.ID, 10), string(f.Action), strconv.FormatFloat(f.Confidence, 'f', 2, 64), strings.Join(f.Standards, "; "), f.Theme, f.Rule,
					isoTime(p), row.Account.Platform, accountCell(&row.Account), string(p.Kind), string(p.Audience), p.Author, strings.Join(flagged(p.Text, f.Spans), " | "),
					p.Text, row.Answers, f.Why, f.Advice, p.URL, p.Key, "", "", "",
				})
			}
		}
		w.Flush()
	}
}

func BenchmarkWrite(b *testing.B) {
	rows := makeRows(benchRows)
	sum := summarise(seq(rows), 1_000_000)
	for _, format := range Formats {
		b.Run(format, func(b *testing.B) {
			wr, err := New(format, Options{})
			if err != nil {
				b.Fatal(err)
			}
			var n counter
			for b.Loop() {
				n = 0
				if err := wr.Write(&n, sum, seq(rows)); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(n))
		})
	}
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// TestMemoryIsFlat writes ten times the rows and compares what stays live.
func TestMemoryIsFlat(t *testing.T) {
	for _, format := range []string{FormatCSV, FormatJSONL, FormatHTML, FormatMarkdown} {
		live := func(n int) uint64 {
			var most uint64
			i := 0
			rows := func(yield func(store.Row, error) bool) {
				for r := range stream(n) {
					if i++; i%(n/4) == 0 {
						runtime.GC()
						var m runtime.MemStats
						runtime.ReadMemStats(&m)
						most = max(most, m.HeapAlloc)
					}
					r.Post.Place = "place " + strconv.Itoa(i) // a table that grew with the rows would show
					if !yield(r, nil) {
						return
					}
				}
			}
			wr, err := New(format, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := wr.Write(io.Discard, baseSummary(n), rows); err != nil {
				t.Fatal(err)
			}
			return most
		}
		few, many := live(10_000), live(60_000)
		if many > few+4<<20 {
			t.Errorf("%s: %d bytes live with 10,000 rows and %d with 60,000", format, few, many)
		}
	}
}
