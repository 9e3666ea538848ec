package cosine

import (
	"math"
	"math/big"
	"testing"
)

// Nodes and weights of the rule are within the 4 and 8 units that the bounds of rounding take: Newton's method for P_n in 200 bits, w = 2(1 − x²)/(n P_{n−1})².
func TestGaussLegendre(t *testing.T) {
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(x) }
	op := func() *big.Float { return new(big.Float).SetPrec(200) }
	n := len(fine.at)
	legendre := func(x *big.Float) (at, before *big.Float) {
		before, at = number(0), number(1)
		for l := range n { // (l+1)P_{l+1} = (2l+1)xP_l − lP_{l−1}
			next := op().Mul(op().Mul(number(float64(2*l+1)), x), at)
			next.Sub(next, op().Mul(number(float64(l)), before))
			before, at = at, next.Quo(next, number(float64(l+1)))
		}
		return at, before
	}
	const nodeUnits, weightUnits = 4, 8
	for i := range n {
		x := number(fine.at[i])
		var before *big.Float
		for range 4 { // P′ = n(P_{n−1} − xP_n)/(1 − x²)
			var at *big.Float
			at, before = legendre(x)
			slope := op().Sub(before, op().Mul(x, at))
			slope.Mul(slope, number(float64(n)))
			inside := op().Sub(number(1), op().Mul(x, x))
			x = op().Sub(x, op().Quo(op().Mul(at, inside), slope))
		}
		_, before = legendre(x)
		weight := op().Mul(number(2), op().Sub(number(1), op().Mul(x, x)))
		scaled := op().Mul(number(float64(n)), before)
		weight.Quo(weight, scaled.Mul(scaled, scaled))
		off, _ := op().Sub(x, number(fine.at[i])).Float64()
		relative, _ := op().Quo(op().Sub(weight, number(fine.weight[i])), weight).Float64()
		if math.Abs(off) > nodeUnits*unit || math.Abs(relative) > weightUnits*unit {
			t.Errorf("node %d errs by %.2g, its weight by %.2g of itself", i+1, off, relative)
		}
	}
}
