// Package tumblr reads the exports of Tumblr blogs: posts.xml or, in older
// ones, a page of HTML for each post, inside a zip of their own or unpacked,
// and the private messages in messages.xml.
//
// In a reblog it tells the owner's words from those of the people before, and
// in an answer from the question.
package tumblr

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
	LayoutZip      = "tumblr-xml-zip" // posts.zip in the zip, as downloaded
	LayoutXML      = "tumblr-xml"     // posts.xml unpacked
	LayoutHTML     = "tumblr-html"    // pages only
	LayoutMessages = "tumblr-messages"
)

// Importer reads exports of Tumblr. It holds nothing; the zero value is ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

var _ importer.Importer = (*Importer)(nil)

// Name is "tumblr".
func (*Importer) Name() string { return "tumblr" }

var (
	zipRE        = pattern.New(`^posts[-_ ()0-9]*\.zip$`)
	xmlRE        = pattern.New(`^(?:posts/)?posts\.xml$`)
	pageRE       = pattern.New(`^(?:posts/)?html/(\d{1,20})\.html$`)
	submissionRE = pattern.New(`^(?:posts/)?(?:html/)?submissions/[^/]+\.html$`)
	messagesRE   = pattern.New(`^(?:conversations/|messages/)?messages\.xml$`)
	talksRE      = pattern.New(`^(?:conversations|messages)/[^/]+\.html$`)
	mediaRE      = pattern.New(`^(?:posts/)?media/(\d{1,20})(?:_\d+)?\.[A-Za-z0-9]+$`)
	frameRE      = pattern.New(`^(?:posts/)?(?:posts_index\.html|style\.css)$`)
	backupRE     = pattern.New(`^posts/\d{6,20}\.html$`)
)

// A member lies in the archive or in a zip in it.
type member struct {
	fsys fs.FS
	importer.Member
	shown string // with the zip's name before it
	id    string // of a page: the post's
}

// export is an export as it was found.
type export struct {
	xml         []member
	pages       []member
	messages    []member
	odd         []member // not what their names say
	zips        []importer.Member
	broken      map[string]error // zips that cannot be opened
	submissions int
	talks       int
	backup      int
	frame       bool                // files that only this export has
	media       map[string][]string // by post
}

const mostMedia = 200_000 // media files that are told apart

func find(fsys fs.FS) *export {
	e := &export{media: map[string][]string{}, broken: map[string]error{}}
	for m := range importer.Members(fsys) {
		e.add(fsys, "", m)
		if zipRE.MatchString(strings.ToLower(m.Name)) {
			e.zips = append(e.zips, m)
		}
	}
	for _, z := range e.zips {
		inner, err := importer.Nested(fsys, z.Path)
		if err != nil {
			e.broken[z.Name] = err
			continue
		}
		for m := range importer.Members(inner) {
			e.add(inner, z.Name, m)
		}
	}
	return e
}

func (e *export) add(fsys fs.FS, zip string, m importer.Member) {
	name := m.Name
	if rest, ok := strings.CutPrefix(name, "posts/posts/"); ok && zip != "" {
		name = "posts/" + rest
	}
	found := member{fsys: fsys, Member: m, shown: path.Join(zip, m.Name)}
	switch {
	case (xmlRE.MatchString(name) || messagesRE.MatchString(name)) && !hasRoot(fsys, m, "<tumblr"):
		e.odd = append(e.odd, found)
	case xmlRE.MatchString(name):
		e.xml = append(e.xml, found)
	case messagesRE.MatchString(name):
		e.messages = append(e.messages, found)
	case submissionRE.MatchString(name):
		e.submissions++
	case talksRE.MatchString(name):
		e.talks++
	case frameRE.MatchString(name):
		e.frame = true
	case backupRE.MatchString(name):
		e.backup++
	default:
		if parts := pageRE.FindStringSubmatch(name); parts != nil {
			found.id = parts[1]
			e.pages = append(e.pages, found)
		} else if parts := mediaRE.FindStringSubmatch(name); parts != nil && len(e.media) < mostMedia {
			e.media[parts[1]] = append(e.media[parts[1]], m.Name)
		}
	}
}

// hasRoot looks for the first element of a file.
func hasRoot(fsys fs.FS, m importer.Member, root string) bool {
	head, err := importer.Head(fsys, m.Path, 1024)
	return err == nil && bytes.Contains(head, []byte(root))
}

const askHint = "in Tumblr open the blog's settings, choose Export, wait, and download the backup"

// Recognize looks for posts.xml, the folder of pages, and the zip that holds
// them.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	e := find(fsys)
	switch {
	case len(e.xml) > 0:
		return importer.Match{Sure: 95, Layout: e.layout()}, nil
	case len(e.pages) > 0 && (e.frame || len(e.media) > 0):
		return importer.Match{Sure: 80, Layout: LayoutHTML}, nil
	case len(e.messages) > 0:
		return importer.Match{Sure: 80, Layout: LayoutMessages}, nil
	case len(e.broken) > 0 && len(e.media) > 0:
		return importer.Match{}, &importer.HintError{Err: errors.New("the zip with the posts inside it is damaged"), Hint: "download the backup again"}
	case e.backup > 0 && len(e.pages) == 0 && madeByTool(fsys):
		return importer.Match{}, &importer.HintError{Err: errors.New("it is a backup of a Tumblr blog that another program made"), Hint: askHint}
	}
	return importer.Match{}, nil
}

// madeByTool says whether the files beside the posts are those of a backup
// program.
func madeByTool(fsys fs.FS) bool {
	index, media := false, false
	for m := range importer.Members(fsys) {
		index = index || m.Name == "index.html"
		media = media || strings.HasPrefix(m.Name, "media/") || strings.HasPrefix(m.Name, "json/") || m.Name == "backup.css"
	}
	return index && media
}

func (e *export) layout() string {
	switch {
	case len(e.xml) > 0 && strings.Contains(strings.ToLower(e.xml[0].shown), ".zip/"):
		return LayoutZip
	case len(e.xml) > 0:
		return LayoutXML
	case len(e.pages) > 0:
		return LayoutHTML
	}
	return LayoutMessages
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	switch {
	case zipRE.MatchString(strings.ToLower(name)):
		return importer.Use{Kind: importer.UseRead, Why: "the posts lie in it"}
	case xmlRE.MatchString(name):
		return importer.Use{Kind: importer.UseRead}
	case pageRE.MatchString(name):
		return importer.Use{Kind: importer.UseRead, Why: "where posts.xml lacks the post"}
	case messagesRE.MatchString(name):
		return importer.Use{Kind: importer.UseRead, Why: "what you wrote in private, only when messages are asked for", Messages: true}
	case submissionRE.MatchString(name):
		return importer.Use{Kind: importer.UseIgnored, Why: "what other people sent in and you did not publish"}
	case talksRE.MatchString(name):
		return importer.Use{Kind: importer.UseIgnored, Why: "private messages in a form that does not say who wrote what"}
	case frameRE.MatchString(name):
		return importer.Use{Kind: importer.UseIgnored, Why: "Tumblr's own page for viewing the posts"}
	case strings.HasPrefix(name, "media/"), strings.HasPrefix(name, "posts/media/"):
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// Import reads the posts, then the messages.
func (*Importer) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	e := find(fsys)
	if len(e.xml)+len(e.pages)+len(e.messages) == 0 {
		return errors.New("not an export of Tumblr")
	}
	r := &run{ctx: ctx, opts: opts, Log: intake.NewLog(out), export: e}
	return intake.Steps(ctx, r.readAccount, r.readBroken, r.readXML, r.readPages, r.readMessages, r.finish)
}
