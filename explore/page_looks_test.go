//go:build attack

package explore_test

import (
	"math"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// In light, in the dark and on a phone the page fits, and axe-core finds nothing serious.
func TestLooks(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		browser := chromium(t)
		for _, v := range []view{light, dark, phone} {
			t.Run(v.name, func(t *testing.T) {
				w := open(t, browser, address+outlier, v)
				w.until(`document.querySelectorAll("#losses-table tr").length > 3 && document.querySelectorAll("#stored li").length > 3 && /cells/.test(document.getElementById("map-said").textContent)`)
				if wide := see[[2]int](w, `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`); wide[0] > wide[1] {
					t.Errorf("the page is %d pixels wide in a window of %d", wide[0], wide[1])
				}
				if small := see[[]string](w, `[...document.querySelectorAll("button, select, .component .target, .handle .target")].filter(e => e.checkVisibility()).filter(e => { const b = e.getBoundingClientRect(); return b.height < 24 && !e.matches(".link") }).map(e => e.outerHTML.slice(0, 80))`); v.mobile && len(small) > 0 {
					t.Errorf("too small for a finger: %q", small)
				}
				w.photograph(v.name, false)
				w.photograph(v.name+"-whole", true)
				w.axe()
				if v.mobile {
					w.finger()
				}
				w.quiet(address)
			})
		}
	})
}

// finger drags the first mean by touch.
func (w *window) finger() {
	w.Helper()
	before := see[string](w, `location.hash`)
	see[any](w, `scrollTo(0, 0); 0`)
	x, y := w.place(`[data-k="0"] .mass`)
	touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		call(w, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: append([]*input.TouchPoint{}, points...)})
	}
	touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y})
	for i := range 20 {
		touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: x - 5*float64(i+1), Y: y + 2*float64(i+1)})
	}
	touch(input.DispatchTouchEventTypeTouchEnd)
	w.settled()
	if now := see[string](w, `location.hash`); now == before {
		w.Errorf("a finger moved nothing: %s", now)
	}
	if nowX, nowY := w.place(`[data-k="0"] .mass`); math.Abs(nowX-x+100) > 6 || math.Abs(nowY-y-40) > 6 {
		w.Errorf("a finger moved by (−100, 40) moved the mean by (%.0f, %.0f)", nowX-x, nowY-y)
	}
	if now := see[string](w, `location.hash`); strings.Contains(now, "&c=") || !strings.HasSuffix(now, ";8,3;-1/4,-1/10") {
		w.Errorf("a finger on the first mean moved something else: %s", now)
	}
	w.agrees(see[string](w, `location.hash`))
	w.photograph("finger", false)
}

// After its first load the site works without a network.
func TestOfflineAfterTheFirstLoad(t *testing.T) {
	address, server := files(t)
	w := open(t, chromium(t), address+outlier, light)
	w.until(`document.querySelectorAll("#losses-table tr").length > 3`)
	see[any](w, `navigator.serviceWorker.ready.then(() => 0)`)
	server.CloseClientConnections()
	server.Listener.Close()
	must(t, chromedp.Do(w.tab, chromedp.Reload()))
	w.until(`document.getElementById("verdict").textContent.includes("lost") && document.querySelector("#plane .mass")`)
	w.drag(`[data-k="0"] .mass`, -290, 110, 20)()
	w.until(`/kept/.test(document.getElementById("verdict").textContent)`)
	w.settled()
	w.agrees(see[string](w, `location.hash`))
}

// Whatever is chosen goes together: no choice leads to what is not served, which would be refused on the console too.
func TestEveryChoiceIsServed(t *testing.T) {
	address := served(t)
	w := open(t, chromium(t), address+"#w=1,3&m=2,0;0,1", light)
	choices := func(id string) int { return see[int](w, `document.getElementById("`+id+`").options.length`) }
	choose := func(id string, i int) bool {
		return see[bool](w, `(() => { const s = document.getElementById("`+id+`"), o = s.options[`+string(mustJSON(i))+`]; if (o.disabled) return false; s.value = o.value; s.dispatchEvent(new Event("change")); return true })()`)
	}
	chosen := 0
	for loss := range choices("loss") {
		for score := range choices("score") {
			for kind := range choices("map") {
				if choose("loss", loss); !choose("score", score) || !choose("map", kind) {
					continue
				}
				chosen++
				w.settled()
				if said := w.text("verdict"); said == "No answer" {
					t.Errorf("%s: %s", see[string](w, `location.hash`), w.text("failure"))
				}
			}
		}
	}
	if chosen < 10 {
		t.Errorf("only %d choices", chosen)
	}
	w.quiet(address)
}
