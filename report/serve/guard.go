package serve

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"lookback/report"
)

// policy lets the page's own style, script and requests through and nothing
// else: no frame, no picture but the page's own sign, no script from a post.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// guard stands before every page. Who asks must know the secret, must ask by
// the address that was printed (a name that leads here would let another site
// in), and must come from the page itself to change anything.
type guard struct {
	port   string
	secret string // in the printed address
	cookie string // what it is exchanged for
	form   string // in every form

	mu      sync.Mutex
	tickets map[string]time.Time // until when each is good
	now     func() time.Time
}

func newGuard(port int) *guard {
	return &guard{
		port: strconv.Itoa(port), secret: rand.Text(), cookie: rand.Text(), form: rand.Text(),
		tickets: map[string]time.Time{}, now: time.Now,
	}
}

// origin is the printed address without the secret.
func (g *guard) origin() string { return "http://127.0.0.1:" + g.port }

// cookieName has the port in it: browsers share cookies among ports, and two
// lookbacks may run at once.
func (g *guard) cookieName() string { return "lookback-" + g.port }

func (g *guard) ticket() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := rand.Text()
	g.tickets[t] = g.now().Add(time.Minute)
	return t
}

// admits says whether a secret opens the page. A ticket is then used up.
func (g *guard) admits(secret string) bool {
	if same(secret, g.secret) {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	until, ok := g.tickets[secret]
	delete(g.tickets, secret)
	return ok && g.now().Before(until)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (g *guard) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers(w.Header())
		if r.Host != "127.0.0.1:"+g.port && r.Host != "localhost:"+g.port {
			refuse(w, http.StatusMisdirectedRequest, "This address does not lead to lookback.")
			return
		}
		if name, ok := strings.CutPrefix(r.URL.Path, "/page/"); ok {
			asset(w, r, name)
			return
		}
		if secret, ok := strings.CutPrefix(r.URL.Path, "/open/"); ok {
			g.open(w, r, secret)
			return
		}
		c, err := r.Cookie(g.cookieName())
		switch {
		case err != nil || !same(c.Value, g.cookie):
			locked(w)
		case foreign(r):
			refuse(w, http.StatusForbidden, "This was asked for by another page, and is not done.")
		case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Header.Get("Origin") != "http://"+r.Host:
			refuse(w, http.StatusForbidden, "This was sent by another page, and is not done.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// headers are on every answer.
func headers(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	// Nothing goes along to another site. no-referrer would also take the
	// origin off the page's own forms, by which they are known.
	h.Set("Referrer-Policy", "same-origin")
}

// foreign says that another page fetched this, as browsers tell of it. Links
// are let through: what they lead to cannot be read by who made them.
func foreign(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	if site == "" || site == "same-origin" || site == "none" {
		return false
	}
	return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

// open exchanges the secret for a cookie. The page goes on to the overview by
// itself: an answer with a redirection would, for a visitor from elsewhere,
// leave the new cookie out.
func (g *guard) open(w http.ResponseWriter, r *http.Request, secret string) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, http.StatusMethodNotAllowed, "This address is for opening only.")
		return
	}
	if !g.admits(secret) {
		locked(w)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: g.cookieName(), Value: g.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	write(w, http.StatusOK, "opened", plainView{})
}

// keeps says whether a form was made by this server.
func (g *guard) keeps(r *http.Request) bool { return same(r.PostFormValue("form"), g.form) }

func locked(w http.ResponseWriter) {
	write(w, http.StatusForbidden, "plain", plainView{
		Title: "This page is locked",
		Text:  "Open it with the whole address that lookback printed when it was started: it ends in a secret. If lookback was started anew since, the address is another one.",
	})
}

func refuse(w http.ResponseWriter, code int, text string) {
	write(w, code, "plain", plainView{Title: "Not done", Text: text})
}

// asset serves the style, the script and the sign, which hold nothing private.
func asset(w http.ResponseWriter, r *http.Request, name string) {
	var kind, body string
	switch name {
	case "style.css":
		kind, body = "text/css; charset=utf-8", report.Style()+ownStyle
	case "serve.js":
		kind, body = "text/javascript; charset=utf-8", ownScript
	case "icon.svg":
		kind, body = "image/svg+xml", ownIcon
	default:
		refuse(w, http.StatusNotFound, "There is no such page.")
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "This can only be read.")
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write([]byte(body)) // a browser that went away
}
