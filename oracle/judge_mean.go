package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// JudgeMeanLost decides whether uᵀM_uu = 0 for the unit vector u along the whitened mean, M_u being the minimiser of the InfoNCE loss of p over all symmetric
// matrices and free a candidate for it: then M_u is not positive definite on the Fisher subspace, and Col(A*) is not all of it.
// Defect is (|uᵀM̂u| + b)/‖M̂‖, b the bound of the error; it holds up to 1e-8, as good as 0 for all purposes.
func JudgeMeanLost(p gmm.Pairs, free gmm.Form) (verdict Verdict, grade Grade, defect float64) {
	none := func() (Verdict, Grade, float64) { return Undecided, Estimated, math.Inf(1) }
	if p.WantSingle() != nil || p.Left.Centred() {
		return none()
	}
	at, err := see(InfoNCE, p, free, nil)
	if err != nil {
		return none()
	}
	mean := gmm.Mean(p.Weights(), at.left.Means)
	length, size := mat.Norm(mean, 2), mat.Norm(at.m, 2)
	off := float64(len(p.Weights())+8) * dense.Roundoff
	for k, e := range at.left.MeansOff() {
		off += p.Weights()[k] * e / length
	}
	along := mat.Inner(mean, at.m, mean) / (length * length)
	side := Side{Defect: math.Inf(1)}
	for tolerance := contained * size / 8; tolerance > finest*at.sum.Scale(); tolerance /= 64 {
		var e enclosure.Gradient
		if e, err = at.bounded(tolerance); err != nil {
			return none()
		}
		plain, _ := at.distances(e.Norm + e.Err)
		if side.contain(math.Abs(along), plain+(4*off+at.formError)*size, size, contained) {
			break
		}
	}
	return side.Containment, Bounded, side.Defect
}
