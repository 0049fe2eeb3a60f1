package main

import (
	"io"
	"strings"

	"lookback/importer/all"
	"lookback/report"
	"lookback/store"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shells are those that completions can be written for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletionCommand(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "completion " + strings.Join(shells, "|"),
		Short: "Write completions for your shell",
		Long: `Completion writes a script by which your shell completes lookback's commands,
options and their values when you press Tab. It knows nothing of your posts.

Packages and the archives of a release have these scripts ready. Otherwise put
the script where your shell looks for it:

  bash        ~/.local/share/bash-completion/completions/lookback
  zsh         a file called _lookback in a folder of your $fpath
  fish        ~/.config/fish/completions/lookback.fish
  powershell  add "lookback completion powershell | Out-String |
              Invoke-Expression" to the file that $PROFILE names

` + exitCodeHelp,
		Example:   example("lookback completion bash > ~/.local/share/bash-completion/completions/lookback", "lookback completion fish > ~/.config/fish/completions/lookback.fish"),
		ValidArgs: shells,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef(cmd, "say which shell: %s", strings.Join(shells, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return t.whole(func(w io.Writer) error { return writeCompletion(w, cmd, args[0]) })
		},
	}
}

func writeCompletion(w io.Writer, cmd *cobra.Command, shell string) error {
	root := cmd.Root()
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return usagef(cmd, "%q is none of %s", shell, strings.Join(shells, ", "))
}

// whole writes what f writes in one go, so that nothing half-made comes out.
func (t *terminal) whole(f func(w io.Writer) error) error {
	var b strings.Builder
	if err := f(&b); err != nil {
		return err
	}
	_, err := io.WriteString(t.out, b.String())
	return err
}

// values are what options can be completed with, by the option's name.
func values() map[string][]string {
	choices := []string{report.Undecided}
	for _, c := range store.Choices {
		choices = append(choices, string(c))
	}
	var platforms []string
	for _, imp := range all.List {
		if p := platformOf(imp.Name()); p == imp.Name() {
			platforms = append(platforms, p)
		}
	}
	return map[string][]string{
		"action":      {string(store.ActionRemove), string(store.ActionReview)},
		"decision":    choices,
		"format":      report.Formats,
		"judge-scope": {scopeDoubtful, scopeFlagged, scopeAll},
		"kind":        strings.Split(kindList(), ", "),
		"platform":    platforms,
	}
}

// completeValues teaches the completions of all commands what an option can
// be: one of some values, a folder, a file, or nothing that a shell knows.
func completeValues(root *cobra.Command, known map[string][]string) {
	for _, cmd := range root.Commands() {
		completeValues(cmd, known)
		if !cmd.HasSubCommands() && !strings.Contains(cmd.Use, " ") {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			complete := cobra.NoFileCompletions
			switch kind, _ := pflag.UnquoteUsage(f); {
			case known[f.Name] != nil:
				complete = cobra.FixedCompletions(known[f.Name], cobra.ShellCompDirectiveNoFileComp)
			case kind == "folder":
				complete = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
					return nil, cobra.ShellCompDirectiveFilterDirs
				}
			case kind == "file" || kind == "path":
				return
			}
			_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // fails only for what is registered already
		})
	}
}
