package x

import (
	"path"
	"strconv"
	"strings"

	"lookback/importer"
	"lookback/importer/pattern"
)

// Keys of the members that are read: the base name without its part number
// and ending, in the newest spelling.
const (
	keyTweets         = "tweets"
	keyCommunity      = "community-tweet"
	keyCircle         = "twitter-circle-tweet"
	keyDeleted        = "deleted-tweets"
	keyNotes          = "note-tweet"
	keyDeletedNotes   = "deleted-note-tweet"
	keyHeaders        = "tweet-headers"
	keyDeletedHeaders = "deleted-tweet-headers"
	keyLikes          = "like"
	keyMessages       = "direct-messages"
	keyGroupMessages  = "direct-messages-group"
	keyProfile        = "profile"
	keyAccount        = "account"
	keyNameChange     = "screen-name-change"
	keyComments       = "periscope-comments-made-by-user"
	keyGrok           = "grok-chat-item"
	keyArticles       = "article"
	keyArticleMeta    = "article-metadata"
	keyPrompts        = "reply-prompt"
	keyCommunityNotes = "community-note"
	keyMoments        = "moment"
	keyPeriscope      = "periscope-profile-description"
	keyBroadcasts     = "periscope-broadcast-metadata"
	keySpaces         = "spaces-metadata"
	keyEncrypted      = "message-event"
	keyProfessional   = "professional-data"
	keyManifest       = "manifest"
)

// What Explain says about the members that are read only sometimes, and about
// those that are not read.
const (
	whyMessages = "what you wrote in private, only when messages are asked for"
	whyCheck    = "to check that no post is missing"
	whyOther    = "about the account, not words of yours"
	whyAds      = "advertising data"
	whyPeople   = "other people's accounts"
	whyDevices  = "devices, addresses and sign-ins"
	whyShop     = "shop data"
	whyHeaders  = "who wrote to whom and when, without text"
	whyMedia    = "media, not text"
	whyViewer   = "X's own page for viewing the archive"
)

// readWhy names every key that is read; the text says on which condition.
var readWhy = map[string]string{
	keyTweets: "", keyCommunity: "", keyCircle: "", keyDeleted: "", keyNotes: "", keyDeletedNotes: "",
	keyHeaders: whyCheck, keyDeletedHeaders: whyCheck,
	keyLikes: "", keyMessages: whyMessages, keyGroupMessages: whyMessages, keyProfile: "", keyAccount: "",
	keyNameChange: "", keyComments: "", keyGrok: whyMessages, keyArticles: "", keyArticleMeta: "",
	keyPrompts: "", keyCommunityNotes: "", keyMoments: "", keyPeriscope: "", keyBroadcasts: "",
	keySpaces: "", keyEncrypted: "counted only: the messages are encrypted", keyProfessional: "", keyManifest: "",
}

// renamed gives the older names of the same files.
var renamed = map[string]string{
	"tweet": keyTweets, "direct-message": keyMessages, "direct-message-group": keyGroupMessages,
	"direct-messages-groups": keyGroupMessages, "likes": keyLikes,
	"twitter-article": keyArticles, "twitter-article-metadata": keyArticleMeta,
	"birdwatch-note": keyCommunityNotes, "birdwatch-note-rating": "community-note-rating",
	"birdwatch-note-tombstone": "community-note-tombstone", "deleted-tweet": keyDeleted,
}

// ignored says why the other known files are not read.
var ignored = map[string]string{
	"account-creation-ip": whyDevices, "account-label": whyOther, "account-suspension": whyOther,
	"account-timezone": whyOther, "ageinfo": whyOther, "app": whyDevices, "block": whyPeople,
	"branch-links": whyAds, "catalog-item": whyShop, "commerce-catalog": whyShop,
	"community-note-rating": "ratings, without text", "community-note-tombstone": "deleted notes, without text",
	"community-note-batsignal": "requests for notes, without text",
	"connected-application":    "connected applications", "contact": whyPeople, "device-token": whyDevices,
	"direct-message-group-headers": whyHeaders, "direct-message-headers": whyHeaders,
	"direct-message-mute": whyPeople, "email-address-change": whyOther, "expanded-profile": whyOther,
	"follower": whyPeople, "following": whyPeople, "ip-audit": whyDevices, "key-registry": whyDevices,
	"lists-created": "addresses of lists, without text", "lists-member": whyPeople, "lists-subscribed": whyPeople,
	"mute": whyPeople, "ni-devices": whyDevices, "periscope-account-information": whyOther,
	"periscope-ban-information": whyOther, "periscope-expired-broadcasts": whyOther,
	"periscope-followers": whyPeople, "personalization": "what X guesses about you", "phone-number": whyOther,
	"product-drop": whyShop, "product-set": whyShop, "protected-history": whyOther,
	"saved-search": "searches, which nobody else sees", "shop-module": whyShop, "shopify-account": whyShop,
	"smartblock": whyPeople, "sso": whyDevices, "tweetdeck": "columns of TweetDeck", "twitter-circle": whyPeople,
	"twitter-circle-member": whyPeople, "twitter-shop": whyShop, "user-link-clicks": "links that you opened",
	"verified": whyOther, "verified-organization": whyOther, "phone-number-change": whyOther,
}

var partRE = pattern.New(`^(.+)-part(\d+)$`)

// parseName splits "tweets-part12.js" into its key and part. ok is false for
// anything that is not a file of this kind.
func parseName(base string) (key string, part int, ok bool) {
	stem, isJS := strings.CutSuffix(strings.ToLower(base), ".js")
	if !isJS || stem == "" {
		return "", 0, false
	}
	stem = strings.ReplaceAll(stem, "_", "-")
	if m := partRE.FindStringSubmatch(stem); m != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return "", 0, false
		}
		stem, part = m[1], n
	}
	if newer, was := renamed[stem]; was {
		stem = newer
	}
	return stem, part, true
}

// viewer are folders and files of the pages that come with an archive.
var viewer = map[string]bool{
	"assets": true, "lib": true, "css": true, "img": true, "your archive.html": true, "index.html": true,
	"readme.txt": true, "readme.md": true, "license.txt": true,
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	dir, base := path.Split(path.Clean(name))
	dirs := strings.FieldsFunc(strings.ToLower(dir), func(c rune) bool { return c == '/' })
	lower := strings.ToLower(base)
	for _, d := range dirs {
		if strings.HasSuffix(d, "_media") || strings.HasSuffix(d, "-media") {
			return importer.Use{Kind: importer.UseIgnored, Why: whyMedia}
		}
		if viewer[d] {
			return importer.Use{Kind: importer.UseIgnored, Why: whyViewer}
		}
	}
	if viewer[lower] {
		return importer.Use{Kind: importer.UseIgnored, Why: whyViewer}
	}
	if use, ok := explainClassic(dirs, lower); ok {
		return use
	}
	key, _, ok := parseName(base)
	if !ok {
		return importer.Use{Kind: importer.UseUnknown}
	}
	if why, ok := readWhy[key]; ok {
		return importer.Use{Kind: importer.UseRead, Why: why, Messages: why == whyMessages}
	}
	if why, ok := ignored[key]; ok {
		return importer.Use{Kind: importer.UseIgnored, Why: why}
	}
	if strings.HasPrefix(key, "ad-") {
		return importer.Use{Kind: importer.UseIgnored, Why: whyAds}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

var monthRE = pattern.New(`^\d{4}_\d{2}\.(js|csv)$`)

func explainClassic(dirs []string, base string) (importer.Use, bool) {
	csv := importer.Use{Kind: importer.UseRead, Why: "when the archive has no JavaScript files"}
	switch {
	case base == "tweets.csv":
		return csv, true
	case monthRE.MatchString(base) && len(dirs) > 0:
		if strings.HasSuffix(base, ".csv") {
			return csv, true
		}
		return importer.Use{Kind: importer.UseRead}, true
	case base == "user_details.js", base == "payload_details.js", base == "tweet_index.js":
		return importer.Use{Kind: importer.UseRead}, true
	}
	return importer.Use{}, false
}
