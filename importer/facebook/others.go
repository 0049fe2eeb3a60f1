package facebook

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/importer/meta"
	"lookback/store"
)

// reaction gives a like or another reaction. The export has neither the text
// nor, as a rule, the address of what it was for.
func (r *run) reaction(_ file, rec *record) error {
	author := ""
	if l := meta.Find(rec.Labels, meta.RoleOwner); l != nil {
		author = l.Inside(meta.RoleName)
	}
	if rec.when.IsZero() {
		rec.at(meta.At(meta.When(rec.Labels)))
	}
	if rec.url == "" {
		rec.url = meta.Address(rec.Labels)
	}
	if rec.when.IsZero() && rec.url == "" {
		r.textless++
		return nil
	}
	p := store.Post{Kind: store.KindLike, Author: meta.Words(author), URL: rec.url, Created: rec.when, Precision: rec.precision}
	var again bool
	if p.Key, again = r.keys.Key(meta.Identity{Scope: secReaction, Time: rec.when}); again {
		return nil
	}
	return r.emit(p)
}

// endorsed gives a name or sentence of somebody else's that the owner stands
// behind: a page liked, an answer chosen in a poll, an event joined.
func (r *run) endorsed(rec *record, scope, text string) error {
	text = meta.Words(text)
	if text == "" {
		r.textless++
		return nil
	}
	p := store.Post{Kind: store.KindLike, Text: text, URL: rec.url, Created: rec.when, Precision: rec.precision}
	var again bool
	if p.Key, again = r.keys.Key(meta.Identity{Scope: scope, Time: rec.when, Text: text}); again {
		return nil
	}
	return r.emit(p)
}

// own gives words of the owner's that are no post of the timeline.
func (r *run) own(rec *record, scope string, p store.Post) error {
	p.Text = meta.Words(p.Text)
	if p.Text == "" {
		r.textless++
		return nil
	}
	p.Own = true
	if p.Precision == "" && p.Created.IsZero() {
		p.Created, p.Precision = rec.when, rec.precision
	}
	var again bool
	if p.Key, again = r.keys.Key(meta.Identity{Scope: scope, Time: p.Created, Text: p.Text}); again {
		return nil
	}
	return r.emit(p)
}

// nameOf is what a liked thing is called.
func (rec *record) nameOf() string {
	if l := meta.Find(rec.Labels, meta.RoleName); l != nil && l.Value != "" {
		return l.Value
	}
	if l := meta.Find(rec.Labels, meta.RoleTitle); l != nil && l.Value != "" {
		return l.Value
	}
	if rec.name != "" {
		return rec.name
	}
	return meta.Written(rec.Labels)
}

func (r *run) pageLike(_ file, rec *record) error {
	if rec.when.IsZero() {
		rec.at(meta.At(meta.When(rec.Labels)))
	}
	if rec.url == "" {
		rec.url = meta.Address(rec.Labels)
	}
	return r.endorsed(rec, secPageLike, rec.nameOf())
}

// review gives a recommendation: with its text where the export has one, else
// the name of what was recommended.
func (r *run) review(_ file, rec *record) error {
	name := rec.nameOf()
	if l := meta.Find(rec.Labels, meta.RoleText); l != nil && l.Value != "" {
		rec.texts = add(rec.texts, l.Value)
	}
	if rec.when.IsZero() {
		rec.at(meta.At(meta.When(rec.Labels)))
	}
	if rec.url == "" {
		rec.url = meta.Address(rec.Labels)
	}
	if text := rec.text(); text != "" {
		return r.own(rec, secReview, store.Post{Kind: store.KindComment, Text: text, Place: meta.Words(name), URL: rec.url})
	}
	return r.endorsed(rec, secReview, name)
}

func (r *run) pollVote(_ file, rec *record) error {
	for _, p := range rec.polls {
		if len(p.chosen) == 0 {
			continue
		}
		if err := r.endorsed(rec, secPollVote, meta.Words(p.question)+"\n"+strings.Join(p.chosen, "\n")); err != nil {
			return err
		}
	}
	if len(rec.polls) > 0 || len(rec.Labels) == 0 {
		return nil
	}
	if rec.when.IsZero() {
		rec.at(meta.At(meta.When(rec.Labels)))
	}
	var parts []string
	for i := range rec.Labels {
		if l := &rec.Labels[i]; l.Href == "" && l.Time == 0 && l.Date.IsZero() && !meta.IsURL(l.Value) && l.Role() != meta.RoleGroup && l.Role() != meta.RoleOwner {
			parts = add(parts, l.Value)
		}
	}
	return r.endorsed(rec, secPollVote, strings.Join(parts, "\n"))
}

// event gives an event that the owner made. The export says when it took
// place, not when it was written.
func (r *run) event(_ file, rec *record) error {
	rec.labelled()
	text := strings.TrimSpace(meta.Words(rec.name) + "\n\n" + meta.Words(rec.description))
	if text == "" {
		text = rec.text()
	}
	p := store.Post{Kind: store.KindPost, Text: text}
	if rec.when.IsZero() && rec.start != 0 {
		if p.Created, p.Precision = meta.At(rec.start); !p.Created.IsZero() {
			p.Precision = store.PrecisionDay
		}
	}
	return r.own(rec, secEvent, p)
}

func (r *run) eventReply(_ file, rec *record) error {
	if rec.when.IsZero() && rec.start != 0 {
		if rec.at(meta.At(rec.start)); !rec.when.IsZero() {
			rec.precision = store.PrecisionDay
		}
	}
	return r.endorsed(rec, secEventReply, rec.nameOf())
}

// market gives something that the owner offered for sale.
func (r *run) market(_ file, rec *record) error {
	rec.labelled()
	title := rec.Title
	if title == "" {
		title = rec.name
	}
	text := strings.TrimSpace(meta.Words(title) + "\n\n" + meta.Words(rec.description))
	if text == "" {
		text = rec.text()
	}
	return r.own(rec, secMarket, store.Post{Kind: store.KindPost, Text: text, Place: "Marketplace"})
}

// answers gives what the owner answered to be let into a group.
func (r *run) answers(_ file, rec *record) error {
	rec.labelled()
	for _, a := range rec.answers {
		one := *rec
		one.at(meta.At(a.time))
		p := store.Post{Kind: store.KindComment, Text: a.text, Place: meta.Words(rec.group), Audience: store.AudienceGroup}
		if err := r.own(&one, secAnswer, p); err != nil {
			return err
		}
	}
	if len(rec.answers) > 0 || len(rec.texts) == 0 {
		return nil
	}
	return r.own(rec, secAnswer, store.Post{Kind: store.KindComment, Text: rec.text(), Place: meta.Words(rec.group), Audience: store.AudienceGroup})
}

func (r *run) storyReply(_ file, rec *record) error {
	rec.labelled()
	return r.own(rec, secStoryReply, store.Post{Kind: store.KindReply, Text: rec.text(), ReplyToAuthor: meta.Words(rec.comment.author)})
}

// bioChange gives what the profile said before.
func (r *run) bioChange(_ file, rec *record) error {
	rec.labelled()
	return r.own(rec, secProfileLog, store.Post{Kind: store.KindBio, Text: rec.text()})
}

// readEdits keeps the earlier texts of posts and comments until these come.
func (r *run) readEdits() error {
	r.edits = map[string][]edit{}
	for _, f := range r.place.files {
		if f.section != secPostEdit && f.section != secCommentEdit {
			continue
		}
		keep := func(rec *record) error {
			rec.labelled()
			if text := rec.text(); text != "" {
				k := minute(f.section, rec.when)
				r.edits[k] = append(r.edits[k], edit{f.section, text, rec.when, rec.precision})
			}
			return nil
		}
		var err error
		if f.page {
			err = r.eachBox(f, func(rec *record) error { return keep(rec) })
		} else {
			err = meta.Each(r.Reader, f.meta(), parseRecord, func(_ int, rec *record) error {
				rec.at(meta.At(rec.Time))
				return keep(rec)
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// minute is how an edit finds its post: the export names neither, and both
// have the time of the post or of its last change.
func minute(section string, t time.Time) string {
	return section + strconv.FormatInt(t.Unix()/60, 10)
}

// revise gives p its earlier texts.
func (r *run) revise(p *store.Post) {
	section := secPostEdit
	if p.Kind == store.KindComment {
		section = secCommentEdit
	}
	for _, at := range []time.Time{p.Created, p.Edited} {
		k := minute(section, at)
		if at.IsZero() || len(r.edits[k]) == 0 {
			continue
		}
		for _, e := range r.edits[k] {
			if meta.Squash(e.text) != meta.Squash(p.Text) {
				p.Versions = append(p.Versions, store.Version{Text: e.text, Created: e.at})
			}
		}
		delete(r.edits, k)
	}
}

// restEdits gives the earlier texts whose post did not come. They can still be
// seen in the history of the post.
func (r *run) restEdits() error {
	keys := make([]string, 0, len(r.edits))
	for k := range r.edits {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	r.keys.Form()
	for _, k := range keys {
		for _, e := range r.edits[k] {
			kind := store.KindPost
			if e.section == secCommentEdit {
				kind = store.KindComment
			}
			rec := &record{when: e.at, precision: e.precision}
			if err := r.own(rec, e.section, store.Post{Kind: kind, Text: e.text, Place: "edit history"}); err != nil {
				return err
			}
		}
	}
	return nil
}
