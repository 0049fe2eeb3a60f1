package linkedin

import (
	"errors"
	"io"
	"strconv"

	"lookback/importer"
	"lookback/importer/csvstream"
)

// A row is one record of a table with its columns by name.
type row struct {
	csvstream.Row
	columns map[string]int
	member  string
	cut     bool // the file ends inside it
}

// get returns the first of the named fields that says anything.
func (r row) get(names ...string) string {
	for _, name := range names {
		if i, ok := r.columns[name]; ok {
			if v := r.Get(i); v != "" {
				return v
			}
		}
	}
	return ""
}

// scopeOf is the scope to which a table's records belong.
func scopeOf(t table) string {
	switch t {
	case shares:
		return scopeShare
	case comments:
		return scopeComment
	case reactions:
		return scopeReaction
	case reposts:
		return scopeRepost
	case votes:
		return scopeVote
	case richMedia:
		return scopeMedia
	case recommendations:
		return scopeRecommendation
	case messages, invitations:
		return scopeMessage
	}
	return "bio"
}

// skip counts a record, or with 0 a whole member, that could not be read.
func (r *run) skip(t table, member string, number int, why string) error {
	return r.Skip(scopeOf(t), member, number, why)
}

// lose counts a member that could not be read to its end.
func (r *run) lose(t table, m importer.Member, err error) error {
	return r.Fail(scopeOf(t), m.Path, err)
}

// table reads one file of records in the dialect that fits it best.
func (r *run) table(m importer.Member, t table) error {
	back, err := r.dialect(m, t)
	if err != nil {
		return r.lose(t, m, err)
	}
	r.keys.File()
	var outErr error
	err = r.rows(m, t, back, func(one row, err error) bool {
		switch {
		case r.ctx.Err() != nil:
			outErr = r.ctx.Err()
		case errors.Is(err, csvstream.ErrTooLarge):
			outErr = r.skip(t, m.Path, one.Number, "is too large: a quotation mark is missing")
		case !one.fits(t):
			outErr = r.skip(t, m.Path, one.Number, "does not have the columns of the table")
		default:
			outErr = r.record(t, one)
		}
		return outErr == nil
	})
	if outErr != nil {
		return outErr
	}
	if err != nil {
		return r.lose(t, m, err)
	}
	return nil
}

// fits reports whether a row has the columns of its table, a few missing or
// empty ones at the end aside.
func (r row) fits(t table) bool {
	n := len(r.Fields)
	for n > r.width() && r.Fields[n-1] == "" {
		n--
	}
	return r.cut || n >= len(headers[t]) && n <= r.width()
}

// width is the number of columns; names may repeat.
func (r row) width() int {
	w := 0
	for _, i := range r.columns {
		w = max(w, i+1)
	}
	return w
}

// rows hands every row behind the header to fn until it returns false.
func (r *run) rows(m importer.Member, t table, back bool, fn func(row, error) bool) error {
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	in, err := csvstream.NewReader(f, csvstream.Options{Backslash: back})
	if err != nil {
		return err
	}
	want := headers[t]
	columns, err := in.Header(headLines, func(c map[string]int) bool { return has(c, want...) })
	if errors.Is(err, io.EOF) {
		return nil // a sentence that there is nothing; the header was looked for before
	}
	if err != nil {
		return err
	}
	for {
		one, err := in.Read()
		cut := errors.Is(err, csvstream.ErrCut)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !cut && !errors.Is(err, csvstream.ErrTooLarge) {
			return err
		}
		if !fn(row{one, columns, m.Path, cut}, err) {
			return nil
		}
	}
}

// headers are the columns that the header of a table has in all generations.
var headers = map[table][]string{
	profile: {"firstname", "lastname"}, shares: {"date", "sharelink"}, comments: {"date", "link", "message"}, reactions: {"date", "link"},
	reposts: {"date", "link"}, votes: {"date", "link"}, richMedia: {"mediadescription"}, recommendations: {"text", "creationdate"},
	messages: {"from", "content"}, invitations: {"from", "to"},
}

// dialect finds out how a file quotes: Comments.csv escapes quotation marks
// with a backslash, Shares.csv doubles them, and LinkedIn may change its mind.
// The dialect with fewer rows that cannot be right wins, and of equal ones
// the one that the file is known to have.
func (r *run) dialect(m importer.Member, t table) (back bool, err error) {
	usual := t == comments
	wrong, err := r.wrongRows(m, t, usual)
	if err != nil || wrong == 0 {
		return usual, err
	}
	also, err := r.wrongRows(m, t, !usual)
	if err == nil && also < wrong {
		return !usual, nil
	}
	return usual, err
}

func (r *run) wrongRows(m importer.Member, t table, back bool) (wrong int, err error) {
	err = r.rows(m, t, back, func(one row, err error) bool {
		date := one.get("date")
		if err != nil || !one.fits(t) || date != "" && t != details && parseTime(date).IsZero() {
			wrong++
		}
		return r.ctx.Err() == nil
	})
	if r.ctx.Err() != nil {
		return wrong, r.ctx.Err()
	}
	return wrong, err
}

// record hands one row to what knows its table.
func (r *run) record(t table, one row) error {
	if one.cut && t != shares {
		return r.skip(t, one.member, one.Number, "the file ends in the middle of it")
	}
	switch t {
	case profile:
		return r.profile(one)
	case details:
		return r.detail(one)
	case shares:
		return r.share(one)
	case comments:
		return r.comment(one)
	case reactions, reposts:
		return r.endorsed(t, one)
	case votes:
		return r.vote(one)
	case richMedia:
		return r.media(one)
	case recommendations:
		return r.recommendation(one)
	case messages:
		return r.message(one)
	case invitations:
		return r.invitation(one)
	}
	return nil
}

func number(n int) string { return strconv.Itoa(n) }
