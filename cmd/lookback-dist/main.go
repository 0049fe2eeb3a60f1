// Command lookback-dist builds what is handed out: an archive for each system,
// with the program, its manual page, completions and licences, and a file of
// checksums. The same source, version and compilers give the same bytes. What
// can be run here, itself or under an emulator, is run before it is handed out.
//
// It is for those who make a release: `make dist`. It sends nothing anywhere.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = `lookback-dist builds the archives of a release, from the source's top folder.

Flags:
`

func run(args []string, stdout, stderr io.Writer) int {
	m := maker{out: stdout, lookPath: exec.LookPath}
	var only string
	var date int64
	fs := flag.NewFlagSet("lookback-dist", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { fmt.Fprint(stderr, usage); fs.PrintDefaults() }
	fs.StringVar(&m.version, "version", "unknown", "the version to build")
	fs.StringVar(&m.commit, "commit", "unknown", "the commit that it is built from")
	fs.Int64Var(&date, "date", 0, "the time of all files, in `seconds` since 1970")
	fs.StringVar(&m.dir, "out", "dist", "the `folder` to write to")
	fs.StringVar(&m.goCmd, "go", "go", "the go `command`")
	fs.StringVar(&m.sample, "sample", "testdata/everyone", "the `folder` that every program which can run here audits")
	fs.StringVar(&only, "only", "", "only these systems, for example linux/amd64,windows/amd64")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	list, err := choose(only)
	if err != nil || fs.NArg() > 0 {
		fmt.Fprintln(stderr, "lookback-dist:", cmpErr(err, errors.New("it takes no arguments")))
		return 2
	}
	m.date = time.Unix(date, 0).UTC()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := m.make(ctx, list); err != nil {
		fmt.Fprintln(stderr, "lookback-dist:", err)
		return 1
	}
	return 0
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// target is a system that archives are built for.
type target struct {
	os, arch string
	cc       string // the C compiler for it where this is another system; empty for none
}

var targets = []target{
	{"linux", "amd64", "x86_64-linux-gnu-gcc"},
	{"linux", "arm64", "aarch64-linux-gnu-gcc"},
	{"darwin", "amd64", ""},
	{"darwin", "arm64", ""},
	{"windows", "amd64", "x86_64-w64-mingw32-gcc"},
}

func (t target) String() string { return t.os + "/" + t.arch }

// program is the name of the program's file.
func (t target) program() string {
	if t.os == "windows" {
		return "lookback.exe"
	}
	return "lookback"
}

// base is what the archive and the one folder in it are called.
func (t target) base(version string) string {
	system := t.os
	if system == "darwin" {
		system = "macos" // as those who look for it call it
	}
	return strings.Join([]string{"lookback", version, system, t.arch}, "-")
}

// archive is the file's name: zip where people unpack by a click in Windows,
// tar.gz, which keeps the permissions, elsewhere.
func (t target) archive(version string) string {
	if t.os == "windows" {
		return t.base(version) + ".zip"
	}
	return t.base(version) + ".tar.gz"
}

func choose(only string) ([]target, error) {
	if only == "" {
		return targets, nil
	}
	var list []target
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(targets, func(t target) bool { return t.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("%q is none of %v", name, targets)
		}
		list = append(list, targets[i])
	}
	return list, nil
}

// maker makes the archives of one release.
type maker struct {
	version, commit string
	date            time.Time
	dir, sample     string
	goCmd           string
	out             io.Writer
	lookPath        func(string) (string, error)

	tmp      string
	findings []byte // what the first program found in the sample
}

// make builds, packs and tries all, and only then writes to the folder.
func (m *maker) make(ctx context.Context, list []target) (err error) {
	if m.tmp, err = os.MkdirTemp("", "lookback-dist-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(m.tmp)) }()
	common, err := m.common(ctx)
	if err != nil {
		return err
	}
	packed := filepath.Join(m.tmp, "packed")
	if err := os.Mkdir(packed, 0o755); err != nil {
		return err
	}
	var sums bytes.Buffer
	for _, t := range list {
		path, driver, err := m.build(ctx, t)
		if err != nil {
			return err
		}
		data, err := m.pack(t, path, common)
		if err != nil {
			return err
		}
		name := t.archive(m.version)
		if err := os.WriteFile(filepath.Join(packed, name), data, 0o644); err != nil {
			return err
		}
		tried, err := m.try(ctx, t, filepath.Join(packed, name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
		fmt.Fprintf(m.out, "%s  %.1f MB, SQLite in %s, %s\n", name, float64(len(data))/1e6, driver, tried)
	}
	if err := os.WriteFile(filepath.Join(packed, sumsFile), sums.Bytes(), 0o644); err != nil {
		return err
	}
	return m.publish(packed)
}

const sumsFile = "SHA256SUMS" // as sha256sum -c reads it

// publish puts the new archives in the place of earlier ones.
func (m *maker) publish(packed string) error {
	if err := os.MkdirAll(m.dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(m.dir, "lookback-*"))
	if err != nil {
		return err
	}
	for _, name := range append(old, filepath.Join(m.dir, sumsFile)) {
		if err := os.RemoveAll(name); err != nil {
			return err
		}
	}
	return os.CopyFS(m.dir, os.DirFS(packed))
}
