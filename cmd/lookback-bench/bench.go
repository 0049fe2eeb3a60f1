package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"lookback/cmd/lookback-gen/synth"
	"lookback/report"
)

// A bench is one run of the program.
type bench struct {
	lookback string
	sizes    []int
	rounds   int
	talk     io.Writer
	tables   []table
}

// A step is one command line that is timed.
type step struct {
	name  string
	args  []string
	stdin string // a file
	once  bool   // does the same whatever the number of posts
	codes []int  // exit codes besides 0 that are fine
	fresh string // a folder that is removed before
	table string // which table it stands in; "" is that of the program
}

// A cost is what one process took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes; 0 where the system does not say
}

// member holds the posts of the archives.
const member = "data/tweets.js"

// size times every step at one size. The steps take turns, so that a machine
// that is busy for a while is busy for all of them.
func (b *bench) size(ctx context.Context, posts int) (table, error) {
	t := table{posts: posts}
	dir, err := os.MkdirTemp("", "lookback-bench-")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(b.talk, "Making archives of %d posts.\n", posts)
	if err := makeInput(dir, posts); err != nil {
		return t, err
	}
	steps, err := b.steps(dir)
	if err != nil {
		return t, err
	}
	for _, s := range steps {
		t.rows = append(t.rows, row{step: s})
	}
	for round := range b.rounds {
		for i, s := range steps {
			fmt.Fprintf(b.talk, "Round %d of %d: %s\n", round+1, b.rounds, s.name)
			c, err := s.time(ctx, dir)
			if err != nil {
				return t, fmt.Errorf("%s: %w", s.name, err)
			}
			t.rows[i].costs = append(t.rows[i].costs, c)
		}
	}
	return t, nil
}

// makeInput writes two archives of one account, the posts as lines for check,
// one such line, and lists of words.
func makeInput(dir string, posts int) (err error) {
	create := func(name string) io.Writer {
		f, cerr := os.Create(filepath.Join(dir, name))
		err = errors.Join(err, cerr)
		return f
	}
	o := synth.Options{Posts: posts, Seed: 1, PartSize: -1}
	newer := o
	newer.Newer = true
	x, later := create("x.zip"), create("newer.zip")
	o.Lines = create("posts.jsonl")
	if err != nil {
		return err
	}
	for _, a := range []struct {
		w io.Writer
		o synth.Options
	}{{x, o}, {later, newer}} {
		if _, err := synth.Write(a.w, a.o); err != nil {
			return err
		}
	}
	for _, w := range []io.Writer{x, later, o.Lines} {
		if err := w.(io.Closer).Close(); err != nil {
			return err
		}
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "line.jsonl"), []byte(`{"text":"The kettle on the ward is broken again"}`+"\n"), 0o600),
		os.WriteFile(filepath.Join(dir, "words.txt"), []byte(words(1000)), 0o600),
		os.WriteFile(filepath.Join(dir, "more.txt"), []byte(words(5000)), 0o600))
}

// Rows that others are compared with.
const (
	inflating   = "inflate tweets.js"
	encodingCSV = "encoding/csv"
	wordsOnly   = "1,000 words only"
	ripgrep     = "ripgrep, 1,000 words"
	moreOnly    = "5,000 words only"
	ripgrepMore = "ripgrep, 5,000 words"
)

// words is a list of n words for programs that look for words alone: some that
// occur, and invented ones.
func words(n int) string {
	list := strings.Fields("patient ward nurse shift drunk idiot hate vaccine hospital lazy")
	syllables := strings.Fields("ba ko li mur ten zas vo pri quo shen")
	for i := 0; len(list) < n; i++ {
		word := syllables[i/100%10] + syllables[i/10%10] + syllables[i%10] + "x"
		if i >= 1000 {
			word = syllables[i/1000%10] + word
		}
		list = append(list, word)
	}
	return strings.Join(list, "\n") + "\n"
}

// reports are the steps that write what was found in every format, after
// encoding/csv has written the same rows.
func reports(self string, lb func(args ...string) []string) []step {
	steps := []step{{name: encodingCSV, table: reportsTable, args: []string{self, csvWord, "a/lookback.db", "a/rows.csv"}}}
	for _, format := range report.Formats {
		args := lb("report", "--db", "a/lookback.db", "--format", format, "--out", "a/report."+format)
		switch format {
		case report.FormatChecklist, report.FormatDeleteCSV, report.FormatXIDs:
			args = append(args, "--action", "remove,review") // there is no decision
		}
		steps = append(steps, step{name: format, table: reportsTable, args: args})
	}
	return steps
}

func (b *bench) steps(dir string) ([]step, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	lb := func(args ...string) []string { return append([]string{b.lookback}, args...) }
	steps := []step{
		{name: inflating, args: []string{self, inflateWord, "x.zip", member}},
		{name: "import", args: lb("import", "--db", "a/lookback.db", "x.zip"), fresh: "a"},
		{name: "scan", args: lb("scan", "--db", "a/lookback.db")},
		{name: "report", args: lb("report", "--db", "a/lookback.db", "--out", "a/out")},
	}
	steps = append(steps, reports(self, lb)...)
	steps = append(steps, []step{
		{name: "audit", args: lb("audit", "--db", "b/lookback.db", "--out", "b/out", "x.zip"), fresh: "b"},
		{name: "audit again", args: lb("audit", "--db", "b/lookback.db", "--out", "b/out", "x.zip")},
		{name: "audit of a newer archive", args: lb("audit", "--db", "b/lookback.db", "--out", "b/out", "newer.zip")},
		{name: "check", args: lb("check"), stdin: "posts.jsonl"},
		{name: "check of one line", args: lb("check"), stdin: "line.jsonl", once: true},
		{name: "version", args: lb("version"), once: true},
		{name: wordsOnly, args: []string{self, wordsWord, "words.txt", "posts.jsonl"}},
		{name: moreOnly, args: []string{self, wordsWord, "more.txt", "posts.jsonl"}},
	}...)
	for _, s := range []step{
		{name: "twitter-to-sqlite import", args: []string{"twitter-to-sqlite", "import", "c/t.db", "x.zip"}, fresh: "c"},
		{name: ripgrep, args: []string{"rg", "-c", "-i", "-w", "-F", "-f", "words.txt", "posts.jsonl"}, codes: []int{1}},
		{name: ripgrepMore, args: []string{"rg", "-c", "-i", "-w", "-F", "-f", "more.txt", "posts.jsonl"}, codes: []int{1}},
		{name: "gitleaks, its own rules", args: []string{"gitleaks", "dir", "--no-banner", "--exit-code", "0", "posts.jsonl"}},
	} {
		if _, err := exec.LookPath(s.args[0]); err == nil {
			steps = append(steps, s)
		}
	}
	return steps, nil
}

// time runs a step once.
func (s step) time(ctx context.Context, dir string) (cost, error) {
	if s.fresh != "" {
		fresh := filepath.Join(dir, s.fresh)
		if err := errors.Join(os.RemoveAll(fresh), os.Mkdir(fresh, 0o700)); err != nil {
			return cost{}, err
		}
	}
	cmd := exec.CommandContext(ctx, s.args[0], s.args[1:]...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	if s.stdin != "" {
		f, err := os.Open(filepath.Join(dir, s.stdin))
		if err != nil {
			return cost{}, err
		}
		defer f.Close()
		cmd.Stdin = f
	}
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		for _, code := range s.codes {
			if exit.ExitCode() == code {
				err = nil
			}
		}
	}
	if err != nil {
		return cost{}, fmt.Errorf("%w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	p := cmd.ProcessState
	return cost{wall: wall, cpu: p.UserTime() + p.SystemTime(), peak: peak(p)}, nil
}
