//go:build attack

package explore_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"contrastcheck/reports"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "folder for screenshots of the page")

// view is how a window is looked at.
type view struct {
	name, scheme  string
	width, height int64
	mobile        bool
}

var (
	light = view{"light", "light", 1280, 900, false}
	dark  = view{"dark", "dark", 1280, 900, false}
	phone = view{"phone", "light", 360, 740, true}
)

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

func (w *window) click(id string) {
	w.Helper()
	see[any](w, `document.getElementById("`+id+`").click(); 0`)
}

// place is the middle of what a selector finds, in pixels.
func (w *window) place(selector string) (x, y float64) {
	w.Helper()
	at := see[[2]float64](w, `(() => { const e = document.querySelector(`+string(mustJSON(selector))+`); e.scrollIntoView({block: "nearest"}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`)
	return at[0], at[1]
}

func (w *window) mouse(kind input.DispatchMouseEventType, x, y float64) {
	w.Helper()
	held := int64(1)
	if kind == input.DispatchMouseEventTypeMouseReleased {
		held = 0
	}
	call(w, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: held, ClickCount: 1})
}

// drag presses on what a selector finds and moves by so many pixels in steps.
func (w *window) drag(selector string, right, down float64, steps int) (release func()) {
	w.Helper()
	x, y := w.place(selector)
	w.mouse(input.DispatchMouseEventTypeMousePressed, x, y)
	for i := 1; i <= steps; i++ {
		share := float64(i) / float64(steps)
		w.mouse(input.DispatchMouseEventTypeMouseMoved, x+share*right, y+share*down)
	}
	return func() { w.mouse(input.DispatchMouseEventTypeMouseReleased, x+right, y+down) }
}

func (w *window) press(keys string, options ...chromedp.KeyOption) {
	w.Helper()
	must(w, chromedp.Do(w.tab, chromedp.KeyEvent(keys, options...)))
}

// settled waits until the answer is that of the state in the address.
func (w *window) settled() {
	w.Helper()
	see[any](w, `new Promise(r => setTimeout(r, 400))`) // longer than the pause after which the address is written
	w.until(`document.getElementById("verdict").textContent !== "…"`)
}

// axe runs axe-core on the page as it is.
func (w *window) axe() {
	w.Helper()
	source, err := os.ReadFile(filepath.Join("..", "reports", "testdata", "axe.min.js"))
	must(w, err)
	see[any](w, string(source)+`;0`)
	type violation struct{ ID, Impact, Help, Where string }
	for _, v := range see[[]violation](w, `axe.run(document, {preload: false, resultTypes: ["violations"]}).then(r => r.violations
		.filter(v => v.impact == "serious" || v.impact == "critical").map(v => ({ID: v.id, Impact: v.impact, Help: v.help, Where: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(" ")})))`) {
		w.Errorf("%s (%s): %s: %s", v.ID, v.Impact, v.Help, v.Where)
	}
}

// photograph keeps a screenshot of the window where one was asked for.
func (w *window) photograph(name string, whole bool) {
	w.Helper()
	if *screenshots == "" {
		return
	}
	picture := call(w, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &whole})
	must(w, os.WriteFile(filepath.Join(*screenshots, name+".png"), picture.Data, 0o644))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
