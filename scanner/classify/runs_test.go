package classify

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestSumRows(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ heads, rows int }{{1, 1}, {7, 3}, {8, 256}, {20, 257}, {20, 1000}, {mostHeads, 513}} {
		weights := make([]byte, 50*c.heads+rowSlack)
		for i := range weights {
			weights[i] = byte(rnd.Uint32())
		}
		copy(weights, strings.Repeat("\x80", c.heads)) // the first row holds the least there is
		rows, want := make([]int32, c.rows), make([]int32, c.heads)
		for i := range rows {
			rows[i] = rnd.Int32N(50) * rnd.Int32N(2)
			for k := range want {
				want[k] += int32(int8(weights[int(rows[i])*c.heads+k]))
			}
		}
		var got [mostHeads]int32
		sumRows(weights, rows, c.heads, c.heads, &got)
		if !slices.Equal(got[:c.heads], want) {
			t.Errorf("%d rows of %d: %v, want %v", c.rows, c.heads, got[:c.heads], want)
		}
	}
}

// TestRuns compares scores with remembered runs of characters with those of
// texts that were taken apart whole, and the characters that are left behind.
func TestRuns(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var lazy Features
	for range 2 { // nothing is remembered the first time
		for _, text := range []string{
			"", " ", "\u200b", "Same words, same words, SAME", "@handle said https://example.org/x\ttwice: 1234",
			strings.Repeat("long", 10) + " and\u200bunseen \u200b\u200b end\u200b", "naïve ’tis 😂😂 #tag\nnext\r\n line ",
		} {
			var eager Features
			eager.Extract(text, "reply", Heard{Concepts: []uint64{5}}, []uint64{1, 2})
			lazy.Start(text, "reply")
			lazy.Widen([]uint64{1, 2})
			lazy.Complete(text, &Heard{Concepts: []uint64{5}})
			want, got := make([]float32, len(m.Heads)), make([]float32, len(m.Heads))
			m.Scores(&eager, want)
			m.Scores(&lazy, got)
			if !slices.Equal(got, want) {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
			if a, b := lazy.Blocks(), eager.Blocks(); !slices.Equal(a[1].Features, b[1].Features) || a[1].Value != b[1].Value {
				t.Errorf("%q: characters %v, want %v", text, a[1], b[1])
			}
		}
	}
}
