package reddit

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// maxRecord bounds one record. Reddit's longest texts have 40,000 characters;
// more is a quote that was never closed.
const maxRecord = 4 << 20

var errLong = errors.New("a record is too long")

// A guard ends the reading of a file where one record has no end.
type guard struct {
	r io.Reader
	n int // since the last record
}

func (g *guard) Read(p []byte) (int, error) {
	if g.n > maxRecord {
		return 0, errLong
	}
	n, err := g.r.Read(p)
	g.n += n
	return n, err
}

// A row is one record of a sheet, whose columns are found by name: they have
// been added to and moved over the years.
type row struct {
	at     map[string]int
	fields []string
}

// get returns a field, empty where the sheet or the row has none.
func (w *row) get(column string) string {
	i, ok := w.at[column]
	if !ok || i >= len(w.fields) {
		return ""
	}
	return strings.TrimSpace(strings.ToValidUTF8(w.fields[i], "\uFFFD"))
}

// id returns an identifier without the prefix that some exports give it.
func (w *row) id(column string) string {
	s := w.get(column)
	if len(s) > 3 && s[0] == 't' && s[1] >= '0' && s[1] <= '9' && s[2] == '_' {
		return s[3:]
	}
	return s
}

// short says whether the row ends before the column with its words.
func (w *row) short() bool {
	for _, column := range []string{"body", "message", "direction", "value", "note", "permalink"} {
		if i, ok := w.at[column]; ok && i >= len(w.fields) {
			return true
		}
	}
	return false
}

// each reads the rows of every part of a kind. What is wrong with them is
// told to the sink, so that only the sink's own errors and the context's come
// back.
func (r *run) each(kind string, fn func(m importer.Member, record int, w *row) error) error {
	for _, m := range r.place.members[kind] {
		if err := r.sheet(kind, m, true, fn); err != nil {
			return err
		}
	}
	return nil
}

// sheet reads one file. With tell it reports what is wrong, and compares the
// checksum.
func (r *run) sheet(kind string, m importer.Member, tell bool, fn func(m importer.Member, record int, w *row) error) error {
	report := func(record int, why string) error {
		if !tell {
			return nil
		}
		return r.skip(kind, m, record, why)
	}
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return report(0, "cannot be opened")
	}
	defer f.Close()
	sum, end := sha256.New(), &lastByte{}
	raw := io.TeeReader(f, io.MultiWriter(sum, end))
	g := &guard{r: raw}
	text, _, err := jsonstream.NewUTF8Reader(g)
	if err != nil {
		return report(0, "cannot be read")
	}
	if err := r.rows(kind, m, text, g, report, fn); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, raw); err != nil || !tell {
		return r.ctx.Err()
	}
	switch want := r.sums[strings.ToLower(m.Name)]; {
	case want == hex.EncodeToString(sum.Sum(nil)):
		return nil
	case want != "":
		r.Lose(kind)
		return r.Note("checksum-differs", m.Name, "The file is not as Reddit made it: its checksum is not the one in checkfile.csv.")
	case end.b != '\n' && end.b != 0:
		r.Lose(kind)
		return r.Note("file-cut", m.Name, "The file does not end with the end of a line, so its last record may be cut.")
	}
	return nil
}

// lastByte keeps the last byte of a file: a file of Reddit's ends with the
// end of a line.
type lastByte struct{ b byte }

func (l *lastByte) Write(p []byte) (int, error) {
	if len(p) > 0 {
		l.b = p[len(p)-1]
	}
	return len(p), nil
}

// rows reads the header and then the records.
func (r *run) rows(kind string, m importer.Member, text io.Reader, g *guard, report func(int, string) error, fn func(importer.Member, int, *row) error) error {
	rows := csv.NewReader(text)
	rows.FieldsPerRecord, rows.LazyQuotes, rows.ReuseRecord = -1, true, true
	var w row
	for record := 0; ; record++ {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		g.n = 0
		fields, err := rows.Read()
		why, end := damage(err)
		switch {
		case errors.Is(err, io.EOF):
			r.read[kind] = r.read[kind] || record > 0
			return nil
		case why == "" && record == 0:
			if w.at = names(fields); !hasAll(w.at, columns[kind]) {
				return report(0, "has not the columns that belong in it")
			}
			continue
		case why == "":
			if w.fields = fields; !w.short() {
				err = fn(m, record, &w)
				break
			}
			why = "has too few fields"
			fallthrough
		default:
			err = report(record, why)
		}
		if err != nil || end {
			return err
		}
	}
}

// damage says what is wrong with a record, and whether it ends the file.
func damage(err error) (why string, end bool) {
	var broken *csv.ParseError
	switch {
	case err == nil:
		return "", false
	case errors.Is(err, errLong):
		return "has a quotation mark without an end, so the rest of the file cannot be read", true
	case errors.As(err, &broken):
		return "is not a valid row", false
	}
	return "the file ends in the middle", true
}

func names(header []string) map[string]int {
	at := make(map[string]int, len(header))
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := at[name]; !twice {
			at[name] = i
		}
	}
	return at
}

func hasAll(at map[string]int, wanted []string) bool {
	for _, name := range wanted {
		if _, ok := at[name]; !ok {
			return false
		}
	}
	return true
}

// parseTime reads "2024-06-12 17:25:43 UTC" and its like; zero, with the
// precision none, for anything else.
func parseTime(s string) (time.Time, store.Precision) {
	for _, l := range []struct {
		layout    string
		precision store.Precision
	}{
		{"2006-01-02 15:04:05 UTC", store.PrecisionSecond}, {time.RFC3339, store.PrecisionSecond},
		{"2006-01-02 15:04:05 -0700 UTC", store.PrecisionSecond}, {"2006-01-02 15:04:05-07:00", store.PrecisionSecond},
		{"2006-01-02 15:04:05", store.PrecisionZone}, {"2006-01-02T15:04:05", store.PrecisionZone},
		{time.DateOnly, store.PrecisionDay},
	} {
		t, err := time.Parse(l.layout, s)
		if err != nil {
			continue
		}
		if t = t.UTC().Truncate(time.Second); t.Year() >= 2005 && t.Year() < 2100 { // Reddit began in 2005
			return t, l.precision
		}
		break
	}
	return time.Time{}, store.PrecisionNone
}
