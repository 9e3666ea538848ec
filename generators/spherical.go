package generators

import (
	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var spherical = Family{
	Name: "spherical", Draw: Spherical(), Simplest: "Mixture{weights 1:1, means (0) (0), covariance identity}",
	Hard: "fewer independent means than components", Occurs: dependent, Least: 0.2,
}

// Spherical draws 2 to 4 components in 1 to 4 dimensions with covariance σ²I, σ
// a power of 2 from ¼ to 4, and means of halves in [−3, 3].
func Spherical() *rapid.Generator[*gmm.Mixture] {
	return SphericalOf(2, 4, 1, 4)
}

// SphericalOf is Spherical with bounds of its own on the number of components and
// on the dimension.
func SphericalOf(fewest, most, lowest, highest int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k := rapid.IntRange(fewest, most).Draw(t, "components")
		d := rapid.IntRange(lowest, highest).Draw(t, "dimension")
		variance := power(2 * rapid.SampledFrom([]int{0, 1, -1, 2, -2}).Draw(t, "deviation"))
		sigma := identity(d)
		for i := range sigma {
			sigma[i][i] = variance
		}
		means := vectors(t, k, d, 3, "mean")
		return build("spherical", weights(t, k, 8), means, sigma)
	})
}

// dependent tells that the means span fewer dimensions than there are components.
func dependent(m *gmm.Mixture) bool { return m.FisherDimension() < m.Components() }
