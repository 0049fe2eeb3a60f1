package scanner

import (
	"fmt"

	"lookback/store"
)

// ExampleFailure is an example of a rule that does not do what the pack says.
type ExampleFailure struct {
	Rule    string
	File    string
	Line    int
	Text    string
	Matched bool // true where it matched and must not
}

func (f ExampleFailure) String() string {
	what := "should match and does not"
	if f.Matched {
		what = "should not match and does"
	}
	return fmt.Sprintf("%s:%d: %s: %s: %s", f.File, f.Line, f.Rule, what, cut(f.Text, 120))
}

// Check runs every rule over its own examples.
func (r *Rules) Check() ([]ExampleFailure, error) {
	e, err := New(r)
	if err != nil {
		return nil, err
	}
	return e.checkExamples(""), nil
}

// checkExamples runs the examples of one pack; "" stands for all.
func (e *Engine) checkExamples(pack string) []ExampleFailure {
	var list []ExampleFailure
	for i := range e.progs {
		p := &e.progs[i]
		if pack != "" && p.Pack != pack {
			continue
		}
		for k, exs := range [][]Example{p.Match, p.Not} {
			for _, ex := range exs {
				if got := e.fires(int32(i), ex); got != (k == 0) {
					list = append(list, ExampleFailure{Rule: p.ID, File: p.File, Line: ex.line, Text: ex.Text, Matched: got})
				}
			}
		}
	}
	return list
}

// fires says whether one rule applies to an example.
func (e *Engine) fires(rule int32, ex Example) bool {
	s := e.pool.Get().(*scan)
	defer e.release(s)
	p := store.Post{Kind: ex.Kind, Text: ex.Text, Own: ownKind(ex.Kind)}
	s.run(&p, e.Author(ex.Bio))
	for _, f := range s.fired {
		if f.prog == rule {
			return true
		}
	}
	return false
}

// ownKind says whether a text of this kind is taken for the author's own words
// where nothing else is known.
func ownKind(k store.Kind) bool { return k != store.KindLike && k != store.KindRepost }
