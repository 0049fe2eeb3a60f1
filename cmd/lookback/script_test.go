package main

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lookback/cmd/lookback-gen/synth"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the testscripts compare with anew")

func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"lookback": watchedMain})
}

// tidy removes what buildProgram built when all tests are done.
type tidy struct{ m *testing.M }

func (t tidy) Run() int {
	code := t.m.Run()
	if builtDir != "" {
		_ = os.RemoveAll(builtDir) // in the temporary folder anyway
	}
	return code
}

// TestScript runs the scripts in testdata/script, one or more for each
// command, against the program as people start it.
func TestScript(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program hundreds of times")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			// The store lies in the user's data folder, as it does for people.
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("LocalAppData", filepath.Join(env.WorkDir, "home"))
			env.Setenv("TERM", "xterm")
			fixtures, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
			if err != nil {
				return err
			}
			env.Setenv("FIXTURES", fixtures)
			watchTalk(env)
			return os.Mkdir(filepath.Join(env.WorkDir, "home"), 0o700)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"gen":  scriptGen,
			"code": scriptCode,
			"mode": scriptMode,
			"cut":  scriptCut,
			"pack": scriptPack,
		},
	})
}

// scriptGen writes a synthetic archive: gen [demo] [newer] [posts=N] [seed=N] OUT.zip
func scriptGen(ts *testscript.TestScript, neg bool, args []string) {
	o := synth.Options{Posts: 200, Seed: 1}
	var out string
	for _, a := range args {
		name, value, _ := strings.Cut(a, "=")
		n, _ := strconv.Atoi(value)
		switch name {
		case "demo":
			o.Demo, o.Posts = true, 2000
		case "newer":
			o.Newer = true
		case "posts":
			o.Posts = n
		case "seed":
			o.Seed = uint64(n)
		default:
			out = ts.MkAbs(a)
		}
	}
	f, err := os.Create(out)
	ts.Check(err)
	_, err = synth.Write(f, o)
	ts.Check(errors.Join(err, f.Close()))
}

// scriptCode runs a command that must end with an exit code: code 4 lookback ...
func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ee *exec.ExitError
		if !errors.As(err, &ee) {
			ts.Fatalf("%v", err)
		}
		got = ee.ExitCode()
	}
	if (got == want) == neg {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// scriptMode checks the permissions of files: mode 0600 FILE...
func scriptMode(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args[1:] {
		st, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if got := fmt.Sprintf("%04o", st.Mode().Perm()); (got == args[0]) == neg {
			ts.Fatalf("%s has mode %s, want %s", name, got, args[0])
		}
	}
}

// scriptCut copies the first part of a file: cut BYTES FROM TO; a negative
// number is from the end.
func scriptCut(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	if n < 0 {
		n += len(b)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b[:n], 0o600))
}

// scriptPack writes a zip of folders' contents: pack [locked] OUT.zip DIR...
// A locked one says of its members that they need a password.
func scriptPack(ts *testscript.TestScript, neg bool, args []string) {
	locked := args[0] == "locked"
	if locked {
		args = args[1:]
	}
	out := ts.MkAbs(args[0])
	f, err := os.Create(out)
	ts.Check(err)
	z := zip.NewWriter(f)
	for _, dir := range args[1:] {
		ts.Check(z.AddFS(os.DirFS(ts.MkAbs(dir))))
	}
	ts.Check(errors.Join(z.Close(), f.Close()))
	if !locked {
		return
	}
	b, err := os.ReadFile(out)
	ts.Check(err)
	for sign, flags := range map[string]int{"PK\x03\x04": 6, "PK\x01\x02": 8} {
		for at := 0; ; at++ {
			next := strings.Index(string(b[at:]), sign)
			if next < 0 {
				break
			}
			at += next
			binary.LittleEndian.PutUint16(b[at+flags:], binary.LittleEndian.Uint16(b[at+flags:])|1)
		}
	}
	ts.Check(os.WriteFile(out, b, 0o600))
}
