package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// Choices lists every choice that a person can make.
var Choices = []Choice{ChoiceRemove, ChoiceKeep, ChoiceNotIssue, ChoiceDone}

// settling are the choices after which a finding asks for nothing more.
const settling = "'keep', 'not-an-issue', 'done'"

// Settles says whether nothing is left to do after this choice.
func (c Choice) Settles() bool {
	return c == ChoiceKeep || c == ChoiceNotIssue || c == ChoiceDone
}

// What can be wrong with a decision.
var (
	ErrNoReason      = errors.New("to keep a post, say why")
	ErrNothingToUndo = errors.New("there is no decision to undo")
	ErrAmbiguous     = errors.New("the id is short for more than one finding")
)

// Check says what is wrong with a decision, apart from what it is about.
func (d Decision) Check() error {
	switch {
	case d.Choice == "": // takes one back
	case !slices.Contains(Choices, d.Choice):
		return fmt.Errorf("%q is not a decision", d.Choice)
	case d.Choice == ChoiceKeep && strings.TrimSpace(d.Reason) == "":
		return ErrNoReason
	}
	return nil
}

// same says that d changes nothing about old.
func (d Decision) same(old Decision) bool {
	return d.Choice == old.Choice && d.Reason == old.Reason && d.Note == old.Note
}

// Change is one time that decisions were made or taken back.
type Change struct {
	ID        int64 // 0 where nothing changed
	Made      time.Time
	Decided   int // decisions made, changed or taken back
	Unchanged int // those that were so already
	Undone    time.Time
}

// PutDecision stores a decision in place of an earlier one about the same
// words. Decided is set to now where it is zero. An empty Choice takes the
// decision back.
func (s *Store) PutDecision(ctx context.Context, d Decision) error {
	return s.PutDecisions(ctx, []Decision{d})
}

// PutDecisions stores several decisions, all or none.
func (s *Store) PutDecisions(ctx context.Context, list []Decision) error {
	_, err := s.Decide(ctx, list)
	return err
}

// Decide is PutDecisions that says what it changed. All of it is one step for
// Undo. What is decided so already is left as it is, with its time.
func (s *Store) Decide(ctx context.Context, list []Decision) (Change, error) {
	var c Change
	err := s.write(ctx, "storing the decision", func(tx *sql.Tx) error {
		c = Change{Made: s.now().UTC().Truncate(time.Second)}
		for _, d := range list {
			if err := decide(tx, &c, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Change{}, err
	}
	return c, nil
}

const aboutWords = " WHERE account_id=? AND post_key=? AND theme=? AND words_hash=?"

// decide stores one decision of a change and what it was before.
func decide(tx *sql.Tx, c *Change, d Decision) error {
	if err := d.Check(); err != nil {
		return err
	}
	if d.Decided.IsZero() {
		d.Decided = c.Made
	}
	var old Decision
	var decided sql.NullInt64
	err := tx.QueryRow("SELECT choice, reason, note, decided FROM decisions"+aboutWords, d.AccountID, d.PostKey, d.Theme, d.WordsHash).
		Scan(&old.Choice, &old.Reason, &old.Note, &decided)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if d.same(old) || d.Choice == "" && old.Choice == "" {
		c.Unchanged++
		return nil
	}
	if c.ID == 0 {
		if err := tx.QueryRow("INSERT INTO changes(made) VALUES(?) RETURNING id", c.Made.Unix()).Scan(&c.ID); err != nil {
			return err
		}
	}
	c.Decided++
	_, err = tx.Exec(`INSERT INTO history(change_id, account_id, post_key, theme, words_hash, choice, old_choice, old_reason, old_note, old_decided)
		VALUES(?,?,?,?,?,?,?,?,?,?)`, c.ID, d.AccountID, d.PostKey, d.Theme, d.WordsHash, string(d.Choice),
		string(old.Choice), old.Reason, old.Note, decided.Int64)
	if err != nil {
		return err
	}
	return putDecision(tx, d)
}

func putDecision(tx *sql.Tx, d Decision) error {
	if d.Choice == "" {
		_, err := tx.Exec("DELETE FROM decisions"+aboutWords, d.AccountID, d.PostKey, d.Theme, d.WordsHash)
		return err
	}
	_, err := tx.Exec(`INSERT INTO decisions(account_id, post_key, theme, words_hash, choice, reason, note, decided) VALUES(?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET choice=excluded.choice, reason=excluded.reason, note=excluded.note, decided=excluded.decided`,
		d.AccountID, d.PostKey, d.Theme, d.WordsHash, string(d.Choice), d.Reason, d.Note, d.Decided.Unix())
	return err
}

// Undo takes the last change back that was not undone yet; again and again it
// goes further back. Where there is none the error is ErrNothingToUndo.
func (s *Store) Undo(ctx context.Context) (Change, error) {
	var c Change
	err := s.write(ctx, "undoing the decision", func(tx *sql.Tx) error {
		var made int64
		// A change whose posts were all forgotten is no change any more.
		err := tx.QueryRow(`SELECT id, made FROM changes WHERE undone IS NULL AND EXISTS
			(SELECT 1 FROM history WHERE change_id = changes.id) ORDER BY id DESC LIMIT 1`).Scan(&c.ID, &made)
		if errors.Is(err, sql.ErrNoRows) {
			return &HintError{Err: ErrNothingToUndo, Hint: "`lookback decide ID --keep --why \"…\"` makes one"}
		}
		if err != nil {
			return err
		}
		c.Made, c.Undone = time.Unix(made, 0).UTC(), s.now().UTC().Truncate(time.Second)
		list, err := before(tx, c.ID)
		if err != nil {
			return err
		}
		for _, d := range list {
			if err := putDecision(tx, d); err != nil {
				return err
			}
		}
		c.Decided = len(list)
		_, err = tx.Exec("UPDATE changes SET undone=? WHERE id=?", c.Undone.Unix(), c.ID)
		return err
	})
	if err != nil {
		return Change{}, err
	}
	return c, nil
}

// before returns what was decided before a change, in the order in which it
// has to be put back.
func before(tx *sql.Tx, change int64) ([]Decision, error) {
	rows, err := tx.Query(`SELECT account_id, post_key, theme, words_hash, old_choice, old_reason, old_note, old_decided
		FROM history WHERE change_id=? ORDER BY id DESC`, change)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Decision
	for rows.Next() {
		var d Decision
		var decided int64
		if err := rows.Scan(&d.AccountID, &d.PostKey, &d.Theme, &d.WordsHash, &d.Choice, &d.Reason, &d.Note, &decided); err != nil {
			return nil, err
		}
		d.Decided = time.Unix(decided, 0).UTC()
		list = append(list, d)
	}
	return list, rows.Err()
}

// History returns the last changes, the latest first; 0 is no limit.
func (s *Store) History(ctx context.Context, limit int) ([]Change, error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := s.r.QueryContext(ctx, `SELECT c.id, c.made, c.undone, count(*) FROM changes c JOIN history h ON h.change_id = c.id
		GROUP BY c.id ORDER BY c.id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, explain("reading the decisions", err)
	}
	defer rows.Close()
	var list []Change
	for rows.Next() {
		var c Change
		var made, undone sql.NullInt64
		if err := rows.Scan(&c.ID, &made, &undone, &c.Decided); err != nil {
			return nil, explain("reading the decisions", err)
		}
		c.Made, c.Undone = fromUnix(made), fromUnix(undone)
		list = append(list, c)
	}
	return list, explain("reading the decisions", rows.Err())
}

// Finding returns the finding with this public id and its post. Where there is
// none the error is ErrNotFound.
func (s *Store) Finding(ctx context.Context, uid string) (Row, Finding, error) {
	flt := Filter{UIDs: []string{uid}, IncludeGone: true, IncludeSilenced: true, Actions: []Action{ActionRemove, ActionReview, ActionNone}}
	for row, err := range s.Findings(ctx, flt) {
		if err != nil {
			return Row{}, Finding{}, err
		}
		for _, f := range row.Findings {
			if f.UID == uid {
				return row, f, nil
			}
		}
	}
	return Row{}, Finding{}, notFound(uid)
}

func notFound(id string) error {
	return &HintError{Err: fmt.Errorf("finding %q: %w", id, ErrNotFound), Hint: "`lookback list` shows the findings with their ids"}
}

// Decisions returns every decision, the latest first. Those that no finding
// matches any more come with matched false.
func (s *Store) Decisions(ctx context.Context) iter.Seq2[DecisionState, error] {
	return func(yield func(DecisionState, error) bool) {
		rows, err := s.r.QueryContext(ctx, `SELECT d.id, d.account_id, d.post_key, d.theme, d.words_hash, d.choice, d.reason, d.note, d.decided,
			EXISTS (SELECT 1 FROM posts p JOIN findings f ON f.post_id = p.id WHERE p.account_id = d.account_id AND p.key = d.post_key
				AND f.theme = d.theme AND f.words_hash = d.words_hash),
			EXISTS (SELECT 1 FROM posts p JOIN findings f ON f.post_id = p.id WHERE p.account_id = d.account_id AND p.key = d.post_key
				AND f.theme = d.theme),
			ifnull((SELECT p.gone_archive IS NOT NULL FROM posts p WHERE p.account_id = d.account_id AND p.key = d.post_key), 0),
			EXISTS (SELECT 1 FROM posts p WHERE p.account_id = d.account_id AND p.key = d.post_key)
			FROM decisions d ORDER BY d.decided DESC, d.id DESC`)
		if err != nil {
			yield(DecisionState{}, explain("reading the decisions", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var d DecisionState
			var decided sql.NullInt64
			err := rows.Scan(&d.ID, &d.AccountID, &d.PostKey, &d.Theme, &d.WordsHash, &d.Choice, &d.Reason, &d.Note, &decided,
				&d.Matched, &d.Reworded, &d.Gone, &d.Known)
			d.Decided, d.Reworded = fromUnix(decided), d.Reworded && !d.Matched
			if !yield(d, explain("reading the decisions", err)) || err != nil {
				return
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			yield(DecisionState{}, explain("reading the decisions", err))
		}
	}
}
