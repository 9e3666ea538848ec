package cosine

import (
	"math"
	"testing"
)

// The density of an angle sums to 1 and has the mean cosine of what is drawn, E[cos | a], by the rule for it in the plane of x.
func TestAngle(t *testing.T) {
	const nodes = 4096
	for _, c := range []struct{ a, noise float64 }{{1, 0.55}, {-2, 0.28}, {0, 1}, {3, 4}, {0.5, 0.05}} {
		total, mean := 0.0, 0.0
		for i := range nodes {
			θ := 2 * math.Pi * (float64(i) + 0.5) / nodes
			p := Angle(c.a, c.noise, θ) * 2 * math.Pi / nodes
			total += p
			mean += p * math.Cos(θ)
		}
		expected, mass := 0.0, 0.0
		const cells, reach = 400, 8.0
		for i := range cells {
			for j := range cells {
				x, y := reach*(2*(float64(i)+0.5)/cells-1), reach*(2*(float64(j)+0.5)/cells-1)
				w := math.Exp(-(x*x + y*y) / 2)
				mass += w
				expected += w * (c.a + x) / math.Hypot(c.a+x, c.noise*y)
			}
		}
		const grid = 2e-3 // of cells that the boundary crosses
		if math.Abs(total-1) > 1e-9 || math.Abs(mean-expected/mass) > grid {
			t.Errorf("a = %v, ε = %v: a mass of %.12g, and a mean cosine of %v, expected %v", c.a, c.noise, total, mean, expected/mass)
		}
	}
}
