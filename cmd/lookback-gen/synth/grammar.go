package synth

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
)

//go:embed phrases.txt
var phrases string

// grammar is phrases.txt, parsed.
type grammar struct {
	slots    map[string][]template
	everyday []section
	planted  []section
	traps    []section
}

// section is one heading of phrases.txt with its lines.
type section struct {
	name   string // topic or theme
	phases string // of A, B, C, D
	action string // remove or review; empty for what is harmless
	lines  []line
}

// line is one sentence, or one whole post where the section is planted.
type line struct {
	kind string // like, repost, dm, reply; empty for a post
	text template
}

// template is text with slots, split once so that filling it in is cheap.
type template []part

type part struct {
	text string
	slot bool
}

// loadGrammar parses the embedded phrases once; they are part of the program,
// so a mistake in them is a bug that TestGrammar finds.
var loadGrammar = sync.OnceValues(func() (*grammar, error) { return parseGrammar(phrases) })

func parseGrammar(src string) (*grammar, error) {
	g := &grammar{slots: map[string][]template{}}
	var cur *section
	for i, raw := range strings.Split(src, "\n") {
		text := strings.TrimSpace(raw)
		switch {
		case text == "" || strings.HasPrefix(text, "# ") || text == "#":
		case strings.HasPrefix(text, "$ "):
			name, choices, ok := strings.Cut(text[2:], " = ")
			if !ok {
				return nil, fmt.Errorf("phrases.txt:%d: a slot needs \" = \"", i+1)
			}
			for c := range strings.SplitSeq(choices, " | ") {
				g.slots[name] = append(g.slots[name], parseTemplate(c))
			}
		case strings.HasPrefix(text, "## "), strings.HasPrefix(text, "!! "), strings.HasPrefix(text, "?? "):
			s, list, err := g.heading(text)
			if err != nil {
				return nil, fmt.Errorf("phrases.txt:%d: %w", i+1, err)
			}
			*list = append(*list, s)
			cur = &(*list)[len(*list)-1]
		case cur == nil:
			return nil, fmt.Errorf("phrases.txt:%d: a sentence before the first heading", i+1)
		default:
			cur.lines = append(cur.lines, parseLine(text))
		}
	}
	return g, nil
}

// heading reads one heading and says which list it belongs to.
func (g *grammar) heading(text string) (section, *[]section, error) {
	f := strings.Fields(text)
	switch {
	case f[0] == "##" && len(f) == 3:
		return section{name: f[1], phases: f[2]}, &g.everyday, nil
	case f[0] == "!!" && len(f) == 4:
		return section{name: f[1], phases: f[2], action: f[3]}, &g.planted, nil
	case f[0] == "??" && len(f) == 2:
		return section{name: "harmless", phases: f[1]}, &g.traps, nil
	}
	return section{}, nil, fmt.Errorf("heading %q has the wrong number of words", text)
}

func parseLine(text string) line {
	if strings.HasPrefix(text, "[") {
		if kind, rest, ok := strings.Cut(text[1:], "] "); ok {
			return line{kind: kind, text: parseTemplate(rest)}
		}
	}
	return line{text: parseTemplate(text)}
}

func parseTemplate(s string) template {
	var t template
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			break
		}
		if open > 0 {
			t = append(t, part{text: s[:open]})
		}
		t = append(t, part{text: s[open+1 : open+end], slot: true})
		s = s[open+end+1:]
	}
	if s != "" {
		t = append(t, part{text: s})
	}
	return t
}

// writer fills templates in for one person from one source of chance.
type writer struct {
	g     *grammar
	rng   *rand.Rand
	fixed map[string]string // prof, course, kit
}

func (w *writer) fill(dst []byte, t template) []byte {
	for _, p := range t {
		switch {
		case !p.slot:
			dst = append(dst, p.text...)
		case w.fixed[p.text] != "":
			dst = append(dst, w.fixed[p.text]...)
		default:
			choices := w.g.slots[p.text]
			dst = w.fill(dst, choices[w.rng.IntN(len(choices))])
		}
	}
	return dst
}

// slot fills in one slot by name.
func (w *writer) slot(name string) string {
	return string(w.fill(nil, template{{text: name, slot: true}}))
}

// chance is true in percent of all calls.
func (w *writer) chance(percent float64) bool { return w.rng.Float64()*100 < percent }

// pick chooses a section of the phase, then nothing else.
func (w *writer) pick(list []section, phase byte) *section {
	for {
		s := &list[w.rng.IntN(len(list))]
		if strings.IndexByte(s.phases, phase) >= 0 {
			return s
		}
	}
}

// everyday writes n ordinary sentences on one subject, with the small
// irregularities of real posts.
func (w *writer) everyday(phase byte, n int, sep string) string {
	s := w.pick(w.g.everyday, phase)
	foreign := s.name == "lang"
	if foreign {
		return string(w.fill(nil, s.lines[w.rng.IntN(len(s.lines))].text))
	}
	var b []byte
	if w.chance(12) {
		b = append(append(b, w.slot("opener")...), ' ')
	}
	start := w.rng.IntN(len(s.lines))
	for i := range min(n, len(s.lines)) {
		if i > 0 {
			b = append(stop(b), sep...)
		}
		from := len(b)
		b = w.fill(b, s.lines[(start+i)%len(s.lines)].text)
		capital(b[from:])
	}
	text := string(w.flourish(b))
	lower := 20.0
	if phase == 'A' {
		lower = 45
	}
	if w.chance(lower) {
		text = strings.TrimSuffix(strings.ToLower(text), ".")
	}
	return text
}

// stop ends a sentence that has no end yet.
func stop(b []byte) []byte {
	if c := b[len(b)-1]; c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
		return append(b, '.')
	}
	return b
}

// capital sets the first letter of an ASCII sentence in a capital.
func capital(b []byte) {
	if len(b) > 0 && b[0] >= 'a' && b[0] <= 'z' {
		b[0] -= 32
	}
}

func (w *writer) flourish(b []byte) []byte {
	if w.chance(25) {
		b = append(append(stop(b), ' '), w.slot("closer")...)
	}
	if w.chance(22) {
		b = append(append(b, ' '), w.slot("emoji")...)
	}
	for n := 0; n < 3 && w.chance(15); n++ {
		b = append(append(b, ' '), strings.ReplaceAll(w.slot("tag"), " ", "")...)
	}
	return b
}

// planted fills in one line of a theme whose kind is allowed; empty kinds
// takes the lines that name none.
func (w *writer) planted(s *section, kinds string) (line, string, bool) {
	var fit []line
	for _, l := range s.lines {
		if l.kind == "" && strings.Contains(kinds, "post") || l.kind != "" && strings.Contains(kinds, l.kind) {
			fit = append(fit, l)
		}
	}
	if len(fit) == 0 {
		return line{}, "", false
	}
	l := fit[w.rng.IntN(len(fit))]
	return l, upperFirst(string(w.fill(nil, l.text)), w.chance(60)), true
}

func upperFirst(s string, do bool) string {
	b := []byte(s)
	if do {
		capital(b)
	}
	return string(b)
}
