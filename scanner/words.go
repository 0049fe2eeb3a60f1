package scanner

import (
	"fmt"
	"strings"
)

// maxExpansion bounds how many spellings one word with brackets inside it,
// like "(in|out)patient", may stand for.
const maxExpansion = 2000

// classIDs are the ids of token classes in phrases: bit n of a token's class
// has id n+1.
var classIDs = map[string]int32{"_": 1, "<n>": 2, "<user>": 3, "<url>": 4, "<emoji>": 5, "<tag>": 6, "<name>": 7, "<email>": 8}

// An item is a part of an entry: a word, a gap of up to so many words, or a
// choice of sequences.
type item struct {
	word   string
	gap    int // 1: none or one word; more: none to so many
	choice [][]item
}

// parseEntry reads one entry of a word list.
func parseEntry(entry string) ([]item, error) {
	clusters, err := splitOutside(entry, ' ')
	if err != nil {
		return nil, err
	}
	var seq []item
	for _, c := range clusters {
		if c == "" {
			continue
		}
		items, err := parseCluster(c)
		if err != nil {
			return nil, err
		}
		seq = append(seq, items...)
	}
	return seq, nil
}

// splitOutside splits at a separator that stands outside brackets.
func splitOutside(s string, sep byte) ([]string, error) {
	var parts []string
	depth, start := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
			if depth < 0 {
				return nil, fmt.Errorf("%q closes a bracket that is not open", cut(s, 60))
			}
		case sep:
			if depth == 0 {
				parts = append(parts, s[start:i])
				start = i + 1
			}
		}
	}
	if depth > 0 {
		return nil, fmt.Errorf("%q has a bracket that is not closed", cut(s, 60))
	}
	return append(parts, s[start:]), nil
}

// parseCluster reads what stands together without a space: a word, a choice,
// or several of them glued to each other.
func parseCluster(c string) ([]item, error) {
	if !strings.Contains(c, "(") {
		return []item{plainItem(c)}, nil
	}
	parts := clusterParts(c)
	if len(parts) > 1 && gluedTight(parts) {
		words, err := expand(c)
		if err != nil {
			return nil, err
		}
		choice := item{}
		for _, w := range words {
			seq, err := parseEntry(w)
			if err != nil {
				return nil, err
			}
			choice.choice = append(choice.choice, seq)
		}
		return []item{choice}, nil
	}
	var seq []item
	for _, p := range parts {
		it, err := parsePart(p)
		if err != nil {
			return nil, err
		}
		seq = append(seq, it...)
	}
	return seq, nil
}

func plainItem(w string) item {
	if w == "_?" {
		return item{gap: 1}
	}
	if len(w) == 2 && w[0] == '_' && w[1] >= '1' && w[1] <= '9' {
		return item{gap: int(w[1] - '0')}
	}
	return item{word: w}
}

// clusterParts cuts a cluster into bracketed and plain parts; an ending (~ or
// *) stays with the bracket before it.
func clusterParts(c string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(c); i++ {
		switch c[i] {
		case '(':
			if depth == 0 && i > start {
				parts = append(parts, c[start:i])
				start = i
			}
			depth++
		case ')':
			if depth--; depth == 0 {
				if i+1 < len(c) && (c[i+1] == '~' || c[i+1] == '*') {
					i++
				}
				parts = append(parts, c[start:i+1])
				start = i + 1
			}
		}
	}
	if start < len(c) {
		parts = append(parts, c[start:])
	}
	return parts
}

// gluedTight says whether some neighbouring parts make one word together, as
// in "(in|out)patient"; "(really |)hate" does not.
func gluedTight(parts []string) bool {
	for i := 1; i < len(parts); i++ {
		if !spaceAt(parts[i-1], false) && !spaceAt(parts[i], true) {
			return true
		}
	}
	return false
}

// spaceAt says whether every choice of a bracketed part that is not empty
// begins, or ends, with a space.
func spaceAt(part string, begin bool) bool {
	if part[0] != '(' {
		return false
	}
	inner := part[1:strings.LastIndexByte(part, ')')]
	alts, err := splitOutside(inner, '|')
	if err != nil {
		return false
	}
	for _, a := range alts {
		if a == "" {
			continue
		}
		if begin && a[0] != ' ' || !begin && a[len(a)-1] != ' ' {
			return false
		}
	}
	return true
}

func parsePart(p string) ([]item, error) {
	if p[0] != '(' {
		return []item{plainItem(p)}, nil
	}
	end := strings.LastIndexByte(p, ')')
	suffix := p[end+1:]
	alts, err := splitOutside(p[1:end], '|')
	if err != nil {
		return nil, err
	}
	choice := item{}
	for _, a := range alts {
		a = strings.TrimSpace(a)
		if a != "" && !strings.HasSuffix(a, "~") && !strings.HasSuffix(a, "*") {
			a += suffix
		}
		seq, err := parseEntry(a)
		if err != nil {
			return nil, err
		}
		choice.choice = append(choice.choice, seq)
	}
	return []item{choice}, nil
}

// expand writes a glued cluster out as the spellings that it stands for.
func expand(c string) ([]string, error) {
	parts := clusterParts(c)
	out := []string{""}
	for _, p := range parts {
		alts := []string{p}
		suffix := ""
		if p[0] == '(' {
			end := strings.LastIndexByte(p, ')')
			suffix = p[end+1:]
			if strings.Contains(p[1:end], "(") {
				return nil, fmt.Errorf("%q: brackets inside brackets cannot be glued to a word", cut(c, 60))
			}
			alts = strings.Split(p[1:end], "|")
		}
		var next []string
		for _, head := range out {
			for _, a := range alts {
				next = append(next, head+a+suffix)
			}
		}
		if out = next; len(out) > maxExpansion {
			return nil, fmt.Errorf("%q stands for more than %d words", cut(c, 60), maxExpansion)
		}
	}
	return out, nil
}

// A phraseBuilder turns entries into parts of the automaton.
type phraseBuilder struct {
	lex  *lexBuilder
	trie *trieBuilder
	t    text
}

func newPhraseBuilder(lex *lexBuilder, trie *trieBuilder) *phraseBuilder {
	return &phraseBuilder{lex: lex, trie: trie, t: text{lex: &lexicon{slots: make([]lexSlot, 1)}}}
}

// add compiles one entry for a concept. masked words are also found with
// letters hidden. It returns how often, roughly, the entry matches in ordinary
// text.
func (b *phraseBuilder) add(entry string, concept int32, masked bool) (float64, error) {
	seq, err := parseEntry(entry)
	if err != nil {
		return 0, err
	}
	root, freq, err := b.sequence(seq, b.trie.leaf(concept), masked)
	if err != nil {
		return 0, err
	}
	root = b.trie.withoutLeadingGap(root)
	if len(b.trie.nodes[root].accepts) > 0 {
		return 0, fmt.Errorf("%q may stand for no word at all", cut(entry, 60))
	}
	b.trie.addRoot(root)
	return freq, nil
}

// sequence builds, from right to left, the node from which a sequence leads
// on to next.
func (b *phraseBuilder) sequence(seq []item, next int32, masked bool) (int32, float64, error) {
	freq := 1.0
	masked = masked && len(seq) == 1
	for i := len(seq) - 1; i >= 0; i-- {
		n, f, err := b.item(seq[i], next, masked)
		if _, sign := err.(*noWordError); sign && len(seq) > 1 && seq[i].choice == nil {
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		next, freq = n, min(freq, f)
	}
	return next, freq / float64(max(len(seq), 1)), nil
}

func (b *phraseBuilder) item(it item, next int32, masked bool) (int32, float64, error) {
	switch {
	case it.gap > 0:
		at := next
		for range it.gap {
			at = b.trie.union(next, b.trie.edge(classIDs["_"], at))
		}
		return at, 1, nil
	case it.choice == nil:
		return b.word(it.word, next, masked)
	}
	at, total := int32(0), 0.0
	for _, alt := range it.choice {
		n, f, err := b.sequence(alt, next, masked)
		if _, sign := err.(*noWordError); sign && len(it.choice) > 1 {
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		at = b.trie.union(at, n)
		total += f
	}
	return at, min(total, 1), nil
}

// word compiles one word of a phrase; a word with a hyphen gives several.
func (b *phraseBuilder) word(f string, next int32, masked bool) (int32, float64, error) {
	ids, freq, err := b.element(f, masked)
	if err != nil {
		return 0, 0, err
	}
	if len(ids) == 0 {
		return 0, 0, &noWordError{f}
	}
	for i := len(ids) - 1; i >= 0; i-- {
		next = b.trie.edge(ids[i], next)
	}
	return next, freq, nil
}

// noWordError: a sign alone, like "@". Among words it is passed over, as it is
// in a text.
type noWordError struct{ sign string }

func (e *noWordError) Error() string { return fmt.Sprintf("%q holds no word", e.sign) }

func (b *phraseBuilder) element(f string, masked bool) ([]int32, float64, error) {
	if id, ok := classIDs[f]; ok {
		if f == "_" {
			return []int32{id}, 1, nil
		}
		return []int32{id}, 0.02, nil
	}
	if at := strings.IndexByte(f, '<'); at >= 0 {
		return b.gluedClass(f, at)
	}
	if f == "$" || strings.HasPrefix(f, "#") && len(f) > 1 {
		return []int32{b.lex.exact(strings.ToLower(f))}, 0.0005, nil
	}
	end := byte(0)
	if n := len(f); n > 1 && (f[n-1] == '~' || f[n-1] == '*') {
		end, f = f[n-1], f[:n-1]
	}
	if strings.ContainsAny(f, "*~") {
		return nil, 0, fmt.Errorf("%q: * and ~ may stand only at the end of a word", f)
	}
	b.t.read(f)
	var ids []int32
	freq := 1.0
	for i := range b.t.toks {
		w := string(b.t.bytes(i))
		freq = min(freq, b.lex.freq(w))
		ids = append(ids, b.wordID(w, end, i == len(b.t.toks)-1, masked && len(b.t.toks) == 1))
	}
	return ids, freq, nil
}

// gluedClass compiles "£<n>", "<n>yo" and "<n>.<n>".
func (b *phraseBuilder) gluedClass(f string, at int) ([]int32, float64, error) {
	end := strings.IndexByte(f[at:], '>')
	if end < 0 {
		return nil, 0, fmt.Errorf("%q: < begins a class like <n>", f)
	}
	class := f[at : at+end+1]
	if _, ok := classIDs[class]; !ok {
		return nil, 0, fmt.Errorf("%s is not known; there are <n>, <user>, <url>, <emoji>, <tag>, <name> and <email>", class)
	}
	var ids []int32
	freq := 1.0
	for _, part := range []string{f[:at], class, f[at+end+1:]} {
		if part == "" {
			continue
		}
		more, fq, err := b.element(part, false)
		if err != nil {
			return nil, 0, err
		}
		ids, freq = append(ids, more...), min(freq, fq)
	}
	return ids, freq, nil
}

func (b *phraseBuilder) wordID(w string, end byte, last, masked bool) int32 {
	switch {
	case last && end == '~':
		if masked {
			for _, f := range inflections(w) {
				b.lex.mask[f] = true
			}
		}
		return b.lex.lemma(w)
	case last && end == '*':
		if masked {
			b.lex.mask[w+"*"] = true
		}
		return b.lex.prefix(w)
	}
	if masked {
		b.lex.mask[w] = true
	}
	return b.lex.exact(w)
}

// freq guesses how often a word stands in ordinary text.
func (b *lexBuilder) freq(w string) float64 {
	i, ok := b.index[w]
	if !ok || b.entries[i].flags&lexEnglish == 0 {
		return 0.00002
	}
	return 0.1 / float64(i+2)
}
