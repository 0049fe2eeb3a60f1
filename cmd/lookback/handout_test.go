package main

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// everyCommand calls f for every command that people see, the root left out.
func everyCommand(t *testing.T, f func(*cobra.Command)) {
	t.Helper()
	var walk func(*cobra.Command)
	walk = func(parent *cobra.Command) {
		for _, cmd := range parent.Commands() {
			if cmd.IsAvailableCommand() && cmd.Name() != "help" {
				f(cmd)
				walk(cmd)
			}
		}
	}
	walk(newRoot(newTerminal(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})))
}

// TestManIsWhole: the page has every command, every option and every exit
// code, and the formatter has nothing to say about it.
func TestManIsWhole(t *testing.T) {
	page, _ := lookback(t, exitOK, "", "man")
	sections := map[string]string{}
	for _, s := range strings.Split(page, "\n.SS ")[1:] {
		name, rest, _ := strings.Cut(s, "\n")
		sections[name] = rest
	}
	n := 0
	everyCommand(t, func(cmd *cobra.Command) {
		n++
		section, ok := sections[quoted(strings.TrimPrefix(cmd.CommandPath(), "lookback ")+strings.TrimPrefix(cmd.Use, cmd.Name()))]
		if !ok {
			t.Errorf("%s is not in the page", cmd.CommandPath())
		}
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !f.Hidden && !strings.Contains(section, `\fB`+roff("--"+f.Name)+`\fR`) {
				t.Errorf("%s: the page lacks --%s", cmd.CommandPath(), f.Name)
			}
		})
	})
	if n < 15 || len(sections) != n {
		t.Errorf("%d commands, %d sections", n, len(sections))
	}
	for _, want := range []string{".SH \"EXIT STATUS\"", ".B 130\n", ".SH \"FILES\"", ".B LOOKBACK_JUDGE_KEY\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Log("groff is not here to look at the page")
		return
	}
	cmd := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z")
	cmd.Stdin = strings.NewReader(page)
	out, err := cmd.CombinedOutput()
	out = regexp.MustCompile(`(?m)^.*can't break line\n`).ReplaceAll(out, nil) // a long address is as long as it is
	if err != nil || len(out) > 0 {
		t.Errorf("groff: %v: %s", err, out)
	}
}

func TestRoff(t *testing.T) {
	for in, want := range map[string]string{
		`%LocalAppData%\lookback`: `%LocalAppData%\(rslookback`,
		"--db FILE":               `\-\-db FILE`,
		".learned\n'quote\nplain": "\\&.learned\n\\&'quote\nplain",
		"more…":                   "more...",
	} {
		if diff := cmp.Diff(want, roff(in)); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
	if got := quoted(`say "a-b"`); got != `"say \(dqa\-b\(dq"` {
		t.Errorf("quoted: %s", got)
	}
}

// TestManFlag: an option has its short form, its value and its default.
func TestManFlag(t *testing.T) {
	set := pflag.NewFlagSet("x", pflag.ContinueOnError)
	set.StringP("out", "o", "here", "the `folder`")
	set.Bool("secret", false, "")
	set.Lookup("secret").Hidden = true
	m := &manual{}
	set.VisitAll(m.flag)
	if want := ".TP\n\\fB\\-o, \\-\\-out\\fR \\fIfolder\\fR\nthe folder (default: here)\n"; m.b.String() != want {
		t.Errorf("got %q, want %q", m.b.String(), want)
	}
}

// TestCompletionsParse: the shells that are here take the scripts, and the one
// of bash completes a command.
func TestCompletionsParse(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script, errs := lookback(t, exitOK, "", "completion", shell)
		if !strings.Contains(script, "__complete") || errs != "" {
			t.Errorf("%s: no script, or talk beside it: %q", shell, errs)
		}
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		cmd := exec.Command(path, "-n")
		cmd.Stdin = strings.NewReader(script)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s does not take its script: %v: %s", shell, err, out)
		}
	}
}

// TestEveryFlagCompletes: no option with values of its own completes with the
// names of files.
func TestEveryFlagCompletes(t *testing.T) {
	everyCommand(t, func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			kind, _ := pflag.UnquoteUsage(f)
			_, ok := cmd.GetFlagCompletionFunc(f.Name)
			if files := kind == "file" || kind == "path"; ok == files && f.Name != "help" {
				t.Errorf("%s --%s %s: completes by a function: %v", cmd.CommandPath(), f.Name, kind, ok)
			}
		})
	})
	for name, list := range values() {
		if len(list) < 2 {
			t.Errorf("--%s can be %v", name, list)
		}
	}
}
