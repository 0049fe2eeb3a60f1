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
