package importertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lookback/importer"
	"lookback/store"
)

// Recorder is a sink that keeps everything.
type Recorder struct {
	Accounts []store.Account
	Posts    []store.Post
	Skips    []store.Skip
	Facts    []importer.Fact
	// OnPost is called with each post where it is set; its error is
	// returned to the importer.
	OnPost func(store.Post) error
	early  bool // a post came before the account
}

var _ importer.Sink = (*Recorder)(nil)

// Account keeps a.
func (r *Recorder) Account(a store.Account) error {
	r.Accounts = append(r.Accounts, a)
	return nil
}

// Post keeps p.
func (r *Recorder) Post(p store.Post) error {
	r.early = r.early || len(r.Accounts) == 0
	r.Posts = append(r.Posts, p)
	if r.OnPost != nil {
		return r.OnPost(p)
	}
	return nil
}

// Skip keeps s.
func (r *Recorder) Skip(s store.Skip) error {
	r.Skips = append(r.Skips, s)
	return nil
}

// Fact keeps f.
func (r *Recorder) Fact(f importer.Fact) error {
	r.Facts = append(r.Facts, f)
	return nil
}

// Keys returns the keys of all posts.
func (r *Recorder) Keys() []string {
	keys := make([]string, 0, len(r.Posts))
	for _, p := range r.Posts {
		keys = append(keys, p.Key)
	}
	return keys
}

// Codes returns the codes of all notes.
func (r *Recorder) Codes() []string {
	var codes []string
	for _, f := range r.Facts {
		if f.Note.Code != "" {
			codes = append(codes, f.Note.Code)
		}
	}
	return codes
}

// Scopes returns what was said to be whole.
func (r *Recorder) Scopes() []string {
	var scopes []string
	for _, f := range r.Facts {
		if f.Scope != "" {
			scopes = append(scopes, f.Scope)
		}
	}
	return scopes
}

// Sound says what is wrong with what an importer gave, whatever bytes it was
// given: fuzz targets ask it of every input. With once, no key may come twice.
func (r *Recorder) Sound(once bool) error { return unsound(r, once) }

// ReadFiles imports files, as a zip, with one importer.
func ReadFiles(ctx context.Context, imp importer.Importer, opts importer.Options, files ...File) (*Recorder, importer.Result, error) {
	data := Zip(files...)
	a, err := importer.OpenReader(ctx, "archive.zip", bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return &Recorder{}, importer.Result{}, err
	}
	return read(ctx, a, imp, opts)
}

// read imports a and closes it.
func read(ctx context.Context, a *importer.Archive, imp importer.Importer, opts importer.Options) (*Recorder, importer.Result, error) {
	rec := &Recorder{}
	res, err := importer.Read(ctx, a, []importer.Importer{imp}, opts, rec)
	return rec, res, errors.Join(err, a.Close())
}

// golden is what a fixture must give, in the order in which it comes. The
// first three fields are set by hand and kept by -update.
type golden struct {
	Messages bool     `json:"messages,omitempty"` // importer.Options.Messages
	Me       string   `json:"me,omitempty"`       // importer.Options.Me
	Also     []string `json:"also,omitempty"`     // other importers that rightly know it

	Layout    string        `json:"layout"`
	Account   goldenAccount `json:"account"`
	Generated string        `json:"generated,omitempty"`
	Partial   bool          `json:"partial,omitempty"`
	Scopes    []string      `json:"scopes,omitempty"`
	Posts     []goldenPost  `json:"posts"`
	Skips     []goldenSkip  `json:"skips,omitempty"`
	Notes     []store.Note  `json:"notes,omitempty"`
	Unknown   []string      `json:"unknown,omitempty"` // members that nobody knows
}

type goldenAccount struct {
	Platform string   `json:"platform"`
	NativeID string   `json:"native_id,omitempty"`
	Handle   string   `json:"handle,omitempty"`
	Name     string   `json:"name,omitempty"`
	Earlier  []string `json:"earlier,omitempty"`
	Created  string   `json:"created,omitempty"`
}

type goldenSkip struct {
	Member string `json:"member"`
	Record int    `json:"record,omitempty"`
	Reason string `json:"reason"`
}

type goldenPost struct {
	Key       string          `json:"key"`
	Kind      store.Kind      `json:"kind"`
	Own       bool            `json:"own"`
	Author    string          `json:"author,omitempty"`
	Created   string          `json:"created,omitempty"`
	Precision store.Precision `json:"precision,omitempty"`
	Audience  store.Audience  `json:"audience,omitempty"`
	Text      string          `json:"text"`
	Warning   string          `json:"warning,omitempty"`
	URL       string          `json:"url,omitempty"`
	ReplyTo   string          `json:"reply_to,omitempty"`
	ReplyWho  string          `json:"reply_to_author,omitempty"`
	Quoted    string          `json:"quoted,omitempty"`
	Thread    string          `json:"thread,omitempty"`
	Place     string          `json:"place,omitempty"`
	Truncated bool            `json:"truncated,omitempty"`
	Deleted   string          `json:"deleted,omitempty"`
	Edited    string          `json:"edited,omitempty"`
	Versions  []goldenVersion `json:"versions,omitempty"`
	Media     []goldenMedia   `json:"media,omitempty"`
}

type goldenVersion struct {
	Key     string `json:"key,omitempty"`
	Created string `json:"created,omitempty"`
	Text    string `json:"text"`
}

type goldenMedia struct {
	Member string `json:"member,omitempty"`
	Type   string `json:"type,omitempty"`
	URL    string `json:"url,omitempty"`
	Alt    string `json:"alt,omitempty"`
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// asGolden describes what an import gave.
func asGolden(rec *Recorder, res importer.Result) golden {
	g := golden{Partial: res.Partial, Scopes: res.Scopes, Notes: res.Notes,
		Generated: when(res.Generated), Layout: res.Layout(), Posts: []goldenPost{}}
	if n := len(rec.Accounts); n > 0 {
		a := rec.Accounts[n-1]
		g.Account = goldenAccount{a.Platform, a.NativeID, a.Handle, a.Name, a.Earlier, when(a.Created)}
	}
	for _, p := range rec.Posts {
		g.Posts = append(g.Posts, asGoldenPost(p))
	}
	for _, s := range rec.Skips {
		g.Skips = append(g.Skips, goldenSkip{s.Member, s.Record, s.Reason})
	}
	root := ""
	if len(res.Readings) > 0 && res.Readings[0].Root != "" {
		root = res.Readings[0].Root + "/"
	}
	for _, m := range res.Members {
		if m.Use.Kind == importer.UseUnknown {
			g.Unknown = append(g.Unknown, strings.TrimPrefix(m.Name, root))
		}
	}
	return g
}

func asGoldenPost(p store.Post) goldenPost {
	g := goldenPost{Key: p.Key, Kind: p.Kind, Own: p.Own, Author: p.Author, Created: when(p.Created),
		Precision: p.Precision, Audience: p.Audience, Text: p.Text, Warning: p.ContentWarning, URL: p.URL,
		ReplyTo: p.ReplyTo, ReplyWho: p.ReplyToAuthor, Quoted: p.Quoted, Thread: p.Thread, Place: p.Place,
		Truncated: p.Truncated, Deleted: when(p.Deleted), Edited: when(p.Edited)}
	for _, v := range p.Versions {
		g.Versions = append(g.Versions, goldenVersion{v.Key, when(v.Created), v.Text})
	}
	for _, m := range p.Media {
		g.Media = append(g.Media, goldenMedia{m.Member, m.Type, m.URL, m.Alt})
	}
	return g
}

// bytes returns the golden as it is stored: text readable, one line a field.
func (g golden) bytes() ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(g)
	return buf.Bytes(), err
}

// unsound says what is wrong with what an importer gave, whatever the
// archive held. Where strict is false, as with damaged archives, one key may
// come twice.
func unsound(rec *Recorder, strict bool) error {
	var errs []error
	if rec.early {
		errs = append(errs, errors.New("a post came before the account"))
	}
	seen := make(map[string]bool, len(rec.Posts))
	for i, p := range rec.Posts {
		if err := unsoundPost(p); err != nil {
			errs = append(errs, fmt.Errorf("post %d (%s): %w", i, p.Key, err))
		}
		if seen[p.Key] && strict {
			errs = append(errs, fmt.Errorf("post %d: the key %s came before", i, p.Key))
		}
		seen[p.Key] = true
	}
	for _, s := range rec.Skips {
		if s.Member == "" || s.Reason == "" || s.Record < 0 {
			errs = append(errs, fmt.Errorf("a skip lacks its member or reason: %+v", s))
		}
	}
	return errors.Join(errs...)
}

var audiences = []store.Audience{store.AudienceUnknown, store.AudiencePublic, store.AudienceUnlisted,
	store.AudienceFollowers, store.AudienceFriends, store.AudienceGroup, store.AudienceCircle,
	store.AudienceDirect, store.AudienceOnlyMe}

func unsoundPost(p store.Post) error {
	switch {
	case p.Key == "" || !strings.Contains(p.Key, ":"):
		return errors.New("the key has no scope prefix")
	case !slices.Contains(store.Kinds, p.Kind):
		return fmt.Errorf("unknown kind %q", p.Kind)
	case !slices.Contains(audiences, p.Audience):
		return fmt.Errorf("unknown audience %q", p.Audience)
	case p.GoneArchive != 0 || p.ID != 0 || p.AccountID != 0:
		return errors.New("a field that only the store sets is set")
	}
	for _, text := range texts(p) {
		if !utf8.ValidString(text) {
			return errors.New("a text is not valid UTF-8")
		}
	}
	if p.Precision == store.PrecisionNone {
		if !p.Created.IsZero() {
			return errors.New("it has a time and precision none")
		}
		return nil
	}
	return unsoundTime(p.Created)
}

// unsoundTime refuses times before the web and times that no archive can know.
func unsoundTime(t time.Time) error {
	switch {
	case t.IsZero():
		return errors.New("it has no time, but its precision is not none")
	case t.Location() != time.UTC:
		return errors.New("its time is not in UTC")
	case t.Year() < 1990 || t.Year() > 2100:
		return fmt.Errorf("its time is in the year %d", t.Year())
	}
	return nil
}

// texts returns every string of a post that came from an archive.
func texts(p store.Post) []string {
	all := []string{p.Text, p.ContentWarning, p.Key, p.URL, p.Author, p.ReplyTo, p.ReplyToAuthor, p.Quoted, p.Thread, p.Place}
	for _, v := range p.Versions {
		all = append(all, v.Text, v.Key)
	}
	for _, m := range p.Media {
		all = append(all, m.Alt, m.URL, m.Member)
	}
	return all
}
