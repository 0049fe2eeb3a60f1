package facebook

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/meta"
	"lookback/importer/pattern"
)

// Sections, as the scopes of keys name them where they have one.
const (
	secPost         = "post"
	secTrash        = "trash"
	secArchive      = "archive"
	secPhoto        = "photo"
	secStory        = "story"
	secStoryReply   = "story-reply"
	secReel         = "reel"
	secComment      = "comment"
	secReaction     = "like"
	secGroupPost    = "group-post"
	secPending      = "pending"
	secAnonymous    = "anonymous"
	secGroupComment = "group-comment"
	secAnswer       = "answer"
	secPageLike     = "page-like"
	secReview       = "review"
	secPollVote     = "poll-vote"
	secPoll         = "poll"
	secEvent        = "event"
	secEventReply   = "event-reply"
	secNote         = "note"
	secMarket       = "item"
	secProfile      = "profile"
	secProfileLog   = "bio-change"
	secPostEdit     = "post-edit"
	secCommentEdit  = "comment-edit"
	secMessage      = "dm"
	secEncrypted    = "e2ee"
	secZone         = "zone"
	secWall         = "wall"
	secOldMessage   = "old-dm"
)

// A section is what becomes of its records. Without emit it is read in
// another way.
type section struct {
	emit  func(r *run, f file, rec *record) error
	scope bool // the archive holds all of it, when it holds the file
}

var sections = map[string]section{
	secPost:         {(*run).post, true},
	secTrash:        {(*run).post, false},
	secArchive:      {(*run).post, false},
	secPhoto:        {(*run).photo, false},
	secStory:        {(*run).post, true},
	secReel:         {(*run).post, true},
	secStoryReply:   {(*run).storyReply, true},
	secComment:      {(*run).comment, true},
	secReaction:     {(*run).reaction, true},
	secGroupPost:    {(*run).groupPost, true},
	secPending:      {(*run).groupPost, false},
	secAnonymous:    {(*run).groupPost, false},
	secGroupComment: {(*run).comment, true},
	secAnswer:       {(*run).answers, true},
	secPageLike:     {(*run).pageLike, true},
	secReview:       {(*run).review, true},
	secPollVote:     {(*run).pollVote, true},
	secPoll:         {(*run).post, false},
	secEvent:        {(*run).event, true},
	secEventReply:   {(*run).eventReply, true},
	secNote:         {(*run).post, true},
	secMarket:       {(*run).market, true},
	secProfileLog:   {(*run).bioChange, false},
	secWall:         {(*run).post, false},
}

// A rule says to which section a file belongs: by the folder that it lies in
// and the file's name without its ending, both folded, with blanks for
// underscores.
type rule struct {
	section string
	dir     string // the last folder, or two; several with |
	base    *pattern.Pattern
	alone   bool // the file's name is enough
}

func named(names string) *pattern.Pattern {
	return pattern.New(`^(?:` + names + `)(?: \d+)?$`)
}

var rules = []rule{
	{secPost, "posts", named(`your posts(?: +check ins +photos and videos)?|posts|check-ins|posts on other pages and profiles|birthday media|shared memories|facebook editor|other people's posts to your timeline shared by you`), false},
	{secPost, "", named(`your posts(?: +check ins +photos and videos)?`), true},
	{secPost, "profile information|your apps|apps and websites|apps and websites off of facebook|posts|other activity", named(`posts from apps and websites`), false},
	{secTrash, "posts|trash|your trash", named(`trash|your trash`), false},
	{secArchive, "posts|archive", named(`archive|your archive`), false},
	{secPhoto, "posts|photos and videos|other photos and videos", named(`your uncategorized photos|your photos|your videos`), false},
	{secPhoto, "album", pattern.New(`^\d+$`), false},
	{secReel, "reels|short videos", named(`your reels|reels|your short videos`), false},
	{secStory, "stories", named(`archived stories|your stories|stories`), false},
	{secStoryReply, "stories", named(`story reactions|story replies`), false},
	{secComment, "comments and reactions|comments", named(`comments|your comments`), false},
	{secCommentEdit, "comments and reactions|comments", named(`your comment edits|edits you made to comments`), false},
	{secPostEdit, "posts", named(`edits you made to posts|your post edits`), false},
	{secReaction, "comments and reactions|likes and reactions|reactions", named(`likes and reactions|posts and comments|reactions`), false},
	{secPageLike, "likes and reactions", named(`pages`), false},
	{secGroupPost, "groups", named(`group posts and comments|your posts in groups|your group posts`), false},
	{secPending, "groups", named(`your pending posts in groups`), false},
	{secAnonymous, "groups", named(`anonymous posts you(?:'| )ve written|anonymous posts`), false},
	{secGroupComment, "groups", named(`your comments in groups|your group comments`), false},
	{secAnswer, "groups", named(`your answers to membership questions`), false},
	{secPageLike, "pages", named(`pages you(?:'| )ve liked|pages you liked|liked pages`), false},
	{secReview, "pages|reviews|other activity|your reviews|reviews and recommendations", named(`pages and profiles you(?:'| )ve recommended|pages you(?:'| )ve recommended|.*reviews.*|.*recommendations.*|your recommendations`), false},
	{secPollVote, "polls|other activity", named(`polls you voted on|your poll votes|poll votes|polls`), false},
	{secPoll, "polls", named(`polls you(?:'| )ve created|polls you created|your polls`), false},
	{secEvent, "events", named(`your events`), false},
	{secEventReply, "events", named(`event responses|your event responses`), false},
	{secNote, "notes|other activity|posts|your notes", named(`notes|your notes`), false},
	{secMarket, "facebook marketplace|marketplace", named(`items sold|your marketplace listings|items selling`), false},
	{secProfile, "profile information|about you", named(`profile information`), false},
	{secProfileLog, "profile information", named(`profile update history`), false},
	{secZone, "location|profile information|about you", named(`timezone|primary timezone`), false},
	{secWall, "html", named(`wall|timeline`), true},
	{secOldMessage, "html|messages", named(`messages`), false},
	{secOldMessage, "messages", pattern.New(`^\d+$`), false},
}

var messageBase = pattern.New(`^(?:message|ai conversations|support messages)(?: \d+)?$`)

// A file is a member that is read.
type file struct {
	path    string // what to open
	name    string // as the archive calls it
	root    string // folder of the export, "" or with a slash at its end
	section string
	page    bool
}

func (f file) meta() meta.File { return meta.File{Path: f.path, Section: f.section} }

// classify says to which section a member belongs; "" for none. name is
// folded.
func classify(name string) (section string, page bool) {
	ext := path.Ext(name)
	page = ext == ".html" || ext == ".htm"
	if !page && ext != ".json" {
		return "", false
	}
	dirs := strings.Split(strings.ReplaceAll(name, "_", " "), "/")
	base := strings.TrimSpace(strings.TrimSuffix(dirs[len(dirs)-1], ext))
	dirs = dirs[:len(dirs)-1]
	last := ""
	if len(dirs) > 0 {
		last = dirs[len(dirs)-1]
	}
	if slices.Contains(dirs, "messages") && messageBase.MatchString(base) || last == "your group messages" {
		return secMessage, page
	}
	old := last == "html" || len(dirs) == 1 && last == "messages" && page
	for _, r := range rules {
		oldRule := r.section == secWall || r.section == secOldMessage
		if oldRule != old || oldRule && !page || !r.base.MatchString(base) {
			continue
		}
		if r.alone && r.dir == "" && last == "" || last != "" && slices.Contains(strings.Split(r.dir, "|"), last) {
			return r.section, page
		}
	}
	return "", page
}

// A place is where in an fs.FS the export lies.
type place struct {
	layout string
	sure   int
	files  []file
	all    int  // members, whatever they are
	media  bool // there are files that are no text
}

var (
	errMediaOnly = errors.New("only pictures and videos of a Facebook export are here, without the text")
	errNothing   = errors.New("this part of a Facebook export holds nothing that you wrote")
)

const againHint = "give all parts of the export together, or ask for it again with posts, comments and reactions, groups and profile information ticked, for all time"

// evidence counts what speaks for Facebook.
type evidence struct {
	root, strong              bool
	old, v1, v2, y2023, y2024 bool
}

// find looks at the names of all members. nil means that this is no export of
// Facebook.
func find(fsys fs.FS) (*place, error) {
	p := &place{}
	var ev evidence
	var chats []file
	for m := range importer.Members(fsys) {
		p.all++
		name := importer.Fold(m.Name)
		ev.look(name)
		f := file{path: m.Path, name: m.Name}
		f.section, f.page = classify(name)
		if foreign(name) {
			continue
		}
		if f.section == "" {
			if encryptedName(name) && len(chats) < maxChats {
				chats = append(chats, f)
			}
			p.media = p.media || meta.IsMedia(name)
			continue
		}
		f.root = rootOf(m.Name)
		ev.section(f, name)
		p.files = append(p.files, f)
	}
	if !ev.root && !ev.strong {
		return encrypted(fsys, p, chats)
	}
	p.order()
	p.layout, p.sure = ev.layout(p.files), 90
	if ev.root {
		p.sure = 95
	}
	p.sure -= p.depth()
	if len(p.files) == 0 {
		return p.nothing(fsys)
	}
	return p, nil
}

func (p *place) nothing(fsys fs.FS) (*place, error) {
	if p.media {
		return nil, &importer.HintError{Err: errMediaOnly, Hint: againHint}
	}
	for m := range importer.Members(fsys) {
		if base := path.Base(importer.Fold(m.Name)); strings.HasPrefix(base, "no-data") {
			return p, nil // an empty export, which Import says
		}
	}
	return nil, &importer.HintError{Err: errNothing, Hint: againHint}
}

func (ev *evidence) look(name string) {
	switch {
	case strings.Contains(name, "your_facebook_activity/"):
		ev.root, ev.y2024 = true, true
	case strings.Contains(name, "your_activity_across_facebook/"):
		ev.root, ev.y2023 = true, true
	}
}

// section counts a file that would be read. Names that Instagram uses too do
// not count.
func (ev *evidence) section(f file, name string) {
	switch f.section {
	case secMessage, secZone, secOldMessage, secStory, secReel, secNote, secReview, secPoll:
	case secProfile:
		ev.strong = true
	case secWall:
		ev.strong, ev.old = true, true
	case secComment, secReaction, secPageLike:
		ev.strong = true
		ev.v2 = ev.v2 || strings.Contains(name, "comments_and_reactions/")
		ev.v1 = ev.v1 || !strings.Contains(name, "comments_and_reactions/")
	case secPost, secGroupPost, secGroupComment:
		ev.strong = true
	case secPhoto:
		ev.strong = ev.strong || !strings.HasSuffix(path.Dir(name), "album") || strings.Contains(name, "photos_and_videos/")
	}
}

// layout names the era and the form.
func (ev *evidence) layout(files []file) string {
	files = slices.DeleteFunc(slices.Clone(files), func(f file) bool { return f.section == secZone })
	form := cmp.Or(meta.FormOf(files, func(f file) bool { return f.page }), "empty")
	era := "2018"
	switch {
	case ev.y2024:
		era = "2024"
	case ev.y2023:
		era = "2023"
	case ev.old:
		era = "2010"
	case ev.v2:
		era = "2021"
	}
	return "facebook-" + form + "-" + era
}

// tops are the names that folders at the top of an export have had.
var tops = func() map[string]bool {
	m := map[string]bool{"messages": true, "personal information": true, "your facebook activity": true, "your activity across facebook": true}
	for _, r := range rules {
		for dir := range strings.SplitSeq(r.dir, "|") {
			m[dir] = dir != "" && dir != "album"
		}
	}
	for dir := range ignoredDirs {
		m[dir] = true
	}
	return m
}()

// rootOf returns the folder in which the export's own folders begin.
func rootOf(name string) string {
	at := 0
	for {
		end := strings.IndexByte(name[at:], '/')
		if end < 0 {
			return name[:at]
		}
		if tops[strings.ReplaceAll(importer.Fold(name[at:at+end]), "_", " ")] {
			return name[:at]
		}
		at += end + 1
	}
}

// depth is how many folders wrap the export. The importer is asked again
// without them, and shall be surer then.
func (p *place) depth() int {
	least := -1
	for _, f := range p.files {
		if n := strings.Count(f.root, "/"); least < 0 || n < least {
			least = n
		}
	}
	return max(0, min(least, 9))
}

// foreign says whether a folder belongs to another of Meta's products, whose
// export can lie beside this one.
func foreign(name string) bool {
	for dir := range strings.SplitSeq(path.Dir(name), "/") {
		if dir == "your_instagram_activity" || strings.HasPrefix(dir, "instagram-") || dir == "threads" || strings.HasPrefix(dir, "threads-") {
			return true
		}
	}
	return false
}

var naturalRE = pattern.New(`\d+`)

// order sorts the files so that part 2 comes before part 10, whatever the
// form of the archive.
func (p *place) order() {
	key := func(f file) string {
		return naturalRE.ReplaceAllStringFunc(f.name, func(n string) string {
			if len(n) >= 12 {
				return n
			}
			return strings.Repeat("0", 12-len(n)) + n
		})
	}
	last := func(f file) int {
		if f.section == secPhoto {
			return 1 // what posts said of their pictures is not said again
		}
		return 0
	}
	slices.SortStableFunc(p.files, func(a, b file) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), strings.Compare(key(a), key(b)))
	})
}

const maxChats = 10_000

var chatName = pattern.New(`^[^/]+_\d+\.json$`)

func encryptedName(name string) bool {
	name = strings.TrimPrefix(name, "messages/")
	return chatName.MatchString(name)
}

// encrypted knows the download of end-to-end encrypted chats, which holds
// only a file for each chat and their media.
func encrypted(fsys fs.FS, p *place, chats []file) (*place, error) {
	for _, f := range chats[:min(len(chats), 5)] {
		head, err := importer.Head(fsys, f.path, 4<<10)
		if err != nil || !bytes.Contains(head, []byte(`"participants"`)) ||
			!bytes.Contains(head, []byte(`"threadName"`)) && !bytes.Contains(head, []byte(`"senderName"`)) {
			continue
		}
		for i := range chats {
			chats[i].section = secEncrypted
		}
		p.files, p.layout, p.sure = chats, "facebook-e2ee", 80
		p.order()
		return p, nil
	}
	return nil, nil
}
