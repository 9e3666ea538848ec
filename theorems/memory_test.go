package theorems

import (
	"math/big"
	"testing"

	"contrastcheck/generators"
	"contrastcheck/losses"
)

// A memory tells pairs of one mixture apart that differ in δ.
func TestMemoryKnowsDelta(t *testing.T) {
	m, kept := generators.Distinct().Example(1), new(memory)
	margin := func(delta *big.Rat, kept *memory) float64 {
		d, err := Case{Pairs: pairs(m, delta), memory: kept}.decided(losses.InfoNCE)
		if err != nil {
			t.Fatal(err)
		}
		return d.Findings.Margin()
	}
	for _, delta := range []*big.Rat{big.NewRat(1, 1), big.NewRat(1, 4)} {
		if got, want := margin(delta, kept), margin(delta, nil); got != want {
			t.Errorf("δ = %s: %v with the memory, %v without", delta.RatString(), got, want)
		}
	}
}
