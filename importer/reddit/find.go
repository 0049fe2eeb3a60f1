package reddit

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/pattern"
)

// Kinds of files: the name without the ending and the number of the part.
const (
	kindPosts         = "posts"
	kindComments      = "comments"
	kindLive          = "live_stream_posts"
	kindDrafts        = "drafts"
	kindScheduled     = "scheduled_posts"
	kindMultis        = "multireddits"
	kindFriends       = "friends"
	kindPolls         = "poll_votes"
	kindPostVotes     = "post_votes"
	kindCommentVotes  = "comment_votes"
	kindSavedPosts    = "saved_posts"
	kindSavedComments = "saved_comments"
	kindGilded        = "gilded_content"
	kindMessages      = "messages"
	kindArchived      = "messages_archive"
	kindChats         = "chat_history"
	kindStatistics    = "statistics"
	kindCheckfile     = "checkfile"
)

// columns are what the header of each kind that is read must name.
var columns = map[string][]string{
	kindPosts: {"permalink", "subreddit"}, kindComments: {"permalink", "subreddit"}, kindLive: nil,
	kindDrafts: {"title", "body", "kind"}, kindScheduled: {"scheduled_post_id"}, kindMultis: {"display_name", "subreddits"},
	kindFriends: {"username", "note"}, kindPolls: {"post_id", "user_selection"},
	kindPostVotes: {"permalink", "direction"}, kindCommentVotes: {"permalink", "direction"},
	kindSavedPosts: {"id", "permalink"}, kindSavedComments: {"id", "permalink"}, kindGilded: {"content_link"},
	kindMessages: {"permalink", "from", "to"}, kindArchived: {"permalink", "from", "to"}, kindChats: {"message_id", "username"},
	kindStatistics: {"statistic", "value"}, kindCheckfile: {"filename", "sha256"},
}

// ignored says why the other files are not read.
var ignored = map[string]string{
	"post_headers": whyHeaders, "comment_headers": whyHeaders, "message_headers": whyHeaders, "messages_archive_headers": whyHeaders,
	"hidden_posts":          "posts that you hid, by address",
	"announcements":         "what Reddit sent to everybody",
	"subscribed_subreddits": whyGroups, "moderated_subreddits": whyGroups, "approved_submitter_subreddits": whyGroups,
	"ip_logs": whyPerson, "linked_identities": whyPerson, "linked_phone_number": whyPerson, "stripe": whyPerson, "persona": whyPerson,
	"birthdate": whyPerson, "account_gender": whyPerson, "purchases": whyPerson, "payouts": whyPerson, "user_preferences": whyPerson,
	"sensitive_ads_preferences": whyPerson, "twitter": whyPerson,
}

const (
	whyHeaders  = "the same once more, without text"
	whyGroups   = "names of communities"
	whyPerson   = "data about the account, not words of yours"
	whyMessages = "what you wrote in private, only when messages are asked for"
)

// A place says which members hold what, by kind, parts in order.
type place struct {
	layout  string
	sure    int
	members map[string][]importer.Member
	names   map[string]bool // of all members, in lower case
}

var partName = pattern.New(`^(.+?)(?:_(\d{1,4}))?\.csv$`)

// kindOf splits "comments_2.csv" into its kind and part.
func kindOf(name string) (kind string, part int) {
	m := partName.FindStringSubmatch(strings.ToLower(name))
	if m == nil || strings.Contains(name, "/") {
		return "", 0
	}
	part, _ = strconv.Atoi(m[2]) // "" is the first
	return m[1], part
}

// find looks at the root of fsys. nil means that this is not Reddit's.
func find(fsys fs.FS) (*place, error) {
	p := &place{members: map[string][]importer.Member{}, names: map[string]bool{}}
	headers := false
	for m := range importer.Members(fsys) {
		p.names[strings.ToLower(m.Name)] = true
		kind, _ := kindOf(m.Name)
		if _, known := columns[kind]; known {
			p.members[kind] = append(p.members[kind], m)
		}
		headers = headers || ignored[kind] == whyHeaders && has(header(fsys, m), "permalink")
	}
	for _, parts := range p.members {
		slices.SortStableFunc(parts, func(a, b importer.Member) int {
			_, x := kindOf(a.Name)
			_, y := kindOf(b.Name)
			return cmp.Compare(x, y)
		})
	}
	p.judge(fsys)
	if p.sure == 0 && headers {
		return nil, &importer.HintError{Err: errors.New("these files of Reddit's export hold no text"), Hint: "give the whole zip as Reddit sent it"}
	}
	if p.sure == 0 {
		return nil, nil
	}
	return p, nil
}

// judge says how sure it is. Other platforms have files of the same names, so
// the columns decide.
func (p *place) judge(fsys fs.FS) {
	is := func(kind string) bool {
		for _, m := range p.members[kind] {
			if has(header(fsys, m), columns[kind]...) {
				return true
			}
		}
		return false
	}
	texts := is(kindPosts) || is(kindComments)
	named := len(p.members[kindStatistics]) > 0
	switch {
	case is(kindStatistics), texts && named:
		p.sure, p.layout = 95, LayoutExport
	case texts:
		p.sure, p.layout = 85, LayoutTrimmed
	case is(kindChats), is(kindPostVotes), is(kindCommentVotes), is(kindScheduled), is(kindMessages) || is(kindArchived):
		p.sure, p.layout = 75, LayoutTrimmed
	case is(kindSavedPosts), is(kindSavedComments):
		p.sure, p.layout = 70, LayoutTrimmed
	}
}

// header returns the names of the columns of a file.
func header(fsys fs.FS, m importer.Member) []string {
	const enough = 2 << 10
	line, _, _ := bytes.Cut(intake.Head(fsys, m.Path, enough), []byte("\n"))
	names := strings.Split(strings.ToLower(string(line)), ",")
	for i := range names {
		names[i] = strings.Trim(names[i], "\" \r\t")
	}
	return names
}

func has(names []string, wanted ...string) bool {
	for _, w := range wanted {
		if !slices.Contains(names, w) {
			return false
		}
	}
	return len(wanted) > 0
}

// missing lists the files with words in them that the check list names and
// that are not there.
func missing(sums map[string]string, p *place) []string {
	var names []string
	for name := range sums {
		kind, _ := kindOf(name)
		if _, known := columns[kind]; known && !p.names[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	kind, _ := kindOf(name)
	switch _, known := columns[kind]; {
	case kind == kindMessages, kind == kindArchived, kind == kindChats:
		return importer.Use{Kind: importer.UseRead, Why: whyMessages, Messages: true}
	case known:
		return importer.Use{Kind: importer.UseRead}
	case ignored[kind] != "":
		return importer.Use{Kind: importer.UseIgnored, Why: ignored[kind]}
	}
	return importer.Use{Kind: importer.UseUnknown}
}
