package proof

import (
	"math/big"

	"contrastcheck/oracle"
)

// Method says how a theorem is proved.
type Method string

const (
	// ByEnclosure is by an enclosure of the gradient at M̂.
	ByEnclosure Method = "enclosure"
	// ByZero: the gradient at M = 0 is 0, as it is −cδB, so M_u = M* = 0, and equality fails unless the subspace is {0}.
	ByZero Method = "zero"
	// ByLine: the subspace has one dimension and the gradient at 0 is −cδB ≠ 0, so M* ≠ 0 is positive on that line.
	ByLine Method = "line"
	// BySwap: two components of equal weight whose means are independent and of equal length in the metric Σ⁻¹. The
	// reflection that swaps them leaves the loss alone, hence M_u too, which is then diagonal in the directions
	// μ₁ + μ₂ and μ₁ − μ₂. All points have one mean along the first, and noise that is independent of all else, which no choice of that entry
	// of M but 0 makes the best of. So Col(A*) is at most a line in the plane S_F.
	BySwap Method = "swap"
	// ByOrthogonalMean: μ̄ ≠ 0 and BΣ⁻¹μ̄ = 0, so all means have one coordinate c along μ̄, which the softmax of InfoNCE does not see: the
	// entry m₀ of M in that direction enters the loss as ½m₀²(1 + c²) only, so that it is 0 in M_u, and equality fails, whatever δ is.
	ByOrthogonalMean Method = "orthogonal mean"
	// ByRange: of affine maps, M_u is not positive definite on S_c, so that M* is singular there, and c* is not in the range of M*.
	ByRange Method = "range"
	// ByRank: Col(A*) is the range of Σ⁻¹T_δ, whose dimension is computed in rationals.
	ByRank Method = "rank"
	// ByInvariance: every Σ̄⁻¹Σ_k maps S_F into itself. Then Qx, Q = I − P, is given the labels independent of Px with mean 0, P the Σ̄-orthogonal projector on S_F, and
	// L(A) ≥ L(PA) by Jensen's inequality, strictly unless A = PA.
	ByInvariance Method = "invariance"
	// ByCoupling and ByDescent: a first-order condition is violated at the best M inside S_F, in either of the two ways of a Departure.
	ByCoupling Method = "coupling"
	ByDescent  Method = "descent"
	// ByBox is by an enclosure of the gradient at an M̂ that is affine in the parameters of a box, over each of its pieces.
	ByBox Method = "box"
)

// exactlyShifted decides for every δ in [0, 1] the cases in which no analysis is needed of a loss whose gradient at 0 is −cδB, c > 0, at the best
// bias where one is free, and which a number added to all scores leaves alone, or moves by the same for all M; ok is false for others.
func (x coordinates) exactlyShifted() (verdict oracle.Verdict, by Method, ok bool) {
	if x.swappable() && x.hypotheses.Informative {
		return oracle.Refuted, BySwap, true
	}
	return x.exactlySloped()
}

// exactlySloped decides the cases in which no analysis is needed of any loss whose gradient at 0 is −cδB.
func (x coordinates) exactlySloped() (verdict oracle.Verdict, by Method, ok bool) {
	s := x.dimension()
	switch {
	case s == 0:
		return oracle.Holds, ByZero, true
	case !x.hypotheses.Informative:
		return oracle.Refuted, ByZero, true
	case s == 1:
		return oracle.Holds, ByLine, true
	}
	return oracle.Undecided, "", false
}

func (x coordinates) swappable() bool {
	half := big.NewRat(1, 2)
	return len(x.weights) == 2 && x.dimension() == 2 && x.weights[0].Cmp(half) == 0 &&
		x.gram[0][0].Cmp(x.gram[1][1]) == 0
}
