package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"contrastcheck/explore/serve"
)

const twoPoints = `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`

// served is a server that ends with the test.
func served(t testing.TB) (url string) {
	t.Helper()
	s, err := serve.Listen(0, []byte(`{"mixture": `+twoPoints+"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		end()
		if err := <-done; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if c, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.URL(), "http://"), "/")); err == nil {
			c.Close()
			t.Error("it is still there")
		}
	})
	return s.URL()
}

// sent sends a request and returns the answer's code, header and text.
func sent(t testing.TB, method, url, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Add(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

// Only this machine's own page is answered, by its own names.
func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	url := served(t)
	port := strings.TrimSuffix(url[strings.LastIndex(url, ":")+1:], "/")
	for _, c := range []struct {
		name   string
		header []string
		code   int
	}{
		{"a program", nil, 200},
		{"the page", []string{"Origin", strings.TrimSuffix(url, "/"), "Sec-Fetch-Site", "same-origin"}, 200},
		{"localhost", []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port}, 200},
		{"another name of this machine", []string{"Host", "rebound.example:" + port}, 403},
		{"its name without the port", []string{"Host", "127.0.0.1"}, 403},
		{"a name that begins with its own", []string{"Host", "127.0.0.1:" + port + ".example"}, 403},
		{"another site", []string{"Origin", "https://stranger.example"}, 403},
		{"another port", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"another scheme", []string{"Origin", "https://127.0.0.1:" + port}, 403},
		{"a file", []string{"Origin", "null"}, 403},
		{"two origins", []string{"Origin", strings.TrimSuffix(url, "/"), "Origin", "https://stranger.example"}, 403},
		{"a post across sites without an origin", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a post of another port without an origin", []string{"Sec-Fetch-Site", "same-site"}, 403},
	} {
		for _, path := range []string{"answer", "ask/start", "ask/gallery"} {
			if code, _, text := sent(t, "POST", url+path, twoPoints, c.header...); code != c.code {
				t.Errorf("%s at %s: %d, expected %d: %.200s", c.name, path, code, c.code, text)
			}
		}
	}
	if code, _, _ := sent(t, "GET", url, "", "Host", "rebound.example:"+port); code != 403 {
		t.Errorf("the page by another name: %d", code)
	}
	if code, _, _ := sent(t, "GET", url, "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"); code != 200 {
		t.Errorf("a link to the page: %d", code)
	}
	if code, _, _ := sent(t, "GET", url+"main.js", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"); code != 403 {
		t.Errorf("a script of the page in another: %d", code)
	}
}

// The page is this program's, asks this server, and may load from nowhere else. No other file is there.
func TestPage(t *testing.T) {
	t.Parallel()
	url := served(t)
	code, header, text := sent(t, "GET", url, "")
	if code != 200 || !strings.Contains(text, `<meta name="engine" content="server">`) {
		t.Errorf("the page: %d", code)
	}
	policy := header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %s", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") || strings.Contains(policy, "*") {
		t.Errorf("the policy is %q", policy)
	}
	if code, header, _ := sent(t, "GET", url+"main.js", ""); code != 200 || !strings.Contains(header.Get("Content-Type"), "javascript") || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("main.js: %d, %v", code, header)
	}
	for _, path := range []string{"../go.mod", "%2e%2e/go.mod", "..%2fgo.mod", "//etc/passwd", "assets.go", "contrastcheck.wasm"} {
		if code, _, text := sent(t, "GET", url+path, ""); code == 200 && !strings.Contains(text, "<!DOCTYPE html>") {
			t.Errorf("%s: %d, %.100s", path, code, text)
		}
	}
	if code, _, _ := sent(t, "GET", url+"answer", ""); code != 405 && code != 404 {
		t.Errorf("a GET of an answer: %d", code)
	}
}

// What is wrong is 400 with a sentence, what is too long 413; pieces come as lines, and the answer last.
func TestAnswers(t *testing.T) {
	t.Parallel()
	url := served(t)
	code, header, text := sent(t, "POST", url+"answer", twoPoints)
	var s struct{ Equality struct{ Verdict string } }
	if err := json.Unmarshal([]byte(text), &s); code != 200 || err != nil || s.Equality.Verdict != "refuted" || header.Get("Content-Type") != "application/json" {
		t.Errorf("%d, %v, %v: %s", code, header, err, text)
	}
	if code, _, text := sent(t, "POST", url+"answer", `{"weights": [1`); code != 400 || text != "weights: expected well-formed JSON, found the end of the file\n" {
		t.Errorf("%d: %q", code, text)
	}
	if code, _, text := sent(t, "POST", url+"answer", strings.Repeat(" ", 300<<10)); code != 413 {
		t.Errorf("%d: %q", code, text)
	}
	body := `{"mixture": ` + twoPoints + `, "x": {"parameter": "means[1][0]", "from": -1, "to": 1, "steps": 5}, "y": {"parameter": "delta", "from": "1/2", "to": 1, "steps": 5}}`
	code, header, text = sent(t, "POST", url+"ask/map", body)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if code != 200 || header.Get("Content-Type") != "application/x-ndjson" || len(lines) < 6 || lines[len(lines)-1] != `{"done":true}` {
		t.Errorf("%d, %v: %s", code, header, text)
	}
	if code, _, text := sent(t, "POST", url+"ask/start", ""); code != 200 || !strings.Contains(text, `"weights"`) {
		t.Errorf("start: %d, %s", code, text)
	}
}

// A port in use is said, with what to do.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	_, err = serve.Listen(port, nil)
	var refused *serve.PortError
	if !errors.As(err, &refused) || refused.Port != port || !strings.HasSuffix(err.Error(), "which is in use; leave --port out, and a free one is taken") {
		t.Errorf("found %v", err)
	}
}

// An answer that nobody waits for any more is given up.
func TestCancelled(t *testing.T) {
	t.Parallel()
	url := served(t)
	ctx, end := context.WithCancel(context.Background())
	body := `{"mixture": ` + twoPoints + `, "x": {"parameter": "means[1][0]", "from": -1, "to": 1, "steps": 100}, "y": {"parameter": "weights[0]", "from": "1/2", "to": 4, "steps": 100}}`
	r, err := http.NewRequestWithContext(ctx, "POST", url+"ask/map", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 1)
	if _, err := answer.Body.Read(first); err != nil {
		t.Fatal(err)
	}
	end()
	rest, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err == nil && bytes.Contains(rest, []byte("done")) {
		t.Error("the map was drawn to its end")
	}
	begun := time.Now()
	if code, _, text := sent(t, "POST", url+"answer", twoPoints); code != 200 {
		t.Errorf("afterwards: %d, %s after %v", code, text, time.Since(begun))
	}
}
