package csvstream_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"lookback/importer/csvstream"

	"golang.org/x/text/encoding/unicode"
)

// rows reads everything: fields in brackets, the reason of a bad row behind.
func rows(t *testing.T, input string, o csvstream.Options) string {
	t.Helper()
	r, err := csvstream.NewReader(iotest.HalfReader(strings.NewReader(input)), o)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return strings.Join(all, " ")
		}
		s := fmt.Sprintf("%d%q", row.Number, row.Fields)
		if err != nil {
			s += "<" + err.Error() + ">"
		}
		all = append(all, s)
	}
}

func TestRead(t *testing.T) {
	back := csvstream.Options{Backslash: true}
	tests := []struct {
		name, input string
		o           csvstream.Options
		want        string
	}{
		{"empty", "", csvstream.Options{}, ""},
		{"plain", "a,b\n1,2\n", csvstream.Options{}, `1["a" "b"] 2["1" "2"]`},
		{"no last line end", "a,b\n1,", csvstream.Options{}, `1["a" "b"] 2["1" ""]`},
		{"blank lines", "a,b\n\n  \n1,2\n\n", csvstream.Options{}, `1["a" "b"] 4["1" "2"]`},
		{"CRLF", "a,b\r\n\"1\",2\r\n", csvstream.Options{}, `1["a" "b"] 2["1" "2"]`},
		{"CRLF inside", "a,\"x\r\ny\"\r\n", csvstream.Options{}, `1["a" "x\ny"]`},
		{"byte order mark", "\ufeffa,b\n", csvstream.Options{}, `1["a" "b"]`},
		{"semicolons", "a;b;c,d\n1;2;3\n", csvstream.Options{}, `1["a" "b" "c,d"] 2["1" "2" "3"]`},
		{"tabs", "\"a\"\t\"b\"\n\"1,2\"\t\"3\"\n", csvstream.Options{}, `1["a" "b"] 2["1,2" "3"]`},
		{"preamble", "Notes:\n\"one, two\"\n\na,b\n", csvstream.Options{}, `1["Notes:"] 2["one, two"] 4["a" "b"]`},
		{"doubled", `a,"x ""y"" z"`, csvstream.Options{}, `1["a" "x \"y\" z"]`},
		{"backslash is plain", `a,"C:\",b`, csvstream.Options{}, `1["a" "C:\\" "b"]`},
		{"backslash escapes", `a,"She said \"no\", twice",b`, back, `1["a" "She said \"no\", twice" "b"]`},
		{"doubled too", `a,"x ""y"" z"`, back, `1["a" "x \"y\" z"]`},
		{"escaped backslash", `a,"x\\",b`, back, `1["a" "x\\" "b"]`},
		{"other escapes stay", `a,"x\n"`, back, `1["a" "x\\n"]`},
		{"quote in a plain field", `a,5" wide,b`, csvstream.Options{}, `1["a" "5\" wide" "b"]`},
		{"stray quote", `a,"x "y" z",b`, csvstream.Options{}, `1["a" "x \"y\" z" "b"]`},
		{"space before a quote", `a, "x, y"`, csvstream.Options{}, `1["a" "x, y"]`},
		{"cut", "a,b\n1,\"two", csvstream.Options{}, `1["a" "b"] 2["1" "two"]<the file ends in the middle of this row>`},
		{"not UTF-8", "a,\xff\n", csvstream.Options{}, `1["a" "` + "\uFFFD" + `"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rows(t, tt.input, tt.o); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestUTF16(t *testing.T) {
	const text = "\"Date\"\t\"Text\"\n\"2017\"\t\"café\"\n"
	for name, enc := range map[string]unicode.BOMPolicy{"mark": unicode.UseBOM, "no mark": unicode.IgnoreBOM} {
		for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
			wide, err := unicode.UTF16(order, enc).NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := rows(t, wide, csvstream.Options{}); got != `1["Date" "Text"] 2["2017" "café"]` {
				t.Errorf("%s, %v: %s", name, order, got)
			}
		}
	}
}

func TestTooLarge(t *testing.T) {
	long := "a,\"" + strings.Repeat("x", csvstream.MaxRow) + "\nb,c\n"
	r, err := csvstream.NewReader(strings.NewReader(long), csvstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(); !errors.Is(err, csvstream.ErrTooLarge) {
		t.Fatalf("got %v", err)
	}
	if row, err := r.Read(); err != nil || row.Get(0) != "b" || row.Get(5) != "" || row.Get(-1) != "" {
		t.Errorf("after it: %v", err)
	}
}

func TestHeader(t *testing.T) {
	r, err := csvstream.NewReader(strings.NewReader("Notes:\n\"Some words, with a comma\"\n\nFirst Name,E-Mail Address,First Name\nAnn,a@example.org\n"), csvstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	columns, err := r.Header(10, func(c map[string]int) bool { _, ok := c["firstname"]; return ok })
	if err != nil || columns["emailaddress"] != 1 || columns["firstname"] != 0 {
		t.Fatalf("got %v, %v", columns, err)
	}
	if row, err := r.Read(); err != nil || row.Number != 5 {
		t.Errorf("row %d, %v", row.Number, err)
	}
	r, _ = csvstream.NewReader(strings.NewReader("No conversations found"), csvstream.Options{})
	if _, err := r.Header(10, func(map[string]int) bool { return false }); !errors.Is(err, io.EOF) {
		t.Errorf("without a header: %v", err)
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("broken")
	r, err := csvstream.NewReader(io.MultiReader(strings.NewReader("a,b\n1,"), iotest.ErrReader(broken)), csvstream.Options{Comma: ','})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a,b\n1,\"x \\\"y\\\", z\"\n", true)
	f.Add("a\tb\r\n\"1\"\t\"x\"\"y\"\r\n", false)
	f.Add("\xff\xfea\x00,\x00b\x00\n\x00", false)
	f.Fuzz(func(t *testing.T, input string, back bool) {
		r, err := csvstream.NewReader(strings.NewReader(input), csvstream.Options{Backslash: back})
		if err != nil {
			return
		}
		last := 0
		for {
			row, err := r.Read()
			if row.Number < last {
				t.Fatalf("row %d after %d", row.Number, last)
			}
			last = row.Number
			for _, field := range row.Fields {
				if !utf8.ValidString(field) {
					t.Fatalf("row %d is not UTF-8", row.Number)
				}
			}
			if err != nil && !errors.Is(err, csvstream.ErrCut) && !errors.Is(err, csvstream.ErrTooLarge) {
				return
			}
		}
	})
}
