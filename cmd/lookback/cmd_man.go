package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newManCommand(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Write the manual page",
		Long: `Man writes lookback's manual page, with all commands and options, for man to
show. Its date is that of the environment variable SOURCE_DATE_EPOCH; without
that it has none.

` + exitCodeHelp,
		Example: example("lookback man > ~/.local/share/man/man1/lookback.1", "lookback man | man -l -"),
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			date := ""
			if sec, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
				date = time.Unix(sec, 0).UTC().Format(time.DateOnly)
			}
			return t.whole(func(w io.Writer) error { return writeMan(w, cmd.Root(), date) })
		},
	}
}

// places are the files and the environment of the manual page, which no
// command's help has as a whole.
var places = []struct{ section, name, text string }{
	{"FILES", "~/.local/share/lookback/lookback.db", "The store, on Linux; $XDG_DATA_HOME/lookback/lookback.db where that is set."},
	{"FILES", "~/Library/Application Support/lookback/lookback.db", "The store, on macOS."},
	{"FILES", `%LocalAppData%\lookback\lookback.db`, "The store, on Windows."},
	{"FILES", reportFolder, "The folder for reports, where lookback is started."},
	{"ENVIRONMENT", "NO_COLOR", "If set, nothing is coloured."},
	{"ENVIRONMENT", "GOMEMLIMIT", "The size in memory to stay under, for example 500MiB."},
	{"ENVIRONMENT", "LOOKBACK_X_BEARER, LOOKBACK_MASTODON_TOKEN", "Credentials for --live. They are sent to their own service and nowhere else."},
	{"ENVIRONMENT", "LOOKBACK_JUDGE_KEY", "The key for --judge, where its server wants one."},
}

// writeMan writes the manual page of a command and all below it.
func writeMan(w io.Writer, root *cobra.Command, date string) error {
	m := &manual{}
	m.line(".TH %s 1 %s %s %s", strings.ToUpper(root.Name()), quoted(date), quoted(root.Name()+" "+version), quoted("User commands"))
	m.line(".nh\n.ad l") // no breaks in names of options, no rivers
	m.heading("NAME")
	m.line("%s \\- %s", roff(root.Name()), roff(strings.ToLower(root.Short[:1])+root.Short[1:]))
	m.heading("SYNOPSIS")
	m.line(".B %s\n.I command\n[options]", roff(root.Name()))
	m.heading("DESCRIPTION")
	m.prose(strings.ReplaceAll(root.Long, exitCodeHelp, ""))
	m.heading("COMMANDS")
	m.commands(root)
	m.heading("EXIT STATUS")
	for line := range strings.Lines(strings.TrimPrefix(exitCodeHelp, "Exit codes:\n")) {
		code, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
		m.item(code, strings.TrimSpace(meaning))
	}
	section := ""
	for _, p := range places {
		if p.section != section {
			section = p.section
			m.heading(section)
		}
		m.item(p.name, p.text)
	}
	_, err := io.WriteString(w, m.b.String())
	return err
}

// manual is a page that is being written.
type manual struct{ b strings.Builder }

func (m *manual) line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

func (m *manual) heading(name string) { m.line(".SH %s", quoted(name)) }

func (m *manual) item(name, text string) { m.line(".TP\n.B %s\n%s", roff(name), roff(text)) }

// commands writes of every command what its help says.
func (m *manual) commands(parent *cobra.Command) {
	for _, cmd := range parent.Commands() {
		if !cmd.IsAvailableCommand() || cmd.Name() == "help" {
			continue
		}
		m.line(".SS %s", quoted(strings.TrimPrefix(cmd.CommandPath()+strings.TrimPrefix(cmd.Use, cmd.Name()), cmd.Root().Name()+" ")))
		m.prose(strings.ReplaceAll(cmd.Long, exitCodeHelp, ""))
		cmd.LocalNonPersistentFlags().VisitAll(m.flag)
		if cmd.Example != "" {
			m.line(".PP\nExamples:")
			m.verbatim(cmd.Example)
		}
		m.commands(cmd)
	}
}

func (m *manual) flag(f *pflag.Flag) {
	if f.Hidden || f.Name == "help" {
		return
	}
	kind, usage := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	switch f.DefValue {
	case "", "0", "false", "[]", "0s":
	default:
		usage += " (default: " + f.DefValue + ")"
	}
	m.line(".TP\n\\fB%s\\fR \\fI%s\\fR\n%s", roff(name), roff(kind), roff(usage))
}

// prose writes paragraphs. Indented lines stay as they are.
func (m *manual) prose(text string) {
	for par := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if strings.HasPrefix(par, "  ") {
			m.verbatim(par)
			continue
		}
		m.line(".PP\n%s", roff(par))
	}
}

func (m *manual) verbatim(text string) {
	m.line(".RS 4\n.nf\n%s\n.fi\n.RE", roff(strings.TrimRight(text, "\n")))
}

// roff makes text safe for the formatter: a backslash, a hyphen that can be
// copied, and a line that begins like a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\(rs`, "-", `\-`, "…", "...").Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}

// quoted is one argument of a request.
func quoted(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }
