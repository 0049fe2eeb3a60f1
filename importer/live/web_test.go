//go:build !nonetwork

package live

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
)

var question = request{service: "the service", host: "social.example", path: "/things", query: url.Values{"n": {"1"}}, bearer: secret, max: 1 << 20}

func TestRequestIsModest(t *testing.T) {
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "follow", Value: "me"})
		reply(w, 200, "{}")
	})
	for range 2 {
		if _, err := s.web.get(t.Context(), question); err != nil {
			t.Fatal(err)
		}
	}
	for _, req := range s.seen() {
		if req.Method != http.MethodGet || req.URL.String() != "/social.example/things?n=1" {
			t.Errorf("got %s %s", req.Method, req.URL)
		}
		if !strings.Contains(req.UserAgent(), "lookback") || req.Header.Get("Authorization") != "Bearer "+secret || req.Header.Get("Cookie") != "" {
			t.Errorf("got the headers %v", req.Header)
		}
	}
}

func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name  string
		fail  http.HandlerFunc
		times int32
		words string // of the error; empty for success
		calls int
	}{
		{"a passing 503", func(w http.ResponseWriter, _ *http.Request) { reply(w, 503, "busy") }, 2, "", 3},
		{"a lasting 500", func(w http.ResponseWriter, _ *http.Request) { reply(w, 500, "{}") }, 99, "out of order (status 500)", 4},
		{"a cut body", cutBody, 3, "", 4},
		{"a lasting cut", cutBody, 99, "broke off in the middle", 4},
		{"a broken connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 99, "asking the service", 4},
		{"a huge body", hugeBody, 99, "larger than any honest one", 1},
		{"a huge body, announced", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(1<<40))
			w.WriteHeader(200)
		}, 99, "larger than any honest one", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var calls atomic.Int32
			s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
				if calls.Add(1) <= c.times {
					c.fail(w, req)
					return
				}
				reply(w, 200, `{"ok":true}`)
			})
			s.web.client.Transport.(*http.Transport).DisableKeepAlives = true // each try is one of ours
			a, err := s.web.get(t.Context(), question)
			switch {
			case c.words == "" && (err != nil || string(a.body) != `{"ok":true}`):
				t.Errorf("got %v", err)
			case c.words != "":
				wantError(t, err, c.words)
			}
			if got := int(calls.Load()); got != c.calls {
				t.Errorf("asked %d times, want %d", got, c.calls)
			}
			if want := []time.Duration{time.Second, 4 * time.Second, 16 * time.Second}[:c.calls-1]; !slices.Equal(s.slept, want) {
				t.Errorf("slept %v, want %v", s.slept, want)
			}
		})
	}
}

func cutBody(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `[{"text":"the beginning of`)
}

// hugeBody sends without an end, until nobody listens.
func hugeBody(w http.ResponseWriter, req *http.Request) {
	block := []byte(strings.Repeat("a", 64<<10))
	for req.Context().Err() == nil {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func TestSlowServer(t *testing.T) {
	done := make(chan struct{})
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		select {
		case <-req.Context().Done():
		case <-done:
		}
	})
	defer close(done)
	q := question
	q.timeout = 30 * time.Millisecond
	_, err := s.web.get(t.Context(), q)
	wantError(t, err, "took too long")
	if n := len(s.seen()); n != 1 {
		t.Errorf("what had its own time was asked for %d times", n)
	}
}

func TestInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		cancel()
		<-req.Context().Done()
	})
	if _, err := s.web.get(ctx, question); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRedirects(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		t.Errorf("the other server was asked, with %v", req.Header)
	}))
	defer elsewhere.Close()
	for _, c := range []struct{ name, to, words string }{
		{"another host", "https://other.example/things", "sends to another one, other.example, which is not followed"},
		{"another port", elsewhere.URL + "/things", "sends to another address, which is not followed"},
		{"another scheme", "ftp://social.example/", "not followed"},
		{"a private name", "http://router.local/", "another address, which is not followed"},
		{"round and round", "/social.example/things", "not followed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, c.to, http.StatusFound) })
			_, err := s.web.get(t.Context(), question)
			wantError(t, err, c.words)
			if strings.Contains(err.Error(), secret) {
				t.Error("the error tells the credential")
			}
		})
	}
	s := newStage(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/social.example/things" {
			http.Redirect(w, req, "/social.example/moved", http.StatusFound)
			return
		}
		reply(w, 200, "here")
	})
	if a, err := s.web.get(t.Context(), question); err != nil || string(a.body) != "here" {
		t.Errorf("a redirection on the same server gave %q, %v", a.body, err)
	}
}

func TestLimitIsWaitedFor(t *testing.T) {
	reset := start.Add(14 * time.Minute)
	for _, c := range []struct {
		name, header, value string
		want                time.Duration
	}{
		{"X", "x-rate-limit-reset", strconv.FormatInt(reset.Unix(), 10), 14 * time.Minute},
		{"Mastodon", "X-RateLimit-Reset", "2026-11-22T09:44:00.123456Z", 14*time.Minute + 123456*time.Microsecond},
		{"Bluesky", "ratelimit-reset", strconv.FormatInt(reset.Unix(), 10), 14 * time.Minute},
		{"in seconds", "RateLimit-Reset", "90", 90 * time.Second},
		{"after", "Retry-After", "120", 2 * time.Minute},
		{"after a date", "Retry-After", reset.Format(http.TimeFormat), 14 * time.Minute},
		{"in the past", "x-rate-limit-reset", "1000000000", minWait},
		{"no word", "X-Nothing", "1", time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			s := newStage(t, func(w http.ResponseWriter, _ *http.Request) {
				if calls++; calls == 1 {
					w.Header().Set(c.header, c.value)
					reply(w, 429, "{}")
					return
				}
				reply(w, 200, "{}")
			})
			s.web.wait = s.Wait
			if _, err := s.web.get(t.Context(), question); err != nil {
				t.Fatal(err)
			}
			if len(s.slept) != 1 || s.slept[0] != c.want {
				t.Errorf("slept %v, want %v", s.slept, c.want)
			}
			if len(s.waits) != 2 || s.waits[1] != "the service goes on" {
				t.Errorf("said %v", s.waits)
			}
		})
	}
}

func TestLimitIsNotWaitedForForever(t *testing.T) {
	s := newStage(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("x-rate-limit-reset", strconv.FormatInt(start.Add(24*time.Hour).Unix(), 10))
		reply(w, 429, "{}")
	})
	_, err := s.web.get(t.Context(), question)
	wantError(t, err, "allows no more requests until 2")
	s = newStage(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 429, "{}") })
	_, err = s.web.get(t.Context(), question)
	wantError(t, err, "allows no more requests")
	if len(s.slept) != maxWaits {
		t.Errorf("waited %d times", len(s.slept))
	}
}

// TestLastRequest: an answer that says it was the last one makes the next
// request wait, and a hostile date does not.
func TestLastRequest(t *testing.T) {
	for until, want := range map[time.Duration]int{5 * time.Minute: 1, 1000 * time.Hour: 0} {
		s := newStage(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset", start.Add(until).Format(time.RFC3339))
			reply(w, 200, "{}")
		})
		for range 2 {
			if _, err := s.web.get(t.Context(), question); err != nil {
				t.Fatal(err)
			}
		}
		if len(s.slept) != want {
			t.Errorf("with a limit in %v it slept %v", until, s.slept)
		}
	}
}

func TestHostNames(t *testing.T) {
	for in, want := range map[string]string{
		"mastodon.social": "mastodon.social", "Mastodon.Social.": "mastodon.social", "müll.example": "xn--mll-hoa.example",
		"": "", "mastodon": "", "127.0.0.1": "", "10.1": "", "[::1]": "", "a.b:8080": "", "user@host.example": "", "a.example/path": "",
		"localhost.localdomain": "localhost.localdomain", "router.local": "", "vault.internal": "", "a..example": "", "-a.example": "",
		"a.example?x": "", "0x7f.0x1": "", "a b.example": "", "a%2eexample.com": "", strings.Repeat("a.", 130) + "example": "",
	} {
		got, err := hostName(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("hostName(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"https://pds.example": "pds.example", "https://pds.example/": "pds.example", "https://pds.example:443": "pds.example",
		"http://pds.example": "", "https://pds.example:8443": "", "https://u:p@pds.example": "", "https://pds.example/x": "",
		"https://169.254.169.254": "", "file:///etc/passwd": "", "https://pds.example?x=1": "",
	} {
		if got, _ := hostOf(in); got != want {
			t.Errorf("hostOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPublicAddresses(t *testing.T) {
	for in, want := range map[string]bool{
		"1.1.1.1:443": true, "[2606:4700::1111]:443": true, "1.1.1.1:80": false, "127.0.0.1:443": false, "[::1]:443": false,
		"10.0.0.1:443": false, "172.16.9.9:443": false, "192.168.1.1:443": false, "169.254.169.254:443": false, "100.64.0.1:443": false,
		"0.0.0.0:443": false, "[::ffff:10.0.0.1]:443": false, "[fe80::1%eth0]:443": false, "[fd00::1]:443": false,
		"[64:ff9b::a00:1]:443": false, "224.0.0.1:443": false, "255.255.255.255:443": false, "nonsense": false,
	} {
		if got := public(in); got != want {
			t.Errorf("public(%q) = %v", in, got)
		}
	}
}

// TestRealTransportIsGuarded: the transport of the program does not connect
// to this computer, whatever the name.
func TestRealTransportIsGuarded(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, "")
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	defer server.Close()
	w := newWeb()
	w.sleep = func(context.Context, time.Duration) error { return nil }
	w.base = func(string) string { return server.URL }
	_, err := w.get(t.Context(), question)
	wantError(t, err, errPrivate.Error())
	if got := newWeb().base("a.example"); got != "https://a.example" {
		t.Errorf("asks %s", got)
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"x:@Some_One": "x:@Some_One", "X:someone": "x:@someone", "twitter:@a": "x:@a",
		"mastodon:@me@Mastodon.Social": "mastodon:@me@mastodon.social", "mastodon:me@a.example": "mastodon:@me@a.example",
		"bluesky:me.bsky.social": "bluesky:me.bsky.social", "bluesky:@Me.Example": "bluesky:me.example",
		"bluesky:did:plc:abcdefghijklmnopqrstuvwx": "bluesky:did:plc:abcdefghijklmnopqrstuvwx",
		"bluesky:did:web:me.example":               "bluesky:did:web:me.example",
	} {
		got, err := Parse(in)
		if err != nil || got.String() != want {
			t.Errorf("Parse(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "someone", "x:", "x:@toolongforahandleofx", "x:a b", "x:../../", "facebook:me", "mastodon:@me", "mastodon:me@localhost",
		"mastodon:@me@127.0.0.1", "mastodon:@me@a.example/x", "mastodon:@a/b@a.example", "mastodon:..@a.example", "bluesky:me", "bluesky:did:plc:short",
		"bluesky:did:web:127.0.0.1", "bluesky:did:key:zzz", "bluesky:did:web:A.example"} {
		if _, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) was content", in)
		} else {
			wantError(t, err, "this ")
		}
	}
}

func TestMemory(t *testing.T) {
	m := memory{"data/a.js": []byte("1"), "data/b.js": []byte("22"), "c.car": nil}
	// Without ReadFile, which hands out the data itself.
	if err := fstest.TestFS(struct{ fs.ReadDirFS }{m}, "data/a.js", "data/b.js", "c.car"); err != nil {
		t.Error(err)
	}
	if b, err := m.ReadFile("data/b.js"); err != nil || string(b) != "22" {
		t.Errorf("got %q, %v", b, err)
	}
	if _, err := m.ReadFile("data"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
