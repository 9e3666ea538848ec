package solver

import (
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// CLIP is the loss
//
//	g(M) = −2 E_{pairs}[ xᵀMy ] + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy)
//
// (Radford et al., ICML 2021, for the loss; Bansal, Kavis and Sanghavi, arXiv 2411.03517, section 5,
// for its population form).
var CLIP = Loss{
	Name:   "clip",
	Admits: anyPairs,
	tilts:  true,
	terms: func(l *term.Law) []term.Term {
		return []term.Term{term.LogPartition(l), term.Transposed(term.LogPartition(l.Swapped()))}
	},
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		one, off, failure := term.LogPartitionOf(p.Weights(), p.LogWeights(), p.Delta(), left, right)
		if failure != nil {
			return math.NaN(), math.Inf(1), failure
		}
		other, more, failure := term.LogPartitionOf(p.Weights(), p.LogWeights(), p.Delta(), right, left)
		return one + other, off + more, failure
	},
}
