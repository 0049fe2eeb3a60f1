package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Target is a finding that can be decided about, with what was decided. Rules
// that flag the same words of a post for one theme are one target.
type Target struct {
	Decision         // ID is 0 while nothing was decided
	UID       string // of the finding
	PostID    int64
	Platform  string
	Kind      Kind
	Standards []string
	Action    Action
	Gone      bool // a newer archive no longer has the post
}

// With returns the decision c about the target.
func (t Target) With(c Choice, reason, note string) Decision {
	return Decision{AccountID: t.AccountID, PostKey: t.PostKey, Theme: t.Theme, WordsHash: t.WordsHash, Choice: c, Reason: reason, Note: note}
}

// TargetCounts says what a decision about several findings would touch.
type TargetCounts struct {
	Findings int
	Posts    int
	Standard []Count // Posts counts findings here
	Theme    []Count
	Platform []Count
	Choice   []Count // label "" for those that were not decided
}

// CountTargets adds targets up.
func CountTargets(list []Target) TargetCounts {
	c := TargetCounts{Findings: len(list)}
	posts := map[int64]bool{}
	standard, theme, platform, choice := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, t := range list {
		posts[t.PostID] = true
		for _, s := range t.Standards {
			standard[s]++
		}
		theme[t.Theme]++
		platform[t.Platform]++
		choice[string(t.Choice)]++
	}
	c.Posts = len(posts)
	c.Standard, c.Theme, c.Platform, c.Choice = countList(standard), countList(theme), countList(platform), countList(choice)
	return c
}

func countList(m map[string]int) []Count {
	var list []Count
	for _, l := range slices.SortedFunc(maps.Keys(m), compareNumbers) {
		list = append(list, Count{l, m[l]})
	}
	return list
}

const targetColumns = `f.uid, f.post_id, a.platform, p.kind, f.standards, f.action, p.gone_archive IS NOT NULL,
	p.account_id, p.key, f.theme, f.words_hash, ifnull(d.id, 0), ifnull(d.choice, ''), ifnull(d.reason, ''), ifnull(d.note, ''), d.decided
	FROM findings f JOIN posts p ON p.id = f.post_id JOIN accounts a ON a.id = p.account_id ` + joinDecisions

const joinDecisions = "LEFT JOIN decisions d ON d.account_id = p.account_id AND d.post_key = p.key AND d.theme = f.theme AND d.words_hash = f.words_hash"

// Targets returns the findings that flt chooses: of the posts that it chooses
// those that have the standards, themes, rules and ids asked for. With whole
// it returns all findings of these posts, as for a post that is removed.
func (s *Store) Targets(ctx context.Context, flt Filter, whole bool) ([]Target, error) {
	if err := s.indexForText(ctx, flt); err != nil {
		return nil, explain("reading the findings", err)
	}
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return nil, explain("reading the findings", err)
	}
	defer tx.Rollback() // it only reads
	ids, err := flaggedIDs(tx, flt)
	if err != nil {
		return nil, explain("reading the findings", err)
	}
	c := findingConditions(flt)
	if !whole {
		one := oneConditions(flt)
		c.parts, c.args = append(c.parts, one.parts...), append(c.args, one.args...)
	}
	if !slices.Contains(flt.Actions, ActionNone) {
		c.add("f.action <> 'none'")
	}
	var list []Target
	for len(ids) > 0 {
		n := min(len(ids), rowChunk)
		found, err := readTargets(tx, c.String()+" AND f.post_id IN (SELECT value FROM json_each(?)) ORDER BY f.post_id, f.id",
			append(slices.Clone(c.args), idsJSON(ids[:n]))...)
		if err != nil {
			return nil, explain("reading the findings", err)
		}
		for i := range found {
			found[i].Standards = flt.standards(found[i].Theme, strings.Join(found[i].Standards, ","))
		}
		list, ids = append(list, found...), ids[n:]
	}
	return list, nil
}

// readTargets reads targets, each once.
func readTargets(db rowsReader, where string, args ...any) ([]Target, error) {
	rows, err := db.Query("SELECT "+targetColumns+" WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Target
	at := map[string]int{}
	for rows.Next() {
		var t Target
		var standards string
		var decided sql.NullInt64
		err := rows.Scan(&t.UID, &t.PostID, &t.Platform, &t.Kind, &standards, &t.Action, &t.Gone,
			&t.AccountID, &t.PostKey, &t.Theme, &t.WordsHash, &t.ID, &t.Choice, &t.Reason, &t.Note, &decided)
		if err != nil {
			return nil, err
		}
		if standards != "" {
			t.Standards = strings.Split(standards, ",")
		}
		t.Decided = fromUnix(decided)
		if i, ok := at[t.UID]; ok {
			list[i].Action = worse(list[i].Action, t.Action)
			continue
		}
		at[t.UID] = len(list)
		list = append(list, t)
	}
	return list, rows.Err()
}

// Target returns the finding with this id, or the only one whose id begins so.
// The error is ErrNotFound or ErrAmbiguous.
func (s *Store) Target(ctx context.Context, id string) (Target, error) {
	want := strings.ToLower(strings.TrimLeft(strings.TrimSpace(id), "#"))
	if want == "" || strings.ContainsFunc(want, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '2' || r > '7') }) {
		return Target{}, &HintError{Err: fmt.Errorf("%q is not the id of a finding: %w", id, ErrNotFound),
			Hint: "ids are letters and digits, as `lookback list` shows them behind a #"}
	}
	list, err := readTargets(ctxReader{ctx, s.r}, "f.uid >= ? AND f.uid < ? ORDER BY f.uid LIMIT 50", want, want+"~")
	switch {
	case err != nil:
		return Target{}, explain("reading the findings", err)
	case len(list) == 0:
		return Target{}, notFound(want)
	case len(list) == 1 || list[0].UID == want:
		return list[0], nil
	}
	var names []string
	for _, t := range list[:min(len(list), 4)] {
		names = append(names, t.UID)
	}
	if len(list) > len(names) {
		names = append(names, "…")
	}
	return Target{}, &HintError{Err: fmt.Errorf("%q: %w: %s", want, ErrAmbiguous, strings.Join(names, ", ")), Hint: "give more of its letters"}
}

type rowsReader interface {
	Query(query string, args ...any) (*sql.Rows, error)
}

// ctxReader binds a database to a context.
type ctxReader struct {
	ctx context.Context
	db  *sql.DB
}

func (q ctxReader) Query(query string, args ...any) (*sql.Rows, error) {
	return q.db.QueryContext(q.ctx, query, args...)
}

// TargetList returns the findings with these ids, each once. What is wrong with
// any of the ids is joined into one error.
func (s *Store) TargetList(ctx context.Context, ids []string) ([]Target, error) {
	var list []Target
	var errs []error
	var hint string
	seen := map[string]bool{}
	for _, id := range ids {
		t, err := s.Target(ctx, id)
		if he := (*HintError)(nil); errors.As(err, &he) {
			err, hint = he.Err, cmp.Or(hint, he.Hint)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !seen[t.UID] {
			seen[t.UID] = true
			list = append(list, t)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, &HintError{Err: err, Hint: hint}
	}
	return list, nil
}

// SameWords returns the findings with the same flagged words for the same
// theme in other posts, for one decision about all of them.
func (s *Store) SameWords(ctx context.Context, t Target) ([]Target, error) {
	list, err := readTargets(ctxReader{ctx, s.r}, `f.theme = ? AND f.words_hash = ? AND f.uid <> ? AND p.gone_archive IS NULL
		AND f.action <> 'none' ORDER BY f.post_id, f.id`, t.Theme, t.WordsHash, t.UID)
	return list, explain("reading the findings", err)
}
