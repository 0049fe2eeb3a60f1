// Command lookback-train fits the learned classifiers that are built into
// lookback. It reads labelled cases and, where they are at hand, licensed
// corpora; it writes weights, never texts. The same input gives the same file.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"lookback/scanner"
	"lookback/scanner/classify/train"
	"lookback/store"
)

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

type options struct {
	cases, seen, corpus, out string
}

func run(args []string, stderr io.Writer) int {
	var o options
	fs := flag.NewFlagSet("lookback-train", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.cases, "cases", "testdata/cases/*.csv", "labelled cases, globs joined by commas")
	fs.StringVar(&o.seen, "seen", "../shared/cases/train/*.csv", "labelled cases that the rules' authors have read")
	fs.StringVar(&o.corpus, "corpus", "../shared/corpus/train", "folder of licensed corpora; left out where it is missing")
	fs.StringVar(&o.out, "out", "scanner/classify/model.bin", "file to write")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	if err := fit(o, stderr); err != nil {
		fmt.Fprintln(stderr, "lookback-train:", err)
		return 1
	}
	return 0
}

func fit(o options, stderr io.Writer) error {
	rules, err := scanner.Load(scanner.LoadOptions{})
	if err != nil {
		return err
	}
	engine, err := scanner.New(rules)
	if err != nil {
		return err
	}
	var examples []train.Example
	held := 0
	cases, err := readCases(o.cases, false)
	if err != nil {
		return err
	}
	seen, err := readCases(o.seen, true)
	if err != nil {
		return err
	}
	cases = append(cases, seen...)
	for _, c := range cases {
		if scanner.HeldBack(c.Key) {
			held++
			continue
		}
		examples = append(examples, withEvidence(engine, c))
	}
	corpus, err := readCorpora(o.corpus)
	if err != nil {
		return err
	}
	for _, c := range corpus {
		examples = append(examples, withEvidence(engine, c))
	}
	fmt.Fprintf(stderr, "%d cases (%d more held back), %d corpus texts\n", len(cases)-held, held, len(corpus))
	model, err := train.Fit(examples, train.Options{
		Cost: 1, Passes: 12, Folds: 5, Harmless: 0.104, HarmlessRemove: 0.016,
		Log: func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) },
	})
	if err != nil {
		return err
	}
	return write(o.out, model.Write)
}

func withEvidence(e *scanner.Engine, x train.Example) train.Example {
	kind := store.Kind(x.Kind)
	own := kind != store.KindLike && kind != store.KindRepost
	ev := e.Evidence(&store.Post{Kind: kind, Text: x.Text, Own: own}, nil)
	x.Heard, x.Extras, x.Rules, x.Said = ev.Heard, ev.Extras, ev.Rules, ev.Said
	return x
}

func write(path string, to func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".model-*")
	if err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	defer os.Remove(f.Name())
	if err := to(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	return os.Rename(f.Name(), path)
}

func globs(list string) ([]string, error) {
	var out []string
	for _, g := range filepath.SplitList(list) {
		files, err := filepath.Glob(g)
		if err != nil {
			return nil, fmt.Errorf("reading cases: %w", err)
		}
		out = append(out, files...)
	}
	slices.Sort(out)
	return out, nil
}
