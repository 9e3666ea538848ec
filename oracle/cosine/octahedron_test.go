package cosine

import (
	"math"
	"testing"
)

// The second-order gain of noise has the values, and the sign, that another program found.
func TestStability(t *testing.T) {
	for _, c := range []struct{ m, temperature, want float64 }{
		{2, .5, -.05995}, {2.5, .5, .02615}, {3, .2, -.05160}, {4, .2, .00631}, {5, .1, -.00832}, {6, .1, -.00293}, {1.5, 1, -.01808}, {2, 1, .04193},
	} {
		found, err := Octahedron{c.m, 1}.Stability(c.temperature)
		if err != nil {
			t.Fatal(err)
		}
		const digit, known = 1e-5, 1e-5
		if math.Abs(found.Value-c.want) > digit/2+found.Error || found.Error > known {
			t.Errorf("m = %g, τ = %g: %v, expected %.5f", c.m, c.temperature, found, c.want)
		}
	}
}
