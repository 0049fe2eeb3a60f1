package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// readArchive is an archive with what only the store needs.
type readArchive struct {
	Archive
	reader string
}

// Archives returns every archive, in the order in which they came.
func (s *Store) Archives(ctx context.Context) ([]Archive, error) {
	list, err := s.archives(ctx, "")
	out := make([]Archive, len(list))
	for i := range list {
		out[i] = list[i].Archive
	}
	return out, explain("reading the archives", err)
}

func (s *Store) archives(ctx context.Context, where string, args ...any) ([]readArchive, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT r.id, r.account_id, r.platform, r.name, r.digest, r.size, r.layout, r.messages, r.reader, r.generated,
		r.imported, r.state, r.partial, r.incomplete, r.notes, r.posts, r.added, r.updated, r.skipped,
		(SELECT count(*) FROM posts p WHERE p.gone_archive = r.id),
		(SELECT json_group_array(j.value) FROM archive_accounts l, json_each(l.scopes) j WHERE l.archive_id = r.id)
		FROM archives r `+where+" ORDER BY r.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []readArchive
	for rows.Next() {
		var a readArchive
		var account, generated, imported sql.NullInt64
		var state, notes, scopes string
		err := rows.Scan(&a.ID, &account, &a.Platform, &a.Name, &a.Digest, &a.Size, &a.Layout, &a.Messages, &a.reader, &generated,
			&imported, &state, &a.Partial, &a.Incomplete, &notes, &a.Posts, &a.Added, &a.Updated, &a.Skipped, &a.Gone, &scopes)
		if err != nil {
			return nil, err
		}
		a.AccountID, a.Generated, a.Imported, a.Unfinished = account.Int64, fromUnix(generated), fromUnix(imported), state != "done"
		if err := errors.Join(fromJSON(notes, &a.Notes), fromJSON(scopes, &a.Scopes)); err != nil {
			return nil, err
		}
		slices.Sort(a.Scopes)
		list = append(list, a)
	}
	return list, rows.Err()
}

// Skips returns the records of an archive that could not be read, in order;
// those of every archive for id 0.
func (s *Store) Skips(ctx context.Context, archive int64) iter.Seq2[Skip, error] {
	return func(yield func(Skip, error) bool) {
		rows, err := s.r.QueryContext(ctx, "SELECT archive_id, member, record, reason FROM skips WHERE archive_id=?1 OR ?1=0 ORDER BY id", archive)
		if err != nil {
			yield(Skip{}, explain("reading what was skipped", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var k Skip
			err := rows.Scan(&k.ArchiveID, &k.Member, &k.Record, &k.Reason)
			if !yield(k, explain("reading what was skipped", err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Skip{}, explain("reading what was skipped", err))
		}
	}
}

// Forget removes an account, what only one archive brought, or everything, and
// then wipes the file: nothing that was removed stays in it or beside it.
// Posts that another archive has too stay, as they are now.
func (s *Store) Forget(ctx context.Context, what ForgetWhat) (ForgetResult, error) {
	var res ForgetResult
	err := s.write(ctx, "forgetting", func(tx *sql.Tx) error {
		var err error
		switch {
		case what.Everything:
			res, err = forgetEverything(tx)
		case what.AccountID != 0:
			res, err = forgetAccount(tx, what.AccountID)
		case what.ArchiveID != 0:
			res, err = forgetArchive(tx, what.ArchiveID)
		default:
			return errors.New("nothing was named")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE state SET value=1 WHERE name='purge'")
		return err
	})
	if err != nil {
		return ForgetResult{}, err
	}
	return res, explain("wiping the store", s.purge(ctx))
}

// deleteCount runs a DELETE and adds to n how many rows it took.
func deleteCount(tx *sql.Tx, n *int, query string, args ...any) error {
	res, err := tx.Exec(query, args...)
	if err != nil {
		return err
	}
	c, err := res.RowsAffected()
	*n += int(c)
	return err
}

// run runs statements that share arguments.
func run(tx *sql.Tx, queries []string, args ...any) error {
	for _, q := range queries {
		if _, err := tx.Exec(q, args...); err != nil {
			return err
		}
	}
	return nil
}

func forgetEverything(tx *sql.Tx) (ForgetResult, error) {
	var res ForgetResult
	var none int
	for _, d := range []struct {
		table string
		n     *int
	}{
		{"silenced", &none}, {"allowed", &none}, {"known", &none}, {"audits", &none}, {"history", &none}, {"changes", &none}, {"opinions", &none},
		{"targets", &none}, {"findings", &res.Findings}, {"decisions", &res.Decisions}, {"scanned", &none}, {"rulesets", &none}, {"media", &none},
		{"versions", &none}, {"sightings", &none}, {"skips", &none}, {"posts", &res.Posts}, {"archive_accounts", &none},
		{"archives", &res.Archives}, {"accounts", &res.Accounts},
	} {
		if err := deleteCount(tx, d.n, "DELETE FROM "+d.table); err != nil {
			return res, err
		}
	}
	return res, nil
}

func forgetAccount(tx *sql.Tx, id int64) (ForgetResult, error) {
	var res ForgetResult
	err := tx.QueryRow(`SELECT (SELECT count(*) FROM posts WHERE account_id=?1), (SELECT count(*) FROM decisions WHERE account_id=?1),
		(SELECT count(*) FROM findings f JOIN posts p ON p.id = f.post_id WHERE p.account_id=?1)`, id).Scan(&res.Posts, &res.Decisions, &res.Findings)
	if err != nil {
		return res, err
	}
	if err := run(tx, []string{
		"DELETE FROM known WHERE uid IN (SELECT uid FROM findings f JOIN posts p ON p.id = f.post_id WHERE p.account_id=?)",
		"DELETE FROM archive_accounts WHERE account_id=?", "DELETE FROM posts WHERE account_id=?",
	}, id); err != nil {
		return res, err
	}
	if err := forgetLoose(tx, &res); err != nil {
		return res, err
	}
	if err := deleteCount(tx, &res.Accounts, "DELETE FROM accounts WHERE id=?", id); err != nil {
		return res, err
	}
	if res.Accounts == 0 {
		return res, &HintError{Err: fmt.Errorf("account %d: %w", id, ErrNotFound), Hint: "`lookback status` shows the accounts"}
	}
	return res, nil
}

// forgetLoose removes archives that tell of no account any more. One that
// still has posts, or was being read when it was broken off, stays.
func forgetLoose(tx *sql.Tx, res *ForgetResult) error {
	return deleteCount(tx, &res.Archives, `DELETE FROM archives WHERE id NOT IN (SELECT archive_id FROM archive_accounts)
		AND id NOT IN (SELECT archive_id FROM posts) AND id NOT IN (SELECT gone_archive FROM posts WHERE gone_archive IS NOT NULL)`)
}

func forgetArchive(tx *sql.Tx, id int64) (ForgetResult, error) {
	var res ForgetResult
	accounts, err := column(tx, "SELECT account_id FROM archive_accounts WHERE archive_id=?", id)
	if err != nil {
		return res, err
	}
	only, err := onlyIn(tx, id, &res)
	if err != nil {
		return res, err
	}
	for r := range only.ranges {
		if err := forgetRange(tx, id, r, &res); err != nil {
			return res, err
		}
	}
	// What stays must belong to an archive that stays.
	_, err = tx.Exec(`UPDATE posts SET archive_id=(SELECT min(s.archive_id) FROM sightings s WHERE s.archive_id<>?1 AND posts.id BETWEEN s.first_post AND s.last_post)
		WHERE archive_id=?1`, id)
	if err != nil {
		return res, err
	}
	if err := run(tx, []string{"UPDATE posts SET gone_archive=NULL WHERE gone_archive=?", "DELETE FROM archive_accounts WHERE archive_id=?"}, id); err != nil {
		return res, err
	}
	if err := deleteCount(tx, &res.Archives, "DELETE FROM archives WHERE id=?", id); err != nil {
		return res, err
	}
	if res.Archives == 0 {
		return res, &HintError{Err: fmt.Errorf("archive %d: %w", id, ErrNotFound), Hint: "`lookback status` shows the archives"}
	}
	for _, account := range accounts {
		if err := markGone(tx, account); err != nil {
			return res, err
		}
		err := deleteCount(tx, &res.Accounts, `DELETE FROM accounts WHERE id=?1 AND NOT EXISTS (SELECT 1 FROM archive_accounts WHERE account_id=?1)
			AND NOT EXISTS (SELECT 1 FROM posts WHERE account_id=?1)`, account)
		if err != nil {
			return res, err
		}
	}
	return res, nil
}

// onlyIn returns the posts that the archive brought and no other one has.
func onlyIn(tx *sql.Tx, id int64, res *ForgetResult) (idSet, error) {
	only := idSet{}
	mine, err := sightings(tx, "SELECT id, as_of FROM archives WHERE id=?", id)
	if err != nil {
		return nil, err
	}
	for _, s := range mine {
		only.union(s.posts)
	}
	brought, err := column(tx, "SELECT id FROM posts WHERE archive_id=?", id) // also when it was not finished
	if err != nil {
		return nil, err
	}
	for _, p := range brought {
		only.add(p)
	}
	all := only.count()
	others, err := sightings(tx, "SELECT id, as_of FROM archives WHERE id<>?", id)
	if err != nil {
		return nil, err
	}
	for _, s := range others {
		only.subtract(s.posts)
	}
	// Posts that another archive brought but did not finish stay too.
	theirs, err := column(tx, "SELECT id FROM posts WHERE archive_id<>? AND archive_id IN (SELECT id FROM archives WHERE state<>'done')", id)
	for _, p := range theirs {
		only.remove(p)
	}
	res.Kept = all - only.count()
	return only, err
}

func forgetRange(tx *sql.Tx, archive int64, r idRange, res *ForgetResult) error {
	err := deleteCount(tx, &res.Decisions, `DELETE FROM decisions WHERE id IN (SELECT d.id FROM posts p JOIN decisions d
		ON d.account_id = p.account_id AND d.post_key = p.key WHERE p.id BETWEEN ? AND ?)`, r.first, r.last)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM history WHERE id IN (SELECT h.id FROM posts p JOIN history h
		ON h.account_id = p.account_id AND h.post_key = p.key WHERE p.id BETWEEN ? AND ?)`, r.first, r.last)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM known WHERE uid IN (SELECT uid FROM findings WHERE post_id BETWEEN ? AND ?)", r.first, r.last); err != nil {
		return err
	}
	if err := deleteCount(tx, &res.Findings, "DELETE FROM findings WHERE post_id BETWEEN ? AND ?", r.first, r.last); err != nil {
		return err
	}
	return deleteCount(tx, &res.Posts, "DELETE FROM posts WHERE id BETWEEN ? AND ?", r.first, r.last)
}

// column reads a column of ids.
func column(tx *sql.Tx, query string, args ...any) ([]int64, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// vacuumInMemory is up to which size of the file its compact copy is made in
// memory and not in a temporary file.
const vacuumInMemory = 256 << 20

// purge makes the full-text index anew, compacts the file and empties the log,
// so that no byte of what was forgotten is left. When it is killed, Open does
// it again.
func (s *Store) purge(ctx context.Context) error {
	err := s.write(ctx, "wiping the store", func(tx *sql.Tx) error {
		return run(tx, []string{
			"INSERT INTO posts_fts(posts_fts) VALUES('rebuild')",
			"UPDATE state SET value=(SELECT ifnull(max(id), 0) FROM posts) WHERE name='indexed'",
		})
	})
	if err != nil {
		return err
	}
	var pages, size int64
	if err := s.w.QueryRowContext(ctx, "SELECT (SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count), (SELECT page_size FROM pragma_page_size)").Scan(&pages, &size); err != nil {
		return err
	}
	if pages*size > vacuumInMemory {
		if _, err := s.w.ExecContext(ctx, "PRAGMA temp_store=FILE"); err != nil {
			return err
		}
		defer s.w.ExecContext(context.WithoutCancel(ctx), "PRAGMA temp_store=MEMORY")
	}
	if _, err := s.w.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	if err := s.checkpoint(ctx); err != nil {
		return err
	}
	if _, err := s.w.ExecContext(ctx, "UPDATE state SET value=0 WHERE name='purge'"); err != nil {
		return err
	}
	return s.checkpoint(ctx)
}

// checkpoint moves the log into the file and empties it.
func (s *Store) checkpoint(ctx context.Context) error {
	var busy, pages, moved int
	err := s.w.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		return &HintError{Err: fmt.Errorf("wiping the store: %w", ErrBusy), Hint: "close whatever else reads it; the rest is wiped when lookback next opens it"}
	}
	return err
}
