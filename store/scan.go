package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Authors returns every account with the profile texts that its newest archive
// still has.
func (s *Store) Authors(ctx context.Context) ([]Author, error) {
	accounts, err := s.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Author, len(accounts))
	at := map[int64]int{}
	for i, a := range accounts {
		list[i].Account, at[a.ID] = a, i
	}
	rows, err := s.r.QueryContext(ctx, `SELECT account_id, text FROM posts p
		WHERE account_id IN (SELECT id FROM accounts) AND kind='bio' AND gone_archive IS NULL ORDER BY created, id`)
	if err != nil {
		return nil, explain("reading the profiles", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, explain("reading the profiles", err)
		}
		if i, ok := at[id]; ok {
			list[i].Bios = append(list[i].Bios, text)
		}
	}
	return list, explain("reading the profiles", rows.Err())
}

// scanBatch is how many posts Unscanned reads at once.
const scanBatch = 1024

// Unscanned returns the posts that were not scanned with these rules, in the
// order of their ids, in batches. Only the fields that a scan looks at are
// set: ID, AccountID, Kind, Own, Author, Text, Created, Audience, ReplyTo,
// Place and the earlier texts in Versions. Nothing is locked while a batch is being worked on; posts scanned in
// the meantime do not come again.
func (s *Store) Unscanned(ctx context.Context, ruleset string) iter.Seq2[[]Post, error] {
	return func(yield func([]Post, error) bool) {
		id, err := s.rulesetID(ctx, ruleset)
		if err != nil {
			yield(nil, explain("reading the posts", err))
			return
		}
		s.batches(ctx, "SELECT "+packedPost+` FROM posts p LEFT JOIN scanned c ON c.post_id = p.id AND c.ruleset_id = ?
			WHERE p.id > ? AND c.post_id IS NULL ORDER BY p.id LIMIT ?`, id)(s.withVersions(ctx, yield))
	}
}

// batches runs query, which takes args, the last id seen and a number of rows,
// until it has no more.
func (s *Store) batches(ctx context.Context, query string, args ...any) iter.Seq2[[]Post, error] {
	return func(yield func([]Post, error) bool) {
		fail := func(err error) { yield(nil, explain("reading the posts", err)) }
		st, err := s.r.PrepareContext(ctx, query)
		if err != nil {
			fail(err)
			return
		}
		defer st.Close()
		for last := int64(-1); ; {
			if err := ctx.Err(); err != nil {
				fail(err)
				return
			}
			batch, err := readBatch(st, append(args[:len(args):len(args)], last, scanBatch)...)
			if err != nil {
				fail(err)
				return
			}
			if len(batch) == 0 || !yield(batch, nil) {
				return
			}
			last = batch[len(batch)-1].ID
		}
	}
}

func readBatch(st *sql.Stmt, args ...any) ([]Post, error) {
	rows, err := st.Query(args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	batch := make([]Post, 0, scanBatch)
	for rows.Next() {
		var packed string
		if err := rows.Scan(&packed); err != nil {
			return nil, err
		}
		batch = append(batch, Post{})
		if !unpackPost(packed, &batch[len(batch)-1]) {
			return nil, ErrCorrupt
		}
	}
	return batch, rows.Err()
}

// packedPost is one column with everything that a scan looks at. Each column
// of a row costs calls and allocations; this way a post costs two of them.
// Import takes the separator out of all but the text, which comes last.
const packedPost = `concat_ws(char(31), p.id, p.account_id, p.own, ifnull(p.created, ''), p.kind, p.audience, p.author, p.place, p.reply_to, p.text)`

const separator = "\x1f"

// unpackPost fills p with what packedPost wrote. The fields share its memory.
func unpackPost(packed string, p *Post) bool {
	var id, account, own, created, kind, audience string
	rest, ok := packed, true
	for _, to := range [...]*string{&id, &account, &own, &created, &kind, &audience, &p.Author, &p.Place, &p.ReplyTo} {
		if *to, rest, ok = strings.Cut(rest, separator); !ok {
			return false
		}
	}
	var err error
	if p.ID, err = strconv.ParseInt(id, 10, 64); err != nil {
		return false
	}
	if p.AccountID, err = strconv.ParseInt(account, 10, 64); err != nil {
		return false
	}
	if created != "" {
		sec, err := strconv.ParseInt(created, 10, 64)
		if err != nil {
			return false
		}
		p.Created = time.Unix(sec, 0).UTC()
	}
	p.Own, p.Kind, p.Audience, p.Text = own == "1", Kind(kind), Audience(audience), rest
	return true
}

// rulesetID returns the id of a ruleset, 0 where nothing was scanned with it.
func (s *Store) rulesetID(ctx context.Context, hash string) (int64, error) {
	var id int64
	err := s.r.QueryRowContext(ctx, "SELECT id FROM rulesets WHERE hash=?", hash).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// CountUnscanned counts the posts that Unscanned returns.
func (s *Store) CountUnscanned(ctx context.Context, ruleset string) (int, error) {
	var n int
	err := s.r.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM posts) -
		(SELECT count(*) FROM scanned WHERE ruleset_id = (SELECT id FROM rulesets WHERE hash=?))`, ruleset).Scan(&n)
	return n, explain("counting the posts", err)
}

// PutScanned stores what was found in a batch of posts in place of what was
// found in them before, and that they were scanned with these rules, in one
// transaction. Posts that are no longer there are left out.
func (s *Store) PutScanned(ctx context.Context, ruleset string, batch []Scanned) error {
	return s.write(ctx, "storing the findings", func(tx *sql.Tx) error {
		id, err := s.useRuleset(tx, ruleset)
		if err != nil {
			return err
		}
		ids, flagged := idSet{}, false
		for i := range batch {
			ids.add(batch[i].PostID)
			flagged = flagged || len(batch[i].Findings) > 0
		}
		for r := range ids.ranges {
			if _, err := tx.Exec("DELETE FROM findings WHERE post_id BETWEEN ? AND ?", r.first, r.last); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO scanned(post_id, ruleset_id) SELECT id, ? FROM posts WHERE id BETWEEN ? AND ?
				ON CONFLICT DO UPDATE SET ruleset_id=excluded.ruleset_id, marks=0`, id, r.first, r.last)
			if err != nil {
				return err
			}
		}
		if err := putMarks(tx, batch); err != nil || !flagged {
			return err
		}
		return putFindings(tx, id, batch, "")
	})
}

// useRuleset returns the id of a ruleset and notes that it was used now.
func (s *Store) useRuleset(tx *sql.Tx, hash string) (int64, error) {
	var id int64
	err := tx.QueryRow(`INSERT INTO rulesets(hash, first_scan, last_scan) VALUES(?1, ?2, ?2)
		ON CONFLICT(hash) DO UPDATE SET last_scan=excluded.last_scan RETURNING id`, hash, s.now().Unix()).Scan(&id)
	return id, err
}

// putFindings stores findings; alone is what their column of that name holds.
func putFindings(tx *sql.Tx, ruleset int64, batch []Scanned, alone string) error {
	read, err := tx.Prepare(`SELECT p.key, a.platform || ':' || CASE WHEN a.native_id <> '' THEN a.native_id
		WHEN a.handle <> '' THEN lower(a.handle) ELSE a.id END, ` + allowColumns + ` FROM posts p JOIN accounts a ON a.id = p.account_id WHERE p.id=?`)
	if err != nil {
		return err
	}
	defer read.Close()
	insert, err := tx.Prepare(`INSERT INTO findings(uid, post_id, rule, theme, standards, action, confidence, spans, why, advice, words_hash, ruleset_id,
		version_id, alone) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	allowed, err := newAllowMatcher(tx)
	if err != nil {
		return err
	}
	for i := range batch {
		sc := &batch[i]
		if len(sc.Findings) == 0 {
			continue
		}
		var key, account string
		var p allowPost
		err := read.QueryRow(sc.PostID).Scan(&key, &account, &p.text, &p.author, &p.to, &p.platform, &p.handle, &p.nativeID, &p.name)
		if errors.Is(err, sql.ErrNoRows) {
			continue // forgotten while it was scanned
		}
		if err != nil {
			return err
		}
		for j := range sc.Findings {
			f := &sc.Findings[j]
			about, spans, version := p, f.Spans, any(nil)
			if f.Earlier != nil {
				about.text, spans, version = f.Earlier.Text, f.EarlierSpans, f.Earlier.ID
			}
			words := WordsHash(about.text, spans)
			res, err := insert.Exec(findingUID(account, key, f.Theme, words), sc.PostID, f.Rule, f.Theme, strings.Join(f.Standards, ","),
				string(f.Action), f.Confidence, toJSON(spans), f.Why, f.Advice, words, ruleset, version, alone)
			if err != nil {
				return err
			}
			if allowed == nil {
				continue
			}
			id, err := res.LastInsertId()
			if err != nil {
				return err
			}
			if err := putSilenced(tx, id, allowed.match(&about, spans)); err != nil {
				return err
			}
		}
	}
	return nil
}

// WordsHash returns the hash of the flagged words, by which decisions are
// kept: of the words in spans, whatever their case and the space between them,
// or of the whole text where no words are marked. Spans outside text are
// ignored.
func WordsHash(text string, spans []Span) string {
	var words []string
	for _, sp := range spans {
		if sp.Start >= 0 && sp.Start <= sp.End && sp.End <= len(text) {
			words = append(words, strings.Fields(strings.ToLower(text[sp.Start:sp.End]))...)
		}
	}
	if len(words) == 0 {
		words = strings.Fields(strings.ToLower(text))
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return hex.EncodeToString(sum[:])
}

// findingUID names a finding: ten letters and digits that stay the same when
// the post is imported and scanned again, in this store or another. The first
// is a letter: a spreadsheet would read 2345e67222 as a number.
func findingUID(account, key, theme, words string) string {
	sum := sha256.Sum256([]byte(account + "\x00" + key + "\x00" + theme + "\x00" + words))
	uid := []byte(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:10])
	if uid[0] < 'a' {
		uid[0] += 'a' - '2'
	}
	return string(uid)
}

// idsJSON encodes ids for json_each.
func idsJSON(ids []int64) string {
	b := []byte{'['}
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, id, 10)
	}
	return string(append(b, ']'))
}
