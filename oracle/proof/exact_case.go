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
	// ByZero: ∇f(0) = −δB = 0, so M_u = M* = 0, and equality fails unless S_F = {0}.
	ByZero Method = "zero"
	// ByLine: dim S_F = 1 and ∇f(0) = −δB ≠ 0, so M* ≠ 0 is positive on the line S_F.
	ByLine Method = "line"
	// BySwap: two components of equal weight whose means are independent and of equal length in the metric Σ⁻¹. The
	// reflection that swaps them leaves the loss alone, hence M_u too, which is then diagonal in the directions
	// μ₁ + μ₂ and μ₁ − μ₂. The softmax does not see the first, in which the loss is ½m²(1 + |μ̄|²), so m = 0
	// and Col(A*) is at most a line in the plane S_F.
	BySwap Method = "swap"
)

// exactly decides the cases in which no analysis is needed, for every δ in [0, 1]; ok is false for others.
func (x coordinates) exactly() (verdict oracle.Verdict, by Method, ok bool) {
	s := x.dimension()
	switch {
	case s == 0:
		return oracle.Holds, ByZero, true
	case !x.hypotheses.Informative:
		return oracle.Refuted, ByZero, true
	case s == 1:
		return oracle.Holds, ByLine, true
	case x.swappable():
		return oracle.Refuted, BySwap, true
	}
	return oracle.Undecided, "", false
}

func (x coordinates) swappable() bool {
	half := big.NewRat(1, 2)
	return len(x.weights) == 2 && x.dimension() == 2 && x.weights[0].Cmp(half) == 0 &&
		x.gram[0][0].Cmp(x.gram[1][1]) == 0
}
