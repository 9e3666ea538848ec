package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// Spectral is the spectral contrastive loss (HaoChen, Wei, Gaidon and Ma, NeurIPS 2021)
//
//	L(M) = −2 E_{pairs}[ xᵀMy ] + E_{x,y independent}[ (xᵀMy)² ],
//
// a quadratic. It depends on own covariances through Σ̄ alone, and in one modality its minimiser is positive semidefinite.
var Spectral = Loss{
	Name:   "spectral",
	Admits: anyPairs,
	pools:  true,
	rank:   func(p gmm.Pairs) (int, bool) { return p.MomentRank(), true },
	terms:  func(l *term.Law) []term.Term { return []term.Term{term.Spectral(l)} },
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		value, err = term.SpectralOf(p.Weights(), p.Delta(), left, right)
		return value, err, nil
	},
}
