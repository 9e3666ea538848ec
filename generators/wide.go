package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// WideOf draws 2 to 4 components in leastD to mostD dimensions, many, each with a covariance of its own, Σ_k = R_kR_kᵀ with R_k lower bidiagonal: a deviation of ½, 1 or 2 for each coordinate, and halves in
// [−1, 1] of the one before; weights and means as General's.
func WideOf(leastD, mostD int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 4).Draw(t, "components"), rapid.IntRange(leastD, mostD).Draw(t, "dimension")
		e := gmm.Exact{Name: "wide", Weights: weights(t, k, 8)}
		for range k {
			e.Means = append(e.Means, vector(t, d, 2, "mean"))
			deviations, links := rapid.SliceOfN(rapid.IntRange(-1, 1), d, d).Draw(t, "deviations"), vector(t, d, 1, "links")
			own := zeros(d, d)
			for i := range d {
				r := power(deviations[i])
				own[i][i].Add(own[i][i], new(big.Rat).Mul(r, r))
				if i > 0 {
					before := power(deviations[i-1])
					own[i][i].Add(own[i][i], new(big.Rat).Mul(links[i], links[i]))
					own[i][i-1].Mul(links[i], before)
					own[i-1][i].Set(own[i][i-1])
				}
			}
			e.Covariances = append(e.Covariances, own)
		}
		return valid(e)
	})
}
