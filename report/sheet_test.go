package report

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"lookback/store"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

// sheetText is the csv format of some rows with decisions of every kind.
func sheetText(t *testing.T) (text string, want []SheetRow) {
	t.Helper()
	rows := makeRows(6)
	for i, d := range []store.Decision{
		{},
		{Choice: store.ChoiceKeep, Reason: "=1+1, \"quoted\"; and\nmore; caf\u00e9", Note: "'twas"},
		{Choice: store.ChoiceRemove, Note: "@home\tnow"},
		{Choice: store.ChoiceNotIssue, Reason: "-"},
		{Choice: store.ChoiceDone},
		{Choice: store.ChoiceKeep, Reason: "+44 is a number"},
	} {
		rows[i].Findings = rows[i].Findings[:1]
		f := &rows[i].Findings[0]
		if d.Choice != "" {
			f.Decision = &d
		}
		want = append(want, SheetRow{Row: i + 2, ID: f.UID, Choice: string(d.Choice), Reason: &d.Reason, Note: &d.Note})
	}
	return string(render(t, FormatCSV, Options{}, store.Summary{}, seq(rows))), want
}

func utf16Bytes(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

// otherSep writes the records of a csv text with another separator.
func otherSep(sep string) func(string) string {
	return func(text string) string {
		var b strings.Builder
		quoted := false
		for _, r := range text {
			if r == '"' {
				quoted = !quoted
			}
			if r == ',' && !quoted {
				b.WriteString(sep)
				continue
			}
			if string(r) == sep && !quoted {
				return "cannot be: " + text
			}
			b.WriteRune(r)
		}
		return b.String()
	}
}

// TestReadSheet: the list comes back whole, whatever program saved it.
func TestReadSheet(t *testing.T) {
	text, want := sheetText(t)
	text = strings.ReplaceAll(text, "; ", " + ") // the standards, which no other separator quotes
	for i := range want {
		*want[i].Reason = strings.ReplaceAll(*want[i].Reason, "; ", " + ")
	}
	for name, save := range map[string]func(string) string{
		"as it was":            func(s string) string { return s },
		"Excel, UTF-8":         func(s string) string { return "\uFEFF" + s },
		"Excel, semicolons":    func(s string) string { return "\uFEFF" + otherSep(";")(s) },
		"Excel, sep line":      func(s string) string { return "sep=;\r\n" + otherSep(";")(s) },
		"Excel, Unicode text":  func(s string) string { return "\xFF\xFE" + utf16Bytes(otherSep("\t")(s), false) },
		"UTF-16, big-endian":   func(s string) string { return "\xFE\xFF" + utf16Bytes(s, true) },
		"UTF-16 without marks": func(s string) string { return utf16Bytes(s, false) },
		"LibreOffice":          func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") },
		"old Macintosh":        func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\r"), "\n", "\r") },
		"capitals": func(s string) string {
			return strings.ReplaceAll(strings.Replace(s, "finding_id", " Finding_ID", 1), "aaaa", "AAAA")
		},
		"ids with marks": func(s string) string { return strings.ReplaceAll(s, "\naaaa", "\n'#aaaa") },
		"empty rows":     func(s string) string { return s + ",,,,\r\n\r\n , \r\n" },
	} {
		t.Run(name, func(t *testing.T) {
			got, bad, err := ReadSheet(strings.NewReader(save(text)))
			if err != nil || len(bad) > 0 {
				t.Fatal(err, bad)
			}
			shift := 0
			if name == "Excel, sep line" {
				shift = 1
			}
			exp := make([]SheetRow, len(want))
			for i, w := range want {
				w.Row += shift
				exp[i] = w
			}
			if d := cmp.Diff(exp, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadSheetWindows(t *testing.T) {
	b, err := charmap.Windows1252.NewEncoder().String("finding_id;decision;reason\r\naaaabbbb22;Keep;café – fine\r\n")
	if err != nil {
		t.Fatal(err)
	}
	got, bad, err := ReadSheet(strings.NewReader(b))
	if err != nil || len(bad) > 0 || len(got) != 1 || got[0].Choice != "keep" || *got[0].Reason != "café – fine" || got[0].Note != nil {
		t.Errorf("%+v, %v, %v", got, bad, err)
	}
}

// Columns may be moved or left out, and others may be there.
func TestReadSheetColumns(t *testing.T) {
	got, bad, err := ReadSheet(strings.NewReader("my own,decision,Finding_Id\nx,False alarm,aaaab\ny,,aaaac\nz,UNDECIDED,aaaad\n,not_an_issue,aaaae,more,cells\n"))
	want := []SheetRow{{Row: 2, ID: "aaaab", Choice: "not-an-issue"}, {Row: 3, ID: "aaaac"}, {Row: 4, ID: "aaaad", Choice: "undecided"}, {Row: 5, ID: "aaaae", Choice: "not-an-issue"}}
	if d := cmp.Diff(want, got); d != "" || err != nil || len(bad) > 0 {
		t.Error(d, bad, err)
	}
	for name, text := range map[string]string{
		"nothing":            "",
		"no decision":        "finding_id,reason\naaaab,x\n",
		"no id":              "decision,reason\nkeep,x\n",
		"a picture":          "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"only the heading's": "finding_id decision",
	} {
		if _, _, err := ReadSheet(strings.NewReader(text)); !errors.Is(err, ErrNotAList) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := ReadSheet(strings.NewReader("finding_id,decision\naaaab,keep\naaaac,\"secret\nwords")); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("a quote without an end: %v", err)
	}
}

// Every bad row is named, and nothing of what is in it is repeated.
func TestReadSheetBadRows(t *testing.T) {
	_, bad, err := ReadSheet(strings.NewReader("finding_id,decision,reason\n" +
		"aaaab,perhaps a secret,x\naaaac,WAHR,\na secret text,keep,x\n,keep,x\naaaad,keep,fine\n,,a secret note\naaaae,TRUE,\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range bad {
		if strings.Contains(b.Error(), "secret") {
			t.Errorf("repeats the row: %v", b)
		}
		got = append(got, strings.SplitN(b.Error(), ":", 2)[0])
	}
	if d := cmp.Diff([]string{"row 2 (aaaab)", "row 3 (aaaac)", "row 4", "row 5", "row 7", "row 8 (aaaae)"}, got); d != "" {
		t.Error(d)
	}
}

// What a cell was before it went out is known again when it comes back.
func TestSheetCell(t *testing.T) {
	for _, s := range []string{"", "plain", "=f()", "a\r\nb", " spaces ", "bell \a", "\u202eturned", "bad \xff byte"} {
		rows := makeRows(1)
		f := &rows[0].Findings[0]
		f.Decision = &store.Decision{Choice: store.ChoiceRemove, Reason: s, Note: s}
		got, bad, err := ReadSheet(strings.NewReader(string(render(t, FormatCSV, Options{}, store.Summary{}, seq(rows)))))
		if err != nil || len(bad) > 0 {
			t.Fatal(err, bad)
		}
		if *got[0].Reason != SheetCell(s) || *got[0].Note != SheetCell(s) {
			t.Errorf("%q comes back as %q, not %q", s, *got[0].Reason, SheetCell(s))
		}
	}
}

func FuzzReadSheet(f *testing.F) {
	f.Add("finding_id,decision,reason,note\r\naaaab,keep,x,\r\n")
	f.Add("sep=;\nfinding_id;decision\naaaab;\"done\"\n")
	f.Add("\xFF\xFEf\x00i\x00")
	f.Fuzz(func(t *testing.T, text string) {
		rows, bad, _ := ReadSheet(strings.NewReader(text))
		for _, r := range rows {
			if !isID(r.ID) || r.Row < 2 {
				t.Errorf("%+v", r)
			}
		}
		for _, b := range bad {
			if b.Row < 2 || b.ID != "" && !isID(b.ID) {
				t.Errorf("%v", b)
			}
		}
	})
}
