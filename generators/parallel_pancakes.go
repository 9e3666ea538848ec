package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var parallelPancakes = Family{
	Name: "parallel pancakes", Draw: ParallelPancakes(), Simplest: "Mixture{weights 1:1, means (-0.25, 0) (0.25, 0), covariance (0.25, 0) (0, 4)}",
	Hard: "more variance within the components than between them", Occurs: pancake, Least: 0.3,
}

// ParallelPancakes draws 2 or 3 components in 2 to 4 dimensions that are thin
// along the first axis, where their means differ by halves, and wide along the
// others, where they do not, centred: deviations 2^−1 … 2^−3 and 2^1 … 2^3. The largest
// variance then says nothing about the components.
func ParallelPancakes() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 3).Draw(t, "components"), rapid.IntRange(2, 4).Draw(t, "dimension")
		sigma := identity(d)
		sigma[0][0] = power(-2 * rapid.IntRange(1, 3).Draw(t, "thin"))
		for i := 1; i < d; i++ {
			sigma[i][i] = power(2 * rapid.IntRange(1, 3).Draw(t, "wide"))
		}
		means := make([][]*big.Rat, k)
		position := new(big.Rat)
		for i := range means {
			means[i] = make([]*big.Rat, d)
			for j := range means[i] {
				means[i][j] = new(big.Rat)
			}
			means[i][0].Set(position)
			position.Add(position, big.NewRat(int64(rapid.IntRange(1, 4).Draw(t, "gap")), 2))
		}
		return centre(build("parallel pancakes", weights(t, k, 4), means, sigma))
	})
}

// pancake tells that the second axis, where no means differ, has the larger variance.
func pancake(m *gmm.Mixture) bool {
	between := gmm.RawScatter(m.Weights(), m.Means().T()).At(0, 0)
	return m.Covariance().At(1, 1) > between+m.Covariance().At(0, 0)
}
