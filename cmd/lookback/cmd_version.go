package main

import (
	"bufio"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func newVersionCommand(t *terminal) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Say which lookback this is",
		Long:    "Version says which lookback this is.\n\n" + exitCodeHelp,
		Example: example("lookback version", "lookback version --json"),
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return runVersion(t, asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func runVersion(t *terminal, asJSON bool) error {
	if asJSON {
		return t.json(map[string]string{
			"version": version, "commit": commit, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
		})
	}
	return t.print(func(w *bufio.Writer) {
		fmt.Fprintf(w, "lookback %s\ncommit %s\n%s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	})
}

// noArgs refuses words that a command has no use for.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usagef(cmd, "%s takes no arguments, but was given %q", cmd.CommandPath(), args[0])
}
