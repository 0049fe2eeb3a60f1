package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	"lookback/report"
	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

// reportFolder is where reports go when --out does not say.
const reportFolder = "lookback-report"

type reportOptions struct {
	readingOptions
	format   string
	out      string
	bom      bool
	exitCode bool
}

func (o *reportOptions) AddFlags(cmd *cobra.Command) {
	o.readingOptions.AddFlags(cmd)
	cmd.Flags().StringVar(&o.format, "format", "", "one of "+strings.Join(report.Formats, ", ")+"; without it html, csv and jsonl are written")
	cmd.Flags().StringVar(&o.out, "out", "", "the `path` to write to: a file, or with no --format a folder; - is the terminal")
	cmd.Flags().BoolVar(&o.bom, "bom", false, "begin CSV with the mark that Excel needs to read accents and emoji")
	exitCodeFlag(cmd, &o.exitCode)
}

func exitCodeFlag(cmd *cobra.Command, p *bool) {
	cmd.Flags().BoolVar(p, "exit-code", false, "end with exit code 3 when there are findings to act on")
}

func newReportCommand(t *terminal) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write reports of what was found",
		Long: `Report writes what was found. Without a format it writes report.html,
findings.csv and findings.jsonl into the folder ` + reportFolder + `; with one it
writes that format to the terminal, or to the file that --out names. Reports
hold the words of your posts, so only you can read the files.

What you decided to keep, called no issue or did is left out, with a count of
it, unless --decided is given; so is what your allow list silences, unless
--silenced is.

The format checklist is made for printing: what to remove, platform by
platform, with the steps and a box for each post. The formats delete-csv and
x-ids are the same list for other tools. They hold what you decided to remove
or, with --action remove, what is recommended.

The format record is a statement to keep or to show: what was read, with which
rules, the counts before and now, what was decided, removed and verified. It
holds no post's text, no link, no reason and nobody else's name, and ends with
a SHA-256 that lookback verify checks. The format md says much the same as a
document.

` + exitCodeHelp,
		Example: example(
			"lookback report",
			"lookback report --format csv --bom --out findings.csv",
			"lookback report --format record --out record.json",
			"lookback report --format checklist --out to-remove.md",
			"lookback report --format jsonl --standard 5.1 | jq .link"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), t, o, cmd) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runReport(ctx context.Context, t *terminal, o reportOptions, cmd *cobra.Command) error {
	f, err := o.filter(cmd)
	if err != nil {
		return err
	}
	ropts := report.Options{BOM: o.bom, Color: t.color, Width: t.width}
	if o.format != "" {
		if _, err := report.New(o.format, ropts); err != nil {
			return usagef(cmd, "%w", err)
		}
	}
	if o.format == report.FormatRecord && o.filterOptions.any() {
		return usageHint("leave the filters out, or take another format", "a record is of everything, so --format record takes no filter")
	}
	if o.format == report.FormatMarkdown || o.format == report.FormatRecord {
		f.IncludeGone = true // the record also says what was removed since
		f.Open = false       // and what was decided
	}
	if forRemoval(o.format) {
		f.Judged = false
		if len(o.decisions) == 0 && len(o.actions) == 0 {
			f.Choices = []store.Choice{store.ChoiceRemove}
		}
	}
	s, sum, err := o.begin(ctx, t, cmd, &f)
	if err != nil {
		return err
	}
	defer s.Close()
	if forRemoval(o.format) && len(f.Choices) > 0 && len(o.decisions) == 0 && sum.Decided[store.ChoiceRemove] == 0 {
		t.say("You have not decided to remove anything yet. --action remove lists what is recommended.")
	}
	if o.format == "" {
		saved, err := writeReports(ctx, s, sum, f, o.out, o.bom)
		if err != nil {
			return err
		}
		for _, p := range saved {
			fmt.Fprintln(t.out, p)
		}
	} else if err := writeOne(ctx, t, s, sum, f, o.format, o.out, ropts); err != nil {
		return err
	}
	return foundCode(o.exitCode, sum)
}

// forRemoval says that a format lists what is to be removed.
func forRemoval(format string) bool {
	return format == report.FormatChecklist || format == report.FormatDeleteCSV || format == report.FormatXIDs
}

// writeOne writes one format to a file or to the terminal.
func writeOne(ctx context.Context, t *terminal, s *store.Store, sum store.Summary, f store.Filter, format, out string, opts report.Options) error {
	if out != "" && out != "-" {
		opts.Color, opts.Width = false, 0
	}
	w, err := report.New(format, opts)
	if err != nil {
		return err
	}
	if out == "" || out == "-" {
		return w.Write(t.out, sum, s.Findings(ctx, f))
	}
	if err := report.WriteFile(out, w, sum, s.Findings(ctx, f)); err != nil {
		return explainWrite(err)
	}
	t.say("Written to %s.", out)
	return nil
}

// reportFiles are what an audit writes into its folder.
var reportFiles = []struct{ name, format string }{
	{"report.html", report.FormatHTML},
	{"findings.csv", report.FormatCSV},
	{"findings.jsonl", report.FormatJSONL},
}

// writeReports writes the three reports into a folder that only the user can
// read, and returns where they are.
func writeReports(ctx context.Context, s *store.Store, sum store.Summary, f store.Filter, dir string, bom bool) ([]string, error) {
	if dir == "" {
		dir = reportFolder
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	errs := make([]error, len(reportFiles))
	shared := shareRows(s.Findings(ctx, f), len(reportFiles))
	var wg sync.WaitGroup
	for i, r := range reportFiles {
		wg.Go(func() {
			rows := shared.readers[i]
			defer rows.leave()
			w, err := report.New(r.format, report.Options{BOM: bom})
			if err != nil {
				errs[i] = err
			} else if err = report.WriteFile(filepath.Join(dir, r.name), w, sum, rows.rows()); err != nil {
				errs[i] = explainWrite(err)
			}
		})
	}
	wg.Wait()
	shared.wait()
	var saved []string
	for i, r := range reportFiles {
		if errs[i] != nil {
			return saved, errs[i]
		}
		saved = append(saved, filepath.Join(dir, r.name))
	}
	return saved, nil
}

// makeFolder makes the folder of reports.
func makeFolder(dir string) error {
	err := store.MakeFolder(dir)
	if pe := (*fs.PathError)(nil); errors.Is(err, fs.ErrExist) && errors.As(err, &pe) {
		return &hintError{fmt.Errorf("%s is a file, not a folder", pe.Path), "name a folder with --out, or a --format for a single file"}
	}
	if err != nil {
		return explainWrite(err)
	}
	return nil
}

// explainWrite says what to do where a report cannot be written.
func explainWrite(err error) error {
	hint := "try again, or choose another place with --out; a report that was there is as it was"
	switch {
	case errors.Is(err, fs.ErrPermission):
		hint = "choose another place with --out; a report that was there is as it was"
	case errors.Is(err, fs.ErrNotExist):
		hint = "make the folder first, or choose another place with --out"
	case isFull(err):
		hint = "free some space or choose another disk with --out; a report that was there is as it was"
	}
	return &hintError{err, hint}
}

// foundCode is the error that --exit-code asks for.
func foundCode(ask bool, sum store.Summary) error {
	if ask && sum.Flagged.Remove+sum.Flagged.Review > 0 {
		return &exitError{code: exitFindings}
	}
	return nil
}

// warnUnscanned says so when a report cannot be whole.
func (t *terminal) warnUnscanned(sum store.Summary) {
	if left := sum.Posts - sum.Scanned; left > 0 {
		t.say("Note: %s not been scanned with the rules in force. Run: lookback scan",
			count(left, "post has", "posts have"))
	}
}

// loadForReading loads the rules and opens the store that is only read.
func loadForReading(ctx context.Context, so *storeOptions, ro *ruleOptions) (*scanner.Rules, *store.Store, error) {
	rules, err := ro.load()
	if err != nil {
		return nil, nil, err
	}
	s, err := so.open(ctx, store.ReadOnly())
	return rules, s, err
}
