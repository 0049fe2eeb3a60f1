// Command lookback-gen writes synthetic X archives for demonstrations, tests
// and measurements. Nothing in them is real. The same flags write the same
// bytes, on every machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"lookback/cmd/lookback-gen/synth"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = `lookback-gen writes a synthetic X archive: invented posts, real shapes.

  lookback-gen [flags] OUT.zip

  lookback-gen --demo demo.zip                  one invented person, 2,000 posts
  lookback-gen --demo --newer demo-later.zip    the same account, three weeks on
  lookback-gen --posts 1000000 --part-size -1 million.zip
  lookback-gen --posts 1000000 --lines posts.jsonl million.zip

Flags:
`

func run(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("lookback-gen", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { fmt.Fprint(stderr, usage); fs.PrintDefaults() }
	o := synth.Options{}
	fs.BoolVar(&o.Demo, "demo", false, "the person of the demonstration")
	fs.BoolVar(&o.Newer, "newer", false, "a later export of the same account")
	fs.IntVar(&o.Posts, "posts", 2000, "posts in the account")
	fs.Uint64Var(&o.Seed, "seed", 1, "another seed is another person")
	fs.Int64Var(&o.PartSize, "part-size", 0, "bytes in tweets.js before a part begins; 0 as X does, -1 never")
	labels := fs.String("labels", "", "write a CSV of what was planted to this `file`")
	lines := fs.String("lines", "", "write the posts as JSON Lines for `lookback check` to this `file`")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if fs.NArg() != 1 {
		fs.Usage()
		return 2
	}
	st, err := generate(fs.Arg(0), o, *labels, *lines)
	if err != nil {
		fmt.Fprintln(stderr, "lookback-gen:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%s: %s posts, %s likes, %s messages; something to find in %s\n", fs.Arg(0),
		group(st.Posts), group(st.Likes), group(st.Messages), group(st.Planted))
	return 0
}

// generate opens the files, writes them and closes them.
func generate(out string, o synth.Options, labels, lines string) (st synth.Stats, err error) {
	var files []*os.File
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Close())
		}
	}()
	create := func(name string) (io.Writer, error) {
		if name == "" {
			return nil, nil
		}
		f, err := os.Create(name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		return f, nil
	}
	w, err := create(out)
	if err != nil {
		return st, err
	}
	if o.Labels, err = create(labels); err != nil {
		return st, err
	}
	if o.Lines, err = create(lines); err != nil {
		return st, err
	}
	return synth.Write(w, o)
}

// group writes 1234567 as 1,234,567.
func group(n int) string {
	s := strconv.Itoa(n)
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}
