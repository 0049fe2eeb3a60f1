package report

import (
	"html/template"

	"lookback/store"
)

// What follows is for pages that show findings in the way in which the report
// does, such as the one to review on. All its strings are harmless to show.

// Card is one flagged post: its text cut at the flagged words, its facts, and
// each finding with the standards it touches.
type Card = card

// NewCard makes the card of a row. The row's text is made harmless in place.
func NewCard(sum *store.Summary, row *store.Row, n int) Card {
	r := newPageRow(row)
	return newCard(sum, &r, n)
}

// Heat is the table of years by standards.
type Heat = heatView

// NewHeat makes the table from a summary's cells.
func NewHeat(sum *store.Summary) Heat { return newHeat(sum) }

// ArchiveView is one archive with what is to be known about it.
type ArchiveView = archiveView

// NewArchiveView describes an archive.
func NewArchiveView(a *store.Archive) ArchiveView { return newArchiveView(a) }

// Pieces returns the report's own templates: "finding" shows one finding of a
// [Card].
func Pieces() *template.Template {
	return template.Must(template.New("pieces").ParseFS(pageFiles, "page/report.html.tmpl"))
}

// Style is the report's style sheet.
func Style() string { return pageStyle }

// Advice is what to know before acting on a report.
func Advice() []string { return advice }

// Verdict says in one sentence what was found.
func Verdict(sum *store.Summary) string { return verdict(sum) }

// Gaps says what could not be looked at, behind a sentence that leads to it;
// there are none where all was.
func Gaps(sum *store.Summary) (lead string, list []string) { return gapsLead(sum), gaps(sum) }

// Title is whose standards the posts are held against: "HCPC standards".
func Title(sum *store.Summary) string { return regulator(sum) }

// Rules names the rules that were in force.
func Rules(sum *store.Summary) string { return rulesLine(sum) }

// ThemeTitle is a theme's title, or its id where nobody gave it one.
func ThemeTitle(sum *store.Summary, id string) string { return themeTitle(sum, id) }

// StandardTitle is a standard's title in our own words; it may be empty.
func StandardTitle(sum *store.Summary, number string) string { return standardTitle(sum, number) }

// CompareStandards orders "1.6", "1.10", "2.10" as people count.
func CompareStandards(a, b string) int { return compareStandards(a, b) }

// AccountName names an account as its owner would.
func AccountName(a store.Account) string { return handle(a) }

// KindName is what one text of a kind is called.
func KindName(k store.Kind) string { return kindName(k) }

// ActionName is an action as a word on a badge.
func ActionName(a store.Action) string { return actionName(a) }

// Moment is when a post was made, as exactly as is known.
func Moment(p *store.Post) string { return moment(p) }

// ISOTime is Moment for a program; empty where there is none.
func ISOTime(p *store.Post) string { return isoTime(p) }

// Year is the post's year in UTC, 0 where it has no date.
func Year(p *store.Post) int { return year(p) }

// Number writes n with a comma at each thousand.
func Number(n int) string { return number(n) }

// Plural is a number with its noun.
func Plural(n int, one, many string) string { return plural(n, one, many) }

// PageText makes a text harmless on a page without changing how it reads:
// control characters and forced text direction are shown as U+FFFD.
func PageText(s string) string { return pageText(s) }

// SafeLink is an address that may become a link, or nothing.
func SafeLink(raw string) string { return safeLink(raw) }
