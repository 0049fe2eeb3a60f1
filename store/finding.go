package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"
)

// rowChunk is how many flagged posts are held at once while they are read.
const rowChunk = 256

// severity orders posts: remove before review, then by confidence.
const severity = "max(f.confidence + CASE f.action WHEN 'remove' THEN 4 WHEN 'review' THEN 2 ELSE 0 END)"

// Findings returns the flagged posts that flt chooses, each with all of its
// findings: the most serious first, then the newest. It is the one query
// behind every report and list. Only ids are held, so that memory does not
// grow with the texts; what is written meanwhile does not show.
func (s *Store) Findings(ctx context.Context, flt Filter) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := s.eachRow(ctx, flt, yield); err != nil {
			yield(Row{}, explain("reading the findings", err))
		}
	}
}

func (s *Store) eachRow(ctx context.Context, flt Filter, yield func(Row, error) bool) error {
	if flt.Text != "" && s.w != nil {
		// An import that was killed may have left the index behind.
		if err := s.index(ctx); err != nil {
			return err
		}
	}
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback() // it only reads
	ids, err := flaggedIDs(tx, flt)
	if err != nil {
		return err
	}
	accounts, err := accountsByID(tx)
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		n := min(len(ids), rowChunk)
		rows, err := readRows(tx, ids[:n], accounts)
		if err != nil {
			return err
		}
		for i := range rows {
			if !yield(rows[i], nil) {
				return nil
			}
		}
		ids = ids[n:]
	}
	return nil
}

// conditions collects the parts of a WHERE clause.
type conditions struct {
	parts []string
	args  []any
}

func (c *conditions) add(part string, args ...any) {
	c.parts = append(c.parts, part)
	c.args = append(c.args, args...)
}

func (c *conditions) String() string {
	if len(c.parts) == 0 {
		return "1"
	}
	return strings.Join(c.parts, " AND ")
}

// in asks for one of values; no values ask for nothing.
func in[T ~string](c *conditions, column string, values []T) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	c.add(column+" IN ("+placeholders(len(values))+")", args...)
}

// under asks for one of values or what is below it: "5" for "5.1". expr holds
// two %s for the value and the value with its dot.
func under(c *conditions, expr string, values []string) {
	var parts []string
	var args []any
	for _, v := range values {
		parts = append(parts, expr)
		args = append(args, v, v)
	}
	if len(parts) > 0 {
		c.add("("+strings.Join(parts, " OR ")+")", args...)
	}
}

// flaggedIDs returns the ids of the posts that flt chooses, in order.
func flaggedIDs(tx *sql.Tx, flt Filter) ([]int64, error) {
	post, group := postConditions(flt), groupConditions(flt)
	order := "sev DESC, p.created DESC NULLS LAST, p.id"
	if flt.OrderByDate {
		order = "p.created DESC NULLS LAST, p.id"
	}
	query := "SELECT f.post_id, " + severity + " AS sev FROM findings f CROSS JOIN posts p ON p.id = f.post_id JOIN accounts a ON a.id = p.account_id" +
		" LEFT JOIN decisions d ON d.account_id = p.account_id AND d.post_key = p.key AND d.theme = f.theme AND d.words_hash = f.words_hash" +
		" WHERE " + post.String() + " GROUP BY f.post_id HAVING " + group.String() + " ORDER BY " + order
	if flt.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", flt.Limit)
	}
	rows, err := tx.Query(query, append(post.args, group.args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	var sev float64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id, &sev); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// postConditions are those about the post.
func postConditions(flt Filter) *conditions {
	c := &conditions{}
	in(c, "a.platform", flt.Platforms)
	in(c, "p.kind", flt.Kinds)
	if !flt.Since.IsZero() {
		c.add("p.created >= ?", flt.Since.Unix())
	}
	if !flt.Until.IsZero() {
		c.add("p.created < ?", flt.Until.Unix())
	}
	if flt.AccountID != 0 {
		c.add("p.account_id = ?", flt.AccountID)
	}
	if flt.PostKey != "" {
		c.add("p.key = ?", flt.PostKey)
	}
	if !flt.IncludeGone {
		c.add("p.gone_archive IS NULL")
	}
	match, plain := matchQuery(flt.Text)
	if match != "" {
		c.add("p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)", match)
	}
	for _, s := range plain {
		c.add("instr(p.text, ?) > 0", s)
	}
	return c
}

// groupConditions are those about all findings of a post: one of them must
// have what is asked for.
func groupConditions(flt Filter) *conditions {
	one := &conditions{}
	in(one, "f.uid", flt.UIDs)
	in(one, "f.rule", flt.Rules)
	under(one, "(f.theme = ? OR instr(f.theme, ? || '.') = 1)", flt.Themes)
	under(one, "(instr(',' || f.standards || ',', ',' || ? || ',') > 0 OR instr(',' || f.standards, ',' || ? || '.') > 0)", flt.Standards)
	c := &conditions{}
	if len(one.parts) > 0 {
		c.add("max("+one.String()+")", one.args...)
	}
	var acts []string
	for _, a := range flt.Actions {
		switch a {
		case ActionRemove:
			acts = append(acts, "sev >= 4")
		case ActionReview:
			acts = append(acts, "sev BETWEEN 2 AND 3.5")
		case ActionNone:
			acts = append(acts, "sev < 2")
		}
	}
	if len(flt.Actions) == 0 {
		acts = []string{"sev >= 2"}
	}
	c.add("(" + strings.Join(append(acts, "0"), " OR ") + ")")
	if flt.Undecided {
		c.add("max(d.id IS NULL AND f.action <> 'none')")
	}
	return c
}

func accountsByID(tx *sql.Tx) (map[int64]Account, error) {
	rows, err := tx.Query("SELECT " + accountColumns + " FROM accounts a")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[int64]Account{}
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, err
		}
		list[a.ID] = a
	}
	return list, rows.Err()
}

// readRows reads the posts with these ids, in this order, with everything
// that belongs to them.
func readRows(tx *sql.Tx, ids []int64, accounts map[int64]Account) ([]Row, error) {
	list := make([]Row, len(ids))
	at := make(map[int64]*Row, len(ids))
	for i, id := range ids {
		at[id] = &list[i]
	}
	want := idsJSON(ids)
	for _, read := range []func(*sql.Tx, string, map[int64]*Row) error{readPosts, readFindings, readAllMedia, readAllVersions} {
		if err := read(tx, want, at); err != nil {
			return nil, err
		}
	}
	for i := range list {
		list[i].Account = accounts[list[i].Post.AccountID]
		decide(&list[i])
	}
	return list, nil
}

// chosen is what the queries of readRows join with.
const chosen = " IN (SELECT value FROM json_each(?))"

func readPosts(tx *sql.Tx, ids string, at map[int64]*Row) error {
	rows, err := tx.Query("SELECT "+postColumns+`, ifnull((SELECT q.text FROM posts q WHERE q.account_id = p.account_id AND q.key = p.reply_to
		AND p.reply_to <> ''), '') FROM posts p WHERE p.id`+chosen, ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var answers string
		p, err := scanPost(rows, &answers)
		if err != nil {
			return err
		}
		at[p.ID].Post, at[p.ID].Answers = p, answers
	}
	return rows.Err()
}

func readFindings(tx *sql.Tx, ids string, at map[int64]*Row) error {
	rows, err := tx.Query(`SELECT f.id, f.post_id, f.uid, f.rule, f.theme, f.standards, f.action, f.confidence, f.spans, f.why, f.advice,
		f.words_hash, r.hash, d.id, d.account_id, d.post_key, d.choice, d.note, d.decided
		FROM findings f JOIN rulesets r ON r.id = f.ruleset_id JOIN posts p ON p.id = f.post_id
		LEFT JOIN decisions d ON d.account_id = p.account_id AND d.post_key = p.key AND d.theme = f.theme AND d.words_hash = f.words_hash
		WHERE f.post_id`+chosen+` ORDER BY f.post_id, CASE f.action WHEN 'remove' THEN 0 WHEN 'review' THEN 1 ELSE 2 END, f.confidence DESC, f.rule, f.id`, ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f Finding
		var standards, spans string
		var id, account, decided sql.NullInt64
		var key, choice, note sql.NullString
		err := rows.Scan(&f.ID, &f.PostID, &f.UID, &f.Rule, &f.Theme, &standards, &f.Action, &f.Confidence, &spans, &f.Why, &f.Advice,
			&f.WordsHash, &f.Ruleset, &id, &account, &key, &choice, &note, &decided)
		if err != nil {
			return err
		}
		if standards != "" {
			f.Standards = strings.Split(standards, ",")
		}
		if err := fromJSON(spans, &f.Spans); err != nil {
			return err
		}
		row := at[f.PostID]
		if id.Valid {
			f.Choice = Choice(choice.String)
			if len(row.Findings) == 0 {
				row.Decision = &Decision{ID: id.Int64, AccountID: account.Int64, PostKey: key.String, Theme: f.Theme, WordsHash: f.WordsHash,
					Choice: f.Choice, Note: note.String, Decided: fromUnix(decided)}
			}
		}
		row.Findings = append(row.Findings, f)
	}
	return rows.Err()
}

// decide takes the row's decision away when one of its findings that ask for
// an action has none.
func decide(r *Row) {
	for i := range r.Findings {
		if r.Findings[i].Choice == "" && r.Findings[i].Action != ActionNone {
			r.Decision = nil
		}
	}
}

func readAllMedia(tx *sql.Tx, ids string, at map[int64]*Row) error {
	rows, err := tx.Query("SELECT post_id, member, type, url, alt FROM media WHERE post_id"+chosen+" ORDER BY id", ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m Media
		var post int64
		if err := rows.Scan(&post, &m.Member, &m.Type, &m.URL, &m.Alt); err != nil {
			return err
		}
		at[post].Post.Media = append(at[post].Post.Media, m)
	}
	return rows.Err()
}

func readAllVersions(tx *sql.Tx, ids string, at map[int64]*Row) error {
	rows, err := tx.Query("SELECT post_id, key, text, created FROM versions WHERE post_id"+chosen+" ORDER BY ifnull(created, 0), id", ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v Version
		var post int64
		var created sql.NullInt64
		if err := rows.Scan(&post, &v.Key, &v.Text, &created); err != nil {
			return err
		}
		v.Created = fromUnix(created)
		at[post].Post.Versions = append(at[post].Post.Versions, v)
	}
	return rows.Err()
}
