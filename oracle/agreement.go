package oracle

import (
	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"
)

// Agreement is the loss
//
//	L(M) = −2E[xᵀMx̂] + ½E[(xᵀMy − x̂ᵀMy)²],
//
// (x, x̂) a positive pair of one modality and y independent of it. The covariance of x − x̂ is twice W = Σ̄ + (1−δ)B, so that L = −2⟨M, T_δ⟩ + tr(MWMS₂),
// S₂ = Σ̄ + C, T_δ = E[xx̂ᵀ]: own covariances enter through Σ̄ alone. D²L[V, V] = 2 tr(VWVS₂) ≥ 2 tr(V²S₂) in whitened coordinates. In them W and S₂ are the
// identity off S_F and keep S_F, and where S₂ is the identity too M* = 2∫e^{−tW}T_δe^{−tW}dt: it is positive semidefinite, and where δ > 0,
// so that the columns of T_δ span S_F, it has the rank of T_δ. (At δ = 0 it can have more.)
var Agreement = Loss{
	Name: "agreement", admits: gmm.Pairs.WantOneModality, metric: whitened.Mean, modulus: strongly(2),
	sum: func(at *point) enclosure.Sum {
		return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Mean,
			Terms: []enclosure.Term{enclosure.NewAgreement(at.left, at.m, at.delta)}}
	},
	vanishes: vanishingMoment,
	rank: func(p gmm.Pairs) (of string, rank int, known bool) {
		of, rank, _ = momentRank(p)
		return of, rank, p.ExactDelta().Sign() > 0
	},
	sampled: func(positive float64, right, left func() []float64) (value, bias, share float64) {
		var squares, largest float64
		one, other := right(), left()
		for i, x := range one {
			apart := x - other[i]
			squares += apart * apart
			largest = max(largest, apart*apart)
		}
		if squares > 0 {
			share = largest / squares
		}
		return squares/(2*float64(len(one))) - 2*positive, 0, share
	},
}
