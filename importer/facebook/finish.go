package facebook

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"lookback/importer"
)

// finish says what is known about the export as a whole.
func (r *run) finish() error {
	if err := r.restEdits(); err != nil {
		return err
	}
	made := r.generated
	if made.IsZero() {
		// JSON does not say when it was made: not before its newest record.
		made = r.newest
	}
	if at := made.Unix(); !made.IsZero() && at > 0 {
		if err := r.Out.Fact(importer.Fact{Generated: at}); err != nil {
			return err
		}
	}
	if err := r.notes(); err != nil {
		return err
	}
	whole, err := r.reach(made)
	if err != nil || !whole {
		return err
	}
	return r.scopes()
}

func (r *run) notes() error {
	switch {
	case r.posts == 0 && !r.messagesOnly():
		if err := r.Note("empty", "", "The export holds nothing that you wrote: when you ask for it again, tick posts, comments and reactions, groups, and profile information, for all time."); err != nil {
			return err
		}
	case !r.has(secPost) && !r.has(secComment) && !r.has(secWall) && !r.messagesOnly():
		if err := r.Note("posts-missing", "", "The export has neither your posts nor your comments: when you ask for it again, tick both, for all time."); err != nil {
			return err
		}
	}
	if r.textless > 0 {
		if err := r.Note("without-text", "", "Records without any text of yours, such as shared posts and stickers: "+strconv.Itoa(r.textless)+"."); err != nil {
			return err
		}
	}
	if r.unsure {
		text := "The pages give times without a zone. They were read as UTC and can be some hours off."
		if r.zone.Loc != nil {
			text = "The pages give times without a zone. They were read as " + r.zone.Name + " and can be an hour or more off."
		}
		if err := r.Note("times-assumed", "", text); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) has(section string) bool {
	return slices.ContainsFunc(r.place.files, func(f file) bool { return f.section == section })
}

// messagesOnly says whether the archive holds chats and nothing else, as the
// download of encrypted ones does.
func (r *run) messagesOnly() bool {
	for _, f := range r.place.files {
		if f.section != secMessage && f.section != secEncrypted && f.section != secOldMessage && f.section != secZone {
			return false
		}
	}
	return len(r.place.files) > 0
}

// Facebook offers the last year, in its newer forms before all time, and the
// last three years.
const (
	oneYear    = 372 * 24 * time.Hour
	threeYears = 3*366*24*time.Hour + 31*24*time.Hour
	settling   = 400 * 24 * time.Hour // from joining to the first post
)

// reach says whether the export seems to reach back to the account's
// beginning. Nothing in it says which dates were asked for.
func (r *run) reach(made time.Time) (whole bool, err error) {
	known := !r.registered.IsZero()
	age := made.Sub(r.oldest)
	switch {
	case r.oldest.IsZero() || r.messagesOnly() || r.place.old():
		return false, nil
	case known && r.oldest.Sub(r.registered) < settling:
		return true, nil
	case !known && age > threeYears:
		return true, nil
	case known && age <= oneYear:
		if err := r.Out.Fact(importer.Fact{Partial: true}); err != nil {
			return false, err
		}
	case !known && age > oneYear:
		return false, nil
	}
	text := fmt.Sprintf("The oldest record is from %s, less than a year before the export was made: if the account is older, ask for the export again with the date range All time.",
		r.oldest.Format("2 January 2006"))
	if known {
		text = fmt.Sprintf("The account is from %s, and the oldest record from %s: if anything is missing between them, ask for the export again with the date range All time.",
			r.registered.Format("January 2006"), r.oldest.Format("2 January 2006"))
	}
	return false, r.Note("starts-abruptly", "", text)
}

// old says whether the export is of the years when no range could be chosen.
func (p *place) old() bool {
	return slices.ContainsFunc(p.files, func(f file) bool { return f.section == secWall })
}

// scopes names what the archive holds all of.
func (r *run) scopes() error {
	var names []string
	for name, s := range sections {
		if s.scope && r.seen[name] && !r.Lost(name) {
			names = append(names, name)
		}
	}
	if r.seen[secProfile] && !r.Lost(secProfile) {
		names = append(names, "bio")
	}
	slices.Sort(names)
	for _, name := range names {
		if err := r.Out.Fact(importer.Fact{Scope: name + ":"}); err != nil {
			return err
		}
	}
	return nil
}
