package misskey

import (
	"strconv"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/jsonstream"
)

// about is what a bundle says of its owner: user.json and profile.json.
type about struct {
	host, exported        string
	id, username, name    string
	description, location string
	fields                [][2]string
}

// readAbout reads the wrapper of whatever is there, and the owner.
func (r *run) readAbout() error {
	if r.place.layout != LayoutBundle {
		return nil
	}
	for _, m := range []importer.Member{r.place.user, r.place.profile} {
		if m.Name == "" {
			continue
		}
		if _, err := r.Value(scopeBio, m, r.about.read); err != nil {
			return err
		}
	}
	if r.about.host == "" {
		r.about.peek(begin(r.FS, r.place.notes))
	}
	if t := exportedAt(r.about.exported); t.After(r.place.made) {
		r.place.made = t
	}
	return nil
}

// exportedAt reads a date as JavaScript prints it, "Fri Mar 01 2024 10:00:00
// GMT+0000 (Coordinated Universal Time)".
func exportedAt(s string) time.Time {
	s, _, _ = strings.Cut(s, " (")
	t, err := time.Parse("Mon Jan 02 2006 15:04:05 GMT-0700", s)
	if err != nil || t.Year() < 2014 || t.Year() >= 2100 {
		return time.Time{}
	}
	return t.UTC()
}

func (a *about) read(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "host":
			return jsonstream.Text(d, &a.host)
		case "exportedAt":
			return jsonstream.Text(d, &a.exported)
		case "user":
			return jsonstream.List(d, func() error {
				return object(d, map[string]*string{"id": &a.id, "username": &a.username, "name": &a.name})
			})
		case "profile":
			return jsonstream.List(d, func() error { return a.profile(d) })
		}
		return jsonstream.Skip(d)
	})
}

func object(d *jsonstream.Decoder, fields map[string]*string) error {
	return jsonstream.Object(d, func(name []byte) error {
		if to := fields[string(name)]; to != nil {
			return jsonstream.Text(d, to)
		}
		return jsonstream.Skip(d)
	})
}

func (a *about) profile(d *jsonstream.Decoder) error {
	return jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "description":
			return jsonstream.Text(d, &a.description)
		case "location":
			return jsonstream.Text(d, &a.location)
		case "fields":
			return jsonstream.List(d, func() error {
				var f [2]string
				err := object(d, map[string]*string{"name": &f[0], "value": &f[1]})
				a.fields = append(a.fields, f)
				return err
			})
		}
		return jsonstream.Skip(d)
	})
}

// peek finds the server's name at the beginning of a wrapped list.
func (a *about) peek(head []byte) {
	for field, name := range map[*string]string{&a.host: `"host":"`, &a.exported: `"exportedAt":"`} {
		_, rest, found := strings.Cut(string(head), name)
		value, _, ended := strings.Cut(rest, `"`)
		if found && ended {
			*field = strings.ToValidUTF8(value, "\uFFFD")
		}
	}
}

// bios returns the texts of the profile, each with the end of its key.
func (a *about) bios() [][2]string {
	all := [][2]string{{"name", a.name}, {"description", a.description}, {"location", a.location}}
	for i, f := range a.fields {
		if f[0]+f[1] != "" {
			all = append(all, [2]string{"field:" + strconv.Itoa(i+1), f[0] + ": " + f[1]})
		}
	}
	var some [][2]string
	for _, b := range all {
		if b[1] = strings.TrimSpace(b[1]); b[1] != "" {
			some = append(some, b)
		}
	}
	return some
}
