//go:build attack

package explore_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "folder for screenshots of the page")

var (
	dark  = view{"dark", "dark", 1280, 900, false}
	phone = view{"phone", "light", 360, 740, true}
)

func (w *window) number(text string) float64 {
	w.Helper()
	x, err := strconv.ParseFloat(text, 64)
	must(w, err)
	return x
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
