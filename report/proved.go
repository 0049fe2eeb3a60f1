package report

import (
	"strings"

	"lookback/store"
)

// mostNamed is how many findings a line names; all are counted.
const mostNamed = 12

// provedTitle stands above what proved says.
const provedTitle = "What newer archives show:"

// proved says what newer archives show about what was decided, and what they
// brought. There is nothing to say before something was decided for removal
// and while there is one archive of each account.
func proved(sum *store.Summary) []string {
	if sum.Proof == nil {
		return nil
	}
	p := sum.Proof
	var out []string
	if n := p.Count(store.FateGone); n > 0 {
		out = append(out, "Verified: "+plural(n, "post that you decided to remove is", "posts that you decided to remove are")+" gone from a newer archive.")
	}
	if n := p.Count(store.FateThere, store.ChoiceRemove); n > 0 {
		out = append(out, "Still there: "+plural(n, "post that you decided to remove", "posts that you decided to remove")+named(p, store.ChoiceRemove)+".")
	}
	if n := p.Count(store.FateThere, store.ChoiceDone); n > 0 {
		out = append(out, "Still there, though you marked "+it(n)+" as done: "+plural(n, "post", "posts")+named(p, store.ChoiceDone)+".")
	}
	doubts := p.Doubtful()
	for _, d := range store.Doubts {
		if n := doubts[d]; n > 0 {
			out = append(out, "Cannot be told of "+plural(n, "post", "posts")+" decided for removal: "+doubtName(d)+".")
		}
	}
	for _, n := range p.Newer {
		out = append(out, newerLine(sum, n))
	}
	return out
}

func it(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// named lists the findings of the posts that are still there.
func named(p *store.Proof, c store.Choice) string {
	var ids []string
	changed := 0
	for i := range p.Removals {
		r := &p.Removals[i]
		if r.Fate != store.FateThere || r.Choice != c {
			continue
		}
		if r.Changed {
			changed++
		}
		for _, id := range r.UIDs[:min(len(r.UIDs), 1)] {
			ids = append(ids, "#"+SafeLine(id))
		}
	}
	text := ""
	if more := len(ids) - mostNamed; more > 0 {
		ids = append(ids[:mostNamed], "and "+number(more)+" more")
	}
	if len(ids) > 0 {
		text = " (" + strings.Join(ids, " ") + ")"
	}
	if changed > 0 {
		text += ", " + number(changed) + " of them with other words than you decided about"
	}
	return text
}

// doubtName says why nothing can be told, as the end of a sentence.
func doubtName(d store.Doubt) string {
	switch d {
	case store.DoubtNotRead:
		return "no newer archive of the account has been read. Ask the platform for one and audit it"
	case store.DoubtTooOld:
		return "the newest archive was made before you decided"
	case store.DoubtMessages:
		return "the newer archive was read without private messages; --messages reads them"
	case store.DoubtRange:
		return "the newer archive is of other dates"
	case store.DoubtIncomplete:
		return "part of the newer archive could not be read"
	case store.DoubtPartial:
		return "the newer archive is only part of the account"
	case store.DoubtScope:
		return "the newer archive does not say that it holds everything of this kind"
	case store.DoubtForgotten:
		return "they were forgotten, and the store no longer has them"
	}
	return SafeLine(string(d))
}

func newerLine(sum *store.Summary, n store.Newer) string {
	who := "an account"
	for _, a := range sum.Accounts {
		if a.ID == n.AccountID {
			who = handle(a.Account) + " on " + platformName(a.Platform)
		}
	}
	line := "The newest archive of " + who + " brought " + plural(n.Posts, "text", "texts") + " that " + were(n.Posts) + " in none before"
	flagged := n.Flagged.Remove + n.Flagged.Review
	if flagged == 0 {
		return line + "; nothing in " + it(n.Posts) + " is flagged."
	}
	return line + "; flagged of " + it(n.Posts) + ": " + number(n.Flagged.Remove) + " to remove, " + number(n.Flagged.Review) + " to review."
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// Proved says what newer archives show about what was decided, in sentences.
func Proved(sum *store.Summary) []string { return proved(sum) }
