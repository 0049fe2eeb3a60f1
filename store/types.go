package store

import "time"

// Kind says what sort of act put the text into the account.
type Kind string

// The kinds, as `lookback check` takes them too.
const (
	KindPost    Kind = "post"
	KindReply   Kind = "reply"
	KindRepost  Kind = "repost"
	KindQuote   Kind = "quote"
	KindLike    Kind = "like"
	KindDM      Kind = "dm"
	KindBio     Kind = "bio"
	KindAlt     Kind = "alt"
	KindComment Kind = "comment"
)

// Kinds lists every kind in the order in which reports show them.
var Kinds = []Kind{KindPost, KindReply, KindRepost, KindQuote, KindLike, KindComment, KindDM, KindBio, KindAlt}

// Audience is who could read the text when it was posted, as far as the
// archive says.
type Audience string

// The audiences. Unknown is the zero value: most archives do not say.
const (
	AudienceUnknown   Audience = ""
	AudiencePublic    Audience = "public"
	AudienceUnlisted  Audience = "unlisted"
	AudienceFollowers Audience = "followers"
	AudienceFriends   Audience = "friends"
	AudienceGroup     Audience = "group"
	AudienceCircle    Audience = "circle"
	AudienceDirect    Audience = "direct"
	AudienceOnlyMe    Audience = "only-me"
)

// Precision says how far Post.Created can be trusted.
type Precision string

// The precisions. The zero value means exact to the second and in UTC.
const (
	PrecisionSecond Precision = ""
	PrecisionMinute Precision = "minute"
	PrecisionDay    Precision = "day"
	PrecisionZone   Precision = "zone-unknown" // local time of an unknown zone, read as UTC
	PrecisionNone   Precision = "none"         // no time; Created is zero
)

// Action is what the report recommends.
type Action string

// The actions. Remove outranks review.
const (
	ActionNone   Action = "none"
	ActionReview Action = "review"
	ActionRemove Action = "remove"
)

// Account is one person's account on one platform.
type Account struct {
	ID       int64
	Platform string // importer name: "x", "facebook", ...
	NativeID string // the platform's own id; empty where the archive has none
	Handle   string // without @; empty where the platform has none
	Name     string
	Earlier  []string // handles the account had before, oldest first
	Created  time.Time
}

// Archive is one export as it was read once.
type Archive struct {
	ID         int64
	AccountID  int64
	Platform   string
	Name       string // base name of the file or folder, never its path
	Digest     string // SHA-256, hex, of what was read: see importer.Archive.Digest
	Size       int64  // bytes of the file, or of all members of a folder
	Layout     string // the importer's name for the era or form, e.g. "x-2022"
	Messages   bool   // private messages were read too, because the person asked for it
	Generated  time.Time
	Imported   time.Time
	Partial    bool     // the platform or the importer says that it is not whole
	Incomplete bool     // something in it could not be read
	Unfinished bool     // reading was broken off; reading it again completes it
	Again      bool     // what was in the way may be gone next time: the same archive then counts as unknown
	Scopes     []string // key prefixes that this archive holds completely, e.g. "tweet:"
	Notes      []Note
	Posts      int // posts read from it
	Added      int // posts the store did not have
	Updated    int
	Skipped    int
	Gone       int // posts that this archive was the first to lack
}

// Note is a fact about an archive that a person should know: what it lacks,
// a count that differs from the manifest, members that cannot be read.
type Note struct {
	Code   string `json:"code"` // stable, e.g. "count-differs"
	Member string `json:"member,omitempty"`
	Text   string `json:"text"` // one calm sentence; never a post's text
}

// Skip is one record that could not be read. It never holds a post's text.
type Skip struct {
	ArchiveID int64
	Member    string
	Record    int // 1-based position in the member; 0 for the member as a whole
	Reason    string
}

// Media is one attachment of a post.
type Media struct {
	Member string // path inside the archive; empty where only a URL is known
	Type   string // "photo", "video", "gif", "audio", "link" or ""
	URL    string
	Alt    string // also emitted as a post of KindAlt so that it is scanned
}

// Version is an earlier text of an edited post. A key without a text says that
// a post with this key, if one comes in, is that version.
type Version struct {
	ID      int64 // in the store
	Key     string
	Text    string
	Created time.Time
}

// Post is one text in one account: the owner's own words, or somebody
// else's that the owner reposted or liked.
type Post struct {
	ID        int64
	AccountID int64
	Key       string // stable within the account, with a scope prefix: "tweet:1790000000000000001"
	Kind      Kind
	Own       bool   // the owner wrote Text
	Author    string // who wrote Text when Own is false; empty where unknown
	// Text is what is scanned: decoded once, links expanded, UTF-8. A content
	// warning comes first, then a blank line.
	Text           string
	ContentWarning string
	Created        time.Time // UTC
	Precision      Precision
	Audience       Audience
	URL            string // public address; empty where none can be built
	ReplyTo        string // key (for a post that may be in the store) or URL of what it answers; empty where unknown
	ReplyToAuthor  string
	Quoted         string // URL of the quoted post
	Thread         string // key of the thread's or conversation's first post, where known
	Place          string // group, subreddit, server, page or chat it was posted in
	Truncated      bool   // the archive holds only the beginning of the text
	Deleted        time.Time
	Edited         time.Time
	Versions       []Version // earlier texts, oldest first
	Media          []Media

	GoneArchive int64 // archive that first lacked it; 0 while it is there
}

// Span is a range of bytes in Post.Text: Start inclusive, End exclusive.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Finding is one theme found in one post.
type Finding struct {
	ID         int64
	PostID     int64
	UID        string   // public and stable: names account, post, theme and words; set by the store
	Rule       string   // "theme.detail"
	Theme      string   // "privacy.case"
	Standards  []string // HCPC numbers, the theme's own first
	Action     Action
	Confidence float64 // 0 to 1
	Spans      []Span  // in order, not overlapping
	Why        string
	Advice     string
	Ruleset    string // hash of the rules that made it
	WordsHash  string // SHA-256, hex, of the flagged words; set by the store
	// Earlier is the earlier text of an edited post that the finding is about,
	// nil for the present one. EarlierSpans are bytes of it; Spans is empty then.
	Earlier      *Version
	EarlierSpans []Span
	Choice       Choice    // what the person decided about it; empty while undecided
	Decision     *Decision // the decision whose choice that is; nil while undecided
	Silenced     bool      // something that the person allowed silences it
}

// Author is an account with what its profile says of its owner.
type Author struct {
	Account Account
	Bios    []string // texts of KindBio that the newest archive still has, oldest first
}

// Scanned is a post with what the engine found in it; no findings is a
// result too.
type Scanned struct {
	PostID   int64
	Findings []Finding
	Marks    Mark
}

// Choice is what the person decided about a finding.
type Choice string

// The choices.
const (
	ChoiceRemove   Choice = "remove"
	ChoiceKeep     Choice = "keep"
	ChoiceNotIssue Choice = "not-an-issue"
	ChoiceDone     Choice = "done"
)

// Decision is a choice about one finding, kept by the post's key and a hash
// of the flagged words, so that changed words bring the finding back.
type Decision struct {
	ID        int64
	AccountID int64
	PostKey   string
	Theme     string
	WordsHash string // SHA-256, hex, of the flagged words
	Choice    Choice
	Reason    string // why the post is kept; ChoiceKeep needs one
	Note      string
	Decided   time.Time
}

// Row is what every report writes: one flagged post with all its findings,
// the most serious first.
type Row struct {
	Post     Post
	Account  Account
	Findings []Finding
	// Decision is set when every finding of the row was decided: the one
	// about the most serious finding.
	Decision *Decision
	// Answers is the text of the post that this one replies to, where the
	// archive has it.
	Answers       string
	AnswersOwn    bool   // the owner wrote that too
	AnswersAuthor string // who wrote it otherwise; empty where unknown
	// Target is whom or what the post is directed against, where that is known,
	// as reports show it; Series counts the posts of the series against the same
	// target that it is part of, itself included, 0 where it is in none.
	Target string
	Series int
	// Opinion is what a judge said of the post; nil where none was asked. A row
	// without findings has one: only the judge flags it.
	Opinion *Opinion
}

// Action returns the most serious action of the row's findings.
func (r Row) Action() Action {
	act := ActionNone
	for _, f := range r.Findings {
		if f.Action == ActionRemove {
			return ActionRemove
		}
		if f.Action == ActionReview {
			act = ActionReview
		}
	}
	return act
}

// Tally counts flagged posts under one label.
type Tally struct {
	Label  string `json:"label"`
	Remove int    `json:"remove"`
	Review int    `json:"review"`
}

// Count is a number of posts under one label.
type Count struct {
	Label string `json:"label"`
	Posts int    `json:"posts"`
}

// Cell is one cell of the heat map: flagged posts of one year under one
// standard. Year 0 holds posts without a date.
type Cell struct {
	Year     int    `json:"year"`
	Standard string `json:"standard"`
	Remove   int    `json:"remove"`
	Review   int    `json:"review"`
}

// Standard is one standard in our own words.
type Standard struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Text   string `json:"text"`
}

// Theme is the title of one theme, for people.
type Theme struct {
	ID    string `json:"id"` // "privacy.case"
	Title string `json:"title"`
}

// Summary is what a report says before its rows. A post counts once for each
// label, however many findings it has.
type Summary struct {
	Version     string // of lookback
	Generated   time.Time
	Regulator   string // "HCPC"
	Body        string // "Health and Care Professions Council"; may be empty
	RulesetName string
	Ruleset     string // hash
	LastScan    time.Time
	Standards   []Standard // every standard that a finding can name
	Themes      []Theme    // titles of the themes; empty where nobody filled them in
	Accounts    []AccountSummary
	Archives    []Archive
	Series      []Series // flagged posts against one target, the longest first
	Posts       int      // in the store
	Scanned     int      // under Ruleset
	First, Last time.Time
	ByYear      []Count // ascending; label "" for no date
	ByKind      []Count
	ByPlatform  []Count
	Flagged     Tally // all flagged posts
	Standard    []Tally
	Theme       []Tally
	Year        []Tally
	Heat        []Cell
	Skips       []Tally // Label is "member: reason"; Remove holds the count
	Skipped     int
	Gone        int            // flagged posts that a newer archive no longer has
	Decided     map[Choice]int // all decisions
	Settled     map[Choice]int // decisions that keep, clear or finish a finding that is there
	Unmatched   int            // decisions that no finding matches any more
	Silenced    int            // findings that the allow list silences
	Allowed     []Allowed      // the allow list
	LastAudit   time.Time      // zero before the first
	Changes     *Changes       // what the last audit changed; nil before the second
	Opinions    OpinionSummary
	Proof       *Proof // what newer archives say about what was decided
}

// AccountSummary is an account with what the store holds of it.
type AccountSummary struct {
	Account
	Posts       int
	Public      int // without messages and profile texts
	First, Last time.Time
	ByYear      []Count
	Flagged     Tally
	// Gaps are years between First and Last without a post.
	Gaps []int
}
