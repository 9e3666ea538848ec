package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// Negatives is InfoNCE with a finite number N ≥ 1 of negatives and the positive among the candidates,
//
//	L(M) = E log(1 + Σ_{i≤N} exp(xᵀM(y_i − x̂))),
//
// (x, x̂) a positive pair of one modality and one covariance and y_i independent draws from the mixture (Oord, Li and Vinyals, arXiv 1807.03748).
// It is strictly convex, and strongly near any M, but grows linearly; L − log N tends to InfoNCE as N grows. A solve averages over anchors in as many
// dimensions as M has.
func Negatives(n int) Loss {
	return Loss{
		Name: "negatives", combines: true,
		Admits: gmm.Pairs.WantSingle,
		terms:  func(l *term.Law) []term.Term { return []term.Term{term.Negatives(l, n)} },
		of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
			return term.NegativesOf(p.Weights(), p.Delta(), n, left)
		},
	}
}
