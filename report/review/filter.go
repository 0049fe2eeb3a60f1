package review

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lookback/store"
)

// Names are the values that a typed filter can name.
type Names struct {
	Standards []string
	Themes    []string
	Platforms []string
}

// filterHelp is shown while a filter is typed.
const filterHelp = "Words to look for, or any of: remove, review, a standard, a theme, a platform, a year, decided. Empty for all."

// parse reads a typed filter on top of base. Words of one sort are
// alternatives, the sorts add up, and what is no name is looked for in the
// texts.
func (n Names) parse(base store.Filter, line string) (flt store.Filter, all bool, err error) {
	flt = base
	var text, standards, themes, platforms []string
	var actions []store.Action
	var years []int
	for word := range strings.FieldsSeq(line) {
		low := strings.ToLower(word)
		switch {
		case low == "decided":
			all = true
		case low == "remove" || low == "review":
			actions = append(actions, store.Action(low))
		case has(n.Standards, low):
			standards = append(standards, low)
		case has(n.Themes, low):
			themes = append(themes, low)
		case slices.Contains(n.Platforms, low):
			platforms = append(platforms, low)
		case isYear(low):
			y, _ := time.Parse("2006", low)
			years = append(years, y.Year())
		default:
			text = append(text, word)
		}
	}
	for _, both := range []struct {
		to    *[]string
		typed []string
		what  string
	}{{&flt.Standards, standards, "standard"}, {&flt.Themes, themes, "theme"}, {&flt.Platforms, platforms, "platform"}} {
		if len(both.typed) == 0 {
			continue
		}
		if len(*both.to) > 0 {
			return base, false, fmt.Errorf("the review was started for one %s: start it again to choose another", both.what)
		}
		*both.to = both.typed
	}
	if len(actions) > 0 {
		flt.Actions = actions
	}
	if len(years) > 0 {
		if !base.Since.IsZero() || !base.Until.IsZero() {
			return base, false, fmt.Errorf("the review was started for some dates: start it again to choose others")
		}
		flt.Since = time.Date(slices.Min(years), 1, 1, 0, 0, 0, 0, time.UTC)
		flt.Until = time.Date(slices.Max(years)+1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	flt.Text = strings.TrimSpace(flt.Text + " " + strings.Join(text, " "))
	return flt, all, nil
}

// isYear says whether a word is a year in which somebody can have posted.
func isYear(s string) bool {
	y, err := time.Parse("2006", s)
	return err == nil && y.Year() >= 1990 && y.Year() < 2100
}

// has says whether a list holds s, or what begins with s and a dot.
func has(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) || strings.HasPrefix(strings.ToLower(x), s+".") })
}
