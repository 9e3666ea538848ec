package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// BesideNoise draws 2 or 3 components of identity covariance with one coordinate of noise, the last, of which the mean is the same for all and 0 or not; without it
// their differences span s dimensions, 1 or 2: a line of 2 or 3 means, or a plane of 3.
func BesideNoise(s int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k := 3
		if s == 1 {
			k = rapid.IntRange(2, 3).Draw(t, "components")
		}
		first := append(vector(t, s, 1, "first mean"), halves(2).Draw(t, "mean of the noise"))
		means := [][]*big.Rat{first}
		for i := 1; i < k; i++ {
			step := append(vector(t, s, 2, "step"), new(big.Rat))
			for j := range s { // the second mean steps along the first coordinate, the third along the last
				if j == i-1 {
					step[j] = big.NewRat(int64(rapid.IntRange(1, 6).Draw(t, "gap")), 2)
				} else if j > i-1 {
					step[j] = new(big.Rat)
				}
			}
			means = append(means, added(first, step))
		}
		return build("beside noise", weights(t, k, 8), means, identity(s+1))
	})
}
