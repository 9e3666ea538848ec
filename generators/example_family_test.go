package generators_test

import (
	"fmt"
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

// Ladder draws 2 to 5 equally likely components on a line, one unit apart.
func Ladder() *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		k := rapid.IntRange(2, 5).Draw(t, "components")
		e := gmm.Exact{Name: "ladder", Covariance: [][]*big.Rat{gmm.Rationals(1)}}
		for i := range k {
			e.Weights = append(e.Weights, big.NewRat(1, 1))
			e.Means = append(e.Means, gmm.Rationals(float64(i)))
		}
		m, err := gmm.New(e)
		if err != nil {
			panic("generators: ladder: " + err.Error())
		}
		return m
	})
}

func Example_family() {
	fmt.Println(Ladder().Example(1).Dimension())
	// Output: 1
}
