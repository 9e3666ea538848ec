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

// A number beyond what floats hold is not moved.
func TestStepsOfNumbersBeyondFloats(t *testing.T) {
	const digits = 400
	vast := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(digits), nil))
	one, zero := big.NewRat(1, 1), new(big.Rat)
	at := draft{
		weights: []*big.Rat{one, vast}, means: [][]*big.Rat{{vast, zero}, {zero, one}},
		covariances: [][][]*big.Rat{{{vast, zero}, {zero, one}}}, delta: one,
	}
	for _, integers := range []int{0, 3} {
		w := &walk{start: start{limits: Limits{Constraints: Constraints{Integers: integers}}}, rng: rand.New(rand.NewPCG(1, 1)), at: at}
		for range 20 {
			d := w.step(1)
			if got := d.means[0][0]; got.Cmp(vast) != 0 {
				t.Fatalf("with integers up to %d: 10^%d is moved to %v", integers, digits, got)
			}
		}
	}
}
