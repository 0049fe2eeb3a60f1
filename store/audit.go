package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// Changes is what an audit found different from the one before it.
type Changes struct {
	Since    time.Time      `json:"since"`     // the audit before
	Made     time.Time      `json:"made"`      // this one
	Added    int            `json:"added"`     // posts that came in
	Updated  int            `json:"updated"`   // posts that a newer archive changed
	Scanned  int            `json:"scanned"`   // posts that had to be looked at
	NewRules bool           `json:"new_rules"` // the rules are not those of the audit before
	New      Tally          `json:"new"`       // findings that were not there before
	Cleared  int            `json:"cleared"`   // findings that are not there any more: other words, or other rules
	Gone     int            `json:"gone"`      // flagged posts that the newest archive lacks since
	Removed  int            `json:"removed"`   // those of them that were to be removed
	Back     int            `json:"back"`      // flagged posts that are there again
	Decided  map[Choice]int `json:"decided"`   // decisions made since
}

// None says that nothing is different.
func (c *Changes) None() bool {
	n := c.Added + c.Updated + c.New.Remove + c.New.Review + c.Cleared + c.Gone + c.Back
	for _, d := range c.Decided {
		n += d
	}
	return n == 0 && !c.NewRules
}

// isNew is the condition that the audit before the last did not have the
// finding f. Of the first audit nothing is new.
const isNew = `ifnull((SELECT k.audit = (SELECT max(id) FROM audits) AND k.audit > (SELECT min(id) FROM audits) FROM known k WHERE k.uid = f.uid),
	EXISTS (SELECT 1 FROM audits))`

// PutAudit notes that an audit was made now and works out what changed since
// the one before: c brings Added, Updated, Scanned and NewRules. Of the first
// audit the result is nil.
func (s *Store) PutAudit(ctx context.Context, c Changes) (*Changes, error) {
	var first bool
	err := s.write(ctx, "noting the audit", func(tx *sql.Tx) error {
		c.Made = s.now().UTC().Truncate(time.Second)
		var since, change int64
		err := tx.QueryRow("SELECT made, last_change FROM audits ORDER BY id DESC LIMIT 1").Scan(&since, &change)
		if first = errors.Is(err, sql.ErrNoRows); err != nil && !first {
			return err
		}
		if !first {
			c.Since = time.Unix(since, 0).UTC()
			if err := c.compare(tx, change); err != nil {
				return err
			}
		}
		b, err := json.Marshal(c)
		if err != nil {
			return err
		}
		var id int64
		err = tx.QueryRow("INSERT INTO audits(made, changes, last_change) VALUES(?,?,(SELECT ifnull(max(id), 0) FROM changes)) RETURNING id",
			c.Made.Unix(), string(b)).Scan(&id)
		if err != nil {
			return err
		}
		return keepKnown(tx, id)
	})
	if err != nil || first {
		return nil, err
	}
	return &c, nil
}

// compare fills in what differs from what was known at the audit before.
func (c *Changes) compare(tx *sql.Tx, change int64) error {
	const from = " FROM findings f JOIN posts p ON p.id = f.post_id "
	const known = from + "JOIN known k ON k.uid = f.uid WHERE f.action <> 'none' AND "
	for _, q := range []struct {
		to    *int
		query string
	}{
		{&c.New.Remove, "SELECT count(DISTINCT f.uid)" + from + "WHERE f.action = 'remove' AND " + fresh},
		{&c.New.Review, "SELECT count(DISTINCT f.uid)" + from + "WHERE f.action = 'review' AND " + fresh},
		{&c.Cleared, "SELECT count(*) FROM known WHERE uid NOT IN (SELECT uid FROM findings)"},
		{&c.Gone, "SELECT count(DISTINCT f.post_id)" + known + "k.gone = 0 AND p.gone_archive IS NOT NULL"},
		{&c.Removed, "SELECT count(DISTINCT f.post_id)" + known + `k.gone = 0 AND p.gone_archive IS NOT NULL AND EXISTS (SELECT 1 FROM decisions d
			WHERE d.account_id = p.account_id AND d.post_key = p.key AND d.choice IN ('remove', 'done'))`},
		{&c.Back, "SELECT count(DISTINCT f.post_id)" + known + "k.gone = 1 AND p.gone_archive IS NULL"},
	} {
		if err := tx.QueryRow(q.query).Scan(q.to); err != nil {
			return err
		}
	}
	rows, err := tx.Query(`SELECT d.choice, count(*) FROM decisions d WHERE EXISTS (SELECT 1 FROM history h WHERE h.change_id > ?
		AND h.account_id = d.account_id AND h.post_key = d.post_key AND h.theme = d.theme AND h.words_hash = d.words_hash) GROUP BY 1`, change)
	if err != nil {
		return err
	}
	c.Decided, err = countChoices(rows)
	return err
}

// fresh is the condition that a finding was not there at the audit before.
const fresh = `p.gone_archive IS NULL AND f.uid NOT IN (SELECT uid FROM known) AND NOT EXISTS (SELECT 1 FROM silenced z WHERE z.finding_id = f.id)`

// countChoices reads rows of a choice and a number, and closes them.
func countChoices(rows *sql.Rows) (map[Choice]int, error) {
	defer rows.Close()
	m := map[Choice]int{}
	for rows.Next() {
		var c Choice
		var n int
		if err := rows.Scan(&c, &n); err != nil {
			return nil, err
		}
		m[c] = n
	}
	return m, rows.Err()
}

// keepKnown writes down which findings there are at an audit.
func keepKnown(tx *sql.Tx, audit int64) error {
	if _, err := tx.Exec("DELETE FROM known WHERE uid NOT IN (SELECT uid FROM findings)"); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO known(uid, audit, gone) SELECT f.uid, ?, max(p.gone_archive IS NOT NULL) FROM findings f JOIN posts p ON p.id = f.post_id
		GROUP BY f.uid ON CONFLICT(uid) DO UPDATE SET gone=excluded.gone`, audit)
	return err
}

// LastAudit returns when the last audit was made, zero where there was none,
// and what it changed, nil where there was none before it.
func (s *Store) LastAudit(ctx context.Context) (time.Time, *Changes, error) {
	var made sql.NullInt64
	var text string
	err := s.r.QueryRowContext(ctx, "SELECT made, changes FROM audits ORDER BY id DESC LIMIT 1").Scan(&made, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil, nil
	}
	if err != nil {
		return time.Time{}, nil, explain("reading the audits", err)
	}
	var c Changes
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return time.Time{}, nil, explain("reading the audits", err)
	}
	if c.Since.IsZero() {
		return fromUnix(made), nil, nil
	}
	return fromUnix(made), &c, nil
}
