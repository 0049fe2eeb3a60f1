package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// finish does what can only be done once everything is in.
func (w *writer) finish(ctx context.Context) error {
	if err := w.open(); err != nil {
		return err
	}
	for _, o := range w.im.owners {
		if err := w.resolve(o); err != nil {
			return err
		}
	}
	if err := w.commit(); err != nil {
		return err
	}
	if err := w.s.index(ctx); err != nil {
		return err
	}
	if err := w.open(); err != nil {
		return err
	}
	for _, o := range w.im.owners {
		if err := w.absorb(o); err != nil {
			return err
		}
	}
	if err := w.sight(); err != nil {
		return err
	}
	for _, o := range w.im.owners {
		if err := markGone(w.txn.Tx, o.id); err != nil {
			return err
		}
	}
	if err := w.close(); err != nil {
		return err
	}
	return w.commit()
}

// sight writes down which posts the archive has. Where it was read before with
// more in it (private messages), that is kept.
func (w *writer) sight() error {
	im := w.im
	if im.again && im.before.Messages && !im.archive.Messages {
		old, err := sightings(w.txn.Tx, "SELECT id, as_of FROM archives WHERE id=?", w.id)
		if err != nil {
			return err
		}
		for _, s := range old {
			w.seen.union(s.posts)
		}
	} else if _, err := w.exec("UPDATE archive_accounts SET scopes='[]' WHERE archive_id=?", w.id); err != nil {
		return err
	}
	if _, err := w.exec("DELETE FROM sightings WHERE archive_id=?", w.id); err != nil {
		return err
	}
	for r := range w.seen.ranges {
		if _, err := w.exec("INSERT INTO sightings VALUES(?,?,?)", w.id, r.first, r.last); err != nil {
			return err
		}
	}
	for _, o := range im.owners {
		_, err := w.exec(`UPDATE archive_accounts SET scopes=(SELECT json_group_array(DISTINCT value) FROM
			(SELECT value FROM json_each(scopes) UNION SELECT value FROM json_each(?))) WHERE archive_id=? AND account_id=?`,
			toJSON(o.scopes), w.id, o.id)
		if err != nil {
			return err
		}
	}
	// The date decides what is gone, so it must be there before that.
	_, err := w.exec("UPDATE archives SET state='done', as_of=?, generated=? WHERE id=?", im.asOf(), unix(im.archive.Generated), w.id)
	return err
}

// toBeReadAgain stands where the version that read an archive would: no version
// is called that.
const toBeReadAgain = "read again"

// close writes the archive's facts and fills in its counts.
func (w *writer) close() error {
	a := &w.im.archive
	a.Posts, a.Skipped, a.Unfinished = w.seen.count(), w.skipped, false
	reader := w.s.reader
	if a.Again {
		reader = toBeReadAgain
	}
	_, err := w.exec(`UPDATE archives SET platform=?, size=?, layout=?, reader=?, partial=?, incomplete=?, notes=?, posts=?, skipped=? WHERE id=?`,
		w.platform(), a.Size, a.Layout, reader, a.Partial, a.Incomplete, toJSON(a.Notes), a.Posts, a.Skipped, a.ID)
	if err != nil {
		return err
	}
	var account sql.NullInt64
	err = w.txn.QueryRow(`SELECT account_id, added, updated, messages, (SELECT count(*) FROM posts WHERE gone_archive=r.id)
		FROM archives r WHERE id=?`, a.ID).Scan(&account, &a.Added, &a.Updated, &a.Messages, &a.Gone)
	a.AccountID = account.Int64
	if w.im.again {
		a.Added, a.Updated = w.totalAdded, w.totalUpdated
	}
	return err
}

// platform is the archive's, or else that of the account it named first.
func (w *writer) platform() string {
	if w.im.archive.Platform == "" && len(w.im.owners) > 0 {
		w.im.archive.Platform = w.im.owners[0].platform
	}
	return w.im.archive.Platform
}

// sightings loads what archives have; query returns their ids and dates.
func sightings(db querier, query string, args ...any) ([]sighting, error) {
	rows, err := db.Query("SELECT r.id, r.as_of, s.first_post, s.last_post FROM ("+query+") r JOIN sightings s ON s.archive_id = r.id ORDER BY r.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []sighting
	last := int64(-1)
	for rows.Next() {
		var id, asOf int64
		var r idRange
		if err := rows.Scan(&id, &asOf, &r.first, &r.last); err != nil {
			return nil, err
		}
		if id != last {
			list, last = append(list, sighting{asOf: asOf, posts: idSet{}}), id
		}
		list[len(list)-1].posts.addRange(r)
	}
	return list, rows.Err()
}

// dated is an archive of one account, for telling what is gone.
type dated struct {
	id, asOf int64
	scopes   []string
}

func datedArchives(tx *sql.Tx, account int64) ([]dated, error) {
	rows, err := tx.Query(`SELECT r.id, r.as_of, l.scopes FROM archives r JOIN archive_accounts l ON l.archive_id = r.id
		WHERE l.account_id=? AND r.state='done' ORDER BY r.as_of, r.id`, account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []dated
	for rows.Next() {
		var d dated
		var scopes string
		if err := rows.Scan(&d.id, &d.asOf, &scopes); err != nil {
			return nil, err
		}
		if err := fromJSON(scopes, &d.scopes); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// markGone works out anew which posts of an account are gone, from all of its
// archives in the order of their dates and not of their import: a post is gone
// from the first archive that is newer than every archive that has it, and
// that says it would have it.
func markGone(tx *sql.Tx, account int64) error {
	archives, err := datedArchives(tx, account)
	if err != nil {
		return err
	}
	gone := map[int64]idSet{} // by the archive that was the first to lack it
	before := idSet{}         // posts of earlier archives
	for len(archives) > 0 {
		n := slices.IndexFunc(archives, func(d dated) bool { return d.asOf != archives[0].asOf })
		if n < 0 {
			n = len(archives)
		}
		if before, err = goneAt(tx, account, archives[:n], before, gone); err != nil {
			return err
		}
		archives = archives[n:]
	}
	return writeGone(tx, account, gone)
}

// goneAt adds the archives of one date to what is gone.
func goneAt(tx *sql.Tx, account int64, same []dated, before idSet, gone map[int64]idSet) (idSet, error) {
	now := idSet{}
	for _, d := range same {
		list, err := sightings(tx, "SELECT id, as_of FROM archives WHERE id=?", d.id)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			now.union(s.posts)
		}
	}
	for _, set := range gone {
		set.subtract(now) // there again
	}
	for _, d := range same {
		if len(d.scopes) == 0 || len(before) == 0 {
			continue
		}
		missing := before.clone()
		missing.subtract(now)
		for _, set := range gone {
			missing.subtract(set)
		}
		set, err := within(tx, account, d.scopes, missing)
		if err != nil {
			return nil, err
		}
		gone[d.id] = set
	}
	before.union(now)
	return before, nil
}

// A plus sign before a column keeps SQLite from choosing an index by it: with
// account_id it would go through all posts of the account for each range.

// within returns the ids of those posts whose keys begin with one of scopes.
func within(tx *sql.Tx, account int64, scopes []string, ids idSet) (idSet, error) {
	st, err := tx.Prepare("SELECT id, key FROM posts WHERE id BETWEEN ? AND ? AND +account_id=?")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	found := idSet{}
	for r := range ids.ranges {
		rows, err := st.Query(r.first, r.last, account)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id int64
			var key string
			if err := rows.Scan(&id, &key); err != nil {
				rows.Close()
				return nil, err
			}
			if slices.ContainsFunc(scopes, func(s string) bool { return strings.HasPrefix(key, s) }) {
				found.add(id)
			}
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// writeGone makes the marks of an account's posts what gone says.
func writeGone(tx *sql.Tx, account int64, gone map[int64]idSet) error {
	rows, err := tx.Query("SELECT id, gone_archive FROM posts WHERE gone_archive IS NOT NULL AND +account_id=?", account)
	if err != nil {
		return err
	}
	var back []int64
	for rows.Next() {
		var id, archive int64
		if err := rows.Scan(&id, &archive); err != nil {
			rows.Close()
			return err
		}
		if gone[archive].has(id) {
			gone[archive].remove(id) // is marked already
		} else {
			back = append(back, id)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, id := range back {
		if _, err := tx.Exec("UPDATE posts SET gone_archive=NULL WHERE id=?", id); err != nil {
			return err
		}
	}
	for archive, set := range gone {
		for r := range set.ranges {
			if _, err := tx.Exec("UPDATE posts SET gone_archive=? WHERE id BETWEEN ? AND ? AND +account_id=?", archive, r.first, r.last, account); err != nil {
				return err
			}
		}
	}
	return nil
}
