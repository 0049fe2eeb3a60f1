package facebook

import (
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/meta"
	"lookback/importer/pattern"
)

// What Explain says about the members that are read only sometimes, and about
// those that are not read.
const (
	whyLinks  = "addresses, without text"
	whyDating = "a dating profile, whose form is not known"
	whyLogs   = "Meta's data logs, which hold no posts"
)

// ignoredDirs say why what lies in a folder is not read, unless a rule says
// otherwise. Names are as classify has them.
var ignoredDirs = map[string]string{
	"ads information": meta.WhyAds, "ads and businesses": meta.WhyAds, "ads": meta.WhyAds, "apps and websites off of facebook": "activity in other apps",
	"apps and websites": "activity in other apps", "security and login information": meta.WhyDevices, "logged information": meta.WhyOther, "location": "places where you have been",
	"preferences": meta.WhySettings, "connections": meta.WhyPeople, "friends": meta.WhyPeople, "followers": meta.WhyPeople, "following and followers": meta.WhyPeople, "followers and following": meta.WhyPeople,
	"search": meta.WhySearch, "search history": meta.WhySearch, "your search history": meta.WhySearch, "saved items and collections": meta.WhySaved,
	"facebook payments": meta.WhyShop, "payment history": meta.WhyShop, "facebook gaming": "games", "fundraisers": "donations", "volunteering": meta.WhyOther,
	"dating": whyDating, "facebook dating": whyDating, "your places": "places where you have been", "your interactions on facebook": "what you looked at",
	"interactions": "what you looked at", "your topics": meta.WhyAds, "journalist registration": meta.WhyOther, "voice recording and transcription": meta.WhyDevices, "other logged information": meta.WhyOther,
	"activity messages": meta.WhyOther, "notifications": "notifications", "portal": meta.WhyDevices, "meta avatars": meta.WhyOther, "avatars store": meta.WhyShop,
	"privacy checkup": meta.WhySettings, "accounts center": meta.WhyOther, "other personal information": meta.WhyOther, "facebook accounts center": meta.WhyOther, "feed": meta.WhySettings, "shops": meta.WhyShop, "bug bounty": meta.WhyOther,
	"facebook assistant": meta.WhyOther, "facebook portal": meta.WhyDevices, "live videos": meta.WhyMedia, "about you": meta.WhyOther, "profile information": meta.WhyOther,
	"calls and messages": "calls", "your problem reports": meta.WhyOther, "reports": meta.WhyOther, "spark ar": meta.WhyOther,

	"information used for recommendations": meta.WhyAds, "monetization": meta.WhyShop, "rewards": meta.WhyShop, "meta spark": meta.WhyOther,
	"pokes": meta.WhyOther, "files": meta.WhyViewer, "style": meta.WhyViewer, "photos and videos": meta.WhyMedia, "music": meta.WhyOther,
	"campus": meta.WhyOther, "navigation bar": meta.WhySettings, "news": meta.WhyOther, "data logs": whyLogs, "fan clubs": meta.WhyOther, "subscriptions": meta.WhyOther, "supervision": meta.WhyOther,
}

// ignoredFiles say it for single files.
var ignoredFiles = map[string]string{
	"content sharing links you have created": whyLinks, "your saved items": meta.WhySaved, "collections": meta.WhySaved, "pages and profiles you follow": meta.WhyPeople,
	"start here": meta.WhyViewer, "your messages": meta.WhyViewer, "index": meta.WhyViewer, "your badges": "badges in groups", "your contributions": "counts, without text", "your group membership activity": "groups that you joined",
	"friends": meta.WhyPeople, "pokes": "pokes", "security": meta.WhyDevices, "settings": meta.WhySettings, "mobile devices": meta.WhyDevices, "contact info": meta.WhyOther, "ads": meta.WhyAds, "apps": meta.WhyOther,
	"places": meta.WhyOther, "survey responses": meta.WhyOther, "your event invitations": "invitations, without text", "event invitations": "invitations, without text", "pages you've unfollowed": meta.WhyPeople, "who you've supervised": meta.WhyOther,
	"items bought": meta.WhyShop, "your groups": "groups that you manage, without text", "your search history": meta.WhySearch, "community chats settings": meta.WhySettings, "photos": meta.WhyMedia, "videos": meta.WhyMedia,
	"external sites": whyLinks, "unfollowed pages": meta.WhyPeople, "places you have been tagged in": meta.WhyOther, "media": meta.WhyMedia, "your messenger app install information": meta.WhyDevices,
	"autofill information": meta.WhyOther, "secret conversations": meta.WhyDevices, "secret groups": meta.WhyOther, "messenger active status platform settings": meta.WhySettings,
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
		return importer.Use{Kind: importer.UseIgnored, Why: meta.WhyNothing}
	case meta.IsMedia(name):
		return importer.Use{Kind: importer.UseIgnored, Why: meta.WhyMedia}
	}
	if section, _ := classify(name); section != "" {
		use := importer.Use{Kind: importer.UseRead}
		if section == secMessage || section == secOldMessage {
			use.Why, use.Messages = meta.WhyMessages, true
		}
		return use
	}
	if encryptedName(name) {
		return importer.Use{Kind: importer.UseRead, Why: meta.WhyMessages, Messages: true}
	}
	return meta.Ignored(name, partNumber.ReplaceAllString(base, ""), ignoredFiles, ignoredDirs)
}

var partNumber = pattern.New(` \d+$`)
