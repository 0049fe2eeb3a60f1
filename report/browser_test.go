package report

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"lookback/store"
)

// browser opens a report in a headless browser and gathers what the page
// should never cause: console messages, exceptions, requests.
type browser struct {
	t    testing.TB
	ctx  context.Context
	mu   sync.Mutex
	talk []string
	took time.Duration
}

func findBrowser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium or Chrome in PATH")
	return ""
}

func openBrowser(t testing.TB, width, height int) *browser {
	t.Helper()
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(findBrowser(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(width, height))
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	command(b, network.Enable, network.EnableParams{})
	command(b, log.Enable, cdp.Empty{})
	command(b, runtime.Enable, cdp.Empty{})
	return b
}

func (b *browser) listen(event any) {
	say := func(format string, args ...any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.talk = append(b.talk, fmt.Sprintf(format, args...))
	}
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		say("console %s", e.Type)
	case *runtime.EventExceptionThrown:
		say("exception %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		say("log %s: %s", e.Entry.Level, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file:") {
			say("request to %s", e.Request.URL)
		}
	}
}

// quiet fails the test for anything that the page caused.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.talk {
		b.t.Errorf("the page is not quiet: %s", s)
	}
}

// patience is for a browser on a busy machine; no test waits that long.
const patience = 2 * time.Minute

func (b *browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func command[P, R any](b *browser, c cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, c, params); err != nil {
		b.t.Fatal(err)
	}
}

// open writes a report to disk and opens it from there.
func (b *browser) open(sum store.Summary, rows []store.Row) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "report.html")
	if err := WriteFile(path, htmlWriter{}, sum, seq(rows)); err != nil {
		b.t.Fatal(err)
	}
	start := time.Now()
	b.run(chromedp.Navigate("file://" + filepath.ToSlash(path)))
	b.took = time.Since(start)
}

func (b *browser) js(expr string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expr+")"))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return got
}

func (b *browser) count() string { return b.js(`document.getElementById("count").textContent`) }

func (b *browser) choose(id, value string) {
	b.t.Helper()
	b.js(fmt.Sprintf(`(() => { const s = document.getElementById(%q); s.value = %q;
		if (s.value !== %[2]q) throw new Error("no such option"); s.dispatchEvent(new Event("change")); })()`, id, value))
}

func (b *browser) search(words string) {
	b.t.Helper()
	b.js(`document.getElementById("q").value = ""`)
	b.run(chromedp.SendKeys(chromedp.CSS("#q"), words+kb.Enter))
}

// expected is the line over the posts, for the rows that match.
func expected(rows []store.Row, what string, match func(*store.Row) (store.Action, bool)) string {
	n, remove := 0, 0
	for i := range rows {
		act, ok := match(&rows[i])
		if !ok {
			continue
		}
		n++
		if act == store.ActionRemove {
			remove++
		}
	}
	out := plural(n, "post", "posts")
	if n > perPage {
		out = "Posts 1 to " + strconv.Itoa(perPage) + " of " + number(n)
	}
	if what != "" {
		out += " matching " + what
	}
	return fmt.Sprintf("%s: %s to remove, %s to review.", out, number(remove), number(n-remove))
}

func TestPageFilters(t *testing.T) {
	rows := makeRows(1250)
	b := openBrowser(t, 1280, 900)
	b.open(summarise(seq(rows), 3000), rows)
	check := func(step, what string, match func(*store.Row) (store.Action, bool)) {
		t.Helper()
		if diff := cmp.Diff(expected(rows, what, match), b.count()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
	check("at first", "", func(r *store.Row) (store.Action, bool) { return r.Action(), true })

	b.choose("f-standard", "2.10")
	check("standard", "standard 2.10", func(r *store.Row) (store.Action, bool) {
		return under(r, "2.10"), slices.Contains(standardsOf(r.Findings), "2.10")
	})
	b.choose("f-action", "remove")
	check("and action", "remove, standard 2.10", func(r *store.Row) (store.Action, bool) {
		return store.ActionRemove, slices.Contains(standardsOf(r.Findings), "2.10") && under(r, "2.10") == store.ActionRemove
	})
	b.choose("f-year", "2016")
	check("and year", "remove, standard 2.10, 2016", func(r *store.Row) (store.Action, bool) {
		return store.ActionRemove, year(&r.Post) == 2016 && slices.Contains(standardsOf(r.Findings), "2.10") && under(r, "2.10") == store.ActionRemove
	})
	b.run(chromedp.Click(chromedp.CSS("#clear")))
	b.choose("f-platform", "Reddit")
	b.choose("f-kind", "like")
	check("platform and kind", "Reddit, like", func(r *store.Row) (store.Action, bool) {
		return r.Action(), r.Account.Platform == "reddit" && r.Post.Kind == store.KindLike
	})
	b.run(chromedp.Click(chromedp.CSS("#clear")))
	b.choose("f-theme", "trust.alcohol")
	check("theme", "Alcohol and work", func(r *store.Row) (store.Action, bool) {
		return store.ActionRemove, slices.Contains(themesOf(r.Findings), "trust.alcohol")
	})
	b.run(chromedp.Click(chromedp.CSS("#clear")))
	b.search("HÁMSTER rota")
	check("search", "“hamster rota”", func(r *store.Row) (store.Action, bool) {
		return r.Action(), strings.Contains(r.Post.Text, "hamster")
	})
	b.search("no such words anywhere")
	if got := b.count(); !strings.HasPrefix(got, "No post matches") {
		t.Errorf("an empty search says %q", got)
	}
	b.quiet()
}

func TestPageHeatMap(t *testing.T) {
	rows := makeRows(600)
	b := openBrowser(t, 1280, 900)
	b.open(summarise(seq(rows), 3000), rows)
	cell := `td button[data-year="2018"][data-standard="5.1"]`
	match := func(r *store.Row) (store.Action, bool) {
		return under(r, "5.1"), year(&r.Post) == 2018 && slices.Contains(standardsOf(r.Findings), "5.1")
	}
	for _, press := range []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS(cell)), chromedp.SendKeys(chromedp.CSS(cell), kb.Enter)} {
		b.run(press)
		if want, got := expected(rows, "standard 5.1, 2018", match), b.count(); got != want {
			t.Errorf("a pressed cell says %q, want %q", got, want)
		}
		if got := b.js(`document.querySelector('` + cell + `').getAttribute("aria-pressed") + document.getElementById("f-year").value`); got != "true2018" {
			t.Errorf("pressed and year are %q", got)
		}
		b.run(press) // a second press takes the filter off
		if got := b.count(); !strings.Contains(got, "of 600") {
			t.Errorf("the filter stays: %q", got)
		}
	}
	// Every cell says in words what it holds, and it holds as many as it says.
	said := b.js(`document.querySelector('` + cell + `').textContent`)
	b.run(chromedp.Click(chromedp.CSS(cell)))
	if n := strings.Fields(said)[0]; !strings.HasPrefix(b.count(), n+" post") {
		t.Errorf("the cell says %q and the list %q", said, b.count())
	}
	b.quiet()
}

func TestPageTurnsAndPrints(t *testing.T) {
	rows := makeRows(250)
	b := openBrowser(t, 1280, 900)
	b.open(summarise(seq(rows), 3000), rows)
	shown := func() string { return b.js(`document.querySelectorAll("#list > li").length`) }
	next := chromedp.Click(chromedp.CSS("#next"))
	b.run(next, next)
	if got := shown() + " " + b.js(`document.activeElement.id`) + " " + b.js(`document.getElementById("page").textContent`); got != "50 posts Page 3 of 3" {
		t.Errorf("the last page is %q", got)
	}
	b.run(next) // there is no further page
	if got := b.js(`document.getElementById("page").textContent`); got != "Page 3 of 3" {
		t.Errorf("past the last page is %q", got)
	}
	b.js(`dispatchEvent(new Event("beforeprint"))`)
	if got := shown(); got != "250" {
		t.Errorf("%s posts on paper, want all 250", got)
	}
	b.js(`dispatchEvent(new Event("afterprint"))`)
	if got := shown(); got != "50" {
		t.Errorf("%s posts after printing, want 50", got)
	}
	b.quiet()
}

// TestPageWithoutScript shows that the posts in HTML read as the script's do.
func TestPageWithoutScript(t *testing.T) {
	rows := append(makeRows(130), hostileRows()...)
	sortRows(rows)
	sum := summarise(seq(rows), 3000)
	posts := `[...document.querySelectorAll("#list > li")].map(e => e.outerHTML).join("\n")`
	b := openBrowser(t, 1280, 900)
	b.open(sum, rows)
	scripted := b.js(posts)
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.open(sum, rows)
	plain := b.js(posts)
	if diff := cmp.Diff(strings.Split(plain, "\n"), strings.Split(scripted, "\n")); diff != "" {
		t.Errorf("the page differs (-without +with script):\n%s", diff)
	}
	if got := b.js(`document.querySelector("noscript").innerText`); !strings.Contains(got, "only the first 100 posts") {
		t.Errorf("without scripts the page says %q", got)
	}
	b.quiet()
}

func TestPageHostile(t *testing.T) {
	rows := hostileRows()
	b := openBrowser(t, 1280, 900)
	b.open(hostileSummary(), rows)
	b.choose("f-standard", "2.10")
	b.search(canary)
	if got, want := b.js(`document.querySelectorAll("#list > li").length`), strconv.Itoa(len(rows)-1); got != want {
		t.Errorf("%s hostile posts are shown, want %s", got, want)
	}
	if got := b.js(`typeof window.pwned`); got != "undefined" {
		t.Error("a script from a post ran")
	}
	if got := b.js(`document.querySelectorAll("img, svg, iframe, object, embed, link, base, #list a").length`); got != "0" {
		t.Errorf("%s elements came from posts", got)
	}
	if got := b.js(`document.querySelector("#list blockquote").textContent`); !strings.Contains(got, "</script>") {
		t.Errorf("the text is not shown as it is: %q", got)
	}
	b.quiet()
}

// TestPageKeyboard walks through the page with the Tab key.
func TestPageKeyboard(t *testing.T) {
	rows := makeRows(150)
	b := openBrowser(t, 1280, 900)
	b.open(summarise(seq(rows), 3000), rows)
	var order []string
	for range 400 {
		b.run(chromedp.KeyEvent(kb.Tab))
		got := b.js(`(e => e.id || e.className || e.closest("[class]")?.className || e.tagName)(document.activeElement)`)
		if len(order) == 0 || order[len(order)-1] != got {
			order = append(order, got)
		}
		if got == "next" {
			break
		}
		if outline := b.js(`getComputedStyle(document.activeElement).outlineStyle`); outline == "none" {
			t.Errorf("the focus on %s is not to be seen", got)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(order), func(s string) bool {
		return !strings.HasPrefix(s, "f-") && !slices.Contains([]string{"skip", "scroll", "q", "clear", "open", "prev", "next"}, s)
	})
	want := []string{"skip", "scroll", "q", "f-action", "f-standard", "f-theme", "f-year", "f-platform", "f-kind", "clear", "open", "prev", "next"}
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Errorf("focus order (-want +got):\n%s", diff)
	}
	b.quiet()
}

// TestPageNarrow opens the page as on a phone and at 400 % zoom: nothing may
// need scrolling sideways but the table in its own region.
func TestPageNarrow(t *testing.T) {
	rows := append(makeRows(150), hostileRows()...)
	for _, width := range []int64{640, 375, 320} {
		b := openBrowser(t, 1280, 900)
		b.run(chromedp.EmulateViewport(width, 800))
		b.open(summarise(seq(rows), 3000), rows)
		if got := b.js(`document.documentElement.scrollWidth`); got != strconv.FormatInt(width, 10) {
			t.Errorf("%d pixels wide, the page is %s", width, got)
		}
		b.quiet()
	}
}

// What a person does with a large page, and how many milliseconds it takes.
const (
	filterLarge = `(() => { const s = document.getElementById("f-standard"), t = performance.now();
		s.value = "5.1"; s.dispatchEvent(new Event("change")); return Math.round(performance.now() - t); })()`
	searchLarge = `(() => { const t = performance.now(); document.getElementById("q").value = "ward 84";
		document.getElementById("filter").requestSubmit(); return Math.round(performance.now() - t); })()`
)

// BenchmarkPage opens, filters and searches the page of benchRows posts in a
// browser.
func BenchmarkPage(b *testing.B) {
	rows := makeRows(benchRows)
	sum := summarise(seq(rows), 1_000_000)
	var opened, filtered, searched float64
	for b.Loop() {
		page := openBrowser(b, 1280, 900)
		page.open(sum, rows)
		for _, f := range []struct {
			to   *float64
			what string
		}{{&filtered, filterLarge}, {&searched, searchLarge}} {
			ms, err := strconv.ParseFloat(page.js(f.what), 64)
			if err != nil {
				b.Fatal(err)
			}
			*f.to += ms
		}
		opened += float64(page.took.Milliseconds())
		if got := page.count(); !strings.Contains(got, "ward 84") {
			b.Fatalf("the page lists %q", got)
		}
	}
	for unit, sum := range map[string]float64{"open-ms": opened, "filter-ms": filtered, "search-ms": searched} {
		b.ReportMetric(sum/float64(b.N), unit)
	}
}

// TestPageLarge opens what years of posting can bring. How long it took is
// logged, never judged.
func TestPageLarge(t *testing.T) {
	for _, n := range []int{20_000, 50_000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			rows := slices.Collect(func(yield func(store.Row) bool) {
				for r := range stream(n) {
					if !yield(r) {
						return
					}
				}
			})
			b := openBrowser(t, 1280, 900)
			b.open(summarise(seq(rows), 100_000), rows)
			if got := b.count(); !strings.Contains(got, "of "+number(n)) {
				t.Errorf("the page lists %q", got)
			}
			filtered, searched := b.js(filterLarge), b.js(searchLarge)
			want := expected(rows, "standard 5.1, “ward 84”", func(r *store.Row) (store.Action, bool) {
				return store.ActionRemove, slices.Contains(standardsOf(r.Findings), "5.1")
			})
			if got := b.count(); got != want {
				t.Errorf("the filtered page says %q, want %q", got, want)
			}
			t.Logf("%d posts: opened in %v, filtered in %s ms, first search in %s ms", n, b.took.Round(time.Millisecond), filtered, searched)
			b.quiet()
		})
	}
}
