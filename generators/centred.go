package generators

import (
	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

var centred = Family{
	Name: "centred", Draw: Centred(), Simplest: "Mixture{weights 1:1, means (0) (0), covariance identity}",
	Hard: "mean 0 although some component's is not", Occurs: balanced, Least: 0.9,
}

// Centred draws SharedCovariance and subtracts the mean, exactly.
func Centred() *rapid.Generator[*gmm.Mixture] {
	return rapid.Map(SharedCovariance(), centre)
}

// balanced tells that the mean is exactly 0 and some component's is not.
func balanced(m *gmm.Mixture) bool { return m.Centred() && mat.Norm(m.Means(), 2) > 0 }
