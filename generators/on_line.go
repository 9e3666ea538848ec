package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// OnLine draws k components of identity covariance in the plane, their means on the first axis, apart by ½ to 8, with weights from 1 to 64, 0 among the means.
func OnLine(k int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		weights, means := make([]*big.Rat, k), make([][]*big.Rat, k)
		at := new(big.Rat)
		for i := range k {
			weights[i] = big.NewRat(1<<rapid.IntRange(0, 6).Draw(t, "weight"), 1)
			means[i] = []*big.Rat{new(big.Rat).Set(at), new(big.Rat)}
			at = at.Add(at, big.NewRat(int64(rapid.IntRange(1, 16).Draw(t, "gap")), 2))
		}
		return build("on a line", weights, means, identity(2))
	})
}
