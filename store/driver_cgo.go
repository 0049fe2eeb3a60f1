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
