package misskey

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/pattern"
)

// A place says which members hold what. Members that are not there have no
// name.
type place struct {
	layout                                 string
	notes, favorites, clips, user, profile importer.Member
	older                                  []importer.Member
	made                                   time.Time // of the newest file, as its name says
}

const hintAsk = "open Settings, Import and export (or Data) and choose All notes, Export, then download the file from your drive"

var (
	datedName = pattern.New(`(?i)^(notes|favorites|clips)-(\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)[^/]*\.json$`)
	loneName  = pattern.New(`(?i)^(notes|favorites|clips|user|profile)\.json$`)
	otherName = pattern.New(`(?i)^(following|mute|muting|blocking|user-lists|antennas|custom-emojis)-\d{4}-\d\d-\d\d[^/]*\.(csv|json|zip)$`)
)

// find looks at the root of fsys. nil means that this is not Misskey's.
func find(fsys fs.FS) (*place, error) {
	p := &place{}
	members := map[string]*importer.Member{
		"notes": &p.notes, "favorites": &p.favorites, "clips": &p.clips, "user": &p.user, "profile": &p.profile,
	}
	var lists, others int
	var dated, lone []importer.Member
	for m := range importer.Members(fsys) {
		switch {
		case datedName.MatchString(m.Name):
			dated = append(dated, m)
		case loneName.MatchString(m.Name):
			lone = append(lone, m)
			if isBundled(begin(fsys, m)) {
				p.layout = LayoutBundle
			}
		case otherName.MatchString(m.Name):
			lists++
		default:
			others++
		}
	}
	if p.layout == LayoutBundle {
		for _, m := range lone {
			*members[strings.ToLower(loneName.FindStringSubmatch(m.Name)[1])] = m
		}
	} else {
		p.takeDated(fsys, dated, members)
		others += len(lone)
	}
	switch {
	case p.notes.Name != "" || p.favorites.Name != "" || p.clips.Name != "":
		return p, nil
	case p.user.Name != "" || lists > 0 && others == 0:
		return nil, &importer.HintError{Err: errors.New("these files of Misskey hold lists and settings, not notes"), Hint: hintAsk}
	}
	return nil, nil
}

// takeDated takes the newest file of each kind, by the date in its name.
func (p *place) takeDated(fsys fs.FS, dated []importer.Member, members map[string]*importer.Member) {
	date := func(m importer.Member) string { return datedName.FindStringSubmatch(m.Name)[2] }
	slices.SortStableFunc(dated, func(a, b importer.Member) int { return strings.Compare(date(b), date(a)) })
	for _, m := range dated {
		kind := strings.ToLower(datedName.FindStringSubmatch(m.Name)[1])
		if !isList(kind, begin(fsys, m)) {
			continue
		}
		to := members[kind]
		if to.Name != "" {
			p.older = append(p.older, m)
			continue
		}
		*to = m
		p.layout = LayoutNotes
		if t, err := time.Parse("2006-01-02-15-04-05", date(m)); err == nil && t.After(p.made) && t.Year() < 2100 {
			p.made = t
		}
	}
}

// words that a record of each kind has near its beginning.
var marks = map[string][]string{
	"notes":     {`"createdAt"`, `"renoteId"`, `"fileIds"`, `"visibility"`},
	"favorites": {`"note"`, `"createdAt"`},
	"clips":     {`"clipNotes"`, `"lastClippedAt"`, `"description"`},
}

// isList knows a list that is empty or begins with a record of its kind.
func isList(kind string, head []byte) bool {
	rest, list := bytes.CutPrefix(bytes.TrimSpace(head), []byte("["))
	if !list {
		return false
	}
	rest = bytes.TrimSpace(rest)
	// A long first note can keep the marks out of sight; its name is clear.
	if len(rest) == 0 || rest[0] == ']' || rest[0] == '{' && len(head) >= headBytes {
		return true
	}
	return slices.ContainsFunc(marks[kind], func(word string) bool { return bytes.Contains(rest, []byte(word)) })
}

// isBundled knows the wrapper around the lists of Sharkey's zip.
func isBundled(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) && bytes.Contains(head, []byte(`"metaVersion"`)) && bytes.Contains(head, []byte(`"exportedAt"`))
}

const headBytes = 8 << 10

// begin returns the beginning of a member as text.
func begin(fsys fs.FS, m importer.Member) []byte { return intake.Head(fsys, m.Path, headBytes) }

// ignored says why the other files are not read.
var ignored = map[string]string{
	"ips.json": "addresses and sign-ins", "followings.json": "other people's accounts", "followers.json": "other people's accounts",
	"mutings.json": "other people's accounts", "blockings.json": "other people's accounts", "antennas.json": "searches, which nobody else sees",
	"lists.csv": "other people's accounts", "drive.json": "uploaded files; their descriptions are read with the notes",
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(lower, "files/"):
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	case datedName.MatchString(lower), loneName.MatchString(lower):
		return importer.Use{Kind: importer.UseRead}
	case otherName.MatchString(lower):
		return importer.Use{Kind: importer.UseIgnored, Why: "lists and settings, without text"}
	case ignored[lower] != "":
		return importer.Use{Kind: importer.UseIgnored, Why: ignored[lower]}
	}
	return importer.Use{Kind: importer.UseUnknown}
}
