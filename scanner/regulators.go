package scanner

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed packs/regulators/*.yaml
var embeddedBodies embed.FS

const bodiesFolder = "packs/regulators"

// mapped is a mapping file: another body's standards, and which of them each
// theme of ours falls under. The rules stay the same.
type mapped struct {
	Regulator
	families, themes map[string][]string
	other            []string
}

// Body is a regulator whose standards findings can be shown under.
type Body struct {
	Key  string // "nmc"
	Name string // "Nursing and Midwifery Council"
}

// ErrNoBody comes where no mapping is called so.
var ErrNoBody = errors.New("is not a regulator that lookback knows")

// bodies are the embedded mappings by key; they are small, and the same in
// every run.
var bodies = sync.OnceValues(func() (map[string]*mapped, error) {
	entries, err := embeddedBodies.ReadDir(bodiesFolder)
	if err != nil {
		return nil, fmt.Errorf("opening the built-in mappings: %w", err)
	}
	list := map[string]*mapped{}
	for _, e := range entries {
		data, err := embeddedBodies.ReadFile(bodiesFolder + "/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", e.Name(), err)
		}
		m, err := parseMapped(e.Name(), data)
		if err != nil {
			return nil, err
		}
		list[strings.TrimSuffix(e.Name(), ".yaml")] = m
	}
	return list, nil
})

func parseMapped(file string, data []byte) (*mapped, error) {
	src := &source{file: file, lines: strings.Split(string(data), "\n")}
	root, err := rootNode(src, data)
	if err != nil {
		return nil, err
	}
	m := &mapped{families: map[string][]string{}, themes: map[string][]string{}}
	table := func(to map[string][]string) func(*yaml.Node) {
		return func(n *yaml.Node) {
			src.pairs(n, "standards by name", func(key, val *yaml.Node) { to[key.Value] = src.strList(val) })
		}
	}
	src.mapping(root, "the mapping", map[string]func(*yaml.Node){
		"regulator": func(n *yaml.Node) { m.Regulator.Regulator = src.str(n) },
		"body":      func(n *yaml.Node) { m.Body = src.str(n) },
		"name":      func(n *yaml.Node) { m.Name = src.str(n) },
		"standards": func(n *yaml.Node) { m.Standards = src.standards(n) },
		"families":  table(m.families),
		"themes":    table(m.themes),
		"other":     func(n *yaml.Node) { m.other = src.strList(n) },
	})
	m.check(src)
	return m, joinErrors(src.errs)
}

func (m *mapped) check(s *source) {
	if m.Regulator.Regulator == "" || m.Body == "" || m.Name == "" || len(m.other) == 0 {
		s.errorf(0, "a mapping needs regulator, body, name, standards and other")
	}
	known := map[string]bool{}
	for _, st := range m.Standards {
		known[st.Number] = true
	}
	see := func(what string, list []string) {
		if len(list) == 0 {
			s.errorf(0, "%s has no standard", what)
		}
		for _, num := range list {
			if !known[num] {
				s.errorf(0, "%s names standard %q, which is not listed", what, num)
			}
		}
	}
	for name, list := range m.families {
		see(name, list)
	}
	for name, list := range m.themes {
		see(name, list)
	}
	see("other", m.other)
}

// standardsOf are those of one theme: its own, or else its family's, or else
// those of all that the body's guidance does not name.
func (m *mapped) standardsOf(t Theme) []string {
	if list, ok := m.themes[t.ID]; ok {
		return list
	}
	if list, ok := m.families[t.Family()]; ok {
		return list
	}
	return m.other
}

// Bodies lists the regulators that [Rules.Under] takes: first the one that the
// rules are written for.
func (r *Rules) Bodies() ([]Body, error) {
	all, err := bodies()
	if err != nil {
		return nil, err
	}
	list := []Body{{r.key(), r.Body()}}
	for key, m := range all {
		list = append(list, Body{key, m.Body})
	}
	slices.SortFunc(list[1:], func(a, b Body) int { return strings.Compare(a.Key, b.Key) })
	return list, nil
}

func (r *Rules) key() string { return strings.ToLower(r.regulator.Regulator) }

// Body is the regulator's full name.
func (r *Rules) Body() string { return r.regulator.Body }

// Under returns the rules with the standards of another body in place of their
// own; in all else, and so in Hash, they are the same. The rules' own body
// returns them as they are. The error wraps [ErrNoBody] where nobody is called
// so.
func (r *Rules) Under(body string) (*Rules, error) {
	key := strings.ToLower(strings.TrimSpace(body))
	if key == "" || key == r.key() {
		return r, nil
	}
	all, err := bodies()
	if err != nil {
		return nil, err
	}
	m := all[key]
	if m == nil {
		return nil, fmt.Errorf("%q %w", body, ErrNoBody)
	}
	other := *r
	other.regulator, other.name = m.Regulator, m.Name
	other.regulator.Themes = slices.Clone(r.regulator.Themes)
	by := map[string][]string{}
	for i, t := range other.regulator.Themes {
		by[t.ID] = m.standardsOf(t)
		other.regulator.Themes[i].Standards = by[t.ID]
	}
	for _, list := range []*[]*Rule{&other.rules, &other.learned, &other.together} {
		*list = slices.Clone(*list)
		for i, x := range *list {
			moved := *x
			moved.Standards = by[x.Theme]
			(*list)[i] = &moved
		}
	}
	return &other, nil
}

// StandardsByTheme is what store.Filter.ByTheme takes to count and show
// findings under the standards of these rules.
func (r *Rules) StandardsByTheme() map[string][]string {
	by := make(map[string][]string, len(r.regulator.Themes))
	for _, t := range r.regulator.Themes {
		by[t.ID] = t.Standards
	}
	return by
}
