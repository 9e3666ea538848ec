package search

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// A step of any size has numbers throughout: a variance that it moves below 0 is refused with the draft, and no scale of the entries beside it.
func TestStepsAreNumbers(t *testing.T) {
	quarter, one := big.NewRat(1, 4), big.NewRat(1, 1)
	at := draft{
		weights: []*big.Rat{one, one}, means: [][]*big.Rat{{one, quarter}, {quarter, one}},
		covariances: [][][]*big.Rat{{{one, quarter}, {quarter, one}}}, delta: one,
	}
	for _, integers := range []int{0, 3} {
		w := &walk{rng: rand.New(rand.NewPCG(1, 1)), at: at}
		w.limits.Integers = integers
		negative := false
		for range 50 {
			for _, row := range w.step(1).covariances[0] {
				for _, x := range row {
					if x == nil {
						t.Fatalf("with integers up to %d: an entry of the covariance is no number", integers)
					}
					negative = negative || x.Sign() < 0
				}
			}
		}
		if !negative {
			t.Errorf("with integers up to %d: no entry is negative", integers)
		}
	}
}
