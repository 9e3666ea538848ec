package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Paired draws 2 or 3 components over two modalities of 1 to 3 dimensions each,
// with weights from 1 to 8, means of halves in [−2, 2] and Σ = RRᵀ on each side.
func Paired() *rapid.Generator[gmm.Paired] {
	return rapid.Custom(func(t *rapid.T) gmm.Paired {
		k := rapid.IntRange(2, 3).Draw(t, "components")
		shared := weights(t, k, 8)
		side := func(name string) *gmm.Mixture {
			d := rapid.IntRange(1, 3).Draw(t, name+" dimension")
			means := make([][]*big.Rat, k)
			for i := range means {
				means[i] = vector(t, d, 2, name+" mean")
			}
			return build(name, shared, means, covariance(t, d))
		}
		p, err := gmm.NewPaired(side("visual"), side("text"))
		if err != nil {
			panic("generators: paired: " + err.Error())
		}
		return p
	})
}
