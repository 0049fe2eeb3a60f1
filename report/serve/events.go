package serve

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"time"

	"lookback/report"
	"lookback/store"
)

const (
	heartbeat = 300 * time.Millisecond // between two looks at what the server itself changed
	storeBeat = 5                      // heartbeats between two looks at what others changed in the store
	aliveBeat = 50                     // heartbeats after which a word is sent, so that a tab that is gone is noticed
)

// events tells a tab what changed since the version that it shows, as
// server-sent events, until the tab is closed.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.Atoi(r.URL.Query().Get("version"))
	if err != nil {
		return &pageError{http.StatusBadRequest, "Not done", "There is no such version."}
	}
	if last, err := strconv.Atoi(r.Header.Get("Last-Event-ID")); err == nil {
		version = max(version, last) // the tab was cut off and comes back
	}
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	rounds, first := -1, true
	for beat := 0; ; beat++ {
		file, now := s.intake.news()
		if first || now != rounds || beat%storeBeat == 0 {
			n, err := s.book.since(r.Context(), version, file == nil || !file.Running)
			if err != nil && first {
				return err
			}
			n.Import = file
			if err == nil && (first || now != rounds || n.Version != version) {
				if err := send(w, n); err != nil {
					return nil // the tab is gone
				}
				version, rounds, first = n.Version, now, false
			}
		}
		if beat%aliveBeat == aliveBeat-1 {
			_, _ = fmt.Fprint(w, ":\n\n") // Flush says whether it went out
		}
		if out.Flush() != nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return nil
		case <-s.stop.Done():
			return nil
		}
	}
}

func send(w http.ResponseWriter, n news) error {
	b, err := json.Marshal(n)
	if err == nil {
		_, err = fmt.Fprintf(w, "id: %d\ndata: %s\n\n", n.Version, b)
	}
	return err
}

// export is one form in which the findings can be saved.
type export struct{ Format, Label, About, file, kind string }

var exports = []export{
	{report.FormatHTML, "Report", "one page for a browser, with filters and search", "report.html", "text/html; charset=utf-8"},
	{report.FormatCSV, "Spreadsheet", "CSV, one line for each finding", "findings.csv", "text/csv; charset=utf-8"},
	{report.FormatJSONL, "JSON Lines", "for other programs", "findings.jsonl", "application/jsonl"},
	{report.FormatMarkdown, "Record", "Markdown without any post's text, to show to somebody", "record.md", "text/markdown; charset=utf-8"},
}

// export writes a report of the chosen posts as a download.
func (s *Server) export(w http.ResponseWriter, r *http.Request) error {
	for _, e := range exports {
		if e.Format == r.PathValue("format") {
			return s.save(w, r, e)
		}
	}
	return &pageError{http.StatusNotFound, "No such page", "There is no report of this form."}
}

func (s *Server) save(w http.ResponseWriter, r *http.Request, e export) error {
	ctx := r.Context()
	sum, err := s.opt.Desk.Summary(ctx)
	if err != nil {
		return err
	}
	flt := store.Filter{IncludeGone: e.Format == report.FormatMarkdown} // the record also says what was removed since
	rows := s.opt.Reader.Findings(ctx, flt)
	if c := parseChosen(r.URL.Query()); c.Query() != "" {
		if rows, err = s.only(r, c, rows); err != nil {
			return err
		}
	}
	out, err := report.New(e.Format, report.Options{BOM: true})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", e.kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+e.file+`"`)
	if out.Write(w, sum, rows) != nil {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

// only leaves out the rows that are not chosen.
func (s *Server) only(r *http.Request, c chosen, rows iter.Seq2[store.Row, error]) (iter.Seq2[store.Row, error], error) {
	v, err := s.book.now(r.Context())
	if err != nil {
		return nil, err
	}
	list, err := s.choose(r.Context(), v, c)
	if err != nil {
		return nil, err
	}
	takes := map[int64]bool{}
	for _, it := range list {
		takes[it.id] = true
	}
	return func(yield func(store.Row, error) bool) {
		for row, err := range rows {
			if (err != nil || takes[row.Post.ID]) && !yield(row, err) {
				return
			}
		}
	}, nil
}
