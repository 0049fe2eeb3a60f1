//go:build cgo && sqlite_fts5

package main

// cgoDriver says with which driver of SQLite the tests are built.
const cgoDriver = true
