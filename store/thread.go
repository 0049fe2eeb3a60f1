package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Thread is what the archive has around one post, oldest first. What others
// wrote in between is in no archive.
type Thread struct {
	Before, After []Post
}

// Thread returns the posts of the same account that belong to a conversation
// with this one: what it answers, what was said in the same thread, and the
// answers to it; at most most on either side, the nearest. Media and versions
// are left out. Where there is no such post the error is ErrNotFound.
func (s *Store) Thread(ctx context.Context, post int64, most int) (Thread, error) {
	t, err := s.thread(ctx, post, most)
	return t, explain("reading the thread", err)
}

func (s *Store) thread(ctx context.Context, id int64, most int) (Thread, error) {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return Thread{}, err
	}
	defer tx.Rollback() // it only reads
	found, err := somePosts(tx, "p.id = ?", id)
	if err != nil {
		return Thread{}, err
	}
	if len(found) == 0 {
		return Thread{}, fmt.Errorf("post %d: %w", id, ErrNotFound)
	}
	at := found[0]
	around := map[int64]Post{}
	if err := ancestors(tx, at, most, around); err != nil {
		return Thread{}, err
	}
	if err := descendants(tx, at, most, around); err != nil {
		return Thread{}, err
	}
	if err := sameThread(tx, at, most, around); err != nil {
		return Thread{}, err
	}
	delete(around, at.ID)
	return split(at, around, most), nil
}

func somePosts(tx *sql.Tx, where string, args ...any) ([]Post, error) {
	rows, err := tx.Query("SELECT "+postColumns+" FROM posts p WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Post
	for rows.Next() {
		p, err := scanPost(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// ancestors follows what is answered, upwards.
func ancestors(tx *sql.Tx, p Post, most int, around map[int64]Post) error {
	for range most {
		if p.ReplyTo == "" {
			return nil
		}
		up, err := somePosts(tx, "p.account_id = ? AND p.key = ?", p.AccountID, p.ReplyTo)
		if err != nil || len(up) == 0 {
			return err
		}
		if p = up[0]; around[p.ID].ID != 0 {
			return nil // a circle
		}
		around[p.ID] = p
	}
	return nil
}

// descendants follows the answers to a post, level by level. The answers are
// read once, without their texts.
func descendants(tx *sql.Tx, p Post, most int, around map[int64]Post) error {
	rows, err := tx.Query("SELECT id, key, reply_to FROM posts WHERE account_id = ? AND reply_to <> ''", p.AccountID)
	if err != nil {
		return err
	}
	defer rows.Close()
	type answer struct {
		id  int64
		key string
	}
	answers := map[string][]answer{}
	for rows.Next() {
		var a answer
		var to string
		if err := rows.Scan(&a.id, &a.key, &to); err != nil {
			return err
		}
		answers[to] = append(answers[to], a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	seen := map[int64]bool{p.ID: true}
	var ids []int64
	for level := []string{p.Key}; len(level) > 0 && len(ids) < most; {
		var next []string
		for _, key := range level {
			for _, a := range answers[key] {
				if !seen[a.id] {
					seen[a.id] = true
					ids, next = append(ids, a.id), append(next, a.key)
				}
			}
		}
		level = next
	}
	down, err := somePosts(tx, "p.id IN (SELECT value FROM json_each(?))", idsJSON(ids))
	for _, q := range down {
		around[q.ID] = q
	}
	return err
}

// sameThread adds what the archive itself puts into one thread or chat, the
// nearest in time on either side.
func sameThread(tx *sql.Tx, p Post, most int, around map[int64]Post) error {
	if p.Thread == "" || p.Created.IsZero() {
		return nil
	}
	const same = "p.account_id = ? AND (p.thread = ? OR p.key = ?) AND p.id <> ? AND p.created "
	for _, side := range []string{"<= ? ORDER BY p.created DESC, p.id DESC", ">= ? ORDER BY p.created, p.id"} {
		list, err := somePosts(tx, same+side+" LIMIT ?", p.AccountID, p.Thread, p.Thread, p.ID, p.Created.Unix(), most)
		if err != nil {
			return err
		}
		for _, q := range list {
			around[q.ID] = q
		}
	}
	return nil
}

// split sorts the posts around one into before and after. Of two with the same
// time the one with the lower id came first.
func split(at Post, around map[int64]Post, most int) Thread {
	order := func(a, b Post) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	}
	var t Thread
	for _, p := range around {
		before := order(p, at) < 0
		switch {
		case p.Key == at.ReplyTo && at.ReplyTo != "":
			before = true
		case p.ReplyTo == at.Key:
			before = false
		}
		if before {
			t.Before = append(t.Before, p)
		} else {
			t.After = append(t.After, p)
		}
	}
	slices.SortFunc(t.Before, order)
	slices.SortFunc(t.After, order)
	t.Before = t.Before[max(0, len(t.Before)-most):]
	t.After = t.After[:min(len(t.After), most)]
	return t
}

// Stamp changes whenever decisions, findings, opinions or archives change, whichever
// lookback changed them. It is quick to read, and says nothing by itself but
// this: what stands before its first slash is of the decisions alone.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	var stamp string
	err := s.r.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM decisions) || '.' || (SELECT ifnull(max(id), 0) || '.' || count(undone) FROM changes)
		|| '/' || (SELECT ifnull(max(last_scan), 0) || '.' || count(*) FROM rulesets)
		|| '/' || (SELECT count(*) || '.' || ifnull(max(id), 0) FROM findings)
		|| '/' || (SELECT count(*) || '.' || ifnull(max(id), 0) FROM allowed) || '.' || (SELECT count(*) FROM silenced)
		|| '/' || (SELECT count(*) || '.' || ifnull(max(id), 0) FROM opinions)
		|| '/' || (SELECT count(*) || '.' || ifnull(max(imported), 0) || '.' || ifnull(sum(state = 'done'), 0) FROM archives)`).Scan(&stamp)
	return stamp, explain("looking at the store", err)
}
