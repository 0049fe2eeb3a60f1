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
	whySeen    = "what you looked at"
	whyThreads = "Threads, which is read on its own"
	whyReports = "reports that you made, without text"
)

// ignoredDirs say why what lies in a folder is not read. Names are as
// classify has them.
var ignoredDirs = map[string]string{
	"ads information": meta.WhyAds, "ads and businesses": meta.WhyAds, "ads and topics": meta.WhyAds, "instagram ads and businesses": meta.WhyAds, "your topics": meta.WhyAds,
	"your reels topics": meta.WhyAds, "your reels sentiments": meta.WhyAds, "information about you": meta.WhyAds, "apps and websites off of instagram": "activity in other apps", "apps and websites": "activity in other apps",
	"connections": meta.WhyPeople, "followers and following": meta.WhyPeople, "contacts": meta.WhyPeople, "close friends": meta.WhyPeople,
	"preferences": meta.WhySettings, "comments settings": meta.WhySettings, "settings": meta.WhySettings, "your app settings": meta.WhySettings, "media settings": meta.WhySettings,
	"logged information": meta.WhyOther, "recent searches": meta.WhySearch, "recent search": meta.WhySearch, "searches": meta.WhySearch, "link history": whySeen, "policy updates and permissions": meta.WhyOther,
	"past instagram insights": "counts, without text", "security and login information": meta.WhyDevices, "login and account creation": meta.WhyDevices, "login and profile creation": meta.WhyDevices,
	"device information": meta.WhyDevices, "personal information": meta.WhyOther, "account information": meta.WhyOther, "information": meta.WhyOther,
	"saved": meta.WhySaved, "threads": whyThreads, "reports": whyReports, "shared access": meta.WhyPeople, "subscriptions": meta.WhyShop, "monetization": meta.WhyShop, "shopping": meta.WhyShop,
	"gifts": meta.WhyShop, "fundraisers": "donations", "loyalty accounts": meta.WhyShop, "guardian": meta.WhyOther, "digital wallets": meta.WhyShop, "avatars store": meta.WhyShop, "avatars": meta.WhyOther,
	"meta spark": meta.WhyOther, "spark ar": meta.WhyOther, "events": "events, without words of yours", "files": meta.WhyViewer, "accounts center": meta.WhyOther, "autofill information": meta.WhyOther, "checkout saved details": meta.WhyShop,
	"likes": "of other things, without text", "media viewed": whySeen, "other activity": meta.WhyOther, "location": "places where you have been",
	"facebook payments": meta.WhyShop, "supervision": meta.WhyOther, "data logs": "Meta's data logs, which hold no posts", "style": meta.WhyViewer, "surveys": meta.WhyOther, "bug bounty": meta.WhyOther,
}

// ignoredFiles say it for single files.
var ignoredFiles = map[string]string{
	"start here": meta.WhyViewer, "index": meta.WhyViewer, "instagram profile information": meta.WhyOther, "professional information": meta.WhyOther,
	"note interactions": meta.WhyOther, "profile photos": "pictures, without text", "secret conversations": meta.WhyDevices, "reported conversations": whyReports,
	"your chat information": meta.WhySettings, "chat": meta.WhySettings, "saved": meta.WhySaved, "connections": meta.WhyPeople, "searches": meta.WhySearch, "settings": meta.WhySettings,
	"seen content": whySeen, "devices": meta.WhyDevices, "contacts": meta.WhyPeople, "account history": meta.WhyDevices, "autofill": meta.WhyOther, "uploaded contacts": meta.WhyPeople, "checkout": meta.WhyShop,
	"information about you": meta.WhyAds, "emergency contacts": meta.WhyPeople, "direct stories": meta.WhyMedia, "your messenger app install information": meta.WhyDevices, "camera information": meta.WhyDevices, "eligibility": meta.WhyOther, "cookies": meta.WhyDevices,
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	if foreign(name) {
		return importer.Use{Kind: importer.UseUnknown}
	}
	switch {
	case strings.HasPrefix(path.Base(name), "no-data"):
		return importer.Use{Kind: importer.UseIgnored, Why: meta.WhyNothing}
	case meta.IsMedia(name):
		return importer.Use{Kind: importer.UseIgnored, Why: meta.WhyMedia}
	}
	f := classify(name)
	if f.section == secMessage {
		return importer.Use{Kind: importer.UseRead, Why: meta.WhyMessages, Messages: true}
	}
	if f.section != "" {
		return importer.Use{Kind: importer.UseRead}
	}
	return meta.Ignored(name, f.base, ignoredFiles, ignoredDirs)
}
