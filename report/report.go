// Package report writes what was found. There is one writer for each format,
// and all of them read the same stream of rows, once and in order, so that a
// report of fifty thousand posts needs no more memory than one of fifty.
//
// The package never reads a database, never opens a socket and never changes
// a post. What a person posted is hostile input here: it may try to be a
// terminal command, a spreadsheet formula, a script or a link that is none.
package report

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"lookback/store"
)

// Writer writes one report. Rows come most serious first and are read at most
// once; an error among them ends the report and is returned wrapped. Nothing
// is promised about what reached w after an error: see [WriteFile].
type Writer interface {
	Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error
}

// The formats that [New] knows.
const (
	FormatText     = "text"
	FormatCSV      = "csv"
	FormatJSONL    = "jsonl"
	FormatHTML     = "html"
	FormatMarkdown = "md"

	// What is to be removed: for a person, and for tools.
	FormatChecklist = "checklist"
	FormatDeleteCSV = "delete-csv"
	FormatXIDs      = "x-ids"
)

// Formats lists every format in the order in which help texts name them.
var Formats = []string{FormatText, FormatCSV, FormatJSONL, FormatHTML, FormatMarkdown, FormatRecord, FormatChecklist, FormatDeleteCSV, FormatXIDs}

// Options changes how a report is written. The zero value is right for a file.
type Options struct {
	BOM   bool // csv: begin with a byte order mark, which Excel needs to see UTF-8
	Color bool // text: mark headings and actions with ANSI colours
	Width int  // text: columns of the terminal; 0 means 80, less than 20 means 20
	Top   int  // text: how many of the most serious posts to show; 0 means 10, negative none
	List  bool // text: only the rows, compactly, without the summary
	// Saved names the reports that were written beside this one; text ends by
	// saying where they are.
	Saved []string
}

// New returns the writer for a format. The name is one of [Formats].
func New(format string, opts Options) (Writer, error) {
	switch format {
	case FormatText:
		if opts.List {
			return newList(opts), nil
		}
		return newText(opts), nil
	case FormatCSV:
		return csvWriter{bom: opts.BOM}, nil
	case FormatJSONL:
		return jsonlWriter{}, nil
	case FormatHTML:
		return htmlWriter{}, nil
	case FormatMarkdown:
		return markdownWriter{}, nil
	case FormatRecord:
		return recordWriter{}, nil
	case FormatChecklist:
		return checklistWriter{}, nil
	case FormatDeleteCSV:
		return deleteCSVWriter{bom: opts.BOM}, nil
	case FormatXIDs:
		return xIDsWriter{}, nil
	}
	return nil, fmt.Errorf("no report format is called %q: choose one of %s", format, strings.Join(Formats, ", "))
}
