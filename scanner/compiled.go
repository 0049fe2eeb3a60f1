package scanner

import (
	_ "embed"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"slices"
	"sync"

	"lookback/store"
)

// The built-in packs are part of the program twice: as the YAML that people
// write, and compiled, since to compile them takes far longer than to judge a
// post. The YAML decides: what was compiled of other YAML is not used, and a
// test compares both.
//
//go:generate go test -run ^TestCompiled$ -update-compiled .
//go:generate go test ./classify -run ^TestPackedWords$ -update-words
//go:embed data/packs.bin
var compiledPacks string

// compiledFormat changes with the layout of the compiled packs.
const compiledFormat = 3

// packsDigest tells the files that packs.bin was made of from others; nil where
// they cannot be read. Files differ here by accident, not by malice: a checksum
// is enough, and takes a tenth of the time whenever the program starts.
func packsDigest() []byte {
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if digestPacks(h) != nil {
		return nil
	}
	for _, list := range []string{englishText, namesText, notNamesText} {
		io.WriteString(h, list)
	}
	return h.Sum([]byte{compiledFormat})
}

func digestPacks(h hash.Hash) error {
	names, err := fs.Glob(embedded, "packs/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		f, err := embedded.Open(name)
		if err != nil {
			return err
		}
		n, err := io.Copy(h, f)
		if err != nil {
			return err
		}
		h.Write(binary.AppendUvarint([]byte(name), uint64(n)))
	}
	return nil
}

// compiledRules returns the built-in rules, or nil where they were not compiled
// of the YAML that is there.
func compiledRules() *Rules {
	want := packsDigest()
	if len(want) == 0 || len(compiledPacks) < len(want) || compiledPacks[:len(want)] != string(want) {
		return nil
	}
	w := &wire{in: compiledPacks[len(want):], reading: true}
	r := &Rules{}
	w.rules(r)
	r.tables = w.in
	return r
}

// compile writes rules that have been signed, and what is made of them.
func compile(r *Rules, t *tables) []byte {
	w := &wire{out: packsDigest()}
	w.rules(r)
	w.tables(t)
	return w.out
}

// tables are what the word lists of all concepts become.
type tables struct {
	freqs []float64 // how often each list matches, as compiler.list returned it
	lex   *lexicon
	auto  *automaton
}

// A wire writes values, or reads them in the same order: one description of
// what is compiled does for both. What it reads is part of the program.
type wire struct {
	out     []byte
	in      string
	reading bool
}

type whole interface {
	~int | ~int32 | ~uint8 | ~uint16
}

func num[T whole](w *wire, p *T) {
	if !w.reading {
		w.out = binary.AppendVarint(w.out, int64(*p))
		return
	}
	*p = T(w.varint())
}

func (w *wire) varint() int64 {
	if c := w.in[0]; c < 0x80 {
		w.in = w.in[1:]
		return int64(c>>1) ^ -int64(c&1)
	}
	var u uint64
	for i := 0; ; i++ {
		c := w.in[i]
		u |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			w.in = w.in[i+1:]
			return int64(u>>1) ^ -int64(u&1)
		}
	}
}

func str[T ~string](w *wire, p *T) {
	n := len(*p)
	num(w, &n)
	if !w.reading {
		w.out = append(w.out, *p...)
		return
	}
	*p, w.in = T(w.in[:n]), w.in[n:]
}

func (w *wire) flag(p *bool) {
	var n uint8
	if *p {
		n = 1
	}
	num(w, &n)
	*p = n == 1
}

func (w *wire) float(p *float64) {
	if !w.reading {
		w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(*p))
		return
	}
	*p = math.Float64frombits(binary.LittleEndian.Uint64([]byte(w.in[:8])))
	w.in = w.in[8:]
}

// list handles the items of a list; one without items is nil afterwards.
func list[T any](w *wire, p *[]T, each func(*T)) {
	n := len(*p)
	num(w, &n)
	if w.reading && n > 0 {
		*p = make([]T, n)
		clear(*p) // a page that is read before it is written to costs twice
	}
	for i := range *p {
		each(&(*p)[i])
	}
}

func texts[T ~string](w *wire, p *[]T) { list(w, p, func(s *T) { str(w, s) }) }

// pointers handles a list of pointers, none of them nil.
func pointers[T any](w *wire, p *[]*T, each func(*T)) {
	list(w, p, func(x **T) {
		if w.reading {
			*x = new(T)
		}
		each(*x)
	})
}

func (w *wire) rules(r *Rules) {
	str(w, &r.name)
	w.regulator(&r.regulator)
	pointers(w, &r.concepts, w.concept)
	pointers(w, &r.rules, w.rule)
	if !w.reading {
		return
	}
	r.byName = make(map[string]int, len(r.concepts))
	for i, c := range r.concepts {
		if c.name != "" {
			r.byName[c.name] = i
		}
	}
}

func (w *wire) regulator(r *Regulator) {
	str(w, &r.Regulator)
	str(w, &r.Body)
	str(w, &r.Name)
	list(w, &r.Standards, func(s *store.Standard) {
		str(w, &s.Number)
		str(w, &s.Title)
		str(w, &s.Text)
	})
	list(w, &r.Themes, func(t *Theme) {
		for _, s := range []*string{&t.ID, &t.Title, &t.Definition, &t.Why, &t.Advice, &t.Others} {
			str(w, s)
		}
		texts(w, &t.Standards)
	})
}

func (w *wire) words(p *[]wordDef) {
	list(w, p, func(d *wordDef) {
		str(w, &d.text)
		num(w, &d.line)
	})
}

func (w *wire) concept(c *conceptDef) {
	for _, s := range []*string{&c.name, &c.about, &c.check, &c.hash} {
		str(w, s)
	}
	w.words(&c.words)
	w.words(&c.except)
	w.words(&c.include)
	list(w, &c.patterns, func(p *patternDef) {
		str(w, &p.re)
		w.words(&p.need)
		w.flag(&p.original)
		num(w, &p.line)
	})
	w.flag(&c.setting)
	w.flag(&c.masked)
	w.flag(&c.extend)
	num(w, &c.line)
	w.source(&c.src)
}

// source keeps the name of a file for errors, not its lines.
func (w *wire) source(p **source) {
	if w.reading {
		*p = &source{}
	}
	str(w, &(*p).file)
}

func (w *wire) rule(r *Rule) {
	for _, s := range []*string{&r.ID, &r.Theme, &r.Why, &r.Advice, &r.Author, &r.WordsOf, &r.Pack, &r.File, &r.hash} {
		str(w, s)
	}
	texts(w, &r.Standards)
	str(w, &r.Action)
	w.float(&r.Confidence)
	texts(w, &r.Kinds)
	texts(w, &r.NotKinds)
	texts(w, &r.Audience)
	num(w, &r.Line)
	for _, l := range []*[]Example{&r.Match, &r.Not} {
		list(w, l, func(x *Example) {
			str(w, &x.Kind)
			str(w, &x.Bio)
			str(w, &x.Text)
			num(w, &x.line)
		})
	}
	if w.reading {
		r.when = new(cond)
	}
	w.cond(r.when)
	for _, l := range []*[]*cond{&r.unless, &r.lower, &r.raise} {
		pointers(w, l, w.cond)
	}
	for _, p := range []*policy{&r.negated, &r.quoted, &r.hypothetical, &r.question} {
		num(w, p)
	}
	w.words(&r.spans)
	w.source(&r.src)
}

func (w *wire) cond(c *cond) {
	num(w, &c.op)
	pointers(w, &c.kids, w.cond)
	str(w, &c.name)
	num(w, &c.concept)
	num(w, &c.n)
	w.flag(&c.ordered)
	num(w, &c.mods.negated)
	num(w, &c.mods.quoted)
	num(w, &c.mods.by)
	w.flag(&c.mods.first)
	num(w, &c.line)
}

func (w *wire) tables(t *tables) {
	list(w, &t.freqs, w.float)
	words := &wire{}
	words.lexicon(t.lex)
	packed := string(words.out)
	str(w, &packed)
	w.automaton(t.auto)
}

// readTables is the inverse of tables. It returns once it has read how often
// lists match, and wait does once the rest is read.
func (w *wire) readTables(t *tables) (wait func()) {
	t.lex, t.auto = &lexicon{}, &automaton{}
	list(w, &t.freqs, w.float)
	words := &wire{reading: true}
	str(w, &words.in)
	var wg sync.WaitGroup
	wg.Go(func() { words.lexicon(t.lex) })
	wg.Go(func() { w.automaton(t.auto) })
	return wg.Wait
}

func (w *wire) lexicon(l *lexicon) {
	var all []int32 // the classes of all words, one after the other
	total := 0
	for i := range l.entries {
		total += len(l.entries[i].ids)
	}
	if num(w, &total); w.reading {
		all = make([]int32, 0, total)
	}
	list(w, &l.entries, func(e *lexEntry) {
		str(w, &e.word)
		num(w, &e.flags)
		cost := int(math.Float32bits(e.cost))
		num(w, &cost)
		e.cost = math.Float32frombits(uint32(cost))
		n := len(e.ids)
		if num(w, &n); w.reading {
			all = all[:len(all)+n]
			e.ids = all[len(all)-n : len(all) : len(all)]
		}
		for i := range e.ids {
			num(w, &e.ids[i])
		}
	})
	w.beginnings(l)
	if w.reading {
		l.file()
	}
	list(w, &l.maskable, func(m *maskWord) {
		str(w, &m.word)
		w.flag(&m.prefix)
		w.flag(&m.common)
		if w.reading {
			m.ids = l.classes(l.find(hashString(m.word)))
		}
	})
}

func (w *wire) beginnings(l *lexicon) {
	type beginning struct {
		hash uint64
		id   int32
	}
	var pre []beginning
	for h, id := range l.pre {
		pre = append(pre, beginning{h, id})
	}
	slices.SortFunc(pre, func(a, b beginning) int { return int(a.id - b.id) })
	long := func(p *uint64) {
		f := math.Float64frombits(*p)
		w.float(&f)
		*p = math.Float64bits(f)
	}
	list(w, &pre, func(x *beginning) {
		long(&x.hash)
		num(w, &x.id)
	})
	long(&l.preLens)
	if w.reading {
		l.pre = make(map[uint64]int32, len(pre))
		for _, x := range pre {
			l.pre[x.hash] = x.id
		}
		l.notePrefixes()
	}
}

// automaton handles the nodes in their order, each with the concepts that it
// accepts, and behind them the edges of all.
func (w *wire) automaton(a *automaton) {
	list(w, &a.root, func(n *int32) { num(w, n) })
	num(w, &a.rootSet)
	accepts := len(a.accepts)
	if num(w, &accepts); w.reading {
		a.accepts = make([]int32, 0, accepts)
	}
	slots := int32(0)
	list(w, &a.nodes, func(n *node) {
		w.accepts(a, n)
		if w.flag(&n.kids); !n.kids {
			return
		}
		if num(w, &n.log); w.reading {
			n.edges = slots
			slots += 1 << n.log
		}
	})
	if w.reading {
		w.readEdges(a, slots)
	} else {
		w.writeEdges(a)
	}
}

// writeEdges writes the slots of all nodes as they lie in memory: to file a
// million edges anew would take most of the time that the program needs to
// start.
func (w *wire) writeEdges(a *automaton) {
	le := binary.LittleEndian
	for i := range a.nodes {
		narrow, wide := a.slots(&a.nodes[i])
		for _, e := range narrow {
			w.out = le.AppendUint32(w.out, uint32(e))
		}
		for _, e := range wide {
			w.out = le.AppendUint32(le.AppendUint32(w.out, uint32(e.id)), uint32(e.to))
		}
	}
}

func (w *wire) readEdges(a *automaton, slots int32) {
	if fits(len(a.root), len(a.nodes)) {
		a.edges = make([]edge, slots)
		for i := range a.edges {
			a.edges[i] = edge(w.fixed(4 * i))
		}
		w.in = w.in[4*slots:]
	} else {
		a.wide = make([]wideEdge, slots)
		for i := range a.wide {
			a.wide[i] = wideEdge{int32(w.fixed(8 * i)), int32(w.fixed(8*i + 4))}
		}
		w.in = w.in[8*slots:]
	}
	for i := range a.nodes {
		a.nodes[i].lead(a)
	}
}

// fixed is the number of four bytes that is i bytes ahead.
func (w *wire) fixed(i int) uint32 {
	b := w.in[i : i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func (w *wire) accepts(a *automaton, n *node) {
	k := n.acceptEnd - n.accept
	if num(w, &k); w.reading {
		n.accept = int32(len(a.accepts))
		n.acceptEnd = n.accept + k
		a.accepts = a.accepts[:n.acceptEnd]
	}
	for i := n.accept; i < n.acceptEnd; i++ {
		num(w, &a.accepts[i])
	}
}
