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
var Triplet = Loss{
	Name:   "triplet",
	Admits: gmm.Pairs.WantSingle,
	terms:  func(l *term.Law) []term.Term { return []term.Term{term.Logistic(l)} },
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		return term.LogisticOf(p.Weights(), p.Delta(), left)
	},
}
