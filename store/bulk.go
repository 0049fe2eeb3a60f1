package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// lateIndexes are those that a first import does without until its posts are
// in: built from sorted rows they cost a third of what they cost row by row.
// They must be as schema/*.sql has them. While posts_key is missing a keySet
// keeps the archive from bringing a post twice. The largest comes first, so
// that the others find memory enough.
var lateIndexes = []string{
	"UNIQUE INDEX IF NOT EXISTS posts_key ON posts(account_id, key)",
	"INDEX IF NOT EXISTS posts_timeline ON posts(account_id, kind, created)",
	"INDEX IF NOT EXISTS posts_others ON posts(url) WHERE own = 0 AND url <> ''",
}

// lateNames are the names of lateIndexes.
var lateNames = []string{"posts_key", "posts_timeline", "posts_others"}

// countLate counts the late indexes that are there.
var countLate = "SELECT count(*) FROM sqlite_schema WHERE type='index' AND name IN ('" + strings.Join(lateNames, "','") + "')"

const (
	// bulkPosts is how many posts an import stores before it builds the
	// indexes even though more come: SQLite sorts in memory, so that nothing of
	// a post is ever in a temporary file, and that memory must not grow with
	// the archive.
	bulkPosts = 3 << 19
	// bulkRepeats is how many posts may come a second time until then; they
	// wait for the index that tells where the first one is.
	bulkRepeats = 1 << 10
	// A bulk only ever adds at the end, so that it needs little of the file in
	// memory; all else does better with more. In kB.
	bulkCache  = 4 << 10
	writeCache = 32 << 10
)

// A bulk is the first part of a first import: what it knows instead of what
// the late indexes would tell.
type bulk struct {
	on      bool
	keys    *keySet
	repeats []repeat
}

// A repeat is a post whose key seems to have come before.
type repeat struct {
	o  *owner
	it item
}

// beginBulk drops the late indexes where the store has no post yet.
func (w *writer) beginBulk() error {
	if w.bulk.on = w.firstID == 1; !w.bulk.on {
		return nil
	}
	w.bulk.keys = newKeySet()
	if _, err := w.txn.Exec(fmt.Sprintf("PRAGMA cache_size=-%d", bulkCache)); err != nil {
		return err
	}
	for _, name := range lateNames {
		if _, err := w.txn.Exec("DROP INDEX IF EXISTS " + name); err != nil {
			return err
		}
	}
	return nil
}

// checkBulk sees to it that the late indexes are there, except in a bulk. When
// somebody else wrote to the store in between, it is no longer this import
// alone that knows what is in it, and the bulk is over.
func (w *writer) checkBulk(expected int64) error {
	var there int
	if err := w.txn.QueryRow(countLate).Scan(&there); err != nil {
		return err
	}
	if w.bulk.on && there == 0 && w.nextID == expected || !w.bulk.on && there == len(lateIndexes) {
		return nil
	}
	w.bulk.on = false // and endBulk does the rest
	for _, index := range lateIndexes {
		if _, err := w.txn.Exec("CREATE " + index); err != nil {
			return err
		}
	}
	return nil
}

// again says whether a post of a bulk has to wait because its key came before.
func (w *writer) again(o *owner, it *item) bool {
	if !w.bulk.on || w.bulk.keys.add(o.id, it.post.Key) {
		return false
	}
	w.bulk.repeats = append(w.bulk.repeats, repeat{o, *it})
	return true
}

// bulkFull says that a bulk should end although more comes.
func (w *writer) bulkFull() bool {
	return w.bulk.on && w.nextID > w.s.bulkPosts || len(w.bulk.repeats) > bulkRepeats
}

// endBulk commits, builds the indexes that beginBulk dropped, and takes in
// what waited for them.
func (w *writer) endBulk() error {
	if err := w.commit(); err != nil {
		return err
	}
	if w.bulk.keys == nil {
		return nil
	}
	w.bulk.keys = nil
	if w.bulk.on {
		w.bulk.on = false
		debug.FreeOSMemory() // the sorting needs it
		if err := w.s.buildIndexes(w.ctx); err != nil {
			return err
		}
	}
	if _, err := w.s.w.ExecContext(w.ctx, fmt.Sprintf("PRAGMA cache_size=-%d", writeCache)); err != nil {
		return err
	}
	waiting := w.bulk.repeats
	w.bulk.repeats = nil
	for _, r := range waiting {
		if err := w.open(); err != nil {
			return err
		}
		if err := w.loadChunk(r.o, []item{r.it}); err != nil {
			return err
		}
	}
	return w.commit()
}

// buildIndexes adds the late indexes that are missing, each in a transaction of
// its own, so that its memory is free for the next.
func (s *Store) buildIndexes(ctx context.Context) error {
	for _, index := range lateIndexes {
		err := s.write(ctx, "building the indexes", func(tx *sql.Tx) error {
			_, err := tx.Exec("CREATE " + index)
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
	err := s.w.QueryRowContext(ctx, countLate).Scan(&there)
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
