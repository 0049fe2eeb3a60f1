package serve

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lookback/report"
	"lookback/store"
)

// postView is one post to decide about.
type postView struct {
	frame
	ID        int64
	Place     string // "Post 3 of 86"
	Prev      string
	Next      string
	Says      string // the filter in words
	All       string // the way back to the list
	Chosen    chosen
	Card      report.Card
	Before    []said
	After     []said
	Subjects  []option
	Decided   []decidedView
	Choice    string // the post's decision in one word
	Label     string
	Group     []siblingView
	GroupAll  int
	GroupMore int  // that are not shown
	Missing   bool // a reason was not given
}

// said is another post of the thread.
type said struct {
	URL, ISO, When, What, Text string
}

type decidedView struct {
	Theme, Label, Words, When string
}

type siblingView struct {
	URL, When, Text, Decision string
}

// item finds the post that an address names.
func (s *Server) item(r *http.Request) (bookView, *item, error) {
	v, err := s.book.now(r.Context())
	if err != nil {
		return v, nil, err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	it := v.byID[id]
	if err != nil || it == nil {
		return v, nil, &pageError{http.StatusNotFound, "No such post", "This post is not flagged, or not any more: a newer archive or another set of rules may have changed that."}
	}
	return v, it, nil
}

func (s *Server) post(w http.ResponseWriter, r *http.Request) error {
	v, it, err := s.item(r)
	if err != nil {
		return err
	}
	return s.showPost(w, r, v, it, parseChosen(r.URL.Query()), false)
}

func (s *Server) showPost(w http.ResponseWriter, r *http.Request, v bookView, it *item, c chosen, missing bool) error {
	sum, err := s.opt.Desk.Summary(r.Context())
	if err != nil {
		return err
	}
	list, err := s.choose(r.Context(), v, c)
	if err != nil {
		return err
	}
	group := v.siblings(it)
	shown := slices.DeleteFunc(slices.Clone(group), func(o *item) bool { return o == it })
	rows, err := s.rows(r.Context(), append([]*item{it}, shown[:min(len(shown), perPage)]...))
	if err != nil {
		return err
	}
	row, ok := rows[it.id]
	if !ok {
		return &pageError{http.StatusNotFound, "No such post", "This post is not flagged any more."}
	}
	p := postView{
		frame: s.frame(r, "Review", "review", v), ID: it.id, Chosen: c, Says: s.says(&sum, c), All: "/posts" + c.Query(),
		Choice: string(it.decision), Label: decisionName(it.decision), GroupAll: len(group), Missing: missing,
	}
	p.around(list, it, c)
	p.about(&sum, &row)
	if err := s.threadOf(r, &p, it, v, c); err != nil {
		return err
	}
	for _, o := range shown {
		if orow, ok := rows[o.id]; ok {
			p.Group = append(p.Group, siblingView{
				URL: postURL(o, c), When: report.Moment(&orow.Post), Text: report.PageText(orow.Post.Text), Decision: decisionName(o.decision),
			})
		}
	}
	p.GroupMore = len(group) - 1 - len(p.Group)
	row.Decision = nil // said below the post
	p.Card = report.NewCard(&sum, &row, 1)
	p.Card.Notes = append(p.Card.Notes, attached(&row.Post)...)
	code := http.StatusOK
	if missing {
		code = http.StatusUnprocessableEntity
	}
	write(w, code, "post", p)
	return nil
}

// around says where in the list the post stands, and what is beside it.
func (p *postView) around(list []*item, it *item, c chosen) {
	p.Place = "Post"
	i := slices.IndexFunc(list, func(o *item) bool { return o.place >= it.place })
	if i < 0 {
		i = len(list)
	}
	after := i
	if i < len(list) && list[i] == it {
		p.Place = "Post " + report.Number(i+1) + " of " + report.Number(len(list))
		after = i + 1
	}
	p.Title = p.Place
	if i > 0 {
		p.Prev = postURL(list[i-1], c)
	}
	if after < len(list) {
		p.Next = postURL(list[after], c)
	}
}

// about fills in the findings to choose from and what was decided of them.
func (p *postView) about(sum *store.Summary, row *store.Row) {
	for i, f := range row.Findings {
		theme := report.ThemeTitle(sum, f.Theme)
		p.Subjects = append(p.Subjects, option{Value: strconv.Itoa(i), Label: theme})
		if f.Choice == "" {
			continue
		}
		d := decidedView{Theme: theme, Label: choiceName(f.Choice)}
		if f.Decision != nil {
			d.Words = report.SafeLine(strings.TrimSpace(f.Decision.Reason + " " + f.Decision.Note))
			if !f.Decision.Decided.IsZero() {
				d.When = f.Decision.Decided.Local().Format("2 January 2006, 15:04")
			}
		}
		p.Decided = append(p.Decided, d)
	}
	if len(p.Subjects) < 2 {
		p.Subjects = nil
	}
	if len(p.Decided) > 1 && len(p.Decided) == len(row.Findings) && !slices.ContainsFunc(p.Decided, func(d decidedView) bool {
		return d.Label != p.Decided[0].Label || d.Words != p.Decided[0].Words
	}) {
		p.Decided = p.Decided[:1]
		p.Decided[0].Theme = ""
	}
}

// threadOf fills in what the archive has before and after the post.
func (s *Server) threadOf(r *http.Request, p *postView, it *item, v bookView, c chosen) error {
	t, err := s.opt.Reader.Thread(r.Context(), it.id, aroundPost)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	fill := func(list []store.Post) (out []said) {
		for _, q := range list {
			x := said{ISO: report.ISOTime(&q), When: report.Moment(&q), What: title(report.KindName(q.Kind)), Text: report.PageText(q.Text)}
			if o := v.byID[q.ID]; o != nil {
				x.URL = postURL(o, c)
			}
			if !q.Own && q.Author != "" {
				x.What += " by " + report.SafeLine(q.Author)
			}
			out = append(out, x)
		}
		return out
	}
	p.Before, p.After = fill(t.Before), fill(t.After)
	return nil
}

// attached says what belongs to a post and cannot be judged here.
func attached(p *store.Post) []string {
	var out []string
	if n := len(p.Media); n > 0 {
		note := "It came with " + report.Plural(n, "attachment", "attachments") + ", which nobody has looked at: look yourself."
		for _, m := range p.Media {
			if m.Alt != "" {
				note += " Described as: " + report.SafeLine(m.Alt)
			}
		}
		out = append(out, note)
	}
	if n := len(p.Versions); n > 0 {
		out = append(out, "It was edited; "+report.Plural(n, "earlier version is", "earlier versions are")+" known.")
	}
	return out
}
