package report

import (
	"strconv"

	"lookback/store"
)

// findingName is the id by which a finding is named: in a store its public
// one, which stays the same from scan to scan.
func findingName(f *store.Finding) string {
	if f.UID != "" {
		return f.UID
	}
	return strconv.FormatInt(f.ID, 10)
}

// decisionText says what was decided and why, on one line.
func decisionText(d *store.Decision) string {
	text := choiceName(d.Choice)
	if d.Reason != "" {
		text += ", because: " + SafeLine(d.Reason)
	}
	if d.Note != "" {
		text += " (" + SafeLine(d.Note) + ")"
	}
	return text
}

// leftOut says what a list does not show, and why.
func leftOut(sum *store.Summary) []string {
	var out, parts []string
	for _, c := range store.Choices {
		if n := sum.Settled[c]; n > 0 {
			parts = append(parts, number(n)+" "+choiceName(c))
		}
	}
	if len(parts) > 0 {
		out = append(out, "Left out, as you decided: "+list(parts)+". --decided shows them too.")
	}
	if sum.Silenced > 0 {
		out = append(out, plural(sum.Silenced, "finding", "findings")+" silenced by your allow list. --silenced shows them too.")
	}
	if sum.Unmatched > 0 {
		out = append(out, plural(sum.Unmatched, "decision matches", "decisions match")+" no finding any more: lookback status says why.")
	}
	return out
}

// changed says what the last audit found different from the one before it.
func changed(c *store.Changes) []string {
	if c.None() {
		return []string{"Nothing: no new post, no new finding, no decision."}
	}
	var out []string
	if n := c.Added + c.Updated; n > 0 {
		out = append(out, plural(c.Added, "text", "texts")+" came in and "+number(c.Updated)+" changed.")
	}
	if c.NewRules {
		out = append(out, "The rules are not the same as then.")
	}
	if c.Scanned > 0 {
		out = append(out, plural(c.Scanned, "text", "texts")+" had to be looked at: what is new, or what the rules' changes touch.")
	}
	if c.New.Remove+c.New.Review > 0 {
		out = append(out, "New: "+plural(c.New.Remove+c.New.Review, "finding", "findings")+", "+number(c.New.Remove)+" to remove and "+number(c.New.Review)+" to review. --new lists them.")
	}
	if c.Gone > 0 {
		line := "Gone: " + plural(c.Gone, "flagged post is", "flagged posts are") + " not in the newest archive any more"
		if c.Removed > 0 {
			line += ", " + number(c.Removed) + " of them as you decided"
		}
		out = append(out, line+".")
	}
	if c.Back > 0 {
		out = append(out, plural(c.Back, "flagged post", "flagged posts")+" that had gone "+are(c.Back)+" there again.")
	}
	if c.Cleared > 0 {
		out = append(out, plural(c.Cleared, "finding", "findings")+" "+are(c.Cleared)+" not flagged any more: the words or the rules changed.")
	}
	var parts []string
	for _, ch := range store.Choices {
		if n := c.Decided[ch]; n > 0 {
			parts = append(parts, number(n)+" "+choiceName(ch))
		}
	}
	if len(parts) > 0 {
		out = append(out, "Decided since: "+list(parts)+".")
	}
	return out
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// ChoiceName is a decision in words: "to be removed".
func ChoiceName(c store.Choice) string { return choiceName(c) }
