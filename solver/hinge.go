package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
	"contrastcheck/solver/term/ramp"
)

// Hinge is the hinge triplet loss
//
//	L(M) = E max(0, α + xᵀM(y − x̂)),
//
// (x, x̂) a positive pair of one modality and y an independent draw from the mixture, with a margin α > 0, which is but a scale: L_α(M) = αL_1(M/α)
// (Schroff, Kalenichenko and Philbin, CVPR 2015, of normalised points). It is convex, strictly but at M = 0, about which it is flat, and grows linearly.
func Hinge(margin float64) Loss { return hinge("hinge", margin, ramp.Dot) }

// DistanceHinge is the hinge triplet loss of squared distances
//
//	L(M) = E max(0, α + ½(x − x̂)ᵀM(x − x̂) − ½(x − y)ᵀM(x − y)),
//
// of large-margin nearest neighbours (Weinberger and Saul, JMLR 10, 2009), with a margin α > 0.
func DistanceHinge(margin float64) Loss { return hinge("distance-hinge", margin, ramp.Distance) }

func hinge(name string, margin float64, laws term.Laws) Loss {
	return Loss{
		Name: name, combines: true,
		Admits: gmm.Pairs.WantSingle,
		terms:  func(l *term.Law) []term.Term { return []term.Term{term.Hinge(l, margin, laws)} },
		of: func(p gmm.Pairs, left, _ seen) (value, err float64, failure error) {
			return term.HingeOf(p.Weights(), p.Delta(), margin, laws, left)
		},
	}
}
