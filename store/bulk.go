package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// lateIndexes are those that a first import does without until its posts are
// in: built from sorted rows they cost a third of what they cost row by row.
// They must be as schema/*.sql has them. posts_key is not among them, as it
// keeps an archive from bringing a post twice.
var lateIndexes = map[string]string{
	"posts_timeline": "posts(account_id, kind, created)",
	"posts_others":   "posts(url) WHERE own = 0 AND url <> ''",
}

// bulkPosts is how many posts an import stores before it builds the indexes
// even though more come: SQLite sorts in memory, so that nothing of a post is
// ever in a temporary file, and that memory must not grow with the archive.
const bulkPosts = 1 << 20

// beginBulk drops the late indexes where the store has no post yet.
func (w *writer) beginBulk() error {
	if w.bulk = w.firstID == 1; !w.bulk {
		return nil
	}
	for name := range lateIndexes {
		if _, err := w.txn.Exec("DROP INDEX IF EXISTS " + name); err != nil {
			return err
		}
	}
	return nil
}

// endBulk commits and builds the indexes that beginBulk dropped.
func (w *writer) endBulk() error {
	if err := w.commit(); err != nil || !w.bulk {
		return err
	}
	w.bulk = false
	return w.s.buildIndexes(w.ctx)
}

// buildIndexes adds the late indexes that are missing, each in a transaction of
// its own, so that its memory is free for the next.
func (s *Store) buildIndexes(ctx context.Context) error {
	for name, on := range lateIndexes {
		err := s.write(ctx, "building the indexes", func(tx *sql.Tx) error {
			_, err := tx.Exec(fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s ON %s", name, on))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mendIndexes builds what an import that was killed has left out. Where
// another lookback is writing, that one may be such an import and will build
// them itself: this one does not wait for it.
func (s *Store) mendIndexes(ctx context.Context, cfg config) error {
	var there int
	err := s.w.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type='index' AND name IN ('posts_timeline','posts_others')").Scan(&there)
	if err != nil || there == len(lateIndexes) {
		return err
	}
	if _, err := s.w.ExecContext(ctx, "PRAGMA busy_timeout=0"); err != nil {
		return err
	}
	if err := s.buildIndexes(ctx); err != nil && !errors.Is(err, ErrBusy) {
		return err
	}
	_, err = s.w.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout=%d", cfg.busy.Milliseconds()))
	return err
}
