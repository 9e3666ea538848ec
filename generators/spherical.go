package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Spherical draws 2 to 4 components in 1 to 4 dimensions with covariance σ²I, σ
// a power of 2 from ¼ to 4, and means of halves in [−3, 3].
func Spherical() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 4).Draw(t, "components"), rapid.IntRange(1, 4).Draw(t, "dimension")
		variance := power(2 * rapid.SampledFrom([]int{0, 1, -1, 2, -2}).Draw(t, "deviation"))
		sigma := identity(d)
		for i := range sigma {
			sigma[i][i] = variance
		}
		means := make([][]*big.Rat, k)
		for i := range means {
			means[i] = vector(t, d, 3, "mean")
		}
		return build("spherical", weights(t, k, 8), means, sigma)
	})
}
