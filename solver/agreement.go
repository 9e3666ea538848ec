package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// Agreement is the loss
//
//	L(M) = −2E[xᵀMx̂] + ½E[(xᵀMy − x̂ᵀMy)²],
//
// (x, x̂) a positive pair of one modality and y independent of it: both points of a pair are to score alike beside others. It is a quadratic, depends on own
// covariances through Σ̄ alone, and its minimiser is positive semidefinite: Σ̄⁻¹ − (Σ̄ + C)⁻¹ at δ = 1.
var Agreement = Loss{
	Name:   "agreement",
	Admits: gmm.Pairs.WantOneModality,
	pools:  true,
	rank:   func(p gmm.Pairs) (int, bool) { return p.MomentRank(), p.Delta() > 0 }, // the columns of E[xx̂ᵀ] span the Fisher subspace
	terms:  func(l *term.Law) []term.Term { return []term.Term{term.Agreement(l)} },
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		value, err = term.AgreementOf(p.Weights(), p.Delta(), left)
		return value, err, nil
	},
}
