package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// Mark is what a scan notes of a post beside its findings, as bits.
type Mark uint8

// The marks.
const (
	// MarkSays: the post says that its author works or trains in health or care.
	MarkSays Mark = 1 << iota
	// MarkDepends: the post would be judged differently if that were known, or
	// were not.
	MarkDepends
	// MarkProfessional: it was judged as by somebody who does.
	MarkProfessional
	// MarkApproves: a short answer, or comment on shared words, that approves.
	MarkApproves
	// MarkCondemns: one that condemns.
	MarkCondemns
)

func putMarks(tx *sql.Tx, batch []Scanned) error {
	var put *sql.Stmt
	for i := range batch {
		if batch[i].Marks == 0 {
			continue
		}
		if put == nil {
			var err error
			if put, err = tx.Prepare("UPDATE scanned SET marks=? WHERE post_id=?"); err != nil {
				return err
			}
			defer put.Close()
		}
		if _, err := put.Exec(int64(batch[i].Marks), batch[i].PostID); err != nil {
			return err
		}
	}
	return nil
}

// withVersions gives the posts of each batch their earlier texts.
func (s *Store) withVersions(ctx context.Context, yield func([]Post, error) bool) func([]Post, error) bool {
	return func(batch []Post, err error) bool {
		if err == nil {
			err = explain("reading earlier texts", s.readEarlier(ctx, batch))
		}
		if err != nil {
			yield(nil, err)
			return false
		}
		return yield(batch, nil)
	}
}

func (s *Store) readEarlier(ctx context.Context, batch []Post) error {
	if len(batch) == 0 {
		return nil
	}
	rows, err := s.r.QueryContext(ctx, `SELECT id, post_id, key, text, created FROM versions
		WHERE post_id BETWEEN ? AND ? AND text <> '' ORDER BY post_id, ifnull(created, 0), id`, batch[0].ID, batch[len(batch)-1].ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v Version
		var post int64
		var created sql.NullInt64
		if err := rows.Scan(&v.ID, &post, &v.Key, &v.Text, &created); err != nil {
			return err
		}
		v.Created = fromUnix(created)
		i, ok := slices.BinarySearchFunc(batch, post, func(p Post, id int64) int { return int(p.ID - id) })
		if ok && batch[i].Text != v.Text {
			batch[i].Versions = append(batch[i].Versions, v)
		}
	}
	return rows.Err()
}

// Says counts for each account the posts scanned with these rules that say
// their author works or trains in health or care.
func (s *Store) Says(ctx context.Context, ruleset string) (map[int64]int, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT p.account_id, count(*) FROM scanned c CROSS JOIN posts p ON p.id = c.post_id
		WHERE c.ruleset_id = (SELECT id FROM rulesets WHERE hash=?) AND c.marks & ? <> 0 AND p.own = 1 GROUP BY 1`, ruleset, int64(MarkSays))
	if err != nil {
		return nil, explain("reading who the authors are", err)
	}
	defer rows.Close()
	says := map[int64]int{}
	for rows.Next() {
		var account int64
		var n int
		if err := rows.Scan(&account, &n); err != nil {
			return nil, explain("reading who the authors are", err)
		}
		says[account] = n
	}
	return says, explain("reading who the authors are", rows.Err())
}

// Again returns, as Unscanned does, the posts scanned with these rules that
// were judged as by a professional and are not by one of these accounts, or
// the other way round, where that makes a difference.
func (s *Store) Again(ctx context.Context, ruleset string, professionals []int64) iter.Seq2[[]Post, error] {
	return func(yield func([]Post, error) bool) {
		s.batches(ctx, fmt.Sprintf("SELECT "+packedPost+` FROM scanned c CROSS JOIN posts p ON p.id = c.post_id
			WHERE c.ruleset_id = (SELECT id FROM rulesets WHERE hash = ?) AND c.marks & %d <> 0
			AND (c.marks & %d <> 0) <> (p.account_id IN (SELECT value FROM json_each(?))) AND c.post_id > ? ORDER BY c.post_id LIMIT ?`,
			MarkDepends, MarkProfessional), ruleset, idsJSON(professionals))(s.withVersions(ctx, yield))
	}
}

// parent is the id of the post that p answers or quotes, where the same
// account's archives have it: one of its own, or one that was liked or shared.
// X names posts by number in keys and in addresses alike. The plus sign keeps
// SQLite from going through all posts of the account instead of posts_others.
const parent = `coalesce(
	(SELECT x.id FROM posts x WHERE p.reply_to <> '' AND x.account_id = p.account_id AND x.key = p.reply_to),
	(SELECT x.id FROM posts x WHERE instr(p.reply_to || p.quoted, '/status/') + instr(p.reply_to, 'tweet:') > 0 AND x.account_id = p.account_id AND x.key IN (
		'like:' || substr(p.reply_to, instr(p.reply_to, '/status/') + 8), 'like:' || substr(p.reply_to, 7), 'tweet:' || substr(p.quoted, instr(p.quoted, '/status/') + 8),
		'like:' || substr(p.quoted, instr(p.quoted, '/status/') + 8)) AND x.id <> p.id ORDER BY x.id LIMIT 1),
	(SELECT x.id FROM posts x WHERE p.reply_to || p.quoted <> '' AND x.own = 0 AND x.url <> '' AND x.url IN (p.reply_to, p.quoted)
		AND +x.account_id = p.account_id ORDER BY x.id LIMIT 1))`

// Suspect is a flagged post as the search for targets sees it.
type Suspect struct {
	Post
	Handle, Name string    // of the account
	Findings     []Finding // of the present text, as they are without other posts
}

// Suspects returns the posts that are there with findings under these themes,
// "hate" for all of hate, by id. Only these findings come with them.
func (s *Store) Suspects(ctx context.Context, themes []string) ([]Suspect, error) {
	c := &conditions{}
	c.add("p.gone_archive IS NULL AND f.version_id IS NULL AND f.alone <> 'none'")
	under(c, "(f.theme = ? OR instr(f.theme, ? || '.') = 1)", themes)
	rows, err := s.r.QueryContext(ctx, `SELECT p.id, p.account_id, p.kind, p.own, p.author, p.created, p.precision, p.text, p.reply_to_author, a.handle, a.name, `+aloneColumns+`
		FROM findings f CROSS JOIN posts p ON p.id = f.post_id JOIN accounts a ON a.id = p.account_id WHERE `+c.String()+" ORDER BY p.id, f.id", c.args...)
	if err != nil {
		return nil, explain("reading the findings", err)
	}
	defer rows.Close()
	var list []Suspect
	for rows.Next() {
		var x Suspect
		var created sql.NullInt64
		var f aloneFinding
		err := rows.Scan(append([]any{&x.ID, &x.AccountID, &x.Kind, &x.Own, &x.Author, &created, &x.Precision, &x.Text, &x.ReplyToAuthor, &x.Handle, &x.Name}, f.into()...)...)
		if err != nil {
			return nil, explain("reading the findings", err)
		}
		x.Created = fromUnix(created)
		if n := len(list); n == 0 || list[n-1].ID != x.ID {
			list = append(list, x)
		}
		last := &list[len(list)-1]
		last.Findings = append(last.Findings, f.finding(x.ID))
	}
	return list, explain("reading the findings", rows.Err())
}

// Echo is a post by the owner that approves or condemns what it answers.
type Echo struct {
	Post   Post // ID, AccountID, Kind and Text
	Marks  Mark
	Parent Suspect // what it answers, with all findings as they are without other posts
}

// Echoes returns the answers and comments that were marked as approving or
// condemning and whose parent is in the store and flagged, by id.
func (s *Store) Echoes(ctx context.Context, ruleset string) ([]Echo, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT p.id, p.account_id, p.kind, p.text, c.marks, q.id, q.kind, q.own, q.author, `+aloneColumns+`
		FROM scanned c CROSS JOIN posts p ON p.id = c.post_id CROSS JOIN posts q ON q.id = `+parent+` CROSS JOIN findings f ON f.post_id = q.id
		WHERE c.ruleset_id = (SELECT id FROM rulesets WHERE hash=?) AND c.marks & ? <> 0 AND p.gone_archive IS NULL
		AND f.version_id IS NULL AND f.alone <> 'none' ORDER BY p.id, f.id`, ruleset, int64(MarkApproves|MarkCondemns))
	if err != nil {
		return nil, explain("reading what was answered", err)
	}
	defer rows.Close()
	var list []Echo
	for rows.Next() {
		var x Echo
		var f aloneFinding
		err := rows.Scan(append([]any{&x.Post.ID, &x.Post.AccountID, &x.Post.Kind, &x.Post.Text, &x.Marks, &x.Parent.ID, &x.Parent.Kind,
			&x.Parent.Own, &x.Parent.Author}, f.into()...)...)
		if err != nil {
			return nil, explain("reading what was answered", err)
		}
		if n := len(list); n == 0 || list[n-1].Post.ID != x.Post.ID {
			list = append(list, x)
		}
		last := &list[len(list)-1]
		last.Parent.Findings = append(last.Parent.Findings, f.finding(last.Parent.ID))
	}
	return list, explain("reading what was answered", rows.Err())
}

const aloneColumns = "f.id, f.rule, f.theme, f.action, f.confidence, f.why, f.spans, f.alone"

// aloneFinding reads a finding as it is without other posts.
type aloneFinding struct {
	f            Finding
	spans, alone string
}

// alone is what is kept of a finding that other posts changed.
type alone struct {
	Action     Action  `json:"action"`
	Confidence float64 `json:"confidence"`
	Why        string  `json:"why"`
}

func (a *aloneFinding) into() []any {
	return []any{&a.f.ID, &a.f.Rule, &a.f.Theme, &a.f.Action, &a.f.Confidence, &a.f.Why, &a.spans, &a.alone}
}

func (a *aloneFinding) finding(post int64) Finding {
	f := a.f
	f.PostID, f.Spans = post, parseSpans(a.spans)
	var was alone
	if a.alone != "" && json.Unmarshal([]byte(a.alone), &was) == nil {
		f.Action, f.Confidence, f.Why = was.Action, was.Confidence, was.Why
	}
	return f
}

// Context is what looking at posts together adds to what was found in each.
type Context struct {
	Targets []PostTarget
	Changed []Finding // findings, by ID, with another Action, Confidence and Why than they have alone
	Added   []Finding // findings that a post has only beside others
}

// PostTarget says against whom or what a post is directed.
type PostTarget struct {
	PostID             int64
	Family, Kind, Name string
}

// PutContext puts c in the place of what was stored before, in one
// transaction. What is the same stays as it is, so that its ids last.
func (s *Store) PutContext(ctx context.Context, ruleset string, c Context) error {
	return s.write(ctx, "storing what posts are together", func(tx *sql.Tx) error {
		if err := putTargets(tx, c.Targets); err != nil {
			return err
		}
		if err := putChanged(tx, c.Changed); err != nil {
			return err
		}
		return s.putAdded(tx, ruleset, c.Added)
	})
}

func putTargets(tx *sql.Tx, list []PostTarget) error {
	old := map[PostTarget]bool{}
	rows, err := tx.Query("SELECT post_id, family, kind, name FROM targets")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t PostTarget
		if err := rows.Scan(&t.PostID, &t.Family, &t.Kind, &t.Name); err != nil {
			return err
		}
		old[t] = true
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, t := range list {
		if old[t] {
			delete(old, t)
			continue
		}
		if _, err := tx.Exec("INSERT OR IGNORE INTO targets VALUES(?,?,?,?)", t.PostID, t.Family, t.Kind, t.Name); err != nil {
			return err
		}
	}
	for t := range old {
		if _, err := tx.Exec("DELETE FROM targets WHERE post_id=? AND family=? AND kind=? AND name=?", t.PostID, t.Family, t.Kind, t.Name); err != nil {
			return err
		}
	}
	return nil
}

// putChanged changes findings, and undoes earlier changes that are not asked
// for any more.
func putChanged(tx *sql.Tx, list []Finding) error {
	want := map[int64]Finding{}
	for _, f := range list {
		want[f.ID] = f
	}
	rows, err := tx.Query("SELECT " + aloneColumns + ", f.post_id FROM findings f WHERE f.alone NOT IN ('', 'none')")
	if err != nil {
		return err
	}
	defer rows.Close()
	var back []Finding
	for rows.Next() {
		var f aloneFinding
		var post int64
		if err := rows.Scan(append(f.into(), &post)...); err != nil {
			return err
		}
		if w, ok := want[f.f.ID]; ok && w.Action == f.f.Action && w.Confidence == f.f.Confidence && w.Why == f.f.Why {
			delete(want, w.ID)
			continue
		}
		back = append(back, f.finding(post))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, f := range back {
		if _, err := tx.Exec("UPDATE findings SET action=?, confidence=?, why=?, alone='' WHERE id=?", string(f.Action), f.Confidence, f.Why, f.ID); err != nil {
			return err
		}
	}
	for _, f := range list {
		if _, ok := want[f.ID]; !ok {
			continue
		}
		_, err := tx.Exec(`UPDATE findings SET alone=json_object('action', action, 'confidence', confidence, 'why', why),
			action=?, confidence=?, why=? WHERE id=?`, string(f.Action), f.Confidence, f.Why, f.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// beside is what tells one added finding from another.
type beside struct {
	post             int64
	rule, theme, why string
	action           Action
	confidence       float64
	spans            string
}

func (s *Store) putAdded(tx *sql.Tx, ruleset string, list []Finding) error {
	old := map[beside]int64{}
	rows, err := tx.Query("SELECT id, post_id, rule, theme, why, action, confidence, spans FROM findings WHERE alone='none'")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var b beside
		var id int64
		if err := rows.Scan(&id, &b.post, &b.rule, &b.theme, &b.why, &b.action, &b.confidence, &b.spans); err != nil {
			return err
		}
		old[b] = id
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var fresh []Scanned
	for _, f := range list {
		b := beside{f.PostID, f.Rule, f.Theme, f.Why, f.Action, f.Confidence, toJSON(f.Spans)}
		if _, ok := old[b]; ok {
			delete(old, b)
			continue
		}
		fresh = append(fresh, Scanned{PostID: f.PostID, Findings: []Finding{f}})
	}
	for _, id := range old {
		if _, err := tx.Exec("DELETE FROM findings WHERE id=?", id); err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	id, err := s.useRuleset(tx, ruleset)
	if err != nil {
		return err
	}
	return putFindings(tx, id, fresh, "none")
}

// month names the month of a time for people and programs: "2019-03".
func month(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01")
}

// targetName is how reports show a target.
func targetName(kind, name string) string {
	if kind == TargetHandle {
		return "@" + name
	}
	return strings.TrimSpace(name)
}
