package proof

import (
	"math/big"
	"testing"

	"contrastcheck/oracle/proof/rational"
)

// A least eigenvalue that is far smaller than another is found to be positive, with a margin that is not above it.
func TestSmallMarginsAreFound(t *testing.T) {
	x := coordinates{basis: []int{0, 1}, gram: rational.Identity(2)}
	for _, small := range []*big.Rat{big.NewRat(1, 2), big.NewRat(1, 1<<30), big.NewRat(1, 1<<60)} {
		n := rational.Identity(2)
		n[1][1] = small
		radius := new(big.Rat).Mul(small, big.NewRat(1, 4))
		margin := x.confirmation(n, ball{radius, rational.Identity(2)})
		if most := new(big.Rat).Sub(small, radius); margin.Sign() <= 0 || margin.Cmp(most) > 0 {
			t.Errorf("%s less %s: a margin of %s", small, radius, margin)
		}
		if margin := x.confirmation(n, ball{small, rational.Identity(2)}); margin.Sign() != 0 {
			t.Errorf("%s less itself: a margin of %s", small, margin)
		}
	}
}
