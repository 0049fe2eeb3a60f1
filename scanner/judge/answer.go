package judge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"lookback/store"
)

// content takes what the model said out of an answer of the endpoint.
func content(body []byte) (string, error) {
	var r struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
		} `json:"choices"`
	}
	if json.Unmarshal(body, &r) != nil || len(r.Choices) == 0 || r.Choices[0].Message.Content == "" {
		return "", fmt.Errorf("%w: it is not in the form of chat completions", ErrUnusable)
	}
	return r.Choices[0].Message.Content, nil
}

// answer is what a model is to say.
type answer struct {
	Action     *string  `json:"action"`
	Theme      *string  `json:"theme"`
	Confidence *float64 `json:"confidence"`
	Quotes     []string `json:"quotes"`
	Why        *string  `json:"why"`
}

// parse finds the answer in what a model said. Without a schema to hold them,
// models think aloud before it, fence it and talk on.
func parse(said string) (a answer, ok bool) {
	if i := strings.LastIndex(said, "</think>"); i >= 0 {
		said = said[i:]
	}
	for tries := 0; tries < 100; tries++ {
		i := strings.IndexByte(said, '{')
		if i < 0 {
			break
		}
		said = said[i:]
		var next answer
		if json.NewDecoder(strings.NewReader(said)).Decode(&next) == nil && next.Action != nil {
			return next, true
		}
		said = said[1:]
	}
	return answer{}, false
}

// maxWhy is how much of a reason is kept, in characters.
const maxWhy = 300

// opinion checks what a model said of a post: everything must be there, the
// theme must be one that it was told, and words that it quotes must be in the
// post.
func (j *Judge) opinion(said string, q *store.Question) (store.Opinion, error) {
	wrong := func(what string) (store.Opinion, error) {
		return store.Opinion{}, fmt.Errorf("%w: %s", ErrUnusable, what)
	}
	a, ok := parse(said)
	if !ok || a.Theme == nil || a.Confidence == nil || a.Why == nil {
		return wrong("it is not in the form that was asked for")
	}
	o := store.Opinion{Action: store.Action(strings.ToLower(strings.TrimSpace(*a.Action))), Confidence: *a.Confidence, Why: reason(*a.Why)}
	if o.Confidence < 0 || o.Confidence > 1 {
		return wrong("its confidence is not between 0 and 1")
	}
	switch o.Action {
	case store.ActionNone:
		return o, nil
	case store.ActionRemove, store.ActionReview:
	default:
		return wrong("it names an action that there is not")
	}
	th, ok := j.themes[strings.ToLower(strings.TrimSpace(*a.Theme))]
	if !ok {
		return wrong("it names a theme that there is not")
	}
	if o.Why == "" {
		return wrong("it gives no reason")
	}
	o.Theme, o.Standards = th.ID, slices.Clone(th.Standards)
	if o.Spans = locate(beginning(q.Post.Text), a.Quotes); len(o.Spans) == 0 {
		return wrong("it quotes words that the post does not hold")
	}
	return o, nil
}

// reason makes one line of a model's reason, of a reasonable length.
func reason(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if r := []rune(s); len(r) > maxWhy {
		return string(r[:maxWhy]) + "…"
	}
	return s
}

// maxQuotes is how many quotations of an answer count.
const maxQuotes = 10

// locate finds quoted words in a text, whatever their case, blanks and kind of
// quotation marks, but as whole words. All that occur count, each once, in
// order.
func locate(text string, quotes []string) []store.Span {
	in := fold(text)
	var spans []store.Span
	for _, quote := range quotes[:min(len(quotes), maxQuotes)] {
		what := strings.Trim(string(fold(quote).runes), " ")
		what = strings.TrimSuffix(strings.TrimSuffix(what, "…"), "...")
		if s, ok := in.find([]rune(strings.TrimSpace(what))); ok {
			spans = append(spans, s)
		}
	}
	slices.SortFunc(spans, func(a, b store.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// folded is a text as quotations are compared with it, each character with the
// bytes that it comes from.
type folded struct {
	runes      []rune
	start, end []int
}

func fold(s string) folded {
	var f folded
	for i, r := range s {
		n := len(string(r))
		if r == unicode.ReplacementChar && !strings.HasPrefix(s[i:], "\uFFFD") {
			n = 1 // a byte that is not UTF-8
		}
		switch {
		case unicode.IsSpace(r):
			if k := len(f.runes); k > 0 && f.runes[k-1] == ' ' {
				f.end[k-1] = i + n
				continue
			}
			r = ' '
		case r == '‘' || r == '’':
			r = '\''
		case r == '“' || r == '”':
			r = '"'
		default:
			r = unicode.ToLower(r)
		}
		f.runes, f.start, f.end = append(f.runes, r), append(f.start, i), append(f.end, i+n)
	}
	return f
}

// find returns the first place of what as whole words.
func (f folded) find(what []rune) (store.Span, bool) {
	if !slices.ContainsFunc(what, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.IsPunct(r) }) {
		return store.Span{}, false // marks alone are no words
	}
	for i := 0; i+len(what) <= len(f.runes); i++ {
		end := i + len(what)
		if !slices.Equal(f.runes[i:end], what) {
			continue
		}
		if i > 0 && wordy(f.runes[i-1]) && wordy(what[0]) || end < len(f.runes) && wordy(f.runes[end]) && wordy(what[len(what)-1]) {
			continue // inside a word
		}
		return store.Span{Start: f.start[i], End: f.end[end-1]}, true
	}
	return store.Span{}, false
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
