package importer

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// sureEnough is the least Match.Sure with which an importer reads.
const sureEnough = 50

// recognise finds who reads what of an archive. It tries the archive as it
// is and without the folders that wrap it; where nobody knows that, one
// level further inside, because exports get zipped again or lie beside each
// other.
func (a *Archive) recognise(s *session, list []Importer) ([]target, error) {
	views := unwrapped(view{t: &tree{x: a.x, s: s}})
	targets, hint, err := match(s, views, list)
	if err != nil || len(targets) > 0 {
		return targets, err
	}
	for _, v := range inside(views[len(views)-1]) {
		found, h, err := match(s, unwrapped(v), list)
		if err != nil {
			return nil, err
		}
		targets = append(targets, found...)
		if hint == nil {
			hint = h
		}
	}
	switch {
	case len(targets) > 0:
		return targets, nil
	case hint != nil:
		return nil, explain(a.Name(), hint)
	}
	return nil, explain(a.Name(), lookalike(views[0].t))
}

// unwrapped returns v and what is left of it when its only folder is taken
// away, up to three times. The folder may be the export's own, so v itself
// comes first.
func unwrapped(v view) []view {
	views := []view{v}
	for range 3 {
		only, n := "", 0
		for base, i := range v.t.children(v.t.dir) {
			if n++; i >= 0 || n > 1 {
				only = ""
				break
			}
			only = base
		}
		if only == "" {
			break
		}
		v = view{root: path.Join(v.root, only), t: v.t.sub(only), zip: v.zip}
		views = append(views, v)
	}
	return views
}

// inside returns the folders and zips that lie at the top of v.
func inside(v view) []view {
	const most = 64
	var views []view
	for base, i := range v.t.children(v.t.dir) {
		if len(views) == most {
			break
		}
		next := view{root: path.Join(v.root, base), zip: v.zip}
		switch {
		case i < 0:
			next.t = v.t.sub(base)
		case strings.EqualFold(path.Ext(base), ".zip"):
			inner, err := Nested(v.t, base)
			if err != nil {
				continue // listed as unknown
			}
			next.t, next.zip = inner.(*tree), &v.t.x.entries[i]
		default:
			continue
		}
		views = append(views, next)
	}
	return views
}

// match asks each importer about each view and keeps the surest answer; of
// equal ones the first, which hides least. A hint is a reason why an archive
// that somebody knows cannot be used.
func match(s *session, views []view, list []Importer) (targets []target, hint error, err error) {
	for _, imp := range list {
		best := target{imp: imp}
		for _, v := range views {
			if err := s.ctx.Err(); err != nil {
				return nil, nil, err
			}
			m, err := ask(imp, v)
			if err != nil && s.ctx.Err() != nil {
				return nil, nil, s.ctx.Err()
			}
			var h *HintError
			if errors.As(err, &h) && hint == nil {
				hint = err
			}
			if err == nil && m.Sure > best.match.Sure {
				best.match, best.view = m, v
			}
		}
		if best.match.Sure >= sureEnough {
			targets = append(targets, best)
		}
	}
	return targets, hint, nil
}

// ask runs Recognize. An importer that fails at it does not know the archive.
func ask(imp Importer, v view) (m Match, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = Match{}, fmt.Errorf("the %s importer failed (%s)", imp.Name(), crash(p))
		}
	}()
	return imp.Recognize(v.t)
}

// others are archives that no importer reads, by what is in their names.
var others = []struct {
	name string // part of a folded name, with a slash before it
	what string
	hint string
}{
	{"/google photos/", "a Takeout of Google Photos", takeoutHint},
	{"/google fotos/", "a Takeout of Google Photos", takeoutHint},
	{"/takeout/mail/", "a Takeout of Gmail", takeoutHint},
	{"/takeout/drive/", "a Takeout of Google Drive", takeoutHint},
	{"/archive_browser.html", "a Google Takeout without anything from YouTube", takeoutHint},
	{"/takeout/", "a Google Takeout without anything from YouTube", takeoutHint},
	{"/data_logs/content/", "Meta's data logs without any posts", "ask for Export your information instead, with all categories and all time"},
	{"/conversations.json", "an export of a chat assistant", ""},
	{"/streaminghistory", "an export of Spotify", ""},
	{"/streaming_history_audio", "an export of Spotify", ""},
	{"/viewingactivity.csv", "an export of Netflix", ""},
	{"/apple media services", "an export of Apple", ""},
	{"/apple_health_export/", "an export of Apple Health", ""},
	{"/integration_logs.json", "an export of Slack", ""},
	{"/retail.orderhistory", "an export of Amazon", ""},
	{"/activities.csv", "an export of Strava", ""},
	{"/go.mod", "a folder of program code", ""},
	{"/package.json", "a folder of program code", ""},
	{"/.git/config", "a folder of program code", ""},
	{"/assets/js/", "the viewer of an archive without its data", "keep the folder data beside it, as the platform sent both"},
}

const (
	takeoutHint = "in Google Takeout tick YouTube, with comments and live chats, and ask again"
	otherHint   = "lookback reads exports of social networks: give one of those"
)

// lookalike says what an archive that nobody recognises seems to be.
func lookalike(t *tree) error {
	pictures, all := 0, 0
	found := -1
	for m := range t.members {
		if all++; all > 100_000 {
			break
		}
		name := "/" + Fold(m.Name)
		for i, o := range others {
			if (found < 0 || i < found) && strings.Contains(name, o.name) {
				found = i
			}
		}
		if isPicture(name) {
			pictures++
		}
	}
	switch {
	case found >= 0:
		hint := others[found].hint
		if hint == "" {
			hint = otherHint
		}
		return &HintError{Err: fmt.Errorf("it looks like %s, which lookback cannot use", others[found].what), Hint: hint}
	case pictures*10 >= all*9:
		return &HintError{Err: errors.New("it holds pictures and videos only"),
			Hint: "give the part of the export that holds the text, usually the first one"}
	}
	return &HintError{Err: fmt.Errorf("it is not an export that lookback knows (%s)", members(all)), Hint: notExport}
}

func isPicture(name string) bool {
	switch path.Ext(name) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".m4v", ".webm", ".mp3", ".m4a", ".ogg", ".opus", ".srt":
		return true
	}
	return false
}
