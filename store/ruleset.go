package store

import (
	"context"
	"database/sql"
	"errors"
)

// PutRuleset keeps what a later run needs to know of the rules called hash:
// manifest is the rules' own description of themselves, opaque here.
func (s *Store) PutRuleset(ctx context.Context, hash string, manifest []byte) error {
	return s.write(ctx, "keeping the ruleset", func(tx *sql.Tx) error {
		id, err := s.useRuleset(tx, hash)
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE rulesets SET manifest=? WHERE id=?", string(manifest), id)
		return err
	})
}

// LastRuleset returns the hash and the manifest of the rules that were used
// last; both are empty before the first scan.
func (s *Store) LastRuleset(ctx context.Context) (hash string, manifest []byte, err error) {
	var text string
	err = s.r.QueryRowContext(ctx, "SELECT hash, manifest FROM rulesets ORDER BY last_scan DESC, id DESC LIMIT 1").Scan(&hash, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, nil
	}
	return hash, []byte(text), explain("reading the ruleset", err)
}

// CarryOver counts the posts in which the rules from found nothing as scanned
// with the rules to, which are the same but for rules taken out: a rule that
// goes finds nothing new. Posts with findings are left to be scanned again.
func (s *Store) CarryOver(ctx context.Context, from, to string) error {
	if from == to {
		return nil
	}
	return s.write(ctx, "taking rules out", func(tx *sql.Tx) error {
		var old int64
		err := tx.QueryRow("SELECT id FROM rulesets WHERE hash=?", from).Scan(&old)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // nothing was scanned with it
		}
		if err != nil {
			return err
		}
		now, err := s.useRuleset(tx, to)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE scanned SET ruleset_id=? WHERE ruleset_id=? AND post_id NOT IN
			(SELECT post_id FROM findings WHERE ruleset_id=?)`, now, old, old)
		return err
	})
}
