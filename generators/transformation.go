package generators

import (
	"math/big"

	"pgregory.net/rapid"
)

// Transformation draws an invertible d×d matrix: lower triangular, its diagonal
// powers of 2 from ½ to 2, the rest halves in [−1, 1]. It shrinks to the identity.
func Transformation(d int) *rapid.Generator[[][]*big.Rat] {
	return rapid.Custom(func(t *rapid.T) [][]*big.Rat { return root(t, d) })
}
