package report

import (
	"net/url"
	"strings"
)

// safeLink returns raw when it is an absolute http or https address without
// credentials, and else nothing: a javascript: or file: address must not
// become a link on any page, nor a blank or control character leave it.
func safeLink(raw string) string {
	if raw == "" || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || safeRune(r) == shown }) {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return raw
}
