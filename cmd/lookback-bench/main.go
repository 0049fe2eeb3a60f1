// Command lookback-bench times lookback from end to end on synthetic archives,
// beside what inflating the same posts costs alone and beside other programs
// where they are installed, and writes the figures as tables in Markdown.
//
// It is for those who work on lookback: `make bench`. Figures are of one
// machine at one moment; only the ratios of one table mean something.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = `lookback-bench times lookback on synthetic archives, as tables in Markdown.

Flags:
`

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 3 {
		if do := alone[args[0]]; do != nil {
			return outcome(do(args[1], args[2], stdout), stderr)
		}
	}
	b := bench{talk: stderr}
	var sizes, out string
	fs := flag.NewFlagSet("lookback-bench", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { fmt.Fprint(stderr, usage); fs.PrintDefaults() }
	fs.StringVar(&b.lookback, "lookback", "bin/lookback", "the `program` to time")
	fs.StringVar(&sizes, "posts", "10000,100000", "how many posts the archives have, with commas between")
	fs.IntVar(&b.rounds, "rounds", 3, "how often everything is done; the median counts")
	fs.StringVar(&out, "out", "", "write the tables to this `file` too")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	for s := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			fmt.Fprintf(stderr, "lookback-bench: %q is no number of posts\n", s)
			return 2
		}
		b.sizes = append(b.sizes, n)
	}
	if fs.NArg() > 0 || b.rounds < 1 {
		fs.Usage()
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return outcome(b.write(ctx, stdout, out), stderr)
}

func outcome(err error, stderr io.Writer) int {
	if err != nil {
		fmt.Fprintln(stderr, "lookback-bench:", err)
		return 1
	}
	return 0
}

// write runs everything and writes the tables to w and, where it has a name,
// to a file.
func (b *bench) write(ctx context.Context, w io.Writer, file string) error {
	var err error
	if b.lookback, err = filepath.Abs(b.lookback); err != nil {
		return err
	}
	var text strings.Builder
	for _, n := range b.sizes {
		t, err := b.size(ctx, n)
		if err != nil {
			return err
		}
		t.write(&text)
		t.writeReports(&text)
		t.writeRatios(&text)
		b.tables = append(b.tables, t)
	}
	writeGrowth(&text, b.tables)
	if _, err := io.WriteString(w, text.String()); err != nil || file == "" {
		return err
	}
	return os.WriteFile(file, []byte(text.String()), 0o644)
}
