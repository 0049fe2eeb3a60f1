package instagram

import (
	"path"
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
	whySeen     = "what you looked at"
	whyNothing  = "says only that there is nothing"
	whyShop     = "purchases and payments"
	whyThreads  = "Threads, which is read on its own"
	whyReports  = "reports that you made, without text"
)

// ignoredDirs say why what lies in a folder is not read. Names are as
// classify has them.
var ignoredDirs = map[string]string{
	"ads information": whyAds, "ads and businesses": whyAds, "ads and topics": whyAds, "instagram ads and businesses": whyAds, "your topics": whyAds,
	"your reels topics": whyAds, "your reels sentiments": whyAds, "information about you": whyAds, "apps and websites off of instagram": "activity in other apps", "apps and websites": "activity in other apps",
	"connections": whyPeople, "followers and following": whyPeople, "contacts": whyPeople, "close friends": whyPeople,
	"preferences": whySettings, "comments settings": whySettings, "settings": whySettings, "your app settings": whySettings, "media settings": whySettings,
	"logged information": whyOther, "recent searches": whySearch, "recent search": whySearch, "searches": whySearch, "link history": whySeen, "policy updates and permissions": whyOther,
	"past instagram insights": "counts, without text", "security and login information": whyDevices, "login and account creation": whyDevices, "login and profile creation": whyDevices,
	"device information": whyDevices, "personal information": whyOther, "account information": whyOther, "information": whyOther,
	"saved": whySaved, "threads": whyThreads, "reports": whyReports, "shared access": whyPeople, "subscriptions": whyShop, "monetization": whyShop, "shopping": whyShop,
	"gifts": whyShop, "fundraisers": "donations", "loyalty accounts": whyShop, "guardian": whyOther, "digital wallets": whyShop, "avatars store": whyShop, "avatars": whyOther,
	"meta spark": whyOther, "spark ar": whyOther, "events": "events, without words of yours", "files": whyViewer, "accounts center": whyOther, "autofill information": whyOther, "checkout saved details": whyShop,
	"likes": "of other things, without text", "media viewed": whySeen, "other activity": whyOther, "location": "places where you have been",
	"facebook payments": whyShop, "supervision": whyOther, "data logs": "Meta's data logs, which hold no posts", "style": whyViewer, "surveys": whyOther, "bug bounty": whyOther,
}

// ignoredFiles say it for single files.
var ignoredFiles = map[string]string{
	"start here": whyViewer, "index": whyViewer, "instagram profile information": whyOther, "professional information": whyOther,
	"note interactions": whyOther, "profile photos": "pictures, without text", "secret conversations": whyDevices, "reported conversations": whyReports,
	"your chat information": whySettings, "chat": whySettings, "saved": whySaved, "connections": whyPeople, "searches": whySearch, "settings": whySettings,
	"seen content": whySeen, "devices": whyDevices, "contacts": whyPeople, "account history": whyDevices, "autofill": whyOther, "uploaded contacts": whyPeople, "checkout": whyShop,
	"information about you": whyAds, "emergency contacts": whyPeople, "direct stories": whyMedia, "your messenger app install information": whyDevices, "camera information": whyDevices, "eligibility": whyOther, "cookies": whyDevices,
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	if foreign(name) {
		return importer.Use{Kind: importer.UseUnknown}
	}
	switch {
	case strings.HasPrefix(path.Base(name), "no-data"):
		return importer.Use{Kind: importer.UseIgnored, Why: whyNothing}
	case meta.IsMedia(name):
		return importer.Use{Kind: importer.UseIgnored, Why: whyMedia}
	}
	f := classify(name)
	if f.section == secMessage {
		return importer.Use{Kind: importer.UseRead, Why: whyMessages, Messages: true}
	}
	if f.section != "" {
		return importer.Use{Kind: importer.UseRead}
	}
	return meta.Ignored(name, f.base, ignoredFiles, ignoredDirs)
}
