package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Paired draws pairs of 2 or 3 components of two modalities, with δ = 1, of 1 to 3 dimensions each,
// with weights from 1 to 8, means of halves in [−2, 2] and Σ = RRᵀ on each side.
func Paired() *rapid.Generator[gmm.Pairs] {
	return rapid.Custom(func(t *rapid.T) gmm.Pairs {
		k := rapid.IntRange(2, 3).Draw(t, "components")
		shared := weights(t, k, 8)
		side := func(name string) *gmm.Mixture {
			d := rapid.IntRange(1, 3).Draw(t, name+" dimension")
			means := vectors(t, k, d, 2, name+" mean")
			return build(name, shared, means, covariance(t, d))
		}
		p, err := gmm.NewPaired(side("visual"), side("text"), big.NewRat(1, 1))
		if err != nil {
			panic("generators: paired: " + err.Error())
		}
		return p
	})
}
