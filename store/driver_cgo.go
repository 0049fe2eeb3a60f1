//go:build cgo && sqlite_fts5

package store

import (
	"errors"

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

// insertMany runs an INSERT and returns how many rows it added. This driver
// binds the values of a query in one call of C and without copies of SQLite's
// own, those of an Exec one by one: with a thousand values that is a lot.
func (w *writer) insertMany(query string, args []any) (added int, err error) {
	rows, err := w.query(query, args...)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(rows.Close(), rows.Err()); err != nil {
		return 0, err
	}
	st, err := w.prepare("SELECT changes()")
	if err != nil {
		return 0, err
	}
	err = st.QueryRow().Scan(&added)
	return added, err
}
