package facebook

import (
	"path"
	"regexp"
	"strings"

	"lookback/importer"
	"lookback/importer/meta"
)

// What Explain says about the members that are read only sometimes, and about
// those that are not read.
const (
	whyMessages = "what you wrote in private, only when messages are asked for"
	whyAds      = "advertising data"
	whyPeople   = "other people's accounts"
	whyDevices  = "devices, addresses and sign-ins"
	whyMedia    = "media, not text"
	whyViewer   = "pages for finding your way in the export"
	whySettings = "settings"
	whyOther    = "about the account, not words of yours"
	whySearch   = "searches, which nobody else sees"
	whySaved    = "what you saved for yourself, which nobody else sees"
	whyLinks    = "addresses, without text"
	whyNothing  = "says only that there is nothing"
	whyShop     = "purchases and payments"
	whyDating   = "a dating profile, whose form is not known"
	whyLogs     = "Meta's data logs, which hold no posts"
)

// ignoredDirs say why what lies in a folder is not read, unless a rule says
// otherwise. Names are as classify has them.
var ignoredDirs = map[string]string{
	"ads information": whyAds, "ads and businesses": whyAds, "ads": whyAds, "apps and websites off of facebook": "activity in other apps",
	"apps and websites": "activity in other apps", "security and login information": whyDevices, "logged information": whyOther, "location": "places where you have been",
	"preferences": whySettings, "connections": whyPeople, "friends": whyPeople, "followers": whyPeople, "following and followers": whyPeople, "followers and following": whyPeople,
	"search": whySearch, "search history": whySearch, "your search history": whySearch, "saved items and collections": whySaved,
	"facebook payments": whyShop, "payment history": whyShop, "facebook gaming": "games", "fundraisers": "donations", "volunteering": whyOther,
	"dating": whyDating, "facebook dating": whyDating, "your places": "places where you have been", "your interactions on facebook": "what you looked at",
	"interactions": "what you looked at", "your topics": whyAds, "journalist registration": whyOther, "voice recording and transcription": whyDevices, "other logged information": whyOther,
	"activity messages": whyOther, "notifications": "notifications", "portal": whyDevices, "meta avatars": whyOther, "avatars store": whyShop,
	"privacy checkup": whySettings, "accounts center": whyOther, "other personal information": whyOther, "facebook accounts center": whyOther, "feed": whySettings, "shops": whyShop, "bug bounty": whyOther,
	"facebook assistant": whyOther, "facebook portal": whyDevices, "live videos": whyMedia, "about you": whyOther, "profile information": whyOther,
	"calls and messages": "calls", "your problem reports": whyOther, "reports": whyOther, "spark ar": whyOther,

	"information used for recommendations": whyAds, "monetization": whyShop, "rewards": whyShop, "meta spark": whyOther,
	"pokes": whyOther, "files": whyViewer, "style": whyViewer, "photos and videos": whyMedia, "music": whyOther,
	"campus": whyOther, "navigation bar": whySettings, "news": whyOther, "data logs": whyLogs, "fan clubs": whyOther, "subscriptions": whyOther, "supervision": whyOther,
}

// ignoredFiles say it for single files.
var ignoredFiles = map[string]string{
	"content sharing links you have created": whyLinks, "your saved items": whySaved, "collections": whySaved, "pages and profiles you follow": whyPeople,
	"start here": whyViewer, "your messages": whyViewer, "index": whyViewer, "your badges": "badges in groups", "your contributions": "counts, without text", "your group membership activity": "groups that you joined",
	"friends": whyPeople, "pokes": "pokes", "security": whyDevices, "settings": whySettings, "mobile devices": whyDevices, "contact info": whyOther, "ads": whyAds, "apps": whyOther,
	"places": whyOther, "survey responses": whyOther, "your event invitations": "invitations, without text", "event invitations": "invitations, without text", "pages you've unfollowed": whyPeople, "who you've supervised": whyOther,
	"items bought": whyShop, "your groups": "groups that you manage, without text", "your search history": whySearch, "community chats settings": whySettings, "photos": whyMedia, "videos": whyMedia,
	"external sites": whyLinks, "unfollowed pages": whyPeople, "places you have been tagged in": whyOther, "media": whyMedia, "your messenger app install information": whyDevices,
	"autofill information": whyOther, "secret conversations": whyDevices, "secret groups": whyOther, "messenger active status platform settings": whySettings,
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	ext := path.Ext(name)
	base := strings.ReplaceAll(strings.TrimSuffix(path.Base(name), ext), "_", " ")
	if foreign(name) {
		return importer.Use{Kind: importer.UseUnknown}
	}
	switch {
	case strings.HasPrefix(base, "no-data"):
		return importer.Use{Kind: importer.UseIgnored, Why: whyNothing}
	case meta.IsMedia(name):
		return importer.Use{Kind: importer.UseIgnored, Why: whyMedia}
	}
	if section, _ := classify(name); section != "" {
		use := importer.Use{Kind: importer.UseRead}
		if section == secMessage || section == secOldMessage {
			use.Why, use.Messages = whyMessages, true
		}
		return use
	}
	if encryptedName(name) {
		return importer.Use{Kind: importer.UseRead, Why: whyMessages, Messages: true}
	}
	return meta.Ignored(name, partNumber.ReplaceAllString(base, ""), ignoredFiles, ignoredDirs)
}

var partNumber = regexp.MustCompile(` \d+$`)
