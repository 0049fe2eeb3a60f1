package classify

import (
	"math"
	"slices"
)

// Most posts never reach the heads: the gate reads their words one by one and
// their concepts; the sieve, for those that pass the gate, sequences of words
// and pairs of concepts; and the screen, for those that pass the sieve, units in
// their order beside. Each has one row of weights, small enough to stay near the
// processor.

// GateBits is the size of the gate's own space of words and concepts; behind
// it there is a weight for each of Kinds.
const (
	GateBits = 16
	GateDim  = 1<<GateBits + 16
)

// SieveBits is the size of the spaces of sieve and screen: the upper bits of a
// feature's bucket. Behind it there is a weight for each of Kinds.
const (
	SieveBits = 18
	SieveDim  = 1<<SieveBits + 16
)

// evenly is the value of one of n features that together have the length 1.
func evenly(n int) float32 {
	if n == 0 {
		return 0
	}
	return float32(1 / math.Sqrt(float64(n)))
}

func gateWord(h uint64) uint32    { return uint32((h ^ h>>29) * 0xd6e8feb86659fd93 >> (64 - GateBits)) }
func gateConcept(h uint64) uint32 { return gateWord(h ^ seedExtra) }

// GateScore is the score of the gate for a text of which Start has read the
// words; concepts are the single concepts found in it.
func (m *Model) GateScore(f *Features, concepts []uint64) float32 {
	var words, named int32
	for _, t := range f.tokens {
		words += int32(int8(m.gate[gateWord(t.hash)]))
	}
	for _, c := range concepts {
		named += int32(int8(m.gate[gateConcept(c)]))
	}
	kind := int32(int8(m.gate[1<<GateBits+f.Kind]))
	raw := evenly(len(f.tokens))*float32(words) + evenly(len(concepts))*float32(named) + KindValue*float32(kind)
	return raw*m.Meta.Gate.Step + m.Meta.Gate.Bias
}

// GateFeatures calls add with everything that GateScore sums, for training.
func (f *Features) GateFeatures(concepts []uint64, add func(bucket uint32, value float32)) {
	for _, t := range f.tokens {
		add(gateWord(t.hash), evenly(len(f.tokens)))
	}
	for _, c := range concepts {
		add(gateConcept(c), evenly(len(concepts)))
	}
	add(uint32(1<<GateBits+f.Kind), KindValue)
}

const sieveShift = Bits - SieveBits

// SieveScore is the score of the sieve for a text of which Widen has read the
// sequences of words and the concepts.
func (m *Model) SieveScore(f *Features) float32 {
	raw := f.sift(m.sieve)
	return raw*m.Sieve.Head.Step + m.Sieve.Head.Bias
}

// ScreenScore is the score of the screen for a text of which Complete has put
// the units in their order.
func (m *Model) ScreenScore(f *Features) float32 {
	var units int32
	for _, x := range f.Order {
		units += int32(int8(m.screen[x.Bucket>>sieveShift]))
	}
	raw := f.sift(m.screen) + orderWeight*evenly(len(f.Order))*float32(units)
	return raw*m.Screen.Head.Step + m.Screen.Head.Bias
}

// sift sums what sieve and screen both look at.
func (f *Features) sift(weights []byte) float32 {
	var words, named int32
	for _, x := range f.Words {
		words += int32(int8(weights[x.Bucket>>sieveShift]))
	}
	for _, x := range f.Extras {
		named += int32(int8(weights[x.Bucket>>sieveShift]))
	}
	kind := int32(int8(weights[1<<SieveBits+f.Kind]))
	return evenly(len(f.Words))*float32(words) + extraWeight*evenly(len(f.Extras))*float32(named) + KindValue*float32(kind)
}

// SieveFeatures calls add with everything that SieveScore sums, for training.
func (f *Features) SieveFeatures(add func(bucket uint32, value float32)) {
	for _, x := range f.Words {
		add(x.Bucket>>sieveShift, evenly(len(f.Words)))
	}
	for _, x := range f.Extras {
		add(x.Bucket>>sieveShift, extraWeight*evenly(len(f.Extras)))
	}
	add(uint32(1<<SieveBits+f.Kind), KindValue)
}

// ScreenFeatures does it for ScreenScore.
func (f *Features) ScreenFeatures(add func(bucket uint32, value float32)) {
	f.SieveFeatures(add)
	for _, x := range f.Order {
		add(x.Bucket>>sieveShift, orderWeight*evenly(len(f.Order)))
	}
}

// SiftSignal names the score of sieve or screen among the signals of Sift.Said.
const SiftSignal = "sift"

// SiftNames lists the signals of Sift.Said in their order: those of the joined
// models, and the score. The heads are silent there.
func (m *Meta) SiftNames() []string { return append(newLayout(m).names, SiftSignal) }

// PassesSieve says whether a post that passed the gate, or of which rules say
// something, is to be looked at further; the chance of others to be flagged is
// too small. Widen has been called. The first post that does is likely to need
// the matrices too: they are unpacked from then on, while its classes are read.
func (m *Model) PassesSieve(f *Features, said []Said) bool {
	if !m.passes(&m.Sieve, f, m.SieveScore(f), said) {
		return false
	}
	m.ahead.Do(func() { go m.main() })
	return true
}

// PassesScreen says it of those that passed the sieve. Complete has been called.
func (m *Model) PassesScreen(f *Features, said []Said) bool {
	return m.passes(&m.Screen, f, m.ScreenScore(f), said)
}

func (m *Model) passes(s *Sift, f *Features, score float32, said []Said) bool {
	if len(said) == 0 {
		return score >= s.At
	}
	x := &m.signals
	f.said = slices.Grow(f.said[:0], len(x.names)+1)[:len(x.names)+1]
	clear(f.said)
	x.raise(said, f.said)
	f.said[len(x.names)] = score
	return s.Said.Score(f.said) >= s.SaidAt
}
