package scanner

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"lookback/store"
)

// PackError is a mistake in a pack file, with the place and the line itself.
type PackError struct {
	File    string // base name of the pack
	Line    int    // 1-based; 0 where the mistake is about the file as a whole
	Excerpt string // the line as it stands, cut at 100 bytes
	Msg     string
}

func (e *PackError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Msg
	}
	if e.Excerpt == "" {
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s\n  %5d | %s", e.File, e.Line, e.Msg, e.Line, e.Excerpt)
}

// maxPackErrors bounds what one load reports, so that a broken file does not
// fill the terminal.
const maxPackErrors = 25

// A wordDef is one entry of a word list with its place.
type wordDef struct {
	text string
	line int
}

type patternDef struct {
	re       string
	need     []wordDef
	original bool
	line     int
}

type conceptDef struct {
	name, about, check      string
	words, except, include  []wordDef
	patterns                []patternDef
	setting, masked, extend bool
	src                     *source
	line                    int
	hash                    string // see conceptHash
}

// Example is a text that a rule must find, or must not.
type Example struct {
	Kind store.Kind // KindPost where the pack says nothing
	Bio  string
	Text string
	line int
}

// A source is one pack file while it is read: it turns places into errors.
type source struct {
	file  string
	lines []string
	errs  []error
}

func (s *source) errorf(line int, format string, args ...any) {
	s.errs = append(s.errs, s.errorAt(line, format, args...))
}

func (s *source) errorAt(line int, format string, args ...any) error {
	e := &PackError{File: s.file, Line: line, Msg: fmt.Sprintf(format, args...)}
	if line > 0 && line <= len(s.lines) {
		e.Excerpt = cut(strings.TrimSpace(s.lines[line-1]), 100)
	}
	return e
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "..."
}

type packDef struct {
	name     string
	concepts []*conceptDef
	rules    []*Rule
	src      *source
}

// parsePack reads one pack. The error joins every mistake found in it.
func parsePack(file string, r io.Reader) (*packDef, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading pack %s: %w", file, err)
	}
	src := &source{file: file, lines: strings.Split(string(data), "\n")}
	root, err := rootNode(src, data)
	if err != nil {
		return nil, err
	}
	p := &packDef{src: src}
	src.mapping(root, "the pack", map[string]func(*yaml.Node){
		"pack":     func(n *yaml.Node) { p.name = src.str(n) },
		"about":    func(n *yaml.Node) { src.str(n) },
		"concepts": func(n *yaml.Node) { p.readConcepts(n) },
		"rules":    func(n *yaml.Node) { p.readRules(n) },
	})
	if p.name == "" {
		src.errorf(root.Line, "the pack has no name: add a line like \"pack: my-rules\"")
	}
	return p, joinErrors(src.errs)
}

func rootNode(src *source, data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, src.errorAt(yamlLine(err), "not valid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 {
		return nil, src.errorAt(0, "the file is empty")
	}
	return doc.Content[0], nil
}

// yamlLine takes the line out of the parser's message ("yaml: line 7: ...").
func yamlLine(err error) int {
	_, rest, ok := strings.Cut(err.Error(), "line ")
	if !ok {
		return 0
	}
	num, _, _ := strings.Cut(rest, ":")
	n, convErr := strconv.Atoi(num)
	if convErr != nil {
		return 0
	}
	return n
}

func joinErrors(errs []error) error {
	if len(errs) > maxPackErrors {
		more := len(errs) - maxPackErrors
		errs = append(errs[:maxPackErrors:maxPackErrors], fmt.Errorf("and %d more mistakes", more))
	}
	return errors.Join(errs...)
}

func (p *packDef) readConcepts(n *yaml.Node) {
	p.src.pairs(n, "concepts", func(key, val *yaml.Node) {
		if !validName(key.Value) {
			p.src.errorf(key.Line, "concept name %q: use lower-case letters, digits, hyphens and dots", key.Value)
		}
		p.concepts = append(p.concepts, p.src.concept(key, val))
	})
}

func validName(s string) bool {
	if s == "" {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (s *source) concept(key, val *yaml.Node) *conceptDef {
	c := &conceptDef{name: key.Value, line: key.Line, src: s}
	s.mapping(val, "concept "+key.Value, map[string]func(*yaml.Node){
		"about":    func(n *yaml.Node) { c.about = s.str(n) },
		"words":    func(n *yaml.Node) { c.words = s.wordList(n) },
		"patterns": func(n *yaml.Node) { c.patterns = s.patternList(n) },
		"except":   func(n *yaml.Node) { c.except = s.wordList(n) },
		"include":  func(n *yaml.Node) { c.include = s.wordList(n) },
		"check":    func(n *yaml.Node) { c.check = s.oneOf(n, checkNames...) },
		"setting":  func(n *yaml.Node) { c.setting = s.boolean(n) },
		"masked":   func(n *yaml.Node) { c.masked = s.boolean(n) },
		"extend":   func(n *yaml.Node) { c.extend = s.boolean(n) },
	})
	return c
}

func (s *source) patternList(n *yaml.Node) []patternDef {
	var list []patternDef
	s.items(n, "patterns", func(item *yaml.Node) {
		p := patternDef{line: item.Line}
		s.mapping(item, "a pattern", map[string]func(*yaml.Node){
			"re":       func(n *yaml.Node) { p.re = s.str(n); p.line = n.Line },
			"need":     func(n *yaml.Node) { p.need = s.wordList(n) },
			"original": func(n *yaml.Node) { p.original = s.boolean(n) },
		})
		if p.re == "" {
			s.errorf(item.Line, "a pattern without \"re\"")
		}
		if len(p.need) == 0 {
			s.errorf(item.Line, "a pattern without \"need\": name words of which one must be there before the pattern is tried")
		}
		list = append(list, p)
	})
	return list
}

// mapping calls the handler of each key and refuses keys that have none.
func (s *source) mapping(n *yaml.Node, what string, keys map[string]func(*yaml.Node)) {
	s.pairs(n, what, func(key, val *yaml.Node) {
		h, ok := keys[key.Value]
		if !ok {
			s.errorf(key.Line, "unknown key %q in %s%s", key.Value, what, suggest(key.Value, keys))
			return
		}
		h(val)
	})
}

func suggest[V any](got string, known map[string]V) string {
	best, bestD := "", 3
	for k := range known {
		if d := editDistance(got, k); d < bestD || d == bestD && best != "" && k < best {
			best, bestD = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			prev, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, prev+cost)
		}
	}
	return row[len(b)]
}

func (s *source) pairs(n *yaml.Node, what string, each func(key, val *yaml.Node)) {
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		s.errorf(n.Line, "%s must be a list of keys and values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			s.errorf(key.Line, "%q stands twice in %s", key.Value, what)
			continue
		}
		seen[key.Value] = true
		each(key, deref(n.Content[i+1]))
	}
}

func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func (s *source) items(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		s.errorf(n.Line, "%s must be a list", what)
		return
	}
	for _, item := range n.Content {
		each(deref(item))
	}
}

func (s *source) str(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		s.errorf(n.Line, "a plain text was expected here")
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func (s *source) strList(n *yaml.Node) []string {
	var list []string
	s.items(n, "this", func(item *yaml.Node) { list = append(list, s.str(item)) })
	return list
}

func (s *source) wordList(n *yaml.Node) []wordDef {
	var list []wordDef
	s.items(n, "a word list", func(item *yaml.Node) {
		if t := s.str(item); t != "" {
			list = append(list, wordDef{text: t, line: item.Line})
			return
		}
		s.errorf(item.Line, "an empty word")
	})
	return list
}

func (s *source) boolean(n *yaml.Node) bool {
	var b bool
	if err := n.Decode(&b); err != nil {
		s.errorf(n.Line, "true or false was expected here")
	}
	return b
}

func (s *source) integer(n *yaml.Node, lo, hi int) int {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < lo || v > hi {
		s.errorf(n.Line, "a whole number from %d to %d was expected here", lo, hi)
		return lo
	}
	return v
}

func (s *source) oneOf(n *yaml.Node, allowed ...string) string {
	v := s.str(n)
	for _, a := range allowed {
		if v == a {
			return v
		}
	}
	s.errorf(n.Line, "%q is not one of %s", v, strings.Join(allowed, ", "))
	return ""
}
