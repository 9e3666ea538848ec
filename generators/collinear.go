package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var collinear = Family{
	Name: "collinear", Draw: Collinear(), Simplest: "Mixture{weights 1:1, means (0) (0.5), covariance identity}",
	Hard: "more components than dimensions of S_F", Occurs: dependent, Least: 0.99,
}

// Collinear draws 2 to 4 components whose means are multiples of one vector and
// not all equal, in 1 to 4 dimensions: dim S_F = 1 and B ≠ 0.
func Collinear() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 4).Draw(t, "components"), rapid.IntRange(1, 4).Draw(t, "dimension")
		direction := vector(t, d, 2, "direction")
		direction[0] = big.NewRat(1, 1) // so that it is not 0
		means := make([][]*big.Rat, k)
		for i := range means {
			position := halves(3).Draw(t, "position")
			if i == 1 { // apart from the first, whatever it is
				gap := big.NewRat(int64(rapid.IntRange(1, 6).Draw(t, "gap")), 2)
				position = gap.Add(gap, means[0][0])
			}
			means[i] = scaled(position, direction)
		}
		return build("collinear", weights(t, k, 8), means, covariance(t, d))
	})
}
