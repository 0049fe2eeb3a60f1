package report

import (
	"strings"

	"lookback/store"
)

// onlyJudged is the action that reports show for a post in which nothing was
// found and that only a judge flags.
const onlyJudged store.Action = "judge"

// rowAction is the most serious action of a row's findings, or onlyJudged.
func rowAction(row *store.Row) store.Action {
	act := worst(row.Findings)
	if act == store.ActionNone && row.Opinion.Flags() {
		return onlyJudged
	}
	return act
}

// judgeSays puts a judge's action into words.
func judgeSays(a store.Action) string {
	switch a {
	case store.ActionRemove, store.ActionReview:
		return actionName(a)
	}
	return "Leave it"
}

// judgeName names a judge as what it is.
func judgeName(o *store.Opinion) string { return "the judge " + SafeLine(o.Model) }

// opinionText says on one line what a judge made of a post, marked as its
// words.
func opinionText(o *store.Opinion) string {
	parts := []string{"Second opinion of " + judgeName(o) + ": " + strings.ToLower(judgeSays(o.Action))}
	if o.Flags() {
		parts = append(parts, SafeLine(o.Theme), "standard "+list(safeAll(o.Standards)))
	}
	return strings.Join(append(parts, confidenceName(o.Confidence)+" confidence"), ", ") + ": " + SafeLine(o.Why)
}

// opinionNote sums up what judges said; empty where none was asked.
func opinionNote(sum *store.Summary) string {
	c := &sum.Opinions
	if c.Posts == 0 {
		return ""
	}
	names := "A judge (" + list(safeAll(c.Models)) + ")"
	note := names + " gave a second opinion on " + plural(c.Posts, "post", "posts") + "."
	if c.Flagged > 0 {
		note += " Of " + plural(c.Flagged, "flagged one", "flagged ones") + " it would leave " + number(c.Flagged-c.Upheld) + "; they are counted all the same."
	}
	if c.Only > 0 {
		note += " It alone flags " + plural(c.Only, "post", "posts") + ", marked so, last in the list and in no count."
	}
	return note
}

// pageOpinion makes a judge's words harmless.
func pageOpinion(o *store.Opinion) *store.Opinion {
	if o == nil {
		return nil
	}
	c := *o
	c.Model, c.Theme, c.Standards, c.Why = SafeLine(o.Model), SafeLine(o.Theme), safeAll(o.Standards), pageText(o.Why)
	return &c
}

// cardOpinion is a judge's opinion in the page's HTML.
type cardOpinion struct {
	Name, Says, Theme string
	Standards         []store.Standard
	Words             []string
	Why, Confidence   string
}

func newCardOpinion(sum *store.Summary, r *pageRow) *cardOpinion {
	o := r.opinion
	if o == nil {
		return nil
	}
	c := &cardOpinion{Name: o.Model, Says: judgeSays(o.Action), Words: flagged(r.text, o.Spans), Why: o.Why, Confidence: confidenceName(o.Confidence)}
	if o.Theme != "" {
		c.Theme = themeTitle(sum, o.Theme)
	}
	for _, num := range o.Standards {
		c.Standards = append(c.Standards, standard(sum, num))
	}
	return c
}

// opinion appends a row's opinion to its JSON: 0 for none, or
//
//	[model, action, theme, [standards], why, confidence, [start, end, ...]]
func (c *chunks) opinion(b []byte, r *pageRow) []byte {
	o := r.opinion
	if o == nil {
		return append(b, '0')
	}
	b = append(c.short(append(b, '['), o.Model), ',')
	b = append(c.short(b, string(o.Action)), ',')
	b = append(c.short(b, o.Theme), ',')
	b = append(appendStrings(b, o.Standards), ',')
	b = append(appendString(b, o.Why), ',')
	b = append(c.short(b, confidenceName(o.Confidence)), ',', '[')
	return append(appendUTF16(b, r.text, trusted(r.text, o.Spans)), ']', ']')
}

// opinion writes the member "judge" of a row in JSON Lines.
func (o *object) opinion(text string, op *store.Opinion) {
	if op == nil {
		return
	}
	o.name("judge")
	o.open()
	o.str("model", op.Model)
	o.str("action", string(op.Action))
	o.opt("theme", op.Theme)
	o.name("standards")
	o.buf = appendStrings(o.buf, op.Standards)
	o.float("confidence", op.Confidence)
	o.spans(text, op.Spans)
	o.str("why", op.Why)
	o.close()
}

// opinion fills the columns of the judge.
func (r *csvRecord) opinion(text string, o *store.Opinion) {
	if o == nil {
		r.buf = append(r.buf, ",,,,,,"...)
		return
	}
	r.cell(o.Model)
	r.cell(string(o.Action))
	r.cell(o.Theme)
	r.confidence(o.Confidence)
	r.cell(strings.Join(flagged(text, o.Spans), " | "))
	r.cell(o.Why)
}
