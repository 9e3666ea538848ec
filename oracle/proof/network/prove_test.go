package network

import (
	"testing"
	"time"
)

// Refutations are found and proved with nothing but the mixture.
func TestProve(t *testing.T) {
	for _, c := range []struct {
		name, mixture string
		activation    Activation
		width         int
		gap           float64
	}{
		{"sign, centred", centred, Sign, 0, 0.02},
		{"sign, three", `{"weights": [20, 20, 1], "means": [[-1, 0], [-12, 0], [260, 0]], "covariance": "identity"}`, Sign, 0, 0.008},
		{"sign, raw", `{"weights": [1, 1], "means": [[2, 0], [8, 0]], "covariance": "identity"}`, Sign, 1, 0.006},
		{"relu, centred", centred, ReLU, 0, 0.0029},
		{"relu, centred, three", centred, ReLU, 3, 0.0005},
		{"relu, raw", raw, ReLU, 3, 0.017},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			r, b, err := Prove(lineOf(t, c.mixture), c.activation, c.width, 1)
			if err != nil {
				t.Fatal(err)
			}
			gap, _ := b.Gap().Float64()
			outside, inside := b.Short()
			t.Logf("%v: %s < %s; %v", time.Since(start), outside, inside, r)
			if r.Sign != nil {
				t.Log(r.Sign)
			} else {
				t.Log(r.ReLU, r.Majorant, r.Tilts)
			}
			if gap < c.gap {
				t.Errorf("a gap of %g, expected at least %g", gap, c.gap)
			}
		})
	}
}
