package scanner

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unicode"
)

// TestFoldShortcuts holds that the signs and emoji which fold finds at once are
// folded as its table and the rules behind it say.
func TestFoldShortcuts(t *testing.T) {
	for r := range rune(0x1FB00) {
		sign := r>>8 == 0x20 && foldSigns[r&0xff] != ""
		s, ok := foldTable[r]
		switch {
		case sign != (ok && r>>8 == 0x20), sign && foldSigns[r&0xff] != s:
			t.Errorf("%U is folded to %q; want %q", r, foldSigns[r&0xff], s)
		case r >= 0x1F300 && !isSkinTone(r) && (ok || !isEmoji(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || isFiller(r)):
			t.Errorf("%U is no plain emoji", r)
		}
	}
}

// TestNormaliseASCIIRuns holds that runs of ASCII beside other characters keep
// their places.
func TestNormaliseASCIIRuns(t *testing.T) {
	var x text
	src := "Ab É\tCD’E 😂 f…G"
	x.normalise(src)
	if got, want := string(x.norm), "ab e cd'e 😂 f...g"; got != want {
		t.Fatalf("%q becomes %q; want %q", src, got, want)
	}
	for i, c := range x.norm {
		if from := src[x.pos[i]]; from < 0x80 && (lowerTable[from] != c || x.end[i] != x.pos[i]+1) {
			t.Errorf("byte %d, %q, comes from %d to %d", i, c, x.pos[i], x.end[i])
		}
	}
}

// TestAppendLower holds that eight characters at once are written as each by
// itself is.
func TestAppendLower(t *testing.T) {
	const chars = "abyzABYZ@[`{ ~0'\t\r\x00\x7f"
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		b := make([]byte, rng.IntN(30))
		for i := range b {
			b[i] = chars[rng.IntN(len(chars))]
		}
		want := []byte("x")
		for _, c := range b {
			want = append(want, lowerTable[c])
		}
		if got := appendLower([]byte("x"), string(b)); !bytes.Equal(got, want) {
			t.Fatalf("%q becomes %q, want %q", b, got, want)
		}
		if !isASCII(string(b)) {
			t.Fatalf("%q is taken for other characters than ASCII", b)
		}
		if len(b) > 0 {
			b[rng.IntN(len(b))] = 0x80
			if isASCII(string(b)) {
				t.Fatalf("%q is taken for ASCII", b)
			}
		}
	}
}
