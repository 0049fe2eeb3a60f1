package store

import (
	"database/sql"
)

// postColumns are read by scanPost.
const postColumns = `p.id, p.account_id, p.key, p.kind, p.own, p.author, p.text, p.content_warning, p.created, p.precision, p.audience,
	p.url, p.reply_to, p.reply_to_author, p.quoted, p.thread, p.place, p.truncated, p.deleted, p.edited, p.gone_archive`

// scanPost reads postColumns and what follows them.
func scanPost(row scanner, more ...any) (Post, error) {
	var p Post
	var created, deleted, edited, gone sql.NullInt64
	err := row.Scan(append([]any{&p.ID, &p.AccountID, &p.Key, &p.Kind, &p.Own, &p.Author, &p.Text, &p.ContentWarning, &created, &p.Precision,
		&p.Audience, &p.URL, &p.ReplyTo, &p.ReplyToAuthor, &p.Quoted, &p.Thread, &p.Place, &p.Truncated, &deleted, &edited, &gone}, more...)...)
	p.Created, p.Deleted, p.Edited, p.GoneArchive = fromUnix(created), fromUnix(deleted), fromUnix(edited), gone.Int64
	return p, err
}

func readMedia(db querier, post int64) ([]Media, error) {
	rows, err := db.Query("SELECT member, type, url, alt FROM media WHERE post_id=? ORDER BY id", post)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Media
	for rows.Next() {
		var m Media
		if err := rows.Scan(&m.Member, &m.Type, &m.URL, &m.Alt); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

func readVersions(db querier, post int64) ([]Version, error) {
	rows, err := db.Query("SELECT id, key, text, created FROM versions WHERE post_id=? ORDER BY ifnull(created, 0), id", post)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Version
	for rows.Next() {
		var v Version
		var created sql.NullInt64
		if err := rows.Scan(&v.ID, &v.Key, &v.Text, &created); err != nil {
			return nil, err
		}
		v.Created = fromUnix(created)
		list = append(list, v)
	}
	return list, rows.Err()
}
