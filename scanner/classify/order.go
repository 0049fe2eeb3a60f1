package classify

import (
	"cmp"
	"slices"
	"sync"
)

// Heard is what the engine heard in a text, beside its letters.
type Heard struct {
	Concepts  []uint64 // the names of the concepts in it, each once
	Places    []Place  // the concepts where they stand, each time
	Sentences []int32  // the bytes at which its sentences begin, in order
}

// A Place is a concept that begins at a byte of the text.
type Place struct {
	Name uint64
	At   int32
}

// Who did what to whom is in the order of the words, which a bag of concepts
// and classes does not hold: "I told her" and "she told me" are the same to it.
// So two units of one sentence that stand near each other are a feature
// together, the first one first. A unit is a concept, a class of words, or one
// of the small words that say who, whether and when.

// orderReach is how many words apart two units may stand.
const orderReach = 8

// mostUnits bounds the units of one text.
const mostUnits = 400

type unit struct {
	word     int32 // its number in the text; marks do not count
	sentence int32
	name     uint64
}

const smallWords = "i i'm i've i'd me my mine we us our he she him her his they them their you your it not never no don't didn't wasn't isn't can't won't " +
	"if would could should might was were is are be been will gonna so but and then because after before until when told said asked says got get just only " +
	"still again who that this there what how why anyone someone nobody"

var small = sync.OnceValue(func() *hashes {
	var f Features
	f.tokenise(smallWords)
	h := &hashes{}
	for _, t := range f.tokens {
		h.slot(t.hash)
	}
	return h
})

// orderFeatures adds the pairs of units, and each unit with the kind of post.
// classes are the names of those in f.found.
func (f *Features) orderFeatures(text string, heard *Heard, classes []uint64) {
	f.takeUnits(text, heard, classes)
	for i, a := range f.units {
		f.Order = append(f.Order, Feature{Bucket: bucket((a.name*13 + uint64(f.Kind)) ^ seedOrder)})
		for _, b := range f.units[i+1:] {
			if b.word-a.word > orderReach {
				break
			}
			if b.word > a.word && b.sentence == a.sentence {
				f.Order = append(f.Order, Feature{Bucket: bucket((a.name*11 + b.name) ^ seedOrder)})
			}
		}
	}
}

// takeUnits fills f.units, in the order of the text, each once at its place.
func (f *Features) takeUnits(text string, heard *Heard, classes []uint64) {
	f.units, f.spots = f.units[:0], f.spots[:0]
	little := small()
	word, sentence := int32(0), int32(0)
	for _, t := range f.tokens {
		for int(sentence) < len(heard.Sentences) && heard.Sentences[sentence] <= t.start {
			sentence++
		}
		u := unit{word, sentence, t.hash ^ seedOrder}
		f.spots = append(f.spots, u)
		if t.end-t.start == 1 && byteKinds[text[t.start]] == byteMark {
			continue
		}
		if little.find(t.hash) != nil {
			f.units = append(f.units, u)
		}
		word++
	}
	for k, c := range f.found {
		u := f.spots[f.standing[k]]
		u.name = classes[c]
		f.units = append(f.units, u)
	}
	for _, p := range heard.Places {
		if i := f.tokenAt(p.At); i >= 0 {
			u := f.spots[i]
			u.name = p.Name
			f.units = append(f.units, u)
		}
	}
	f.sortUnits(word + 1)
	f.units = f.units[:min(len(f.units), mostUnits)]
}

// sortUnits puts the units in the order of their words and drops those that
// stand there twice. A mark counts as standing at the word behind it.
func (f *Features) sortUnits(words int32) {
	f.behind = slices.Grow(f.behind[:0], int(words)+1)[:words+1]
	clear(f.behind)
	for _, u := range f.units {
		f.behind[u.word+1]++
	}
	for w := range words {
		f.behind[w+1] += f.behind[w]
	}
	f.sorted = slices.Grow(f.sorted[:0], len(f.units))[:len(f.units)]
	for _, u := range f.units {
		f.sorted[f.behind[u.word]] = u
		f.behind[u.word]++
	}
	f.units = f.units[:0]
	first := 0 // of those at the same word
	for _, u := range f.sorted {
		if first < len(f.units) && f.units[first].word != u.word {
			first = len(f.units)
		}
		if !slices.ContainsFunc(f.units[first:], func(o unit) bool { return o.name == u.name }) {
			f.units = append(f.units, u)
		}
	}
}

// tokenAt is the last token that begins at or before a byte, or -1.
func (f *Features) tokenAt(at int32) int {
	i, found := slices.BinarySearchFunc(f.tokens, at, func(t token, at int32) int { return cmp.Compare(t.start, at) })
	if found {
		return i
	}
	return i - 1
}
