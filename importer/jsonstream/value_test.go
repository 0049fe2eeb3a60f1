package jsonstream_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"lookback/importer/jsonstream"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// walk takes all of the next value: names, and texts as Text gives them. A name
// that begins with s is skipped with its value.
func walk(d *jsonstream.Decoder, seen *[]string) error {
	switch d.PeekKind() {
	case '{':
		return jsonstream.Object(d, func(name []byte) error {
			*seen = append(*seen, "name "+string(name))
			if strings.HasPrefix(string(name), "s") {
				return jsonstream.Skip(d)
			}
			return walk(d, seen)
		})
	case '[':
		return jsonstream.List(d, func() error { return walk(d, seen) })
	}
	text := "none"
	err := jsonstream.Text(d, &text)
	*seen = append(*seen, text)
	return err
}

// outcome is what becomes of an input: what was seen in it, and how it ended.
func outcome(d *jsonstream.Decoder) (seen []string, end string) {
	err := walk(d, &seen)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, "cut"
	case err != nil:
		return nil, "bad"
	case !d.AtEnd():
		return seen, "more"
	}
	return seen, "good"
}

// inMemory reads input as the elements of an array are read.
func inMemory(t *testing.T, input string) (seen []string, end string) {
	t.Helper()
	err := jsonstream.Value(strings.NewReader("="+input), 1<<20, func(d *jsonstream.Decoder) error {
		seen, end = outcome(d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen, end
}

var values = []struct{ input, end string }{
	{`{}`, "good"}, {`[]`, "good"}, {` {"a" : "b" , "c":[1,-2.5e+3,true,false,null]} `, "good"},
	{`{"a":{"b":{"c":[[],[{}]]}},"s":{"x":[1,{"y":"\u00e9"}]},"z":"z"}`, "good"},
	{`"plain"`, "good"}, {`"\"\\\/\b\f\n\r\tx"`, "good"}, {`"\ud83d\ude00"`, "good"}, {`"\ud83d half"`, "good"}, {`"\udE00"`, "good"},
	{"\"\xff\xfe and more than eight bytes of it\"", "good"}, {"{\"\xff\":1}", "good"}, {`{"\u0073kip":[1],"a\"b":2,"a":3,"a":4}`, "good"},
	{"\n        [\n                1\n        ]\n", "good"}, {"\t\r[ ]\r\n", "good"},
	{`0`, "good"}, {`-0`, "good"}, {`0.10`, "good"}, {`1E5`, "good"}, {`12345678901234567890123`, "good"},
	{``, "bad"}, {`   `, "bad"}, {`{`, "cut"}, {`[`, "cut"}, {`{"a"`, "cut"}, {`{"a":`, "cut"}, {`{"a":1`, "cut"}, {`{"a":1,`, "cut"},
	{`[1,`, "cut"}, {`[1`, "cut"}, {`"abc`, "cut"}, {`"abc\`, "cut"}, {`"\u12`, "cut"}, {`tru`, "cut"}, {`-`, "cut"}, {`1.`, "cut"}, {`1e`, "cut"}, {`1e+`, "cut"},
	{`{,}`, "bad"}, {`{"a":1,}`, "bad"}, {`[1,]`, "bad"}, {`[,1]`, "bad"}, {`[1 2]`, "bad"}, {`{"a" 1}`, "bad"}, {`{"a":1 "b":2}`, "bad"},
	{`{"a"::1}`, "bad"}, {`{1:2}`, "bad"}, {`{a:1}`, "bad"}, {`{"a":}`, "bad"}, {`[}`, "bad"}, {`{]`, "bad"}, {`]`, "bad"}, {`}`, "bad"},
	{`nul1`, "bad"}, {`True`, "bad"}, {`'a'`, "bad"}, {`+1`, "bad"}, {`.5`, "bad"}, {`1.x`, "bad"}, {`-x`, "bad"}, {`1ex`, "bad"}, {`01`, "more"},
	{"\"a\nb\"", "bad"}, {"\"a\x00b\"", "bad"}, {"\"much longer than eight bytes\x1f\"", "bad"}, {`"\x41"`, "bad"}, {`"\u12g4"`, "bad"}, {`"\u-123"`, "bad"},
	{`{} {}`, "more"}, {`[1] x`, "more"}, {"1\x00", "more"}, {`"a""b"`, "more"}, {"\xef\xbb\xbf1", "bad"}, {"\x00", "bad"},
	{strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "good"}, {strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), "bad"},
	{`{"s":` + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999) + `}`, "good"}, {`{"s":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`, "bad"},
}

// What is in memory is read as what comes from a reader, and that as the JSON
// package reads it.
func TestDecoder(t *testing.T) {
	for _, tt := range values {
		if _, end := inMemory(t, tt.input); end != tt.end {
			t.Errorf("%.40q ends as %s, want %s", tt.input, end, tt.end)
		}
		compare(t, tt.input)
	}
}

func compare(t *testing.T, input string) {
	t.Helper()
	want, wantEnd := outcome(jsonstream.NewDecoder(strings.NewReader(input)))
	got, end := inMemory(t, input)
	// Of an input with two faults each names the one that it meets first.
	broken := func(end string) bool { return end == "bad" || end == "cut" }
	if end != wantEnd && !(broken(end) && broken(wantEnd)) {
		t.Fatalf("%.200q ends as %s in memory, as %s from a reader", input, end, wantEnd)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%.200q (-from a reader +in memory)\n%s", input, diff)
	}
}

// Texts with something odd at every place of the eight bytes that are looked
// at at once.
func TestDecoderPlaces(t *testing.T) {
	for _, odd := range []string{`\"`, `\\`, `"`, "\x00", "\x1f", " ", "!", "\x7f", "\x80", "é", "\\u00e9", "[", "\xa2", "\xdc"} {
		for n := range 20 {
			compare(t, `["`+strings.Repeat("x", n)+odd+strings.Repeat("y", 20-n)+`"]`)
			compare(t, strings.Repeat(" ", n)+odd+strings.Repeat(" ", 20-n)+`1`)
		}
	}
}

func FuzzDecoder(f *testing.F) {
	for _, tt := range values {
		if len(tt.input) < 1000 {
			f.Add(tt.input)
		}
	}
	f.Fuzz(func(t *testing.T, input string) {
		compare(t, input)
		// The JSON package's own word on whether it is JSON.
		ok := jsontext.Value(input).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
		if _, end := inMemory(t, input); ok != (end == "good") {
			t.Fatalf("%.200q ends as %s, and valid is %v", input, end, ok)
		}
	})
}
