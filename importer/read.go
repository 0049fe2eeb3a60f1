package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"lookback/store"
)

// Result is what Read did.
type Result struct {
	// Readings has one element for each importer that read the archive; more
	// than one for each where several exports lie in it.
	Readings []Reading
	// Members lists what was read and what nobody knows, up to 10,000 of
	// them; Explain lists all.
	Members []MemberUse
	Read    int // members
	Ignored int
	Unknown int
	// Notes are those of the archive itself, then the importers'. The sink
	// was given them too.
	Notes      []store.Note
	Generated  time.Time
	Partial    bool
	Incomplete bool // something could not be read
	Scopes     []string
	Posts      int
	Skips      int
}

// Layout names what was read, e.g. "x-2022" or "instagram-json, threads".
func (r Result) Layout() string {
	var names []string
	for _, g := range r.Readings {
		if g.Layout != "" && !slices.Contains(names, g.Layout) {
			names = append(names, g.Layout)
		}
	}
	return strings.Join(names, ", ")
}

// Reading is one importer's pass over an archive.
type Reading struct {
	Importer string
	Layout   string
	Root     string // folder or zip inside the archive; empty for all of it
	Account  store.Account
	Posts    int
	Skips    int
	Err      error // what ended it early; posts until then were kept
}

// MemberUse is what becomes of one member.
type MemberUse struct {
	Name string
	Size int64
	Use  Use
	// Importer names who reads or ignores it.
	Importer string
	// Digest is equal for equal content of equal length: "crc32:…" in zips,
	// empty where the archive has no checksums.
	Digest string
}

// target is one importer that will read one part of an archive.
type target struct {
	imp   Importer
	match Match
	view
}

// view is a tree as an importer may see it.
type view struct {
	root string
	t    *tree
	zip  *entry // the nested zip whose content this is
}

// Read asks every importer in list whether a is its own, and runs those that
// say so one after the other. Each hands what it reads to out: Account comes
// first, and posts belong to the account named last. An importer that fails
// leaves what it read before, ends nobody else, and makes the result
// incomplete. Read returns an error from out, or the context's, at once; any
// other error after all importers are done.
func Read(ctx context.Context, a *Archive, list []Importer, opts Options, out Sink) (Result, error) {
	s := a.session(ctx)
	defer s.close()
	targets, err := a.recognise(s, list)
	if err != nil {
		return Result{}, err
	}
	r := &reader{a: a, s: s, opts: opts, out: out, targets: targets}
	r.plan()
	for _, n := range a.Notes() {
		if err := r.fact(Fact{Note: n}); err != nil {
			return r.res, err
		}
	}
	var failed []error
	for _, t := range targets {
		err := r.run(t)
		if r.fatal(err) {
			r.res.Incomplete = true
			return r.res, err
		}
		if err != nil {
			failed = append(failed, explain(a.Name(), err))
		}
	}
	s.fill()
	if err := r.dateByName(); err != nil {
		return r.res, err
	}
	failed = append(failed, a.errChanged())
	if err := s.trouble(); err != nil {
		failed = slices.DeleteFunc(failed, func(e error) bool { return errors.As(e, new(syscall.Errno)) }) // said once
		failed = append(failed, explain(a.Name(), err))
	}
	return r.finish(failed)
}

// reader is the state of one Read.
type reader struct {
	a       *Archive
	s       *session
	opts    Options
	out     Sink
	targets []target
	res     Result
	outErr  error     // from out
	newest  time.Time // of the posts
	scopes  []Fact
}

// plan lists the members and tells the meter what will be read.
func (r *reader) plan() {
	const most = 10_000
	wanted := make(map[*entry]int64)
	var total int64
	for e, u := range r.a.uses(r.targets) {
		switch u.Use.Kind {
		case UseRead:
			r.res.Read++
		case UseIgnored:
			r.res.Ignored++
			continue
		default:
			r.res.Unknown++
		}
		if len(r.res.Members) < most {
			r.res.Members = append(r.res.Members, u)
		}
		if u.Use.Kind == UseRead && (r.opts.Messages || !u.Use.Messages) && e.refused() == nil {
			wanted[e] = 0
			total += e.size
		}
	}
	r.a.meter.Total(r.a.done + total)
	r.s.watch(r.a.meter, wanted, total)
}

// fatal says whether err must end the whole Read.
func (r *reader) fatal(err error) bool {
	return err != nil && (r.outErr != nil || r.s.ctx.Err() != nil)
}

// run lets one importer read.
func (r *reader) run(t target) error {
	r.res.Readings = append(r.res.Readings, Reading{Importer: t.imp.Name(), Layout: t.match.Layout, Root: t.root})
	g := &guard{r: r, reading: &r.res.Readings[len(r.res.Readings)-1]}
	r.scopes = nil
	err := r.call(t, g)
	if err == nil {
		err = r.s.ctx.Err()
	}
	if r.outErr != nil {
		return r.outErr
	}
	g.reading.Err = err
	if err != nil || r.a.x.log.incomplete || len(missingParts(r.a.names)) > 0 || r.a.errChanged() != nil || r.s.trouble() != nil {
		return err
	}
	for _, f := range r.scopes {
		r.res.Scopes = append(r.res.Scopes, f.Scope)
		if err := r.send(f); err != nil {
			return err
		}
	}
	return nil
}

// ErrPanic is in the chain of the error that a panic became.
var ErrPanic = errors.New("failed")

// call runs Import and turns a panic into an error. The value of a panic can
// hold text of a post, so only its type and place are kept.
func (r *reader) call(t target, g *guard) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &HintError{
				Err:  fmt.Errorf("the %s importer %w at member %q (%s)", t.imp.Name(), ErrPanic, r.s.lastMember(), crash(v)),
				Hint: "this is a fault of lookback, please report it; what was read before is kept",
			}
		}
	}()
	return t.imp.Import(r.s.ctx, t.t.with(r.s), r.opts, g)
}

func (s *session) lastMember() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// crash describes a panic by the type of its value and the line in our code.
func crash(v any) string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(4, pc)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "lookback/") {
			return fmt.Sprintf("%T, %s:%d", v, path.Base(f.File), f.Line)
		}
		if !more {
			return fmt.Sprintf("%T", v)
		}
	}
}

// finish completes the result.
func (r *reader) finish(failed []error) (Result, error) {
	err := errors.Join(failed...)
	var one []error
	for _, e := range failed {
		if e != nil {
			one = append(one, e)
		}
	}
	if len(one) == 1 {
		err = one[0]
	}
	if err != nil || r.res.Skips > 0 || r.a.x.log.incomplete {
		r.res.Incomplete = true
	}
	return r.res, err
}

// dateByName takes the day of making from the archive's name where nothing in
// the archive tells it.
func (r *reader) dateByName() error {
	if !r.res.Generated.IsZero() || len(r.res.Readings) == 0 {
		return nil
	}
	if day, ok := namedDay(r.a.Name(), r.newest, time.Now()); ok {
		return r.fact(Fact{Generated: day.Unix()})
	}
	return nil
}

// send gives a fact to out and remembers an error.
func (r *reader) send(f Fact) error {
	if err := r.out.Fact(f); err != nil {
		r.outErr = err
		return err
	}
	return nil
}

// fact takes a fact into the result. Scopes wait until the importer is done:
// a scope that was not read whole would make posts look deleted.
func (r *reader) fact(f Fact) error {
	if f.Generated > 0 {
		if at := time.Unix(f.Generated, 0).UTC(); at.After(r.res.Generated) {
			r.res.Generated = at
		}
	}
	r.res.Partial = r.res.Partial || f.Partial
	if f.Note != (store.Note{}) {
		r.res.Notes = append(r.res.Notes, f.Note)
	}
	if f.Scope != "" {
		r.scopes = append(r.scopes, Fact{Scope: f.Scope})
		f.Scope = ""
	}
	if f == (Fact{}) {
		return nil
	}
	return r.send(f)
}

// guard stands between an importer and the sink: it counts, and ends the
// import when the context does.
type guard struct {
	r       *reader
	reading *Reading
}

func (g *guard) check(err error) error {
	if err != nil {
		g.r.outErr = err
		return err
	}
	return nil
}

func (g *guard) Account(a store.Account) error {
	if err := g.r.s.ctx.Err(); err != nil {
		return err
	}
	g.reading.Account = a
	return g.check(g.r.out.Account(a))
}

func (g *guard) Post(p store.Post) error {
	if err := g.r.s.ctx.Err(); err != nil {
		return err
	}
	g.reading.Posts++
	g.r.res.Posts++
	if p.Created.After(g.r.newest) {
		g.r.newest = p.Created
	}
	return g.check(g.r.out.Post(p))
}

func (g *guard) Skip(k store.Skip) error {
	if err := g.r.s.ctx.Err(); err != nil {
		return err
	}
	g.reading.Skips++
	g.r.res.Skips++
	return g.check(g.r.out.Skip(k))
}

func (g *guard) Fact(f Fact) error {
	if err := g.r.s.ctx.Err(); err != nil {
		return err
	}
	if f.Layout != "" {
		g.reading.Layout = f.Layout
	}
	return g.r.fact(f)
}

// skipOf makes a skip of a member as a whole. The path in a file system
// error repeats the member's name, so only its reason is kept.
func skipOf(member string, err error) store.Skip {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return store.Skip{Member: member, Reason: err.Error()}
}

// Explain lists every member of a with what its importers do with it. For
// an archive that nobody recognises every member is unknown, and the error
// is the one that Read would give.
func Explain(a *Archive, list []Importer) ([]MemberUse, error) {
	s := a.session(context.Background())
	defer s.close()
	targets, err := a.recognise(s, list)
	uses := make([]MemberUse, 0, len(a.x.entries))
	for _, u := range a.uses(targets) {
		uses = append(uses, u)
	}
	return uses, err
}

// uses calls yield with every member, those of nested zips last.
func (a *Archive) uses(targets []target) func(func(*entry, MemberUse) bool) {
	return func(yield func(*entry, MemberUse) bool) {
		if !usesOf(a.x, "", nil, targets, yield) {
			return
		}
		var done []*entry
		for _, t := range targets {
			if t.zip == nil || slices.Contains(done, t.zip) {
				continue
			}
			done = append(done, t.zip)
			if !usesOf(t.t.x, t.zip.name+"/", t.zip, targets, yield) {
				return
			}
		}
	}
}

// usesOf lists one index: the archive's own, or that of a zip in it.
func usesOf(x *index, prefix string, zip *entry, targets []target, yield func(*entry, MemberUse) bool) bool {
	for i := range x.entries {
		e := &x.entries[i]
		if !yield(e, memberUse(e, prefix+e.name, use(e, x.canonical(e.name), zip, targets))) {
			return false
		}
	}
	return true
}

type useOf struct {
	importer string
	Use
}

func memberUse(e *entry, name string, u useOf) MemberUse {
	m := MemberUse{Name: name, Size: e.size, Use: u.Use, Importer: u.importer, Digest: e.member().Digest()}
	if m.Use.Kind == UseRead {
		if err := e.refused(); err != nil {
			m.Use = Use{Kind: UseUnknown, Why: err.Error()}
		}
	}
	return m
}

// use asks the importers of the archive, or of a zip in it, about one
// member: who reads it wins over who ignores it.
func use(e *entry, name string, zip *entry, targets []target) useOf {
	best := useOf{Use: Use{Kind: UseUnknown}}
	for _, t := range targets {
		if t.zip == e {
			return useOf{t.imp.Name(), Use{Kind: UseRead, Why: "an export lies in it"}}
		}
		if t.zip != zip {
			continue
		}
		rel := name
		if t.t.dir != "" {
			var ok bool
			if rel, ok = strings.CutPrefix(name, t.t.dir+"/"); !ok {
				continue
			}
		}
		u := t.imp.Explain(rel)
		if rank(u.Kind) > rank(best.Kind) || u.Kind == best.Kind && best.importer == "" {
			best = useOf{t.imp.Name(), u}
		}
	}
	return best
}

func rank(k UseKind) int {
	return slices.Index([]UseKind{UseUnknown, UseIgnored, UseRead}, k)
}

// Recognize returns the importers that would read a, the surest first.
func Recognize(ctx context.Context, a *Archive, list []Importer) ([]Reading, error) {
	s := a.session(ctx)
	defer s.close()
	targets, err := a.recognise(s, list)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(targets, func(a, b target) int { return cmp.Compare(b.match.Sure, a.match.Sure) })
	var found []Reading
	for _, t := range targets {
		found = append(found, Reading{Importer: t.imp.Name(), Layout: t.match.Layout, Root: t.root})
	}
	return found, nil
}
