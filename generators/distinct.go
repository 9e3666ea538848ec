package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var distinct = Family{
	Name: "distinct", Draw: Distinct(), Simplest: "Mixture{weights 1:1, means (0) (0.5), covariance identity}",
	Hard: "independent means, where equality can fail", Occurs: planar, Least: 0.3,
}

// Distinct draws 2 to 4 components in 1 to 3 dimensions of which at least the
// first two means differ, so that B ≠ 0.
func Distinct() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 4).Draw(t, "components"), rapid.IntRange(1, 3).Draw(t, "dimension")
		means := vectors(t, k, d, 3, "mean")
		gap := big.NewRat(int64(rapid.IntRange(1, 4).Draw(t, "gap")), 2)
		means[1][0] = gap.Add(gap, means[0][0])
		return build("distinct", weights(t, k, 8), means, covariance(t, d))
	})
}

var centredDistinct = Family{
	Name: "centred distinct", Draw: CentredDistinct(), Simplest: "Mixture{weights 1:1, means (-0.25) (0.25), covariance identity}",
	Hard: "mean 0 although some component's is not", Occurs: balanced, Least: 1,
}

// CentredDistinct draws Distinct and subtracts the mean, exactly.
func CentredDistinct() *rapid.Generator[*gmm.Mixture] { return rapid.Map(Distinct(), centre) }

// planar tells that the means span more than a line.
func planar(m *gmm.Mixture) bool { return m.FisherDimension() > 1 }
