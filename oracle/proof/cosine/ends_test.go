package cosine

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"contrastcheck/gmm"
)

// A mean at 0 has a series of one term, a cold one hundreds of Bessel functions, and a far mean more terms than a check may take.
func TestSeriesEnds(t *testing.T) {
	t.Parallel()
	one := big.NewRat(1, 1)
	for _, c := range []struct {
		mixture     string
		temperature *big.Rat
	}{
		{`{"weights": [1, 1, 1], "means": [[1, 0], [0, 0], [-1, 0]], "covariance": "identity"}`, big.NewRat(1, 2)},
		{`{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": "identity"}`, big.NewRat(1, 64)},
	} {
		within(t, c.mixture, func() {
			b, err := Refutation{Temperature: c.temperature, Noise: one}.Check(lineOf(t, c.mixture))
			if err != nil && !errors.Is(err, ErrUndecided) || err == nil && b.Gap().Sign() <= 0 {
				t.Errorf("%s: %v", c.mixture, err)
			}
		})
	}
	far := lineOf(t, `{"weights": [1, 2], "means": [["10000", 0], [-1, 0]], "covariance": "identity"}`)
	if err := (Refutation{Temperature: one, Noise: one}).Affordable(far, 1); !errors.Is(err, gmm.ErrCost) || !strings.Contains(err.Error(), "found series of means 1e+04 standard deviations away") {
		t.Errorf("of a mean of 10000: %v, want %v", err, gmm.ErrCost)
	}
}

// within fails where something does not end in time.
func within(t *testing.T, name string, do func()) {
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s: no end", name)
	}
}

// What needs more nodes than are allowed has no rule, and more than one has.
func TestTooManyNodes(t *testing.T) {
	t.Parallel()
	l := lineOf(t, `{"weights": [1, 1, 1, 1], "means": [[1, 0], [1, 0], [-2, 0], [-2, 0]], "covariance": "identity"}`)
	const gain = 1e-9
	cold, noise := big.NewRat(1, 64), big.NewRat(1, 1<<10)
	if r, ok := cheapest(l, cold, big.NewRat(1, 1<<20), gain); ok {
		t.Errorf("a rule of %d nodes", r.Nodes)
	}
	if r, ok := cheapest(l, cold, noise, gain); !ok || r.Squeeze == nil || r.acceptable() != nil {
		t.Errorf("%+v", r)
	}
}
