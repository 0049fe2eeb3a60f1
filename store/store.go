// Package store holds the domain types that every other package speaks in,
// and the SQLite database in which lookback keeps what it read and found.
//
// The file never leaves the computer, is readable by its owner alone and is
// wiped where something in it is deleted. The package never opens an archive,
// never judges a text, and puts no text of a post into an error.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// applicationID marks our files in SQLite's header: "lkbk".
const applicationID = 0x6c6b626b

// Store is one database. It is safe for concurrent use; one write waits for
// another. While an Import is open its writer holds the write lock most of
// the time: do not wait for another write of the same process within it.
type Store struct {
	path   string
	reader string // see ReadBy
	now    func() time.Time
	w      *sql.DB // one connection; nil when opened read-only
	r      *sql.DB

	txnPosts  int   // posts that an import commits at once
	bulkPosts int64 // posts after which a first import builds its indexes
	indexStep int64 // posts that come into the full-text index at once
}

type config struct {
	readOnly bool
	reader   string
	now      func() time.Time
	busy     time.Duration
	maxPages int64
}

// Option changes how Open opens.
type Option func(*config)

// ReadOnly opens an existing store without ever writing to it.
func ReadOnly() Option { return func(c *config) { c.readOnly = true } }

// ReadBy names the version of the program that reads archives. An archive
// that another version has read counts as unknown: the new one may read more.
func ReadBy(version string) Option { return func(c *config) { c.reader = version } }

// Clock sets what tells the time of imports, scans and decisions; the default
// is time.Now. Nothing depends on its being right.
func Clock(now func() time.Time) Option { return func(c *config) { c.now = now } }

// BusyTimeout sets how long a write waits for another lookback at the same
// store before it gives up with ErrBusy. The default is 10 s.
func BusyTimeout(d time.Duration) Option { return func(c *config) { c.busy = d } }

// maxPages limits the file's size, so that a test can see a full disk.
func maxPages(n int64) Option { return func(c *config) { c.maxPages = n } }

// Open opens the store at path and creates it where there is none: the file
// with mode 0600, missing folders with 0700. A store of an earlier version is
// brought up to date. What a person can do something about comes as a
// *HintError around one of the Err values.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	cfg := config{busy: 10 * time.Second, now: time.Now}
	for _, o := range opts {
		o(&cfg)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	if err := prepareFile(path, cfg.readOnly); err != nil {
		return nil, err
	}
	s := &Store{path: path, reader: cfg.reader, now: cfg.now, txnPosts: txnPosts, bulkPosts: bulkPosts, indexStep: indexStep}
	if cfg.readOnly {
		err = s.openReadOnly(ctx, cfg)
	} else {
		err = s.openWritable(ctx, cfg)
	}
	if err != nil {
		return nil, errors.Join(explain("opening the store "+filepath.Base(path), err), s.Close())
	}
	return s, nil
}

// Path returns the absolute path of the database file.
func (s *Store) Path() string { return s.path }

// Close closes the store. The last one to close merges the write-ahead log
// into the file and removes it.
func (s *Store) Close() error {
	var errs []error
	if s.r != nil {
		errs = append(errs, s.r.Close())
	}
	if s.w != nil {
		errs = append(errs, s.w.Close())
	}
	return errors.Join(errs...)
}

// prepareFile creates the file, or makes sure that the one there is ours and
// private, before SQLite touches it.
func prepareFile(path string, readOnly bool) error {
	fail := func(kind, err error, hint string) error {
		return &HintError{Err: fmt.Errorf("opening the store %s: %w (%w)", filepath.Base(path), kind, err), Hint: hint}
	}
	if !readOnly {
		if err := MakeFolder(filepath.Dir(path)); err != nil {
			return fail(ErrReadOnly, bare(err), "choose another place with --db")
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err == nil {
			return errors.Join(f.Chmod(0o600), f.Close()) // the umask may have taken too much
		}
		if !errors.Is(err, fs.ErrExist) {
			return fail(ErrReadOnly, bare(err), failures[codeCantOpen].Hint)
		}
	}
	fi, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(ErrNotFound, bare(err), "import an archive first, or name the right file with --db")
	case err != nil:
		return fail(ErrReadOnly, bare(err), failures[codeCantOpen].Hint)
	case !fi.Mode().IsRegular():
		return fail(ErrNotOurs, errors.New("it is not a file"), "name a file with --db")
	}
	if err := checkHeader(path); err != nil {
		if errors.Is(err, ErrNotOurs) {
			return &HintError{Err: fmt.Errorf("opening the store %s: %w", filepath.Base(path), err), Hint: "choose another file with --db; this one was left as it is"}
		}
		return fail(ErrReadOnly, bare(err), failures[codeCantOpen].Hint)
	}
	if !readOnly && runtime.GOOS != "windows" && fi.Mode().Perm()&0o077 != 0 {
		// A copy made elsewhere may have become readable by others.
		if err := os.Chmod(path, 0o600); err != nil {
			return fail(ErrReadOnly, bare(err), failures[codeReadonly].Hint)
		}
	}
	return nil
}

// MakeFolder creates dir and what is missing above it, for the owner alone
// whatever the umask. A folder that is there stays as it is. Where a file is in
// the way the error is fs.ErrExist and holds its path.
func MakeFolder(dir string) error {
	if fi, err := os.Stat(dir); err == nil && fi.IsDir() {
		return nil
	}
	if up := filepath.Dir(dir); up != dir {
		if err := MakeFolder(up); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if fi, serr := os.Stat(dir); serr == nil && fi.IsDir() {
			return nil // another process was quicker
		}
		return err
	}
	return os.Chmod(dir, 0o700)
}

// bare takes the path out of a file error: it may name the person.
func bare(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// checkHeader reads the application id from the file itself, because SQLite
// would add a log beside a database of somebody else's. A new store writes its
// id before anything else.
func checkHeader(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var head [100]byte
	n, err := io.ReadFull(f, head[:])
	if n == 0 && errors.Is(err, io.EOF) {
		return nil // new
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if n < len(head) || string(head[:16]) != "SQLite format 3\x00" || binary.BigEndian.Uint32(head[68:]) != applicationID {
		return ErrNotOurs
	}
	return nil
}

func (s *Store) openWritable(ctx context.Context, cfg config) error {
	pragmas := append(pragmas(cfg), fmt.Sprintf("PRAGMA cache_size=-%d", writeCache), "PRAGMA wal_autocheckpoint=4000")
	s.w = sql.OpenDB(connector{dsn(s.path, "_txlock=immediate"), pragmas})
	s.w.SetMaxOpenConns(1)
	if err := s.initialize(ctx, cfg); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.mendIndexes(ctx, cfg); err != nil {
		return err
	}
	s.openReaders(dsn(s.path, ""), cfg)
	due, err := s.state(ctx, "purge")
	if err != nil || due == 0 {
		return err
	}
	return s.purge(ctx) // a Forget was killed before it had wiped the file
}

func (s *Store) openReaders(dsn string, cfg config) {
	s.r = sql.OpenDB(connector{dsn, append(pragmas(cfg), "PRAGMA cache_size=-8192", "PRAGMA query_only=ON")})
	s.r.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	s.r.SetMaxIdleConns(4)
}

func (s *Store) openReadOnly(ctx context.Context, cfg config) error {
	s.openReaders(dsn(s.path, "mode=ro"), cfg)
	version, err := s.version(ctx, s.r)
	if code := sqliteCode(err) & 0xff; code == codeCantOpen || code == codeReadonly {
		// In a folder that cannot be written to SQLite cannot set up its
		// log. Without one the file cannot change either.
		if _, serr := os.Stat(s.path + "-wal"); !errors.Is(serr, fs.ErrNotExist) {
			return err
		}
		s.r.Close()
		s.openReaders(dsn(s.path, "mode=ro&immutable=1"), cfg)
		version, err = s.version(ctx, s.r)
	}
	if err != nil {
		return err
	}
	if version < len(migrations) {
		return &HintError{Err: fmt.Errorf("%w: it is of an earlier version", ErrReadOnly), Hint: "run `lookback status` once where the store can be written to"}
	}
	return nil
}

// pragmas are set on every connection, whichever the driver.
func pragmas(cfg config) []string {
	list := []string{
		fmt.Sprintf("PRAGMA busy_timeout=%d", cfg.busy.Milliseconds()),
		"PRAGMA foreign_keys=ON",
		"PRAGMA synchronous=NORMAL",
		"PRAGMA secure_delete=ON",
		"PRAGMA temp_store=MEMORY", // no temporary files
		"PRAGMA cell_size_check=ON",
		"PRAGMA trusted_schema=OFF",
		"PRAGMA journal_size_limit=67108864",
	}
	if cfg.maxPages > 0 {
		list = append(list, fmt.Sprintf("PRAGMA max_page_count=%d", cfg.maxPages))
	}
	return list
}

// dsn returns SQLite's URI for path; query may be empty.
func dsn(path, query string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/Users
	}
	return (&url.URL{Scheme: "file", Path: p, RawQuery: query}).String()
}

// connector opens connections that all have the same pragmas.
type connector struct {
	dsn     string
	pragmas []string
}

var registered = sync.OnceValue(func() driver.Driver {
	db, err := sql.Open(driverName, "file::memory:")
	if err != nil {
		panic(err) // the driver is linked in
	}
	defer db.Close()
	return db.Driver()
})

func (c connector) Driver() driver.Driver { return registered() }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	conn, err := registered().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	ex, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(errors.New("the driver cannot run statements"), conn.Close())
	}
	for _, p := range c.pragmas {
		if _, err := ex.ExecContext(context.Background(), p, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}

// initialize marks a new file as ours and switches it to write-ahead logging.
func (s *Store) initialize(ctx context.Context, cfg config) error {
	var id int64
	if err := s.w.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id == 0 {
		if _, err := s.w.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
			return err
		}
	}
	if _, err := s.version(ctx, s.w); err != nil {
		return err // a newer store is left as it is
	}
	// Two that start at once can meet here, and SQLite does not wait for a
	// change of the journal mode.
	var mode string
	for deadline := time.Now().Add(cfg.busy); ; {
		err := s.w.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode)
		if err == nil {
			return nil // drives that cannot share memory stay with a rollback journal
		}
		if sqliteCode(err)&0xff != codeBusy || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

//go:embed schema/*.sql
var schema embed.FS

// migrations bring a store from version i to i+1. A released one is never
// changed.
var migrations = []string{"schema/0001.sql"}

func (s *Store) version(ctx context.Context, db *sql.DB) (int, error) {
	var v int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v); err != nil {
		return 0, err
	}
	if v > len(migrations) {
		return v, &HintError{
			Err:  fmt.Errorf("%w (%d; this one knows %d)", ErrNewer, v, len(migrations)),
			Hint: "update lookback, or choose another file with --db",
		}
	}
	return v, nil
}

// migrate runs what is missing, each step in one transaction.
func (s *Store) migrate(ctx context.Context) error {
	for {
		v, err := s.version(ctx, s.w)
		if err != nil || v == len(migrations) {
			return err
		}
		text, err := schema.ReadFile(migrations[v])
		if err != nil {
			return err
		}
		err = s.write(ctx, fmt.Sprintf("setting up the store (step %d)", v+1), func(tx *sql.Tx) error {
			var now int
			if err := tx.QueryRow("PRAGMA user_version").Scan(&now); err != nil || now != v {
				return err // another process was quicker
			}
			if _, err := tx.Exec(string(text)); err != nil {
				return err
			}
			_, err := tx.Exec(fmt.Sprintf("PRAGMA user_version=%d", v+1))
			return err
		})
		if err != nil {
			return err
		}
	}
}

// txn is a write transaction with the connection that it holds.
type txn struct {
	*sql.Tx
	conn *sql.Conn
}

func (t txn) commit() error   { return errors.Join(t.Commit(), t.conn.Close()) }
func (t txn) rollback() error { return errors.Join(t.Rollback(), t.conn.Close()) }

// begin starts a write transaction. Waiting for it ends with ctx, the
// transaction itself does not: a batch is finished or not begun.
func (s *Store) begin(ctx context.Context) (txn, error) {
	if s.w == nil {
		return txn{}, &HintError{Err: ErrReadOnly, Hint: "it was opened for reading only"}
	}
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return txn{}, err
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return txn{}, errors.Join(err, conn.Close())
	}
	return txn{tx, conn}, nil
}

// write runs fn in one transaction.
func (s *Store) write(ctx context.Context, op string, fn func(tx *sql.Tx) error) error {
	t, err := s.begin(ctx)
	if err != nil {
		return explain(op, err)
	}
	if err := fn(t.Tx); err != nil {
		return explain(op, errors.Join(err, t.rollback()))
	}
	return explain(op, t.commit())
}

// state reads one of the store's own numbers.
func (s *Store) state(ctx context.Context, name string) (int64, error) {
	var v int64
	db := s.w
	if db == nil {
		db = s.r
	}
	err := db.QueryRowContext(ctx, "SELECT value FROM state WHERE name=?", name).Scan(&v)
	return v, err
}

// Check looks for damage: SQLite's own check of the file, of the references
// between tables and of the full-text index.
func (s *Store) Check(ctx context.Context) error {
	var verdict string
	if err := s.r.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return explain("checking the store", err)
	}
	if verdict != "ok" {
		return &HintError{Err: fmt.Errorf("checking the store: %w (%s)", ErrCorrupt, verdict), Hint: failures[codeCorrupt].Hint}
	}
	rows, err := s.r.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return explain("checking the store", err)
	}
	defer rows.Close()
	if rows.Next() {
		return &HintError{Err: fmt.Errorf("checking the store: %w (rows refer to missing rows)", ErrCorrupt), Hint: failures[codeCorrupt].Hint}
	}
	return explain("checking the store", rows.Err())
}
