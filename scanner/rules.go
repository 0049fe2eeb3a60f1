package scanner

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"lookback/scanner/classify"
	"lookback/store"
)

//go:embed packs/*.yaml
var embedded embed.FS

const (
	standardsFile = "standards.yaml"
	enginePack    = "engine" // of the concepts that the engine itself asks for
)

// LoadOptions says which rules are in force.
type LoadOptions struct {
	Dirs    []string // folders with packs of the user, read after the built-in ones
	Disable []string // ids of rules, or of themes, that are switched off
	// Alone leaves the built-in rules out, so that only those in Dirs are in
	// force. The standards stay, and what the engine itself asks for.
	Alone bool
	// Learned adds the learned classifiers: one rule for each theme, called
	// theme.learned, and a judgement over all that the other rules find.
	Learned bool
	// Packs replaces the built-in packs; nil means the embedded ones. Tests
	// use it.
	Packs fs.FS
}

// Rules is everything that a scan judges by: standards, themes, concepts and
// rules, checked and resolved. It is read-only.
type Rules struct {
	regulator Regulator
	concepts  []*conceptDef
	byName    map[string]int
	rules     []*Rule
	learned   []*Rule // what the learned classifiers find, a rule for each theme
	together  []*Rule // what several posts show together
	hash      string  // of all that decides
	base      string  // of what all rules share
	tables    string  // compiled of the concepts; empty where they are not the built-in ones
	name      string
}

// Load reads the built-in packs and the user's. Its error joins what is wrong
// in any of them, each with file, line and the line itself.
func Load(opts LoadOptions) (*Rules, error) {
	var r *Rules
	if len(opts.Dirs) == 0 && opts.Packs == nil && !opts.Alone {
		r = compiledRules()
	}
	if r == nil {
		var err error
		if r, err = link(opts); err != nil {
			return nil, err
		}
	}
	if opts.Learned {
		r.addLearned()
	}
	r.addTogether()
	if err := r.disable(opts.Disable); err != nil {
		return nil, err
	}
	r.sign()
	return r, nil
}

// link reads the packs and joins them.
func link(opts LoadOptions) (*Rules, error) {
	packs, std, err := readPacks(opts)
	if err != nil {
		return nil, err
	}
	r := &Rules{regulator: *std, byName: map[string]int{}, name: std.Name}
	l := &linker{rules: r, same: map[string]int{}}
	for _, p := range packs {
		l.addConcepts(p)
	}
	for _, p := range packs {
		l.addRules(p)
	}
	l.resolve()
	if err := joinErrors(l.errs); err != nil {
		return nil, err
	}
	return r, nil
}

func readPacks(opts LoadOptions) ([]*packDef, *Regulator, error) {
	fsys := opts.Packs
	if fsys == nil {
		sub, err := fs.Sub(embedded, "packs")
		if err != nil {
			return nil, nil, fmt.Errorf("opening the built-in packs: %w", err)
		}
		fsys = sub
	}
	packs, std, err := readDir(fsys, "")
	if opts.Alone {
		packs = slices.DeleteFunc(packs, func(p *packDef) bool { return p.name != enginePack })
	}
	errs := []error{err}
	for _, dir := range opts.Dirs {
		more, s, err := readDir(os.DirFS(dir), dir)
		if err == nil && len(more) == 0 && s == nil {
			err = fmt.Errorf("no rule packs (*.yaml) in %s", dir)
		}
		errs = append(errs, err)
		packs = append(packs, more...)
		if s != nil {
			std = s
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	if std == nil {
		return nil, nil, fmt.Errorf("no %s among the rule packs", standardsFile)
	}
	return packs, std, nil
}

func readDir(fsys fs.FS, dir string) ([]*packDef, *Regulator, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, nil, fmt.Errorf("listing rule packs: %w", err)
	}
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, nil, fmt.Errorf("reading the rules: %w", err)
		}
	}
	var packs []*packDef
	var std *Regulator
	var errs []error
	for _, name := range names {
		shown := path.Base(name)
		if dir != "" {
			shown = filepath.Join(filepath.Base(dir), shown)
		}
		f, err := fsys.Open(name)
		if err != nil {
			return nil, nil, fmt.Errorf("opening rule pack %s: %w", shown, err)
		}
		if name == standardsFile {
			std, err = parseRegulator(shown, f)
		} else {
			var p *packDef
			p, err = parsePack(shown, f)
			packs = append(packs, p)
		}
		f.Close()
		errs = append(errs, err)
	}
	return packs, std, errors.Join(errs...)
}

// A linker joins packs: concepts by name, rules to concepts and themes.
type linker struct {
	rules *Rules
	ids   map[string]*Rule
	errs  []error
	same  map[string]int // unnamed concepts by what they say
}

func (l *linker) errorf(src *source, line int, format string, args ...any) {
	l.errs = append(l.errs, src.errorAt(line, format, args...))
}

func (l *linker) addConcepts(p *packDef) {
	r := l.rules
	for _, c := range p.concepts {
		i, ok := r.byName[c.name]
		switch {
		case ok && c.extend:
			r.concepts[i].merge(c)
		case ok && r.concepts[i].extend:
			c.merge(r.concepts[i])
			r.concepts[i] = c
		case ok:
			old := r.concepts[i]
			l.errorf(c.src, c.line, "concept %s is defined already (%s:%d); write \"extend: true\" to add to it", c.name, old.src.file, old.line)
		default:
			r.byName[c.name] = len(r.concepts)
			r.concepts = append(r.concepts, c)
		}
	}
}

// merge adds the words of another definition of the same concept.
func (c *conceptDef) merge(o *conceptDef) {
	c.words = append(c.words, o.words...)
	c.patterns = append(c.patterns, o.patterns...)
	c.except = append(c.except, o.except...)
	c.include = append(c.include, o.include...)
	c.setting = c.setting || o.setting
	c.masked = c.masked || o.masked
}

func (l *linker) addRules(p *packDef) {
	if l.ids == nil {
		l.ids = map[string]*Rule{}
	}
	for _, r := range p.rules {
		if old := l.ids[r.ID]; old != nil {
			l.errorf(p.src, r.Line, "rule %s is defined already (%s:%d)", r.ID, old.File, old.Line)
			continue
		}
		l.ids[r.ID] = r
		th := l.rules.Theme(r.Theme)
		if th == nil {
			l.errorf(p.src, r.Line, "rule %s: theme %q is not in %s", r.ID, r.Theme, standardsFile)
			continue
		}
		r.fillFrom(th)
		for _, n := range r.Standards {
			if !l.rules.hasStandard(n) {
				l.errorf(p.src, r.Line, "rule %s: standard %q is not in %s", r.ID, n, standardsFile)
			}
		}
		l.rules.rules = append(l.rules.rules, r)
	}
}

func (r *Rule) fillFrom(th *Theme) {
	if len(r.Standards) == 0 {
		r.Standards = th.Standards
	}
	if r.Why == "" {
		r.Why = th.Why
	}
	if r.Advice == "" {
		r.Advice = th.Advice
	}
}

// resolve turns names into indexes and gives unnamed concepts a place.
func (l *linker) resolve() {
	for _, c := range l.rules.concepts {
		if c.extend && l.rules.concepts[l.rules.byName[c.name]] == c {
			l.errorf(c.src, c.line, "concept %s extends a concept that no pack defines", c.name)
		}
		for _, in := range c.include {
			l.known(c.src, in.text, in.line)
		}
	}
	for _, r := range l.rules.rules {
		all := slices.Concat([]*cond{r.when}, r.unless, r.lower, r.raise)
		for _, c := range all {
			if c != nil {
				c.inherit(mods{})
				l.resolveCond(r, c)
			}
		}
		for _, s := range r.spans {
			l.known(r.src, s.text, s.line)
		}
	}
}

func (l *linker) known(src *source, name string, line int) int {
	if i, ok := l.rules.byName[name]; ok {
		return i
	}
	if slices.Contains(builtinNames, name) {
		return l.rules.define(&conceptDef{name: name, src: src, line: line, setting: false})
	}
	l.errorf(src, line, "no concept is called %q%s", name, suggest(name, l.rules.byName))
	return 0
}

func (r *Rules) define(c *conceptDef) int {
	if c.name != "" {
		r.byName[c.name] = len(r.concepts)
	}
	r.concepts = append(r.concepts, c)
	return len(r.concepts) - 1
}

func (l *linker) resolveCond(r *Rule, c *cond) {
	if c.inline != nil && c.op != opLeaf {
		l.errorf(r.src, c.line, "words, except, masked and setting go with \"words\", not with another form")
		return
	}
	if c.op == opLeaf {
		if c.inline == nil {
			c.concept = l.known(r.src, c.name, c.line)
			return
		}
		c.concept = l.unnamed(c.inline)
		return
	}
	for _, k := range c.kids {
		l.resolveCond(r, k)
	}
}

// unnamed gives an unnamed concept its place: one for all that say the same, so
// that their words are noted once.
func (l *linker) unnamed(d *conceptDef) int {
	if len(d.patterns) > 0 {
		return l.rules.define(d)
	}
	var key strings.Builder
	for _, list := range [][]wordDef{d.words, d.except} {
		for _, w := range list {
			fmt.Fprintf(&key, "%q ", w.text)
		}
		key.WriteByte('|')
	}
	fmt.Fprint(&key, d.setting, d.masked)
	if i, ok := l.same[key.String()]; ok {
		return i
	}
	i := l.rules.define(d)
	l.same[key.String()] = i
	return i
}

func (r *Rules) disable(ids []string) error {
	for _, id := range ids {
		named := func(x *Rule) bool { return x.ID == id || x.Theme == id }
		before := len(r.rules) + len(r.learned) + len(r.together)
		r.rules, r.learned = slices.DeleteFunc(r.rules, named), slices.DeleteFunc(r.learned, named)
		r.together = slices.DeleteFunc(r.together, named)
		if len(r.rules)+len(r.learned)+len(r.together) == before {
			return fmt.Errorf("no rule is called %q, so it cannot be switched off", id)
		}
	}
	return nil
}

// Hash identifies everything that decides what a scan finds. Wording (why,
// advice) and examples do not count.
func (r *Rules) Hash() string { return r.hash }

// Name is the name of the ruleset as reports print it.
func (r *Rules) Name() string { return r.name }

// Rules lists the rules in force, in the order of their packs.
func (r *Rules) Rules() []Rule {
	list := make([]Rule, 0, len(r.rules)+len(r.learned)+len(r.together))
	for _, x := range slices.Concat(r.rules, r.learned, r.together) {
		list = append(list, *x)
	}
	return list
}

// Rule returns one rule by its id.
func (r *Rules) Rule(id string) (Rule, bool) {
	for _, x := range slices.Concat(r.rules, r.learned, r.together) {
		if x.ID == id {
			return *x, true
		}
	}
	return Rule{}, false
}

// Standards lists the standards that findings name, in their order.
func (r *Rules) Standards() []store.Standard { return slices.Clone(r.regulator.Standards) }

// Themes lists the themes in the order of the standards file.
func (r *Rules) Themes() []Theme { return slices.Clone(r.regulator.Themes) }

// Regulator is the short name of the body whose standards these are.
func (r *Rules) Regulator() string { return r.regulator.Regulator }

// Theme returns a theme by its id, or nil.
func (r *Rules) Theme(id string) *Theme {
	for i := range r.regulator.Themes {
		if r.regulator.Themes[i].ID == id {
			return &r.regulator.Themes[i]
		}
	}
	return nil
}

func (r *Rules) hasStandard(num string) bool {
	return slices.ContainsFunc(r.regulator.Standards, func(s store.Standard) bool { return s.Number == num })
}

// engineVersion changes whenever the engine itself finds something else with
// the same rules.
const engineVersion = 1

// sign computes the hashes of the rules and of the whole.
func (r *Rules) sign() {
	var b strings.Builder
	fmt.Fprintf(&b, "lookback rules %d\n", engineVersion)
	for _, th := range r.regulator.Themes {
		fmt.Fprintf(&b, "theme %s %s %s\n", th.ID, strings.Join(th.Standards, ";"), th.Others)
	}
	for _, name := range engineConcepts {
		if i, ok := r.byName[name]; ok {
			fmt.Fprintf(&b, "concept %s %s\n", name, r.conceptHash(i))
		}
	}
	if len(r.learned) > 0 {
		fmt.Fprintf(&b, "learned %s\n", classify.DefaultDigest())
	}
	r.base = shortSum(b.String())
	h := sha256.New()
	fmt.Fprintln(h, r.base)
	for _, x := range r.rules {
		if x.hash == "" {
			x.hash = r.ruleHash(x)
		}
		fmt.Fprintf(h, "rule %s %s\n", x.ID, x.hash)
	}
	for _, x := range r.learned {
		x.hash = x.ID
		fmt.Fprintf(h, "rule %s\n", x.ID)
	}
	r.hash = hex.EncodeToString(h.Sum(nil))[:16]
}

// learnedSuffix ends the ids of the learned classifiers' rules, which all seem
// to be of one pack.
const (
	learnedSuffix = ".learned"
	learnedPack   = "learned"
)

func (r *Rules) addLearned() {
	for _, th := range r.regulator.Themes {
		r.learned = append(r.learned, &Rule{ID: th.ID + learnedSuffix, Theme: th.ID, Standards: th.Standards,
			Action: store.ActionReview, Why: th.Why, Advice: th.Advice, Pack: learnedPack})
	}
}

func shortSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}

func (r *Rules) conceptHash(i int) string {
	c := r.concepts[i]
	if c.hash != "" {
		return c.hash
	}
	c.hash = "cycle"
	var b strings.Builder
	words := func(label string, list []wordDef) {
		texts := make([]string, len(list))
		for k, w := range list {
			texts[k] = w.text
		}
		slices.Sort(texts)
		fmt.Fprintf(&b, "%s %q\n", label, texts)
	}
	fmt.Fprintf(&b, "%t %t %s\n", c.setting, c.masked, c.check)
	if slices.Contains(builtinNames, c.name) {
		fmt.Fprintln(&b, c.name)
	}
	words("words", c.words)
	words("except", c.except)
	for _, p := range c.patterns {
		fmt.Fprintf(&b, "re %q %t\n", p.re, p.original)
		words("need", p.need)
	}
	for _, in := range c.include {
		fmt.Fprintf(&b, "include %s\n", r.conceptHash(r.byName[in.text]))
	}
	c.hash = shortSum(b.String())
	return c.hash
}

func (r *Rules) ruleHash(x *Rule) string {
	var b strings.Builder
	fmt.Fprintln(&b, x.Theme, x.Standards, x.Action, x.Confidence, x.Kinds, x.NotKinds, x.Audience, x.Author, x.WordsOf,
		x.negated, x.quoted, x.hypothetical, x.question)
	for _, list := range [][]*cond{{x.when}, x.unless, x.lower, x.raise} {
		fmt.Fprintln(&b, "list")
		for _, c := range list {
			r.writeCond(&b, c)
		}
	}
	for _, s := range x.spans {
		fmt.Fprintln(&b, "span", s.text)
	}
	return shortSum(b.String())
}

func (r *Rules) writeCond(b *strings.Builder, c *cond) {
	fmt.Fprintf(b, "(%d %d %t %v", c.op, c.n, c.ordered, c.mods)
	if c.op == opLeaf {
		b.WriteString(r.conceptHash(c.concept))
	}
	for _, k := range c.kids {
		r.writeCond(b, k)
	}
	b.WriteString(")\n")
}
