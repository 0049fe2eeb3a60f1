package x

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/intake"
)

// A member is one file of the archive.
type member struct {
	path string
	key  string
	part int
}

// A place is where in an fs.FS the archive lies.
type place struct {
	dir     string // of the data files
	layout  string
	sure    int
	members map[string][]member // by key, parts in order
}

var (
	errViewerOnly = errors.New("only X's viewer is here, without the data")
	errMediaOnly  = errors.New("only media of an X archive are here, without the data")
)

// find looks at the root of fsys; what wraps an archive has been taken away
// before. nil means that this is no archive of X.
func find(fsys fs.FS) (*place, error) {
	var hint error
	for _, look := range []func(fs.FS) (*place, error){findData, findClassic, findRoot} {
		p, err := look(fsys)
		if p != nil {
			return p, nil
		}
		hint = cmp.Or(hint, err)
	}
	return nil, hint
}

// findData knows the layouts with a data folder.
func findData(fsys fs.FS) (*place, error) {
	members, media := list(fsys, "data")
	p := &place{dir: "data", members: members}
	switch {
	case p.starts(fsys, keyManifest, "__THAR_CONFIG"):
		p.sure, p.layout = 100, p.era()
		return p, nil
	case p.anyYTD(fsys):
		p.sure, p.layout = 90, LayoutTrimmed
		return p, nil
	case media && len(members) == 0:
		return nil, &importer.HintError{Err: errMediaOnly,
			Hint: "X has sent this archive in parts; give all of its parts together"}
	case len(members) == 0 && isViewer(fsys):
		return nil, &importer.HintError{Err: errViewerOnly,
			Hint: "give the zip exactly as X sent it, or the whole unpacked folder with its data folder"}
	}
	return nil, nil
}

// findRoot knows the layout with all files at one level, and a data folder or
// single files given by themselves.
func findRoot(fsys fs.FS) (*place, error) {
	members, _ := list(fsys, ".")
	p := &place{dir: ".", members: members}
	switch {
	case p.starts(fsys, keyManifest, "__THAR_CONFIG"):
		p.sure, p.layout = 100, p.era()
	case !p.anyYTD(fsys):
		return nil, nil
	case len(members[keyAccount]) > 0 && !p.has("tweets.js"):
		p.sure, p.layout = 90, Layout2018
	default:
		p.sure, p.layout = 80, LayoutTrimmed
	}
	return p, nil
}

func findClassic(fsys fs.FS) (*place, error) {
	js := months(fsys, "data/js/tweets", ".js")
	sheets := months(fsys, "data/csv", ".csv")
	const sheet, index = "tweets.csv", "data/js/tweet_index.js"
	p := &place{dir: ".", sure: 95}
	switch {
	case len(js) > 0 && (begins(fsys, js[0].path, "Grailbird") || begins(fsys, index, "tweet_index")):
		p.layout, p.members = LayoutClassic, map[string][]member{keyTweets: js}
	case len(sheets) > 0 && begins(fsys, sheets[0].path, "tweet_id"):
		p.layout, p.members = LayoutClassicCSV, map[string][]member{keyTweets: sheets}
	case begins(fsys, sheet, "tweet_id"):
		p.layout, p.members = LayoutClassicCSV, map[string][]member{keyTweets: {{path: sheet, key: keyTweets}}}
	case begins(fsys, index, "tweet_index"):
		p.layout, p.members = LayoutClassic, map[string][]member{keyTweets: nil}
	default:
		return nil, nil
	}
	return p, nil
}

// months lists YYYY_MM files in order.
func months(fsys fs.FS, dir, ext string) []member {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var found []member
	for _, e := range entries {
		if !e.IsDir() && monthRE.MatchString(e.Name()) && path.Ext(e.Name()) == ext {
			found = append(found, member{path: path.Join(dir, e.Name()), key: keyTweets})
		}
	}
	return found
}

// list sorts the files of dir by key and part; media says whether there are
// media folders.
func list(fsys fs.FS, dir string) (members map[string][]member, media bool) {
	members = map[string][]member{}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return members, false
	}
	for _, e := range entries {
		if e.IsDir() {
			media = media || strings.HasSuffix(e.Name(), "_media")
			continue
		}
		key, part, ok := parseName(e.Name())
		if !ok {
			continue
		}
		members[key] = append(members[key], member{path: path.Join(dir, e.Name()), key: key, part: part})
	}
	for _, parts := range members {
		slices.SortFunc(parts, func(a, b member) int {
			return cmp.Or(cmp.Compare(a.part, b.part), strings.Compare(a.path, b.path))
		})
	}
	return members, media
}

// era tells the layouts with a manifest apart by the name of the main file.
func (p *place) era() string {
	if p.has("tweet.js") && !p.has("tweets.js") {
		return Layout2020
	}
	return Layout2022
}

func (p *place) has(base string) bool {
	return slices.ContainsFunc(p.members[keyTweets], func(m member) bool { return path.Base(m.path) == base })
}

func (p *place) starts(fsys fs.FS, key, word string) bool {
	ms := p.members[key]
	return len(ms) > 0 && begins(fsys, ms[0].path, word)
}

// anyYTD reports whether a file that would be read is X's.
func (p *place) anyYTD(fsys fs.FS) bool {
	for key := range readWhy {
		if p.starts(fsys, key, "window.YTD.") {
			return true
		}
	}
	return false
}

// begins reports whether word is among the first bytes of a file.
func begins(fsys fs.FS, name, word string) bool {
	return bytes.Contains(intake.Head(fsys, name, 512), []byte(word))
}

// isViewer knows the pages that X puts beside the data.
func isViewer(fsys fs.FS) bool {
	_, err := fs.Stat(fsys, "Your archive.html")
	return err == nil
}
