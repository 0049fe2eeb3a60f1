package x

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// readAccount learns whose archive it is: from account.js, else from the
// manifest, else from the list of posts, which names the account's number.
func (r *run) readAccount() error {
	for _, m := range r.place.members[keyAccount] {
		err := each(r, m, parseAccount, func(_ int, a *store.Account) error {
			r.account.NativeID = cmp.Or(a.NativeID, r.account.NativeID)
			r.account.Handle = cmp.Or(a.Handle, r.account.Handle)
			r.account.Name = cmp.Or(a.Name, r.account.Name)
			r.account.Created = a.Created
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := r.earlierNames(); err != nil {
		return err
	}
	if r.account.NativeID == "" {
		if err := r.accountFromHeaders(); err != nil {
			return err
		}
	}
	if r.account.Handle == "" {
		r.account.Handle = strings.TrimPrefix(r.opts.Me, "@")
	}
	return r.Out.Account(r.account)
}

func parseAccount(d *jsonstream.Decoder, a *store.Account) error {
	var created string
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "account":
			return jsonstream.Object(d, member)
		case "accountId":
			return jsonstream.Text(d, &a.NativeID)
		case "username":
			return jsonstream.Text(d, &a.Handle)
		case "accountDisplayName":
			return jsonstream.Text(d, &a.Name)
		case "createdAt":
			return jsonstream.Text(d, &created)
		}
		return jsonstream.Skip(d)
	}
	err := jsonstream.Object(d, member)
	a.Created = parseTime(created)
	return err
}

// A nameChange is one row of screen-name-change.js.
type nameChange struct {
	at       time.Time
	from, to string
}

func (r *run) earlierNames() error {
	var changes []nameChange
	for _, m := range r.place.members[keyNameChange] {
		err := each(r, m, parseNameChange, func(_ int, c *nameChange) error {
			changes = append(changes, *c)
			return nil
		})
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(changes, func(a, b nameChange) int { return a.at.Compare(b.at) })
	for _, c := range changes {
		if c.from != "" && !strings.EqualFold(c.from, r.account.Handle) && !slices.Contains(r.account.Earlier, c.from) {
			r.account.Earlier = append(r.account.Earlier, c.from)
		}
	}
	return nil
}

func parseNameChange(d *jsonstream.Decoder, c *nameChange) error {
	var at string
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "screenNameChange": // twice, one inside the other
			return jsonstream.Object(d, member)
		case "changedAt":
			return jsonstream.Text(d, &at)
		case "changedFrom":
			return jsonstream.Text(d, &c.from)
		case "changedTo":
			return jsonstream.Text(d, &c.to)
		}
		return jsonstream.Skip(d)
	}
	err := jsonstream.Object(d, member)
	c.at = parseTime(at)
	return err
}

func (r *run) accountFromHeaders() error {
	for _, m := range r.place.members[keyHeaders] {
		err := each(r, m, parseHeader, func(_ int, id *string) error {
			r.account.NativeID = cmp.Or(r.account.NativeID, *id)
			return nil
		})
		if err != nil || r.account.NativeID != "" {
			return err
		}
	}
	return nil
}

func parseHeader(d *jsonstream.Decoder, id *string) error {
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "tweet":
			return jsonstream.Object(d, member)
		case "user_id", "userId":
			return jsonstream.Text(d, id)
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

// bio hands over a text of the profile.
func (r *run) bio(part, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	p := store.Post{Key: "bio:" + part, Kind: store.KindBio, Own: true, Text: text, Precision: store.PrecisionNone}
	if r.account.Handle != "" {
		p.URL = "https://x.com/" + r.account.Handle
	}
	return r.Out.Post(p)
}

// A profile holds the texts of profile.js and of the files like it.
type profile struct {
	bio, location, category string
}

func parseProfile(d *jsonstream.Decoder, p *profile) error {
	var member func(name []byte) error
	member = func(name []byte) error {
		switch string(name) {
		case "profile", "professionalData", "periscopeProfileDescription":
			return jsonstream.Object(d, member)
		case "description":
			if d.PeekKind() == '{' {
				return jsonstream.Object(d, member)
			}
			return jsonstream.Text(d, &p.bio)
		case "bio":
			return jsonstream.Text(d, &p.bio)
		case "location":
			return jsonstream.Text(d, &p.location)
		case "categoryName":
			return jsonstream.Text(d, &p.category)
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

// readProfile hands over what the profile says now: earlier versions are not
// in an archive.
func (r *run) readProfile() error {
	if err := r.bio("name", r.account.Name); err != nil {
		return err
	}
	texts := map[string]func(p *profile) error{
		keyProfile: func(p *profile) error {
			if err := r.bio("description", unescape(p.bio, false)); err != nil {
				return err
			}
			return r.bio("location", unescape(p.location, false))
		},
		keyProfessional: func(p *profile) error { return r.bio("category", p.category) },
		keyPeriscope:    func(p *profile) error { return r.bio("periscope", unescape(p.bio, false)) },
	}
	for _, key := range []string{keyProfile, keyProfessional, keyPeriscope} {
		for _, m := range r.place.members[key] {
			err := each(r, m, parseProfile, func(_ int, p *profile) error { return texts[key](p) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}
