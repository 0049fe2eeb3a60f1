package scanner

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"lookback/store"
)

const testCases = "\ufeffid,kind,text,standards,action,theme,functionality,pair\r\n" +
	"1,post,an apple,1;2,remove,a.x,explicit,p1\r\n" +
	"2,post,\"a stone, a \"\"stone\"\"\",,none,,homonym,p1\r\n" +
	"3,post,pears,2,review,a.y,explicit,p2\r\n" +
	"4,post,apple tart,,none,,homonym,p2\r\n" +
	"5,like,a stone,1,remove,a.x,implicit,\r\n"

func TestEval(t *testing.T) {
	e := testEngine(t, condPack("fruit"))
	set, err := ReadCases("cases", strings.NewReader(testCases))
	if err != nil {
		t.Fatal(err)
	}
	labels, err := ReadCases("labels", strings.NewReader("id,text,label,source\n1,apple,hate,s\n2,pear,good,s\n3,stone,good,s\n"))
	if err != nil {
		t.Fatal(err)
	}
	rep := Eval(e, []CaseSet{set, labels})
	f := rep.Total
	if f.Breaches != 3 || f.Found != 2 || f.Removes != 2 || f.RemovesFound != 1 || f.RightStandard != 1 || f.RightTheme != 1 || f.RightAction != 1 {
		t.Errorf("breaches: %+v", f)
	}
	if f.Harmless != 2 || f.Flagged != 1 || f.FlaggedRemove != 1 || f.Pairs != 2 || f.PairsApart != 1 {
		t.Errorf("harmless: %+v", f)
	}
	if f.Recall != 0.6667 || f.Precision != 0.6667 || f.F1 != 0.6667 || f.PairShare != 0.5 || f.AUC != 0.5833 {
		t.Errorf("rates: %+v", f)
	}
	if len(rep.Labels) != 2 || rep.Labels[0].Flagged != 0.5 || rep.Labels[0].Remove != 0.5 || rep.Labels[1].Flagged != 1 {
		t.Errorf("labels: %+v", rep.Labels)
	}
	if len(rep.Hate) != 1 || rep.Hate[0].Hate != 1 || rep.Hate[0].Other != 2 {
		t.Errorf("hate: %+v", rep.Hate)
	}
	if len(rep.Mistakes) != 2 || len(rep.Theme) != 3 || len(rep.Rules) != 1 || rep.Rules[0].Wrong != 1 {
		t.Errorf("%d mistakes, %d themes, rules %+v", len(rep.Mistakes), len(rep.Theme), rep.Rules)
	}
	var text strings.Builder
	if err := rep.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"all ", "a.x", "homonym", "0.667", "labels", "AUC of hate"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, text.String())
		}
	}
	b, err := json.Marshal(rep)
	if err != nil || strings.Contains(string(b), "apple") {
		t.Errorf("JSON holds a text, or fails: %v", err)
	}
}

func TestReadCasesErrors(t *testing.T) {
	for _, in := range []string{"", "id,text\n", "id,action\n", "text,label\n\"a"} {
		if _, err := ReadCases("x", strings.NewReader(in)); err == nil {
			t.Errorf("%q: no error", in)
		}
	}
}

func TestAUC(t *testing.T) {
	tests := []struct {
		pos, neg []float64
		want     float64
	}{
		{[]float64{1, 0.9}, []float64{0.1, 0}, 1},
		{[]float64{0}, []float64{1}, 0},
		{[]float64{0.5, 0.5}, []float64{0.5}, 0.5},
		{[]float64{0.9, 0.2}, []float64{0.5, 0.1}, 0.75},
		{nil, []float64{1}, 0},
	}
	for _, tt := range tests {
		if got := rocAUC(tt.pos, tt.neg); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%v against %v: got %v, want %v", tt.pos, tt.neg, got, tt.want)
		}
	}
}

func TestHeldBack(t *testing.T) {
	n := 0
	for i := range 10000 {
		if HeldBack(fmt.Sprint("pair-", i)) {
			n++
		}
	}
	if n < 1800 || n > 2200 {
		t.Errorf("%d of 10000 keys are held back; want about a fifth", n)
	}
}

func TestHeldBackSet(t *testing.T) {
	set := CaseSet{Name: "a.csv"}
	for i := range 500 {
		pair := fmt.Sprint("p", i)
		set.Cases = append(set.Cases, Case{ID: fmt.Sprint(i, "a"), Pair: pair}, Case{ID: fmt.Sprint(i, "b"), Pair: pair})
	}
	sides := map[string]int{}
	for _, c := range set.HeldBack().Cases {
		sides[c.Pair]++
	}
	for pair, n := range sides {
		if n != 2 {
			t.Errorf("pair %s was torn apart", pair)
		}
	}
	if len(sides) < 70 || len(sides) > 130 {
		t.Errorf("%d of 500 pairs held back; want about a fifth", len(sides))
	}
}

// Posts in which nothing is found still differ in how near they come to it.
func TestChances(t *testing.T) {
	rules, err := Load(LoadOptions{Learned: true})
	if err != nil {
		t.Fatal(err)
	}
	learned, err := New(rules)
	if err != nil {
		t.Fatal(err)
	}
	plain := testEngine(t, condPack("fruit"))
	for _, e := range []*Engine{learned, plain} {
		seen := map[float64]bool{}
		for _, text := range []string{"", "an apple", "My patient today was so stupid", "Lovely walk along the canal", strings.Repeat("word ", 8000)} {
			c := e.Chances(&store.Post{Kind: store.KindPost, Text: text, Own: true}, nil)
			again := e.Chances(&store.Post{Kind: store.KindPost, Text: text, Own: true}, nil)
			if c.Breach < 0 || c.Breach > 1 || c.Hate < 0 || c.Hate > 1 || c.Breach != again.Breach {
				t.Errorf("%.20q: %+v, then %+v", text, c, again)
			}
			seen[c.Breach] = true
		}
		if e == learned && len(seen) < 4 {
			t.Errorf("only %d different chances", len(seen))
		}
	}
	if c := plain.Chances(&store.Post{Kind: store.KindPost, Text: "an apple", Own: true}, nil); c.Breach == 0 || c.Hate != 0 {
		t.Errorf("without classifiers: %+v", c)
	}
}
