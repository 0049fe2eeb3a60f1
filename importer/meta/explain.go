package meta

import (
	"path"
	"strings"

	"lookback/importer"
)

// What the exports of Meta hold that is read only sometimes, or not at all.
const (
	WhyMessages = "what you wrote in private, only when messages are asked for"
	WhyAds      = "advertising data"
	WhyPeople   = "other people's accounts"
	WhyDevices  = "devices, addresses and sign-ins"
	WhyMedia    = "media, not text"
	WhyViewer   = "pages for finding your way in the export"
	WhySettings = "settings"
	WhyOther    = "about the account, not words of yours"
	WhySearch   = "searches, which nobody else sees"
	WhySaved    = "what you saved for yourself, which nobody else sees"
	WhyNothing  = "says only that there is nothing"
	WhyShop     = "purchases and payments"
)

// mediaExt are the endings of what the exports hold beside text.
var mediaExt = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".heic": true, ".bmp": true,
	".mp4": true, ".mov": true, ".m4v": true, ".webm": true, ".3gp": true, ".avi": true, ".mp3": true, ".m4a": true, ".aac": true, ".wav": true,
	".ogg": true, ".opus": true, ".srt": true, ".vtt": true, ".pdf": true, ".doc": true, ".docx": true, ".css": true, ".svg": true, ".js": true, ".ico": true}

// IsMedia says whether a member is a picture, a film or a part of the pages,
// by its ending.
func IsMedia(name string) bool { return mediaExt[path.Ext(name)] }

// Ignored says why a member is not read: by its own name in files, or by the
// innermost folder in dirs. name is folded; base is its last part with blanks
// for underscores, without ending and number. Other members are unknown.
func Ignored(name, base string, files, dirs map[string]string) importer.Use {
	switch path.Ext(name) {
	case ".json", ".html", ".htm", ".txt", ".csv":
	default:
		return importer.Use{Kind: importer.UseUnknown}
	}
	if why := files[base]; why != "" {
		return importer.Use{Kind: importer.UseIgnored, Why: why}
	}
	parts := strings.Split(strings.ReplaceAll(path.Dir(name), "_", " "), "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if why := dirs[parts[i]]; why != "" {
			return importer.Use{Kind: importer.UseIgnored, Why: why}
		}
	}
	return importer.Use{Kind: importer.UseUnknown}
}

// FormOf names the form of an export by its files, of which pages says which
// are HTML: "json", "html", "mixed", or "" without any.
func FormOf[F any](files []F, page func(F) bool) string {
	form := ""
	for _, f := range files {
		one := "json"
		if page(f) {
			one = "html"
		}
		if form != "" && form != one {
			return "mixed"
		}
		form = one
	}
	return form
}
