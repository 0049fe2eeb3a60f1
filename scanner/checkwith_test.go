package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lookback/store"
)

// ugly are lines of every kind, also such that cannot be read.
var ugly = "\ufeff" + strings.Join([]string{
	`{"id":"1","kind":"post","text":"an apple"}`, `{"id":"2","text":"nothing","bio":"Student"}` + "\r", `{"id":3,"text":"é🍎 apple","bio":"Student"}`,
	``, `{oops}`, `[1]`, `{"id":"4"}`, `{"id":"5","kind":"tweet","text":"a"}`, `{"id":"6","text":"\ud83c apple"}`, `{"id":"7","text":"apple","kind":"like"}`,
}, "\n")

// TestCheckWith: whatever a second opinion says, everything before it is what
// Check writes.
func TestCheckWith(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	for name, in := range map[string]string{"lines": ugly, "line end": ugly + "\n", "empty": "", "long": `{"id":"1","text":"` + strings.Repeat("a", maxLine) + "\"}\n" + ugly} {
		plain, wrong := check(t, e, in, 2)
		for _, workers := range []int{1, 8} {
			var out bytes.Buffer
			bad, err := CheckWith(t.Context(), e, strings.NewReader(in), &out, workers, func(_ context.Context, p *store.Post, _ *Author, found []store.Finding) ([]byte, error) {
				if p.Text == "nothing" {
					return nil, nil
				}
				return fmt.Appendf(nil, `{"n":%d}`, len(found)), nil
			})
			if err != nil || bad != wrong {
				t.Errorf("%s: %d bad lines, want %d: %v", name, bad, wrong, err)
			}
			got := out.String()
			if n := strings.Count(got, `,"judge":{"n":`); n > 0 != (plain != "") || strings.Contains(got, `"id":"2","action":"none","findings":[],"judge"`) {
				t.Errorf("%s: %d opinions in\n%s", name, n, got)
			}
			got = strings.NewReplacer(`,"judge":{"n":0}`, "", `,"judge":{"n":1}`, "").Replace(got)
			if name == "long" {
				got, plain = strings.Replace(got, "\ufeff", "", 1), strings.Replace(plain, "\ufeff", "", 1)
			}
			if got != plain {
				t.Errorf("%s, %d workers:\n%s\nwant\n%s", name, workers, got, plain)
			}
		}
	}
}

func TestCheckWithFails(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	broken := errors.New("no more")
	second := func(context.Context, *store.Post, *Author, []store.Finding) ([]byte, error) { return nil, broken }
	if _, err := CheckWith(t.Context(), e, strings.NewReader(ugly), &bytes.Buffer{}, 3, second); !errors.Is(err, broken) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CheckWith(ctx, e, strings.NewReader(ugly), &bytes.Buffer{}, 3, second); err == nil {
		t.Error("it went on after it was stopped")
	}
}

// TestDoubtful: a weak finding and an overruled rule are doubtful, a strong
// finding and plain talk are not.
func TestDoubtful(t *testing.T) {
	r, err := Load(LoadOptions{Learned: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	p := &store.Post{Kind: store.KindPost, Own: true, Text: "We planted beans along the fence and then went for a swim"}
	for strongest, want := range map[float64]bool{0: false, 0.5: true, 0.79: true, 0.8: false, 0.95: false} {
		if got := e.Doubtful(p, nil, strongest); got != want {
			t.Errorf("strongest finding %v: doubtful %v", strongest, got)
		}
	}
	plain := testEngine(t, condPack("fruit"))
	p.Text = "an apple"
	if !plain.Doubtful(p, nil, 0) {
		t.Error("a rule that applies without a finding is not doubtful")
	}
	p.Text = strings.Repeat("nothing at all. ", maxText/8) + "apple"
	if !plain.Doubtful(p, nil, 0) {
		t.Error("the end of a long text is not looked at")
	}
	p.Text = "nothing"
	if plain.Doubtful(p, nil, 0) {
		t.Error("a rule that does not apply is doubtful")
	}
}
