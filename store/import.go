package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Posts travel to the writer in batches, and are committed in larger ones.
const (
	batchPosts = 512
	// queuedBatches may wait for the writer: enough to read on while it commits
	// and while it adds to the full-text index.
	queuedBatches = 32
	batchBytes    = 1 << 20
	txnPosts      = 1 << 15 // the default of Store.txnPosts
	txnBytes      = 64 << 20
)

// KnownArchive says whether an archive with this digest was read completely
// before, with at least these options and by the same version of the program
// (see ReadBy), so that reading it again would change nothing.
func (s *Store) KnownArchive(ctx context.Context, digest string, messages bool) (Archive, bool, error) {
	if digest == "" {
		return Archive{}, false, nil
	}
	list, err := s.archives(ctx, "WHERE r.digest=?", digest)
	if err != nil || len(list) == 0 {
		return Archive{}, false, explain("looking for the archive", err)
	}
	for _, a := range list {
		if a.Unfinished || messages && !a.Messages || a.reader != s.reader {
			return Archive{}, false, nil
		}
	}
	return list[0].Archive, true, nil
}

// Import takes what is read from one archive. Its methods are called from one
// goroutine; the database is written by another, so that reading and writing
// overlap. Everything but Finish may return before what it was given is
// stored, and returns the error of an earlier call.
//
// What is stored is committed in batches. An Import that was neither finished
// nor aborted leaves a sound store, in which the archive is marked unfinished;
// importing the archive again completes it.
//
// An archive may tell of accounts on several platforms (Instagram's holds
// Threads): Account says to which one the following posts and scopes belong.
type Import struct {
	s       *Store
	ctx     context.Context
	archive Archive
	scopes  int  // scopes of archive that were given to an owner
	again   bool // the archive was completely read before
	before  Archive

	owners  []*owner
	current *owner
	batch   []item
	bytes   int
	skips   []Skip
	newest  int64 // latest post so far: stands in for an unknown date of making

	ops    chan func() error
	failed chan struct{}
	done   chan struct{}
	err    error
	once   sync.Once
	w      *writer
}

// item is a post on its way to the writer.
type item struct {
	post Post
	hash int64
	asOf int64
}

// BeginImport starts to take in the archive a, of which Name, Digest, Size,
// Platform and Messages are set and Generated may be. Finish or Abort must
// follow.
func (s *Store) BeginImport(ctx context.Context, a Archive) (*Import, error) {
	im := &Import{
		s: s, ctx: ctx, archive: a,
		ops: make(chan func() error, queuedBatches), failed: make(chan struct{}), done: make(chan struct{}),
	}
	if im.archive.Imported.IsZero() {
		im.archive.Imported = s.now().UTC().Truncate(time.Second)
	}
	err := s.write(ctx, "beginning the import", func(tx *sql.Tx) error { return im.register(tx) })
	if err != nil {
		return nil, err
	}
	im.scopes = 0
	im.w = newWriter(s, im)
	go im.run("storing " + a.Name)
	return im, nil
}

// register finds the row of an archive that was read before or adds one.
func (im *Import) register(tx *sql.Tx) error {
	a := &im.archive
	var state string
	if a.Digest != "" {
		err := tx.QueryRow(`SELECT id, state, messages, platform FROM archives
			WHERE digest=?1 AND (platform=?2 OR platform='' OR ?2='') ORDER BY id LIMIT 1`, a.Digest, a.Platform).
			Scan(&im.before.ID, &state, &im.before.Messages, &im.before.Platform)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	im.again = state == "done"
	if im.before.ID == 0 {
		res, err := tx.Exec(`INSERT INTO archives(platform, name, digest, size, messages, reader, imported, state)
			VALUES(?,?,?,?,?,?,?,'reading')`, a.Platform, a.Name, a.Digest, a.Size, a.Messages, im.s.reader, a.Imported.Unix())
		if err != nil {
			return err
		}
		a.ID, err = res.LastInsertId()
		return err
	}
	a.ID = im.before.ID
	if a.Platform == "" {
		a.Platform = im.before.Platform
	}
	_, err := tx.Exec(`UPDATE archives SET state='reading', name=?, imported=?, messages=?, skipped=0 WHERE id=?`,
		a.Name, a.Imported.Unix(), a.Messages || im.again && im.before.Messages, a.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM skips WHERE archive_id=?`, a.ID)
	return err
}

// run is the writer's goroutine.
func (im *Import) run(op string) {
	defer close(im.done)
	// SQLite's memory is that of the thread: in one it is used again.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer func() {
		if im.err == nil { // what was handed over stays, even where Finish did not come
			im.err = explain(op, im.w.endBulk())
		}
	}()
	for do := range im.ops {
		if im.err != nil {
			continue // drain
		}
		if err := do(); err != nil {
			im.err = explain(op, errors.Join(err, im.w.rollback()))
			close(im.failed)
		}
	}
}

// send queues op for the writer.
func (im *Import) send(op func() error) error {
	select {
	case <-im.failed:
		return im.err
	default:
	}
	select {
	case im.ops <- op:
		return nil
	case <-im.failed:
		return im.err
	case <-im.ctx.Done():
		return im.ctx.Err()
	}
}

// Account names the owner of the posts that follow. It may be called again
// when more is learnt: fields that are set are taken over.
func (im *Import) Account(a Account) error {
	if a.Platform == "" {
		a.Platform = im.archive.Platform
	}
	if a.Platform == "" {
		return errors.New("importing: the account has no platform")
	}
	i := slices.IndexFunc(im.owners, func(o *owner) bool { return o.platform == a.Platform })
	if i < 0 {
		im.owners = append(im.owners, &owner{platform: a.Platform})
		i = len(im.owners) - 1
	}
	o := im.owners[i]
	if o != im.current {
		if err := im.flush(); err != nil {
			return err
		}
		im.current = o
	}
	asOf := im.asOf()
	return im.send(func() error { return im.w.learn(o, a, asOf) })
}

// owner makes sure that there is an account to which posts belong.
func (im *Import) owner() (*owner, error) {
	if im.current == nil {
		if err := im.Account(Account{}); err != nil {
			return nil, err
		}
	}
	return im.current, nil
}

// asOf is the time whose state the archive shows, as far as it is known yet.
func (im *Import) asOf() int64 {
	if !im.archive.Generated.IsZero() {
		return im.archive.Generated.Unix()
	}
	return im.newest
}

// Post takes one post and keeps it until it is stored: nothing in it may be
// changed afterwards. ID, AccountID and GoneArchive are ignored.
func (im *Import) Post(p Post) error {
	if _, err := im.owner(); err != nil {
		return err
	}
	if p.Key == "" || !slices.Contains(Kinds, p.Kind) {
		return fmt.Errorf("importing: a post of kind %q has no key or an unknown kind", p.Kind)
	}
	if !utf8.ValidString(p.Text) {
		p.Text = strings.ToValidUTF8(p.Text, "\uFFFD")
	}
	for _, f := range [...]*string{&p.Author, &p.Place, &p.ReplyTo} {
		if strings.Contains(*f, separator) { // see packedPost
			*f = strings.ReplaceAll(*f, separator, " ")
		}
	}
	if p.Created.IsZero() {
		p.Precision = PrecisionNone
	} else if t := min(p.Created.Unix(), im.archive.Imported.Unix()); t > im.newest {
		im.newest = t
	}
	im.batch = append(im.batch, item{post: p, hash: hashPost(&p), asOf: im.asOf()})
	im.bytes += len(p.Text)
	if len(im.batch) >= batchPosts || im.bytes >= batchBytes {
		return im.flush()
	}
	return nil
}

// Skip counts a record that could not be read.
func (im *Import) Skip(k Skip) error {
	im.skips = append(im.skips, k)
	if len(im.skips) >= batchPosts {
		return im.flush()
	}
	return nil
}

// SetArchive changes what is known of the archive: Platform, Layout,
// Generated, Partial, Incomplete, Scopes and Notes. Scopes that it adds belong
// to the account that Account named last.
func (im *Import) SetArchive(change func(*Archive)) {
	id, added := im.archive.ID, im.scopes
	change(&im.archive)
	im.archive.ID = id
	if len(im.archive.Scopes) > added {
		if o, err := im.owner(); err == nil {
			o.scopes = append(o.scopes, im.archive.Scopes[added:]...)
		}
	}
	im.scopes = len(im.archive.Scopes)
}

// flush hands what was collected to the writer.
func (im *Import) flush() error {
	if len(im.batch) > 0 {
		o, batch := im.current, im.batch
		im.batch, im.bytes = make([]item, 0, batchPosts), 0
		if err := im.send(func() error { return im.w.load(o, batch) }); err != nil {
			return err
		}
	}
	if len(im.skips) > 0 {
		skips := im.skips
		im.skips = nil
		return im.send(func() error { return im.w.skip(skips) })
	}
	return nil
}

// stop ends the writer's goroutine and returns its error.
func (im *Import) stop() error {
	im.once.Do(func() { close(im.ops) })
	<-im.done
	return im.err
}

// Finish stores the rest, completes the full-text index, marks what the
// archive shows to be gone from the account, and marks the archive as
// completely read. The counts of the Archive that it returns are of this
// import: reading the same archive again adds and updates nothing.
func (im *Import) Finish(ctx context.Context) (Archive, error) {
	err := im.flush()
	if err == nil {
		err = im.send(func() error { return im.w.endBulk() })
	}
	if err == nil {
		err = im.send(func() error { return im.w.finish(ctx) })
	}
	if err = errors.Join(err, im.stop()); err != nil {
		return im.archive, im.firstError(err)
	}
	return im.archive, nil
}

// firstError avoids saying the writer's error twice.
func (im *Import) firstError(err error) error {
	if im.err != nil {
		return im.err
	}
	return err
}

// Abort ends the import early. What was handed over stays, the archive is
// marked as unfinished, and importing it again completes it. After Finish it
// does nothing.
func (im *Import) Abort() error {
	select {
	case <-im.done:
		return nil
	default:
	}
	im.ctx = context.WithoutCancel(im.ctx) // the last batch is still stored
	err := im.flush()
	if err == nil {
		err = im.send(im.w.abort)
	}
	return im.firstError(errors.Join(err, im.stop()))
}

// toJSON encodes small lists for a column.
func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil || string(b) == "null" {
		return "[]"
	}
	return string(b)
}
