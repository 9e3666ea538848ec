package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Hinge is the hinge triplet loss
//
//	L(M) = E max(0, α + xᵀM(y − x̂)),   α > 0,
//
// (x, x̂) a positive pair and y an independent draw, of one modality and one covariance. It is convex, strictly so where M ≠ 0, flat about 0 and grows linearly, so that convexity is
// strong near each other matrix only (enclosure.Hinge). By convexity of the hinge its minimiser and all stationary points lie in the Fisher subspace, and M* = 0 iff δB = 0: ∇L(0) = −δB, and where that
// is 0 so is E t, and L(M) = α + E max(0, −α − t) > α for M ≠ 0.
func Hinge(margin float64) Loss { return hinge("hinge", margin, enclosure.NewHinge) }

// DistanceHinge is the hinge triplet loss of squared distances
//
//	L(M) = E max(0, α + ½(x − x̂)ᵀM(x − x̂) − ½(x − y)ᵀM(x − y)),   α > 0,
//
// which is the former of a score that is linear in M, too, and sees differences of points only. Of pairs that are centred, whose Fisher subspace is the centred one, all that is said of it
// holds. At δ = 1 equality is a theorem: every minimiser spans that subspace.
func DistanceHinge(margin float64) Loss {
	l := hinge("distance-hinge", margin, enclosure.NewDistanceHinge)
	l.distances = true
	return l
}

func hinge(name string, margin float64, term func(*whitened.Mixture, *mat.Dense, float64, float64, *enclosure.Budget) *enclosure.Hinge) Loss {
	return Loss{
		Name: name, admits: gmm.Pairs.WantSingle, metric: whitened.Flat, within: withinLocally,
		modulus: func(at *point, gradient float64) float64 {
			return at.sum.Terms[0].(*enclosure.Hinge).Modulus(gradient)
		},
		sum: func(at *point) enclosure.Sum {
			return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Flat,
				Terms: []enclosure.Term{term(at.left, at.m, at.delta, margin, at.work)}}
		},
		vanishes: uninformative,
		sampled: func(positive float64, right, _ func() []float64) (value, bias, share float64) {
			negatives := right()
			for _, score := range negatives {
				value += max(0, margin+score-positive) / float64(len(negatives))
			}
			return value, 0, 0
		},
	}
}
