package report

import (
	"cmp"
	"io"
	"iter"
	"maps"
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
	account *store.Account // shared with the errands before
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
	var list []*errand
	for row, err := range rows {
		if err != nil {
			return rowError(len(list), err)
		}
		e := newErrand(&row)
		if n := len(list); n > 0 && sameAccount(list[n-1].account, &row.Account) {
			e.account = list[n-1].account
		} else {
			account := row.Account
			e.account = &account
		}
		list = append(list, e)
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
		if i := slices.IndexFunc(list[at:], func(e *errand) bool { return !sameAccount(e.account, list[at].account) }); i > 0 {
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

func checklistLead(list []*errand) string {
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

func sameAccount(a, b *store.Account) bool { return a.ID == b.ID && a.Platform == b.Platform }

// newErrand leaves the account to its caller.
func newErrand(row *store.Row) *errand {
	e := &errand{
		kind: row.Post.Kind, created: row.Post.Created, day: postDay(&row.Post), link: safeLink(row.Post.URL),
		text: shorten(SafeLine(clip(row.Post.Text)), beginning), decided: row.Decision != nil && row.Decision.Choice == store.ChoiceRemove,
	}
	if row.Post.Precision == store.PrecisionNone {
		e.created = time.Time{}
	}
	var b strings.Builder
	b.WriteString(e.day)
	if place := SafeLine(row.Post.Place); place != "" {
		b.WriteString(", " + place)
	}
	if std := standardsOf(row.Findings); len(std) > 0 {
		b.WriteString(", standard ")
		b.WriteString(list(safeAll(std)))
	}
	b.WriteString(" (id")
	for i := range row.Findings {
		id := findingName(&row.Findings[i])
		if !slices.ContainsFunc(row.Findings[:i], func(f store.Finding) bool { return findingName(&f) == id }) {
			b.WriteByte(' ')
			b.WriteString(SafeLine(id))
		}
	}
	b.WriteByte(')')
	e.facts = b.String()
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
// kind, the newest first, and else as they come.
func sortErrands(list []*errand) {
	groups := groupErrands(list)
	type key struct {
		group, kind int
		at          int64
		i           int
	}
	keys := make([]key, len(list))
	for i, e := range list {
		keys[i] = key{groups[accountKey(e.account)], slices.Index(store.Kinds, e.kind), e.created.Unix(), i}
	}
	slices.SortFunc(keys, func(a, b key) int {
		switch {
		case a.group != b.group:
			return a.group - b.group
		case a.kind != b.kind:
			return a.kind - b.kind
		case a.at != b.at:
			return cmp.Compare(b.at, a.at)
		}
		return a.i - b.i
	})
	unsorted := slices.Clone(list)
	for i := range keys {
		list[i] = unsorted[keys[i].i]
	}
}

// An account's id alone does not tell what it is on.
type platformAccount struct {
	platform string
	id       int64
}

func accountKey(a *store.Account) platformAccount { return platformAccount{a.Platform, a.ID} }

// groupErrands numbers the accounts in the order in which the list shows them.
func groupErrands(list []*errand) map[platformAccount]int {
	platform, account := map[string]time.Time{}, map[platformAccount]time.Time{}
	for _, e := range list {
		k := accountKey(e.account)
		if last, ok := account[k]; !ok || e.created.After(last) {
			account[k] = e.created
		}
		if e.created.After(platform[k.platform]) {
			platform[k.platform] = e.created
		}
	}
	groups := make(map[platformAccount]int, len(account))
	order := slices.SortedFunc(maps.Keys(account), func(a, b platformAccount) int {
		return cmp.Or(platform[b.platform].Compare(platform[a.platform]), strings.Compare(a.platform, b.platform),
			account[b].Compare(account[a]), cmp.Compare(a.id, b.id))
	})
	for i, k := range order {
		groups[k] = i
	}
	return groups
}

// errandsOf writes one account's part.
func (p *printer) errandsOf(list []*errand) {
	p.line("")
	p.line("## " + printed(platformName(list[0].account.Platform)+": "+handle(*list[0].account)))
	for at := 0; at < len(list); {
		n := len(list) - at
		if i := slices.IndexFunc(list[at:], func(e *errand) bool { return e.kind != list[at].kind }); i > 0 {
			n = i
		}
		p.checklistPart("", Steps(list[at].account.Platform, list[at].kind), true, kindCount(string(list[at].kind), n))
		p.line("")
		for _, e := range list[at : at+n] {
			p.errand(e)
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
		_, _ = p.w.WriteString(mark)
		p.line(l)
	}
}

// angles keeps a link from ending where it should not.
var angles = strings.NewReplacer("<", "%3C", ">", "%3E")

// errand writes one box.
func (p *printer) errand(e *errand) {
	p.hanging("- [ ] ", printed(e.facts))
	if e.text != "" {
		for _, l := range wrap("“"+printed(e.text)+"”", p.width-6) {
			_, _ = p.w.WriteString("      ")
			p.line(l)
		}
	}
	if e.link != "" {
		p.line("      <" + angles.Replace(e.link) + ">")
	}
}
