package oracle

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/oracle/enclosure"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// Spectral is the spectral contrastive loss
//
//	L(M) = −2 E xᵀMy + E (xᵀMy)²,   x and y independent in the second part,
//
// of one modality, or of two whose pairs share their component. Its gradient is 2(S_L M S_R − E[xyᵀ]), S = E[xxᵀ]: own covariances
// enter through Σ̄ alone, and M* = S_L⁻¹E[xyᵀ]S_R⁻¹, positive semidefinite in one modality, has the rank of E[xyᵀ] and lies in the Fisher
// subspaces. Equality is refuted by that rank alone, in rationals.
var Spectral = Loss{
	Name: "spectral", metric: whitened.Product, modulus: strongly(2),
	admits: func(p gmm.Pairs) error {
		if p.Modalities() == 1 {
			return nil
		}
		return p.WantCertain()
	},
	sum: func(at *point) enclosure.Sum {
		return enclosure.Sum{Left: at.left, Right: at.right, Metric: whitened.Product,
			Terms: []enclosure.Term{enclosure.NewMoments(at.left, at.right, at.m, at.delta)}}
	},
	vanishes: vanishingMoment,
	rank:     momentRank,
	falls: func(p gmm.Pairs, v *mat.Dense, _, _ float64) float64 {
		return product4(secondMomentOf(p.Left), v, secondMomentOf(p.Right))
	},
	sampled: func(positive float64, right, _ func() []float64) (value, bias, share float64) {
		var squares, largest float64
		scores := right()
		for _, x := range scores {
			squares += x * x
			largest = max(largest, x*x)
		}
		if squares > 0 {
			share = largest / squares
		}
		return squares/float64(len(scores)) - 2*positive, 0, share
	},
}

// momentRank is the rank of E[xyᵀ].
func momentRank(p gmm.Pairs) (of string, rank int, known bool) {
	of = "T_δ"
	if p.Modalities() == 2 {
		of = "X"
	}
	return of, p.MomentRank(), true
}

// vanishingMoment decides whether E[xyᵀ] = 0.
func vanishingMoment(p gmm.Pairs) (rule string, zero bool) {
	of, rank, _ := momentRank(p)
	return exactRule(of, 0), rank == 0
}

// exactRule says that a rank was computed in rationals.
func exactRule(of string, rank int) string {
	return fmt.Sprintf("exact: %s has rank %d in rational numbers", of, rank)
}

// least is the smallest dimension of a Fisher subspace.
func least(p gmm.Pairs) int {
	return min(p.Left.FisherDimension(), p.Right.FisherDimension())
}
