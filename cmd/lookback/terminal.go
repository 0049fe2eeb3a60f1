package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lookback/report"

	"golang.org/x/term"
)

// terminal is where a command reads and writes: data goes to out, talk to
// err. Either may be a file or a pipe.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	outTTY   bool
	errTTY   bool
	width    int // columns to write for
	color    bool
	watch    watcher // takes the place of progress bars; nil for the terminal
}

func newTerminal(in io.Reader, out, err io.Writer) *terminal {
	t := &terminal{in: in, out: out, err: err, width: 80}
	t.outTTY, t.errTTY = isTerminal(out), isTerminal(err)
	for _, w := range []io.Writer{out, err} {
		if f, ok := w.(*os.File); ok && isTerminal(w) {
			if cols, _, err := term.GetSize(int(f.Fd())); err == nil && cols > 0 {
				t.width = min(cols, 100) // longer lines are hard to read
				break
			}
		}
	}
	t.color = t.outTTY && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return t
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say writes one paragraph of talk.
func (t *terminal) say(format string, args ...any) {
	t.wrap("", fmt.Sprintf(format, args...))
}

// sayError writes an error and, on a line of its own, what to do about it.
// Names of files and members are in it, so it is made safe to show.
func (t *terminal) sayError(err error) {
	what, hint := splitHint(err)
	t.wrap("  ", "lookback: "+what)
	if hint != "" {
		t.wrap("  ", "  What to do: "+hint+".")
	}
}

// wrap writes s to err in lines of the terminal's width; the lines after the
// first are indented. What is not shown on a terminal stays one line.
func (t *terminal) wrap(indent, s string) {
	for i, line := range strings.Split(report.SafeText(s), "\n") {
		if i > 0 {
			line = indent + line
		}
		if t.errTTY {
			line = fold(line, t.width, indent)
		}
		fmt.Fprintln(t.err, line)
	}
}

// fold breaks a line at blanks. Blanks at its beginning stay.
func fold(line string, width int, indent string) string {
	var b strings.Builder
	lead := line[:len(line)-len(strings.TrimLeft(line, " "))]
	b.WriteString(lead)
	used := len(lead)
	for i, word := range strings.Fields(line) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString("\n" + lead + indent)
			used = len(lead) + len(indent)
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}

// json writes v as one line of JSON to out.
func (t *terminal) json(v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		_, err = t.out.Write(append(b, '\n'))
	}
	return err
}

// print writes data to out by a buffer and returns the first error.
func (t *terminal) print(f func(w *bufio.Writer)) error {
	w := bufio.NewWriter(t.out)
	f(w)
	return w.Flush()
}

// read is print for lines that a person reads: on a terminal those that are too
// long for it are broken at blanks. Elsewhere every line stays one.
func (t *terminal) read(f func(w *bufio.Writer)) error {
	if !t.outTTY {
		return t.print(f)
	}
	var text strings.Builder
	w := bufio.NewWriter(&text)
	f(w)
	if err := w.Flush(); err != nil {
		return err
	}
	return t.print(func(w *bufio.Writer) {
		for line := range strings.Lines(text.String()) {
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) > t.width {
				line = fold(line, t.width, "  ")
			}
			fmt.Fprintln(w, line)
		}
	})
}

// list is read, or print where the lines are JSON for a program.
func (t *terminal) list(json bool, f func(w *bufio.Writer)) error {
	if json {
		return t.print(f)
	}
	return t.read(f)
}

// number writes 1234567 as 1,234,567.
func number[N ~int | ~int64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count is a number with its noun.
func count[N ~int | ~int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// size is a number of bytes as people write it.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return count(n, "byte", "bytes")
}

// quoteArg writes a file name so that it can be pasted behind a command.
func quoteArg(s string) string {
	if strings.ContainsAny(s, " '\"$&()*;<>?[]\\`|~#!\t\n") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// putLine writes v as one line of JSON to a buffer whose Flush reports what
// goes wrong. Plain values of our own can always be encoded.
func putLine(w *bufio.Writer, v any) {
	if b, err := json.Marshal(v); err == nil {
		_, _ = w.Write(append(b, '\n'))
	}
}

// rfc3339 is a time for programs, empty for none.
func rfc3339(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// unix is the time of a number of seconds, zero for 0.
func unix(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}

// inTTY says whether a person types on the input.
func (t *terminal) inTTY() bool {
	f, ok := t.in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// confirm asks a question that one of the answers, in any case, says yes to.
// done is what otherwise was not done, as "forgotten"; without a person there
// it is an error.
func (t *terminal) confirm(ctx context.Context, question, done string, answers ...string) error {
	if !t.inTTY() {
		return &hintError{fmt.Errorf("nothing was %s, because nobody is there to ask", done), "add --yes if that is what you want"}
	}
	fmt.Fprint(t.err, question)
	answer := make(chan string, 1)
	go func() { // reading the terminal cannot be interrupted, waiting for it can
		line, _ := bufio.NewReader(t.in).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case line := <-answer:
		if !slices.Contains(answers, strings.ToLower(strings.TrimSpace(line))) {
			t.say("Nothing was %s.", done)
			return &exitError{code: exitFailed}
		}
		return nil
	}
}
