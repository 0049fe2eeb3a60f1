package synth

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strconv"
	"strings"
	"time"
)

const readme = `This archive is synthetic. lookback-gen wrote it for demonstrations and tests.
Nobody in it exists, and nothing in it happened.

It has the files and the shapes of the archive that X gives people who ask for
their data.
`

const viewer = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Your archive</title></head>
<body><p>A synthetic archive. The posts are in the folder named data.</p></body></html>
`

func (a *archive) frontMatter() error {
	if err := a.text("Your archive.html", viewer); err != nil {
		return err
	}
	return a.text("data/README.txt", readme)
}

// one writes a file with a single entry.
func (a *archive) one(kind, name, key string, f func(w *pretty)) error {
	return a.ytd(kind, name, "YTD."+strings.ReplaceAll(name, "-", "_")+".part0", func() (int, error) {
		a.w.object("", func() { a.w.object(key, func() { f(&a.w) }) })
		return 1, nil
	})
}

// person writes account.js, profile.js and the change of handle.
func (a *archive) person() error {
	p := a.m.owner
	err := a.one("account", "account", "account", func(w *pretty) {
		w.str("email", p.handle+"@example.org")
		w.str("createdVia", "web")
		w.str("username", p.handle)
		w.str("accountId", p.id)
		w.str("createdAt", p.joined.Format(isoMillis))
		w.str("accountDisplayName", p.name)
	})
	if err != nil {
		return err
	}
	bio := p.bio
	if a.o.Newer {
		bio = p.newBio
	}
	err = a.one("profile", "profile", "profile", func(w *pretty) {
		w.object("description", func() {
			w.str("bio", bio)
			w.str("website", "")
			w.str("location", p.location)
		})
		w.str("avatarMediaUrl", "https://pbs.twimg.com/profile_images/"+p.id+"/avatar.jpg")
	})
	if err != nil {
		return err
	}
	return a.one("screenNameChange", "screen-name-change", "screenNameChange", func(w *pretty) {
		w.str("accountId", p.id)
		w.object("screenNameChange", func() {
			w.str("changedAt", first.AddDate(4, 2, 3).Format(isoMillis))
			w.str("changedFrom", p.earlier)
			w.str("changedTo", p.handle)
		})
	})
}

// tweets writes tweets.js and, where it grows too long, its parts.
func (a *archive) tweets() error {
	k, more := 0, true
	for part := 0; more; part++ {
		name := "tweets"
		if part > 0 {
			name += "-part" + strconv.Itoa(part)
		}
		a.stats.Parts++
		err := a.ytd("tweets", name, "YTD.tweets.part"+strconv.Itoa(part), func() (int, error) {
			n, err := a.part(&k)
			more = k < a.total()
			return n, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// part writes posts from the k-th on until the file is full.
func (a *archive) part(k *int) (rows int, err error) {
	size := int64(0)
	for ; *k < a.total() && (a.o.PartSize < 0 || size < a.o.PartSize); *k++ {
		p := a.m.make(a.order(*k))
		if a.absent(p) {
			a.stats.Gone++
			continue
		}
		if len(p.editIDs) > 1 {
			tweet(&a.w, firstVersion(p))
		}
		tweet(&a.w, p)
		n, err := a.entry()
		if err != nil {
			return rows, err
		}
		size += int64(n)
		rows += max(1, len(p.editIDs))
		a.count(p)
	}
	return rows, nil
}

// absent says whether the export lacks the post.
func (a *archive) absent(p post) bool {
	return a.o.Newer && p.index < a.o.Posts && a.m.gone(p)
}

func (a *archive) count(p post) {
	a.stats.Posts++
	a.stats.Rows += max(1, len(p.editIDs))
	if p.theme != "" {
		a.stats.Planted++
		a.label("tweets", num(p.id), p.kind, p.theme, p.action)
	}
	text := p.text
	if p.note != "" {
		text = p.note
	}
	a.line(num(p.id), p.kind, text)
}

// notes writes the long posts; their ids are their own, not the tweets'.
func (a *archive) notes() error {
	return a.ytd("noteTweet", "note-tweet", "YTD.note_tweet.part0", func() (int, error) {
		n := 0
		for k := range a.total() {
			p := a.m.make(a.order(k))
			if p.note == "" || a.absent(p) {
				continue
			}
			note(&a.w, p)
			n++
			if _, err := a.entry(); err != nil {
				return n, err
			}
		}
		a.stats.Notes = n
		return n, nil
	})
}

func note(w *pretty, p post) {
	w.object("", func() {
		w.object("noteTweet", func() {
			w.num("noteTweetId", p.id-1<<21)
			w.str("updatedAt", p.at.Format(isoMillis))
			w.object("lifecycle", func() {
				w.str("value", "1")
				w.str("name", "Active")
				w.str("originalName", "Active")
				w.object("annotations", func() {})
			})
			w.str("createdAt", p.at.Format(isoMillis))
			w.object("core", func() {
				w.strs("styletags")
				w.strs("urls")
				w.str("text", p.note)
				w.strs("mentions")
				w.strs("cashtags")
				w.strs("hashtags")
			})
		})
	})
}

// likes writes one like for every five posts: other people's words.
func (a *archive) likes() error {
	return a.ytd("like", "like", "YTD.like.part0", func() (int, error) {
		n := a.o.Posts / 5
		for i := range n {
			a.m.reseed(4, i)
			id := (first.UnixMilli()+int64(a.m.rng.Float64()*float64(last.Sub(first).Milliseconds()))-twitterEpoch)<<22 | int64(i)&0x3fffff
			text, s := a.likedText()
			if s != nil {
				if a.o.Newer && a.m.chance(80) {
					continue
				}
				a.stats.Planted++
				a.label("like", num(id), "like", s.name, s.action)
			}
			a.w.object("", func() {
				a.w.object("like", func() {
					a.w.num("tweetId", id)
					if !a.m.chance(0.5) {
						a.w.str("fullText", escape(text))
					}
					a.w.str("expandedUrl", "https://twitter.com/i/web/status/"+num(id))
				})
			})
			a.stats.Likes++
			if _, err := a.entry(); err != nil {
				return n, err
			}
		}
		return a.stats.Likes, nil
	})
}

func (a *archive) likedText() (string, *section) {
	if a.m.chance(0.6) {
		for {
			s := a.m.pick(a.m.g.planted, 'B')
			if _, text, ok := a.m.planted(s, "like"); ok {
				return text, s
			}
		}
	}
	return a.m.everyday('D', 1+a.m.rng.IntN(3), " "), nil
}

// messages writes one direct message for every fifty posts, half of them
// sent by the owner.
func (a *archive) messages() error {
	return a.ytd("directMessages", "direct-messages", "YTD.direct_messages.part0", func() (int, error) {
		total, talk := a.o.Posts/50, 0
		for i := 0; i < total; talk++ {
			a.m.reseed(5, i)
			other := numberOf("friend" + strconv.Itoa(talk))
			n := min(total-i, 20+a.m.rng.IntN(60))
			a.conversation(other, i, n)
			i += n
			if _, err := a.entry(); err != nil {
				return talk, err
			}
		}
		a.stats.Messages = total
		return talk, nil
	})
}

func (a *archive) conversation(other string, from, n int) {
	me := a.m.owner.id
	a.w.object("", func() {
		a.w.object("dmConversation", func() {
			a.w.str("conversationId", other+"-"+me)
			a.w.list("messages", func() {
				for k := range n {
					a.message(me, other, from+n-1-k)
				}
			})
		})
	})
}

func (a *archive) message(me, other string, i int) {
	a.m.reseed(6, i)
	at := first.Add(time.Duration(float64(i) / float64(max(1, a.o.Posts/50)) * float64(last.Sub(first))))
	id := (at.UnixMilli()-twitterEpoch)<<22 | int64(i)&0x3fffff
	sender, recipient := me, other
	if a.m.chance(50) {
		sender, recipient = other, me
	}
	text := a.m.everyday('D', 1, " ")
	if sender == me && a.m.chance(4) {
		s := a.m.pick(a.m.g.planted, 'D')
		if _, planted, ok := a.m.planted(s, "dm"); ok {
			text = planted
			a.stats.Planted++
			a.label("direct-messages", num(id), "dm", s.name, s.action)
		}
	}
	a.w.object("", func() {
		a.w.object("messageCreate", func() {
			a.w.str("recipientId", recipient)
			a.w.strs("reactions")
			a.w.strs("urls")
			a.w.str("text", escape(text))
			a.w.strs("mediaUrls")
			a.w.str("senderId", sender)
			a.w.num("id", id)
			a.w.str("createdAt", at.Format(isoMillis))
			a.w.strs("editHistory")
		})
	})
}

// empties writes the files that have nothing in them for most people.
func (a *archive) empties() error {
	for _, e := range [][2]string{
		{"communityTweet", "community-tweet"}, {"deletedTweets", "deleted-tweets"}, {"deletedNoteTweet", "deleted-note-tweet"},
		{"directMessagesGroup", "direct-messages-group"}, {"moment", "moment"}, {"savedSearch", "saved-search"},
		{"grokChatItem", "grok-chat-item"}, {"article", "article"}, {"follower", "follower"}, {"following", "following"},
		{"block", "block"}, {"mute", "mute"}, {"adImpressions", "ad-impressions"}, {"ipAudit", "ip-audit"},
		{"personalization", "personalization"}, {"verified", "verified"},
	} {
		none := func() (int, error) { return 0, nil }
		if err := a.ytd(e[0], e[1], "YTD."+strings.ReplaceAll(e[1], "-", "_")+".part0", none); err != nil {
			return err
		}
	}
	return nil
}

// photos writes the pictures of a demonstration; measurements do without.
func (a *archive) photos() error {
	if !a.o.Demo {
		return nil
	}
	for k := range a.total() {
		p := a.m.make(a.order(k))
		if a.absent(p) || len(p.urls) == 0 || !p.urls[0].media {
			continue
		}
		w, err := a.member("data/tweets_media/" + num(p.id) + "-" + mediaName(p))
		if err != nil {
			return err
		}
		if _, err := w.Write(picture(p.index)); err != nil {
			return err
		}
	}
	return nil
}

// picture is a small plain JPEG.
func picture(i int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for n := range 256 {
		img.Set(n%16, n/16, color.RGBA{R: uint8(i * 37), G: uint8(i * 91), B: uint8(90 + n/4), A: 255})
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil) // writing to memory does not fail
	return b.Bytes()
}

// manifest writes what the archive says it holds.
func (a *archive) manifest() error {
	w := pretty{buf: []byte("window.__THAR_CONFIG = "), first: true}
	w.object("", func() {
		w.object("userInfo", func() {
			w.str("accountId", a.m.owner.id)
			w.str("userName", a.m.owner.handle)
			w.str("displayName", a.m.owner.name)
		})
		w.object("archiveInfo", func() {
			w.num("sizeBytes", int64(a.stats.Rows)*1534)
			w.str("generationDate", a.made().Format(isoMillis))
			w.bool("isPartialArchive", false)
			w.str("maxPartSizeBytes", "53687091200")
		})
		w.object("readmeInfo", func() {
			w.str("fileName", "data/README.txt")
			w.str("directory", "data/")
			w.str("name", "README.txt")
		})
		w.object("dataTypes", func() { a.dataTypes(&w) })
	})
	return a.text("data/manifest.js", string(w.buf))
}

func (a *archive) dataTypes(w *pretty) {
	for i, f := range a.files {
		if i > 0 && a.files[i-1].kind == f.kind {
			continue // a part, already listed
		}
		w.object(f.kind, func() {
			if f.kind == "tweets" {
				w.str("mediaDirectory", "data/tweets_media")
			}
			w.list("files", func() {
				for _, g := range a.files {
					if g.kind != f.kind {
						continue
					}
					w.object("", func() {
						w.str("fileName", g.name)
						w.str("globalName", g.global)
						w.str("count", strconv.Itoa(g.count))
					})
				}
			})
		})
	}
}
