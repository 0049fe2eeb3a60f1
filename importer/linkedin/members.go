package linkedin

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/csvstream"
	"lookback/importer/pattern"
)

// A table is a kind of CSV file.
type table int

const (
	none table = iota // recognised only
	profile
	details // positions, education, projects and so on: the rest of the profile
	shares
	comments
	reactions
	reposts
	votes
	richMedia
	recommendations
	messages
	invitations
)

// Scopes are the prefixes of keys.
const (
	scopeShare          = "share"
	scopeComment        = "comment"
	scopeReaction       = "reaction"
	scopeRepost         = "repost"
	scopeVote           = "vote"
	scopeMedia          = "media"
	scopeRecommendation = "recommendation"
	scopeArticle        = "article"
	scopeMessage        = "dm"
)

// A file is what is known of a name.
type file struct {
	table   table
	header  []string // columns that the file must have
	special bool     // no other platform's export has the name
}

// files are the CSV files that are read, or that tell LinkedIn's archive, by
// their names without blanks, marks and the member's number.
var files = map[string]file{
	"profile":                  {profile, []string{"firstname", "lastname", "headline"}, true},
	"shares":                   {shares, []string{"date", "sharelink"}, true},
	"comments":                 {comments, []string{"date", "link", "message"}, false},
	"reactions":                {reactions, []string{"date", "type", "link"}, false},
	"likes":                    {reactions, []string{"date", "link"}, false},
	"instantreposts":           {reposts, []string{"date", "link"}, true},
	"votes":                    {votes, []string{"date", "link", "optiontext"}, false},
	"richmedia":                {richMedia, []string{"mediadescription"}, true},
	"recommendationsgiven":     {recommendations, []string{"text", "creationdate"}, true},
	"messages":                 {messages, []string{"from", "to", "date", "content"}, false},
	"guidemessages":            {messages, []string{"from", "content"}, true},
	"coachmessages":            {messages, []string{"from", "content"}, true},
	"learningcoachmessages":    {messages, []string{"from", "content"}, true},
	"learningroleplaymessages": {messages, []string{"from", "content"}, true},
	"invitations":              {invitations, []string{"from", "to", "sentat", "direction"}, true},
	"positions":                {details, []string{"companyname", "title"}, true},
	"education":                {details, []string{"schoolname"}, true},
	"projects":                 {details, []string{"title", "description"}, false},
	"publications":             {details, []string{"name", "description"}, false},
	"volunteering":             {details, []string{"companyname", "role"}, true},
	"honors":                   {details, []string{"title", "description"}, false},
	"organizations":            {details, []string{"name", "description"}, false},
	"patents":                  {details, []string{"title", "description"}, false},
	"causesyoucareabout":       {details, []string{"supportedcause"}, true},
	"connections":              {none, []string{"firstname", "lastname", "connectedon"}, true},
}

const (
	whyPeople  = "other people's accounts"
	whyOthers  = "other people's words about you"
	whyAds     = "advertising data"
	whyDevices = "devices, addresses and sign-ins"
	whyJobs    = "applications and job settings, which only employers see"
	whyAccount = "about the account, not words of yours"
	whyLinks   = "links and bookmarks, without words of yours"
	whySearch  = "searches, which nobody else sees"
	whyPaid    = "payments"
)

// ignored says why the other known files are not read.
var ignored = map[string]string{
	"connections": whyPeople, "contacts": whyPeople, "importedcontacts": whyPeople, "memberfollows": whyPeople,
	"companyfollows": whyPeople, "hashtagfollows": whyPeople, "recommendationsreceived": whyOthers,
	"endorsementgiveninfo": whyLinks, "endorsementreceivedinfo": whyOthers, "saveditems": whyLinks, "events": whyLinks,
	"adtargeting": whyAds, "adsclicked": whyAds, "lanadsengagement": whyAds, "inferencesaboutyou": whyAds, "inferences": whyAds,
	"logins": whyDevices, "securitychallenges": whyDevices, "registration": whyAccount, "emailaddresses": whyAccount,
	"phonenumbers": whyAccount, "whatsappphonenumbers": whyAccount, "skills": whyAccount, "languages": whyAccount,
	"certifications": whyAccount, "courses": whyAccount, "testscores": whyAccount, "learning": whyAccount,
	"identityverification": whyAccount, "verifications": whyAccount, "privateidentityasset": whyAccount, "profilesummary": whyAccount,
	"searchqueries": whySearch, "receipts": whyPaid, "receiptsv2": whyPaid, "mobileapplications": whyDevices,
	"jobapplications": whyJobs, "jobseekerpreferences": whyJobs, "savedjobs": whyJobs, "savedjobalerts": whyJobs,
	"savedjobanswers": whyJobs, "jobapplicantsavedanswers": whyJobs, "jobapplicantsavedscreeningquestionresponses": whyJobs,
	"onlinejobpostings": whyJobs, "servicesmarketplace": whyJobs, "providers": whyJobs, "opportunities": whyJobs,
}

var memberNumber = pattern.New(`[ _]\d+$`)

// stem is the name of a CSV file as the tables above have it. Newer archives
// append the number of the member, copies get one in brackets.
func stem(name string) (string, bool) {
	base, ok := strings.CutSuffix(path.Base(name), ".csv")
	if i := strings.LastIndex(base, " ("); i > 0 && strings.HasSuffix(base, ")") {
		base = base[:i]
	}
	return csvstream.Column(memberNumber.ReplaceAllString(base, "")), ok
}

func fileOf(name string) (file, bool) {
	s, ok := stem(name)
	if !ok {
		return file{}, false
	}
	if f, ok := files[s]; ok {
		return f, true
	}
	why, ok := ignored[s]
	return file{special: ok && why != whyAccount && why != whyLinks}, ok
}

// isArticle knows the pages of Articles/ and Articles/Articles/.
func isArticle(name string) bool {
	ext := path.Ext(name)
	return (ext == ".html" || ext == ".htm") && strings.HasSuffix(path.Dir("/"+name), "/articles")
}

// headLines is how many lines may stand before the header.
const headLines = 8

// headerOf returns the columns of a table from the first bytes of its file.
func headerOf(fsys fs.FS, m importer.Member) map[string]int {
	head, err := importer.Head(fsys, m.Path, 8<<10)
	if err != nil {
		return nil
	}
	rows, err := csvstream.NewReader(strings.NewReader(string(head)), csvstream.Options{})
	if err != nil {
		return nil
	}
	columns, err := rows.Header(headLines, func(c map[string]int) bool { return len(c) > 1 })
	if errors.Is(err, csvstream.ErrCut) || err != nil {
		return nil
	}
	return columns
}

// looksRight reports whether a file has the columns that its name promises.
// Some tables hold a sentence in place of everything.
func looksRight(fsys fs.FS, m importer.Member, f file) bool {
	head, err := importer.Head(fsys, m.Path, 8<<10)
	if err != nil {
		return false
	}
	rows, err := csvstream.NewReader(strings.NewReader(string(head)), csvstream.Options{})
	if err != nil {
		return false
	}
	_, err = rows.Header(headLines, func(c map[string]int) bool { return has(c, f.header...) })
	return err == nil
}

func has(columns map[string]int, names ...string) bool {
	for _, name := range names {
		if _, ok := columns[name]; !ok {
			return false
		}
	}
	return true
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	if isArticle(name) {
		return importer.Use{Kind: importer.UseRead}
	}
	s, isCSV := stem(name)
	if f, ok := files[s]; isCSV && ok && f.table != none {
		if f.table == messages || f.table == invitations {
			return importer.Use{Kind: importer.UseRead, Messages: true, Why: "what you wrote in private, only when messages are asked for"}
		}
		return importer.Use{Kind: importer.UseRead}
	}
	if why, ok := ignored[s]; isCSV && ok {
		return importer.Use{Kind: importer.UseIgnored, Why: why}
	}
	switch path.Ext(name) {
	case ".jpg", ".jpeg", ".png", ".gif", ".mp4", ".pdf":
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}
