package quadrature

import (
	"math"
	"testing"
)

// nested sums f over the one-dimensional rule of a level.
func nested(c int, f func(t float64) float64) float64 {
	var sum float64
	for l, w := range nestedWeights(levels[c]) {
		sum += w * f(generators[l])
		if l > 0 {
			sum += w * f(-generators[l])
		}
	}
	return sum
}

// Each rule integrates the polynomials up to its degree, and the next even one not;
// and e^{ct} once it has the points for it.
func TestNestedMoments(t *testing.T) {
	for c := range levels {
		moment, power := 1.0, 0
		for ; power <= degrees[c]+1; power += 2 {
			got := nested(c, func(x float64) float64 { return math.Pow(x, float64(power)) })
			exact := math.Abs(got-moment) <= 1e-13*moment
			if want := power <= degrees[c]; exact != want {
				t.Errorf("level %d: E t^%d = %v for %v, want exactness %v", c, power, got, moment, want)
			}
			moment *= float64(power + 1)
		}
		for _, s := range []struct {
			c     float64
			needs int
			error float64
		}{{0.5, 1, 2e-3}, {0.5, 2, 1e-9}, {1, 3, 1e-13}, {1.3, 3, 1e-11}, {2, 4, 1e-12}} {
			if c < s.needs {
				continue
			}
			want := math.Exp(s.c * s.c / 2)
			if got := nested(c, func(x float64) float64 { return math.Exp(s.c * x) }); math.Abs(got-want) > s.error*want {
				t.Errorf("level %d: E e^{%gt} = %v, want %v", c, s.c, got, want)
			}
		}
	}
}

// The differences of rules add up to them, and each is 0 for constants but the first.
func TestDifferencesAddUp(t *testing.T) {
	sums := make([]float64, len(generators))
	for c, d := range differences() {
		total := -d[0]
		for l, w := range d {
			sums[l] += w
			total += 2 * w
		}
		want := 0.0
		if c == 0 {
			want = 1
		}
		if math.Abs(total-want) > 1e-15 {
			t.Errorf("level %d: the weights of the difference sum to %v, want %v", c, total, want)
		}
		for l, w := range nestedWeights(levels[c]) {
			if math.Abs(sums[l]-w) > 1e-15 {
				t.Errorf("level %d: the differences give λ_%d the weight %v, the rule %v", c, l, sums[l], w)
			}
		}
	}
}
