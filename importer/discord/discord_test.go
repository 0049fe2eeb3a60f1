package discord

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

const (
	room = "100000000000000101"
	one  = "1199999996636692481" // 2024-01-25 08:51:34.120
	two  = "1199999603965952001" // 2024-01-25 08:50:00.500
)

func archive(members map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range members {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func read(t testing.TB, members map[string]string, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := New().Import(t.Context(), archive(members), opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func said(rec *importertest.Recorder) string {
	var all []string
	for _, p := range rec.Posts {
		all = append(all, strings.SplitN(p.Key, ":", 2)[0]+":"+p.Text)
	}
	return strings.Join(all, "|")
}

// TestChannels has one message in a channel of every kind.
func TestChannels(t *testing.T) {
	guild := `, "guild": {"id": "200000000000000201", "name": "Club"}`
	tests := []struct {
		name, about, index string
		private            bool
		place, url         string
	}{
		{"text", `"type": "GUILD_TEXT", "name": "general"` + guild, "", false, "Club #general", "200000000000000201"},
		{"text by number", `"type": 0` + guild, "", false, "Club", "200000000000000201"},
		{"thread", `"type": 11, "name": "t"` + guild, "", false, "Club #t", "200000000000000201"},
		{"private thread", `"type": "PRIVATE_THREAD", "name": "t"` + guild, "", false, "Club #t", "200000000000000201"},
		{"an unknown kind in a server", `"type": "GUILD_HOLODECK"` + guild, "", false, "Club", "200000000000000201"},
		{"a server that was left", `"type": "GUILD_TEXT"`, "Unknown channel in Old Club", false, "Old Club", ""},
		{"a number in a server that was left", `"type": 5`, "", false, "", ""},
		{"direct", `"type": "DM", "recipients": ["1", "Deleted User"]`, "Direct Message with bob#0", true, "Direct Message with bob#0", "@me"},
		{"direct by number", `"type": 1`, "", true, "", "@me"},
		{"group", `"type": 3, "name": "gang"`, "None", true, "gang", "@me"},
		{"nobody knows", `"type": "SOMETHING"`, "x in Club", true, "x in Club", "@me"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			members := map[string]string{
				"M/c" + room + "/channel.json":  `{"id": "` + room + `", ` + tt.about + `}`,
				"M/c" + room + "/messages.json": `[{"ID": ` + one + `, "Timestamp": "2024-01-25 08:51:34", "Contents": "hi", "Attachments": ""}]`,
				"M/index.json":                  `{"` + room + `": "` + tt.index + `"}`,
			}
			if got := len(read(t, members, importer.Options{}).Posts); (got == 0) != tt.private {
				t.Errorf("without messages: %d posts", got)
			}
			rec := read(t, members, importer.Options{Messages: true})
			if len(rec.Posts) != 1 {
				t.Fatalf("with messages: %d posts", len(rec.Posts))
			}
			p := rec.Posts[0]
			url := ""
			if tt.url != "" {
				url = "https://discord.com/channels/" + tt.url + "/" + room + "/" + one
			}
			if p.Place != tt.place || p.URL != url || (p.Kind == store.KindDM) != tt.private || (p.Audience == store.AudienceDirect) != tt.private {
				t.Errorf("got %s, place %q, %s, %s", p.Kind, p.Place, p.URL, p.Audience)
			}
		})
	}
}

// TestFormats wants the same posts from JSON and CSV of one channel.
func TestFormats(t *testing.T) {
	about := `{"id": "` + room + `", "type": "GUILD_TEXT", "guild": {"id": "200000000000000201"}}`
	asJSON := read(t, map[string]string{
		"Messages/c" + room + "/channel.json": about,
		"Messages/c" + room + "/messages.json": `[{"ID": ` + one + `, "Timestamp": "2024-01-25 08:51:34", "Contents": "a \"b\"\nc, d", "Attachments": "https://x.example/a.png"},
			{"ID": "` + two + `", "Timestamp": "2024-01-25 08:50:00", "Contents": "e", "Attachments": ""}]`,
	}, importer.Options{})
	asCSV := read(t, map[string]string{
		"messages/" + room + "/channel.json": about,
		"messages/" + room + "/messages.csv": "ID,Timestamp,Contents,Attachments\r\n" + one + ",2024-01-25 08:51:34.120000+00:00,\"a \"\"b\"\"\nc, d\",https://x.example/a.png\r\n" +
			two + ",2024-01-25 08:50:00.500000+00:00,e,\r\n" + two + ",2024-01-25 08:50:00.500000+00:00,e,\r\n",
	}, importer.Options{})
	if diff := cmp.Diff(asJSON.Posts, asCSV.Posts); diff != "" || len(asJSON.Posts) != 2 {
		t.Errorf("%d posts; JSON and CSV differ (-json +csv):\n%s", len(asJSON.Posts), diff)
	}
}

func TestLosses(t *testing.T) {
	about := `{"id": "` + room + `", "type": 0, "guild": {"id": "200000000000000201"}}`
	good := `{"ID": ` + one + `, "Timestamp": "", "Contents": "hi"}`
	tests := []struct {
		name    string
		members map[string]string
		want    string
		skips   int
		scope   bool
	}{
		{"whole", map[string]string{"messages.json": "[" + good + "]"}, "message:hi", 0, true},
		{"empty", map[string]string{"messages.json": "[]"}, "", 0, true},
		{"no file", nil, "", 0, false},
		{"both files", map[string]string{"messages.json": "[" + good + "]", "messages.csv": "ID,Contents\n" + one + ",hi\n" + two + ",ho\n"}, "message:hi|message:ho", 0, true},
		{"cut", map[string]string{"messages.json": "[" + good + `, {"ID"`}, "message:hi", 1, false},
		{"no id", map[string]string{"messages.json": `[{"Contents": "x"}, ` + good + "]"}, "message:hi", 1, false},
		{"a float", map[string]string{"messages.json": `[{"ID": 1.19e18, "Contents": "x"}, ` + good + "]"}, "message:hi", 1, false},
		{"another table", map[string]string{"messages.csv": "a,b\n1,2\n"}, "", 1, false},
		{"an open quote", map[string]string{"messages.csv": "ID,Contents\n" + one + ",hi\n" + two + ",\"ho\n"}, "message:hi", 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			members := map[string]string{"M/c" + room + "/channel.json": about}
			for name, data := range tt.members {
				members["M/c"+room+"/"+name] = data
			}
			rec := read(t, members, importer.Options{})
			if said(rec) != tt.want || len(rec.Skips) != tt.skips || slices.Contains(rec.Scopes(), "message:") != tt.scope {
				t.Errorf("got %q, %d skips, scopes %v", said(rec), len(rec.Skips), rec.Scopes())
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name    string
		members map[string]string
		layout  string
		hint    bool
	}{
		{"a folder of messages", map[string]string{"c" + room + "/channel.json": `{"id":"1","type":0}`, "c" + room + "/messages.json": "[]"}, LayoutJSON, false},
		{"too deep", map[string]string{"a/b/c" + room + "/channel.json": `{"id":"1","type":0}`}, "", false},
		{"another channel.json", map[string]string{"a/c" + room + "/channel.json": `{"name":"x"}`}, "", false},
		{"activity only", map[string]string{"Aktivität/analytics/events-2025-00000-of-00001.json": "{}"}, "", true},
		{"a user of something else", map[string]string{"a/user.json": `{"id":"1"}`}, "", false},
		{"a game's user", map[string]string{"a/b/c/user.json": `{"id":"1","username":"x","discriminator":"0"}`}, "", false},
		{"nothing", map[string]string{"index.html": ""}, "", false},
	}
	for _, tt := range tests {
		m, err := New().Recognize(archive(tt.members))
		var hint *importer.HintError
		if m.Layout != tt.layout || errors.As(err, &hint) != tt.hint {
			t.Errorf("%s: %+v, %v", tt.name, m, err)
		}
	}
}

func TestWhen(t *testing.T) {
	told := time.Date(2024, 1, 25, 8, 51, 34, 120e6, time.UTC)
	for written, want := range map[string]time.Time{
		"2024-01-25 08:51:34": told, "2024-01-25 08:51:34.120000+00:00": told, "2024-01-25 10:51:34.120000+02:00": told,
		"soon": told, "": told, "0001-01-01 00:00:00": told,
		"2020-01-25 08:51:34": time.Date(2020, 1, 25, 8, 51, 34, 0, time.UTC),
	} {
		if got, precision := when(one, written); !got.Equal(want) || precision != store.PrecisionSecond {
			t.Errorf("%q: got %v, %q", written, got, precision)
		}
	}
	if got, precision := when("18446744073709551615", ""); !got.IsZero() || precision != store.PrecisionNone {
		t.Errorf("got %v, %q", got, precision)
	}
}

func TestUser(t *testing.T) {
	user := func(data string) map[string]string {
		return map[string]string{"A/user.json": data, "M/c" + room + "/channel.json": `{"id":"1","type":0}`, "M/c" + room + "/messages.json": "[]"}
	}
	tests := []struct{ name, data, handle, shown, want string }{
		{"with a number", `{"id":"1","username":"ann","discriminator":"0042"}`, "ann#0042", "", "bio:ann"},
		{"a bio and a status", `{"id":"1","username":"ann","discriminator":"0","global_name":"Ann","user_profile":{"bio":"b"},"settings":{"settings":{"status":{"customStatus":{"text":"s"}}}}}`,
			"ann", "Ann", "bio:Ann|bio:b|bio:s"},
		{"odd types", `{"id":7,"username":"ann","global_name":null,"settings":[],"notes":[],"relationships":{}}`, "ann", "", "bio:ann"},
		{"broken", `{"id":"1","username":"ann","discriminator":"0"`, "", "", ""},
	}
	for _, tt := range tests {
		rec := read(t, user(tt.data), importer.Options{})
		if a := rec.Accounts[0]; a.Handle != tt.handle || a.Name != tt.shown || said(rec) != tt.want {
			t.Errorf("%s: %q, %q, %q", tt.name, a.Handle, a.Name, said(rec))
		}
	}
	rec := read(t, map[string]string{"M/c" + room + "/channel.json": "{}"}, importer.Options{Me: "100000000000000042"})
	if rec.Accounts[0].NativeID != "100000000000000042" {
		t.Errorf("the owner is %+v", rec.Accounts[0])
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"a <:happy:500000000000000001> b": "a :happy: b", "<a:dance:500000000000000001>": ":dance:", "<@500000000000000001>": "<@500000000000000001>", "1 < 2": "1 < 2",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.UseKind{
		"Nachrichten/c" + room + "/messages.json": importer.UseRead, "messages/" + room + "/messages.csv": importer.UseRead,
		"Konto/user.json": importer.UseRead, "Server/index.json": importer.UseRead, "Server/" + room + "/audit-log.json": importer.UseIgnored,
		"Aktivität/tns/events-2025-00000-of-00001.json": importer.UseIgnored, "README.txt": importer.UseIgnored, "Konto/avatar.png": importer.UseIgnored,
		"Activities/Activities_1/users/user.json": importer.UseIgnored, "Something/else.json": importer.UseUnknown,
	} {
		if got := New().Explain(name); got.Kind != want || got.Kind == importer.UseIgnored && got.Why == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzImport(f *testing.F) {
	members := []string{"M/c" + room + "/messages.json", "M/c" + room + "/messages.csv", "M/c" + room + "/channel.json",
		"M/index.json", "A/user.json", "A/applications/400000000000000001/application.json", "S/200000000000000201/guild.json"}
	for i, name := range members {
		found, err := filepath.Glob(filepath.Join("..", "..", "testdata", "discord", "*", "*", "*", filepath.Base(name)))
		if err != nil {
			f.Fatal(err)
		}
		more, err := filepath.Glob(filepath.Join("..", "..", "testdata", "discord", "*", "*", filepath.Base(name)))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range append(found, more...) {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint8(i), data)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		set := map[string]string{
			members[0]: `[{"ID": ` + one + `, "Contents": "a"}]`, members[2]: `{"id": "` + room + `", "type": 0}`,
			members[int(which)%len(members)]: string(data),
		}
		if err := read(t, set, importer.Options{Messages: true}).Sound(false); err != nil {
			t.Fatal(err)
		}
	})
}
