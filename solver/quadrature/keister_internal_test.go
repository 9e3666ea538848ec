package quadrature

import (
	"math"
	"testing"
)

func TestNestedMomentsX(t *testing.T) {
	for c, n := range levels {
		w := nestedWeights(n)
		var abs float64
		for l, x := range w {
			abs += math.Abs(x)
			if l > 0 {
				abs += math.Abs(x)
			}
		}
		moment := 1.0
		deg := 0
		for p := 0; p < 60; p += 2 {
			var sum float64
			for l, x := range w {
				f := 2.0
				if l == 0 {
					f = 1
				}
				sum += f * x * math.Pow(generators[l], float64(p))
			}
			if math.Abs(sum-moment) > 1e-12*moment {
				deg = p - 1
				break
			}
			moment *= float64(p + 1)
		}
		t.Logf("level %d: %d points, degree %d, Σ|w| = %.3f", c, 2*n+1, deg, abs)
	}
	for n := range generators {
		w := nestedWeights(n)
		t.Logf("%d: last %.3g all %.3g", 2*n+1, w[n], w)
	}
}
