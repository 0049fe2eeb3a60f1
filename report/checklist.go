package report

import (
	"cmp"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/store"
)

// checklistWriter writes what is to be removed as a person would work through
// it, for printing and for reading: by platform and account, the one used last
// first, and in it by kind with the steps for it. It is Markdown that reads
// well as it stands.
type checklistWriter struct{}

// listWidth is how wide lines are, apart from links: a printed page.
const listWidth = 78

// beginning is how much of a post is shown, so that it can be recognised.
const beginning = 120

// removalAdvice is what to know before anything is removed.
var removalAdvice = []string{
	"**Take advice first if somebody has complained.** If there is a complaint, an investigation or a hearing, or you were told that one may come, remove nothing before you have spoken to your union, your university's or employer's adviser, or your indemnity provider. Removing posts then can look like hiding them.",
	"**Keep a private copy.** The archive that you downloaded is one: put it where only you can read it, and keep it.",
	"**Go slowly, and by hand.** A few dozen posts a day are plenty. Platforms take a flood of deletions for a break-in and may lock or suspend the account. Be wary of services that ask for your password.",
	"**Likes, shares and profile texts count too.** Others can see them, so they are in this list beside the posts.",
	"**Not everything can be removed.** What others quoted, copied or photographed stays with them; search engines and web archives keep copies for a while, and some let you ask for a page to be looked at anew. Making an account private does not undo what was seen.",
}

// afterwards is what to do when the list is done.
var afterwards = []string{
	"Tell lookback what you did: `lookback decide ID --done`, with the id of each.",
	"Ask the platform for a fresh archive and audit it: lookback then says which of these posts are gone.",
}

// errand is a post to remove. Only what the list shows is held of it.
type errand struct {
	account store.Account
	kind    store.Kind
	created time.Time
	day     string
	facts   string
	text    string
	link    string
	decided bool
}

// Write implements [Writer]. It holds a line or two of each row, because the
// order is not that of the rows.
func (checklistWriter) Write(w io.Writer, sum store.Summary, rows iter.Seq2[store.Row, error]) error {
	var list []errand
	for row, err := range rows {
		if err != nil {
			return rowError(len(list), err)
		}
		list = append(list, newErrand(&row))
	}
	sortErrands(list)
	p := newPrinter(w, listWidth, false)
	p.line("# What to remove")
	p.line("")
	p.para(0, checklistLead(list))
	p.para(0, "Made by lookback on "+day(sum.Generated)+". Nothing is removed by itself: the steps are for you.")
	p.checklistPart("Before you start", removalAdvice, false)
	for at := 0; at < len(list); {
		n := len(list) - at
		if i := slices.IndexFunc(list[at:], func(e errand) bool {
			return e.account.ID != list[at].account.ID || e.account.Platform != list[at].account.Platform
		}); i > 0 {
			n = i
		}
		p.errandsOf(list[at : at+n])
		at += n
	}
	if len(list) > 0 {
		p.checklistPart("Afterwards", afterwards, false)
	}
	return p.w.Flush()
}

func checklistLead(list []errand) string {
	if len(list) == 0 {
		return "There is nothing to remove."
	}
	decided := 0
	for _, e := range list {
		if e.decided {
			decided++
		}
	}
	switch decided {
	case len(list):
		return plural(len(list), "text that you decided", "texts that you decided") + " to remove."
	case 0:
		return plural(len(list), "text that is", "texts that are") + " flagged, and about which you have not decided to remove them. Read each before you do."
	}
	return plural(len(list), "text", "texts") + ", of which you decided to remove " + number(decided) + ". Read the others before you do."
}

func newErrand(row *store.Row) errand {
	e := errand{
		account: row.Account, kind: row.Post.Kind, created: row.Post.Created, day: postDay(&row.Post), link: safeLink(row.Post.URL),
		text: shorten(SafeLine(clip(row.Post.Text)), beginning), decided: row.Decision != nil && row.Decision.Choice == store.ChoiceRemove,
	}
	if row.Post.Precision == store.PrecisionNone {
		e.created = time.Time{}
	}
	var ids []string
	for i := range row.Findings {
		if id := SafeLine(findingName(&row.Findings[i])); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	parts := []string{e.day}
	if place := SafeLine(row.Post.Place); place != "" {
		parts = append(parts, place)
	}
	if std := standardsOf(row.Findings); len(std) > 0 {
		parts = append(parts, "standard "+list(safeAll(std)))
	}
	e.facts = strings.Join(parts, ", ") + " (id " + strings.Join(ids, " ") + ")"
	return e
}

// clip cuts a long text before anything else is done with it.
func clip(s string) string {
	const most = 8 * beginning
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// sortErrands orders by platform and account, the one used last first, then by
// kind, the newest first.
func sortErrands(list []errand) {
	platform, account := map[string]time.Time{}, map[int64]time.Time{}
	later := func(a, b time.Time) time.Time {
		if a.After(b) {
			return a
		}
		return b
	}
	for _, e := range list {
		platform[e.account.Platform] = later(platform[e.account.Platform], e.created)
		account[e.account.ID] = later(account[e.account.ID], e.created)
	}
	slices.SortStableFunc(list, func(a, b errand) int {
		return cmp.Or(
			platform[b.account.Platform].Compare(platform[a.account.Platform]), strings.Compare(a.account.Platform, b.account.Platform),
			account[b.account.ID].Compare(account[a.account.ID]), cmp.Compare(a.account.ID, b.account.ID),
			cmp.Compare(slices.Index(store.Kinds, a.kind), slices.Index(store.Kinds, b.kind)),
			b.created.Compare(a.created))
	})
}

// errandsOf writes one account's part.
func (p *printer) errandsOf(list []errand) {
	p.line("")
	p.line("## " + printed(platformName(list[0].account.Platform)+": "+handle(list[0].account)))
	for at := 0; at < len(list); {
		n := len(list) - at
		if i := slices.IndexFunc(list[at:], func(e errand) bool { return e.kind != list[at].kind }); i > 0 {
			n = i
		}
		p.checklistPart("", Steps(list[at].account.Platform, list[at].kind), true, kindCount(string(list[at].kind), n))
		p.line("")
		for _, e := range list[at : at+n] {
			p.errand(&e)
		}
		at += n
	}
}

// checklistPart writes a heading and a list below it, numbered or not.
func (p *printer) checklistPart(title string, items []string, numbered bool, sub ...string) {
	p.line("")
	if title != "" {
		p.line("## " + title)
	} else {
		p.line("### " + mdText(strings.Join(sub, "")))
	}
	p.line("")
	for i, s := range items {
		mark := "- "
		if numbered {
			mark = strconv.Itoa(i+1) + ". "
		}
		p.hanging(mark, s)
	}
}

// insideWord is an escaped underscore that Markdown takes as it is anyway.
var insideWord = regexp.MustCompile(`([\pL\pN])\\_([\pL\pN])`)

// printed is mdText for a page that is read on paper too: handles look as they
// are.
func printed(s string) string {
	s = mdText(s)
	if !strings.Contains(s, `\_`) { // nearly always, and the expression is slow
		return s
	}
	return insideWord.ReplaceAllString(insideWord.ReplaceAllString(s, "${1}_${2}"), "${1}_${2}")
}

// hanging writes s wrapped behind a mark.
func (p *printer) hanging(mark, s string) {
	for i, l := range wrap(s, p.width-len(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		p.line(mark + l)
	}
}

// angles keeps a link from ending where it should not.
var angles = strings.NewReplacer("<", "%3C", ">", "%3E")

// errand writes one box.
func (p *printer) errand(e *errand) {
	p.hanging("- [ ] ", printed(e.facts))
	if e.text != "" {
		for _, l := range wrap("“"+printed(e.text)+"”", p.width-6) {
			p.line("      " + l)
		}
	}
	if e.link != "" {
		p.line("      <" + angles.Replace(e.link) + ">")
	}
}
