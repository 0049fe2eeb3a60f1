package classify

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"sort"
	"sync"
	"unicode"
	"unicode/utf8"
)

// KindBase is the first of the buckets behind the hashed ones; there is one
// for each of Kinds. Dim is the number of weights of one head.
const (
	KindBase = 1 << Bits
	Dim      = KindBase + 16
)

// KindValue is the value of the feature that says what kind a text is.
const KindValue = 0.3

// ThemeBits is the size of the feature space of the theme heads, which see
// words and concepts only: they choose among themes once a group is found.
const ThemeBits = 16

// Head is one linear model: its weights are column Head of the model's
// matrix.
type Head struct {
	Name  string  `json:"name"`
	Step  float32 `json:"step"` // what one unit of a quantised weight is worth
	Bias  float32 `json:"bias"`
	Mean  float32 `json:"mean"`  // of the head's score over its training texts,
	Scale float32 `json:"scale"` // and their standard deviation: the stack sees (score-Mean)/Scale
}

// Meta is everything of a model but its matrices.
type Meta struct {
	Format int     `json:"format"`
	Heads  []Head  `json:"heads"`
	Themes []Head  `json:"themes"` // named by theme
	Stack  Logit   `json:"stack"`
	Remove Logit   `json:"remove"` // chance that a breach is a clear one
	Choice Choice  `json:"choice"` // which theme a breach is of
	Flag   float32 `json:"flag"`   // stack probability from which a text is flagged
	// Gate is the small head that reads words one by one and concepts. GateAt
	// is its score below which a text is not looked at further, and RemoveAt the
	// product of the stack's probability and Remove's from which a finding is
	// for removal.
	Gate     Head    `json:"gate"`
	GateAt   float32 `json:"gateAt"`
	RemoveAt float32 `json:"removeAt"`
	// Sieve looks at what passed the gate before all other heads do, and Screen at
	// what passed the sieve.
	Sieve  Sift `json:"sieve"`
	Screen Sift `json:"screen"`
}

// A Sift is a head that lets texts go by: At is its score below which a text is
// not looked at further. Where rules say something, Said joins the score with
// that, and SaidAt is what the two must come to.
type Sift struct {
	Head   Head    `json:"head"`
	At     float32 `json:"at"`
	Said   Logit   `json:"said"`
	SaidAt float32 `json:"saidAt"`
}

// Matrices are the weights of a model, in whole numbers of eight bits.
type Matrices struct {
	// Buckets lists, sorted, the buckets that have weights; Weights has a row
	// of len(Heads) for each.
	Buckets []uint32
	Weights []byte
	Themes  []byte // 1<<ThemeBits rows of len(Meta.Themes)
	Gate    []byte // GateDim weights
	Sieve   []byte // SieveDim weights
	Screen  []byte // as many
}

// Model scores texts. It is safe for concurrent use.
type Model struct {
	Meta
	file    []byte
	gate    []byte
	sieve   []byte
	screen  []byte
	packed  []byte // the rest; see appendPacked
	main    func() *matrices
	ahead   sync.Once // main was called before its matrices were asked for
	signals layout
}

// matrices are what texts need that pass the gate.
type matrices struct {
	table   table
	weights []byte // and some bytes more, since rows are read in whole words
	themes  []byte // and as many

	concepts *pairs
	classes  *pairs
}

// table finds the row of a bucket: a bit for each bucket, and how many are set
// before each word of bits, both side by side since both are asked for.
type table struct {
	words []tableWord
	rows  int
}

type tableWord struct {
	set    uint64
	before int32
}

const tableWords = (Dim + 63) / 64

func newTable(buckets []uint32) table {
	t := table{words: make([]tableWord, tableWords)}
	for _, b := range buckets {
		t.words[b>>6].set |= 1 << (b & 63)
	}
	t.count()
	return t
}

func (t *table) count() {
	t.rows = 0
	for i := range t.words {
		t.words[i].before = int32(t.rows)
		t.rows += bits.OnesCount64(t.words[i].set)
	}
}

// row is -1 for a bucket without weights.
func (t *table) row(b uint32) int32 {
	w, bit := &t.words[b>>6], uint64(1)<<(b&63)
	if w.set&bit == 0 {
		return -1
	}
	return w.before + int32(bits.OnesCount64(w.set&(bit-1)))
}

// appendRows appends the rows of the features that have one. Whether a feature
// has one is hard to foresee, so it asks by arithmetic and not by a branch.
func (t *table) appendRows(rows []int32, list []Feature) []int32 {
	t.touch(list)
	n := len(rows)
	rows = slices.Grow(rows, len(list))[:n+len(list)]
	for i := range list {
		w := &t.words[list[i].Bucket>>6]
		shift := list[i].Bucket & 63
		rows[n] = w.before + int32(bits.OnesCount64(w.set&(1<<shift-1)))
		n += int(w.set >> shift & 1)
	}
	return rows[:n]
}

// touch asks for what is known of all features before the first is looked up:
// much can be on its way at once where nothing else is done between.
//
//go:noinline
func (t *table) touch(list []Feature) (all uint64) {
	words := t.words
	for i := range list {
		all |= words[list[i].Bucket>>6].set
	}
	return all
}

const (
	format    = 7
	sumLen    = 8
	mostHeads = 72 // a multiple of atOnce
)

var magic = []byte("lookback-model\n")

// ErrFormat says that a file is not a model that this version can read.
var ErrFormat = errors.New("not a model that this version of lookback can read")

//go:embed model.bin
var embedded []byte

// Default returns the model that is part of the program. Its matrices are
// unpacked when the first text passes the gate.
var Default = sync.OnceValues(func() (*Model, error) { return open(embedded) })

// DefaultDigest names the model that is part of the program, without reading
// it.
var DefaultDigest = sync.OnceValue(func() string { return digestOf(embedded) })

// digestOf names a model by the checksum that its file begins with, behind the
// magic line; Read compares it with what follows.
func digestOf(file []byte) string {
	return hex.EncodeToString(file[len(magic):][:sumLen])
}

func checksum(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:sumLen]
}

// New puts a model together, or returns ErrFormat where matrices and meta data
// do not fit each other.
func New(meta Meta, x Matrices) (*Model, error) {
	meta.Format = format
	if len(meta.Heads) == 0 || len(x.Weights) != len(x.Buckets)*len(meta.Heads) ||
		len(x.Themes) != (1<<ThemeBits)*len(meta.Themes) || len(x.Gate) != GateDim || len(x.Sieve) != SieveDim || len(x.Screen) != SieveDim {
		return nil, fmt.Errorf("matrices of %d, %d, %d, %d and %d weights do not fit %d heads over %d buckets and %d themes: %w",
			len(x.Weights), len(x.Themes), len(x.Gate), len(x.Sieve), len(x.Screen), len(meta.Heads), len(x.Buckets), len(meta.Themes), ErrFormat)
	}
	for i, b := range x.Buckets {
		if b >= Dim || i > 0 && x.Buckets[i-1] >= b {
			return nil, fmt.Errorf("buckets out of order: %w", ErrFormat)
		}
	}
	b, err := pack(meta, x)
	if err != nil {
		return nil, err
	}
	return Read(b)
}

// pack makes the file of a model: a magic line, a checksum of the rest, the
// length of the meta data, the meta data as JSON, gate, sieve and screen as they
// are, then the bits of the table and the matrices, packed.
func pack(meta Meta, x Matrices) ([]byte, error) {
	head, err := json.Marshal(meta)
	if err != nil {
		return nil, fmt.Errorf("packing the model: %w", err)
	}
	out := slices.Concat(magic, make([]byte, sumLen), binary.LittleEndian.AppendUint32(nil, uint32(len(head))), head, x.Gate, x.Sieve, x.Screen)
	var set []byte
	for _, w := range newTable(x.Buckets).words {
		set = binary.LittleEndian.AppendUint64(set, w.set)
	}
	for _, part := range [][]byte{set, x.Weights, x.Themes} {
		if out, err = appendPacked(out, part); err != nil {
			return nil, err
		}
	}
	copy(out[len(magic):], checksum(out[len(magic)+sumLen:]))
	return out, nil
}

// Write stores the model for Read.
func (m *Model) Write(w io.Writer) error {
	if _, err := w.Write(m.file); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	return nil
}

// Read makes a model of what Write stored, and checks all of it. The model
// keeps b.
func Read(b []byte) (*Model, error) {
	m, err := open(b)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(checksum(b[len(magic)+sumLen:]), b[len(magic):][:sumLen]) {
		return nil, ErrFormat
	}
	if _, err := m.unpack(); err != nil {
		return nil, err
	}
	return m, nil
}

// open reads all but the matrices.
func open(file []byte) (*Model, error) {
	if len(file) < len(magic)+sumLen+4 || !bytes.Equal(file[:len(magic)], magic) {
		return nil, ErrFormat
	}
	b := file[len(magic)+sumLen:]
	n := int(binary.LittleEndian.Uint32(b))
	b = b[4:]
	if n > 1<<20 || n+GateDim+2*SieveDim > len(b) {
		return nil, ErrFormat
	}
	head, b := b[:n], b[n:]
	m := &Model{file: file, gate: b[:GateDim], sieve: b[GateDim:][:SieveDim], screen: b[GateDim+SieveDim:][:SieveDim], packed: b[GateDim+2*SieveDim:]}
	if err := json.Unmarshal(head, &m.Meta); err != nil {
		return nil, fmt.Errorf("reading the model: %w", err)
	}
	if m.Format != format || len(m.Heads) == 0 || len(m.Heads) > mostHeads || len(m.Themes) > 256 || len(m.Choice.Bias) != len(m.Themes) {
		return nil, ErrFormat
	}
	m.signals = newLayout(&m.Meta)
	m.prepare()
	m.main = sync.OnceValue(func() *matrices {
		x, err := m.unpack()
		if err != nil {
			panic("the model inside the program is damaged: " + err.Error())
		}
		return x
	})
	return m, nil
}

// unpack reads the matrices, into one piece of memory.
func (m *Model) unpack() (*matrices, error) {
	set := make([]byte, 8*tableWords)
	rest, err := unpackInto(m.packed, set)
	if err != nil {
		return nil, err
	}
	x := &matrices{table: table{words: make([]tableWord, tableWords)},
		concepts: newPairs(conceptPairs), classes: newPairs(classPairs)}
	for i := range x.table.words {
		x.table.words[i].set = binary.LittleEndian.Uint64(set[8*i:])
	}
	x.table.count()
	weights, themes := x.table.rows*len(m.Heads), (1<<ThemeBits)*len(m.Themes)
	all := make([]byte, weights+rowSlack+themes+rowSlack)
	largePages(all)
	x.weights, x.themes = all[:weights+rowSlack:weights+rowSlack], all[weights+rowSlack:]
	if rest, err = unpackInto(rest, x.weights[:weights], x.themes[:themes]); err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, ErrFormat
	}
	return x, nil
}

// Digest names the model: the same weights have the same digest.
func (m *Model) Digest() string { return digestOf(m.file) }

// Scores fills out, which has room for len(Heads), with the score of every
// head.
func (m *Model) Scores(f *Features, out []float32) {
	x, h := m.main(), len(m.Heads)
	clear(out[:h])
	var acc [mostHeads]int32
	if h > pairHeads {
		f.Blocks()
	}
	for i, block := range f.blocks() {
		switch {
		case i == 1 && !f.spelled:
			block.Value = charWeight * scale(f.sumRuns(x, h, &acc))
		case i == 2 && f.paired && h <= pairHeads:
			f.sumPairs(x, x.concepts, f.names, h, &acc)
			f.rows = x.table.appendRows(f.rows[:0], f.Extras[len(f.Extras)-f.rules:])
			x.addRows(f.rows, h, &acc)
		case i == 3 && !f.classed:
			n := len(f.classes)
			f.sumPairs(x, x.classes, f.classes, h, &acc)
			block.Value = classWeight * scale(n+n*(n-1)/2)
		default:
			f.rows = x.table.appendRows(f.rows[:0], block.Features)
			sumRows(x.weights, f.rows, h, h, &acc)
		}
		for k := range out[:h] {
			out[k] += block.Value * float32(acc[k])
		}
	}
	kind := x.table.row(uint32(KindBase + f.Kind))
	for k := range out[:h] {
		if kind >= 0 {
			out[k] += KindValue * float32(int8(x.weights[int(kind)*h+k]))
		}
		out[k] = out[k]*m.Heads[k].Step + m.Heads[k].Bias
	}
}

// addRows adds the weights of a few rows.
func (x *matrices) addRows(rows []int32, h int, acc *[mostHeads]int32) {
	for _, r := range rows {
		for k, w := range x.weights[int(r)*h:][:h] {
			acc[k] += int32(int8(w))
		}
	}
}

// signs turns eight weights into eight numbers from 0 to 255.
const (
	signs = 0x8080808080808080
	lanes = 0x00ff00ff00ff00ff // every other byte of a word
)

const (
	atOnce   = 24     // weights of a row that are added in one pass
	rowSlack = atOnce // bytes behind the last row
)

// sumRows fills acc with the sums of the first h weights of the named rows,
// which are stride bytes long. It adds 24 weights at once, four in each of six
// words, and empties those before they can overflow.
func sumRows(weights []byte, rows []int32, stride, h int, acc *[mostHeads]int32) {
	clear(acc[:])
	for len(rows) > 0 {
		part := rows[:min(mostRows, len(rows))]
		rows = rows[len(part):]
		touch(weights, part, stride)
		for at := 0; at < h; at += atOnce {
			var sum [atOnce / 4]uint64
			sumPart(weights[at:], part, stride, &sum)
			unlane(&sum, min(atOnce, h-at), len(part), acc[at:])
		}
	}
}

// unlane adds the first h sums of so many rows to acc.
func unlane(sum *[atOnce / 4]uint64, h, rows int, acc []int32) {
	bias := int32(rows) * 128
	for k := range acc[:h] {
		acc[k] += int32(sum[k>>3<<1|k&1]>>(k>>1&3*16)&0xffff) - bias
	}
}

// touch asks for all rows before the first is used. They lie far apart, and
// many can be on their way at once where nothing else is done between.
//
//go:noinline
func touch(weights []byte, rows []int32, stride int) (all byte) {
	for _, r := range rows {
		row := weights[int(r)*stride:][:atOnce]
		all |= row[0] | row[atOnce-1]
	}
	return all
}

// touchHead does the same for one weight of each row; rows may be -1.
//
//go:noinline
func touchHead(weights []byte, rows []int32, stride int) (all byte) {
	for _, r := range rows {
		all |= weights[max(int(r), 0)*stride]
	}
	return all
}

// touchThemes does the same for rows that are longer than one line of a cache.
//
//go:noinline
func touchThemes(weights []byte, rows []int32, stride int) (all byte) {
	for _, r := range rows {
		row := weights[int(r)*stride:][:stride]
		all |= row[0] | row[stride-1]
	}
	return all
}

// sumPart adds the first 24 weights of each row: those of the k-th eight in
// sum[2k], every other one, and sum[2k+1].
func sumPart(weights []byte, rows []int32, stride int, sum *[atOnce / 4]uint64) {
	var a, b, c, d, e, f uint64
	for _, r := range rows {
		row := weights[int(r)*stride:][:atOnce]
		x := binary.LittleEndian.Uint64(row) ^ signs
		y := binary.LittleEndian.Uint64(row[8:]) ^ signs
		z := binary.LittleEndian.Uint64(row[16:]) ^ signs
		a, b = a+x&lanes, b+x>>8&lanes
		c, d = c+y&lanes, d+y>>8&lanes
		e, f = e+z&lanes, f+z>>8&lanes
	}
	*sum = [...]uint64{a, b, c, d, e, f}
}

// ThemeScores fills out, which has room for len(Themes).
func (m *Model) ThemeScores(f *Features, out []float32) {
	matrix, h := m.main().themes, len(m.Themes)
	clear(out[:h])
	f.classify()
	blocks := f.blocks()
	for _, block := range [...]Block{blocks[0], blocks[2], blocks[3]} {
		f.rows = f.rows[:0]
		for _, x := range block.Features {
			f.rows = append(f.rows, int32(x.Bucket>>(Bits-ThemeBits)))
		}
		touchThemes(matrix, f.rows, h)
		for at := 0; at < h; at += mostHeads {
			var acc [mostHeads]int32
			some := out[at:min(h, at+mostHeads)]
			sumRows(matrix[at:], f.rows, h, len(some), &acc)
			for k := range some {
				some[k] += block.Value * float32(acc[k])
			}
		}
	}
	for k := range out[:h] {
		out[k] = out[k]*m.Themes[k].Step + m.Themes[k].Bias
	}
}

// Familiar is the share of the words of a text that have a weight of their own,
// 1 where it has none: little of a text in another language is familiar.
func (m *Model) Familiar(f *Features, text string) float64 {
	table := &m.main().table
	words, known := 0, 0
	for _, t := range f.tokens {
		if r, _ := utf8.DecodeRuneInString(text[t.start:]); !unicode.IsLetter(r) {
			continue
		}
		words++
		if table.row(bucket(nextWord(seedWord, t.hash))) >= 0 {
			known++
		}
	}
	if words == 0 {
		return 1
	}
	return float64(known) / float64(words)
}

// Carriers returns the byte ranges that spoke most for head, strongest first,
// at most n and not overlapping.
func (m *Model) Carriers(f *Features, head, n int) []Feature {
	main, h := m.main(), len(m.Heads)
	votes := make([]float32, len(f.tokens)) // by token, so that sequences of characters and words add up
	spread := func(list []Feature, value float32) {
		main.table.touch(list)
		f.rows = f.rows[:0]
		for _, x := range list {
			f.rows = append(f.rows, main.table.row(x.Bucket))
		}
		touchHead(main.weights[head:], f.rows, h)
		for i, x := range list {
			r := f.rows[i]
			if r < 0 {
				continue
			}
			v := value * float32(int8(main.weights[int(r)*h+head]))
			first := sort.Search(len(f.tokens), func(i int) bool { return f.tokens[i].end > x.Start })
			last := first
			for last < len(f.tokens) && f.tokens[last].start < x.End {
				last++
			}
			for i := first; i < last; i++ {
				votes[i] += v / float32(last-first)
			}
		}
	}
	blocks := f.Blocks()
	spread(blocks[0].Features, blocks[0].Value)
	spread(blocks[1].Features, blocks[1].Value)
	var best []int
	for i, t := range f.tokens {
		if votes[i] > 0 && t.end-t.start > 1 {
			best = append(best, i)
		}
	}
	slices.SortStableFunc(best, func(a, b int) int { return cmp.Compare(votes[b], votes[a]) })
	out := make([]Feature, 0, n)
	for _, i := range best[:min(n, len(best))] {
		out = append(out, Feature{Start: f.tokens[i].start, End: f.tokens[i].end})
	}
	return out
}

// Probability squashes a score.
func Probability(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

// Group names the family of themes that one head learns.
func Group(theme string) string {
	switch theme {
	case "":
		return ""
	case "stigma.service-users":
		return "stigma"
	case "privacy.third-party", "privacy.access":
		return "third-party"
	case "trust.drugs", "trust.alcohol", "trust.medicines":
		return "substances"
	case "trust.dishonesty", "trust.crime", "trust.nondeclaration", "trust.employer-secrets":
		return "honesty"
	case "trust.violence", "trust.sexual", "trust.extremism", "trust.mockery", "trust.neglect":
		return "conduct"
	}
	for i := range theme {
		if theme[i] == '.' {
			return theme[:i]
		}
	}
	return theme
}
