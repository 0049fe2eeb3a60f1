package classify

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func buckets(text, kind string) []uint32 {
	var f Features
	f.Extract(text, kind, Heard{}, nil)
	var out []uint32
	for _, list := range [][]Feature{f.Words, f.Chars} {
		for _, x := range list {
			out = append(out, x.Bucket)
		}
	}
	return out
}

func TestMasking(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"handles", "thanks @anna_example", "thanks @someone", true},
		{"links", "see https://example.org/a?b=1", "see http://other.example/x", true},
		{"digits", "bed 7 at 12:30", "bed 3 at 45:61", true},
		{"case", "The WARD", "the ward", true},
		{"apostrophes", "don’t", "don't", true},
		{"controls", "on\u202e the\u200b ward", "on the ward", true},
		{"words", "the ward", "the park", false},
		{"number of digits", "bed 7", "bed 77", false},
	} {
		if got := slices.Equal(buckets(c.a, "post"), buckets(c.b, "post")); got != c.same {
			t.Errorf("%s: the same features: %v, want %v", c.name, got, c.same)
		}
	}
}

func TestExtract(t *testing.T) {
	var f Features
	f.Extract("", "post", Heard{}, nil)
	if len(f.Words)+len(f.Chars)+len(f.Extras) != 0 {
		t.Error("an empty text has features")
	}
	f.Extract("a b", "dm", Heard{}, []uint64{1, 2})
	if len(f.Words) != 3 || len(f.Extras) != 2 || f.Kind != 5 {
		t.Errorf("%d words, %d extras, kind %d; want 3 (a, a b, b), 2 and 5", len(f.Words), len(f.Extras), f.Kind)
	}
	f.Extract("a", "unheard of", Heard{}, nil)
	if f.Kind != 0 {
		t.Errorf("an unknown kind is number %d, want 0", f.Kind)
	}
}

// plainTokens is the definition of a token, character by character.
func plainTokens(text string) (out []token) {
	add := func(h uint64, start, end int) int {
		out = append(out, token{h, int32(start), int32(end)})
		return end
	}
	for i := 0; i < len(text); {
		r, size := lowered(text, i)
		switch {
		case unicode.IsSpace(r), unseen(r):
			i += size
			continue
		case r == '@' && handleEnd(text, i+size) > i+size:
			i = add(hashString("@USER"), i, handleEnd(text, i+size))
			continue
		case r == 'h' && linkEnd(text, i) > i:
			i = add(hashString("URL"), i, linkEnd(text, i))
			continue
		case !isWordRune(r):
			i = add(step(seedWord, r), i, i+size)
			continue
		}
		start, h, digits := i, uint64(seedWord), unicode.IsDigit(r)
		for i < len(text) {
			r, size := lowered(text, i)
			apostrophe := r == '\'' && i > start && !digits
			if !apostrophe && (!isWordRune(r) || unicode.IsDigit(r) != digits) {
				break
			}
			if digits {
				r = '0'
			}
			h = step(h, r)
			i += size
		}
		add(h, start, i)
	}
	return out
}

func TestTokens(t *testing.T) {
	pieces := []string{"a", "H", "http://x.y/z?1", "HTTPS://Q", "http:/", "@me_2", "@", "'", "’", "7", "٣", "é", "e\u0301", "ß", " ", "\t", "\u00a0", "\u200b",
		"\x7f", "\x01", "-", "😂", "\ufe0f", "K", "\xff", "it", "_"}
	rnd := rand.New(rand.NewPCG(5, 6))
	var f Features
	for range 20000 {
		text := ""
		for range rnd.IntN(9) {
			text += pieces[rnd.IntN(len(pieces))]
		}
		f.Start(text, "post")
		if want := plainTokens(text); !slices.Equal(f.tokens, want) {
			t.Fatalf("%q: %v, want %v", text, f.tokens, want)
		}
	}
}

func FuzzExtract(f *testing.F) {
	for _, s := range []string{"", "@", "http://", "a\xffb", "it’s 12th", strings.Repeat("ab ", 40), "👩🏽‍⚕️ ok", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var x Features
		x.Extract(s, "post", Heard{Concepts: []uint64{1}, Places: []Place{{1, int32(len(s) / 2)}, {2, 1 << 20}, {3, -1}}, Sentences: []int32{0, int32(len(s) / 3)}}, []uint64{1})
		for _, list := range [][]Feature{x.Words, x.Chars} {
			for _, w := range list {
				if w.Bucket >= KindBase || w.Start < 0 || w.End < w.Start || int(w.End) > len(s) {
					t.Fatalf("feature %+v in a text of %d bytes", w, len(s))
				}
				if utf8.ValidString(s) && int(w.Start) < len(s) && !utf8.RuneStart(s[w.Start]) {
					t.Fatalf("feature %+v begins inside a character", w)
				}
			}
		}
	})
}

func BenchmarkGate(b *testing.B) {
	m, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	text := "Long day on placement today but the tea was hot and the bus was on time, see you all tomorrow"
	var f Features
	b.ReportAllocs()
	for b.Loop() {
		f.Start(text, "post")
		m.GateScore(&f, nil)
	}
}

func BenchmarkScores(b *testing.B) {
	m, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	text := "Long day on placement today but the tea was hot and the bus was on time, see you all tomorrow"
	var f Features
	out := make([]float32, len(m.Heads))
	b.ReportAllocs()
	for b.Loop() {
		f.Extract(text, "post", Heard{}, nil)
		m.Scores(&f, out)
	}
}
