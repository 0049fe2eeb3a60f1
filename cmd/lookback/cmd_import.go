package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"lookback/importer"
	"lookback/importer/all"
	"lookback/report"
	"lookback/store"

	"github.com/spf13/cobra"
)

type importOptions struct {
	storeOptions
	messages bool
	me       string
	accounts []string
	live     []string
	explain  bool
	json     bool
}

// addReading adds the flags that audit has too.
func (o *importOptions) addReading(cmd *cobra.Command) {
	o.storeOptions.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.messages, "messages", false, "also read the private messages that you sent; other people's are never read")
	cmd.Flags().StringVar(&o.me, "me", "", "your `name` as it stands in exports that do not say whose they are")
	cmd.Flags().StringArrayVar(&o.accounts, "account", nil, "whose archives to read: the `account`, or x:@handle for one platform's; may be given more than once")
	cmd.Flags().StringArrayVar(&o.live, liveFlag, nil, "read an `account` from the platform over the network: x:@handle, mastodon:@me@server or bluesky:handle; may be given more than once")
}

// liveFlag is the only flag that opens a network connection.
const liveFlag = "live"

func (o *importOptions) AddFlags(cmd *cobra.Command) {
	o.addReading(cmd)
	cmd.Flags().BoolVar(&o.explain, "explain", false, "import nothing; list what would become of each file in the archive")
	jsonFlag(cmd, &o.json)
}

func newImportCommand(t *terminal) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import ARCHIVE...",
		Short: "Read archives into the store",
		Long: `Import reads archives into the store, where scan, list and report find them.
An archive is the file that the platform gave you, as it is, or the folder
that it was unpacked to. It is only ever read.

Reading the same or a newer archive again adds nothing twice: it brings what
is new, and marks what the newer one no longer has as gone. A store is one
person's: where it has an account of a platform, another one's archive of
that platform is refused unless --account names it.

With --live an account is read from the platform's own servers, as far as they
show it. Nothing else opens a network connection. An archive holds more.

` + exitCodeHelp,
		Example: example(
			"lookback import twitter-2026-11-01-abc123.zip",
			"lookback import --messages ~/Downloads/*.zip",
			"lookback import --live mastodon:@me@mastodon.social",
			"lookback import --explain twitter-2026-11-01-abc123.zip"),
		Args: archivesNeeded,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.explain {
				if len(o.live) > 0 {
					return usagef(cmd, "--explain is for archives, and does not go with --%s", liveFlag)
				}
				return runExplain(cmd.Context(), t, o, args)
			}
			return runImport(cmd.Context(), t, o, args)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// archivesNeeded refuses a command line without an archive.
func archivesNeeded(cmd *cobra.Command, args []string) error {
	if f := cmd.Flags().Lookup(liveFlag); len(args) > 0 || f != nil && f.Changed {
		return nil
	}
	return usageHint("name the file that the platform gave you: "+cmd.CommandPath()+" ~/Downloads/twitter-2026-11-01-abc123.zip",
		"no archive was named")
}

func runImport(ctx context.Context, t *terminal, o importOptions, paths []string) error {
	if err := o.checkLive(); err != nil {
		return err
	}
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	in := intake{t: t, s: s, o: o}
	err = in.all(ctx, paths)
	if werr := in.write(); err == nil {
		err = werr
	}
	if cerr := s.Close(); err == nil {
		err = cerr
	}
	return in.outcome(err)
}

// intake reads archives into the store, one after the other. One that cannot
// be read does not end the others.
type intake struct {
	t    *terminal
	s    *store.Store
	o    importOptions
	done []imported
}

// imported is what became of one archive.
type imported struct {
	archive store.Archive
	account store.Account
	known   bool // read before; nothing was done
	err     error
}

func (in *intake) all(ctx context.Context, paths []string) error {
	limitMemory()
	in.t.warnClock()
	if len(paths) > 0 {
		if err := in.archives(ctx, paths); err != nil {
			return err
		}
	}
	return in.accounts(ctx)
}

func (in *intake) archives(ctx context.Context, paths []string) error {
	groups, err := importer.Discover(ctx, paths, all.List)
	if err != nil {
		return err
	}
	for i, group := range groups {
		what := "Reading"
		if len(groups) > 1 {
			what = fmt.Sprintf("Reading %d of %d", i+1, len(groups))
		}
		got, err := in.one(ctx, what, group)
		if err != nil {
			return err
		}
		if got.err != nil {
			in.t.sayError(got.err)
		}
		in.done = append(in.done, got)
	}
	return nil
}

// one reads one archive. Its error ends the whole run; what is wrong with the
// archive alone is in imported.err.
func (in *intake) one(ctx context.Context, what string, group []string) (got imported, err error) {
	bar := in.t.newBar(what, true)
	defer func() { bar.finish(errors.Join(err, got.err)) }()
	got.archive.Name = filepath.Base(group[0])
	a, err := importer.OpenParts(ctx, group, bar)
	if err != nil {
		return in.failed(ctx, got, err)
	}
	defer a.Close()
	got.archive = store.Archive{Name: a.Name(), Size: a.Size(), Messages: in.o.messages}
	if got.archive.Digest, err = a.Digest(ctx); err != nil {
		return in.failed(ctx, got, err)
	}
	if known, ok, err := in.s.KnownArchive(ctx, got.archive.Digest, in.o.messages); err != nil {
		return got, err
	} else if ok && !(in.o.me != "" && ownerless(known)) {
		if got.account, err = in.owner(ctx, known.AccountID); err != nil {
			return got, err
		}
		if got.err = in.o.insists(known.Name, got.account); got.err == nil {
			got.archive, got.known = known, true
		}
		return got, nil
	}
	found, err := importer.Recognize(ctx, a, all.List)
	if err != nil {
		return in.failed(ctx, got, err)
	}
	if len(found) > 0 {
		got.archive.Platform = found[0].Importer
	}
	var platforms []string
	for _, f := range found {
		platforms = append(platforms, platformOf(f.Importer))
	}
	if err := in.refuse(ctx, group, got.archive, platforms); err != nil {
		return in.failed(ctx, got, err)
	}
	return in.read(ctx, a, got)
}

// failed sorts an error: an interruption ends the run, anything else only
// this archive.
func (in *intake) failed(ctx context.Context, got imported, err error) (imported, error) {
	if ctx.Err() != nil {
		return got, ctx.Err()
	}
	got.err = err
	return got, nil
}

// read takes a recognised archive in.
func (in *intake) read(ctx context.Context, a *importer.Archive, got imported) (imported, error) {
	im, err := in.s.BeginImport(ctx, got.archive)
	if err != nil {
		return got, err
	}
	defer im.Abort() // after Finish it does nothing
	k := &sink{im: im}
	res, err := importer.Read(ctx, a, all.List, importer.Options{Messages: in.o.messages, Me: in.o.me}, k)
	if k.err != nil || ctx.Err() != nil {
		return got, errors.Join(err, im.Abort())
	}
	im.SetArchive(func(s *store.Archive) {
		s.Layout, s.Partial, s.Incomplete = res.Layout(), res.Partial, res.Incomplete
		s.Again = passing(err)
		if err == nil && res.Posts == 0 && !res.Incomplete && len(s.Notes) == 0 {
			s.Notes = []store.Note{nothingWritten}
		}
	})
	got.account, got.err = k.account, err
	if got.archive, err = im.Finish(ctx); err != nil {
		return got, err
	}
	return got, nil
}

// passing says whether an error lies outside the archive and may be gone the
// next time: somebody wrote to it, or the drive failed.
func passing(err error) bool {
	var errno syscall.Errno
	return errors.Is(err, importer.ErrChanged) || errors.As(err, &errno)
}

// nothingWritten is said of an export without a text, where its importer
// knows no better reason.
var nothingWritten = store.Note{Code: "nothing-written", Text: "The export holds nothing that you wrote: if there should be something, ask for it again with everything ticked, for all time."}

// sink hands what an importer reads to the store.
type sink struct {
	im      *store.Import
	account store.Account
	err     error // of the store
}

// Account implements importer.Sink.
func (k *sink) Account(a store.Account) error {
	if k.account.Platform == "" || a.Platform == "" || a.Platform == k.account.Platform {
		merge(&k.account, a) // the first platform's, where an export tells of two
	}
	return k.keep(k.im.Account(a))
}

// merge takes over what a newer word on the same account says.
func merge(dst *store.Account, a store.Account) {
	for _, f := range []struct{ dst, src *string }{
		{&dst.Platform, &a.Platform}, {&dst.NativeID, &a.NativeID}, {&dst.Handle, &a.Handle}, {&dst.Name, &a.Name},
	} {
		if *f.src != "" {
			*f.dst = *f.src
		}
	}
	if len(a.Earlier) > 0 {
		dst.Earlier = a.Earlier
	}
}

// Post implements importer.Sink.
func (k *sink) Post(p store.Post) error { return k.keep(k.im.Post(p)) }

// Skip implements importer.Sink.
func (k *sink) Skip(s store.Skip) error { return k.keep(k.im.Skip(s)) }

// Fact implements importer.Sink.
func (k *sink) Fact(f importer.Fact) error {
	k.im.SetArchive(func(a *store.Archive) {
		if at := unix(f.Generated); at.After(a.Generated) {
			a.Generated = at
		}
		a.Partial = a.Partial || f.Partial
		if f.Scope != "" {
			a.Scopes = append(a.Scopes, f.Scope)
		}
		if f.Note != (store.Note{}) {
			a.Notes = append(a.Notes, f.Note)
		}
	})
	return nil
}

func (k *sink) keep(err error) error {
	if err != nil {
		k.err = err
	}
	return err
}

// outcome turns what became of the archives into the command's error.
func (in *intake) outcome(err error) error {
	if err != nil {
		return err
	}
	failed, unread := 0, false
	for _, d := range in.done {
		if d.err != nil {
			unread = true
			if d.archive.ID == 0 {
				failed++
			}
		}
		unread = unread || d.archive.Incomplete || d.archive.Skipped > 0
	}
	switch {
	case failed > 0 && failed == len(in.done):
		return &exitError{code: exitFailed}
	case unread:
		return &exitError{code: exitUnread}
	}
	return nil
}

// write says what became of each archive.
func (in *intake) write() error {
	for _, d := range in.done {
		if in.o.json {
			if err := in.t.json(d.record()); err != nil {
				return err
			}
			continue
		}
		if d.err != nil && d.archive.ID == 0 {
			continue // said already
		}
		if err := in.t.read(func(w *bufio.Writer) { d.print(w) }); err != nil {
			return err
		}
	}
	return nil
}

func (d imported) print(w *bufio.Writer) {
	a := d.archive
	fmt.Fprintf(w, "%s: %s, %s", report.SafeLine(a.Name), accountOn(d.account, a.Platform), size(a.Size))
	if !a.Generated.IsZero() {
		fmt.Fprintf(w, ", made on %s", a.Generated.Format("2 January 2006"))
	}
	fmt.Fprintln(w)
	if d.known {
		fmt.Fprintln(w, "  was read before; nothing in it is new")
		return
	}
	fmt.Fprintf(w, "  %s read: %s new, %s changed\n", count(a.Posts, "text", "texts"), number(a.Added), number(a.Updated))
	if a.Gone > 0 {
		fmt.Fprintf(w, "  %s no longer in this archive; kept and marked as gone\n", count(a.Gone, "post is", "posts are"))
	}
	if a.Skipped > 0 {
		fmt.Fprintf(w, "  %s could not be read; lookback status says which\n", count(a.Skipped, "record", "records"))
	}
	for _, n := range a.Notes {
		fmt.Fprintf(w, "  %s\n", report.SafeLine(n.Text))
	}
}

// importRecord is one line of `import --json`.
type importRecord struct {
	Archive    string       `json:"archive"`
	Digest     string       `json:"digest,omitempty"`
	Platform   string       `json:"platform,omitempty"`
	Layout     string       `json:"layout,omitempty"`
	Account    string       `json:"account,omitempty"`
	Generated  string       `json:"generated,omitempty"`
	Known      bool         `json:"known"`
	Posts      int          `json:"posts"`
	Added      int          `json:"added"`
	Updated    int          `json:"updated"`
	Skipped    int          `json:"skipped"`
	Gone       int          `json:"gone"`
	Partial    bool         `json:"partial"`
	Incomplete bool         `json:"incomplete"`
	Notes      []store.Note `json:"notes,omitempty"`
	Error      string       `json:"error,omitempty"`
}

func (d imported) record() importRecord {
	a := d.archive
	r := importRecord{
		Archive: a.Name, Digest: a.Digest, Platform: a.Platform, Layout: a.Layout, Account: d.account.Handle,
		Generated: rfc3339(a.Generated), Known: d.known, Posts: a.Posts, Added: a.Added, Updated: a.Updated,
		Skipped: a.Skipped, Gone: a.Gone, Partial: a.Partial, Incomplete: a.Incomplete, Notes: a.Notes,
	}
	if d.err != nil {
		r.Error = d.err.Error()
	}
	return r
}

// runExplain lists the members of archives; the store is not touched.
func runExplain(ctx context.Context, t *terminal, o importOptions, paths []string) error {
	groups, err := importer.Discover(ctx, paths, all.List)
	if err != nil {
		return err
	}
	failed := 0
	for i, group := range groups {
		name, uses, err := explainOne(ctx, group)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			t.sayError(err)
			failed++
			continue
		}
		err = t.list(o.json, func(w *bufio.Writer) {
			if len(groups) > 1 && !o.json {
				if i > 0 {
					fmt.Fprintln(w)
				}
				fmt.Fprintf(w, "%s\n", report.SafeLine(name))
			}
			printUses(w, o, name, uses)
		})
		if err != nil {
			return err
		}
	}
	switch {
	case failed == 0:
		return nil
	case failed == len(groups):
		return &exitError{code: exitFailed}
	}
	return &exitError{code: exitUnread}
}

func explainOne(ctx context.Context, group []string) (string, []importer.MemberUse, error) {
	a, err := importer.OpenParts(ctx, group, importer.NoMeter)
	if err != nil {
		return "", nil, err
	}
	defer a.Close()
	uses, err := importer.Explain(a, all.List)
	return a.Name(), uses, err
}

func printUses(w *bufio.Writer, o importOptions, archive string, uses []importer.MemberUse) {
	for _, u := range uses {
		kind, why := string(u.Use.Kind), u.Use.Why
		if u.Use.Messages && !o.messages && u.Use.Kind == importer.UseRead {
			kind, why = string(importer.UseIgnored), "private messages are read only with --messages"
		}
		if o.json {
			putLine(w, struct {
				Member  string `json:"member"`
				Size    int64  `json:"size"`
				Use     string `json:"use"`
				Why     string `json:"why,omitempty"`
				By      string `json:"importer,omitempty"`
				Archive string `json:"archive"`
			}{u.Name, u.Size, kind, why, u.Importer, archive})
			continue
		}
		line := fmt.Sprintf("%-8s %9s  %s", kind, size(u.Size), report.SafeLine(u.Name))
		if why != "" {
			line += " (" + report.SafeLine(why) + ")"
		}
		fmt.Fprintln(w, line)
	}
}
