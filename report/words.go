package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lookback/store"
)

// platforms are the names people know for the names importers have.
var platforms = map[string]string{
	"x": "X", "twitter": "X", "facebook": "Facebook", "instagram": "Instagram", "threads": "Threads",
	"linkedin": "LinkedIn", "tiktok": "TikTok", "youtube": "YouTube", "reddit": "Reddit", "tumblr": "Tumblr",
	"discord": "Discord", "mastodon": "Mastodon", "bluesky": "Bluesky", "whatsapp": "WhatsApp",
	"snapchat": "Snapchat", "pinterest": "Pinterest", "google": "Google", "telegram": "Telegram",
	"misskey": "Misskey", "pixelfed": "Pixelfed",
}

// PlatformName is a platform's name as people write it.
func PlatformName(key string) string { return platformName(key) }

// KindCount is a number of texts of one kind, in words: "2 replies".
func KindCount(kind string, n int) string { return kindCount(kind, n) }

func platformName(key string) string {
	if name, ok := platforms[key]; ok {
		return name
	}
	if key == "" {
		return "Unknown platform"
	}
	return SafeLine(key)
}

// kindNames has the word for one and the word for many.
var kindNames = map[store.Kind][2]string{
	store.KindPost:    {"post", "posts"},
	store.KindReply:   {"reply", "replies"},
	store.KindRepost:  {"repost", "reposts"},
	store.KindQuote:   {"quote", "quotes"},
	store.KindLike:    {"like", "likes"},
	store.KindDM:      {"direct message", "direct messages"},
	store.KindBio:     {"profile text", "profile texts"},
	store.KindAlt:     {"image description", "image descriptions"},
	store.KindComment: {"comment", "comments"},
}

func kindName(k store.Kind) string {
	if names, ok := kindNames[k]; ok {
		return names[0]
	}
	return SafeLine(string(k))
}

func kindCount(k string, n int) string {
	names, ok := kindNames[store.Kind(k)]
	if !ok {
		names = [2]string{SafeLine(k), SafeLine(k)}
	}
	return plural(n, names[0], names[1])
}

// postName says what a flagged text is and, where it is known, where it was
// said: "Reddit comment (r/OccupationalTherapy)".
func postName(row *store.Row) string {
	name := platformName(row.Account.Platform) + " " + kindName(row.Post.Kind)
	if place := SafeLine(row.Post.Place); place != "" {
		name += " (" + place + ")"
	}
	return name
}

var audienceNames = map[store.Audience]string{
	store.AudiencePublic:    "public",
	store.AudienceUnlisted:  "unlisted",
	store.AudienceFollowers: "followers only",
	store.AudienceFriends:   "friends only",
	store.AudienceGroup:     "a group",
	store.AudienceCircle:    "a circle",
	store.AudienceDirect:    "one person or chat",
	store.AudienceOnlyMe:    "only you",
}

func audienceName(a store.Audience) string {
	if name, ok := audienceNames[a]; ok {
		return name
	}
	return SafeLine(string(a))
}

var choiceNames = map[store.Choice]string{
	store.ChoiceRemove:   "to be removed",
	store.ChoiceKeep:     "kept",
	store.ChoiceNotIssue: "not an issue",
	store.ChoiceDone:     "done",
}

func choiceName(c store.Choice) string {
	if name, ok := choiceNames[c]; ok {
		return name
	}
	return SafeLine(string(c))
}

// confidenceName puts a number between 0 and 1 into words; nobody should read
// a second decimal into it.
func confidenceName(c float64) string {
	switch {
	case c >= 0.85:
		return "high"
	case c >= 0.6:
		return "fair"
	}
	return "low"
}

func actionName(a store.Action) string {
	switch a {
	case store.ActionRemove:
		return "Remove"
	case store.ActionReview:
		return "Review"
	case onlyJudged:
		return "Judge only"
	}
	return "None"
}

// number writes n with a comma at each thousand.
func number(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// years writes years in order, longer runs as ranges: "2013, 2015 to 2018".
func years(ys []int) string {
	ys = slices.Compact(slices.Sorted(slices.Values(ys)))
	var parts []string
	for i := 0; i < len(ys); {
		j := i
		for j+1 < len(ys) && ys[j+1] <= ys[j]+1 {
			j++
		}
		if ys[j]-ys[i] < 2 {
			j = i
		}
		part := strconv.Itoa(ys[i])
		if j > i {
			part += " to " + strconv.Itoa(ys[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return list(parts)
}

// day writes a date for a person; a zero time is no date.
func day(t time.Time) string {
	if t.IsZero() {
		return "no date"
	}
	return t.UTC().Format("2 January 2006")
}

// moment is the date of a post and, where the archive gave one that can be
// trusted, its time.
func moment(p *store.Post) string {
	if p.Created.IsZero() || p.Precision == store.PrecisionNone {
		return "no date"
	}
	switch p.Precision {
	case store.PrecisionDay:
		return day(p.Created)
	case store.PrecisionZone:
		return p.Created.UTC().Format("2 January 2006, 15:04") + " (time zone unknown)"
	}
	return p.Created.UTC().Format("2 January 2006, 15:04") + " UTC"
}

// isoTime is the post's time for a program, no finer than it is known; empty
// where there is none.
func isoTime(p *store.Post) string {
	if p.Created.IsZero() || p.Precision == store.PrecisionNone {
		return ""
	}
	switch p.Precision {
	case store.PrecisionDay:
		return p.Created.UTC().Format(time.DateOnly)
	case store.PrecisionZone:
		return p.Created.UTC().Format("2006-01-02T15:04:05")
	}
	return p.Created.UTC().Format(time.RFC3339)
}

// year is the post's year in UTC, 0 where it has no date.
func year(p *store.Post) int {
	if p.Created.IsZero() || p.Precision == store.PrecisionNone {
		return 0
	}
	return p.Created.UTC().Year()
}

func yearLabel(label string) string {
	if label == "" || label == "0" {
		return "no date"
	}
	return SafeLine(label)
}

// handle names an account as its owner would.
func handle(a store.Account) string {
	switch {
	case strings.ContainsAny(a.Handle, " #"): // a chat's or an old Discord name
		return SafeLine(cmp.Or(a.Name, a.Handle))
	case a.Handle != "":
		return "@" + SafeLine(a.Handle)
	case a.Name != "":
		return SafeLine(a.Name)
	case a.NativeID != "":
		return SafeLine(a.NativeID)
	}
	return "unnamed account"
}

func span(first, last time.Time) string {
	if first.IsZero() || last.IsZero() {
		return "no dates"
	}
	if day(first) == day(last) {
		return day(first)
	}
	return day(first) + " to " + day(last)
}

// trusted returns the spans that lie inside text, in order and not
// overlapping. A span that does not is dropped rather than trusted: a report
// must come out whatever a store holds.
func trusted(text string, spans []store.Span) []store.Span {
	end := 0
	for i, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(text) || inside(text, s.Start) || inside(text, s.End) {
			return trim(text, spans, i)
		}
		end = s.End
	}
	return spans
}

func trim(text string, spans []store.Span, from int) []store.Span {
	kept := slices.Clone(spans[:from])
	for _, s := range spans[from:] {
		end := 0
		if len(kept) > 0 {
			end = kept[len(kept)-1].End
		}
		s.Start, s.End = max(s.Start, end), min(s.End, len(text))
		for inside(text, s.Start) {
			s.Start--
		}
		for inside(text, s.End) {
			s.End++
		}
		if s.Start < s.End {
			kept = append(kept, s)
		}
	}
	return kept
}

// inside reports whether i is in the middle of a character.
func inside(text string, i int) bool {
	return i > 0 && i < len(text) && !utf8.RuneStart(text[i])
}

// union merges the spans of all findings into one list.
func union(text string, fs []store.Finding) []store.Span {
	if len(fs) == 1 {
		return trusted(text, fs[0].Spans)
	}
	var all []store.Span
	for _, f := range fs {
		all = append(all, trusted(text, f.Spans)...)
	}
	slices.SortFunc(all, func(a, b store.Span) int { return a.Start - b.Start })
	var out []store.Span
	for _, s := range all {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// flagged returns the words that spans mark, each once.
func flagged(text string, spans []store.Span) []string {
	var words []string
	for _, s := range trusted(text, spans) {
		if w := text[s.Start:s.End]; !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// worst is [store.Row.Action] without a copy of the row, which is large.
func worst(fs []store.Finding) store.Action {
	act := store.ActionNone
	for i := range fs {
		switch fs[i].Action {
		case store.ActionRemove:
			return store.ActionRemove
		case store.ActionReview:
			act = store.ActionReview
		}
	}
	return act
}

// standardsOf lists the standards of all findings of a row, most serious
// finding first, each once.
func standardsOf(fs []store.Finding) []string {
	var out []string
	for _, f := range fs {
		for _, s := range f.Standards {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// compareStandards orders "1.6", "1.10", "2.10" as people count.
func compareStandards(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.Atoi(as[i])
		y, errY := strconv.Atoi(bs[i])
		if errX != nil || errY != nil {
			if c := strings.Compare(as[i], bs[i]); c != 0 {
				return c
			}
			continue
		}
		if x != y {
			return x - y
		}
	}
	return len(as) - len(bs)
}

// rowError says which row of the stream failed; the error itself never holds
// a post's text.
func rowError(n int, err error) error {
	return fmt.Errorf("reading finding %d of the report: %w", n+1, err)
}
