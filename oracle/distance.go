package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Distance is the InfoNCE loss of squared distances and infinitely many negatives,
//
//	L(M) = ½E D(x, x̂) + E_x log E_y exp(−½D(x, y)),   D(x, y) = (x − y)ᵀM(x − y),
//
// (x, x̂) a positive pair and y an independent draw, of one modality: InfoNCE with the scores −½|Aᵀx − Aᵀy|². Of one covariance it is finite where M ≻ −I in whitened
// coordinates, and strongly convex near each such matrix (enclosure.Distance). Its minimiser and all stationary points lie in the centred Fisher subspace, M* = 0 iff δB = 0, as
// ∇L(0) = −δB, and at δ = 1 it keeps all of that subspace. Of own covariances (enclosure.OwnDistance) M* = 0 iff δB = 0, too, but it lies in the central subspace only, and may lose
// a direction at δ = 1.
var Distance = Loss{
	Name: "distance", admits: gmm.Pairs.WantOneModality, metric: whitened.Flat, modulus: ofDistances, distances: true,
	sum: func(at *point) enclosure.Sum { return at.distance(at.delta) },
	ownTerm: func(at *point, inside *mat.Dense) (steepest, radius float64) {
		steepest, radius = at.sum.Terms[0].(*enclosure.OwnDistance).Lipschitz(inside)
		return steepest, min(radius, mat.Norm(at.m, 2))
	},
	finite: finiteDistances, vanishes: uninformative, sampled: infonceSampled,
}

// DebiasedDistance is Distance for pairs of a known 0 < δ ≤ 1, of which both points have the same component with probability δ, with
//
//	[E D(x, x̂) − (1−δ) E D(x, y)]/δ   in the place of   E D(x, x̂).
//
// As E D(x, x̂) = δ E D(x, x′) + (1−δ) E D(x, y), x and x′ of one component, that is Distance at δ = 1, identically. The mean of D(x, y) is over the negatives.
func DebiasedDistance(delta float64) Loss {
	l := Distance
	l.Name, l.admits, l.ownTerm = "distance-debiased", gmm.Pairs.WantSingle, nil
	l.sum = func(at *point) enclosure.Sum { return at.distance(1) }
	l.sampled = func(positive float64, right, _ func() []float64) (value, bias, share float64) {
		negatives := right()
		log, bias, share := logMeanExp(negatives)
		return log - (positive-(1-delta)*floats.Sum(negatives)/float64(len(negatives)))/delta, bias, share
	}
	return l
}

// distance is the sum of one such term, at a δ.
func (at *point) distance(delta float64) enclosure.Sum {
	var t enclosure.Term
	if at.own != nil {
		t = enclosure.NewOwnDistance(at.own, at.m, delta)
	} else {
		t = enclosure.NewDistance(at.left, at.m, delta, at.seeds[0])
	}
	return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Flat, Terms: []enclosure.Term{t}}
}

// ofDistances is the modulus of such a loss.
func ofDistances(at *point, gradient float64) float64 {
	return at.sum.Terms[0].(interface{ Modulus(float64) float64 }).Modulus(gradient)
}

// finiteDistances tells whether M ≻ −I and, of own covariances, −Σ_k⁻¹.
func finiteDistances(at *point) bool {
	if at.own != nil {
		return at.sum.Terms[0].(*enclosure.OwnDistance).Finite()
	}
	return aboveMinusOne(at)
}

// aboveMinusOne tells whether M ≻ −I.
func aboveMinusOne(at *point) bool {
	values, _ := dense.Eigen(at.m)
	return values[0] > -1
}
