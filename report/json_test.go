package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// FuzzAppendString compares with encoding/json and looks for what must not
// stand in a script element or reach a terminal.
func FuzzAppendString(f *testing.F) {
	for _, a := range attacks {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := appendString(nil, s)
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if want := string([]rune(s)); back != want {
			t.Errorf("%q comes back as %q", want, back)
		}
		if strings.ContainsAny(string(got), "<>&\u2028\u2029") {
			t.Errorf("%q holds markup", got)
		}
		for _, r := range string(got) {
			if unicode.IsControl(r) || isBidi(r) {
				t.Errorf("%q holds %U", got, r)
			}
		}
	})
}

func FuzzSafeLine(f *testing.F) {
	for _, a := range attacks {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := SafeLine(s)
		for _, r := range got {
			if unicode.IsControl(r) || isBidi(r) {
				t.Errorf("%q holds %U", got, r)
			}
		}
		if again := SafeLine(got); again != got {
			t.Errorf("%q becomes %q", got, again)
		}
	})
}
