package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

var nearDegenerate = Family{
	Name: "near degenerate", Draw: NearDegenerate(), Simplest: "Mixture{weights 1:1, means (0, 0.5) (0, 1), covariance identity}",
	Hard: "two directions, one below a hundredth of the other", Occurs: skewed, Least: 0.3,
}

// NearDegenerate draws 2 or 3 components in 2 to 4 dimensions whose means are
// collinear but for a part of relative size 2^−1 … 2^−12 across: in nearly all
// draws S_F has a direction that barely separates the components.
func NearDegenerate() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(2, 3).Draw(t, "components"), rapid.IntRange(2, 4).Draw(t, "dimension")
		small := power(-rapid.IntRange(1, 12).Draw(t, "smallness"))
		means := make([][]*big.Rat, k)
		for i := range means {
			across := scaled(small, vector(t, d, 2, "across"))
			across[0] = halves(3).Draw(t, "along")
			across[1] = new(big.Rat).Mul(small, big.NewRat(int64(i+1), 1)) // so that there is a part across
			means[i] = across
		}
		return build("near degenerate", weights(t, k, 8), means, covariance(t, d))
	})
}

// skewed tells that the whitened means have a singular value below a hundredth of the largest.
func skewed(m *gmm.Mixture) bool {
	w, err := m.WhitenFisher()
	if err != nil || w.Means == nil {
		return false
	}
	var svd mat.SVD
	svd.Factorize(w.Means, mat.SVDNone)
	values := svd.Values(nil)
	return len(values) > 1 && values[len(values)-1] < values[0]/100
}
