//go:build attack

package losses_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// Of 500 random centred pairs of components, temperatures from .05 to 2, containment is refuted in every one whose gain is above the bounds.
func TestCosineRefutesContainmentOfCentredPairs(t *testing.T) {
	refuted, open, largest := 0, 0, 0.0
	for seed := range 500 {
		rng := rand.New(rand.NewPCG(uint64(seed), 500))
		w := 1 + rng.IntN(9)
		p := pairsIn(t, fmt.Sprintf(`{"weights": [%d, %d], "means": [[%d, %d], [%d, %d]], "covariance": [[%d, 1], [1, %d]], "delta": "%d/4"}`,
			w, 10-w, 1-rng.IntN(8), rng.IntN(6), rng.IntN(8), 1-rng.IntN(6), 2+rng.IntN(6), 1+rng.IntN(4), 1+rng.IntN(4)))
		p = must(p.Centre())
		if p.Left.FisherDimension() != 1 {
			continue
		}
		τ := 0.05 * math.Pow(40, rng.Float64())
		d, err := cosineOf(t, losses.Settings{Temperature: fmt.Sprintf("%.4f", τ)}).Decide(p, 2, 0)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if d.Containment() == oracle.Refuted {
			refuted++
			continue
		}
		open++
		gain := d.Inside.Loss - d.Best.Loss
		largest = max(largest, gain)
		t.Logf("seed %d, τ = %.3g: open, the search gains %.3g, bounded by %.12g and %.12g (%s)", seed, τ, gain, d.AtMost, d.AtLeast, d.By)
	}
	t.Logf("%d refuted, %d open, the largest gain of these %.3g", refuted, open, largest)
	if largest > 1e-7 {
		t.Errorf("a gain of %g was not bounded", largest)
	}
}
