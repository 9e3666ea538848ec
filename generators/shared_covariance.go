package generators

import (
	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var sharedCovariance = Family{
	Name: "shared covariance", Draw: SharedCovariance(), Simplest: "Mixture{weights 1:1, means (0) (0), covariance identity}",
	Hard: "correlated coordinates", Occurs: correlated, Least: 0.3,
}

// SharedCovariance draws the general case: 2 to 4 components in 1 to 4
// dimensions, weights from 1 to 8, means of halves in [−3, 3], Σ = RRᵀ.
func SharedCovariance() *rapid.Generator[*gmm.Mixture] {
	return SharedCovarianceOf(2, 4, 1, 4)
}

// SharedCovarianceOf is SharedCovariance with bounds of its own on the number of
// components and on the dimension.
func SharedCovarianceOf(fewest, most, lowest, highest int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k := rapid.IntRange(fewest, most).Draw(t, "components")
		d := rapid.IntRange(lowest, highest).Draw(t, "dimension")
		means := vectors(t, k, d, 3, "mean")
		return build("shared covariance", weights(t, k, 8), means, covariance(t, d))
	})
}

// correlated tells that Σ is not diagonal.
func correlated(m *gmm.Mixture) bool {
	c := m.Covariance()
	for i := range m.Dimension() {
		for j := range i {
			if c.At(i, j) != 0 {
				return true
			}
		}
	}
	return false
}
