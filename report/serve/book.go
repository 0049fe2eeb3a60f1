package serve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"lookback/report"
	"lookback/store"
)

// item is one flagged post without its text: what lists are chosen and
// counted by.
type item struct {
	id        int64
	place     int // among all, from 0
	account   int64
	key       string
	uids      []string // of its findings
	action    store.Action
	platform  string
	kind      store.Kind
	year      int
	standards []string
	themes    []string
	words     string // the same for posts with the same flagged words
	subjects  []subject
	decision  store.Choice // the gravest of its findings'; empty while one is undecided
}

// subject is what a decision is about.
type subject struct {
	theme, words string
	asks         bool // the finding asks for an action
	choice       store.Choice
}

// book holds the flagged posts in their order, with what was decided. It is
// read from the store anew when that was changed by anybody else.
type book struct {
	src Reader

	mu      sync.Mutex
	stamp   string
	filled  bool
	version int // grows with every change
	shape   int // the version at which the posts themselves last changed
	items   []*item
	byID    map[int64]*item
	groups  map[string][]*item
	decided int
	changes []change
}

// change is a post whose decision became another one.
type change struct {
	version int
	id      int64
}

// keptChanges is how far back a tab can catch up without loading its page anew.
const keptChanges = 4096

func newBook(src Reader) *book { return &book{src: src, byID: map[int64]*item{}} }

// fresh brings the book up to date with the store. b.mu is held.
func (b *book) fresh(ctx context.Context) error {
	stamp, err := b.src.Stamp(ctx)
	if err != nil || b.filled && stamp == b.stamp {
		return err
	}
	_, shape, _ := strings.Cut(stamp, "/")
	if _, was, _ := strings.Cut(b.stamp, "/"); b.filled && shape == was {
		err = b.redecide(ctx)
		if err == nil {
			b.stamp = stamp
		}
		return err
	}
	var items []*item
	for row, err := range b.src.Findings(ctx, store.Filter{}) {
		if err != nil {
			return err
		}
		items = append(items, newItem(&row, len(items)))
	}
	b.replace(items)
	b.stamp, b.filled = stamp, true
	return nil
}

// redecide takes over what was decided anew, which is much quicker than
// reading all posts again. b.mu is held.
func (b *book) redecide(ctx context.Context) error {
	type about struct {
		account           int64
		key, theme, words string
	}
	choices := map[about]store.Choice{}
	for d, err := range b.src.Decisions(ctx) {
		if err != nil {
			return err
		}
		choices[about{d.AccountID, d.PostKey, d.Theme, d.WordsHash}] = d.Choice
	}
	items := slices.Clone(b.items)
	for i, it := range items {
		subjects := slices.Clone(it.subjects)
		for j, s := range subjects {
			subjects[j].choice = choices[about{it.account, it.key, s.theme, s.words}]
		}
		if !slices.Equal(subjects, it.subjects) {
			other := *it // the old one may be in somebody's view
			other.subjects, other.decision = subjects, decisionOf(subjects)
			items[i] = &other
		}
	}
	b.replace(items)
	return nil
}

func newItem(row *store.Row, place int) *item {
	it := &item{
		id: row.Post.ID, place: place, account: row.Account.ID, key: row.Post.Key, action: row.Action(),
		platform: row.Account.Platform, kind: row.Post.Kind, year: report.Year(&row.Post),
	}
	var words []string
	for _, f := range row.Findings {
		it.uids = append(it.uids, f.UID)
		for _, s := range f.Standards {
			if !slices.Contains(it.standards, s) {
				it.standards = append(it.standards, s)
			}
		}
		if !slices.Contains(it.themes, f.Theme) {
			it.themes = append(it.themes, f.Theme)
		}
		it.subjects = append(it.subjects, subject{f.Theme, f.WordsHash, f.Action != store.ActionNone, f.Choice})
		words = append(words, f.Theme+" "+f.WordsHash)
	}
	slices.Sort(words)
	it.words = strings.Join(slices.Compact(words), "\n")
	it.decision = decisionOf(it.subjects)
	return it
}

// decisionOf is one word for the decisions about a post: what is left to be
// removed first. It is empty while a finding that asks for an action has none.
func decisionOf(list []subject) store.Choice {
	order := []store.Choice{store.ChoiceRemove, store.ChoiceDone, store.ChoiceKeep, store.ChoiceNotIssue}
	found := store.Choice("")
	for _, s := range list {
		if s.asks && s.choice == "" {
			return ""
		}
		if i := slices.Index(order, s.choice); i >= 0 && (found == "" || i < slices.Index(order, found)) {
			found = s.choice
		}
	}
	return found
}

// replace takes new items, and notes what became of the old ones. b.mu is held.
func (b *book) replace(items []*item) {
	b.version++
	moved := len(items) != len(b.items)
	was := b.byID
	b.items, b.byID, b.groups, b.decided = items, make(map[int64]*item, len(items)), map[string][]*item{}, 0
	for _, it := range items {
		b.byID[it.id] = it
		b.groups[it.words] = append(b.groups[it.words], it)
		if it.decision != "" {
			b.decided++
		}
		switch old, ok := was[it.id]; {
		case !ok || old.words != it.words:
			moved = true
		case !slices.Equal(old.subjects, it.subjects):
			b.changes = append(b.changes, change{b.version, it.id})
		}
	}
	if moved {
		b.shape = b.version
	}
	if n := len(b.changes); n > keptChanges {
		b.shape = max(b.shape, b.changes[n-keptChanges-1].version)
		b.changes = slices.Clone(b.changes[n-keptChanges:])
	}
}

// bookView is the book at one moment. Its items are never changed afterwards.
type bookView struct {
	version        int
	items          []*item
	byID           map[int64]*item
	groups         map[string][]*item
	decided, total int
}

// now brings the book up to date and returns it.
func (b *book) now(ctx context.Context) (bookView, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.fresh(ctx); err != nil {
		return bookView{}, err
	}
	return b.view(), nil
}

func (b *book) view() bookView {
	return bookView{b.version, b.items, b.byID, b.groups, b.decided, len(b.items)}
}

// news is what a tab hears of.
type news struct {
	Version int        `json:"version"`
	Decided int        `json:"decided"`
	Total   int        `json:"total"`
	Posts   []newsPost `json:"posts"`
	Stale   bool       `json:"stale"` // the posts themselves are others now
	Import  *newsFile  `json:"import,omitempty"`
}

type newsPost struct {
	ID     int64  `json:"id"`
	Choice string `json:"choice"`
	Label  string `json:"label"`
}

// since is what changed after a version. With look it looks into the store
// first: while archives are read, that would mean all posts again and again.
func (b *book) since(ctx context.Context, version int, look bool) (news, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if look || !b.filled {
		if err := b.fresh(ctx); err != nil {
			return news{}, err
		}
	}
	n := news{Version: b.version, Decided: b.decided, Total: len(b.items), Posts: []newsPost{}, Stale: version < b.shape}
	seen := map[int64]bool{}
	for _, c := range b.changes {
		it := b.byID[c.id]
		if c.version <= version || it == nil || seen[c.id] {
			continue
		}
		seen[c.id] = true
		n.Posts = append(n.Posts, newsPost{it.id, string(it.decision), decisionName(it.decision)})
	}
	return n, nil
}

// choiceName is what became of a post by a choice.
func choiceName(c store.Choice) string {
	switch c {
	case store.ChoiceRemove:
		return "to be removed"
	case store.ChoiceKeep:
		return "kept"
	case store.ChoiceNotIssue:
		return "not an issue"
	case store.ChoiceDone:
		return "done"
	}
	return report.SafeLine(string(c))
}

// decisionName is what a list says of a post's decision.
func decisionName(c store.Choice) string {
	if c == "" {
		return "not decided"
	}
	return choiceName(c)
}

// siblings are the posts with the same flagged words as it, itself included.
func (v bookView) siblings(it *item) []*item { return v.groups[it.words] }

// decisions are what a choice means for some posts: about every finding that
// asks for an action, or only about one of the first post's and those like it.
func decisions(list []*item, only int, d store.Decision) ([]store.Decision, error) {
	if only >= len(list[0].subjects) {
		return nil, fmt.Errorf("there is no finding %d", only+1)
	}
	var out []store.Decision
	for _, it := range list {
		for _, s := range it.subjects {
			if only >= 0 && (s.theme != list[0].subjects[only].theme || s.words != list[0].subjects[only].words) || only < 0 && !s.asks {
				continue
			}
			d.AccountID, d.PostKey, d.Theme, d.WordsHash = it.account, it.key, s.theme, s.words
			if !slices.ContainsFunc(out, func(o store.Decision) bool {
				return o.AccountID == d.AccountID && o.PostKey == d.PostKey && o.Theme == d.Theme && o.WordsHash == d.WordsHash
			}) {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// next is the first undecided post behind place, or from the start on; nil
// where all are decided.
func next(list []*item, place int) *item {
	i, _ := slices.BinarySearchFunc(list, place, func(it *item, place int) int { return cmp.Compare(it.place, place+1) })
	for j := range list {
		if it := list[(i+j)%len(list)]; it.decision == "" {
			return it
		}
	}
	return nil
}
