package form

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/meta"
	"lookback/store"
)

// PageZone is the zone of the times in the pages, which do not name it:
// measured, all year round and whatever the country of the account.
var PageZone = meta.Fixed(-8 * 3600)

// A Pen hands over posts, and keeps in mind what is to be said in the end.
type Pen struct {
	*meta.Reader
	Zone meta.Zone // of pages
	// Beside: the records lie in an export of more, whose own records tell how
	// far back it reaches.
	Beside bool

	Posts    int
	Textless int // records without any words
	Oldest   time.Time
	Newest   time.Time

	keys    meta.Keys
	page    bool
	unsure  bool
	undated int
}

// NewPen returns a pen that writes to what r writes to.
func NewPen(r *meta.Reader) *Pen { return &Pen{Reader: r, Zone: PageZone} }

// Form begins another form of the records: all that is JSON, then all pages.
func (p *Pen) Form(page bool) {
	p.keys.Form()
	p.page = page
}

// File begins another file.
func (p *Pen) File() { p.keys.Page() }

// Key gives post its key. again means that this record was there before.
func (p *Pen) Key(post *store.Post, id meta.Identity) (again bool) {
	if p.page {
		post.Key, again = p.keys.KeyOnPage(id)
	} else {
		post.Key, again = p.keys.Key(id)
	}
	return again
}

// Emit hands over a post with the texts of its media.
func (p *Pen) Emit(post store.Post) error {
	p.Posts++
	p.unsure = p.unsure || post.Precision == store.PrecisionZone
	if t := post.Created; !t.IsZero() && post.Kind != store.KindBio {
		if p.Oldest.IsZero() || t.Before(p.Oldest) {
			p.Oldest = t
		}
		if t.After(p.Newest) {
			p.Newest = t
		}
	}
	return p.Log.Post(post)
}

// Post gives a post of the owner's with its media. root is the folder in
// which the export's own folders begin, with a slash at its end.
func (p *Pen) Post(rec *Record, root, scope string, post store.Post) error {
	text, media := rec.Caption()
	p.count(rec)
	post.Own, post.Text, post.Created, post.Precision = true, text, rec.When, rec.Precision
	if post.Place == "" {
		post.Place = meta.Words(rec.Place)
	}
	id := meta.Identity{Scope: scope, Time: rec.When, Text: text}
	for _, m := range media {
		if one, ok := Medium(m, root); ok {
			if text == "" && id.Extra == "" {
				id.Extra = meta.MediaID(m.URI)
			}
			post.Media = append(post.Media, one)
		}
	}
	if text == "" && len(post.Media) == 0 {
		p.Textless++
		return nil
	}
	if p.Key(&post, id) {
		return nil
	}
	return p.Emit(post)
}

// count counts a record of a page whose date cannot be read.
func (p *Pen) count(rec *Record) {
	if rec.Undated {
		p.undated++
	}
}

// Medium is a file of a post as the store has it.
func Medium(m meta.Media, root string) (one store.Media, ok bool) {
	one = store.Media{Type: meta.MediaType(m.URI), Alt: m.Description}
	switch {
	case m.URI == "" && m.Description == "":
		return one, false
	case meta.IsURL(m.URI):
		one.URL = m.URI
	case m.URI != "":
		one.Member = Member(m.URI, root)
	}
	return one, true
}

// Member is where a file lies in the archive: exports name it from their own
// root, pages also from where they lie.
func Member(uri, root string) string {
	uri = strings.ReplaceAll(uri, `\`, "/")
	for strings.HasPrefix(uri, "../") {
		uri = strings.TrimPrefix(uri, "../")
	}
	return root + strings.TrimPrefix(path.Clean(uri), "/")
}

// Own gives words of the owner's that are no post with media.
func (p *Pen) Own(rec *Record, scope, extra string, post store.Post) error {
	p.count(rec)
	post.Own, post.Text = true, meta.Words(post.Text)
	if post.Text == "" {
		p.Textless++
		return nil
	}
	if p.Key(&post, meta.Identity{Scope: scope, Time: post.Created, Text: post.Text, Extra: extra}) {
		return nil
	}
	return p.Emit(post)
}

// Liked gives something of somebody else's that the owner liked. The export
// has no text of it.
func (p *Pen) Liked(rec *Record, scope string) error {
	p.count(rec)
	post := store.Post{Kind: store.KindLike, Author: rec.Owner(), Created: rec.When, Precision: rec.Precision}
	if !rec.strings() {
		post.URL = meta.Address(rec.Labels)
		// In the newest form what others wrote may stand beside the address.
		if l := meta.Find(rec.Labels, meta.RoleText); l != nil {
			post.Text = meta.Words(l.Value)
		}
		return p.liked(scope, post)
	}
	values := rec.Values(p.Zone)
	for i := range rec.Labels {
		one := post
		one.URL = meta.Address(rec.Labels[i : i+1])
		one.Created, one.Precision = values[i].When, values[i].Precision
		if err := p.liked(scope, one); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pen) liked(scope string, post store.Post) error {
	id := meta.Identity{Scope: scope, Time: post.Created, Extra: Code(post.URL)}
	switch {
	case post.URL == "" && post.Author == "" && post.Text == "":
		p.Textless++
		return nil
	case post.URL == "":
		id.Extra = post.Author
	}
	if p.Key(&post, id) {
		return nil
	}
	return p.Emit(post)
}

// Endorsed gives something of somebody else's that the owner chose.
func (p *Pen) Endorsed(scope string, post store.Post) error {
	if p.Key(&post, meta.Identity{Scope: scope, Time: post.Created, Text: post.Text, Extra: post.Author}) {
		return nil
	}
	return p.Emit(post)
}

// Bio gives a text of the profile under a key of its own.
func (p *Pen) Bio(key, text string, created time.Time, precision store.Precision) error {
	post := store.Post{Key: "bio:" + key, Kind: store.KindBio, Own: true, Text: meta.Words(text), Created: created, Precision: precision}
	if post.Text == "" || !p.keys.Take(post.Key) {
		return nil
	}
	return p.Emit(post)
}

// What Meta offers as ranges of dates, and how long somebody may have had an
// account before the first record. Within a range that is offered only a
// short while leaves no doubt.
const (
	oneMonth   = 31 * 24 * time.Hour
	oneYear    = 372 * 24 * time.Hour
	threeYears = (3*366 + 31) * 24 * time.Hour
	settling   = 400 * 24 * time.Hour
)

// Finish says what is known about the export as a whole. whole means that it
// seems to reach back to the account's beginning.
func (p *Pen) Finish(registered time.Time) (whole bool, err error) {
	if at := p.Newest.Unix(); !p.Newest.IsZero() && at > 0 {
		// The export does not say when it was made: not before its newest
		// record.
		if err := p.Out.Fact(importer.Fact{Generated: at}); err != nil {
			return false, err
		}
	}
	if err := p.notes(); err != nil {
		return false, err
	}
	age, late := p.Newest.Sub(p.Oldest), p.Oldest.Sub(registered)
	switch {
	case p.Oldest.IsZero():
		return false, nil
	case age > threeYears:
		return registered.IsZero() || late < settling, nil
	case !registered.IsZero() && late < oneMonth:
		return true, nil
	case age > oneYear:
		return false, nil
	}
	if !registered.IsZero() {
		if err := p.Out.Fact(importer.Fact{Partial: true}); err != nil {
			return false, err
		}
	}
	if p.Beside {
		return false, nil
	}
	return false, p.Note("starts-abruptly", "", fmt.Sprintf("The oldest record is from %s, less than a year before the newest: "+
		"if the account is older, ask for the export again with the date range All time.", p.Oldest.Format("2 January 2006")))
}

func (p *Pen) notes() error {
	if p.Textless > 0 {
		if err := p.Note("without-text", "", "Records without any words, such as stickers: "+strconv.Itoa(p.Textless)+"."); err != nil {
			return err
		}
	}
	if p.undated > 0 {
		text := "Dates in a language that lookback does not know, so these records have none: " + strconv.Itoa(p.undated) + "."
		if err := p.Note("dates-unread", "", text); err != nil {
			return err
		}
	}
	if !p.unsure {
		return nil
	}
	return p.Note("times-assumed", "", "The pages give times without a zone. They were read as "+p.Zone.Name+" and can be some hours off.")
}
