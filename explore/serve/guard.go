package serve

import (
	"io"
	"log"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// policy lets the page load from this server and nowhere else, run no script that is written in it or made of text, and be shown in no other page.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guarded refuses requests that are not of this machine's own page, and has browsers keep what they are given to themselves.
func guarded(port int, next http.Handler) http.Handler {
	var names []string
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]"} {
		names = append(names, name+":"+strconv.Itoa(port))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			w.Header().Set(name, value)
		}
		switch {
		case !slices.Contains(names, r.Host):
			http.Error(w, "expected the address that contrastcheck explore printed, found another Host", http.StatusForbidden)
		case !ours(r, names):
			http.Error(w, "expected a request of the page that contrastcheck explore serves, found another Origin", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ours tells that no other page asks. Browsers say which one does with every post; programs say nothing.
func ours(r *http.Request, names []string) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" { // another port is the same site
		return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" // a link to the page
	}
	origins := r.Header.Values("Origin")
	for _, origin := range origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" || !slices.Contains(names, u.Host) {
			return false
		}
	}
	return len(origins) <= 1
}

// silent is a log of nothing: what clients do wrong is told to them.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }
