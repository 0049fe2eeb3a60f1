package report

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"sync"

	"lookback/store"
)

//go:embed page/report.html.tmpl page/report.css page/report.js
var pageFiles embed.FS

// perPage is how many posts the page shows at once, and how many of them are
// written as HTML for a reader without scripts.
const perPage = 100

var (
	pageStyle  = mustRead("page/report.css")
	pageScript = mustRead("page/report.js")
	pageParts  = sync.OnceValue(func() *template.Template {
		return template.Must(template.New("page").ParseFS(pageFiles, "page/report.html.tmpl"))
	})

	// pagePolicy lets the page's own style and script run and nothing else: no
	// request of any kind, no form, no frame, no script from the data.
	pagePolicy = "default-src 'none'; script-src " + sourceHash(pageScript) + "; style-src " + sourceHash(pageStyle) +
		"; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)

func mustRead(name string) string {
	b, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err) // the file is compiled in
	}
	return string(b)
}

func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlWriter writes one self-contained page. Its first posts are HTML; all
// posts follow as JSON in script elements that are data to a browser, in
// chunks, and the page's script shows them a page at a time, as text only.
type htmlWriter struct{}

// Write implements [Writer].
func (htmlWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	out := bufio.NewWriterSize(w, bufferSize)
	view := newView(&sum)
	data := newChunks(out)
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		r := newPageRow(&row)
		if n <= perPage {
			view.Posts = append(view.Posts, newCard(&sum, &r, n))
		} else if n == perPage+1 {
			view.More = true
		}
		if err := data.add(&r, n > perPage, func() error { return view.head(out) }); err != nil {
			return err
		}
	}
	if err := data.flush(func() error { return view.head(out) }); err != nil {
		return err
	}
	if err := pageParts().ExecuteTemplate(out, "foot", &view); err != nil {
		return err
	}
	return out.Flush()
}

// view is what the template shows.
type view struct {
	Policy    string
	Style     template.CSS
	Script    template.JS
	Title     string
	Verdict   string
	Regulator string
	Rules     string
	Date      string
	Version   string
	GapsLead  string
	Gaps      []string
	Advice    []string
	Accounts  []accountView
	Archives  []archiveView
	Skips     []store.Tally
	Skipped   string
	Kinds     string
	GoneNote  string
	Series    []string
	Whole     []string // what to do about each account
	JudgeNote string
	Since     string   // when the audit before was made, if there was one
	Changed   []string // what is different from then
	LeftOut   []string
	Proved    []string
	Heat      heatView
	Posts     []card
	More      bool // there are posts beyond the ones in HTML
	About     template.JS
}

func (v *view) head(w io.Writer) error {
	return pageParts().ExecuteTemplate(w, "head", v)
}

type accountView struct {
	Platform, Handle, Name, Posts, Span, Gaps string
	Remove, Review                            string
}

type archiveView struct {
	Name, Made, State string
	Notes             []string
}

func newView(sum *store.Summary) view {
	v := view{
		Policy: pagePolicy, Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		Title: "Your posts against " + regulator(sum), Verdict: verdict(sum), Regulator: regulator(sum),
		Rules: rulesLine(sum), Date: day(sum.Generated), Version: SafeLine(sum.Version),
		Gaps: gaps(sum), GapsLead: gapsLead(sum), Advice: advice,
		Heat: newHeat(sum), About: template.JS(about(sum)), // appendString escapes < > and &
	}
	for _, a := range sum.Accounts {
		v.Accounts = append(v.Accounts, accountView{
			Platform: platformName(a.Platform), Handle: handle(a.Account), Name: SafeLine(a.Name), Posts: number(a.Posts),
			Span: span(a.First, a.Last), Gaps: years(a.Gaps), Remove: number(a.Flagged.Remove), Review: number(a.Flagged.Review),
		})
	}
	v.Series = seriesLines(sum, false)
	for i := range sum.Accounts {
		if a := &sum.Accounts[i]; sum.Scanned > 0 {
			v.Whole = append(v.Whole, platformName(a.Platform)+" "+handle(a.Account)+": "+Recommendation(sum, a))
		}
	}
	for _, a := range sum.Archives {
		v.Archives = append(v.Archives, newArchiveView(&a))
	}
	if sum.Skipped > 0 {
		v.Skipped = plural(sum.Skipped, "record", "records") + " could not be read"
		for _, s := range sum.Skips {
			v.Skips = append(v.Skips, store.Tally{Label: SafeLine(s.Label), Remove: s.Remove})
		}
	}
	var kinds []string
	for _, c := range sum.ByKind {
		kinds = append(kinds, kindCount(c.Label, c.Posts))
	}
	v.Kinds, v.JudgeNote = list(kinds), opinionNote(sum)
	if sum.Gone > 0 {
		v.GoneNote = plural(sum.Gone, "flagged post is", "flagged posts are") + " no longer in the newest archive."
	}
	v.LeftOut, v.Proved = leftOut(sum), proved(sum)
	if sum.Changes != nil {
		v.Since, v.Changed = day(sum.Changes.Since), changed(sum.Changes)
	}
	return v
}

func newArchiveView(a *store.Archive) archiveView {
	v := archiveView{Name: SafeLine(a.Name), Made: plural(a.Posts, "post", "posts")}
	if !a.Generated.IsZero() {
		v.Made += ", made on " + day(a.Generated)
	}
	switch {
	case a.Incomplete:
		v.State = "Part of it could not be read."
	case a.Partial:
		v.State = "Only part of the account."
	}
	for _, n := range a.Notes {
		text := SafeLine(n.Text)
		if n.Member != "" {
			text = SafeLine(n.Member) + ": " + text
		}
		v.Notes = append(v.Notes, text)
	}
	return v
}

// about is what the script needs of the summary, as a JavaScript object.
func about(sum *store.Summary) string {
	var o object
	o.open()
	o.int("flagged", int64(sum.Flagged.Remove+sum.Flagged.Review))
	o.int("perPage", perPage)
	o.name("standards")
	o.open()
	for _, s := range sum.Standards {
		o.quoted(SafeLine(s.Number))
		o.buf = appendStrings(o.buf, []string{SafeLine(s.Title), SafeLine(s.Text)})
	}
	o.close()
	o.name("themes")
	o.open()
	for _, t := range sum.Themes {
		o.quoted(SafeLine(t.ID))
		o.buf = appendString(o.buf, SafeLine(t.Title))
	}
	o.close()
	o.close()
	return string(o.buf)
}

// heatView is the table of years by standards.
type heatView struct {
	Years []heatHead
	Rows  []heatRow
	All   heatCell
}

type heatHead struct {
	Year  int // 0 for no date
	Label string
	Short string // two digits, for narrow cells
	Total heatCell
}

type heatRow struct {
	Standard, Title string
	Cells           []heatCell
	Total           heatCell
}

type heatCell struct {
	Year           int
	YearLabel      string
	Standard       string
	All            string
	Remove, Review string
	Level          int // 0 for none to 5 for the most
	Some           bool
	Serious        bool
}

func newHeat(sum *store.Summary) heatView {
	type place struct {
		year     int
		standard string
	}
	cells := map[place]store.Cell{}
	most := 0
	var v heatView
	for _, c := range sum.Heat {
		cells[place{c.Year, c.Standard}] = c
		most = max(most, c.Remove+c.Review)
	}
	totals := map[int]store.Tally{}
	for _, t := range sum.Year {
		y, _ := strconv.Atoi(t.Label)
		totals[y] = t
	}
	for _, y := range heatYears(sum) {
		h := heatHead{Year: y, Label: strconv.Itoa(y), Short: strconv.Itoa(y % 100)}
		if y == 0 {
			h.Label, h.Short = "No date", "–"
		}
		h.Total = newHeatCell(y, "", totals[y].Remove, totals[y].Review, 0)
		v.Years = append(v.Years, h)
	}
	for _, t := range sum.Standard {
		r := heatRow{Standard: SafeLine(t.Label), Title: standardTitle(sum, t.Label), Total: newHeatCell(-1, t.Label, t.Remove, t.Review, 0)}
		for _, h := range v.Years {
			c := cells[place{h.Year, t.Label}]
			r.Cells = append(r.Cells, newHeatCell(h.Year, t.Label, c.Remove, c.Review, most))
		}
		v.Rows = append(v.Rows, r)
	}
	slices.SortFunc(v.Rows, func(a, b heatRow) int { return compareStandards(a.Standard, b.Standard) })
	v.All = newHeatCell(-1, "", sum.Flagged.Remove, sum.Flagged.Review, 0)
	return v
}

func newHeatCell(y int, standard string, remove, review, most int) heatCell {
	n := remove + review
	c := heatCell{
		Year: y, YearLabel: strconv.Itoa(y), Standard: SafeLine(standard),
		All: number(n), Remove: number(remove), Review: number(review), Some: n > 0, Serious: remove > 0,
	}
	if y == 0 {
		c.YearLabel = "no date"
	}
	if most > 0 && n > 0 {
		c.Level = level(n, most)
	}
	return c
}

// level puts a count into one of five shades. The scale is logarithmic, so
// that one bad year does not make all others look alike, and it starts where
// a single post is always the lightest shade.
func level(n, most int) int {
	return 1 + int(math.Round(4*math.Log(float64(n))/math.Log(float64(max(most, 16)))))
}

// heatYears are the columns: every year from the first flagged to the last,
// so that a quiet year is seen, and at the end the posts without a date.
// Years far apart, as a broken clock makes them, are not filled in.
func heatYears(sum *store.Summary) []int {
	var ys []int
	undated := false
	for _, c := range sum.Heat {
		if c.Year == 0 {
			undated = true
		} else {
			ys = append(ys, c.Year)
		}
	}
	slices.SortFunc(ys, cmp.Compare[int])
	ys = slices.Compact(ys)
	if n := len(ys); n > 0 && ys[n-1]-ys[0] < 40 {
		first, last := ys[0], ys[n-1]
		ys = ys[:0]
		for y := first; y <= last; y++ {
			ys = append(ys, y)
		}
	}
	if undated {
		ys = append(ys, 0)
	}
	return ys
}

// chunks writes the rows as JSON in data elements of about chunkSize bytes.
// Strings and reasons that repeat are written once and then named by number;
// the tables are bounded, what no longer fits is written out.
type chunks struct {
	w       *bufio.Writer
	rows    bytes.Buffer
	strings table
	reasons table
	started bool
	scratch []byte // the row being encoded
	value   []byte // a value on its way into a table
}

const (
	chunkSize  = 256 << 10
	tableSize  = 1 << 13
	tableEntry = 2 << 10
)

func newChunks(w *bufio.Writer) *chunks {
	return &chunks{w: w, strings: newTable(), reasons: newTable()}
}

// table numbers values in the order in which they first come.
type table struct {
	index map[string]int
	fresh []byte // JSON of the values added since the last chunk
}

func newTable() table { return table{index: map[string]int{}} }

// ref appends the number of the JSON value v to dst, or v itself when the
// table is full or v is long.
func (t *table) ref(dst, v []byte) []byte {
	if i, ok := t.index[string(v)]; ok {
		return strconv.AppendInt(dst, int64(i), 10)
	}
	if len(t.index) >= tableSize || len(v) > tableEntry {
		return append(dst, v...)
	}
	i := len(t.index)
	t.index[string(v)] = i
	if len(t.fresh) > 0 {
		t.fresh = append(t.fresh, ',')
	}
	t.fresh = append(t.fresh, v...)
	return strconv.AppendInt(dst, int64(i), 10)
}

// add adds a row; flush says that the posts in HTML are complete, so that the
// chunk may be written. The head goes out before the first chunk.
func (c *chunks) add(r *pageRow, flush bool, head func() error) error {
	if c.rows.Len() > 0 {
		c.rows.WriteByte(',')
	}
	c.rows.Write(c.encode(r))
	if !flush || c.rows.Len() < chunkSize {
		return nil
	}
	return c.flush(head)
}

func (c *chunks) flush(head func() error) error {
	if !c.started {
		c.started = true
		if err := head(); err != nil {
			return err
		}
	}
	if c.rows.Len() == 0 {
		return nil
	}
	for _, part := range []struct {
		open string
		body []byte
	}{
		{`<script type="application/json" class="rows">{"s":[`, c.strings.fresh},
		{`],"f":[`, c.reasons.fresh},
		{`],"r":[`, c.rows.Bytes()},
		{"]}</script>\n", nil},
	} {
		if _, err := c.w.WriteString(part.open); err != nil {
			return err
		}
		if _, err := c.w.Write(part.body); err != nil {
			return err
		}
	}
	c.strings.fresh, c.reasons.fresh = c.strings.fresh[:0], c.reasons.fresh[:0]
	c.rows.Reset()
	return nil
}
