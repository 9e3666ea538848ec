package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/subspace"
)

// Violation measures by how much a candidate for the best matrix inside the Fisher subspace breaks the conditions of optimality over all matrices ⪰ 0, of one modality of own covariances: the larger of Slope/SlopeError and
// −Curvature/CurvatureError (see Side), less 1. Positive, it refutes containment. The gradient counts as known to no more than a millionth of ‖M̂‖_F, or as badly as it is, so that numbers can be compared. NaN where nothing is
// known. It panics where Judge does.
func Violation(l Loss, p gmm.Pairs, inside gmm.Form) float64 {
	must(l.admits(p))
	at, err := see(l, p, inside, enclosure.NewBudget(1))
	if err != nil || at.own == nil {
		return math.NaN()
	}
	const accuracy = 1e-6
	s := subspace.FisherIn(at.left, p.Left.FisherDimension())
	face, kernel := at.insideFace(s)
	if face.R == nil {
		return math.NaN()
	}
	best, size := at.onFace(face)
	e, err := best.bounded(accuracy * size)
	if err != nil {
		e = best.sampledPlainly(func(enclosure.Gradient, float64) bool { return true })
	}
	e.Err = max(e.Err, accuracy*size)
	var side Side
	best.slope(&side, e, face, kernel, s)
	if math.IsInf(side.SlopeError, 1) {
		return math.NaN()
	}
	return max(side.Slope/side.SlopeError, -side.Curvature/side.CurvatureError) - 1
}
