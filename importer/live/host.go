//go:build !nonetwork

package live

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/idna"
)

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

var errHost = errors.New("not the name of a public server")

// hostName returns a server's name in the form in which it is asked for, and
// refuses whatever is no public name: numbers, ports, paths, local names.
func hostName(s string) (string, error) {
	s = strings.TrimSuffix(s, ".")
	for i := range len(s) {
		if s[i] < 0x80 && !strings.ContainsRune(letters+digits+"-.", rune(s[i])) {
			return "", errHost
		}
	}
	host, err := idna.Lookup.ToASCII(s)
	if err != nil || len(host) > 253 {
		return "", errHost
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || strings.Trim(last, digits) == "" || strings.HasPrefix(last, "0x") {
		return "", errHost
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return "", errHost
		}
	}
	switch last {
	case "local", "localhost", "internal", "lan", "home", "corp", "onion", "arpa", "test", "invalid", "alt":
		return "", errHost
	}
	return host, nil
}

// hostOf returns the server of an address that another server gave: an https
// address of a public name, without a port, a path or anything else.
func hostOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errHost
	}
	if p := u.Port(); p != "" && p != "443" {
		return "", errHost
	}
	return hostName(u.Hostname())
}

// isDID knows the two kinds of identity that Bluesky uses.
func isDID(s string) bool {
	if rest, ok := strings.CutPrefix(s, "did:plc:"); ok {
		return len(rest) == 24 && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz234567") == ""
	}
	rest, ok := strings.CutPrefix(s, "did:web:")
	host, err := hostName(rest)
	return ok && err == nil && host == rest
}

var errPrivate = errors.New("the server's name leads into a private network")

// special are the ranges that netip does not name: shared, protocol,
// benchmark and documentation addresses, and IPv4 inside IPv6.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001:db8::/32"),
}

// public says whether an address with its port may be connected to.
func public(address string) bool {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || ap.Port() != 443 {
		return false
	}
	ip := ap.Addr().Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// publicOnly refuses connections to anything but public servers, whatever the
// name service says.
func publicOnly(_, address string, _ syscall.RawConn) error {
	if !public(address) {
		return errPrivate
	}
	return nil
}

// newTransport makes connections to public servers, or by the proxy that the
// person has set up, and to nothing else.
func newTransport() *http.Transport {
	guarded := &net.Dialer{Timeout: 15 * time.Second, Control: publicOnly}
	plain := &net.Dialer{Timeout: 15 * time.Second}
	var proxies sync.Map
	return &http.Transport{
		Proxy: func(req *http.Request) (*url.URL, error) {
			u, err := http.ProxyFromEnvironment(req)
			if u != nil {
				proxies.Store(u.Hostname(), true)
			}
			return u, err
		},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, _ := net.SplitHostPort(address)
			if _, ok := proxies.Load(host); ok {
				return plain.DialContext(ctx, network, address)
			}
			return guarded.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  60 * time.Second,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConnsPerHost:    1,
	}
}
