package mastodon

import (
	"errors"
	"io"
	"strings"

	"lookback/importer/activitypub"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// tool reads the file of mastodon-archive: the answers of the API, with the
// texts of boosts, favourites and bookmarks.
func (r *run) tool() error {
	owner := r.toolOwner()
	r.Owner(&owner)
	host := r.toolHost(&owner)
	if r.Account.Handle == "" {
		r.Account.Handle = activitypub.Me(r.Opts.Me)
	}
	if err := r.Out.Account(r.Account); err != nil {
		return err
	}
	if err := r.Bios(&owner); err != nil {
		return err
	}
	at := activitypub.Server{Host: host}
	if host != "" {
		at.Posts = "https://" + host + "/web/statuses/"
	}
	if err := r.toolPosts(&owner, at); err != nil {
		return err
	}
	for _, l := range []struct{ list, scope string }{{"favourites", scopeLikes}, {"bookmarks", scopeBookmarks}} {
		if err := r.toolLikes(l.list, l.scope, host); err != nil {
			return err
		}
	}
	if err := r.MessagesNote(); err != nil {
		return err
	}
	return r.toolNote()
}

// toolNote says that nothing is known to be whole: the program fetches what
// is new, and keeps what was deleted since.
func (r *run) toolNote() error {
	return r.Note("third-party", r.place.tool.Name,
		"A program made this file from the server's answers: posts in it may have been deleted since, and newer ones are not in it.")
}

// toolOwner reads the account, which comes first. Without it the first status
// names the owner too.
func (r *run) toolOwner() (p activitypub.Profile) {
	const enough = 4 << 20
	f, err := r.FS.Open(r.place.tool.Path)
	if err != nil {
		return p
	}
	defer f.Close()
	text, _, err := jsonstream.NewUTF8Reader(io.LimitReader(f, enough))
	if err != nil {
		return p
	}
	d := jsonstream.NewDecoder(text)
	_ = jsonstream.Object(d, func(name []byte) error { // what is wrong is told when the posts are read
		switch string(name) {
		case "account":
			_ = activitypub.ParseProfile(d, &p)
			return io.EOF
		case "statuses":
			if p.Username == "" {
				p = firstAuthor(d)
			}
			return io.EOF
		}
		return jsonstream.Skip(d)
	})
	return p
}

func firstAuthor(d *jsonstream.Decoder) (p activitypub.Profile) {
	_ = jsonstream.List(d, func() error {
		var s activitypub.Status
		err := activitypub.ParseStatus(d, &s)
		p = s.Account
		return errors.Join(err, io.EOF)
	})
	return p
}

// toolHost is the server: of the account's page, else of the file's name.
func (r *run) toolHost(p *activitypub.Profile) string {
	if host := activitypub.Host(p.URL); host != "" {
		return host
	}
	host, _, _ := strings.Cut(r.place.tool.Name, ".user.")
	if strings.Contains(host, ".") {
		return strings.ToLower(host)
	}
	return ""
}

func (r *run) toolPosts(owner *activitypub.Profile, at activitypub.Server) error {
	o := jsonstream.Options{Path: []string{"statuses"}}
	m := r.place.tool
	return activitypub.Each(r.Run, activitypub.ScopePosts, m, o, activitypub.ParseStatus, func(record int, s *activitypub.Status) error {
		p := s.Post(owner, at)
		if strings.HasSuffix(p.Key, ":") {
			return r.Skip(activitypub.ScopePosts, m.Name, record, "has no id")
		}
		if p.Kind == store.KindDM && !r.Opts.Messages {
			r.Withheld++
			return nil
		}
		return r.Post(p)
	})
}

func (r *run) toolLikes(list, scope, host string) error {
	m := r.place.tool
	return activitypub.EachIfThere(r.Run, scope, m, jsonstream.Options{Path: []string{list}}, activitypub.ParseStatus, func(record int, s *activitypub.Status) error {
		p := s.Endorsed(scope, host)
		if p.Key == scope {
			return r.Skip(scope, m.Name, record, "has no id")
		}
		if scope == scopeBookmarks {
			p.Audience = store.AudienceOnlyMe
		}
		return r.Post(p)
	})
}
