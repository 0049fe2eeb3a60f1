package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"runtime"

	"lookback/report/serve"
	"lookback/scanner"
	"lookback/store"

	"github.com/spf13/cobra"
)

type serveOptions struct {
	scanOptions
	regulatorOptions
	port   int
	noOpen bool
}

func (o *serveOptions) AddFlags(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	o.addScanning(cmd)
	o.regulatorOptions.AddFlags(cmd)
	cmd.Flags().IntVar(&o.port, "port", 0, "the `port` to listen on (default: any that is free)")
	cmd.Flags().BoolVar(&o.noOpen, "no-open", false, "do not open a browser; only print the address")
}

func newServeCommand(t *terminal) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Review on a page in your browser",
		Long: `Serve opens a page in your browser, on this computer only: drop archives in,
see the overview, and decide about one flagged post at a time. It prints the
address of the page, which ends in a secret; nobody can see the page without
it. Close the page and press Ctrl-C when you are done.

Nothing is posted or deleted, and nothing leaves this computer: the page comes
from lookback itself, and lookback only listens, on the loopback address.

` + exitCodeHelp,
		Example: example("lookback serve", "lookback serve --no-open --port 8017"),
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.port < 0 || o.port > 65535 {
				return usagef(cmd, "--port %d is not from 0 to 65535", o.port)
			}
			return runServe(cmd.Context(), t, o)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runServe(ctx context.Context, t *terminal, o serveOptions) error {
	rules, e, err := o.engine()
	if err != nil {
		return err
	}
	var flt store.Filter
	shown, err := o.choose(rules, &flt)
	if err != nil {
		return err
	}
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	err = serveStore(ctx, t, s, &desk{s: s, rules: rules, shown: shown, byTheme: flt.ByTheme, engine: e, o: o.scanOptions}, o)
	return errors.Join(err, s.Close())
}

func serveStore(ctx context.Context, t *terminal, s *store.Store, d *desk, o serveOptions) error {
	srv, err := serve.New(serve.Options{Reader: shownAs{s, d.byTheme}, Decider: s, Desk: d, Free: freeSpace}, o.port)
	if err != nil {
		return &hintError{err, "choose another with --port, or leave --port out"}
	}
	if _, err := fmt.Fprintln(t.out, srv.URL()); err != nil {
		return err
	}
	if !o.noOpen && openPage(runtime.GOOS, os.Getenv, srv.Ticket()) {
		t.say("The page opens in your browser; if it does not, open the address above. Ctrl-C ends it.")
	} else {
		t.say("Open the address above in a browser on this computer. Ctrl-C ends it.")
	}
	if err := srv.Run(ctx); err != nil {
		return err
	}
	t.say("The page is closed. What you decided is kept.")
	return nil
}

// openPage starts the browser where there is a desktop to show it on, and
// says whether it did.
func openPage(goos string, getenv func(string) string, address string) bool {
	args := opener(goos, getenv)
	if args == nil {
		return false
	}
	path, err := exec.LookPath(args[0])
	if err != nil {
		return false
	}
	cmd := exec.Command(path, append(args[1:], address)...)
	if cmd.Start() != nil {
		return false
	}
	go func() { _ = cmd.Wait() }() // how the browser ends is its own affair
	return true
}

// opener is the system's command for opening an address; nil where nobody
// sits before a screen of this computer.
func opener(goos string, getenv func(string) string) []string {
	if getenv("SSH_CONNECTION") != "" || getenv("CI") != "" {
		return nil
	}
	switch goos {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	case "darwin":
		return []string{"open"}
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	return []string{"xdg-open"}
}

// desk is the rest of lookback for the page: serve.Desk.
type desk struct {
	s       *store.Store
	rules   *scanner.Rules
	shown   *scanner.Rules      // the same, under the chosen regulator's standards
	byTheme map[string][]string // those standards; nil for the rules' own
	engine  *scanner.Engine
	o       scanOptions
}

// shownAs is the store with its findings under a regulator's standards.
type shownAs struct {
	*store.Store
	byTheme map[string][]string
}

// Findings implements serve.Reader.
func (s shownAs) Findings(ctx context.Context, flt store.Filter) iter.Seq2[store.Row, error] {
	flt.ByTheme = s.byTheme
	return s.Store.Findings(ctx, flt)
}

// Summary implements serve.Desk.
func (d *desk) Summary(ctx context.Context) (store.Summary, error) {
	return summaryOf(ctx, d.s, d.shown, store.Filter{ByTheme: d.byTheme}) // with what was decided: it is counted here
}

// Import implements serve.Desk. Several files are given as the folder that
// they are in: they can be parts of one export, or members of one.
func (d *desk) Import(ctx context.Context, dir string, files []string, how serve.Reading, p serve.Progress) ([]serve.Outcome, error) {
	quiet := &terminal{out: io.Discard, err: io.Discard, width: 80, watch: p}
	in := intake{t: quiet, s: d.s, o: importOptions{messages: how.Messages, me: how.Me, accounts: how.Accounts}}
	paths := files
	if len(files) > 1 {
		paths = []string{dir}
	}
	err := in.archives(ctx, paths)
	var list []serve.Outcome
	for _, got := range in.done {
		list = append(list, got.outcome())
	}
	if err == nil {
		err = d.scan(ctx, quiet, in.changes())
	}
	return list, err
}

// scan looks at what came in. Like an audit it notes what it changed.
func (d *desk) scan(ctx context.Context, t *terminal, changes store.Changes) error {
	before, _, err := d.s.LastRuleset(ctx)
	if err != nil {
		return err
	}
	changes.NewRules = before != "" && before != d.rules.Hash()
	if changes.Scanned, err = scanStore(ctx, t, d.s, d.rules, d.engine, &d.o); err != nil {
		return err
	}
	_, err = d.s.PutAudit(ctx, changes)
	return err
}

// outcome says what became of an archive, as print does on the terminal.
func (d imported) outcome() serve.Outcome {
	a := d.archive
	o := serve.Outcome{Archive: a.Name, Failed: d.err != nil}
	if d.err != nil {
		what, hint := splitHint(d.err)
		o.Facts, o.Hint = append(o.Facts, what+"."), hint
		if a.ID == 0 {
			return o
		}
	}
	o.Facts = append(o.Facts, cmp.Or(accountOn(d.account, a.Platform), "unknown account")+".")
	if d.known {
		o.Facts = append(o.Facts, "It was read before; nothing in it is new.")
		return o
	}
	o.Facts = append(o.Facts, fmt.Sprintf("%s read: %s new, %s changed.", count(a.Posts, "text", "texts"), number(a.Added), number(a.Updated)))
	if a.Gone > 0 {
		o.Facts = append(o.Facts, count(a.Gone, "earlier post is", "earlier posts are")+" not in it any more; kept and marked as gone.")
	}
	if a.Skipped > 0 {
		o.Facts = append(o.Facts, count(a.Skipped, "record", "records")+" could not be read; the overview says which.")
	}
	for _, n := range a.Notes {
		o.Facts = append(o.Facts, n.Text)
	}
	return o
}
