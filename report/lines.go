package report

import "lookback/store"

// Wrap breaks s at blanks into lines of at most max columns of a terminal. A
// word longer than that is cut, except a link.
func Wrap(s string, max int) []string { return wrap(s, max) }

// Columns is how many columns of a terminal s takes, near enough.
func Columns(s string) int { return columns(s) }

// Shorten cuts s to at most max columns and marks the cut.
func Shorten(s string, max int) string { return shorten(s, max) }

// PostName says what a flagged text is and where it was said.
func PostName(row *store.Row) string { return postName(row) }
