package bluesky

import (
	"slices"
	"strings"
	"time"

	"lookback/store"
)

// Collections with words of their own shape.
const (
	colPost        = "app.bsky.feed.post"
	colRepost      = "app.bsky.feed.repost"
	colLike        = "app.bsky.feed.like"
	colProfile     = "app.bsky.actor.profile"
	colStatus      = "app.bsky.actor.status"
	colList        = "app.bsky.graph.list"
	colStarterPack = "app.bsky.graph.starterpack"
	colGenerator   = "app.bsky.feed.generator"
)

// textless are collections that hold nobody's words.
var textless = map[string]bool{
	"app.bsky.feed.threadgate": true, "app.bsky.feed.postgate": true,
	"app.bsky.graph.follow": true, "app.bsky.graph.block": true, "app.bsky.graph.listitem": true,
	"app.bsky.graph.listblock": true, "app.bsky.graph.verification": true,
	"app.bsky.notification.declaration": true, "chat.bsky.actor.declaration": true,
	"app.bsky.system.declaration": true, "app.bsky.graph.assertion": true, "app.bsky.graph.confirmation": true,
}

// record hands one record over. Members of an unexpected shape read as absent.
func (r *run) record(key string, o object) error {
	collection, rkey, _ := strings.Cut(key, "/")
	switch collection {
	case colPost:
		return r.post(rkey, o)
	case colRepost:
		return r.endorsed("repost:"+rkey, store.KindRepost, rkey, o)
	case colLike:
		return r.endorsed("like:"+rkey, store.KindLike, rkey, o)
	case colProfile:
		return r.profile(rkey, o)
	case colStatus:
		p := r.base("status:"+rkey, rkey, o)
		return r.card(p, embed(&p, o.object("embed")))
	case colList:
		return r.named("list:", collection, rkey, o)
	case colStarterPack:
		return r.named("starterpack:", collection, rkey, o)
	case colGenerator:
		return r.named("generator:", collection, rkey, o)
	}
	return r.foreign(collection, rkey, o)
}

// base is a public post of the owner with its time. A program may write any
// date: one that is missing, or later than the record's own name tells, gives
// way to that.
func (r *run) base(key, rkey string, o object) store.Post {
	p := store.Post{Key: key, Kind: store.KindPost, Own: true, Audience: store.AudiencePublic}
	var zone bool
	p.Created, zone = parseTime(o.text("createdAt"))
	put := tidTime(rkey)
	switch {
	case p.Created.IsZero() || !put.IsZero() && p.Created.After(put.Add(24*time.Hour)):
		if p.Created = put; put.IsZero() {
			p.Precision = store.PrecisionNone
		}
	case !zone:
		p.Precision = store.PrecisionZone
	}
	if !put.IsZero() && put.Sub(p.Created) > 24*time.Hour && strings.HasPrefix(key, "post:") {
		r.moved++
	}
	return p
}

func (r *run) post(rkey string, o object) error {
	p := r.base("post:"+rkey, rkey, o)
	p.URL = webURL(r.account.NativeID, colPost, rkey)
	text := o.text("text")
	if facets := o.list("facets"); len(facets) > 0 {
		text = expand(text, facetLinks(facets))
	} else {
		text = expand(text, entityLinks(text, o.list("entities")))
	}
	text = join(text, tags(o.list("tags")))
	p.ContentWarning = warning(o)
	p.Text = join(p.ContentWarning, text)
	shared := embed(&p, o.object("embed"))
	if p.Quoted != "" {
		p.Kind = store.KindQuote
	}
	r.answers(&p, o.object("reply"))
	if err := r.Post(p); err != nil {
		return err
	}
	return r.card(p, shared)
}

// join puts an empty line between the parts that are not empty.
func join(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(parts, "\n\n")
}

// tags are hashtags that stand beside the text.
func tags(list []any) string {
	var all []string
	for _, t := range list {
		if t := toText(t); t != "" {
			all = append(all, "#"+strings.TrimPrefix(t, "#"))
		}
	}
	return strings.Join(all, " ")
}

// warning is what the owner warned of. Labels that begin with "!" are wishes
// about who should see the post.
func warning(o object) string {
	var all []string
	for _, v := range o.object("labels").list("values") {
		if val := toObject(v).text("val"); val != "" && !strings.HasPrefix(val, "!") {
			all = append(all, val)
		}
	}
	return strings.Join(all, ", ")
}

func (r *run) answers(p *store.Post, reply object) {
	parent, root := reply.object("parent").text("uri"), reply.object("root").text("uri")
	if parent == "" {
		return
	}
	p.Kind = store.KindReply
	p.ReplyTo, p.ReplyToAuthor = r.target(parent)
	if did, collection, rkey := splitURI(root); did == r.account.NativeID && collection == colPost {
		p.Thread = "post:" + rkey
	}
}

// target names a post: by its key where it is the owner's, else by its
// address.
func (r *run) target(uri string) (key, author string) {
	did, collection, rkey := splitURI(uri)
	if did == r.account.NativeID && collection == colPost {
		return "post:" + rkey, did
	}
	return webURL(did, collection, rkey), did
}

// shared is a link card: words of somebody else that the owner passed on.
type shared struct{ uri, title, about string }

// embed takes pictures, videos, quotes and cards into p. The kinds are told by
// what is in them, because programs invent further names.
func embed(p *store.Post, e object) (card shared) {
	for _, list := range []string{"images", "items"} {
		for _, it := range e.list(list) {
			item := toObject(it)
			kind := "photo"
			if item["video"] != nil {
				kind = "video"
			}
			p.Media = append(p.Media, store.Media{Type: kind, Alt: item.text("alt")})
		}
	}
	if e["video"] != nil {
		p.Media = append(p.Media, store.Media{Type: "video", Alt: e.text("alt")})
	}
	if x := e.object("external"); x != nil {
		card = shared{x.text("uri"), x.text("title"), x.text("description")}
		if card.uri != "" {
			p.Media = append(p.Media, store.Media{Type: "link", URL: card.uri})
		}
	}
	quote(p, e.object("record"))
	if media := e.object("media"); media != nil {
		inner := object{"images": media["images"], "items": media["items"], "video": media["video"], "alt": media["alt"], "external": media["external"]}
		if more := embed(p, inner); more != (shared{}) {
			card = more
		}
	}
	return card
}

// quote takes the record that a post shows: another post is a quote, a list
// or feed is a link.
func quote(p *store.Post, rec object) {
	if inner := rec.object("record"); inner != nil {
		rec = inner
	}
	did, collection, rkey := splitURI(rec.text("uri"))
	address := webURL(did, collection, rkey)
	switch {
	case address == "":
	case collection == colPost:
		p.Quoted = address
	default:
		p.Media = append(p.Media, store.Media{Type: "link", URL: address})
	}
}

// card hands over the words of a link card.
func (r *run) card(p store.Post, c shared) error {
	text := join(c.title, c.about)
	if text == "" {
		return nil
	}
	host, _, _ := strings.Cut(bare(c.uri), "/")
	return r.Out.Post(store.Post{
		Key: p.Key + "#card", Kind: store.KindRepost, Author: host, Text: text, Created: p.Created,
		Precision: p.Precision, Audience: p.Audience, URL: p.URL, ReplyTo: p.Key,
		Media: []store.Media{{Type: "link", URL: c.uri}},
	})
}

// endorsed is a repost or like. The repository has only its address.
func (r *run) endorsed(key string, kind store.Kind, rkey string, o object) error {
	r.textless++
	p := r.base(key, rkey, o)
	p.Kind, p.Own, p.Audience = kind, false, store.AudiencePublic
	uri := o.object("subject").text("uri")
	did, collection, id := splitURI(uri)
	p.URL, p.Author = webURL(did, collection, id), did
	return r.Out.Post(p)
}

func (r *run) profile(rkey string, o object) error {
	if name := o.text("displayName"); name != "" {
		r.account.Name = name
	}
	r.account.Created, _ = parseTime(o.text("createdAt"))
	if err := r.Out.Account(r.account); err != nil {
		return err
	}
	prefix := "bio:"
	if rkey != "self" {
		prefix += rkey + "/"
	}
	for _, part := range []struct{ name, member string }{
		{"name", "displayName"}, {"description", "description"}, {"pronouns", "pronouns"}, {"website", "website"},
	} {
		text := o.text(part.member)
		if strings.TrimSpace(text) == "" {
			continue
		}
		err := r.Out.Post(store.Post{
			Key: prefix + part.name, Kind: store.KindBio, Own: true, Text: text, Precision: store.PrecisionNone,
			Audience: store.AudiencePublic, URL: webURL(r.account.NativeID, colProfile, "self"),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// named is a list, feed or starter pack, which have a name and a description.
func (r *run) named(prefix, collection, rkey string, o object) error {
	p := r.base(prefix+rkey, rkey, o)
	name := o.text("name")
	if name == "" {
		name = o.text("displayName")
	}
	about := o.text("description")
	p.ContentWarning = warning(o)
	p.Text = join(p.ContentWarning, name, expand(about, facetLinks(o.list("descriptionFacets"))))
	p.URL = webURL(r.account.NativeID, collection, rkey)
	if p.Text == "" {
		return nil
	}
	return r.Out.Post(p)
}
