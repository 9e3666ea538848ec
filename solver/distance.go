package solver

import (
	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// Distance is InfoNCE with infinitely many negatives and scores −½‖Aᵀx − Aᵀy‖²,
//
//	L(M) = ½E D(x, x̂) + E_x log E_y exp(−½D(x, y)),   D(x, y) = (x − y)ᵀM(x − y),
//
// (x, x̂) a positive pair of one modality, x and y independent draws from the mixture: at δ = 1 the population form of maximally collapsing metric learning
// (Globerson and Roweis, NeurIPS 2005). It is finite where I + M ≻ 0 in whitened coordinates, of own covariances where all I + Σ_k^½MΣ_k^½ ≻ 0, and depends on differences
// of points alone.
var Distance = Loss{
	Name:   "distance",
	Admits: gmm.Pairs.WantOneModality,
	terms:  func(l *term.Law) []term.Term { return []term.Term{term.Distance(l)} },
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		return term.DistanceOf(p.Weights(), p.LogWeights(), p.Delta(), left)
	},
}
