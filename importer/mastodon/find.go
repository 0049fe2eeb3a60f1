package mastodon

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
	"lookback/importer/pattern"
)

// A place is where in an fs.FS the archive's files lie. Members that are not
// there have no name.
type place struct {
	layout string
	sure   int
	media  string // folder above media_attachments

	actor, outbox, likes, bookmarks importer.Member
	tool                            importer.Member
}

const hintAsk = "ask for the archive in Preferences, Import and export, Data export, Request your archive"

var (
	outboxName = pattern.New(`(?i)^outbox[^/]*\.json$`)
	toolName   = pattern.New(`(?i)^[^/]+\.user\.[^/]+\.json$`)
	listName   = pattern.New(`(?i)^(following|following_accounts|followers|follows|muted_accounts|mutes|blocked_accounts|blocks|blocked_domains|domain_blocks|lists|bookmarks)[^/]*\.csv$`)
)

// headBytes are enough of a file to know it by: the first item of an outbox
// before 4.2 repeats a long context.
const headBytes = 16 << 10

// find looks at the root of fsys; what wraps an archive has been taken away
// before. nil means that this is none of Mastodon's.
func find(fsys fs.FS) (*place, error) {
	p, lists, others := look(fsys)
	switch {
	case p.outbox.Name != "":
		return p.judge(fsys)
	case p.tool.Name != "" && p.isTool(fsys):
		p.layout, p.sure = LayoutTool, 90
		return p, nil
	case p.actor.Name != "" && contains(fsys, p.actor, "preferredUsername"):
		return nil, &importer.HintError{Err: errors.New("the profile of a Mastodon account is here, but not outbox.json with the posts"), Hint: hintAsk}
	case len(lists) > 0 && !others && isList(fsys, lists[0]):
		return nil, &importer.HintError{Err: errors.New("these are lists of accounts from Mastodon, without any posts"), Hint: hintAsk}
	}
	return nil, nil
}

// look sorts the members at the root.
func look(fsys fs.FS) (p *place, lists []importer.Member, others bool) {
	p = &place{}
	exact := map[string]*importer.Member{
		"actor.json": &p.actor, "outbox.json": &p.outbox, "likes.json": &p.likes, "bookmarks.json": &p.bookmarks,
	}
	found := false
	for m := range importer.Members(fsys) {
		lower := strings.ToLower(m.Name)
		if i := strings.Index(m.Name, "media_attachments/files/"); i >= 0 {
			if !found {
				p.media, found = path.Join(".", m.Name[:i]), true
			}
			continue
		}
		to := exact[lower]
		switch {
		case to != nil && (to.Name == "" || strings.ToLower(to.Name) != lower):
			*to = m
		case outboxName.MatchString(lower) && p.outbox.Name == "":
			p.outbox = m // "outbox (1).json", as browsers save it
		case toolName.MatchString(lower) && p.tool.Name == "":
			p.tool = m
		case listName.MatchString(lower):
			lists = append(lists, m)
		default:
			others = true
		}
	}
	return p, lists, others
}

var (
	ownID      = pattern.New(`"id"\s*:\s*"outbox\.json"`)
	pixelfedID = pattern.New(`"id"\s*:\s*"https?:\\?/\\?/[^/"\\]+\\?/p\\?/`)
	pleromaID  = pattern.New(`"id"\s*:\s*"https?://[^/"]+/(activities|objects)/`)
	pageType   = pattern.New(`"type"\s*:\s*"OrderedCollectionPage"`)
)

// judge says what kind of outbox it is. Pixelfed's old one, whose posts have
// addresses of their own kind, is left to the importer of Pixelfed.
func (p *place) judge(fsys fs.FS) (*place, error) {
	head := begin(fsys, p.outbox)
	switch {
	case !bytes.Contains(head, []byte("OrderedCollection")) && !bytes.Contains(head, []byte(`"orderedItems"`)):
		return nil, nil
	case !ownID.Match(head) && pixelfedID.Match(head):
		return nil, nil
	case len(head) < headBytes && !bytes.Contains(head, []byte(`"orderedItems"`)) && bytes.Contains(head, []byte(`"first"`)):
		return nil, &importer.HintError{Err: errors.New("this outbox.json only says where on the server the posts are"), Hint: hintAsk}
	case pageType.Match(head):
		p.layout = LayoutPage
	case pleromaID.Match(head):
		p.layout = LayoutPleroma
	default:
		p.layout = LayoutArchive
	}
	p.sure = 95
	return p, nil
}

// isTool knows mastodon-archive's file: an object with the account first.
func (p *place) isTool(fsys fs.FS) bool {
	head := begin(fsys, p.tool)
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) && bytes.Contains(head, []byte(`"account"`)) && bytes.Contains(head, []byte(`"acct"`))
}

func isList(fsys fs.FS, m importer.Member) bool {
	head := begin(fsys, m)
	return bytes.HasPrefix(head, []byte("Account address")) || bytes.Contains(head, []byte("/statuses/")) ||
		strings.HasPrefix(strings.ToLower(m.Name), "following_accounts")
}

func contains(fsys fs.FS, m importer.Member, word string) bool {
	return bytes.Contains(begin(fsys, m), []byte(word))
}

// begin returns the beginning of a member as text.
func begin(fsys fs.FS, m importer.Member) []byte { return intake.Head(fsys, m.Path, headBytes) }

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	lower := strings.ToLower(name)
	base := path.Base(lower)
	ignore := func(why string) importer.Use { return importer.Use{Kind: importer.UseIgnored, Why: why} }
	switch {
	case strings.Contains(lower, "media_attachments/"), strings.HasPrefix(base, "avatar."), strings.HasPrefix(base, "header."):
		return ignore("media, not text")
	case strings.Contains(lower, ".user.") && strings.Contains(lower, "/"):
		return ignore("media, not text")
	case strings.Contains(lower, "/"):
		return importer.Use{Kind: importer.UseUnknown}
	case base == "actor.json", base == "likes.json", base == "bookmarks.json", outboxName.MatchString(base), toolName.MatchString(base):
		return importer.Use{Kind: importer.UseRead}
	case base == "followers.json", base == "following.json":
		return ignore("other people's accounts")
	case listName.MatchString(base):
		return ignore("lists of accounts or addresses, without text")
	case base == "key.pem", base == "private_key.pem":
		return ignore("keys of the account")
	}
	return importer.Use{Kind: importer.UseUnknown}
}
