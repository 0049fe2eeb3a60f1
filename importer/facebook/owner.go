package facebook

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	_ "time/tzdata" // pages give local times, and the machine may know no zones

	"lookback/importer/intake"
	"lookback/importer/jsonstream"
	"lookback/importer/meta"
	"lookback/importer/pattern"
	"lookback/store"
)

// profile is profile_information.json.
type profile struct {
	name, user string
	former     []string
	registered int64
	bios       []bio
}

type bio struct {
	key, text string
	time      int64
}

// readOwner learns whose export it is and in which zone its pages are.
func (r *run) readOwner() error {
	r.name(r.opts.Me)
	if err := r.readZone(); err != nil {
		return err
	}
	for _, f := range r.place.files {
		if f.section != secProfile {
			continue
		}
		read := r.readProfile
		if f.page {
			read = r.readProfilePage
		}
		if err := read(f); err != nil {
			return err
		}
	}
	if err := r.readHeader(); err != nil {
		return err
	}
	if r.account.Name == "" {
		r.account.Name = strings.TrimSpace(r.opts.Me)
	}
	return r.Out.Account(r.account)
}

// name remembers a name of the owner's.
func (r *run) name(s string) {
	if s = strings.ToLower(meta.Squash(s)); s != "" {
		r.names[s] = true
	}
}

func (r *run) isOwner(s string) bool { return r.names[strings.ToLower(meta.Squash(s))] }

// readBios gives what the profile says.
func (r *run) readBios() error {
	for _, p := range r.bios {
		if r.keys.Take(p.Key) {
			if err := r.emit(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) addBio(key, text string, at int64) {
	text = meta.Words(text)
	if text == "" {
		return
	}
	p := store.Post{Key: "bio:" + key, Kind: store.KindBio, Own: true, Text: text}
	if r.account.Handle != "" {
		p.URL = "https://www.facebook.com/" + r.account.Handle
	}
	if p.Created, p.Precision = meta.At(at); at == 0 {
		p.Created, p.Precision = time.Time{}, store.PrecisionNone
	}
	r.bios = append(r.bios, p)
}

func (r *run) readProfile(f file) error {
	var p profile
	if err := r.Value(f.meta(), func(d *jsonstream.Decoder) error {
		return jsonstream.Object(d, func([]byte) error { // "profile" or "profile_v2"
			return jsonstream.Object(d, func(name []byte) error { return p.member(d, string(name)) })
		})
	}); err != nil || r.Lost(secProfile) {
		return err
	}
	r.seen[secProfile] = true
	if p.name != "" {
		r.account.Name = p.name
		r.name(p.name)
	}
	if p.user != "" {
		r.account.Handle = p.user
	}
	for _, n := range p.former {
		r.name(n)
	}
	if p.registered != 0 {
		r.registered, _ = meta.At(p.registered)
		r.account.Created = r.registered
	}
	for _, b := range p.bios {
		r.addBio(b.key, b.text, b.time)
	}
	return nil
}

func (p *profile) member(d *jsonstream.Decoder, name string) error {
	switch name {
	case "name":
		if d.PeekKind() != '{' {
			return meta.Text(d, &p.name)
		}
		return jsonstream.Object(d, func(name []byte) error {
			if string(name) == "full_name" {
				return meta.Text(d, &p.name)
			}
			return jsonstream.Skip(d)
		})
	case "username":
		return meta.Text(d, &p.user)
	case "registration_timestamp":
		return meta.Number(d, &p.registered)
	case "previous_names", "other_names":
		return list(d, func() error {
			former := ""
			if d.PeekKind() != '{' {
				err := meta.Text(d, &former)
				p.former = append(p.former, former)
				return err
			}
			err := jsonstream.Object(d, func(name []byte) error {
				if string(name) == "name" {
					return meta.Text(d, &former)
				}
				return jsonstream.Skip(d)
			})
			p.former = append(p.former, former)
			return err
		})
	case "intro_bio":
		return p.bio(d, "intro")
	case "about_me":
		return p.bio(d, "about")
	case "favorite_quotes":
		return p.bio(d, "quotes")
	case "work_experiences", "education_experiences":
		return list(d, func() error { return p.experience(d, strings.TrimSuffix(name, "_experiences")) })
	}
	return jsonstream.Skip(d)
}

// bio takes a text, or an object with the text as its name and its time.
func (p *profile) bio(d *jsonstream.Decoder, key string) error {
	b := bio{key: key}
	err := list(d, func() error {
		if d.PeekKind() != '{' {
			return meta.Text(d, &b.text)
		}
		return jsonstream.Object(d, func(name []byte) error {
			switch string(name) {
			case "name", "text", "value":
				return meta.Text(d, &b.text)
			case "timestamp":
				return meta.Number(d, &b.time)
			}
			return jsonstream.Skip(d)
		})
	})
	p.bios = append(p.bios, b)
	return err
}

// experience takes a job or school: where, as what, and what the owner wrote
// about it.
func (p *profile) experience(d *jsonstream.Decoder, kind string) error {
	var where, what, words string
	var at int64
	err := jsonstream.Object(d, func(name []byte) error {
		switch string(name) {
		case "employer", "name":
			return meta.Text(d, &where)
		case "title", "degree":
			return meta.Text(d, &what)
		case "description":
			return meta.Text(d, &words)
		case "timestamp":
			return meta.Number(d, &at)
		}
		return jsonstream.Skip(d)
	})
	var lines []string
	for _, s := range []string{what, where, words} {
		lines = add(lines, s)
	}
	sum := sha256.Sum256([]byte(meta.Squash(where) + "\x00" + meta.Squash(what)))
	p.bios = append(p.bios, bio{kind + "-" + hex.EncodeToString(sum[:6]), strings.Join(lines, "\n"), at})
	return err
}

// readProfilePage takes the table of the profile's page.
func (r *run) readProfilePage(f file) error {
	return r.Page(f.meta(), meta.Options{}, func(_ int, box *meta.Node, _ *meta.Frame) error {
		rows := meta.Rows(box)
		for i := range rows {
			l := &rows[i]
			switch l.Role() {
			case meta.RoleName:
				if name := meta.Squash(l.Value); name != "" && r.account.Name == "" {
					r.account.Name = name
					r.name(name)
				}
			case meta.RoleUser:
				if meta.UserName(l.Value) && r.account.Handle == "" {
					r.account.Handle = l.Value
				}
			case meta.RoleBio:
				r.addBio(bioKey(l.Name), l.Value, 0)
			}
		}
		return nil
	})
}

func bioKey(label string) string {
	if strings.HasPrefix(strings.ToLower(label), "about") {
		return "about"
	}
	return "intro"
}

var zoneName = pattern.New(`^[A-Z][A-Za-z_]+/[A-Za-z_/+-]+$`)

// readZone takes the account's time zone, where the export has it.
func (r *run) readZone() error {
	for _, f := range r.place.files {
		if f.section != secZone {
			continue
		}
		found := ""
		take := func(s string) {
			if found == "" && zoneName.MatchString(strings.TrimSpace(s)) {
				found = strings.TrimSpace(s)
			}
		}
		var err error
		if f.page {
			err = r.Page(f.meta(), meta.Options{Flat: true}, func(_ int, box *meta.Node, _ *meta.Frame) error {
				for _, l := range meta.Leaves(box) {
					take(l.Text)
				}
				return nil
			})
		} else {
			err = r.Value(f.meta(), func(d *jsonstream.Decoder) error { return eachString(d, take) })
		}
		if err != nil {
			return err
		}
		if loc, err := time.LoadLocation(found); found != "" && err == nil && r.zone.Loc == nil {
			r.zone = meta.Zone{Loc: loc, Name: found}
		}
	}
	return nil
}

// eachString calls fn with every string in the next value.
func eachString(d *jsonstream.Decoder, fn func(string)) error {
	switch d.PeekKind() {
	case '{':
		return jsonstream.Object(d, func([]byte) error { return eachString(d, fn) })
	case '[':
		return jsonstream.List(d, func() error { return eachString(d, fn) })
	}
	s := ""
	err := meta.Text(d, &s)
	fn(s)
	return err
}

var errEnough = errors.New("enough was read")

// readHeader takes from a page who made the export, when and in which zone:
// "Generated by Ana Example on Friday 2 August 2024 at 11:40 UTC+01:00".
func (r *run) readHeader() error {
	quiet := meta.NewReader(r.Ctx, r.FS, intake.Silent{})
	tries := 0
	for _, f := range r.place.files {
		if !f.page || f.section == secWall || f.section == secOldMessage {
			continue
		}
		if tries++; tries > 5 {
			break
		}
		var last *meta.Frame
		err := quiet.Page(f.meta(), meta.Options{}, func(_ int, _ *meta.Node, frame *meta.Frame) error {
			if last = frame; r.header(frame) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
		if errors.Is(err, errEnough) || last != nil && r.header(last) {
			break
		}
	}
	return nil
}

var madeBy = pattern.New(`(?i)(?:generated by|erstellt von|generiert von|généré par|generado por|gerado por|generato da|gegenereerd door|genereret af|` +
	`generert av|genererad av|skapad av|wygenerowan[eoy] przez|tạo bởi|dibuat oleh)\s+(.{1,120}?),?\s+(?:on|am|le|el|em|il|in data|op|den|d\.|på|dnia|w dniu|vào|lúc|pada)\s`)

// header reads a page's header, and says whether it is one. The page may have
// it in several elements.
func (r *run) header(frame *meta.Frame) bool {
	for i, s := range frame.Head {
		if !strings.Contains(s, "UTC") && !strings.Contains(s, "GMT") {
			continue
		}
		around := strings.Join(frame.Head[max(0, i-3):min(len(frame.Head), i+2)], " ")
		d, ok := meta.FindDate(s)
		if !ok || !d.Zoned {
			d, ok = meta.FindDate(around)
		}
		if !ok || !d.Zoned {
			continue
		}
		r.generatedOn(d)
		m := madeBy.FindStringSubmatch(s)
		if m == nil {
			m = madeBy.FindStringSubmatch(around)
		}
		if m != nil {
			if r.name(m[1]); r.account.Name == "" {
				r.account.Name = meta.Squash(m[1])
			}
		}
		return true
	}
	return false
}

// generatedOn takes the time of the export. Its offset is that of the day; a
// zone that the export names, and that had this offset then, knows about
// summer time too.
func (r *run) generatedOn(d meta.Date) {
	at, _ := d.In(meta.Zone{})
	r.generated = at
	if r.zone.Loc != nil {
		if _, offset := at.In(r.zone.Loc).Zone(); offset == d.Offset {
			return
		}
	}
	r.zone = meta.Fixed(d.Offset)
}
