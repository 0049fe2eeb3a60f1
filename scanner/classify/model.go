package classify

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
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
const ThemeBits = 15

// Head is one linear model: its weights are column Head of the model's
// matrix.
type Head struct {
	Name  string  `json:"name"`
	Step  float32 `json:"step"` // what one unit of a quantised weight is worth
	Bias  float32 `json:"bias"`
	Mean  float32 `json:"mean"`  // of the head's score over its training texts,
	Scale float32 `json:"scale"` // and their standard deviation: the stack sees (score-Mean)/Scale
}

// Logit is a weighted sum of signals, squashed to a probability.
type Logit struct {
	Bias    float32            `json:"bias"`
	Weights map[string]float32 `json:"weights"`
}

// Meta is everything of a model but its matrices.
type Meta struct {
	Format int              `json:"format"`
	Data   string           `json:"data"` // digest of the training texts
	Heads  []Head           `json:"heads"`
	Themes []Head           `json:"themes"` // named by theme
	Stack  Logit            `json:"stack"`
	Groups map[string]Logit `json:"groups"` // chance of each group of themes
	Remove Logit            `json:"remove"` // chance that a breach is a clear one
	Flag   float32          `json:"flag"`   // stack probability from which a text is flagged
	// GateAt is the score of the first head below which a text is not looked
	// at further, and RemoveAt the product of the stack's probability and
	// Remove's from which a finding is for removal.
	GateAt   float32           `json:"gateAt"`
	RemoveAt float32           `json:"removeAt"`
	Note     map[string]string `json:"note,omitempty"`
}

// Model scores texts. It is safe for concurrent use.
type Model struct {
	Meta
	weights []int8 // Dim rows of len(Heads)
	gate    []int8 // column 0 alone: read for every text
	themes  []int8 // 1<<ThemeBits rows of len(Themes)
	once    sync.Once
	digest  string
}

const format = 1

var magic = []byte("lookback-model\n")

// ErrFormat says that a file is not a model that this version can read.
var ErrFormat = errors.New("not a model that this version of lookback can read")

//go:embed model.bin
var embedded []byte

// Default returns the model that is part of the program. It is unpacked at the
// first call.
var Default = sync.OnceValues(func() (*Model, error) {
	return Read(bytes.NewReader(embedded))
})

// DefaultDigest names the model that is part of the program, without unpacking
// it.
var DefaultDigest = sync.OnceValue(func() string {
	sum := sha256.Sum256(embedded)
	return hex.EncodeToString(sum[:8])
})

// New puts a model together. weights has Dim rows of len(meta.Heads), themes
// has 1<<ThemeBits rows of len(meta.Themes).
func New(meta Meta, weights, themes []int8) (*Model, error) {
	meta.Format = format
	if len(weights) != Dim*len(meta.Heads) || len(themes) != (1<<ThemeBits)*len(meta.Themes) || len(meta.Heads) == 0 {
		return nil, fmt.Errorf("matrices of %d and %d weights do not fit %d heads and %d themes: %w",
			len(weights), len(themes), len(meta.Heads), len(meta.Themes), ErrFormat)
	}
	m := &Model{Meta: meta, weights: weights, themes: themes, gate: make([]int8, Dim)}
	for i := range m.gate {
		m.gate[i] = weights[i*len(meta.Heads)]
	}
	return m, nil
}

// Write stores the model: a magic line, the length of the meta data, the meta
// data as JSON, then both matrices, deflated.
func (m *Model) Write(w io.Writer) error {
	head, err := json.Marshal(m.Meta)
	if err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	var buf bytes.Buffer
	buf.Write(magic)
	if err := binary.Write(&buf, binary.LittleEndian, uint32(len(head))); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	buf.Write(head)
	z, err := flate.NewWriter(&buf, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	for _, matrix := range [][]int8{columns(m.weights, len(m.Heads)), columns(m.themes, len(m.Themes))} {
		if _, err := z.Write(asBytes(matrix)); err != nil {
			return fmt.Errorf("writing the model: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	_, err = w.Write(buf.Bytes())
	return err
}

// Read loads what Write stored.
func Read(r io.Reader) (*Model, error) {
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(r, start); err != nil || !bytes.Equal(start[:len(magic)], magic) {
		return nil, ErrFormat
	}
	n := binary.LittleEndian.Uint32(start[len(magic):])
	if n > 1<<20 {
		return nil, ErrFormat
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("reading the model: %w", err)
	}
	var meta Meta
	if err := json.Unmarshal(head, &meta); err != nil {
		return nil, fmt.Errorf("reading the model: %w", err)
	}
	if meta.Format != format || len(meta.Heads) > 64 || len(meta.Themes) > 256 {
		return nil, ErrFormat
	}
	z := flate.NewReader(r)
	weights := make([]byte, Dim*len(meta.Heads))
	themes := make([]byte, (1<<ThemeBits)*len(meta.Themes))
	for _, b := range [][]byte{weights, themes} {
		if _, err := io.ReadFull(z, b); err != nil {
			return nil, fmt.Errorf("reading the model: %w", err)
		}
	}
	if n, err := z.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		return nil, ErrFormat
	}
	return New(meta, rows(weights, len(meta.Heads)), rows(themes, len(meta.Themes)))
}

// columns turns rows of n weights into n columns, which deflate better: most
// of a head's weights are zero.
func columns(m []int8, n int) []int8 {
	out := make([]int8, len(m))
	if n == 0 {
		return out
	}
	rows := len(m) / n
	for i, x := range m {
		out[(i%n)*rows+i/n] = x
	}
	return out
}

func rows(b []byte, n int) []int8 {
	out := make([]int8, len(b))
	if n == 0 {
		return out
	}
	rows := len(b) / n
	for i := range out {
		out[i] = int8(b[(i%n)*rows+i/n])
	}
	return out
}

func asBytes(m []int8) []byte {
	b := make([]byte, len(m))
	for i, x := range m {
		b[i] = byte(x)
	}
	return b
}

// Gate returns the score of the first head alone, which costs one byte of
// memory for each feature.
func (m *Model) Gate(f *Features) float32 {
	w, c, e := f.Scales()
	sum := func(list []Feature) float32 {
		var s int32
		for _, x := range list {
			s += int32(m.gate[x.Bucket])
		}
		return float32(s)
	}
	raw := w*sum(f.Words) + c*sum(f.Chars) + e*sum(f.Extras) + KindValue*float32(m.gate[KindBase+f.Kind])
	return raw*m.Heads[0].Step + m.Heads[0].Bias
}

// Scores fills out, which has room for len(Heads), with the score of every
// head.
func (m *Model) Scores(f *Features, out []float32) {
	h := len(m.Heads)
	acc := make([]int32, h)
	clear(out[:h])
	w, c, e := f.Scales()
	for _, block := range []struct {
		list  []Feature
		value float32
	}{{f.Words, w}, {f.Chars, c}, {f.Extras, e}} {
		clear(acc)
		for _, x := range block.list {
			row := m.weights[int(x.Bucket)*h : int(x.Bucket)*h+h]
			for k, v := range row {
				acc[k] += int32(v)
			}
		}
		for k, v := range acc {
			out[k] += block.value * float32(v)
		}
	}
	row := m.weights[(KindBase+f.Kind)*h : (KindBase+f.Kind)*h+h]
	for k, v := range row {
		out[k] = (out[k]+KindValue*float32(v))*m.Heads[k].Step + m.Heads[k].Bias
	}
}

// ThemeScores fills out, which has room for len(Themes).
func (m *Model) ThemeScores(f *Features, out []float32) {
	h := len(m.Themes)
	clear(out[:h])
	w, _, e := f.Scales()
	for _, block := range []struct {
		list  []Feature
		value float32
	}{{f.Words, w}, {f.Extras, e}} {
		for _, x := range block.list {
			b := int(x.Bucket >> (Bits - ThemeBits))
			for k, v := range m.themes[b*h : b*h+h] {
				out[k] += block.value * float32(v)
			}
		}
	}
	for k := range out[:h] {
		out[k] = out[k]*m.Themes[k].Step + m.Themes[k].Bias
	}
}

// Carriers returns the byte ranges that spoke most for head, strongest first,
// at most n and not overlapping.
func (m *Model) Carriers(f *Features, head, n int) []Feature {
	h := len(m.Heads)
	w, c, _ := f.Scales()
	votes := map[int32]float32{} // by byte, so that sequences of characters and words add up
	end := map[int32]int32{}
	for _, t := range f.tokens {
		end[t.start] = t.end
	}
	spread := func(list []Feature, value float32) {
		for _, x := range list {
			v := value * float32(m.weights[int(x.Bucket)*h+head])
			var inside []int32
			for _, t := range f.tokens {
				if t.start < x.End && t.end > x.Start {
					inside = append(inside, t.start)
				}
			}
			for _, s := range inside {
				votes[s] += v / float32(len(inside))
			}
		}
	}
	spread(f.Words, w)
	spread(f.Chars, c)
	best := make([]token, 0, len(f.tokens))
	for _, t := range f.tokens {
		if votes[t.start] > 0 && t.end-t.start > 1 {
			best = append(best, t)
		}
	}
	slices.SortStableFunc(best, func(a, b token) int {
		switch va, vb := votes[a.start], votes[b.start]; {
		case va > vb:
			return -1
		case va < vb:
			return 1
		}
		return int(a.start - b.start)
	})
	out := make([]Feature, 0, n)
	for _, t := range best[:min(n, len(best))] {
		out = append(out, Feature{Start: t.start, End: t.end})
	}
	return out
}

// Probability squashes a score.
func Probability(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

// Signals names what the joined models see: the heads' scores brought to one
// scale, the evidence of the group heads together, and what the rules say
// ("rule:" and a group or action, the confidence of the strongest).
func (m *Meta) Signals(scores []float32, rules map[string]float32) map[string]float32 {
	out := make(map[string]float32, len(scores)+len(rules)+1)
	sum := 0.0
	for h, head := range m.Heads {
		out[head.Name] = (scores[h] - head.Mean) / head.Scale
		if !general[head.Name] && !strings.HasPrefix(head.Name, "corpus:") {
			sum += 1 / (1 + math.Exp(-2*float64(scores[h])))
		}
	}
	out["groups"] = float32(math.Log(sum + 1e-6))
	for k, v := range rules {
		out[k] = v
	}
	return out
}

// general are the heads that are not a group's.
var general = map[string]bool{"breach": true, "bayes": true, "concepts": true, "remove": true}

// Score is the weighted sum of signals.
func (l Logit) Score(signals map[string]float32) float32 {
	s := l.Bias
	for _, name := range l.names() {
		s += l.Weights[name] * signals[name]
	}
	return s
}

// Probability is Score squashed to 0..1.
func (l Logit) Probability(signals map[string]float32) float32 {
	return Probability(l.Score(signals))
}

// names are sorted, so that sums of floats are the same on every run.
func (l Logit) names() []string {
	out := make([]string, 0, len(l.Weights))
	for k := range l.Weights {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Digest names the model: the same weights have the same digest.
func (m *Model) Digest() string {
	m.once.Do(func() {
		h := sha256.New()
		head, err := json.Marshal(m.Meta)
		if err == nil {
			h.Write(head)
		}
		h.Write(asBytes(m.weights))
		h.Write(asBytes(m.themes))
		m.digest = hex.EncodeToString(h.Sum(nil))[:16]
	})
	return m.digest
}

// GroupNames lists the groups of themes, sorted.
func (m *Meta) GroupNames() []string {
	out := make([]string, 0, len(m.Groups))
	for g := range m.Groups {
		out = append(out, g)
	}
	slices.Sort(out)
	return out
}

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
