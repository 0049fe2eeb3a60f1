package judge

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lookback/store"
)

func TestEndpoint(t *testing.T) {
	for in, want := range map[string]string{
		"http://localhost:11434":                      "http://localhost:11434/v1/chat/completions",
		"http://LOCALHOST:11434/v1":                   "http://LOCALHOST:11434/v1/chat/completions",
		"http://127.8.9.1/v1/":                        "http://127.8.9.1/v1/chat/completions",
		"https://[::1]:8443/api/v1":                   "https://[::1]:8443/api/v1/chat/completions",
		"http://[::ffff:127.0.0.1]/":                  "http://[::ffff:127.0.0.1]/v1/chat/completions",
		"http://localhost:1234/v1/chat/completions":   "http://localhost:1234/v1/chat/completions",
		"http://localhost:1234/v1/chat/completions//": "http://localhost:1234/v1/chat/completions",
	} {
		u, remote, err := endpoint(in, false)
		if err != nil || remote || u.String() != want {
			t.Errorf("%s: %v, remote %v, %v", in, u, remote, err)
		}
	}
	for _, in := range []string{"http://192.168.1.7:11434", "http://example.com/v1", "https://api.example.com", "http://localhost.example.com",
		"http://0.0.0.0:11434", "http://[fe80::1]", "http://127.0.0.1.example.com", "http://2130706433", "http://localhost."} {
		_, _, err := endpoint(in, false)
		var h *store.HintError
		if !errors.As(err, &h) || !strings.Contains(h.Hint, "--judge-allow-remote") {
			t.Errorf("%s is taken for this computer: %v", in, err)
		}
		if _, remote, err := endpoint(in, true); err != nil || !remote {
			t.Errorf("%s when allowed: remote %v, %v", in, remote, err)
		}
	}
	for _, in := range []string{"", "localhost:11434", "ftp://localhost", "http://", "http://me:secret-key@localhost", "http://localhost/v1?key=secret-key",
		"http://localhost/#secret-key", "http://secret-key\x7f"} {
		_, _, err := endpoint(in, true)
		if err == nil {
			t.Errorf("%q is taken", in)
		}
		checkQuiet(t, err)
	}
	if _, err := New(Options{URL: "http://localhost"}); err == nil {
		t.Error("no model is needed")
	}
}

// TestOnlyHere: what is dialled is looked at, whatever the name was.
func TestOnlyHere(t *testing.T) {
	for address, want := range map[string]error{"127.0.0.1:80": nil, "127.200.0.9:1": nil, "[::1]:80": nil, "[::ffff:127.0.0.1]:80": nil,
		"192.0.2.1:80": errNotHere, "10.0.0.1:80": errNotHere, "0.0.0.0:80": errNotHere, "[::]:80": errNotHere, "[2001:db8::1]:80": errNotHere, "localhost:80": errNotHere} {
		if err := onlyHere("tcp", address, nil); !errors.Is(err, want) {
			t.Errorf("%s: %v", address, err)
		}
	}
	// As if a name that had been taken for this computer led elsewhere.
	j, waits := judgeAt(t, "http://localhost:1")
	j.endpoint = &url.URL{Scheme: "http", Host: "192.0.2.1:80", Path: askPath}
	_, err := j.Ask(t.Context(), question(canary))
	if !errors.Is(err, ErrDown) || !errors.Is(err, errNotHere) || len(*waits) > 0 {
		t.Errorf("%v after %v", err, *waits)
	}
	checkQuiet(t, err)
}

// TestNoProxy: no proxy of the environment sees a post.
func TestNoProxy(t *testing.T) {
	for _, remote := range []bool{false, true} {
		if tr := newClient(remote).Transport.(*http.Transport); tr.Proxy != nil {
			t.Errorf("remote %v: a proxy is asked for", remote)
		}
	}
}

// TestRedirectStays: the server that is redirected to hears nothing.
func TestRedirectStays(t *testing.T) {
	heard := false
	other, _ := testJudge(t, func(w http.ResponseWriter, _ *http.Request) {
		heard = true
		says(w, good)
	})
	j, _ := testJudge(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.endpoint.String(), http.StatusPermanentRedirect)
	})
	if _, err := j.Ask(t.Context(), question(canary)); !errors.Is(err, ErrDown) || heard {
		t.Errorf("heard %v, %v", heard, err)
	}
}
