package scanner

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"lookback/store"
)

// Rule is one entry of a pack: what must be seen, and what is said about it.
type Rule struct {
	ID         string // "theme.detail"
	Theme      string
	Standards  []string
	Action     store.Action
	Confidence float64
	Why        string
	Advice     string
	Kinds      []store.Kind // empty: all
	NotKinds   []store.Kind
	Audience   []store.Audience // empty: all; unknown counts as public
	Author     string           // "professional" or ""
	WordsOf    string           // "own", "others" or "" for both
	Pack       string           // name of the pack
	File       string
	Line       int
	Match, Not []Example

	when                   *cond
	unless, lower, raise   []*cond
	negated, quoted        policy
	hypothetical, question policy
	spans                  []wordDef
	src                    *source
	hash                   string
}

// Learned says that the rule is not written in a pack: it names what the learned
// classifiers find of its theme. Action and confidence are theirs, post by post.
func (r *Rule) Learned() bool { return r.Pack == learnedPack }

// Together says that the rule is not written in a pack: it names what is found
// by looking at several posts, and is applied by Settle.
func (r *Rule) Together() bool { return r.Pack == togetherPack }

// A policy says what becomes of a hit, or of the finding, in a certain light.
type policy uint8

const (
	policyDefault policy = iota
	policyKeep
	policyDrop
	policyLower
	policyOnly
)

var policyNames = map[string]policy{"": policyDefault, "keep": policyKeep, "drop": policyDrop, "lower": policyLower, "only": policyOnly}

var kindNames = func() []string {
	var list []string
	for _, k := range store.Kinds {
		list = append(list, string(k))
	}
	return list
}()

var audienceNames = []string{"public", "unlisted", "followers", "friends", "group", "circle", "direct", "only-me"}

func (p *packDef) readRules(n *yaml.Node) {
	p.src.items(n, "rules", func(item *yaml.Node) {
		r := p.src.rule(item)
		r.Pack = p.name
		p.rules = append(p.rules, r)
	})
}

func (s *source) rule(n *yaml.Node) *Rule {
	r := &Rule{File: s.file, Line: n.Line, src: s}
	s.mapping(n, "a rule", map[string]func(*yaml.Node){
		"id":           func(n *yaml.Node) { r.ID = s.str(n) },
		"theme":        func(n *yaml.Node) { r.Theme = s.str(n) },
		"standards":    func(n *yaml.Node) { r.Standards = s.strList(n) },
		"action":       func(n *yaml.Node) { r.Action = store.Action(s.oneOf(n, "remove", "review")) },
		"confidence":   func(n *yaml.Node) { r.Confidence = s.confidence(n) },
		"why":          func(n *yaml.Node) { r.Why = s.str(n) },
		"advice":       func(n *yaml.Node) { r.Advice = s.str(n) },
		"kinds":        func(n *yaml.Node) { r.Kinds = s.kinds(n) },
		"not-kinds":    func(n *yaml.Node) { r.NotKinds = s.kinds(n) },
		"audience":     func(n *yaml.Node) { r.Audience = s.audiences(n) },
		"author":       func(n *yaml.Node) { r.Author = anyIsEmpty(s.oneOf(n, "professional", "any")) },
		"words-of":     func(n *yaml.Node) { r.WordsOf = anyIsEmpty(s.oneOf(n, "own", "others", "any")) },
		"when":         func(n *yaml.Node) { r.when = s.condition(n) },
		"unless":       func(n *yaml.Node) { r.unless = s.conditions(n) },
		"lower":        func(n *yaml.Node) { r.lower = s.conditions(n) },
		"raise":        func(n *yaml.Node) { r.raise = s.conditions(n) },
		"negated":      func(n *yaml.Node) { r.negated = s.policy(n, "drop", "keep", "only", "lower") },
		"quoted":       func(n *yaml.Node) { r.quoted = s.policy(n, "lower", "drop", "keep") },
		"hypothetical": func(n *yaml.Node) { r.hypothetical = s.policy(n, "keep", "drop", "lower") },
		"question":     func(n *yaml.Node) { r.question = s.policy(n, "keep", "drop", "lower") },
		"spans":        func(n *yaml.Node) { r.spans = s.wordList(n) },
		"examples":     func(n *yaml.Node) { s.examples(n, r) },
	})
	s.checkRule(r)
	return r
}

func anyIsEmpty(v string) string {
	if v == "any" {
		return ""
	}
	return v
}

func (s *source) checkRule(r *Rule) {
	switch {
	case r.ID == "":
		s.errorf(r.Line, "a rule without id")
	case !validName(r.ID):
		s.errorf(r.Line, "rule id %q: use lower-case letters, digits, hyphens and dots", r.ID)
	case r.Theme == "":
		s.errorf(r.Line, "rule %s has no theme", r.ID)
	case r.ID != r.Theme && !hasDotPrefix(r.ID, r.Theme):
		s.errorf(r.Line, "rule %s: the id must begin with the theme, like %s.detail", r.ID, r.Theme)
	case r.Action == "":
		s.errorf(r.Line, "rule %s has no action: remove or review", r.ID)
	case r.Confidence == 0:
		s.errorf(r.Line, "rule %s has no confidence", r.ID)
	case r.when == nil:
		s.errorf(r.Line, "rule %s has no condition (when)", r.ID)
	case len(r.Match) < 2 || len(r.Not) < 2:
		s.errorf(r.Line, "rule %s needs at least two examples that match and two that do not", r.ID)
	}
}

func hasDotPrefix(id, theme string) bool {
	return len(id) > len(theme)+1 && id[:len(theme)] == theme && id[len(theme)] == '.'
}

func (s *source) confidence(n *yaml.Node) float64 {
	v, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || v < 0.05 || v > 0.99 {
		s.errorf(n.Line, "a number from 0.05 to 0.99 was expected here")
		return 0.5
	}
	return v
}

func (s *source) kinds(n *yaml.Node) []store.Kind {
	var list []store.Kind
	s.items(n, "kinds", func(item *yaml.Node) { list = append(list, store.Kind(s.oneOf(item, kindNames...))) })
	return list
}

func (s *source) audiences(n *yaml.Node) []store.Audience {
	var list []store.Audience
	s.items(n, "audience", func(item *yaml.Node) { list = append(list, store.Audience(s.oneOf(item, audienceNames...))) })
	return list
}

func (s *source) policy(n *yaml.Node, allowed ...string) policy {
	return policyNames[s.oneOf(n, allowed...)]
}

func (s *source) examples(n *yaml.Node, r *Rule) {
	s.mapping(n, "examples", map[string]func(*yaml.Node){
		"match": func(n *yaml.Node) { r.Match = s.exampleList(n) },
		"not":   func(n *yaml.Node) { r.Not = s.exampleList(n) },
	})
}

func (s *source) exampleList(n *yaml.Node) []Example {
	var list []Example
	s.items(n, "examples", func(item *yaml.Node) {
		ex := Example{Kind: store.KindPost, line: item.Line}
		if item.Kind == yaml.ScalarNode {
			ex.Text = item.Value
		} else {
			s.mapping(item, "an example", map[string]func(*yaml.Node){
				"kind": func(n *yaml.Node) { ex.Kind = store.Kind(s.oneOf(n, kindNames...)) },
				"bio":  func(n *yaml.Node) { ex.Bio = s.str(n) },
				"text": func(n *yaml.Node) { ex.Text = n.Value },
			})
		}
		if ex.Text == "" {
			s.errorf(item.Line, "an example without text")
		}
		list = append(list, ex)
	})
	return list
}
