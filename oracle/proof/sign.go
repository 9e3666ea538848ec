package proof

import (
	"math/big"

	"contrastcheck/oracle/proof/rational"
)

// effort says how finely the gradient is enclosed.
type effort struct {
	precision uint // of the interval arithmetic, in bits
	accuracy  uint // the integrals aim at errors of 2^−accuracy
}

// shortened24 rounds to 24 bits; more would only lengthen the rational arithmetic.
func shortened24(x *big.Float, mode big.RoundingMode) *big.Rat {
	r, _ := new(big.Float).SetPrec(24).SetMode(mode).Set(x).Rat(nil)
	return r
}

// quotient returns Rayleigh's quotient (vᵀMv)/(vᵀΣ⁻¹v) = (yᵀgNgy)/(yᵀgy) at v = Wy ≠ 0, an upper bound
// of λ_min of the whitened M on S_F.
func (x coordinates) quotient(n rational.Matrix, y []*big.Rat) *big.Rat {
	gy := x.gram.Apply(y)
	return new(big.Rat).Quo(n.Form(gy, gy), rational.Dot(y, gy))
}

// refutation returns −(quotient + ρ), which λ_min(M_u on S_F) is below the negative of, M̂ and M_u being no farther apart than ρ in the
// direction v = Wy: if it is positive, M_u is not positive definite on S_F and equality fails.
func (x coordinates) refutation(n rational.Matrix, y []*big.Rat, near ball) *big.Rat {
	distance := new(big.Rat).Quo(near.metric.Form(y, y), x.gram.Form(y, y))
	sum := distance.Add(distance.Mul(distance, near.radius), x.quotient(n, y))
	return sum.Neg(sum)
}

// confirmation returns a number m, m = 0 if none is found, with gNg − ρ·metric − m·g positive definite: if it is positive,
// λ_min(M_u on S_F) > m, so equality holds.
func (x coordinates) confirmation(n rational.Matrix, near ball) *big.Rat {
	least := x.gram.Times(n).Times(x.gram).Plus(new(big.Rat).Neg(near.radius), near.metric)
	above := func(m *big.Rat) bool { return rational.Definite(least.Plus(new(big.Rat).Neg(m), x.gram)) }
	return bisected(above, x.quotient(n, rational.Unit(x.dimension(), 0)))
}

// bisected returns a number from 0 on and below high that is above, a little below the largest; 0 if 0 is not.
func bisected(above func(*big.Rat) bool, high *big.Rat) *big.Rat {
	margin := new(big.Rat)
	if !above(margin) {
		return margin
	}
	const (
		digits = 20  // halvings of the interval in which the margin lies
		most   = 200 // where the margin is far smaller than the interval
	)
	for i := 0; i < digits || margin.Sign() == 0 && i < most; i++ {
		middle := new(big.Rat).Add(margin, high)
		middle.Mul(middle, big.NewRat(1, 2))
		if middle = shortRat(middle); above(middle) {
			margin = middle
		} else {
			high = middle
		}
	}
	return margin
}

// shortRat rounds x to a dyadic number of 32 bits.
func shortRat(x *big.Rat) *big.Rat {
	r, _ := new(big.Float).SetPrec(32).SetRat(x).Rat(nil)
	return r
}
