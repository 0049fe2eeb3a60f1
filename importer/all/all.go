// Package all lists every importer. The list is written out, not gathered by
// init functions: to add a platform, add its line.
package all

import (
	"lookback/importer"
	"lookback/importer/bluesky"
	"lookback/importer/discord"
	"lookback/importer/facebook"
	"lookback/importer/instagram"
	"lookback/importer/linkedin"
	"lookback/importer/mastodon"
	"lookback/importer/misskey"
	"lookback/importer/pinterest"
	"lookback/importer/pixelfed"
	"lookback/importer/reddit"
	"lookback/importer/snapchat"
	"lookback/importer/telegram"
	"lookback/importer/threads"
	"lookback/importer/tiktok"
	"lookback/importer/tumblr"
	"lookback/importer/whatsapp"
	"lookback/importer/x"
	"lookback/importer/xapi"
	"lookback/importer/youtube"
)

// List holds every importer. Its order decides nothing but the order of
// results.
var List = []importer.Importer{
	bluesky.New(),
	discord.New(),
	facebook.New(),
	instagram.New(),
	linkedin.New(),
	mastodon.New(),
	misskey.New(),
	pinterest.New(),
	pixelfed.New(),
	reddit.New(),
	snapchat.New(),
	telegram.New(),
	threads.New(),
	tiktok.New(),
	tumblr.New(),
	whatsapp.New(),
	x.New(),
	xapi.New(),
	youtube.New(),
}
