package classify

import (
	"bytes"
	"errors"
	"math"
	"testing"
)

func tiny(t *testing.T) *Model {
	t.Helper()
	meta := Meta{
		Heads:  []Head{{Name: "breach", Step: 0.5, Bias: 1, Scale: 1}, {Name: "privacy", Step: 0.25, Bias: -1, Scale: 2}},
		Themes: []Head{{Name: "privacy.case", Step: 1}},
		Stack:  Logit{Bias: -1, Weights: map[string]float32{"breach": 2, "rule:any": 1}},
		Groups: map[string]Logit{"privacy": {}},
	}
	weights := make([]int8, Dim*2)
	for _, b := range buckets("ward", "post") {
		weights[b*2], weights[b*2+1] = 10, -10
	}
	m, err := New(meta, weights, make([]int8, 1<<ThemeBits))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestScores(t *testing.T) {
	m := tiny(t)
	var f Features
	out := make([]float32, 2)
	f.Extract("ward", "post", nil)
	m.Scores(&f, out)
	if out[0] <= 1 || out[1] >= -1 {
		t.Errorf("scores %v; want the word to raise the first above its bias and lower the second", out)
	}
	if g := m.Gate(&f); math.Abs(float64(g-out[0])) > 1e-5 {
		t.Errorf("gate %v, first head %v; want the same", g, out[0])
	}
	if c := m.Carriers(&f, 0, 3); len(c) != 1 || c[0].Start != 0 || c[0].End != 4 {
		t.Errorf("carriers %+v; want the one word", c)
	}
	if c := m.Carriers(&f, 1, 3); len(c) != 0 {
		t.Errorf("carriers of a head that the word speaks against: %+v", c)
	}
	f.Extract("zebra", "post", nil)
	m.Scores(&f, out)
	if out[0] != 1 || out[1] != -1 {
		t.Errorf("scores %v of an unknown word; want the biases", out)
	}
}

func TestSignals(t *testing.T) {
	m := tiny(t)
	s := m.Signals([]float32{3, 1}, map[string]float32{"rule:any": 0.5})
	if s["breach"] != 3 || s["privacy"] != 0.5 || s["rule:any"] != 0.5 {
		t.Errorf("signals %v", s)
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
	again, err := Read(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != m.Digest() || !bytes.Equal(asBytes(again.weights), asBytes(m.weights)) {
		t.Error("a model read back is another one")
	}
	for _, n := range []int{0, 5, len(magic) + 2, len(whole) / 2, len(whole) - 1} {
		if _, err := Read(bytes.NewReader(whole[:n])); err == nil {
			t.Errorf("a model cut after %d bytes was read without an error", n)
		}
	}
	if _, err := Read(bytes.NewReader([]byte("something else entirely"))); !errors.Is(err, ErrFormat) {
		t.Errorf("another file: %v, want ErrFormat", err)
	}
	if _, err := New(m.Meta, m.weights[1:], m.themes); !errors.Is(err, ErrFormat) {
		t.Errorf("matrices of the wrong size: %v, want ErrFormat", err)
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
	for _, g := range m.GroupNames() {
		if !seen[g] {
			t.Errorf("group %s has no theme", g)
		}
	}
	if len(m.GroupNames()) == 0 || m.Flag <= 0 || m.Flag >= 1 || m.RemoveAt <= 0 {
		t.Errorf("groups %v, flag %v, remove %v", m.GroupNames(), m.Flag, m.RemoveAt)
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
