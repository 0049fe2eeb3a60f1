package activitypub

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lookback/store"
)

// Host returns the server in an address, in lower case.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return strings.ToLower(u.Host)
}

// Me is the owner's name@server, if that is what the person gave as their
// name.
func Me(name string) string {
	name = strings.TrimPrefix(strings.TrimSpace(name), "@")
	user, host, ok := strings.Cut(name, "@")
	if !ok || user == "" || !strings.Contains(host, ".") || strings.ContainsAny(name, " /") || strings.Contains(host, "@") {
		return ""
	}
	return user + "@" + strings.ToLower(host)
}

// segments returns the path of an address, cut at its slashes.
func segments(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	return strings.FieldsFunc(u.Path, func(c rune) bool { return c == '/' })
}

// folders of a server under which the next part of an address is a name.
var nameFolders = []string{"users", "user", "u", "p", "profile", "accounts", "author"}

// Handle returns name@server for the address of a person or of a post, as far
// as it tells the name.
func Handle(address string) string {
	parts, host := segments(address), Host(address)
	if host == "" || len(parts) == 0 {
		return ""
	}
	name := ""
	switch {
	case strings.HasPrefix(parts[0], "@"):
		name = parts[0][1:]
	case len(parts) > 1 && slices.Contains(nameFolders, parts[0]):
		name = parts[1]
	}
	if name == "" || isNumber(name) && len(name) > 12 {
		return ""
	}
	if strings.Contains(name, "@") {
		return name // somebody of another server, as this one shows them
	}
	return name + "@" + host
}

// ID returns the part of a post's address that names it on its server, for
// the key: the address has changed its form over the years, the id has not.
func ID(address string) string {
	address, _, _ = strings.Cut(address, "#")
	parts := segments(address)
	if n := len(parts); n > 1 && parts[n-1] == "activity" {
		parts = parts[:n-1]
	}
	if n := len(parts); n > 1 && len(parts[n-1]) >= 4 && strings.ContainsAny(parts[n-1], "0123456789") {
		return parts[n-1]
	}
	return address
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

// snowflake is the time in one of Mastodon's ids, zero for ids of another
// kind.
func snowflake(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 63)
	if err != nil || n < 1<<56 {
		return time.Time{}
	}
	return plausible(time.UnixMilli(int64(n >> 16)))
}

func isPublic(address string) bool {
	switch address {
	case "https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public":
		return true
	}
	// Pleroma's posts for its own server only: anybody can read them there.
	return strings.HasSuffix(address, "/#Public")
}

func isFollowers(address string) bool {
	return strings.HasSuffix(strings.TrimSuffix(address, "/"), "/followers")
}

// audience reads the addressees of a post.
func audience(to, cc []string) store.Audience {
	switch {
	case slices.ContainsFunc(to, isPublic):
		return store.AudiencePublic
	case slices.ContainsFunc(cc, isPublic):
		return store.AudienceUnlisted
	case slices.ContainsFunc(to, isFollowers), slices.ContainsFunc(cc, isFollowers):
		return store.AudienceFollowers
	case slices.ContainsFunc(to, isList), slices.ContainsFunc(cc, isList):
		return store.AudienceCircle
	case len(to)+len(cc) == 0:
		return store.AudienceUnknown
	}
	return store.AudienceDirect
}

func isList(address string) bool { return strings.Contains(address, "/lists/") }

// Visibility reads Mastodon's, Pixelfed's and Misskey's names of audiences.
func Visibility(name string) store.Audience {
	switch name {
	case "public", "local":
		return store.AudiencePublic
	case "unlisted", "home", "public_unlisted":
		return store.AudienceUnlisted
	case "private", "followers", "mutuals_only":
		return store.AudienceFollowers
	case "direct", "specified":
		return store.AudienceDirect
	case "list", "limited":
		return store.AudienceCircle
	case "archived", "draft":
		return store.AudienceOnlyMe
	}
	return store.AudienceUnknown
}
