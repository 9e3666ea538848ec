package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// CLIP is the CLIP loss of infinitely many negatives,
//
//	g(M) = −2 E xᵀMy + E_x log E_y exp(xᵀMy) + E_y log E_x exp(xᵀMy),
//
// over pairs that share their component, δ = 1, of shared covariances. It is 2-strongly convex in whitened coordinates:
// D²g[V,V] ≥ ⟨VVᵀ, I + C_L⟩ + ⟨VᵀV, I + C_R⟩. M* = 0 iff Σ w_k (μ_k − μ̄)(ν_k − ν̄)ᵀ = 0, as ∇g(0) is −2 times that.
var CLIP = Loss{
	Name: "clip", admits: gmm.Pairs.WantCertain, metric: whitened.Mean, modulus: strongly(2),
	sum: func(at *point) enclosure.Sum {
		s := InfoNCE.sum(at)
		s.Transposed = []enclosure.Term{at.transposed().logPartition()}
		return s
	},
	vanishes: func(p gmm.Pairs) (string, bool) {
		return "exact: Σ w_k (μ_k − μ̄)(ν_k − ν̄)ᵀ = 0, so M* = 0", p.Uninformative()
	},
	falls: func(p gmm.Pairs, v *mat.Dense, left, right float64) float64 {
		return (left + right) / 2 * product4(p.Left.Covariance(), v, p.Right.Covariance())
	},
	sampled: func(positive float64, right, left func() []float64) (value, bias, share float64) {
		one, biasOne, shareOne := logMeanExp(right())
		two, biasTwo, shareTwo := logMeanExp(left())
		return one + two - 2*positive, biasOne + biasTwo, (shareOne + shareTwo) / 2
	},
}

// logPartition is the term of a point's anchors on the left.
func (at *point) logPartition() enclosure.Term {
	if at.own != nil {
		return enclosure.NewOwnPartition(at.own, at.m, at.delta)
	}
	return enclosure.NewLogPartition(at.left, at.right, at.m, at.delta, at.seeds[0])
}

// transposed is the point with the sides exchanged.
func (at *point) transposed() *point {
	out := *at
	out.left, out.right, out.m = at.right, at.left, mat.DenseCopyOf(at.m.T())
	out.seeds[0], out.seeds[1] = at.seeds[1], at.seeds[0]
	return &out
}
