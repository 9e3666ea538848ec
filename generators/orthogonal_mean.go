package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var orthogonalMean = Family{
	Name: "orthogonal mean", Draw: OrthogonalMean(), Simplest: "Mixture{weights 1:1, means (0.5, 0.25) (0.5, -0.25), covariance identity}",
	Hard: "a mean that is orthogonal to all differences of means", Occurs: (*gmm.Mixture).OrthogonalMean, Least: 1,
}

// OrthogonalMean draws 2 to 4 components in 2 to 4 dimensions whose mean is not 0 and, in the metric Σ⁻¹, orthogonal to all
// differences of means, not all of which are 0: with Σ = RRᵀ the means are R(c, ν_k), c ≠ 0 and Σ w_k ν_k = 0. InfoNCE then loses a
// direction whatever δ and the weights are.
func OrthogonalMean() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k := rapid.IntRange(2, 4).Draw(t, "components")
		d := rapid.IntRange(2, 4).Draw(t, "dimension")
		w := weights(t, k, 8)
		c := big.NewRat(int64(rapid.IntRange(1, 6).Draw(t, "mean")), 2)
		rest := vectors(t, k, d-1, 3, "mean")
		gap := big.NewRat(int64(rapid.IntRange(1, 4).Draw(t, "gap")), 2)
		rest[0][0] = gap.Add(gap, new(big.Rat).Abs(rest[1][0])) // so that two differ
		total := new(big.Rat)
		for _, x := range w {
			total.Add(total, x)
		}
		r := root(t, d)
		means := make([][]*big.Rat, k)
		for i := range means {
			mean := []*big.Rat{c}
			for a := range d - 1 {
				sum := new(big.Rat)
				for j := range w {
					sum.Add(sum, new(big.Rat).Mul(w[j], rest[j][a]))
				}
				mean = append(mean, new(big.Rat).Sub(rest[i][a], sum.Quo(sum, total)))
			}
			means[i] = image(r, mean)
		}
		return build("orthogonal mean", w, means, square(r))
	})
}
