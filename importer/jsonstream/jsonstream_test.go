package jsonstream_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"lookback/importer/jsonstream"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

// An element is what a test sees of one record: its text, or why there is
// none.
type element struct {
	Record int
	Raw    string
	Err    error
}

// collect splits input in three ways of reading, which must agree.
func collect(t *testing.T, input string, o jsonstream.Options) ([]element, error) {
	t.Helper()
	var first []element
	var firstErr error
	for i, r := range []io.Reader{
		strings.NewReader(input),
		iotest.OneByteReader(strings.NewReader(input)),
		iotest.DataErrReader(iotest.HalfReader(strings.NewReader(input))),
	} {
		var got []element
		err := jsonstream.Split(r, o, func(record int, raw []byte, err error) error {
			got = append(got, element{record, string(raw), reason(err)})
			return nil
		})
		if i == 0 {
			first, firstErr = got, err
			continue
		}
		if diff := cmp.Diff(first, got, byIdentity); diff != "" || fmt.Sprint(err) != fmt.Sprint(firstErr) {
			t.Errorf("reading in pieces differs (%v, %v):\n%s", firstErr, err, diff)
		}
	}
	return first, firstErr
}

var byIdentity = cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })

// reason is the sentinel in err.
func reason(err error) error {
	for _, s := range []error{jsonstream.ErrSyntax, jsonstream.ErrTooLarge, jsonstream.ErrTooDeep,
		jsonstream.ErrCut, jsonstream.ErrNoArray, jsonstream.ErrTrailing} {
		if errors.Is(err, s) {
			return s
		}
	}
	return err
}

func recordOf(err error) int {
	var re *jsonstream.RecordError
	if errors.As(err, &re) {
		return re.Record
	}
	return -1
}

func TestSplit(t *testing.T) {
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	tests := []struct {
		name, input string
		want        string // elements joined by a space; the reason in angle brackets for a bad one
		end         error
		record      int
	}{
		{"empty", `[]`, "", nil, 0},
		{"empty with space", "window.YTD.x.part0 = [ ]", "", nil, 0},
		{"objects", `[{"a":1},{"a":2}]`, `{"a":1} {"a":2}`, nil, 0},
		{"scalars", `[1,"two, ]",true , null]`, `1 "two, ]" true null`, nil, 0},
		{"prefix", "window.YTD.tweets.part0 = [{\"a\":1}]", `{"a":1}`, nil, 0},
		{"classic prefix", "Grailbird.data.tweets_2013_02 = \n [ {\"a\":1} ]", `{"a":1}`, nil, 0},
		{"var and semicolon", "var x =[{\"a\":1}];\n", `{"a":1}`, nil, 0},
		{"mark", "\ufeffwindow.x = [1]", "1", nil, 0},
		{"brackets in strings", `[{"a":"}]{["},{"a":"\"}"},{"a":"\\"}]`, `{"a":"}]{["} {"a":"\"}"} {"a":"\\"}`, nil, 0},
		{"trailing comma", `[{"a":1},]`, `{"a":1}`, nil, 0},
		{"broken inside", `[{"a":"x"y"},{"a":2},{"a":3}]`, `<not valid JSON> {"a":2} {"a":3}`, nil, 0},
		{"a quote too many", `[{"a":1},{"a":"x},{"a":2},{"a":3}]`, `{"a":1} <not valid JSON> {"a":2} {"a":3}`, nil, 0},
		{"brackets crossed", `[{"a":[1}},{"a":2}]`, `<not valid JSON> {"a":2}`, nil, 0},
		{"line break in a string", "[{\"a\":\"x\ny\"}, {\"a\":2}]", `<not valid JSON> {"a":2}`, nil, 0},
		{"broken last", `[{"a":1},{"a":"x"y"}]`, `{"a":1} <not valid JSON>`, nil, 0},
		{"stray bytes", `[{"a":1},@@@ {"a":2}, {"a":3}]`, `{"a":1} @@@ {"a":2} {"a":3}`, nil, 0},
		{"deep", `[{"a":1},` + deep + `,{"a":2}]`, `{"a":1} <nested too deeply> {"a":2}`, nil, 0},
		{"large", `[{"a":1},{"b":"` + strings.Repeat("x", 2000) + `"},{"a":2}]`, `{"a":1} <larger than the limit> {"a":2}`, nil, 0},
		{"cut in an element", `[{"a":1},{"a":`, `{"a":1}`, jsonstream.ErrCut, 2},
		{"cut between", `[{"a":1},`, `{"a":1}`, jsonstream.ErrCut, 2},
		{"cut before all", `window.x = `, "", jsonstream.ErrCut, 0},
		{"nothing", "", "", jsonstream.ErrCut, 0},
		{"cut after a broken one", `[{"a":"x"y"},{"a":2`, `<not valid JSON>`, jsonstream.ErrCut, 2},
		{"an object", `{"a":1}`, "", jsonstream.ErrNoArray, 0},
		{"a number", `x = 5`, "", jsonstream.ErrNoArray, 0},
		{"no prefix ends", strings.Repeat("x", 5000), "", jsonstream.ErrNoArray, 0},
		{"twice", `[1]` + "\n" + `[2]`, "1", jsonstream.ErrTrailing, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := collect(t, tt.input, jsonstream.Options{MaxElement: 1000})
			var parts []string
			for _, e := range got {
				if e.Err != nil {
					e.Raw = "<" + e.Err.Error() + ">"
				}
				parts = append(parts, e.Raw)
			}
			if joined := strings.Join(parts, " "); joined != tt.want {
				t.Errorf("elements\n got %s\nwant %s", joined, tt.want)
			}
			if reason(err) != tt.end || tt.end != nil && recordOf(err) != tt.record {
				t.Errorf("end: got %v (record %d), want %v (record %d)", err, recordOf(err), tt.end, tt.record)
			}
		})
	}
}

func TestPath(t *testing.T) {
	tests := []struct {
		name, input string
		path        []string
		want        string
		end         error
	}{
		{"one level", `{"x":[9],"a":[1,2],"y":{"a":[8]}}`, []string{"a"}, "1 2", nil},
		{"two levels", `{"v":"1","chats":{"about":"]","list":[1,2]},"end":0}`, []string{"chats", "list"}, "1 2", nil},
		{"any name", `{"x":[1],"n":"[5]","y":[2,3]}`, []string{"*"}, "1 2 3", nil},
		{"assigned", `var x = {"a":[1]};`, []string{"a"}, "1", nil},
		{"absent", `{"x":[1]}`, []string{"a"}, "", jsonstream.ErrNoArray},
		{"not an array", `{"a":{"b":1}}`, []string{"a"}, "", jsonstream.ErrNoArray},
		{"an array instead", `[1]`, []string{"a"}, "", jsonstream.ErrNoArray},
		{"cut later", `{"a":[1],"b":`, []string{"a"}, "1", jsonstream.ErrCut},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := collect(t, tt.input, jsonstream.Options{Path: tt.path})
			var parts []string
			for _, e := range got {
				parts = append(parts, e.Raw)
			}
			if joined := strings.Join(parts, " "); joined != tt.want || reason(err) != tt.end {
				t.Errorf("got %q, %v", joined, err)
			}
		})
	}
}

type row struct {
	id, text string
}

func parseRow(d *jsonstream.Decoder, v *row) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "id":
			return jsonstream.Text(d, &v.id)
		case "text":
			return jsonstream.Text(d, &v.text)
		}
		return jsonstream.Skip(d)
	})
}

func rows(n int) string {
	var b strings.Builder
	b.WriteString("window.YTD.x.part0 = [")
	for i := range n {
		if i > 0 {
			b.WriteString(" , ")
		}
		switch {
		case i%97 == 13:
			b.WriteString(`{ "id" : 7, "text" : nope }`)
		case i%101 == 5:
			b.WriteString(`{ "id" : "x"y" }`)
		default:
			fmt.Fprintf(&b, `{ "id" : %d, "other" : [ { } ], "text" : "row \ud83d\udc0d %d" }`, i, i)
		}
	}
	b.WriteString("]")
	return b.String()
}

// TestWorkers holds the results of any number of workers against one.
func TestWorkers(t *testing.T) {
	input := rows(5000)
	read := func(workers int) (got []string, stats jsonstream.Stats) {
		stats, err := jsonstream.Decode(strings.NewReader(input), jsonstream.Options{Workers: workers}, parseRow,
			func(record int, v *row, err error) error {
				line := strconv.Itoa(record) + " "
				if err != nil {
					line += err.Error()
				} else {
					line += v.id + " " + v.text
				}
				got = append(got, line)
				return nil
			})
		if err != nil {
			t.Fatal(err)
		}
		return got, stats
	}
	want, wantStats := read(1)
	if len(want) != 5000 || wantStats.Records != 5000 || wantStats.Bad == 0 {
		t.Fatalf("%d rows, %+v", len(want), wantStats)
	}
	if want[0] != "1 0 row 🐍 0" {
		t.Errorf("first row: %q", want[0])
	}
	for _, workers := range []int{0, 2, 8} {
		got, stats := read(workers)
		if diff := cmp.Diff(want, got); diff != "" || stats != wantStats {
			t.Errorf("%d workers (%+v, want %+v):\n%s", workers, stats, wantStats, diff)
		}
	}
}

func TestDecodeStops(t *testing.T) {
	stop := errors.New("stop")
	for _, workers := range []int{1, 4} {
		n := 0
		_, err := jsonstream.Decode(strings.NewReader(rows(5000)), jsonstream.Options{Workers: workers}, parseRow,
			func(int, *row, error) error {
				if n++; n == 3 {
					return stop
				}
				return nil
			})
		if err != stop || n != 3 {
			t.Errorf("%d workers: %d calls, %v", workers, n, err)
		}
	}
}

// TestPanic wants a panic of parse on the caller's goroutine, where the
// importer's guard catches it.
func TestPanic(t *testing.T) {
	for _, workers := range []int{1, 2} {
		func() {
			defer func() {
				if v := recover(); v != "boom" {
					t.Errorf("%d workers: recovered %v", workers, v)
				}
			}()
			_, err := jsonstream.Decode(strings.NewReader("[1]"), jsonstream.Options{Workers: workers},
				func(*jsonstream.Decoder, *row) error { panic("boom") }, func(int, *row, error) error { return nil })
			t.Errorf("%d workers: no panic, %v", workers, err)
		}()
	}
}

func TestEncodings(t *testing.T) {
	const text = `[{"id":"1","text":"caf` + "\u00e9 \U0001F9C2" + `"}]`
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16be, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, input, want string
		stats             jsonstream.Stats
	}{
		{"plain", text, "café 🧂", jsonstream.Stats{Records: 1}},
		{"mark", "\xef\xbb\xbf" + text, "café 🧂", jsonstream.Stats{Records: 1}},
		{"UTF-16 little", utf16le, "café 🧂", jsonstream.Stats{Records: 1, UTF16: true}},
		{"UTF-16 big", utf16be, "café 🧂", jsonstream.Stats{Records: 1, UTF16: true}},
		{"Latin-1", "[{\"text\":\"caf\xe9\"}]", "caf\ufffd", jsonstream.Stats{Records: 1, InvalidUTF8: 1}},
		{"half a pair", `[{"text":"a\ud83d b"}]`, "a\ufffd b", jsonstream.Stats{Records: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			stats, err := jsonstream.Decode(strings.NewReader(tt.input), jsonstream.Options{}, parseRow,
				func(_ int, v *row, err error) error {
					if err == nil {
						got = v.text
					}
					return err
				})
			if err != nil || got != tt.want || stats != tt.stats {
				t.Errorf("got %q, %+v, %v", got, stats, err)
			}
		})
	}
}

func TestText(t *testing.T) {
	tests := []struct{ input, want string }{
		{`"a\u0026b"`, "a&b"},
		{`1234567890123456789012`, "1234567890123456789012"},
		{`-5`, "-5"},
		{`true`, "true"},
		{`null`, "before"},
		{`{"a":[1]}`, "before"},
		{`["x"]`, "before"},
		{`""`, ""},
	}
	for _, tt := range tests {
		got := "before"
		err := jsonstream.Value(strings.NewReader("["+tt.input+"]"), 1000, func(d *jsonstream.Decoder) error {
			return jsonstream.List(d, func() error { return jsonstream.Text(d, &got) })
		})
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v", tt.input, got, err)
		}
	}
}

func TestValue(t *testing.T) {
	read := func(d *jsonstream.Decoder) error {
		return jsonstream.Object(d, func([]byte) error { return jsonstream.Skip(d) })
	}
	tests := []struct {
		name, input string
		want        error
	}{
		{"assigned", `var user_details =  {"a":1}`, nil},
		{"bare", `{"a":1}`, nil},
		{"nothing", "no json here", jsonstream.ErrNoArray},
		{"cut", `x = {"a":`, jsonstream.ErrCut},
		{"broken", `x = {"a":b}`, jsonstream.ErrSyntax},
		{"large", `x = {"a":"` + strings.Repeat("x", 200) + `"}`, jsonstream.ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := jsonstream.Value(strings.NewReader(tt.input), 100, read); reason(err) != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestReaderFails wants the reader's own error in the chain, and the good
// records before it.
func TestReaderFails(t *testing.T) {
	broken := errors.New("checksum error")
	r := io.MultiReader(strings.NewReader(`[{"a":1},{"a":2},{"a`), iotest.ErrReader(broken))
	n := 0
	err := jsonstream.Split(r, jsonstream.Options{}, func(_ int, _ []byte, err error) error {
		n++
		return err
	})
	if n != 2 || !errors.Is(err, broken) || !errors.Is(err, jsonstream.ErrCut) || recordOf(err) != 3 {
		t.Errorf("%d records, %v", n, err)
	}
	err = jsonstream.Split(io.MultiReader(strings.NewReader(`[1]`), iotest.ErrReader(broken)), jsonstream.Options{},
		func(int, []byte, error) error { return nil })
	if !errors.Is(err, broken) {
		t.Errorf("an error after the array: %v", err)
	}
}

// endless is a string that never ends: as long as left says.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	return n, nil
}

// TestBoundedMemory reads an element of 64 MB with a limit of 1 MB.
func TestBoundedMemory(t *testing.T) {
	r := io.MultiReader(strings.NewReader(`[{"a":1},{"b":"`), &endless{64 << 20}, strings.NewReader(`"},{"a":2}]`))
	var got []string
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := jsonstream.Split(r, jsonstream.Options{MaxElement: 1 << 20}, func(record int, raw []byte, err error) error {
		got = append(got, fmt.Sprint(record, " ", string(raw), " ", reason(err)))
		return nil
	})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`1 {"a":1} <nil>`, `2  larger than the limit`, `3 {"a":2} <nil>`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("allocated %d MB", used>>20)
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		rows(20), "window.YTD.tweets.part0 = [ {\n \"tweet\" : { } } ]", `{"a":{"b":[1,"2",{"c":[]}]}}`,
		`[{"a":"x"y"},{"a":2}]`, "\xff\xfe[\x00]\x00", `[[[[`, `["\`, `x=`,
	} {
		f.Add([]byte(seed), 64)
	}
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		if size < 1 || size > 1<<20 {
			size = 1 << 10
		}
		for _, path := range [][]string{nil, {"a", "b"}, {"*"}} {
			o := jsonstream.Options{Path: path, MaxElement: size}
			check(t, data, o)
		}
	})
}

// check holds what must be true of any input: records are counted without a
// gap, nothing is over the limit, every way of reading agrees, and no error
// holds input.
func check(t *testing.T, data []byte, o jsonstream.Options) {
	last := 0
	err := jsonstream.Split(bytes.NewReader(data), o, func(record int, raw []byte, err error) error {
		if record != last+1 || (raw == nil) == (err == nil) || len(raw) > o.MaxElement {
			t.Fatalf("record %d after %d: %d bytes, %v", record, last, len(raw), err)
		}
		last = record
		return nil
	})
	if err != nil && reason(err) == err {
		t.Fatalf("an error of no known kind: %v", err)
	}
	for _, workers := range []int{1, 2} {
		o.Workers = workers
		n := 0
		stats, again := jsonstream.Decode(bytes.NewReader(data), o, parseRow, func(_ int, v *row, err error) error {
			n++
			if v != nil && !(utf8.ValidString(v.id) && utf8.ValidString(v.text)) {
				t.Fatal("a text is not UTF-8")
			}
			return nil
		})
		if n != last || stats.Records != last || fmt.Sprint(again) != fmt.Sprint(err) {
			t.Fatalf("%d workers: %d records, %+v, %v; split gave %d, %v", workers, n, stats, again, last, err)
		}
	}
}
