package scanner

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"lookback/store"
)

// Case is one labelled text. There are two sorts of files: cases of this kind
// of review, with what should be found (action, theme, ...), and public texts
// with a plain label.
type Case struct {
	ID            string
	Kind          store.Kind
	Text          string
	Standards     []string
	Action        store.Action // empty in a file of plain labels
	Theme         string
	Functionality string
	Pair          string // shared by a breach and its harmless twin
	Label         string // of a plainly labelled text
}

// CaseSet is one file of cases.
type CaseSet struct {
	Name  string
	Cases []Case
}

// ReadCases reads a CSV file with a header line. The columns text and either
// action or label must be there; name is how errors and tables call the file.
func ReadCases(name string, r io.Reader) (CaseSet, error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	cr.ReuseRecord = true
	head, err := cr.Read()
	if err != nil {
		return CaseSet{}, fmt.Errorf("reading the header of %s: %w", name, err)
	}
	col := map[string]int{}
	for i, h := range head {
		col[strings.TrimPrefix(strings.TrimSpace(h), "\ufeff")] = i
	}
	_, hasText := col["text"]
	_, hasAction := col["action"]
	_, hasLabel := col["label"]
	if !hasText || !hasAction && !hasLabel {
		return CaseSet{}, fmt.Errorf("%s: the header must name the column text and one of action and label", name)
	}
	set := CaseSet{Name: name}
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return set, nil
		}
		if err != nil {
			return CaseSet{}, fmt.Errorf("reading %s: %w", name, err)
		}
		get := func(c string) string {
			if i, ok := col[c]; ok && i < len(rec) {
				return strings.Clone(rec[i])
			}
			return ""
		}
		c := Case{ID: get("id"), Kind: store.Kind(get("kind")), Text: get("text"), Action: store.Action(get("action")),
			Theme: get("theme"), Functionality: get("functionality"), Pair: get("pair"), Label: get("label")}
		if c.Kind == "" {
			c.Kind = store.KindPost
		}
		if s := get("standards"); s != "" {
			c.Standards = strings.Split(s, ";")
		}
		set.Cases = append(set.Cases, c)
	}
}

// HeldBack says whether a case belongs to the fifth that no rule and no model
// is made from. A pair stays together: key is the pair, or the id of a case
// without one.
func HeldBack(key string) bool {
	sum := sha256.Sum256([]byte(key))
	return sum[0]%5 == 0
}

// RulesRead says whether a case belongs to the half of the others that the
// later rules were written from; the rest shows what they find unread.
func RulesRead(key string) bool {
	sum := sha256.Sum256([]byte(key))
	return sum[1]%2 == 0
}

// HeldBack keeps only the cases that are held back.
func (s CaseSet) HeldBack() CaseSet {
	out := CaseSet{Name: s.Name}
	for _, c := range s.Cases {
		key := c.Pair
		if key == "" {
			key = c.ID
		}
		if HeldBack(key) {
			out.Cases = append(out.Cases, c)
		}
	}
	return out
}

// Figures are the counts and rates of one group of cases. A breach is found
// when any finding is made in it; a harmless case with a finding is a false
// alarm.
type Figures struct {
	Group          string  `json:"group"`
	Breaches       int     `json:"breaches"`
	Found          int     `json:"found"`
	Removes        int     `json:"removes"`
	RemovesFound   int     `json:"removes_found"`
	RightStandard  int     `json:"right_standard"`
	RightTheme     int     `json:"right_theme"`
	RightAction    int     `json:"right_action"`
	Harmless       int     `json:"harmless"`
	Flagged        int     `json:"flagged"`
	FlaggedRemove  int     `json:"flagged_remove"`
	Pairs          int     `json:"pairs"`
	PairsApart     int     `json:"pairs_apart"`
	Recall         float64 `json:"recall"`
	RecallRemove   float64 `json:"recall_remove"`
	RecallStandard float64 `json:"recall_standard"`
	FalseAlarms    float64 `json:"false_alarms"`
	FalseRemoves   float64 `json:"false_removes"`
	Precision      float64 `json:"precision"`
	F1             float64 `json:"f1"`
	PairShare      float64 `json:"pair_share"`
	AUC            float64 `json:"auc"` // of the chance of a breach; 0 where it cannot be had
}

// LabelFigures are the figures of plainly labelled texts under one label.
type LabelFigures struct {
	Set     string  `json:"set"`
	Label   string  `json:"label"`
	Texts   int     `json:"texts"`
	Flagged float64 `json:"flagged"`
	Remove  float64 `json:"remove"`
	Hate    float64 `json:"hate"` // share with a finding of the hate family
}

// HateFigures say how well hate is told from the other texts of a plainly
// labelled file, which may be offensive or worse.
type HateFigures struct {
	Set   string  `json:"set"`
	Hate  int     `json:"hate"`
	Other int     `json:"other"`
	AUC   float64 `json:"auc"` // of the chance of hate
	// Heads has the same of each head that was trained on a licensed corpus.
	Heads map[string]float64 `json:"heads,omitempty"`
}

// Mistake is a case that was judged wrongly.
type Mistake struct {
	Set    string          `json:"set"`
	Case   Case            `json:"case"`
	Got    []store.Finding `json:"got"`
	Chance float64         `json:"chance"` // that the case is a breach, as the scan saw it
}

// Wrong is how far the scan was from the truth, from 0 to 1.
func (m Mistake) Wrong() float64 {
	if m.Case.Action == store.ActionNone {
		return m.Chance
	}
	return 1 - m.Chance
}

// RuleFigures say how often a rule was the one that a finding names.
type RuleFigures struct {
	Rule  string `json:"rule"`
	Right int    `json:"right"` // in breaches of a standard that it names
	Other int    `json:"other"` // in other breaches
	Wrong int    `json:"wrong"` // in harmless cases
}

// EvalReport is what Eval measures.
type EvalReport struct {
	Ruleset       string         `json:"ruleset"`
	Sets          []Figures      `json:"sets"`
	Total         Figures        `json:"total"`
	Theme         []Figures      `json:"themes"`
	Functionality []Figures      `json:"functionalities"`
	Kinds         []Figures      `json:"kinds"`
	Labels        []LabelFigures `json:"labels,omitempty"`
	Hate          []HateFigures  `json:"hate,omitempty"`
	Rules         []RuleFigures  `json:"rules"`
	Calibration   []Confidence   `json:"calibration,omitempty"`
	// Mistakes are in the order of how sure of them the scan was: false alarms
	// and misses, the worst first.
	Mistakes []Mistake `json:"-"`
}

// Confidence says how often the findings of one span of confidence are right:
// made in a breach.
type Confidence struct {
	From     float64 `json:"from"`
	To       float64 `json:"to"`
	Findings int     `json:"findings"`
	Mean     float64 `json:"mean"` // of their confidence
	Right    float64 `json:"right"`
}

// Eval judges labelled cases and compares. The same cases give the same report.
func Eval(e *Engine, sets []CaseSet) *EvalReport {
	ev := &evaluation{e: e, rep: &EvalReport{Ruleset: e.rules.Hash()}, rules: map[string]*RuleFigures{}}
	for _, g := range []*groups{&ev.sets, &ev.total, &ev.theme, &ev.functionality, &ev.kinds} {
		g.by = map[string]*group{}
	}
	for _, set := range sets {
		ev.set(set)
	}
	return ev.report()
}

type evaluation struct {
	e                                        *Engine
	rep                                      *EvalReport
	sets, total, theme, functionality, kinds groups
	rules                                    map[string]*RuleFigures
	sure                                     [confidenceSpans]struct {
		n, right int
		sum      float64
	}
}

// confidenceSpans is how many spans of confidence the findings are counted in.
const confidenceSpans = 10

// groups keeps figures by name in the order of first use.
type groups struct {
	by    map[string]*group
	order []string
}

type group struct {
	Figures
	pos, neg []float64
	pairs    map[string]*pairState
}

type pairState struct{ breaches, found, harmless, flagged int }

func (g *groups) get(name string) *group {
	x := g.by[name]
	if x == nil {
		x = &group{Figures: Figures{Group: name}, pairs: map[string]*pairState{}}
		g.by[name] = x
		g.order = append(g.order, name)
	}
	return x
}

func (ev *evaluation) set(set CaseSet) {
	labels := map[string]*LabelFigures{}
	var order []string
	var hate, other []Chances
	for i := range set.Cases {
		c := &set.Cases[i]
		p := &store.Post{Kind: c.Kind, Text: c.Text, Own: ownKind(c.Kind)}
		found, chances := ev.e.Scan(p, nil), ev.e.Chances(p, nil)
		if c.Action == "" {
			if c.Label == "hate" {
				hate = append(hate, chances)
			} else {
				other = append(other, chances)
			}
			l := labels[c.Label]
			if l == nil {
				l = &LabelFigures{Set: set.Name, Label: c.Label}
				labels[c.Label] = l
				order = append(order, c.Label)
			}
			l.count(found)
			continue
		}
		ev.one(set.Name, c, found, chances.Breach)
	}
	if len(hate) > 0 && len(other) > 0 {
		ev.rep.Hate = append(ev.rep.Hate, hateFigures(set.Name, hate, other))
	}
	slices.Sort(order)
	for _, name := range order {
		ev.rep.Labels = append(ev.rep.Labels, labels[name].done())
	}
}

func hateFigures(set string, hate, other []Chances) HateFigures {
	auc := func(score func(Chances) float64) float64 {
		var pos, neg []float64
		for _, c := range hate {
			pos = append(pos, score(c))
		}
		for _, c := range other {
			neg = append(neg, score(c))
		}
		return round4(rocAUC(pos, neg))
	}
	f := HateFigures{Set: set, Hate: len(hate), Other: len(other), AUC: auc(func(c Chances) float64 { return c.Hate })}
	for name := range hate[0].Heads {
		if f.Heads == nil {
			f.Heads = map[string]float64{}
		}
		f.Heads[name] = auc(func(c Chances) float64 { return c.Heads[name] })
	}
	return f
}

func (l *LabelFigures) count(found []store.Finding) {
	l.Texts++
	if len(found) > 0 {
		l.Flagged++
		if found[0].Action == store.ActionRemove {
			l.Remove++
		}
	}
	if slices.ContainsFunc(found, func(f store.Finding) bool { return strings.HasPrefix(f.Theme, hateFamily) }) {
		l.Hate++
	}
}

func (l *LabelFigures) done() LabelFigures {
	n := float64(max(l.Texts, 1))
	l.Flagged, l.Remove, l.Hate = l.Flagged/n, l.Remove/n, l.Hate/n
	return *l
}

func (ev *evaluation) one(set string, c *Case, found []store.Finding, chance float64) {
	breach := c.Action != store.ActionNone
	list := []*group{ev.sets.get(set), ev.total.get("all"), ev.kinds.get(string(c.Kind)), ev.functionality.get(c.Functionality)}
	if breach {
		list = append(list, ev.theme.get(c.Theme))
	} else {
		list = append(list, ev.theme.get("harmless"))
	}
	for _, g := range list {
		g.count(set, c, found, chance)
	}
	if breach != (len(found) > 0) {
		ev.rep.Mistakes = append(ev.rep.Mistakes, Mistake{Set: set, Case: *c, Got: found, Chance: chance})
	}
	if len(found) > 0 {
		x := &ev.sure[min(int(found[0].Confidence*confidenceSpans), confidenceSpans-1)]
		x.n++
		x.sum += found[0].Confidence
		if breach {
			x.right++
		}
	}
	for _, f := range found {
		r := ev.rules[f.Rule]
		if r == nil {
			r = &RuleFigures{Rule: f.Rule}
			ev.rules[f.Rule] = r
		}
		switch {
		case !breach:
			r.Wrong++
		case slices.Contains(f.Standards, c.Standards[0]):
			r.Right++
		default:
			r.Other++
		}
	}
}

func (g *group) count(set string, c *Case, found []store.Finding, chance float64) {
	hit := len(found) > 0
	p := &pairState{}
	if c.Pair != "" {
		key := set + " " + c.Pair
		if g.pairs[key] == nil {
			g.pairs[key] = p
		}
		p = g.pairs[key]
	}
	if c.Action == store.ActionNone {
		g.Harmless++
		p.harmless++
		g.neg = append(g.neg, chance)
		if hit {
			g.Flagged++
			p.flagged++
			if found[0].Action == store.ActionRemove {
				g.FlaggedRemove++
			}
		}
		return
	}
	g.Breaches++
	p.breaches++
	g.pos = append(g.pos, chance)
	if c.Action == store.ActionRemove {
		g.Removes++
	}
	if hit {
		g.countFound(c, found)
		p.found++
	}
}

func (g *group) countFound(c *Case, found []store.Finding) {
	g.Found++
	if c.Action == store.ActionRemove {
		g.RemovesFound++
	}
	if found[0].Action == c.Action {
		g.RightAction++
	}
	if len(c.Standards) > 0 && slices.ContainsFunc(found, func(f store.Finding) bool { return len(f.Standards) > 0 && f.Standards[0] == c.Standards[0] }) {
		g.RightStandard++
	}
	if slices.ContainsFunc(found, func(f store.Finding) bool { return f.Theme == c.Theme }) {
		g.RightTheme++
	}
}

func (g *group) done() Figures {
	f := &g.Figures
	for _, p := range g.pairs {
		if p.breaches > 0 && p.harmless > 0 {
			f.Pairs++
			if p.found == p.breaches && p.flagged == 0 {
				f.PairsApart++
			}
		}
	}
	f.Recall, f.RecallRemove = share(f.Found, f.Breaches), share(f.RemovesFound, f.Removes)
	f.RecallStandard = share(f.RightStandard, f.Breaches)
	f.FalseAlarms, f.FalseRemoves = share(f.Flagged, f.Harmless), share(f.FlaggedRemove, f.Harmless)
	f.Precision = share(f.Found, f.Found+f.Flagged)
	if f.Precision+f.Recall > 0 {
		f.F1 = round4(2 * f.Precision * f.Recall / (f.Precision + f.Recall))
	}
	f.PairShare = share(f.PairsApart, f.Pairs)
	f.AUC = round4(rocAUC(g.pos, g.neg))
	return *f
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return round4(float64(a) / float64(b))
}

func round4(x float64) float64 { return float64(int(x*10000+0.5)) / 10000 }

// rocAUC is the chance that a breach scores higher than a harmless case, ties
// counted half.
func rocAUC(pos, neg []float64) float64 {
	if len(pos) == 0 || len(neg) == 0 {
		return 0
	}
	type scored struct {
		v   float64
		pos bool
	}
	all := make([]scored, 0, len(pos)+len(neg))
	for _, v := range pos {
		all = append(all, scored{v, true})
	}
	for _, v := range neg {
		all = append(all, scored{v, false})
	}
	slices.SortFunc(all, func(a, b scored) int {
		switch {
		case a.v < b.v:
			return -1
		case a.v > b.v:
			return 1
		}
		return 0
	})
	var sum float64
	for i := 0; i < len(all); {
		j, p := i, 0
		for ; j < len(all) && all[j].v == all[i].v; j++ {
			if all[j].pos {
				p++
			}
		}
		sum += float64(p) * (float64(i+j+1) / 2)
		i = j
	}
	n := float64(len(pos))
	return (sum - n*(n+1)/2) / (n * float64(len(neg)))
}

func (ev *evaluation) report() *EvalReport {
	rep := ev.rep
	rep.Total = ev.total.get("all").done()
	for _, x := range []struct {
		g   *groups
		dst *[]Figures
	}{{&ev.sets, &rep.Sets}, {&ev.theme, &rep.Theme}, {&ev.functionality, &rep.Functionality}, {&ev.kinds, &rep.Kinds}} {
		if x.g != &ev.sets {
			slices.Sort(x.g.order)
		}
		for _, name := range x.g.order {
			*x.dst = append(*x.dst, x.g.by[name].done())
		}
	}
	for _, r := range ev.rules {
		rep.Rules = append(rep.Rules, *r)
	}
	slices.SortFunc(rep.Rules, func(a, b RuleFigures) int {
		if d := b.Wrong - a.Wrong; d != 0 {
			return d
		}
		return strings.Compare(a.Rule, b.Rule)
	})
	for i, x := range ev.sure {
		if x.n > 0 {
			rep.Calibration = append(rep.Calibration, Confidence{From: float64(i) / confidenceSpans, To: float64(i+1) / confidenceSpans,
				Findings: x.n, Mean: round4(x.sum / float64(x.n)), Right: share(x.right, x.n)})
		}
	}
	slices.SortStableFunc(rep.Mistakes, func(a, b Mistake) int { return cmp.Compare(b.Wrong(), a.Wrong()) })
	return rep
}

// WriteText prints the report as tables for a terminal.
func (r *EvalReport) WriteText(w io.Writer) error { return r.write(w, false) }

// WriteShort prints one line for each set, and how far confidence can be
// trusted.
func (r *EvalReport) WriteShort(w io.Writer) error { return r.write(w, true) }

func (r *EvalReport) write(w io.Writer, short bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "ruleset %s\n", r.Ruleset)
	if r.Total.Breaches+r.Total.Harmless > 0 {
		writeFigures(&b, "set", append(slices.Clone(r.Sets), r.Total))
	}
	if r.Total.Breaches+r.Total.Harmless > 0 && !short {
		writeFigures(&b, "theme", r.Theme)
		writeFigures(&b, "functionality", r.Functionality)
		writeFigures(&b, "kind", r.Kinds)
	}
	if len(r.Calibration) > 0 {
		fmt.Fprintf(&b, "\n%-28s %8s %8s %8s\n", "confidence", "findings", "mean", "right")
		for _, c := range r.Calibration {
			fmt.Fprintf(&b, "%-28s %8d %8.3f %8.3f\n", fmt.Sprintf("%.1f to %.1f", c.From, c.To), c.Findings, c.Mean, c.Right)
		}
	}
	if len(r.Labels) > 0 {
		fmt.Fprintf(&b, "\n%-28s %-16s %7s %8s %8s %8s\n", "texts", "label", "number", "flagged", "remove", "hate")
		for _, l := range r.Labels {
			fmt.Fprintf(&b, "%-28s %-16s %7d %8.4f %8.4f %8.4f\n", l.Set, l.Label, l.Texts, l.Flagged, l.Remove, l.Hate)
		}
	}
	if len(r.Hate) > 0 {
		writeHate(&b, r.Hate)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteMistakes prints the n worst mistakes, false alarms and misses apart, with
// the labelled texts.
func (r *EvalReport) WriteMistakes(w io.Writer, n int) error {
	var b strings.Builder
	for _, side := range []struct {
		title string
		alarm bool
	}{{"false alarms", true}, {"missed", false}} {
		fmt.Fprintf(&b, "\n%s, the worst first\n", side.title)
		left := n
		for _, m := range r.Mistakes {
			if alarm := m.Case.Action == store.ActionNone; alarm != side.alarm || left == 0 {
				continue
			}
			left--
			what := m.Case.Theme
			if side.alarm {
				what = m.Got[0].Rule
			}
			fmt.Fprintf(&b, "%.2f  %s  %s  %s\n      %s\n", m.Chance, m.Case.ID, m.Case.Kind, what, strings.Join(strings.Fields(m.Case.Text), " "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeHate prints the ROC AUC of hate against the rest: of the chance of hate,
// then of each head by itself.
func writeHate(b *strings.Builder, list []HateFigures) {
	heads := slices.Sorted(maps.Keys(list[0].Heads))
	fmt.Fprintf(b, "\n%-28s %7s %7s %7s", "AUC of hate", "hate", "rest", "AUC")
	for _, name := range heads {
		fmt.Fprintf(b, " %7s", name)
	}
	for _, h := range list {
		fmt.Fprintf(b, "\n%-28s %7d %7d %7.4f", h.Set, h.Hate, h.Other, h.AUC)
		for _, name := range heads {
			fmt.Fprintf(b, " %7.4f", h.Heads[name])
		}
	}
	b.WriteByte('\n')
}

func writeFigures(b *strings.Builder, what string, list []Figures) {
	fmt.Fprintf(b, "\n%-28s %5s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s\n",
		what, "cases", "recall", "remove", "right", "harmls", "flagd", "as rem", "precis", "F1", "pairs", "AUC")
	for _, f := range list {
		fmt.Fprintf(b, "%-28s %5d %6s %6s %6s %6d %6s %6s %6s %6s %6s %6s\n", f.Group, f.Breaches,
			rate(f.Recall, f.Breaches), rate(f.RecallRemove, f.Removes), rate(f.RecallStandard, f.Breaches),
			f.Harmless, rate(f.FalseAlarms, f.Harmless), rate(f.FalseRemoves, f.Harmless),
			rate(f.Precision, f.Found+f.Flagged), rate(f.F1, f.Breaches), rate(f.PairShare, f.Pairs), rate(f.AUC, min(f.Breaches, f.Harmless)))
	}
}

func rate(v float64, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", v)
}
