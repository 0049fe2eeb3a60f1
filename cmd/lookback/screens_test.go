package main

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"lookback/cmd/lookback-gen/synth"
	"lookback/store"
)

var screens = flag.String("screens", "", "write the README's screenshots into this folder")

// mostScreen keeps the repository small.
const mostScreen = 300_000 // bytes

// TestScreens takes the README's screenshots of the demonstration's account,
// and writes them where -screens says: see `make screenshots`.
func TestScreens(t *testing.T) {
	findBrowser(t) // before the work
	defer func(was string) { version = was }(version)
	version = "1.0"
	dir := t.TempDir()
	db, out := filepath.Join(dir, "lookback.db"), filepath.Join(dir, "out")
	lookback(t, exitOK, "", "audit", "--db", db, "--out", out, genArchive(t, synth.Options{Posts: 2000, Seed: 1, Demo: true}))
	rows := flaggedPosts(t, db)
	i := slices.IndexFunc(rows, func(r store.Row) bool { return strings.HasPrefix(r.Post.Text, "that consultant") })
	if i < 0 {
		t.Fatal("the post of the screenshot is not flagged any more: choose another")
	}
	settle(t, db, rows, i)
	p := openBrowser(t).tab(t, startPage(t, db))
	p.dark(false)
	p.open("/post/" + strconv.FormatInt(rows[i].Post.ID, 10))
	p.until(leftOver + `.includes("left of")`)
	p.screen("review.png", 1280, 800)
	p.open("/")
	p.screen("overview.png", 1280, 900)
	p.run(chromedp.Navigate("file://" + filepath.ToSlash(filepath.Join(out, "report.html"))))
	p.until(`document.getElementById("count").textContent`)
	p.screen("report.png", 1280, 900)
}

// settle decides about a third of the posts but for one, so that progress is
// to be seen.
func settle(t *testing.T, db string, rows []store.Row, but int) {
	t.Helper()
	s, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var list []store.Decision
	for i, r := range rows {
		if i == but || i%3 != 0 {
			continue
		}
		for _, f := range r.Findings {
			list = append(list, store.Decision{AccountID: r.Account.ID, PostKey: r.Post.Key, Theme: f.Theme, WordsHash: f.WordsHash,
				Choice: store.Choices[i/3%len(store.Choices)], Reason: "said in good faith"})
		}
	}
	if err := s.PutDecisions(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// screen takes one screenshot.
func (p *tab) screen(name string, width, height int64) {
	p.t.Helper()
	p.size(width, height)
	b, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != int(width) || len(b) > mostScreen {
		p.t.Errorf("%s has %d bytes and is %v: %v", name, len(b), img.Bounds(), err)
	}
	if *screens == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*screens, name), b, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
