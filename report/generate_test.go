package report

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/store"
)

// theStandards are the standards and themes of the made-up rows.
var theStandards = []store.Standard{
	{Number: "1.6", Title: "No discrimination", Text: "Your views must never change the care that anybody gets."},
	{Number: "1.9", Title: "Boundaries", Text: "Keep a professional distance from the people you care for."},
	{Number: "2.10", Title: "Respect", Text: "Be as courteous online as you would be at work."},
	{Number: "2.11", Title: "Accuracy", Text: "Check that what you share about health is true."},
	{Number: "2.12", Title: "Privacy online", Text: "Protect the privacy of the people you care for whenever you post."},
	{Number: "5.1", Title: "Confidentiality", Text: "What you know about a service user stays private."},
	{Number: "9.1", Title: "Public trust", Text: "Live so that the public can trust you and your profession."},
}

type pattern struct {
	theme, title, detail, text, words string
	standards                         []string
	action                            store.Action
	confidence                        float64
	why, advice                       string
}

var patterns = []pattern{
	{"privacy.case", "A case that could be recognised", "just-now-age", "My 2 o'clock today on ward 7, 84 and post stroke, stood for the first time since March. Proud physio moment 💪", "My 2 o'clock today on ward 7|84 and post stroke", []string{"5.1", "2.12"}, store.ActionRemove, 0.92, "A place, an age and a condition together could let somebody recognise this person.", "Remove it, also where you shared it again."},
	{"respect.colleague", "Colleagues or employer demeaned", "insult-role", "our band 7 is a complete waste of space, honestly the rota was written by a hamster", "band 7 is a complete waste of space", []string{"2.10"}, store.ActionReview, 0.71, "Words that demean a colleague, even one without a name, can be taken for bullying.", "Think about who could recognise themselves. Remove it if in doubt."},
	{"trust.alcohol", "Alcohol and work", "hungover-shift", "so hungover on shift this morning lol never again #placementlife", "hungover on shift", []string{"9.1"}, store.ActionRemove, 0.88, "It says that you worked while unfit through drink.", "Remove it."},
	{"misinfo.treatment", "False claims about treatment", "stop-medicine", "Honestly just stop taking your statins, they are poison and big pharma knows it", "stop taking your statins", []string{"2.11"}, store.ActionReview, 0.66, "It tells people to stop a treatment without a source.", "Check it against a source you trust, then correct or remove it."},
	{"respect.profanity", "Swearing", "plain", "for f***s sake the bus again", "f***s sake", []string{"2.10"}, store.ActionReview, 0.35, "Swearing with no target is seldom acted on, but looks poor beside a professional title.", "Remove it if your profile names your profession."},
	{"stigma.service-users", "Contempt for service users", "frequent-attender", "frequent flyer back in again, attention seeking as usual, why do we bother", "frequent flyer|attention seeking", []string{"1.6", "2.10"}, store.ActionRemove, 0.81, "It shows contempt for somebody because of their condition.", "Remove it."},
	{"boundaries.contact", "Contact outside the service", "friend-request", "lovely old patient of mine just added me on here, course I accepted 😊", "patient of mine just added me", []string{"1.9"}, store.ActionReview, 0.74, "It tells of a private contact with somebody you cared for.", "Ask your supervisor how to end the contact, then remove the post."},
	{"privacy.third-party", "Private details of others", "relative", "日本語のテスト: 患者の娘さんが泣いていた😢 ward sister told everyone why", "患者の娘さんが泣いていた😢", []string{"2.12"}, store.ActionReview, 0.58, "It tells something private about a relative.", "Remove it unless the person agreed."},
}

func (p *pattern) finding(id int64, shift int) store.Finding {
	f := store.Finding{
		ID: id, UID: "aaaa" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprintf("%06d", id)), Rule: p.theme + "." + p.detail, Theme: p.theme, Standards: p.standards, Action: p.action,
		Confidence: p.confidence, Why: p.why, Advice: p.advice, Ruleset: "4f2a91c07be3",
	}
	for w := range strings.SplitSeq(p.words, "|") {
		at := strings.Index(p.text, w) + shift
		f.Spans = append(f.Spans, store.Span{Start: at, End: at + len(w)})
	}
	slices.SortFunc(f.Spans, func(a, b store.Span) int { return a.Start - b.Start })
	return f
}

var (
	theAccounts = []store.Account{
		{ID: 1, Platform: "x", NativeID: "1234", Handle: "sam_physio", Name: "Sam Example"},
		{ID: 2, Platform: "facebook", NativeID: "99", Name: "Sam Example"},
		{ID: 3, Platform: "reddit", Handle: "quiet_otter"},
	}
	someKinds     = []store.Kind{store.KindPost, store.KindReply, store.KindRepost, store.KindLike, store.KindQuote, store.KindComment, store.KindBio}
	someAudiences = []store.Audience{store.AudienceUnknown, store.AudiencePublic, store.AudienceFriends, store.AudienceGroup}
)

// makeRow makes the i-th row, always the same.
func makeRow(i int) store.Row {
	rng := rand.New(rand.NewPCG(uint64(i), 2024))
	p := &patterns[i%len(patterns)]
	account := theAccounts[rng.IntN(len(theAccounts))]
	row := store.Row{Account: account, Post: store.Post{
		ID: int64(i + 1), AccountID: account.ID, Key: "tweet:" + strconv.Itoa(1790000000000000000+i), Kind: someKinds[rng.IntN(len(someKinds))],
		Own: true, Text: p.text, Audience: someAudiences[rng.IntN(len(someAudiences))],
		Created: time.Date(2010+rng.IntN(15), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), rng.IntN(24), rng.IntN(60), 0, 0, time.UTC),
		URL:     "https://example.com/" + account.Platform + "/status/" + strconv.Itoa(1790000000000000000+i),
	}}
	row.Findings = []store.Finding{p.finding(int64(i*10+1), 0)}
	decorate(&row, i, rng)
	return row
}

// decorate gives some rows what only some posts have.
func decorate(row *store.Row, i int, rng *rand.Rand) {
	post := &row.Post
	switch post.Kind {
	case store.KindReply, store.KindComment:
		row.Answers = "How was your day? Tell us everything " + strconv.Itoa(rng.IntN(100))
		row.AnswersOwn = i%2 == 0
		if i%4 == 1 {
			row.AnswersAuthor = "curious_cat"
		}
	case store.KindRepost, store.KindLike:
		post.Own, post.Author = false, "@someone_"+strconv.Itoa(rng.IntN(20))
		post.Truncated = rng.IntN(3) == 0
	}
	if rng.IntN(5) == 0 {
		second := &patterns[(i+3)%len(patterns)]
		shift := len(post.Text) + 1
		post.Text += "\n" + second.text
		row.Findings = append(row.Findings, second.finding(int64(i*10+2), shift))
		slices.SortStableFunc(row.Findings, func(a, b store.Finding) int { return strings.Compare(string(a.Action), string(b.Action)) })
	}
	switch i % 29 {
	case 3:
		row.Target, row.Series = "@pat_example", 4
	case 7:
		post.Versions = []store.Version{{ID: 5, Text: "an earlier text, far worse", Created: time.Date(2015, 2, 3, 4, 5, 6, 0, time.UTC)}}
		f := row.Findings[0]
		f.ID, f.UID, f.Spans, f.Earlier, f.EarlierSpans = int64(i*10+3), "", nil, &post.Versions[0], []store.Span{{Start: 17, End: 26}}
		row.Findings = append(row.Findings, f)
	}
	switch i % 23 {
	case 5:
		post.Precision = store.PrecisionDay
	case 9:
		post.Created, post.Precision = time.Time{}, store.PrecisionNone
	case 11:
		post.Precision = store.PrecisionZone
	case 13:
		post.GoneArchive = 2
	case 17:
		row.Decision = &store.Decision{Theme: row.Findings[0].Theme, Choice: store.ChoiceKeep, Reason: "a public talk", Note: "ask Ann", Decided: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
		row.Findings[0].Choice, row.Findings[0].Decision = store.ChoiceKeep, row.Decision
	}
}

// sortRows puts rows into the order of the one query.
func sortRows(rows []store.Row) {
	slices.SortStableFunc(rows, func(a, b store.Row) int {
		if c := strings.Compare(string(a.Action()), string(b.Action())); c != 0 {
			return c
		}
		if a.Findings[0].Confidence != b.Findings[0].Confidence {
			return int(100 * (b.Findings[0].Confidence - a.Findings[0].Confidence))
		}
		return b.Post.Created.Compare(a.Post.Created)
	})
}

func makeRows(n int) []store.Row {
	rows := make([]store.Row, n)
	for i := range rows {
		rows[i] = makeRow(i)
	}
	sortRows(rows)
	return rows
}

func seq(rows []store.Row) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// stream makes n rows as they are asked for, unsorted, without keeping any.
func stream(n int) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for i := range n {
			if !yield(makeRow(i), nil) {
				return
			}
		}
	}
}

// tallies counts posts by label with the most serious action under it.
type tallies map[string]*store.Tally

func (t tallies) add(label string, act store.Action) {
	if t[label] == nil {
		t[label] = &store.Tally{Label: label}
	}
	if act == store.ActionRemove {
		t[label].Remove++
	} else {
		t[label].Review++
	}
}

func (t tallies) list() []store.Tally {
	out := make([]store.Tally, 0, len(t))
	for _, v := range t {
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b store.Tally) int { return compareStandards(a.Label, b.Label) })
	return out
}

// under is the row's most serious action among findings with a standard.
func under(row *store.Row, standard string) store.Action {
	act := store.ActionReview
	for _, f := range row.Findings {
		if f.Action == store.ActionRemove && slices.Contains(f.Standards, standard) {
			act = store.ActionRemove
		}
	}
	return act
}

func summarise(rows iter.Seq2[store.Row, error], posts int) store.Summary {
	sum := baseSummary(posts)
	standards, themes, yearly, heat := tallies{}, tallies{}, tallies{}, tallies{}
	for row := range rows {
		if row.Action() == store.ActionRemove {
			sum.Flagged.Remove++
		} else {
			sum.Flagged.Review++
		}
		y := ""
		if year(&row.Post) > 0 {
			y = strconv.Itoa(year(&row.Post))
		}
		yearly.add(y, row.Action())
		for _, s := range standardsOf(row.Findings) {
			standards.add(s, under(&row, s))
			heat.add(fmt.Sprintf("%04d %s", year(&row.Post), s), under(&row, s))
		}
		for _, t := range themesOf(row.Findings) {
			themes.add(t, row.Action())
		}
		if row.Post.GoneArchive != 0 {
			sum.Gone++
		}
	}
	sum.Standard, sum.Theme, sum.Year = standards.list(), themes.list(), yearly.list()
	for _, t := range heat.list() {
		y, _ := strconv.Atoi(t.Label[:4])
		sum.Heat = append(sum.Heat, store.Cell{Year: y, Standard: t.Label[5:], Remove: t.Remove, Review: t.Review})
	}
	return sum
}

func baseSummary(posts int) store.Summary {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	first, last := time.Date(2010, 3, 4, 0, 0, 0, 0, time.UTC), time.Date(2024, 12, 20, 0, 0, 0, 0, time.UTC)
	sum := store.Summary{
		Version: "0.1.0", Generated: at, Regulator: "HCPC", RulesetName: "core", Ruleset: "4f2a91c07be3d5a8e6f1", LastScan: at.Add(-time.Hour),
		Standards: theStandards, Posts: posts, Scanned: posts, First: first, Last: last,
		Accounts: []store.AccountSummary{
			{Account: theAccounts[0], Posts: posts - 40, Public: posts - 40, Flagged: store.Tally{Remove: 12, Review: 5}, First: first, Last: last, Gaps: []int{2013, 2018, 2019}},
			{Account: theAccounts[1], Posts: 30, Public: 30, Flagged: store.Tally{Remove: 9, Review: 11}, First: first.AddDate(4, 0, 0), Last: last},
			{Account: theAccounts[2], Posts: 10, Public: 10, First: first.AddDate(9, 0, 0), Last: last.AddDate(-1, 0, 0)},
		},
		Archives: []store.Archive{
			{ID: 1, AccountID: 1, Platform: "x", Name: "twitter-2026-11-01-abc123.zip", Digest: strings.Repeat("ab", 32), Generated: at.AddDate(0, 0, -21), Imported: at, Layout: "x-2022", Posts: posts - 40,
				Notes: []store.Note{{Code: "count-differs", Member: "data/tweets.js", Text: "The manifest counts 2,020 posts and 2,013 were found."}}},
			{ID: 2, AccountID: 2, Platform: "facebook", Name: "facebook-sam.zip", Digest: strings.Repeat("cd", 32), Imported: at, Incomplete: true, Posts: 30},
			{ID: 3, AccountID: 3, Platform: "reddit", Name: "reddit_export.zip", Digest: strings.Repeat("ef", 32), Imported: at, Posts: 10},
		},
		ByKind:     []store.Count{{Label: "post", Posts: posts - 110}, {Label: "reply", Posts: 70}, {Label: "like", Posts: 40}},
		ByPlatform: []store.Count{{Label: "x", Posts: posts - 40}, {Label: "facebook", Posts: 30}, {Label: "reddit", Posts: 10}},
		Series: []store.Series{
			{AccountID: 1, Family: store.FamilyAbuse, Kind: store.TargetHandle, Target: "@pat_example", Posts: 4, All: 6, First: first, Last: first.AddDate(0, 2, 0),
				Months: []store.Count{{Label: "", Posts: 1}, {Label: "2010-03", Posts: 3}, {Label: "2010-05", Posts: 2}}, Themes: []store.Count{{Label: "respect.insult", Posts: 6}}},
			{AccountID: 2, Family: store.FamilyAbuse, Kind: store.TargetGroup, Target: "migrants", Posts: 3, All: 3, First: first, Last: first, Months: []store.Count{{Label: "2010-03", Posts: 3}}},
			{AccountID: 2, Family: store.FamilyAbuse, Kind: store.TargetTheme, Target: "respect.colleague", Posts: 3, All: 3, First: first, Last: first, Months: []store.Count{{Label: "2010-03", Posts: 3}}},
		},
		Skips: []store.Tally{{Label: "posts/your_posts_1.json: the file ends in the middle", Remove: 1}, {Label: "data/tweets.js: no text", Remove: 2}}, Skipped: 3,
		Decided: map[store.Choice]int{store.ChoiceKeep: 4, store.ChoiceRemove: 2},
	}
	for _, p := range patterns {
		sum.Themes = append(sum.Themes, store.Theme{ID: p.theme, Title: p.title})
	}
	return sum
}

// emptySummary is an archive that was read whole and holds nothing to flag.
func emptySummary() store.Summary {
	sum := baseSummary(140)
	sum.Archives, sum.Skips, sum.Skipped, sum.Decided = sum.Archives[2:], nil, 0, nil
	sum.Accounts, sum.Series = sum.Accounts[2:], nil
	return sum
}
