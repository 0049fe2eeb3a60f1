package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a headless browser whose tabs look at the review page.
type browser struct{ ctx context.Context }

// findBrowser skips the test where there is no browser, or no time for one.
func findBrowser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium or Chrome in PATH")
	return ""
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := findBrowser(t)
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800))
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// tab is one tab. It gathers what the page should never cause: messages on
// the console, exceptions, requests to anywhere else.
type tab struct {
	t    *testing.T
	ctx  context.Context
	home string // origin of the page
	mu   sync.Mutex
	talk []string
}

// tab opens a tab at the address that the program printed.
func (b *browser) tab(t *testing.T, address string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	home, _, _ := strings.Cut(address, "/open/")
	p := &tab{t: t, ctx: ctx, home: home}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	command(p, network.Enable, network.EnableParams{})
	command(p, log.Enable, cdp.Empty{})
	command(p, runtime.Enable, cdp.Empty{})
	p.size(1280, 800)
	p.run(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("nav[aria-label=Main]")))
	return p
}

func (p *tab) listen(event any) {
	say := func(format string, args ...any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.talk = append(p.talk, fmt.Sprintf(format, args...))
	}
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		say("console %s", e.Type)
	case *runtime.EventExceptionThrown:
		say("exception %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		// A form that is sent back to be completed is logged as an error.
		if !strings.Contains(e.Entry.Text, "422") {
			say("log %s: %s", e.Entry.Level, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, p.home+"/") {
			say("request to %s", e.Request.URL)
		}
	}
}

// quiet fails the test for anything that the page caused.
func (p *tab) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.talk {
		p.t.Errorf("the page is not quiet: %s", s)
	}
}

// waits is for a browser on a busy machine; no test waits that long.
const waits = 2 * time.Minute

func (p *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waits)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func command[P, R any](p *tab, c cdp.Command[P, R], params P) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, c, params); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) js(expr string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waits)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("(async () => String("+expr+"))()", func(e *runtime.EvaluateParams) { e.AwaitPromise = new(true) }))
	if err != nil {
		p.t.Fatalf("%s: %v", expr, err)
	}
	return got
}

// until waits for a condition of the page, which may load anew meanwhile.
func (p *tab) until(expr string) {
	p.t.Helper()
	for end := time.Now().Add(waits); ; time.Sleep(20 * time.Millisecond) {
		got, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && Boolean("+expr+")"))
		if err == nil && got {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("the page never came to %s: %v\n%s", expr, err, p.js("location.href + document.body.innerText"))
		}
	}
}

func (p *tab) open(path string) {
	p.t.Helper()
	p.run(chromedp.Navigate(p.home + path))
	p.until("true")
}

// leave does something that loads another page, and waits for that page.
func (p *tab) leave(what func()) {
	p.t.Helper()
	p.js("window.here = true")
	what()
	p.until("!window.here")
}

func (p *tab) keys(keys string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(keys))
}

func (p *tab) text(css string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(p.js(fmt.Sprintf("document.querySelector(%q)?.innerText", css))), " ")
}

func (p *tab) size(width, height int64) {
	p.t.Helper()
	p.run(chromedp.EmulateViewport(width, height))
}

func (p *tab) dark(on bool) {
	p.t.Helper()
	scheme := map[bool]string{false: "light", true: "dark"}[on]
	command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// startPage runs `lookback serve` on a store within the test and returns the
// address that it prints. At the end of the test it is stopped as Ctrl-C does.
func startPage(t *testing.T, db string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		o := serveOptions{noOpen: true}
		o.db = db
		err := runServe(ctx, newTerminal(strings.NewReader(""), in, io.Discard), o)
		done <- err
		in.CloseWithError(io.EOF)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("at the end: %v", err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// demoStore audits archives into a new store for a browser and returns it.
func demoStore(t *testing.T, archives ...string) string {
	t.Helper()
	findBrowser(t) // before the work
	dir := t.TempDir()
	db := filepath.Join(dir, "lookback.db")
	lookback(t, exitOK, "", append([]string{"audit", "--db", db, "--out", filepath.Join(dir, "out")}, archives...)...)
	return db
}
