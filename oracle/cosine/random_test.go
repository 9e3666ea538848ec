package cosine

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/oracle/line"

	"pgregory.net/rapid"
)

// drawn is a mixture of 1 to 3 components on a line, of means on a dyadic grid.
func drawn(t *rapid.T, farthest int64) string {
	weights, means := "", ""
	for i := range rapid.IntRange(1, 3).Draw(t, "components") {
		if i > 0 {
			weights, means = weights+", ", means+", "
		}
		m := rapid.Int64Range(-8*farthest, 8*farthest).Draw(t, "eighths")
		if i == 0 && m == 0 {
			m = 8
		}
		weights += fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "weight"))
		means += fmt.Sprintf(`["%d/8", 0]`, m)
	}
	return fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": "identity", "delta": "%d/8"}`, weights, means, rapid.IntRange(0, 8).Draw(t, "eighths of δ"))
}

// The rule's weights sum to 1 given each component, within its bounds, and a mirrored mixture has the same losses.
func TestRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := gmm.Read("test", strings.NewReader(drawn(t, 6)))
		if err != nil {
			t.Fatal(err)
		}
		l, err := line.Of(d.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		temperature := float64(rapid.IntRange(1, 16).Draw(t, "eighths of τ")) / 8
		noise := math.Exp2(float64(rapid.IntRange(-20, 8).Draw(t, "log₂ ε")))
		p, err := onPlane(l, noise, temperature, fine)
		if err != nil {
			t.Fatal(err)
		}
		for k, given := range p.given {
			total := p.sumOver(func(j int) float64 { return given[j] })
			if bound := p.each + p.density + p.sum; math.Abs(total-1) > bound || bound > 1e-11 {
				t.Errorf("component %d has a probability of 1 + %.2g, by bounds within ±%.2g", k+1, total-1, bound)
			}
		}
		mirrored := l
		mirrored.Signs = nil
		for _, s := range l.Signs {
			mirrored.Signs = append(mirrored.Signs, -s)
		}
		for _, of := range []Loss{InfoNCE, Sigmoid(2), Triplet} {
			one, err := JudgeNoise(l, of, temperature, noise)
			if err != nil {
				t.Fatal(err)
			}
			other, err := JudgeNoise(mirrored, of, temperature, noise)
			if err != nil {
				t.Fatal(err)
			}
			for _, pair := range [][2]Enclosure{{one.Inside, other.Inside}, {one.Outside, other.Outside}} {
				if off := math.Abs(pair[0].Value - pair[1].Value); off > pair[0].Error+pair[1].Error {
					t.Errorf("%v and mirrored %v differ by %.2g", pair[0], pair[1], off)
				}
			}
		}
	})
}

// As the noise goes to 0 the loss tends to that inside, at the rate of Slope, by less than the remainder's bound.
func TestSlope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := gmm.Read("test", strings.NewReader(drawn(t, 2)))
		if err != nil {
			t.Fatal(err)
		}
		l, err := line.Of(d.Pairs)
		if err != nil {
			t.Fatal(err)
		}
		temperature := float64(rapid.IntRange(2, 16).Draw(t, "eighths of τ")) / 8
		slope, err := Slope(l, temperature)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Descent(l, temperature)
		if err != nil {
			t.Fatal(err)
		}
		if off := math.Abs(found.Value - slope.Value); off > found.Error+slope.Error || found.Error > 0.02*slope.Value {
			t.Errorf("a slope of %v, by values %v", slope, found)
		}
		x := newLaw(l)
		_, right, left, _ := x.signs()
		for power := 4; power <= 16; power += 4 { // the bound of the remainder where it is large
			noise := math.Ldexp(1, -power)
			outside, err := InfoNCE.Outside(l, noise, temperature)
			if err != nil {
				t.Fatal(err)
			}
			inside := InfoNCE.Inside(l, temperature)
			rest := outside.Value - inside.Value + slope.Value*noise
			if bound := remainder(1/temperature, math.Min(right, left), noise); math.Abs(rest) > bound+outside.Error+inside.Error {
				t.Errorf("ε = 2^−%d: a remainder of %.3g, by bounds at most %.3g", power, rest, bound)
			}
		}
	})
}

// However rare a component is, losses are known as well as without it: what a rule misses of one component's density does not grow with the others' weights. Values are of another program, to 30 digits.
func TestRareComponents(t *testing.T) {
	l := lineOf(t, `{"weights": [1, "1e-12"], "means": [[3, 0], [-1, 0]], "covariance": "identity"}`)
	for _, c := range []struct {
		of              Loss
		inside, outside string
	}{
		{InfoNCE, "0.00153778515559979", "0.00140951798047217"},
		{Triplet, "0.69431671944543298", "0.69418222352138711"},
	} {
		f, err := JudgeNoise(l, c.of, 1, 0.125)
		if err != nil || f.Gain() < 1e-4 {
			t.Fatalf("%v: a gain of %.3g, %v", c.of, f.Gain(), err)
		}
		agrees(t, "inside", f.Inside, c.inside)
		agrees(t, "outside", f.Outside, c.outside)
	}
	rarest := lineOf(t, `{"weights": [1, "1e-200"], "means": [[3, 0], [-1, 0]], "covariance": "identity"}`)
	if f, err := JudgeNoise(rarest, InfoNCE, 1, 0.125); err != nil || f.Gain() < 1e-4 {
		t.Errorf("a gain of %.3g, %v", f.Gain(), err)
	}
}
