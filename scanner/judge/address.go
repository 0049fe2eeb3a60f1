package judge

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"lookback/store"
)

const askPath = "/chat/completions"

// endpoint reads the address of a judge, in the forms in which people have it:
// http://localhost:11434, with /v1 or with all of the path. remote says that it
// is on another computer.
func endpoint(address string, allowRemote bool) (u *url.URL, remote bool, err error) {
	wrong := func(format string, args ...any) (*url.URL, bool, error) {
		return nil, false, &store.HintError{Err: fmt.Errorf(format, args...), Hint: "give an address such as http://localhost:11434/v1"}
	}
	u, err = url.Parse(address)
	switch {
	case err != nil: // its words hold the address, and that may hold a password
		return wrong("the judge's address cannot be read")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return wrong("the judge's address names no server")
	case u.User != nil:
		return nil, false, &store.HintError{Err: errors.New("the judge's address holds a password"), Hint: "put a key into the environment variable " + KeyVariable}
	case u.RawQuery != "" || u.Fragment != "":
		return wrong("the judge's address ends in a query")
	}
	path := strings.TrimRight(u.Path, "/")
	switch {
	case path == "":
		path = "/v1" + askPath
	case !strings.HasSuffix(path, askPath):
		path += askPath
	}
	u.Path, u.RawPath = path, ""
	if remote = !local(u.Hostname()); remote && !allowRemote {
		return nil, false, &store.HintError{Err: fmt.Errorf("the judge at %s is not on this computer", u.Hostname()),
			Hint: "run it here, or say --judge-allow-remote if your posts may go there"}
	}
	return u, remote, nil
}

// local says whether a name can only be this computer. That localhost really
// leads here is seen when it is dialled.
func local(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

var errNotHere = errors.New("the name leads to another computer")

// onlyHere lets a connection through when it goes to this computer. It sees
// the address that is dialled, so that no name can lead elsewhere.
func onlyHere(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !a.Addr().Unmap().IsLoopback() {
		return errNotHere
	}
	return nil
}

// newClient asks the server itself: no proxy, whatever the environment says,
// no redirection, no cookies.
func newClient(remote bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	if !remote {
		dialer.Control = onlyHere
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxIdleConnsPerHost:    64,
			IdleConnTimeout:        90 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
