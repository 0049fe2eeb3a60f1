package discord

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"lookback/importer/jsonstream"
	"lookback/store"
)

// A user is user.json. Discord has changed its members often.
type user struct {
	id, name, tag, shown, bio, pronouns, status string
	notes                                       map[string]string // by id of the person noted
}

func parseUser(d *jsonstream.Decoder, u *user) error {
	u.notes = map[string]string{}
	to := map[string]*string{"id": &u.id, "username": &u.name, "discriminator": &u.tag, "global_name": &u.shown,
		"bio": &u.bio, "about_me": &u.bio, "pronouns": &u.pronouns}
	return jsonstream.Object(d, func(name []byte) error {
		if p := to[string(name)]; p != nil {
			return jsonstream.Text(d, p)
		}
		switch string(name) {
		case "user_profile", "profile", "profile_metadata", "user_profile_metadata":
			return jsonstream.Object(d, func(name []byte) error {
				if p := to[string(name)]; p != nil && string(name) != "id" {
					return jsonstream.Text(d, p)
				}
				return jsonstream.Skip(d)
			})
		case "notes":
			return jsonstream.Object(d, func(id []byte) error {
				key, text := string(id), ""
				err := jsonstream.Text(d, &text)
				u.notes[key] = text
				return err
			})
		case "settings":
			return u.settings(d)
		}
		return jsonstream.Skip(d)
	})
}

// settings looks for the text of the custom status, some levels down.
func (u *user) settings(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "settings", "status":
			return u.settings(d)
		case "customStatus", "custom_status":
			return fields(d, map[string]*string{"text": &u.status})
		}
		return jsonstream.Skip(d)
	})
}

// readAccount learns whose package it is. A partial one does not say.
func (r *run) readAccount() error {
	var u user
	for _, m := range r.pack.users {
		if u.id != "" || !isUser(r.fsys, m) {
			continue
		}
		var one user
		ok, err := r.value(m, func(d *jsonstream.Decoder) error { return parseUser(d, &one) })
		if err != nil {
			return err
		}
		if ok {
			u = one
		}
	}
	r.account = store.Account{Platform: "discord", NativeID: u.id, Handle: u.name, Name: u.shown}
	if u.name != "" && strings.Trim(u.tag, "0") != "" {
		r.account.Handle += "#" + u.tag
	}
	if u.id == "" {
		r.me()
	}
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	if u.id == "" && r.opts.Me == "" {
		err := r.Note("owner-unknown", "", "The package does not say whose it is, because its account part is missing; name yourself with --me.")
		if err != nil {
			return err
		}
	}
	return r.profile(u)
}

// me takes the owner from what the person said: an id or a name.
func (r *run) me() {
	if me := strings.TrimPrefix(r.opts.Me, "@"); snowflake(me) != 0 {
		r.account.NativeID = me
	} else {
		r.account.Handle = me
	}
}

func (r *run) profile(u user) error {
	if u.shown == "" {
		u.shown = u.name
	}
	for _, part := range []struct{ name, text string }{
		{"name", u.shown}, {"description", u.bio}, {"pronouns", u.pronouns}, {"status", u.status},
	} {
		if strings.TrimSpace(part.text) == "" {
			continue
		}
		err := r.Out.Post(store.Post{Key: "bio:" + part.name, Kind: store.KindBio, Own: true,
			Text: part.text, Precision: store.PrecisionNone})
		if err != nil {
			return err
		}
	}
	if !r.opts.Messages {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(u.notes)) {
		if strings.TrimSpace(u.notes[id]) == "" {
			continue
		}
		err := r.Out.Post(store.Post{Key: "note:" + id, Kind: store.KindPost, Own: true, Text: u.notes[id],
			Precision: store.PrecisionNone, Audience: store.AudienceOnlyMe, Place: "your note about somebody"})
		if err != nil {
			return err
		}
	}
	return nil
}

// readApplications reads how the owner describes bots of their own.
func (r *run) readApplications() error {
	for _, id := range slices.Sorted(maps.Keys(r.pack.apps)) {
		var name, about string
		_, err := r.value(r.pack.apps[id], func(d *jsonstream.Decoder) error {
			return fields(d, map[string]*string{"name": &name, "description": &about})
		})
		if err != nil {
			return err
		}
		text := strings.TrimSpace(name + "\n\n" + about)
		if strings.IndexFunc(text, unicode.IsLetter) < 0 {
			continue
		}
		err = r.Out.Post(store.Post{Key: "application:" + id, Kind: store.KindPost, Own: true, Text: text,
			Created: idTime(id), Precision: timed(id), Place: "your applications"})
		if err != nil {
			return err
		}
	}
	return nil
}

func timed(id string) store.Precision {
	if idTime(id).IsZero() {
		return store.PrecisionNone
	}
	return store.PrecisionSecond
}
