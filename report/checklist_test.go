package report

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// removals are rows of two platforms and three accounts, some of them decided.
func removals() []store.Row {
	at := func(y int) time.Time { return time.Date(y, 5, 4, 12, 0, 0, 0, time.UTC) }
	row := func(account int64, platform, handle, key string, k store.Kind, y int, text string, decided bool) store.Row {
		r := store.Row{
			Account: store.Account{ID: account, Platform: platform, Handle: handle},
			Post:    store.Post{ID: account*100 + int64(y%100), Key: key, Kind: k, Own: k != store.KindLike, Text: text, Created: at(y), URL: "https://example.com/" + key},
			Findings: []store.Finding{{UID: "aaaabb" + string(rune('a'+y%26)), Theme: "respect.insult", Standards: []string{"2.10", "9.1"}, Action: store.ActionRemove,
				Spans: []store.Span{{Start: 0, End: 3}}}},
		}
		if decided {
			d := store.Decision{Choice: store.ChoiceRemove}
			r.Decision, r.Findings[0].Decision, r.Findings[0].Choice = &d, &d, d.Choice
		}
		return r
	}
	rows := []store.Row{
		row(1, "x", "old_me", "tweet:11", store.KindPost, 2011, "the *first* one\nof two lines <b>", true),
		row(3, "reddit", "someone", "comment:abc", store.KindComment, 2019, "a comment "+strings.Repeat("that goes on and on ", 400), true),
		row(2, "x", "new_me", "like:22", store.KindLike, 2020, "what another said", true),
		row(2, "x", "new_me", "tweet:23", store.KindPost, 2021, "older", true),
		row(2, "x", "new_me", "tweet:24", store.KindPost, 2023, "newer", true),
		row(2, "x", "new_me", "tweet:25", store.KindRepost, 2022, "shared", true),
		row(2, "x", "new_me", "bio:x", store.KindBio, 2022, "my bio", true),
	}
	rows[1].Post.Place = "r/OccupationalTherapy"
	rows[6].Post.Created, rows[6].Post.Precision, rows[6].Post.URL = time.Time{}, store.PrecisionNone, "javascript:alert(1)"
	return rows
}

func TestChecklist(t *testing.T) {
	rows := removals()
	golden(t, "checklist.md", render(t, FormatChecklist, Options{}, emptySummary(), seq(rows)))
	got := string(render(t, FormatChecklist, Options{}, emptySummary(), seq(rows)))
	var order []string
	for _, m := range regexp.MustCompile(`(?m)^## (X.*|Reddit.*)|^### (.*)|<https://example.com/(\S+)>`).FindAllStringSubmatch(got, -1) {
		order = append(order, m[1]+m[2]+m[3])
	}
	want := []string{
		`X: @new_me`, "2 posts", "tweet:24", "tweet:23", "1 repost", "tweet:25", "1 like", "like:22", "1 profile text",
		`X: @old_me`, "1 post", "tweet:11", "Reddit: @someone", "1 comment", "comment:abc",
	}
	if d := cmp.Diff(want, order); d != "" {
		t.Error(d)
	}
	if n := strings.Count(got, "- [ ] "); n != len(rows) {
		t.Errorf("%d boxes for %d posts", n, len(rows))
	}
	if strings.Contains(got, "javascript:") || strings.Contains(got, "<b>") || strings.Contains(got, "*first*") {
		t.Error("a post's text is markup")
	}
	for i, l := range strings.Split(got, "\n") {
		if columns(l) > listWidth && !strings.Contains(l, "<https://") {
			t.Errorf("line %d has %d columns", i+1, columns(l))
		}
	}
	for _, must := range []string{"union", "private copy", "suspend", "Likes", "quoted"} {
		if i := strings.Index(got, must); i < 0 || i > strings.Index(got, "- [ ]") {
			t.Errorf("the advice on %q does not come first", must)
		}
	}
}

func TestChecklistLead(t *testing.T) {
	rows := removals()[:2]
	lead := func(rows []store.Row) string {
		return strings.Split(string(render(t, FormatChecklist, Options{}, emptySummary(), seq(rows))), "\n")[2]
	}
	if got := lead(nil); got != "There is nothing to remove." {
		t.Error(got)
	}
	if got := lead(rows); got != "2 texts that you decided to remove." {
		t.Error(got)
	}
	rows[0].Decision = nil
	if got := lead(rows); !strings.HasPrefix(got, "2 texts, of which you decided to remove 1.") {
		t.Error(got)
	}
	rows[1].Decision = nil
	if got := lead(rows); !strings.HasPrefix(got, "2 texts that are flagged") {
		t.Error(got)
	}
}

// Every platform that lookback reads has steps of its own, for kinds that
// there are, with a source; and every kind has steps on every platform.
func TestSteps(t *testing.T) {
	all := removalSteps()
	names, err := os.ReadDir(filepath.Join("..", "importer"))
	if err != nil {
		t.Fatal(err)
	}
	for p := range all {
		if _, ok := platforms[p]; !ok && p != anyPlatform {
			t.Errorf("no platform is called %s", p)
		}
	}
	for _, n := range names {
		if _, known := platforms[n.Name()]; known && all[n.Name()] == nil {
			t.Errorf("%s has no steps of its own", n.Name())
		}
	}
	for _, p := range append(slices.Sorted(maps.Keys(all)), "unheard-of") {
		for _, k := range store.Kinds {
			if len(Steps(p, k)) == 0 {
				t.Errorf("%s %s: no steps", p, k)
			}
		}
		for k, steps := range all[p] {
			if !slices.Contains(store.Kinds, k) {
				t.Errorf("%s: no kind is called %s", p, k)
			}
			for _, s := range steps {
				if !strings.HasSuffix(s, ".") || SafeLine(s) != s {
					t.Errorf("%s %s: %q is no sentence", p, k, s)
				}
			}
		}
	}
	for part := range strings.SplitSeq(string(stepsFile), "\n\n") {
		if name, rest, ok := strings.Cut(part, ":\n"); ok && !strings.HasPrefix(name, "#") && !strings.HasPrefix(strings.TrimSpace(rest), "# Source: ") {
			t.Errorf("%s names no source", name)
		}
	}
}

func TestDeleteLists(t *testing.T) {
	rows := removals()
	got, err := csv.NewReader(strings.NewReader(string(render(t, FormatDeleteCSV, Options{}, store.Summary{}, seq(rows))))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		DeleteColumns,
		{"11", "https://example.com/tweet:11", "x", "old_me", "post", "2011-05-04T12:00:00Z"},
		{"abc", "https://example.com/comment:abc", "reddit", "someone", "comment", "2019-05-04T12:00:00Z"},
	}
	if d := cmp.Diff(want, got[:3]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"x", "", "x", "new_me", "bio", ""}, got[7]); d != "" {
		t.Error(d)
	}
	if ids := string(render(t, FormatXIDs, Options{}, store.Summary{}, seq(rows))); ids != "11\n23\n24\n25\n" {
		t.Errorf("ids: %q", ids)
	}
	if b := render(t, FormatDeleteCSV, Options{BOM: true}, store.Summary{}, seq(nil)); string(b) != "\uFEFFid,link,platform,account,kind,date\r\n" {
		t.Errorf("of nothing: %q", b)
	}
}
