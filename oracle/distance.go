package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"

	"gonum.org/v1/gonum/mat"
)

// Distance bounds ‖M − M_u‖_F in whitened coordinates for any symmetric matrix M,
// M_u being the minimiser of the InfoNCE loss of p over all symmetric matrices.
// The bound is the norm of the gradient at M, evaluated to about the given
// tolerance, and the error of that evaluation; +Inf where nothing can be bounded.
func Distance(p gmm.Pairs, m gmm.Form, tolerance float64) float64 {
	if m.N == nil {
		return 0
	}
	at, err := see(InfoNCE, p, m, nil)
	if err != nil {
		return math.Inf(1)
	}
	e, err := at.bounded(tolerance)
	if err != nil {
		return math.Inf(1)
	}
	plain, _ := at.distances(e.Norm + e.Err)
	return plain + at.formError*mat.Norm(at.m, 2)
}

// GeneralDistance is Distance for own covariances.
func GeneralDistance(p gmm.GeneralPairs, m gmm.Form, tolerance float64) float64 {
	v, err := seeOwn(p, m.Frame, 1)
	if err != nil {
		return math.Inf(1)
	}
	face := v.matrix(m.N)
	values, vectors := dense.Eigen(face)
	e, err := v.bounded(enclosure.LowRank{R: vectors, N: values}, tolerance)
	if err != nil {
		return math.Inf(1)
	}
	return v.Radius(e.Norm+e.Err) + v.FormError*mat.Norm(face, 2)
}
