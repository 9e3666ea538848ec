package network

import (
	"testing"
)

// Refutations are found and proved with nothing but the mixture, of one tower or, where the bound allows it, of two.
func TestProve(t *testing.T) {
	for _, c := range []struct {
		name, mixture  string
		activation     Activation
		width          int
		neurons, tower int
		gap            float64
	}{
		{"sign, centred", centred, Sign, 0, 2, 2, 0.02},
		{"sign, three", `{"weights": [20, 20, 1], "means": [[-1, 0], [-12, 0], [260, 0]], "covariance": "identity"}`, Sign, 0, 1, 2, 0.008},
		{"sign, raw", `{"weights": [1, 1], "means": [[2, 0], [8, 0]], "covariance": "identity"}`, Sign, 1, 1, 2, 0.006},
		{"relu, centred", centred, ReLU, 0, 4, 1, 0.0029},
		{"relu, centred, three", centred, ReLU, 3, 3, 1, 0.001},
		{"relu, raw", raw, ReLU, 3, 3, 2, 0.0037},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, b, err := Prove(lineOf(t, c.mixture), c.activation, c.width, 1)
			if err != nil {
				t.Fatal(err)
			}
			if gap, _ := b.Gap().Float64(); gap < c.gap {
				t.Errorf("a gap of %g, expected at least %g", gap, c.gap)
			}
			width := 0
			if r.Sign != nil {
				width = r.Sign.Width()
			} else {
				width = r.ReLU.Width()
			}
			if width != c.neurons || r.Towers() != c.tower {
				t.Errorf("%s: %d neurons and %d towers, expected %d and %d", r.Net(), width, r.Towers(), c.neurons, c.tower)
			}
		})
	}
}
