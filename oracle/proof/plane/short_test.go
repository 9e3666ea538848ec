package plane

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// No number of a smaller denominator is in the interval.
func TestSimplest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := big.NewRat(rapid.Int64Range(-3000, 3000).Draw(t, "low"), 1024)
		high := new(big.Rat).Add(low, big.NewRat(rapid.Int64Range(1, 400).Draw(t, "width"), 1024))
		x := simplest(low, high)
		if x.Cmp(low) < 0 || x.Cmp(high) > 0 {
			t.Fatalf("%v is not in [%v, %v]", x, low, high)
		}
		for d := int64(1); d < x.Denom().Int64(); d++ {
			up := new(big.Rat).Mul(low, big.NewRat(d, 1)) // the least whole number from low·d on, above d
			n := new(big.Int).Neg(new(big.Int).Div(new(big.Int).Neg(up.Num()), up.Denom()))
			if y := new(big.Rat).SetFrac(n, big.NewInt(d)); y.Cmp(high) <= 0 {
				t.Fatalf("%v is in [%v, %v], simpler than %v", y, low, high, x)
			}
		}
	})
}
