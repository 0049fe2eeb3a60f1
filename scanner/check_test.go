package scanner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func check(t testing.TB, e *Engine, in string, workers int) (string, int) {
	t.Helper()
	var out bytes.Buffer
	bad, err := Check(t.Context(), e, strings.NewReader(in), &out, workers)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), bad
}

func TestCheck(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	const found = `"action":"remove","findings":[{"rule":"a.x.one","theme":"a.x","standards":["1","2"],"action":"remove","confidence":0.8,"spans":[{"start":%d,"end":%d}],"why":"Because of x."}]}` + "\n"
	at := func(id string, a, b int) string { return `{"id":` + id + `,` + fmt.Sprintf(found, a, b) }
	none := func(id string) string { return `{"id":` + id + `,"action":"none","findings":[]}` + "\n" }
	wrong := func(line int, msg string) string {
		return fmt.Sprintf("{\"line\":%d,\"error\":%q}\n", line, msg)
	}
	tests := []struct{ name, in, want string }{
		{"empty input", "", ""},
		{"one", `{"id":"1","kind":"post","text":"an apple"}` + "\n", at(`"1"`, 3, 8)},
		{"no newline at the end", `{"id":"1","kind":"post","text":"nothing"}`, none(`"1"`)},
		{"windows line end", "{\"id\":\"1\",\"text\":\"nothing\"}\r\n", none(`"1"`)},
		{"byte order mark", "\ufeff{\"id\":\"1\",\"text\":\"nothing\"}\n", none(`"1"`)},
		{"no kind, no id", `{"text":"apple"}`, at("null", 0, 5)},
		{"number as id", `{"id":12.5e3,"text":""}`, none("12.5e3")},
		{"null as id", `{"id":null,"text":""}`, none("null")},
		{"id with escapes", `{"id":"a\"\u00e9/\n","text":""}`, none(`"a\"é/\n"`)},
		{"escapes", `{"id":"1","text":"\u00e9\t\"\ud83c\udf4e\" apple"}`, at(`"1"`, 10, 15)},
		{"not ASCII", `{"id":"1","text":"é🍎 apple"}`, at(`"1"`, 7, 12)},
		{"half a surrogate pair", `{"id":"1","text":"\ud83c apple"}`, at(`"1"`, 4, 9)},
		{"wrong UTF-8", "{\"id\":\"1\",\"text\":\"\xff apple\"}", at(`"1"`, 4, 9)},
		{"further members", `{"x":[1,{"text":"no"}],"id":"1","created_at":"2020-01-01T00:00:00Z","audience":"public","bio":"Student","text":"apple","n":null}`, at(`"1"`, 0, 5)},
		{"null for optional members", `{"id":"1","kind":null,"bio":null,"audience":null,"created_at":null,"text":"apple"}`, at(`"1"`, 0, 5)},
		{"repeated member", `{"id":"1","text":"apple","text":"none"}`, none(`"1"`)},
		{"spaces", ` { "id" : "1" , "text" : "apple" } `, at(`"1"`, 0, 5)},
		{"bad lines between good ones", "{\"id\":\"1\",\"text\":\"\"}\n{oops}\n\n{\"id\":\"2\",\"text\":\"\"}\n[1]\n7", none(`"1"`) + wrong(2, "not valid JSON") + wrong(3, "not valid JSON") + none(`"2"`) + wrong(5, "not a JSON object") + wrong(6, "not a JSON object")},
		{"cut off", `{"id":"1","text":"secret app`, wrong(1, "not valid JSON")},
		{"trailing rubbish", `{"id":"1","text":"a"} x`, wrong(1, "not valid JSON")},
		{"no text", `{"id":"1"}`, wrong(1, `no "text"`)},
		{"text is null", `{"id":"1","text":null}`, wrong(1, `"text" is not a string`)},
		{"text is a number", `{"id":"1","text":5}`, wrong(1, `"text" is not a string`)},
		{"id is an object", `{"id":{},"text":"a"}`, wrong(1, `"id" must be a string or a number`)},
		{"bio is a list", `{"bio":[],"text":"a"}`, wrong(1, errFieldType.Error())},
		{"unknown kind", `{"id":"1","kind":"tweet","text":"a"}`, wrong(1, errKind.Error())},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, bad := check(t, e, tt.in, 2)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if want := strings.Count(tt.want, `{"line":`); bad != want {
				t.Errorf("%d bad lines, want %d", bad, want)
			}
			for line := range strings.Lines(got) {
				if !json.Valid([]byte(line)) {
					t.Errorf("not valid JSON: %s", line)
				}
			}
		})
	}
}

// TestCheckOrder compares the numbers of workers and ways of reading.
func TestCheckOrder(t *testing.T) {
	e := testEngine(t, condPack("{any: [fruit, slur]}"))
	var in strings.Builder
	for i := range 20000 {
		if i%997 == 5 {
			in.WriteString("not json\n")
			continue
		}
		fmt.Fprintf(&in, "{\"id\":\"%d\",\"kind\":\"post\",\"text\":\"post %d about %s\",\"bio\":\"bio %d\"}\n", i, i, []string{"apples", "nothing", "fr*bs"}[i%3], i%500)
	}
	want, bad := check(t, e, in.String(), 1)
	if bad != 21 || strings.Count(want, "\n") != 20000 {
		t.Fatalf("%d bad of %d", bad, strings.Count(want, "\n"))
	}
	if !strings.Contains(want, "{\"line\":6,") || !strings.Contains(want, "{\"line\":19946,") {
		t.Error("wrong line numbers")
	}
	if got, _ := check(t, e, in.String(), 8); got != want {
		t.Error("8 workers answer something else")
	}
	var out bytes.Buffer
	if _, err := Check(t.Context(), e, iotest.OneByteReader(strings.NewReader(in.String()[:20000])), &out, 3); err != nil || !strings.HasPrefix(want, out.String()[:10000]) {
		t.Errorf("byte by byte: %v", err)
	}
}

func TestCheckLongLines(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	long := strings.Repeat("x ", 600_000)
	huge := strings.Repeat("y", maxLine+blockSize)
	in := `{"id":"1","text":"apple ` + long + `apple"}` + "\n" + huge + "\n" + `{"id":"3","text":"pear"}` + "\n" + huge
	got, bad := check(t, e, in, 2)
	lines := strings.Split(got, "\n")
	if bad != 2 || len(lines) != 5 {
		t.Fatalf("%d bad, %d lines", bad, len(lines))
	}
	if !strings.Contains(lines[0], `"spans":[{"start":0,"end":5},{"start":1200006,"end":1200011}]`) {
		t.Errorf("long line: %s", cut(lines[0], 300))
	}
	for i, want := range []string{1: `{"line":2,"error":"longer than 16 MiB"}`, 2: `{"id":"3",`, 3: `{"line":4,"error":"longer than 16 MiB"}`} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d: %s", i+1, cut(lines[i], 200))
		}
	}
}

// TestCheckAnswersAtOnce checks that a line is answered before the next comes.
func TestCheckAnswersAtOnce(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := Check(t.Context(), e, inR, outW, 2)
		outW.Close()
		done <- err
	}()
	buf := make([]byte, 4096)
	for i := range 3 {
		fmt.Fprintf(inW, "{\"id\":\"%d\",\"text\":\"a\"}\n", i)
		n, err := outR.Read(buf)
		if err != nil || !strings.HasPrefix(string(buf[:n]), fmt.Sprintf("{\"id\":\"%d\"", i)) {
			t.Fatalf("got %q, %v", buf[:n], err)
		}
	}
	inW.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCheckErrors(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	broken := errors.New("broken")
	in := `{"id":"1","text":"a"}` + "\n"
	var out bytes.Buffer
	_, err := Check(t.Context(), e, io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)), &out, 2)
	if !errors.Is(err, broken) {
		t.Errorf("reader: %v", err)
	}
	if _, err := Check(t.Context(), e, strings.NewReader(in), failingWriter{broken}, 2); !errors.Is(err, broken) {
		t.Errorf("writer: %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

// FuzzCheck holds Check to one valid answer for each line, and the quick
// reader to what the general one says.
func FuzzCheck(f *testing.F) {
	e := testEngine(f, condPack("{any: [fruit, slur, who]}"))
	for _, s := range []string{"", "\n", `{"id":"1","kind":"post","text":"an apple"}`, `{"text":"\u0041\ud83c"}`, "{\"id\":\"\xff\",\"text\":\"\"}\n{", `{"id":1,"text":"a","text":2}`, "[]\n{}\n\"x\"", `{"a":{"b":[1,2,{}]},"text":"pear"}`, "{\"text\":\"\\n\\/\\b\"}", `{"bio":"my patients","audience":"public","kind":"dm","text":"fr*b"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, _ := check(t, e, in, 2)
		lines := strings.Count(in, "\n")
		if in != "" && !strings.HasSuffix(in, "\n") {
			lines++
		}
		if strings.Count(out, "\n") != lines && in != "\ufeff" {
			t.Fatalf("%d answers for %d lines", strings.Count(out, "\n"), lines)
		}
		for line := range strings.Lines(out) {
			if !json.Valid([]byte(line)) {
				t.Fatalf("not valid JSON: %q", line)
			}
		}
		for line := range strings.Lines(in) {
			var quick, slow checkLine
			if !quick.fast([]byte(line)) {
				continue
			}
			if err := slow.general([]byte(line)); err != nil {
				t.Fatalf("the quick reader takes what the general one refuses: %v", err)
			}
			if string(quick.id) != string(slow.id) || string(quick.text) != string(slow.text) || string(quick.kind) != string(slow.kind) || string(quick.bio) != string(slow.bio) || quick.hasText != slow.hasText {
				t.Fatalf("the readers differ on %q", line)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	e := loadPacks(b)
	var in bytes.Buffer
	n := 0
	for in.Len() < 4<<20 {
		line, err := json.Marshal(map[string]string{"id": fmt.Sprint(n), "kind": "post", "text": ordinary[n%len(ordinary)]})
		if err != nil {
			b.Fatal(err)
		}
		in.Write(append(line, '\n'))
		n++
	}
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	cpu, posts := cpuTime(), 0
	for b.Loop() {
		if _, err := Check(b.Context(), e, bytes.NewReader(in.Bytes()), io.Discard, 2); err != nil {
			b.Fatal(err)
		}
		posts += n
	}
	b.ReportMetric(float64(posts)/(cpuTime()-cpu).Seconds(), "posts/cpu-s")
	b.ReportMetric(float64(posts)/b.Elapsed().Seconds(), "posts/s")
}

// TestFastLine compares the quick reader of plain lines with the general one,
// with what is special at each place of a text.
func TestFastLine(t *testing.T) {
	for _, special := range []string{"", `\"`, `\\`, `\n`, `\u00e9`, "é", "😂", `"`, "\x01", "\xff", `\q`} {
		for at := range 20 {
			text := strings.Repeat("a", at) + special + strings.Repeat("b", 19-at)
			line := []byte(`{"id":"` + strings.Repeat("7", at) + `","kind":"reply","text":"` + text + `","more":"` + strings.Repeat("c", at) + `"}`)
			var quick, general checkLine
			if !quick.fast(line) {
				continue
			}
			if special == `"` || special == "\x01" || special == "\xff" || special == `\q` {
				t.Errorf("%q was read", line)
			}
			if err := general.general(line); err != nil || !bytes.Equal(quick.text, general.text) || !bytes.Equal(quick.id, general.id) || !bytes.Equal(quick.kind, general.kind) {
				t.Errorf("%q: %q %q %q, want %q %q %q (%v)", line, quick.id, quick.kind, quick.text, general.id, general.kind, general.text, err)
			}
		}
	}
	var l checkLine
	if line := []byte(`{"id":"1","text":"An everyday text that is longer than a word of the machine"}`); !l.fast(line) || len(l.text) != 58 {
		t.Errorf("%q was not read quickly, or as %q", line, l.text)
	}
}
