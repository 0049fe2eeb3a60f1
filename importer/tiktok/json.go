package tiktok

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A place is where in the JSON file a value lies.
type place struct {
	section section
	name    string // of the list, as reasons name it; of a chat, as the file does
}

// jsonLists are the lists of records by their folded names.
var jsonLists = map[string]place{
	"commentslist":           {comments, "comments"},
	"postlist":               {deleted, "deleted posts"},
	"itemfavoritelist":       {likes, "likes"},
	"favoritevideolist":      {favourites, "favourites"},
	"repostlist":             {reposts, "reposts"},
	"golivelist":             {goLive, "live broadcasts"},
	"reviewslist":            {reviews, "reviews"},
	"productreviewhistories": {shopReviews, "reviews"},
}

// placeOf says what lies at path. Only the names of the lists are fixed: what
// is above them has changed from year to year.
func placeOf(path []string) (place, bool) {
	n := len(path)
	last := fold(path[n-1])
	switch last {
	case "profilemap":
		return place{section: profile}, true
	case "settingsmap":
		return place{section: settings}, n <= 3 && !strings.Contains(fold(path[0]), "live")
	}
	if n >= 2 && fold(path[n-2]) == "watchlivemap" {
		return place{live, "live comments"}, true
	}
	if path[n-1] != element || n < 2 {
		return place{}, false
	}
	list := fold(path[n-2])
	if p, ok := jsonLists[list]; ok {
		return p, true
	}
	switch {
	case list == "videolist" && ownVideos(path[:n-2]):
		return place{posts, "posts"}, true
	case n >= 4 && fold(path[n-3]) == "chathistory":
		return place{chats, path[n-2]}, true
	case fold(path[0]) == "groupchat":
		name := path[n-2]
		if fold(name) == "groupchat" {
			name = ""
		}
		return place{groupChats, name}, true
	}
	return place{}, false
}

// ownVideos tells the owner's videos from what was watched: both are called
// VideoList.
func ownVideos(above []string) bool {
	for _, name := range above {
		switch fold(name) {
		case "post", "posts", "video", "videos":
			return true
		case "activity", "youractivity", "watchhistory", "videobrowsinghistory", "browsinghistory":
			return false
		}
	}
	return false
}

// deepestObject is how many objects lie around the lists, with room to spare.
const deepestObject = 5

// choose says what to do with a value: take it where wanted says so, go into
// objects, and into those lists that hold records.
func choose(wanted func(place) bool) func([]string, byte) choice {
	return func(path []string, kind byte) choice {
		if len(path) == 0 {
			return enter
		}
		if p, ok := placeOf(path); ok {
			if wanted(p) && (kind == '{' || path[len(path)-1] == element) {
				return take
			}
			return skip
		}
		switch {
		case len(path) > deepestObject || path[len(path)-1] == element:
			return skip
		case kind == '{':
			return enter
		case kind == '[':
			if p, ok := placeOf(append(path[:len(path):len(path)], element)); ok && wanted(p) {
				return enter
			}
		}
		return skip
	}
}

// ownerPlaces and contentPlaces are the two passes over the file: whose it is
// must be known before the first post.
func ownerPlaces(p place) bool   { return p.section == profile || p.section == settings }
func contentPlaces(p place) bool { return !ownerPlaces(p) }

// json reads the wanted records of one JSON file. Only the pass for content
// tells what is wrong with the file.
func (r *run) json(m importer.Member, wanted func(place) bool) error {
	f, err := r.fsys.Open(m.Path)
	if err != nil {
		return r.lose(m, wanted, err)
	}
	defer f.Close()
	r.keys.File()
	j := &jsonFile{run: r, member: m.Path, record: map[string]int{}}
	pick := choose(wanted)
	want := func(path []string, kind byte) choice {
		j.present(path)
		return pick(path, kind)
	}
	err = walk(f, want, j.take)
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	if j.outErr != nil {
		return j.outErr
	}
	return r.lose(m, wanted, err)
}

// lose tells that a file was not read to its end.
func (r *run) lose(m importer.Member, wanted func(place) bool, err error) error {
	if err == nil || wanted(place{section: profile}) {
		return nil
	}
	r.Lose("")
	if why, ok := reason(err); ok {
		return r.Out.Skip(store.Skip{Member: m.Path, Reason: why})
	}
	return importer.Lost(r.Out, m.Path, err)
}

// reason is what a person reads about a record or file that was not read.
func reason(err error) (string, bool) {
	for _, e := range []struct {
		err  error
		text string
	}{
		{jsonstream.ErrCut, "the file ends in the middle"},
		{jsonstream.ErrSyntax, "is not valid JSON"},
		{jsonstream.ErrTooLarge, "is too large"},
		{jsonstream.ErrTooDeep, "is nested too deeply"},
		{errTrailing, "something else follows after the end of the data"},
	} {
		if errors.Is(err, e.err) {
			return e.text, true
		}
	}
	return "cannot be read", false
}

type jsonFile struct {
	*run
	member string
	record map[string]int // by list
	outErr error
}

// present notes that a list is in the export, empty or not.
func (j *jsonFile) present(path []string) {
	if len(path) == 0 {
		return
	}
	switch list := fold(path[len(path)-1]); {
	case list == "commentslist":
		j.named[scopeComment]++
	case list == "videolist" && ownVideos(path[:len(path)-1]):
		j.named[scopePost]++
	}
}

// take parses one record and hands it on.
func (j *jsonFile) take(path []string, raw []byte, err error) error {
	if j.ctx.Err() != nil {
		return context.Cause(j.ctx)
	}
	p, _ := placeOf(path)
	label := p.name
	if p.section == chats || p.section == groupChats {
		label = "messages"
		if j.messages = true; !j.opts.Messages {
			return nil
		}
	}
	j.record[label]++
	if err == nil && bytes.Equal(raw, []byte("null")) {
		return nil
	}
	if err == nil {
		err = j.parse(p, path, j.record[label], raw)
	}
	if j.outErr != nil {
		return j.outErr
	}
	if err == nil || p.section == profile || p.section == settings {
		return nil
	}
	why, _ := reason(err)
	j.outErr = j.skip(p.section, j.member, j.record[label], label+": "+why)
	return j.outErr
}

// parse reads one value; an error of the sink goes to outErr, one of the
// value comes back.
func (j *jsonFile) parse(p place, path []string, number int, raw []byte) error {
	return jsonstream.Value(bytes.NewReader(raw), maxValue+1, func(d *jsonstream.Decoder) error {
		switch p.section {
		case live:
			return j.liveRoom(d, number)
		case chats, groupChats:
			return j.chat(d, p, number)
		}
		rec, err := readRecord(d)
		if err == nil {
			j.outErr = j.emit(p.section, source{j.member, number}, rec)
		}
		return err
	})
}

// A record is what the export says in "name: value" pairs, the names folded.
type record []pair

type pair struct{ name, value string }

// get returns the first of the named values that is there and says anything.
func (r record) get(names ...string) string {
	for _, name := range names {
		for _, p := range r {
			if p.name == name && !nothing(p.value) {
				return p.value
			}
		}
	}
	return ""
}

// nothing reports whether a value stands for none.
func nothing(s string) bool {
	switch strings.TrimSpace(s) {
	case "", "N/A", "None", "N.v.t.", "null":
		return true
	}
	return false
}

// readRecord takes the next object: texts, numbers, and lists of texts.
func readRecord(d *jsonstream.Decoder) (record, error) {
	if d.PeekKind() != '{' {
		return nil, jsonstream.ErrSyntax
	}
	var rec record
	err := jsonstream.Object(d, func(name []byte) error {
		p := pair{name: fold(string(name))}
		var err error
		if d.PeekKind() == '[' {
			p.value, err = joined(d)
		} else {
			err = jsonstream.Text(d, &p.value)
		}
		rec = append(rec, p)
		return err
	})
	return rec, err
}

// joined takes a list of texts as lines.
func joined(d *jsonstream.Decoder) (string, error) {
	var all []string
	err := jsonstream.List(d, func() error {
		var s string
		err := jsonstream.Text(d, &s)
		if s != "" {
			all = append(all, s)
		}
		return err
	})
	return strings.Join(all, "\n"), err
}

// liveRoom reads what was written during one live broadcast.
func (j *jsonFile) liveRoom(d *jsonstream.Decoder, number int) error {
	var link string
	var said []record
	err := jsonstream.Object(d, func(name []byte) error {
		switch fold(string(name)) {
		case "link":
			return jsonstream.Text(d, &link)
		case "comments", "questions":
			return jsonstream.List(d, func() error {
				rec, err := readRecord(d)
				said = append(said, rec)
				return err
			})
		}
		return jsonstream.Skip(d)
	})
	if err != nil {
		return err
	}
	for _, rec := range said {
		if j.outErr = j.emit(live, source{j.member, number}, append(rec, pair{"link", link})); j.outErr != nil {
			return nil
		}
	}
	return nil
}

// chat reads one message, or, in the group chats, whose shape is not known
// for certain, every message below.
func (j *jsonFile) chat(d *jsonstream.Decoder, p place, number int) error {
	switch d.PeekKind() {
	case '[':
		return jsonstream.List(d, func() error { return j.chat(d, p, number) })
	case '{':
	default:
		return jsonstream.Skip(d)
	}
	var rec record
	err := jsonstream.Object(d, func(name []byte) error {
		field := pair{name: fold(string(name))}
		switch d.PeekKind() {
		case '[', '{':
			if title := rec.get("groupname", "chatname", "name", "title"); title != "" {
				p.name = title
			}
			return j.chat(d, p, number)
		}
		err := jsonstream.Text(d, &field.value)
		rec = append(rec, field)
		return err
	})
	if err != nil || j.outErr != nil || rec.get("from", "sender") == "" {
		return err
	}
	j.outErr = j.message(p.section, source{j.member, number}, chatName(p.name), rec)
	return nil
}

// chatName is the other side's name in "Chat History with ann:".
func chatName(s string) string {
	s = strings.TrimPrefix(strings.TrimRight(s, ": "), "Chat History with ")
	return strings.TrimSpace(s)
}
