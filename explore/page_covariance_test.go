//go:build attack

package explore_test

import (
	"math"
	"strings"
	"testing"
)

// A handle stretches the covariance of all; the numbers stay those of the command line, and the other half axis stays.
func TestCovarianceIsStretched(t *testing.T) {
	engines(t, func(t *testing.T, address string) {
		w := open(t, chromium(t), address+"#w=1,3&m=2,0;0,1&c=1,1/2;1/2,2", light)
		w.until(`document.querySelectorAll(".direction").length === 2`)
		short := `document.querySelector("[data-axis=short]").ariaValueNow`
		before := see[string](w, short)
		w.drag(`[data-axis="long"] rect`, 30, 40, 12)()
		w.settled()
		hash := see[string](w, `location.hash`)
		if !strings.Contains(hash, "&c=") || strings.Contains(hash, "c=1,1/2;1/2,2") {
			t.Fatalf("the covariance is what it was: %s", hash)
		}
		if now := see[string](w, short); math.Abs(w.number(now)-w.number(before)) > 1e-2*w.number(before) {
			t.Errorf("the short half axis was %s and is %s", before, now)
		}
		w.agrees(hash)
		w.quiet(address)
	})
}

// With covariances of their own a handle stretches one of them, and what is said is about containment.
func TestOwnCovariance(t *testing.T) {
	const tilted = "#w=1,2&m=2,0;-1,0&c=1,4/5;4/5,1|1,-2/5;-2/5,1"
	engines(t, func(t *testing.T, address string) {
		w := open(t, chromium(t), address+tilted, light)
		w.until(`/leaves/.test(document.getElementById("verdict").textContent)`)
		w.leaves(tilted)
		w.drag(`[data-axis="short"] rect`, -20, -20, 8)()
		w.settled()
		hash := see[string](w, `location.hash`)
		if !strings.HasSuffix(hash, "|1,-2/5;-2/5,1") || hash == tilted {
			t.Errorf("expected the first covariance alone to change: %s", hash)
		}
		w.leaves(hash)
		w.quiet(address)
	})
}

func (w *window) leaves(hash string) {
	w.Helper()
	want := solve(w, hash)
	shown := see[[2]string](w, `[...document.querySelectorAll(".direction data")].slice(0, 2).map(d => d.value)`)
	const digits = 1e-7 // of a slope, which is a difference
	if slope, bound := w.number(shown[0]), w.number(shown[1]); math.Abs(slope-want.Inside.Slope) > digits || math.Abs(bound-want.Inside.Error) > digits {
		w.Errorf("the slope is shown as %v ± %v, solve says %v ± %v", slope, bound, want.Inside.Slope, want.Inside.Error)
	}
	if want.Containment.Verdict != "refuted" {
		w.Errorf("containment: %s", want.Containment.Verdict)
	}
}

// In the Fisher plane of four dimensions a mean is moved within the span of the means, so that S_F keeps its dimension and the mean follows the hand.
func TestFisherPlane(t *testing.T) {
	const four = "#w=1,2,3&m=3,1,0,0;0,2,1,0;-1,-5/3,-2/3,0&c=1,1/4,0,0;1/4,1,0,0;0,0,2,1/2;0,0,1/2,1"
	engines(t, func(t *testing.T, address string) {
		w := open(t, chromium(t), address+four, light)
		w.until(`document.querySelectorAll(".direction").length === 2`)
		x, y := w.place(`[data-k="0"] .mass`)
		release := w.drag(`[data-k="0"] .mass`, -60, 30, 10)
		if nowX, nowY := w.place(`[data-k="0"] .mass`); math.Abs(nowX-x+60) > 3 || math.Abs(nowY-y-30) > 3 {
			t.Errorf("dragged by (−60, 30), the mean went by (%.1f, %.1f)", nowX-x, nowY-y)
		}
		release()
		w.settled()
		hash := see[string](w, `location.hash`)
		if hash == four {
			t.Fatal("nothing moved")
		}
		if s := solve(t, hash); s.FisherDimension != 2 {
			t.Errorf("dim S_F is %d, want 2 as before", s.FisherDimension)
		}
		w.agrees(hash)
		w.quiet(address)
	})
}
