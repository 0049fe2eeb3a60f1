package store

import (
	"database/sql"
	"slices"
	"time"
)

// merge brings together a stored post and one with the same key. The newer
// archive's fields win; what it does not have stays as it was, so that a
// trimmed archive erases nothing. Within one archive the first record wins.
func (w *writer) merge(o *owner, it *item, id int64) error {
	if err := w.insertAll(); err != nil {
		return err
	}
	old, oldAsOf, err := w.read(id)
	if err != nil {
		return err
	}
	rank, err := w.rank(id, oldAsOf)
	if err != nil {
		return err
	}
	wins := it.asOf > rank || it.asOf == rank && !w.seen.has(id)
	w.seen.add(id)
	merged := overlay(old, it.post)
	if wins {
		merged = overlay(it.post, old)
	}
	changed, err := w.unite(id, &old, &it.post)
	if err != nil {
		return err
	}
	if !sameColumns(&merged, &old) {
		changed = true
		if err := w.update(o, id, &old, &merged); err != nil {
			return err
		}
	}
	if changed {
		w.updated++
	}
	if wins {
		_, err = w.exec("UPDATE posts SET hash=?, as_of=? WHERE id=?", it.hash, it.asOf, id)
	}
	return err
}

// overlay returns top, with what it lacks taken from under.
func overlay(top, under Post) Post {
	p := top
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	if p.Text == "" || p.Truncated && !under.Truncated && len(under.Text) > len(p.Text) {
		p.Text, p.Truncated = under.Text, under.Truncated
	}
	if p.Created.IsZero() || !under.Created.IsZero() && rough(under.Precision) < rough(p.Precision) {
		p.Created, p.Precision = under.Created, under.Precision
	}
	if !p.Own {
		fill(&p.Author, under.Author)
	}
	if p.Audience == AudienceUnknown {
		p.Audience = under.Audience
	}
	fill(&p.ContentWarning, under.ContentWarning)
	fill(&p.URL, under.URL)
	fill(&p.ReplyTo, under.ReplyTo)
	fill(&p.ReplyToAuthor, under.ReplyToAuthor)
	fill(&p.Quoted, under.Quoted)
	fill(&p.Thread, under.Thread)
	fill(&p.Place, under.Place)
	if p.Deleted.IsZero() {
		p.Deleted = under.Deleted
	}
	if p.Edited.IsZero() {
		p.Edited = under.Edited
	}
	return p
}

// rough orders precisions, the best first.
func rough(p Precision) int {
	return slices.Index([]Precision{PrecisionSecond, PrecisionMinute, PrecisionZone, PrecisionDay, PrecisionNone}, p)
}

// sameColumns compares what the posts table holds.
func sameColumns(a, b *Post) bool {
	return sameScan(a, b) && a.ContentWarning == b.ContentWarning && a.Precision == b.Precision && a.URL == b.URL &&
		a.ReplyToAuthor == b.ReplyToAuthor && a.Quoted == b.Quoted && a.Thread == b.Thread && a.Truncated == b.Truncated &&
		unix(a.Deleted) == unix(b.Deleted) && unix(a.Edited) == unix(b.Edited)
}

// sameScan compares what a scan looks at.
func sameScan(a, b *Post) bool {
	return a.Kind == b.Kind && a.Own == b.Own && a.Text == b.Text && unix(a.Created) == unix(b.Created) &&
		a.Audience == b.Audience && a.ReplyTo == b.ReplyTo && a.Place == b.Place && a.Author == b.Author
}

// update writes the columns of a changed post. A post that a scan would see
// differently counts as unscanned from here on, and what was found in its old
// text, or said of it, is dropped.
func (w *writer) update(o *owner, id int64, old, p *Post) error {
	if old.Text != p.Text && id <= w.indexed {
		if err := reindex(w.txn.Tx, id, old.Text, p.Text); err != nil {
			return err
		}
	}
	_, err := w.exec(`UPDATE posts SET kind=?, own=?, created=?, audience=?, author=?, place=?, reply_to=?, text=?, url=?,
		reply_to_author=?, thread=?, content_warning=?, precision=?, quoted=?, truncated=?, deleted=?, edited=? WHERE id=?`,
		string(p.Kind), p.Own, unix(p.Created), string(p.Audience), p.Author, p.Place, p.ReplyTo, p.Text, p.URL,
		p.ReplyToAuthor, p.Thread, p.ContentWarning, string(p.Precision), p.Quoted, p.Truncated, unix(p.Deleted), unix(p.Edited), id)
	if err != nil || sameScan(old, p) {
		return err
	}
	for _, q := range []string{"DELETE FROM scanned WHERE post_id=?", "DELETE FROM opinions WHERE post_id=?"} {
		if _, err := w.exec(q, id); err != nil {
			return err
		}
	}
	_, err = w.exec("DELETE FROM findings WHERE post_id=?", id)
	return err
}

// unite adds attachments and earlier texts that the stored post lacks.
func (w *writer) unite(id int64, old, in *Post) (changed bool, err error) {
	for _, m := range in.Media {
		i := slices.IndexFunc(old.Media, func(have Media) bool { return sameMedia(have, m) })
		switch {
		case i < 0:
			err = w.insertMedia(id, m)
			old.Media = append(old.Media, m)
		case old.Media[i].Alt == "" && m.Alt != "":
			old.Media[i].Alt = m.Alt
			_, err = w.exec("UPDATE media SET alt=? WHERE post_id=? AND member=? AND url=?", m.Alt, id, old.Media[i].Member, old.Media[i].URL)
		default:
			continue
		}
		if err != nil {
			return changed, err
		}
		changed = true
	}
	for _, v := range in.Versions {
		if slices.ContainsFunc(old.Versions, func(have Version) bool { return have.Key == v.Key && (have.Text == v.Text || v.Text == "") }) {
			continue
		}
		if err := w.insertVersion(id, v); err != nil {
			return changed, err
		}
		if v.Text != "" {
			if _, err := w.exec("DELETE FROM scanned WHERE post_id=?", id); err != nil {
				return changed, err
			}
		}
		old.Versions = append(old.Versions, v)
		changed = true
	}
	return changed, nil
}

// sameMedia tells attachments apart by address, or else by their place in
// the archive.
func sameMedia(a, b Media) bool {
	if a.URL != "" && b.URL != "" {
		return a.URL == b.URL
	}
	if a.Member != "" && b.Member != "" {
		return a.Member == b.Member
	}
	return a == b
}

// read loads a stored post with its attachments and earlier texts.
func (w *writer) read(id int64) (Post, int64, error) {
	var asOf int64
	st, err := w.prepare("SELECT " + postColumns + ", p.as_of FROM posts p WHERE p.id=?")
	if err != nil {
		return Post{}, 0, err
	}
	p, err := scanPost(st.QueryRow(id), &asOf)
	if err != nil {
		return p, 0, err
	}
	if p.Media, err = readMedia(w.txn.Tx, id); err != nil {
		return p, 0, err
	}
	p.Versions, err = readVersions(w.txn.Tx, id)
	return p, asOf, err
}

// sighting is what one finished archive has.
type sighting struct {
	asOf  int64
	posts idSet
}

// rank returns the date of the newest archive that has the post. Its row
// knows only of the archive that changed it last: one that found it unchanged
// writes nothing.
func (w *writer) rank(id, asOf int64) (int64, error) {
	if w.sighted == nil {
		list, err := sightings(w.txn.Tx, "SELECT id, as_of FROM archives WHERE state='done' AND id<>? AND id IN"+
			" (SELECT archive_id FROM archive_accounts WHERE account_id IN (SELECT account_id FROM archive_accounts WHERE archive_id=?))",
			w.id, w.id)
		if err != nil {
			return 0, err
		}
		w.sighted = append([]sighting{}, list...)
	}
	for _, s := range w.sighted {
		if s.asOf > asOf && s.posts.has(id) {
			asOf = s.asOf
		}
	}
	return asOf, nil
}

// hashPost returns a hash of everything that an archive says of a post.
func hashPost(p *Post) int64 {
	h := fnvStart
	for _, s := range [...]string{string(p.Kind), p.Author, p.Text, p.ContentWarning, string(p.Precision), string(p.Audience), p.URL,
		p.ReplyTo, p.ReplyToAuthor, p.Quoted, p.Thread, p.Place} {
		h = h.text(s)
	}
	for _, t := range [...]time.Time{p.Created, p.Deleted, p.Edited} {
		h = h.number(uint64(t.Unix()))
	}
	h = h.number(uint64(boolInt(p.Own))<<1 | uint64(boolInt(p.Truncated)))
	for i := range p.Versions {
		h = h.text(p.Versions[i].Key).text(p.Versions[i].Text).number(uint64(p.Versions[i].Created.Unix()))
	}
	for i := range p.Media {
		m := &p.Media[i]
		h = h.text(m.Member).text(m.Type).text(m.URL).text(m.Alt)
	}
	return int64(h)
}

// fnv is FNV-1a, 64 bits, without the allocations of hash/fnv.
type fnv uint64

const (
	fnvStart fnv = 14695981039346656037
	fnvPrime fnv = 1099511628211
)

func (h fnv) text(s string) fnv {
	for i := range len(s) {
		h = (h ^ fnv(s[i])) * fnvPrime
	}
	return (h ^ 0xff) * fnvPrime // never a byte of UTF-8: ends the field
}

func (h fnv) number(v uint64) fnv {
	for range 8 {
		h = (h ^ fnv(v&0xff)) * fnvPrime
		v >>= 8
	}
	return h
}

// querier is a transaction or a database.
type querier interface {
	Query(query string, args ...any) (*sql.Rows, error)
	QueryRow(query string, args ...any) *sql.Row
}
