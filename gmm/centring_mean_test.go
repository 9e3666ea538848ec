package gmm_test

import (
	"math/big"
	"testing"

	"contrastcheck/gmm"
)

// Whatever component has it, the mean of a mixture with it is 0, exactly.
func TestCentringMean(t *testing.T) {
	weights := []*big.Rat{big.NewRat(2, 1), big.NewRat(3, 7), big.NewRat(1, 3)}
	for at := range weights {
		means := [][]*big.Rat{{big.NewRat(1, 3), big.NewRat(-2, 1)}, {big.NewRat(5, 1), big.NewRat(0, 1)}, {big.NewRat(-7, 9), big.NewRat(4, 1)}}
		means[at] = gmm.CentringMean(weights, means, at)
		for i := range means[at] {
			sum := new(big.Rat)
			for k, w := range weights {
				sum.Add(sum, new(big.Rat).Mul(w, means[k][i]))
			}
			if sum.Sign() != 0 {
				t.Errorf("with component %d centring, coordinate %d of the mean is %s", at, i, sum)
			}
		}
	}
}
