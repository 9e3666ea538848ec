package proof

import (
	"math/big"

	"contrastcheck/oracle/interval"
)

// effort says how finely the gradient is enclosed.
type effort struct {
	precision uint // of the interval arithmetic, in bits
	accuracy  uint // the trapezoidal rule aims at errors of 2^−accuracy
}

// epsilon returns a rational bound of ‖∇f(M)‖, and so of ‖M − M_u‖, by strong convexity, in the whitened
// Frobenius norm, at M = Σ⁻¹W N WᵀΣ⁻¹.
func (x coordinates) epsilon(n matrix, e effort) (*big.Rat, error) {
	c := interval.NewContext(e.precision)
	gamma, err := x.gradient(c, n, tolerance(e.accuracy))
	if err != nil {
		return nil, err
	}
	norm := x.norm(c, gamma)
	if err := c.Err(); err != nil {
		return nil, err
	}
	const bits = 24 // more would only lengthen the rational arithmetic
	bound := new(big.Float).SetPrec(bits).SetMode(big.ToPositiveInf).Set(norm.Upper())
	epsilon, _ := bound.Rat(nil)
	return epsilon, nil
}

// quotient returns Rayleigh's quotient (vᵀMv)/(vᵀΣ⁻¹v) = (yᵀgNgy)/(yᵀgy) at v = Wy ≠ 0, an upper bound
// of λ_min of the whitened M on S_F.
func (x coordinates) quotient(n matrix, y []*big.Rat) *big.Rat {
	gy := x.gram.apply(y)
	return new(big.Rat).Quo(n.form(gy, gy), dot(y, gy))
}

// refutation returns −(quotient + ε), which λ_min(M_u on S_F) is below the negative of: if it is positive,
// M_u is not positive definite on S_F and equality fails.
func (x coordinates) refutation(n matrix, y []*big.Rat, epsilon *big.Rat) *big.Rat {
	sum := new(big.Rat).Add(x.quotient(n, y), epsilon)
	return sum.Neg(sum)
}

// confirmation returns a number m, m = 0 if none is found, with gNg − (ε + m)g positive definite: if it is positive,
// λ_min(M_u on S_F) > m, so equality holds.
func (x coordinates) confirmation(n matrix, epsilon *big.Rat) *big.Rat {
	above := func(m *big.Rat) bool {
		shift := new(big.Rat).Add(epsilon, m)
		return definite(x.gram.times(n).times(x.gram).plus(shift.Neg(shift), x.gram))
	}
	margin := new(big.Rat)
	if !above(margin) {
		return margin
	}
	high := x.quotient(n, unit(x.dimension(), 0))
	const digits = 20 // halvings of the interval in which the margin lies
	for range digits {
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

func unit(s, i int) []*big.Rat {
	e := make([]*big.Rat, s)
	for j := range e {
		e[j] = new(big.Rat)
	}
	e[i].SetInt64(1)
	return e
}

// shortRat rounds x to a dyadic number of 32 bits.
func shortRat(x *big.Rat) *big.Rat {
	r, _ := new(big.Float).SetPrec(32).SetRat(x).Rat(nil)
	return r
}
