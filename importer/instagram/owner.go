package instagram

import (
	"slices"
	"strings"
	"time"

	"lookback/importer/instagram/form"
	"lookback/importer/jsonstream"
	"lookback/importer/meta"
	"lookback/store"
)

// readOwner learns whose export it is.
func (r *run) readOwner() error {
	for _, f := range r.place.files {
		var err error
		switch {
		case f.section == secProfile && f.old:
			err = r.readOldProfile(f)
		case f.section == secProfile:
			err = form.ReadProfile(r.Reader, f.meta(), f.page, &r.profile)
		case f.section == secSignup:
			err = r.readSignup(f)
		case f.section == secChanges:
			err = r.readChanges(f)
		default:
			continue
		}
		if err != nil {
			return err
		}
		r.seen[f.section] = true
	}
	r.account.Handle, r.account.Name, r.account.Created = r.profile.User, r.profile.Name, r.registered
	if r.account.Handle == "" && r.account.Name == "" {
		r.account.Name = meta.Squash(r.opts.Me)
	}
	r.name(r.opts.Me)
	r.name(r.profile.User)
	r.name(r.profile.Name)
	r.earlier()
	return r.Out.Account(r.account)
}

// readSignup takes when the account was made: the only time in the file.
func (r *run) readSignup(f file) error {
	take := func(rec *form.Record) error {
		if r.registered.IsZero() || !rec.When.IsZero() && rec.When.Before(r.registered) {
			r.registered = rec.When
		}
		return nil
	}
	if f.page {
		return r.Page(f.meta(), meta.Options{}, func(_ int, box *meta.Node, _ *meta.Frame) error {
			return take(form.EntryOf(box, r.Zone))
		})
	}
	return meta.Each(r.Reader, f.meta(), form.Parse, func(_ int, rec *form.Record) error { return take(rec) })
}

// A change is one of profile_changes: what it was before, and what after.
type change struct {
	bio       bool
	from, to  string
	when      time.Time
	precision store.Precision
}

// readChanges takes what the profile said before. The labels are in the
// account's language, and so is what was changed: the order counts.
func (r *run) readChanges(f file) error {
	take := func(rec *form.Record) error {
		var values []string
		for i := range rec.Labels {
			if l := &rec.Labels[i]; l.Time == 0 && l.Date.IsZero() && l.Role() != meta.RoleTime {
				values = append(values, meta.Words(l.Value))
			}
		}
		if len(values) != 3 {
			return nil
		}
		what := meta.Label{Name: values[0]}
		c := change{from: values[1], to: values[2], when: rec.When, precision: rec.Precision}
		c.bio = what.Role() == meta.RoleBio || strings.Contains(strings.ToLower(values[0]), "bio")
		if what.Role() == meta.RoleUnknown && !c.bio {
			c.bio = len(strings.Fields(c.from)) > 3 || len(strings.Fields(c.to)) > 3
		}
		r.changes = append(r.changes, c)
		return nil
	}
	if f.page {
		return r.Page(f.meta(), meta.Options{}, func(_ int, box *meta.Node, _ *meta.Frame) error {
			return take(form.EntryOf(box, r.Zone))
		})
	}
	return meta.Each(r.Reader, f.meta(), form.Parse, func(_ int, rec *form.Record) error { return take(rec) })
}

// earlier follows the user names back from the present one. All others count
// as names of the owner's, under which messages may have been sent.
func (r *run) earlier() {
	slices.SortStableFunc(r.changes, func(a, b change) int { return b.when.Compare(a.when) })
	now := r.account.Handle
	for _, c := range r.changes {
		if c.bio || strings.Contains(c.from+c.to, "@") || meta.IsURL(c.from) || meta.IsURL(c.to) {
			continue
		}
		r.name(c.from)
		r.name(c.to)
		if now != "" && strings.EqualFold(c.to, now) && meta.UserName(c.from) {
			now = c.from
			r.account.Earlier = append([]string{c.from}, r.account.Earlier...)
		}
	}
}

// readBios gives what the profile says, and said before.
func (r *run) readBios() error {
	if err := r.Bio("profile", r.profile.Bio, time.Time{}, store.PrecisionNone); err != nil {
		return err
	}
	said := map[string]bool{"": true, meta.Squash(r.profile.Bio): true}
	for _, c := range slices.Backward(r.changes) {
		if !c.bio {
			continue
		}
		for i, text := range []string{c.from, c.to} {
			if said[meta.Squash(text)] {
				continue
			}
			said[meta.Squash(text)] = true
			p := store.Post{Kind: store.KindBio, Own: true, Text: text, Precision: store.PrecisionNone}
			if i == 1 && !c.when.IsZero() {
				p.Created, p.Precision = c.when, c.precision
			}
			if r.Key(&p, meta.Identity{Scope: "bio-change", Text: text}) {
				continue
			}
			if err := r.Emit(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// readOldProfile reads profile.json of 2018 to 2020.
func (r *run) readOldProfile(f file) error {
	return r.Value(f.meta(), func(d *jsonstream.Decoder) error {
		var joined string
		err := jsonstream.Object(d, func(name []byte) error {
			switch string(name) {
			case "username":
				return meta.Text(d, &r.profile.User)
			case "name":
				return meta.Text(d, &r.profile.Name)
			case "biography":
				return meta.Text(d, &r.profile.Bio)
			case "date_joined":
				return jsonstream.Text(d, &joined)
			}
			return jsonstream.Skip(d)
		})
		r.registered, _ = form.ISO(joined)
		return err
	})
}
