package bluesky

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
)

func archive(members map[string][]byte) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}

func read(t testing.TB, fsys fs.FS, opts importer.Options) (*importertest.Recorder, error) {
	t.Helper()
	rec := &importertest.Recorder{}
	err := New().Import(t.Context(), fsys, opts, rec)
	return rec, err
}

func readCar(t testing.TB, data []byte) (*importertest.Recorder, error) {
	t.Helper()
	return read(t, archive(map[string][]byte{"repo.car": data}), importer.Options{})
}

// may is a small repository, whose blocks tests can change.
func may(texts ...string) description {
	d := description{DID: "did:plc:may", Version: 3, Rev: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i, text := range texts {
		at := time.Date(2024, 5, 1+i, 0, 0, 0, 0, time.UTC)
		d.Records = append(d.Records, described{Collection: colPost, At: at,
			Value: map[string]any{"$type": colPost, "text": text, "createdAt": at.Format(time.RFC3339)}})
	}
	return d
}

func texts(rec *importertest.Recorder) string {
	var all []string
	for _, p := range rec.Posts {
		all = append(all, p.Text)
	}
	return strings.Join(all, "|")
}

func codes(rec *importertest.Recorder) string {
	var all []string
	for _, f := range rec.Facts {
		if f.Note.Code != "" {
			all = append(all, f.Note.Code)
		}
	}
	return strings.Join(all, " ")
}

func hasScope(rec *importertest.Recorder) bool {
	return slices.ContainsFunc(rec.Facts, func(f importer.Fact) bool { return f.Scope != "" })
}

func TestVarint(t *testing.T) {
	tests := []struct {
		name string
		in   []byte
		want uint64
		bad  bool
	}{
		{"zero", []byte{0}, 0, false},
		{"one byte", []byte{127}, 127, false},
		{"two bytes", []byte{0x80, 1}, 128, false},
		{"63 bits", bytes.Repeat([]byte{0xff}, 8), 0, true},
		{"largest", append(bytes.Repeat([]byte{0xff}, 8), 0x7f), 1<<63 - 1, false},
		{"ten bytes", append(bytes.Repeat([]byte{0x80}, 9), 1), 0, true},
		{"nothing", nil, 0, true},
	}
	for _, tt := range tests {
		got, _, err := varint(tt.in)
		if got != tt.want && !tt.bad || (err != nil) != tt.bad {
			t.Errorf("%s: got %d, %v", tt.name, got, err)
		}
	}
}

func TestParseCID(t *testing.T) {
	good := cidOf([]byte("x"))
	change := func(i int, b byte) []byte {
		c := slices.Clone(good)
		c[i] = b
		return c
	}
	tests := []struct {
		name     string
		in       []byte
		set, bad bool
	}{
		{"good", good, true, false},
		{"version 0", append([]byte{hashSHA256, 32}, good[4:]...), true, false},
		{"a picture", change(1, 0x55), false, false},
		{"another hash", change(2, 0x13), false, false},
		{"version 2", change(0, 2), false, true},
		{"too long", change(3, 127), false, true},
		{"short", good[:20], false, true},
		{"nothing", nil, false, true},
		{"an endless length", append(slices.Clone(good[:3]), bytes.Repeat([]byte{0xff}, 12)...), false, true},
	}
	for _, tt := range tests {
		d, _, err := parseCID(tt.in)
		if (d != digest{}) != tt.set || (err != nil) != tt.bad {
			t.Errorf("%s: %x, %v", tt.name, d, err)
		}
	}
}

// TestDamage changes a sound repository in ways that downloads and forgers do.
func TestDamage(t *testing.T) {
	whole := may("one post", "two posts", "three posts").car()
	flip := func(text string) []byte {
		data := slices.Clone(whole)
		data[bytes.Index(data, []byte(text))] ^= 1
		return data
	}
	tests := []struct {
		name, want, notes string
		data              []byte
		scope             bool
	}{
		{"sound", "one post|two posts|three posts", "", whole, true},
		{"a record changed", "one post|three posts", "repository-incomplete", flip("two posts"), false},
		{"a length that lies", "one post|two posts|three posts", "repository-incomplete",
			append(slices.Clone(whole), binary.AppendUvarint(nil, 1<<62)...), false},
		{"a length without end", "one post|two posts|three posts", "repository-incomplete",
			append(slices.Clone(whole), bytes.Repeat([]byte{0xff}, 20)...), false},
		{"empty sections", "one post|two posts|three posts", "repository-incomplete", append(slices.Clone(whole), 0, 0, 0), false},
		{"blocks twice", "one post|two posts|three posts", "", append(slices.Clone(whole), whole[1+int(whole[0]):]...), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec, err := readCar(t, tt.data)
			if err != nil || texts(rec) != tt.want || codes(rec) != tt.notes || hasScope(rec) != tt.scope {
				t.Errorf("got %q, notes %q, scope %t, %v", texts(rec), codes(rec), hasScope(rec), err)
			}
		})
	}
}

func TestUnusable(t *testing.T) {
	b := newBuilder()
	plain := b.file(b.put(map[string]any{"a": 1}), b.blocks)
	whole := may("one post").car()
	tests := map[string][]byte{
		"no repository":        plain,
		"without a commit":     whole[:1+int(whole[0])],
		"cut after the header": whole[:60],
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readCar(t, data)
			var hint *importer.HintError
			if !errors.As(err, &hint) || hint.Hint == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name, member, data string
		sure, hint         bool
	}{
		{"any name", "x.repo", string(may("a").car()), true, false},
		{"no ending", "repository", string(may("a").car()), true, false},
		{"an error saved as a repository", "repo.car", `{"error":"InvalidRequest"}`, false, true},
		{"a page saved as a repository", "repo.car", "<!DOCTYPE html>", false, true},
		{"noise", "repo.car", "\x3a\xa2noise", false, true},
		{"in a folder", "a/repo.car", string(may("a").car()), false, false},
		{"a chat", "chat.jsonl", `{"convoId":"1","text":"a"}`, true, false},
		{"lines of something else", "log.jsonl", `{"level":"info"}`, false, false},
		{"a table", "posts.csv", "id,text\n", false, false},
	}
	for _, tt := range tests {
		m, err := New().Recognize(archive(map[string][]byte{tt.member: []byte(tt.data)}))
		var hint *importer.HintError
		if (m.Sure >= 50) != tt.sure || errors.As(err, &hint) != tt.hint {
			t.Errorf("%s: %+v, %v", tt.name, m, err)
		}
	}
}

// TestSharedNodes has nodes that hold the same node twice, forty levels deep:
// walking them all would never end.
func TestSharedNodes(t *testing.T) {
	b := newBuilder()
	rec := b.put(map[string]any{"$type": colPost, "text": "deep down"})
	type row = map[string]any
	below := b.put(row{"l": nil, "e": []row{}})
	for range 40 {
		e := row{"p": 0, "k": []byte(colPost + "/a"), "v": asLink(rec), "t": asLink(below)}
		below = b.put(row{"l": asLink(below), "e": []row{e}})
	}
	root := b.put(row{"did": "did:plc:x", "version": 3, "data": asLink(below), "prev": nil, "rev": "", "sig": []byte{}})
	got, err := readCar(t, b.file(root, b.blocks))
	if err != nil || codes(got) != "repository-incomplete" || hasScope(got) {
		t.Errorf("notes %q, %v", codes(got), err)
	}
	if n := len(got.Posts); n > 41 {
		t.Errorf("%d posts from 40 entries", n)
	}
}

// TestCycle has nodes that hold each other. Only a block whose address lies can
// do so, and such a block does not count.
func TestCycle(t *testing.T) {
	type row = map[string]any
	b := newBuilder()
	one, two := cidOf([]byte("one")), cidOf([]byte("two"))
	for at, to := range map[*[]byte][]byte{&one: two, &two: one} {
		node := b.encode(row{"l": asLink(to), "e": []row{}})
		b.blocks = append(b.blocks, append(slices.Clone(*at), node...))
	}
	root := b.put(row{"did": "did:plc:x", "version": 3, "data": asLink(one), "prev": nil, "rev": "", "sig": []byte{}})
	got, err := readCar(t, b.file(root, b.blocks))
	if err != nil || codes(got) != "repository-incomplete" || len(got.Posts) > 0 || hasScope(got) {
		t.Errorf("%d posts, notes %q, %v", len(got.Posts), codes(got), err)
	}
}

func TestHostileNodes(t *testing.T) {
	type row = map[string]any
	deep := any("x")
	for range 100 {
		deep = []any{deep}
	}
	for name, make := range map[string]func(b *builder) any{
		"a prefix that lies": func(*builder) any { return row{"l": nil, "e": []row{{"p": 99, "k": []byte("a"), "v": nil, "t": nil}}} },
		"a negative prefix":  func(*builder) any { return row{"l": nil, "e": []row{{"p": -1, "k": []byte("a"), "v": nil, "t": nil}}} },
		"a long key": func(*builder) any {
			return row{"l": nil, "e": []row{{"p": 0, "k": bytes.Repeat([]byte("a"), 5000), "v": nil, "t": nil}}}
		},
		"other types":          func(*builder) any { return row{"l": 7, "e": "no"} },
		"nested without bound": func(*builder) any { return row{"l": nil, "e": deep} },
		"no record":            func(*builder) any { return row{"l": nil, "e": []row{{"p": 0, "k": []byte("a/b"), "v": nil, "t": nil}}} },
		"a record that is none": func(b *builder) any {
			return row{"l": nil, "e": []row{{"p": 0, "k": []byte(colPost + "/b"), "v": asLink(b.put([]int{1})), "t": nil}}}
		},
		"a name without a slash": func(b *builder) any {
			return row{"l": nil, "e": []row{{"p": 0, "k": []byte("name"), "v": asLink(b.put(row{"text": "a"})), "t": nil}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBuilder()
			node := b.put(make(b))
			root := b.put(row{"did": "did:plc:x", "version": 3, "data": asLink(node), "prev": nil, "rev": "", "sig": []byte{}})
			got, err := readCar(t, b.file(root, b.blocks))
			if err != nil || codes(got) != "repository-incomplete" || len(got.Posts) > 0 || hasScope(got) {
				t.Errorf("%d posts, notes %q, %v", len(got.Posts), codes(got), err)
			}
		})
	}
}

func TestSeveralRepositories(t *testing.T) {
	other := may("somewhere else")
	other.DID = "did:plc:june"
	rec, err := read(t, archive(map[string][]byte{"a.car": may("here").car(), "b.car": other.car(), "c.car": may("cut").car()[:70]}), importer.Options{})
	if err != nil || texts(rec) != "here|somewhere else" || hasScope(rec) || len(rec.Skips) != 1 {
		t.Errorf("got %q, %d skips, %v", texts(rec), len(rec.Skips), err)
	}
}

func TestExpand(t *testing.T) {
	const uri = "https://www.example.org/a/long/path?q=1"
	tests := []struct{ name, text, shown, want string }{
		{"shortened", "see example.org/a/lon... now", "example.org/a/lon...", "see " + uri + " now"},
		{"with an ellipsis", "see example.org/a…", "example.org/a…", "see " + uri},
		{"whole", "see " + uri, uri, "see " + uri},
		{"words", "see this now", "this", "see this (" + uri + ") now"},
	}
	for _, tt := range tests {
		at := strings.Index(tt.text, tt.shown)
		if got := expand(tt.text, []piece{{at, at + len(tt.shown), uri}}); got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
	for name, p := range map[string]piece{
		"inside a letter": {1, 3, uri}, "past the end": {0, 99, uri}, "backwards": {3, 2, uri}, "negative": {-4, 2, uri}, "no address": {0, 2, ""},
	} {
		if got := expand("éa", []piece{p}); got != "éa" {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if got := expand("ab cd", []piece{{3, 5, uri}, {0, 4, uri}}); got != "ab c ("+uri+")d" {
		t.Errorf("overlapping: got %q", got)
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2025, 2, 11, 19, 16, 56, 16e6, time.UTC)
	if got := tidTime("3lhwepkya642u"); !got.Truncate(time.Millisecond).Equal(at) {
		t.Errorf("got %v", got)
	}
	for _, bad := range []string{"", "self", "3lhwepkya6421", "zzzzzzzzzzzzz", "2222222222222", "3lhwepkya642u2"} {
		if got := tidTime(bad); !got.IsZero() {
			t.Errorf("%s: got %v", bad, got)
		}
	}
	for in, want := range map[string]string{
		"2023-04-26T00:09:58-07:00": "2023-04-26T07:09:58Z", "2023-04-26T00:09:58.123456Z": "2023-04-26T00:09:58.123456Z",
		"2023-04-26T02:09:58+0200": "2023-04-26T00:09:58Z", "2023-04-26": "2023-04-26T00:00:00Z",
		"0001-01-01T00:00:00Z": "", "never": "", "9999-01-01T00:00:00Z": "",
	} {
		got, _ := parseTime(in)
		if s := got.Format(time.RFC3339Nano); s != want && (want != "" || !got.IsZero()) {
			t.Errorf("%s: got %s", in, s)
		}
	}
}

func TestIsWords(t *testing.T) {
	for s, want := range map[string]bool{
		"two words": true, "Word": true, "Word.": true, "今日は3時": true, "🎉": true, "": false, "42": false, "did:plc:abc": false,
		"at://did/a/b": false, "2024-01-01T00:00:00Z": false, "bafyreib2rxk3rh6kzwq": false, "image/jpeg": false,
		"https://example.org/a": false, "pub.leaflet.blocks.text": false, "see https://example.org/a": true, " - ": false,
	} {
		if isWords(s) != want {
			t.Errorf("%q: got %t", s, !want)
		}
	}
}

func TestChat(t *testing.T) {
	line := func(id, sender string) string {
		return `{"convoId":"c","id":"` + id + `","text":"message ` + id + `","sender":{"did":"` + sender + `"},"sentAt":"2025-05-01T10:00:00Z"}` + "\n"
	}
	two := line("1", "did:plc:a") + line("2", "did:plc:b") + line("1", "did:plc:a")
	tests := []struct {
		name, chat, want string
		repo             bool
		opts             importer.Options
		hint             bool
	}{
		{"not asked for", two, "", false, importer.Options{}, false},
		{"one writer", line("1", "did:plc:a"), "message 1", false, importer.Options{Messages: true}, false},
		{"two writers", two, "", false, importer.Options{Messages: true}, true},
		{"two writers, named", two, "message 1", false, importer.Options{Messages: true, Me: "did:plc:a"}, false},
		{"with the repository", line("1", "did:plc:may") + line("2", "did:plc:b"), "a post|message 1", true, importer.Options{Messages: true}, false},
		{"no line is good", "{}\n[1]\nnonsense\n\n" + `{"text":7}`, "", false, importer.Options{Messages: true}, false},
		{"the end is missing", line("1", "did:plc:a") + `{"convoId":"c","text":"half`, "message 1", false, importer.Options{Messages: true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			members := map[string][]byte{"chat.jsonl": []byte(`{"$type":"chat.bsky.x","convoId":"c"}` + "\n" + tt.chat)}
			if tt.repo {
				members["repo.car"] = may("a post").car()
			}
			rec, err := read(t, archive(members), tt.opts)
			var hint *importer.HintError
			if errors.As(err, &hint) != tt.hint || err != nil && !tt.hint || texts(rec) != tt.want {
				t.Errorf("got %q, %v", texts(rec), err)
			}
		})
	}
}

// sound says what is wrong with posts, whatever was read.
func sound(t *testing.T, rec *importertest.Recorder) {
	t.Helper()
	if err := rec.Sound(false); err != nil {
		t.Fatal(err)
	}
}

func FuzzCAR(f *testing.F) {
	f.Add(may("one post").car()) // small, because the fuzzer minimises what it finds
	f.Add(describe(f, "slice").car())
	f.Fuzz(func(t *testing.T, data []byte) {
		rec, _ := readCar(t, data) // any archive may be unusable
		sound(t, rec)
	})
}

// FuzzRecord reads one record, whose hash would keep the fuzzer out of a CAR.
func FuzzRecord(f *testing.F) {
	b := newBuilder()
	for name := range fixtures {
		for i, r := range describe(f, name).Records {
			f.Add(r.key(), b.encode(r.Value), i%2 == 0)
		}
	}
	f.Fuzz(func(t *testing.T, key string, data []byte, node bool) {
		b := newBuilder()
		b.blocks = append(b.blocks, append(cidOf(data), data...))
		top := cidOf(data)
		if !node {
			e := map[string]any{"p": 0, "k": []byte(key), "v": asLink(top), "t": nil}
			top = b.put(map[string]any{"l": nil, "e": []any{e}})
		}
		root := b.put(map[string]any{"did": "did:plc:x", "version": 3, "data": asLink(top), "prev": nil, "rev": "", "sig": []byte{}})
		rec, err := readCar(t, b.file(root, b.blocks))
		if err != nil {
			t.Fatal(err)
		}
		sound(t, rec)
	})
}

func FuzzChat(f *testing.F) {
	for _, layout := range []string{"full", "chat"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "bluesky", layout, "chat.jsonl"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append([]byte(`{"convoId":"c"}`+"\n"), data...)
		rec, err := read(t, archive(map[string][]byte{"chat.jsonl": data}), importer.Options{Messages: true, Me: "did:plc:mara2example3aaaaaaaaaaa"})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, rec)
	})
}
