//go:build !nonetwork

package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/activitypub"
	"lookback/importer/jsonstream"
	"lookback/store"
)

const (
	mastodonPage     = 40     // statuses in an answer, at most
	mastodonMostPage = 25_000 // a million statuses
)

// mastodonAccount is what the server's account says beyond its profile.
type mastodonAccount struct {
	ID        string `json:"id"`
	URI       string `json:"uri"`
	Statuses  int64  `json:"statuses_count"`
	Suspended bool   `json:"suspended"`
	Moved     *struct {
		Acct string `json:"acct"`
		URL  string `json:"url"`
	} `json:"moved"`
}

// readMastodon reads an account by the public API of its server, newest first.
func (r *reader) readMastodon(ctx context.Context) error {
	m := &mastodonRead{r: r, run: activitypub.NewRun(ctx, platformMastodon, memory{}, importer.Options{Messages: r.o.Messages}, r.sink)}
	if err := m.account(ctx); err != nil {
		return err
	}
	r.o.Progress.Total(m.about.Statuses)
	if err := m.statuses(ctx); err != nil {
		return err
	}
	return m.finish()
}

// A mastodonRead is where the reading of an account stands.
type mastodonRead struct {
	r     *reader
	run   *activitypub.Run
	me    activitypub.Profile
	about mastodonAccount
	pages int
}

func (m *mastodonRead) request(path string, query url.Values, most int64) request {
	return request{service: m.r.t.Server, host: m.r.t.Server, path: path, query: query, bearer: m.r.o.Credential, max: most}
}

// account looks the account up and hands over its profile.
func (m *mastodonRead) account(ctx context.Context) error {
	q := m.request("/api/v1/accounts/lookup", url.Values{"acct": {m.r.t.Name}}, maxSmall)
	a, err := m.ask(ctx, q)
	if err != nil {
		return err
	}
	err = errors.Join(json.Unmarshal(a.body, &m.about), jsonstream.Value(bytes.NewReader(a.body), maxSmall, func(d *jsonstream.Decoder) error {
		return activitypub.ParseProfile(d, &m.me)
	}))
	// The number goes into an address.
	if err != nil || m.about.ID == "" || len(m.about.ID) > 64 || strings.Trim(m.about.ID, letters+digits+"-_") != "" {
		return malformed(q, a)
	}
	m.run.Owner(&m.me)
	// Archives name the account by its address; the server's own name is part
	// of that, and may differ from the one of its pages.
	if host := activitypub.Host(m.about.URI); host != "" {
		m.run.Account.NativeID = m.about.URI
		m.run.Account.Handle = cmp.Or(m.me.Username, m.r.t.Name) + "@" + host
	} else if !strings.Contains(m.run.Account.Handle, "@") {
		m.run.Account.Handle = cmp.Or(m.me.Username, m.r.t.Name) + "@" + m.r.t.Server
	}
	if err := m.run.Out.Account(m.run.Account); err != nil {
		return err
	}
	return m.run.Bios(&m.me)
}

// statuses reads all pages.
func (m *mastodonRead) statuses(ctx context.Context) error {
	query := url.Values{"limit": {strconv.Itoa(mastodonPage)}}
	for m.pages < mastodonMostPage {
		q := m.request("/api/v1/accounts/"+m.about.ID+"/statuses", query, maxPage)
		a, err := m.ask(ctx, q)
		if err != nil {
			return err
		}
		m.pages++
		n, last, err := m.page(ctx, q, a)
		if err != nil {
			return err
		}
		m.r.o.Progress.Add(int64(n))
		next := nextMaxID(a.header, last)
		if n == 0 || next == "" || next == query.Get("max_id") {
			return nil
		}
		query.Set("max_id", next)
	}
	return m.run.Note("cut", "", "The account has more posts than lookback reads from a server: read its archive for the others.")
}

// page hands the posts of an answer over, and returns how many there are and
// the id of the last one.
func (m *mastodonRead) page(ctx context.Context, q request, a answer) (n int, last string, err error) {
	m.r.sink.where = "answer " + strconv.Itoa(m.pages)
	at := activitypub.Server{Host: m.r.t.Server, Posts: "https://" + m.r.t.Server + "/web/statuses/"}
	o := jsonstream.Options{Workers: 1}
	stats, err := jsonstream.Decode(bytes.NewReader(a.body), o, activitypub.ParseStatus, func(record int, s *activitypub.Status, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return m.run.Skip(activitypub.ScopePosts, "", record, "is not what the server's API describes")
		}
		last = cmp.Or(s.ID, last)
		return m.status(record, s, at)
	})
	var bad *jsonstream.RecordError
	switch {
	case errors.As(err, &bad):
		return stats.Records, last, malformed(q, a)
	case err != nil:
		return stats.Records, last, err
	}
	return stats.Records, last, nil
}

func (m *mastodonRead) status(record int, s *activitypub.Status, at activitypub.Server) error {
	p := s.Post(&m.me, at)
	switch {
	case strings.HasSuffix(p.Key, ":"):
		return m.run.Skip(activitypub.ScopePosts, "", record, "has no id")
	case p.Kind == store.KindDM && !m.r.o.Messages:
		m.run.Withheld++
		return nil
	}
	return m.run.Post(p)
}

// nextMaxID is where the next page begins. Only this number is taken from the
// address in the header, so that a server cannot send the reader elsewhere.
// Servers that send no such header go on after their last status.
func nextMaxID(h http.Header, last string) string {
	lines := h.Values("Link")
	if len(lines) == 0 {
		return last
	}
	for part := range strings.SplitSeq(strings.Join(lines, ","), "<") {
		address, params, ok := strings.Cut(part, ">")
		if !ok || !strings.Contains(params, `rel="next"`) && !strings.Contains(params, "rel=next") {
			continue
		}
		u, err := url.Parse(address)
		if err != nil {
			return last
		}
		return u.Query().Get("max_id")
	}
	return ""
}

// finish says what the person should know.
func (m *mastodonRead) finish() error {
	m.r.sink.notes = true
	if to := m.about.Moved; to != nil {
		where := activitypub.Handle(to.URL)
		text := "The account says that it has moved"
		if name, server, _ := strings.Cut(where, "@"); isMastodonName(name) {
			if host, err := hostName(server); err == nil {
				text += " to @" + name + "@" + host
			}
		}
		if err := m.run.Note("moved", "", text+": what was posted there is not in this."); err != nil {
			return err
		}
	}
	if m.r.o.Credential == "" {
		text := "Only public and unlisted posts were read: those for followers and private ones are in the archive."
		if err := m.run.Note("public-only", "", text); err != nil {
			return err
		}
	}
	return m.run.MessagesNote()
}

// ask asks the server and explains its refusals.
func (m *mastodonRead) ask(ctx context.Context, q request) (answer, error) {
	a, err := m.r.web.get(ctx, q)
	var to *redirectError
	if errors.As(err, &to) && to.host != "" {
		return a, &importer.HintError{Err: fmt.Errorf("asking %s: %w", q.service, to),
			Hint: "if the account is there, name that server: mastodon:@" + m.r.t.Name + "@" + to.host}
	}
	if err != nil || a.status == http.StatusOK {
		return a, err
	}
	return a, m.refused(q, a)
}

func (m *mastodonRead) refused(q request, a answer) error {
	hinted := func(what, hint string) error {
		return &importer.HintError{Err: errors.New(q.service + " " + what), Hint: hint}
	}
	const archive = "ask for your archive under Preferences, Import and export"
	switch {
	case a.status == http.StatusUnauthorized && q.bearer != "":
		return hinted("does not accept the token", "make a new one under Preferences, Development, with the right to read")
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden && q.bearer == "":
		return hinted("shows posts only to those who are signed in",
			"make a token under Preferences, Development, with the right to read, and put it into LOOKBACK_MASTODON_TOKEN; or "+archive)
	case a.status == http.StatusForbidden:
		return hinted("does not allow the token to read this account", "make one with the right to read; or "+archive)
	case a.status == http.StatusGone:
		return hinted("says that this account was deleted or suspended", archive+" if you can still sign in")
	case a.status == http.StatusNotFound && a.isPage():
		return hinted("does not speak Mastodon's language there", "check the name of the server: it is the one of your account's page")
	case a.status == http.StatusNotFound:
		return hinted("knows no account @"+m.r.t.Name, "check the name, and that it is an account of this server")
	}
	return unexpected(q, a)
}
