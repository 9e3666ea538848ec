package generators

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var ownCovariances = Family{
	Name: "general", Draw: General(), Simplest: "General{weights 1:1, means (0) (0), covariances [identity] [identity]}",
	Hard: "correlations of two components that differ by at least 1", Occurs: contrary(1), Least: 0.1,
}

// General draws 2 to 4 components in 1 to 3 dimensions, each with a covariance
// of its own, Σ_k = R_kR_kᵀ, with weights from 1 to 8 and means of halves in [−2, 2].
func General() *rapid.Generator[*gmm.Mixture] { return GeneralOf(2, 4, 1, 3) }

// GeneralOf draws as General, from leastK to mostK components in leastD to mostD dimensions.
func GeneralOf(leastK, mostK, leastD, mostD int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k, d := rapid.IntRange(leastK, mostK).Draw(t, "components"), rapid.IntRange(leastD, mostD).Draw(t, "dimension")
		e := gmm.Exact{Name: "general", Weights: weights(t, k, 8)}
		for range k {
			e.Means = append(e.Means, vector(t, d, 2, "mean"))
			e.Covariances = append(e.Covariances, covariance(t, d))
		}
		return valid(e)
	})
}

var tilted = Family{
	Name: "tilted", Draw: Tilted(), Simplest: "General{weights 1:1, means (0, 0) (0, 0), covariances [identity] [identity]}",
	Hard: "correlations that differ by at least ¾ and means that differ", Occurs: leaning, Least: 0.3,
}

// Tilted draws 2 components in the plane, with weights a and b of 1 or 2, that
// differ in their correlations br and −ar above all, r being eighths in [−3/8, 3/8]:
// variances are 1, so Σ̄ = I exactly. The means bx and −ax lie on the first axis,
// which is the Fisher subspace; only the covariances point elsewhere.
func Tilted() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		w := weights(t, 2, 2)
		x, r := halves(3).Draw(t, "mean"), big.NewRat(int64(rapid.IntRange(-3, 3).Draw(t, "correlation")), 8)
		e := gmm.Exact{Name: "tilted", Weights: w}
		for _, share := range []*big.Rat{w[1], new(big.Rat).Neg(w[0])} {
			e.Means = append(e.Means, []*big.Rat{new(big.Rat).Mul(share, x), new(big.Rat)})
			sigma := identity(2)
			sigma[0][1].Mul(share, r)
			sigma[1][0].Mul(share, r)
			e.Covariances = append(e.Covariances, sigma)
		}
		return valid(e)
	})
}

// contrary tells whether two components' correlations of the same two
// coordinates differ by at least gap.
func contrary(gap float64) func(*gmm.Mixture) bool {
	return func(g *gmm.Mixture) bool {
		for i := range g.Dimension() {
			for j := range i {
				low, high := math.Inf(1), math.Inf(-1)
				for k := range g.Components() {
					c := g.Own(k)
					r := c.At(i, j) / math.Sqrt(c.At(i, i)*c.At(j, j))
					low, high = min(low, r), max(high, r)
				}
				if high-low >= gap {
					return true
				}
			}
		}
		return false
	}
}

// leaning tells that correlations differ by at least ¾, and means differ.
func leaning(m *gmm.Mixture) bool { return contrary(0.75)(m) && !m.Pooled().Coincident() }
