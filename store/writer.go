package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"
)

// writer stores what an Import takes in. Its methods run in one goroutine.
type writer struct {
	s      *Store
	im     *Import // its fields are read only once nothing else comes from it
	ctx    context.Context
	id     int64 // of the archive
	digest string
	txn    txn
	// stmts are prepared for the open transaction's connection.
	stmts map[string]*sql.Stmt

	posts, bytes   int // in the open transaction
	nextID         int64
	firstID        int64 // posts from this id on are new
	indexed        int64 // posts up to this id are in the full-text index
	bulk           bulk
	added, updated int // in the open transaction
	totalAdded     int
	totalUpdated   int
	skipped        int
	seen           idSet
	lean, full     []row
	queued         *owner // whose posts those are
	inserts        map[insertShape]string
	sighted        []sighting // what finished archives have; nil until needed
	args           []any
	named          []driver.NamedValue // args for the driver itself
	direct         statements          // of the open transaction's connection
}

// row is a post with its new id, waiting for an INSERT.
type row struct {
	item
	id int64
}

func newWriter(s *Store, im *Import) *writer {
	return &writer{s: s, im: im, ctx: context.WithoutCancel(im.ctx), id: im.archive.ID, digest: im.archive.Digest, seen: idSet{}, inserts: map[insertShape]string{}, direct: statements{}}
}

// open begins a transaction where none is open. Ids are given out here and
// not by SQLite, so that what was inserted is known without asking.
func (w *writer) open() error {
	if w.txn.Tx != nil {
		return nil
	}
	var err error
	if w.txn, err = w.s.begin(w.ctx); err != nil {
		return err
	}
	w.stmts = map[string]*sql.Stmt{}
	expected := w.nextID
	if err := w.txn.QueryRow("SELECT ifnull(max(id), 0) + 1 FROM posts").Scan(&w.nextID); err != nil {
		return err
	}
	if w.firstID == 0 {
		w.firstID = w.nextID
		if err := w.beginBulk(); err != nil {
			return err
		}
		expected = w.nextID
	}
	if err := w.checkBulk(expected); err != nil {
		return err
	}
	return w.txn.QueryRow("SELECT value FROM state WHERE name='indexed'").Scan(&w.indexed)
}

func (w *writer) commit() error {
	if w.txn.Tx == nil {
		return nil
	}
	if err := w.insertAll(); err != nil {
		return errors.Join(err, w.rollback())
	}
	if w.added+w.updated > 0 {
		_, err := w.exec("UPDATE archives SET added=added+?, updated=updated+? WHERE id=?", w.added, w.updated, w.id)
		if err != nil {
			return errors.Join(err, w.rollback())
		}
	}
	if err := w.direct.close(); err != nil {
		return errors.Join(err, w.rollback())
	}
	t := w.txn
	w.txn, w.stmts = txn{}, nil
	if err := t.commit(); err != nil {
		return err
	}
	w.totalAdded += w.added
	w.totalUpdated += w.updated
	w.posts, w.bytes, w.added, w.updated = 0, 0, 0, 0
	return nil
}

func (w *writer) rollback() error {
	if w.txn.Tx == nil {
		return nil
	}
	err := w.direct.close()
	t := w.txn
	w.txn, w.stmts, w.lean, w.full = txn{}, nil, nil, nil
	return errors.Join(err, t.rollback())
}

// prepare returns the statement for query, prepared once for each transaction.
func (w *writer) prepare(query string) (*sql.Stmt, error) {
	if st := w.stmts[query]; st != nil {
		return st, nil
	}
	st, err := w.txn.Prepare(query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	st, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	return st.Exec(args...)
}

func (w *writer) query(query string, args ...any) (*sql.Rows, error) {
	st, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	return st.Query(args...)
}

// load stores one batch of an owner's posts.
func (w *writer) load(o *owner, batch []item) error {
	if err := w.open(); err != nil {
		return err
	}
	if err := w.resolve(o); err != nil {
		return err
	}
	for len(batch) > 0 {
		n := min(len(batch), chunk)
		if err := w.loadChunk(o, batch[:n]); err != nil {
			return err
		}
		batch = batch[n:]
	}
	if w.bulkFull() {
		return w.endBulk()
	}
	if w.posts < w.s.txnPosts && w.bytes < txnBytes {
		return nil
	}
	if err := w.commit(); err != nil || !w.bulk.on {
		return err
	}
	// Nothing of a bulk changes what it brought, so that this can be done while
	// the archive is still being read.
	return w.s.indexSteps(w.ctx, w.s.indexStep)
}

func (w *writer) loadChunk(o *owner, items []item) error {
	var known map[string]stored
	if !o.fresh && !w.bulk.on {
		var err error
		if known, err = w.lookup(o, items); err != nil {
			return err
		}
	}
	for i := range items {
		it := &items[i]
		if w.again(o, it) {
			continue
		}
		w.posts++
		w.bytes += len(it.post.Text)
		old, ok := known[it.post.Key]
		switch {
		case !ok:
			if err := w.insertLater(o, it); err != nil {
				return err
			}
		case old.hash == it.hash:
			w.seen.add(old.id)
		default:
			if err := w.merge(o, it, old.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// stored is what a lookup by key tells of a stored post.
type stored struct{ id, hash int64 }

// lookup finds the posts of one chunk that the store has.
func (w *writer) lookup(o *owner, items []item) (map[string]stored, error) {
	args := append(w.args[:0], o.id)
	for i := range chunk {
		if i < len(items) {
			args = append(args, items[i].post.Key)
		} else {
			args = append(args, nil)
		}
	}
	w.args = args
	rows, err := w.query("SELECT id, key, hash FROM posts WHERE account_id=? AND key IN (?"+strings.Repeat(",?", chunk-1)+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := make(map[string]stored, len(items))
	for rows.Next() {
		var s stored
		var key string
		if err := rows.Scan(&s.id, &key, &s.hash); err != nil {
			return nil, err
		}
		known[key] = s
	}
	return known, rows.Err()
}

// chunk is how many posts one statement inserts or looks up.
const chunk = 64

// Most posts have only the lean columns; binding fewer values is what makes a
// bulk load fast.
const (
	leanColumns = "id,kind,own,created,audience,author,reply_to,text,key,url,reply_to_author,thread,as_of,hash"
	fullColumns = leanColumns + ",place,content_warning,precision,quoted,truncated,deleted,edited"
)

// insertLater gives the post an id and queues it; the row is written with
// others of its shape.
func (w *writer) insertLater(o *owner, it *item) error {
	if w.queued != o {
		if err := w.insertAll(); err != nil {
			return err
		}
		w.queued = o
	}
	r := row{item: *it, id: w.nextID}
	w.nextID++
	p := &it.post
	if p.Place == "" && p.ContentWarning == "" && p.Precision == "" && p.Quoted == "" && !p.Truncated && p.Deleted.IsZero() && p.Edited.IsZero() {
		w.lean = append(w.lean, r)
		if len(w.lean) < chunk {
			return nil
		}
		return w.insert(&w.lean, leanColumns)
	}
	w.full = append(w.full, r)
	if len(w.full) < chunk {
		return nil
	}
	return w.insert(&w.full, fullColumns)
}

func (w *writer) insertAll() error {
	if err := w.insert(&w.lean, leanColumns); err != nil {
		return err
	}
	return w.insert(&w.full, fullColumns)
}

// insert writes queued rows in as few statements as possible.
func (w *writer) insert(queue *[]row, columns string) error {
	rows := *queue
	*queue = (*queue)[:0]
	for len(rows) > 0 {
		n := chunk
		for n > len(rows) {
			n /= 4
		}
		if err := w.insertRows(rows[:n], columns); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (w *writer) insertRows(rows []row, columns string) error {
	args := w.args[:0]
	for i := range rows {
		args = w.bind(args, &rows[i], columns == fullColumns)
	}
	w.args = args
	n, err := w.insertMany(w.insertStatement(columns, len(rows)), args, len(rows))
	if err != nil {
		return err
	}
	if n == len(rows) { // always so in a bulk
		for i := range rows {
			w.seen.add(rows[i].id)
		}
		w.added += len(rows)
		return w.insertParts(rows)
	}
	return w.insertConflicts(rows)
}

// insertShape tells the INSERT statements of an archive apart.
type insertShape struct {
	account int64
	columns string
	rows    int
	bulk    bool
}

// insertStatement returns an INSERT of n rows. What is the same in all of them
// is part of the statement.
func (w *writer) insertStatement(columns string, n int) string {
	shape := insertShape{w.queued.id, columns, n, w.bulk.on}
	if q, ok := w.inserts[shape]; ok {
		return q
	}
	row := fmt.Sprintf("(%d,%d%s)", w.queued.id, w.id, strings.Repeat(",?", strings.Count(columns, ",")+1))
	q := "INSERT INTO posts(account_id,archive_id," + columns + ") VALUES " + row + strings.Repeat(","+row, n-1)
	if !w.bulk.on {
		q += " ON CONFLICT(account_id, key) DO NOTHING"
	}
	w.inserts[shape] = q
	return q
}

func (w *writer) bind(args []any, r *row, full bool) []any {
	p := &r.post
	args = append(args, r.id, string(p.Kind), boolInt(p.Own), unix(p.Created), string(p.Audience),
		p.Author, p.ReplyTo, p.Text, p.Key, p.URL, p.ReplyToAuthor, p.Thread, r.asOf, r.hash)
	if full {
		args = append(args, p.Place, p.ContentWarning, string(p.Precision), p.Quoted, boolInt(p.Truncated), unix(p.Deleted), unix(p.Edited))
	}
	return args
}

// insertConflicts handles rows of which some were not inserted, because the
// archive holds their key twice: the later ones add to the first.
func (w *writer) insertConflicts(rows []row) error {
	rows = append([]row(nil), rows...) // merging queues nothing, but be safe from reuse
	for i := range rows {
		r := &rows[i]
		var id int64
		st, err := w.prepare("SELECT id FROM posts WHERE account_id=? AND key=?")
		if err != nil {
			return err
		}
		if err := st.QueryRow(w.queued.id, r.post.Key).Scan(&id); err != nil {
			return err
		}
		if id == r.id {
			w.seen.add(id)
			w.added++
			if err := w.insertParts(rows[i : i+1]); err != nil {
				return err
			}
			continue
		}
		if err := w.merge(w.queued, &r.item, id); err != nil {
			return err
		}
	}
	return nil
}

// insertParts stores attachments and earlier texts of new posts.
func (w *writer) insertParts(rows []row) error {
	for i := range rows {
		for _, m := range rows[i].post.Media {
			if err := w.insertMedia(rows[i].id, m); err != nil {
				return err
			}
		}
		for _, v := range rows[i].post.Versions {
			if err := w.insertVersion(rows[i].id, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) insertMedia(id int64, m Media) error {
	_, err := w.exec("INSERT INTO media(post_id, member, type, url, alt) VALUES(?,?,?,?,?)", id, m.Member, m.Type, m.URL, m.Alt)
	return err
}

func (w *writer) insertVersion(id int64, v Version) error {
	_, err := w.exec("INSERT INTO versions(post_id, key, text, created) VALUES(?,?,?,?)", id, v.Key, v.Text, unix(v.Created))
	return err
}

func (w *writer) skip(skips []Skip) error {
	if err := w.open(); err != nil {
		return err
	}
	for _, k := range skips {
		_, err := w.exec("INSERT INTO skips(archive_id, member, record, reason) VALUES(?,?,?,?)", w.id, k.Member, k.Record, k.Reason)
		if err != nil {
			return err
		}
	}
	w.skipped += len(skips)
	w.posts += len(skips)
	if w.posts >= w.s.txnPosts {
		return w.commit()
	}
	return nil
}

// abort commits what there is and leaves the archive in state 'reading'.
func (w *writer) abort() error {
	if err := w.open(); err != nil {
		return err
	}
	_, err := w.exec("UPDATE archives SET incomplete=1, skipped=? WHERE id=?", w.skipped, w.id)
	if err != nil {
		return err
	}
	return w.commit()
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// unix returns seconds, or nil for the zero time.
func unix(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// fromUnix is the inverse of unix.
func fromUnix(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return time.Unix(v.Int64, 0).UTC()
}

// placeholders returns n question marks.
func placeholders(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint("?", strings.Repeat(",?", n-1))
}
