package store

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"
)

// Fate is what the archives read since a decision say of a post that was to
// be removed.
type Fate string

// The fates. Only what an archive shows is said to be gone or there.
const (
	FateGone    Fate = "gone"
	FateThere   Fate = "there"
	FateUnknown Fate = "unknown"
)

// Fates lists every fate in the order in which reports show them.
var Fates = []Fate{FateGone, FateThere, FateUnknown}

// Doubt is why nothing can be said about a post.
type Doubt string

// The doubts.
const (
	DoubtNotRead    Doubt = "not-read"    // no archive of the account was read since
	DoubtTooOld     Doubt = "too-old"     // one was, but it was made before the decision
	DoubtMessages   Doubt = "messages"    // the newer one was read without private messages
	DoubtRange      Doubt = "range"       // the newer one is of other dates
	DoubtIncomplete Doubt = "incomplete"  // part of the newer one could not be read
	DoubtPartial    Doubt = "partial"     // the newer one is part of the account
	DoubtScope      Doubt = "scope"       // the newer one does not hold all of this kind
	DoubtForgotten  Doubt = "not-in-here" // the post was forgotten
)

// Doubts lists every doubt in the order in which reports show them.
var Doubts = []Doubt{DoubtNotRead, DoubtTooOld, DoubtPartial, DoubtRange, DoubtIncomplete, DoubtMessages, DoubtScope, DoubtForgotten}

// Removal is one post that was decided to be removed, or to be done with, and
// what became of it.
type Removal struct {
	AccountID int64
	PostID    int64 // 0 where the store no longer has the post
	PostKey   string
	Kind      Kind
	Choice    Choice    // remove, or done where nothing of the post is to be removed
	Decided   time.Time // the last of the post's decisions
	UIDs      []string  // of the findings that the decisions match
	Fate      Fate
	Doubt     Doubt // why Fate is unknown
	Archive   int64 // the archive that says so; 0 where none does
	Changed   bool  // there, but no decision matches its words any more

	created sql.NullInt64
	brought int64
}

// Progress is what was flagged before anything was removed, what of it the
// newest archives still have, and what of that is not kept, cleared or done.
type Progress struct {
	Label             string // the standard; "all" for posts under any
	Before, Now, Open Tally
}

// Newer says what the newest archive of an account brought.
type Newer struct {
	AccountID int64
	Archive   int64 // the newest
	Earlier   int   // archives of the account before it
	Posts     int   // that were in no archive read before
	Flagged   Tally // posts of these, as far as they are not settled
}

// Proof is what newer archives say about what was decided.
type Proof struct {
	Removals []Removal
	Newer    []Newer // accounts of which there is more than one archive
	Standard []Progress
	All      Progress
}

// Count returns how many removals have a fate, and with one of the choices.
func (p *Proof) Count(f Fate, choices ...Choice) int {
	n := 0
	for i := range p.Removals {
		if p.Removals[i].Fate == f && (len(choices) == 0 || slices.Contains(choices, p.Removals[i].Choice)) {
			n++
		}
	}
	return n
}

// Doubtful counts the removals of which nothing can be said by the reason.
func (p *Proof) Doubtful() map[Doubt]int {
	m := map[Doubt]int{}
	for i := range p.Removals {
		if d := p.Removals[i].Doubt; d != "" {
			m[d]++
		}
	}
	return m
}

// proofOf works out what the archives prove. Of flt only ByTheme is looked at.
func proofOf(tx *sql.Tx, flt Filter) (*Proof, error) {
	pr := &prover{tx: tx, posts: map[int64]idSet{}, spans: map[spanOf][2]int64{}}
	p := &Proof{}
	var err error
	if pr.archives, err = provingArchives(tx); err != nil {
		return nil, err
	}
	if p.Removals, err = removals(tx); err != nil {
		return nil, err
	}
	for i := range p.Removals {
		if err := pr.judge(&p.Removals[i]); err != nil {
			return nil, err
		}
	}
	if p.Newer, err = pr.newer(); err != nil {
		return nil, err
	}
	return p, p.progress(tx, flt)
}

// removals reads the posts that were to be removed, in the order of accounts
// and keys.
func removals(tx *sql.Tx) ([]Removal, error) {
	rows, err := tx.Query(`SELECT d.account_id, d.post_key, d.choice, d.decided, ifnull(p.id, 0), ifnull(p.kind, ''), p.created,
		ifnull(p.archive_id, 0), ifnull(p.gone_archive, 0), ifnull(f.uid, '')
		FROM decisions d LEFT JOIN posts p ON p.account_id = d.account_id AND p.key = d.post_key
		LEFT JOIN findings f ON f.post_id = p.id AND f.theme = d.theme AND f.words_hash = d.words_hash
		WHERE d.choice IN ('remove', 'done') ORDER BY d.account_id, d.post_key, f.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Removal
	for rows.Next() {
		var r Removal
		var decided sql.NullInt64
		var gone int64
		var uid string
		if err := rows.Scan(&r.AccountID, &r.PostKey, &r.Choice, &decided, &r.PostID, &r.Kind, &r.created, &r.brought, &gone, &uid); err != nil {
			return nil, err
		}
		r.Decided = fromUnix(decided)
		if gone != 0 {
			r.Fate, r.Archive = FateGone, gone
		}
		n := len(list) - 1
		if n < 0 || list[n].AccountID != r.AccountID || list[n].PostKey != r.PostKey {
			list, n = append(list, r), n+1
		}
		at := &list[n]
		if r.Choice == ChoiceRemove {
			at.Choice = ChoiceRemove
		}
		if r.Decided.After(at.Decided) {
			at.Decided = r.Decided
		}
		if uid != "" && !slices.Contains(at.UIDs, uid) {
			at.UIDs = append(at.UIDs, uid)
		}
	}
	return list, rows.Err()
}

// proving is an archive as it bears witness about one account.
type proving struct {
	dated
	generated, imported time.Time
	whole               bool // all of it is in
	partial, incomplete bool
	messages            bool
	added               int
}

// provingArchives returns each account's archives, the oldest first.
func provingArchives(tx *sql.Tx) (map[int64][]proving, error) {
	rows, err := tx.Query(`SELECT l.account_id, r.id, r.as_of, r.generated, r.imported, r.state = 'done', r.partial, r.incomplete, r.messages, r.added, l.scopes
		FROM archives r JOIN archive_accounts l ON l.archive_id = r.id ORDER BY r.as_of, r.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	m := map[int64][]proving{}
	for rows.Next() {
		var account int64
		var a proving
		var generated, imported sql.NullInt64
		var scopes string
		err := rows.Scan(&account, &a.id, &a.asOf, &generated, &imported, &a.whole, &a.partial, &a.incomplete, &a.messages, &a.added, &scopes)
		if err != nil {
			return nil, err
		}
		if err := fromJSON(scopes, &a.scopes); err != nil {
			return nil, err
		}
		a.generated, a.imported = fromUnix(generated), fromUnix(imported)
		m[account] = append(m[account], a)
	}
	return m, rows.Err()
}

// since says whether the archive was read after a decision, and whether it can
// have been made after it too. Where an archive gives only the day on which it
// was made, the day of the decision will do.
func (a *proving) since(r *Removal) (read, made bool) {
	if a.id <= r.brought || a.imported.Before(r.Decided) {
		return false, false
	}
	decided := r.Decided
	if a.generated.Equal(a.generated.Truncate(24 * time.Hour)) {
		decided = decided.Truncate(24 * time.Hour)
	}
	return true, a.generated.IsZero() || !a.generated.Before(decided)
}

// prover looks archives up once.
type prover struct {
	tx       *sql.Tx
	archives map[int64][]proving // by account
	posts    map[int64]idSet     // by archive
	spans    map[spanOf][2]int64
}

type spanOf struct{ archive, account int64 }

// judge fills in what became of a post that is not marked as gone.
func (pr *prover) judge(r *Removal) error {
	switch {
	case r.Fate == FateGone:
		return nil
	case r.PostID == 0:
		r.Fate, r.Doubt = FateUnknown, DoubtForgotten
		return nil
	}
	r.Fate, r.Doubt = FateUnknown, DoubtNotRead
	var last *proving
	for i := range pr.archives[r.AccountID] {
		a := &pr.archives[r.AccountID][i]
		switch read, made := a.since(r); {
		case made:
			last = a
		case read && last == nil:
			r.Doubt = DoubtTooOld
		}
		if last != a {
			continue
		}
		has, err := pr.has(a.id, r.PostID)
		if err != nil {
			return err
		}
		if has {
			r.Fate, r.Archive, r.Changed = FateThere, a.id, len(r.UIDs) == 0
		}
	}
	if r.Fate == FateThere || last == nil {
		if r.Fate == FateThere {
			r.Doubt = ""
		}
		return nil
	}
	r.Archive = last.id
	var err error
	r.Doubt, err = pr.doubt(r, last)
	return err
}

// doubt says why an archive that lacks a post does not prove that it is gone.
func (pr *prover) doubt(r *Removal, a *proving) (Doubt, error) {
	span, err := pr.span(spanOf{a.id, r.AccountID})
	if err != nil {
		return "", err
	}
	outside := r.created.Valid && span != [2]int64{} && (r.created.Int64 < span[0] || r.created.Int64 > span[1])
	switch {
	case r.Kind == KindDM && !a.messages:
		return DoubtMessages, nil
	case !a.whole || a.incomplete && !outside:
		return DoubtIncomplete, nil
	case outside:
		return DoubtRange, nil
	case a.partial:
		return DoubtPartial, nil
	}
	return DoubtScope, nil
}

func (pr *prover) has(archive, post int64) (bool, error) {
	set, ok := pr.posts[archive]
	if !ok {
		list, err := sightings(pr.tx, "SELECT id, as_of FROM archives WHERE id=?", archive)
		if err != nil {
			return false, err
		}
		set = idSet{}
		for _, s := range list {
			set.union(s.posts)
		}
		pr.posts[archive] = set
	}
	return set.has(post), nil
}

// span returns the times of the first and the last text of the owner that an
// archive has of an account; zeros where it has none.
func (pr *prover) span(of spanOf) ([2]int64, error) {
	if span, ok := pr.spans[of]; ok {
		return span, nil
	}
	var first, last sql.NullInt64
	err := pr.tx.QueryRow(`SELECT min(p.created), max(p.created) FROM sightings s JOIN posts p ON p.id BETWEEN s.first_post AND s.last_post
		WHERE s.archive_id=? AND p.account_id=? AND p.own = 1`, of.archive, of.account).Scan(&first, &last)
	span := [2]int64{first.Int64, last.Int64}
	pr.spans[of] = span
	return span, err
}

// newer says what the newest archives brought.
func (pr *prover) newer() ([]Newer, error) {
	var list []Newer
	for _, account := range slices.Sorted(maps.Keys(pr.archives)) {
		archives := slices.DeleteFunc(slices.Clone(pr.archives[account]), func(a proving) bool { return !a.whole })
		if len(archives) < 2 || slices.ContainsFunc(list, func(n Newer) bool { return n.Archive == archives[len(archives)-1].id }) {
			continue // an archive of several accounts says it once
		}
		n := Newer{AccountID: account, Archive: archives[len(archives)-1].id, Earlier: len(archives) - 1}
		n.Posts = archives[len(archives)-1].added
		err := pr.tx.QueryRow(`SELECT ifnull(sum(sev = 2), 0), ifnull(sum(sev = 1), 0) FROM (SELECT
			max(CASE f.action WHEN 'remove' THEN 2 WHEN 'review' THEN 1 ELSE 0 END) AS sev FROM findings f JOIN posts p ON p.id = f.post_id `+
			joinDecisions+" WHERE p.archive_id=? AND p.gone_archive IS NULL AND "+findingConditions(Filter{Open: true}).String()+" GROUP BY p.id)", n.Archive).
			Scan(&n.Flagged.Remove, &n.Flagged.Review)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

// progressOf is what one post counts as, by standard.
type progressOf struct{ before, now, open Action }

func (o *progressOf) add(a Action, gone, settled bool) {
	o.before = worse(o.before, a)
	if !gone {
		o.now = worse(o.now, a)
		if !settled {
			o.open = worse(o.open, a)
		}
	}
}

func (p *Progress) add(o progressOf) {
	p.Before.add(o.before)
	p.Now.add(o.now)
	p.Open.add(o.open)
}

// progress counts flagged posts by standard: before, now and open.
func (p *Proof) progress(tx *sql.Tx, flt Filter) error {
	rows, err := tx.Query(`SELECT f.post_id, p.gone_archive IS NOT NULL, f.action, f.theme, f.standards, ifnull(d.choice, '')
		FROM findings f JOIN posts p ON p.id = f.post_id ` + joinDecisions +
		" WHERE f.action IN ('remove', 'review') AND " + findingConditions(Filter{}).String() + " ORDER BY f.post_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	byStandard := map[string]*Progress{}
	labels := map[string]*progressOf{}
	p.All = Progress{Label: "all"}
	count := func() {
		for label, o := range labels {
			if label == "" {
				p.All.add(*o)
				continue
			}
			if byStandard[label] == nil {
				byStandard[label] = &Progress{Label: label}
			}
			byStandard[label].add(*o)
		}
		clear(labels)
	}
	last := int64(0)
	for rows.Next() {
		var post int64
		var gone bool
		var action Action
		var theme, standards string
		var choice Choice
		if err := rows.Scan(&post, &gone, &action, &theme, &standards, &choice); err != nil {
			return err
		}
		if post != last {
			count()
			last = post
		}
		for _, label := range append(flt.standards(theme, standards), "") { // "" stands for all
			if labels[label] == nil {
				labels[label] = &progressOf{}
			}
			labels[label].add(action, gone, choice.Settles())
		}
	}
	count()
	for _, one := range byStandard {
		p.Standard = append(p.Standard, *one)
	}
	slices.SortFunc(p.Standard, func(a, b Progress) int { return compareNumbers(a.Label, b.Label) })
	return rows.Err()
}

// standards are those of a finding: the ones that are stored with it, or those
// that ByTheme gives its theme.
func (flt Filter) standards(theme, stored string) []string {
	if flt.ByTheme != nil {
		return slices.Clone(flt.ByTheme[theme])
	}
	if stored == "" {
		return nil
	}
	return strings.Split(stored, ",")
}

// underStandards asks for one of the standards of flt; column begins the
// columns' names.
func underStandards(c *conditions, flt Filter, column string) {
	if flt.ByTheme == nil || len(flt.Standards) == 0 {
		under(c, "(instr(',' || "+column+".standards || ',', ',' || ? || ',') > 0 OR instr(',' || "+column+".standards, ',' || ? || '.') > 0)", flt.Standards)
		return
	}
	themes := []string{""} // no theme: without any, nothing is asked for
	for _, theme := range slices.Sorted(maps.Keys(flt.ByTheme)) {
		if slices.ContainsFunc(flt.ByTheme[theme], func(s string) bool {
			return slices.ContainsFunc(flt.Standards, func(want string) bool {
				return strings.EqualFold(s, want) || strings.HasPrefix(s, want+".")
			})
		}) {
			themes = append(themes, theme)
		}
	}
	in(c, column+".theme", themes)
}
