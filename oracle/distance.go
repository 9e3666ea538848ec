package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"
)

// Distance is the InfoNCE loss of squared distances and infinitely many negatives,
//
//	L(M) = ½E D(x, x̂) + E_x log E_y exp(−½D(x, y)),   D(x, y) = (x − y)ᵀM(x − y),
//
// (x, x̂) a positive pair and y an independent draw, of one modality and one covariance: InfoNCE with the scores −½|Aᵀx − Aᵀy|². It is finite where M ≻ −I in whitened
// coordinates, and strongly convex near each such matrix (enclosure.Distance). Its minimiser and all stationary points lie in the centred Fisher subspace, M* = 0 iff δB = 0, as
// ∇L(0) = −δB, and at δ = 1 it keeps all of that subspace.
var Distance = Loss{
	Name: "distance", admits: gmm.Pairs.WantSingle, metric: whitened.Flat, distances: true,
	modulus: func(at *point, gradient float64) float64 {
		return at.sum.Terms[0].(*enclosure.Distance).Modulus(gradient)
	},
	sum: func(at *point) enclosure.Sum {
		return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Flat,
			Terms: []enclosure.Term{enclosure.NewDistance(at.left, at.m, at.delta, at.seeds[0])}}
	},
	finite: func(at *point) bool {
		values, _ := dense.Eigen(at.m)
		return values[0] > -1
	},
	vanishes: uninformative, sampled: infonceSampled,
}
