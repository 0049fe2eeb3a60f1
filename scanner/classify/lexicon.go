package classify

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// The lexicon: words of one kind share a class, so that a word that no case
// holds is known by the company it keeps. Each file of words has paragraphs of
//
//	[class] what it means
//	word stem* two_word_phrase
//
// where a star stands for any ending and an underscore for a space.
//
//go:embed words/*.txt
var wordFiles embed.FS

// Classes of one text are features together with each other and with the
// concepts; this bounds them.
const mostClasses = 48

// lexicon finds the classes of words. Words are known by the hash that
// tokenising gives them.
type lexicon struct {
	words    map[uint64][]uint64 // classes of a whole word
	stems    map[uint64][]uint64 // classes of a beginning
	phrases  map[uint64][]phrase // by the first word, or its beginning
	shortest int                 // stem, in characters
}

type phrase struct {
	rest  []part
	class uint64
	stem  bool // the first word is a beginning
}

// part is a word of a phrase: the hash of all of it or of its beginning.
type part struct {
	hash uint64
	stem bool
}

// words of the program, read at the first use.
var words = sync.OnceValues(func() (*lexicon, error) {
	x := &lexicon{words: map[uint64][]uint64{}, stems: map[uint64][]uint64{}, phrases: map[uint64][]phrase{}, shortest: 1 << 10}
	names, err := fs.Glob(wordFiles, "words/*.txt")
	if err != nil {
		return nil, fmt.Errorf("reading the word classes: %w", err)
	}
	for _, name := range names {
		b, err := wordFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the word classes: %w", err)
		}
		if err := x.read(name, string(b)); err != nil {
			return nil, err
		}
	}
	return x, nil
})

func (x *lexicon) read(name, text string) error {
	var class uint64
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line == "#" || strings.HasPrefix(line, "# ") {
			continue
		}
		if strings.HasPrefix(line, "[") {
			end := strings.IndexByte(line, ']')
			if end < 2 {
				return fmt.Errorf("%s:%d: a class has no name", name, n)
			}
			class = hashString("class " + line[1:end])
			continue
		}
		if class == 0 {
			return fmt.Errorf("%s:%d: words stand before the first class", name, n)
		}
		for _, entry := range strings.Fields(line) {
			x.add(entry, class)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

func (x *lexicon) add(entry string, class uint64) {
	var parts []part
	var f Features
	for _, w := range strings.Split(entry, "_") {
		stem := strings.HasSuffix(w, "*") && len(w) > 1
		w = strings.TrimSuffix(w, "*")
		f.tokens = f.tokens[:0]
		f.tokenise(w)
		for i, t := range f.tokens {
			last := i == len(f.tokens)-1
			parts = append(parts, part{t.hash, stem && last})
			if stem && last && len(parts) == 1 {
				x.shortest = min(x.shortest, utf8.RuneCountInString(w))
			}
		}
	}
	if len(parts) == 0 {
		return
	}
	first := parts[0]
	switch {
	case len(parts) > 1:
		x.phrases[first.hash] = append(x.phrases[first.hash], phrase{parts[1:], class, first.stem})
	case first.stem:
		x.stems[first.hash] = append(x.stems[first.hash], class)
	default:
		x.words[first.hash] = append(x.words[first.hash], class)
	}
}

// classes appends the classes of the text that f has read, sorted, each once.
func (x *lexicon) classes(text string, f *Features, out []uint64) []uint64 {
	for i, t := range f.tokens {
		out = append(out, x.words[t.hash]...)
		out = x.follow(text, f.tokens[i:], t.hash, false, out)
		x.beginnings(text, t, func(h uint64, whole bool) {
			if whole {
				out = append(out, x.words[h]...)
			}
			out = append(out, x.stems[h]...)
			out = x.follow(text, f.tokens[i:], h, true, out)
		})
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), mostClasses)]
}

// beginnings calls each with the hashes of the beginnings of a word; whole says
// that all but a possessive ending is read.
func (x *lexicon) beginnings(text string, t token, each func(h uint64, whole bool)) {
	h, n := uint64(seedWord), 0
	for i := int(t.start); i < int(t.end); {
		r, size := lowered(text, i)
		if !isWordRune(r) && r != '\'' {
			return
		}
		if n > 1 && r == '\'' && int(t.end)-i <= size+1 {
			each(h, true)
			return
		}
		h = step(h, r)
		i += size
		if n++; n >= x.shortest {
			each(h, false)
		}
	}
}

// follow appends the classes of the phrases that begin with the word of hash
// first and go on with the tokens behind tokens[0].
func (x *lexicon) follow(text string, tokens []token, first uint64, stem bool, out []uint64) []uint64 {
	for _, p := range x.phrases[first] {
		if p.stem != stem || len(p.rest) >= len(tokens) {
			continue
		}
		fits := true
		for k, want := range p.rest {
			t := tokens[k+1]
			if t.hash == want.hash {
				continue
			}
			if fits = want.stem && x.begins(text, t, want.hash); !fits {
				break
			}
		}
		if fits {
			out = append(out, p.class)
		}
	}
	return out
}

func (x *lexicon) begins(text string, t token, want uint64) bool {
	h := uint64(seedWord)
	for i := int(t.start); i < int(t.end); {
		r, size := lowered(text, i)
		if h = step(h, r); h == want {
			return true
		}
		i += size
	}
	return false
}

// classFeatures adds the classes of the text's words, their pairs, and their
// pairs with concepts.
func (f *Features) classFeatures(text string, concepts []uint64) {
	x, err := words()
	if err != nil {
		return // a test reads the files; they are part of the program
	}
	f.classes = x.classes(text, f, f.classes[:0])
	for i, a := range f.classes {
		f.Classes = append(f.Classes, Feature{Bucket: bucket(a ^ seedClass)})
		for _, b := range f.classes[i+1:] {
			f.Classes = append(f.Classes, Feature{Bucket: bucket((a*5 + b) ^ seedClass)})
		}
		for _, c := range concepts {
			f.Classes = append(f.Classes, Feature{Bucket: bucket((a*7 + c) ^ seedClass)})
		}
	}
}
