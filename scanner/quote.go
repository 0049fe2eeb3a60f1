package scanner

// A quotation is a range of tokens that stand between quotation marks, or on a
// line that begins with ">".
type quotation struct{ from, to int32 }

const (
	doubleMarks = iota
	singleMarks
	lineQuote
)

const (
	minQuote = 3  // words; fewer are a title or irony
	maxQuote = 80 // words between single marks; more are two apostrophes
)

func (t *text) closeQuote(kind int) {
	from, to := t.open[kind], int32(len(t.toks))
	t.open[kind] = -1
	if from >= 0 && to-from >= minQuote {
		t.quotes = append(t.quotes, quotation{from, to})
	}
}

func (t *text) doubleQuote(i int) {
	if t.open[doubleMarks] >= 0 {
		t.closeQuote(doubleMarks)
		return
	}
	if i > 0 && charTable[t.norm[i-1]] == charDigit {
		return // inches
	}
	t.open[doubleMarks] = int32(len(t.toks))
}

// singleQuote tells marks from apostrophes by what stands around them.
func (t *text) singleQuote(i int) {
	n := t.norm
	before := i > 0 && n[i-1] > ' ' && n[i-1] != '(' && n[i-1] != '"'
	after := i+1 < len(n) && n[i+1] > ' '
	switch {
	case !before && after && t.open[singleMarks] < 0:
		t.open[singleMarks] = int32(len(t.toks))
	case before && (!after || charTable[n[i+1]] == charOther) && t.open[singleMarks] >= 0:
		if int32(len(t.toks))-t.open[singleMarks] > maxQuote {
			t.open[singleMarks] = -1
		}
		t.closeQuote(singleMarks)
	}
}

// endQuoteLine ends what a line's end ends: a quoted line, and marks that were
// never closed.
func (t *text) endQuoteLine() {
	t.closeQuote(lineQuote)
	t.open[doubleMarks], t.open[singleMarks] = -1, -1
}

// sharedByHand treats what follows "RT @handle" as a quotation where the
// author's own words before it condemn it: then those words are one scope and
// what was shared is another. Without that, sharing reads as agreement.
func (s *scan) sharedByHand() {
	for i := 1; i+1 < len(s.t.toks); i++ {
		k := &s.t.toks[i]
		if k.to-k.from != 2 || k.flags&tokUpper == 0 || s.t.toks[i+1].class&classUser == 0 {
			continue
		}
		if b := s.t.bytes(i); string(b) != "rt" && string(b) != "mt" {
			continue
		}
		if s.before(s.e.counter, int32(i)) || s.before(s.e.condemn, int32(i)) {
			s.byHand = true
			s.light(int32(i)+1, int32(len(s.t.toks)), lightQuoted)
		}
		return
	}
}

// before says whether a concept was found before a token.
func (s *scan) before(concept, at int32) bool {
	if concept < 0 {
		return false
	}
	for h := s.lists[concept].head; h != 0; h = s.hits[h-1].next {
		if s.hits[h-1].to <= at {
			return true
		}
	}
	return false
}
