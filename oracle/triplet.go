package oracle

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"
)

// Triplet is the logistic triplet loss
//
//	L(M) = E log(1 + exp(xᵀM(y − x̂))),
//
// (x, x̂) a positive pair and y an independent draw, of one modality and one covariance: InfoNCE with one negative. It is strictly convex, but grows linearly, so
// that convexity is strong near each matrix only (enclosure.Logistic). By convexity of log(1 + e^t) its minimiser and all stationary points lie in the Fisher subspace, and
// M* = 0 iff δB = 0, as ∇L(0) = −½δB.
var Triplet = Loss{
	Name: "triplet", admits: gmm.Pairs.WantSingle, metric: whitened.Flat, modulus: locally,
	sum: logistic(func(at *point) *enclosure.Logistic {
		return enclosure.NewTriplets(at.left, at.m, at.delta, at.work)
	}),
	vanishes: uninformative, sampled: tripletSampled,
}

// DistanceTriplet is the logistic triplet loss of squared distances,
//
//	L(M) = E log(1 + exp(½(x − x̂)ᵀM(x − x̂) − ½(x − y)ᵀM(x − y))),
//
// of points as in Triplet: Triplet with the scores −½|Aᵀx − Aᵀy|². Its minimiser and all stationary points lie in the centred Fisher subspace, M* = 0 iff δB = 0, as ∇L(0) = −½δB, and at
// δ = 1 it keeps all of that subspace.
var DistanceTriplet = Loss{
	Name: "distance-triplet", admits: gmm.Pairs.WantSingle, metric: whitened.Flat, modulus: locally, distances: true,
	sum: logistic(func(at *point) *enclosure.Logistic {
		return enclosure.NewDistanceTriplets(at.left, at.m, at.delta, at.work)
	}),
	vanishes: uninformative, sampled: tripletSampled,
}

// tripletSampled is one draw: the mean over negatives.
func tripletSampled(positive float64, right, _ func() []float64) (value, bias, share float64) {
	negatives := right()
	for _, score := range negatives {
		value += softplus(score-positive) / float64(len(negatives))
	}
	return value, 0, 0
}

// logistic is the sum of one such term.
func logistic(term func(at *point) *enclosure.Logistic) func(at *point) enclosure.Sum {
	return func(at *point) enclosure.Sum {
		return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Flat, Terms: []enclosure.Term{term(at)}}
	}
}

// withinLocally is within for losses whose convexity is strong near a matrix only: their moduli are small, so that rounding counts for more.
const withinLocally = 1e-7

// locally is the modulus of such a loss.
func locally(at *point, gradient float64) float64 {
	return at.sum.Terms[0].(*enclosure.Logistic).Modulus(gradient)
}

// softplus is log(1 + e^t).
func softplus(t float64) float64 { return math.Max(t, 0) + math.Log1p(math.Exp(-math.Abs(t))) }
