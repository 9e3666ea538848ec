package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var rarePairs = Family{
	Name: "rare pairs", Draw: RarePairs(), Simplest: "Mixture{weights 1:16:16:1, means (8, 8) (1, 1) (-1, -1) (-8, -8), covariance identity}",
	Hard: "a rare pair of opposite means beside a common one", Occurs: func(m *gmm.Mixture) bool { return m.Centred() && m.Weights()[0] < 0.05 }, Least: 0.9,
}

// RarePairs draws two pairs ±a and ±b in the plane, of weights 1 : n : n : 1 with 16 ≤ n ≤ 128, identity covariance, a in whole numbers
// from 8 to 24 and b from 1 to 4: with one negative InfoNCE may lose a direction that it keeps with many.
func RarePairs() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		draw := func(low, high int, label string) *big.Rat {
			return big.NewRat(int64(rapid.IntRange(low, high).Draw(t, label)), 1)
		}
		n := draw(16, 128, "weight")
		a := []*big.Rat{draw(8, 24, "far"), draw(8, 24, "far")}
		b := []*big.Rat{draw(1, 4, "near"), draw(1, 4, "near")}
		minus := big.NewRat(-1, 1)
		return build("rare pairs", []*big.Rat{big.NewRat(1, 1), n, n, big.NewRat(1, 1)}, [][]*big.Rat{a, b, scaled(minus, b), scaled(minus, a)}, identity(2))
	})
}
