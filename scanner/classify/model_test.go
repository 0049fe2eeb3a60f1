package classify

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func tiny(t *testing.T) *Model {
	t.Helper()
	meta := Meta{
		Heads:  []Head{{Name: "breach", Step: 0.5, Bias: 1, Scale: 1}, {Name: "privacy", Step: 0.25, Bias: -1, Scale: 2}},
		Themes: []Head{{Name: "privacy.case", Step: 1}},
		Stack:  Logit{Bias: -1, Weights: map[string]float32{"breach": 2, "rule:any": 1}},
		Choice: Choice{Bias: []float32{0}},
	}
	gate := make([]byte, GateDim)
	var f Features
	f.Start("ward", "post")
	f.GateFeatures([]uint64{7}, func(b uint32, _ float32) { gate[b] = 3 })
	meta.Gate = Head{Step: 0.5, Bias: -1}
	sieve := make([]byte, SieveDim)
	f.Widen([]uint64{7, 8})
	f.SieveFeatures(func(b uint32, _ float32) { sieve[b] = 5 })
	screen := make([]byte, SieveDim)
	f.Order = twoUnits
	f.ScreenFeatures(func(b uint32, _ float32) { screen[b] = 6 })
	said := Logit{Weights: map[string]float32{SiftSignal: 2, "rule:privacy": 1}}
	meta.Sieve = Sift{Head: Head{Step: 0.5, Bias: -1}, At: 4, Said: said, SaidAt: 6}
	meta.Screen = Sift{Head: Head{Step: 0.25, Bias: -1}, At: 3, Said: said, SaidAt: 5}
	known := slices.Compact(sortedBuckets("ward", "post"))
	m, err := New(meta, Matrices{Buckets: known, Weights: bytes.Repeat([]byte{10, 0xf6}, len(known)), Themes: make([]byte, 1<<ThemeBits), Gate: gate, Sieve: sieve, Screen: screen})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var twoUnits = []Feature{{Bucket: 5 << sieveShift}, {Bucket: 9 << sieveShift}}

func sortedBuckets(text, kind string) []uint32 {
	list := buckets(text, kind)
	slices.Sort(list)
	return list
}

func TestScores(t *testing.T) {
	m := tiny(t)
	var f Features
	out := make([]float32, 2)
	f.Extract("ward", "post", Heard{}, nil)
	m.Scores(&f, out)
	if out[0] <= 1 || out[1] >= -1 {
		t.Errorf("scores %v; want the word to raise the first above its bias and lower the second", out)
	}
	known, unknown := m.GateScore(&f, []uint64{7}), m.GateScore(&f, nil)
	if want := float32(0.5*(3+3+KindValue*3) - 1); math.Abs(float64(known-want)) > 1e-5 || unknown >= known {
		t.Errorf("gate %v with the concept and %v without it; want %v and less", known, unknown, want)
	}
	if c := m.Carriers(&f, 0, 3); len(c) != 1 || c[0].Start != 0 || c[0].End != 4 {
		t.Errorf("carriers %+v; want the one word", c)
	}
	if c := m.Carriers(&f, 1, 3); len(c) != 0 {
		t.Errorf("carriers of a head that the word speaks against: %+v", c)
	}
	f.Extract("zebra", "post", Heard{}, nil)
	m.Scores(&f, out)
	if out[0] != 1 || out[1] != -1 {
		t.Errorf("scores %v of an unknown word; want the biases", out)
	}
}

func TestSieve(t *testing.T) {
	m := tiny(t)
	score := func(extras ...uint64) float32 {
		var f Features
		f.Start("ward", "post")
		f.Widen(extras)
		said := []Said{{Theme: "privacy.case", Confidence: 0.5}}
		if all, part := m.PassesSieve(&f, nil), m.PassesSieve(&f, said); all != (m.SieveScore(&f) >= 4) || part != (2*m.SieveScore(&f)+0.5 >= 6) {
			t.Errorf("extras %v: passes %v, and %v with a rule, at %v", extras, all, part, m.SieveScore(&f))
		}
		return m.SieveScore(&f)
	}
	both, one, none := score(7, 8), score(7, 99), score(99)
	if want := float64(0.5*(5+extraWeight*math.Sqrt2*5+KindValue*5) - 1); math.Abs(float64(both)-want) > 1e-5 || one >= both || none >= one {
		t.Errorf("sieve %v with both concepts, %v with one, %v with none; want %v, less, and less still", both, one, none, want)
	}
}

func TestScreen(t *testing.T) {
	m := tiny(t)
	score := func(order []Feature) float32 {
		var f Features
		f.Start("ward", "post")
		f.Widen([]uint64{7})
		f.Order = order
		said := []Said{{Theme: "privacy.case", Confidence: 0.5}}
		if all, part := m.PassesScreen(&f, nil), m.PassesScreen(&f, said); all != (m.ScreenScore(&f) >= 3) || part != (2*m.ScreenScore(&f)+0.5 >= 5) {
			t.Errorf("order %v: passes %v, and %v with a rule, at %v", order, all, part, m.ScreenScore(&f))
		}
		return m.ScreenScore(&f)
	}
	both, none := score(twoUnits), score(nil)
	if want := float64(0.25*(6+extraWeight*6+orderWeight*math.Sqrt2*6+KindValue*6) - 1); math.Abs(float64(both)-want) > 1e-5 || none >= both {
		t.Errorf("screen %v with units in order, %v without; want %v and less", both, none, want)
	}
}

func TestPack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	noise, skewed := make([]byte, packBlock+100), make([]byte, 2*packBlock)
	for i := range noise {
		noise[i] = byte(rnd.Uint32())
	}
	for i := range skewed {
		skewed[i] = byte(rnd.Uint32() & rnd.Uint32() & 7)
	}
	for name, data := range map[string][]byte{"empty": {}, "one byte": {7}, "one value": make([]byte, packBlock*2+5), "noise": noise, "skewed": skewed} {
		b, err := appendPacked(nil, data)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(data))
		if rest, err := unpackInto(append(b, 1, 2), got); err != nil || len(rest) != 2 || !bytes.Equal(got, data) {
			t.Errorf("%s: %v, %d bytes left over, want 2, and the same data", name, err, len(rest))
		}
		for n := range min(len(b), 40) {
			if _, err := unpackInto(b[:n], got); err == nil {
				t.Errorf("%s: read from its first %d bytes", name, n)
			}
		}
	}
}

func TestSignals(t *testing.T) {
	m := tiny(t)
	s := m.Signals([]float32{3, 1}, []Said{{Theme: "privacy.case", Remove: true, Confidence: 0.5}, {Theme: "hate.slur", Confidence: 0.25}}, nil)
	by := map[string]float32{}
	for i, name := range m.SignalNames() {
		by[name] = s[i]
	}
	for name, want := range map[string]float32{"breach": 3, "privacy": 0.5, "rule:any": 0.5, "rule:remove": 0.5, "rule:review": 0.25, "rule:privacy": 0.5} {
		if by[name] != want {
			t.Errorf("signal %s is %v, want %v", name, by[name], want)
		}
	}
	if got := m.Stack.Score(s); got != -1+6+0.5 {
		t.Errorf("stack score %v, want 5.5", got)
	}
	if p := m.Stack.Probability(s); p <= 0.99 || p >= 1 {
		t.Errorf("probability %v", p)
	}
}

func TestWriteRead(t *testing.T) {
	m := tiny(t)
	var buf bytes.Buffer
	if err := m.Write(&buf); err != nil {
		t.Fatal(err)
	}
	whole := buf.Bytes()
	again, err := Read(whole)
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != m.Digest() || !bytes.Equal(again.main().weights, m.main().weights) {
		t.Error("a model read back is another one")
	}
	for _, n := range []int{0, 5, len(magic) + 2, len(whole) / 2, len(whole) - 1} {
		if _, err := Read(whole[:n]); err == nil {
			t.Errorf("a model cut after %d bytes was read without an error", n)
		}
	}
	flipped := slices.Clone(whole)
	flipped[len(magic)+sumLen+4+100] ^= 1
	if _, err := Read(flipped); err == nil {
		t.Error("a model with a changed byte was read without an error")
	}
	if _, err := Read([]byte("something else entirely")); !errors.Is(err, ErrFormat) {
		t.Errorf("another file: %v, want ErrFormat", err)
	}
	for _, x := range []Matrices{
		{Buckets: []uint32{1}, Weights: make([]byte, 1), Themes: make([]byte, 1<<ThemeBits), Gate: make([]byte, GateDim), Sieve: make([]byte, SieveDim), Screen: make([]byte, SieveDim)},
		{Buckets: []uint32{1}, Weights: make([]byte, 2), Themes: make([]byte, 1<<ThemeBits), Gate: make([]byte, GateDim), Sieve: make([]byte, 9), Screen: make([]byte, SieveDim)},
		{Buckets: []uint32{2, 1}, Weights: make([]byte, 4), Themes: make([]byte, 1<<ThemeBits), Gate: make([]byte, GateDim), Sieve: make([]byte, SieveDim), Screen: make([]byte, SieveDim)},
	} {
		if _, err := New(m.Meta, x); !errors.Is(err, ErrFormat) {
			t.Errorf("matrices that do not fit: %v, want ErrFormat", err)
		}
	}
}

func TestDefault(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, th := range m.Themes {
		seen[Group(th.Name)] = true
	}
	for _, g := range m.signals.groups {
		if !seen[g] {
			t.Errorf("group %s has no theme", g)
		}
	}
	if again, err := Read(embedded); err != nil || again.Digest() != DefaultDigest() {
		t.Errorf("the model inside the program is not what it says: %v", err)
	}
	if len(m.signals.groups) == 0 || m.Flag <= 0 || m.Flag >= 1 || m.RemoveAt <= 0 {
		t.Errorf("groups %v, flag %v, remove %v", m.signals.groups, m.Flag, m.RemoveAt)
	}
}

func TestGroup(t *testing.T) {
	for theme, want := range map[string]string{"": "", "privacy.case": "privacy", "privacy.access": "third-party",
		"trust.drugs": "substances", "trust.neglect": "conduct", "trust.crime": "honesty", "stigma.service-users": "stigma"} {
		if got := Group(theme); got != want {
			t.Errorf("Group(%q) = %q, want %q", theme, got, want)
		}
	}
}
