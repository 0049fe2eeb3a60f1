package scanner

import (
	"fmt"
	"testing"

	"lookback/store"
)

// neutralGroups are the words of protected groups, as they name themselves or
// are named without malice.
var neutralGroups = map[string][]string{
	"race":        {"Black", "Asian", "mixed-race", "white", "South Asian", "Caribbean", "African", "Chinese"},
	"nationality": {"Polish", "Romanian", "Nigerian", "Filipino", "Indian", "Pakistani", "Irish", "Somali", "Ukrainian"},
	"migration":   {"refugee", "immigrant", "asylum-seeking", "overseas"},
	"religion":    {"Muslim", "Jewish", "Sikh", "Hindu", "Christian", "Catholic", "Buddhist", "atheist"},
	"sex":         {"female", "male"},
	"orientation": {"gay", "lesbian", "bisexual", "queer"},
	"gender":      {"trans", "transgender", "non-binary"},
	"disability":  {"disabled", "deaf", "blind", "autistic", "wheelchair-using", "dyslexic"},
	"age":         {"older", "elderly", "teenage", "retired"},
	"pregnancy":   {"pregnant"},
	"travellers":  {"Traveller", "Romany", "Gypsy"},
}

// neutralPosts say nothing of a group but that its people are there.
var neutralPosts = []string{
	"Lovely lunch with my %s neighbour and her kids in the park today",
	"We are putting up a stall for the %s community at the town fair on Saturday",
	"New book club pick is by a %s author from Leeds and I can't put it down",
	"My best friend is %s and we have been going to the same gym for ten years",
	"Reading about the history of %s people in Britain, so much I was never taught",
	"Training day today on making services work better for %s people",
	"A %s woman from our choir sang the solo and there was not a dry eye in the hall",
	"Proud to be %s and proud to be a student paramedic",
	"The %s students' society is running a bake sale, come along",
	"Watched a documentary about %s families last night, recommend it",
}

// TestNeutralMentions holds that naming a group is not enough to be flagged, and
// that no group is flagged more than the others. With -v it prints the
// table of the model card.
func TestNeutralMentions(t *testing.T) {
	e := learnedEngine(t)
	const most, mostOfGroup = 0.05, 0.10
	all, flagged := 0, 0
	for group, words := range neutralGroups {
		n, hits := 0, 0
		for _, w := range words {
			for _, form := range neutralPosts {
				n++
				p := &store.Post{Kind: store.KindPost, Text: fmt.Sprintf(form, w), Own: true}
				if found := e.Scan(p, nil); len(found) > 0 {
					hits++
					t.Logf("%s: %q as %s", group, p.Text, found[0].Rule)
				}
			}
		}
		all, flagged = all+n, flagged+hits
		if share := float64(hits) / float64(n); share > mostOfGroup {
			t.Errorf("%s: %.3f of %d neutral mentions are flagged; at most %.2f may be", group, share, n, mostOfGroup)
		}
		t.Logf("%-12s %4d mentions %3d flagged", group, n, hits)
	}
	if share := float64(flagged) / float64(all); share > most {
		t.Errorf("%.3f of %d neutral mentions are flagged; at most %.2f may be", share, all, most)
	}
}

func learnedEngine(t testing.TB) *Engine {
	t.Helper()
	rules, err := Load(LoadOptions{Learned: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(rules)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.models) == 0 {
		t.Fatal("the learned classifiers are not there")
	}
	return e
}
