package scanner

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

func TestMeasureRates(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	var cases []Case
	for _, text := range []string{"an apple", "nothing", "two pears", "no more", "rain", "sun", "wind", "snow"} {
		cases = append(cases, Case{Kind: store.KindPost, Text: text})
	}
	r := MeasureRates(e, cases)
	if r.Posts != 8 || r.Flagged != 2 || r.Remove != 2 || len(r.Rules) != 1 || r.Rules[0].Hits != 2 || r.Rules[0].Shown != 2 || r.Rules[0].Share != 0.25 {
		t.Errorf("got %+v", r)
	}
	if len(r.Above(0.25)) != 0 || len(r.Above(0.2)) != 1 {
		t.Error("above is more than")
	}
	var b bytes.Buffer
	if err := r.WriteMarkdown(&b, 0); err != nil || !strings.Contains(b.String(), "| 25.000 % | 25.000 % |") || !strings.Contains(b.String(), "8 posts: 25.00 % flagged") {
		t.Errorf("%v\n%s", err, b.String())
	}
	b.Reset()
	if err := (&Rates{}).WriteMarkdown(&b, 0); err != nil || b.String() != "No posts were read.\n" {
		t.Errorf("%v %q", err, b.String())
	}
}

// mostOften is how often a rule may speak on ordinary posts.
const mostOften = 0.005

// TestRatesOnOrdinaryPosts holds every rule but those about swearing to the
// licensed ordinary posts, where they are beside the repository.
func TestRatesOnOrdinaryPosts(t *testing.T) {
	var cases []Case
	for _, name := range []string{"goemotions_benign.csv", "tweeteval_emoji_val.csv"} {
		f, err := os.Open(filepath.Join("..", "..", "shared", "corpus", "dev", name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the licensed ordinary posts are not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		set, err := ReadCases(name, f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, set.Cases...)
	}
	rules, err := Load(LoadOptions{Learned: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(rules)
	if err != nil {
		t.Fatal(err)
	}
	r := MeasureRates(e, cases)
	var over []string
	for _, x := range r.Above(mostOften) {
		if x.Theme != themeSwear {
			over = append(over, x.Rule)
		}
	}
	if d := cmp.Diff([]string(nil), over); d != "" {
		t.Errorf("rules that speak on more than %.1f %% of %d ordinary posts: %s", mostOften*100, r.Posts, d)
	}
}
