package form

import (
	"strings"

	"lookback/importer/jsonstream"
	"lookback/importer/meta"
)

// A Profile is what an export says about the account.
type Profile struct {
	User, Name string
	Bio        string
	Links      string
}

// Take reads the labelled values of a profile, which are in the account's
// language. Where a label is not known, a value of several words is taken for
// the biography.
func (p *Profile) Take(labels []meta.Label) {
	loose := ""
	for i := range labels {
		l := &labels[i]
		v := meta.Words(l.Value)
		switch l.Role() {
		case meta.RoleUser:
			if p.User == "" && meta.UserName(Handle(v)) {
				p.User = Handle(v)
			}
		case meta.RoleName:
			if p.Name == "" {
				p.Name = meta.Squash(v)
			}
		case meta.RoleBio, meta.RoleText:
			if p.Bio == "" {
				p.Bio = v
			}
		case meta.RoleUnknown:
			if len(strings.Fields(v)) > 2 && len(v) > len(loose) && !meta.LooksDate(v) && !known(l.Name) {
				loose = v
			}
		}
	}
	if p.Bio == "" {
		p.Bio = loose
	}
}

// known says that a label is certainly none of a biography.
func known(label string) bool {
	switch strings.ToLower(label) {
	case "email", "e-mail", "phone", "phone number", "phone confirmed", "gender", "date of birth", "website", "private account", "links", "profile photo":
		return true
	}
	return false
}

// ReadProfile reads the file of a profile, JSON or page.
func ReadProfile(r *meta.Reader, f meta.File, page bool, p *Profile) error {
	if page {
		return r.Page(f, meta.Options{Flat: true}, func(_ int, box *meta.Node, _ *meta.Frame) error {
			p.Take(meta.Rows(box))
			return nil
		})
	}
	return meta.Each(r, f, func(d *jsonstream.Decoder, rec *Record) error { return Parse(d, rec) },
		func(_ int, rec *Record) error { p.Take(rec.Labels); return nil })
}
