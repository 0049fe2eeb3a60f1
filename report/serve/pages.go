package serve

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/report"
	"lookback/store"
)

const (
	perPage    = 50  // posts in a list
	aroundPost = 6   // posts of a thread on either side
	mostReason = 500 // characters
	mostForm   = 64 << 10
	patience   = 10 * time.Second // for a write while archives are read
)

// frame is what every page shows.
type frame struct {
	Title   string
	Here    string // which link of the navigation leads here
	Version int
	Decided int
	Total   int
	Form    string // goes with every form
	Flash   *flash
	Reading bool  // archives are being read
	Room    int64 // bytes that an upload may have; 0 where that is not known
}

// Left is how many posts wait for a decision.
func (f frame) Left() int { return f.Total - f.Decided }

// flash says what was just done.
type flash struct {
	Text string
	Undo bool
}

func (s *Server) frame(r *http.Request, title, here string, v bookView) frame {
	return frame{
		Title: title, Here: here, Version: v.version, Decided: v.decided, Total: v.total, Form: s.guard.form,
		Flash: flashOf(r), Reading: s.intake.busy(),
	}
}

// flashOf reads from the address what was just done: words of ours and a
// number.
func flashOf(r *http.Request) *flash {
	q := r.URL.Query()
	n, _ := strconv.Atoi(q.Get("n")) // anything else is none
	did := q.Get("did")
	what := map[string]string{
		string(store.ChoiceRemove): "noted for removal", string(store.ChoiceKeep): "kept",
		string(store.ChoiceNotIssue): "not an issue", string(store.ChoiceDone): "done",
		"back": "open again", "undone": "as it was before",
	}[did]
	if did == "undone" && n > 1 {
		what = "as they were before"
	}
	switch {
	case did == "nothing":
		return &flash{Text: "There is nothing to undo."}
	case what == "" || n < 0:
		return nil
	case n == 0 && did == "undone":
		return &flash{Text: "The last decision is undone."}
	case n == 0:
		return &flash{Text: "That was decided so already."}
	}
	text := "1 post is " + what + "."
	if n > 1 {
		text = report.Number(n) + " posts are " + what + "."
	}
	if q.Get("end") != "" {
		text += " Every post here is decided now."
	}
	return &flash{Text: text, Undo: did != "undone"}
}

type overviewView struct {
	frame
	Verdict  string
	GapsLead string
	Gaps     []string
	Choices  []store.Count
	Heat     report.Heat
	Accounts []accountView
	Archives []report.ArchiveView
	Skips    []store.Tally
	Skipped  string
	Advice   []string
	Rules    string
	Titled   string
	Empty    bool
	Exports  []export
	Query    string
	LeftOut  []string // what is not among the flagged posts, and why
}

type accountView struct {
	Platform, Key, Name, Posts string
	Remove, Review             int
}

func (s *Server) overview(w http.ResponseWriter, r *http.Request) error {
	v, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	sum, err := s.opt.Desk.Summary(r.Context())
	if err != nil {
		return err
	}
	o := overviewView{
		frame: s.frame(r, "Overview", "overview", v), Verdict: report.Verdict(&sum), Heat: report.NewHeat(&sum), Advice: report.Advice(),
		Rules: report.Rules(&sum), Titled: "Your posts against " + report.Title(&sum), Empty: sum.Posts == 0, Exports: exports,
	}
	o.GapsLead, o.Gaps = report.Gaps(&sum)
	o.Room = s.freeRoom()
	if sum.Silenced > 0 {
		o.LeftOut = append(o.LeftOut, "Your allow list leaves out "+report.Plural(sum.Silenced, "finding", "findings")+".")
	}
	if sum.Gone > 0 {
		o.LeftOut = append(o.LeftOut, report.Plural(sum.Gone, "flagged post is", "flagged posts are")+" no longer in the newest archive, and left out.")
	}
	if sum.Unmatched > 0 {
		o.LeftOut = append(o.LeftOut, report.Plural(sum.Unmatched, "decision is", "decisions are")+" about words that nothing flags any more.")
	}
	counts := map[store.Choice]int{}
	for _, it := range v.items {
		counts[it.decision]++
	}
	for _, c := range store.Choices {
		if counts[c] > 0 {
			o.Choices = append(o.Choices, store.Count{Label: string(c), Posts: counts[c]})
		}
	}
	for _, a := range sum.Accounts {
		o.Accounts = append(o.Accounts, accountView{
			Platform: report.PlatformName(a.Platform), Key: a.Platform, Name: report.AccountName(a.Account),
			Posts: report.Plural(a.Posts, "post", "posts"), Remove: a.Flagged.Remove, Review: a.Flagged.Review,
		})
	}
	for _, a := range sum.Archives {
		o.Archives = append(o.Archives, report.NewArchiveView(&a))
	}
	if sum.Skipped > 0 {
		o.Skipped = report.Plural(sum.Skipped, "record", "records") + " could not be read"
		for _, k := range sum.Skips {
			o.Skips = append(o.Skips, store.Tally{Label: report.SafeLine(k.Label), Remove: k.Remove})
		}
	}
	write(w, http.StatusOK, "overview", o)
	return nil
}

// nowhere answers an address that is none of the page's.
func (s *Server) nowhere(http.ResponseWriter, *http.Request) error {
	return &pageError{http.StatusNotFound, "No such page", "There is nothing at this address."}
}

type listView struct {
	frame
	Chosen   chosen
	Words    string // searched for
	Facets   []facet
	Says     string
	Count    string
	Rows     []listRow
	Page     int
	Pages    int
	Prev     string
	Next     string
	Exports  []export
	Query    string
	ReviewTo string
}

type listRow struct {
	ID       int64
	URL      string
	Card     report.Card
	Choice   string
	Decision string
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) error {
	v, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	sum, err := s.opt.Desk.Summary(r.Context())
	if err != nil {
		return err
	}
	c := parseChosen(r.URL.Query())
	list, err := s.choose(r.Context(), v, c)
	if err != nil {
		return err
	}
	l := listView{
		frame: s.frame(r, "Posts", "posts", v), Chosen: c, Facets: facets(&sum, v.items, c), Says: s.says(&sum, c),
		Count: report.Plural(len(list), "post", "posts"), Exports: exports, Query: c.Query(), ReviewTo: "/review" + c.Query(),
	}
	l.Words, _ = s.finds.words(c.Search)
	l.Pages = max(1, (len(list)+perPage-1)/perPage)
	l.Page, _ = strconv.Atoi(r.URL.Query().Get("page"))
	l.Page = min(max(l.Page, 1), l.Pages)
	if l.Page > 1 {
		l.Prev = "/posts" + c.with("page", strconv.Itoa(l.Page-1))
	}
	if l.Page < l.Pages {
		l.Next = "/posts" + c.with("page", strconv.Itoa(l.Page+1))
	}
	shown := list[(l.Page-1)*perPage : min(len(list), l.Page*perPage)]
	rows, err := s.rows(r.Context(), shown)
	if err != nil {
		return err
	}
	for i, it := range shown {
		row, ok := rows[it.id]
		if !ok {
			continue // it went while the page was made
		}
		row.Decision = nil // said by the list itself
		l.Rows = append(l.Rows, listRow{
			ID: it.id, URL: "/post/" + strconv.FormatInt(it.id, 10) + c.Query(), Card: report.NewCard(&sum, &row, i+1),
			Choice: string(it.decision), Decision: decisionName(it.decision),
		})
	}
	write(w, http.StatusOK, "posts", l)
	return nil
}

// rows reads posts with their texts.
func (s *Server) rows(ctx context.Context, list []*item) (map[int64]store.Row, error) {
	rows := map[int64]store.Row{}
	if len(list) == 0 {
		return rows, nil
	}
	var uids []string
	for _, it := range list {
		uids = append(uids, it.uids[0])
	}
	for row, err := range s.opt.Reader.Findings(ctx, store.Filter{UIDs: uids}) {
		if err != nil {
			return nil, err
		}
		rows[row.Post.ID] = row
	}
	return rows, nil
}

// search keeps the words away from addresses: they are posted, and the list
// is shown under a number that stands for them.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	if err := s.form(w, r); err != nil {
		return err
	}
	c := parseChosen(r.PostForm)
	c.Search = ""
	if words := strings.TrimSpace(r.PostFormValue("words")); words != "" {
		c.Search = s.finds.keep(words)
	}
	http.Redirect(w, r, "/posts"+c.Query(), http.StatusSeeOther)
	return nil
}

// form reads a form, which must be one of this server's.
func (s *Server) form(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		return &pageError{http.StatusBadRequest, "Not done", "The form could not be read."}
	}
	if !s.guard.keeps(r) {
		return &pageError{http.StatusForbidden, "Not done", "This form is from an earlier run of lookback. Load the page anew and try again."}
	}
	return nil
}

// review leads to the next post to decide about.
func (s *Server) review(w http.ResponseWriter, r *http.Request) error {
	v, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	c := parseChosen(r.URL.Query())
	list, err := s.choose(r.Context(), v, c)
	if err != nil {
		return err
	}
	to := "/posts" + c.Query()
	if it := next(list, -1); it != nil {
		to = postURL(it, c)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func postURL(it *item, c chosen, more ...string) string {
	return "/post/" + strconv.FormatInt(it.id, 10) + c.with(more...)
}

func (s *Server) decide(w http.ResponseWriter, r *http.Request) error {
	if err := s.form(w, r); err != nil {
		return err
	}
	v, it, err := s.item(r)
	if err != nil {
		return err
	}
	d, only, err := readDecision(r)
	if err != nil {
		return err
	}
	if d.Choice == store.ChoiceKeep && d.Reason == "" {
		return s.showPost(w, r, v, it, parseChosen(r.PostForm), true)
	}
	list := []*item{it}
	if r.PostFormValue("group") != "" {
		list = slices.DeleteFunc(slices.Clone(v.siblings(it)), func(o *item) bool { return o == it })
		list = append([]*item{it}, list...)
	}
	about, err := decisions(list, only, d)
	if err != nil {
		return &pageError{http.StatusBadRequest, "Not done", "There is no such finding."}
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if _, err := s.opt.Decider.Decide(ctx, about); err != nil {
		return err
	}
	return s.decided(w, r, v, it, d.Choice)
}

// readDecision reads the form's choice, and which finding alone it is about;
// -1 is all.
func readDecision(r *http.Request) (store.Decision, int, error) {
	text := report.SafeLine(strings.TrimSpace(r.PostFormValue("reason")))
	if n := []rune(text); len(n) > mostReason {
		text = string(n[:mostReason])
	}
	d := store.Decision{Choice: store.Choice(r.PostFormValue("choice"))}
	switch d.Choice {
	case store.ChoiceKeep:
		d.Reason = text
	case store.ChoiceRemove, store.ChoiceNotIssue, store.ChoiceDone:
		d.Note = text
	case "back":
		d.Choice = ""
	default:
		return d, 0, &pageError{http.StatusBadRequest, "Not done", "That is no decision."}
	}
	only := -1
	// A post can only be removed as a whole.
	if about := r.PostFormValue("about"); about != "" && d.Choice != store.ChoiceRemove && d.Choice != store.ChoiceDone {
		n, err := strconv.Atoi(about)
		if err != nil || n < 0 {
			return d, 0, &pageError{http.StatusBadRequest, "Not done", "There is no such finding."}
		}
		only = n
	}
	return d, only, nil
}

// decided leads on: to the next post that waits, or to the end.
func (s *Server) decided(w http.ResponseWriter, r *http.Request, was bookView, it *item, choice store.Choice) error {
	v, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	n := strconv.Itoa(len(changedSince(was, v)))
	c := parseChosen(r.PostForm)
	if choice == "" {
		http.Redirect(w, r, postURL(it, c, "did", "back", "n", n), http.StatusSeeOther)
		return nil
	}
	list, err := s.choose(r.Context(), v, c)
	if err != nil {
		return err
	}
	to := "/posts" + c.with("did", string(choice), "n", n, "end", "1")
	if c.Query() == "" {
		to = "/" + c.with("did", string(choice), "n", n, "end", "1")
	}
	if now := v.byID[it.id]; now != nil && now.decision == "" {
		to = postURL(now, c, "did", string(choice), "n", n) // another finding of it waits
	} else if after := next(list, it.place); after != nil {
		to = postURL(after, c, "did", string(choice), "n", n)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// changedSince lists the posts about which something else is decided now.
func changedSince(was, now bookView) []*item {
	var list []*item
	for _, it := range now.items {
		if old := was.byID[it.id]; old != nil && !slices.Equal(old.subjects, it.subjects) {
			list = append(list, it)
		}
	}
	return list
}

func (s *Server) undo(w http.ResponseWriter, r *http.Request) error {
	if err := s.form(w, r); err != nil {
		return err
	}
	was, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	c := parseChosen(r.PostForm)
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if _, err := s.opt.Decider.Undo(ctx); errors.Is(err, store.ErrNothingToUndo) {
		http.Redirect(w, r, "/"+c.with("did", "nothing"), http.StatusSeeOther)
		return nil
	} else if err != nil {
		return err
	}
	v, err := s.book.now(r.Context())
	if err != nil {
		return err
	}
	list := changedSince(was, v)
	n := strconv.Itoa(len(list))
	to := "/" + c.with("did", "undone", "n", n)
	if len(list) > 0 {
		to = postURL(list[0], c, "did", "undone", "n", n)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
