package instagram

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/instagram/form"
	"lookback/importer/meta"
	"lookback/importer/pattern"
)

// Sections of an export.
const (
	secPost        = "post"
	secArchived    = "archived"
	secDeleted     = "deleted"
	secReel        = "reel"
	secStory       = "story"
	secComment     = "comment"
	secLike        = "like"
	secCommentLike = "comment-like"
	secStoryLike   = "story-like"
	secAnswer      = "answer"
	secChoice      = "choice"
	secRepost      = "repost"
	secNote        = "note"
	secProfile     = "profile"
	secChanges     = "changes"
	secSignup      = "signup"
	secMessage     = "dm"
	secOldStories  = "story-answers"
)

// A section is what its records are.
type section struct {
	scope string // prefix of the keys
	posts bool   // its pages show captions and media
	whole bool   // the archive holds all of it, when it holds the file
}

var sections = map[string]section{
	secPost: {"post", true, true}, secArchived: {"post", true, false}, secDeleted: {"post", true, false},
	secReel: {"reel", true, true}, secStory: {"story", true, true}, secComment: {"comment", false, true},
	secLike: {"like", false, true}, secCommentLike: {"comment-like", false, true}, secStoryLike: {"story-like", false, true},
	secAnswer: {"answer", false, true}, secChoice: {"choice", false, true}, secRepost: {"repost", false, true},
	secNote: {"note", false, false}, secOldStories: {"answer", false, false},
}

// emitter returns what becomes of a section's records; nil where it is read
// in another way.
func emitter(section string) func(*run, file, *form.Record) error {
	switch section {
	case secPost, secArchived, secDeleted, secReel, secStory:
		return (*run).post
	case secComment:
		return (*run).comment
	case secLike, secCommentLike, secStoryLike:
		return (*run).like
	case secAnswer, secOldStories:
		return (*run).answer
	case secChoice:
		return (*run).choice
	case secRepost:
		return (*run).repost
	case secNote:
		return (*run).status
	}
	return nil
}

// A rule says to which section a file belongs: by the folder that it lies in
// and the file's name without its ending and number, both folded, with blanks
// for underscores.
type rule struct {
	section string
	dir     string // the last folder; several with |
	base    *pattern.Pattern
	strong  bool // no other platform has it
}

func named(names string) *pattern.Pattern { return pattern.New(`^(?:` + names + `)$`) }

const (
	content = "content|media"
	stories = "story sticker interactions|story interactions"
)

var rules = []rule{
	{secPost, content, named(`posts|igtv videos|other content`), true},
	{secArchived, content, named(`archived posts`), true},
	{secDeleted, content, named(`recently deleted content`), true},
	{secReel, content, named(`reels`), true},
	{secStory, content, named(`stories|archived stories`), true},
	{secStory, "quicksnaps|instants", named(`.+`), false},
	{secComment, "comments", named(`post comments|reels comments|hype|story comments|live comments|comments on .+`), true},
	{secLike, "likes", named(`liked posts|liked reels|liked media`), true},
	{secCommentLike, "likes", named(`liked comments`), true},
	{secStoryLike, stories, named(`story likes|countdowns`), true},
	{secChoice, stories, named(`polls|quizzes`), true},
	{secAnswer, stories, named(`.+`), true},
	{secRepost, "personal information|media|content|reposts", named(`reposts`), true},
	{secNote, "notes|content|media|personal information", named(`notes|your notes`), false},
	{secProfile, "personal information|account information", named(`personal information`), true},
	{secChanges, "personal information|account information|login and account creation|profile changes|login and profile creation", named(`profile changes`), false},
	{secSignup, "login and account creation|login and profile creation|account information|security and login information", named(`signup (?:information|details|info)`), false},
}

// oldNames are the files at the root of an export of 2018 to 2020.
var oldNames = map[string]string{
	"media": secPost, "comments": secComment, "likes": secLike, "stories activities": secOldStories, "profile": secProfile, "messages": secMessage,
}

// A file is a member that is read.
type file struct {
	path    string // what to open
	name    string // as the archive calls it
	root    string // folder of the export, "" or with a slash at its end
	section string
	base    string
	page    bool
	old     bool
	strong  bool
}

func (f file) meta() meta.File { return meta.File{Path: f.path, Section: f.section} }

const activity = "your_instagram_activity"

var (
	partNumber  = pattern.New(`[ -]\d+$`)
	messageBase = pattern.New(`^(?:messages?|replies|ai conversations|secret conversations)$`)
)

// classify says to which section a member belongs; section is "" for none.
// name is folded.
func classify(name string) (f file) {
	ext := path.Ext(name)
	f.page = ext == ".html" || ext == ".htm"
	if !f.page && ext != ".json" {
		return f
	}
	dirs := strings.Split(strings.ReplaceAll(name, "_", " "), "/")
	base := strings.TrimSpace(strings.TrimSuffix(dirs[len(dirs)-1], ext))
	f.base = partNumber.ReplaceAllString(base, "")
	dirs = dirs[:len(dirs)-1]
	if slices.Contains(dirs, "threads") {
		return f
	}
	last := ""
	if len(dirs) > 0 {
		last = dirs[len(dirs)-1]
	}
	if slices.ContainsFunc(dirs, func(d string) bool { return d == "messages" || d == "message requests" || d == "broadcast channels" }) && messageBase.MatchString(f.base) {
		f.section = secMessage
		return f
	}
	for _, r := range rules {
		if slices.Contains(strings.Split(r.dir, "|"), last) && r.base.MatchString(f.base) {
			f.section, f.strong = r.section, r.strong
			return f
		}
	}
	if last == "" && !f.page {
		f.section = oldNames[base]
		f.old = f.section != ""
	}
	if last == "" && !f.old && loneName.MatchString(f.base) {
		for _, r := range rules {
			if r.strong && r.base.MatchString(f.base) {
				f.section = r.section
				break
			}
		}
	}
	return f
}

// loneName are files that somebody may give by themselves.
var loneName = pattern.New(`^(?:posts|archived posts|igtv videos|reels|stories|post comments|reels comments|liked posts|liked comments)$`)

// A place is where in an fs.FS the export lies.
type place struct {
	layout string
	sure   int
	files  []file
}

var (
	errMediaOnly = errors.New("only pictures and videos of an Instagram export are here, without the text")
	errNothing   = errors.New("this part of an Instagram export holds nothing that you wrote")
)

const againHint = "give all parts of the export together, or ask for it again with media, comments, likes and personal information ticked, for all time"

// evidence counts what speaks for Instagram.
type evidence struct {
	root, strong, lone, facebook, media, none bool
	old                                       int
	y2025, y2023                              bool
}

// find looks at the names of all members. nil means that this is no export of
// Instagram.
func find(fsys fs.FS) (*place, error) {
	p := &place{}
	var ev evidence
	var unfit []file
	for m := range importer.Members(fsys) {
		name := importer.Fold(m.Name)
		if foreign(name) {
			ev.facebook = true
			continue
		}
		ev.look(name)
		f := classify(name)
		if f.section == "" {
			continue
		}
		f.path, f.name, f.root = m.Path, m.Name, rootOf(m.Name, f)
		lone := !f.old && !f.strong && f.section != secMessage && !strings.Contains(name, "/")
		if (f.old || lone) && !headFits(fsys, f) {
			if f.old {
				unfit = append(unfit, f)
			}
			continue
		}
		ev.section(f, lone)
		p.files = append(p.files, f)
	}
	if ev.old > 0 {
		p.files = append(p.files, unfit...) // damaged, which is told when they are read
	}
	return p.judge(ev)
}

// judge says what the members amount to.
func (p *place) judge(ev evidence) (*place, error) {
	if !ev.root && !ev.strong && !ev.lone && ev.old == 0 {
		return nil, nil
	}
	if ev.facebook {
		// Both have the folder messages. Beside Facebook's only what lies in
		// Instagram's own counts.
		p.files = slices.DeleteFunc(p.files, func(f file) bool {
			return f.section == secMessage && !strings.Contains(strings.ToLower(f.name), activity)
		})
	}
	p.order()
	p.layout, p.sure = ev.layout(p.files), 90
	if ev.root {
		p.sure = 95
	}
	if slices.ContainsFunc(p.files, func(f file) bool { return f.root != "" }) {
		p.sure -= 10 // the view from inside the folder fits better
	}
	switch {
	case len(p.files) > 0 || ev.none:
		return p, nil
	case ev.media:
		return nil, &importer.HintError{Err: errMediaOnly, Hint: againHint}
	}
	return nil, &importer.HintError{Err: errNothing, Hint: againHint}
}

// section counts a file that would be read.
func (ev *evidence) section(f file, lone bool) {
	switch {
	case f.old:
		ev.old++
	case lone:
		ev.lone = true
	case f.strong:
		ev.strong = true
	}
}

func (ev *evidence) look(name string) {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "instagram_profile_information."):
		ev.strong = true
	case strings.HasPrefix(base, "no-data"):
		ev.none = true
	}
	in := strings.Contains(name, activity+"/")
	if in && !strings.Contains(name, "/threads/") {
		ev.root = true
	}
	if in && (strings.Contains(name, activity+"/media/") || strings.Contains(name, "/story_interactions/")) {
		ev.y2025 = true
	}
	ev.y2023 = ev.y2023 || in
	ev.media = ev.media || meta.IsMedia(name)
}

// layout names the era and the form.
func (ev *evidence) layout(files []file) string {
	is := cmp.Or(meta.FormOf(files, func(f file) bool { return f.page }), "empty")
	era := "2021"
	switch {
	case ev.y2025:
		era = "2025"
	case ev.y2023:
		era = "2023"
	case ev.old > 0:
		era = "2018"
	case !ev.strong:
		era = "single"
	}
	return "instagram-" + is + "-" + era
}

// oldHeads are names that the files of 2018 to 2020, and files that are given
// by themselves, have near their beginning.
var oldHeads = map[string][]string{
	"media": {`"taken_at"`}, "comments": {`"media_comments"`, `"live_comments"`}, "likes": {`"media_likes"`, `"comment_likes"`},
	"stories activities": {`"polls"`, `"emoji_sliders"`, `"questions"`, `"quizzes"`}, "profile": {`"private_account"`, `"date_joined"`},
	"messages": {`"conversation"`},
	"posts":    {`"creation_timestamp"`}, "archived posts": {`"ig_`}, "igtv videos": {`"ig_`}, "reels": {`"ig_`}, "stories": {`"ig_stories"`},
	"post comments": {`"string_map_data"`, `"comments_`}, "reels comments": {`"comments_`}, "liked posts": {`"likes_`, `instagram.com`}, "liked comments": {`"likes_`, `instagram.com`},
}

func headFits(fsys fs.FS, f file) bool {
	head, err := importer.Head(fsys, f.path, 16<<10)
	if err != nil {
		return false
	}
	if f.page {
		return bytes.Contains(head, []byte("_a706")) || bytes.Contains(head, []byte("_a6-g"))
	}
	return slices.ContainsFunc(oldHeads[f.base], func(s string) bool { return bytes.Contains(head, []byte(s)) })
}

// rootOf returns the folder in which the export's own folders begin.
func rootOf(name string, f file) string {
	lower := strings.ToLower(name)
	for _, top := range []string{activity + "/", "personal_information/", "messages/", "message_requests/", "security_and_login_information/"} {
		if at := strings.Index(lower, top); at == 0 || at > 0 && lower[at-1] == '/' {
			return name[:at]
		}
	}
	dir := path.Dir(name)
	if !f.old {
		dir = path.Dir(dir)
	}
	if dir == "." || dir == "" || dir == "/" {
		return ""
	}
	return dir + "/"
}

// foreign says whether a folder belongs to Facebook, whose export can lie
// beside this one.
func foreign(name string) bool {
	for dir := range strings.SplitSeq(path.Dir(name), "/") {
		switch {
		case dir == "your_facebook_activity", dir == "your_activity_across_facebook", dir == "comments_and_reactions", strings.HasPrefix(dir, "facebook-"):
			return true
		}
	}
	return strings.HasPrefix(path.Base(name), "your_posts")
}

var number = pattern.New(`\d+`)

// order sorts the files so that part 2 comes before part 10, whatever the
// form of the archive.
func (p *place) order() {
	key := func(f file) string {
		return number.ReplaceAllStringFunc(f.name, func(n string) string {
			return strings.Repeat("0", max(0, 12-len(n))) + n
		})
	}
	slices.SortStableFunc(p.files, func(a, b file) int { return strings.Compare(key(a), key(b)) })
}
