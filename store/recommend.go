package store

import (
	"math"
	"time"
)

// Recommend is what to do about an account as a whole.
type Recommend string

// The recommendations.
const (
	RecommendNothing Recommend = "nothing-to-remove"
	RecommendReview  Recommend = "review-posts"
	RecommendPosts   Recommend = "remove-posts"
	RecommendAccount Recommend = "consider-deleting-account"
	RecommendUnknown Recommend = "not-scanned" // nothing in it was looked at yet
)

// An account is seldom used when it has fewer than SeldomPerYear posts for
// each year between its first and its last, or when its last post is more than
// DormantDays old. To delete it is a thought where at least MostFlagged of its
// posts, and not fewer than FewestFlagged, are flagged. Likes, shares and
// comments count as posts; messages and profile texts do not.
const (
	SeldomPerYear = 24
	DormantDays   = 2 * 365
	MostFlagged   = 0.5
	FewestFlagged = 3
)

// Recommendation is what to do about an account, and what that rests on.
type Recommendation struct {
	What      Recommend `json:"what"`
	Posts     int       `json:"posts"`
	Remove    int       `json:"remove"`
	Review    int       `json:"review"`
	Share     float64   `json:"share_flagged"` // of Posts, 0 to 1
	PerYear   float64   `json:"posts_per_year"`
	QuietDays int       `json:"days_since_last_post"` // -1 where no post has a date
	Seldom    bool      `json:"seldom_used"`
	Dormant   bool      `json:"dormant"`
}

// Recommend returns what to do about an account at a time.
func (s *Summary) Recommend(a *AccountSummary, now time.Time) Recommendation {
	r := Recommendation{What: RecommendNothing, Posts: a.Public, Remove: a.Flagged.Remove, Review: a.Flagged.Review, QuietDays: -1}
	flagged := r.Remove + r.Review
	if r.Posts > 0 {
		r.Share = round2(min(1, float64(flagged)/float64(r.Posts)))
	}
	if !a.First.IsZero() {
		years := max(1, a.Last.Sub(a.First).Hours()/24/365.25)
		r.PerYear = round2(float64(r.Posts) / years)
		r.QuietDays = max(0, int(now.Sub(a.Last).Hours()/24))
		r.Seldom, r.Dormant = r.PerYear < SeldomPerYear, r.QuietDays > DormantDays
	}
	switch {
	case s.Scanned == 0:
		r.What = RecommendUnknown
	case (r.Seldom || r.Dormant) && flagged >= FewestFlagged && float64(flagged) >= MostFlagged*float64(r.Posts):
		r.What = RecommendAccount
	case r.Remove > 0:
		r.What = RecommendPosts
	case r.Review > 0:
		r.What = RecommendReview
	}
	return r
}

func round2(x float64) float64 { return math.Round(x*100) / 100 }
