package explore_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"contrastcheck/reports"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// view is how a window is looked at.
type view struct {
	name, scheme  string
	width, height int64
	mobile        bool
}

var light = view{"light", "light", 1280, 900, false}

// window is a page in Chromium, and what was seen of it.
type window struct {
	testing.TB
	tab context.Context

	lock       sync.Mutex
	complaints []string // what the console says
	requests   []string
}

// chromium starts a browser for a test, which is skipped where there is none.
func chromium(t testing.TB) context.Context {
	t.Helper()
	browser, err := reports.Browser()
	if err != nil {
		t.Skip("no Chromium or Chrome on this machine: the page is not opened")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	first, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	if _, err := chromedp.Run(first, chromedp.Evaluate[int]("1")); err != nil {
		t.Fatal(err)
	}
	return first
}

// open opens an address in a window of its own, whose main thread is watched.
func open(t testing.TB, browser context.Context, address string, v view) *window {
	t.Helper()
	tab, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	const patience = 2 * time.Minute // a busy machine starts a browser slowly
	tab, stop = context.WithTimeout(tab, patience)
	t.Cleanup(stop)
	w := &window{TB: t, tab: tab}
	must(t, chromedp.Listen(tab, w.listen))
	call(w, network.Enable, network.EnableParams{})
	call(w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}})
	call(w, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `self.blocked = []; new PerformanceObserver(l => l.getEntries().forEach(e => self.blocked.push(e.duration))).observe({type: "longtask"})`})
	var options []chromedp.EmulateViewportOption
	if v.mobile {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	must(t, chromedp.Do(tab, chromedp.EmulateViewport(v.width, v.height, options...), chromedp.Navigate(address)))
	w.until(`document.getElementById("verdict").textContent !== "…"`)
	return w
}

func (w *window) listen(event any) {
	w.lock.Lock()
	defer w.lock.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		w.complaints = append(w.complaints, text)
	case *runtime.EventConsoleAPICalled:
		w.complaints = append(w.complaints, "console."+string(e.Type))
	case *log.EventEntryAdded:
		w.complaints = append(w.complaints, e.Entry.Text+" "+e.Entry.URL)
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	}
}

// quiet fails if the console said anything, or a request left for elsewhere than below the origin.
func (w *window) quiet(origin string) {
	w.Helper()
	w.lock.Lock()
	defer w.lock.Unlock()
	for _, c := range w.complaints {
		w.Errorf("the console says: %s", c)
	}
	for _, r := range w.requests {
		if !strings.HasPrefix(r, origin) && !strings.HasPrefix(r, "blob:"+origin) && !strings.HasPrefix(r, "data:") {
			w.Errorf("a request left the page: %s", r)
		}
	}
	if len(w.requests) == 0 {
		w.Error("no request was seen at all")
	}
}

// see evaluates an expression of the page.
func see[T any](w *window, expression string) T {
	w.Helper()
	value, err := chromedp.Run(w.tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for a condition of the page.
func (w *window) until(condition string) {
	w.Helper()
	const patience = time.Minute
	waiting := `new Promise(done => { const end = performance.now() + ` + milliseconds(patience) + `; (function look() {
		if (` + condition + `) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 10); })() })`
	if !see[bool](w, waiting) {
		w.Fatalf("in %v never came: %s; the verdict is %q, the failure %q", patience, condition, w.text("verdict"), w.text("failure"))
	}
}

func milliseconds(d time.Duration) string { return string(mustJSON(d.Milliseconds())) }

func mustJSON(x any) []byte {
	text, err := json.Marshal(x)
	if err != nil {
		panic(err)
	}
	return text
}

func (w *window) text(id string) string {
	w.Helper()
	return see[string](w, `document.getElementById("`+id+`").textContent`)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call runs a command of the browser's protocol.
func call[P, R any](w *window, command cdp.Command[P, R], parameters P) R {
	w.Helper()
	answer, err := chromedp.Call(w.tab, command, parameters)
	must(w, err)
	return answer
}
