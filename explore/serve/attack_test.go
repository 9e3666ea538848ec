//go:build attack

package serve_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// lively fails unless the page and an answer come soon.
func lively(t *testing.T, url, when string) {
	t.Helper()
	begun := time.Now()
	const soon = 10 * time.Second // on machines that are busy with other things
	for _, try := range []int{1, 2, 3} {
		code, _, text := sent(t, "POST", url+"answer", twoPoints)
		if code == 200 {
			break
		}
		if code != 503 || try == 3 {
			t.Errorf("%s: an answer is %d: %s", when, code, text)
		}
		time.Sleep(time.Second) // as the answer asks
	}
	if code, _, _ := sent(t, "GET", url, ""); code != 200 {
		t.Errorf("%s: the page is %d", when, code)
	}
	if took := time.Since(begun); took > soon {
		t.Errorf("%s: the page and an answer took %v", when, took)
	}
}

// bounded fails if what is attacked takes more memory than that, in bytes.
func bounded(t *testing.T, most uint64, attack func()) {
	t.Helper()
	runtime.GC()
	var before, during runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	var peak atomic.Uint64
	go func() {
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				runtime.ReadMemStats(&during)
				peak.Store(max(peak.Load(), during.HeapInuse+during.StackInuse))
			}
		}
	}()
	attack()
	close(done)
	if grown := peak.Load() - min(peak.Load(), before.HeapInuse+before.StackInuse); grown > most {
		t.Errorf("the attack took %d MB of memory", grown>>20)
	} else {
		t.Logf("%d MB", grown>>20)
	}
}

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// A body of 100 MB is refused after a part of it.
func TestAttackLongBody(t *testing.T) {
	url := served(t)
	bounded(t, 50<<20, func() {
		read := &counted{r: io.LimitReader(zeros{}, 100<<20)}
		answer, err := http.Post(url+"answer", "application/json", read)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != 413 {
				t.Errorf("answered with %d", answer.StatusCode)
			}
		}
		if n := read.n.Load(); n > 20<<20 {
			t.Errorf("%d MB were taken", n>>20)
		}
		t.Logf("%v after %d kB", err, read.n.Load()>>10)
	})
	lively(t, url, "after a long body")
}

type counted struct {
	r io.Reader
	n atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// Mixtures of thousands of components, of thousands of dimensions, and of long numbers are refused at once.
func TestAttackLargeMixtures(t *testing.T) {
	url := served(t)
	list := func(n int, of string) string { return "[" + strings.TrimSuffix(strings.Repeat(of+",", n), ",") + "]" }
	for name, body := range map[string]string{
		"components":    `{"weights": ` + list(10000, "1") + `, "means": ` + list(10000, "[1,2]") + `, "covariance": "identity"}`,
		"means alone":   `{"weights": [1], "means": ` + list(10000, "[1,2]") + `, "covariance": "identity"}`,
		"dimensions":    `{"weights": [1], "means": [` + list(10000, "1") + `], "covariance": "identity"}`,
		"covariance":    `{"weights": [1], "means": [[1]], "covariance": [` + list(20000, "[1]") + `]}`,
		"a long number": `{"weights": [1], "means": [[1` + strings.Repeat("0", 200000) + `]], "covariance": "identity"}`,
		"deep":          strings.Repeat(`[`, 100000),
		"deep options":  `{"weights": [1], "means": [[1]], "covariance": "identity", "options": ` + strings.Repeat(`{"loss":`, 20000) + `1` + strings.Repeat("}", 20000) + `}`,
		"paired":        `{"weights": [1], "visual": {"means": ` + list(10000, "[1]") + `, "covariance": "identity"}, "text": {"means": [[1]], "covariance": "identity"}}`,
		"a wide map":    `{"mixture": ` + twoPoints + `, "x": {"parameter": "delta", "from": 0, "to": 1, "steps": 1000000000}, "y": {"parameter": "weights[0]", "from": 1, "to": 2, "steps": 2}}`,
	} {
		path := "answer"
		if name == "a wide map" {
			path = "ask/map"
		}
		bounded(t, 100<<20, func() {
			begun := time.Now()
			code, _, text := sent(t, "POST", url+path, body)
			if code != 400 || len(text) > 1000 {
				t.Errorf("%s: %d, %.200s", name, code, text)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("%s took %v", name, took)
			}
		})
	}
	lively(t, url, "after large mixtures")
}

// Of 200 questions at once each is answered or told to come again, in bounded memory.
func TestAttackParallel(t *testing.T) {
	url := served(t)
	means := make([]string, 12)
	for i := range means {
		means[i] = fmt.Sprintf("[%d, %d, %d]", i%3, i%4, i%5)
	}
	heavy := `{"weights": [1,2,3,4,5,6,7,8,9,10,11,12], "means": [` + strings.Join(means, ",") + `], "covariance": "identity"}`
	for name, ask := range map[string]struct{ path, body string }{
		"answers": {"answer", twoPoints}, "heavy answers": {"answer", heavy},
		"maps": {"ask/map", `{"mixture": ` + twoPoints + `, "x": {"parameter": "delta", "from": 0, "to": 1, "steps": 10}, "y": {"parameter": "weights[0]", "from": 1, "to": 2, "steps": 10}}`},
	} {
		bounded(t, 300<<20, func() {
			var all sync.WaitGroup
			var codes sync.Map
			for range 200 {
				all.Go(func() {
					answer, err := http.Post(url+ask.path, "application/json", strings.NewReader(ask.body))
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					_, _ = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					n, _ := codes.LoadOrStore(answer.StatusCode, new(atomic.Int64))
					n.(*atomic.Int64).Add(1)
				})
			}
			all.Wait()
			codes.Range(func(code, n any) bool {
				t.Logf("%s: %d answered with %d", name, n.(*atomic.Int64).Load(), code)
				if code != 200 && code != 503 {
					t.Errorf("%s: %d", name, code)
				}
				return true
			})
			if n, some := codes.Load(200); !some || n.(*atomic.Int64).Load() == 0 {
				t.Errorf("%s: none of 200 was answered", name)
			}
		})
	}
	lively(t, url, "after 200 questions at once")
}

// Clients that send their questions byte by byte, or read no answer, are given up, and others are served meanwhile.
func TestAttackSlow(t *testing.T) {
	url := served(t)
	at := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")
	var slow []net.Conn
	dial := func(text string) net.Conn {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for range 50 {
		slow = append(slow, dial("POST /answer HTTP/1.1\r\nHost: "+at+"\r\nX: "), // headers that do not end
			dial("POST /answer HTTP/1.1\r\nHost: "+at+"\r\nContent-Length: 1000\r\n\r\n{")) // a body that does not end
	}
	dial("GET /main.js HTTP/1.1\r\nHost: " + at + "\r\n\r\n") // and one that does not read
	lively(t, url, "beside slow clients")
	deadline := time.Now().Add(30 * time.Second)
	for _, c := range slow {
		_ = c.SetReadDeadline(deadline)
		if _, err := io.Copy(io.Discard, bufio.NewReader(c)); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatal("a slow client is still connected")
		}
	}
}
