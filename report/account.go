package report

import (
	"fmt"
	"strings"

	"lookback/store"
)

// Recommendation says in a few words what to do about an account, and what
// that rests on. The HCPC's guidance says that what was posted years ago
// counts too, even from before a registration, and names the removal of posts
// and of whole accounts as things to think of; these are our own words.
func Recommendation(sum *store.Summary, a *store.AccountSummary) string {
	r := sum.Recommend(a, sum.Generated)
	rests := ": " + basis(&r) + "."
	switch r.What {
	case store.RecommendUnknown:
		return "Not looked at yet."
	case store.RecommendAccount:
		return "Consider deleting the account" + rests + " Most of what it holds is flagged and it is " + seldom(&r) +
			", so there may be little in it worth keeping. What you posted before you trained or registered counts as well."
	case store.RecommendPosts:
		return "Remove these posts" + rests + " What you posted years ago, and before you trained or registered, counts as well."
	case store.RecommendReview:
		return "Look at these posts" + rests + " None is recommended for removal as it stands."
	}
	if a.Posts == 0 {
		return "Nothing to remove: there is nothing in it."
	}
	return "Nothing to remove: none of " + plural(a.Posts, "post", "posts") + " is flagged."
}

// basis is what a recommendation rests on, in numbers.
func basis(r *store.Recommendation) string {
	out := fmt.Sprintf("%s flagged of %s (%s to remove, %s to review)", number(r.Remove+r.Review),
		plural(r.Posts, "post", "posts"), number(r.Remove), number(r.Review))
	if r.QuietDays >= 0 {
		out += fmt.Sprintf(", about %s a year", plural(int(r.PerYear+0.5), "post", "posts"))
	}
	return out
}

func seldom(r *store.Recommendation) string {
	quiet := plural(r.QuietDays/365, "year", "years")
	switch {
	case r.Dormant && r.Seldom:
		return "seldom used and has been quiet for " + quiet
	case r.Dormant:
		return "quiet for " + quiet
	}
	return "seldom used"
}

// mostSeries is how many series a summary tells of; all are counted.
const mostSeries = 8

// seriesLines says in a sentence each against whom or what there are series.
// With private, persons are not named.
func seriesLines(sum *store.Summary, private bool) []string {
	var out []string
	for i := range sum.Series {
		if i == mostSeries {
			out = append(out, "And "+plural(len(sum.Series)-i, "more series", "more series")+".")
			break
		}
		out = append(out, seriesLine(sum, &sum.Series[i], private))
	}
	return out
}

func seriesLine(sum *store.Summary, s *store.Series, private bool) string {
	line := plural(s.Posts, "post", "posts") + " against " + seriesTarget(sum, s, private) + ", " + span(s.First, s.Last)
	if s.All > s.Posts {
		line += ", and " + number(s.All-s.Posts) + " more at other times"
	}
	var months []string
	for _, m := range s.Months {
		label := m.Label
		if label == "" {
			label = "no date"
		}
		months = append(months, label+" "+number(m.Posts))
	}
	const mostMonths = 12
	if n := len(months); n > mostMonths {
		months = append(months[:mostMonths:mostMonths], number(n-mostMonths)+" more months")
	}
	line += " (" + strings.Join(months, ", ") + ")."
	if s.Person() {
		line += " To go for one person again and again reads as sustained."
	}
	return line
}

func seriesTarget(sum *store.Summary, s *store.Series, private bool) string {
	switch {
	case s.Kind == store.TargetTheme:
		return "nobody by name: " + themeTitle(sum, s.Target)
	case s.Kind == store.TargetGroup:
		return "a group: " + SafeLine(s.Target)
	case private:
		return "one person"
	}
	return SafeLine(s.Target)
}

// whose says who wrote what a post answers.
func whose(row *store.Row) string {
	switch {
	case row.AnswersOwn:
		return "your own post"
	case row.AnswersAuthor != "":
		return "@" + strings.TrimPrefix(SafeLine(row.AnswersAuthor), "@")
	}
	return "somebody else"
}

// aroundNotes are facts about a post that other posts, its audience and its
// earlier texts give.
func aroundNotes(row *store.Row) []string {
	var out []string
	switch row.Post.Audience {
	case store.AudienceFriends, store.AudienceFollowers, store.AudienceGroup, store.AudienceCircle, store.AudienceDirect:
		out = append(out, "Shown to "+narrow[row.Post.Audience]+". The same standards hold there, and such posts travel.")
	case store.AudienceOnlyMe:
		out = append(out, "Only you could see it.")
	}
	if row.Series > 0 {
		out = append(out, "One of "+plural(row.Series, "such post", "such posts")+" against "+SafeLine(row.Target)+" within a short time.")
	}
	for i := range row.Findings {
		f := &row.Findings[i]
		if f.Earlier == nil {
			continue
		}
		when := ""
		if !f.Earlier.Created.IsZero() {
			when = " of " + day(f.Earlier.Created)
		}
		out = append(out, "Found in an earlier version"+when+", which the platform may still show: “"+shorten(SafeLine(f.Earlier.Text), earlierWidth)+"”")
	}
	return out
}

// earlierWidth is how much of an earlier text a note shows.
const earlierWidth = 300

var narrow = map[store.Audience]string{
	store.AudienceFollowers: "followers only",
	store.AudienceFriends:   "friends only",
	store.AudienceGroup:     "a group",
	store.AudienceCircle:    "a circle",
	store.AudienceDirect:    "one person or chat",
}

// wordsOf returns the words that a finding marks, in the text that it is about.
func wordsOf(text string, f *store.Finding) []string {
	if f.Earlier != nil {
		return flagged(f.Earlier.Text, f.EarlierSpans)
	}
	return flagged(text, f.Spans)
}
