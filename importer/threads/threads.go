// Package threads reads the exports of Threads: the folder threads in an
// export of Instagram, or in one of its own.
//
// It reads the owner's own words and what the owner liked. It never reads
// media.
package threads

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/instagram/form"
	"lookback/importer/intake"
	"lookback/importer/meta"
	"lookback/importer/pattern"
	"lookback/store"
)

// Importer reads exports of Threads. It holds nothing; the zero value is
// ready.
type Importer struct{}

// New returns the importer.
func New() *Importer { return &Importer{} }

// Name is "threads".
func (*Importer) Name() string { return "threads" }

// Sections of an export.
const (
	secPost     = "post"
	secArchived = "archived"
	secLike     = "like"
	secProfile  = "profile"
	secOther    = "instagram-profile"
)

var names = map[string]string{
	"threads and replies": secPost, "archived threads": secArchived, "liked threads": secLike, "personal information": secProfile,
}

// A file is a member that is read.
type file struct {
	path, name, root string
	section          string
	page             bool
}

func (f file) meta() meta.File { return meta.File{Path: f.path, Section: f.section} }

var partNumber = pattern.New(` \d+$`)

// classify says to which section a member belongs; "" for none. name is
// folded.
func classify(name string) (section string, page, inside bool) {
	ext := path.Ext(name)
	page = ext == ".html" || ext == ".htm"
	if !page && ext != ".json" {
		return "", false, false
	}
	dirs := strings.Split(strings.ReplaceAll(name, "_", " "), "/")
	base := partNumber.ReplaceAllString(strings.TrimSuffix(dirs[len(dirs)-1], ext), "")
	dirs = dirs[:len(dirs)-1]
	section = names[base]
	switch {
	case section == "":
		return "", page, false
	case len(dirs) > 0 && dirs[len(dirs)-1] == "threads":
		return section, page, true
	case section == secProfile && len(dirs) > 0 && (dirs[len(dirs)-1] == "personal information" || dirs[len(dirs)-1] == "account information"):
		return secOther, page, false
	case section != secProfile && len(dirs) == 0:
		return section, page, false // given by itself
	}
	return "", page, false
}

// A place is where in an fs.FS the export lies.
type place struct {
	layout string
	files  []file
	beside bool // records of Instagram's own are in the same export
}

var errNothing = errors.New("this part of an export of Threads holds nothing that you wrote")

// find looks at the names of all members. nil means that this is no export of
// Threads.
func find(fsys fs.FS) (*place, error) {
	p := &place{}
	bare := false // a folder of Threads without anything to read
	for m := range importer.Members(fsys) {
		name := importer.Fold(m.Name)
		bare = bare || strings.Contains("/"+name, "/threads/threads_")
		p.beside = p.beside || instagrams(name)
		f := file{path: m.Path, name: m.Name}
		inside := false
		f.section, f.page, inside = classify(name)
		if f.section == "" || !inside && f.section != secOther && !headFits(fsys, f) {
			continue
		}
		if at := strings.LastIndex(strings.ToLower(m.Name), "threads/"); inside && at > 0 {
			f.root = m.Name[:at]
			if in := strings.LastIndex(strings.ToLower(f.root), "your_instagram_activity/"); in >= 0 {
				f.root = f.root[:in]
			}
		}
		p.files = append(p.files, f)
	}
	if !slices.ContainsFunc(p.files, func(f file) bool { return f.section != secOther }) {
		if bare {
			return nil, &importer.HintError{Err: errNothing, Hint: "ask for it again with your Threads activity ticked, for all time"}
		}
		return nil, nil
	}
	p.order()
	p.layout = "threads-" + p.form()
	return p, nil
}

// instagrams knows files with records of Instagram's own. name is folded.
func instagrams(name string) bool {
	_, inside, ok := strings.Cut(name, "your_instagram_activity/")
	ext := path.Ext(name)
	return ok && !strings.HasPrefix(inside, "threads/") && (ext == ".json" || ext == ".html")
}

func headFits(fsys fs.FS, f file) bool {
	head, err := importer.Head(fsys, f.path, 4<<10)
	if err != nil {
		return false
	}
	if f.page {
		return bytes.Contains(head, []byte("_a706")) || bytes.Contains(head, []byte("_a6-g"))
	}
	return bytes.Contains(head, []byte(`"text_post_app_`)) || bytes.Contains(head, []byte(`"text_app_post"`))
}

func (p *place) form() string {
	own := slices.DeleteFunc(slices.Clone(p.files), func(f file) bool { return f.section == secOther })
	return meta.FormOf(own, func(f file) bool { return f.page })
}

var number = pattern.New(`\d+`)

// order sorts the files so that part 2 comes before part 10, whatever the
// form of the archive.
func (p *place) order() {
	key := func(f file) string {
		return number.ReplaceAllStringFunc(f.name, func(n string) string { return strings.Repeat("0", max(0, 12-len(n))) + n })
	}
	slices.SortStableFunc(p.files, func(a, b file) int { return strings.Compare(key(a), key(b)) })
}

// Recognize looks for the folder of Threads.
func (*Importer) Recognize(fsys fs.FS) (importer.Match, error) {
	p, err := find(fsys)
	if err != nil || p == nil {
		return importer.Match{}, err
	}
	if slices.ContainsFunc(p.files, func(f file) bool { return f.root != "" }) {
		return importer.Match{Sure: 80, Layout: p.layout}, nil // the view from inside the folder fits better
	}
	return importer.Match{Sure: 90, Layout: p.layout}, nil
}

// Why members are not read.
const (
	whyPeople = "other people's accounts"
	whySaved  = "what you saved for yourself, which nobody else sees"
	whySeen   = "what you looked at"
	whyOther  = "about the account, not words of yours"
)

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	switch section, _, _ := classify(name); {
	case section == secOther:
		return importer.Use{Kind: importer.UseRead, Why: "the name, where Threads has none of its own"}
	case section != "":
		return importer.Use{Kind: importer.UseRead}
	case path.Base(path.Dir(name)) != "threads":
		if media(name) {
			return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
		}
		return importer.Use{Kind: importer.UseUnknown}
	}
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	for part, why := range map[string]string{
		"follow": whyPeople, "block": whyPeople, "mute": whyPeople, "restrict": whyPeople, "profile": whyPeople, "saved": whySaved, "viewed": whySeen,
		"search": "searches, which nobody else sees", "topic": whyOther, "feed": whyOther, "interest": whyOther, "setting": "settings", "no-data": "says only that there is nothing", "login": whyOther,
	} {
		if strings.Contains(base, part) {
			return importer.Use{Kind: importer.UseIgnored, Why: why}
		}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

func media(name string) bool { return meta.MediaType(name) != "" || path.Ext(name) == ".srt" }

// Import reads the profile, then everything that is JSON, then the pages.
func (*Importer) Import(ctx context.Context, fsys fs.FS, _ importer.Options, out importer.Sink) error {
	p, err := intake.Find(fsys, "Threads", find)
	if err != nil {
		return err
	}
	r := &run{Pen: form.NewPen(meta.NewReader(ctx, fsys, out)), place: p}
	r.Beside = p.beside
	return intake.Steps(ctx, r.readOwner, r.readSections, r.finish)
}

// A run is one import.
type run struct {
	*form.Pen
	place *place
	seen  map[string]bool
}

// readOwner takes the profile of Threads, and where that has no user name
// Instagram's, which is the same.
func (r *run) readOwner() error {
	r.seen = map[string]bool{}
	account := store.Account{Platform: "threads"}
	var own, other form.Profile
	for _, f := range r.place.files {
		if f.section == secProfile {
			if err := form.ReadProfile(r.Reader, f.meta(), f.page, &own); err != nil {
				return err
			}
			r.seen["bio"] = true
		}
	}
	for _, f := range r.place.files {
		if f.section == secOther && own.User == "" {
			if err := form.ReadProfile(r.Reader, f.meta(), f.page, &other); err != nil {
				return err
			}
		}
	}
	account.Handle, account.Name = own.User, own.Name
	if account.Handle == "" {
		account.Handle = other.User
	}
	if account.Name == "" {
		account.Name = other.Name
	}
	if err := r.Out.Account(account); err != nil {
		return err
	}
	return r.Bio("profile", own.Bio, time.Time{}, store.PrecisionNone)
}

func (r *run) readSections() error {
	for _, page := range []bool{false, true} {
		r.Form(page)
		for _, f := range r.place.files {
			emit, read := r.post, form.PostOf
			switch f.section {
			case secLike:
				emit, read = r.like, form.EntryOf
			case secProfile, secOther:
				continue
			}
			if f.page != page {
				continue
			}
			r.File()
			r.seen[f.section] = true
			var err error
			if page {
				err = r.Page(f.meta(), meta.Options{}, func(_ int, box *meta.Node, _ *meta.Frame) error { return emit(f, read(box, r.Zone)) })
			} else {
				err = meta.Each(r.Reader, f.meta(), form.Parse, func(_ int, rec *form.Record) error { return emit(f, rec) })
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// post gives a post or a reply. Whom a reply answers is known only in newer
// exports, what it answers never.
func (r *run) post(f file, rec *form.Record) error {
	p := store.Post{Kind: store.KindPost}
	if rec.Reply || rec.ReplyTo != "" {
		p.Kind, p.ReplyToAuthor = store.KindReply, form.Handle(rec.ReplyTo)
	}
	if f.section == secArchived {
		p.Place = "archive"
	}
	return r.Post(rec, f.root, secPost, p)
}

func (r *run) like(_ file, rec *form.Record) error { return r.Liked(rec, secLike) }

func (r *run) finish() error {
	whole, err := r.Finish(time.Time{})
	if err != nil {
		return err
	}
	if r.Posts == 0 {
		return r.Note("empty", "", "The export holds nothing that you wrote on Threads: when you ask for it again, tick your Threads activity, for all time.")
	}
	if !whole {
		return nil
	}
	lost := map[string]bool{secPost: r.Lost(secPost) || r.Lost(secArchived), secLike: r.Lost(secLike), "bio": r.Lost(secProfile)}
	for _, name := range []string{"bio", secLike, secPost} {
		if r.seen[name] && !lost[name] {
			if err := r.Whole(name + ":"); err != nil {
				return err
			}
		}
	}
	return nil
}
