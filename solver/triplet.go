package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// Triplet is the logistic triplet loss
//
//	L(M) = E log(1 + exp(xᵀM(y − x̂))),
//
// (x, x̂) a positive pair of one modality and y an independent draw from the mixture: InfoNCE with one negative (Oord, Li and Vinyals,
// arXiv 1807.03748; Sohn, NeurIPS 2016, for several). It is strictly convex, and strongly near any M, but grows linearly.
var Triplet = logistic("triplet", gmm.Pairs.WantSingle, term.Triplets)

// DistanceTriplet is the logistic triplet loss of squared distances,
//
//	L(M) = E log(1 + exp(½(x − x̂)ᵀM(x − x̂) − ½(x − y)ᵀM(x − y))),
//
// of points as in Triplet (Weinberger and Saul, JMLR 10 (2009), for the hinge). It is convex in the same way.
var DistanceTriplet = logistic("distance-triplet", gmm.Pairs.WantSingle, term.DistanceTriplets)

// logistic is the loss of one logistic term.
func logistic(name string, admits func(gmm.Pairs) error, of term.Logistic) Loss {
	return Loss{
		Name: name, Admits: admits, combines: true,
		terms: func(l *term.Law) []term.Term { return []term.Term{of.Of(l)} },
		of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
			return of.Value(p.Weights(), p.Delta(), left, right)
		},
	}
}
