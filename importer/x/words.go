package x

import (
	"fmt"
	"hash/fnv"
	"strings"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// A piece is one record of the smaller files, whose shapes are alike: a
// wrapper named after the file, an id, a time and a text or two.
type piece struct {
	id, parent, created, sender string
	title, text                 string
	visibility, state           string
}

// pieceNames say which members of which file mean what. Where a file is known
// from X's own description only, every likely name is accepted.
type pieceNames struct {
	key                                                string
	wrappers, id, parent, created, text, title, sender []string
	build                                              func(r *run, n *piece) store.Post
}

var pieceFiles = []pieceNames{
	{
		key: keyComments, wrappers: []string{"periscopeCommentsMadeByUser"},
		parent: []string{"broadcastId"}, created: []string{"createdAt"}, text: []string{"text"},
		build: func(_ *run, n *piece) store.Post {
			return store.Post{Key: hashedKey("comment", n), Kind: store.KindComment, Text: n.text}
		},
	},
	{
		key: keyCommunityNotes, wrappers: []string{"communityNote", "birdwatchNote"},
		id: []string{"noteId"}, parent: []string{"tweetId"}, created: []string{"createdAt", "createdAtMillis"}, text: []string{"summary"},
		build: func(_ *run, n *piece) store.Post {
			p := store.Post{Key: "community-note:" + n.id, Kind: store.KindComment, Text: n.text, Audience: store.AudiencePublic,
				URL: "https://x.com/i/birdwatch/n/" + n.id}
			if n.parent != "" {
				p.ReplyTo = "https://x.com/i/web/status/" + n.parent
			}
			return p
		},
	},
	{
		key: keyMoments, wrappers: []string{"moment"}, id: []string{"momentId"}, created: []string{"createdAt"},
		title: []string{"title"}, text: []string{"description"},
		build: func(_ *run, n *piece) store.Post {
			return store.Post{Key: "moment:" + n.id, Kind: store.KindPost, Text: n.whole(), URL: "https://x.com/i/moments/" + n.id}
		},
	},
	{
		key: keySpaces, wrappers: []string{"spacesMetadata"}, id: []string{"id", "spaceId"}, created: []string{"createdAt"},
		title: []string{"title", "name"}, text: []string{"description"},
		build: func(_ *run, n *piece) store.Post {
			return store.Post{Key: "space:" + n.id, Kind: store.KindPost, Text: n.whole(), URL: "https://x.com/i/spaces/" + n.id}
		},
	},
	{
		key: keyBroadcasts, wrappers: []string{"periscopeBroadcastMetadata"}, id: []string{"id", "broadcastId"},
		created: []string{"createdAt"}, title: []string{"title", "status", "broadcastTitle"},
		build: func(_ *run, n *piece) store.Post {
			return store.Post{Key: "broadcast:" + n.id, Kind: store.KindPost, Text: n.whole(), URL: "https://x.com/i/broadcasts/" + n.id}
		},
	},
	{
		key: keyPrompts, wrappers: []string{"replyPrompt"}, id: []string{"promptId"}, parent: []string{"inReplyToTweetId"},
		created: []string{"createdAt"}, text: []string{"proposedTweetText"},
		build: func(_ *run, n *piece) store.Post {
			p := store.Post{Key: "draft:" + n.id, Kind: store.KindReply, Text: n.text, Audience: store.AudienceOnlyMe, Place: "draft that X asked to reconsider"}
			if n.parent != "" {
				p.ReplyTo = "https://x.com/i/web/status/" + n.parent
			}
			return p
		},
	},
	{
		key: keyGrok, wrappers: []string{"grokChatItem"}, parent: []string{"chatId"}, created: []string{"createdAt"},
		text: []string{"message"}, sender: []string{"sender"},
		build: func(_ *run, n *piece) store.Post {
			return store.Post{Key: hashedKey("grok", n), Kind: store.KindDM, Text: n.text, Audience: store.AudienceOnlyMe, Place: "Grok"}
		},
	},
}

// hashedKey names a record that has no id of its own by its parent, time and
// words, so that it has the same key in every archive.
func hashedKey(scope string, n *piece) string {
	h := fnv.New32a()
	h.Write([]byte(n.text))
	return fmt.Sprintf("%s:%s:%d:%08x", scope, n.parent, parseTime(n.created).UnixMilli(), h.Sum32())
}

// whole is the title with the text below it.
func (n *piece) whole() string {
	if n.title == "" || n.text == "" {
		return n.title + n.text
	}
	return n.title + "\n\n" + n.text
}

// fields maps the member names of a file to the fields of n.
func (f *pieceNames) fields(n *piece) map[string]*string {
	to := map[string]*string{}
	for _, c := range []struct {
		names []string
		field *string
	}{{f.id, &n.id}, {f.parent, &n.parent}, {f.created, &n.created}, {f.text, &n.text}, {f.title, &n.title}} {
		for _, name := range c.names {
			to[name] = c.field
		}
	}
	return to
}

func (f *pieceNames) parse(d *jsonstream.Decoder, n *piece) error {
	fields := f.fields(n)
	var member func(name []byte) error
	member = func(name []byte) error {
		if field := fields[string(name)]; field != nil {
			return jsonstream.Text(d, field)
		}
		for _, w := range f.wrappers {
			if string(name) == w {
				return jsonstream.Object(d, member)
			}
		}
		for _, s := range f.sender {
			if string(name) == s {
				return parseSender(d, &n.sender)
			}
		}
		return jsonstream.Skip(d)
	}
	return jsonstream.Object(d, member)
}

// parseSender takes "User" or {"name":"User"}.
func parseSender(d *jsonstream.Decoder, sender *string) error {
	if d.PeekKind() != '{' {
		return jsonstream.Text(d, sender)
	}
	return jsonstream.Object(d, func(name []byte) error {
		if string(name) == "name" {
			return jsonstream.Text(d, sender)
		}
		return jsonstream.Skip(d)
	})
}

// readWords reads the smaller files that hold words of the owner.
func (r *run) readWords() error {
	for i := range pieceFiles {
		f := &pieceFiles[i]
		if f.key == keyGrok && !r.opts.Messages {
			continue
		}
		for _, m := range r.place.members[f.key] {
			err := each(r, m, f.parse, func(record int, n *piece) error { return r.piece(f, m, record, n) })
			if err != nil {
				return err
			}
		}
	}
	return r.readArticles()
}

func (r *run) piece(f *pieceNames, m member, record int, n *piece) error {
	if f.sender != nil && !strings.EqualFold(n.sender, "user") {
		return nil // what Grok answered
	}
	if n.id == "" && f.id != nil || n.parent == "" && f.id == nil {
		return r.skip(m, record, "has no id")
	}
	if n.text, n.title = unescape(n.text, false), unescape(n.title, false); n.text+n.title == "" {
		return nil
	}
	p := f.build(r, n)
	p.Own = true
	if p.Created = parseTime(n.created); p.Created.IsZero() {
		p.Precision = store.PrecisionNone
	}
	return r.Out.Post(p)
}

// scopes are the key prefixes that an archive can hold completely, each with
// the members that it is made of; the first must be there.
var scopes = []struct {
	prefix string
	keys   []string
}{
	{"tweet:", []string{keyTweets, keyCommunity, keyCircle, keyDeleted, keyNotes, keyDeletedNotes, keyHeaders, keyDeletedHeaders}},
	{"like:", []string{keyLikes}},
	{"dm:", []string{keyMessages, keyGroupMessages}},
	{"bio:", []string{keyProfile, keyAccount, keyProfessional, keyPeriscope}},
	{"comment:", []string{keyComments}},
	{"community-note:", []string{keyCommunityNotes}},
	{"moment:", []string{keyMoments}},
	{"article:", []string{keyArticles, keyArticleMeta}},
	{"grok:", []string{keyGrok}},
}

// finishFacts states what the archive holds completely, if it is whole and
// says of itself what it holds.
func (r *run) finishFacts() error {
	if r.partial || r.Lost(keyManifest) || r.place.layout == LayoutTrimmed {
		return nil
	}
	for _, s := range scopes {
		whole := r.read[s.keys[0]]
		for _, key := range s.keys {
			whole = whole && !r.Lost(key)
		}
		if !whole {
			continue
		}
		if err := r.Out.Fact(importer.Fact{Scope: s.prefix}); err != nil {
			return err
		}
	}
	return nil
}
