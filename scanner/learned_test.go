package scanner

import (
	"os"
	"strings"
	"testing"

	"lookback/store"
)

// TestSecondStandard: what a post may breach as well is said only beside a
// surer finding, of another standard, and never as a reason to remove.
func TestSecondStandard(t *testing.T) {
	e := learnedEngine(t)
	f, err := os.Open("../testdata/cases/privacy-boundaries-c.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set, err := ReadCases("privacy-boundaries-c.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	seconds := 0
	for _, c := range set.Cases {
		found := e.Scan(&store.Post{Kind: c.Kind, Text: c.Text, Own: ownKind(c.Kind)}, nil)
		for i, x := range found {
			if i == 0 || !strings.HasSuffix(x.Rule, learnedSuffix) {
				continue
			}
			seconds++
			if x.Confidence < minConfidence || x.Confidence > found[0].Confidence || x.Action != store.ActionReview || x.Theme == found[0].Theme {
				t.Errorf("%s: %s (%s, %.2f) beside %s (%.2f)", c.ID, x.Rule, x.Action, x.Confidence, found[0].Rule, found[0].Confidence)
			}
		}
	}
	if seconds == 0 {
		t.Error("no second standard in any case")
	}
}

// TestFirstStandards: themes of one standard share a number, and one that no
// rule names has its own.
func TestFirstStandards(t *testing.T) {
	e := learnedEngine(t)
	l := e.models[0].(*Learned)
	number := map[string]int{}
	for i, h := range l.model.Themes {
		number[h.Name] = l.standards[i]
	}
	if number["privacy.case"] != number["privacy.image"] || number["privacy.case"] == number["trust.drugs"] || number["boundaries.favour"] == number["boundaries.channel"] {
		t.Errorf("numbers %v; want one for each standard", number)
	}
	alone := firstStandards(l.model.Themes, nil)
	for i, n := range alone {
		if n != i {
			t.Fatalf("without rules theme %d has number %d", i, n)
		}
	}
}

// TestOtherLanguages: what a rule takes for a word of English in a post of
// another language is not shown for that alone.
func TestOtherLanguages(t *testing.T) {
	e := learnedEngine(t)
	for text, want := range map[string]bool{
		"Heute gibt es Kuchen und Kaffee, mehr brauche ich am Friday nicht.": false,
		"Aujourd'hui on mange les pains du lundi, rien de plus Saturday":     false,
		"Two lines of ket in the cubicle and back on shift by nine":          true,
	} {
		for _, kind := range []store.Kind{store.KindPost, store.KindLike} {
			if got := len(e.Scan(&store.Post{Kind: kind, Text: text, Own: ownKind(kind)}, nil)) > 0; got != want {
				t.Errorf("%s %q: found %v, want %v", kind, text, got, want)
			}
		}
	}
}
