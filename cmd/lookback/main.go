// Command lookback reads the archive that a social network hands a person and
// lists the posts that a health and care regulator could question.
//
// This package is the wiring: flags, terminal, progress bars, exit codes, one
// file for each command. It never judges a post and never changes an archive,
// and opens a socket only where a person asks for a live account or for a
// judge.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Set by the linker: see the Makefile.
var (
	version = "unknown"
	commit  = "unknown"
)

func main() {
	restCollector()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program but for the exit.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	// A reader that goes away early, such as head, ends a command quietly:
	// as an error of the write, so that the store is closed on the way out.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once

	t := newTerminal(stdin, stdout, stderr)
	root := newRoot(t)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	done := make(chan int, 1)
	go func() { done <- t.fail(root.ExecuteContext(ctx)) }()
	code := t.await(ctx, done, patience)
	if (console{windowProcesses(), t.inTTY() && t.outTTY}).closesAtOnce(args) {
		stayOpen(stdin, stdout)
	}
	return code
}

const rootLong = `lookback reads the archive of your account, on this computer only, and lists
the posts that a health and care regulator could question, with the reason
for each. A flag is a reason to look, not a verdict.`

// welcome is what somebody sees who starts lookback without a word.
const welcome = rootLong + `

Two steps:

  1. Ask the platform for your archive. On X: Settings and privacy, Your
     account, Download an archive of your data. The e-mail with the link
     comes a day or so later.
     Facebook, Instagram, TikTok, LinkedIn, YouTube, Reddit and a dozen
     more give one too: the README says where each of them keeps the button.
  2. Hand it to lookback as you downloaded it, one or many:

         lookback audit ~/Downloads/twitter-2026-11-01-abc123.zip

Your archive is never changed, nothing is posted or deleted, and nothing
leaves this computer.

  lookback --help          all commands
  lookback audit --help    what an audit does, and its options
`

func newRoot(t *terminal) *cobra.Command {
	root := &cobra.Command{
		Use:           "lookback",
		Short:         "Look back over what you posted, before a regulator does",
		Long:          rootLong + "\n\n" + exitCodeHelp,
		Example:       "  lookback audit ~/Downloads/twitter-2026-11-01-abc123.zip",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(t.out, welcome)
			return err
		},
	}
	cobra.MousetrapHelpText = "" // a double click on Windows is answered by stayOpen
	root.SuggestionsMinimumDistance = 2
	// The list of flags, too, is wrapped for people with 80 columns.
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 80 "))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef(cmd, "%w", err)
	})
	root.AddCommand(
		newAuditCommand(t), newImportCommand(t), newScanCommand(t), newReportCommand(t), newListCommand(t),
		newStatusCommand(t), newServeCommand(t), newRulesCommand(t), newCheckCommand(t), newForgetCommand(t), newVersionCommand(t),
	)
	root.AddCommand(newDecideCommand(t), newAllowCommand(t), newDueCommand(t), newVerifyCommand(t), newReviewCommand(t))
	root.AddCommand(newCompletionCommand(t), newManCommand(t))
	completeValues(root, values())
	return root
}

// noSuchCommand answers a first word that is no command. People often leave
// out "audit".
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := os.Stat(args[0]); err == nil {
		return usageHint("to audit it, say: lookback audit "+quoteArg(args[0]), "%q is a file, not a command", args[0])
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return usageHint("did you mean: "+cmd.CommandPath()+" "+near[0], "there is no command %q", args[0])
	}
	return usagef(cmd, "there is no command %q", args[0])
}

// fail prints what went wrong and returns the exit code for it.
func (t *terminal) fail(err error) int {
	var ec *exitError
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return exitOK
	case errors.As(err, &ec):
		if ec.err != nil {
			t.sayError(err) // with the hint around it
		}
		return ec.code
	case errors.Is(err, context.Canceled):
		t.say("Stopped. What was done so far is kept: run the same command again to go on.")
		return exitInterrupted
	}
	t.sayError(err)
	return exitFailed
}
