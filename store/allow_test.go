package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// allowStore has posts in which the word bad is marked, or what the text has
// between square brackets.
func allowStore(t *testing.T, texts map[string]string) *Store {
	s := openStore(t)
	marks := map[string][]Finding{}
	e := export{account: anna}
	for key, text := range texts {
		f := finding("respect.rude", ActionReview, 0.5, "2.7")
		f.Spans = nil
		for {
			i := strings.IndexByte(text, '[')
			if i < 0 {
				break
			}
			j := strings.IndexByte(text, ']')
			f.Spans = append(f.Spans, Span{i, j - 1})
			text = text[:i] + text[i+1:j] + text[j+1:]
		}
		p := own(key, text)
		switch key {
		case "reply":
			p.Kind, p.ReplyToAuthor = KindReply, "Ben"
		case "like":
			p.Kind, p.Own, p.Author = KindLike, false, "@ben"
		}
		e.posts = append(e.posts, p)
		marks[key] = []Finding{f}
	}
	take(t, s, e)
	flag(t, s, marks)
	return s
}

func TestAllow(t *testing.T) {
	texts := map[string]string{
		"1":     "what a [Paddy] he is",
		"2":     "[paddy] and [Mick]",
		"3":     "the [paddy field]",
		"4":     "Paddy’s is [bad]",
		"5":     "ask @ben, he is [bad]",
		"6":     "bench is [bad]",
		"7":     "nothing is marked here, Mick",
		"8":     "a [🍺] there",
		"reply": "you are [bad]",
		"like":  "I am [bad]",
	}
	for _, tc := range []struct {
		name  string
		allow []Allowed
		want  string // keys that are silenced
	}{
		{"a word", []Allowed{{Kind: AllowWord, Value: " PADDY "}}, "1"},
		{"two words make up one finding", []Allowed{{Kind: AllowWord, Value: "paddy"}, {Kind: AllowWord, Value: "mick"}}, "1 2"},
		{"a phrase", []Allowed{{Kind: AllowWord, Value: "paddy field"}}, "3"},
		{"a phrase and its first word", []Allowed{{Kind: AllowWord, Value: "paddy"}, {Kind: AllowWord, Value: "paddy field"}}, "1 3"},
		{"an emoji", []Allowed{{Kind: AllowWord, Value: "🍺"}}, "8"},
		{"a word that is not marked", []Allowed{{Kind: AllowWord, Value: "field"}}, ""},
		{"a person", []Allowed{{Kind: AllowPerson, Value: "@Ben"}}, "5 like reply"},
		{"a person's name", []Allowed{{Kind: AllowPerson, Value: "paddy"}}, "1 2 3 4"},
		{"an account", []Allowed{{Kind: AllowAccount, Value: "x:@Anna"}}, "1 2 3 4 5 6 7 8 like reply"},
		{"without its platform", []Allowed{{Kind: AllowAccount, Value: "anna"}}, "1 2 3 4 5 6 7 8 like reply"},
		{"on another platform", []Allowed{{Kind: AllowAccount, Value: "facebook:anna"}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := allowStore(t, texts)
			total := 0
			for _, a := range tc.allow {
				got, err := s.Allow(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				total = got.Silences
			}
			left := map[string]bool{}
			for _, k := range find(t, s, Filter{}) {
				left[k] = true
			}
			var silenced []string
			for _, k := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "like", "reply"} {
				if !left[k] {
					silenced = append(silenced, k)
				}
			}
			if got := strings.Join(silenced, " "); got != tc.want {
				t.Errorf("silenced %q, want %q", got, tc.want)
			}
			if all := find(t, s, Filter{IncludeSilenced: true}); len(all) != len(texts) {
				t.Errorf("%d of %d are still in the store", len(all), len(texts))
			}
			sum, err := s.Summary(t.Context(), "r")
			if err != nil || sum.Silenced != len(silenced) || sum.Flagged.Review != len(texts)-len(silenced) {
				t.Errorf("summary: %d silenced, %d flagged, %v", sum.Silenced, sum.Flagged.Review, err)
			}
			if len(tc.allow) == 1 && total != len(silenced) {
				t.Errorf("the entry says that it silences %d", total)
			}
		})
	}
}

func TestAllowListChanges(t *testing.T) {
	s := allowStore(t, map[string]string{"1": "a [Paddy]", "2": "so [bad]"})
	ctx := t.Context()
	if _, err := s.Allow(ctx, Allowed{Kind: AllowWord, Value: "paddy", Why: "my name"}); err != nil {
		t.Fatal(err)
	}
	if a, err := s.Allow(ctx, Allowed{Kind: AllowWord, Value: "Paddy", Why: "my father's name"}); err != nil || a.Silences != 1 || a.Why != "my father's name" {
		t.Errorf("again: %+v, %v", a, err)
	}
	for row, err := range s.Findings(ctx, Filter{IncludeSilenced: true}) {
		if err != nil || row.Findings[0].Silenced != (row.Post.Key == "1") {
			t.Errorf("%s: %+v, %v", row.Post.Key, row.Findings[0], err)
		}
	}
	// What is found later is silenced too, and what a scan takes away counts no more.
	take(t, s, export{account: anna, posts: []Post{own("3", "Paddy again")}})
	three := finding("respect.rude", ActionReview, 0.5)
	three.Spans = []Span{{0, 5}}
	flag(t, s, map[string][]Finding{"3": {three}, "2": {bad(3)}})
	list, err := s.AllowList(ctx)
	if err != nil || len(list) != 1 || list[0].Silences != 1 {
		t.Errorf("list: %+v, %v", list, err)
	}
	if keys := find(t, s, Filter{}); len(keys) != 1 || keys[0] != "2" {
		t.Errorf("left: %v", keys)
	}
	if a, err := s.Disallow(ctx, AllowWord, "PADDY"); err != nil || a.Silences != 1 {
		t.Errorf("taken off: %+v, %v", a, err)
	}
	if keys := find(t, s, Filter{}); len(keys) != 2 {
		t.Errorf("back: %v", keys)
	}
	if _, err := s.Disallow(ctx, AllowWord, "paddy"); !errors.Is(err, ErrNotFound) {
		t.Errorf("taken off twice: %v", err)
	}
	for _, a := range []Allowed{{Kind: "pet", Value: "x"}, {Kind: AllowWord, Value: " "}, {Kind: AllowWord, Value: "..."}, {Kind: AllowPerson, Value: "@"}} {
		if _, err := s.Allow(ctx, a); err == nil {
			t.Errorf("took %+v", a)
		}
	}
}

func TestAllowWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                     nil,
		"It’s Ben's, isn't it": {"it", "ben", "isn't", "it"},
		"@sam.taylor #NHS":     {"sam", "taylor", "nhs"},
		"snake_case (x)":       {"snake_case", "x"},
		"🍺 … 日本":               {"🍺", "日本"},
	} {
		if d := cmp.Diff(want, allowWords(text)); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}
