package report

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"time"

	"lookback/store"
)

// jsonlWriter writes one JSON object a line, in UTF-8, for each flagged post
// and nothing else. The members, with those that may be missing in brackets:
//
//	post_id, key         the post's number in the store; its key in the account
//	platform, account    importer's name; handle without @, else name or number
//	kind, own            as in the store; own is true when the owner wrote it
//	[author]             who wrote it otherwise
//	action               the most serious of the findings: remove or review
//	[created_at]         RFC 3339; only the day, or no zone, where the archive knows no more
//	[precision]          minute, day or zone-unknown
//	[audience] [place]   who could read it; group, server, page or chat
//	[link]               only http or https
//	text [answers]       the whole text; the text that it replies to
//	[truncated] [gone]   true: only the start is in the archive; a newer archive lacks it
//	findings             list of: id, rule, theme, standards, action, confidence, spans, words, why, advice,
//	                     [decision] as below, [silenced] true where the allow list names it
//	[judge]              a judge's second opinion: model, action (remove, review or none), [theme],
//	                     standards, confidence, spans, words, why. Where only the judge flags the
//	                     post, action is none and findings is empty.
//	[decision]           once all is decided: choice, [theme], [reason], [note], [decided_at]
//
// Spans are offsets in bytes of the UTF-8 text, end exclusive.
type jsonlWriter struct{}

// Write implements [Writer].
func (jsonlWriter) Write(w io.Writer, _ store.Summary, rows iter.Seq2[store.Row, error]) error {
	out := bufio.NewWriterSize(w, bufferSize)
	var o object
	n := 0
	for row, err := range rows {
		if err != nil {
			return rowError(n, err)
		}
		n++
		o.buf = o.buf[:0]
		o.row(&row)
		if _, err := out.Write(append(o.buf, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (o *object) row(row *store.Row) {
	mapText(row, unchanged) // offsets must hold for the text as written
	p := &row.Post
	o.open()
	o.int("post_id", p.ID)
	o.str("key", p.Key)
	o.str("platform", row.Account.Platform)
	o.str("account", accountCell(&row.Account))
	o.str("kind", string(p.Kind))
	o.name("own")
	o.buf = strconv.AppendBool(o.buf, p.Own)
	o.opt("author", p.Author)
	o.str("action", string(worst(row.Findings)))
	if at := isoTime(p); at != "" {
		o.str("created_at", at)
		o.opt("precision", string(p.Precision))
	}
	o.opt("audience", string(p.Audience))
	o.opt("place", p.Place)
	o.opt("link", safeLink(p.URL))
	o.str("text", p.Text)
	o.opt("answers", row.Answers)
	if row.Answers != "" {
		o.flag("answers_own", row.AnswersOwn)
		o.opt("answers_author", row.AnswersAuthor)
	}
	o.opt("target", row.Target)
	if row.Series > 0 {
		o.int("series", int64(row.Series))
	}
	o.flag("truncated", p.Truncated)
	o.flag("gone", p.GoneArchive != 0)
	o.name("findings")
	o.buf = append(o.buf, '[')
	for i := range row.Findings {
		if i > 0 {
			o.buf = append(o.buf, ',')
		}
		o.finding(p.Text, &row.Findings[i])
	}
	o.buf = append(o.buf, ']')
	o.opinion(p.Text, row.Opinion)
	o.decision(row.Decision)
	o.close()
}

func (o *object) finding(text string, f *store.Finding) {
	o.open()
	o.str("id", findingName(f))
	o.str("rule", f.Rule)
	o.str("theme", f.Theme)
	o.name("standards")
	o.buf = appendStrings(o.buf, f.Standards)
	o.str("action", string(f.Action))
	o.float("confidence", f.Confidence)
	if f.Earlier != nil {
		o.earlier(f)
	} else {
		o.spans(text, f.Spans)
	}
	o.str("why", f.Why)
	o.str("advice", f.Advice)
	o.decision(f.Decision)
	o.flag("silenced", f.Silenced)
	o.close()
}

// earlier writes the earlier text that a finding is about; the offsets of spans
// hold for it.
func (o *object) earlier(f *store.Finding) {
	row := store.Row{Post: store.Post{Text: f.Earlier.Text}, Findings: []store.Finding{{Spans: f.EarlierSpans}}}
	mapText(&row, unchanged)
	o.name("earlier")
	o.open()
	o.str("text", row.Post.Text)
	if !f.Earlier.Created.IsZero() {
		o.str("created_at", f.Earlier.Created.UTC().Format(time.RFC3339))
	}
	o.close()
	o.spans(row.Post.Text, row.Findings[0].Spans)
}

// spans writes where words are and what they are.
func (o *object) spans(text string, list []store.Span) {
	o.name("spans")
	o.buf = append(o.buf, '[')
	for i, s := range trusted(text, list) {
		if i > 0 {
			o.buf = append(o.buf, ',')
		}
		o.open()
		o.int("start", int64(s.Start))
		o.int("end", int64(s.End))
		o.close()
	}
	o.buf = append(o.buf, ']')
	o.name("words")
	o.buf = appendStrings(o.buf, flagged(text, list))
}

func (o *object) decision(d *store.Decision) {
	if d == nil {
		return
	}
	o.name("decision")
	o.open()
	o.str("choice", string(d.Choice))
	o.opt("theme", d.Theme)
	o.opt("reason", d.Reason)
	o.opt("note", d.Note)
	if !d.Decided.IsZero() {
		o.str("decided_at", d.Decided.UTC().Format(time.RFC3339))
	}
	o.close()
}
