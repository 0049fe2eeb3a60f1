package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"lookback/cmd/lookback-gen/synth"
	"lookback/store"
)

// decisionsIn reads what is decided in a store that the page is working with: how
// many findings, by choice.
func decisionsIn(t *testing.T, db string) map[store.Choice]int {
	t.Helper()
	s, err := store.Open(t.Context(), db, store.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[store.Choice]int{}
	for d, err := range s.Decisions(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Choice == store.ChoiceKeep && d.Reason == "" {
			t.Error("a post is kept without a reason")
		}
		got[d.Choice]++
	}
	return got
}

// flaggedPosts returns the rows of a store, in the order of the page.
func flaggedPosts(t *testing.T, db string) (rows []store.Row) {
	t.Helper()
	s, err := store.Open(t.Context(), db, store.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for row, err := range s.Findings(t.Context(), store.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

const (
	place    = `document.getElementById("place").textContent`
	flashed  = `document.getElementById("flash").textContent`
	leftOver = `document.getElementById("left").textContent`
)

// alone leaves posts in the same words out of the next decision.
const alone = `document.getElementById("group") && (document.getElementById("group").checked = false)`

// TestPageReview walks through the review with the keyboard alone.
func TestPageReview(t *testing.T) {
	db := demoStore(t, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	rows := flaggedPosts(t, db)
	p := openBrowser(t).tab(t, startPage(t, db))
	if got := p.js("location.href"); got != p.home+"/" {
		t.Errorf("the secret stays in the address: %s", got)
	}
	if got := p.js("document.cookie"); got != "" {
		t.Errorf("the cookie can be read: %s", got)
	}
	p.leave(func() { p.run(chromedp.SendKeys(chromedp.CSS("a.button.main"), kb.Enter)) })
	total := strconv.Itoa(len(rows))
	if got := p.js(place); strings.TrimSpace(got) != "Post 1 of "+total {
		t.Errorf("the first post is %q", got)
	}
	first := rows[0]
	for css, want := range map[string]string{
		"blockquote":             strings.Join(strings.Fields(first.Post.Text), " "),
		".finding .standard b":   first.Findings[0].Standards[0],
		".finding dl dd + dt+dd": first.Findings[0].Why,
	} {
		if got := p.text(css); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", css, got, want)
		}
	}
	if got := p.js(`[...document.querySelectorAll("blockquote mark")].map(e => e.textContent).join("|")`); got == "" {
		t.Error("no words are marked")
	}
	// To keep needs a reason: the key leads to it.
	p.keys("k")
	if got := p.js("document.activeElement.id"); got != "reason" {
		t.Fatalf("the focus is on %q", got)
	}
	p.js(`document.getElementById("reason").value = ""`) // an invented key press types, too
	p.keys("my own view, put politely")
	p.js(alone)
	p.leave(func() { p.keys(kb.Enter) })
	p.until(flashed + ` === "1 post is kept."`)
	if got := p.js("document.activeElement.id"); got != "place" {
		t.Errorf("after a decision the focus is on %q", got)
	}
	for _, key := range []string{"n", "r", "d"} {
		p.js(alone)
		p.leave(func() { p.keys(key) })
	}
	p.until(leftOver + ` === "` + strconv.Itoa(len(rows)-4) + ` left of ` + total + `"`)
	findings := func(n int) (sum int) {
		for _, r := range rows[:n] {
			seen := map[string]bool{}
			for _, f := range r.Findings {
				seen[f.Theme+f.WordsHash] = true
			}
			sum += len(seen)
		}
		return sum
	}
	got := decisionsIn(t, db)
	if n := got["keep"] + got["not-an-issue"] + got["remove"] + got["done"]; n != findings(4) || len(got) != 4 {
		t.Errorf("decided are %v, want %d findings, each choice once", got, findings(4))
	}
	p.leave(func() { p.keys("u") })
	p.until(flashed + ` === "1 post is as it was before."`)
	if got := decisionsIn(t, db); got["done"] != 0 || got["remove"] == 0 {
		t.Errorf("after undo decided are %v", got)
	}
	if got := p.js(place); !strings.HasPrefix(strings.TrimSpace(got), "Post 4 of") {
		t.Errorf("undo leads to %q", got)
	}
	p.leave(func() { p.keys("p") })
	p.leave(func() { p.keys("b") })
	p.until(flashed + ` === "1 post is open again."`)
	if got := decisionsIn(t, db); got["remove"] != 0 {
		t.Errorf("after taking back decided are %v", got)
	}
	p.leave(func() { p.keys("j") })
	if got := p.js(place); !strings.HasPrefix(strings.TrimSpace(got), "Post 4 of") {
		t.Errorf("next leads to %q", got)
	}
	// The keys can be switched off, stay off on other pages, and on again.
	p.keys("?")
	p.run(chromedp.Click(chromedp.CSS("#keys-on")))
	p.open(p.js("location.pathname"))
	p.js(`document.querySelector("[data-key=n]").addEventListener("click", e => { e.preventDefault(); window.hit = true; })`)
	for _, want := range []string{"undefined", "true"} {
		p.js("document.activeElement.blur()")
		p.keys("n")
		if got := p.js("window.hit"); got != want {
			t.Errorf("a key hits its button: %s, want %s", got, want)
		}
		p.js(`document.getElementById("keys-on").click()`)
	}
	p.quiet()
}

// TestPageLiveLink: the live post opens in a tab of its own and hears nothing.
func TestPageLiveLink(t *testing.T) {
	db := demoStore(t, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	p := openBrowser(t).tab(t, startPage(t, db))
	p.open("/review")
	got := p.js(`(a => [a.protocol, a.target, a.rel].join(" "))(document.querySelector(".open a"))`)
	if got != "https: _blank noreferrer noopener" {
		t.Errorf("the link to the live post is %q", got)
	}
	// The keyboard opens it too: the person's own click, in a tab of its own.
	p.js(`document.querySelector(".open a").addEventListener("click", e => { e.preventDefault(); window.opened = e.target.closest("a").href; })`)
	p.keys("o")
	if got := p.js("window.opened"); !strings.HasPrefix(got, "https://x.com/") && !strings.HasPrefix(got, "https://twitter.com/") {
		t.Errorf("the key opens %q", got)
	}
	p.quiet()
}

// archiveOf packs tweets into an archive of X.
func archiveOf(t *testing.T, name string, tweets ...string) string {
	t.Helper()
	return packFiles(t, name, map[string]string{
		"data/account.js": `window.YTD.account.part0 = [{"account":{"username":"ann_example","accountId":"77","accountDisplayName":"Ann","createdAt":"2012-01-01T00:00:00.000Z","email":"a@example.com"}}]`,
		"data/tweets.js":  "window.YTD.tweets.part0 = [" + strings.Join(tweets, ",") + "]",
	})
}

func tweetJSON(id int, text, more string) string {
	return fmt.Sprintf(`{"tweet":{"id_str":"%d","id":"%[1]d","full_text":%s,"created_at":"Wed Mar 04 10:%02d:00 +0000 2015","lang":"en"%s}}`,
		1000+id, jsonText(text), id%60, more)
}

func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings can be encoded
	}
	return string(b)
}

// packFiles writes a zip of files.
func packFiles(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, member := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(member)
		if err == nil {
			_, err = w.Write([]byte(files[member]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func replyTo(id int) string {
	return fmt.Sprintf(`,"in_reply_to_status_id_str":"%d","in_reply_to_user_id_str":"77","in_reply_to_screen_name":"ann_example"`, 1000+id)
}

// TestPageGroupsAndThreads: posts with the same words are decided at once, and
// a post stands among its thread.
func TestPageGroupsAndThreads(t *testing.T) {
	const bad = "that consultant is a lazy useless cow and the whole team knows it"
	db := demoStore(t, archiveOf(t, "twitter.zip",
		tweetJSON(1, "What a start to the week", ""), tweetJSON(2, bad, replyTo(1)), tweetJSON(3, "Anyway, tea now", replyTo(2)),
		tweetJSON(4, bad+" again", ""), tweetJSON(5, bad+", still", ""), tweetJSON(6, "So hungover on shift this morning, lol", "")))
	rows := flaggedPosts(t, db)
	p := openBrowser(t).tab(t, startPage(t, db))
	i := slices.IndexFunc(rows, func(r store.Row) bool { return r.Post.Text == bad })
	p.open("/post/" + strconv.FormatInt(rows[i].Post.ID, 10))
	if got := p.js(`[...document.querySelectorAll(".thread .words")].map(e => e.textContent).join("|")`); got != "What a start to the week|"+bad+"|Anyway, tea now" {
		t.Errorf("the thread is %q", got)
	}
	if got := p.js(`document.querySelectorAll(".same li").length`); got != "2" {
		t.Fatalf("%s posts have the same words, want 2", got)
	}
	if got := p.text("button[value=remove]"); !strings.HasPrefix(got, "Remove (3)") {
		t.Errorf("the button says %q", got)
	}
	p.leave(func() { p.keys("r") })
	p.until(flashed + ` === "3 posts are noted for removal."`)
	if got := decisionsIn(t, db); got["remove"] < 3 {
		t.Errorf("decided are %v", got)
	}
	p.leave(func() { p.keys("u") })
	p.until(flashed + ` === "3 posts are as they were before."`)
	p.open("/post/" + strconv.FormatInt(rows[i].Post.ID, 10))
	p.keys("g") // only this one
	if got := p.text("button[value=remove]"); !strings.HasPrefix(got, "Remove R") {
		t.Errorf("the button says %q", got)
	}
	p.leave(func() { p.keys("r") })
	p.until(flashed + ` === "1 post is noted for removal."`)
	p.quiet()
}

// TestPageFilters: filters stand in the address, words that are searched for
// do not.
func TestPageFilters(t *testing.T) {
	db := demoStore(t, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	rows := flaggedPosts(t, db)
	p := openBrowser(t).tab(t, startPage(t, db))
	p.leave(func() { p.run(chromedp.Click(chromedp.CSS(`.heat td a[href="/posts?standard=1.6&year=2014"]`))) })
	count := func(match func(store.Row) bool) string {
		n := 0
		for _, r := range rows {
			if match(r) {
				n++
			}
		}
		return map[bool]string{true: "1 post", false: strconv.Itoa(n) + " posts"}[n == 1]
	}
	under := func(r store.Row, standard string) bool {
		return slices.ContainsFunc(r.Findings, func(f store.Finding) bool { return slices.Contains(f.Standards, standard) })
	}
	if want, got := count(func(r store.Row) bool { return under(r, "1.6") && r.Post.Created.Year() == 2014 })+": standard 1.6, 2014", p.text("#count"); got != want {
		t.Errorf("the cell leads to %q, want %q", got, want)
	}
	p.leave(func() {
		p.js(`(s => { s.value = ""; s.dispatchEvent(new Event("change", {bubbles: true})); })(document.getElementById("f-year"))`)
	})
	if want, got := count(func(r store.Row) bool { return under(r, "1.6") })+": standard 1.6", p.text("#count"); got != want {
		t.Errorf("without the year it is %q, want %q", got, want)
	}
	p.leave(func() { p.run(chromedp.Click(chromedp.CSS("#filter .end a"))) })
	p.keys("/")
	if got := p.js("document.activeElement.id"); got != "words" {
		t.Fatalf("the focus is on %q", got)
	}
	p.js(`document.getElementById("words").value = ""`) // an invented key press types, too
	p.keys("lazy useless")
	p.leave(func() { p.keys(kb.Enter) })
	want := count(func(r store.Row) bool {
		return strings.Contains(strings.ToLower(r.Post.Text), "lazy") && strings.Contains(strings.ToLower(r.Post.Text), "useless")
	})
	if got := p.text("#count"); got != want+": “lazy useless”" || want == "0 posts" {
		t.Errorf("the search finds %q, want %q", got, want)
	}
	if got := p.js("location.href"); strings.Contains(got, "lazy") || !strings.Contains(got, "search=") {
		t.Errorf("the words are in the address %s", got)
	}
	p.leave(func() { p.run(chromedp.Click(chromedp.CSS(".over a.main"))) })
	if got := p.js(place); !strings.Contains(got, "“lazy useless”") {
		t.Errorf("the review of what was found says %q", got)
	}
	p.leave(func() { p.keys("l") })
	if got := p.text("#count"); !strings.HasPrefix(got, want) {
		t.Errorf("the way back leads to %q", got)
	}
	p.quiet()
}

// TestPageTwoTabs: one tab sees what is decided in another, and by another
// program.
func TestPageTwoTabs(t *testing.T) {
	db := demoStore(t, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	rows := flaggedPosts(t, db)
	b, address := openBrowser(t), startPage(t, db)
	one, two, three := b.tab(t, address), b.tab(t, address), b.tab(t, address)
	two.open("/posts")
	three.open("/review")
	one.open("/review")
	one.js(`document.getElementById("group") && document.getElementById("group").click()`)
	one.leave(func() { one.keys("n") })
	id := strconv.FormatInt(rows[0].Post.ID, 10)
	for _, p := range []*tab{two, three} {
		p.until(`document.querySelector("[data-post='` + id + `']").textContent === "not an issue"`)
		p.until(leftOver + ` === "` + strconv.Itoa(len(rows)-1) + ` left of ` + strconv.Itoa(len(rows)) + `"`)
	}
	three.until(flashed + ` === "Decided in another window: not an issue."`)
	f := rows[1].Findings[0]
	lookback(t, exitOK, "", "decide", "--db", db, "--remove", f.UID)
	two.until(`document.querySelector("[data-post='` + strconv.FormatInt(rows[1].Post.ID, 10) + `']").textContent === "to be removed"`)
	for _, p := range []*tab{one, two, three} {
		p.quiet()
	}
}

// TestPageImport drops an archive in and watches it being read, then gives a
// second one by the plain way, and one that is none.
func TestPageImport(t *testing.T) {
	dir := t.TempDir()
	temp := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	b := openBrowser(t)
	db := filepath.Join(dir, "new.db")
	p := b.tab(t, startPage(t, db))
	if got := p.text("h2#h-add"); got != "Begin with your archives" {
		t.Fatalf("an empty store begins with %q", got)
	}
	first := genArchive(t, synth.Options{Posts: 400, Seed: 1, Demo: true})
	data, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	p.leave(func() {
		p.js(`(() => { const bytes = Uint8Array.from(atob("` + base64.StdEncoding.EncodeToString(data) + `"), c => c.charCodeAt(0));
			const drag = new DataTransfer(); drag.items.add(new File([bytes], "../../twitter.zip"));
			for (const type of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, {dataTransfer: drag, bubbles: true, cancelable: true})); })()`)
	})
	p.until(`document.querySelector(".outcomes")`)
	if got := p.text(".outcomes"); !strings.HasPrefix(got, "twitter.zip") || !strings.Contains(got, "new, 0 changed") {
		t.Errorf("of the archive it says %q", got)
	}
	p.leave(func() { p.run(chromedp.Click(chromedp.CSS("#import a.main"))) })
	if got := p.text(".lead"); !regexp.MustCompile(`^\d+ of \d+ scanned posts deserve`).MatchString(got) {
		t.Errorf("the overview says %q", got)
	}
	p.open("/import")
	later := filepath.Join(t.TempDir(), "later.zip")
	if err := os.Rename(genArchive(t, synth.Options{Posts: 400, Seed: 1, Demo: true, Newer: true}), later); err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(t.TempDir(), "holiday.zip")
	if err := os.WriteFile(wrong, []byte("no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{later, wrong}))
	p.until(`document.getElementById("chosen-files").textContent === "2 files are chosen."`)
	p.leave(func() { p.run(chromedp.Click(chromedp.CSS("#upload button"))) })
	p.until(`document.querySelectorAll(".outcomes > li").length === 2`)
	if got := p.text(".outcomes"); !strings.Contains(got, "later.zip") || !strings.Contains(got, "holiday.zip") || !strings.Contains(got, "not in it any more") {
		t.Errorf("of the two it says %q", got)
	}
	if got := p.js(`document.querySelectorAll(".outcomes > li.error").length`); got != "1" {
		t.Errorf("%s of them failed, want 1", got)
	}
	left, err := filepath.Glob(filepath.Join(temp, "lookback-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("copies are left: %v %v", left, err)
	}
	p.quiet()
}

// TestPageExports saves the findings in each form.
func TestPageExports(t *testing.T) {
	db := demoStore(t, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	rows := flaggedPosts(t, db)
	p := openBrowser(t).tab(t, startPage(t, db))
	for format, want := range map[string]string{"csv": "finding_id,", "html": "<!DOCTYPE html>", "jsonl": "{", "md": "# "} {
		link := p.js(`document.querySelector('.exports a[href="/export/` + format + `"]').href`)
		got := p.js(`await fetch("` + link + `").then(async r => r.headers.get("content-disposition") + " " + await r.text())`)
		if !strings.HasPrefix(got, "attachment; filename=") || !strings.Contains(got, want) {
			t.Errorf("%s begins with %.80q", format, got)
		}
		if has := strings.Contains(got, "lazy"); has == (format == "md") {
			t.Errorf("%s holds the words of posts: %v", format, has)
		}
	}
	n := p.js(`await fetch("/export/jsonl?action=remove").then(async r => (await r.text()).trim().split("\n").length)`)
	want := 0
	for _, r := range rows {
		if r.Action() == store.ActionRemove {
			want++
		}
	}
	if n != strconv.Itoa(want) {
		t.Errorf("%s posts to remove are saved, want %d", n, want)
	}
	p.quiet()
}

// TestPageWithoutScript does the essentials with scripts switched off.
func TestPageWithoutScript(t *testing.T) {
	b := openBrowser(t)
	db := filepath.Join(t.TempDir(), "new.db")
	address := startPage(t, db)
	p := b.tab(t, address)
	command(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	submit := func(css string) {
		t.Helper()
		old := p.js("performance.timeOrigin")
		p.run(chromedp.Click(chromedp.CSS(css)))
		p.until("performance.timeOrigin !== " + old)
	}
	p.open("/")
	p.run(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true})}))
	submit("#upload button")
	for p.js(`Boolean(document.querySelector(".outcomes"))`) != "true" {
		submit("nav a[href='/import']")
	}
	submit("nav a[href='/review']")
	submit("button[value=keep]") // without a reason
	if got := p.text("#missing"); !strings.HasPrefix(got, "To keep a post, say why") {
		t.Errorf("without a reason it says %q", got)
	}
	p.run(chromedp.SendKeys(chromedp.CSS("#reason"), "agreed with everybody in it"))
	submit("button[value=keep]")
	// The first post of the demonstration may stand for others in the same words.
	kept := p.text("#flash")
	if kept != "1 post is kept." && kept != "2 posts are kept." {
		t.Errorf("it says %q", kept)
	}
	submit(".status button")
	want := "1 post is as it was before."
	if kept == "2 posts are kept." {
		want = "2 posts are as they were before."
	}
	if got := p.text("#flash"); got != want {
		t.Errorf("after undo it says %q, want %q", got, want)
	}
	submit("nav a[href='/posts']")
	p.run(chromedp.SendKeys(chromedp.CSS("#words"), "lazy"))
	submit("#search button")
	if got := p.text("#count"); !strings.HasSuffix(got, "“lazy”") || strings.HasPrefix(got, "0") {
		t.Errorf("the search says %q", got)
	}
	p.js(`document.getElementById("f-action").value = "remove"`)
	submit("#filter button")
	if got := p.text("#count"); !strings.HasSuffix(got, "“lazy”, remove recommended") {
		t.Errorf("the filter says %q", got)
	}
	p.quiet()
}

// TestPageTab walks through the post with the Tab key: everything is reached,
// in the order in which it is read, and the focus is always to be seen.
func TestPageTab(t *testing.T) {
	db := demoStore(t, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	p := openBrowser(t).tab(t, startPage(t, db))
	p.open("/review")
	var order []string
	for range 60 {
		p.keys(kb.Tab)
		order = append(order, p.js(`(e => e.value && e.name === "choice" ? e.value : e.id || e.dataset.key || e.className || e.tagName)(document.activeElement)`))
		if outline := p.js(`getComputedStyle(document.activeElement).outlineStyle`); outline == "none" {
			t.Errorf("the focus on %s is not to be seen", order[len(order)-1])
		}
		if slices.Contains(order, "done") {
			break
		}
	}
	order = slices.DeleteFunc(order, func(s string) bool {
		return !slices.Contains([]string{"skip", "h", "j", "l", "o", "reason", "keep", "not-an-issue", "remove", "done"}, s)
	})
	if diff := cmp.Diff([]string{"skip", "h", "j", "l", "o", "reason", "keep", "not-an-issue", "remove", "done"}, order); diff != "" {
		t.Errorf("focus order (-want +got):\n%s", diff)
	}
	p.quiet()
}

// everyPage is the path of each kind of page.
var everyPage = []string{"/", "/posts", "/posts?decision=done", "/review", "/import", "/nowhere"}

// TestPageNarrow: in no window does anything need scrolling sideways but the
// heat map in its own region. 640 pixels is a window of 1280 at 200 % zoom.
func TestPageNarrow(t *testing.T) {
	db := demoStore(t, archiveOf(t, "twitter.zip", tweetJSON(1, "that consultant is a lazy useless cow "+strings.Repeat("W", 400), ""), tweetJSON(2, "so hungover on shift this morning lol", "")))
	p := openBrowser(t).tab(t, startPage(t, db))
	for _, width := range []int64{1280, 640, 390, 320} {
		p.size(width, 800)
		for _, path := range everyPage {
			p.open(path)
			if got := p.js("document.documentElement.scrollWidth"); got != strconv.FormatInt(width, 10) {
				t.Errorf("%s is %s pixels wide in a window of %d", path, got, width)
			}
		}
	}
}

// TestPageAccessible runs axe on every page, in light and dark, wide and
// narrow. `make a11y` fetches axe-core; without it there is nothing to run.
func TestPageAccessible(t *testing.T) {
	path := os.Getenv("AXE_PATH")
	if path == "" {
		path = filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Skip("axe-core is not here: run make a11y")
	}
	const bad = "that consultant is a lazy useless cow and the whole team knows it"
	db := demoStore(t, archiveOf(t, "twitter.zip",
		tweetJSON(1, "What a start to the week", ""), tweetJSON(2, bad, replyTo(1)), tweetJSON(3, "Anyway, tea now", replyTo(2)),
		tweetJSON(4, bad+" again", ""), tweetJSON(6, "So hungover on shift this morning, lol", "")))
	address := startPage(t, db)
	p := openBrowser(t).tab(t, address)
	check := func(name string) {
		t.Helper()
		if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](string(axe)+"\n;0")); err != nil {
			t.Fatal(err)
		}
		got := p.js(`await axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.target + " " + n.failureSummary).join("; ")).join("\n"))`)
		if got != "" {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	for _, dark := range []bool{false, true} {
		p.dark(dark)
		for _, width := range []int64{1280, 390} {
			p.size(width, 800)
			for _, path := range everyPage {
				p.open(path)
				check(fmt.Sprintf("%s, dark %v, %d wide", path, dark, width))
			}
			p.open("/review")
			p.leave(func() { p.run(chromedp.Click(chromedp.CSS("button[value=remove]"))) })
			check("a post after a decision")
			p.leave(func() { p.run(chromedp.Click(chromedp.CSS(".status button"))) })
			p.leave(func() { p.run(chromedp.Click(chromedp.CSS("button[value=keep]"))) })
			check("a post whose reason is missing")
			p.js(`[...document.querySelectorAll("details")].forEach(d => { d.open = true; })`)
			check("a post with everything unfolded")
		}
	}
	empty := openBrowser(t).tab(t, startPage(t, filepath.Join(t.TempDir(), "empty.db")))
	p = empty
	check("an empty store")
	empty.open("/import")
	empty.run(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{genArchive(t, synth.Options{Posts: 100, Seed: 1, Demo: true})}))
	empty.leave(func() { empty.run(chromedp.Click(chromedp.CSS("#upload button"))) })
	empty.until(`document.querySelector(".outcomes")`)
	check("what was read")
	// A locked page is all that others see.
	command(p, network.ClearBrowserCookies, cdp.Empty{})
	p.open("/")
	check("the locked page")
}

// TestPageHostile reads an archive that is full of scripts, in every place
// that a person or another can fill, and looks at every page.
func TestPageHostile(t *testing.T) {
	const evil = `</script><script>window.pwned=1</script><img src=http://tracker.example/x onerror=window.pwned=1><svg onload=window.pwned=1>{{.}}`
	name := strings.ReplaceAll(evil, `"`, "")
	bad := "that consultant is a lazy useless cow "
	db := demoStore(t, packFiles(t, "twitter.zip", map[string]string{
		"data/account.js": `window.YTD.account.part0 = [{"account":{"username":` + jsonText(name) + `,"accountId":"77","accountDisplayName":` + jsonText(name) + `}}]`,
		"data/profile.js": `window.YTD.profile.part0 = [{"profile":{"description":{"bio":` + jsonText("nurse "+bad+evil) + `,"website":"javascript:window.pwned=1","location":` + jsonText(evil) + `}}}]`,
		"data/tweets.js": "window.YTD.tweets.part0 = [" + strings.Join([]string{
			tweetJSON(1, bad+evil, ""), tweetJSON(2, bad+"\u202e\u0000\u001b[2J", replyTo(1)),
			tweetJSON(3, bad+"https://t.co/a", `,"entities":{"urls":[{"url":"https://t.co/a","expanded_url":"javascript:window.pwned=1//`+"x"+`"}],"media":[{"type":"photo","url":"https://t.co/b","media_url_https":"javascript:window.pwned=1","ext_alt_text":`+jsonText(bad+evil)+`}]},"extended_entities":{"media":[{"type":"photo","url":"https://t.co/b","media_url_https":"javascript:window.pwned=1","ext_alt_text":`+jsonText(bad+evil)+`}]}`),
		}, ",") + "]",
	}))
	p := openBrowser(t).tab(t, startPage(t, db))
	paths := everyPage[: len(everyPage)-1 : len(everyPage)-1] // without the one that is not there
	for _, r := range flaggedPosts(t, db) {
		paths = append(paths, "/post/"+strconv.FormatInt(r.Post.ID, 10))
	}
	if len(paths) < len(everyPage)+2 {
		t.Fatalf("only %d hostile posts were flagged", len(paths)-len(everyPage))
	}
	shown := 0
	for _, path := range paths {
		p.open(path)
		p.js(`[...document.querySelectorAll("details")].forEach(d => { d.open = true; })`)
		if got := p.js("typeof window.pwned"); got != "undefined" {
			t.Fatalf("%s ran a script of a post", path)
		}
		if got := p.js(`document.querySelectorAll("img, svg, iframe, object, embed, base, style, a[href^='javascript:'], script:not([src='/page/serve.js'])").length`); got != "0" {
			t.Errorf("%s has %s elements from posts", path, got)
		}
		if strings.Contains(p.js("document.body.textContent"), "window.pwned=1") {
			shown++
		}
	}
	if shown < 3 {
		t.Errorf("the hostile texts are shown as they are on %d pages only", shown)
	}
	p.open("/posts")
	p.run(chromedp.SendKeys(chromedp.CSS("#words"), `"onerror=window.pwned=1"`))
	p.leave(func() { p.keys(kb.Enter) })
	if got := p.js("typeof window.pwned"); got != "undefined" {
		t.Error("a search ran a script")
	}
	p.quiet()
}

// TestServeEnds: Ctrl-C ends the program calmly while a tab listens to it.
func TestServeEnds(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals here")
	}
	db := filepath.Join(t.TempDir(), "lookback.db")
	cmd := exec.Command(buildProgram(t), "serve", "--no-open", "--db", db)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimSpace(address)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	home, _, _ := strings.Cut(address, "/open/")
	for _, url := range []string{address, home + "/events?version=0"} {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close() // the events go on until the program ends
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("it answers %d", resp.StatusCode)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ends with %v: %s", err, talk.String())
	}
	if got := talk.String(); !strings.Contains(got, "The page is closed.") || strings.Contains(got, address) {
		t.Errorf("it says %q", got)
	}
	if _, err := os.Stat(db + "-wal"); err == nil {
		t.Error("the store was not closed")
	}
}

func TestOpener(t *testing.T) {
	for _, tc := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", nil, ""},
		{"linux", map[string]string{"DISPLAY": ":0"}, "xdg-open"},
		{"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, "xdg-open"},
		{"linux", map[string]string{"DISPLAY": ":10", "SSH_CONNECTION": "a b"}, ""},
		{"darwin", nil, "open"},
		{"darwin", map[string]string{"SSH_CONNECTION": "a b"}, ""},
		{"windows", nil, "rundll32 url.dll,FileProtocolHandler"},
		{"windows", map[string]string{"CI": "true"}, ""},
	} {
		got := opener(tc.goos, func(name string) string { return tc.env[name] })
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s %v: %q, want %q", tc.goos, tc.env, got, tc.want)
		}
	}
}

func TestFreeSpace(t *testing.T) {
	free, err := freeSpace(t.TempDir())
	if err != nil || free <= 0 {
		t.Errorf("%d bytes are free: %v", free, err)
	}
	if _, err := freeSpace(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("a folder that is not there has free space")
	}
}
