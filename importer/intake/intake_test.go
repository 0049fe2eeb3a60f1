package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/intake"

	"github.com/google/go-cmp/cmp"
)

func newRun(t *testing.T, data string) (*intake.Run, *importertest.Recorder) {
	rec := &importertest.Recorder{}
	r := intake.NewRun(t.Context(), fstest.MapFS{"f": {Data: []byte(data)}}, importer.Options{}, rec)
	return &r, rec
}

func walk(t *testing.T, data string) (got []string, rec *importertest.Recorder) {
	r, rec := newRun(t, data)
	err := r.Walk("f", intake.Walker{
		Capture: func(path string) bool { return strings.HasSuffix(path, "m/") },
		Scalar:  func(path, value string) { got = append(got, path+"="+value) },
		Element: func(path string, record int, raw []byte, bad error) error {
			got = append(got, fmt.Sprintf("%s#%d %s", path, record, strings.Join(strings.Fields(string(raw)), "")))
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, rec
}

func TestWalk(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       []string
		lost       bool
	}{
		{"nested", `{"a":1,"l":[{"n":"x","m":[{"i":1},{"i":2}]},{"n":null,"m":[]}]}`, []string{"a=1", "l//n=x", "l//m/#1 {\"i\":1}", "l//m/#2 {\"i\":2}"}, false},
		{"escapes", `{"n":"a\"b\\","m":[{"t":"\x1f}"}]}`, []string{`n=a"b\`, `m/#1 {"t":"\u001f}"}`}, false},
		{"cut", `{"m":[{"i":1},{"i":`, []string{`m/#1 {"i":1}`}, true},
		{"not JSON", `hello`, nil, true},
		{"a slash in a name", `{"m/":[{"i":1}],"n":2}`, []string{"m\u2215//i=1", "n=2"}, false},
		{"a quote too many, indented", "{\n \"m\": [\n  {\n   \"t\": \"a \"b\" [ c\",\n   \"i\": 1\n  },\n  {\n   \"i\": 2\n  }\n ]\n}\n",
			[]string{`m/#1 {"t":"a"b"[c","i":1}`, `m/#2 {"i":2}`}, false},
	} {
		got, rec := walk(t, tt.data)
		if tt.name == "a slash in a name" {
			got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "m") })
			tt.want = tt.want[1:]
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if lost := len(rec.Skips) > 0; lost != tt.lost {
			t.Errorf("%s: skips %v", tt.name, rec.Skips)
		}
	}
}

func TestPage(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       []string
		lost       bool
	}{
		{"records", `<html><body><div class="m">a <b>b</b><br>c</div><div class="m"><p>d</p><p>e &amp;amp;</p></div></body></html>`, []string{"a b\nc", "d\ne &amp;"}, false},
		{"inside each other", `<html><body><div class="m">a<div class="m">b</div></div></body></html>`, []string{"a\nb"}, false},
		{"scripts", `<html><body><div class="m">a</div><script>"<div class=m>x"</script></body></html>`, []string{"a"}, false},
		{"never closed", `<html><body><div class="m">a</body></html>`, []string{"a"}, false},
		{"cut", `<html><body><div class="m">a</div><div class="m">b`, []string{"a"}, true},
		{"a piece of a page", `<div class="m">a</div>`, []string{"a"}, false},
		{"empty", ``, nil, false},
	} {
		r, rec := newRun(t, tt.data)
		var got []string
		err := r.Page("f", func(n *intake.Node) bool { return n.Class("m") }, func(_ int, n *intake.Node) error {
			got = append(got, n.String())
			return nil
		})
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil || len(rec.Skips) > 0 != tt.lost {
			t.Errorf("%s: %v %v %s", tt.name, err, rec.Skips, diff)
		}
	}
}

func TestName(t *testing.T) {
	for _, s := range []string{"Ana Example", " ana\u00a0example", "~\u00a0Ana Example", "\u202aANA  Example\u202c", "@ana example"} {
		if got := intake.Name(s); got != "ana example" {
			t.Errorf("%q: got %q", s, got)
		}
	}
}

func TestPeople(t *testing.T) {
	var p intake.People
	for _, n := range []string{"Ana", "Bo", "Ana", "a name of far too many words to be one"} {
		p.Add(n)
	}
	if got := p.List(1); got != "Ana, Bo" {
		t.Errorf("got %q", got)
	}
	if got := p.List(2); got != "Ana" || !p.Has("ANA") || p.Has("Cleo") {
		t.Errorf("got %q", got)
	}
}

func TestSeconds(t *testing.T) {
	want := time.Date(2024, 3, 1, 10, 11, 12, 0, time.UTC)
	for _, n := range []int64{1709287872, 1709287872000, 1709287872000000} {
		if got := intake.Seconds(n); !got.Equal(want) {
			t.Errorf("%d: %v", n, got)
		}
	}
	if !intake.Seconds(0).IsZero() || !intake.Seconds(1).IsZero() {
		t.Error("times that stand for none")
	}
}

func FuzzWalk(f *testing.F) {
	f.Add("{\n \"m\": [\n  {\n   \"t\": \"a \"b\" [ c\",\n   \"i\": 1\n  }\n ]\n}")
	f.Add(`{"l":[{"n":"x","m":[{"i":1},{"i":2}]}]}`)
	f.Fuzz(func(t *testing.T, data string) { walk(t, data) })
}
