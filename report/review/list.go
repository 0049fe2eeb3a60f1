package review

import (
	"slices"

	"lookback/store"
)

// threadPosts is how many posts of a thread are shown on either side.
const threadPosts = 5

// item is one flagged post without its text.
type item struct {
	account int64
	key     string
	post    int64
	choice  store.Choice // empty while one of its findings is undecided
}

// step is what one key decided, for undoing it.
type step struct {
	change int64
	at     int
	posts  []place
}

// place names a post.
type place struct {
	account int64
	key     string
}

// everyAction also chooses findings that recommend nothing.
var everyAction = []store.Action{store.ActionRemove, store.ActionReview, store.ActionNone}

// load reads the list that the filter chooses and goes to the first post that
// is left.
func (m *Model) load(flt store.Filter) error {
	var items []item
	for row, err := range m.opt.Reader.Findings(m.ctx, flt) {
		if err != nil {
			return err
		}
		items = append(items, itemOf(&row))
	}
	m.items, m.at = items, -1
	m.index = make(map[place]int, len(items))
	for i, it := range items {
		m.index[place{it.account, it.key}] = i
	}
	return m.next()
}

func itemOf(row *store.Row) item {
	it := item{account: row.Post.AccountID, key: row.Post.Key, post: row.Post.ID}
	if row.Decision != nil {
		it.choice = row.Decision.Choice
	}
	return it
}

// rowOf reads one post, with every finding in it that can be shown.
func (m *Model) rowOf(p place) (store.Row, bool, error) {
	flt := store.Filter{AccountID: p.account, PostKey: p.key, IncludeGone: true, IncludeSilenced: m.base.IncludeSilenced, ByTheme: m.base.ByTheme, Actions: everyAction}
	for row, err := range m.opt.Reader.Findings(m.ctx, flt) {
		return row, err == nil, err
	}
	return store.Row{}, false, nil
}

// left counts the posts that are not decided.
func (m *Model) left() int {
	n := 0
	for _, it := range m.items {
		if it.choice == "" {
			n++
		}
	}
	return n
}

// next goes to the next post that is not decided, from the end to the
// beginning; where there is none, to the last page.
func (m *Model) next() error {
	if m.all && m.at+1 < len(m.items) {
		return m.show(m.at + 1)
	}
	for i := range m.items {
		at := (m.at + 1 + i) % len(m.items)
		if m.items[at].choice == "" {
			return m.show(at)
		}
	}
	m.ended = true
	return nil
}

// show reads the post at a place of the list.
func (m *Model) show(at int) error {
	it := m.items[at]
	row, found, err := m.rowOf(place{it.account, it.key})
	if err != nil {
		return err
	}
	m.at, m.ended, m.scroll, m.chosen, m.group, m.found = at, false, 0, 0, false, found
	m.row, m.targets, m.same, m.around = row, nil, nil, store.Thread{}
	if !found {
		return nil
	}
	m.targets, err = m.opt.Reader.Targets(m.ctx, store.Filter{AccountID: it.account, PostKey: it.key, IncludeGone: true, IncludeSilenced: m.base.IncludeSilenced}, true)
	if err != nil {
		return err
	}
	m.targets = sortTargets(m.targets, &m.row)
	seen := map[string]bool{}
	for _, t := range m.targets {
		more, err := m.opt.Reader.SameWords(m.ctx, t)
		if err != nil {
			return err
		}
		for _, s := range more {
			if s.Choice == "" && s.PostID != it.post && !seen[s.UID] {
				seen[s.UID] = true
				m.same = append(m.same, s)
			}
		}
	}
	m.around, err = m.opt.Reader.Thread(m.ctx, it.post, threadPosts)
	return err
}

// decide stores a choice about the post that is shown, or about one finding of
// it, and about the posts with the same words where that was asked for.
func (m *Model) decide(c store.Choice, reason string) error {
	whole := c == store.ChoiceRemove || c == store.ChoiceDone // a post goes as a whole
	var list []store.Target
	for i, t := range m.targets {
		if whole || m.chosen == 0 || m.chosen == i+1 {
			list = append(list, t)
		}
	}
	if m.group {
		for _, s := range m.same {
			if whole || m.matches(s) {
				list = append(list, s)
			}
		}
	}
	if whole && m.group {
		var err error
		if list, err = m.wholePosts(list); err != nil {
			return err
		}
	}
	var ds []store.Decision
	st := step{at: m.at}
	for _, t := range list {
		ds = append(ds, t.With(c, reason, t.Note))
		st.posts = append(st.posts, place{t.AccountID, t.PostKey})
	}
	change, err := m.opt.Decider.Decide(m.ctx, ds)
	if err != nil {
		return err
	}
	if st.change = change.ID; change.ID != 0 {
		m.steps = append(m.steps, st)
	}
	if err := m.refresh(st.posts); err != nil {
		return err
	}
	m.say(decidedText(c, change, len(list)))
	return m.next()
}

// matches says whether a finding in another post is the same as the chosen
// one of this post.
func (m *Model) matches(s store.Target) bool {
	if m.chosen == 0 {
		return true
	}
	t := m.targets[m.chosen-1]
	return t.Theme == s.Theme && t.WordsHash == s.WordsHash
}

// wholePosts adds what else is undecided in the posts of a list.
func (m *Model) wholePosts(list []store.Target) ([]store.Target, error) {
	seen, posts := map[string]bool{}, map[place]bool{}
	for _, t := range list {
		seen[t.UID] = true
	}
	for _, t := range list[:len(list):len(list)] {
		p := place{t.AccountID, t.PostKey}
		if posts[p] {
			continue
		}
		posts[p] = true
		more, err := m.opt.Reader.Targets(m.ctx, store.Filter{AccountID: p.account, PostKey: p.key, IncludeGone: true}, true)
		if err != nil {
			return nil, err
		}
		for _, x := range more {
			if !seen[x.UID] && x.Choice == "" {
				seen[x.UID] = true
				list = append(list, x)
			}
		}
	}
	return list, nil
}

// refresh reads again what is decided about some posts.
func (m *Model) refresh(posts []place) error {
	done := map[place]bool{}
	for _, p := range posts {
		i, ok := m.index[p]
		if !ok || done[p] {
			continue
		}
		done[p] = true
		row, found, err := m.rowOf(p)
		if err != nil {
			return err
		}
		if found {
			m.items[i].choice = itemOf(&row).choice
		}
	}
	return nil
}

// undo takes the last decision of this review back and goes to its post.
// Something decided elsewhere meanwhile is left alone.
func (m *Model) undo() error {
	if len(m.steps) == 0 {
		m.say("There is nothing to undo in this review. For what was decided before: lookback decide --undo")
		return nil
	}
	last := m.steps[len(m.steps)-1]
	history, err := m.opt.Reader.History(m.ctx, 0)
	if err != nil {
		return err
	}
	now := slices.IndexFunc(history, func(c store.Change) bool { return c.Undone.IsZero() })
	if now < 0 || history[now].ID != last.change {
		m.say("Something was decided elsewhere meanwhile; that is not undone from here.")
		return nil
	}
	if _, err := m.opt.Decider.Undo(m.ctx); err != nil {
		return err
	}
	m.steps = m.steps[:len(m.steps)-1]
	if err := m.refresh(last.posts); err != nil {
		return err
	}
	m.say("Undone.")
	if i, ok := m.index[last.posts[0]]; ok {
		return m.show(i)
	}
	return nil
}
