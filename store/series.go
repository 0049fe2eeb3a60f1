package store

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"
	"time"
)

// What a flagged post can be directed against.
const (
	TargetHandle = "handle" // somebody who is mentioned or answered
	TargetName   = "name"   // somebody who is named
	TargetGroup  = "group"  // a protected group
	TargetTheme  = "theme"  // neither: all posts of one theme
)

// The families of themes that are counted together.
const (
	FamilyAbuse   = "abuse"   // insults, bullying, threats, hate
	FamilyPursuit = "pursuit" // pursuing a relationship
)

// A series is so many posts against one target within so many days.
const (
	SeriesPosts = 3
	SeriesDays  = 90
)

// Series is what one account posted against one target.
type Series struct {
	AccountID int64
	Family    string
	Kind      string // TargetHandle, ...
	Target    string // as reports show it
	Posts     int    // in the series, or where the windows of several series touch, in all of them
	All       int    // flagged posts against the target at any time
	First     time.Time
	Last      time.Time // of the series
	Months    []Count   // all of them by month, "2019-03", ascending; "" for no date
	Themes    []Count   // all of them by theme, the most frequent first
}

// Person says whether the series is against one person.
func (s *Series) Person() bool { return s.Kind == TargetHandle || s.Kind == TargetName }

// InSeries says of each time whether it is one of at least SeriesPosts within
// SeriesDays. Posts without a date are in no series.
func InSeries(times []time.Time) []bool {
	in := make([]bool, len(times))
	var order []int
	for i, t := range times {
		if !t.IsZero() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return times[a].Compare(times[b]) })
	for i := 0; i+SeriesPosts <= len(order); i++ {
		window := order[i : i+SeriesPosts]
		if times[window[SeriesPosts-1]].Sub(times[window[0]]) > SeriesDays*24*time.Hour {
			continue
		}
		for _, k := range window {
			in[k] = true
		}
	}
	return in
}

// against is one account's target.
type against struct {
	account            int64
	family, kind, name string
}

type targetPost struct {
	id      int64
	created time.Time
	themes  []string
}

// readTargeted returns the flagged posts that are there by their target.
func readTargeted(tx *sql.Tx) (map[against][]targetPost, error) {
	rows, err := tx.Query(`SELECT p.account_id, t.family, t.kind, t.name, p.id, CASE p.precision WHEN 'none' THEN NULL ELSE p.created END,
		(SELECT group_concat(theme, ' ') FROM (SELECT DISTINCT f.theme FROM findings f WHERE f.post_id = p.id AND f.action IN ('remove', 'review') AND f.version_id IS NULL
			AND (t.family = 'pursuit') = (f.theme = 'boundaries.exploit') AND (t.family = 'pursuit' OR f.theme LIKE 'hate.%' OR f.theme LIKE 'respect.%') ORDER BY 1))
		FROM targets t CROSS JOIN posts p ON p.id = t.post_id WHERE p.gone_archive IS NULL ORDER BY p.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[against][]targetPost{}
	for rows.Next() {
		var a against
		var p targetPost
		var created sql.NullInt64
		var themes sql.NullString
		if err := rows.Scan(&a.account, &a.family, &a.kind, &a.name, &p.id, &created, &themes); err != nil {
			return nil, err
		}
		p.created = fromUnix(created)
		p.themes = strings.Fields(themes.String)
		list[a] = append(list[a], p)
	}
	return list, rows.Err()
}

// newSeries sums up the posts against one target; ok says whether some are a
// series. in holds the ids of those.
func newSeries(a against, posts []targetPost) (s Series, in []int64, ok bool) {
	times := make([]time.Time, len(posts))
	for i := range posts {
		times[i] = posts[i].created
	}
	s = Series{AccountID: a.account, Family: a.family, Kind: a.kind, Target: targetName(a.kind, a.name), All: len(posts)}
	months, themes := map[string]int{}, map[string]int{}
	for i, is := range InSeries(times) {
		months[month(times[i])]++
		for _, th := range posts[i].themes {
			themes[th]++
		}
		if is {
			s.Posts++
			s.First, s.Last = widen(s.First, s.Last, times[i], times[i])
			in = append(in, posts[i].id)
		}
	}
	s.Months, s.Themes = labelled(months), labelled(themes)
	slices.SortStableFunc(s.Themes, func(x, y Count) int { return y.Posts - x.Posts })
	return s, in, s.Posts > 0
}

// labelled returns counts by label.
func labelled(n map[string]int) []Count {
	var list []Count
	for label, posts := range n {
		list = append(list, Count{label, posts})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Compare(a.Label, b.Label) })
	return list
}

// sumSeries fills in the series, those against persons first.
func sumSeries(tx *sql.Tx, sum *Summary) error {
	all, err := readTargeted(tx)
	if err != nil {
		return err
	}
	for a, posts := range all {
		if s, _, ok := newSeries(a, posts); ok {
			sum.Series = append(sum.Series, s)
		}
	}
	rank := map[string]int{TargetHandle: 0, TargetName: 0, TargetGroup: 1, TargetTheme: 2}
	slices.SortFunc(sum.Series, func(a, b Series) int {
		return cmp.Or(rank[a.Kind]-rank[b.Kind], b.Posts-a.Posts, cmp.Compare(a.AccountID, b.AccountID),
			cmp.Compare(a.Target, b.Target), cmp.Compare(a.Family, b.Family), cmp.Compare(a.Kind, b.Kind))
	})
	return nil
}

// inSeries is what a flagged post's row says of its target.
type inSeries struct {
	target string
	posts  int
	person bool
}

// seriesOfPosts returns by post its target and series, a person before a
// group before a theme.
func seriesOfPosts(tx *sql.Tx) (map[int64]inSeries, error) {
	all, err := readTargeted(tx)
	if err != nil {
		return nil, err
	}
	list := map[int64]inSeries{}
	put := func(id int64, x inSeries) {
		old, ok := list[id]
		if !ok || x.person && !old.person || x.person == old.person && (x.posts > old.posts || x.posts == old.posts && x.target < old.target) {
			list[id] = x
		}
	}
	for a, posts := range all {
		s, in, _ := newSeries(a, posts)
		if a.kind == TargetTheme {
			continue
		}
		for _, p := range posts {
			put(p.id, inSeries{s.Target, 0, s.Person()})
		}
		for _, id := range in {
			put(id, inSeries{s.Target, s.Posts, s.Person()})
		}
	}
	return list, nil
}
