package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"lookback/store"

	"golang.org/x/text/encoding/charmap"
)

// SheetRow is a row of a list of findings that somebody filled in.
type SheetRow struct {
	Row    int     // as the spreadsheet counts it: the heading is row 1
	ID     string  // of the finding, or the beginning of it
	Choice string  // one of the choices, "undecided" to take one back, or empty
	Reason *string // nil where the column is missing
	Note   *string
}

// Undecided is what a person writes into the decision column to take a
// decision back. An empty cell asks for nothing.
const Undecided = "undecided"

// RowError says what is wrong with a row; it never holds what is in the row.
type RowError struct {
	Row int
	ID  string // empty where the row has none that could be one
	Err error
}

func (e *RowError) Error() string {
	if e.ID == "" {
		return fmt.Sprintf("row %d: %v", e.Row, e.Err)
	}
	return fmt.Sprintf("row %d (%s): %v", e.Row, e.ID, e.Err)
}

func (e *RowError) Unwrap() error { return e.Err }

// ErrNotAList is a file that is not a list of findings.
var ErrNotAList = errors.New("it has no columns finding_id and decision")

// maxSheet bounds a list, which is held in memory: 100,000 findings with their
// texts fit into it.
const maxSheet = 64 << 20

// ErrSheetTooLarge is a file that is larger than any list of findings.
var ErrSheetTooLarge = errors.New("it is larger than 64 MB")

// ReadSheet reads decisions from the csv format as it comes back from a
// spreadsheet: with any of the usual separators and encodings, with columns
// moved or left out. Of the rows that are wrong it returns all errors.
func ReadSheet(r io.Reader) (rows []SheetRow, bad []*RowError, err error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSheet+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > maxSheet {
		return nil, nil, ErrSheetTooLarge
	}
	text := decodeSheet(b)
	in, cols, row, err := openSheet(text)
	if err != nil {
		return nil, nil, err
	}
	for {
		row++
		rec, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, bad, nil
		}
		if pe := (*csv.ParseError)(nil); errors.As(err, &pe) {
			return nil, nil, fmt.Errorf("row %d, line %d of the file: %w", row, pe.Line, pe.Err)
		}
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(rec, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			continue
		}
		got, err := cols.read(rec)
		got.Row = row
		if err != nil {
			bad = append(bad, &RowError{row, got.ID, err})
			continue
		}
		rows = append(rows, got)
	}
}

// decodeSheet makes UTF-8 with plain line ends of what programs save: UTF-8
// with or without a mark, UTF-16 ("Unicode text" of Excel), or Windows-1252.
func decodeSheet(b []byte) string {
	var s string
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		s = string(b[3:])
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), len(b) > 1 && b[0] != 0 && b[1] == 0:
		s = decodeUTF16(bytes.TrimPrefix(b, []byte("\xFF\xFE")), 0)
	case bytes.HasPrefix(b, []byte("\xFE\xFF")), len(b) > 1 && b[0] == 0 && b[1] != 0:
		s = decodeUTF16(bytes.TrimPrefix(b, []byte("\xFE\xFF")), 1)
	case utf8.Valid(b):
		s = string(b)
	default:
		// A file of one byte a character cannot be wrong for this encoding.
		out, _ := charmap.Windows1252.NewDecoder().Bytes(b)
		s = string(out)
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", "\n") // an old Macintosh
	}
	return s
}

// decodeUTF16 decodes pairs of bytes; big is 1 where the higher one comes
// first, else 0.
func decodeUTF16(b []byte, big int) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i+1-big])<<8 | uint16(b[2*i+big])
	}
	return string(utf16.Decode(units))
}

// sheetColumns are where in a record the columns are; -1 for missing.
type sheetColumns struct{ id, choice, reason, note int }

// openSheet finds the separator by looking for the heading, which may come
// after a line that names the separator, as Excel likes it.
func openSheet(text string) (in *csv.Reader, cols sheetColumns, row int, err error) {
	row = 1
	if line, rest, ok := strings.Cut(text, "\n"); ok && len(line) <= 7 && strings.HasPrefix(strings.ToLower(strings.Trim(line, `"`)), "sep=") {
		text, row = rest, 2
	}
	for _, sep := range ",;\t|" {
		in = csv.NewReader(strings.NewReader(text))
		in.Comma, in.FieldsPerRecord, in.LazyQuotes = sep, -1, false
		head, err := in.Read()
		if err != nil {
			continue
		}
		find := func(name string) int {
			return slices.IndexFunc(head, func(c string) bool { return strings.ToLower(strings.Trim(c, " '\"\uFEFF\u00A0")) == name })
		}
		cols = sheetColumns{find("finding_id"), find("decision"), find("reason"), find("note")}
		if cols.id >= 0 && cols.choice >= 0 {
			return in, cols, row, nil
		}
	}
	return nil, cols, 0, ErrNotAList
}

func (c sheetColumns) read(rec []string) (SheetRow, error) {
	cell := func(i int) *string {
		if i < 0 {
			return nil
		}
		s := ""
		if i < len(rec) {
			s = strings.TrimSpace(Unguard(rec[i]))
		}
		return &s
	}
	row := SheetRow{Reason: cell(c.reason), Note: cell(c.note)}
	id := strings.ToLower(strings.Trim(*cell(c.id), " '#\u00A0"))
	choice, err := readChoice(*cell(c.choice))
	switch {
	case id == "" && choice == "" && err == nil:
		return row, errors.New("it has no id of a finding")
	case !isID(id):
		return row, errors.New("what stands under finding_id is not the id of a finding")
	}
	row.ID, row.Choice = id, choice
	return row, err
}

// isID says whether s can be the id of a finding, so that it may be shown.
func isID(s string) bool {
	return len(s) > 0 && len(s) <= 10 && !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '2' || r > '7') })
}

// choiceWords are the ways in which people write a decision.
var choiceWords = map[string]string{
	"": "", "undecided": Undecided,
	"remove": string(store.ChoiceRemove), "delete": string(store.ChoiceRemove),
	"keep": string(store.ChoiceKeep), "kept": string(store.ChoiceKeep),
	"not an issue": string(store.ChoiceNotIssue), "no issue": string(store.ChoiceNotIssue), "false alarm": string(store.ChoiceNotIssue),
	"done": string(store.ChoiceDone), "removed": string(store.ChoiceDone), "deleted": string(store.ChoiceDone),
}

// ticks are what spreadsheets write for a ticked or unticked box in the
// languages that they are set to.
var ticks = []string{
	"true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "verdadeiro", "vero", "waar", "onwaar", "prawda", "fałsz",
	"sant", "falskt", "sand", "falsk", "sann", "usann", "tosi", "epätosi", "doğru", "yanlış", "истина", "ложь", "yes", "no", "1", "0",
}

// The errors do not repeat what stands in the cell: where columns slipped, it
// may be a post.
var (
	errTick   = errors.New("a tick does not say which decision: write remove, keep, not-an-issue or done")
	errChoice = errors.New("what stands under decision is none of remove, keep, not-an-issue, done and undecided")
)

// dashes are what people write between words.
var dashes = strings.NewReplacer("-", " ", "_", " ", "‑", " ", "–", " ")

func readChoice(cell string) (string, error) {
	word := strings.Join(strings.Fields(dashes.Replace(strings.ToLower(cell))), " ")
	if c, ok := choiceWords[word]; ok {
		return c, nil
	}
	if slices.Contains(ticks, word) {
		return "", errTick
	}
	return "", errChoice
}

// SheetCell is a cell's value as it comes back when nobody touched it, for
// telling what changed.
func SheetCell(s string) string {
	if s == "" {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(csvText(s), "\r\n", "\n"))
}
