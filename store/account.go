package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// owner is the account of one platform that an archive tells of.
type owner struct {
	platform string
	info     Account // what the archive said so far
	asOf     int64
	id       int64 // 0 until its first post
	fresh    bool  // the store had no post of it
	scopes   []string
}

// learn takes over what the archive says of an account.
func (w *writer) learn(o *owner, a Account, asOf int64) error {
	o.info, o.asOf = mergeAccount(o.info, a, true), max(o.asOf, asOf)
	if o.id == 0 {
		return nil // its posts will tell that it is needed
	}
	if err := w.open(); err != nil {
		return err
	}
	return w.resolveAs(o, o.id)
}

// resolve finds the owner's account in the store or adds it.
func (w *writer) resolve(o *owner) error {
	if o.id != 0 {
		return nil
	}
	return w.resolveAs(o, 0)
}

// resolveAs is resolve for an owner that already had the account current.
// Accounts that turn out to be the same are joined.
func (w *writer) resolveAs(o *owner, current int64) error {
	if err := w.insertAll(); err != nil {
		return err
	}
	known, err := w.accounts(o.platform)
	if err != nil {
		return err
	}
	o.info.Platform = o.platform
	found := matchAccounts(known, o.info, current)
	if len(found) == 0 {
		res, err := w.exec("INSERT INTO accounts(platform) VALUES(?)", o.platform)
		if err != nil {
			return err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		found = []knownAccount{{Account: Account{ID: id, Platform: o.platform}}}
	}
	if len(found) > 1 && w.bulk.on {
		if err := errors.Join(w.endBulk(), w.open()); err != nil { // to join two accounts takes posts_key
			return err
		}
	}
	keep := found[0]
	for _, other := range found[1:] {
		keep.Account = mergeAccount(keep.Account, other.Account, other.asOf > keep.asOf)
		keep.asOf = max(keep.asOf, other.asOf)
		if err := w.join(keep.ID, other.ID); err != nil {
			return err
		}
	}
	o.id = keep.ID
	if err := w.name(o, keep); err != nil {
		return err
	}
	switch {
	case current != 0:
		o.fresh = o.fresh && len(found) == 1
	case w.bulk.on:
		o.fresh = true
	default:
		err = w.txn.QueryRow("SELECT NOT EXISTS (SELECT 1 FROM posts WHERE account_id=?)", o.id).Scan(&o.fresh)
	}
	return err
}

// name writes what is known of the account, and that the archive tells of it.
func (w *writer) name(o *owner, old knownAccount) error {
	a := mergeAccount(old.Account, o.info, o.asOf >= old.asOf)
	_, err := w.exec("UPDATE accounts SET native_id=?, handle=?, name=?, earlier=?, created=?, as_of=? WHERE id=?",
		a.NativeID, a.Handle, a.Name, toJSON(a.Earlier), unix(a.Created), max(o.asOf, old.asOf), o.id)
	if err != nil {
		return err
	}
	_, err = w.exec("INSERT INTO archive_accounts(archive_id, account_id) VALUES(?,?) ON CONFLICT DO NOTHING", w.id, o.id)
	if err != nil {
		return err
	}
	_, err = w.exec("UPDATE archives SET account_id=? WHERE id=? AND account_id IS NULL", o.id, w.id)
	return err
}

// join moves everything of the account from to the account into. Where both
// have a post, into keeps its own.
func (w *writer) join(into, from int64) error {
	for _, q := range []string{
		"UPDATE OR IGNORE posts SET account_id=? WHERE account_id=?",
		"UPDATE OR IGNORE decisions SET account_id=? WHERE account_id=?",
		"UPDATE history SET account_id=? WHERE account_id=?",
		"UPDATE OR IGNORE archive_accounts SET account_id=? WHERE account_id=?",
		"UPDATE archives SET account_id=? WHERE account_id=?",
	} {
		if _, err := w.exec(q, into, from); err != nil {
			return err
		}
	}
	_, err := w.exec(`INSERT INTO posts_fts(posts_fts, rowid, text) SELECT 'delete', id, text FROM posts WHERE account_id=? AND id<=?`, from, w.indexed)
	if err != nil {
		return err
	}
	_, err = w.exec("DELETE FROM accounts WHERE id=?", from) // and what is left of its posts
	return err
}

// knownAccount is a stored account with what matching needs.
type knownAccount struct {
	Account
	asOf       int64
	sameDigest bool // an archive with this digest told of it
}

func (w *writer) accounts(platform string) ([]knownAccount, error) {
	rows, err := w.query("SELECT "+accountColumns+`, a.as_of, EXISTS (SELECT 1 FROM archive_accounts l JOIN archives r ON r.id = l.archive_id
		WHERE l.account_id = a.id AND (r.id = ?2 OR r.digest = ?3 AND r.digest <> '')) FROM accounts a WHERE a.platform=?1 ORDER BY a.id`,
		platform, w.id, w.digest)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []knownAccount
	for rows.Next() {
		var k knownAccount
		if k.Account, err = scanAccount(rows, &k.asOf, &k.sameDigest); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, rows.Err()
}

// matchAccounts returns the stored accounts that are the one that a tells of:
// by the platform's id, by a handle it has or had, or, where one side has
// neither, by the archive, by the name, or, where one side names nobody,
// because it is the platform's only account. Usually there is one.
func matchAccounts(known []knownAccount, a Account, current int64) []knownAccount {
	var byID, byHandle, byArchive, byName []knownAccount
	for _, k := range known {
		nameless := k.NativeID == "" && k.Handle == "" || a.NativeID == "" && a.Handle == ""
		switch {
		case a.NativeID != "" && k.NativeID != "":
			if a.NativeID == k.NativeID {
				byID = append(byID, k)
			}
		case sameHandle(k.Account, a) || k.ID == current:
			byHandle = append(byHandle, k)
		case nameless && k.sameDigest:
			byArchive = append(byArchive, k)
		case nameless && a.Name != "" && strings.EqualFold(a.Name, k.Name):
			byName = append(byName, k)
		case len(known) == 1 && a.anonymous() != k.anonymous():
			byName = append(byName, k)
		}
	}
	found := append(byID, byHandle...)
	if len(found) == 0 {
		found = append(byArchive, byName...)
		return found[:min(len(found), 1)]
	}
	if a.NativeID != "" {
		return found
	}
	// Accounts with ids of their own are different, whatever they were once
	// called: take the one that has the handle now.
	score := func(k knownAccount) int64 {
		return 2*boolInt(k.ID == current) + boolInt(strings.EqualFold(k.Handle, a.Handle))
	}
	return []knownAccount{slices.MaxFunc(found, func(x, y knownAccount) int { return cmp.Compare(score(x), score(y)) })}
}

// anonymous says that nothing is known of whose account it is.
func (a Account) anonymous() bool { return a.NativeID == "" && a.Handle == "" && a.Name == "" }

// sameHandle says whether one account's handle is, or was, the other's.
func sameHandle(a, b Account) bool {
	has := func(x Account, handle string) bool {
		return handle != "" && (strings.EqualFold(x.Handle, handle) ||
			slices.ContainsFunc(x.Earlier, func(h string) bool { return strings.EqualFold(h, handle) }))
	}
	return has(a, b.Handle) || has(b, a.Handle)
}

// mergeAccount adds to old what in says; newer tells which one's names are
// the present ones.
func mergeAccount(old, in Account, newer bool) Account {
	a := old
	now, then := old, in
	if newer {
		now, then = in, old
	}
	first := func(x, y string) string {
		if x != "" {
			return x
		}
		return y
	}
	a.NativeID = first(old.NativeID, in.NativeID)
	a.Handle = first(now.Handle, then.Handle)
	a.Name = first(now.Name, then.Name)
	a.Earlier = nil
	for _, h := range append(append(slices.Clone(then.Earlier), now.Earlier...), then.Handle) {
		if h != "" && !strings.EqualFold(h, a.Handle) && !slices.ContainsFunc(a.Earlier, func(e string) bool { return strings.EqualFold(e, h) }) {
			a.Earlier = append(a.Earlier, h)
		}
	}
	if a.Created.IsZero() {
		a.Created = in.Created
	}
	if a.Platform == "" {
		a.Platform = in.Platform
	}
	return a
}

const accountColumns = "a.id, a.platform, a.native_id, a.handle, a.name, a.earlier, a.created"

// scanner is a row or rows.
type scanner interface{ Scan(dest ...any) error }

// scanAccount reads accountColumns and what follows them.
func scanAccount(row scanner, more ...any) (Account, error) {
	var a Account
	var earlier string
	var created sql.NullInt64
	err := row.Scan(append([]any{&a.ID, &a.Platform, &a.NativeID, &a.Handle, &a.Name, &earlier, &created}, more...)...)
	if err != nil {
		return a, err
	}
	a.Created = fromUnix(created)
	return a, fromJSON(earlier, &a.Earlier)
}

// fromJSON decodes a column; an empty list stays nil.
func fromJSON(text string, to any) error {
	if text == "" || text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), to)
}

// Accounts returns every account, in the order in which they came.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT "+accountColumns+" FROM accounts a ORDER BY a.id")
	if err != nil {
		return nil, explain("reading the accounts", err)
	}
	defer rows.Close()
	var list []Account
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, explain("reading the accounts", err)
		}
		list = append(list, a)
	}
	return list, explain("reading the accounts", rows.Err())
}
