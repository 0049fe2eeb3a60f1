package linkedin_test

import (
	"errors"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/importertest"
	"lookback/importer/linkedin"
	"lookback/store"

	"github.com/google/go-cmp/cmp"
)

// fixtures are tested by the conformance suite of importer/all; here they
// seed the fuzzing.
const fixtures = "../../testdata/linkedin"

const (
	profileCSV = "First Name,Last Name,Headline\nAna,Example,\n"
	sharesHead = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
	commHead   = "Date,Link,Message\n"
	messHead   = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONTENT,FOLDER\n"
)

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

func read(t *testing.T, fsys fstest.MapFS, opts importer.Options) *importertest.Recorder {
	t.Helper()
	rec := &importertest.Recorder{}
	if err := linkedin.New().Import(t.Context(), fsys, opts, rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

// texts are those of the posts, without the profile's.
func texts(rec *importertest.Recorder) []string {
	var all []string
	for _, p := range rec.Posts {
		if p.Kind != store.KindBio {
			all = append(all, p.Text)
		}
	}
	return all
}

func reasons(rec *importertest.Recorder) []string {
	var all []string
	for _, s := range rec.Skips {
		all = append(all, s.Reason)
	}
	return all
}

func facts(rec *importertest.Recorder) (codes, scopes []string) {
	for _, f := range rec.Facts {
		if f.Note.Code != "" {
			codes = append(codes, f.Note.Code)
		}
		if f.Scope != "" {
			scopes = append(scopes, f.Scope)
		}
	}
	return codes, scopes
}

func TestTables(t *testing.T) {
	const link = "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A719"
	share := func(text string) string {
		return sharesHead + "2024-05-01 09:10:11," + link + "," + text + ",,,PUBLIC\n"
	}
	tests := []struct {
		name, member, data string
		want, skips        []string
	}{
		{"wrapped lines", "Shares.csv", share("\"one\"\"\n\"\"two\""), []string{"one\ntwo"}, nil},
		{"wrapped blank line", "Shares.csv", share("\"one\"\"\n\"\"\"\"\n\"\"two\""), []string{"one\n\ntwo"}, nil},
		{"own quotation marks", "Shares.csv", share("\"\"\"one\"\"\"\"\n\"\"\"\"two\"\"\""), []string{"\"one\"\n\"two\""}, nil},
		{"bare lines", "Shares.csv", share("\"\"\"one\"\"\n\"\"two\"\"\nthree\""), []string{"\"one\"\n\"two\"\nthree"}, nil},
		{"a backslash before the end", "Shares.csv", share("\"in C:\\\""), []string{"in C:\\"}, nil},
		{"shares with backslashes", "Shares.csv", share("\"she said \\\"no\\\", twice\""), []string{"she said \"no\", twice"}, nil},
		{"more columns", "Shares.csv", "Date,ShareLink,ShareCommentary,New Column\n2024-05-01 09:10:11," + link + ",text,x\n", []string{"text"}, nil},
		{"a row of another table", "Shares.csv", share("one") + "a,b,c,d,e,f,g,h\nx\n", []string{"one"},
			[]string{"does not have the columns of the table", "does not have the columns of the table"}},
		{"neither link nor text", "Shares.csv", sharesHead + "2024-05-01 09:10:11,,,,,PUBLIC\n", nil, []string{"has neither a link nor a text"}},
		{"twice", "Shares.csv", share("one") + strings.TrimPrefix(share("one"), sharesHead), []string{"one"}, nil},
		{"a bad date", "Shares.csv", sharesHead + "yesterday," + link + ",one,,,PUBLIC\n", []string{"one"}, nil},
		{"only a header", "Shares.csv", sharesHead, nil, nil},
		{"comments with backslashes", "Comments.csv", commHead + "2024-05-01 09:10:11," + link + ",\"a \\\"b\\\", c\"\n", []string{"a \"b\", c"}, nil},
		{"comments with doubled marks", "Comments.csv", commHead + "2024-05-01 09:10:11," + link + ",\"a \"\"b\"\", c\\\"\n2024-05-01 09:10:12," + link + ",x\n", []string{"a \"b\", c\\", "x"}, nil},
		{"comments, unquoted marks", "Comments.csv", commHead + "2024-05-01 09:10:11," + link + ",a \"\"b\"\" c\n", []string{"a \"\"b\"\" c"}, nil},
		{"a comment cut off", "Comments.csv", commHead + "2024-05-01 09:10:11," + link + ",\"half", nil, []string{"the file ends in the middle of it"}},
		{"semicolons", "Comments.csv", "Date;Link;Message\r\n2024-05-01 09:10:11;" + link + ";\"a; b\"\r\n", []string{"a; b"}, nil},
		{"the member's number", "Comments_42.csv", commHead + "2024-05-01 09:10:11," + link + ",x\n", []string{"x"}, nil},
		{"a copy", "comments (1).csv", commHead + "2024-05-01 09:10:11," + link + ",x\n", []string{"x"}, nil},
		{"a vote", "Votes.csv", "Date,Link,OptionText\n2024-05-01 09:10:11," + link + ",Nights\n", []string{"Nights"}, nil},
		{"media without words", "Rich_Media.csv", "Date/Time,Media Description,Media Link\nx,-,https://a.invalid\n", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, fstest.MapFS{"Profile.csv": file(profileCSV), tt.member: file(tt.data)}, importer.Options{})
			if diff := cmp.Diff(tt.want, texts(rec)); diff != "" {
				t.Errorf("texts: %s", diff)
			}
			if diff := cmp.Diff(tt.skips, reasons(rec)); diff != "" {
				t.Errorf("skips: %s", diff)
			}
			if _, scopes := facts(rec); len(tt.skips) > 0 && len(scopes) > 0 {
				t.Errorf("with a loss it states %v", scopes)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	const head = "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n"
	at := func(h, m int) time.Time { return time.Date(2024, 3, 4, h, m, 0, 0, time.UTC) }
	for _, c := range []struct {
		date      string
		want      time.Time
		precision store.Precision
	}{
		{"03/04/24, 02:37 PM", at(14, 37), store.PrecisionZone},
		{"3/4/24, 2:37\u202fPM", at(14, 37), store.PrecisionZone},
		{"3/4/24, 14:37", at(14, 37), store.PrecisionZone},
		{"3/4/24", at(0, 0), store.PrecisionDay},
		{"2024-03-04 14:37:00 UTC", at(14, 37), store.PrecisionSecond},
		{"You did it on March 4, 2024 at 2:37 PM (GMT)", at(14, 37), store.PrecisionMinute},
		{"You did it on March 4, 2024 at 2:37 PM", at(14, 37), store.PrecisionZone},
		{"4. März 2024", time.Time{}, store.PrecisionNone},
		{"", time.Time{}, store.PrecisionNone},
	} {
		rec := read(t, fstest.MapFS{"Recommendations_Given.csv": file(head + "Ben,Sample,,,words,\"" + c.date + "\",\n")}, importer.Options{})
		if len(rec.Posts) != 1 || !rec.Posts[0].Created.Equal(c.want) || rec.Posts[0].Precision != c.precision {
			t.Errorf("%q: %+v", c.date, rec.Posts)
		}
	}
}

func TestMessages(t *testing.T) {
	const own = "1,,Ana  example,https://www.linkedin.com/in/ana-ex,Ben,2024-02-01 10:00:00 UTC,,mine,INBOX\n"
	const rest = "1,,Ben,https://www.linkedin.com/in/ben,Ana Example,2024-02-01 10:00:01 UTC,,not mine,INBOX\n"
	tests := []struct {
		name  string
		files map[string]string
		opts  importer.Options
		want  []string
		code  string
	}{
		{"not asked for", map[string]string{"Profile.csv": profileCSV, "messages.csv": messHead + own + rest}, importer.Options{}, nil, "messages-not-read"},
		{"asked for", map[string]string{"Profile.csv": profileCSV, "messages.csv": messHead + own + rest}, importer.Options{Messages: true}, []string{"mine"}, "no-shares"},
		{"no profile", map[string]string{"messages.csv": messHead + own + rest}, importer.Options{Messages: true}, nil, "owner-unknown"},
		{"named", map[string]string{"messages.csv": messHead + own + rest}, importer.Options{Messages: true, Me: "ana Example"}, []string{"mine"}, "no-shares"},
		{"a sentence", map[string]string{"Profile.csv": profileCSV, "LearningCoachMessages.csv": "\"No conversations found\"\n"}, importer.Options{Messages: true}, nil, "no-shares"},
		{"drafts and spam", map[string]string{"Profile.csv": profileCSV, "messages.csv": strings.Replace(messHead, "FOLDER", "FOLDER,IS MESSAGE DRAFT", 1) +
			strings.Replace(own, "INBOX", "INBOX,Yes", 1) + strings.Replace(own, "INBOX", "SPAM,No", 1)}, importer.Options{Messages: true}, nil, "no-shares"},
		{"an invitation", map[string]string{"Profile.csv": profileCSV, "Invitations.csv": "From,To,Sent At,Message,Direction\nAna Example,Ben,\"1/29/24, 2:37 PM\",hello,OUTGOING\n" +
			"Ben,Ana Example,\"1/29/24, 2:37 PM\",not mine,INCOMING\n"}, importer.Options{Messages: true}, []string{"hello"}, "no-shares"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, data := range tt.files {
				fsys[name] = file(data)
			}
			rec := read(t, fsys, tt.opts)
			codes, _ := facts(rec)
			if diff := cmp.Diff(tt.want, texts(rec)); diff != "" || !slices.Contains(codes, tt.code) {
				t.Errorf("%v %s", codes, diff)
			}
		})
	}
}

func TestArticles(t *testing.T) {
	page := func(body string) string { return "<html><body><h1>Title</h1>" + body + "</body></html>" }
	tests := []struct {
		name, data, want string
		created          string
		skips            int
	}{
		{"plain", page("<p>One.</p><p>Two<br/>three.</p>"), "Title\n\nOne.\n\nTwo\nthree.", "2017-12-09T04:54:08Z", 0},
		{"dates", page("<p class=\"created\">Created on 2024-01-20 06:04</p><p>Published on 2024-01-21 06:12</p><div>One.</div>"), "Title\n\nOne.", "2024-01-21T06:12:00Z", 0},
		{"a date in the text", page("<p>On 2024-01-20 06:04 I fell asleep over the book that my tutor had given me, for the second time in this week.</p>"),
			"Title\n\nOn 2024-01-20 06:04 I fell asleep over the book that my tutor had given me, for the second time in this week.", "2017-12-09T04:54:08Z", 0},
		{"text without paragraphs", page("One &amp; two"), "Title\n\nOne & two", "2017-12-09T04:54:08Z", 0},
		{"scripts", page("<script>not text</script><p>One.</p><style>nor this</style>"), "Title\n\nOne.", "2017-12-09T04:54:08Z", 0},
		{"cut", "<html><body><h1>Title</h1><p>Half", "Title\n\nHalf", "2017-12-09T04:54:08Z", 1},
		{"nothing", "<html><body></body></html>", "", "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := read(t, fstest.MapFS{"Profile.csv": file(profileCSV), "Articles/2017-12-09 04:54:08.html": file(tt.data)}, importer.Options{})
			if len(rec.Skips) != tt.skips {
				t.Errorf("skips %v", rec.Skips)
			}
			got := texts(rec)
			if tt.want == "" {
				if len(got) != 0 {
					t.Errorf("%q", got)
				}
				return
			}
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
				t.Error(diff)
			}
			if p := rec.Posts[len(rec.Posts)-1]; p.Created.Format(time.RFC3339) != tt.created || p.Truncated != (tt.skips > 0) {
				t.Errorf("created %v, truncated %v", p.Created, p.Truncated)
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name   string
		fsys   fstest.MapFS
		layout string
	}{
		{"nothing", fstest.MapFS{}, ""},
		{"no words", fstest.MapFS{"Ad_Targeting.csv": file("a,b\n"), "Logins.csv": file("a,b\n"), "Jobs/Job Applications.csv": file("a,b\n")}, "hint"},
		{"comments of Reddit", fstest.MapFS{"comments.csv": file("id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"),
			"messages.csv": file("id,permalink,thread_id,date,ip,from,to,subject,body\n")}, ""},
		{"comments of YouTube", fstest.MapFS{"comments/comments.csv": file("Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Video ID,Comment Text\n")}, ""},
		{"comments alone", fstest.MapFS{"Comments.csv": file(commHead)}, linkedin.LayoutComplete},
		{"in folders", fstest.MapFS{"a/b/Profile.csv": file(profileCSV), "a/b/Connections.csv": file("")}, linkedin.LayoutBasic},
		{"likes", fstest.MapFS{"Likes.csv": file("Date,Link\n"), "Profile.csv": file(profileCSV)}, linkedin.Layout2015},
		{"too deep", fstest.MapFS{"a/b/c/d/e/Profile.csv": file(profileCSV)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := linkedin.New().Recognize(tt.fsys)
			var hint *importer.HintError
			if errors.As(err, &hint) != (tt.layout == "hint") {
				t.Fatalf("error %v", err)
			}
			if hint != nil {
				return
			}
			if m.Layout != tt.layout || (m.Sure >= 50) != (tt.layout != "") {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]importer.Use{
		"Shares.csv":                       {Kind: importer.UseRead},
		"Comments_123.csv":                 {Kind: importer.UseRead},
		"Causes You Care About.csv":        {Kind: importer.UseRead},
		"Articles/Articles/a.html":         {Kind: importer.UseRead},
		"messages.csv":                     {Kind: importer.UseRead, Messages: true},
		"Invitations.csv":                  {Kind: importer.UseRead, Messages: true},
		"Connections.csv":                  {Kind: importer.UseIgnored},
		"Recommendations_Received.csv":     {Kind: importer.UseIgnored},
		"SearchQueries.csv":                {Kind: importer.UseIgnored},
		"Search Queries.csv":               {Kind: importer.UseIgnored},
		"Jobs/Job Applications_1.csv":      {Kind: importer.UseIgnored},
		"Something New.csv":                {Kind: importer.UseUnknown},
		"Articles/picture.html/index.html": {Kind: importer.UseUnknown},
	} {
		got := linkedin.New().Explain(name)
		if got.Kind != want.Kind || got.Messages != want.Messages || got.Kind == importer.UseIgnored && got.Why == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzImport reads any bytes as any of the files.
func FuzzImport(f *testing.F) {
	members := []string{"Shares.csv", "Comments.csv", "Reactions.csv", "messages.csv", "Invitations.csv", "Rich_Media.csv", "Recommendations_Given.csv",
		"Positions.csv", "Votes.csv", "Articles/a.html"}
	seeds, err := importertest.Files(os.DirFS(fixtures))
	if err != nil {
		f.Fatal(err)
	}
	for i, member := range members {
		for _, s := range seeds {
			if path.Base(s.Name) == path.Base(member) || path.Ext(member) == ".html" && path.Ext(s.Name) == ".html" {
				f.Add(uint8(i), s.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		fsys := fstest.MapFS{"Profile.csv": file(profileCSV)}
		fsys[members[int(which)%len(members)]] = &fstest.MapFile{Data: data}
		rec := read(t, fsys, importer.Options{Messages: true})
		if err := rec.Sound(true); err != nil {
			t.Fatal(err)
		}
	})
}
