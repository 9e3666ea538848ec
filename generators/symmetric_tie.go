package generators

import (
	"math"
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var symmetricTie = Family{
	Name: "symmetric tie", Draw: SymmetricTie(), Simplest: "Mixture{weights 1:1, means (0.5, 0) (0, 0.5), covariance identity}",
	Hard: "equal Mahalanobis norms of independent means", Occurs: tied, Least: 0.99,
}

// SymmetricTie draws two equally likely components in 2 to 4 dimensions whose
// means are independent and of equal Mahalanobis norm: Ru and Ru' with Σ = RRᵀ
// and u' = u with its first two coordinates, which differ in size, exchanged.
// The optimal representation is then the line of Σ⁻¹(μ_1 − μ_2), a tie exactly.
func SymmetricTie() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		d := rapid.IntRange(2, 4).Draw(t, "dimension")
		u := vector(t, d, 2, "mean")
		// |u₁| > |u₂|, by adding to it.
		gap := big.NewRat(int64(rapid.IntRange(1, 4).Draw(t, "gap")), 2)
		u[0] = gap.Add(gap, new(big.Rat).Abs(u[1]))
		swapped := append([]*big.Rat{u[1], u[0]}, u[2:]...)
		r := root(t, d)
		one := []*big.Rat{big.NewRat(1, 1), big.NewRat(1, 1)}
		return build("symmetric tie", one, [][]*big.Rat{image(r, u), image(r, swapped)}, square(r))
	})
}

// image returns Rx.
func image(r [][]*big.Rat, x []*big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(r))
	for i := range r {
		out[i] = inner(r[i], x)
	}
	return out
}

// tied tells that two independent means have equal Mahalanobis norms, up to rounding.
func tied(m *gmm.Mixture) bool {
	g := m.Gram().G
	return math.Abs(g[0][0].Float64()-g[1][1].Float64()) < 1e-12*g[0][0].Float64() && m.FisherDimension() == 2
}
