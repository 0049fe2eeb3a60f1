package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lookback/cmd/lookback-gen/synth"
)

// memoryOfHostile is the memory that a hostile input may make the program
// take, in kB: the system refuses it more, and it would end. A thread's stack
// is mapped whole, so that is kept small.
const memoryOfHostile = 320_000

// gigabyte is a hole in a file: zeros that take no room on the disk.
const gigabyte = 1 << 30

// bounded runs the program with little memory, and says what it wrote.
func bounded(t *testing.T, stdin io.Reader, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	script := fmt.Sprintf(`ulimit -s 1024 && ulimit -d %d && exec "$0" "$@"`, memoryOfHostile)
	cmd := exec.Command("sh", append([]string{"-c", script, buildProgram(t)}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errs
	var ee *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &ee) {
		t.Fatal(err)
	}
	if code = cmd.ProcessState.ExitCode(); code < 0 || strings.Contains(errs.String(), "goroutine ") || strings.Contains(errs.String(), "out of memory") {
		t.Fatalf("it broke with %d: %.2000s", code, errs.String())
	}
	return out.String(), errs.String(), code
}

// tweetOf is a tweet of an archive in which nothing is odd.
func tweetOf(n int) string {
	return fmt.Sprintf(`{ "tweet" : { "id_str" : "179000000000000%04d", "created_at" : "Mon May 13 12:43:51 +0000 2024", "full_text" : "Soup for tea." } }`, n)
}

const (
	accountHead = `window.YTD.account.part0 = [ { "account" : { "username" : "bo_sawyer", "accountId" : "43", "accountDisplayName" : "Bo" } } ]`
	tweetsHead  = "window.YTD.tweets.part0 = ["
)

// holed writes a file of three parts, of which the middle one is zeros.
func holed(t *testing.T, path, head string, hole int64, tail string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = io.WriteString(f, head)
	if err == nil {
		_, err = f.WriteAt([]byte(tail), int64(len(head))+hole)
	}
	if err == nil {
		err = f.Truncate(int64(len(head)) + hole + int64(len(tail)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// anX writes an X archive as a folder whose tweets are the given text.
func anX(t *testing.T, head string, hole int64, tail string) string {
	dir := t.TempDir()
	holed(t, filepath.Join(dir, "data", "account.js"), accountHead, 0, "")
	holed(t, filepath.Join(dir, "data", "tweets.js"), tweetsHead+head, hole, tail+"]")
	return dir
}

// spoiled copies a fixture and puts something into one of its members, in
// front of a mark or, without one, at the end.
func spoiled(t *testing.T, fixture, member, mark, head string, hole int64, tail string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", fixture))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, member)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, after := string(b), ""
	if mark != "" {
		var found bool
		if before, after, found = strings.Cut(before, mark); !found {
			t.Fatalf("%s has no %s", member, mark)
		}
		after = mark + after
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	holed(t, path, before+head, hole, tail+after)
	return dir
}

// zipped writes a zip of an X archive whose tweets a function writes.
func zipped(t *testing.T, tweets func(w io.Writer) error, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("data/account.js")
	if err == nil {
		_, err = io.WriteString(w, accountHead)
	}
	for _, name := range more {
		if err == nil {
			w, err = z.CreateHeader(&zip.FileHeader{Name: name})
		}
		if err == nil {
			_, err = io.WriteString(w, "evil")
		}
	}
	if err == nil {
		w, err = z.Create("data/tweets.js")
	}
	if err == nil {
		err = tweets(w)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// flatBomb is a zip of 1 MB that unpacks to a gigabyte.
func flatBomb(t *testing.T) []byte {
	return zipped(t, func(w io.Writer) error {
		_, err := io.WriteString(w, tweetsHead+tweetOf(1)+",")
		blank := bytes.Repeat([]byte(" "), 1<<20)
		for i := 0; i < gigabyte>>20 && err == nil; i++ {
			_, err = w.Write(blank)
		}
		if err == nil {
			_, err = io.WriteString(w, tweetOf(2)+"]")
		}
		return err
	})
}

// nestedBomb holds eight times what holds eight times, six levels deep.
func nestedBomb(t *testing.T) []byte {
	inner := zipped(t, func(w io.Writer) error {
		_, err := io.WriteString(w, tweetsHead+tweetOf(1)+"]")
		return err
	})
	for range 6 {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range 8 {
			w, err := z.Create(fmt.Sprint(i, "/twitter.zip"))
			if err == nil {
				_, err = w.Write(inner)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		inner = b.Bytes()
	}
	return inner
}

// overlapping is a zip whose table of contents names the same packed bytes a
// thousand times.
func overlapping(t *testing.T) []byte {
	var more []string
	for i := range 1000 {
		more = append(more, fmt.Sprintf("data/tweets-part%d.js", i+1))
	}
	b := zipped(t, func(w io.Writer) error {
		_, err := io.WriteString(w, tweetsHead+tweetOf(1)+strings.Repeat(" ", 1<<20)+"]")
		return err
	}, more...)
	var last []byte
	records := [][]byte{}
	for at := bytes.Index(b, []byte("PK\x01\x02")); at >= 0; {
		r := b[at:]
		records, last = append(records, r), r
		n := 46 + int(binary.LittleEndian.Uint16(r[28:])) + int(binary.LittleEndian.Uint16(r[30:])) + int(binary.LittleEndian.Uint16(r[32:]))
		if next := bytes.Index(r[n:], []byte("PK\x01\x02")); next == 0 {
			at += n
		} else {
			break
		}
	}
	for _, r := range records[1 : len(records)-1] {
		copy(r[16:28], last[16:28]) // checksum and sizes
		copy(r[42:46], last[42:46]) // place
	}
	return b
}

// TestHostileArchives gives the program what somebody made to break it, with
// little memory. What is good is read, what is not is counted, and nothing
// ends but in a sentence.
func TestHostileArchives(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	deep := strings.Repeat("[", 100_000)
	for _, c := range []struct {
		name  string
		path  func(t *testing.T) string
		code  int
		posts int    // at least
		said  string // by status, by import or in a note
	}{
		{"a string of 1 GB", func(t *testing.T) string {
			return anX(t, tweetOf(1)+`,{"tweet":{"full_text":"`, gigabyte, `"}},`+tweetOf(2))
		}, exitUnread, 3, "is not valid JSON"},
		{"JSON 100,000 deep", func(t *testing.T) string {
			return anX(t, tweetOf(1)+","+deep+strings.Repeat("]", 100_000)+","+tweetOf(2), 0, "")
		}, exitUnread, 3, "nested too deeply"},
		{"JSON 100,000 deep, without an end", func(t *testing.T) string { return anX(t, tweetOf(1)+","+deep, 0, "") }, exitUnread, 2, "data/tweets.js"},
		{"names twice, bad UTF-8, lone surrogates", func(t *testing.T) string {
			odd := strings.Replace(tweetOf(2), "Soup", "\xff\xfe \\ud800 \\udc00\\ud83d \\u0000", 1)
			twice := strings.Replace(tweetOf(3), `"full_text"`, `"full_text":"one","id_str":"5","full_text":"two","full_text"`, 1)
			return anX(t, tweetOf(1)+","+odd+","+twice+","+tweetOf(4), 0, "")
		}, -1, 3, ""},
		{"a cell of 1 GB", func(t *testing.T) string {
			dir := t.TempDir()
			row := func(id string) string {
				return id + `,https://www.reddit.com/r/tea/comments/` + id + `,2024-05-13 12:43:51 UTC,,tea,0,https://www.reddit.com/l,,"`
			}
			holed(t, filepath.Join(dir, "comments.csv"), "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"+row("a1")+"soup\",\n"+row("a2"), gigabyte, "\",\n"+row("a3")+"tea\",\n")
			holed(t, filepath.Join(dir, "posts.csv"), "id,permalink,date,ip,subreddit,gildings,title,url,body\n", 0, "")
			return dir
		}, exitUnread, 1, "quotation mark without an end"},
		{"an attribute of 1 GB", func(t *testing.T) string {
			return spoiled(t, "telegram/html", "chats/chat_01/messages.html", "</body", `<div title="`, gigabyte, `">x</div>`)
		}, exitUnread, 1, "messages.html"},
		{"elements a million deep", func(t *testing.T) string {
			return spoiled(t, "telegram/html", "chats/chat_01/messages.html", "</body", strings.Repeat("<div>", 1_000_000), 0, "")
		}, -1, 1, ""},
		{"a paragraph of 1 GB", func(t *testing.T) string {
			return spoiled(t, "facebook/html-2024", "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.html", "</body", "<div>", gigabyte, "</div>")
		}, exitUnread, 1, "your_posts"},
		{"a block of 1 GB", func(t *testing.T) string {
			return spoiled(t, "bluesky/full", "repo.car", "", string(binary.AppendUvarint(nil, gigabyte)), gigabyte, "")
		}, exitUnread, 1, "repository-incomplete"},
		{"a block as long as the world", func(t *testing.T) string {
			return spoiled(t, "bluesky/full", "repo.car", "", string(binary.AppendUvarint(nil, 1<<63-1)), 10, "")
		}, exitUnread, 1, "repository-incomplete"},
		{"a zip that unpacks to 1 GB", func(t *testing.T) string { return asFile(t, "twitter.zip", flatBomb(t)) }, exitUnread, 1, "it unpacks to more than an honest export does"},
		{"a zip in a zip in a zip", func(t *testing.T) string { return asFile(t, "twitter.zip", nestedBomb(t)) }, exitFailed, 0, "not an export that lookback knows"},
		{"one member a thousand times", func(t *testing.T) string { return asFile(t, "twitter.zip", overlapping(t)) }, exitUnread, 0, "cannot be opened"},
		{"names that lead out", func(t *testing.T) string {
			return asFile(t, "twitter.zip", zipped(t, func(w io.Writer) error {
				_, err := io.WriteString(w, tweetsHead+tweetOf(1)+"]")
				return err
			}, "../../evil.js", "data/\x00.js", "data/a\nb.js", "data/"+strings.Repeat("n", 65_000), "/etc/evil", `C:\evil`))
		}, -1, 2, "a name that leads out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "a.db")
			out, errs, code := bounded(t, nil, "import", "--db", db, "--json", c.path(t))
			if code != c.code && (c.code >= 0 || code != exitOK && code != exitUnread) {
				t.Errorf("exit %d: %s %s", code, out, errs)
			}
			if code == exitFailed {
				if !strings.Contains(errs, c.said) {
					t.Errorf("said %q", errs)
				}
				return
			}
			var got struct{ Posts, Skipped int }
			if err := json.Unmarshal([]byte(out), &got); err != nil || got.Posts < c.posts {
				t.Errorf("%v: %s", err, out)
			}
			status, _, _ := bounded(t, nil, "status", "--db", db, "--json")
			if !strings.Contains(out+errs+status, c.said) {
				t.Errorf("nowhere is said %q: %s %s %s", c.said, out, errs, status)
			}
			sound(t, db)
		})
	}
}

// TestHostileLines feeds check a line of 1 GB and others that are not sound.
// Each line has its answer.
func TestHostileLines(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	in := io.MultiReader(strings.NewReader(`{"id":"1","kind":"post","text":"Soup"}`+"\n"+`{"id":"2","kind":"post","text":"`),
		io.LimitReader(letters{}, gigabyte), strings.NewReader("\"}\n"+strings.Repeat("[", 100_000)+"\n"+
			`{"id":"4","id":"5","kind":"post","text":"a","text":"b \ud800 `+"\xff"+`"}`+"\n"+`{"id":"6","kind":"post","text":"Tea"}`+"\n"))
	out, errs, code := bounded(t, in, "check")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitUnread || len(lines) != 5 || !strings.Contains(errs, "could not be read") {
		t.Fatalf("exit %d, %d lines, said %q", code, len(lines), errs)
	}
	for i, want := range []string{`"id":"1"`, `"line":2,"error":`, `"line":3,"error":`, ``, `"id":"6"`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %s", i+1, lines[i])
		}
	}
}

// letters never end.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// TestHostileSheet reads decisions from a spreadsheet with a cell of 1 GB:
// nothing is taken from it.
func TestHostileSheet(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	dir := t.TempDir()
	db, sheet := filepath.Join(dir, "a.db"), filepath.Join(dir, "findings.csv")
	lookback(t, exitOK, "", "audit", "--db", db, "--out", dir, genArchive(t, synth.Options{Posts: 500, Seed: 5}))
	b, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	holed(t, sheet, string(b)+`"`, gigabyte, `"`)
	if out, errs, code := bounded(t, nil, "decide", "--db", db, "--from", sheet); code != exitFailed || !strings.Contains(errs, "What to do: ") {
		t.Errorf("exit %d: %s %s", code, out, errs)
	}
}
