//go:build cgo && sqlite_fts5

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// driverName is the faster driver: SQLite itself, which needs a C compiler
// and the build tag that switches its full-text search on.
const driverName = "sqlite3"

// sqliteCode returns SQLite's result code of err, 0 where there is none.
func sqliteCode(err error) int {
	var e sqlite3.Error
	if errors.As(err, &e) {
		if e.ExtendedCode != 0 {
			return int(e.ExtendedCode)
		}
		return int(e.Code)
	}
	return 0
}

// statements are those of the driver itself, by their text.
type statements map[string]driver.Stmt

// insertMany runs an INSERT of so many rows and returns how many it added.
// This driver binds the values of a query in one call of C and without copies
// of SQLite's own, those of an Exec one by one: with a thousand values that is
// a lot. So is what database/sql does with each, which is why it is passed by.
func (w *writer) insertMany(query string, args []any, rows int) (added int, err error) {
	for len(w.named) < len(args) {
		w.named = append(w.named, driver.NamedValue{Ordinal: len(w.named) + 1})
	}
	for i := range args {
		w.named[i].Value = args[i]
	}
	err = w.txn.conn.Raw(func(conn any) error { return w.direct.run(conn, query, w.named[:len(args)]) })
	if err != nil || w.bulk.on { // all or none
		return rows, err
	}
	st, err := w.prepare("SELECT changes()")
	if err != nil {
		return 0, err
	}
	err = st.QueryRow().Scan(&added)
	return added, err
}

func (s statements) run(conn any, query string, args []driver.NamedValue) error {
	st := s[query]
	if st == nil {
		c, ok := conn.(*sqlite3.SQLiteConn)
		if !ok {
			return fmt.Errorf("the driver's connection is a %T", conn)
		}
		var err error
		if st, err = c.Prepare(query); err != nil {
			return err
		}
		s[query] = st
	}
	rows, err := st.(driver.StmtQueryContext).QueryContext(context.Background(), args)
	if err != nil {
		return err
	}
	return rows.Close()
}

// close closes the statements, which belong to one connection.
func (s statements) close() error {
	var errs []error
	for query, st := range s {
		errs = append(errs, st.Close())
		delete(s, query)
	}
	return errors.Join(errs...)
}
