//go:build !cgo || !sqlite_fts5

package store

import (
	"errors"

	"modernc.org/sqlite"
)

// driverName is the driver that builds without a C compiler: SQLite
// translated to Go. It reads and writes the same file.
const driverName = "sqlite"

// sqliteCode returns SQLite's result code of err, 0 where there is none.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// statements of the driver itself are not needed here.
type statements map[string]struct{}

func (statements) close() error { return nil }

// insertMany runs an INSERT of so many rows and returns how many it added.
func (w *writer) insertMany(query string, args []any, _ int) (added int, err error) {
	res, err := w.exec(query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
