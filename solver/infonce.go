package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// InfoNCE is the loss
//
//	f(M) = −E[xᵀMx̂] + E_x log E_y exp(xᵀMy),
//
// (x, x̂) a positive pair of one modality, x and y independent draws from the mixture (Bansal,
// Kavis and Sanghavi, arXiv 2411.03517).
var InfoNCE = Loss{
	Name:   "infonce",
	Admits: gmm.Pairs.WantOneModality,
	tilts:  true,
	terms:  func(l *term.Law) []term.Term { return []term.Term{term.LogPartition(l)} },
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		return term.LogPartitionOf(p.Weights(), p.LogWeights(), p.Delta(), left, right)
	},
}
