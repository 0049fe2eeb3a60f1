package scanner

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"lookback/store"
)

// Regulator is the mapping file: a body's standards in our own words, and the
// themes that findings fall under. Another regulator is another such file over
// the same rules.
type Regulator struct {
	Regulator string // short name: "HCPC"
	Body      string // full name; may be empty
	Name      string // name of the ruleset
	Standards []store.Standard
	Themes    []Theme
}

// Theme is one kind of conduct.
type Theme struct {
	ID         string // "privacy.case"
	Title      string
	Definition string
	Standards  []string // the theme's own first
	Why        string
	Advice     string
	// Others says what the theme becomes in a like or repost of somebody
	// else's words: "keep", "drop" or another theme.
	Others string
}

// Family is the part of the theme's id before the dot.
func (t Theme) Family() string {
	f, _, _ := strings.Cut(t.ID, ".")
	return f
}

func parseRegulator(file string, r io.Reader) (*Regulator, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	src := &source{file: file, lines: strings.Split(string(data), "\n")}
	root, err := rootNode(src, data)
	if err != nil {
		return nil, err
	}
	reg := &Regulator{}
	src.mapping(root, "the standards file", map[string]func(*yaml.Node){
		"regulator": func(n *yaml.Node) { reg.Regulator = src.str(n) },
		"body":      func(n *yaml.Node) { reg.Body = src.str(n) },
		"name":      func(n *yaml.Node) { reg.Name = src.str(n) },
		"standards": func(n *yaml.Node) { reg.Standards = src.standards(n) },
		"themes":    func(n *yaml.Node) { reg.Themes = src.themes(n) },
	})
	reg.check(src)
	return reg, joinErrors(src.errs)
}

func (s *source) standards(n *yaml.Node) []store.Standard {
	var list []store.Standard
	s.items(n, "standards", func(item *yaml.Node) {
		var st store.Standard
		s.mapping(item, "a standard", map[string]func(*yaml.Node){
			"number": func(n *yaml.Node) { st.Number = s.str(n) },
			"title":  func(n *yaml.Node) { st.Title = s.str(n) },
			"text":   func(n *yaml.Node) { st.Text = s.str(n) },
		})
		list = append(list, st)
	})
	return list
}

func (s *source) themes(n *yaml.Node) []Theme {
	var list []Theme
	s.items(n, "themes", func(item *yaml.Node) {
		t := Theme{Others: "keep"}
		s.mapping(item, "a theme", map[string]func(*yaml.Node){
			"id":         func(n *yaml.Node) { t.ID = s.str(n) },
			"title":      func(n *yaml.Node) { t.Title = s.str(n) },
			"definition": func(n *yaml.Node) { t.Definition = s.str(n) },
			"standards":  func(n *yaml.Node) { t.Standards = s.strList(n) },
			"why":        func(n *yaml.Node) { t.Why = s.str(n) },
			"advice":     func(n *yaml.Node) { t.Advice = s.str(n) },
			"others":     func(n *yaml.Node) { t.Others = s.str(n) },
		})
		if t.ID == "" || t.Title == "" || len(t.Standards) == 0 || t.Why == "" || t.Advice == "" {
			s.errorf(item.Line, "a theme needs id, title, standards, why and advice")
		}
		list = append(list, t)
	})
	return list
}

func (r *Regulator) check(s *source) {
	if r.Regulator == "" {
		s.errorf(0, "no regulator is named")
	}
	for _, t := range r.Themes {
		for _, num := range t.Standards {
			if !slices.ContainsFunc(r.Standards, func(st store.Standard) bool { return st.Number == num }) {
				s.errorf(0, "theme %s names standard %q, which is not listed", t.ID, num)
			}
		}
		if t.Others != "keep" && t.Others != "drop" && !slices.ContainsFunc(r.Themes, func(o Theme) bool { return o.ID == t.Others }) {
			s.errorf(0, "theme %s: others must be keep, drop or a theme, not %q", t.ID, t.Others)
		}
	}
}
