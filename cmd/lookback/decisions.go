package main

import (
	"bufio"
	"fmt"
	"strings"

	"lookback/report"
	"lookback/store"
)

// mostLoose is how many decisions without a finding status names; all are
// counted.
const mostLoose = 50

// statusDecision is a decision that no finding matches any more.
type statusDecision struct {
	Decision store.Choice `json:"decision"`
	Platform string       `json:"platform"`
	PostKey  string       `json:"post_key"`
	Theme    string       `json:"theme"`
	Decided  string       `json:"decided"`
	Why      string       `json:"why"`
}

// statusRemoval is what newer archives say of the posts that were to be
// removed.
type statusRemoval struct {
	Posts   int                 `json:"posts"`
	Gone    int                 `json:"gone_verified"`
	There   int                 `json:"still_there"`
	Unknown int                 `json:"cannot_be_told"`
	Why     map[store.Doubt]int `json:"cannot_be_told_why"`
	IDs     []string            `json:"findings_still_there"`
	Newer   []statusNewer       `json:"newer_archives"`
}

type statusNewer struct {
	Archive int64 `json:"archive"`
	Posts   int   `json:"new_posts"`
	Remove  int   `json:"remove"`
	Review  int   `json:"review"`
}

func removalRecord(p *store.Proof) statusRemoval {
	r := statusRemoval{Posts: len(p.Removals), Gone: p.Count(store.FateGone), There: p.Count(store.FateThere), Unknown: p.Count(store.FateUnknown),
		Why: p.Doubtful(), IDs: []string{}, Newer: []statusNewer{}}
	for _, x := range p.Removals {
		if x.Fate == store.FateThere {
			r.IDs = append(r.IDs, x.UIDs...)
		}
	}
	for _, n := range p.Newer {
		r.Newer = append(r.Newer, statusNewer{n.Archive, n.Posts, n.Flagged.Remove, n.Flagged.Review})
	}
	return r
}

func (st *status) decisions(sum store.Summary, loose []store.DecisionState) {
	st.LastAudit, st.Decided, st.Silenced, st.Allowed = rfc3339(sum.LastAudit), sum.Decided, sum.Silenced, orEmpty(sum.Allowed)
	st.Unmatched = []statusDecision{}
	st.Removal = removalRecord(sum.Proof)
	for _, d := range loose {
		st.Unmatched = append(st.Unmatched, statusDecision{d.Choice, accountOf(sum, d.AccountID).Platform, d.PostKey, d.Theme, rfc3339(d.Decided), whyLoose(d)})
	}
}

// whyLoose says why no finding matches a decision any more.
func whyLoose(d store.DecisionState) string {
	switch {
	case d.Reworded:
		return "other words are flagged now"
	case d.Known:
		return "nothing is flagged there for this any more"
	}
	return "the post is not in the store any more"
}

// printDecisions says what was decided and allowed, and which decisions have
// nothing left that they are about.
func printDecisions(w *bufio.Writer, sum store.Summary, loose []store.DecisionState) {
	if !sum.LastAudit.IsZero() {
		fmt.Fprintf(w, "\nLast audit: %s\n", sum.LastAudit.Local().Format("2 January 2006, 15:04"))
	}
	var parts []string
	for _, c := range store.Choices {
		if n := sum.Decided[c]; n > 0 {
			parts = append(parts, number(n)+" "+report.ChoiceName(c))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, "\nDecided: %s\n", strings.Join(parts, ", "))
	}
	if len(loose) > 0 {
		fmt.Fprintf(w, "  %s no finding any more:\n", count(len(loose), "decision matches", "decisions match"))
	}
	for i, d := range loose {
		if i == mostLoose {
			fmt.Fprintf(w, "    and %s more\n", number(len(loose)-i))
			break
		}
		fmt.Fprintf(w, "    %s, %s of %s on %s: %s\n", report.ChoiceName(d.Choice), report.SafeLine(d.Theme), report.SafeLine(d.PostKey),
			report.PlatformName(accountOf(sum, d.AccountID).Platform), whyLoose(d))
	}
	if lines := report.Proved(&sum); len(lines) > 0 {
		fmt.Fprintln(w, "\nWhat newer archives show")
		for _, l := range lines {
			fmt.Fprintf(w, "  %s\n", l)
		}
	}
	if len(sum.Allowed) > 0 {
		fmt.Fprintf(w, "\nAllowed: %s\n", count(sum.Silenced, "finding silenced by your allow list", "findings silenced by your allow list"))
		for _, a := range sum.Allowed {
			fmt.Fprintf(w, "  %s %s: silences %s\n", a.Kind, report.SafeLine(a.Value), number(a.Silences))
		}
	}
}
