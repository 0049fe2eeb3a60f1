package pixelfed

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/pattern"
)

// A place says which members hold what. Members that are not there have no
// name.
type place struct {
	layout                    string
	account, statuses, outbox importer.Member
}

const hintAsk = "in Pixelfed open Settings, Data Export and download Statuses and Account"

var (
	statusesName = pattern.New(`(?i)^pixelfed-statuses[^/]*\.json$`)
	accountName  = pattern.New(`(?i)^account[^/]*\.json$`)
	outboxName   = pattern.New(`(?i)^outbox[^/]*\.json$`)
	peopleName   = pattern.New(`(?i)^(pixelfed-following|pixelfed-followers|following|followers|muted-and-blocked-accounts)[^/]*\.json$`)

	// postID is the address of a Pixelfed post where an id belongs, with the
	// slashes as they are or escaped.
	postID   = pattern.New(`"id"\s*:\s*"https?:\\?/\\?/[^/"\\]+\\?/p\\?/`)
	archived = pattern.New(`"id"\s*:\s*"outbox\.json"`)
	person   = pattern.New(`"type"\s*:\s*"Person"`)
)

// find looks at the root of fsys. nil means that this is not Pixelfed's.
func find(fsys fs.FS) (*place, error) {
	p := &place{}
	only := true // nothing but lists of people and the account
	var people importer.Member
	for m := range importer.Members(fsys) {
		switch {
		case statusesName.MatchString(m.Name):
			// The newest is the one whose name a browser numbered highest.
			p.statuses = m
		case accountName.MatchString(m.Name) && p.account.Name == "":
			p.account = m
		case outboxName.MatchString(m.Name) && p.outbox.Name == "":
			p.outbox = m
		case peopleName.MatchString(m.Name):
			people = m
		default:
			only = false
		}
	}
	if p.statuses.Name != "" && isStatuses(begin(fsys, p.statuses)) {
		p.layout = LayoutStatuses
		return p, nil
	}
	if p.outbox.Name != "" {
		if head := begin(fsys, p.outbox); postID.Match(head) && !archived.Match(head) {
			p.layout = LayoutOutbox
			return p, nil
		}
		return nil, nil
	}
	known := strings.HasPrefix(strings.ToLower(people.Name), "pixelfed-") ||
		p.account.Name != "" && isAccount(begin(fsys, p.account))
	if only && known {
		return nil, &importer.HintError{Err: errors.New("these files of Pixelfed hold no posts"), Hint: hintAsk}
	}
	return nil, nil
}

// isAccount knows the profile as ActivityPub has it.
func isAccount(head []byte) bool {
	return person.Match(head) && bytes.Contains(head, []byte("preferredUsername"))
}

// isStatuses knows a list that is empty or begins with a status.
func isStatuses(head []byte) bool {
	rest, list := bytes.CutPrefix(bytes.TrimSpace(head), []byte("["))
	if !list {
		return false
	}
	rest = bytes.TrimSpace(rest)
	return bytes.HasPrefix(rest, []byte("]")) || bytes.Contains(rest, []byte(`"pf_type"`)) || bytes.Contains(rest, []byte(`"content_text"`))
}

// begin returns the beginning of a member as text.
func begin(fsys fs.FS, m importer.Member) []byte { return intake.Head(fsys, m.Path, 16<<10) }

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	switch {
	case strings.Contains(name, "/"):
		return importer.Use{Kind: importer.UseUnknown}
	case statusesName.MatchString(name), accountName.MatchString(name):
		return importer.Use{Kind: importer.UseRead}
	case outboxName.MatchString(name):
		return importer.Use{Kind: importer.UseRead, Why: "when there is no pixelfed-statuses.json"}
	case peopleName.MatchString(name):
		return importer.Use{Kind: importer.UseIgnored, Why: "other people's accounts"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}
