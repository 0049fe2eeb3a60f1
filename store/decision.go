package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Choices lists every choice that a person can make.
var Choices = []Choice{ChoiceRemove, ChoiceKeep, ChoiceNotIssue, ChoiceDone}

// PutDecision stores a decision in place of an earlier one about the same
// words. Decided is set to now where it is zero. An empty Choice takes the
// decision back.
func (s *Store) PutDecision(ctx context.Context, d Decision) error {
	return s.PutDecisions(ctx, []Decision{d})
}

// PutDecisions stores several decisions, all or none.
func (s *Store) PutDecisions(ctx context.Context, list []Decision) error {
	return s.write(ctx, "storing the decision", func(tx *sql.Tx) error {
		for _, d := range list {
			if err := putDecision(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func putDecision(tx *sql.Tx, d Decision) error {
	if d.Choice == "" {
		_, err := tx.Exec("DELETE FROM decisions WHERE account_id=? AND post_key=? AND theme=? AND words_hash=?", d.AccountID, d.PostKey, d.Theme, d.WordsHash)
		return err
	}
	if !slices.Contains(Choices, d.Choice) {
		return fmt.Errorf("%q is not a decision", d.Choice)
	}
	if d.Decided.IsZero() {
		d.Decided = time.Now()
	}
	_, err := tx.Exec(`INSERT INTO decisions(account_id, post_key, theme, words_hash, choice, note, decided) VALUES(?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET choice=excluded.choice, note=excluded.note, decided=excluded.decided`,
		d.AccountID, d.PostKey, d.Theme, d.WordsHash, string(d.Choice), d.Note, d.Decided.Unix())
	return err
}

// Finding returns the finding with this public id and its post. Where there is
// none the error is ErrNotFound.
func (s *Store) Finding(ctx context.Context, uid string) (Row, Finding, error) {
	flt := Filter{UIDs: []string{uid}, IncludeGone: true, Actions: []Action{ActionRemove, ActionReview, ActionNone}}
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
	return Row{}, Finding{}, &HintError{Err: fmt.Errorf("finding %q: %w", uid, ErrNotFound), Hint: "`lookback list` shows the findings with their ids"}
}

// Decisions returns every decision, the latest first. Those that no finding
// matches any more come with matched false.
func (s *Store) Decisions(ctx context.Context) iter.Seq2[DecisionState, error] {
	return func(yield func(DecisionState, error) bool) {
		rows, err := s.r.QueryContext(ctx, `SELECT d.id, d.account_id, d.post_key, d.theme, d.words_hash, d.choice, d.note, d.decided,
			EXISTS (SELECT 1 FROM posts p JOIN findings f ON f.post_id = p.id WHERE p.account_id = d.account_id AND p.key = d.post_key
				AND f.theme = d.theme AND f.words_hash = d.words_hash),
			ifnull((SELECT p.gone_archive IS NOT NULL FROM posts p WHERE p.account_id = d.account_id AND p.key = d.post_key), 0)
			FROM decisions d ORDER BY d.decided DESC, d.id DESC`)
		if err != nil {
			yield(DecisionState{}, explain("reading the decisions", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var d DecisionState
			var decided sql.NullInt64
			err := rows.Scan(&d.ID, &d.AccountID, &d.PostKey, &d.Theme, &d.WordsHash, &d.Choice, &d.Note, &decided, &d.Matched, &d.Gone)
			d.Decided = fromUnix(decided)
			if !yield(d, explain("reading the decisions", err)) || err != nil {
				return
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			yield(DecisionState{}, explain("reading the decisions", err))
		}
	}
}
