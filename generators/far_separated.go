package generators

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var farSeparated = Family{
	Name: "far separated", Draw: FarSeparated(), Simplest: "Mixture{weights 1:1, means (0) (40), covariance identity}",
	Hard: "means more than 100 standard deviations apart", Occurs: far, Least: 0.3,
}

// FarSeparated draws 2 or 3 components in 1 to 3 dimensions with identity
// covariance and means 2^3 … 2^10 times whole numbers in [−2, 2], moved along the
// first axis so that neighbours are at least 2^3 … 2^10 apart.
func FarSeparated() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 3).Draw(t, "components"), rapid.IntRange(1, 3).Draw(t, "dimension")
		factor := power(rapid.IntRange(3, 10).Draw(t, "distance"))
		means := make([][]*big.Rat, k)
		for i := range means {
			means[i] = scaled(factor, whole(t, d, 2, "mean"))
			means[i][0] = new(big.Rat).Add(means[i][0], new(big.Rat).Mul(factor, big.NewRat(int64(5*i), 1)))
		}
		return build("far separated", weights(t, k, 8), means, identity(d))
	})
}

// far tells that the first two means are more than 100 standard deviations apart.
func far(m *gmm.Mixture) bool {
	means := m.Means()
	var gap float64
	for j := range m.Dimension() {
		gap = math.Hypot(gap, means.At(1, j)-means.At(0, j))
	}
	return gap > 100
}
