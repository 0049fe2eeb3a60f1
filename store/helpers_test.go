package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func at(year int) time.Time { return time.Date(year, 6, 1, 12, 0, 0, 0, time.UTC) }

func openStore(t *testing.T, opts ...Option) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// export is what an importer would read from one archive.
type export struct {
	archive Archive
	account Account
	scopes  []string
	posts   []Post
}

// take imports e and returns what Finish says.
func take(t *testing.T, s *Store, e export) Archive {
	t.Helper()
	a, err := takeErr(t.Context(), s, e)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func takeErr(ctx context.Context, s *Store, e export) (Archive, error) {
	if e.archive.Name == "" {
		e.archive.Name = "export.zip"
	}
	if e.archive.Platform == "" {
		e.archive.Platform = "x"
	}
	im, err := s.BeginImport(ctx, e.archive)
	if err != nil {
		return Archive{}, err
	}
	defer im.Abort() // after Finish it does nothing
	if err := im.Account(e.account); err != nil {
		return Archive{}, err
	}
	for _, p := range e.posts {
		if err := im.Post(p); err != nil {
			return Archive{}, err
		}
	}
	im.SetArchive(func(a *Archive) { a.Scopes = append(a.Scopes, e.scopes...) })
	return im.Finish(ctx)
}

var anna = Account{NativeID: "1", Handle: "anna"}

// own returns a post of the owner.
func own(key, text string) Post {
	return Post{Key: key, Kind: KindPost, Own: true, Text: text, Created: at(2015)}
}

// scanAll scans everything: a post with the word bad has a finding.
func scanAll(t *testing.T, s *Store, ruleset string) {
	t.Helper()
	if err := scanAllErr(t.Context(), s, ruleset); err != nil {
		t.Fatal(err)
	}
}

func scanAllErr(ctx context.Context, s *Store, ruleset string) error {
	for batch, err := range s.Unscanned(ctx, ruleset) {
		if err != nil {
			return err
		}
		var done []Scanned
		for _, p := range batch {
			sc := Scanned{PostID: p.ID}
			if i := strings.Index(p.Text, "bad"); i >= 0 {
				sc.Findings = []Finding{bad(i)}
			}
			done = append(done, sc)
		}
		if err := s.PutScanned(ctx, ruleset, done); err != nil {
			return err
		}
	}
	return nil
}

// bad is the finding of the word bad at i.
func bad(i int) Finding {
	return Finding{Rule: "respect.rude.bad", Theme: "respect.rude", Standards: []string{"2.7", "9.1"}, Action: ActionReview,
		Confidence: 0.5, Spans: []Span{{i, i + 3}}, Why: "why", Advice: "advice"}
}

// find returns the keys of the flagged posts that flt chooses.
func find(t *testing.T, s *Store, flt Filter) []string {
	t.Helper()
	keys := []string{}
	for row, err := range s.Findings(t.Context(), flt) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, row.Post.Key)
	}
	return keys
}

// allPosts returns every post by its key, as it is stored.
func allPosts(t *testing.T, s *Store) map[string]Post {
	t.Helper()
	rows, err := s.r.Query("SELECT " + postColumns + " FROM posts p ORDER BY p.id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	list := map[string]Post{}
	for rows.Next() {
		p, err := scanPost(rows)
		if err != nil {
			t.Fatal(err)
		}
		if p.Media, err = readMedia(s.r, p.ID); err != nil {
			t.Fatal(err)
		}
		if p.Versions, err = readVersions(s.r, p.ID); err != nil {
			t.Fatal(err)
		}
		list[p.Key] = p
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// dump describes everything that the store holds, without ids and times of
// its own, so that two stores can be compared.
func dump(t *testing.T, s *Store) []string {
	t.Helper()
	var lines []string
	for _, q := range []string{
		"SELECT platform, native_id, handle, name, earlier, created FROM accounts ORDER BY 1, 2, 3",
		`SELECT platform, name, digest, size, layout, messages, generated, as_of, state, partial, incomplete, notes, posts, added, updated, skipped,
			(SELECT sum(last_post - first_post + 1) FROM sightings WHERE archive_id = archives.id) FROM archives ORDER BY digest`,
		`SELECT p.key, p.kind, p.own, p.created, p.text, p.url, p.place, p.author, p.truncated, r.name, g.name, c.post_id IS NOT NULL
			FROM posts p JOIN archives r ON r.id = p.archive_id LEFT JOIN archives g ON g.id = p.gone_archive
			LEFT JOIN scanned c ON c.post_id = p.id ORDER BY p.account_id, p.key`,
		"SELECT p.key, m.member, m.type, m.url, m.alt FROM media m JOIN posts p ON p.id = m.post_id ORDER BY 1, m.id",
		"SELECT p.key, v.key, v.text, v.created FROM versions v JOIN posts p ON p.id = v.post_id ORDER BY 1, v.id",
		"SELECT p.key, f.uid, f.rule, f.theme, f.standards, f.action, f.confidence, f.spans FROM findings f JOIN posts p ON p.id = f.post_id ORDER BY 1, 3",
		"SELECT member, record, reason FROM skips ORDER BY id",
		"SELECT count(*), sum(rowid) > 0 FROM posts_fts('post')",
		"SELECT value = (SELECT max(id) FROM posts) FROM state WHERE name='indexed'",
	} {
		lines = append(lines, query(t, s, q)...)
	}
	return lines
}

func query(t *testing.T, s *Store, q string, args ...any) []string {
	t.Helper()
	rows, err := s.r.Query(q, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		vals := make([]any, len(cols))
		ptrs := make([]any, len(cols))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			t.Fatal(err)
		}
		for i, v := range vals {
			if b, ok := v.([]byte); ok {
				vals[i] = string(b)
			}
		}
		lines = append(lines, fmt.Sprint(vals...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
