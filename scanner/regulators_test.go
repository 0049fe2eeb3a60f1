package scanner

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// numbered are the standards that sources name with a number; every other one
// goes by a word.
var numbered = map[string][]string{"nmc": {"20.10"}, "gmc": {"14"}, "gdc": {"4.2.3", "9.1"}, "gphc": nil, "goc": nil, "swe": {"5.6"}}

func loadAll(t *testing.T) *Rules {
	t.Helper()
	r, err := Load(LoadOptions{Learned: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryThemeIsMapped(t *testing.T) {
	r := loadAll(t)
	list, err := r.Bodies()
	if err != nil {
		t.Fatal(err)
	}
	if list[0] != (Body{"hcpc", "Health and Care Professions Council"}) || len(list) != 1+len(numbered) {
		t.Errorf("bodies %v", list)
	}
	for _, b := range list[1:] {
		other, err := r.Under(strings.ToUpper(b.Key))
		if err != nil {
			t.Fatal(err)
		}
		if other.Body() != b.Name || other.Hash() != r.Hash() || other.Name() == r.Name() || other.Regulator() == r.Regulator() {
			t.Errorf("%s is %s, %s, %s", b.Key, other.Body(), other.Name(), other.Regulator())
		}
		known, used := map[string]bool{}, map[string]bool{}
		for _, st := range other.Standards() {
			known[st.Number] = true
			if st.Title == "" || st.Text == "" {
				t.Errorf("%s: standard %s says nothing", b.Key, st.Number)
			}
		}
		by := other.StandardsByTheme()
		for _, th := range r.Themes() {
			if len(by[th.ID]) == 0 {
				t.Errorf("%s: theme %s is not mapped", b.Key, th.ID)
			}
			for _, num := range by[th.ID] {
				used[num] = true
				if !known[num] {
					t.Errorf("%s: theme %s is under %s, which is not listed", b.Key, th.ID, num)
				}
			}
		}
		for _, x := range other.Rules() {
			if d := cmp.Diff(by[x.Theme], x.Standards); d != "" {
				t.Errorf("%s: rule %s: %s", b.Key, x.ID, d)
			}
		}
		for num := range known {
			if !used[num] {
				t.Errorf("%s: no theme is under %s", b.Key, num)
			}
		}
	}
}

// Every standard says where it comes from, and only what a source numbers has
// a number. Each family and theme that a mapping names is one of ours.
func TestMappingsNameTheirSources(t *testing.T) {
	r := loadAll(t)
	all, err := bodies()
	if err != nil {
		t.Fatal(err)
	}
	for key, m := range all {
		data, err := embeddedBodies.ReadFile(bodiesFolder + "/" + key + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var numbers []string
		for line := range strings.Lines(string(data)) {
			name, rest, ok := strings.Cut(line, `- number: "`)
			if !ok || strings.TrimSpace(name) != "" {
				continue
			}
			num, rest, _ := strings.Cut(rest, `"`)
			if !strings.HasPrefix(strings.TrimSpace(rest), "# source: ") {
				t.Errorf("%s: standard %s has no source", key, num)
			}
			if strings.ContainsAny(num, "0123456789") {
				numbers = append(numbers, num)
				if !strings.Contains(rest, num) && !slices.Contains(strings.Fields(rest), num) {
					t.Errorf("%s: the source of %s does not name the number", key, num)
				}
			}
		}
		if d := cmp.Diff(numbered[key], numbers); d != "" {
			t.Errorf("%s: %s", key, d)
		}
		for theme := range m.themes {
			if r.Theme(theme) == nil {
				t.Errorf("%s maps %s, which is no theme", key, theme)
			}
		}
		for family := range m.families {
			if !slices.ContainsFunc(r.Themes(), func(th Theme) bool { return th.Family() == family }) {
				t.Errorf("%s maps %s, which is no family", key, family)
			}
		}
	}
}

func TestUnder(t *testing.T) {
	r := loadAll(t)
	for _, same := range []string{"", "hcpc", " HCPC "} {
		if got, err := r.Under(same); got != r || err != nil {
			t.Errorf("%q: %v, %v", same, got, err)
		}
	}
	if _, err := r.Under("gcc"); !errors.Is(err, ErrNoBody) || !strings.Contains(err.Error(), `"gcc"`) {
		t.Errorf("unknown: %v", err)
	}
	other, err := r.Under("gdc")
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(other)
	if err != nil {
		t.Fatal(err)
	}
	author := e.Author()
	found := e.Scan(&store.Post{Kind: store.KindPost, Own: true, Text: "So hungover on shift today, never again."}, author)
	if len(found) == 0 || found[0].Standards[0] != "9.1" || len(found[0].Standards) != 1 {
		t.Errorf("found %+v", found)
	}
	if th := r.Theme("privacy.case"); th.Standards[0] != "5.1" {
		t.Errorf("the rules' own theme is under %v now", th.Standards)
	}
}

func TestMappingErrors(t *testing.T) {
	const head = "regulator: A\nbody: B\nname: C\nstandards: [{number: \"1\", title: t, text: x}]\nother: [\"1\"]\n"
	for name, tt := range map[string]struct{ text, want string }{
		"nothing":  {"regulator: A\n", "a mapping needs"},
		"unlisted": {head + "families: {hate: [\"2\"]}\n", `hate names standard "2", which is not listed`},
		"empty":    {head + "themes: {hate.slur: []}\n", "hate.slur has no standard"},
		"no yaml":  {"{", "x.yaml"},
		"unknown":  {head + "extra: 1\n", "extra"},
		"a list":   {head + "families: [1]\n", "x.yaml:6"},
	} {
		if _, err := parseMapped("x.yaml", []byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, tt.want)
		}
	}
	if m, err := parseMapped("x.yaml", []byte(head)); err != nil || m.standardsOf(Theme{ID: "new.theme"})[0] != "1" {
		t.Errorf("%v, %v", m, err)
	}
}
