package classify

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"slices"
	"testing"
)

var updateWords = flag.Bool("update-words", false, "pack the word classes anew into data/words.bin")

// TestPackedWords holds that data/words.bin is what the files give today. After
// a change of words/*.txt, run "go generate ./scanner".
func TestPackedWords(t *testing.T) {
	x, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	want := packWords(x)
	if *updateWords {
		if err := os.WriteFile("data/words.bin", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(packedWords, want) {
		t.Fatalf("data/words.bin (%d bytes) is not what words/*.txt give (%d bytes): run go generate ./scanner", len(packedWords), len(want))
	}
	if got := unpackWords(packedWords); !reflect.DeepEqual(got, x) {
		t.Error("what is read from data/words.bin is not what was written")
	}
	if unpackWords(append([]byte{want[0] ^ 1}, want[1:]...)) != nil || unpackWords(nil) != nil {
		t.Error("tables of other files were used")
	}
}

func lexiconOf(t *testing.T, text string) *lexicon {
	t.Helper()
	x := newLexicon()
	if err := x.read("test", text); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestLexicon(t *testing.T) {
	x := lexiconOf(t, `# a comment

[fruit] what grows on trees
apple plum* don't
[drink] what is drunk
cup_of_tea brew* splash*_of_milk 12_units
`)
	var f Features // remembers words from text to text
	for _, c := range []struct {
		text string
		want []string
	}{
		{"An APPLE", []string{"fruit"}},
		{"the apple's core", []string{"fruit"}},
		{"apples", nil},
		{"plumlike and brewing", []string{"drink", "fruit"}},
		{"a cup of tea", []string{"drink"}},
		{"a cup of", nil},
		{"a cup tea of", nil},
		{"splashes of milk", []string{"drink"}},
		{"99 units", []string{"drink"}},
		{"I don’t", []string{"fruit"}},
		{"", nil},
		{"an apple's core and splashes of mud", []string{"fruit"}},
		{"a cup of tea and a cup of sugar", []string{"drink"}},
		{"12 units of apples", []string{"drink"}},
	} {
		f.Start(c.text, "post")
		got := x.classes(c.text, &f, nil)
		var want []uint64
		for _, name := range c.want {
			want = append(want, hashString("class "+name))
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: classes %v, want %v (%v)", c.text, got, want, c.want)
		}
	}
}

func TestLexiconErrors(t *testing.T) {
	x := newLexicon()
	for _, text := range []string{"apple\n", "[] nothing\napple\n"} {
		if err := x.read("test", text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

func TestWordFiles(t *testing.T) {
	x, err := words()
	if err != nil {
		t.Fatal(err)
	}
	stems := 0
	for _, s := range x.firsts.slots {
		if s.stem() != 0 {
			stems++
		}
	}
	if x.firsts.used < 10_000 || stems < 300 || x.pairs.used < 500 {
		t.Errorf("%d words, %d stems, %d beginnings of phrases; want the whole lexicon", x.firsts.used, stems, x.pairs.used)
	}
	if x.shortest < 3 {
		t.Errorf("a stem of %d characters would match too much", x.shortest)
	}
}
