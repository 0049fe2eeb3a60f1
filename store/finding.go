package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
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
	if err := s.indexForText(ctx, flt); err != nil {
		return err
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
	if ids, err = judgedIDs(tx, flt, ids); err != nil {
		return err
	}
	rd, err := newRowReader(tx, flt)
	if err != nil {
		return err
	}
	defer rd.close()
	for len(ids) > 0 {
		n := min(len(ids), rowChunk)
		rows, err := rd.read(ids[:n])
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

// indexForText brings the full-text index up to date where flt needs it: an
// import that was killed may have left it behind.
func (s *Store) indexForText(ctx context.Context, flt Filter) error {
	if flt.Text == "" || s.w == nil {
		return nil
	}
	return s.index(ctx)
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
	from := "findings f CROSS JOIN posts p ON p.id = f.post_id JOIN accounts a ON a.id = p.account_id"
	if flt.Undecided || flt.Open || len(flt.Choices) > 0 {
		from += " " + joinDecisions
	}
	of := findingConditions(flt)
	post.parts, post.args = append(post.parts, of.parts...), append(post.args, of.args...)
	query := "SELECT f.post_id, " + severity + " AS sev FROM " + from + " WHERE " + post.String() + " GROUP BY f.post_id HAVING " + group.String() + " ORDER BY " + order
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
	if len(flt.Accounts) > 0 {
		c.add("p.account_id IN (SELECT value FROM json_each(?))", idsJSON(flt.Accounts))
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

// findingConditions say which findings count at all.
func findingConditions(flt Filter) *conditions {
	c := &conditions{}
	if !flt.IncludeSilenced {
		c.add("NOT EXISTS (SELECT 1 FROM silenced z WHERE z.finding_id = f.id)")
	}
	if flt.Open {
		c.add("(d.id IS NULL OR d.choice NOT IN (" + settling + "))")
	}
	return c
}

// oneConditions are those of which a finding must meet all.
func oneConditions(flt Filter) *conditions {
	one := &conditions{}
	in(one, "f.uid", flt.UIDs)
	in(one, "f.rule", flt.Rules)
	under(one, "(f.theme = ? OR instr(f.theme, ? || '.') = 1)", flt.Themes)
	underStandards(one, flt, "f")
	in(one, "ifnull(d.choice, '')", flt.Choices)
	if flt.New {
		one.add(isNew)
	}
	return one
}

// groupConditions are those about all findings of a post: one of them must
// have what is asked for.
func groupConditions(flt Filter) *conditions {
	one, c := oneConditions(flt), &conditions{}
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

// rowReader reads flagged posts with everything that belongs to them.
type rowReader struct {
	accounts map[int64]Account
	rulesets map[int64]string
	parts    []rowPart
	rows     map[int64]*Row // by id, those that are being read
	series   map[int64]inSeries
	flt      Filter
}

// rowPart reads one part of the rows whose posts' ids it is given as JSON.
type rowPart struct {
	stmt *sql.Stmt
	scan func(rows *sql.Rows) error
}

// newRowReader leaves out what the store has none of: each part costs a look
// for every post.
func newRowReader(tx *sql.Tx, flt Filter) (*rowReader, error) {
	rd := &rowReader{rulesets: map[int64]string{}, flt: flt}
	var err error
	if rd.accounts, err = accountsByID(tx); err != nil {
		return nil, err
	}
	if err := rd.readRulesets(tx); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		table, query, order string
		scan                func(rows *sql.Rows) error
	}{
		{"posts", "SELECT " + postColumns + `, ifnull(q.text, ''), ifnull(q.own, 0), ifnull(q.author, '')
			FROM posts p LEFT JOIN posts q ON q.id = ` + parent + ` WHERE p.id`, "p.id", rd.scanPost},
		{"findings", `SELECT id, post_id, uid, rule, theme, standards, action, confidence, spans, why, advice, words_hash, ruleset_id, version_id
			FROM findings WHERE post_id`, "post_id", rd.scanFinding},
		{"decisions", `SELECT p.id, d.id, d.account_id, d.post_key, d.theme, d.words_hash, d.choice, d.reason, d.note, d.decided
			FROM posts p JOIN decisions d ON d.account_id = p.account_id AND d.post_key = p.key WHERE p.id`, "p.id", rd.scanDecision},
		{"silenced", "SELECT DISTINCT f.post_id, f.id FROM silenced z JOIN findings f ON f.id = z.finding_id WHERE f.post_id", "f.post_id", rd.scanSilenced},
		{"opinions", "SELECT " + opinionColumns + " FROM opinions WHERE post_id", "post_id, id", rd.scanOpinion},
		{"media", "SELECT post_id, member, type, url, alt FROM media WHERE post_id", "post_id, id", rd.scanMedia},
		{"versions", "SELECT post_id, id, key, text, created FROM versions WHERE (text <> '' OR created IS NOT NULL) AND post_id", "post_id, ifnull(created, 0), id", rd.scanVersion},
	} {
		var some bool
		if err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM " + part.table + ")").Scan(&some); err != nil {
			return nil, errors.Join(err, rd.close())
		}
		if !some {
			continue
		}
		st, err := tx.Prepare(part.query + " IN (SELECT value FROM json_each(?)) ORDER BY " + part.order)
		if err != nil {
			return nil, errors.Join(err, rd.close())
		}
		rd.parts = append(rd.parts, rowPart{st, part.scan})
	}
	if rd.series, err = seriesOfPosts(tx); err != nil {
		return nil, errors.Join(err, rd.close())
	}
	return rd, nil
}

func (rd *rowReader) close() error {
	var err error
	for _, p := range rd.parts {
		err = errors.Join(err, p.stmt.Close())
	}
	return err
}

func (rd *rowReader) readRulesets(tx *sql.Tx) error {
	rows, err := tx.Query("SELECT id, hash FROM rulesets")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var hash string
		if err := rows.Scan(&id, &hash); err != nil {
			return err
		}
		rd.rulesets[id] = hash
	}
	return rows.Err()
}

// read reads the posts with these ids, in this order.
func (rd *rowReader) read(ids []int64) ([]Row, error) {
	list := make([]Row, len(ids))
	rd.rows = make(map[int64]*Row, len(ids))
	for i, id := range ids {
		rd.rows[id] = &list[i]
	}
	want := idsJSON(ids)
	for _, p := range rd.parts {
		if err := p.read(want); err != nil {
			return nil, err
		}
	}
	for i := range list {
		list[i].Account = rd.accounts[list[i].Post.AccountID]
		in := rd.series[list[i].Post.ID]
		list[i].Target, list[i].Series = in.target, in.posts
		rd.settle(&list[i])
	}
	return list, nil
}

func (p rowPart) read(ids string) error {
	rows, err := p.stmt.Query(ids)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := p.scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (rd *rowReader) scanPost(rows *sql.Rows) error {
	var row Row
	p, err := scanPost(rows, &row.Answers, &row.AnswersOwn, &row.AnswersAuthor)
	if err != nil {
		return err
	}
	row.Post = p
	*rd.rows[p.ID] = row
	return nil
}

func (rd *rowReader) scanFinding(rows *sql.Rows) error {
	var f Finding
	var standards, spans string
	var ruleset int64
	var version sql.NullInt64
	err := rows.Scan(&f.ID, &f.PostID, &f.UID, &f.Rule, &f.Theme, &standards, &f.Action, &f.Confidence, &spans, &f.Why, &f.Advice, &f.WordsHash, &ruleset, &version)
	if err != nil {
		return err
	}
	f.Standards = rd.flt.standards(f.Theme, standards)
	f.Spans, f.Ruleset = parseSpans(spans), rd.rulesets[ruleset]
	if version.Valid {
		f.Earlier, f.EarlierSpans, f.Spans = &Version{ID: version.Int64}, f.Spans, nil
	}
	row := rd.rows[f.PostID]
	i, _ := slices.BinarySearchFunc(row.Findings, f, compareFindings)
	row.Findings = slices.Insert(row.Findings, i, f)
	return nil
}

// scanDecision comes after the findings and gives them what was decided.
func (rd *rowReader) scanDecision(rows *sql.Rows) error {
	var d Decision
	var post int64
	var decided sql.NullInt64
	if err := rows.Scan(&post, &d.ID, &d.AccountID, &d.PostKey, &d.Theme, &d.WordsHash, &d.Choice, &d.Reason, &d.Note, &decided); err != nil {
		return err
	}
	d.Decided = fromUnix(decided)
	row := rd.rows[post]
	for i := range row.Findings {
		if f := &row.Findings[i]; f.Theme == d.Theme && f.WordsHash == d.WordsHash {
			f.Choice, f.Decision = d.Choice, &d
		}
	}
	return nil
}

func (rd *rowReader) scanSilenced(rows *sql.Rows) error {
	var post, id int64
	if err := rows.Scan(&post, &id); err != nil {
		return err
	}
	for i := range rd.rows[post].Findings {
		if f := &rd.rows[post].Findings[i]; f.ID == id {
			f.Silenced = true
		}
	}
	return nil
}

// parseSpans reads [{"start":0,"end":12}]: its numbers, two by two.
func parseSpans(text string) []Span {
	var list []Span
	start, second := 0, false
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < '0' || r > '9' }) {
		n, err := strconv.Atoi(field)
		if err != nil {
			return list
		}
		if second {
			list = append(list, Span{start, n})
		}
		start, second = n, !second
	}
	return list
}

// compareFindings puts the most serious finding first.
func compareFindings(a, b Finding) int {
	rank := func(f Finding) int { return slices.Index([]Action{ActionRemove, ActionReview, ActionNone}, f.Action) }
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.ID, b.ID))
}

// settle leaves out the findings that were not asked for and gives the row
// the decision about the first one, unless one that asks for an action has
// none.
func (rd *rowReader) settle(r *Row) {
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool {
		return f.Silenced && !rd.flt.IncludeSilenced || f.Choice.Settles() && rd.flt.Open
	})
	for i := range r.Findings {
		if r.Findings[i].Decision == nil && r.Findings[i].Action != ActionNone {
			return
		}
	}
	if len(r.Findings) > 0 {
		r.Decision = r.Findings[0].Decision
	}
}

func (rd *rowReader) scanMedia(rows *sql.Rows) error {
	var m Media
	var post int64
	if err := rows.Scan(&post, &m.Member, &m.Type, &m.URL, &m.Alt); err != nil {
		return err
	}
	rd.rows[post].Post.Media = append(rd.rows[post].Post.Media, m)
	return nil
}

func (rd *rowReader) scanVersion(rows *sql.Rows) error {
	var v Version
	var post int64
	var created sql.NullInt64
	if err := rows.Scan(&post, &v.ID, &v.Key, &v.Text, &created); err != nil {
		return err
	}
	v.Created = fromUnix(created)
	row := rd.rows[post]
	row.Post.Versions = append(row.Post.Versions, v)
	for i := range row.Findings {
		if f := &row.Findings[i]; f.Earlier != nil && f.Earlier.ID == v.ID {
			f.Earlier = &v
		}
	}
	return nil
}
