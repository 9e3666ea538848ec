package cosine

import (
	"math"
	"testing"
)

// The constants of the remainder are bounds, and tight where the density is highest.
func TestConstantsOfRemainder(t *testing.T) {
	const noise = 1.0 / 1024
	for _, m := range []string{"1/64", "1", "2"} {
		p, err := onPlane(symmetric(t, m), noise, 1, fine)
		if err != nil {
			t.Fatal(err)
		}
		turn := p.sumOver(func(j int) float64 { return p.mass[j] * (1 - math.Abs(p.cos[j])) }) / noise
		square := p.sumOver(func(j int) float64 { return p.mass[j] * p.sin[j] * p.sin[j] }) / noise
		if turn > meanTurn || square > meanNoise {
			t.Errorf("m = %s: %g and %g, beyond the bounds", m, turn, square)
		}
		const tight = 0.99
		if m == "1/64" && (turn < tight*meanTurn || square < tight*meanNoise) {
			t.Errorf("m = %s: %g and %g, far below the bounds", m, turn, square)
		}
	}
}
