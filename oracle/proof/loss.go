package proof

import (
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle/interval"
)

// EncloseLoss encloses the InfoNCE loss of p at the representation x ↦ Aᵀx, a being
// d×r in original coordinates, with arithmetic of precision bits.
func EncloseLoss(p gmm.Pairs, a [][]*big.Rat, precision uint) (interval.Interval, error) {
	return interval.Interval{}, ErrNotProved
}

// Refined encloses the minimiser M_u over all symmetric matrices.
type Refined struct {
	M           [][]interval.Interval // d×d, original coordinates
	Loss        interval.Interval     // f(M_u)
	Eigenvalues []interval.Interval   // s whitened eigenvalues on S_F, ascending
	Distance    *big.Float            // bounds the whitened ‖M̂ − M_u‖_F that the enclosures rest on
	Precision   uint                  // bits of the arithmetic
}

// Refine encloses M_u, its loss and its eigenvalues to the given number of
// significant decimal digits, for s ≤ 2. The candidate approximates M_u.
func Refine(p gmm.Pairs, candidate gmm.Form, digits int) (Refined, error) {
	return Refined{}, ErrNotProved
}

// Decimal writes x with as many significant digits as it determines within one
// unit of the last, at most so many.
func Decimal(x interval.Interval, digits int) string { return "" }
