package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"
)

// Opinion is what a judge said of one post: a language model that the person
// runs and asked for a second opinion. It stands beside the findings and never
// changes them.
type Opinion struct {
	PostID     int64
	Request    string // hash of all that was asked; see Reuse
	Model      string
	Action     Action   // none, review or remove
	Theme      string   // empty where Action is none
	Standards  []string // the theme's
	Confidence float64  // 0 to 1, as the judge puts it
	Spans      []Span   // in order, not overlapping: the words that it quoted
	Why        string   // in the judge's words
	Given      time.Time
}

// Flags says whether the judge would act.
func (o *Opinion) Flags() bool {
	return o != nil && (o.Action == ActionReview || o.Action == ActionRemove)
}

// OpinionSummary counts the posts of which a judge gave an opinion. None of
// them is in another count of the Summary because of it.
type OpinionSummary struct {
	Models  []string // sorted
	Posts   int
	Flagged int // of them, those with findings
	Upheld  int // of those, the ones where the judge would act too
	Only    int // posts that only the judge flags
}

// Question is a post as a judge is asked about it. ID, AccountID, Kind, Own,
// Audience and Text are set.
type Question struct {
	Post    Post
	Answers string // what it replies to, where the archive has it
}

const questionColumns = `p.id, p.account_id, p.kind, p.own, p.audience, p.text, CASE p.reply_to WHEN '' THEN '' ELSE ifnull((SELECT q.text FROM posts q
	WHERE q.account_id = p.account_id AND q.key = p.reply_to), '') END`

// Questions returns every post that the newest archive still has, in batches,
// in the order of their ids.
func (s *Store) Questions(ctx context.Context) iter.Seq2[[]Question, error] {
	return func(yield func([]Question, error) bool) {
		for last := int64(-1); ; {
			batch, err := s.questions(ctx, "p.gone_archive IS NULL AND p.id > ? ORDER BY p.id LIMIT ?", last, rowChunk)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(batch) == 0 || !yield(batch, nil) {
				return
			}
			last = batch[len(batch)-1].Post.ID
		}
	}
}

// QuestionsOf returns the posts with these ids, in the order of their ids.
// Those that are no longer there are left out.
func (s *Store) QuestionsOf(ctx context.Context, ids []int64) ([]Question, error) {
	return s.questions(ctx, "p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id", idsJSON(ids))
}

func (s *Store) questions(ctx context.Context, where string, args ...any) ([]Question, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT "+questionColumns+" FROM posts p WHERE "+where, args...)
	if err != nil {
		return nil, explain("reading the posts", err)
	}
	defer rows.Close()
	var list []Question
	for rows.Next() {
		var q Question
		p := &q.Post
		if err := rows.Scan(&p.ID, &p.AccountID, &p.Kind, &p.Own, &p.Audience, &p.Text, &q.Answers); err != nil {
			return nil, explain("reading the posts", err)
		}
		list = append(list, q)
	}
	return list, explain("reading the posts", rows.Err())
}

// Strongest returns the confidence of the strongest finding of every flagged
// post, by the post's id.
func (s *Store) Strongest(ctx context.Context) (map[int64]float64, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT post_id, max(confidence) FROM findings WHERE action IN ('remove', 'review') GROUP BY post_id")
	if err != nil {
		return nil, explain("reading the findings", err)
	}
	defer rows.Close()
	list := map[int64]float64{}
	for rows.Next() {
		var id int64
		var c float64
		if err := rows.Scan(&id, &c); err != nil {
			return nil, explain("reading the findings", err)
		}
		list[id] = c
	}
	return list, explain("reading the findings", rows.Err())
}

// Asked is one post with the hash of all that a judge is asked about it.
type Asked struct {
	PostID  int64
	Request string
}

// Reuse answers what was answered before, for this post or for another with
// the same request, and returns what is left to ask. An answer that is used
// again becomes the one that holds.
func (s *Store) Reuse(ctx context.Context, list []Asked) (left []Asked, err error) {
	err = s.write(ctx, "looking for opinions", func(tx *sql.Tx) error {
		left = left[:0]
		for _, a := range list {
			o, err := opinionOn(tx, a)
			switch {
			case errors.Is(err, sql.ErrNoRows):
				left = append(left, a)
			case err != nil:
				return err
			case o != nil:
				o.PostID = a.PostID
				if err := putOpinion(tx, o, s.now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return left, err
}

// opinionOn returns the answer to a request, nil where it holds already.
func opinionOn(tx *sql.Tx, a Asked) (*Opinion, error) {
	var holds bool
	err := tx.QueryRow("SELECT request = ? FROM opinions WHERE post_id=? ORDER BY id DESC LIMIT 1", a.Request, a.PostID).Scan(&holds)
	if holds || err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return scanOpinion(tx.QueryRow("SELECT "+opinionColumns+" FROM opinions WHERE request=? ORDER BY id DESC LIMIT 1", a.Request))
}

// PutOpinions stores opinions, all or none. Those of posts that are no longer
// there are left out. A zero Given is now.
func (s *Store) PutOpinions(ctx context.Context, list []Opinion) error {
	return s.write(ctx, "storing the opinions", func(tx *sql.Tx) error {
		for i := range list {
			if err := putOpinion(tx, &list[i], s.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

func putOpinion(tx *sql.Tx, o *Opinion, now time.Time) error {
	if _, err := tx.Exec("DELETE FROM opinions WHERE post_id=? AND request=?", o.PostID, o.Request); err != nil {
		return err
	}
	given := o.Given
	if given.IsZero() {
		given = now
	}
	_, err := tx.Exec(`INSERT INTO opinions(post_id, request, model, action, theme, standards, confidence, spans, why, given)
		SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM posts WHERE id=?`, o.Request, o.Model, string(o.Action), o.Theme,
		strings.Join(o.Standards, ","), o.Confidence, toJSON(o.Spans), o.Why, given.Unix(), o.PostID)
	return err
}

const opinionColumns = "post_id, request, model, action, theme, standards, confidence, spans, why, given"

func scanOpinion(row interface{ Scan(...any) error }) (*Opinion, error) {
	var o Opinion
	var standards, spans string
	var given sql.NullInt64
	err := row.Scan(&o.PostID, &o.Request, &o.Model, &o.Action, &o.Theme, &standards, &o.Confidence, &spans, &o.Why, &given)
	if err != nil {
		return nil, err
	}
	if standards != "" {
		o.Standards = strings.Split(standards, ",")
	}
	o.Spans, o.Given = parseSpans(spans), fromUnix(given)
	return &o, nil
}

// scanOpinion gives a row the last of its opinions: they come in order.
func (rd *rowReader) scanOpinion(rows *sql.Rows) error {
	o, err := scanOpinion(rows)
	if err != nil {
		return err
	}
	o.Standards = rd.flt.standards(o.Theme, strings.Join(o.Standards, ","))
	rd.rows[o.PostID].Opinion = o
	return nil
}

// lastOpinion chooses, of the opinions o on posts p, the one of each post that holds.
const lastOpinion = "o.id = (SELECT max(id) FROM opinions WHERE post_id = o.post_id)"

// judgedIDs appends the posts that only a judge flags to ids.
func judgedIDs(tx *sql.Tx, flt Filter, ids []int64) ([]int64, error) {
	full := flt.Limit > 0 && len(ids) >= flt.Limit
	if !flt.Judged || full || flt.New || len(flt.UIDs)+len(flt.Rules)+len(flt.Actions)+len(flt.Choices) > 0 {
		return ids, nil
	}
	c := postConditions(flt)
	c.add(lastOpinion)
	c.add("o.action IN ('remove', 'review')")
	c.add("NOT EXISTS (SELECT 1 FROM findings f WHERE f.post_id = p.id AND f.action IN ('remove', 'review'))")
	under(c, "(o.theme = ? OR instr(o.theme, ? || '.') = 1)", flt.Themes)
	underStandards(c, flt, "o")
	order := "o.action = 'remove' DESC, o.confidence DESC, p.created DESC NULLS LAST, p.id"
	if flt.OrderByDate {
		order = "p.created DESC NULLS LAST, p.id"
	}
	rows, err := tx.Query("SELECT p.id FROM opinions o JOIN posts p ON p.id = o.post_id JOIN accounts a ON a.id = p.account_id WHERE "+
		c.String()+" ORDER BY "+order, c.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() && (flt.Limit == 0 || len(ids) < flt.Limit) {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// sumOpinions counts the posts that the newest archive still has.
func sumOpinions(tx *sql.Tx, sum *Summary) error {
	rows, err := tx.Query(`SELECT o.model, o.action <> 'none', EXISTS (SELECT 1 FROM findings f WHERE f.post_id = p.id AND f.action IN ('remove', 'review')), count(*)
		FROM opinions o JOIN posts p ON p.id = o.post_id WHERE p.gone_archive IS NULL AND ` + lastOpinion + " GROUP BY 1, 2, 3")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var model string
		var acts, flagged bool
		var n int
		if err := rows.Scan(&model, &acts, &flagged, &n); err != nil {
			return err
		}
		sum.Opinions.add(model, acts, flagged, n)
	}
	slices.SortFunc(sum.Opinions.Models, cmp.Compare[string])
	return rows.Err()
}

func (s *OpinionSummary) add(model string, acts, flagged bool, n int) {
	if !slices.Contains(s.Models, model) {
		s.Models = append(s.Models, model)
	}
	s.Posts += n
	switch {
	case flagged && acts:
		s.Flagged, s.Upheld = s.Flagged+n, s.Upheld+n
	case flagged:
		s.Flagged += n
	case acts:
		s.Only += n
	}
}
