package youtube

import (
	"path"
	"strings"

	"lookback/importer"
	"lookback/importer/pattern"
)

// inYouTube reports whether a member lies in YouTube's folder, which is
// "YouTube" or "YouTube and YouTube Music" in the account's language.
func inYouTube(name string) bool {
	for dir := path.Dir(name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if base := path.Base(dir); base == "youtube" || strings.HasPrefix(base, "youtube ") && strings.Contains(base, "youtube music") {
			return true
		}
	}
	return false
}

// stem is the name of a file without folders, ending, and the number of a
// copy or part.
func stem(name string) string {
	base := path.Base(name)
	return copyRE.ReplaceAllString(strings.TrimSuffix(base, path.Ext(base)), "")
}

var copyRE = pattern.New(`( ?\(\d+\)|~\d+)$`)

var histories = map[string]bool{
	"watch-history": true, "search-history": true, "wiedergabeverlauf": true, "suchverlauf": true,
	"kijkgeschiedenis": true, "zoekgeschiedenis": true, "historial de reproducciones": true, "historial de búsqueda": true,
	"watch history": true, "search history": true,
}

var historyDirs = map[string]bool{
	"history": true, "verlauf": true, "geschiedenis": true, "historial": true, "historique": true, "cronologia": true,
	"histórico": true, "historik": true, "historia": true, "istoric": true,
}

// isHistory knows the records of what was watched and searched for.
func isHistory(name string) bool {
	return histories[stem(name)] || historyDirs[path.Base(path.Dir(name))]
}

// pageNames are the pages that hold words of the owner, where they are not in
// YouTube's folder.
var pageNames = map[string]bool{
	"my-comments": true, "my-live-chat-messages": true, "mijn-reacties": true, "meine-kommentare": true,
	"mis-comentarios": true, "mes-commentaires": true,
}

func isReviews(name string) bool {
	return path.Base(name) == "reviews.json" && strings.Contains("/"+name, "/maps (")
}

const (
	whyHistory = "what was watched or searched for, which nobody else sees"
	whyLinks   = "lists of videos and channels, without words of yours"
	whyIndex   = "Google's own page for looking through the Takeout"
	whyMedia   = "media, not text"
	whyOther   = "of another Google service"
	whySetting = "settings, not words of yours"
)

// ignoredNames are parts of YouTube's folder without words, in English.
var ignoredNames = map[string]string{
	"subscriptions": whyLinks, "music-library-songs": whyLinks, "music library songs": whyLinks, "music-uploads": whyLinks,
	"likes": whyLinks, "liked videos": whyLinks, "watch later": whyLinks, "uploads": whyMedia,
	"channel feature data": whySetting, "channel community moderation settings": whySetting, "channel images": whySetting,
	"channel page settings": whySetting, "product settings": whySetting, "video recordings": whySetting, "user": whySetting,
}

// Explain says what Import does with a member.
func (*Importer) Explain(name string) importer.Use {
	name = importer.Fold(name)
	read := importer.Use{Kind: importer.UseRead}
	ext, inside := path.Ext(name), inYouTube(name)
	switch {
	case path.Base(name) == "archive_browser.html":
		return importer.Use{Kind: importer.UseIgnored, Why: whyIndex}
	case isHistory(name):
		return importer.Use{Kind: importer.UseIgnored, Why: whyHistory}
	case isReviews(name):
		return read
	case pageNames[stem(name)] && ext == ".html":
		return read
	case ext == ".mp4" || ext == ".mov" || ext == ".avi" || ext == ".mkv" || ext == ".webm" || ext == ".jpg" || ext == ".jpeg" || ext == ".png" || ext == ".gif" || ext == ".mp3":
		return importer.Use{Kind: importer.UseIgnored, Why: whyMedia}
	}
	if why, ok := ignoredNames[stem(name)]; ok && (ext == ".csv" || ext == ".json") {
		return importer.Use{Kind: importer.UseIgnored, Why: why}
	}
	switch {
	case strings.HasSuffix(stem(name), "-videos") && ext == ".csv":
		return importer.Use{Kind: importer.UseIgnored, Why: whyLinks}
	case ext == ".csv" && (inside || !strings.HasPrefix(name, "takeout/")):
		read.Why = "as far as its columns are those of comments, live chats, posts, videos, playlists or the channel"
		return read
	case ext == ".html" && inside:
		read.Why = "as far as it is a list of comments"
		return read
	case strings.HasPrefix(name, "takeout/") && !inside:
		return importer.Use{Kind: importer.UseIgnored, Why: whyOther}
	}
	return importer.Use{Kind: importer.UseUnknown}
}
