package linkedin

import (
	"net/url"
	"path"
	"strings"
	"time"

	"lookback/importer/identity"
	"lookback/importer/pattern"
	"lookback/store"
)

// unwrap undoes what LinkedIn does to the line breaks of posts: each line
// stands in quotation marks of its own, so that a break reads "\n". Marks at
// the beginning and the end are the person's own, and so are all of them
// where a single break comes without.
func unwrap(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	const broken = "\"\n\""
	rest := strings.ReplaceAll(text, broken, "")
	if strings.Contains(rest, "\n") {
		return text
	}
	return strings.ReplaceAll(text, broken, "\n")
}

var urnRE = pattern.New(`urn:li:([A-Za-z]+):([\w()-]+)`)

// urnOf finds the name of a post in its address: "share:7190…".
func urnOf(link string) string {
	if plain, err := url.PathUnescape(link); err == nil {
		link = plain
	}
	if m := urnRE.FindStringSubmatch(link); m != nil {
		return m[1] + ":" + m[2]
	}
	return ""
}

// address returns s where it is an address, and nothing else.
func address(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		return s
	}
	return ""
}

// put hands a post to the sink under a key that parts make, unless another
// file had it.
func (r *run) put(t table, p store.Post, parts ...string) error {
	scope := scopeOf(t)
	key, again := r.keys.Key(scope, append([]string{identity.Time(p.Created)}, parts...)...)
	r.seen[scope]++
	if again {
		return nil
	}
	p.Key = key
	return r.Out.Post(p)
}

func (r *run) share(one row) error {
	link := address(one.get("sharelink"))
	text := unwrap(one.get("sharecommentary"))
	created := parseTime(one.get("date"))
	if link == "" && text == "" && one.get("sharedurl") == "" {
		return r.skip(shares, one.member, one.Number, "has neither a link nor a text")
	}
	p := store.Post{Kind: store.KindPost, Own: true, Text: text, URL: link, Truncated: one.cut}
	p.Created, p.Precision = dated(created, store.PrecisionSecond)
	p.Audience = r.audience(one.get("visibility"))
	shared := address(one.get("sharedurl"))
	switch {
	case shared != "" && text == "":
		p.Kind, p.Own, p.Quoted = store.KindRepost, false, shared
	case onLinkedIn(shared):
		p.Kind, p.Quoted = store.KindQuote, shared
	case shared != "":
		p.Media = append(p.Media, store.Media{Type: "link", URL: shared})
	}
	if u := address(one.get("mediaurl")); u != "" {
		p.Media = append(p.Media, store.Media{URL: u})
	}
	urn := urnOf(link)
	if group, ok := strings.CutPrefix(urn, "groupPost:"); ok {
		id, _, _ := strings.Cut(group, "-")
		p.Audience, p.Place = store.AudienceGroup, "https://www.linkedin.com/groups/"+id+"/"
	}
	if one.cut {
		if err := r.skip(shares, one.member, one.Number, "the file ends in the middle of it"); err != nil {
			return err
		}
	}
	if urn == "" {
		return r.put(shares, p, link, text)
	}
	r.own.Add(urn)
	r.seen[scopeShare]++
	if p.Key = scopeShare + ":" + urn; !r.keys.Take(p.Key) {
		return nil
	}
	return r.Out.Post(p)
}

// onLinkedIn reports whether an address is a post of LinkedIn's own.
func onLinkedIn(link string) bool {
	u, err := url.Parse(link)
	if err != nil || u.Hostname() != "linkedin.com" && !strings.HasSuffix(u.Hostname(), ".linkedin.com") {
		return false
	}
	return strings.Contains(link, "/feed/update/") || strings.Contains(u.Path, "/posts/") || urnOf(link) != ""
}

// audience translates what LinkedIn explains; MEMBER_NETWORK, which nearly
// every post has, it does not.
func (r *run) audience(s string) store.Audience {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "PUBLIC", "ANYONE":
		return store.AudiencePublic
	case "CONNECTIONS", "CONNECTIONS_ONLY":
		return store.AudienceFriends
	case "MEMBER_NETWORK":
		r.vague++
	}
	return store.AudienceUnknown
}

// answered is the key of an own post, or else the address.
func (r *run) answered(link string) string {
	if urn := urnOf(link); urn != "" {
		if r.own.Has(urn) {
			return scopeShare + ":" + urn
		}
	}
	return address(link)
}

func (r *run) comment(one row) error {
	link, text := one.get("link"), one.get("message")
	if link == "" && text == "" {
		return r.skip(comments, one.member, one.Number, "has neither a link nor a text")
	}
	p := store.Post{Kind: store.KindComment, Own: true, Text: text, ReplyTo: r.answered(link)}
	p.Created, p.Precision = dated(parseTime(one.get("date")), store.PrecisionSecond)
	return r.put(comments, p, link, text)
}

// endorsed is somebody else's post, of which only the address is known.
func (r *run) endorsed(t table, one row) error {
	link := address(one.get("link"))
	if link == "" {
		return r.skip(t, one.member, one.Number, "has no link")
	}
	p := store.Post{Kind: store.KindLike, URL: link}
	if t == reposts {
		p.Kind = store.KindRepost
	}
	p.Created, p.Precision = dated(parseTime(one.get("date")), store.PrecisionSecond)
	return r.put(t, p, link)
}

// vote is an answer that the owner chose in somebody's poll.
func (r *run) vote(one row) error {
	link, text := one.get("link"), one.get("optiontext")
	if link == "" && text == "" {
		return r.skip(votes, one.member, one.Number, "has neither a link nor a text")
	}
	p := store.Post{Kind: store.KindLike, Text: text, URL: address(link)}
	p.Created, p.Precision = dated(parseTime(one.get("date")), store.PrecisionSecond)
	return r.put(votes, p, link, text)
}

// media is the description of an uploaded file.
func (r *run) media(one row) error {
	text := strings.TrimSpace(one.get("mediadescription"))
	if text == "" || text == "-" {
		return nil
	}
	p := store.Post{Kind: store.KindAlt, Own: true, Text: text, Media: []store.Media{{URL: address(one.get("medialink")), Alt: text}}}
	p.Created, p.Precision = looseTime(one.get("datetime", "date"))
	return r.put(richMedia, p, one.get("medialink"), text)
}

func (r *run) recommendation(one row) error {
	text := one.get("text")
	if text == "" {
		return nil
	}
	name := strings.TrimSpace(one.get("firstname") + " " + one.get("lastname"))
	p := store.Post{Kind: store.KindPost, Own: true, Text: text, ReplyToAuthor: name, Place: "recommendations"}
	if s := strings.ToUpper(one.get("status")); s == "VISIBLE" {
		p.Audience = store.AudiencePublic
	}
	p.Created, p.Precision = looseTime(one.get("creationdate"))
	return r.put(recommendations, p, name, text)
}

// profile is the only row of Profile.csv.
func (r *run) profile(one row) error {
	name := strings.Join(strings.Fields(one.get("firstname")+" "+one.get("lastname")), " ")
	if name != "" {
		r.account.Name = name
	}
	for _, part := range []struct{ key, text string }{
		{"name", name}, {"headline", one.get("headline")}, {"summary", one.get("summary")},
	} {
		if strings.TrimSpace(part.text) == "" || !r.keys.Take("bio:"+part.key) {
			continue
		}
		r.bios = append(r.bios, store.Post{Key: "bio:" + part.key, Kind: store.KindBio, Own: true, Text: part.text, Precision: store.PrecisionNone})
	}
	return nil
}

// detail is one entry of the lists in a profile: a position, a course of
// study, an honour.
func (r *run) detail(one row) error {
	name, _ := stem(strings.ToLower(one.member))
	title := one.get("title", "role", "degreename", "name", "supportedcause")
	where := one.get("companyname", "schoolname", "publisher")
	var lines []string
	for _, s := range []string{title, where, one.get("description"), one.get("notes"), one.get("activities")} {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, s)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	p := store.Post{Kind: store.KindBio, Own: true, Text: strings.Join(lines, "\n"), Precision: store.PrecisionNone}
	return r.put(details, p, name, title, where, one.get("startedon", "startdate", "publishedon", "issuedon"))
}

// Messages that nobody typed.
var templateRE = pattern.New(`%[A-Z]{4,20}%`)

// message is one private message; only the owner's own come further.
func (r *run) message(one row) error {
	from, text := one.get("from"), one.get("content")
	if r.me() == "" {
		r.nameless = true
		return nil
	}
	own := sameName(from, r.me())
	if d := one.get("direction"); d != "" {
		own = strings.EqualFold(d, "OUTGOING")
	}
	folder := strings.ToUpper(one.get("folder"))
	switch {
	case !own, folder == "SPAM", folder == "SPONSORED", templateRE.MatchString(text):
		return nil
	case yes(one.get("ismessagedraft")), yes(one.get("isconversationdraft")):
		return nil // never sent
	}
	if err := r.learnHandle(one.get("senderprofileurl")); err != nil {
		return err
	}
	if looksHTML(text) {
		text = plainHTML(text)
	}
	subject := strings.TrimSpace(one.get("subject"))
	if text == "" && subject == "" {
		return nil // an attachment alone
	}
	p := store.Post{Kind: store.KindDM, Own: true, Text: text, Audience: store.AudienceDirect}
	if subject != "" {
		p.Text = strings.TrimSpace(subject + "\n\n" + text)
	}
	p.Created, p.Precision = looseTime(one.get("date"))
	if others := strings.Split(one.get("recipientprofileurls"), ","); len(others) > 1 {
		p.Audience, p.Place = store.AudienceGroup, one.get("conversationtitle")
	} else {
		p.ReplyToAuthor = one.get("to")
	}
	return r.put(messages, p, one.get("conversationid"), p.Text)
}

func yes(s string) bool { return strings.EqualFold(s, "yes") || strings.EqualFold(s, "true") }

func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// learnHandle takes the owner's profile from the first own message: nothing
// else in the archive names it.
func (r *run) learnHandle(profile string) error {
	u, err := url.Parse(profile)
	if r.account.Handle != "" || err != nil || path.Dir(u.Path) != "/in" {
		return nil
	}
	r.account.Handle = path.Base(u.Path)
	return r.Out.Account(r.account)
}

// invitation is the note that goes with a request to connect.
func (r *run) invitation(one row) error {
	text := one.get("message")
	own := strings.EqualFold(one.get("direction"), "OUTGOING")
	if one.get("direction") == "" {
		own = r.me() != "" && sameName(one.get("from"), r.me())
	}
	if !own || text == "" {
		return nil
	}
	p := store.Post{Kind: store.KindDM, Own: true, Text: text, Audience: store.AudienceDirect, ReplyToAuthor: one.get("to")}
	p.Created, p.Precision = looseTime(one.get("sentat"))
	return r.put(invitations, p, one.get("to"), text)
}

// dated gives a time its precision.
func dated(t time.Time, p store.Precision) (time.Time, store.Precision) {
	if t.IsZero() {
		return t, store.PrecisionNone
	}
	return t, p
}

// parseTime reads the times of posts and comments, which are UTC, marked or
// not.
func parseTime(s string) time.Time {
	s = strings.TrimSuffix(strings.TrimSpace(s), " UTC")
	for _, layout := range []string{time.DateTime, "2006/01/02 15:04:05", time.RFC3339, "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return plausible(t.UTC())
		}
	}
	return time.Time{}
}

var sentenceRE = pattern.New(`([A-Z][a-z]+ \d{1,2}, \d{4} at \d{1,2}:\d{2}.[AP]M)(?: \((?:GMT|UTC)\))?`)

// looseTime reads the times of the other tables, which follow the language of
// the account and name no zone, and says how far they can be trusted.
func looseTime(s string) (time.Time, store.Precision) {
	s = strings.TrimSpace(strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(s))
	if t := parseTime(s); !t.IsZero() {
		return t, store.PrecisionSecond
	}
	if m := sentenceRE.FindStringSubmatch(s); m != nil {
		if t, err := time.Parse("January 2, 2006 at 3:04 PM", m[1]); err == nil {
			if strings.Contains(m[0], "(") {
				return dated(plausible(t), store.PrecisionMinute)
			}
			return dated(plausible(t), store.PrecisionZone)
		}
	}
	for _, layout := range []string{"1/2/06, 3:04 PM", "1/2/2006, 3:04 PM", "1/2/06 3:04 PM", "1/2/06, 15:04", "1/2/06 15:04", "2006/01/02, 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return dated(plausible(t), store.PrecisionZone)
		}
	}
	for _, layout := range []string{"1/2/06", "1/2/2006", "Jan 2, 2006", "January 2, 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return dated(plausible(t), store.PrecisionDay)
		}
	}
	return time.Time{}, store.PrecisionNone
}

// plausible drops times from before LinkedIn and from the far future.
func plausible(t time.Time) time.Time {
	if t.Year() < 2002 || t.Year() >= 2100 {
		return time.Time{}
	}
	return t
}
