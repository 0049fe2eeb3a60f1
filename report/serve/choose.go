package serve

import (
	"context"
	"crypto/rand"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lookback/report"
	"lookback/store"
)

// chosen is what a person filters by. It stands in addresses, so words that
// are searched for are not in it: Search is only a number of our own for them.
type chosen struct {
	Action, Standard, Theme, Year, Platform, Kind, Decision, Search string
}

// fields names the parts of a filter as they stand in an address.
func (c *chosen) fields() []struct {
	name  string
	value *string
} {
	return []struct {
		name  string
		value *string
	}{
		{"action", &c.Action}, {"standard", &c.Standard}, {"theme", &c.Theme}, {"year", &c.Year},
		{"platform", &c.Platform}, {"kind", &c.Kind}, {"decision", &c.Decision}, {"search", &c.Search},
	}
}

func parseChosen(q url.Values) (c chosen) {
	for _, f := range c.fields() {
		*f.value = q.Get(f.name)
	}
	return c
}

// Query is the filter as the end of an address: "?standard=5.1", or nothing.
func (c chosen) Query() string {
	q := url.Values{}
	for _, f := range c.fields() {
		if *f.value != "" {
			q.Set(f.name, *f.value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// with adds a parameter of our own to the filter's address.
func (c chosen) with(pairs ...string) string {
	q, _ := url.ParseQuery(strings.TrimPrefix(c.Query(), "?")) // it was encoded here
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// undecided is the value of the decision filter for posts without one.
const undecided = "undecided"

// takes says whether a post is among those chosen, but for the search.
func (c chosen) takes(it *item) bool {
	switch {
	case c.Action != "" && c.Action != string(it.action),
		c.Standard != "" && !slices.Contains(it.standards, c.Standard),
		c.Theme != "" && !slices.Contains(it.themes, c.Theme),
		c.Year != "" && c.Year != strconv.Itoa(it.year),
		c.Platform != "" && c.Platform != it.platform,
		c.Kind != "" && c.Kind != string(it.kind),
		c.Decision == undecided && it.decision != "",
		c.Decision != "" && c.Decision != undecided && c.Decision != string(it.decision):
		return false
	}
	return true
}

// choose returns the posts that c chooses, in their order.
func (s *Server) choose(ctx context.Context, v bookView, c chosen) ([]*item, error) {
	var found map[int64]bool
	if c.Search != "" {
		words, ok := s.finds.words(c.Search)
		if !ok {
			return nil, errSearchGone
		}
		ctx, cancel := context.WithTimeout(ctx, patience) // the index may have to be filled first
		defer cancel()
		found = map[int64]bool{}
		for row, err := range s.opt.Reader.Findings(ctx, store.Filter{Text: words}) {
			if err != nil {
				return nil, err
			}
			found[row.Post.ID] = true
		}
	}
	var list []*item
	for _, it := range v.items {
		if c.takes(it) && (found == nil || found[it.id]) {
			list = append(list, it)
		}
	}
	return list, nil
}

// searches remembers what was searched for, under names that say nothing.
type searches struct {
	mu    sync.Mutex
	by    map[string]string
	order []string
}

// keptSearches is how many searches stay good.
const keptSearches = 200

func (f *searches) keep(words string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, w := range f.by {
		if w == words {
			return name
		}
	}
	if f.by == nil {
		f.by = map[string]string{}
	}
	if len(f.order) >= keptSearches {
		delete(f.by, f.order[0])
		f.order = f.order[1:]
	}
	name := rand.Text()[:10]
	f.by[name], f.order = words, append(f.order, name)
	return name
}

func (f *searches) words(name string) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w, ok := f.by[name]
	return w, ok
}

// option is one value of a filter.
type option struct {
	Value, Label string
	Chosen       bool
}

type facet struct {
	Name, Label string
	Options     []option
}

// facets are the filters with the values that the flagged posts have.
func facets(sum *store.Summary, items []*item, c chosen) []facet {
	standards, themes, years, platforms, kinds := map[string]bool{}, map[string]bool{}, map[int]bool{}, map[string]bool{}, map[store.Kind]bool{}
	for _, it := range items {
		for _, s := range it.standards {
			standards[s] = true
		}
		for _, t := range it.themes {
			themes[t] = true
		}
		years[it.year], platforms[it.platform], kinds[it.kind] = true, true, true
	}
	list := []facet{
		{Name: "decision", Label: "Decision", Options: []option{{Value: undecided, Label: "Not decided"}}},
		{Name: "action", Label: "Recommended", Options: []option{{Value: string(store.ActionRemove), Label: "Remove"}, {Value: string(store.ActionReview), Label: "Review"}}},
		{Name: "standard", Label: "Standard"}, {Name: "theme", Label: "Theme"}, {Name: "year", Label: "Year"},
		{Name: "platform", Label: "Platform"}, {Name: "kind", Label: "Kind"},
	}
	for _, ch := range store.Choices {
		list[0].Options = append(list[0].Options, option{Value: string(ch), Label: title(choiceName(ch))})
	}
	for _, n := range slices.SortedFunc(maps.Keys(standards), report.CompareStandards) {
		list[2].Options = append(list[2].Options, option{Value: n, Label: strings.TrimSpace(n + " " + report.StandardTitle(sum, n))})
	}
	for _, id := range slices.Sorted(maps.Keys(themes)) {
		list[3].Options = append(list[3].Options, option{Value: id, Label: report.ThemeTitle(sum, id)})
	}
	for _, y := range slices.Backward(slices.Sorted(maps.Keys(years))) {
		list[4].Options = append(list[4].Options, option{Value: strconv.Itoa(y), Label: yearName(y)})
	}
	for _, p := range slices.Sorted(maps.Keys(platforms)) {
		list[5].Options = append(list[5].Options, option{Value: p, Label: report.PlatformName(p)})
	}
	for _, k := range store.Kinds {
		if kinds[k] {
			list[6].Options = append(list[6].Options, option{Value: string(k), Label: title(report.KindName(k))})
		}
	}
	for i := range list {
		for _, f := range c.fields() {
			if f.name != list[i].Name {
				continue
			}
			for j := range list[i].Options {
				list[i].Options[j].Chosen = list[i].Options[j].Value == *f.value
			}
		}
	}
	return list
}

func yearName(y int) string {
	if y == 0 {
		return "No date"
	}
	return strconv.Itoa(y)
}

// title begins a label with a capital letter.
func title(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// says puts the filter into words: "standard 5.1, 2016".
func (s *Server) says(sum *store.Summary, c chosen) string {
	var parts []string
	if c.Search != "" {
		if words, ok := s.finds.words(c.Search); ok {
			parts = append(parts, "“"+report.SafeLine(words)+"”")
		}
	}
	for _, p := range []struct{ value, label string }{
		{c.Decision, decisionFilterName(c.Decision)},
		{c.Action, strings.ToLower(report.ActionName(store.Action(c.Action))) + " recommended"},
		{c.Standard, "standard " + report.SafeLine(c.Standard)},
		{c.Theme, report.ThemeTitle(sum, c.Theme)},
		{c.Year, yearLabel(c.Year)},
		{c.Platform, report.PlatformName(c.Platform)},
		{c.Kind, report.KindName(store.Kind(c.Kind))},
	} {
		if p.value != "" {
			parts = append(parts, p.label)
		}
	}
	return strings.Join(parts, ", ")
}

func decisionFilterName(v string) string {
	if v == undecided {
		return "not decided"
	}
	return choiceName(store.Choice(v))
}

func yearLabel(v string) string {
	if v == "0" {
		return "no date"
	}
	return report.SafeLine(v)
}
