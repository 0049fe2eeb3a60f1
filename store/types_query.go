package store

import "time"

// Filter chooses flagged posts. The zero Filter chooses every one that the
// newest archive still has. Values within a field are alternatives, fields
// add up.
type Filter struct {
	UIDs      []string // findings by their public id
	Standards []string // "5.1", or "5" for all of 5
	Themes    []string // "privacy.case", or "privacy" for all of privacy
	Rules     []string // rule ids
	Actions   []Action // the most serious action of the post
	Platforms []string
	Kinds     []Kind
	Since     time.Time // inclusive; posts without a date are left out
	Until     time.Time // exclusive; posts without a date are left out
	Text      string    // words that must all be there; "in quotes" as a phrase, ending in * as a beginning
	AccountID int64
	Accounts  []int64 // posts of any of these
	PostKey   string
	Undecided bool     // leave out posts of which every finding was decided
	Choices   []Choice // findings about which this was decided
	Open      bool     // leave out findings that were kept, cleared or done
	New       bool     // only findings that the audit before the last did not have
	// IncludeSilenced also chooses findings that the allow list silences.
	IncludeSilenced bool
	IncludeGone     bool // also posts that a newer archive no longer has
	// Judged adds, behind all others, the posts that only a judge flags. They
	// have no findings, so UIDs, Rules, Actions, Choices and New leave them out.
	Judged bool
	// OrderByDate sorts newest first instead of most serious first.
	OrderByDate bool
	Limit       int // 0 for no limit
	// ByTheme, if not nil, gives each theme the standards that count in place
	// of the stored ones: those of another regulator. Standards is then looked
	// up in it, in any case of letters.
	ByTheme map[string][]string
}

// ForgetWhat says what Forget removes. Exactly one field is set.
type ForgetWhat struct {
	AccountID  int64
	ArchiveID  int64
	Everything bool
}

// ForgetResult counts what Forget removed.
type ForgetResult struct {
	Accounts  int
	Archives  int
	Posts     int
	Findings  int
	Decisions int
	// Kept counts posts of a forgotten archive that another archive has too.
	Kept int
}

// DecisionState is a decision with what became of its finding.
type DecisionState struct {
	Decision
	Matched  bool // there is a finding with the same words
	Reworded bool // there is none, but one of the theme with other words
	Known    bool // the post is in the store
	Gone     bool // a newer archive no longer has the post
}
