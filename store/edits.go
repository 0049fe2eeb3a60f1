package store

// An edited post has an own key for each of its versions, and an export need
// not say of the first that it was edited. So an earlier version can come in as
// a post: from the same archive, from an older one, before the edited post or
// after it.

// absorb makes one post of an edited one and of those that are its earlier
// versions, and fills in their texts.
func (w *writer) absorb(o *owner) error {
	const earlier = `SELECT v.id, v.post_id, p.id, p.text, ifnull(p.created, 0) FROM versions v
		JOIN posts q ON q.id = v.post_id JOIN posts p ON p.account_id = q.account_id AND p.key = v.key
		WHERE q.account_id=? AND v.key <> '' AND p.id <> q.id ORDER BY v.id`
	rows, err := w.query(earlier, o.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []absorbed
	for rows.Next() {
		var a absorbed
		if err := rows.Scan(&a.version, &a.into, &a.post, &a.text, &a.created); err != nil {
			return err
		}
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, a := range list {
		if err := w.absorbOne(a); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return nil
	}
	// Ids from the end are given out again: the index must not think that it
	// has them.
	_, err = w.exec("UPDATE state SET value=min(value, (SELECT ifnull(max(id), 0) FROM posts)) WHERE name='indexed'")
	return err
}

// absorbed is a post that is an earlier version of another.
type absorbed struct {
	version, into, post, created int64
	text                         string
}

func (w *writer) absorbOne(a absorbed) error {
	if a.text != "" {
		_, err := w.exec("UPDATE versions SET text=?, created=nullif(?, 0) WHERE id=? AND text=''", a.text, a.created, a.version)
		if err != nil {
			return err
		}
	}
	if _, err := w.exec("DELETE FROM scanned WHERE post_id=?", a.into); err != nil {
		return err // its earlier text is to be scanned
	}
	res, err := w.exec("DELETE FROM posts WHERE id=?", a.post)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // two posts had it as a version
	}
	if _, err := w.exec("INSERT INTO posts_fts(posts_fts, rowid, text) VALUES('delete', ?, ?)", a.post, a.text); err != nil {
		return err
	}
	if a.post >= w.firstID {
		w.totalAdded--
		if _, err := w.exec("UPDATE archives SET added=added-1 WHERE id=?", w.id); err != nil {
			return err
		}
	}
	if w.seen.has(a.post) {
		w.seen.remove(a.post)
		w.seen.add(a.into)
	}
	if a.created == 0 {
		return nil
	}
	_, err = w.exec("UPDATE posts SET created=?2 WHERE id=?1 AND created > ?2", a.into, a.created)
	return err
}
