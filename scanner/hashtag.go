package scanner

import "math"

// hashtagEnd returns the end of a hashtag at i, or 0: letters, digits and
// underscores, with at least one letter.
func (t *text) hashtagEnd(i int) int {
	n := t.norm
	if i > 0 && (charTable[n[i-1]] == charLetter || charTable[n[i-1]] == charDigit) {
		return 0
	}
	j, letters := i+1, false
	for j < len(n) {
		switch charTable[n[j]] {
		case charLetter:
			letters = true
		case charDigit:
		case charHigh:
			_, size := t.letterAt(j)
			if size == 0 {
				return endIf(j, letters)
			}
			letters = true
			j += size - 1
		default:
			if n[j] != '_' {
				return endIf(j, letters)
			}
		}
		j++
	}
	return endIf(j, letters)
}

func endIf(j int, ok bool) int {
	if !ok {
		return 0
	}
	return j
}

// hashtag adds the words of a hashtag as tokens, and the whole of it as an
// alternative reading of the first.
func (t *text) hashtag(from, to int, gap uint8) {
	first := len(t.toks)
	start := from + 1
	if t.lex.known(t.norm[start:to]) {
		t.addTagWord(start, to, max(gap, gapSpace))
	} else {
		t.splitTag(start, to, max(gap, gapClause))
	}
	if len(t.toks) == first {
		t.addTagWord(start, to, max(gap, gapSpace))
	}
	next := int32(len(t.toks))
	if e := t.lex.find(hashBytes(t.norm[from:to])); e != nil {
		t.addAlt(int32(first), next, t.lex.classes(e), classTag, false)
	} else {
		t.addAlt(int32(first), next, nil, classTag, false)
	}
	if next-int32(first) > 1 {
		if e := t.lex.find(hashBytes(t.norm[start:to])); e != nil {
			t.addAlt(int32(first), next, t.lex.classes(e), 0, false)
		}
	}
}

func (t *text) addTagWord(from, to int, gap uint8) {
	t.add(from, to, gap, hashBytes(t.norm[from:to]))
	k := &t.toks[len(t.toks)-1]
	k.flags |= tokInTag | tokWord
	k.flags &^= tokCapital | tokUpper
}

// splitTag cuts at underscores, at digits and where a capital letter follows
// a small one; a part without such a place is cut by the dictionary.
func (t *text) splitTag(from, to int, gap uint8) {
	start := from
	for i := from; i <= to; i++ {
		if i < to && (i == from || !t.tagBoundary(i)) {
			continue
		}
		a, b := start, i
		for a < b && t.norm[a] == '_' {
			a++
		}
		if a < b {
			t.tagPart(a, b, gap)
			gap = gapSpace
		}
		start = i
	}
}

func (t *text) tagBoundary(i int) bool {
	n := t.norm
	if n[i] == '_' {
		return true
	}
	a, b := charTable[n[i-1]], charTable[n[i]]
	if a == charDigit != (b == charDigit) {
		return true
	}
	up, before := t.upperAt(i), t.upperAt(i-1)
	return up && !before || up && before && i+1 < len(n) && charTable[n[i+1]] == charLetter && !t.upperAt(i+1)
}

func (t *text) upperAt(i int) bool {
	if !t.ascii {
		i = int(t.pos[i])
	}
	return t.src[i] >= 'A' && t.src[i] <= 'Z'
}

func (t *text) tagPart(from, to int, gap uint8) {
	if charTable[t.norm[from]] == charDigit || t.lex.known(t.norm[from:to]) || !t.segment(from, to) {
		t.addTagWord(from, to, gap)
		if charTable[t.norm[from]] == charDigit {
			t.toks[len(t.toks)-1].class |= classNumber
		}
		return
	}
	for at := from; at < to; {
		end := from + int(t.back[at-from])
		t.addTagWord(at, end, gap)
		gap = gapSpace
		at = end
	}
}

const (
	maxSegment = 36 // longest run of letters that is cut by the dictionary
	maxWord    = 18
)

// A cutTag remembers how one run of letters was cut: the same hashtags come
// again and again.
type cutTag struct {
	hash uint64
	ends [maxSegment]uint8 // of the word that begins there
	ok   bool
}

const cutTags = 512

// segment finds the cheapest way to write n[from:to] as words of the lexicon.
// Afterwards t.back[i] is the end of the word that begins at i.
func (t *text) segment(from, to int) bool {
	w := t.norm[from:to]
	if len(w) < 4 || len(w) > maxSegment {
		return false
	}
	h := hashBytes(w)
	if t.cuts == nil {
		t.cuts = make([]cutTag, cutTags)
	}
	c := &t.cuts[spread(h)%cutTags]
	if c.hash == h {
		t.back = t.back[:0]
		for _, end := range c.ends[:len(w)] {
			t.back = append(t.back, int32(end))
		}
		return c.ok
	}
	*c = cutTag{hash: h, ok: t.cutTag(w)}
	for i, end := range t.back[:len(w)] {
		c.ends[i] = uint8(end)
	}
	return c.ok
}

func (t *text) cutTag(w []byte) bool {
	inf := float32(math.Inf(1))
	t.cost, t.back = t.cost[:0], t.back[:0]
	for range len(w) + 1 {
		t.cost, t.back = append(t.cost, inf), append(t.back, 0)
	}
	t.cost[len(w)] = 0
	for i := len(w) - 1; i >= 0; i-- {
		h := uint64(hashSeed)
		for j := i; j < len(w) && j-i < maxWord; j++ {
			h = (h ^ uint64(w[j])) * hashPrime
			if t.cost[j+1] == inf {
				continue
			}
			e := t.lex.find(h)
			if e == nil || e.flags&lexSegment == 0 || j == i && w[i] != 'a' && w[i] != 'i' {
				continue
			}
			if c := t.lex.cost(e) + t.cost[j+1]; c < t.cost[i] {
				t.cost[i], t.back[i] = c, int32(j+1)
			}
		}
	}
	return t.cost[0] < inf
}
