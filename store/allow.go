package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// AllowKind says what an entry of the allow list is about.
type AllowKind string

// The kinds of entries.
const (
	// AllowWord is a word or a phrase. It silences a finding when nothing but
	// allowed words is marked in it.
	AllowWord AllowKind = "word"
	// AllowPerson is somebody's handle or name. It silences what is found in
	// texts to that person, by that person, or with the handle or name in them.
	AllowPerson AllowKind = "person"
	// AllowAccount is an account: handle or platform:handle. It silences all
	// that is found in an own account of this name.
	AllowAccount AllowKind = "account"
)

// AllowKinds lists every kind.
var AllowKinds = []AllowKind{AllowWord, AllowPerson, AllowAccount}

// Allowed is one entry of the personal allow list.
type Allowed struct {
	ID       int64     `json:"id"`
	Kind     AllowKind `json:"kind"`
	Value    string    `json:"value"` // in lower case
	Why      string    `json:"why"`
	Added    time.Time `json:"added"`
	Silences int       `json:"silences"` // findings that ask for an action, in posts that are there
}

// ErrNothingToAllow is an entry without a word in it.
var ErrNothingToAllow = errors.New("there is nothing in it to allow")

// normalise brings the value to the form in which it is kept and compared.
func (a Allowed) normalise() (Allowed, error) {
	if !slices.Contains(AllowKinds, a.Kind) {
		return a, fmt.Errorf("%q is neither word, person nor account", a.Kind)
	}
	v := strings.Join(strings.Fields(strings.ToLower(a.Value)), " ")
	switch a.Kind {
	case AllowPerson:
		v = strings.TrimPrefix(v, "@")
	case AllowAccount:
		if platform, handle, ok := strings.Cut(v, ":"); ok {
			v = platform + ":" + strings.TrimPrefix(handle, "@")
		} else {
			v = strings.TrimPrefix(v, "@")
		}
	}
	if len(allowWords(v)) == 0 {
		return a, ErrNothingToAllow
	}
	a.Value = v
	return a, nil
}

// Allow adds an entry, or gives one that is there another reason, and returns
// it with what it silences.
func (s *Store) Allow(ctx context.Context, a Allowed) (Allowed, error) {
	a, err := a.normalise()
	if err != nil {
		return a, err
	}
	err = s.write(ctx, "changing the allow list", func(tx *sql.Tx) error {
		a.Added = s.now().UTC().Truncate(time.Second)
		_, err := tx.Exec(`INSERT INTO allowed(kind, value, why, added) VALUES(?,?,?,?)
			ON CONFLICT DO UPDATE SET why=excluded.why, added=excluded.added`, string(a.Kind), a.Value, a.Why, a.Added.Unix())
		if err != nil {
			return err
		}
		if err := silence(tx); err != nil {
			return err
		}
		list, err := allowList(tx)
		for _, x := range list {
			if x.Kind == a.Kind && x.Value == a.Value {
				a = x
			}
		}
		return err
	})
	return a, err
}

// Disallow takes an entry away and returns it with what it silenced.
func (s *Store) Disallow(ctx context.Context, kind AllowKind, value string) (Allowed, error) {
	a, err := Allowed{Kind: kind, Value: value}.normalise()
	if err != nil {
		return a, err
	}
	err = s.write(ctx, "changing the allow list", func(tx *sql.Tx) error {
		list, err := allowList(tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x Allowed) bool { return x.Kind == a.Kind && x.Value == a.Value })
		if i < 0 {
			return &HintError{Err: fmt.Errorf("%s %q on the allow list: %w", a.Kind, a.Value, ErrNotFound), Hint: "`lookback allow list` shows what is on it"}
		}
		a = list[i]
		if _, err := tx.Exec("DELETE FROM allowed WHERE id=?", a.ID); err != nil {
			return err
		}
		return silence(tx)
	})
	return a, err
}

// AllowList returns the entries in the order in which they came.
func (s *Store) AllowList(ctx context.Context) ([]Allowed, error) {
	list, err := allowList(ctxReader{ctx, s.r})
	return list, explain("reading the allow list", err)
}

func allowList(db rowsReader) ([]Allowed, error) {
	rows, err := db.Query(`SELECT l.id, l.kind, l.value, l.why, l.added, (SELECT count(*) FROM silenced z JOIN findings f ON f.id = z.finding_id
		JOIN posts p ON p.id = f.post_id WHERE z.allowed_id = l.id AND f.action <> 'none' AND p.gone_archive IS NULL) FROM allowed l ORDER BY l.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Allowed
	for rows.Next() {
		var a Allowed
		var added sql.NullInt64
		if err := rows.Scan(&a.ID, &a.Kind, &a.Value, &a.Why, &added, &a.Silences); err != nil {
			return nil, err
		}
		a.Added = fromUnix(added)
		list = append(list, a)
	}
	return list, rows.Err()
}

// silence works out anew which findings the list silences.
func silence(tx *sql.Tx) error {
	if _, err := tx.Exec("DELETE FROM silenced"); err != nil {
		return err
	}
	m, err := newAllowMatcher(tx)
	if err != nil || m == nil {
		return err
	}
	rows, err := tx.Query("SELECT f.id, f.spans, ifnull(v.text, ''), " + allowColumns + " FROM findings f JOIN posts p ON p.id = f.post_id JOIN accounts a ON a.id = p.account_id" +
		" LEFT JOIN versions v ON v.id = f.version_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	found := map[int64][]int64{}
	for rows.Next() {
		var id int64
		var spans, earlier string
		var p allowPost
		if err := rows.Scan(&id, &spans, &earlier, &p.text, &p.author, &p.to, &p.platform, &p.handle, &p.nativeID, &p.name); err != nil {
			return err
		}
		p.text = cmp.Or(earlier, p.text)
		if by := m.match(&p, parseSpans(spans)); len(by) > 0 {
			found[id] = by
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for id, by := range found {
		if err := putSilenced(tx, id, by); err != nil {
			return err
		}
	}
	return nil
}

func putSilenced(tx *sql.Tx, finding int64, by []int64) error {
	for _, a := range by {
		if _, err := tx.Exec("INSERT INTO silenced VALUES(?,?)", finding, a); err != nil {
			return err
		}
	}
	return nil
}

// allowColumns are what allowPost holds.
const allowColumns = "p.text, p.author, p.reply_to_author, a.platform, a.handle, a.native_id, a.name"

// allowPost is what the allow list looks at.
type allowPost struct {
	text, author, to                 string
	platform, handle, nativeID, name string
}

// allowMatcher tells which entries silence a finding.
type allowMatcher struct {
	words   []allowPhrase
	persons []allowPhrase
	account []Allowed
}

type allowPhrase struct {
	id    int64
	words []string
}

// newAllowMatcher returns nil where nothing is allowed.
func newAllowMatcher(tx *sql.Tx) (*allowMatcher, error) {
	list, err := allowList(tx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	m := &allowMatcher{}
	for _, a := range list {
		switch p := (allowPhrase{a.ID, allowWords(a.Value)}); a.Kind {
		case AllowWord:
			m.words = append(m.words, p)
		case AllowPerson:
			m.persons = append(m.persons, p)
		case AllowAccount:
			m.account = append(m.account, a)
		}
	}
	// Of two phrases that begin alike the longer one counts.
	slices.SortStableFunc(m.words, func(a, b allowPhrase) int { return len(b.words) - len(a.words) })
	return m, nil
}

// match returns the entries that silence a finding with these spans.
func (m *allowMatcher) match(p *allowPost, spans []Span) []int64 {
	var by []int64
	for _, a := range m.account {
		if p.isAccount(a.Value) {
			by = append(by, a.ID)
		}
	}
	if len(m.persons) > 0 {
		text, author, to := allowWords(p.text), allowWords(p.author), allowWords(p.to)
		for _, who := range m.persons {
			if contains(text, who.words) || slices.Equal(author, who.words) || slices.Equal(to, who.words) {
				by = append(by, who.id)
			}
		}
	}
	return append(by, m.allWords(p.text, spans)...)
}

// allWords returns the words that together are all that is marked, or nothing.
func (m *allowMatcher) allWords(text string, spans []Span) []int64 {
	var by []int64
	some := false
	for _, sp := range spans {
		if len(m.words) == 0 || sp.Start < 0 || sp.End > len(text) || sp.Start >= sp.End {
			return nil
		}
		for rest := allowWords(text[sp.Start:sp.End]); len(rest) > 0; some = true {
			i := slices.IndexFunc(m.words, func(p allowPhrase) bool {
				return len(p.words) <= len(rest) && slices.Equal(p.words, rest[:len(p.words)])
			})
			if i < 0 {
				return nil
			}
			if !slices.Contains(by, m.words[i].id) {
				by = append(by, m.words[i].id)
			}
			rest = rest[len(m.words[i].words):]
		}
	}
	if !some {
		return nil
	}
	return by
}

// isAccount says whether value names the account that the post is in.
func (p *allowPost) isAccount(value string) bool {
	same := func(v string) bool {
		return v != "" && (strings.ToLower(p.handle) == v || strings.ToLower(p.nativeID) == v || p.handle == "" && strings.ToLower(p.name) == v)
	}
	if platform, rest, ok := strings.Cut(value, ":"); ok && platform == p.platform && same(rest) {
		return true
	}
	return same(value)
}

// contains says whether phrase stands in words.
func contains(words, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(words); i++ {
		if slices.Equal(words[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// allowWords cuts a text into words in lower case. What is neither a letter, a
// digit nor part of a handle parts them; signs without letters, such as emoji,
// are words of their own.
func allowWords(text string) []string {
	text = strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	var words []string
	for field := range strings.FieldsSeq(text) {
		parts := strings.FieldsFunc(field, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '_' && r != '\''
		})
		n := 0
		for _, p := range parts {
			if p = strings.TrimSuffix(strings.Trim(p, "'"), "'s"); p != "" {
				words, n = append(words, p), n+1
			}
		}
		if n == 0 && strings.ContainsFunc(field, unicode.IsSymbol) {
			words = append(words, field)
		}
	}
	return words
}
