package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lookback/store"
)

// provenSummary is a summary in which a newer archive has something to say.
func provenSummary() store.Summary {
	sum := summarise(seq(makeRows(40)), 2013)
	sum.Body = "Health and Care Professions Council"
	sum.Decided[store.ChoiceDone], sum.Silenced, sum.Unmatched, sum.Opinions.Only = 1, 3, 1, 2
	removal := func(key string, c store.Choice, f store.Fate, d store.Doubt, ids ...string) store.Removal {
		return store.Removal{AccountID: 1, PostKey: key, Choice: c, Fate: f, Doubt: d, UIDs: ids, Changed: f == store.FateThere && len(ids) == 0}
	}
	sum.Proof = &store.Proof{
		Removals: []store.Removal{
			removal("a", store.ChoiceRemove, store.FateGone, ""), removal("b", store.ChoiceDone, store.FateGone, ""),
			removal("c", store.ChoiceRemove, store.FateThere, "", "aaaaaaaaab"), removal("d", store.ChoiceRemove, store.FateThere, ""),
			removal("e", store.ChoiceDone, store.FateThere, "", "aaaaaaaaac"),
		},
		Newer: []store.Newer{{AccountID: 1, Archive: 2, Earlier: 1, Posts: 12, Flagged: store.Tally{Remove: 1, Review: 2}}, {AccountID: 3, Posts: 1}},
		Standard: []store.Progress{
			{Label: "5.1", Before: store.Tally{Remove: 9, Review: 2}, Now: store.Tally{Remove: 4, Review: 2}, Open: store.Tally{Remove: 1}},
			{Label: "9.1", Before: store.Tally{Review: 3}, Now: store.Tally{Review: 3}},
		},
		All: store.Progress{Label: "all", Before: store.Tally{Remove: 9, Review: 5}, Now: store.Tally{Remove: 4, Review: 5}, Open: store.Tally{Remove: 1}},
	}
	for i, d := range store.Doubts {
		sum.Proof.Removals = append(sum.Proof.Removals, removal(strings.Repeat("f", i+1), store.ChoiceRemove, store.FateUnknown, d))
	}
	return sum
}

func TestProvedGolden(t *testing.T) {
	rows := makeRows(40)
	for name, format := range map[string]string{"proved.txt": FormatText, "proved.html": FormatHTML, "proved.md": FormatMarkdown, "record.json": FormatRecord} {
		got := render(t, format, Options{Top: 1}, provenSummary(), seq(rows[:2]))
		if format == FormatHTML {
			got = withoutAssets(got)
		}
		golden(t, name, got)
	}
	var b bytes.Buffer
	if err := WriteRecord(&b, readRecord(t, render(t, FormatRecord, Options{}, provenSummary(), seq(rows[:2]))), Options{Width: 72}); err != nil {
		t.Fatal(err)
	}
	golden(t, "record.txt", b.Bytes())
}

func TestProvedSaysNothingWithoutProof(t *testing.T) {
	sum := summarise(seq(makeRows(5)), 2013)
	if got := proved(&sum); got != nil {
		t.Errorf("without a proof: %q", got)
	}
	if sum.Proof = (&store.Proof{}); len(proved(&sum)) != 0 {
		t.Errorf("with an empty one: %q", proved(&sum))
	}
	for range 20 {
		sum.Proof.Removals = append(sum.Proof.Removals, store.Removal{Choice: store.ChoiceRemove, Fate: store.FateThere, UIDs: []string{"abc", "abd"}})
	}
	if got := proved(&sum)[0]; strings.Count(got, "#abc") != mostNamed || !strings.Contains(got, "and 8 more") {
		t.Errorf("twenty of them: %q", got)
	}
}

func readRecord(t *testing.T, b []byte) *Verified {
	t.Helper()
	v, err := ReadRecord(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A record holds no words of posts and nobody's name but the owner's.
func TestRecordHoldsNoText(t *testing.T) {
	sum := provenSummary()
	sum.Archives[0].Name = "WhatsApp Chat with Nora Quill.zip"
	sum.Archives[0].Notes = []store.Note{{Code: "named", Member: "inbox/noraquill_17/message_1.json", Text: "The chat with Nora Quill has no dates."}}
	sum.Skips = []store.Tally{{Label: "inbox/noraquill_17/message_1.json: no text", Remove: 2}}
	sum.Allowed = []store.Allowed{{Kind: store.AllowPerson, Value: "nora quill"}}
	rows := makeRows(40)
	for i := range rows {
		rows[i].Decision = &store.Decision{Choice: store.ChoiceKeep, Reason: "Nora Quill agreed", Note: "ask Nora Quill"}
		rows[i].Post.Author = "noraquill"
	}
	got := string(render(t, FormatRecord, Options{}, sum, seq(rows)))
	if low := strings.ToLower(got); strings.Contains(low, "nora") || strings.Contains(low, "inbox") || strings.Contains(low, "example.com") {
		t.Error("the record holds a name")
	}
	for _, r := range rows {
		for word := range strings.FieldsSeq(r.Post.Text) {
			if len(word) > 8 && strings.Contains(got, word) {
				t.Errorf("the record holds a word of a post")
			}
		}
	}
	if !strings.Contains(got, `"notes":["named"]`) || !strings.Contains(got, "@sam_physio") {
		t.Error("the note's code or the account is missing")
	}
}

func TestRecordIsCanonical(t *testing.T) {
	rows := makeRows(9)
	one := render(t, FormatRecord, Options{}, provenSummary(), seq(rows))
	slices.Reverse(rows)
	two := render(t, FormatRecord, Options{}, provenSummary(), seq(rows))
	if !bytes.Equal(one, two) {
		t.Error("the order of the rows shows")
	}
	if bytes.Contains(one, []byte("\": ")) || bytes.Count(one, []byte("\n")) != 1 {
		t.Error("there are blanks in it")
	}
	if at := [3]int{bytes.Index(one, []byte(`"accounts"`)), bytes.Index(one, []byte(`"made"`)), bytes.Index(one, []byte(`"sha256":"`))}; at[0] != 1 || at[1] < at[0] {
		t.Errorf("the members are not in order: %v", at)
	}
	v := readRecord(t, one)
	if !v.Intact() || v.Found.Findings == 0 || len(v.Found.List) != 64 || v.Removal.Posts != 5+len(store.Doubts) {
		t.Errorf("%+v", v)
	}
	// A program that knows nothing of lookback comes to the same hash: the
	// line without the member is what was hashed.
	rest := bytes.TrimSpace(bytes.Replace(one, []byte(`"sha256":"`+v.SHA256+`",`), nil, 1))
	if rest = bytes.Replace(rest, []byte(`,"sha256":"`+v.SHA256+`"}`), []byte("}"), 1); hexSHA(rest) != v.SHA256 {
		t.Error("the hash is not that of the line without it")
	}
}

func hexSHA(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestVerify(t *testing.T) {
	good := string(render(t, FormatRecord, Options{}, provenSummary(), seq(makeRows(9))))
	for _, tt := range []struct {
		name, file string
		intact     bool
		err        string
	}{
		{"as it is", good, true, ""},
		{"blanks added", strings.ReplaceAll(good, ",\"", " ,\n\t\""), true, ""},
		{"a count changed", strings.Replace(good, `"gone_verified":2`, `"gone_verified":9`, 1), false, ""},
		{"the hash changed", strings.Replace(good, `"sha256":"`, `"sha256":"0`, 1), false, ""},
		{"a limit taken out", strings.Replace(good, "Nobody else has checked it.", "", 1), false, ""},
		{"the account changed", strings.Replace(good, "@sam_physio", "@somebody", 1), false, ""},
		{"cut", good[:len(good)/2], false, "not sound JSON"},
		{"empty", "", false, "not sound JSON"},
		{"no record", `{"a":1}`, false, "does not say that it is one"},
		{"a list", `[1,2]`, false, "does not belong there"},
		{"another form", strings.Replace(good, recordForm, "lookback-record/9", 1), false, "it knows lookback-record/1"},
		{"a member twice", strings.Replace(good, `{"accounts"`, `{"made":"x","accounts"`, 1), false, "twice"},
		{"a member of another name", strings.Replace(good, `"made":`, `"MADE":`, 1), false, "does not belong there"},
		{"a member too many", strings.Replace(good, `{"accounts"`, `{"aaa":"SECRET","accounts"`, 1), false, "does not belong there"},
		{"words for a number", strings.Replace(good, `"gone_verified":2`, `"gone_verified":"SECRET"`, 1), false, "does not belong there"},
		{"no hash", strings.Replace(good, `"sha256":"`, `"sha256":5,"x":"`, 1), false, "does not belong there"},
		{"not UTF-8", strings.Replace(good, "@sam", "@\xff\xfe", 1), false, "not sound JSON"},
		{"two records", good + good, false, "not sound JSON"},
		{"far too large", strings.Repeat(" ", maxRecord) + good, false, "larger than any record"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := ReadRecord(strings.NewReader(tt.file))
			if tt.err != "" {
				if !errors.Is(err, ErrNotARecord) || !strings.Contains(err.Error(), tt.err) || strings.Contains(err.Error(), "SECRET") {
					t.Errorf("error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if v.Intact() != tt.intact {
				t.Errorf("intact: %v", v.Intact())
			}
			var b bytes.Buffer
			if err := WriteRecord(&b, v, Options{Width: 40}); err != nil {
				t.Fatal(err)
			}
			if says := strings.HasPrefix(b.String(), "Intact."); says != tt.intact {
				t.Errorf("it begins %.40q", b.String())
			}
			if !tt.intact && !strings.Contains(strings.Join(strings.Fields(b.String()), ""), v.Is) {
				t.Error("the hash that it has is not shown")
			}
		})
	}
}

// What stands in a record commands no terminal.
func TestVerifyIsSafe(t *testing.T) {
	sum := provenSummary()
	sum.Version, sum.Accounts[0].Handle = "1\x1b]0;x\x07", "a\u202eb"
	v := readRecord(t, render(t, FormatRecord, Options{}, sum, seq(nil)))
	v.Made, v.SHA256, v.Regulator.Short, v.Limits[0] = "\x1b[2J", "\x1b[2J", "\x9b2J", "\x1b[2J"
	v.Archives[0].Notes = []string{"\x1b[2J"}
	var b bytes.Buffer
	if err := WriteRecord(&b, v, Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\x07\u202e\u009b") {
		t.Errorf("%q", b.String())
	}
}

func TestWhen(t *testing.T) {
	for in, want := range map[string]string{
		stamp(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)): "4 March 2026, 05:06 UTC", "2026-03-04": "4 March 2026", "": "", stamp(time.Time{}): "", "x\x1b": "x\uFFFD",
	} {
		if got := when(in); got != want {
			t.Errorf("when(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzReadRecord(f *testing.F) {
	f.Add(`{"record":"lookback-record/1","sha256":""}`)
	if b, err := os.ReadFile(filepath.Join("..", "testdata", "report", "record.json")); err == nil {
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ReadRecord(strings.NewReader(s))
		if err != nil {
			if !errors.Is(err, ErrNotARecord) {
				t.Error(err)
			}
			return
		}
		var b bytes.Buffer
		if err := WriteRecord(&b, v, Options{}); err != nil || strings.ContainsRune(b.String(), '\x1b') {
			t.Errorf("%v", err)
		}
	})
}
