package planar

import (
	"math"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
	"contrastcheck/oracle"
)

// With so much noise that it gains nothing, by a hair, nothing is refuted; with a hair less, what is refuted is so of the best inside.
func TestNearTies(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	refuted := 0
	cases := enough.Cases(6)
	for range cases {
		m, k := drawn(rng), 1+2*rng.Float64()
		inside, err := m.Inside(1 / k)
		if err != nil {
			t.Fatal(err)
		}
		least, err := m.at(inside, newBessel(k, 1e-15), k, 1e-13)
		if err != nil {
			t.Fatal(err)
		}
		at := func(noise float64) float64 {
			e, err := m.Outside(Noisy{inside, noise}, 1/k, 1e-9)
			if err != nil {
				t.Fatal(err)
			}
			return e.Value - least.value
		}
		low, high := 0.05, 8.0
		if at(low) > 0 || at(high) < 0 {
			continue
		}
		for range 20 {
			if middle := math.Sqrt(low * high); at(middle) < 0 {
				low = middle
			} else {
				high = middle
			}
		}
		for _, hair := range []float64{1e-3, 1e-5} {
			beyond, err := m.Judge(1/k, Noisy{inside, high * (1 + hair)})
			if err != nil || beyond.Verdict != oracle.Undecided {
				t.Errorf("%+v, κ = %v: %+v, %v, of what is no lower", m, k, beyond, err)
			}
			f, err := m.Judge(1/k, Noisy{inside, low * (1 - hair)})
			if err != nil {
				t.Fatal(err)
			}
			if f.Verdict == oracle.Refuted {
				refuted++
				if f.AtLeast > least.value+least.error || f.Gain() <= 0 {
					t.Errorf("%+v, κ = %v: %+v, where %v is inside", m, k, f, least)
				}
			}
		}
	}
	if 4*refuted < cases {
		t.Errorf("%d of %d are refuted a hair before", refuted, cases)
	}
}
