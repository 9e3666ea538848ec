package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var rareOutliers = Family{
	Name: "rare outliers", Draw: RareOutliersOf(4, 2), Simplest: "Mixture{weights 1:2:4:16, means (1, 1) (1, 1) (1, 1) (-0.4375, -0.4375), covariance identity}",
	Hard: "a centred mixture that refutes equality", Least: 0.01,
}

// RareOutliersOf is RareOutlier with k ≥ 2 components in d ≥ 1 dimensions: the first
// has weight 1, each later one 2^1 … 2^5 times the one before, the last, common one
// at least 2^2 times; all means but the last are whole, the first up to 32 away and each
// later one up to half as far as the one before, and the last is fixed by centring.
func RareOutliersOf(k, d int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		weights := []*big.Rat{power(0)}
		means := make([][]*big.Rat, k)
		sum := make([]*big.Rat, d)
		for i := range sum {
			sum[i] = new(big.Rat)
		}
		most := 32
		for i := range k - 1 {
			ratio := rapid.IntRange(1, 5).Draw(t, "log2 of the next weight's ratio")
			if i == k-2 {
				ratio = max(ratio, 2)
			}
			means[i] = make([]*big.Rat, d)
			for j := range means[i] {
				means[i][j] = big.NewRat(int64(rapid.IntRange(1, most).Draw(t, "mean")), 1)
			}
			sum = added(sum, scaled(weights[i], means[i]))
			weights = append(weights, new(big.Rat).Mul(weights[i], power(ratio)))
			most = max(2, most/2)
		}
		means[k-1] = scaled(new(big.Rat).Neg(new(big.Rat).Inv(weights[k-1])), sum)
		return build("rare outliers", weights, means, identity(d))
	})
}
