package store

import (
	"context"
	"database/sql"
	"strings"
	"unicode"
)

// indexStep is how many posts one transaction adds to the full-text index, so
// that another lookback does not wait long.
const indexStep = 100_000 // the default of Store.indexStep

// index adds the posts that are not in the full-text index yet.
func (s *Store) index(ctx context.Context) error { return s.indexSteps(ctx, 1) }

// indexSteps is index, as long as at least so many posts are left.
func (s *Store) indexSteps(ctx context.Context, least int64) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var done bool
		err := s.write(ctx, "building the full-text index", func(tx *sql.Tx) error {
			var from, last int64
			err := tx.QueryRow("SELECT value, (SELECT ifnull(max(id), 0) FROM posts) FROM state WHERE name='indexed'").Scan(&from, &last)
			if done = from+least > last; err != nil || done {
				return err
			}
			to := min(from+s.indexStep, last)
			if _, err := tx.Exec("INSERT INTO posts_fts(rowid, text) SELECT id, text FROM posts WHERE id>? AND id<=?", from, to); err != nil {
				return err
			}
			_, err = tx.Exec("UPDATE state SET value=? WHERE name='indexed'", to)
			return err
		})
		if err != nil || done {
			return err
		}
	}
}

// reindex replaces one post in the full-text index, which must be told the
// old text.
func reindex(tx *sql.Tx, id int64, old, text string) error {
	if _, err := tx.Exec("INSERT INTO posts_fts(posts_fts, rowid, text) VALUES('delete', ?, ?)", id, old); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO posts_fts(rowid, text) VALUES(?, ?)", id, text)
	return err
}

// matchQuery turns what a person typed into a full-text query that has no
// syntax to get wrong: every word must be there, words in quotation marks as a
// phrase, and a word with a star at its end stands for all that begin with it.
// What the index does not know (emoji, signs) is returned as plain.
func matchQuery(text string) (match string, plain []string) {
	var terms []string
	add := func(s string) {
		s = strings.TrimSpace(s)
		word, prefix := strings.CutSuffix(s, "*")
		switch {
		case s == "":
		case !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }):
			plain = append(plain, s)
		case prefix:
			terms = append(terms, `"`+word+`"*`)
		default:
			terms = append(terms, `"`+word+`"`)
		}
	}
	for i, part := range strings.Split(quotes.Replace(text), `"`) {
		if i%2 == 1 {
			add(part)
			continue
		}
		for _, word := range strings.Fields(part) {
			add(word)
		}
	}
	return strings.Join(terms, " AND "), plain
}

// quotes makes typographic quotation marks plain, and takes out NUL, which
// would end the query.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "\x00", " ")
