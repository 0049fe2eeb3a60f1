package serve

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"lookback/report"
	"lookback/store"
)

//go:embed page
var pageFiles embed.FS

var (
	ownStyle  = mustRead("page/serve.css")
	ownScript = mustRead("page/serve.js")
	ownIcon   = mustRead("page/icon.svg")
)

// pages are read when the first one is shown: no other command waits for them.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(report.Pieces().Funcs(template.FuncMap{
		"number": report.Number, "choice": func(c string) string { return choiceName(store.Choice(c)) },
	}).ParseFS(pageFiles, "page/*.tmpl"))
})

func mustRead(name string) string {
	b, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err) // the file is compiled in
	}
	return string(b)
}

// plainView is a page with one thing to say.
type plainView struct{ Title, Text, Hint string }

// write renders a page whole before any of it goes out.
func write(w http.ResponseWriter, code int, name string, data any) {
	var b bytes.Buffer
	if err := pages().ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "This page could not be made.", http.StatusInternalServerError) // the cause could quote its data
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = b.WriteTo(w) // a browser that went away
}

// pageError is a failure that is answered with its own page.
type pageError struct {
	code        int
	title, text string
}

func (e *pageError) Error() string { return e.text }

var errSearchGone = &pageError{http.StatusGone, "Search again", "lookback no longer knows what was searched for here: searches are not kept."}

// fail answers with what went wrong. No error of ours holds a post's text.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	code, v := http.StatusInternalServerError, plainView{Title: "That did not work", Text: title(report.SafeLine(err.Error())) + "."}
	var page *pageError
	var hint *store.HintError
	switch {
	case errors.As(err, &page):
		code, v = page.code, plainView{Title: page.title, Text: page.text}
	case s.intake.busy() && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, store.ErrBusy)):
		code, v = http.StatusServiceUnavailable, plainView{Title: "Not now", Text: "Archives are being read at the moment. Try again when that is done: nothing was changed."}
	case errors.As(err, &hint):
		v.Text, v.Hint = title(report.SafeLine(hint.Err.Error()))+".", title(report.SafeLine(strings.ReplaceAll(hint.Hint, "`", "")))+"."
	}
	if r.Header.Get("Accept") == "text/plain" { // our own script asks
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(strings.TrimSpace(v.Text + " " + v.Hint)))
		return
	}
	write(w, code, "plain", v)
}
