package proof

import (
	"math/big"

	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/rational"
)

// effort says how finely the gradient is enclosed.
type effort struct {
	precision uint // of the interval arithmetic, in bits
	accuracy  uint // the trapezoidal rule aims at errors of 2^−accuracy
}

// epsilon returns a rational bound of ‖∇f(M)‖, and so of ‖M − M_u‖, by strong convexity, in the whitened
// Frobenius norm, at M = Σ⁻¹W N WᵀΣ⁻¹.
func (x coordinates) epsilon(n rational.Matrix, e effort) (*big.Rat, error) {
	norm, err := x.gradientNorm(n, e)
	if err != nil {
		return nil, err
	}
	return shortened24(norm.Upper(), big.ToPositiveInf), nil
}

// leastEpsilon returns what no effort's epsilon at N is below: a few bits of accuracy show it.
func (x coordinates) leastEpsilon(n rational.Matrix) (*big.Rat, error) {
	norm, err := x.gradientNorm(n, effort{precision: guard, accuracy: 2})
	if err != nil {
		return nil, err
	}
	return shortened24(norm.Lower(), big.ToNegativeInf), nil
}

// gradientNorm encloses ‖∇f(M)‖.
func (x coordinates) gradientNorm(n rational.Matrix, e effort) (interval.Interval, error) {
	c := interval.NewContext(e.precision)
	gamma, err := x.gradient(c, n, tolerance(e.accuracy))
	if err != nil {
		return interval.Interval{}, err
	}
	norm := x.norm(c, gamma)
	return norm, c.Err()
}

// startingSlope returns ‖∇f(0)‖² = δ²‖C − μ̄μ̄ᵀ‖², which ‖M_u‖² is not above, by strong convexity.
func (x coordinates) startingSlope() *big.Rat {
	average := mean(x.weights, x.c)
	spread := scatter(x.weights, x.c).Plus(big.NewRat(-1, 1), rational.Outer(average, average))
	square := spread.SquaredNorm(x.gram)
	return square.Mul(square, new(big.Rat).Mul(x.delta, x.delta))
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

// refutation returns −(quotient + ε), which λ_min(M_u on S_F) is below the negative of: if it is positive,
// M_u is not positive definite on S_F and equality fails.
func (x coordinates) refutation(n rational.Matrix, y []*big.Rat, epsilon *big.Rat) *big.Rat {
	sum := new(big.Rat).Add(x.quotient(n, y), epsilon)
	return sum.Neg(sum)
}

// confirmation returns a number m, m = 0 if none is found, with gNg − (ε + m)g positive definite: if it is positive,
// λ_min(M_u on S_F) > m, so equality holds.
func (x coordinates) confirmation(n rational.Matrix, epsilon *big.Rat) *big.Rat {
	above := func(m *big.Rat) bool {
		shift := new(big.Rat).Add(epsilon, m)
		return rational.Definite(x.gram.Times(n).Times(x.gram).Plus(shift.Neg(shift), x.gram))
	}
	margin := new(big.Rat)
	if !above(margin) {
		return margin
	}
	high := x.quotient(n, rational.Unit(x.dimension(), 0))
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

// shortRat rounds x to a dyadic number of 32 bits.
func shortRat(x *big.Rat) *big.Rat {
	r, _ := new(big.Float).SetPrec(32).SetRat(x).Rat(nil)
	return r
}
