// Package discord reads the packages that Discord hands out: the messages that
// the owner sent, as JSON since 2024 and as CSV before, with the names of
// servers and channels, and the owner's profile.
//
// The names of the top folders are in the language of the account, so members
// are found by what lies below them. Direct messages are read only when they
// are asked for.
package discord

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/pattern"
)

// Layouts, as Match and Archive name them.
const (
	LayoutJSON       = "discord-json"        // since about March 2024
	LayoutCSV        = "discord-csv"         // 2021 to 2024, folders named c<id>
	LayoutCSV2021    = "discord-csv-2021"    // before, folders named <id>
	LayoutNoMessages = "discord-no-messages" // a package without that category
)

// Importer reads packages of Discord. It holds nothing; the zero value is
// ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

var _ importer.Importer = (*Importer)(nil)

// Name is "discord".
func (*Importer) Name() string { return "discord" }

var (
	channelRE = pattern.New(`^(?:([^/]+)/)?(c?)(\d{15,20})/(channel\.json|messages\.json|messages\.csv)$`)
	guildRE   = pattern.New(`^(?:([^/]+)/)?(\d{15,20})/guild\.json$`)
	indexRE   = pattern.New(`^(?:([^/]+)/)?index\.json$`)
	userRE    = pattern.New(`^(?:[^/]+/)?user\.json$`)
	appRE     = pattern.New(`^(?:[^/]+/)?applications/(\d{15,20})/application\.json$`)
	eventsRE  = pattern.New(`(?:^|/)(?:reporting|analytics|modeling|tns)/events-[^/]*\.json$`)
)

const headBytes = 16 << 10

// Recognize looks for a channel's folder, which no other platform has, and
// then for what a package without messages holds.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	var seen struct{ user, guild, events, csv, json, bare, tries int }
	sure := 0
	for m := range importer.Members(fsys) {
		switch parts := channelRE.FindStringSubmatch(m.Name); {
		case parts != nil:
			switch parts[4] {
			case "messages.json":
				seen.json++
			case "messages.csv":
				seen.csv++
			default:
				if sure < 90 && seen.tries < 20 {
					seen.tries++
					sure = max(sure, confirm(fsys, m, parts[1] == ""))
				}
			}
			if parts[2] == "" {
				seen.bare++
			} else if parts[4] != "channel.json" {
				sure = max(sure, 70)
			}
		case userRE.MatchString(m.Name):
			if isUser(fsys, m) {
				seen.user++
			}
		case guildRE.MatchString(m.Name):
			seen.guild++
		case eventsRE.MatchString(m.Name):
			seen.events++
		}
	}
	switch {
	case sure > 0 && seen.json > 0, sure > 0 && seen.csv == 0:
		return importer.Match{Sure: sure, Layout: LayoutJSON}, nil
	case sure > 0 && seen.bare > 0:
		return importer.Match{Sure: sure, Layout: LayoutCSV2021}, nil
	case sure > 0:
		return importer.Match{Sure: sure, Layout: LayoutCSV}, nil
	case seen.user > 0 && seen.user+seen.guild+seen.events > 1:
		return importer.Match{Sure: 80, Layout: LayoutNoMessages}, nil
	case seen.events > 0 || seen.guild > 0 && seen.user > 0:
		return importer.Match{}, &importer.HintError{Err: errors.New("the package holds none of your messages"), Hint: askHint}
	}
	return importer.Match{}, nil
}

const askHint = "in Discord open User Settings, Data & Privacy, Request your data, tick Messages and Account, and ask again"

// confirm looks into a channel.json.
func confirm(fsys fs.FS, m importer.Member, alone bool) int {
	head, err := importer.Head(fsys, m.Path, headBytes)
	if err != nil || !bytes.Contains(head, []byte(`"id"`)) || !bytes.Contains(head, []byte(`"type"`)) {
		return 0
	}
	if alone { // the folder of messages without the rest of the package
		return 90
	}
	return 95
}

// isUser tells the account's user.json from that of a game.
func isUser(fsys fs.FS, m importer.Member) bool {
	head, err := importer.Head(fsys, m.Path, headBytes)
	return err == nil && bytes.Contains(head, []byte(`"id"`)) && bytes.Contains(head, []byte(`"username"`)) &&
		(bytes.Contains(head, []byte(`"discriminator"`)) || bytes.Contains(head, []byte(`"relationships"`)) || bytes.Contains(head, []byte(`"global_name"`)))
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	lower := strings.ToLower(name)
	switch {
	case channelRE.MatchString(name):
		return importer.Use{Kind: importer.UseRead, Why: "private channels only when messages are asked for"}
	case guildRE.MatchString(name), indexRE.MatchString(name):
		return importer.Use{Kind: importer.UseRead, Why: "names of channels and servers"}
	case userRE.MatchString(name), appRE.MatchString(name):
		return importer.Use{Kind: importer.UseRead}
	}
	for _, i := range ignored {
		if i.re.MatchString(lower) {
			return importer.Use{Kind: importer.UseIgnored, Why: i.why}
		}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

var ignored = []struct {
	re  *pattern.Pattern
	why string
}{
	{eventsRE, "what the app recorded about its use, without your words"},
	{pattern.New(`(^|/)(reporting|analytics|modeling|tns)/`), "what the app recorded about its use, without your words"},
	{pattern.New(`\.(png|jpe?g|gif|webp|mp4|webm|mp3|ogg)$`), "media, not text"},
	{pattern.New(`^readme[^/]*\.(txt|md|html)$`), "Discord's description of the package"},
	{pattern.New(`/\d{15,20}/audit-log\.json$`), "what moderators of a server did"},
	{pattern.New(`/\d{15,20}/(webhooks|emoji|stickers|bans|invites)[^/]*\.json$`), "settings of a server"},
	{pattern.New(`(^|/)users/user\.json$`), "data of a game, not words of yours"},
	{pattern.New(`^ads/`), "advertising data"},
	{pattern.New(`^programs/`), "programmes of Discord that you take part in"},
	{pattern.New(`^support_tickets/`), "what you wrote to Discord's support, which nobody else sees"},
	{pattern.New(`^activities/`), "data of games, not words of yours"},
}

// A channel is the folder of one channel.
type channel struct {
	id    string
	top   string // folder that it lies in
	about *importer.Member
	files []importer.Member // messages.json, messages.csv
}

// pack is a package as it was found.
type pack struct {
	channels []*channel
	users    []importer.Member
	guilds   map[string]importer.Member // by id
	indexes  map[string]importer.Member // by top folder
	apps     map[string]importer.Member
}

func find(fsys fs.FS) *pack {
	p := &pack{guilds: map[string]importer.Member{}, indexes: map[string]importer.Member{}, apps: map[string]importer.Member{}}
	at := map[string]*channel{}
	for m := range importer.Members(fsys) {
		if parts := channelRE.FindStringSubmatch(m.Name); parts != nil {
			dir := path.Dir(m.Name)
			c := at[dir]
			if c == nil {
				c = &channel{id: parts[3], top: parts[1]}
				at[dir] = c
				p.channels = append(p.channels, c)
			}
			if parts[4] == "channel.json" {
				c.about = &m
			} else {
				c.files = append(c.files, m)
			}
			continue
		}
		p.other(m)
	}
	return p
}

func (p *pack) other(m importer.Member) {
	if parts := guildRE.FindStringSubmatch(m.Name); parts != nil {
		p.guilds[parts[2]] = m
	}
	if parts := indexRE.FindStringSubmatch(m.Name); parts != nil {
		p.indexes[parts[1]] = m
	}
	if parts := appRE.FindStringSubmatch(m.Name); parts != nil {
		p.apps[parts[1]] = m
	}
	if userRE.MatchString(m.Name) {
		p.users = append(p.users, m)
	}
}

// Import reads the account, the names, the messages of every channel, and
// what is left.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	r := &run{ctx: ctx, fsys: fsys, opts: opts, Log: intake.NewLog(out), pack: find(fsys),
		guilds: map[string]string{}, listed: map[string]string{}}
	if len(r.pack.channels)+len(r.pack.users) == 0 {
		return errors.New("not a package of Discord")
	}
	return intake.Steps(ctx, r.readAccount, r.readNames, r.readChannels, r.readApplications, r.finish)
}
