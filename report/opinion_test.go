package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"lookback/store"
)

// judgedRows are some rows with opinions: one that agrees, one that does not,
// one without, and a post that only the judge flags.
func judgedRows() []store.Row {
	rows := makeRows(4)
	for i := range rows {
		rows[i].Decision = nil
	}
	theme := rows[0].Findings[0].Theme
	rows[0].Opinion = &store.Opinion{Model: "small:8b", Action: store.ActionReview, Theme: theme, Standards: []string{"5.1"}, Confidence: 0.7,
		Spans: rows[0].Findings[0].Spans, Why: "It tells of one person's care."}
	rows[1].Opinion = &store.Opinion{Model: "small:8b", Action: store.ActionNone, Confidence: 0.9, Why: "It is <b>harmless</b>."}
	rows[3].Findings = nil
	rows[3].Opinion = &store.Opinion{Model: "small:8b", Action: store.ActionRemove, Theme: "hate.slur", Standards: []string{"1.6", "9.1"}, Confidence: 0.95,
		Spans: []store.Span{{Start: 0, End: 4}}, Why: "=1+1"}
	return rows
}

func judgedSummary() store.Summary {
	sum := summarise(seq(judgedRows()[:3]), 2013)
	sum.Opinions = store.OpinionSummary{Models: []string{"small:8b"}, Posts: 3, Flagged: 2, Upheld: 1, Only: 1}
	return sum
}

// TestGoldenOpinions: every format shows an opinion beside what was found, as
// the judge's.
func TestGoldenOpinions(t *testing.T) {
	for _, tt := range []struct {
		name, format string
		opts         Options
	}{
		{"judged.txt", FormatText, Options{}},
		{"judged-list.txt", FormatText, Options{List: true}},
		{"judged.csv", FormatCSV, Options{}},
		{"judged.jsonl", FormatJSONL, Options{}},
		{"judged.html", FormatHTML, Options{}},
		{"judged.md", FormatMarkdown, Options{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := render(t, tt.format, tt.opts, judgedSummary(), seq(judgedRows()))
			if tt.format == FormatHTML {
				got = withoutAssets(got)
			}
			golden(t, tt.name, got)
		})
	}
}

// TestOpinionsInColumns: what was found is the same with and without a judge,
// and a post that only the judge flags recommends nothing.
func TestOpinionsInColumns(t *testing.T) {
	read := func(rows []store.Row) [][]string {
		recs, err := csv.NewReader(bytes.NewReader(render(t, FormatCSV, Options{}, judgedSummary(), seq(rows)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return recs
	}
	plain := judgedRows()[:3]
	for i := range plain {
		plain[i].Opinion = nil
	}
	with, without := read(judgedRows()), read(plain)
	own := slices.Index(CSVColumns, "judge_model")
	for i := range without {
		if !slices.Equal(with[i][:own], without[i][:own]) {
			t.Errorf("record %d differs:\n%q\n%q", i, with[i], without[i])
		}
	}
	last := with[len(with)-1]
	want := []string{"small:8b", "remove", "hate.slur", "0.95", last[own+4], "'=1+1"}
	if !slices.Equal(last[own:own+len(want)], want) || last[0] != "" || last[1] != "none" || last[2] != "" || last[4] != "" {
		t.Errorf("only judged: %q", last)
	}
}

func TestOpinionsInLines(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(render(t, FormatJSONL, Options{}, judgedSummary(), seq(judgedRows())))), "\n")
	var row struct {
		Action   string
		Findings []any
		Judge    *struct {
			Model, Action, Theme string
			Words                []string
		}
	}
	if err := json.Unmarshal([]byte(lines[3]), &row); err != nil {
		t.Fatal(err)
	}
	if row.Action != "none" || row.Findings == nil || len(row.Findings) != 0 || row.Judge == nil || row.Judge.Action != "remove" || len(row.Judge.Words) != 1 {
		t.Errorf("%+v", row)
	}
	if strings.Contains(lines[2], `"judge"`) {
		t.Errorf("a post that nobody judged: %s", lines[2])
	}
}

// TestOpinionMoves: the words of an opinion are found again in a text that had
// to be changed, and the row that it came from stays as it was.
func TestOpinionMoves(t *testing.T) {
	o := &store.Opinion{Model: "small", Action: store.ActionReview, Theme: "hate.slur", Spans: []store.Span{{Start: 2, End: 5}}}
	row := store.Row{Post: store.Post{Text: "\xff bad"}, Opinion: o}
	mapText(&row, pageRune)
	if got := flagged(row.Post.Text, row.Opinion.Spans); len(got) != 1 || got[0] != "bad" {
		t.Errorf("the words are %q", got)
	}
	if o.Spans[0].Start != 2 {
		t.Error("the opinion itself was changed")
	}
}

func TestOpinionNote(t *testing.T) {
	for want, c := range map[string]store.OpinionSummary{
		"": {},
		"A judge (small) gave a second opinion on 1 post.":                                                                       {Models: []string{"small"}, Posts: 1},
		"A judge (a and b) gave a second opinion on 9 posts. Of 4 flagged ones it would leave 1; they are counted all the same.": {Models: []string{"a", "b"}, Posts: 9, Flagged: 4, Upheld: 3},
		"A judge (a) gave a second opinion on 9 posts. It alone flags 2 posts, marked so, last in the list and in no count.":     {Models: []string{"a"}, Posts: 9, Only: 2},
	} {
		if got := opinionNote(&store.Summary{Opinions: c}); got != want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
