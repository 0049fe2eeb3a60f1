package scanner

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testRule is a pack with one rule over the concepts c and d; what is appended
// goes into the rule.
const testRule = `
pack: test
concepts:
  c: {words: [apple~], except: [apple pie]}
  d: {words: [knife], setting: true}
  p: {words: [student nurse]}
rules:
  - id: a.x.one
    theme: a.x
    action: remove
    confidence: 0.8
    when: c
    examples: {match: [an apple, apples], not: [a pear, apple pie]}
`

func TestLoadErrors(t *testing.T) {
	tests := []struct{ name, pack, want string }{
		{"unknown key", "pack: t\nconcepts:\n  c: {wrds: [a]}\n", "test.yaml:3: unknown key \"wrds\" in concept c; did you mean \"words\"?\n      3 | c: {wrds: [a]}"},
		{"unknown key of a rule", strings.Replace(testRule, "action:", "acton:", 1), "test.yaml:10: unknown key \"acton\""},
		{"unknown concept", strings.Replace(testRule, "when: c", "when: cc", 1), "test.yaml:12: no concept is called \"cc\"; did you mean \"c\"?"},
		{"unknown theme", strings.Replace(testRule, "theme: a.x", "theme: a.z", 1), "the id must begin with the theme"},
		{"theme not listed", strings.ReplaceAll(testRule, "a.x", "b.x"), "theme \"b.x\" is not in standards.yaml"},
		{"too few examples", strings.Replace(testRule, "[a pear, apple pie]", "[a pear]", 1), "at least two examples"},
		{"bad confidence", strings.Replace(testRule, "0.8", "1.8", 1), "test.yaml:11: a number from 0.05 to 0.99"},
		{"bad action", strings.Replace(testRule, "action: remove", "action: delete", 1), "\"delete\" is not one of remove, review"},
		{"double rule", testRule + strings.SplitAfter(testRule, "rules:\n")[1], "rule a.x.one is defined already (test.yaml:8)"},
		{"double concept", strings.Replace(testRule, "  d:", "  is.age:", 1), "is defined already"},
		{"extends nothing", strings.Replace(testRule, "  d: {", "  d: {extend: true, ", 1), "concept d extends a concept that no pack defines"},
		{"no name", "concepts: {}\n", "the pack has no name"},
		{"not YAML", "pack: [t\n", "not valid YAML"},
		{"key twice", "pack: t\npack: u\n", "test.yaml:2: \"pack\" stands twice"},
		{"bad regexp", "pack: t\nconcepts:\n  c:\n    patterns:\n      - {re: '(', need: [a]}\n", "test.yaml:5"},
		{"no need", "pack: t\nconcepts:\n  c:\n    patterns:\n      - {re: 'a'}\n", "without \"need\""},
		{"two forms", strings.Replace(testRule, "when: c", "when: {any: [c], not: [d]}", 1), "cannot be both"},
		{"deep near", strings.Replace(testRule, "when: c", "when: {near: {of: [c, {all: [c, d]}]}}", 1), "inside near only"},
		{"bad standard", strings.Replace(testRule, "action: remove", "action: remove\n    standards: [\"9\"]", 1), "standard \"9\" is not in"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := loadTest(tt.pack, LoadOptions{})
			if err == nil {
				_, err = New(r)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestPackError(t *testing.T) {
	_, err := loadTest("pack: t\nrules: 7\n", LoadOptions{})
	var pe *PackError
	if !errors.As(err, &pe) || pe.File != "test.yaml" || pe.Line != 2 || pe.Excerpt != "rules: 7" {
		t.Errorf("got %v", err)
	}
}

func TestUserPack(t *testing.T) {
	dir := t.TempDir()
	more := "pack: mine\nconcepts:\n  c: {extend: true, words: [pear]}\n"
	if err := os.WriteFile(filepath.Join(dir, "mine.yaml"), []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := loadTest(testRule, LoadOptions{Dirs: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := rulesOf(e, post("a pear"), nil); got != "a.x.one remove" {
		t.Errorf("got %q", got)
	}
	fails := e.checkExamples("test")
	if len(fails) != 1 || !fails[0].Matched || !strings.Contains(fails[0].String(), "should not match and does: a pear") {
		t.Errorf("got %v", fails)
	}
	if _, err := loadTest(testRule, LoadOptions{Dirs: []string{filepath.Join(dir, "none")}}); err == nil {
		t.Error("no error for a folder that is not there")
	}
	if _, err := loadTest(testRule, LoadOptions{Dirs: []string{t.TempDir()}}); err == nil || !strings.Contains(err.Error(), "no rule packs") {
		t.Errorf("an empty folder: got %v", err)
	}
}

func TestDisable(t *testing.T) {
	for _, id := range []string{"a.x.one", "a.x"} {
		r, err := loadTest(testRule, LoadOptions{Disable: []string{id}})
		if err != nil || len(r.rules) != 0 {
			t.Errorf("%s: %d rules left, error %v", id, len(r.rules), err)
		}
	}
	if _, err := loadTest(testRule, LoadOptions{Disable: []string{"a.x.two"}}); err == nil {
		t.Error("no error for a rule that is not there")
	}
}

func TestDefaultsFromTheme(t *testing.T) {
	r, err := loadTest(testRule, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x, ok := r.Rule("a.x.one")
	if !ok || x.Why != "Because of x." || x.Advice != "Do x." || !cmp.Equal(x.Standards, []string{"1", "2"}) {
		t.Errorf("got %+v", x)
	}
	if r.Regulator() != "TEST" || len(r.Standards()) != 2 || len(r.Themes()) != 4 || r.Theme("a.y").Family() != "a" {
		t.Error("the standards file was not read right")
	}
}

func TestCompare(t *testing.T) {
	load := func(pack string, disable ...string) *Rules {
		r, err := loadTest(pack, LoadOptions{Disable: disable})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	two := testRule + strings.NewReplacer("a.x.one", "a.x.two", "when: c", "when: d").Replace(strings.SplitAfter(testRule, "rules:\n")[1])
	other := testRule + strings.NewReplacer("a.x", "a.y", "when: c", "when: d").Replace(strings.SplitAfter(testRule, "rules:\n")[1])
	tests := []struct {
		name     string
		old, now *Rules
		want     Difference
	}{
		{"same", load(testRule), load(testRule), Difference{}},
		{"wording", load(testRule), load(strings.Replace(testRule, "when: c", "why: New words.\n    when: c", 1)), Difference{}},
		{"unused concept", load(testRule), load(strings.Replace(testRule, "[knife]", "[fork]", 1)), Difference{}},
		{"used concept", load(testRule), load(strings.Replace(testRule, "apple~", "apple", 1)), Difference{All: true}},
		{"exception", load(testRule), load(strings.Replace(testRule, "apple pie]", "apple tart]", 1)), Difference{All: true}},
		{"confidence", load(testRule), load(strings.Replace(testRule, "0.8", "0.7", 1)), Difference{All: true}},
		{"added", load(testRule), load(two), Difference{All: true}},
		{"removed, theme goes on", load(two), load(two, "a.x.two"), Difference{Removed: []string{"a.x.two"}}},
		{"removed, theme ends", load(other), load(other, "a.y.one"), Difference{Removed: []string{"a.y.one"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := tt.old.Manifest().Encode()
			if err != nil {
				t.Fatal(err)
			}
			m, err := DecodeManifest(b)
			if err != nil {
				t.Fatal(err)
			}
			got := tt.now.Compare(m)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if same := tt.old.Hash() == tt.now.Hash(); same != got.None() {
				t.Errorf("hash says the same: %v, difference says nothing to do: %v", same, got.None())
			}
		})
	}
}

// TestThemes checks the embedded mapping file: every theme is there, and every
// rule has a place in it.
func TestThemes(t *testing.T) {
	f, err := embedded.Open("packs/standards.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reg, err := parseRegulator("standards.yaml", f)
	if err != nil {
		t.Fatal(err)
	}
	if len(reg.Standards) != 11 || len(reg.Themes) != 48 {
		t.Errorf("%d standards and %d themes", len(reg.Standards), len(reg.Themes))
	}
}

// TestUnnamedConcepts holds that conditions which list the same words share one
// concept, and that no other do.
func TestUnnamedConcepts(t *testing.T) {
	concepts := func(when string) int {
		r, err := loadTest(condPack(when), LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return len(r.concepts)
	}
	one := concepts("{words: [plum, fig]}")
	for when, more := range map[string]int{
		"[{words: [plum, fig]}, {words: [plum, fig], first: true}]":       0,
		"[{words: [plum, fig]}, {words: [plum]}]":                         1,
		"[{words: [plum, fig]}, {words: [plum, fig], except: [fig pie]}]": 1,
		"[{words: [plum, fig]}, {words: [plum, fig], setting: true}]":     1,
		"[{words: [plum, fig]}, {words: [plum, fig], masked: true}]":      1,
	} {
		if got := concepts(when) - one; got != more {
			t.Errorf("%s adds %d concepts, want %d", when, got, more)
		}
	}
}
