package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Summary counts what the store holds and what was found in it. Version,
// Generated, Regulator, RulesetName and the texts of Standards are for the
// caller to fill in. Flagged posts that a newer archive no longer has are in
// Gone and nowhere else. Findings that the allow list silences are in Silenced
// and nowhere else.
func (s *Store) Summary(ctx context.Context, ruleset string) (Summary, error) {
	return s.SummaryFor(ctx, ruleset, Filter{})
}

// SummaryFor is Summary that counts as flagged what flt asks for with Open and
// IncludeSilenced, under the standards of ByTheme; the rest of flt is not
// looked at.
func (s *Store) SummaryFor(ctx context.Context, ruleset string, flt Filter) (Summary, error) {
	sum := Summary{Ruleset: ruleset, Decided: map[Choice]int{}, Settled: map[Choice]int{}}
	err := s.summarize(ctx, &sum, flt)
	return sum, explain("summing up", err)
}

func (s *Store) summarize(ctx context.Context, sum *Summary, flt Filter) error {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback() // it only reads
	if sum.Archives, err = s.Archives(ctx); err != nil {
		return err
	}
	for _, a := range sum.Archives {
		sum.Skipped += a.Skipped
	}
	for _, step := range []func(*sql.Tx, *Summary) error{sumScans, sumPosts, sumSkips, sumDecisions, sumOpinions} {
		if err := step(tx, sum); err != nil {
			return err
		}
	}
	if sum.Allowed, err = allowList(tx); err != nil {
		return err
	}
	if sum.LastAudit, sum.Changes, err = s.LastAudit(ctx); err != nil {
		return err
	}
	if sum.Proof, err = proofOf(tx, flt); err != nil {
		return err
	}
	if err := sumSeries(tx, sum); err != nil {
		return err
	}
	return sumFindings(tx, sum, flt)
}

func sumScans(tx *sql.Tx, sum *Summary) error {
	var last sql.NullInt64
	err := tx.QueryRow(`SELECT (SELECT count(*) FROM scanned WHERE ruleset_id = (SELECT id FROM rulesets WHERE hash=?)),
		(SELECT max(last_scan) FROM rulesets)`, sum.Ruleset).Scan(&sum.Scanned, &last)
	sum.LastScan = fromUnix(last)
	return err
}

// sumPosts counts posts by account, year and kind. It asks the timeline index
// for each year rather than reading every post.
func sumPosts(tx *sql.Tx, sum *Summary) error {
	accounts, err := accountsByID(tx)
	if err != nil {
		return err
	}
	years, kinds, platforms := map[int]int{}, map[Kind]int{}, map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		as := AccountSummary{Account: accounts[id]}
		own := map[int]int{}
		for _, k := range Kinds {
			if err := sumKind(tx, &as, k, own, kinds); err != nil {
				return err
			}
		}
		for y, n := range own {
			years[y] += n
		}
		platforms[as.Platform] += as.Posts
		as.ByYear, as.Gaps = yearCounts(own), gaps(own)
		sum.Accounts = append(sum.Accounts, as)
		sum.Posts += as.Posts
		sum.First, sum.Last = widen(sum.First, sum.Last, as.First, as.Last)
	}
	sum.ByYear = yearCounts(years)
	for _, k := range Kinds {
		if kinds[k] > 0 {
			sum.ByKind = append(sum.ByKind, Count{string(k), kinds[k]})
		}
	}
	for _, p := range slices.Sorted(maps.Keys(platforms)) {
		sum.ByPlatform = append(sum.ByPlatform, Count{p, platforms[p]})
	}
	return nil
}

// sumKind adds one account's posts of one kind.
func sumKind(tx *sql.Tx, as *AccountSummary, k Kind, years map[int]int, kinds map[Kind]int) error {
	var total int
	var first, last sql.NullInt64
	err := tx.QueryRow("SELECT count(*), min(created), max(created) FROM posts WHERE account_id=? AND kind=?", as.ID, string(k)).
		Scan(&total, &first, &last)
	if err != nil || total == 0 {
		return err
	}
	as.Posts += total
	if k != KindDM && k != KindBio {
		as.Public += total
	}
	kinds[k] += total
	dated := 0
	from, to := fromUnix(first), fromUnix(last)
	if first.Valid {
		as.First, as.Last = widen(as.First, as.Last, from, to)
		for y := from.Year(); y <= to.Year(); y++ {
			var n int
			err := tx.QueryRow("SELECT count(*) FROM posts WHERE account_id=? AND kind=? AND created>=? AND created<?", as.ID, string(k),
				newYear(y), newYear(y+1)).Scan(&n)
			if err != nil {
				return err
			}
			if n > 0 {
				years[y] += n
			}
			dated += n
		}
	}
	if total > dated {
		years[noYear] += total - dated
	}
	return nil
}

// noYear stands for posts without a date.
const noYear = 0

func newYear(y int) int64 { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Unix() }

// widen makes the range from first to last hold a to b too.
func widen(first, last, a, b time.Time) (time.Time, time.Time) {
	if !a.IsZero() && (first.IsZero() || a.Before(first)) {
		first = a
	}
	if b.After(last) {
		last = b
	}
	return first, last
}

// yearLabel is how reports name a year; posts without a date have "".
func yearLabel(y int) string {
	if y == noYear {
		return ""
	}
	return strconv.Itoa(y)
}

func yearCounts(years map[int]int) []Count {
	var list []Count
	for _, y := range slices.Sorted(maps.Keys(years)) {
		list = append(list, Count{yearLabel(y), years[y]})
	}
	return list
}

// gaps returns the years without a post between the first and the last.
func gaps(years map[int]int) []int {
	var list []int
	last := noYear
	for _, y := range slices.Sorted(maps.Keys(years)) {
		for g := last + 1; last != noYear && g < y; g++ {
			list = append(list, g)
		}
		last = y
	}
	return list
}

// tallies counts flagged posts by label.
type tallies map[string]*Tally

func (t tallies) add(label string, a Action) {
	c := t[label]
	if c == nil {
		c = &Tally{Label: label}
		t[label] = c
	}
	c.add(a)
}

func (t *Tally) add(a Action) {
	switch a {
	case ActionRemove:
		t.Remove++
	case ActionReview:
		t.Review++
	}
}

// list returns the tallies by label, numbers in labels by their value.
func (t tallies) list() []Tally {
	var list []Tally
	for _, l := range slices.SortedFunc(maps.Keys(t), compareNumbers) {
		list = append(list, *t[l])
	}
	return list
}

// compareNumbers orders "2.12" after "2.7".
func compareNumbers(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	return cmp.Or(slices.CompareFunc(x, y, func(p, q string) int {
		n, err := strconv.Atoi(p)
		m, err2 := strconv.Atoi(q)
		if err != nil || err2 != nil {
			return cmp.Compare(p, q)
		}
		return cmp.Compare(n, m)
	}), cmp.Compare(a, b))
}

// flagged collects one flagged post's labels with the most serious action of
// each, so that a post counts once for each label.
type flagged struct {
	id, account       int64
	created           sql.NullInt64
	gone              bool
	action            Action
	standards, themes map[string]Action
}

func sumFindings(tx *sql.Tx, sum *Summary, flt Filter) error {
	from := "FROM findings f JOIN posts p ON p.id = f.post_id "
	if flt.Open {
		from += joinDecisions
	}
	rows, err := tx.Query("SELECT f.post_id, p.account_id, p.created, p.gone_archive IS NOT NULL, f.action, f.theme, f.standards " + from +
		" WHERE f.action IN ('remove', 'review') AND " + findingConditions(flt).String() + " ORDER BY f.post_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	c := newCounter(sum)
	cur := flagged{standards: map[string]Action{}, themes: map[string]Action{}}
	for rows.Next() {
		var f flagged
		var action Action
		var theme, standards string
		if err := rows.Scan(&f.id, &f.account, &f.created, &f.gone, &action, &theme, &standards); err != nil {
			return err
		}
		if f.id != cur.id {
			c.count(&cur)
			clear(cur.standards)
			clear(cur.themes)
			f.standards, f.themes, f.action = cur.standards, cur.themes, ActionNone
			cur = f
		}
		cur.action = worse(cur.action, action)
		cur.themes[theme] = worse(cur.themes[theme], action)
		for _, st := range flt.standards(theme, standards) {
			cur.standards[st] = worse(cur.standards[st], action)
		}
	}
	c.count(&cur)
	c.finish()
	return rows.Err()
}

// worse returns the more serious action.
func worse(a, b Action) Action {
	if a == ActionRemove || b == ActionRemove {
		return ActionRemove
	}
	if a == ActionReview || b == ActionReview {
		return ActionReview
	}
	return ActionNone
}

// counter adds flagged posts up.
type counter struct {
	sum                   *Summary
	standard, theme, year tallies
	heat                  map[Cell]*Cell // by Year and Standard alone
	account               map[int64]*Tally
}

func newCounter(sum *Summary) *counter {
	c := &counter{sum: sum, standard: tallies{}, theme: tallies{}, year: tallies{}, heat: map[Cell]*Cell{}, account: map[int64]*Tally{}}
	for i := range sum.Accounts {
		a := &sum.Accounts[i]
		a.Flagged.Label = a.Platform
		c.account[a.ID] = &a.Flagged
	}
	return c
}

func (c *counter) count(f *flagged) {
	if f.id == 0 {
		return
	}
	if f.gone {
		c.sum.Gone++
		return
	}
	year := noYear
	if f.created.Valid {
		year = fromUnix(f.created).Year()
	}
	c.sum.Flagged.add(f.action)
	c.year.add(yearLabel(year), f.action)
	if t := c.account[f.account]; t != nil {
		t.add(f.action)
	}
	for th, a := range f.themes {
		c.theme.add(th, a)
	}
	for st, a := range f.standards {
		c.standard.add(st, a)
		at := Cell{Year: year, Standard: st}
		if c.heat[at] == nil {
			c.heat[at] = &Cell{Year: year, Standard: st}
		}
		t := Tally{}
		t.add(a)
		c.heat[at].Remove += t.Remove
		c.heat[at].Review += t.Review
	}
}

func (c *counter) finish() {
	c.sum.Flagged.Label = "all"
	c.sum.Standard, c.sum.Theme, c.sum.Year = c.standard.list(), c.theme.list(), c.year.list()
	for _, cell := range c.heat {
		c.sum.Heat = append(c.sum.Heat, *cell)
	}
	slices.SortFunc(c.sum.Heat, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), compareNumbers(a.Standard, b.Standard))
	})
	for _, t := range c.sum.Standard {
		c.sum.Standards = append(c.sum.Standards, Standard{Number: t.Label})
	}
}

func sumSkips(tx *sql.Tx, sum *Summary) error {
	rows, err := tx.Query("SELECT member || ': ' || reason, count(*) FROM skips GROUP BY 1 ORDER BY 2 DESC, 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t Tally
		if err := rows.Scan(&t.Label, &t.Remove); err != nil {
			return err
		}
		sum.Skips = append(sum.Skips, t)
	}
	return rows.Err()
}

// sumDecisions counts what was decided, and what the allow list silences.
func sumDecisions(tx *sql.Tx, sum *Summary) error {
	for _, q := range []struct {
		to    *map[Choice]int
		query string
	}{
		{&sum.Decided, "SELECT choice, count(*) FROM decisions GROUP BY choice"},
		{&sum.Settled, "SELECT d.choice, count(DISTINCT d.id) FROM findings f JOIN posts p ON p.id = f.post_id " + strings.TrimPrefix(joinDecisions, "LEFT ") +
			" WHERE p.gone_archive IS NULL AND d.choice IN (" + settling + ") AND " + findingConditions(Filter{}).String() + " GROUP BY d.choice"},
	} {
		rows, err := tx.Query(q.query)
		if err != nil {
			return err
		}
		if *q.to, err = countChoices(rows); err != nil {
			return err
		}
	}
	return tx.QueryRow(`SELECT
		(SELECT count(DISTINCT z.finding_id) FROM silenced z JOIN findings f ON f.id = z.finding_id JOIN posts p ON p.id = f.post_id
			WHERE f.action <> 'none' AND p.gone_archive IS NULL),
		(SELECT count(*) FROM decisions d WHERE NOT EXISTS (SELECT 1 FROM posts p JOIN findings f ON f.post_id = p.id
			WHERE p.account_id = d.account_id AND p.key = d.post_key AND f.theme = d.theme AND f.words_hash = d.words_hash))`).
		Scan(&sum.Silenced, &sum.Unmatched)
}
