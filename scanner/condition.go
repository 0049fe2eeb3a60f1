package scanner

import "go.yaml.in/yaml/v3"

type condOp uint8

const (
	opLeaf condOp = iota // one concept, by name or unnamed
	opAny
	opAll
	opNone
	opSome
	opSentence
	opWindow
	opPost
	opNear
	opNotNear
)

type subject uint8

const (
	subjectAny subject = iota
	subjectMe
	subjectYou
	subjectOther
)

var subjectNames = map[string]subject{"me": subjectMe, "you": subjectYou, "other": subjectOther}

// mods narrow which hits of a leaf count.
type mods struct {
	negated, quoted policy
	by              subject
	first           bool
}

// A cond is one node of a rule's condition tree.
type cond struct {
	op      condOp
	kids    []*cond
	name    string      // leaf: concept's name, until it is resolved
	inline  *conceptDef // leaf: an unnamed concept
	concept int         // leaf: index in the compiled table
	n       int         // some: how many; window: sentences; near: words
	ordered bool
	mods    mods
	line    int
}

// condition reads a condition; a list stands for all of its items.
func (s *source) condition(n *yaml.Node) *cond {
	switch n.Kind {
	case yaml.ScalarNode:
		return &cond{op: opLeaf, name: s.str(n), line: n.Line}
	case yaml.SequenceNode:
		return &cond{op: opAll, kids: s.conditions(n), line: n.Line}
	case yaml.MappingNode:
		return s.conditionMap(n)
	}
	s.errorf(n.Line, "a condition was expected here")
	return &cond{op: opAll, line: n.Line}
}

func (s *source) conditions(n *yaml.Node) []*cond {
	var kids []*cond
	s.items(n, "a condition", func(item *yaml.Node) { kids = append(kids, s.condition(item)) })
	if len(kids) == 0 {
		s.errorf(n.Line, "an empty condition")
	}
	return kids
}

var groupOps = map[string]condOp{
	"any": opAny, "all": opAll, "not": opNone, "none": opNone, "sentence": opSentence, "post": opPost,
}

func (s *source) conditionMap(n *yaml.Node) *cond {
	c := &cond{line: n.Line}
	form := ""
	set := func(name string) {
		if form != "" {
			s.errorf(n.Line, "one condition cannot be both %q and %q: make them two list items", form, name)
		}
		form = name
	}
	keys := map[string]func(*yaml.Node){
		"words":    func(v *yaml.Node) { set("words"); s.inline(c, n).words = s.wordList(v) },
		"patterns": func(v *yaml.Node) { s.inline(c, n).patterns = s.patternList(v) },
		"except":   func(v *yaml.Node) { s.inline(c, n).except = s.wordList(v) },
		"masked":   func(v *yaml.Node) { s.inline(c, n).masked = s.boolean(v) },
		"setting":  func(v *yaml.Node) { s.inline(c, n).setting = s.boolean(v) },
		"some":     func(v *yaml.Node) { set("some"); s.someOf(c, v) },
		"window":   func(v *yaml.Node) { set("window"); s.windowOf(c, v) },
		"near":     func(v *yaml.Node) { set("near"); s.nearOf(c, v, opNear) },
		"not-near": func(v *yaml.Node) { set("not-near"); s.nearOf(c, v, opNotNear) },
		"negated":  func(v *yaml.Node) { c.mods.negated = s.policy(v, "keep", "drop", "only") },
		"quoted":   func(v *yaml.Node) { c.mods.quoted = s.policy(v, "keep", "drop", "only") },
		"by":       func(v *yaml.Node) { c.mods.by = subjectNames[s.oneOf(v, "me", "you", "other")] },
		"first":    func(v *yaml.Node) { c.mods.first = s.boolean(v) },
	}
	for name, op := range groupOps {
		keys[name] = func(v *yaml.Node) {
			set(name)
			c.op = op
			if v.Kind == yaml.SequenceNode {
				c.kids = s.conditions(v)
			} else {
				c.kids = []*cond{s.condition(v)}
			}
		}
	}
	s.mapping(n, "a condition", keys)
	if form == "" && c.inline == nil {
		s.errorf(n.Line, "a condition needs one of any, all, not, words, some, sentence, window, post, near, not-near")
	}
	return c
}

func (s *source) inline(c *cond, n *yaml.Node) *conceptDef {
	if c.inline == nil {
		c.inline = &conceptDef{line: n.Line, src: s}
	}
	return c.inline
}

func (s *source) someOf(c *cond, v *yaml.Node) {
	c.op, c.n = opSome, 2
	s.mapping(v, "some", map[string]func(*yaml.Node){
		"min": func(n *yaml.Node) { c.n = s.integer(n, 1, 20) },
		"of":  func(n *yaml.Node) { c.kids = s.conditions(n) },
	})
}

func (s *source) windowOf(c *cond, v *yaml.Node) {
	c.op, c.n = opWindow, 2
	s.mapping(v, "window", map[string]func(*yaml.Node){
		"sentences": func(n *yaml.Node) { c.n = s.integer(n, 1, 20) },
		"of":        func(n *yaml.Node) { c.kids = s.conditions(n) },
	})
}

func (s *source) nearOf(c *cond, v *yaml.Node, op condOp) {
	c.op, c.n = op, 6
	s.mapping(v, "near", map[string]func(*yaml.Node){
		"within":  func(n *yaml.Node) { c.n = s.integer(n, 0, 100) },
		"of":      func(n *yaml.Node) { c.kids = s.conditions(n) },
		"ordered": func(n *yaml.Node) { c.ordered = s.boolean(n) },
	})
	if len(c.kids) < 2 {
		s.errorf(v.Line, "near and not-near need at least two concepts under \"of\"")
	}
	for _, k := range c.kids {
		if !isLeafSet(k) {
			s.errorf(k.line, "inside near only concepts, any and words may stand")
		}
	}
}

// isLeafSet says whether a condition is a choice of concepts only.
func isLeafSet(c *cond) bool {
	if c.op == opLeaf {
		return true
	}
	if c.op != opAny {
		return false
	}
	for _, k := range c.kids {
		if !isLeafSet(k) {
			return false
		}
	}
	return true
}

// inherit hands the modifiers of a group down to its leaves.
func (c *cond) inherit(m mods) {
	if c.mods.negated == policyDefault {
		c.mods.negated = m.negated
	}
	if c.mods.quoted == policyDefault {
		c.mods.quoted = m.quoted
	}
	if c.mods.by == subjectAny {
		c.mods.by = m.by
	}
	c.mods.first = c.mods.first || m.first
	for _, k := range c.kids {
		k.inherit(c.mods)
	}
}
