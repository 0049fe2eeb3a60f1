package report

import (
	"fmt"

	"lookback/store"
)

// advice is what every report says before anybody acts on it. The figure is
// from a freedom-of-information answer by the General Medical Council (BMJ
// 2017;358:j4099): 14 of 28 closed investigations ended without action.
var advice = []string{
	"A flag is a reason to look, not a verdict. In published figures, about half of the complaints about social media ended with no action.",
	"If you already have a complaint, an investigation or a hearing, speak to your union or defence body before you remove anything.",
	"Keep the archive you downloaded: it is your private copy. lookback removes nothing by itself; each link leads to the live post.",
	"Nothing here reads pictures or videos, or what others said about you and kept. A clean list is not a guarantee.",
}

// verdict says in one sentence what was found, and tells "nothing found" from
// "nothing looked at".
func verdict(sum *store.Summary) string {
	n := sum.Flagged.Remove + sum.Flagged.Review
	switch {
	case sum.Posts == 0:
		return "No posts have been read, so there was nothing to look at."
	case sum.Scanned == 0:
		return "None of the " + plural(sum.Posts, "post", "posts") + " read has been scanned yet, so nothing can be said about them."
	case n == 0 && len(sum.Settled)+sum.Silenced > 0:
		return "Nothing is left to look at in the " + plural(sum.Scanned, "post that was", "posts that were") + " scanned: you have been through it."
	case n == 0 && sum.Scanned == 1:
		return "Nothing was found in the 1 post that was scanned."
	case n == 0:
		return "Nothing was found in the " + number(sum.Scanned) + " posts that were scanned."
	}
	return fmt.Sprintf("%s of %s %s a look: %s recommended for removal, %s for review.", number(n),
		plural(sum.Scanned, "scanned post", "scanned posts"), deserves(n), number(sum.Flagged.Remove), number(sum.Flagged.Review))
}

func deserves(n int) string {
	if n == 1 {
		return "deserves"
	}
	return "deserve"
}

// gaps says what is not covered; empty when everything that was handed in was
// read and scanned. "Nothing found" means little without it.
func gaps(sum *store.Summary) []string {
	var out []string
	if left := sum.Posts - sum.Scanned; left > 0 && sum.Scanned > 0 {
		out = append(out, plural(left, "post has", "posts have")+" not been scanned with these rules yet: run lookback scan.")
	}
	if sum.Skipped > 0 {
		out = append(out, plural(sum.Skipped, "record", "records")+" could not be read.")
	}
	for _, a := range sum.Archives {
		switch {
		case a.Incomplete:
			out = append(out, "Part of "+SafeLine(a.Name)+" could not be read.")
		case a.Partial:
			out = append(out, SafeLine(a.Name)+" is only part of an account.")
		}
	}
	return out
}

// gapsLead introduces [gaps].
func gapsLead(sum *store.Summary) string {
	if sum.Flagged.Remove+sum.Flagged.Review == 0 && sum.Posts > 0 {
		return "But not everything could be looked at, so this is not the whole picture:"
	}
	return "Not everything could be looked at:"
}

// standardTitle is the title of a standard in our own words, empty where the
// summary does not have it.
func standardTitle(sum *store.Summary, num string) string {
	for _, s := range sum.Standards {
		if s.Number == num {
			return SafeLine(s.Title)
		}
	}
	return ""
}

// themeTitle is the title of a theme, or its id where there is none.
func themeTitle(sum *store.Summary, id string) string {
	for _, t := range sum.Themes {
		if t.ID == id && t.Title != "" {
			return SafeLine(t.Title)
		}
	}
	return SafeLine(id)
}

// regulator names whose standards the rules speak of.
func regulator(sum *store.Summary) string {
	if sum.Regulator == "" {
		return "the regulator's standards"
	}
	return SafeLine(sum.Regulator) + " standards"
}

// rulesLine names the rules that were in force.
func rulesLine(sum *store.Summary) string {
	name := SafeLine(sum.RulesetName)
	if name == "" {
		name = "rules"
	}
	if sum.Ruleset == "" {
		return name
	}
	return name + " " + shortHash(sum.Ruleset)
}

func shortHash(h string) string {
	h = SafeLine(h)
	if len(h) > 12 {
		return h[:12]
	}
	return h
}
