package tiktok

import (
	"path"
	"strings"

	"lookback/importer"
)

// A section is a kind of records.
type section int

const (
	other  section = iota // not read
	unsure                // a text file whose name says nothing: its content decides
	comments
	posts
	deleted
	likes
	favourites
	reposts
	chats
	groupChats
	live
	goLive
	reviews
	shopReviews
	profile
	settings
)

// scopes are the prefixes of keys.
const (
	scopePost      = "post"
	scopeComment   = "comment"
	scopeLike      = "like"
	scopeFavourite = "favorite"
	scopeRepost    = "repost"
	scopeLive      = "live"
	scopeGoLive    = "golive"
	scopeReview    = "review"
	scopeMessage   = "dm"
)

// textFiles are the text files that are read, by their folded names. Names
// in other languages are the ones that were seen, or that TikTok's own menus
// use; a file that is not here is judged by its content.
var textFiles = map[string]section{
	"comments": comments, "reacties": comments, "kommentare": comments, "comentarios": comments,
	"commentaires": comments, "commenti": comments, "comentários": comments, "komentarze": comments,
	"posts": posts, "post": posts, "videos": posts, "berichten": posts, "beiträge": posts,
	"publicaciones": posts, "publications": posts, "publicações": posts,
	"recentlydeletedposts": deleted, "onlangsverwijderdeberichten": deleted,
	"likelist": likes, "likelijst": likes, "likeliste": likes, "listademegusta": likes, "listedejaime": likes,
	"favoritevideos": favourites, "favorietevideos": favourites, "favorisiertevideos": favourites,
	"videosfavoritos": favourites, "vídeosfavoritos": favourites, "vidéosfavorites": favourites,
	"reposts": reposts, "repost": reposts,
	"directmessages": chats, "chathistory": chats, "directeberichten": chats, "direktnachrichten": chats,
	"mensajesdirectos": chats, "messagesprivés": chats, "messaggidiretti": chats,
	"groupchat": groupChats, "groepschat": groupChats, "gruppenchat": groupChats, "chatdegrupo": groupChats,
	"watchlivehistory": live,
	"golivehistory":    goLive,
	"locationreviews":  reviews, "poireviews": reviews, "poireview": reviews,
	"productreviews": shopReviews, "productreviewhistory": shopReviews,
	"profileinformation": profile, "profileinfo": profile, "profielinformatie": profile,
	"profilinformationen": profile, "informacióndelperfil": profile, "informationsduprofil": profile,
	"settings": settings, "instellingen": settings, "einstellungen": settings,
}

const (
	whyHistory = "what was watched or searched for, which nobody else sees"
	whyPeople  = "other people's accounts"
	whyAds     = "advertising data"
	whyDevices = "devices, addresses and sign-ins"
	whyShop    = "orders and payments"
	whyAccount = "about the account, not words of yours"
	whyLinks   = "links and bookmarks, without words of yours"
)

// ignoredFiles says why the other known text files are not read.
var ignoredFiles = map[string]string{
	"watchhistory": whyHistory, "browsinghistory": whyHistory, "videobrowsinghistory": whyHistory,
	"kijkgeschiedenis": whyHistory, "searches": whyHistory, "searchhistory": whyHistory, "zoekopdrachten": whyHistory,
	"activitysummary": whyAccount, "samenvattingvanactiviteit": whyAccount, "status": whyDevices,
	"loginhistory": whyDevices, "mostrecentlocationdata": whyDevices, "meestrecentelocatiegegevens": whyDevices,
	"offtiktokactivity": whyAds, "offtiktokactivities": whyAds, "activiteitbuitentiktok": whyAds,
	"adinterests": whyAds, "advertentieinteresses": whyAds, "instantformadsresponses": whyAds,
	"usagedatafromthirdpartyapps": whyAds, "adsbasedondatareceivedfrompartners": whyAds,
	"follower": whyPeople, "following": whyPeople, "volger": whyPeople, "volgend": whyPeople, "blocklist": whyPeople,
	"favoritesounds": whyLinks, "favoritehashtags": whyLinks, "favoriteplaces": whyLinks, "favoriteeffects": whyLinks,
	"favoritecomments": whyLinks, "favoritecollections": whyLinks, "hashtag": whyLinks, "stickers": whyLinks,
	"sharehistory": whyLinks, "geschiedenisdelen": whyLinks, "donation": whyShop, "fundraiser": whyShop,
	"purchases": whyShop, "purchasehistory": whyShop, "transactionhistory": whyShop, "orderhistory": whyShop,
	"currentpaymentinformation": whyShop, "returnsandrefundshistory": whyShop, "vouchers": whyShop,
	"savedaddressinformation": whyShop, "orderdisputehistory": whyShop, "productbrowsinghistory": whyShop,
	"shoppingcartlist": whyShop, "customersupporthistory": whyShop, "communicationwithshops": whyShop,
	"autofill": whyAccount, "aimoji": whyAccount, "golivesettings": whyAccount, "watchlivesettings": whyAccount,
}

// sectionOf judges a text file by its folded name; known means that the name
// is TikTok's, read or not.
func sectionOf(name string) (s section, known bool) {
	base := path.Base(name)
	stem := fold(strings.TrimSuffix(base, path.Ext(base)))
	if s, ok := textFiles[stem]; ok {
		return s, true
	}
	if _, ok := ignoredFiles[stem]; ok {
		return other, true
	}
	return unsure, false
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	base := path.Base(name)
	switch path.Ext(name) {
	case ".json":
		if strings.Count(name, "/") <= deepest {
			return importer.Use{Kind: importer.UseRead, Why: "private messages in it only when messages are asked for"}
		}
	case ".txt":
		if why, ok := ignoredFiles[fold(strings.TrimSuffix(base, ".txt"))]; ok {
			return importer.Use{Kind: importer.UseIgnored, Why: why}
		}
		switch s, _ := sectionOf(name); {
		case strings.Count(name, "/") > deepest:
		case s == unsure:
			return importer.Use{Kind: importer.UseRead, Why: "as far as its content is that of comments, posts or messages"}
		case s == chats || s == groupChats:
			return importer.Use{Kind: importer.UseRead, Messages: true, Why: "what you wrote in private, only when messages are asked for"}
		default:
			return importer.Use{Kind: importer.UseRead}
		}
	case ".jpg", ".jpeg", ".png", ".webp", ".mp4", ".mov", ".gif", ".heic", ".mp3":
		return importer.Use{Kind: importer.UseIgnored, Why: "media, not text"}
	}
	return importer.Use{Kind: importer.UseUnknown}
}
