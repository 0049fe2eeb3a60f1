package classify

import (
	"slices"
	"testing"
)

// pairIn says whether the features of a text hold the pair of two units.
func pairIn(f *Features, a, b uint64) bool {
	want := bucket((a*11 + b) ^ seedOrder)
	return slices.ContainsFunc(f.Order, func(x Feature) bool { return x.Bucket == want })
}

func TestOrder(t *testing.T) {
	const ward, cat = 1009, 90001 // names of concepts
	word := func(s string) uint64 { return hashString(s) ^ seedOrder }
	cases := []struct {
		name, text string
		heard      Heard
		a, b       uint64
		want       bool
	}{
		{"small words", "I told her", Heard{}, word("i"), word("told"), true},
		{"the other way round", "I told her", Heard{}, word("told"), word("i"), false},
		{"only small words", "wards told wolves", Heard{}, word("wards"), word("told"), false},
		{"a concept behind a word", "I saw the ward", Heard{Places: []Place{{ward, 10}}}, word("i"), ward, true},
		{"a concept before it", "the ward told me", Heard{Places: []Place{{ward, 4}}}, ward, word("told"), true},
		{"two concepts", "ward cat", Heard{Places: []Place{{cat, 5}, {ward, 0}}}, ward, cat, true},
		{"at one place", "ward cat", Heard{Places: []Place{{cat, 0}, {ward, 0}}}, ward, cat, false},
		{"marks do not count", "I ( - ) ! ( - ) ! ( - ) told", Heard{}, word("i"), word("told"), true},
		{"eight words apart", "I a b c d e f g told", Heard{}, word("i"), word("told"), true},
		{"nine words apart", "I a b c d e f g h told", Heard{}, word("i"), word("told"), false},
		{"another sentence", "I sat. Told", Heard{Sentences: []int32{0, 7}}, word("i"), word("told"), false},
		{"the same sentence", "Now. I sat, told", Heard{Sentences: []int32{0, 5}}, word("i"), word("told"), true},
		{"a place before the text", "I sat", Heard{Places: []Place{{ward, -1}}}, word("i"), ward, false},
		{"a place behind it", "I sat", Heard{Places: []Place{{ward, 99}}}, word("i"), ward, true},
	}
	for _, c := range cases {
		var f Features
		f.Extract(c.text, "post", c.heard, nil)
		if got := pairIn(&f, c.a, c.b); got != c.want {
			t.Errorf("%s: found %v, want %v", c.name, got, c.want)
		}
	}
}

// TestOrderOfClasses: a class of words stands where its word does.
func TestOrderOfClasses(t *testing.T) {
	x := newLexicon()
	if err := x.read("test", "[take]\ntook taken\n[drug]\nketamine co_codamol\n"); err != nil {
		t.Fatal(err)
	}
	var f Features
	f.Start("they took the co codamol", "post")
	x.classes("they took the co codamol", &f, nil)
	f.orderFeatures("they took the co codamol", &Heard{}, x.names)
	take, drug := hashString("class take"), hashString("class drug")
	if !pairIn(&f, take, drug) || pairIn(&f, drug, take) {
		t.Errorf("took then codamol: %v, the other way round: %v", pairIn(&f, take, drug), pairIn(&f, drug, take))
	}
}

// TestSortUnits: units come in the order of their words, each once at its place.
func TestSortUnits(t *testing.T) {
	const ward, cat = 1009, 90001
	var f Features
	heard := Heard{Places: []Place{{cat, 21}, {ward, 5}, {ward, 5}, {cat, 5}, {ward, 21}, {cat, 21}}, Sentences: []int32{0, 13}}
	f.Extract("zorb flurbs. zz quxl flurbs", "post", heard, nil)
	var got []Place
	for _, u := range f.units {
		got = append(got, Place{u.name, u.word})
	}
	want := []Place{{ward, 1}, {cat, 1}, {cat, 4}, {ward, 4}}
	if !slices.Equal(got, want) {
		t.Errorf("units %v, want %v", got, want)
	}
}

func TestOrderIsBounded(t *testing.T) {
	var f Features
	var long []byte
	for range 5000 {
		long = append(long, "i told her "...)
	}
	f.Extract(string(long), "post", Heard{}, nil)
	if len(f.units) > mostUnits || len(f.Order) > mostUnits*mostUnits/2 {
		t.Errorf("%d units and %d features", len(f.units), len(f.Order))
	}
}
